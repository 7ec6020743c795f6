"""RSS, Atom and JSON feeds → entries as RawItem.

    bytes | format? | fastfeedparser | entry → plain title, address, date, body | Feed

A feed is a stranger's file: `read_feed` runs in a worker process that has limits (see `briefs.workers`).
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import fastfeedparser

from briefs.errors import Refused, Unreadable
from briefs.ingest.feeds.model import Entry as Entry
from briefs.ingest.feeds.model import Feed as Feed
from briefs.ingest.feeds.model import Rhythm as Rhythm
from briefs.ingest.pages import feed_links
from briefs.models import RawItem

MAX_ENTRIES = 500  # newest first as feeds have them; the rest of a longer one has been seen before
_MAX_TITLE = 500
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_ENOUGH = 600  # characters of an entry's own text from which on it is the article and no summary


def read_feed(body: bytes, address: str, *, content_type: str | None = None) -> Feed:
    """Return what a feed holds that was found at `address`; content_type: as its server named it.

    An entry's body is HTML: its content, else its summary, else nothing. Its address is its http(s) link, else its id
    where that is an http(s) address. An entry that only has another id is named by the feed and that id, and linked to
    the feed's own page; one without either is refused. Dates that cannot be read are None. Raises Unreadable when this
    is no feed (for a web page, naming the feeds it declares), Refused when it declares entities, which feeds have no
    need of and bombs are made of.
    """
    if _ENTITY.search(body, 0, 100_000):
        raise Refused("{address}: the feed declares XML entities; ask its publisher for a plain feed", address=address)
    try:
        found = fastfeedparser.parse(_plain_json(body) or body)
    # On a broken feed the parser raises nearly anything; all of it means the same to the reader.
    except Exception as error:
        raise _no_feed(body, address) from error
    about: Mapping[str, Any] = found.get("feed") or {}
    title = plain(str(about.get("title") or ""))
    page = _web_address(about.get("link"), address) or ""
    items = [_item(entry, address, page) for entry in found["entries"][:MAX_ENTRIES]]
    return Feed(
        title,
        entries=tuple(item for item in items if isinstance(item, Entry)),
        refused=tuple(item for item in items if isinstance(item, Refused)),
    )


def is_summary(item: RawItem) -> bool:
    """Whether a feed entry carries too little to be the article itself, so that its page should be asked for."""
    return len(plain(item.body.decode("utf-8", "replace"))) < _ENOUGH


def plain(markup: str) -> str:
    """One line of text without tags, character references and control or formatting characters."""
    text = html.unescape(_TAG.sub(" ", html.unescape(markup[:200_000])))
    text = "".join(c if unicodedata.category(c) not in ("Cc", "Cf", "Cs") else " " for c in text)
    return " ".join(text.split())


def _plain_json(body: bytes) -> bytes | None:
    """Return a JSON feed in the shape that the parser trusts it to have; None for anything else.

    The parser calls methods on whatever stands where an object should be: one odd entry would lose the whole feed.
    """
    if body.lstrip()[:1] != b"{":
        return None
    document = json.loads(body)
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise ValueError("no JSON feed")
    document["items"] = [_plain_entry(item) for item in document["items"] if isinstance(item, dict)]
    document["authors"] = []
    return json.dumps(document).encode()


def _plain_entry(item: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "url", "title", "content_html", "content_text", "summary", "date_published", "date_modified")
    entry: dict[str, Any] = {name: item[name] for name in names if isinstance(item.get(name), str)}
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    entry["authors"] = [
        author for author in authors or () if isinstance(author, dict) and isinstance(author.get("name"), str)
    ]
    return entry


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


def _item(entry: Mapping[str, Any], feed_address: str, feed_page: str) -> Entry | Refused:
    title = plain(str(entry.get("title") or ""))[:_MAX_TITLE]
    address = _address(entry, feed_address)
    name = address or _name(entry, feed_address)
    if name is None:
        return Refused(
            "{address}: the entry “{title}” has neither a web address nor an id; tell the publisher",
            address=feed_address,
            title=title[:80],
        )
    contents: Iterable[Mapping[str, Any]] = entry.get("content") or ()
    texts = [_as_html(str(part.get("value") or ""), str(part.get("type") or "")) for part in contents]
    texts.append(_as_html(str(entry.get("description") or ""), "text/html"))
    return Entry(
        id=name,
        title=title,
        url=address or feed_page or None,
        markup=max(texts, key=len),
        published=_moment(entry.get("published")) or _moment(entry.get("updated")),
        author=plain(str(entry.get("author") or "")) or None,
        own=address is not None,
    )


def _as_html(text: str, media_type: str) -> str:
    return html.escape(text).replace("\n", "<br>") if media_type == "text/plain" else text


def _address(entry: Mapping[str, Any], feed_address: str) -> str | None:
    """Return the entry's own address: its link, which may start at the feed, or its id, which is an address or none."""
    return _web_address(entry.get("link"), feed_address) or _web_address(entry.get("id"), "")


def _web_address(named: object, base: str) -> str | None:
    if not isinstance(named, str) or not named.strip():
        return None
    try:
        address = urljoin(base, named.strip())
        parts = urlsplit(address)
        return address if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None  # not an address, whatever it is


def _name(entry: Mapping[str, Any], feed_address: str) -> str | None:
    """Return a name for an entry by its id within the feed; the parser fills an id that is missing with the link."""
    name = entry.get("id")
    if not isinstance(name, str) or not name.strip() or name == entry.get("link"):
        return None
    return f"{feed_address}#{quote(name.strip(), safe='')}"


def _moment(stated: object) -> datetime | None:
    """Return an ISO date as the parser returns it, in UTC."""
    if not isinstance(stated, str):
        return None
    try:
        moment = datetime.fromisoformat(stated)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
