"""RSS, Atom, CDF and JSON feeds, broken ones too → their entries.

    bytes | JSON, or a tree of XML, repaired where it must be | what each entry states | dates, ids | Feed

A feed is a stranger's file: `read_feed` runs in a worker process that has limits (see `briefs.workers`).
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from briefs.errors import Refused, Unreadable
from briefs.ingest.feeds import dates, decoding, entries, json_feed, xml
from briefs.ingest.feeds.entries import Draft, Stated
from briefs.ingest.feeds.markup import plain
from briefs.ingest.feeds.model import Entry, Feed, Repair, Rhythm
from briefs.ingest.feeds.naming import named
from briefs.ingest.pages import feed_links
from briefs.ingest.raw import RawItem

MAX_ENTRIES = 500  # the newest; the rest of a longer feed has been seen before
_MAX_TITLE = 500  # characters
_ENOUGH = 600  # characters of an entry's own text from which on it is the article and no summary


def read_feed(body: bytes, address: str, *, content_type: str | None = None, now: datetime | None = None) -> Feed:
    """Return what a feed holds that was found at `address`, as far as it can be read; what was repaired is said.

    content_type: as its server named it, with the charset. now: the present, for what is dated in the future.
    An entry's text is its content, else its summary, else "". Its url is its http(s) link, else its id where that is
    an http(s) address, else None. Dates that cannot be read are None, and so are those before 1990 or
    more than two days ahead. An entry that says nothing at all is refused.
    Raises Unreadable when this is no feed (for a web page, naming the feeds it declares), Refused when it declares
    entities that stand for files or for more and more text.
    """
    said, repairs = _stated(body, address, content_type)
    drafts = [draft for draft in said.drafts if _says_something(draft)]
    published = dates.moments((draft.dates for draft in drafts), said.language, now or datetime.now(UTC))
    names = list(named(drafts, address))
    read = (
        Entry(
            id=name,
            title=draft.title[:_MAX_TITLE],
            url=draft.url,
            body=draft.body,
            published=at,
            author=draft.author,
            language=draft.language or said.language,
            own=own,
        )
        for draft, at, (name, own) in zip(drafts, published, names, strict=True)
    )
    return Feed(
        said.title,
        said.language,
        said.page,
        _newest(tuple(read)),
        tuple(_refused(said.drafts, len(drafts), address)),
        tuple(dict.fromkeys(repairs)),
        said.rhythm,
    )


def is_summary(item: RawItem) -> bool:
    """Whether a feed entry carries too little to be the article itself, so that its page should be asked for."""
    return len(plain(item.body.decode("utf-8", "replace"))) < _ENOUGH


def _stated(body: bytes, address: str, content_type: str | None) -> tuple[Stated, Sequence[Repair]]:
    readers = (_json, _xml) if decoding.is_json(body) else (_xml, _json) if b"jsonfeed.org" in body else (_xml,)
    for read in readers:  # a damaged feed may not begin as what it is
        if found := read(body, address, content_type):
            return found
    raise _no_feed(body, address)


def _json(body: bytes, address: str, content_type: str | None) -> tuple[Stated, Sequence[Repair]] | None:
    decoded = decoding.decode(body, content_type)
    found = json_feed.stated(decoded.text, address)
    return found and (found[0], (*(("encoding",) if decoded.mended else ()), *found[1]))


def _xml(body: bytes, address: str, content_type: str | None) -> tuple[Stated, Sequence[Repair]] | None:
    tree = xml.tree(body, address, content_type)
    return (entries.stated(tree, address), tree.repairs) if tree else None


def _says_something(draft: Draft) -> bool:
    return any((draft.title, draft.body.text, draft.url, draft.guid, draft.author, *draft.dates))


def _newest(read: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Leave the oldest out of a feed that is too long; an entry without a date is as old as the one before it."""
    if len(read) <= MAX_ENTRIES:
        return read
    ages, last = [], next((entry.published for entry in read if entry.published), datetime.now(UTC))
    for place, entry in enumerate(read):
        last = entry.published or last
        ages.append((last, -place))
    kept = sorted(sorted(range(len(read)), key=ages.__getitem__)[-MAX_ENTRIES:])
    return tuple(read[place] for place in kept)


def _refused(drafts: Sequence[Draft], read: int, address: str) -> Iterator[Refused]:
    if count := len(drafts) - read:
        yield Refused(
            "{address}: entries that say nothing, which were left out: {count}; tell its publisher",
            address=address,
            count=count,
        )


def _no_feed(body: bytes, address: str) -> Unreadable:
    head = body[:2000].lstrip().lower()
    if not (head.startswith((b"<!doctype html", b"<html")) or b"<html" in head or b"<body" in head):
        return Unreadable("{address}: this is not an RSS, Atom or JSON feed; check the address", address=address)
    declared = feed_links(body, address)
    if declared:
        return Unreadable(
            "{address}: this is a web page, not a feed; it names its feed: {feed}", address=address, feed=declared[0]
        )
    return Unreadable(
        "{address}: this is a web page, not a feed; give the address of its feed, or add it as a page", address=address
    )
