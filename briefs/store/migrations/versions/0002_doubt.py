"""What a delivery needs to be looked for: since when it may stand in its channel, and how often it was not found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # No batch: SQLite adds columns in place, and copying the table would renumber what its triggers and keys name.
    op.add_column("delivery", sa.Column("doubt_at", sa.BigInteger(), nullable=True))
    op.add_column("delivery", sa.Column("misses", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE delivery SET doubt_at = attempt_started WHERE state = 'UNCERTAIN'")
