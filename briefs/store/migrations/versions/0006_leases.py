"""Which process does what only one of several may do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "lease",
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("work", name=op.f("pk_lease")),
    )
