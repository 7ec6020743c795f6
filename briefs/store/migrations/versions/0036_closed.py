"""Which sources are one workspace's alone, whoever else knows their addresses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Note it of each source."""
    op.add_column("source", sa.Column("closed", sa.Boolean(), server_default="0", nullable=False))
