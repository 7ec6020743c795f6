"""`make faults`: every fault on every kind of database, as a table; exit 1 where a row misses its pass line."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests import postgres
from tests.faults import rows as _rows  # they put themselves into the table
from tests.faults.stage import KINDS, ROWS, CannotRunError, Row, Stage
from tests.faults.world import Result, World, warm_up, world

assert _rows


@dataclass(frozen=True)
class Line:
    """One line of the table. result: None where the row could not run; why tells."""

    row: Row
    kind: str
    result: Result | None
    why: str = ""

    @property
    def well(self) -> bool:
        """Whether the row is at its pass line."""
        one = self.result
        return one is not None and not (one.missing or one.duplicate > one.excused or one.wrong or one.extra)

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in it."""
        head = (str(self.row.number), self.row.name, self.kind)
        one = self.result
        if one is None:
            return (*head, "", "", "", "", "", f"cannot run: {self.why}")
        duplicate = f"{one.duplicate} ({one.excused} allowed)" if one.excused else str(one.duplicate)
        said = "; ".join(filter(None, ("well" if self.well else "FAILED", *one.extra, one.note)))
        return (*head, str(one.deliveries), str(one.missing), duplicate, str(one.wrong), f"{one.seconds:.1f}", said)


def main() -> int:
    """Run the rows that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--short", action="store_true", help="fewer digests and kills, for CI")
    parser.add_argument("--only", type=int, nargs="*", help="the numbers of the rows")
    parser.add_argument("--on", choices=KINDS, nargs="*", default=KINDS)
    asked = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 150)
    console.print(f"seed {asked.seed}")
    began = time.monotonic()
    lines = asyncio.run(play(asked.on, asked.only or (), asked.seed, asked.short, console))
    console.print(_table(lines))
    failed = sum(not line.well for line in lines)
    console.print(f"{len(lines) - failed} passed, {failed} failed", highlight=False)
    console.print(f"seed {asked.seed}, {time.monotonic() - began:.0f} seconds", highlight=False)
    return 1 if failed else 0


async def play(kinds: Sequence[str], only: Sequence[int], seed: int, short: bool, console: Console) -> list[Line]:
    """Play the rows on each kind of database, the kinds side by side."""
    wanted = sorted((row for row in ROWS if not only or row.number in only), key=lambda row: row.number)
    await warm_up()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="briefs-faults-")))
        server = _server(stack) if "postgresql" in kinds else None
        if server is not None:
            server.database()  # Alembic is not made for threads: the tables are made before there are any

        async def lane(kind: str) -> list[Line]:
            lines = []
            for row in wanted:
                if kind in row.on:
                    chance = random.Random(seed * 100 + row.number)
                    line = await _line(row, _stage(kind, folder, server, chance, short))
                    console.print(" · ".join(filter(None, line.cells)), highlight=False)
                    sys.stdout.flush()
                    lines.append(line)
            return lines

        lanes = await asyncio.gather(*map(lane, kinds))
    return sorted((line for lane in lanes for line in lane), key=lambda line: line.row.number)


async def _line(row: Row, stage: Stage) -> Line:
    if stage.kind == "postgresql" and stage.server is None:
        return Line(row, stage.kind, None, "install postgresql-15")
    try:
        return Line(row, stage.kind, await row.play(stage))
    except CannotRunError as reason:
        return Line(row, stage.kind, None, str(reason))
    except Exception as error:  # the other rows are played all the same
        return Line(row, stage.kind, Result(extra=(f"broke off: {type(error).__name__}: {error}".splitlines()[0],)))


def _server(stack: ExitStack) -> postgres.Server | None:
    try:
        return stack.enter_context(postgres.server())
    except LookupError:
        return None


def _stage(kind: str, folder: Path, server: postgres.Server | None, chance: random.Random, short: bool) -> Stage:
    numbers = count(1)

    @asynccontextmanager
    async def new(disk: Path | None = None, tables: bool = True, url: str = "", **discord: Any) -> AsyncIterator[World]:
        own = Path(tempfile.mkdtemp(dir=folder))
        if kind == "sqlite":
            url = f"sqlite:///{disk or own}/briefs{next(numbers)}.db"
        elif not url and server is not None:
            url = await asyncio.to_thread(server.database if tables else server.empty)
        async with world(url, own, **discord) as scene:
            scene.as_it_is = not tables
            yield scene

    return Stage(kind, new, server if kind == "postgresql" else None, chance, short)


def _table(lines: Sequence[Line]) -> Table:
    heads = ("", "fault", "database", "deliveries", "missing", "duplicate", "wrong channel", "recovery s", "")
    table = Table(*heads)
    for line in lines:
        table.add_row(*line.cells)
    return table


if __name__ == "__main__":
    sys.exit(main())
