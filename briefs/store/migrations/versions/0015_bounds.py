"""Articles have bounds: one that is cut says so, and a date that is on no clock in some zones (the year 9999) goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_EARLIEST, _LATEST = -16_409_606_400_000, 32_503_680_000_000  # the years 1450 and 3000 begin


def upgrade() -> None:
    op.add_column("article", sa.Column("whole", sa.Integer()))
    op.execute(f"UPDATE article SET published_at = NULL WHERE published_at < {_EARLIEST} OR published_at >= {_LATEST}")  # noqa: S608
