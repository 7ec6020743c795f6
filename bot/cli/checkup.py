"""`briefbot check`: configuration, database, secrets, sources, chat connections: what is wrong and what to do."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sized
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bot import present
from bot.app import App, config_folder
from bot.base.i18n import Messages
from bot.cli import output
from bot.operations.registry import adapters, none_set
from briefs.errors import BriefsError, SourceError
from briefs.housekeeping import weight
from briefs.ingest.readers import read
from briefs.ingest.readers.port import Reading
from briefs.masking import masked
from briefs.models import Source
from briefs.store.sources import Health
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
        counted = f"{output.counted(len(config.topics), 'topic')}, {output.counted(len(config.sources), 'source')}"
        found = [Finding("configuration", True, f"{config_folder(folder)}: {counted}")]
        found += _looked("database", _database, app)
        if found[1].well:
            found += _lost_topics(app)
            for of, look in (("replica", _replica), ("index", _index), ("semantic", _semantic)):
                found += _looked(of, look, app)
        found += await asyncio.to_thread(lambda: list(_sources(app)))
        if found[1].well:
            found += await _platforms(app)
    return found


def _looked(of: str, look: Callable[[App], tuple[bool, str] | None], app: App) -> Iterator[Finding]:
    """Find out how a part is, where there is such."""
    try:
        if found := look(app):
            yield Finding(of, *found)
    except BriefsError as error:
        yield Finding(of, False, str(error))


def _database(app: App) -> tuple[bool, str]:
    articles = app.archive.size().articles
    room = weight(app.database, app.clock(), app.config.settings.retention)
    return True, f"{masked(app.address)}: {output.counted(articles, 'article')}, {present.room(room, Messages('en'))}"


def _lost_topics(app: App) -> Iterator[Finding]:
    for name, subscriptions in app.channels.lost(topic.name for topic in app.config.topics):
        says = (
            f"“{name}” is no longer in topics.yaml, and its subscriptions ({subscriptions}) go on with its last words: "
            "put it back, or subscribe those channels to another topic"
        )
        yield Finding("topics", False, says)


def _replica(app: App) -> tuple[bool, str] | None:
    return app.replica.state() if app.replica else None


def _index(app: App) -> tuple[bool, str] | None:
    return app.relay.state()[:2] if app.relay else None


def _semantic(app: App) -> tuple[bool, str] | None:
    dense = app.archive.dense
    if dense is None:
        return None
    dense.get_ready()
    stand = dense.stand()
    return True, f"{dense.model.folder}: {stand.read} of {stand.articles} articles read"


def _sources(app: App) -> Iterator[Finding]:
    sources, fetcher = app.config.sources, app.fetcher()
    if not sources:
        yield Finding("sources", False, "none is set up: write some in sources.yaml, or briefbot import FEEDS.opml")
    with ThreadPoolExecutor(8) as threads, Workers() as workers:
        readings = threads.map(lambda source: read(source, fetcher, Health(source.address, source.kind)), sources)
        for source, reading in zip(sources, readings, strict=True):
            yield _source(source, _counted(reading, workers))


def _source(source: Source, found: int | BriefsError | None) -> Finding:
    if isinstance(found, BriefsError):
        return Finding(source.kind, False, str(found))
    counted = "" if found is None else f": {found} to read"
    return Finding(source.kind, True, f"{masked(source.address)}{counted}")


def _counted(reading: Reading | SourceError, workers: Workers) -> int | BriefsError | None:
    """Count the documents of a source; None where that would mean to read them."""
    if isinstance(reading, SourceError):
        return reading
    if reading.listing is not None:
        parse, sent = reading.listing
        (feed,) = workers.map(parse, [sent])
        return feed if isinstance(feed, BriefsError) else len(feed.entries)
    return len(reading.documents) if isinstance(reading.documents, Sized) else None


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
