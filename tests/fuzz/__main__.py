"""`make fuzz`: inputs that are changed again and again, and kept where they reach code that none before them did.

Each target runs in a process of its own. A finding is whatever raises something else than a BriefsError, and whatever
takes more than a second of the processor, three times; the inputs are kept in build/fuzz. What was found and mended
stays as a test in tests/test_fuzz.py. Exit 1 where anything is found.

    make fuzz                               every target, three minutes each
    make fuzz FUZZ="--seconds 600 feed"     one of them, for ten minutes
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build" / "fuzz"
LONGEST = 1.0  # seconds of the processor for one input; code that is watched runs slower than it would
_STUCK = 60  # seconds; then its process is ended
_SIZE = 16_384  # bytes of an input
_STATUS = re.compile(r"#(\d+)\s.*?cov: (\d+) ft: (\d+) corp: (\d+)")


def main() -> int:
    """Fuzz the targets that are asked for, and print what came of it."""
    names = ("page", "feed", "PDF", "front-matter", "query", "topic", "OPML", "Slack", "Discord")
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=180, help="for each target (default: 180)")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("targets", nargs="*", metavar="target", help=f"of {', '.join(names)} (default: all)")
    asked = parser.parse_args()
    if unknown := set(asked.targets) - set(names):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    if asked.one:
        return _fuzzed(asked.targets[0], asked.seconds)
    table = Table("target", "executions", "a second", "edges", "inputs kept", "findings")
    found = 0
    for name in asked.targets or names:
        found += _in_a_process(name, asked.seconds, table)
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    return 1 if found else 0


def _in_a_process(name: str, seconds: int, table: Table) -> int:
    """Fuzz one target in a process; add its row, and return how many findings there were."""
    command = [sys.executable, "-m", "tests.fuzz", "--one", name, "--seconds", str(seconds)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    said = done.stdout.decode(errors="replace")
    findings = sorted({line for line in said.splitlines() if line.startswith("FOUND ")})
    status = _STATUS.findall(said)
    if done.returncode or not status:
        findings.append(f"FOUND the process ended with {done.returncode}: " + said[-3_000:])
    for finding in findings:
        print(f"{name}: {finding}")
    executions, edges, _, inputs = status[-1] if status else (0, 0, 0, 0)
    table.add_row(
        name, str(executions), f"{int(executions) / seconds:.0f}", str(edges), str(inputs), str(len(findings))
    )
    return len(findings)


def _fuzzed(name: str, seconds: int) -> int:
    """Fuzz one target in this process, until its time is over."""
    try:
        import atheris
    except ImportError:
        print("FOUND nothing: atheris is not there: .venv/bin/pip install atheris")
        return 2
    with atheris.instrument_imports(include=["briefs", "bot"]):
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    for number, seed in enumerate(target.seeds()):
        (folder / str(number)).write_bytes(seed)
    words = folder.with_suffix(".dict")
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words))
    kept = KEPT / name
    kept.mkdir(parents=True, exist_ok=True)
    limits = [
        f"-max_total_time={seconds}",
        f"-timeout={_STUCK}",
        f"-max_len={_SIZE}",
        "-rss_limit_mb=3000",
        "-len_control=0",
    ]
    places = [f"-dict={words}", f"-artifact_prefix={kept}/", str(folder)]
    atheris.Setup([sys.argv[0], *limits, *places], _Watched(target.run, kept))
    atheris.Fuzz()
    return 0


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02X}" for byte in word)


class _Watched:
    """Runs a target on one input after another; what it finds is told and kept, once for each place in the code."""

    def __init__(self, run: Callable[[bytes], object], kept: Path) -> None:
        self._run = run
        self._kept = kept
        self._known: set[str] = set()

    def __call__(self, data: bytes) -> None:
        from briefs.errors import BriefsError

        began = time.process_time()
        try:
            self._run(data)
        except BriefsError:
            pass
        except TimeoutError as error:  # of an answer that does not come, or of a machine that has other work
            with suppress(Exception):
                self._run(data)
                return
            self._found("no answer", str(error), data)
            return
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            ours = [one for one in frames if "/briefs/" in one.filename or "/bot/" in one.filename] or frames
            self._found(f"{type(error).__name__} at {ours[-1].filename}:{ours[-1].lineno}", str(error), data)
            return
        if time.process_time() - began > LONGEST and all(self._seconds(data) > LONGEST for _ in range(2)):
            self._found("slow", f"{self._seconds(data):.1f} s", data)

    def _seconds(self, data: bytes) -> float:
        from briefs.errors import BriefsError

        began = time.process_time()
        with suppress(BriefsError):
            self._run(data)
        return time.process_time() - began

    def _found(self, what: str, why: str, data: bytes) -> None:
        if what in self._known:
            return
        self._known.add(what)
        file = self._kept / sha256(data).hexdigest()[:12]
        file.write_bytes(data)
        print(f"FOUND {what.replace(f'{ROOT}{os.sep}', '')} ({json.dumps(why)[:200]}) by {file}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
