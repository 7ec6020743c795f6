"""One document as it arrived → one article, ready for the archive: extract, clean, analyse; pure, for workers."""

from contextlib import suppress
from dataclasses import replace
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from briefs.errors import Refused, SourceError, Unreadable
from briefs.ingest import markdown, pages
from briefs.ingest.addresses import canonical
from briefs.ingest.charset import declared_charset, decode_text
from briefs.ingest.clean import clean
from briefs.ingest.raw import Extract, RawItem
from briefs.models import Analysed, Article
from briefs.text.analyse import analyse
from briefs.text.dates import possible
from briefs.text.detection import UNSURE, detect_language

_ADDRESS = 2000  # bytes


def prepare_best(items: tuple[RawItem, ...]) -> Analysed:
    """Return the first of these that has a text: a page, else its summary in the feed. Runs in a worker."""
    *others, last = items
    for item in others:
        with suppress(SourceError):  # the next one serves
            return prepare(item)
    return prepare(last)


def prepare(item: RawItem) -> Analysed:
    """Turn a document as it arrived into an article with its sentences and terms; nothing but the item is needed.

    The article's id is its canonical address. Raises Unreadable where there is no text in it.
    """
    _not_too_long(item.address)
    found = _extracted(item)
    cleaned = clean(found.text, title=item.title or found.title or None)
    if not cleaned.text:
        raise Unreadable(
            "{address}: no article text was found; check that it is a page with an article", address=item.address
        )
    local = item.address.startswith("file:")
    sample = f"{cleaned.title}\n{cleaned.text}"
    detected = detect_language(sample)
    named = local or item.link is not None
    address = item.address if named else canonical(_believed(found.url) or item.address)
    article = Article(
        id=address,
        title=cleaned.title,
        text=cleaned.text,
        language=detected if detected != UNSURE else item.language or found.language,
        url=address if item.link is None else _believed(item.link) or None,
        source=item.source
        or found.source
        or cleaned.source
        or (PurePath(unquote(urlsplit(address).path)).name if local else None),
        published=next(filter(None, map(possible, (item.published, found.published, cleaned.published))), None),
        author=item.author or found.author or cleaned.author,
    )
    return analyse(article)


def _believed(address: str | None) -> str | None:
    """Return an address unless it is too long for a message, and for the index of a database."""
    return address if address and len(address.encode("utf-8", "replace")) <= _ADDRESS else None


def _not_too_long(address: str) -> None:
    if not _believed(address):
        shown = f"{address[:80]}…"
        raise Refused("{address}: this address is longer than {most} bytes; leave it out", address=shown, most=_ADDRESS)


def _extracted(item: RawItem) -> Extract:
    kind, _, parameters = item.media_type.partition(";")
    local = item.address.startswith("file:")
    if kind == "application/pdf":
        from briefs.ingest.pdf import read_pdf  # loads a library of its own; few documents are PDFs

        return read_pdf(item.body, item.address)
    if kind in ("text/html", "application/xhtml+xml"):
        if pages.is_fragment(item.body):
            return Extract(title="", text=pages.fragment_text(item.body))
        return pages.extract(item.body, None if local else item.address, charset=declared_charset(parameters))
    if kind in ("text/plain", "text/markdown"):
        text = decode_text(item.body, item.address, declared_charset(parameters))
        if kind == "text/plain":
            return Extract(title="", text=text)
        found = markdown.front_matter(text, item.address)
        return replace(found, text=markdown.plain_markdown(found.text))
    raise Refused(
        "{address}: this is {media_type}, which has no text to read",
        address=item.address,
        media_type=kind or "of no known type",
    )
