"""What an embedding model made of articles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Make the table."""
    row = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "article_vectors",
        sa.Column("id", row, nullable=False),
        sa.Column("article_row", row, nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("whole", sa.LargeBinary(), nullable=False),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_row"], ["article.row"], name="fk_article_vectors_article_row_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_article_vectors"),
        sa.UniqueConstraint("article_row", name="uq_article_vectors_article_row"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_article_vectors_model", "article_vectors", ["model"])
