"""Which sources list an article: who sees it. Those that there are stay everybody's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Make the table, and let private sources be found."""
    row = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "article_source",
        sa.Column("article_row", row, nullable=False),
        sa.Column("source_id", row, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_row"], ["article.row"], name="fk_article_source_article_row_article", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_article_source_source_id_source"),
        sa.PrimaryKeyConstraint("article_row", "source_id", name="pk_article_source"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_article_source_source_id", "article_source", ["source_id"])
    op.create_index("ix_source_everybody", "source", ["everybody"])
