"""Stories that go on: what is kept of each article, by which the next one on the same event finds it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "story",
        sa.Column("id", ROW, autoincrement=False, nullable=False),
        sa.Column("held", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["article.row"], name=op.f("fk_story_id_article"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
    )
    op.create_table(
        "telling",
        sa.Column("article_row", ROW, autoincrement=False, nullable=False),
        sa.Column("story_id", ROW, nullable=False),
        sa.Column("copy", sa.Boolean(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_row"], ["article.row"], name=op.f("fk_telling_article_row_article"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_telling_story_id_story"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_row", name=op.f("pk_telling")),
    )
    op.create_index(op.f("ix_telling_story_id"), "telling", ["story_id"], unique=False)
    op.create_table(
        "trace",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_row", ROW, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_row"], ["article.row"], name=op.f("fk_trace_article_row_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "article_row", name=op.f("pk_trace")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_trace_article_row"), "trace", ["article_row"], unique=False)
    op.create_table(
        "commonness",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("articles", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_commonness")),
        sqlite_with_rowid=False,
    )
