"""How deliveries fare when 100,000 subscriptions fall due in the same minute: `python -m bench.delivery`.

They are in five zones; on SQLite, and on a PostgreSQL of our own where there is one. Planned beside a heart that beats
in the event loop: its longest pause is what a command would have to wait. Then four processes claim what is to be
posted on PostgreSQL, and whatever is claimed twice is counted.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from bot import protocol
from bot.delivery import AT_ONCE
from briefs.store import schema
from briefs.store.database import Database, to_ms
from briefs.store.deliveries import Deliveries, Settlement
from briefs.store.runs import Runs
from tests import postgres

SUBSCRIPTIONS, BATCH = 100_000, 5_000
WORKERS = 4
DUE = datetime(2026, 9, 14, 7, 0, tzinfo=UTC)
NOW = DUE + timedelta(seconds=30)
ZONES = ("Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Africa/Johannesburg", "Europe/Rome")
BEAT = 0.005  # seconds


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.delivery", description=__doc__)
    parser.add_argument("--claims", type=int, default=SUBSCRIPTIONS, help="deliveries that four processes claim")
    asked = parser.parse_args()
    table = Table("database", "planned", "seconds", "longest pause of the event loop")
    claims = Table("database", "claimed", "twice", "left", "a second")
    for name, database in databases():
        fill(database)
        planned, seconds, pause = asyncio.run(plan(database))
        table.add_row(name, f"{planned:,}", f"{seconds:.2f}", f"{pause * 1000:.0f} ms")
        if database.shared:
            claims.add_row(name, *claim_all(database, asked.claims))
    Console().print(table)
    Console().print(claims)


async def plan(database: Database) -> tuple[int, float, float]:
    """Plan as the courier does; give how many, the seconds, and the longest pause of the event loop."""
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
    planned = await asyncio.to_thread(runs.plan, NOW, lambda waiting: protocol.plan(waiting, NOW, "newest"))
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


def fill(database: Database) -> None:
    """Subscribe so many channels to one topic, at nine in the morning wherever they are."""
    with database.write() as connection:
        topic = {"platform": "", "workspace": "", "name": "t", "key": "t", "expression": "t", "created_at": 0}
        connection.execute(insert(schema.topic), [topic])
        for first in range(1, SUBSCRIPTIONS, BATCH):
            numbers = range(first, first + BATCH)
            rooms = [{"id": n, "platform": "slack", "workspace": "T", "channel": f"C{n}"} for n in numbers]
            connection.execute(insert(schema.channel), rooms)
            plan = {"topic_id": 1, "at": "09:00", "days": 127, "created_at": 0, "position": 0}
            plan |= {"next_due": to_ms(DUE), "next_local": "2026-09-14T09:00"}
            rows = [{"channel_id": n, "zone": ZONES[n % len(ZONES)], **plan} for n in numbers]
            connection.execute(insert(schema.subscription), rows)


if __name__ == "__main__":
    main()
