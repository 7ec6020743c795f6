"""`python -m bench.postgres`: look-ups on PostgreSQL beside SQLite's, each question asked of one and then the other.

    --articles N     of both archives (default: 100,000); they are made and thrown away
    --postgres URL   a filled archive is measured as it is; --sqlite URL the same, none: PostgreSQL alone
    --fill URL       an empty one is filled by COPY, over --days days, and nothing is measured

Beside the clock, the processor's time of this process and of the server's that serve it: trust that on a busy machine.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import event

from bench.asking import p50_p99
from bench.bulk import fill
from bench.corpus import Corpus, word
from bench.filling import committing, filled
from bench.visibility import processor, timed
from briefs.archive import Archive
from tests import postgres

ASKED = 100
COMMON = range(20, 200)  # ranks of words that many articles have
Ask = Callable[[Archive, str], object]
KINDS: dict[str, Ask] = {
    "look-up": lambda archive, query: archive.search(query),
    "look-up, recency off": lambda archive, query: archive.search(query, recency=False),
    "whole brief": lambda archive, query: archive.brief(query),
}
console = Console(width=140)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.postgres", description="Measure PostgreSQL beside SQLite.")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=0)
    parser.add_argument("--fill")
    parser.add_argument("--postgres")
    parser.add_argument("--sqlite")
    asked = parser.parse_args()
    corpus = Corpus(asked.articles)
    if asked.fill:
        fill(asked.fill, corpus, asked.days)
        return
    with ExitStack() as closing:
        urls = [url for url in (asked.sqlite, asked.postgres) if url] or _made(closing, corpus)
        _show([closing.enter_context(Archive.open(url)) for url in urls], corpus)


def _made(closing: ExitStack, corpus: Corpus) -> Iterator[str]:
    room = closing.enter_context(tempfile.TemporaryDirectory())
    yield f"sqlite:///{room}/briefs.db"
    filled(corpus, f"sqlite:///{room}/briefs.db").close()
    url = closing.enter_context(postgres.server()).database()
    fill(url, corpus)
    yield url


def _show(archives: Sequence[Archive], corpus: Corpus) -> None:
    queries = [" ".join(words) for words in corpus.queries(ASKED)]
    draw = random.Random(corpus.seed)
    common = [" ".join(word(draw.choice(COMMON)) for _ in range(2)) for _ in range(ASKED // 4)]
    table = Table("", "engine", "p50 / p99", "processor, p50 / p99", "statements, p50 / most")
    for name, ask in KINDS.items():
        _measure(table, name, archives, ask, queries)
        _measure(table, f"{name}, common words only", archives, ask, common)
    _measure(table, "look-up, 50 articles come every 10", archives, KINDS["look-up"], queries, corpus)
    console.print(table)


def _measure(
    table: Table,
    name: str,
    archives: Sequence[Archive],
    ask: Ask,
    queries: Sequence[str],
    coming: Corpus | None = None,
) -> None:
    """Ask every question of each archive in turn. coming: of which AT_ONCE articles are committed before each tenth."""
    for archive in archives:
        for query in queries[:3]:
            ask(archive, query)
    busy = [processor(archive) for archive in archives]
    commits = [committing(archive, coming) for archive in archives] if coming else []
    taken: list[list[tuple[float, float, int]]] = [[] for _ in archives]
    for number, query in enumerate(queries):
        if number % 10 == 0:
            for commit in commits:
                commit()
        for n in range(len(archives)) if number % 2 else reversed(range(len(archives))):
            with _counted(archives[n]) as statements:
                clock, cpu = timed(busy[n], lambda n=n, query=query: ask(archives[n], query))  # type: ignore[misc]
            taken[n].append((clock, cpu, len(statements)))
    for archive, one in zip(archives, taken, strict=True):
        ms, of_cpu, counts = zip(*one, strict=True)
        engine = "PostgreSQL" if archive.database.shared else "SQLite"
        table.add_row(name, engine, p50_p99(ms), p50_p99(of_cpu), f"{statistics.median(counts):.0f} / {max(counts)}")


@contextmanager
def _counted(archive: Archive) -> Iterator[list[str]]:
    """Give a list that takes up the statements of an archive."""
    engine, statements = archive.database._engine, list[str]()

    def note(*said: Any) -> None:
        statements.append(said[2])

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


if __name__ == "__main__":
    main()
