"""Two workers cannot post in one channel at the same time, whatever each of them sees of the other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    # Where two are at it now, the later one is looked for in its channel once its lease is over.
    op.execute(
        "UPDATE delivery SET state = 'UNCERTAIN', settle_until = lease_until, "
        "doubt_at = coalesce(doubt_at, attempt_started), misses = 0, error = 'another post was under way' "
        "WHERE state = 'SENDING' AND EXISTS (SELECT 1 FROM delivery AS first WHERE first.state = 'SENDING' "
        "AND first.platform = delivery.platform AND first.workspace = delivery.workspace "
        "AND first.channel = delivery.channel AND first.id < delivery.id)"
    )
    posting = sa.text("state = 'SENDING'")
    columns = ["platform", "workspace", "channel"]
    op.create_index(
        "uq_delivery_posting", "delivery", columns, unique=True, sqlite_where=posting, postgresql_where=posting
    )
