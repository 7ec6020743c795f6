"""What servers sent → documents. What one is, its bytes tell: servers name types that the bytes are not."""

import dataclasses
import re

from briefs.errors import SourceError
from briefs.ingest.blocked import unlike
from briefs.ingest.feeds import Feed, read_feed
from briefs.ingest.fetch import Answer
from briefs.ingest.raw import RawItem
from briefs.masking import is_secret, without_secrets
from briefs.models import Source

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


def read_answer(feed: tuple[bytes, str, str]) -> Feed:
    """`read_feed` of body, address and content type, as workers call it; of what is no feed it says what it is."""
    body, address, named = feed
    try:
        return read_feed(body, address, content_type=named)
    except SourceError as error:
        raise unlike(body, address) or error from None


def page_of(answer: Answer) -> RawItem:
    """Return an answer as the page that it is."""
    # What is quoted links to where it stands, and a password is no part of that.
    link = without_secrets(answer.address) if is_secret(answer.address) else None
    kind = dataclasses.replace(answer, media_type=media_type(answer.body, answer.media_type))
    return RawItem(answer.address, answer.body, content_type(kind), link=link)


def content_type(answer: Answer) -> str:
    """Return the content type of an answer, with the charset that its server named."""
    return f"{answer.media_type}; charset={answer.charset}" if answer.charset else answer.media_type


def named(source: Source, item: RawItem) -> RawItem:
    """Return the item, named as its source is, and at an address that a database takes."""
    return dataclasses.replace(
        item,
        address=item.address.encode("utf-8", "replace").decode(),
        source=source.name or item.source,
        language=item.language or source.language,
    )
