"""What waits to be posted, and what is being posted, is found without a look at what was posted long ago."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.drop_index("ix_delivery_open", table_name="delivery")
    for name, columns, states in (
        ("ix_delivery_waiting", ["platform", "id"], "state IN ('PENDING', 'RETRY')"),
        ("ix_delivery_out", ["platform", "workspace", "channel"], "state IN ('SENDING', 'UNCERTAIN')"),
    ):
        some = sa.text(states)
        op.create_index(name, "delivery", columns, unique=False, sqlite_where=some, postgresql_where=some)
