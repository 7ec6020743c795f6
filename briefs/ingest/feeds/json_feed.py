"""JSON Feed → what it says of itself, and of each entry; one that is damaged entry by entry."""

import json
import re
from collections.abc import Iterator
from typing import Any

from briefs.ingest.feeds.entries import Draft, Stated, language, web_address
from briefs.ingest.feeds.markup import plain
from briefs.ingest.feeds.model import Body, Repair, Rhythm

_OBJECT = re.compile(r"\{\s*\"")
_TITLE = re.compile(r"\"title\"\s*:\s*(\"[^\"\\]{0,500}\")")
_MOST_DAMAGED = 100  # entries; each costs reading on to where the damage shows
_TELLING = ("id", "url", "title", "content_html", "content_text", "summary")
_decoder = json.JSONDecoder(strict=False)


def stated(text: str, address: str) -> tuple[Stated, tuple[Repair, ...]] | None:
    """Return what a JSON feed says, and what was repaired in it; None where this is none.

    address: where relative addresses start.
    """
    repairs: tuple[Repair, ...] = ()
    document: Any
    try:
        document = _decoder.decode(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        document, repairs = _rescued(text), ("json",)
    if not document:
        return None
    items = [item for item in document["items"] if isinstance(item, dict)]
    said = Stated(
        title=plain(_string(document, "title"), "text"),
        page=web_address(document.get("home_page_url"), address),
        language=language(document.get("language")),
        drafts=tuple(_draft(item, address) for item in items),
        rhythm=Rhythm(),
    )
    return said, repairs


def _draft(item: dict[str, Any], address: str) -> Draft:
    name = item.get("id")
    number = isinstance(name, (int, float)) and not isinstance(name, bool)
    guid = str(name) if number else _string(item, "id").strip()
    url = web_address(_string(item, "url"), address) or web_address(_string(item, "external_url"), address)
    return Draft(
        title=plain(_string(item, "title"), "text"),
        body=_body(item),
        url=url or web_address(guid, ""),
        guid=guid or None,
        dates=tuple(date for key in ("date_published", "date_modified") if (date := _string(item, key))),
        author=next(_authors(item), None),
        language=language(item.get("language")),
    )


def _body(item: dict[str, Any]) -> Body:
    if content := _string(item, "content_html"):
        return Body(content, "html")
    return Body(_string(item, "content_text") or _string(item, "summary"), "text")


def _authors(item: dict[str, Any]) -> Iterator[str]:
    authors = item.get("authors")
    for author in authors if isinstance(authors, list) else [item.get("author")]:
        name = author.get("name") if isinstance(author, dict) else author
        if isinstance(name, str) and (shown := plain(name, "text")):
            yield shown


def _string(given: dict[str, Any], key: str) -> str:
    value = given.get(key)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""  # "\\ud83d" is half a character


# ---------------------------------------------------------------- damaged


def _rescued(text: str) -> dict[str, Any] | None:
    """Return what can be read of a damaged document: its title, and every entry that is whole; None without any."""
    items = list(_whole(text))
    if not items:
        return None
    start, first = items[0]
    if "items" in first:
        return first  # only what stands around it is damaged
    title = _TITLE.search(text[:start])
    return {"title": _decoder.decode(title[1]) if title else "", "items": [item for _, item in items]}


def _whole(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Return the entries that are whole, and where each begins: objects that have what only entries have."""
    damaged, at = 0, -1
    while damaged < _MOST_DAMAGED and (start := _OBJECT.search(text, at + 1)):
        at = start.start()
        try:
            item, end = _decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            damaged += 1
            continue
        is_entry = sum(key in item for key in _TELLING) > 1 and "mime_type" not in item
        if is_entry or isinstance(item.get("items"), list):
            yield at, item
        if is_entry or at > 100:  # what begins at once is the document: its entries are looked for inside
            at = end - 1
