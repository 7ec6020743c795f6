"""Planning: subscriptions whose time has come → their runs, and when they are due next; a hundred thousand in a moment.

Those that are alike (same schedule and zone, the same first run) are decided on once, and all is written at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Insert,
    Select,
    String,
    Update,
    and_,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.types import TypeEngine

from briefs.store.database import Database, from_ms, handed_over, to_ms, turn
from briefs.store.schema import run, subscription

RunState = Literal["DUE", "FROZEN", "DONE", "EMPTY", "SKIPPED"]

AHEAD = timedelta(days=15)  # what was planned, or is to run, that late was so by a clock that has gone back since
_ALIKE = ("schedule", "zone", "next_local", "next_due")  # what subscriptions have in common that one plan is for
_KEY: Mapping[str, TypeEngine[Any]] = {name: subscription.c[name].type for name in _ALIKE}
_RUN: Mapping[str, TypeEngine[Any]] = {"run_local": String(), "run_due": BigInteger(), "state": String()}
_COMING: Mapping[str, TypeEngine[Any]] = {"coming_local": String(), "coming_due": BigInteger()}


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


def plan(database: Database, now: datetime, decide: Callable[[Waiting], Planning]) -> int:
    """Write down the runs of every subscription whose time has come; return how many are to be composed.

    decide: pure; called inside the transaction, once for all subscriptions that are alike, the longest due first.
    A run that is there already stays as it is.
    """
    with database.read() as connection:
        if connection.execute(select(subscription.c.id).where(*_waits(now)).limit(1)).first() is None:
            return 0  # most of the time; no need to keep writers waiting
    with database.write() as connection:
        turn(connection, "planning")
        _give_up(connection, now)
        alike = [
            Waiting(row.schedule, row.zone, row.next_local, from_ms(row.next_due))
            for row in connection.execute(_waiting(now))
        ]
        return _write_down(connection, [(waiting, decide(waiting)) for waiting in alike], now)


def _waiting(now: datetime) -> Select[Any]:
    like = (subscription.c.schedule, subscription.c.zone, subscription.c.next_local)
    due = subscription.c.next_due
    return select(*like, due).where(*_waits(now)).distinct().order_by(due, *like)


def _waits(now: datetime) -> tuple[ColumnElement[bool], ...]:
    due, planned = subscription.c.next_due, subscription.c.planned_at
    too_early = and_(due.is_not(None), planned > to_ms(now + AHEAD))
    return or_(due <= to_ms(now), too_early), subscription.c.paused.is_(False)


def _write_down(connection: Connection, decided: Sequence[tuple[Waiting, Planning]], now: datetime) -> int:
    """Write the runs of all subscriptions that wait, and when they are due next; return how many are to be composed."""
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
    """Give what subscriptions that are alike have in common."""
    values = (waiting.schedule, waiting.zone, waiting.local, to_ms(waiting.due))
    return dict(zip(_ALIKE, values, strict=True))


def _are(decided: FromClause) -> ColumnElement[bool]:
    """Whether a subscription is one of those decided on."""
    return and_(*(subscription.c[name] == decided.c[name] for name in _ALIKE), subscription.c.paused.is_(False))


def _runs_written(connection: Connection, rows: Sequence[Mapping[str, Any]], now: datetime) -> Insert:
    planned = handed_over(connection, "planned", rows, {**_KEY, **_RUN})
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
    coming = handed_over(connection, "coming", rows, {**_KEY, **_COMING})
    following = {"next_local": coming.c.coming_local, "next_due": coming.c.coming_due}
    following["planned_at"] = literal(to_ms(now), BigInteger)
    return update(subscription).where(_are(coming)).values(following)


def _give_up(connection: Connection, now: datetime) -> None:
    """Skip runs that nobody composed in time: a later one covers them, or the subscription has been paused.

    What a clock that went ahead skipped, or made due, in a time that is to come again, comes again.
    """
    # Scalar subqueries, by the primary key: PostgreSQL expects few runs to be DUE, and would join all with all.
    own = select(subscription.c.next_local).where(subscription.c.id == run.c.subscription_id)
    coming = own.where(subscription.c.next_due <= to_ms(now)).scalar_subquery()
    paused = own.with_only_columns(subscription.c.paused).scalar_subquery()
    too_far = run.c.due_at > to_ms(now + AHEAD)
    overtaken = update(run).where(run.c.state == "DUE", or_(run.c.scheduled_local < coming, paused, too_far))
    connection.execute(overtaken.values(state="SKIPPED"))
    connection.execute(delete(run).where(run.c.state == "SKIPPED", run.c.due_at > to_ms(now)))
