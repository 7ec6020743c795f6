"""Web pages → their main text and what they say of themselves."""

import logging
import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from lxml import html as lxml_html  # type: ignore[import-untyped]
from lxml.etree import LxmlError  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from briefs.ingest.charset import declared_charset, decode
from briefs.ingest.layout import captions
from briefs.ingest.metadata import stated
from briefs.ingest.prune import prune, trim
from briefs.ingest.raw import Extract
from briefs.languages import LANGUAGES
from briefs.text.detection import UNSURE, detect_language

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs what it then returns as "nothing found"
logging.getLogger("htmldate").setLevel(logging.CRITICAL)

_HEAD = 4096  # bytes in which a page declares its charset
_LANGUAGE = re.compile(r"<html\b[^>]{0,400}?\blang\s*=\s*[\"']?([a-zA-Z]{2,3})(?=[\"'\s>_-])", re.IGNORECASE)
_TAGS = 40_000  # of a page that are read: several times those of a long article; each costs time
_COLLAPSED = 3  # times as much text as was found: then most of it was missed
_BODY = 600  # characters from which on a text that a page states is more than its lede
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


def extract(html: bytes, url: str | None = None, *, charset: str | None = None) -> Extract:
    """Return the main text of a page with its title, date, language, author, site and canonical address.

    html: the page as it came over the wire, not compressed. url: where it came from; relative addresses start there.
    charset: what the server named, else the page's own declaration counts.
    What the page does not say is None; a page with no main text has the text "". Paragraphs are apart by newlines.
    The date is a day at midnight UTC. Of a page with more than 40,000 tags the first are read. Never raises on a broken
    page.
    """
    from trafilatura import load_html  # slow to import, and most rounds of gathering bring no page

    head = html[:_HEAD].decode("latin-1")
    # lxml refuses text that still declares an encoding.
    page = _first_tags(_XML_DECLARATION.sub("", decode(html, charset or declared_charset(head))))
    tree = load_html(page) if page.strip() else None
    if tree is None:
        return Extract(title="", text="")
    about = stated(tree, url)
    prune(tree)
    text = trim(_main_text(tree), about.titles, captions(tree))
    if len(about.body) > max(_BODY, 2 * len(text)):
        text = about.body  # the page states its text, and most of it was not found
    return Extract(
        title=about.title,
        text=text,
        published=about.published,
        language=_language(text, page),
        author=about.author,
        source=about.site,
        url=_canonical(about.url, url),
    )


def _main_text(tree: HtmlElement) -> str:
    """Return the text that the extractor is sure of; where that is little of the page's paragraphs, what it suspects.

    Normal mode finds a little more and lets in much more: F1 97.1 against 98.4 (docs/quality-notebook.md). But precise
    mode misses an article altogether now and then. The paragraphs tell, so that few pages are read twice.
    """
    text = _found(tree, precise=True)
    if _COLLAPSED * len(text) < sum(len(paragraph.text_content()) for paragraph in tree.iter("p")):
        fuller = _found(tree, precise=False)
        return fuller if _COLLAPSED * len(text) < len(fuller) else text
    return text


def _found(tree: HtmlElement, *, precise: bool) -> str:
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    found = bare_extraction(tree, favor_precision=precise, include_comments=False)
    return found.text or "" if isinstance(found, Document) else ""


def _first_tags(page: str) -> str:
    if page.count("<") <= _TAGS:
        return page
    place = -1
    for _ in range(_TAGS):
        place = page.find("<", place + 1)
    return page[:place]


def _language(text: str, page: str) -> str | None:
    """Return the language of a text; what the page declares counts where the text does not tell.

    That is often its template's language: a long text that is no known language is not the one declared either.
    """
    if (detected := detect_language(text)) != UNSURE:
        return detected
    found = _LANGUAGE.search(page[:_HEAD])
    declared = found and found[1].lower()
    return None if declared in LANGUAGES and len(text) > _BODY else declared


_BLOCK = re.compile(
    r"<(?:br|/?(?:p|div|li|ul|ol|h[1-6]|blockquote|tr|table|section|article|figure|figcaption|pre))\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_UNSEEN = re.compile(r"<!--|<(script|style|template|svg)\b", re.IGNORECASE)
_ENDS = {"": re.compile("-->")} | {
    kind: re.compile(rf"</{kind}\s*>", re.IGNORECASE) for kind in ("script", "style", "template", "svg")
}
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")


def is_fragment(html: bytes) -> bool:
    """Whether this is a piece of a page, as feeds carry it, with nothing around the text."""
    return re.search(rb"<(?:html|body|!doctype)\b", html[:_HEAD], re.IGNORECASE) is None


def fragment_text(html: bytes) -> str:
    """All text of a piece of a page; blocks are lines."""
    text = _BLOCK.sub("\n", _without_unseen(re.sub(r"\s+", " ", decode(html))))
    return unescape(_TAG.sub("", text)).strip()


def _without_unseen(markup: str) -> str:
    """Put a blank for comments and for what is not shown; what is begun and never ended stays."""
    kept, place, endless = [], 0, set[str]()
    for found in _UNSEEN.finditer(markup):
        kind = (found[1] or "").lower()
        if found.start() < place or kind in endless:
            continue
        end = _ENDS[kind].search(markup, found.end())
        if end is None:
            endless.add(kind)  # nor does any later one end: looking for each would take the square of the time
        else:
            kept += [markup[place : found.start()], " "]
            place = end.end()
    return "".join((*kept, markup[place:]))


def _canonical(named: str | None, url: str | None) -> str | None:
    """Return the address that a page names as its own, where it may be believed.

    Not another site's; nor one that would make one document of many: the site's front page, or the address asked for
    without its query.
    """
    if not named or not named.startswith(("http://", "https://")):
        return None
    if url:
        theirs, ours = urlsplit(named), urlsplit(url)
        if _site(named) != _site(url) or (theirs.path in ("", "/") and ours.path not in ("", "/")):
            return None
        if theirs.path == ours.path and ours.query and not theirs.query:
            return None
    return named


def _site(address: str) -> str:
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    return host.removeprefix("m.").removeprefix("amp.")


def feed_links(html: bytes, url: str) -> tuple[str, ...]:
    """Addresses of the feeds that a page declares, in its order."""
    try:
        tree = lxml_html.fromstring(decode(html, declared_charset(html[:_HEAD].decode("latin-1"))).encode())
    except (LxmlError, ValueError):
        return ()
    found = []
    for link in tree.iter("link"):
        kind, rel = ((link.get(name) or "").lower() for name in ("type", "rel"))
        address = (link.get("href") or "").strip()
        if address and "alternate" in rel and kind.endswith(("rss+xml", "atom+xml", "feed+json")):
            found.append(urljoin(url, address))
    return tuple(found)
