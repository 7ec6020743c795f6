"""A channel chooses how its stories look: their form, and how many quotes each has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0028"


def upgrade() -> None:
    """Add both columns, empty: as the settings say."""
    op.add_column("channel", sa.Column("form", sa.String()))
    op.add_column("channel", sa.Column("quotes", sa.Integer()))
