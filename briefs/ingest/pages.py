"""Web pages → their main text and what they say of themselves."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urljoin, urlsplit

from lxml import html as lxml_html
from lxml.etree import LxmlError
from trafilatura import bare_extraction

from briefs.ingest.charset import declared_charset, decode
from briefs.models import Extract

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs what it then returns as "nothing found"
logging.getLogger("htmldate").setLevel(logging.CRITICAL)

_HEAD = 4096  # bytes in which a page declares its charset
_LANGUAGE = re.compile(r"<html\b[^>]{0,400}?\blang\s*=\s*[\"']?([a-zA-Z]{2,3})(?=[\"'\s>_-])", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


def extract(html: bytes, url: str | None = None, *, charset: str | None = None) -> Extract:
    """The main text of a page with its title, date, language, author, site and canonical address.

    html: the page as it came over the wire, not compressed. url: where it came from; relative addresses start there.
    charset: what the server named, else the page's own declaration counts.
    What the page does not say is None; a page with no main text has the text "". Paragraphs are apart by newlines.
    The date is a day at midnight UTC. Never raises on a broken page.
    """
    head = html[:_HEAD].decode("latin-1")
    # lxml refuses text that still declares an encoding.
    page = _XML_DECLARATION.sub("", decode(html, charset or declared_charset(head)))
    # By measurement (two sets of pages, F1): precision 97.5 / 92.3, normal 96.5 / 92.7, fast 97.2 / 90.9.
    found = (
        bare_extraction(page, url=url, favor_precision=True, include_comments=False, with_metadata=True)
        if page.strip()
        else None
    )
    if found is None:
        return Extract(title="", text="")
    language = _LANGUAGE.search(page[:_HEAD])
    return Extract(
        title=found.title or "",
        text=found.text or "",
        published=_day(found.date),
        language=language.group(1).lower() if language else None,
        author=found.author or None,
        source=found.sitename or found.hostname or None,
        url=_canonical(found.url, url),
    )


_BLOCK = re.compile(
    r"<(?:br|/?(?:p|div|li|ul|ol|h[1-6]|blockquote|tr|table|section|article|figure|figcaption|pre))\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    r"<!--.{0,20000}?-->|<(script|style|template|svg)\b.{0,200000}?</\1\s*>", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")


def is_fragment(html: bytes) -> bool:
    """Whether this is a piece of a page, as feeds carry it, with nothing around the text."""
    return re.search(rb"<(?:html|body|!doctype)\b", html[:_HEAD], re.IGNORECASE) is None


def fragment_text(html: bytes) -> str:
    """All text of a piece of a page; blocks are lines."""
    text = _BLOCK.sub("\n", _UNSEEN.sub(" ", re.sub(r"\s+", " ", decode(html))))
    return unescape(_TAG.sub("", text)).strip()


def _day(stated: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(stated).replace(tzinfo=UTC) if stated else None
    except ValueError:
        return None  # a date outside the calendar


def _canonical(named: str | None, url: str | None) -> str | None:
    """The address a page names as its own, unless it leads to another site: then the page may not be believed."""
    if not named or urlsplit(named).scheme not in ("http", "https"):
        return None
    if url and _site(named) != _site(url):
        return None
    return named


def _site(address: str) -> str:
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    return host.removeprefix("m.").removeprefix("amp.")


def feed_links(html: bytes, url: str) -> tuple[str, ...]:
    """Addresses of the feeds that a page declares, in its order."""
    try:
        tree = lxml_html.fromstring(
            decode(html, declared_charset(html[:_HEAD].decode("latin-1"))).encode(), base_url=url
        )
    except (LxmlError, ValueError):
        return ()
    return tuple(urljoin(url, address) for address in _declared(tree.iter("link")))


def _declared(links: Iterable[lxml_html.HtmlElement]) -> Iterable[str]:
    for link in links:
        kind = (link.get("type") or "").lower()
        if "alternate" in (link.get("rel") or "").lower() and kind.endswith(("rss+xml", "atom+xml", "feed+json")):
            if address := (link.get("href") or "").strip():
                yield address
