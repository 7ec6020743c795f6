"""The tables of what is due and what is posted; see `schema`."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    or_,
)

from briefs.store.metadata import Row, metadata

run = Table(
    "run",
    metadata,
    Column("id", Row, primary_key=True),
    Column("subscription_id", ForeignKey("subscription.id", ondelete="CASCADE"), nullable=False),
    Column("scheduled_local", String, nullable=False),  # "2026-03-08T09:00": once, whatever the clocks do
    Column("due_at", BigInteger, nullable=False),
    Column("state", String, nullable=False, index=True),  # DUE → FROZEN → DONE; EMPTY, SKIPPED
    Column("after_row", Row, nullable=False),  # the archive rows it covers: after_row < row <= through_row
    Column("through_row", Row),  # set before it is composed: it goes no further
    Column("created_at", BigInteger, nullable=False),
    Column("brief", JSON),  # what was composed, for `why N`; written when it is frozen
    Column("doubt_at", BigInteger),  # since when it may stand in its channel: see `restoring`
    Column("claimed_until", BigInteger),  # until then somebody composes it, or it rests
    UniqueConstraint("subscription_id", "scheduled_local"),
    sqlite_autoincrement=True,
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Row, primary_key=True),
    Column("run_id", ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
    Column("part_no", Integer, nullable=False),
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("uuid", String, nullable=False, unique=True),
    Column("nonce", String, nullable=False),  # at most 25 characters, the same at each try
    Column("payload", JSON, nullable=False),  # exactly what is sent; never rendered again
    Column("payload_hash", String, nullable=False),
    Column("in_thread", Boolean, nullable=False, server_default="0"),  # a reply to part 1
    Column("state", String, nullable=False, index=True),  # PENDING SENDING RETRY SENT FAILED UNCERTAIN PARKED
    Column("epoch", Integer, nullable=False, server_default="0"),  # each claim adds one; later writes name it
    Column("lease_until", BigInteger),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("attempt_started", BigInteger),
    Column("not_before", BigInteger),
    Column("settle_until", BigInteger),
    Column("doubt_at", BigInteger),  # since when it may stand in its channel without our knowing
    Column("misses", Integer, nullable=False, server_default="0"),  # looks in vain since then
    Column("reference", String),  # the platform's id of the message; where it is not SENT, it stands there unfinished
    Column("sent_at", BigInteger),
    Column("error", Text),
    UniqueConstraint("run_id", "part_no"),
    sqlite_autoincrement=True,
)


def waits_in(deliveries: FromClause) -> ColumnElement[bool]:
    """Whether a delivery waits to be posted; a query that says so finds those by `ix_delivery_waiting`."""
    return _in_state(deliveries, "PENDING", "RETRY")


def is_out(deliveries: FromClause) -> ColumnElement[bool]:
    """Whether a delivery is being posted, or nobody knows; a query that says so finds those by `ix_delivery_out`."""
    return _in_state(deliveries, "SENDING", "UNCERTAIN")


def is_posted(deliveries: FromClause) -> ColumnElement[bool]:
    """Whether a delivery stands in its channel for all we know, whole or as its news alone."""
    return or_(deliveries.c.state == "SENT", deliveries.c.reference.is_not(None))


def _in_state(deliveries: FromClause, *states: str) -> ColumnElement[bool]:
    # Written out, not handed over: an index of some rows only is used where the statement itself says which.
    return deliveries.c.state.in_(bindparam(None, states, expanding=True, literal_execute=True))


Index(  # nearly all deliveries are over: these stay small however many there were
    "ix_delivery_waiting",
    delivery.c.platform,
    delivery.c.id,
    sqlite_where=waits_in(delivery),
    postgresql_where=waits_in(delivery),
)
Index(
    "ix_delivery_out",
    delivery.c.platform,
    delivery.c.workspace,
    delivery.c.channel,
    sqlite_where=is_out(delivery),
    postgresql_where=is_out(delivery),
)

Index(  # one post at a time in a channel, whoever claims it
    "uq_delivery_posting",
    delivery.c.platform,
    delivery.c.workspace,
    delivery.c.channel,
    unique=True,
    sqlite_where=_in_state(delivery, "SENDING"),
    postgresql_where=_in_state(delivery, "SENDING"),
)
