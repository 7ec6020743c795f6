"""Claiming: what can go out goes into one pair of hands, and no two posts into one channel.

The longest waiting first; a part only after those before it; several at once, in one statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    Update,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError

from briefs.models import Channel
from briefs.store.database import Database, from_ms, to_ms
from briefs.store.schema import delivery, is_out, waits_in

AHEAD = timedelta(days=1)  # no lease and no wait ends that late: it was set by a clock that has gone back since


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery in one pair of hands, for as long as its lease runs and its epoch stands.

    thread: the reference of the message to reply under. attempts: this one included. doubt: since when it may stand in
    its channel already; None: it does not. begun: the reference of the message that stands there unfinished.
    """

    id: int
    epoch: int
    channel: Channel
    payload: Mapping[str, Any]
    uuid: str
    nonce: str
    thread: str | None
    attempts: int
    started: datetime
    lease_until: datetime
    doubt: datetime | None = None
    run: int = 0
    begun: str | None = None


def claim(
    database: Database,
    platform: str,
    now: datetime,
    lease_until: datetime,
    resting: Sequence[tuple[str, ...]],
    most: int,
) -> list[Claim]:
    """Take what has waited longest, mark it SENDING and commit; see `Deliveries.claim`."""
    asked = {
        "on": platform,
        "by": to_ms(now),
        "ahead": to_ms(now + AHEAD),
        "until": to_ms(lease_until),
        "most": most,
        "workspaces": [place[0] for place in resting if len(place) == 1],
        "channels": [place for place in resting if len(place) == 2],
    }
    if not database.shared:
        with database.read() as connection:
            if connection.execute(_READY.limit(1), asked).first() is None:
                return []  # most of the time; no need to keep the other writers waiting
    while True:
        with suppress(IntegrityError), database.write() as connection:
            # Broken where another worker has just begun to post in one of the channels: it is seen now.
            rows = connection.execute(_TAKE, asked).all()
            return [_of(connection, row, now, lease_until) for row in sorted(rows, key=lambda row: row.id)]


def first_reference(connection: Connection, run_id: int) -> str | None:
    """Give the platform's id of the first message of a run, which the others stand under."""
    query = select(delivery.c.reference).where(delivery.c.run_id == run_id, delivery.c.part_no == 1)
    reference: str | None = connection.execute(query).scalar_one_or_none()
    return reference


def is_over(until: Column[Any], now: ColumnElement[int], ahead: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a lease or a wait is over; see AHEAD."""
    return or_(until <= now, until > ahead)


def _none(rows: Select[Any]) -> ColumnElement[bool]:
    """Whether there is no such row, asked of one delivery after the other: the first that is ready ends the search.

    NOT EXISTS says the same, but PostgreSQL may read the whole table for it to answer for all of them at once.
    """
    return rows.limit(1).scalar_subquery().is_(None)


def _ready() -> Select[Any]:
    """Select what can go out, the longest waiting first; see `Deliveries.claim`."""
    earlier, busy = delivery.alias("earlier"), delivery.alias("busy")
    not_sent = select(earlier.c.id).where(
        earlier.c.run_id == delivery.c.run_id, earlier.c.part_no < delivery.c.part_no, earlier.c.state != "SENT"
    )
    under_way = select(busy.c.id).where(
        is_out(busy),
        busy.c.state == "SENDING",
        busy.c.platform == delivery.c.platform,
        busy.c.workspace == delivery.c.workspace,
        busy.c.channel == delivery.c.channel,
    )
    place = tuple_(delivery.c.workspace, delivery.c.channel)
    return (
        select(delivery.c.id, delivery.c.workspace, delivery.c.channel)
        .where(
            waits_in(delivery),
            # Not "=": where most deliveries wait, PostgreSQL would take the order from the primary key, and look at
            # all that were ever sent. This order only the index of those that wait has.
            delivery.c.platform.between(bindparam("on"), bindparam("on")),
            or_(delivery.c.state == "PENDING", is_over(delivery.c.not_before, bindparam("by"), bindparam("ahead"))),
            _none(not_sent),
            _none(under_way),
            delivery.c.workspace.not_in(bindparam("workspaces", expanding=True)),
            place.not_in(bindparam("channels", expanding=True)),
        )
        .order_by(delivery.c.platform, delivery.c.id)
    )


def _take() -> Update:
    """Claim them, one for each channel."""
    # Several workers on PostgreSQL pass over what another holds; SQLite has one writer, and ignores it.
    ready = _READY.limit(bindparam("most")).with_for_update(skip_locked=True).cte("ready").prefix_with("MATERIALIZED")
    claimed = {
        "state": "SENDING",
        "epoch": delivery.c.epoch + 1,
        "attempts": delivery.c.attempts + 1,
        "attempt_started": bindparam("by"),
        "lease_until": bindparam("until"),
    }
    firsts = select(func.min(ready.c.id)).group_by(ready.c.workspace, ready.c.channel)
    return update(delivery).where(delivery.c.id.in_(firsts)).values(claimed).returning(delivery)


def _of(connection: Connection, row: Row[Any], now: datetime, lease_until: datetime) -> Claim:
    return Claim(
        id=row.id,
        epoch=row.epoch,
        channel=Channel(row.platform, row.workspace, row.channel),
        payload=row.payload,
        uuid=row.uuid,
        nonce=row.nonce,
        thread=first_reference(connection, row.run_id) if row.in_thread else None,
        attempts=row.attempts,
        started=now,
        lease_until=lease_until,
        doubt=from_ms(row.doubt_at),
        run=row.run_id,
        begun=row.reference,
    )


_READY = _ready()  # made once: that takes longer than to ask it
_TAKE = _take()
