"""`make hostile`: every class of attack, tried and counted, as a table; exit 1 where one is not held.

Each class runs in a process of its own, which has its time; nothing leaves the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import process_time
from xml.etree import ElementTree

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[2]
LONGEST = {True: 400.0, False: 1_200.0}  # seconds of a class on a machine that others use, by whether it is short
MOST_MB = 2_000


@dataclass
class Outcome:
    """What came of a class. seconds: of this process on the processor, of its slowest attempt, named by `slowest`.

    Attempts in workers have these' own limit instead. megabytes: of its processes. measured: what its attempts tell
    beside that.
    """

    tried: int = 0
    broken: list[str] = field(default_factory=list)
    measured: list[str] = field(default_factory=list)
    seconds: float = 0.0
    slowest: str = ""
    megabytes: int = 0

    def note(self, what: str, seconds: float) -> None:
        """Count an attempt."""
        self.tried += 1
        if seconds >= self.seconds:
            self.seconds, self.slowest = seconds, what


def main() -> int:
    """Try the classes that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer and shorter ones, and no tests, for CI")
    parser.add_argument("--only", nargs="*", default=[], help="the names of the classes")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(asdict(_tried(asked.one, asked.short))))
        return 0
    from tests.hostile.attempts import ATTACKS, TESTS

    console, began, broken = Console(width=None if sys.stdout.isatty() else 150), time.monotonic(), 0
    table = Table("class", "tried", "held", "worst time", "of", "worst memory")
    classes = asked.only or ([*ATTACKS] if asked.short else [*ATTACKS, *TESTS])  # CI has run the tests already
    for name in classes:
        outcome = _in_a_process(name, asked.short)
        broken += len(outcome.broken)
        for figures in outcome.measured:
            console.print(f"{name}: {figures}", markup=False, highlight=False)
        for what in outcome.broken:
            console.print(f"[red]not held[/red] {name}: ", end="")
            console.print(what, markup=False, highlight=False)
        held = outcome.tried - len(outcome.broken)
        worst = f"{outcome.seconds:.2f} s", outcome.slowest[:50], f"{outcome.megabytes} MB"
        table.add_row(name, str(outcome.tried), str(held), *worst)
    console.print(table)
    console.print(f"{broken} not held, {time.monotonic() - began:.0f} seconds", highlight=False)
    return 1 if broken else 0


def _in_a_process(name: str, short: bool) -> Outcome:
    command = [sys.executable, "-m", "tests.hostile", "--one", name, *(["--short"] if short else [])]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            said, _ = process.communicate(timeout=LONGEST[short])
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # it and what it started: they are a group of their own
            return Outcome(1, [f"it took longer than {LONGEST[short]:.0f} s"])
    lines = said.strip().splitlines()
    if process.returncode or not lines:
        return Outcome(1, [f"its process ended with {process.returncode}"])
    outcome = Outcome(**json.loads(lines[-1]))
    if outcome.megabytes > MOST_MB:
        outcome.broken.append(f"it needed {outcome.megabytes} MB")
    return outcome


# ---------------------------------------------------------------- in the process of a class


def _tried(name: str, short: bool) -> Outcome:
    from tests.hostile.attempts import ATTACKS, TESTS

    outcome = _attacked(name, short) if name in ATTACKS else _tested(TESTS[name])
    peaks = (resource.getrusage(whose).ru_maxrss for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    outcome.megabytes = max(peaks) >> 10
    return outcome


class _TooLong(BaseException):
    """An attempt goes on and on."""


def _attacked(name: str, short: bool) -> Outcome:
    from briefs.errors import BriefsError
    from tests.hostile.attempts import ATTACKS
    from tests.hostile.floods import Measured

    def stop(*_: object) -> None:
        raise _TooLong

    signal.signal(signal.SIGALRM, stop)
    outcome = Outcome()
    for attempt in ATTACKS[name](short):
        began = process_time()
        try:
            signal.setitimer(signal.ITIMER_REAL, 10 * attempt.seconds)
            with suppress(BriefsError):
                given = attempt.attack()
                outcome.measured += [given] if isinstance(given, Measured) else []
        except (Exception, _TooLong) as error:
            outcome.broken.append(f"{attempt.what}: {type(error).__name__} {error}"[:300])
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        took = process_time() - began
        outcome.note(attempt.what, took)
        if took > 3 * attempt.seconds:  # of the processor: others use the machine as well
            outcome.broken.append(f"{attempt.what}: {took:.1f} s")
    return outcome


def _tested(asked: Sequence[str]) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", "-q", f"--junit-xml={report}", *asked]
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
        outcome = Outcome()
        for what, seconds, failed in _cases(report):
            outcome.note(what, seconds)
            outcome.broken += [what] if failed else []
        if not outcome.tried:
            outcome.broken.append("no test was found")
        return outcome


def _cases(report: Path) -> Iterator[tuple[str, float, bool]]:
    """Each test that ran: its name, its seconds, and whether it failed."""
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("skipped") is None:
            failed = case.find("failure") is not None or case.find("error") is not None
            yield str(case.get("name")), float(case.get("time") or 0), failed


if __name__ == "__main__":
    sys.exit(main())
