"""`make bench-cluster`: the articles' index on one node of OpenSearch, beside SQLite's own, over the same database.

Articles are filed in SQLite, where that is quick, and brought to the node; then both are asked the same. Trust ratios.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import engines
from bench.__main__ import BATCH, SLOW, agreement, p50_p99, timed
from bench.corpus import Corpus
from briefs.archive import Archive
from briefs.index import index_of
from briefs.index.cluster import Cluster
from briefs.index.opensearch import OpenSearchIndex
from briefs.index.port import SearchIndex
from briefs.index.within import Within
from briefs.store.articles import Articles
from briefs.store.database import Database
from briefs.store.relaying import Relay
from tests import opensearch

CLIENTS = 8
FOUND = 20  # articles that are filed one by one, and looked for
WORDS = 5  # of it, that are looked for
console = Console(width=120)
Search = Callable[[list[str]], list[int]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.cluster", description="Measure an index on one node.")
    parser.add_argument("--articles", type=int, default=100_000)
    asked = parser.parse_args()
    os.environ.setdefault("NODES_JAVA", "-XX:+UseSerialGC")  # it is asked for minutes: let it become fast
    corpus = Corpus(asked.articles)
    with tempfile.TemporaryDirectory() as room, opensearch.nodes(heap="1g") as nodes:
        url = f"sqlite:///{room}/briefs.db"
        started = time.perf_counter()
        _file(corpus, url)
        console.print(
            f"{corpus.articles:,} articles filed at {corpus.articles / (time.perf_counter() - started):,.0f}/s"
        )
        with Database.open(url) as database:
            cluster = Cluster(nodes.address())
            _measure(corpus, database, cluster, nodes.pid(1))
            cluster.close()


def _file(corpus: Corpus, url: str) -> None:
    with Database.open(url) as database:
        filing, articles = Articles(database), corpus.analysed()
        while batch := list(islice(articles, BATCH)):
            filing.file(batch, datetime.now(UTC))


def _measure(corpus: Corpus, database: Database, cluster: Cluster, node: int) -> None:
    relay = Relay(database, cluster)
    busy, started = _cpu(node), time.perf_counter()
    for _ in relay.send():
        pass
    took, spent = time.perf_counter() - started, _cpu(node) - busy
    stored = _stored(cluster)
    each = f"{1000 * spent / corpus.articles:.2f} ms of the node's processor and {stored / corpus.articles:,.0f} B each"
    console.print(f"brought at {corpus.articles / took:,.0f}/s, {each}; {relay.state().says}")
    own = index_of(database.shared)
    outside = OpenSearchIndex(cluster, own)
    exact, _ = engines.rank_bm25(corpus.texts())
    best = timed(exact, corpus.queries()[:SLOW])
    del exact
    table = Table("", "agreement", "p50 / p99", "processor: ours, node's", f"{CLIENTS} clients, p50 / p99, a second")
    indexes: list[tuple[str, SearchIndex]] = [("SQLite", own), ("OpenSearch", outside)]
    for name, index in indexes:
        archive = Archive(database, index=index)
        agrees = agreement(timed(engines.ours_plain(archive, index), corpus.queries()[:SLOW]), best)
        searches = {"candidates": partial(_candidates, database, index), "look-up": engines.ours(archive)}
        for kind, search in searches.items():
            asked = [*_alone(search, corpus.queries(), node), _together(search, corpus.queries())]
            table.add_row(f"{name}, {kind}", f"{agrees:.3f}", *asked)
    console.print(table)
    console.print(_found(corpus, Archive(database, index=outside)))


def _candidates(database: Database, index: SearchIndex, words: list[str]) -> list[int]:
    with database.read() as connection:
        finder, _ = index.on(connection)
        return [one.row for one in finder.candidates([[(word,)] for word in words], Within())]


def _alone(search: Search, queries: Sequence[list[str]], node: int) -> Iterator[str]:
    busy = _cpu(node)
    timing = timed(search, queries)
    yield p50_p99(timing.ms)
    yield f"{timing.cpu:.1f}, {1000 * (_cpu(node) - busy) / len(queries):.1f} ms"


def _together(search: Search, queries: Sequence[list[str]]) -> str:
    """Ask from several threads at once."""

    def one(words: list[str]) -> float:
        started = time.perf_counter()
        search(words)
        return (time.perf_counter() - started) * 1000

    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        ms = list(clients.map(one, queries * 2))
    return f"{p50_p99(ms)}, {len(ms) / (time.perf_counter() - started):.0f}/s"


def _found(corpus: Corpus, archive: Archive) -> str:
    """File articles that nobody brings to the index, and say how soon each is found."""
    filing, ms = Articles(archive.database), list[float]()
    for number, one in enumerate(islice(corpus.later(), FOUND)):
        filing.file([one], datetime.now(UTC))
        started = time.perf_counter()
        rarest = sorted({*one.body_terms}, key=lambda term: -int(term[1:]))[:WORDS]
        hits = archive.search(" ".join(rarest), 10)
        ms.append((time.perf_counter() - started) * 1000)
        if hits[0].article.id != one.article.id:
            console.print(f"article {number} was not found first")
    return f"found {statistics.median(ms):.0f} ms after the commit, {max(ms):.0f} at most, by {WORDS} words"


def _cpu(pid: int) -> float:
    """Return the seconds that a process has kept a processor busy."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _stored(cluster: Cluster) -> int:
    """Return how many bytes the index takes on the disk, its parts merged."""
    client: Any = cluster._patient
    client.indices.forcemerge(index=cluster.alias, params={"max_num_segments": 1}, request_timeout=600)
    client.indices.flush(index=cluster.alias)
    size: int = client.indices.stats(index=cluster.alias)["_all"]["primaries"]["store"]["size_in_bytes"]
    return size


if __name__ == "__main__":
    main()
