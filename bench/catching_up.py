"""Digests that are overdue: many channels on some topics, each served up to another place and told other things.

The sentences are ones that readers judged, put together anew; every channel's digest is another one.
"""

from __future__ import annotations

import json
import lzma
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.delivery import planning
from bot.delivery.editions import Editor
from briefs.archive import Archive
from briefs.config import Config
from briefs.models import Analysed, Article, Channel
from briefs.store.articles import Articles
from briefs.store.channels import Channels
from briefs.store.memory import Memory
from briefs.store.outbox import DueRun
from briefs.store.runs import Runs
from briefs.text.analyse import analyse

NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)
SENTENCES = 14  # an article
NEW = 400  # articles, of which each channel has seen some
TOLD = 100  # articles that each channel was told of, two sentences each
_JUDGED = Path(__file__).parents[1] / "tests" / "data" / "judged_sentences.jsonl.xz"


@dataclass(frozen=True)
class CatchingUp:
    """digests: composed. alone, together: milliseconds of the processor for one, each by itself and in their round."""

    digests: int
    alone: float
    together: float


def measure(folder: Path, articles: int, topics: int, channels: int) -> CatchingUp:
    """Compose the digests of so many channels on each of so many topics."""
    with Archive.open(f"sqlite:///{folder}/catching_up.db", clock=lambda: NOON) as archive:
        made = list(_articles(articles))
        old, new = made[:-NEW], made[-NEW:]
        filing = Articles(archive.database)
        for start in range(0, len(old), 500):
            filing.file(old[start : start + 500], NOON - timedelta(days=8))
        archive.file(new)
        _subscribe(archive, made, topics, channels)
        runs = Runs(archive.database)
        runs.plan(NOON, lambda waiting: planning.plan(waiting, NOON, "newest"))
        due = runs.claim(["slack"], NOON, NOON, most=topics * channels)
        sample = random.Random(5).sample(due, min(len(due), 24))
        alone = _milliseconds(archive, sample, together=False)
        return CatchingUp(len(due), alone, _milliseconds(archive, due, together=True))


def _milliseconds(archive: Archive, due: Sequence[DueRun], *, together: bool) -> float:
    editor, began = Editor(archive, Config.load(None)), time.process_time()
    for run in due:
        editor.edition(run)
        if not together:
            editor.rest()
    return (time.process_time() - began) * 1000 / len(due)


def _articles(count: int) -> Iterator[Analysed]:
    draw = random.Random(7)
    with lzma.open(_JUDGED, "rt", encoding="utf-8") as lines:
        judged = [one for one in map(json.loads, lines) if one["language"] == "en"]
    for number in range(count):
        text = "\n\n".join(" ".join(one["text"] for one in draw.sample(judged, 2)) for _ in range(SENTENCES // 2))
        published = NOON - timedelta(minutes=5 * (count - number))
        address = f"https://paper{number % 30}.example/{number}"
        title = draw.choice(judged)["title"]
        yield analyse(
            Article(f"a{number}", title, text, "en", address, source=f"Paper {number % 30}", published=published)
        )


def _subscribe(archive: Archive, articles: Sequence[Analysed], topics: int, channels: int) -> None:
    kept, memory, draw = Channels(archive.database), Memory(archive.database), random.Random(9)
    having = defaultdict(list)
    for analysed in articles:
        for term in sorted(set(analysed.body_terms)):
            having[term].append(analysed)
    frequency = Counter({term: len(found) for term, found in having.items() if term.isalpha() and len(term) > 5})
    words = [term for term, found in frequency.most_common() if found <= len(articles) / 12][:topics]
    when = {"schedule": "12:00 daily", "zone": "UTC", "next_due": NOON, "next_local": "2026-09-14T12:00"}
    for word in words:
        topic = kept.add_topic(Channel("slack", "T", "C0"), word, word, (), "ann", NOON)
        for number in range(channels):
            room = Channel("slack", "T", f"{word}{number}")
            place = len(articles) - NEW + draw.randrange(4) * 20
            kept.subscribe(room, topic, **when, position=place, by="ann", now=NOON)
            told = draw.sample(articles[:-NEW], TOLD)
            said = {one.article.id: [one.article.text[s.start : s.end] for s in one.sentences[:2]] for one in told}
            memory.tell(room, said, NOON - timedelta(days=1))
