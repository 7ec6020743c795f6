"""How long it takes to plan 100,000 subscriptions that fall due in the same minute: `python -m bench.delivery`.

They are in five zones; on SQLite, and on a PostgreSQL of our own where there is one.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from bot import protocol
from briefs.store import schema
from briefs.store.database import Database, to_ms
from briefs.store.runs import Runs
from tests import postgres

SUBSCRIPTIONS, AT_ONCE = 100_000, 5_000
DUE = datetime(2026, 9, 14, 7, 0, tzinfo=UTC)
ZONES = ("Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Africa/Johannesburg", "Europe/Rome")


def main() -> None:
    """Measure, and print a table."""
    table = Table("database", "planned", "seconds")
    for name, database in databases():
        fill(database)
        runs, now = Runs(database), DUE + timedelta(seconds=30)
        began = time.perf_counter()
        planned = runs.plan(now, lambda waiting, now=now: protocol.plan(waiting, now, "newest"))
        table.add_row(name, f"{planned:,}", f"{time.perf_counter() - began:.2f}")
    Console().print(table)


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
        for first in range(1, SUBSCRIPTIONS, AT_ONCE):
            numbers = range(first, first + AT_ONCE)
            rooms = [{"id": n, "platform": "slack", "workspace": "T", "channel": f"C{n}"} for n in numbers]
            connection.execute(insert(schema.channel), rooms)
            plan = {"topic_id": 1, "at": "09:00", "days": 127, "created_at": 0, "position": 0}
            plan |= {"next_due": to_ms(DUE), "next_local": "2026-09-14T09:00"}
            rows = [{"channel_id": n, "zone": ZONES[n % len(ZONES)], **plan} for n in numbers]
            connection.execute(insert(schema.subscription), rows)


if __name__ == "__main__":
    main()
