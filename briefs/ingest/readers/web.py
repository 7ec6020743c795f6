"""Feeds, pages, watched or not, and lists of headlines: what is asked for over the web."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from briefs.ingest.readers.fields import OnTheWeb, WebAddress
from briefs.ingest.readers.port import Reading, SourceReader
from briefs.models import Source

if TYPE_CHECKING:  # what asks and reads is imported when something is asked for
    from briefs.ingest.feeds import Feed
    from briefs.ingest.fetch import Answer, Fetcher
    from briefs.store.sources import Health


class _Feed(OnTheWeb):
    feed: WebAddress | None = None


class _Page(OnTheWeb):
    page: WebAddress | None = None


class _WatchedPage(OnTheWeb):
    watch: WebAddress | None = None


class _ListPage(OnTheWeb):
    list: WebAddress | None = None


def asked(source: Source, fetcher: Fetcher, memory: Health) -> Answer:
    """Ask for a source at the address that it has by now, unless it is as it was. Raises SourceError.

    One that was read as another kind is asked for in full: what that kind kept of it is not what this one needs.
    """
    from briefs.ingest.fetch import same_place
    from briefs.ingest.polling import MOVED

    moved = memory.moved_to if memory.moves >= MOVED else None
    address = moved or memory.uses or source.address
    # A password is for the host that it was written for, also when the source has moved.
    auth = source.auth if source.auth and same_place(address, source.address) else None
    etag, last_modified = (memory.etag, memory.last_modified) if memory.kind == source.kind else (None, None)
    return fetcher.get(address, auth=auth, allow=source.allow, etag=etag, last_modified=last_modified)


def _read_feed(source: Source, fetcher: Fetcher, memory: Health) -> Reading:
    from briefs.ingest.documents import read_answer

    return _listed(asked(source, fetcher, memory), read_answer)


def _read_page(source: Source, fetcher: Fetcher, memory: Health) -> Reading:
    from briefs.ingest.blocked import unlike
    from briefs.ingest.documents import is_feed, page_of, read_answer

    answer = asked(source, fetcher, memory)
    if answer.not_modified or is_feed(answer.body):
        return _listed(answer, read_answer)
    if wrong := unlike(answer.body, answer.address):
        raise wrong
    return Reading((page_of(answer),), answer=answer)


def _read_list(source: Source, fetcher: Fetcher, memory: Health) -> Reading:
    from briefs.ingest.headlines import read_list

    return _listed(asked(source, fetcher, memory), read_list)


def _listed(answer: Answer, read: Callable[[Any], Feed]) -> Reading:
    from briefs.ingest.documents import content_type

    if answer.not_modified:
        return Reading(answer=answer)
    return Reading(listing=(read, (answer.body, answer.address, content_type(answer))), answer=answer)


# Nobody says which of the two an address is; feeds go by such names, and pages seldom do.
_ENDINGS = (".xml", ".rss", ".atom", ".rdf", ".json")
_NAMES = frozenset({"feed", "feeds", "rss", "atom"})


def _typed_feed(place: str) -> Source | None:
    source = _typed(place, "feed")
    parts = urlsplit(place).path.lower().strip("/").split("/") if source else [""]
    return source if parts[-1].endswith(_ENDINGS) or not _NAMES.isdisjoint(parts) else None


def _typed(place: str, kind: str = "page") -> Source | None:
    # Whoever names a host here means it.
    return Source(place, kind, allow=(urlsplit(place).hostname or "",)) if "://" in place else None


FEED = SourceReader("feed", _Feed, _read_feed, _typed_feed)
PAGE = SourceReader("page", _Page, _read_page, _typed)
WATCHED = SourceReader("watch", _WatchedPage, _read_page, watched=True)
LISTED = SourceReader("list", _ListPage, _read_list)
