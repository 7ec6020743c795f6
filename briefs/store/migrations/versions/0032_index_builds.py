"""What an index outside the database has of the articles, and what it is owed.

Triggers note it, in the transaction that changes an article, whichever process does that. Articles that are new are not
noted one by one: a build is owed all behind the row that it has come to.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

_OWES = "INSERT INTO index_owed (build_id, article_row) SELECT id, {row} FROM index_build"
_FIELDS = "title_terms, body_terms, language, source, published_at"
_SQLITE = (
    f"""
    CREATE TRIGGER article_owed_changed AFTER UPDATE OF {_FIELDS} ON article BEGIN
        {_OWES.format(row="new.row")};
        UPDATE totals SET changes = changes + 1 WHERE EXISTS (SELECT 1 FROM index_build);
    END
    """,  # noqa: S608  # nothing of it comes from elsewhere
    f"""
    CREATE TRIGGER article_owed_gone AFTER DELETE ON article BEGIN
        {_OWES.format(row="old.row")};
    END
    """,
)
_POSTGRESQL = (
    f"""
    CREATE FUNCTION article_owed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {_OWES.format(row='old."row"')};
        RETURN NULL;
    END $$
    """,
    f"""
    CREATE TRIGGER article_owed_changed AFTER UPDATE OF {_FIELDS} ON article
        FOR EACH ROW EXECUTE FUNCTION article_owed()
    """,
    "CREATE TRIGGER article_owed_gone AFTER DELETE ON article FOR EACH ROW EXECUTE FUNCTION article_owed()",
)


def upgrade() -> None:
    """Make the tables and what fills them."""
    row = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "index_build",
        sa.Column("id", row, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("through", sa.BigInteger(), nullable=False),
        sa.Column("serves", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_index_build"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "index_owed",
        sa.Column("id", row, nullable=False),
        sa.Column("build_id", row, nullable=False),
        sa.Column("article_row", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["build_id"], ["index_build.id"], name="fk_index_owed_build_id_index_build", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_index_owed"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_index_owed_build_id", "index_owed", ["build_id"])
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
