"""The outbox: messages of runs go into it once they are composed, and into one pair of hands when they can go out.

    freeze  what is composed → deliveries that never change, what the channel is told by them, how far it is served
    TAKE    PENDING | RETRY → SENDING, several at once: the longest waiting first, a part only after those before it,
            and no two posts into one channel

What becomes of a claimed one is written down by `deliveries`.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from briefs.models import Channel, Form
from briefs.store.database import from_ms, to_ms
from briefs.store.memory import note
from briefs.store.schema import delivery, is_out, run, subscription, waits_in

_NAMES = uuid.UUID("5f1c2b6e-6a0c-4d0e-9d8e-3f2f0a7c9b41")  # any, but always the same
NONCE_LENGTH = 25  # the longest that every platform takes
AHEAD = timedelta(days=1)  # no lease and no wait ends that late: it was set by a clock that has gone back since


@dataclass(frozen=True, slots=True)
class DueRun:
    """A run that waits to be composed, with what is needed for it.

    after: the archive row behind which its news begins; since: when that was (None: the channel's first digest).
    language, quotes: as the channel chose. stories, form: the subscription's own, the form else the channel's.
    next_due: the run after it. doubt: since when it may stand in its channel already (None: it does not); it then goes
    no further than the row `through`.
    restored: whether the channel may have been told more than the database knows, and has not heard so yet. until: how
    long it is kept for who claimed it.
    """

    id: int
    channel: Channel
    topic: str
    expression: str
    languages: tuple[str, ...]
    zone: str
    language: str | None
    scheduled_local: str
    due: datetime
    after: int
    since: datetime | None
    next_due: datetime | None
    subscription: int
    doubt: datetime | None = None
    through: int | None = None
    restored: bool = False
    until: datetime | None = None
    stories: int | None = None
    form: Form | None = None
    quotes: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a run, as the platform takes it."""

    payload: Mapping[str, Any]
    in_thread: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What was composed for a run: its messages in posting order, and all that follows from them.

    through, until: how far the channel is served by it, as a row and as an instant. told: id of each article shown or
    folded in → its quotes. content: what was composed, to answer questions on it later. Without parts the run is EMPTY,
    and has no content.
    """

    run: DueRun
    parts: Sequence[Part]
    through: int
    until: datetime
    told: Mapping[str, Sequence[str]]
    content: Mapping[str, Any]


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


def freeze(connection: Connection, written: Written, now: datetime) -> bool:
    """Write down the messages of one run, with all that follows from them; see `Runs.freeze_all`."""
    due = written.run
    reached: dict[str, Any] = {"state": "EMPTY", "after_row": due.after, "through_row": written.through}
    if written.parts:
        reached |= {"state": "FROZEN", "brief": written.content}
    served = update(run).where(run.c.id == due.id, run.c.state == "DUE", _still_at(due.after)).values(reached)
    if connection.execute(served).rowcount == 0:
        return False
    served_by: dict[str, Any] = {"position": written.through, "served_at": to_ms(written.until)}
    if written.parts and due.doubt is None:
        served_by["restored_at"] = None  # it says so
    own = subscription.c.id == _subscription_of(due.id)
    connection.execute(update(subscription).where(own).values(served_by))
    if written.parts:
        connection.execute(insert(delivery), [_row(due, number, part) for number, part in enumerate(written.parts, 1)])
    reader = connection.execute(select(subscription.c.channel_id).where(own)).scalar_one()
    note(connection, reader, due.id, written.told, now)
    return True


def _still_at(position: int) -> ColumnElement[bool]:
    """Whether the run's subscription is still served up to this row: no other run has gone ahead."""
    return (
        select(subscription.c.id)
        .where(and_(subscription.c.id == run.c.subscription_id, subscription.c.position == position))
        .exists()
    )


def _subscription_of(run_id: int) -> ColumnElement[int]:
    return select(run.c.subscription_id).where(run.c.id == run_id).scalar_subquery()


def name_of(due: DueRun, number: int) -> uuid.UUID:
    """Name a message of a run: the same for ever, also for who plans the run again from an older copy."""
    place = due.channel
    return uuid.uuid5(_NAMES, json.dumps([*astuple(place), due.subscription, due.scheduled_local, number]))


def _row(due: DueRun, number: int, part: Part) -> dict[str, Any]:
    name = name_of(due, number)
    return {
        "run_id": due.id,
        "part_no": number,
        "platform": due.channel.platform,
        "workspace": due.channel.workspace,
        "channel": due.channel.id,
        "uuid": str(name),
        "nonce": name.hex[:NONCE_LENGTH],
        "payload": part.payload,
        "payload_hash": hash_of(part.payload),
        "in_thread": part.in_thread,
        "state": "PENDING",
        "doubt_at": to_ms(due.doubt),
    }


def hash_of(payload: Mapping[str, Any]) -> str:
    """Return a digest of a payload that does not depend on the order of its keys."""
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_reference(connection: Connection, run_id: int) -> str | None:
    """Return the platform's id of the first message of a run, which the others stand under."""
    query = select(delivery.c.reference).where(delivery.c.run_id == run_id, delivery.c.part_no == 1)
    return connection.execute(query).scalar_one_or_none()


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
    ready = READY.limit(bindparam("most")).with_for_update(skip_locked=True).cte("ready").prefix_with("MATERIALIZED")
    claimed = {
        "state": "SENDING",
        "epoch": delivery.c.epoch + 1,
        "attempts": delivery.c.attempts + 1,
        "attempt_started": bindparam("by"),
        "lease_until": bindparam("until"),
    }
    firsts = select(func.min(ready.c.id)).group_by(ready.c.workspace, ready.c.channel)
    return update(delivery).where(delivery.c.id.in_(firsts)).values(claimed).returning(delivery)


def claimed(connection: Connection, row: Row[Any], now: datetime, lease_until: datetime) -> Claim:
    """Read a delivery that was just claimed."""
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


READY = _ready()  # made once: that takes longer than to ask it
TAKE = _take()
