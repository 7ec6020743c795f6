"""`briefbot check`: configuration, database, secrets, sources, chat connections: what is wrong and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bot import present
from bot.app import App, config_folder, database_address
from bot.base.i18n import Messages
from bot.operations.registry import adapters, none_set
from briefs.errors import BriefsError
from briefs.housekeeping import weight
from briefs.ingest.documents import content_type, read_answer
from briefs.ingest.fetch import Answer, Fetcher
from briefs.masking import masked
from briefs.models import Source
from briefs.workers import Workers


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. says: one line; where it is not well, what is wrong and what to do."""

    of: str
    well: bool
    says: str


async def check_all(folder: Path | None, database: str | None, environment: Mapping[str, str]) -> list[Finding]:
    """Look at everything, in the order in which it is worth putting right."""
    try:
        app = App.open(folder, database, environment=environment)
    except BriefsError as error:
        return [Finding("configuration", False, str(error))]
    with app:
        config = app.config
        counted = f"{len(config.topics)} topics, {len(config.sources)} sources"
        found = [Finding("configuration", True, f"{config_folder(folder)}: {counted}"), _database(app, database)]
        if found[1].well:
            found += _lost_topics(app)
        found += await asyncio.to_thread(lambda: list(_sources(app)))
        if found[1].well:
            found += await _platforms(app)
    return found


def _database(app: App, chosen: str | None) -> Finding:
    try:
        articles = app.archive.size().articles
        room = weight(app.database, app.clock(), app.config.settings.retention)
        messages = Messages("en")
        says = f"{masked(database_address(chosen))}: {articles} articles, {present.room(room, messages)}"
        return Finding("database", True, says)
    except BriefsError as error:
        return Finding("database", False, str(error))


def _lost_topics(app: App) -> Iterator[Finding]:
    for name, subscriptions in app.channels.lost(topic.name for topic in app.config.topics):
        says = (
            f"“{name}” is no longer in topics.yaml, and its subscriptions ({subscriptions}) go on with its last words: "
            "put it back, or subscribe those channels to another topic"
        )
        yield Finding("topics", False, says)


def _sources(app: App) -> Iterator[Finding]:
    web = [source for source in app.config.sources if source.kind in ("feed", "page")]
    if not app.config.sources:
        yield Finding("sources", False, "none is set up: write some in sources.yaml, or briefbot import FEEDS.opml")
    for source in app.config.sources:
        if source.kind in ("file", "folder"):
            there = Path(source.address).exists()
            says = source.address if there else f"{source.address}: there is no such file or folder; see sources.yaml"
            yield Finding(source.kind, there, says)
    with ThreadPoolExecutor(8) as threads, Workers() as workers:
        fetcher = app.fetcher()
        for source, answer in zip(web, threads.map(lambda source: _asked(fetcher, source), web), strict=True):
            if isinstance(answer, Answer) and source.kind == "feed":
                outcome = next(iter(workers.map(_entries, [(answer.body, answer.address, content_type(answer))])))
            else:
                outcome = answer if isinstance(answer, BriefsError) else 1
            if isinstance(outcome, BriefsError):
                yield Finding(source.kind, False, str(outcome))
            else:
                yield Finding(source.kind, True, f"{masked(source.address)}: {outcome} to read")


def _asked(fetcher: Fetcher, source: Source) -> Answer | BriefsError:
    try:
        return fetcher.get(source.address, auth=source.auth, allow=source.allow)
    except BriefsError as error:
        return error


def _entries(feed: tuple[bytes, str, str]) -> int:
    """Count the entries of a feed; runs in a worker process."""
    return len(read_answer(feed).entries)


async def _platforms(app: App) -> list[Finding]:
    try:
        made = adapters(app)
    except BriefsError as error:
        return [Finding("chat", False, str(error))]
    if not made:
        return [Finding("chat", False, none_set())]
    problems = await asyncio.gather(*(adapter.problem() for adapter in made.values()))
    return [
        Finding(name, problem is None, problem or "the tokens are good")
        for name, problem in zip(made, problems, strict=True)
    ]
