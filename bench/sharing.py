"""A thousand channels that read one topic: how often their digests are composed, and how long that takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.corpus import SENTENCE, Corpus, article
from bot.delivery import planning
from bot.delivery.editions import Editor
from briefs.archive import Archive
from briefs.config import Config
from briefs.models import Analysed, Channel
from briefs.store.articles import Articles
from briefs.store.channels import Channels
from briefs.store.outbox import Part, Written
from briefs.store.runs import Runs

NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)
ARTICLES, TOPIC = 5_000, "w300"
LANGUAGES = ("en", "fr", "zh")


@dataclass(frozen=True)
class Sharing:
    """channels: that got a digest. composed: how often. seconds: until all digests were written down."""

    channels: int
    composed: int
    seconds: float


def measure(folder: Path, channels: int) -> Sharing:
    """Bring one topic to so many channels, in three languages."""
    with Archive.open(f"sqlite:///{folder}/sharing.db", clock=lambda: NOON) as archive:
        rooms, kept = [Channel("slack", "T", f"C{number}") for number in range(channels)], Channels(archive.database)
        topic = kept.add_topic(rooms[0], "news", TOPIC, (), "ann", NOON)
        when = {"schedule": "12:00 daily", "zone": "UTC", "next_due": NOON, "next_local": "2026-09-14T12:00"}
        for number, room in enumerate(rooms):
            kept.subscribe(room, topic, **when, position=0, by="ann", now=NOON)
            kept.choose(room, language=LANGUAGES[number % len(LANGUAGES)])
        Articles(archive.database).file(list(_articles()), NOON)
        runs = Runs(archive.database)
        runs.plan(NOON, lambda waiting: planning.plan(waiting, NOON, "newest"))
        editor, brought = Editor(archive, Config.load(None)), 0
        began = time.perf_counter()
        while due := runs.claim(["slack"], NOON, NOON):
            for run in due:
                one = editor.edition(run)
                parts = [Part({"text": one.reply.summary})] if one.reply else []
                brought += len(parts)
                runs.freeze_all([Written(run, parts, one.through, one.until, one.told, one.content)], NOON)
        return Sharing(brought, editor.composed, time.perf_counter() - began)


def _articles() -> Iterator[Analysed]:
    """Give articles of which those with the topic's word tell of it: each of their sentences begins with it."""
    for number, words in enumerate(Corpus(ARTICLES).texts()):
        if TOPIC in words:
            words[::SENTENCE] = [TOPIC] * len(words[::SENTENCE])
        yield article(f"a{number}", words)
