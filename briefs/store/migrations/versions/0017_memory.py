"""What a channel was told is the channel's: it outlives subscriptions, and an article may be told of again."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    with op.batch_alter_table("told") as told:
        told.alter_column("run_id", nullable=True)
        told.drop_constraint("fk_told_run_id_run", type_="foreignkey")
        told.create_foreign_key("fk_told_run_id_run", "run", ["run_id"], ["id"], ondelete="SET NULL")
        told.drop_constraint("pk_told", type_="primary")
        told.create_primary_key("pk_told", ["channel_id", "article_row", "told_at"])
    op.create_index("ix_told_run_id", "told", ["run_id"])
