"""Pages that list articles and have no feed → their headlines, by structure.

    links of the site | the list that each stands in, by where it stands in the tree | lists of headlines
                      | other links whose addresses have the form of theirs | Feed

A list of headlines is at least three links that stand alike, most of which read and lead like articles: words enough
for a headline, an address as articles have, a heading or a date beside it. Menus and feet are none, nor is what a site
recommends: it may be old.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from urllib.parse import SplitResult, urldefrag, urljoin, urlsplit

from lxml import html as lxml_html  # type: ignore[import-untyped]
from lxml.etree import LxmlError  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from briefs.errors import Unreadable
from briefs.ingest.charset import declared_charset, decode
from briefs.ingest.feeds import dates
from briefs.ingest.feeds.model import Body, Entry, Feed
from briefs.ingest.layout import said
from briefs.text.dates import find_date
from briefs.text.detection import UNSURE, detect_language

_LINKS = 3000  # of a page that are looked at
_FEWEST = 3  # links that make a list
_MOST = 100  # headlines of a page; the rest is further down and older
_ENOUGH = 20  # the width of a headline, in letters; a Chinese character counts for three
_LIKELY = 1.5  # what the links of a list of headlines have on average
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ASIDE = frozenset({"nav", "footer", "aside", "form"})
_NAMED_ASIDE = re.compile(
    r"(?:^|[-_\s])(?:nav(?:bar|igation)?|menu|foot(?:er)?|bread-?crumbs?|crumbs?|pag(?:er|ination)|tags?|related|popular|"
    r"most-?\w*|hot|rank(?:ing)?|trending|recommend\w*|sidebar|side|promo|share|social|langs?|copyright|links|friend\w*)"
    r"(?:$|[-_\s])",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies)|rubrique|author|auteur|users?|page|search|login|signin|signup|subscribe|about|"
    r"contact|privacy|terms|help|legal|mentions-legales|jobs|archives?|feed|rss)(?:[/.?]|$)|[?&](?:page|p)=\d",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"\d{4,}|(?:[^/\-_]+[-_]){2,}[^/\-_]+(?:/|$)|/\d{4}/\d{1,2}/|\.s?html?$|[?&](?:id|aid|newsid)=\w", re.I
)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FILE = re.compile(r"\.(?:jpe?g|png|gif|svg|webp|zip|mp[34]|docx?|xlsx?|css|js)$", re.IGNORECASE)


@dataclass(frozen=True)
class _Link:
    """A link of the site. shape: its address without what differs from article to article."""

    element: HtmlElement
    address: str

    @cached_property
    def title(self) -> str:
        return _title(self.element)

    @cached_property
    def headed(self) -> bool:
        inside = next(self.element.iter(*_HEADINGS), None) is not None
        return inside or any(one.tag in _HEADINGS for one in self.element.iterancestors())

    @cached_property
    def shape(self) -> tuple[str, ...]:
        parts = urlsplit(self.address)
        return (parts.hostname or "", *(_form(step) for step in parts.path.split("/")), "?" if parts.query else "")

    @property
    def likelihood(self) -> float:
        """How much like an article it looks, from -1 to 3."""
        path = self.address.partition("://")[2].partition("/")[2]
        leads = -1.0 if _OTHER.search(f"/{path}") else float(bool(_ARTICLE.search(path)))
        return leads + (_width(self.title) >= _ENOUGH) + (0.5 if self.headed else 0.0)


def read_list(page: tuple[bytes, str, str]) -> Feed:
    """Return the headlines of a page, given as body, address and content type, in its order, as workers call it.

    An entry has a title, an address of the page's site, maybe a date, and no text. Raises Unreadable where there are
    none.
    """
    body, address, content_type = page
    tree = _tree(body, content_type)
    links = list(_links(tree, address)) if tree is not None else []
    entries = tuple(_entries(_headlines(links)))
    if tree is None or not entries:
        raise Unreadable(
            "{address}: no list of headlines was found on this page; give the address of its feed, or of its news",
            address=address,
        )
    detected = detect_language("\n".join(entry.title for entry in entries))
    title = " ".join((tree.findtext(".//title") or "").split())
    return Feed(title[:500], None if detected == UNSURE else detected, address, entries[:_MOST])


def _tree(body: bytes, content_type: str) -> HtmlElement | None:
    named = content_type.partition("charset=")[2].strip(" \"'") or None
    text = decode(body, named or declared_charset(body[:4096].decode("latin-1")))
    try:
        return lxml_html.document_fromstring(text.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))
    except (LxmlError, ValueError):
        return None


# ---------------------------------------------------------------- links


def _links(tree: HtmlElement, address: str) -> Iterator[_Link]:
    """Return the links that stay on the site, but for those of its menus and feet."""
    base, home = next(iter(tree.xpath("//base/@href")), ""), urlsplit(address)
    for element in tree.xpath("//a[@href]")[:_LINKS]:
        try:
            target = urldefrag(urljoin(urljoin(address, base), element.get("href").strip())).url
            parts = urlsplit(target)
        except ValueError:
            continue
        if _is_inside(parts, home) and not _is_aside(element):
            yield _Link(element, target)


def _is_inside(parts: SplitResult, home: SplitResult) -> bool:
    """Whether an address is one of the site, and neither its front, nor the page itself, nor a file."""
    if parts.scheme not in ("http", "https") or _site(parts.hostname) != _site(home.hostname):
        return False
    here = (parts.path.rstrip("/"), parts.query)
    return here not in {("", ""), (home.path.rstrip("/"), home.query)} and not _FILE.search(parts.path)


def _site(host: str | None) -> str:
    """Return what the hosts of one site share: a portal has news., sports. and www."""
    labels = (host or "").split(".")
    return ".".join(labels[1:] if len(labels) > 2 and not labels[-1].isdecimal() else labels)


def _is_aside(element: HtmlElement) -> bool:
    for one in element.iterancestors():
        if one.tag in _ASIDE:
            return True
        if one.tag not in ("html", "body") and _NAMED_ASIDE.search(f"{one.get('class', '')} {one.get('id', '')}"):
            return True
    return False


def _title(element: HtmlElement) -> str:
    """Return the words of a headline: of a heading in the link, else the first of its lines that is long enough."""
    heading = next(element.iter(*_HEADINGS), None)
    if heading is not None and (words := said(heading)):
        return words
    whole, stated = said(element), " ".join((element.get("title") or "").split())
    if whole.endswith(("…", "...")) and stated.startswith(whole.rstrip("….")):
        return stated
    lines = [said(child) for child in element if isinstance(child.tag, str)]
    first = next((line for line in lines if _width(line) >= _ENOUGH), "")
    return first if len(lines) > 1 and first else whole


def _width(text: str) -> int:
    return len(text) + 2 * len(_WIDE.findall(text))


def _form(step: str) -> str:
    """Return the form of one step of a path: numbers, words with hyphens, or the word itself."""
    if re.search(r"\d{2}|\d$", step):
        return "#"
    return "-" if step.count("-") + step.count("_") > 1 else step


# ---------------------------------------------------------------- lists


def _headlines(links: list[_Link]) -> Iterator[_Link]:
    """Return the links that are headlines, in the page's order; an article may come more than once."""
    named = Counter((link.title, link.address) for link in links)
    often = Counter(title for title, _ in named)  # "Read more" leads to each of them
    links = [link for link in links if link.title and often[link.title] < _FEWEST]
    lists = [group for group in _lists(links) if _is_news(group)]
    shapes = {link.shape for group in lists for link in group if link.likelihood >= _LIKELY}
    return (link for link in links if link.shape in shapes and _width(link.title) >= _ENOUGH / 2)


def _lists(links: Iterable[_Link]) -> Iterable[list[_Link]]:
    """Put together the links that stand alike under one element, the nearest that has enough of them."""
    alike: defaultdict[tuple[HtmlElement, str], list[_Link]] = defaultdict(list)
    ways: list[list[tuple[HtmlElement, str]]] = []
    for link in links:
        way, up = "a", []
        for one in link.element.iterancestors():
            up.append((one, way))
            alike[one, way].append(link)
            way = f"{one.tag}/{way}"
        ways.append(up)
    nearest = (next((key for key in up if _is_list(alike[key])), None) for up in ways)
    return [alike[key] for key in dict.fromkeys(nearest) if key is not None]


def _is_news(links: list[_Link]) -> bool:
    best: dict[str, float] = {}
    for link in links:
        best[link.address] = max(best.get(link.address, -1.0), link.likelihood)
    return sum(best.values()) >= _LIKELY * len(best)


def _is_list(links: list[_Link]) -> bool:
    return len({link.address for link in links}) >= _FEWEST


# ---------------------------------------------------------------- entries


def _entries(headlines: Iterable[_Link]) -> Iterator[Entry]:
    """Return each article once, by the best of its links."""
    best: dict[str, _Link] = {}
    for link in headlines:
        known = best.get(link.address)
        if known is None or (link.headed, len(link.title)) > (known.headed, len(known.title)):
            best[link.address] = link
    written = {link.address: link.element.get("href") for link in best.values()}
    for address, link in best.items():
        others = set(written.values()) - {written[address]}
        yield Entry(
            id=address, title=link.title[:500], url=address, body=Body(""), published=_published(link.element, others)
        )


def _published(link: HtmlElement, others: set[str]) -> datetime | None:
    """Return the date that stands beside a headline, in the largest part of the page without another headline."""
    item = link
    for one in link.iterancestors():
        if not others.isdisjoint(one.xpath(".//a/@href")):
            break
        item = one
    stated = [[time.get("datetime") or said(time)] for time in item.iter("time")]
    found = next((at for at in dates.moments(stated, None, datetime.now(UTC)) if at), None)
    return found or find_date(said(item).replace(said(link), " "))
