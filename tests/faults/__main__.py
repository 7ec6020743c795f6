"""`make faults`: every fault on every kind of database, as a table; exit 1 where a row misses its pass line."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests import postgres
from tests.faults.rows import ROWS, CannotRunError, Stage
from tests.faults.world import Result, World, world

# What the list has and no row shows yet, so that nobody takes silence for a pass.
NOT_SHOWN = {
    13.5: "SQLite: an fsync error",
    19: "hostile feeds during digests",
    20: "rolling restart, mixed versions",
}


def main() -> int:
    """Run the rows that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--short", action="store_true", help="fewer digests and kills, for CI")
    parser.add_argument("--only", type=int, nargs="*", help="the numbers of the rows")
    parser.add_argument("--on", choices=("sqlite", "postgresql"), nargs="*", default=("sqlite", "postgresql"))
    asked = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(f"seed {asked.seed}")
    table = Table("", "fault", "database", "deliveries", "missing", "duplicate", "wrong channel", "seconds", "")
    failed = 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="briefs-faults-")))
        server = _server(stack) if "postgresql" in asked.on else None
        for number, (name, row) in sorted(ROWS.items()):
            if asked.only and number not in asked.only:
                continue
            for kind in asked.on:
                stage = _stage(kind, folder, server, random.Random(asked.seed * 100 + number), asked.short)
                try:
                    if stage is None:
                        raise CannotRunError("no PostgreSQL here")
                    result = asyncio.run(row(stage))
                except CannotRunError as reason:
                    table.add_row(str(number), name, kind, "", "", "", "", "", f"cannot run: {reason}")
                    failed += stage is None and bool(os.environ.get(postgres.NEEDED))
                    continue
                well = _well(result)
                failed += not well
                table.add_row(*_cells(number, name, kind, result, well))
                console.print(f"{number:2} {name} on {kind}: {'well' if well else 'FAILED'} {result}", highlight=False)
    for number, name in NOT_SHOWN.items():
        if not asked.only or number in asked.only:
            table.add_row(str(number), name, "", "", "", "", "", "", "not shown yet")
    console.print(table)
    return 1 if failed else 0


def _server(stack: ExitStack) -> postgres.Server | None:
    try:
        return stack.enter_context(postgres.server())
    except LookupError:
        return None


def _stage(kind: str, folder: Path, server: postgres.Server | None, chance: random.Random, short: bool) -> Stage | None:
    if kind == "postgresql" and server is None:
        return None
    numbers = count(1)

    @asynccontextmanager
    async def new(disk: Path | None = None, **discord: Any) -> AsyncIterator[World]:
        own = Path(tempfile.mkdtemp(dir=folder))
        shared = server if kind == "postgresql" else None
        url = shared.database() if shared else f"sqlite:///{disk or own}/briefs{next(numbers)}.db"
        async with world(url, own, **discord) as scene:
            yield scene

    return Stage(kind, new, server if kind == "postgresql" else None, chance, short)


def _well(result: Result) -> bool:
    return not (result.missing or result.duplicate > result.excused or result.wrong or result.extra)


def _cells(number: int, name: str, kind: str, result: Result, well: bool) -> tuple[str, ...]:
    duplicate = f"{result.duplicate} ({result.excused} allowed)" if result.excused else str(result.duplicate)
    counted = (result.deliveries, result.missing, duplicate, result.wrong)
    verdict = "well" if well else "; ".join(("FAILED", *result.extra))
    return (str(number), name, kind, *map(str, counted), f"{result.seconds:.1f}", verdict)


if __name__ == "__main__":
    sys.exit(main())
