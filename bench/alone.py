"""What one process does that looks up in one archive while articles come, and the memory it takes.

`python -m bench.alone FILE ARTICLES` prints it as JSON, for an archive that `bench.filling` filled with so many.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from bench import engines
from bench.asking import after_commit, growth, p50_p99, timed
from bench.corpus import Corpus
from bench.filling import AT_ONCE, committing
from briefs.archive import Archive

FIRST, MEMORY = "first look-up after a commit, and once more", "memory at most, MB"


def measured(file: Path, articles: int) -> dict[str, list[list[float]]]:
    """Return milliseconds of look-ups and briefs, by the clock and of the processor, and the memory."""
    corpus = Corpus(articles)
    with Archive.open(f"sqlite:///{file}") as archive:
        search, commit = engines.ours(archive), committing(archive, corpus)

        def brief(words: list[str]) -> list[int]:
            return [len(archive.brief(" ".join(words)).stories)]

        asked = {
            "look-up": (search, corpus.queries()),
            "look-up, common words only": (search, corpus.common()),
            "whole brief": (brief, corpus.queries()),
            "whole brief, common words only": (brief, corpus.common()),
        }
        found = {}
        for name, (ask, queries) in asked.items():
            timing = timed(ask, queries, commit)
            found[name] = [timing.ms, timing.cpu_ms]
        found[FIRST] = [[*after_commit(search, corpus.queries()[::10], commit)]]
    found[MEMORY] = [[most()]]
    return found


def most() -> float:
    """Return the megabytes of memory that this process has had at most."""
    status = Path(f"/proc/{os.getpid()}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def show(results: dict[int, dict[str, list[list[float]]]]) -> Table:
    """Return the table of several sizes."""
    title = f"One process, {AT_ONCE} articles come before every tenth look-up: milliseconds, p50 / p99"
    table = Table("articles", "", "by the clock", "of the processor", title=title)
    table.add_column("processor's growth\nsince the size before", justify="right")
    before, last = dict[str, list[list[float]]](), 0
    for size, found in results.items():
        for name, (ms, *cpu) in found.items():
            told = [p50_p99(one) for one in (ms, *cpu)] if cpu else [" / ".join(f"{one:.0f}" for one in ms), ""]
            grown = growth(before[name][-1], cpu[0], size / last) if cpu and before else ""
            table.add_row(f"{size:,}", name, *told, grown)
        before, last = found, size
    return table


def main(arguments: Sequence[str]) -> None:
    """Measure, and print it as JSON."""
    file, articles = arguments
    print(json.dumps(measured(Path(file), int(articles))))


if __name__ == "__main__":
    main(sys.argv[1:])
