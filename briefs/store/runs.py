"""Runs: one for each due local date of a subscription, from "it is time" to "it is written".

    plan    due subscriptions → runs, and the time after; see `planning`
    claim   runs that wait to be composed → into one pair of hands, for a while; of one channel one at a time
    freeze  what is composed → deliveries that never change, what the channel is told by them, how far it is served

A run's states: DUE → FROZEN → DONE, or DUE → EMPTY, or SKIPPED from the start. A claim saves work and decides nothing:
composing changes nothing, and whoever is first freezes a run. So one who is slower than the claim loses no digest.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    insert,
    select,
    tuple_,
    update,
)

from briefs.models import Channel, Form
from briefs.store.database import Database, from_ms, to_ms, turn
from briefs.store.memory import note
from briefs.store.planning import Planning, Waiting, plan
from briefs.store.schema import channel, delivery, run, subscription, topic
from briefs.store.schema import told as told_table

_NAMES = uuid.UUID("5f1c2b6e-6a0c-4d0e-9d8e-3f2f0a7c9b41")  # any, but always the same
NONCE_LENGTH = 25  # the longest that every platform takes
_LONGEST_CLAIM = timedelta(minutes=10)  # one that ends later was made by a clock that has gone back since


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


class Runs:
    """The runs over one `Database`. May be used from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, now: datetime, decide: Callable[[Waiting], Planning]) -> int:
        """Write down the runs of every subscription whose time has come; see `planning.plan`."""
        return plan(self._database, now, decide)

    def claim(
        self,
        platforms: Iterable[str],
        now: datetime,
        until: datetime,
        without: Collection[int] = (),
        most: int = 500,
    ) -> list[DueRun]:
        """Take runs that wait to be composed for these platforms, the longest due first; give them to nobody else.

        until: how long they stay so. without: runs that are left out. most: so many; one for each channel, and none
        where another is in somebody's hands, as what a channel is told by the first decides what is new in the second.
        Those that ask for the same stand together: they share what is worked out for it.
        """
        waiting = _waiting(list(platforms), to_ms(now), to_ms(now + _LONGEST_CLAIM))
        query = waiting.where(run.c.id.not_in(list(without))).limit(most)
        with self._database.read() as connection:
            if connection.execute(query.limit(1)).first() is None:
                return []  # most of the time; no need to keep writers waiting
        with self._database.write(lasting=False) as connection:  # after a power cut they are composed anew
            turn(connection, "composing")
            firsts = {row.channel_id: row for row in reversed(connection.execute(query).all())}
            claimed = sorted(firsts.values(), key=lambda row: (row.due_at, row.expression, row.topic_id, row.id))
            ids = [row.id for row in claimed]
            connection.execute(update(run).where(run.c.id.in_(ids)).values(claimed_until=to_ms(until)))
        return [_due(row, until) for row in claimed]

    def release(self, runs: Iterable[DueRun]) -> None:
        """Let others have runs that were claimed; nothing happens where one of them has taken a run over."""
        held = tuple_(run.c.id, run.c.claimed_until).in_([(one.id, to_ms(one.until)) for one in runs])
        with self._database.write(lasting=False) as connection:
            connection.execute(update(run).where(held).values(claimed_until=None))

    def freeze_all(self, written: Sequence[Written], now: datetime) -> list[bool]:
        """Write down the messages of runs, with all that follows from them; all or nothing.

        Returns for each whether it was written: False where another process was quicker, or a later run overtook it.
        """
        with self._database.write() as connection:
            return [_freeze(connection, one, now) for one in written]

    def forget(self, before: datetime) -> None:
        """Drop what was told, and the runs that were over, before an instant."""
        over = run.c.state.in_(("DONE", "EMPTY", "SKIPPED"))
        with self._database.write() as connection:
            connection.execute(delete(told_table).where(told_table.c.told_at < to_ms(before)))
            connection.execute(delete(run).where(over, run.c.due_at < to_ms(before)))


def _waiting(platforms: Sequence[str], now: int | None, latest: int | None) -> Select[Any]:
    """Select the runs that wait to be composed and are in nobody's hands, the longest due first."""
    held = and_(run.c.claimed_until > now, run.c.claimed_until <= latest)
    busy = select(subscription.c.channel_id).join(run, run.c.subscription_id == subscription.c.id)
    columns = (run, subscription.c.zone, subscription.c.served_at, subscription.c.next_due, subscription.c.position)
    return (
        select(*columns, subscription.c.restored_at, subscription.c.channel_id, subscription.c.topic_id)
        .add_columns(subscription.c.stories, subscription.c.form, topic.c.name, topic.c.expression, topic.c.languages)
        .add_columns(channel.c.platform, channel.c.workspace, channel.c.channel, channel.c.language)
        .add_columns(channel.c.form.label("channel_form"), channel.c.quotes)
        .join(subscription, subscription.c.id == run.c.subscription_id)
        .join(channel, channel.c.id == subscription.c.channel_id)
        .join(topic, topic.c.id == subscription.c.topic_id)
        .where(
            run.c.state == "DUE",
            run.c.due_at <= now,
            subscription.c.paused.is_(False),
            subscription.c.channel_id.not_in(busy.where(run.c.state == "DUE", held)),
            channel.c.platform.in_(platforms),
        )
        .order_by(run.c.due_at, topic.c.expression, topic.c.id, run.c.id)
    )


def _due(row: Row[Any], until: datetime) -> DueRun:
    return DueRun(
        id=row.id,
        channel=Channel(row.platform, row.workspace, row.channel),
        topic=row.name,
        expression=row.expression,
        languages=tuple(row.languages or ()),
        zone=row.zone,
        language=row.language,
        scheduled_local=row.scheduled_local,
        due=from_ms(row.due_at),
        after=row.position,
        since=from_ms(row.served_at),
        next_due=from_ms(row.next_due),
        subscription=row.subscription_id,
        doubt=from_ms(row.doubt_at),
        through=row.through_row,
        restored=bool(row.restored_at),
        until=until,
        stories=row.stories,
        form=row.form or row.channel_form,
        quotes=row.quotes,
    )


def _freeze(connection: Connection, written: Written, now: datetime) -> bool:
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
