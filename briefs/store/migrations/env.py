"""Runs the revisions on the connection that `Database.open` lends; there is no alembic.ini."""

from alembic import context

from briefs.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
context.run_migrations()
