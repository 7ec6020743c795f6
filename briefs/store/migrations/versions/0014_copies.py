"""A copy of the database that was put back: which runs may have been posted since, and which channels told more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("run", sa.Column("doubt_at", sa.BigInteger()))
    op.add_column("subscription", sa.Column("restored_at", sa.BigInteger()))
