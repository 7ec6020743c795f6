"""`python -m bench.gathering`: what an article costs from the document to its topics, by stage, of processor time.

Into an archive of 100,000 articles of 2,000 sources, of which one in ten is private, with 10,000 workspaces that follow
30 each and 100,000 topics that are kept, further articles come 50 a commit. Every other one repeats an older one but
for one word in ten, so that stories grow. What is one at a time, whatever the number of processes, says how many
articles a second all of them together can take in. With an address, that database is measured, and filled only where
it is empty.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, insert, select

from bench import joining, topics
from bench.corpus import Corpus
from bench.visibility import SOURCES, processor, share_out
from briefs.archive import Archive
from briefs.clustering.incremental import Joining
from briefs.filing import Circles, Prepared, apart, decide
from briefs.index import index_of
from briefs.ingest.prepare import prepare_best
from briefs.ingest.raw import RawItem
from briefs.models import Analysed
from briefs.store import schema
from briefs.store.articles import Articles, digest_of
from briefs.store.sources import Document, Sources
from briefs.text.aliases import Aliases
from briefs.topics.percolator import key_of
from briefs.topics.saved_searches import SavedSearches
from tests import postgres

ARTICLES, TOPICS, WORKSPACES, FOLLOWED = 100_000, 100_000, 10_000, 30
COMMITS, AT_ONCE = 20, 50
STAGES = ("prepare", "decide", "file", "match", "join")
ALONE = STAGES[2:]  # what is one at a time
_BATCH = 2_000


def filled(url: str, articles: int, kept: int, workspaces: int) -> Archive:
    """Open an archive with articles, topics and workspaces; a database that has articles stays as it is."""
    archive, corpus = Archive.open(url), Corpus(articles)
    if archive.position():
        return archive
    filing, keeper, coming = Articles(archive.database), joining.Keeper(archive, corpus), corpus.analysed()
    while batch := list(islice(coming, _BATCH)):
        filing.file(batch, datetime.now(UTC))
        keeper.keep(batch)
    share_out(archive, 0.1, workspaces, FOLLOWED)
    watch(archive, kept)
    return archive


def watch(archive: Archive, kept: int) -> None:
    """Keep topics, as if each had been asked for."""
    plain = {"languages": [], "names": [], "used_at": int(time.time() * 1000)}
    made = {key_of(one, Aliases()): {"expression": str(one.expression), **plain} for one in topics.topics(kept)}
    with archive.database.write() as connection:
        connection.execute(insert(schema.watch), [{"key": key, **one} for key, one in made.items()])
        connection.execute(insert(schema.matched).values(through=archive.position()))


class Stages:
    """One process that gathers, a stage after the other, as `gather` and `Archive.file` have them."""

    def __init__(self, archive: Archive) -> None:
        database, index = archive.database, index_of(archive.database.shared)
        self._sources = Sources(database)
        self._articles = Articles(database)
        self._saved = SavedSearches(database, self._articles, index, Aliases(), lambda: datetime.now(UTC))
        self._joining = Joining(database, Aliases(), lambda: datetime.now(UTC))

    def commit(self, number: int, batch: list[Analysed], timed: Callable[[str, Callable[[], object]], None]) -> None:
        """Take one commit of articles through all stages."""
        source = f"https://s{number % SOURCES + 1}.example"
        items = [(RawItem(one.article.id, page(one), "text/html"),) for one in batch]
        timed("prepare", lambda: [prepare_best(item) for item in items])
        documents = [Document(one.article.id, "digest", one.article.id) for one in batch]
        candidates = [Prepared(document, one, source) for document, one in zip(documents, batch, strict=True)]
        timed("decide", lambda: self._decide(candidates))
        filed = []
        brought = {one.article.id: [source] for one in batch}
        timed("file", lambda: filed.append(self._articles.file(batch, datetime.now(UTC), brought)))
        timed("match", lambda: self._saved.note(filed[0].changed))
        timed("join", self._joining.catch_up)

    def _decide(self, candidates: list[Prepared]) -> None:
        names = [one.document.address for one in candidates]
        self._sources.documents(names)
        batch = apart(candidates, self._sources.holders(names))
        texts = [one.analysed.article for one in batch]
        decide(batch, self._sources.with_content([digest_of(one.title, one.text) for one in texts]), Circles())
        self._sources.remember([one.document for one in batch])


def page(one: Analysed) -> bytes:
    """Return an article as a page of a site."""
    paragraphs = "".join(f"<p>{part}</p>" for part in one.article.text.split(". "))
    frame = "<ul><li><a href='/'>Home</a><li><a href='/news'>News</a></ul>"
    return f"<html><head><title>{one.article.id}</title></head><body>{frame}<article>{paragraphs}</article>".encode()


def measure(archive: Archive, articles: int) -> tuple[dict[str, float], float]:
    """Return the processor's milliseconds an article by stage, at the median, and those of reading all topics once."""
    stages, taken = Stages(archive), defaultdict[str, list[float]](list)
    new = islice(joining.later(Corpus(articles), "https://s.example/"), max(0, archive.position() - articles), None)
    busy = processor(archive)

    def timed(stage: str, do: Callable[[], object]) -> None:
        began = busy()
        do()
        taken[stage].append((busy() - began) * 1000)

    for number in range(COMMITS + 1):
        stages.commit(number, list(islice(new, AT_ONCE)), timed)
    first = taken["match"][0]
    each = {stage: statistics.median(some[1:]) / AT_ONCE for stage, some in taken.items()}
    return each, first - each["match"] * AT_ONCE


def show(url: str, articles: int, kept: int, workspaces: int) -> Table:
    """Measure on one database."""
    with filled(url, articles, kept, workspaces) as archive:
        each, first = measure(archive, articles)
        with archive.database.read() as connection:
            there = [connection.scalar(select(func.count()).select_from(one)) for one in (schema.article, schema.watch)]
        kind = "PostgreSQL" if archive.database.shared else "SQLite"
    table = Table(
        "stage", "ms an article", "articles a second", title=f"{kind}: {there[0]:,} articles, {there[1]:,} topics"
    )
    for stage in STAGES:
        table.add_row(stage, f"{each[stage]:.2f}", f"{1000 / each[stage]:,.0f}" + " at most" * (stage in ALONE))
    table.add_row("all of it, one process", f"{sum(each.values()):.2f}", f"{1000 / sum(each.values()):,.0f}")
    table.add_row("reading the topics, once a process", f"{first:,.0f} ms", "")
    return table


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.gathering", description=__doc__)
    parser.add_argument("address", nargs="*", help="of databases; without any: of both kinds, made for this")
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--topics", type=int, default=TOPICS)
    parser.add_argument("--workspaces", type=int, default=WORKSPACES)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as room, ExitStack() as closing:
        addresses = asked.address or [
            f"sqlite:///{Path(room) / 'gathering.db'}",
            closing.enter_context(postgres.server()).database(),
        ]
        for address in addresses:
            Console(width=120).print(show(address, asked.articles, asked.topics, asked.workspaces))
