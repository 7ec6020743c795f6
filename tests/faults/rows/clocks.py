"""Downtime, and clocks that change."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

from sqlalchemy import select

from briefs.archive import Archive
from briefs.models import Article
from briefs.store import schema
from briefs.store.database import Database, to_ms
from tests.fakes.slack_workspace import FakeChannel
from tests.faults.rows.programs import briefbot, slack_secrets
from tests.faults.stage import CannotRunError, Stage, row, together
from tests.faults.world import Result, World

ROOM = "C1"


@row(14, "downtime across 3 schedules")
async def downtime(stage: Stage) -> Result:
    async with stage.new() as scene:
        first = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
        _subscribed(scene, first, "Europe/Paris", "2026-03-02T09:00")
        scene.set_clock(first + timedelta(seconds=1))
        before = await scene.worker()
        scene.expect("slack", ROOM, "2026-03-02T09:00")
        await scene.result()
        before.terminate()
        await before.wait()
        scene.set_clock(first + timedelta(days=3, hours=2))
        scene.struck()
        scene.expect("slack", ROOM, "2026-03-05T09:00")  # the newest of those missed, once
        await scene.worker()
        await scene.until(lambda: len(scene.slack.ledger) >= 4)
        return await scene.result()


@row(14, "several times a day, in every second week")
async def rhythms(stage: Stage) -> Result:
    async with stage.new() as scene:
        zone, first = ZoneInfo("Europe/Paris"), datetime(2026, 3, 16, 8, 0, tzinfo=UTC)
        rhythm = "09:00,17:00 mon,tue every 2 weeks from 2026-03-16"
        _subscribed(scene, first, zone.key, "2026-03-16T09:00", rhythm)
        before = await scene.worker()
        for local in ("2026-03-16T09:00", "2026-03-16T17:00", "2026-03-17T09:00"):
            await _comes(scene, zone, local)
        before.terminate()
        await before.wait()
        scene.set_clock(first + timedelta(days=2))  # the next one is far: what was missed is made up for
        scene.struck()
        scene.expect("slack", ROOM, "2026-03-17T17:00")
        await scene.worker()
        await scene.until(lambda: len(scene.slack.ledger) >= 8)
        for local in ("2026-03-23T09:00", "2026-03-24T17:00"):  # a week without any
            scene.set_clock(_at(zone, local))
            await asyncio.sleep(0.5)
        for local in ("2026-03-30T09:00", "2026-03-30T17:00"):  # after the clocks have changed
            await _comes(scene, zone, local)
        return await scene.result()


async def _comes(scene: World, zone: ZoneInfo, local: str) -> None:
    """Let it be a due time, and wait for its digest."""
    scene.expect("slack", ROOM, local)
    posted = len(scene.slack.ledger)
    scene.set_clock(_at(zone, local) + timedelta(seconds=1))
    await scene.until(lambda: len(scene.slack.ledger) >= posted + 2)


def _at(zone: ZoneInfo, local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True)
class Change:
    """Three due dates of a zone, about a change of its clocks."""

    zone: str
    at: str
    dates: tuple[str, str, str]


CHANGES = (
    Change("Europe/Paris", "02:30", ("2026-03-28", "2026-03-29", "2026-03-30")),  # skipped
    Change("Europe/Paris", "02:30", ("2026-10-24", "2026-10-25", "2026-10-26")),  # shown twice
    Change("Europe/Paris", "00:00", ("2026-03-28", "2026-03-29", "2026-03-30")),
    Change("America/Chicago", "01:30", ("2026-10-31", "2026-11-01", "2026-11-02")),  # shown twice
    Change("America/Sao_Paulo", "00:15", ("2018-11-03", "2018-11-04", "2018-11-05")),  # skipped after midnight
    Change("Australia/Lord_Howe", "02:15", ("2026-10-03", "2026-10-04", "2026-10-05")),  # half an hour is skipped
    Change("Africa/Casablanca", "02:30", ("2026-03-21", "2026-03-22", "2026-03-23")),  # Ramadan ends
    Change("Pacific/Apia", "09:00", ("2011-12-28", "2011-12-29", "2011-12-31")),  # a date that never was
)


@row(15, "DST gap and fold, clock steps")
async def clocks_change(stage: Stage) -> Result:
    async def through(change: Change) -> Result:
        async with stage.new() as scene:
            wall = datetime.combine(date.fromisoformat(change.dates[0]), time.fromisoformat(change.at))
            first = wall.replace(tzinfo=ZoneInfo(change.zone)).astimezone(UTC)
            _subscribed(scene, first, change.zone, f"{change.dates[0]}T{change.at}")
            await scene.worker()
            for number in range(2 * 24 + 4):  # hour by hour, with a step back and forth in each
                now = first + timedelta(hours=number)
                for moment in (now, now - timedelta(hours=1), now):
                    scene.set_clock(moment)
                    await asyncio.sleep(0.12)
                if number % 24 == 12:  # on a busy machine, too, none is missed because the next is due already
                    due = 2 * (number // 24 + 1)
                    await scene.until(lambda: len(scene.slack.ledger) >= due)  # noqa: B023  # awaited here
            for day in change.dates:
                scene.expect("slack", ROOM, f"{day}T{change.at}")
            scene.struck()
            await scene.until(lambda: len(scene.slack.ledger) >= 6)
            return await scene.result()

    changes = stage.random.sample(CHANGES, 4) if stage.short else CHANGES
    return await together(*map(through, changes))


@row(15, "the program's clock a year ahead, and back")
async def clock_jumps(stage: Stage) -> Result:
    library = _libfaketime()
    async with stage.new() as scene:
        said, first = scene.folder / "faketime", datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
        _set(said, first - timedelta(minutes=5))
        scene.slack.channels[ROOM] = FakeChannel(ROOM)
        with scene.database() as database:
            scene.subscribe(database, "slack", ROOM, first, expression="zebra")
            _told(database, "Zebra at large", "A zebra was seen near the river on Monday by many people.", first)
        faked = {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(said), "FAKETIME_NO_CACHE": "1"}
        await briefbot(scene, **slack_secrets(scene), **faked, FAKETIME_DONT_FAKE_MONOTONIC="1")
        extra = [] if await scene.until(lambda: scene.slack.connections > 0) else ["the bot does not connect"]

        _set(said, first + timedelta(days=365))
        if not await scene.until(lambda: len(scene.slack.ledger) == 1):
            extra.append("no digest a year ahead")
        _set(said, first - timedelta(minutes=5))
        scene.struck()
        with scene.database() as database:
            _told(database, "Lyon buys", "The zoo of Lyon has bought a zebra from its neighbours in Turin.", first)
            if not await scene.until(lambda: _due_again(database, first)):
                extra.append("the next digest waits for a year")
        _set(said, first)
        await scene.until(lambda: len(scene.slack.ledger) == 2)
        seconds, posted = monotonic() - scene.began, len(scene.slack.ledger)
        return Result(2, max(0, 2 - posted), max(0, posted - 2), seconds=seconds, extra=tuple(extra))


def _libfaketime() -> Path:
    for found in Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"):
        return found
    raise CannotRunError("install faketime")


def _set(said: Path, now: datetime) -> None:
    """Let it be that time for a program under libfaketime, and go on."""
    new = said.with_suffix(".new")
    new.write_text(f"@{now.astimezone():%Y-%m-%d %H:%M:%S}\n")
    new.replace(said)


def _told(database: Database, title: str, text: str, now: datetime) -> None:
    """File an article."""
    Archive(database, clock=lambda: now).add([Article(id=title, title=title, text=text)])


def _due_again(database: Database, first: datetime) -> bool:
    """Whether the one subscription is due at that instant."""
    with database.read() as connection:
        due: int = connection.execute(select(schema.subscription.c.next_due)).scalar_one()
        return due == to_ms(first)


def _subscribed(scene: World, first: datetime, zone: str, local: str, schedule: str = "") -> None:
    """Subscribe one channel of Slack."""
    scene.set_clock(first - timedelta(minutes=1))
    with scene.database() as database:
        scene.subscribe(database, "slack", ROOM, first, zone, local[-5:], local, schedule=schedule)
