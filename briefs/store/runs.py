"""Runs: one for each due local date of a subscription, from "it is time" to "somebody composes it".

    plan    subscriptions whose time has come → runs, and when they are due next; a hundred thousand in a moment
    claim   runs that wait to be composed → into one pair of hands, for a while; of one channel one at a time
    freeze  what is composed → the `outbox`

A run's states: DUE → FROZEN → DONE, or DUE → EMPTY, or SKIPPED from the start. A claim saves work and decides nothing:
composing changes nothing, and whoever is first freezes a run. So one who is slower than the claim loses no digest.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Insert,
    Row,
    Select,
    String,
    Update,
    and_,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from briefs.models import Channel
from briefs.store.database import Repository, from_ms, to_ms, turn
from briefs.store.outbox import DueRun, Written, freeze
from briefs.store.schema import channel, run, subscribed, subscription, topic
from briefs.store.schema import told as told_table

RunState = Literal["DUE", "FROZEN", "DONE", "EMPTY", "SKIPPED"]

AHEAD = timedelta(days=15)  # what was planned, or is to run, that late was so by a clock that has gone back since
_ALIKE = ("schedule", "zone", "next_local", "next_due")  # what subscriptions have in common that one plan is for
_KEY: Mapping[str, TypeEngine[Any]] = {name: subscription.c[name].type for name in _ALIKE}
_RUN: Mapping[str, TypeEngine[Any]] = {"run_local": String(), "run_due": BigInteger(), "state": String()}
_COMING: Mapping[str, TypeEngine[Any]] = {"coming_local": String(), "coming_due": BigInteger()}
_LONGEST_CLAIM = timedelta(minutes=10)  # one that ends later was made by a clock that has gone back since


@dataclass(frozen=True, slots=True)
class Waiting:
    """Subscriptions whose time has come, alike in all that the plan depends on.

    schedule, zone: their calendar, as `bot.base.calendar` has it. local, due: the first run not yet planned.
    """

    schedule: str
    zone: str
    local: str
    due: datetime


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """One run to write down. local: the wall time that names it. state: DUE, or SKIPPED when a later one covers it."""

    local: str
    due: datetime
    state: RunState


@dataclass(frozen=True, slots=True)
class Planning:
    """What is decided for waiting subscriptions: the runs of each, oldest first, and their next due time, if any."""

    runs: tuple[PlannedRun, ...]
    next_local: str | None
    next_due: datetime | None


class Runs(Repository):
    """The runs of a database."""

    def plan(self, now: datetime, decide: Callable[[Waiting], Planning]) -> int:
        """Store the runs of every subscription that is due; return how many are to be composed.

        Subscriptions that are alike (same schedule, zone and first run) are decided on once, and all are stored at
        once. decide: pure; called inside the transaction, once for all subscriptions that are alike, the longest due
        first. A run that is there already stays as it is.
        """
        if not self._rows(select(subscription.c.id).where(*_waits(now)).limit(1)):
            return 0  # most of the time; no need to keep writers waiting
        with self._database.write() as connection:
            turn(connection, "planning")
            _give_up(connection, now)
            rows = connection.execute(_waiting(now)).all()
            alike = [Waiting(row.schedule, row.zone, row.next_local, from_ms(row.next_due)) for row in rows]
            return _write_down(connection, [(waiting, decide(waiting)) for waiting in alike], now)

    def claim(
        self,
        platforms: Iterable[str],
        now: datetime,
        until: datetime,
        without: Collection[int] = (),
        most: int = 500,
    ) -> list[DueRun]:
        """Claim runs that wait to be composed for these platforms, the longest due first.

        until: the end of the claim. without: runs to leave out. most: how many; one for each channel, and none if
        another run of it is claimed, as what the first run tells decides what is new in the second. Runs with the same
        topic come together, since they share work.
        """
        query = _to_compose(list(platforms), to_ms(now), to_ms(now + _LONGEST_CLAIM)).limit(most)
        if without:
            query = query.where(run.c.id.not_in(self._numbers(without)))
        if not self._rows(query.limit(1)):
            return []  # most of the time; no need to keep writers waiting
        with self._database.write(lasting=False) as connection:  # after a power cut they are composed anew
            turn(connection, "composing")
            firsts = {row.channel_id: row for row in reversed(connection.execute(query).all())}
            claimed = sorted(firsts.values(), key=lambda row: (row.due_at, row.expression, row.topic_id, row.id))
            ids = [row.id for row in claimed]
            connection.execute(update(run).where(run.c.id.in_(ids)).values(claimed_until=to_ms(until)))
        return [_due(row, until) for row in claimed]

    def release(self, runs: Iterable[DueRun]) -> None:
        """Release claimed runs to other processes; those that another process has taken over stay as they are."""
        held = tuple_(run.c.id, run.c.claimed_until).in_([(one.id, to_ms(one.until)) for one in runs])
        self._change(update(run).where(held).values(claimed_until=None), lasting=False)

    def due(self, numbers: Collection[int]) -> list[int]:
        """Return which of these runs still wait to be composed, claimed or not, and are not paused."""
        waiting = select(run.c.id).join(subscription, run.c.subscription_id == subscription.c.id)
        waiting = waiting.where(run.c.id.in_(self._numbers(numbers)))
        waiting = waiting.where(run.c.state == "DUE", subscription.c.paused.is_(False))
        return [row.id for row in self._rows(waiting)]

    def _numbers(self, numbers: Collection[int]) -> Select[Any]:
        """Return the numbers of runs as a query. They are one parameter: there may be more than a statement has."""
        said = json.dumps([*numbers])
        if self._database.shared:
            return select(cast(func.json_array_elements_text(cast(literal(said), postgresql.JSON)), BigInteger))
        return select(func.json_each(said).table_valued("value").c.value)

    def freeze_all(self, written: Sequence[Written], now: datetime) -> list[bool]:
        """Store the messages of runs, with all that follows from them, in one transaction.

        Returns for each whether it was stored: False if another process was quicker, or a later run overtook it.
        """
        with self._database.write() as connection:
            return [freeze(connection, one, now) for one in written]

    def forget(self, before: datetime) -> None:
        """Delete what was told, and the runs that ended, before an instant."""
        over = run.c.state.in_(("DONE", "EMPTY", "SKIPPED"))
        with self._database.write() as connection:
            connection.execute(delete(told_table).where(told_table.c.told_at < to_ms(before)))
            connection.execute(delete(run).where(over, run.c.due_at < to_ms(before)))


# ---------------------------------------------------------------- planning


def _waiting(now: datetime) -> Select[Any]:
    like = (subscription.c.schedule, subscription.c.zone, subscription.c.next_local)
    due = subscription.c.next_due
    return select(*like, due).where(*_waits(now)).distinct().order_by(due, *like)


def _waits(now: datetime) -> tuple[ColumnElement[bool], ...]:
    due, planned = subscription.c.next_due, subscription.c.planned_at
    too_early = and_(due.is_not(None), planned > to_ms(now + AHEAD))
    return or_(due <= to_ms(now), too_early), subscription.c.paused.is_(False)


def _write_down(connection: Connection, decided: Sequence[tuple[Waiting, Planning]], now: datetime) -> int:
    """Store the runs of all waiting subscriptions, and when these are due next; return how many are to be composed."""
    runs = [
        {**_key(waiting), "run_local": planned.local, "run_due": to_ms(planned.due), "state": planned.state}
        for waiting, planning in decided
        for planned in planning.runs
    ]
    coming = [
        {**_key(waiting), "coming_local": planning.next_local, "coming_due": to_ms(planning.next_due)}
        for waiting, planning in decided
    ]
    moved = _moved_on(connection, coming, now)
    if connection.dialect.name == "postgresql":
        written = _runs_written(connection, runs, now)
        # In one statement, as both must see the same subscriptions: one may come in while the runs are written.
        new = written.returning(run.c.state).cte("new")
        to_compose = select(func.count()).select_from(new).where(new.c.state == "DUE").add_cte(moved.cte("moved"))
        return int(connection.execute(to_compose).scalar_one())
    # Apart, and counted by SQLite: a hundred thousand states handed back would keep the event loop waiting.
    connection.execute(_runs_written(connection, [one for one in runs if one["state"] != "DUE"], now))
    connection.execute(_runs_written(connection, [one for one in runs if one["state"] == "DUE"], now))
    planned = int(connection.execute(select(func.changes())).scalar_one())
    connection.execute(moved)
    return planned


def _key(waiting: Waiting) -> dict[str, Any]:
    """Return what subscriptions that are alike have in common."""
    values = (waiting.schedule, waiting.zone, waiting.local, to_ms(waiting.due))
    return dict(zip(_ALIKE, values, strict=True))


def _are(decided: FromClause) -> ColumnElement[bool]:
    """Whether a subscription is one of those decided on."""
    return and_(*(subscription.c[name] == decided.c[name] for name in _ALIKE), subscription.c.paused.is_(False))


def _handed_over(
    connection: Connection, name: str, rows: Sequence[Mapping[str, Any]], types: Mapping[str, TypeEngine[Any]]
) -> FromClause:
    """Return rows of ours as a table to join with. They are one parameter, JSON: there may be thousands of them."""
    rows_said = literal(json.dumps(rows))
    if connection.dialect.name == "postgresql":
        columns = (column(key, kind) for key, kind in types.items())
        made = func.json_to_recordset(cast(rows_said, postgresql.JSON))
        return made.table_valued(*columns, name=name).render_derived(with_types=True)
    value = func.json_each(rows_said).table_valued("value").c.value
    fields = (func.json_extract(value, f"$.{key}", type_=kind).label(key) for key, kind in types.items())
    return select(*fields).cte(name).prefix_with("MATERIALIZED")  # else read anew for each row it is joined with


def _runs_written(connection: Connection, rows: Sequence[Mapping[str, Any]], now: datetime) -> Insert:
    planned = _handed_over(connection, "planned", rows, {**_KEY, **_RUN})
    own = run.c.subscription_id == subscription.c.id
    there = select(run.c.id).where(own, run.c.scheduled_local == planned.c.run_local).limit(1)
    values = {
        "subscription_id": subscription.c.id,
        "scheduled_local": planned.c.run_local,
        "due_at": planned.c.run_due,
        "state": planned.c.state,
        "after_row": subscription.c.position,
        "created_at": literal(to_ms(now), BigInteger),
    }
    # Looked up for each: nobody else plans at this time, and ON CONFLICT costs more.
    rows_to_add = select(*values.values()).where(_are(planned), there.scalar_subquery().is_(None))
    return insert(run).from_select(list(values), rows_to_add)


def _moved_on(connection: Connection, rows: Sequence[Mapping[str, Any]], now: datetime) -> Update:
    coming = _handed_over(connection, "coming", rows, {**_KEY, **_COMING})
    following = {"next_local": coming.c.coming_local, "next_due": coming.c.coming_due}
    following["planned_at"] = literal(to_ms(now), BigInteger)
    return update(subscription).where(_are(coming)).values(following)


def _give_up(connection: Connection, now: datetime) -> None:
    """Skip runs that were not composed in time: a later one covers them, or the subscription has been paused.

    Runs that a clock ahead of time has skipped or made due are deleted, so that their time comes again.
    """
    # Scalar subqueries, by the primary key: PostgreSQL expects few runs to be DUE, and would join all with all.
    own = select(subscription.c.next_local).where(subscription.c.id == run.c.subscription_id)
    coming = own.where(subscription.c.next_due <= to_ms(now)).scalar_subquery()
    paused = own.with_only_columns(subscription.c.paused).scalar_subquery()
    too_far = run.c.due_at > to_ms(now + AHEAD)
    overtaken = update(run).where(run.c.state == "DUE", or_(run.c.scheduled_local < coming, paused, too_far))
    connection.execute(overtaken.values(state="SKIPPED"))
    connection.execute(delete(run).where(run.c.state == "SKIPPED", run.c.due_at > to_ms(now)))


# ---------------------------------------------------------------- claiming


def _to_compose(platforms: Sequence[str], now: int | None, latest: int | None) -> Select[Any]:
    """Select the unclaimed runs that wait to be composed, the longest due first."""
    held = and_(run.c.claimed_until > now, run.c.claimed_until <= latest)
    busy = select(subscription.c.channel_id).join(run, run.c.subscription_id == subscription.c.id)
    columns = (run, subscription.c.zone, subscription.c.served_at, subscription.c.next_due, subscription.c.position)
    return (
        select(*columns, subscription.c.restored_at, subscription.c.channel_id, subscription.c.topic_id)
        .add_columns(subscription.c.stories, subscription.c.form, topic.c.name, topic.c.expression, topic.c.languages)
        .add_columns(channel.c.platform, channel.c.workspace, channel.c.channel, channel.c.language)
        .add_columns(channel.c.form.label("channel_form"), channel.c.quotes)
        .select_from(subscribed.join(run))
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
