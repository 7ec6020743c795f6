"""Operators and monitors ask for deliveries by their state, without reading all that were ever sent."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_index("ix_delivery_state", "delivery", ["state"])
