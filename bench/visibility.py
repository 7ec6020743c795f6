"""`python -m bench.visibility`: what it costs that each workspace sees its own sources only, beside seeing all.

100,000 articles of 2,000 sources, and 1,000 workspaces that follow 300 of them each: where all sources are private, and
where nine of ten are everybody's. Each question is asked twice, one after the other: for all eyes and for one
workspace's, each of them first in turn; the ratio is what counts, and that of the processor's time beside other work.
With addresses, those databases are measured, and filled only where they are empty.
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
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import delete, insert, select, text

from bench.corpus import Corpus, word
from briefs.archive import Archive
from briefs.models import Channel
from briefs.store import schema
from briefs.store.articles import Articles
from briefs.topics import Topic, parse_topic
from tests import postgres

ARTICLES, SOURCES, WORKSPACES, FOLLOWED = 100_000, 2_000, 1_000, 300
ASKED, DIGESTS, COMMITS, AT_ONCE = 100, 40, 16, 50
SEEN = timedelta(days=8)  # ago, when the articles came in: what comes in now joins none of their stories
_BATCH = 2_000
Ask = Callable[[Archive, int], object]


@dataclass(frozen=True)
class Cost:
    """Milliseconds at the median, for all eyes and for one workspace's: by the clock, and of the processor."""

    without: float
    seen: float
    cpu_without: float
    cpu_seen: float


def share_out(archive: Archive, private: float, workspaces: int = WORKSPACES, followed: int = FOLLOWED) -> None:
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
        follows = ((f"T{n}", number) for n in range(workspaces) for number in draw.sample(numbers, followed))
        connection.execute(
            insert(schema.follow), [plain | {"workspace": one, "source_id": number} for one, number in follows]
        )


def measure(archive: Archive) -> Iterator[tuple[str, Cost]]:
    """Ask what people ask, and file what comes in."""
    queries = [" ".join(words) for words in Corpus(ARTICLES).queries(ASKED)]
    words = (f"{word(2_500 + n)} | {word(9_000 + n)}" for n in range(DIGESTS))
    topics = [Topic(str(n), parse_topic(one), kept=True) for n, one in enumerate(words)]
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
    busy = processor(archive)
    for n in range(3):
        ask(archive, n), ask(eyes[n], n)
    for n, one in enumerate(eyes):
        taken.append(alternating(n, busy, lambda n=n: ask(archive, n), lambda n=n, one=one: ask(one, n)))  # type: ignore[misc]
    return Cost(*map(statistics.median, zip(*taken, strict=True)))


def filed(archive: Archive) -> Cost:
    """File articles with their sources noted, and without."""
    coming, busy = Corpus(ARTICLES, seed=archive.position()).later(), processor(archive)
    taken = []
    for n in range(COMMITS):
        plain, listed = list(islice(coming, AT_ONCE)), list(islice(coming, AT_ONCE))
        brought = {one.article.id: [f"https://s{n + 1}.example"] for n, one in enumerate(listed)}
        both = (lambda plain=plain: archive.file(plain), lambda listed=listed, of=brought: archive.file(listed, of))
        taken.append(alternating(n, busy, *both))
    return Cost(*map(statistics.median, zip(*taken, strict=True)))


def alternating(n: int, busy: Callable[[], float], *both: Callable[[], object]) -> tuple[float, ...]:
    """Do two things, one of them first and then the other; give what each took, by the clock and then by `busy`."""
    took = [timed(busy, do) for do in (both if n % 2 else both[::-1])]
    (wall, cpu), (seen_wall, seen_cpu) = took if n % 2 else took[::-1]
    return wall, seen_wall, cpu, seen_cpu


_SERVING = """
    SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
"""


def timed(busy: Callable[[], float], do: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds that something takes, by the clock and of the processor."""
    began, cpu = time.perf_counter(), busy()
    do()
    return (time.perf_counter() - began) * 1000, (busy() - cpu) * 1000


def processor(archive: Archive) -> Callable[[], float]:
    """Give what tells how many seconds this process has had, with those that serve it in PostgreSQL."""
    if not archive.database.shared:
        return time.process_time
    with archive.database.read() as connection:
        serving = connection.scalars(text(_SERVING))
        files = [Path(f"/proc/{pid}/schedstat") for pid in serving]
    return lambda: time.process_time() + sum(int(one.read_text().split()[0]) for one in files) / 1e9


@contextmanager
def filled(url: str) -> Iterator[Archive]:
    """Open an archive with the articles."""
    with Archive.open(url) as archive:
        filing, articles = Articles(archive.database), Corpus(ARTICLES).analysed()
        while archive.position() < ARTICLES and (batch := list(islice(articles, _BATCH))):
            filing.file(batch, datetime.now(UTC) - SEEN)
        yield archive


def show(url: str) -> None:
    """Measure on one database, and say each figure once it is there."""
    with filled(url) as archive:
        for private in (1.0, 0.1):
            share_out(archive, private)
            for what, cost in measure(archive):
                shown = f"{cost.without:8.1f} ms {cost.seen:8.1f} ms  x {cost.seen / cost.without:.2f}"
                of_cpu = f"processor x {cost.cpu_seen / cost.cpu_without:.2f}"
                print(f"{url.partition(':')[0]:12} {private:4.0%} {what:24} {shown}  {of_cpu}", flush=True)


if __name__ == "__main__":
    print(f"{'database':12} private  {'what':21} {'all eyes':>11} {'own eyes':>11}")
    if sys.argv[1:]:
        for address in sys.argv[1:]:
            show(address)
    else:
        with tempfile.TemporaryDirectory() as folder, postgres.server() as server:
            show(f"sqlite:///{Path(folder) / 'seen.db'}")
            show(server.database())
