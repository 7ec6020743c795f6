"""When an article's text changed last: those who were told of it before are told what is corrected."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("article", sa.Column("changed_at", sa.BigInteger()))
