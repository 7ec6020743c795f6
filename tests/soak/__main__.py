"""`make soak`: the real program under load, on each kind of database; exit 1 where it grows, loses or doubles."""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from briefs.archive import Archive
from tests import postgres
from tests.fakes import web as fake_web
from tests.faults.rows.programs import briefbot, discord_secrets, slack_secrets
from tests.faults.stage import KINDS
from tests.faults.world import World, world
from tests.soak.load import Load, Press, begin, subscribe
from tests.soak.measure import HOUR, Probe, Series
from tests.soak.outcome import Outcome, delivered

BOTS = {"sqlite": 1, "postgresql": 2}
SETTINGS = "gather: {minutes: 1}\n"
START_SECONDS, SETTLE_SECONDS = 120.0, 180.0  # the most that the first articles, and the last posts, may take


@dataclass(frozen=True)
class Form:
    """A soak. load: seconds; warm: the first of them, of which no slope is told. idle: seconds of rest behind it.

    archive: articles of the week before: what is kept from one digest to the next (words, sentences) is soon full then.

    growth: MB an hour that a process may grow by under load, whatever the noise, which is told beside it; None: in so
    short a time that tells nothing, and `most` MB in all must do. back: how much of what it took when all was loaded it
    may take in the end.
    """

    load: float
    warm: float
    idle: float
    subscriptions: int
    archive: int
    growth: float | None
    most: float
    back: float


LONG = Form(load=1200, warm=300, idle=120, subscriptions=480, archive=1200, growth=10.0, most=1000.0, back=1.2)
SHORT = Form(load=110, warm=40, idle=10, subscriptions=60, archive=100, growth=None, most=600.0, back=3.0)
STOP_SECONDS = 30.0  # the program ends itself after nine; a busy machine may take its time over the rest
WAL_MB, WAL_REST_MB = 64.0, 16.5  # at most, and once nothing more is written
_NAMES = re.compile(r"'[^']*'|\d[\d/]*")  # in lines of the log
SOME = {"descriptors": 16, "threads": 6}  # more or less: a pool of five connections to SQLite has three each


async def soak(kind: str, scene: World, form: Form, chance: random.Random, say: Callable[[str], None]) -> Outcome:
    """Soak the program on one kind of database."""
    outcome = Outcome(kind)
    with fake_web.serve() as web:
        press = Press(web, chance)
        for _ in range(60):
            press.publish()
        await asyncio.to_thread(_archived, scene, press, form.archive)
        channels = await asyncio.to_thread(subscribe, scene, form.subscriptions, form.load - 20)
        bots = await _started(scene, kind, press.sources)
        probe, load = Probe(scene, [bot.pid for bot in bots]), Load(scene, press, chance)
        watching = asyncio.create_task(probe.watch())
        await load.ask_everything()
        load.counts.clear()
        began = probe.now
        await asyncio.to_thread(begin, scene, datetime.now(UTC))
        say(f"{kind}: {len(channels)} digests fall due within {form.load:.0f} seconds")
        loading = asyncio.create_task(load.run(form.load))
        await asyncio.sleep(form.warm)
        warm, before = probe.now, await asyncio.to_thread(probe.rows)
        await loading
        ended, after = probe.now, await asyncio.to_thread(probe.rows)
        say(f"{kind}: the load ends")
        settled = await scene.until(scene.settled, SETTLE_SECONDS)
        await asyncio.sleep(form.idle)
        watching.cancel()
        await asyncio.to_thread(probe.rows)
        outcome.note("settled", "yes" if settled else "no", "yes", settled)
        delivered(outcome, scene, channels)
        _asked(outcome, load.counts, press)
        _composed(outcome, scene.log)
        for name, series in probe.series.items():
            _grown(outcome, name, series, (began, warm, ended, probe.now), form)
        for name, rows in after.items():
            outcome.note(f"rows of {name}", f"{rows}, {(rows - before[name]) / (ended - warm) * HOUR:+.0f} an hour")
        await _stopped(outcome, bots)
    return outcome


def _archived(scene: World, press: Press, number: int) -> None:
    with Archive.open(scene.url) as archive:
        press.file(archive, number)


async def _stopped(outcome: Outcome, bots: list[asyncio.subprocess.Process]) -> None:
    gone, began = sum(bot.returncode is not None for bot in bots), time.monotonic()
    outcome.note("processes that ended before", str(gone), "0", not gone)
    for bot in bots:
        if bot.returncode is None:
            bot.terminate()
    await asyncio.gather(*(bot.wait() for bot in bots))
    took = time.monotonic() - began
    outcome.note("stops in", f"{took:.1f} s", f"≤ {STOP_SECONDS:.0f} s", took <= STOP_SECONDS)


async def _started(scene: World, kind: str, sources: str) -> list[asyncio.subprocess.Process]:
    config = scene.folder / "config"
    config.mkdir()
    (config / "settings.yaml").write_text(SETTINGS)
    secrets = slack_secrets(scene) | discord_secrets(scene)
    bots = [await briefbot(scene, sources=sources, **secrets) for _ in range(BOTS[kind])]
    if not await scene.until(lambda: "gathered:" in scene.log and scene.slack.connections >= len(bots), START_SECONDS):
        raise RuntimeError(f"the program does not begin: {scene.log[-2000:]}")
    await scene.discord.connected(seconds=START_SECONDS)
    return bots


def _asked(outcome: Outcome, counts: Counter[str], press: Press) -> None:
    outcome.note("articles published", str(press.published))
    outcome.note("faults", str(counts["faults"]))
    most = counts["asked"] // 5
    answered = f"{counts['unanswered']} of {counts['asked']}"
    outcome.note("commands without an answer", answered, f"≤ {most}", counts["unanswered"] <= most)


def _composed(outcome: Outcome, log: str) -> None:
    made = [line for line in log.splitlines() if " INFO " in line and "digest on " in line]
    thrown = sum("done by somebody else" in line for line in made)
    outcome.note("compositions", str(len(made)))
    outcome.note("compositions thrown away", str(thrown), "0", not thrown)
    errors = Counter(_NAMES.sub("…", line.split(" ERROR ", 1)[1]) for line in log.splitlines() if " ERROR " in line)
    failed = sum(times for error, times in errors.items() if error.startswith("digest on"))
    outcome.note("compositions that failed at first", str(failed), "0", not failed)
    for error, times in errors.most_common(5):
        outcome.note(f"logged {times} times", error.strip()[:200])


def _grown(outcome: Outcome, name: str, series: Series, marks: tuple[float, float, float, float], form: Form) -> None:
    """Hold how a figure grew against what is wanted. marks: when load, the slopes, rest and all of it begin or end."""
    began, warm, ended, over = marks
    loaded = min(series.between(warm - 60, warm) or series.values[:1])  # all that is read when it is first needed is
    last = statistics.median(series.between(over - 15, over) or series.values[-1:])
    (slope, noise), most = series.growth(warm, ended), max(series.values)
    said = f"{series.values[0]:.1f} → {loaded:.1f} → {last:.1f}, {most:.1f} at most, {slope:+.1f} ± {noise:.1f} an hour"
    if name.startswith("MB of"):
        well = (form.growth is None or slope <= form.growth) and most <= form.most and last <= form.back * loaded
        wanted = "" if form.growth is None else f"≤ {form.growth:+.0f} an hour, "
        outcome.note(name, said, f"{wanted}≤ {form.most:.0f}, ≤ {form.back * loaded:.0f} in the end", well)
    elif name == "WAL MB":
        well = most <= WAL_MB and last <= WAL_REST_MB
        outcome.note(name, said, f"≤ {WAL_MB:.0f}, ≤ {WAL_REST_MB} in the end", well)
    elif name == "database MB":
        outcome.note(name, said)
    else:
        first = statistics.median(series.between(began, warm) or series.values)
        most = first + SOME[name.partition(" ")[0]]
        outcome.note(name, said, f"≤ {most:.0f} in the end", last <= most)


async def play(kinds: list[str], form: Form, seed: int, console: Console) -> list[Outcome]:
    """Soak on each kind of database, the kinds side by side."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="briefs-soak-")))
        server = stack.enter_context(postgres.server()) if "postgresql" in kinds else None

        async def lane(kind: str) -> Outcome:
            own = folder / kind
            own.mkdir()
            url = server.database() if kind == "postgresql" and server else f"sqlite:///{own}/briefs.db"
            async with world(url, own) as scene:
                return await soak(kind, scene, form, random.Random(seed), console.print)

        return list(await asyncio.gather(*map(lane, kinds)))


def main() -> int:
    """Soak, and say what grew."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--short", action="store_true", help="three minutes, for CI")
    parser.add_argument("--on", choices=KINDS, nargs="*", default=list(KINDS))
    asked = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 150)
    outcomes = asyncio.run(play(asked.on, SHORT if asked.short else LONG, asked.seed, console))
    for outcome in outcomes:
        table = Table(outcome.kind, "", "wanted")
        for row in outcome.lines:
            table.add_row(*row)
        console.print(table)
    broken = [line for outcome in outcomes for line in outcome.broken]
    for line in broken:
        console.print(f"FAILED {line}", highlight=False)
    console.print(f"seed {asked.seed}", highlight=False)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
