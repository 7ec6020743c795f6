"""An address as people paste it → what can be followed there.

    address | a known kind of site? its feeds | else ask it | a feed | feeds that the page names | the usual paths
            | a list of headlines | a page to watch | why none of these

Eight requests at most, to the host itself, but for where it redirects and what a page or a known site names. Each thing
that is found is one that was asked for and understood.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from statistics import median
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from briefs.discovery.shapes import SHAPES, Shape
from briefs.errors import BriefsError, Refused, SourceError, Unreadable
from briefs.ingest.blocked import unlike
from briefs.ingest.documents import content_type, is_feed, media_type, page_of, read_answer
from briefs.ingest.feeds import Feed, is_summary
from briefs.ingest.fetch import Answer, Fetcher
from briefs.ingest.headlines import read_list
from briefs.ingest.pages import feed_links
from briefs.ingest.prepare import prepare_best
from briefs.ingest.raw import RawItem
from briefs.ingest.readers.fields import web_address
from briefs.models import Analysed
from briefs.text.detection import UNSURE, detect_language
from briefs.workers import Map, in_process

MOST = 8  # requests
_SECONDS = 6.0  # after which nothing more is asked for
_FEEDS = 4  # of one site that are looked at
_USUAL = ("/feed", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json", "/rss")
_NEWEST = 3  # entries that are shown of what was found
_ONE_ARTICLE = re.compile(rb"""og:type["'][^<>]{0,40}content=["']article|"@type"\s*:\s*"\w*Article\"""", re.IGNORECASE)
_FOR_SUBSCRIBERS = re.compile(rb'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)
_SAMPLE = 20  # entries whose words tell the language


@dataclass(frozen=True, slots=True)
class Headline:
    """What one entry is called, and where it is."""

    title: str
    url: str | None
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Followable:
    """Something that can be followed.

    kind: as in sources.yaml: "feed", "list" or "watch". entries: how many it holds now. newest: the first three.
    full: whether whole articles come with it; None where there are none. a_week: articles a week, where dates tell.
    items: its entries as documents.
    """

    kind: str
    address: str
    title: str
    language: str | None
    entries: int
    newest: tuple[Headline, ...]
    full: bool | None
    a_week: float | None
    items: tuple[RawItem, ...]


@dataclass(frozen=True, slots=True)
class Discovery:
    """What there is at an address, best first; where that is nothing, why."""

    found: tuple[Followable, ...]
    refused: BriefsError | None = None


def discover(
    typed: str,
    *,
    fetcher: Fetcher,
    map: Map = in_process,
    allow: Sequence[str] = (),
    bridge: str | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Discovery:
    """Find what can be followed at an address; "https://" may be left out.

    map: reads what strangers wrote, as for `gather`. allow: where the address may lead beside the open internet, as
    `Source.allow`. bridge: the address of an RSSHub instance, for sites without feeds. clock: seconds.
    """
    try:
        address = web_address(_whole(typed))
    except ValueError:
        refused = Refused("{address}: this is no web address; paste one such as https://www.example.org", address=typed)
        return Discovery((), refused)
    attempt = _Attempt(fetcher, map, allow, clock)
    parts = urlsplit(address)
    # On any host, it is told by the path.
    shape = next((one for one in SHAPES if one.takes(parts) and (one.hosts or one.feeds(parts))), None)
    found = tuple(attempt.known(shape, parts, bridge)) if shape else ()
    if not found and attempt.problem is None:
        found = tuple(attempt.asked(address, shape))
    return Discovery(found, None if found else attempt.problem)


def _whole(typed: str) -> str:
    typed = typed.strip().removeprefix("<").removesuffix(">")
    if re.search(r"\s", typed):
        raise ValueError
    typed = re.sub(r"^feed:(?://(?!/))?(?=https?:)", "", typed)
    typed = re.sub(r"^feed://", "http://", typed)
    return typed if "://" in typed else f"https://{typed}"


class _Attempt:
    """One search: what it may still ask, and what first went wrong."""

    def __init__(self, fetcher: Fetcher, map_: Map, allow: Sequence[str], clock: Callable[[], float]) -> None:
        self._fetcher, self._map, self._allow, self._clock = fetcher, map_, allow, clock
        self._left, self._until = MOST, clock() + _SECONDS
        self.problem: BriefsError | None = None

    def known(self, shape: Shape, parts: SplitResult, bridge: str | None) -> Iterator[Followable]:
        """Return the feeds that a site of a known kind has by its address alone."""
        path = shape.bridged(parts)
        if path and not bridge:
            self.problem = Unreadable(
                "{address}: {site} has no feeds; name an RSSHub instance as bridge: in settings.yaml",
                address=parts.geturl(),
                site=shape.name,
            )
        bridged = [f"{bridge.rstrip('/')}{path}"] if path and bridge else []
        yield from self._feeds([*shape.feeds(parts), *bridged])

    def asked(self, address: str, shape: Shape | None) -> Iterator[Followable]:
        """Return what the page at an address is, or leads to."""
        parts = urlsplit(address)
        answer = self._get((shape.looks(parts) if shape else "") or address, told=True)
        if answer is None:
            return
        if is_feed(answer.body):
            yield from filter(None, [self._feed(answer)])
            return
        within = shape.within(parts, answer.body) if shape else ()
        named = sorted(feed_links(answer.body, answer.address), key=lambda one: "comment" in one.lower())
        feeds = list(self._feeds([*within, *named])) or list(self._usual(answer))
        yield from feeds or self._page(answer)

    def _usual(self, answer: Answer) -> Iterator[Followable]:
        if media_type(answer.body, answer.media_type).endswith(("html", "html+xml")):
            # The first that is there: the others are the same, or of something else.
            for path in _USUAL:
                if found := next(self._feeds([urljoin(answer.address, path)]), None):
                    yield found
                    return

    def _page(self, answer: Answer) -> Iterator[Followable]:
        if wrong := unlike(answer.body, answer.address):
            self.problem = wrong
            return
        ways = [self._list, self._watched]
        if _ONE_ARTICLE.search(answer.body):  # what it lists is what else the site would have us read
            ways.reverse()
        yield from filter(None, (way(answer) for way in ways))

    # ---- each kind

    def _feeds(self, addresses: Iterable[str]) -> Iterator[Followable]:
        seen: set[str] = set()
        for address in list(dict.fromkeys(addresses))[:_FEEDS]:
            answer = self._get(address)
            if answer and answer.address not in seen and is_feed(answer.body) and (found := self._feed(answer)):
                seen.add(answer.address)
                yield replace(found, address=answer.moved or address)

    def _feed(self, answer: Answer) -> Followable | None:
        feed = self._read(read_answer, (answer.body, answer.address, content_type(answer)))
        return feed and _listed("feed", answer.address, feed)

    def _list(self, answer: Answer) -> Followable | None:
        feed = self._read(read_list, (answer.body, answer.address, content_type(answer)))
        return feed and _listed("list", answer.address, feed)

    def _watched(self, answer: Answer) -> Followable | None:
        read: Analysed | None = self._read(prepare_best, (page_of(answer),))
        if read is None:
            return None
        if _FOR_SUBSCRIBERS.search(answer.body):
            self.problem = Unreadable(
                "{address}: the site shows the beginning alone to whoever does not pay; look for its feed",
                address=answer.address,
            )
            return None
        article = read.article
        newest = (Headline(article.title, article.url, article.published),)
        item = page_of(answer)
        return Followable("watch", answer.address, article.title, article.language, 1, newest, True, None, (item,))

    # ---- asking and reading

    def _get(self, address: str, *, told: bool = False) -> Answer | None:
        """Ask for an address, if there is a request left. told: what goes wrong is what people are told."""
        if not self._left or self._clock() > self._until:
            return None
        self._left -= 1
        try:
            return self._fetcher.get(address, allow=self._allow)
        except SourceError as error:
            if told:
                self.problem = error
            return None

    def _read(self, function: Callable[[Any], Any], sent: object) -> Any:
        (result,) = self._map(function, [sent])
        if isinstance(result, BriefsError):
            self.problem = result
            return None
        return result


def _listed(kind: str, address: str, feed: Feed) -> Followable:
    entries = feed.entries
    items = tuple(entry.item(feed.title, feed.page) for entry in entries)
    said = "\n".join(f"{entry.title}\n{entry.text[:500]}" for entry in entries[:_SAMPLE])
    detected = detect_language(said)
    dated = sorted((entry for entry in entries if entry.published), key=attrgetter("published"), reverse=True)
    newest = (*dated, *(entry for entry in entries if entry.published is None))[:_NEWEST]
    return Followable(
        kind=kind,
        address=address,
        title=feed.title or urlsplit(address).hostname or address,
        language=feed.language if detected == UNSURE else detected,
        entries=len(entries),
        newest=tuple(Headline(entry.title, entry.url, entry.published) for entry in newest),
        full=median([not is_summary(item) for item in items]) > 0.5 if items else None,
        a_week=_a_week([entry.published for entry in dated if entry.published]),
        items=items,
    )


def _a_week(published: Sequence[datetime]) -> float | None:
    """Return how many come in a week, by the usual gap between them; newest first."""
    with suppress(ZeroDivisionError):
        if len(published) > 1:
            return 7 * 86_400 * (len(published) - 1) / (published[0] - published[-1]).total_seconds()
    return None
