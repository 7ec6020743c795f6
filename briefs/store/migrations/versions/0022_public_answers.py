"""What a channel was shown in public belongs to everybody there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("answer", sa.Column("public", sa.Boolean(), nullable=False, server_default="0"))
