"""How common words are is written down for many articles together: each alone would touch a page for every word."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "uncounted",
        sa.Column("article_row", ROW, autoincrement=False, nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_row"], ["article.row"], name=op.f("fk_uncounted_article_row_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_row", name=op.f("pk_uncounted")),
    )
