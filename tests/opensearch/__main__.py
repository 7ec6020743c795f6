"""`make cluster`: nodes of OpenSearch in trouble while processes gather, answer and deliver; exit 1 on a loss."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests import opensearch, postgres
from tests.fakes import web as fake_web
from tests.faults.world import World, world
from tests.opensearch.drills import drills
from tests.opensearch.program import OLD, PATIENCE, PROCESSES, Program, Seen
from tests.soak.load import ARTICLES_A_MINUTE, Press, begin, subscribe
from tests.soak.outcome import Outcome, delivered

LONG, SHORT = (180, 1_500), (60, 400)  # digests, and the seconds in which they fall due
RECOVERY = 600.0  # seconds until all is whole again
SETTLED = 120.0  # and until the last digest is there
console = Console(width=170)


async def play(program: Program, short: bool, outcome: Outcome) -> Table:
    """Play every drill while the program is used."""
    table = Table("", "look-ups", "slowest, of all", "slowest, of whole", "partial", "missed", "whole again", "is told")
    for name, drill in drills(short):
        program.seen = seen = Seen()
        before = len(program.scene.log)
        console.print(f"{datetime.now(UTC):%H:%M:%S} {name}")
        line = await drill(program)
        took = await _until(program.is_whole)
        program.seen = Seen()
        await program.scene.until(seen.is_over, PATIENCE)
        lines = [*dict.fromkeys([*([line] if line else []), *program.said(before)])]
        slowest = [f"{max(some, default=0):.2f} s" for some in (seen.reads, seen.whole)]
        table.add_row(
            name,
            f"{len(seen.reads)}",
            *slowest,
            f"{seen.partial}",
            f"{len(seen.missed)}",
            f"{took:.0f} s",
            "\n".join(map(str, lines)),
        )
        told = f"{len(seen.reads)} look-ups, {seen.partial} partial, slowest {slowest}, missed {seen.missed[:2]}"
        outcome.note(name, told, "", seen.is_well and took < RECOVERY)
        console.print(f"  {told}; whole after {took:.0f} s; {lines}", highlight=False, markup=False)
    return table


async def watched(scene: World, nodes: opensearch.Nodes, short: bool) -> int:
    """Let the program work, and its cluster be in trouble; say what came of it."""
    outcome = Outcome("cluster")
    with fake_web.serve() as web:
        press = Press(web, random.Random(7))
        program = Program(scene, nodes, press)
        await asyncio.to_thread(program.fill)
        digests, seconds = SHORT if short else LONG
        # Each begins behind some of the old articles, and so before all that is published.
        channels = await asyncio.to_thread(subscribe, scene, digests, seconds, OLD - seconds)
        for _ in range(ARTICLES_A_MINUTE):
            press.publish()
        await program.start()
        console.print(f"{OLD:,} articles there, {PROCESSES} processes at work")
        at_work = [
            asyncio.create_task(work)
            for work in (program.publish(), program.look_up(program.ask_slack), program.look_up(program.ask_discord))
        ]
        await _until(program.is_whole)
        last_due = time.monotonic() + seconds
        await asyncio.to_thread(begin, scene, datetime.now(UTC))
        table = await play(program, short, outcome)
        console.print(table)
        await asyncio.sleep(last_due - time.monotonic())
        for task in at_work:
            task.cancel()
        await scene.until(scene.settled, SETTLED)
        published, filed, lacking = await _counted(program)
    outcome.note("articles published, in PostgreSQL", f"{published}, {filed}", "the same", published == filed)
    outcome.note("articles that the cluster lacks", str(lacking), "0", not lacking)
    delivered(outcome, scene, channels)
    state = program.relay.state()
    outcome.note("the index in the end", state.says.replace(program.address, "ADDRESS"), "well", state.well)
    for what, value, wanted in outcome.lines:
        console.print(f"{what}: {value}" + (f" (wanted: {wanted})" if wanted else ""), highlight=False)
    for line in outcome.broken:
        console.print(f"FAILED {line}", highlight=False)
    if outcome.broken:
        console.print(f"what the processes logged: {_kept(scene.log)}", highlight=False)
    return 1 if outcome.broken else 0


def _kept(log: str) -> Path:
    file = Path(tempfile.mkdtemp(prefix="briefbot-drills-"), "log")
    file.write_text(log)
    return file


async def _until(is_so: Callable[[], bool]) -> float:
    """Wait until something is so, or for too long; return how many seconds."""
    started = time.monotonic()
    while not await asyncio.to_thread(is_so) and time.monotonic() - started < RECOVERY:  # noqa: ASYNC110  # no event says
        await asyncio.sleep(0.5)
    return time.monotonic() - started


async def _counted(program: Program) -> tuple[int, int, int]:
    """Count until nothing is missing any more, or for too long; return what was counted last."""
    end = time.monotonic() + SETTLED
    while True:
        published, filed, lacking = await asyncio.to_thread(program.counted)
        if (filed, lacking) == (published, 0) or time.monotonic() > end:
            return published, filed, lacking
        await asyncio.sleep(1)


async def _played(short: bool) -> int:
    with postgres.server() as server, opensearch.nodes(of=3) as nodes, tempfile.TemporaryDirectory() as folder:
        async with world(server.database(), Path(folder)) as scene:
            return await watched(scene, nodes, short)


def main() -> int:
    """Play, and say what was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.opensearch", description=__doc__)
    parser.add_argument("--short", action="store_true", help="the cluster is gone for a minute, not for ten")
    return asyncio.run(_played(parser.parse_args().short))


if __name__ == "__main__":
    sys.exit(main())
