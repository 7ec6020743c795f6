"""What topics take, noted as articles come in; what is there already is matched when a topic is next asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "watch",
        sa.Column("id", ROW, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("expression", sa.Text(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("through", ROW, nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
        sa.UniqueConstraint("key", name=op.f("uq_watch_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_watch_used_at"), "watch", ["used_at"], unique=False)
    op.create_table(
        "article_topic",
        sa.Column("watch_id", ROW, nullable=False),
        sa.Column("article_row", ROW, nullable=False),
        sa.Column("excluded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["watch_id"], ["watch.id"], name=op.f("fk_article_topic_watch_id_watch"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["article_row"], ["article.row"], name=op.f("fk_article_topic_article_row_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("watch_id", "article_row", name=op.f("pk_article_topic")),
    )
    op.create_index(op.f("ix_article_topic_article_row"), "article_topic", ["article_row"], unique=False)
