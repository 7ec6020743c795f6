"""What is remembered of a source: when to ask it again, its rhythm, where it moved, how it read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    for column in (
        sa.Column("title", sa.String()),
        sa.Column("next_at", sa.BigInteger()),
        sa.Column("arrivals", sa.JSON()),
        sa.Column("state", sa.String()),
        sa.Column("about", sa.JSON()),
        sa.Column("trouble", sa.String()),
        sa.Column("said", sa.JSON()),
        sa.Column("moved_to", sa.String()),
        sa.Column("moves", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("uses", sa.String()),
    ):
        op.add_column("source", column)
