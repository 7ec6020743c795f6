"""`python -m bench.visibility`: what it costs that each workspace sees its own sources only, beside seeing all.

100,000 articles of 2,000 sources, and 1,000 workspaces that follow 300 of them each: where all sources are private, and
where nine of ten are everybody's. Each question is asked twice, one after the other: for all eyes, then for one
workspace's; the ratio is what counts.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import delete, insert, select

from bench.corpus import Corpus, word
from briefs.archive import Archive
from briefs.models import Channel
from briefs.store import schema
from briefs.store.articles import Articles
from briefs.topics import Topic, parse_topic
from tests import postgres

ARTICLES, SOURCES, WORKSPACES, FOLLOWED = 100_000, 2_000, 1_000, 300
ASKED, DIGESTS, COMMITS, AT_ONCE = 150, 60, 20, 50
_BATCH = 2_000
Ask = Callable[[Archive, int], object]


@dataclass(frozen=True)
class Cost:
    """Milliseconds at the median, for all eyes and for one workspace's: by the clock, and of this process."""

    without: float
    seen: float
    cpu_without: float
    cpu_seen: float


def share_out(archive: Archive, private: float) -> None:
    """Give each article a source, one in ten two of them, so many of which are private; and let workspaces follow."""
    draw, numbers = random.Random(5), range(1, SOURCES + 1)
    with archive.database.write() as connection:
        for table in (schema.article_source, schema.follow, schema.source):
            connection.execute(delete(table))
        sources = [{"id": n, "address": f"https://s{n}.example", "kind": "feed"} for n in numbers]
        connection.execute(insert(schema.source), [one | {"everybody": draw.random() >= private} for one in sources])
        rows = connection.scalars(select(schema.article.c.row)).all()
        listed = ((row, {draw.choice(numbers), *draw.choices(numbers, k=draw.random() < 0.1)}) for row in rows)
        made = [{"article_row": row, "source_id": number} for row, some in listed for number in some]
        connection.execute(insert(schema.article_source), made)
        plain = {"platform": "slack", "created_by": "ann", "created_at": 0, "muted": False}
        follows = ((f"T{n}", number) for n in range(WORKSPACES) for number in draw.sample(numbers, FOLLOWED))
        connection.execute(
            insert(schema.follow), [plain | {"workspace": one, "source_id": number} for one, number in follows]
        )


def measure(archive: Archive) -> Iterator[tuple[str, Cost]]:
    """Ask what people ask, and file what comes in."""
    queries = [" ".join(words) for words in Corpus(ARTICLES).queries(ASKED)]
    topics = [Topic(str(n), parse_topic(f"{word(250 + n)} | {word(2_500 + n)}")) for n in range(DIGESTS)]
    after = archive.position() - 20_000
    for topic in topics:
        archive.digest(topic, after=after)
    yield "look-up", compared(archive, len(queries), lambda eyes, n: eyes.search(queries[n]))
    yield "answer", compared(archive, len(queries), lambda eyes, n: eyes.brief(queries[n]))
    yield "digest", compared(archive, len(topics), lambda eyes, n: eyes.digest(topics[n], after=after))
    yield "filing and matching 50", filed(archive)


def compared(archive: Archive, count: int, ask: Ask) -> Cost:
    """Ask each question with all eyes, and with those of a workspace."""
    draw, taken = random.Random(1), list[tuple[float, ...]]()
    eyes = [archive.seen_by(Channel("slack", f"T{draw.randrange(WORKSPACES)}", "C")) for _ in range(count)]
    for n in range(3):
        ask(archive, n), ask(eyes[n], n)
    for n, one in enumerate(eyes):
        taken.append((*timed(lambda n=n: ask(archive, n)), *timed(lambda n=n, one=one: ask(one, n))))  # type: ignore[misc]
    wall, cpu, seen_wall, seen_cpu = map(statistics.median, zip(*taken, strict=True))
    return Cost(wall, seen_wall, cpu, seen_cpu)


def filed(archive: Archive) -> Cost:
    """File articles with their sources noted, and without."""
    coming = Corpus(ARTICLES).later()
    taken = []
    for _ in range(COMMITS):
        plain, listed = list(islice(coming, AT_ONCE)), list(islice(coming, AT_ONCE))
        brought = {one.article.id: [f"https://s{n + 1}.example"] for n, one in enumerate(listed)}
        first = timed(lambda plain=plain: archive.file(plain))  # type: ignore[misc]
        taken.append((*first, *timed(lambda listed=listed, brought=brought: archive.file(listed, brought))))  # type: ignore[misc]
    wall, cpu, seen_wall, seen_cpu = map(statistics.median, zip(*taken, strict=True))
    return Cost(wall, seen_wall, cpu, seen_cpu)


def timed(do: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds that something takes, by the clock and of this process."""
    began, cpu = time.perf_counter(), time.process_time()
    do()
    return (time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000


@contextmanager
def filled(url: str) -> Iterator[Archive]:
    """Open an archive with the articles."""
    with Archive.open(url) as archive:
        filing, articles = Articles(archive.database), Corpus(ARTICLES).analysed()
        while archive.position() < ARTICLES and (batch := list(islice(articles, _BATCH))):
            filing.file(batch, datetime.now(UTC))
        yield archive


def show(url: str, kind: str, table: Table) -> None:
    """Measure on one database."""
    with filled(url) as archive:
        for private in (1.0, 0.1):
            share_out(archive, private)
            for what, cost in measure(archive):
                row = (f"{cost.without:.1f}", f"{cost.seen:.1f}", f"{cost.seen / cost.without:.2f}")
                table.add_row(kind, f"{private:.0%}", what, *row, f"{cost.cpu_seen / cost.cpu_without:.2f}")


if __name__ == "__main__":
    shown = Table("database", "private", "what", "p50 ms", "p50 ms, own eyes", "ratio", "of the processor's time")
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if sys.argv[1:] else f"sqlite:///{Path(folder) / 'seen.db'}"
        show(url, url.partition(":")[0], shown)
        if not sys.argv[1:]:
            with postgres.server() as server:
                show(server.database(), "postgresql", shown)
    Console().print(shown)
