"""`make bench-cluster`: the articles' index on one node of OpenSearch and on three, beside SQLite's own. Trust ratios.

Up to BESIDE articles are filed in SQLite, where that is quick, and brought to the cluster by the relay; then both are
asked the same, by one and by CLIENTS at once. More are put into the cluster straight, and it alone is asked for the
hundred articles that it would hand over to be ranked: the database's share of a look-up is `python -m bench`'s.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Semaphore
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import engines
from bench.__main__ import agreement
from bench.asking import p50_p99, timed
from bench.corpus import Corpus
from bench.filling import BATCH
from bench.prepared import SLOW
from briefs.archive import Archive
from briefs.errors import IndexAway
from briefs.index import index_of
from briefs.index.cluster import Cluster, IndexDocument, fields_of
from briefs.index.opensearch import OpenSearchIndex, written
from briefs.index.port import CANDIDATES, SearchIndex
from briefs.index.within import Within
from briefs.store.articles import Articles
from briefs.store.database import Database
from briefs.store.relaying import Relay
from tests import opensearch

SIZES, NODES = (100_000, 1_000_000), (1, 3)
BESIDE = 200_000  # articles: with more, no database is beside the cluster
HEAP = "1g"
# It is asked for minutes, so let it become fast; and as OpenSearch sets it up, which refuses work as its memory fills.
JAVA = "-XX:+UseG1GC -XX:G1ReservePercent=25 -XX:InitiatingHeapOccupancyPercent=30"
CLIENTS = 8
FOUND = 20  # articles that are filed one by one, and looked for
WORDS = 5  # of it, that are looked for
_PUT_AT_ONCE, _PUTTING = 1_000, 2  # articles of a bulk; bulks under way
_TRIES = 60  # a second apart
_IN_BULK = {"refresh_interval": "-1", "auto_expand_replicas": "false", "number_of_replicas": 0}
_IN_USE = {"refresh_interval": "1s", "auto_expand_replicas": "0-1"}
console = Console(width=140)
Search = Callable[[list[str]], list[int]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.cluster", description="Measure an index on a cluster.")
    parser.add_argument("--articles", type=int, nargs="+", default=SIZES, help="default: 100000 1000000")
    parser.add_argument("--nodes", type=int, nargs="+", default=NODES, help="default: 1 3")
    asked = parser.parse_args()
    os.environ.setdefault("NODES_JAVA", JAVA)
    for articles in asked.articles:
        corpus = Corpus(articles)
        exact = engines.exact_bm25(corpus, corpus.queries()[:SLOW])
        with tempfile.TemporaryDirectory() as room:
            filed = _filed(corpus, Path(room)) if articles <= BESIDE else None
            for count in asked.nodes:
                with opensearch.nodes(count, HEAP) as nodes, closing(Cluster(nodes.address())) as cluster:
                    measured = Measured(corpus, exact, cluster, [nodes.pid(n) for n in range(1, count + 1)])
                    console.print(measured.beside(filed) if filed else measured.alone())


def _filed(corpus: Corpus, room: Path) -> Path:
    file, started = room / "briefs.db", time.perf_counter()
    with Database.open(f"sqlite:///{file}") as database:
        filing, articles = Articles(database), corpus.analysed()
        while batch := list(islice(articles, BATCH)):
            filing.file(batch, datetime.now(UTC))
    console.print(
        f"{corpus.articles:,} articles filed in SQLite at {corpus.articles / (time.perf_counter() - started):,.0f}/s"
    )
    return file


class Measured:
    """Measures one cluster. exact: answers the first SLOW queries by exact BM25. nodes: their processes."""

    def __init__(self, corpus: Corpus, exact: Search, cluster: Cluster, nodes: Sequence[int]) -> None:
        self._corpus, self._cluster, self._nodes = corpus, cluster, nodes
        self._queries = corpus.queries()
        self._best = timed(exact, self._queries[:SLOW])
        title = f"{corpus.articles:,} articles, nodes: {len(nodes)}"
        self._table = Table("", "agreement", "p50 / p99", "processor: ours, nodes'", title=title)
        self._table.add_column(f"{CLIENTS} clients, p50 / p99, a second")

    def beside(self, filed: Path) -> Table:
        """Measure with a copy of a database beside, as the program asks."""
        copy = shutil.copy(filed, filed.with_name("copy.db"))
        with Database.open(f"sqlite:///{copy}") as database:
            relay = Relay(database, self._cluster)
            self._brought(lambda: [*relay.send()])
            console.print(relay.state().says)
            own = index_of(database.shared)
            outside = OpenSearchIndex(self._cluster, own)
            indexes: list[tuple[str, SearchIndex]] = [("SQLite", own), ("OpenSearch", outside)]
            for name, index in indexes:
                archive = Archive(database, index=index)
                agrees = agreement(timed(engines.ours_plain(archive, index), self._queries[:SLOW]), self._best)
                self._ask(f"{name}, candidates", f"{agrees:.3f}", partial(_candidates, database, index))
                self._ask(f"{name}, look-up", "", engines.ours(archive))
            console.print(_found(self._corpus, Archive(database, index=outside)))
        return self._table

    def alone(self) -> Table:
        """Measure without a database: what the cluster is asked in each look-up."""
        self._brought(lambda: _put(self._corpus, self._cluster))
        search = partial(_asked_alone, self._cluster)
        handed = timed(search, self._queries[:SLOW]).answers
        ranked = timed(lambda words: search(words)[: engines.TOP], self._queries[:SLOW])
        among = statistics.mean(
            len({*some} & {*best}) / min(len(best), CANDIDATES)
            for some, best in zip(handed, self._best.answers, strict=True)
        )
        agrees = f"{agreement(ranked, self._best):.3f}; {among:.3f} among {CANDIDATES}"
        self._ask("OpenSearch, candidates", agrees, search)
        return self._table

    def _brought(self, bring: Callable[[], object]) -> None:
        busy, started = self._cpu(), time.perf_counter()
        bring()
        took, spent = time.perf_counter() - started, self._cpu() - busy
        stored, articles = _stored(self._cluster), self._corpus.articles
        each = f"{1000 * spent / articles:.2f} ms of the nodes' processor and {stored / articles:,.0f} B each"
        console.print(f"brought at {articles / took:,.0f}/s, {each}")

    def _ask(self, name: str, agrees: str, search: Search) -> None:
        """Ask every query, one after the other, and then by several threads at once."""
        busy = self._cpu()
        timing = timed(search, self._queries)
        processor = f"{timing.cpu:.1f}, {1000 * (self._cpu() - busy) / len(self._queries):.1f} ms"
        self._table.add_row(name, agrees, p50_p99(timing.ms), processor, _together(search, self._queries))

    def _cpu(self) -> float:
        """Return the seconds that the nodes have kept a processor busy."""
        told = [Path(f"/proc/{node}/stat").read_text().rpartition(")")[2].split() for node in self._nodes]
        return sum(int(one[11]) + int(one[12]) for one in told) / os.sysconf("SC_CLK_TCK")


def _candidates(database: Database, index: SearchIndex, words: list[str]) -> list[int]:
    with database.read() as connection:
        finder, _ = index.on(connection)
        return [one.row for one in finder.candidates([[(word,)] for word in words], Within())]


def _asked_alone(cluster: Cluster, words: list[str]) -> list[int]:
    query = written([[(word,)] for word in words], Within())
    return [row - 1 for row in cluster.search(query, ["_score", {"row": "desc"}], CANDIDATES, cluster.until())]


def _together(search: Search, queries: Sequence[list[str]]) -> str:
    def one(words: list[str]) -> float:
        started = time.perf_counter()
        search(words)
        return (time.perf_counter() - started) * 1000

    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        ms = list(clients.map(one, [*queries, *queries]))
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


# ---------------------------------------------------------------- a cluster that is filled in bulk


def _put(corpus: Corpus, cluster: Cluster) -> None:
    """Put a corpus into a cluster that is made for it, as its database would have it; copies are made in the end."""
    name, key = cluster.free_name(), "bench"
    cluster.make_part(name, key, 0, serves=False)
    indices: Any = cluster._patient.indices
    indices.put_settings(index=f"{name}-0", body={"index": _IN_BULK})
    free = Semaphore(_PUTTING)

    def send(documents: Sequence[IndexDocument]) -> None:
        try:
            for _ in range(_TRIES):  # as the relay does: a node refuses what it has no memory for, and makes room
                with suppress(IndexAway):
                    return cluster.send(name, key, documents, serves=False)
                time.sleep(1)
            return cluster.send(name, key, documents, serves=False)
        finally:
            free.release()

    with ThreadPoolExecutor(_PUTTING) as senders:
        sent, documents = [], _documents(corpus.texts())
        while some := list(islice(documents, _PUT_AT_ONCE)):
            free.acquire()  # no more is drawn than is taken
            sent.append(senders.submit(send, some))
        for one in sent:
            one.result()
    indices.put_settings(index=f"{name}-0", body={"index": _IN_USE})
    cluster.let_serve(name)


def _documents(texts: Iterable[Sequence[str]]) -> Iterator[IndexDocument]:
    now = int(time.time() * 1000)
    plain = {"language": "en", "source": None, "published_at": None, "seen_at": now, "title_terms": ""}
    for row, words in enumerate(texts, start=1):
        yield IndexDocument(row, row, fields_of(plain | {"row": row, "body_terms": " ".join(words)}, ()))


def _stored(cluster: Cluster) -> int:
    """Return how many bytes the index takes on the disk, its parts merged and its copies made."""
    client: Any = cluster._patient
    client.indices.forcemerge(index=cluster.alias, params={"max_num_segments": 1}, request_timeout=1_800)
    client.cluster.health(params={"wait_for_no_initializing_shards": "true", "timeout": "600s"}, request_timeout=600)
    client.indices.flush(index=cluster.alias)
    size: int = client.indices.stats(index=cluster.alias)["_all"]["primaries"]["store"]["size_in_bytes"]
    return size


if __name__ == "__main__":
    main()
