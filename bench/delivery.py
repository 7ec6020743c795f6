"""How deliveries fare when very many are due at once: a part of `make bench`, or `python -m bench.delivery`.

100,000 subscriptions in five zones fall due in one minute, on SQLite, and on a PostgreSQL of our own where there is
one. They are planned beside a heart that beats in the event loop: its longest pause is what a command would have to
wait. Then four processes claim what is to be posted on PostgreSQL, and whatever is claimed twice is counted. The rest
is in `sharing`, `catching_up` and `pacing`.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from bench import catching_up, pacing, sharing
from bot.delivery import planning
from bot.delivery.worker import AT_ONCE
from briefs.store import schema
from briefs.store.database import Database, to_ms
from briefs.store.deliveries import Deliveries, Settlement
from briefs.store.runs import Runs
from tests import postgres


@dataclass(frozen=True)
class Size:
    """How many of each: due at once, claimed, channels of one topic, messages to one Slack workspace and to Discord."""

    subscriptions: int
    claims: int
    channels: int
    slack: int
    discord: int
    overdue: tuple[int, int, int]  # articles, topics, channels on each


WHOLE, QUICK = (
    Size(100_000, 100_000, 1_000, 450, 1_500, (4_000, 12, 80)),
    Size(10_000, 2_000, 100, 100, 500, (1_500, 4, 40)),
)
BATCH = 5_000
WORKERS = 4
DUE = datetime(2026, 9, 14, 7, 0, tzinfo=UTC)
NOW = DUE + timedelta(seconds=30)
ZONES = ("Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Africa/Johannesburg", "Europe/Rome")
BEAT = 0.005  # seconds


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.delivery", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer subscriptions, claims, channels and messages")
    for table in show(QUICK if parser.parse_args().quick else WHOLE):
        Console(width=120).print(table)


def show(size: Size) -> list[Table]:
    """Measure, and return a table of each kind."""
    planned = Table("database", "planned", "seconds", "longest pause of the event loop", title="Due in one minute")
    claims = Table("database", "claimed", "twice", "left", "a second", title=f"Claimed by {WORKERS} processes")
    for name, database in databases():
        fill(database, size.subscriptions)
        number, seconds, pause = asyncio.run(plan(database))
        planned.add_row(name, f"{number:,}", f"{seconds:.2f}", f"{pause * 1000:.0f} ms")
        if database.shared:
            claims.add_row(name, *claim_all(database, size.claims))
    shared = Table("channels", "digests composed", "seconds", title="One topic of many channels, in three languages")
    overdue = Table("digests", "one alone", "one of a round", "as fast", title="Overdue, of the processor's time")
    paces = Table("platform", "messages", "seconds", "needed", "pace", "refused", title="Posted, as the limits allow")
    with tempfile.TemporaryDirectory() as folder:
        one = sharing.measure(Path(folder), size.channels)
        shared.add_row(f"{one.channels:,}", str(one.composed), f"{one.seconds:.1f}")
        late = catching_up.measure(Path(folder), *size.overdue)
        per = (
            f"{late.digests:,}",
            f"{late.alone:.0f} ms",
            f"{late.together:.0f} ms",
            f"{late.alone / late.together:.1f} ×",
        )
        overdue.add_row(*per)
        for pace in asyncio.run(pacing.measure(Path(folder), size.slack, size.discord)):
            share = f"{pace.share:.0%}" if pace.least else ""
            cells = (f"{pace.messages:,}", f"{pace.seconds:.1f}", f"{pace.least:.0f}", share, str(pace.refused))
            paces.add_row(pace.platform, *cells)
    return [planned, *([claims] if claims.row_count else []), shared, overdue, paces]


async def plan(database: Database) -> tuple[int, float, float]:
    """Plan as the delivery worker does; give how many, the seconds, and the longest pause of the event loop."""
    longest = 0.0

    async def beat() -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(BEAT)
            longest = max(longest, time.perf_counter() - began - BEAT)

    heart = asyncio.create_task(beat())
    await asyncio.sleep(10 * BEAT)
    longest, began = 0.0, time.perf_counter()
    runs = Runs(database)
    planned = await asyncio.to_thread(runs.plan, NOW, lambda waiting: planning.plan(waiting, NOW, "newest"))
    seconds = time.perf_counter() - began
    heart.cancel()
    with suppress(asyncio.CancelledError):
        await heart
    return planned, seconds, longest


def claim_all(database: Database, number: int) -> tuple[str, ...]:
    """Let four processes claim so many deliveries and settle them; give what became of them."""
    with database.write() as connection:
        for first in range(1, number + 1, BATCH):
            numbers = range(first, min(first + BATCH, number + 1))
            connection.execute(insert(schema.delivery), [_delivery(n) for n in numbers])
    spawned = multiprocessing.get_context("spawn")
    address = database._engine.url.render_as_string(hide_password=False)
    began = time.perf_counter()
    with spawned.Pool(WORKERS) as pool:
        claimed = [one for part in pool.map(_claim, [address] * WORKERS) for one in part]
    seconds = time.perf_counter() - began
    twice, left = len(claimed) - len(set(claimed)), number - len(set(claimed))
    return f"{len(claimed):,}", str(twice), str(left), f"{len(claimed) / seconds:,.0f}"


def _delivery(number: int) -> dict[str, object]:
    place = {"platform": "slack", "workspace": "T", "channel": f"C{number}"}
    name = {"uuid": f"{number}", "nonce": f"{number}", "payload": {"text": "news"}, "payload_hash": "0"}
    return {"run_id": number, "part_no": 1, "state": "PENDING", **place, **name}


def _claim(address: str) -> list[int]:
    """Claim and settle until nothing is left; give the deliveries. Runs in a process of its own."""
    claimed = []
    with Database.open(address) as database:
        deliveries = Deliveries(database)
        while claims := deliveries.claim("slack", NOW, NOW + timedelta(minutes=1), most=AT_ONCE):
            for claim in claims:
                claimed.append(claim.id)
                deliveries.settle(claim, Settlement("SENT", reference="1", sent_at=NOW))
    return claimed


def databases() -> Iterator[tuple[str, Database]]:
    """Give an empty database of each kind that is to be had."""
    with tempfile.TemporaryDirectory() as folder, Database.open(f"sqlite:///{folder}/briefs.db") as database:
        yield "SQLite", database
    with suppress_missing(), postgres.server() as server, Database.open(server.database()) as database:
        yield "PostgreSQL", database


@contextmanager
def suppress_missing() -> Iterator[None]:
    """Go on without PostgreSQL where there is none, and say so."""
    try:
        yield
    except LookupError as missing:
        Console(stderr=True).print(str(missing))


def fill(database: Database, subscriptions: int) -> None:
    """Subscribe so many channels to one topic, at nine in the morning wherever they are."""
    with database.write() as connection:
        topic = {"platform": "", "workspace": "", "name": "t", "key": "t", "expression": "t", "created_at": 0}
        connection.execute(insert(schema.topic), [topic])
        for first in range(1, subscriptions, BATCH):
            numbers = range(first, first + BATCH)
            rooms = [{"id": n, "platform": "slack", "workspace": "T", "channel": f"C{n}"} for n in numbers]
            connection.execute(insert(schema.channel), rooms)
            plan = {"topic_id": 1, "at": "09:00", "days": 127, "created_at": 0, "position": 0}
            plan |= {"next_due": to_ms(DUE), "next_local": "2026-09-14T09:00"}
            rows = [{"channel_id": n, "zone": ZONES[n % len(ZONES)], **plan} for n in numbers]
            connection.execute(insert(schema.subscription), rows)


if __name__ == "__main__":
    main()
