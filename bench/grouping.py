"""How well and how fast articles become stories."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rich.table import Table

from briefs.clustering.clusters import stories
from briefs.models import Article
from tests.releases import releases
from tests.stories import bcubed, events, grouped

_SEED = 5
_WORDS = 300  # an article
_VOCABULARY = 20_000
_STARTED = datetime(2031, 1, 1, tzinfo=UTC)


def _made(count: int) -> Iterator[Article]:
    """Give articles of one language, two thousand over a month: words are drawn as Zipf found them."""
    generator = random.Random(_SEED)
    weights = [1 / (rank + 10) for rank in range(_VOCABULARY)]
    for n in range(count):
        words = generator.choices(range(_VOCABULARY), weights, k=_WORDS)
        text = " ".join(f"w{word}" for word in words)
        yield Article(f"{n}", "", text, "en", published=_STARTED + timedelta(minutes=22 * n))


def _found(articles: Iterable[Article]) -> list[list[str]]:
    return [[article.id for article in story.articles] for story in stories(articles)]


def show(sizes: tuple[int, ...] = (500, 2_000)) -> Table:
    """Return a table: stories of the invented events in three languages, and the time for made-up articles."""
    table = Table("stories", "measured", "wanted")
    known = events()
    count = sum(map(len, known.values()))
    table.add_row(f"B-cubed F1, {count} invented articles, en fr zh", f"{bcubed(grouped(), known):.3f}", "≥ 0.90")
    happened = releases()
    told = [article for articles in happened.values() for article in articles]
    # Nobody's releases: as if nothing were known of what a source repeats.
    of_nobody = _found(replace(article, source=None) for article in told)
    table.add_row(f"the same, {len(told)} releases that repeat what stands under them", "", "")
    table.add_row("  where what a source repeats counts for nothing", f"{bcubed(_found(told), happened):.3f}", "≥ 0.95")
    table.add_row("  where it counts", f"{bcubed(of_nobody, happened):.3f}", "")
    for size in sizes:
        articles = list(_made(size))
        started = time.perf_counter()
        stories(articles)
        table.add_row(f"{size:,} articles grouped", f"{time.perf_counter() - started:.2f} s", "≤ 3 s for 2,000")
    return table
