"""Several processes gather: whose hands a source is in, and the requests that are on their way to each host."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Nobody reads anything yet."""
    op.add_column("source", sa.Column("claimed_until", sa.BigInteger(), nullable=True))
    op.create_table(
        "host_turn",
        sa.Column("host", sa.String(), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("busy_until", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
