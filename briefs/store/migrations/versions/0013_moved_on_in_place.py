"""PostgreSQL moves subscriptions on in place: no index is written when they are planned."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.drop_index("ix_subscription_next_due", "subscription")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE subscription SET (fillfactor = 45)")
