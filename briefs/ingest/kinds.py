"""What a document is, by its bytes: servers name types that the bytes are not."""

from __future__ import annotations

import re

_HEAD = 2048  # bytes that tell what a document is
_BOM = b"\xef\xbb\xbf"
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_FEED = re.compile(rb"<(?:rss|feed|rdf:rdf|channel)[\s>]|^\{[^{}]{0,200}https?:\\?/\\?/jsonfeed\.org", re.IGNORECASE)
_MARKUP = ("text/html", "application/xhtml+xml")


def is_feed(body: bytes) -> bool:
    """Whether this looks like a feed."""
    head = body[:_HEAD].removeprefix(_BOM).lstrip()
    html, feed = _HTML.search(head), _FEED.search(head)
    return bool(feed and (html is None or feed.start() < html.start()))


def media_type(body: bytes, named: str) -> str:
    """Return the media type of a page: what its bytes show, else what it is named."""
    head = body[:_HEAD].removeprefix(_BOM).lstrip()
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if _HTML.match(head) or (head.startswith(b"<") and _HTML.search(head) and not named.startswith("text/markdown")):
        return named if named in _MARKUP else "text/html"
    return named
