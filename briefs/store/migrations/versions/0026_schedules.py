"""When a subscription is due stands in one text, and it may have stories and a form of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0024"

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def upgrade() -> None:
    """Write time and days as `bot.base.calendar.Schedule` does, and take their columns away."""
    # Not in batches: SQLite would copy the table, and drop with the old one all that refers to it.
    scheduled = sa.Column("schedule", sa.String(), nullable=False, server_default="09:00 daily")
    added = sa.Column("stories", sa.Integer()), sa.Column("form", sa.String()), sa.Column("planned_at", sa.BigInteger())
    for column in (scheduled, *added):
        op.add_column("subscription", column)
    subscription = sa.table("subscription", sa.column("at"), sa.column("days"), sa.column("schedule"))
    own = sa.select(subscription.c.at, subscription.c.days).distinct()
    for at, days in op.get_bind().execute(own).all():
        alike = sa.and_(subscription.c.at == at, subscription.c.days == days)
        named = "daily" if days == 127 else ",".join(name for day, name in enumerate(_DAYS) if days >> day & 1)
        op.execute(sa.update(subscription).where(alike).values(schedule=f"{at} {named}"))
    op.drop_column("subscription", "at")
    op.drop_column("subscription", "days")
