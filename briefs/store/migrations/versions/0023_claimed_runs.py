"""Until when somebody composes a run: of several processes one does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("run", sa.Column("claimed_until", sa.BigInteger()))
