"""A feed in XML, well-formed or not → its tree.

    bytes | strict parse, as they are | else: decode | without DOCTYPE | strict parse | else: repair (`soup`)

The strict parse is twenty times as fast as the repair and right for nearly all feeds. It is not believed where it
finds fewer entries than have a start tag: a section or a comment without its end has taken in the others.
"""

import html
import re
from dataclasses import dataclass, field, replace

from lxml import etree  # type: ignore[import-untyped]

from briefs.errors import Refused
from briefs.ingest.feeds import decoding, soup
from briefs.ingest.feeds.lifting import Lifted
from briefs.ingest.feeds.model import Repair

_DECLARATION = re.compile(r"\ufeff*\s*<\?xml\b[^<>]{0,1000}>", re.IGNORECASE)
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?>(?:\s|<!--(?>.*?-->)|<\?[^<>]*+>)*)", re.DOTALL)
_END = re.compile(rb"</(?:\w+:)?(?:item|entry)>")
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^<>\[\]]*+(?:(\[)|>)", re.IGNORECASE)
_FEED = re.compile(r"(?:rss|rdf|feed|channel)$", re.IGNORECASE)
_PAGE = re.compile(r"\s*(?:<!DOCTYPE\s+html|<html)\b", re.IGNORECASE)
_FEED_IN_PAGE = re.compile(r"<(?:rss|rdf:RDF|feed)\s[^<>]*(?:version|xmlns)", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*+>")
_ENTITY = re.compile(
    r"<!ENTITY\s+([\w.\-]{1,40})\s+(?:\"([^\"]{0,2000})\"|'([^']{0,2000})'|(SYSTEM|PUBLIC)\b)", re.IGNORECASE
)
_REFERENCE = re.compile(r"&([A-Za-z_][\w.\-]{0,39});")
_LONGEST = 300  # characters that an entity may stand for; more is a bomb, or a page in disguise
_WRITTEN_OUT = 200_000  # characters that all references together may become


@dataclass(frozen=True, slots=True)
class Tree:
    """A feed's tree, its entries, what was repaired, and the texts that are to be put back."""

    root: etree._Element
    entries: tuple[etree._Element, ...]
    repairs: tuple[Repair, ...] = ()
    texts: Lifted = field(default_factory=Lifted)


def tree(body: bytes, address: str, content_type: str | None = None) -> Tree | None:
    """Return the tree of a feed; None where this is none. Raises Refused where its entities are a bomb, or files."""
    if found := _as_it_is(body, content_type):
        return found
    decoded = decoding.decode(body, content_type)
    repairs: tuple[Repair, ...] = ("encoding",) if decoded.mended else ()
    declaration = _DECLARATION.match(decoded.text)
    text = _without_doctype(decoded.text[declaration.end() if declaration else 0 :], address)
    if not text:
        return None
    found = _strict(plain := text.lstrip().encode("utf-8", "surrogatepass"))
    if found and found.entries and len(found.entries) >= _ended(plain):
        return Tree(found.root, found.entries, repairs)
    if found and not found.entries and not _FEED.match(etree.QName(found.root).localname):
        found = None
    if _PAGE.match(text) and not _FEED_IN_PAGE.search(text):
        return None
    mended = soup.repaired(text)
    if mended is None or (found and len(found.entries) >= len(_entries(mended[0]))):
        return found and Tree(found.root, found.entries, repairs)
    root, more = mended
    return Tree(root, _entries(root), repairs + more)


def _as_it_is(body: bytes, content_type: str | None) -> Tree | None:
    """Parse a feed that is well-formed and in UTF-8, as nearly all are."""
    prolog = _PROLOG.match(body)
    if prolog and body[prolog.end() : prolog.end() + 9].upper() == b"<!DOCTYPE":
        return None
    if any(label not in (None, "utf-8", "cp1252") for label in decoding.labels(body, content_type)):
        return None
    try:
        lifted = Lifted(body)
    except UnicodeDecodeError:
        return None
    found = _strict(lifted.body)
    if not found or not found.entries or len(found.entries) < _ended(body):
        return None
    return replace(found, texts=lifted)


def _strict(body: bytes) -> Tree | None:
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, collect_ids=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return Tree(root, _entries(root))


def _entries(root: etree._Element) -> tuple[etree._Element, ...]:
    found = root.iter("{*}item", "{*}entry", "{*}ITEM", "{*}Item", "{*}ENTRY", "{*}Entry")
    return tuple(one for one in found if not one.tag.startswith("{http://purl.org/rss/1.0/modules/content/"))


def _ended(body: bytes) -> int:
    """Count the end tags of entries, roughly: those in comments and code as well."""
    return len(_END.findall(body))


def _without_doctype(text: str, address: str) -> str:
    """Return the text without its DOCTYPE, what the entities that it declares stand for in their places."""
    before = soup.BEFORE.match(text)
    found = _DOCTYPE.match(text, before.end() if before else 0)
    if not found:
        return text
    if not found[1]:
        return text[found.end() :]
    end = _SUBSET_END.search(text, found.end())
    if not end:
        return text[found.end() :]
    entities = _declared(text[found.end() : end.start()], address)
    left = _WRITTEN_OUT

    def meant(reference: re.Match[str]) -> str:
        nonlocal left
        value = entities.get(reference[1])
        left -= len(value or "")
        if left < 0:
            raise _bomb(address)
        return reference[0] if value is None else html.escape(value)

    text = text[end.end() :]
    return _REFERENCE.sub(meant, text) if entities else text


def _declared(subset: str, address: str) -> dict[str, str]:
    """Return what the entities of a DOCTYPE stand for. Raises Refused where that is a file, or grows without end."""
    entities: dict[str, str] = {}
    for name, quoted, single, outside in _ENTITY.findall(subset):
        if outside:
            raise _bomb(address)
        value = html.unescape(html.unescape(_REFERENCE.sub(lambda m: entities.get(m[1], m[0]), quoted or single)))
        if len(value) > _LONGEST:
            raise _bomb(address)
        entities.setdefault(name, value)
    return entities


def _bomb(address: str) -> Refused:
    return Refused(
        "{address}: the feed declares XML entities that stand for files or for more and more text; ask its publisher "
        "for a plain feed",
        address=address,
    )
