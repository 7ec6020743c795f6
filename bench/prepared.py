"""What `make bench` asks, made ready two things at a time: archives on the one core, peers in memory on the other.

Each is made by a process of its own, one after the other, so that its memory is given back: of a million articles
bm25s wants 12 GB. A peer is asked there as soon as it is ready, while an archive is still filled on the other core.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from bench import bulk, engines
from bench.asking import Timing, timed
from bench.corpus import Corpus
from bench.filling import filled
from tests import postgres

COUNTED = "exact BM25, counted beforehand"  # of the queries that agreement is told of
SLOW, SLOWER, MANY = 30, 10, 200_000  # queries that a slow engine is asked; the same, with more articles than so many
_AGREEING = 60  # queries


@dataclass(frozen=True)
class Prepared:
    """Archives of one corpus. postgres: where there is one. peers: what these were timed at."""

    corpus: Corpus
    file: Path
    postgres: str | None
    peers: dict[str, Timing]

    @property
    def sqlite(self) -> str:
        """The address of SQLite's archive, which is a file."""
        return f"sqlite:///{self.file}"


def prepared(sizes: Sequence[int], room: Path, server: postgres.Server | None) -> list[Prepared]:
    """Fill archives of each size, and ask the peers; what is done is printed once it is."""
    with ExitStack() as closing:
        filling, asking = (closing.enter_context(_one_by_one()) for _ in range(2))
        begun = []
        for corpus in map(Corpus, sizes):
            file, url = room / f"{corpus.articles}.db", server.database() if server else None
            fills = [filling.submit(_fill, corpus, f"sqlite:///{file}")]
            fills += [filling.submit(_fill, corpus, url)] if url else []
            peers = [asking.submit(_asked, peer, corpus) for peer in _PEERS]
            begun.append((corpus, file, url, fills, peers))
        return [_done(*one) for one in begun]


def slow(corpus: Corpus) -> int:
    """Return how many queries an engine is asked that takes seconds for one among a million."""
    return SLOW if corpus.articles <= MANY else SLOWER


def _one_by_one() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1)


def _done(
    corpus: Corpus,
    file: Path,
    url: str | None,
    fills: Sequence[Future[None]],
    peers: Sequence[Future[dict[str, Timing]]],
) -> Prepared:
    for one in fills:
        one.result()
    return Prepared(corpus, file, url, {name: timing for one in peers for name, timing in one.result().items()})


def _fill(corpus: Corpus, url: str) -> None:
    began, name = time.perf_counter(), url.partition(":")[0]
    if name == "sqlite":
        filled(corpus, url).close()
    else:
        bulk.fill(url, corpus)
    took = time.perf_counter() - began
    print(f"{corpus.articles:,} articles in {name}: {took:.0f} s, {corpus.articles / took:,.0f} a second", flush=True)


def _counted(corpus: Corpus) -> dict[str, engines.Search]:
    return {COUNTED: engines.exact_bm25(corpus, corpus.queries()[:_AGREEING])}


# Each, the queries that it is asked, and the memory of an article at most, in kB.
_PEERS: dict[Callable[[Corpus], dict[str, engines.Search]], tuple[Callable[[Corpus], int | None], int]] = {
    _counted: (lambda _: _AGREEING, 2),
    engines.rank_bm25: (slow, 11),
    engines.tantivy: (lambda _: None, 2),
    engines.bm25s: (lambda _: None, 12),
}


def _asked(peer: Callable[[Corpus], dict[str, engines.Search]], corpus: Corpus) -> dict[str, Timing]:
    began, (most, kilobytes) = time.perf_counter(), _PEERS[peer]
    if corpus.articles * kilobytes > _free():
        print(f"left out at {corpus.articles:,}: {peer.__name__}, for want of memory", flush=True)
        return {}
    queries, searches = corpus.queries()[: most(corpus)], peer(corpus)
    ready = time.perf_counter() - began
    timings = {name: timed(search, queries) for name, search in searches.items()}
    for name, timing in timings.items():
        print(f"{corpus.articles:,} articles in {name}: ready after {ready:.0f} s, p50 {timing.p50:.1f} ms", flush=True)
    return timings


def _free() -> int:
    """Return the kilobytes of memory that are to be had."""
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable"))
