"""A look at an address in a worker process, where it can be ended: what people in chat ask for is written by strangers.

    address, topics → a worker: discover | what each thing found would bring | plain data → whoever asked

Asking, parsing and counting all happen there, without passwords, without a way into private networks, and for ten
seconds at the most.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from briefs.clustering.clusters import stories
from briefs.discovery import Followable, Headline, discover
from briefs.errors import BriefsError
from briefs.ingest.fetch import Fetcher
from briefs.ingest.prepare import prepare_best
from briefs.ingest.raw import RawItem
from briefs.models import Analysed, Article
from briefs.text.aliases import Aliases
from briefs.text.analyse import analyse
from briefs.topics import Topic, Verdict
from briefs.workers import Map, Workers, in_process

SECONDS = 9.0  # of all of it; the process has to start, too
_ANSWER = 4.0  # seconds for one page
_COUNTED = 6.5  # seconds after which nothing more is counted


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked at, and for whom. topics: that its stories are counted for. bridge: as `discover` takes it."""

    address: str
    topics: tuple[Topic, ...] = ()
    aliases: Aliases = field(default_factory=Aliases)
    bridge: str | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """What there is at an address, best first, as `described`; where that is nothing, why."""

    found: tuple[Mapping[str, Any], ...]
    refused: BriefsError | None = None


Look = Callable[[Wanted], Looked]


def look(wanted: Wanted) -> Looked:
    """Look at an address in a process of its own; blocks for ten seconds at the most, and a start of Python."""
    with Workers(1, seconds=SECONDS) as workers:
        (seen,) = workers.map(_seen, [wanted])
    return Looked((), seen) if isinstance(seen, BriefsError) else Looked(*seen)


def _seen(wanted: Wanted) -> tuple[tuple[Mapping[str, Any], ...], BriefsError | None]:
    return seen(wanted, Fetcher(seconds=_ANSWER))


def seen(
    wanted: Wanted, fetcher: Fetcher, clock: Callable[[], float] = time.monotonic
) -> tuple[tuple[Mapping[str, Any], ...], BriefsError | None]:
    """Look at an address here; gives what a worker may say. clock: seconds."""
    until = clock() + _COUNTED
    discovery = discover(wanted.address, fetcher=fetcher, bridge=wanted.bridge, clock=clock)

    def counted(found: Followable) -> Mapping[str, int] | None:
        return stories_for(found, wanted.topics, wanted.aliases, in_process) if clock() < until else None

    return tuple(described(one, counted(one)) for one in discovery.found), discovery.refused


def stories_for(found: Followable, topics: Sequence[Topic], aliases: Aliases, map: Map) -> Mapping[str, int]:
    """Return how many stories each topic would have of what is there now; entries without a text go by their titles."""
    whole = ((item,) for item in found.items if item.body.strip())
    titles = (_titled(item) for item in found.items if not item.body.strip())
    articles = [one for one in (*map(prepare_best, whole), *map(analyse, titles)) if isinstance(one, Analysed)]
    return {topic.name: _stories(topic, articles, aliases) for topic in topics}


def _stories(topic: Topic, articles: Sequence[Analysed], aliases: Aliases) -> int:
    matcher = topic.matcher(aliases)
    return len(stories((one.article for one in articles if matcher.verdict(one) is Verdict.TAKEN), aliases=aliases))


def _titled(item: RawItem) -> Article:
    title = item.title or ""
    return Article(item.address, title, title, language=item.language, source=item.source, published=item.published)


def described(found: Followable, topics: Mapping[str, int] | None) -> Mapping[str, Any]:
    """Describe something that can be followed, as JSON has it. topics: how many stories it would bring each."""
    return {
        "kind": found.kind,
        "address": found.address,
        "title": found.title,
        "language": found.language,
        "entries": found.entries,
        "newest": [{"title": one.title, "url": one.url, "published": _iso(one)} for one in found.newest],
        "full": found.full,
        "a_week": found.a_week and round(found.a_week, 1),
        "topics": None if topics is None else dict(topics),
    }


def _iso(headline: Headline) -> str | None:
    return headline.published.isoformat().replace("+00:00", "Z") if headline.published else None
