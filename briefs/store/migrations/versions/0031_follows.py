"""Which workspaces follow which sources; those that there are belong to everybody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Make the table, and say whose the sources are that there are."""
    op.add_column("source", sa.Column("everybody", sa.Boolean(), server_default="0", nullable=False))
    op.execute(sa.text("UPDATE source SET everybody = true"))
    row = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "follow",
        sa.Column("id", row, nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("source_id", row, nullable=False),
        sa.Column("name", sa.String()),
        sa.Column("muted", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_follow_source_id_source", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_follow"),
        sa.UniqueConstraint("platform", "workspace", "source_id", name="uq_follow_platform"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_follow_source_id", "follow", ["source_id"])
