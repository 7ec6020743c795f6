"""An index outside the database is owed an article whose sources change, too: they say who sees it."""

from __future__ import annotations

from alembic import op

revision = "0035"
down_revision = "0034"

_COUNTS = "UPDATE totals SET changes = changes + 1 WHERE EXISTS (SELECT 1 FROM index_build)"
_SQLITE = """
    CREATE TRIGGER article_source_{name} AFTER {happens} ON article_source BEGIN
        INSERT INTO index_owed (build_id, article_row) SELECT id, {which}.article_row FROM index_build;
        {counts};
    END
"""
_POSTGRESQL = """
    CREATE FUNCTION article_source_owed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO index_owed (build_id, article_row)
            SELECT DISTINCT index_build.id, article_row FROM index_build, touched;
        {counts};
        RETURN NULL;
    END $$
"""
_TRIGGER = """
    CREATE TRIGGER article_source_{name} AFTER {happens} ON article_source
        REFERENCING {which} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION article_source_owed()
"""


def upgrade() -> None:
    """Make the triggers."""
    template = _SQLITE
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRESQL.format(counts=_COUNTS))
        template = _TRIGGER
    for name, happens, which in (("comes", "INSERT", "NEW"), ("goes", "DELETE", "OLD")):
        op.execute(template.format(name=name, happens=happens, which=which, counts=_COUNTS))
