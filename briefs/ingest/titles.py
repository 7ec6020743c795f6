"""Which of a page's titles is its article's, without what its site puts behind each.

A site's titles end alike: "Title | Section | Site", 题目_频道_站名. What of that is the site's the page itself tells:
it shows the bare title as a line of its own, and it calls its site and its sections by the same names elsewhere, in its
data, in its address, in links to the front page, in breadcrumbs and menus. A feed has no page to tell; there the titles
themselves do, by what they share.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from urllib.parse import urlsplit

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from briefs.ingest.prune import title_key
from briefs.ingest.raw import RawItem
from briefs.text.lines import HAN, weight

# A hyphen without blanks parts only what is written without them.
_PARTING = re.compile(
    r"\s+[|–—·•»›«‹<>~@-]{1,3}\s+|\s*[|｜]\s*|\s*::\s*|\s*--\s*|_+|"
    rf"(?<=[{HAN}！？!?”》）])\s?[–—-]\s?|\s?[–—-]\s?(?=[{HAN}])"
)
_CLOSING = " \t|｜:_–—·-"
_LEFT = 16  # weight that stays of a title at least
_NAME = 60  # weight that a name of a site or a section has at most
_SHARED = 3  # titles of a source that have to end alike
_SHOWN = 300  # characters of a line that may be a title


class Names:
    """What a page calls itself. tree: the page; site: its name in the page's data; address: its own."""

    def __init__(self, tree: HtmlElement, site: str | None, address: str | None) -> None:
        self._tree = tree
        self._site = [title_key(part) for part in (site or "", *parts_of(site or ""))]
        self._host = _host(address or "")

    def shows(self, title: str) -> bool:
        """Tell whether the page shows this as a line of its own."""
        return title_key(title) in self._lines

    def knows(self, name: str) -> bool:
        """Tell whether this is the name of the site, or what the page calls one of its sections."""
        return self.is_site(name) or title_key(name) in self._links

    def is_site(self, name: str) -> bool:
        """Tell whether this is the name of the site, or has it in it, or is a part of it."""
        key = title_key(name)
        latin = re.sub("[^a-z0-9]", "", key)
        if len(latin) > 2 and len(latin) >= 0.8 * len(key.replace(" ", "")) and latin in re.sub("[.-]", "", self._host):
            return True
        return any(min(len(key), len(own)) > 1 and _alike(key, own) for own in (*self._site, *self._home))

    @cached_property
    def _lines(self) -> frozenset[str]:
        said = self._tree.xpath(".//body//text()[not(parent::script or parent::style)]")
        headings = (heading.text_content() for heading in self._tree.iter("h1", "h2", "h3"))
        return frozenset(title_key(line) for line in (*said, *headings) if len(line) <= _SHOWN) - {""}

    @cached_property
    def _links(self) -> frozenset[str]:
        return frozenset(title_key(said) for link in self._tree.iter("a") for said in _said(link)) - {""}

    @cached_property
    def _home(self) -> frozenset[str]:
        home = (link for link in self._tree.iter("a") if self._leads_home(link.get("href") or ""))
        return frozenset(title_key(said) for link in home for said in _said(link) if len(said) <= _NAME) - {""}

    def _leads_home(self, address: str) -> bool:
        if address.count("/") > 3:
            return False  # a page of many links has few that are short
        try:
            parts = urlsplit(address)
        except ValueError:
            return False  # no address
        return bool(address) and parts.path in ("", "/") and not parts.fragment and _host(address) in ("", self._host)


def _alike(one: str, other: str) -> bool:
    """Tell whether one of two names is most of the other."""
    short, long = sorted((one, other), key=len)
    return short in long and 2.5 * len(short) >= len(long)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _said(link: HtmlElement) -> Iterator[str]:
    yield link.text_content()
    yield link.get("title") or ""
    for image in link.iter("img"):
        yield image.get("alt") or ""


def parts_of(title: str) -> list[str]:
    """Return the parts of a title between bars, dashes and the like."""
    return [part for part in _PARTING.split(title) if part]


def article_title(
    named: Sequence[str], shared: str | None, headings: Sequence[str], document: str, names: Names
) -> str:
    """Choose the heading that the page's other titles agree with; else what it shares; else a lone heading.

    A heading is what the reader sees; what is shared or told to search engines may be another wording. A heading that
    is the name of the site is no article's.
    """
    last = title_key(_tail(document, names))
    own = [heading for heading in headings if heading and title_key(heading) != last and not names.is_site(heading)]
    others = [title_key(other) for other in (*named, shared or "", document) if other]
    for heading in sorted(own, key=len, reverse=True):
        if any(_agree(title_key(heading), other) for other in others):
            return heading
    best = shared or next(iter(named), "")
    if not best and len(own) == 1:
        return own[0]
    return without_site(best or document, names) or next(filter(None, headings), "")


def _agree(one: str, other: str) -> bool:
    """Tell whether two titles say the same: most words of each stand in the other, or one begins or ends the other."""
    if not one or not other:
        return False
    if one in other or other in one:
        return _alike(one, other)
    mine, theirs = set(one.split()), set(other.split())
    return len(mine & theirs) >= 0.6 * max(len(mine), len(theirs))


def _tail(document: str, names: Names) -> str:
    """Return the last of several parts of a title, where that may be the name of a site: short, and not behind one."""
    first, *others = parts_of(document) or [""]
    return others[-1] if others and len(others[-1]) < len(first) and not names.is_site(first) else ""


def without_site(title: str, names: Names) -> str:
    """Return a title without the names of its site and its sections behind it, and of its site before it."""
    title = title.strip(_CLOSING)
    places = [found.span() for found in _PARTING.finditer(title)]
    shown = any(names.shows(title[:start]) for start, _ in places if weight(title[:start]) >= _LEFT)
    for start, end in reversed(places):
        head, tail = title[:start], title[end:]
        if names.shows(title) or weight(head) < _LEFT or weight(tail) > _NAME:
            break
        if not names.is_site(tail) and names.shows(tail) and len(tail) > len(head):
            break  # the site stands before its title
        if not (shown or names.knows(tail)):
            break
        title = head.rstrip(_CLOSING)
    first = _PARTING.search(title)
    rest = title[first.end() :] if first else ""
    return rest if first and names.is_site(title[: first.start()]) and weight(rest) >= _LEFT else title


def bare(entries: Iterable[RawItem]) -> list[RawItem]:
    """Return the entries of one feed without the parts at the ends of their titles that most share, at least three."""
    items = list(entries)
    titles = [item.title or "" for item in items]
    while True:
        ends = Counter(end for title in titles if (end := _end(title)))
        end, count = next(iter(ends.most_common(1)), ("", 0))
        if count < _SHARED or 2 * count <= len(titles):
            return [replace(item, title=title or None) for item, title in zip(items, titles, strict=True)]
        titles = [title.removesuffix(end) for title in titles]


def _end(title: str) -> str:
    """Return the last part of a title, with what parts it; "" where it has one part only."""
    places = [found.start() for found in _PARTING.finditer(title)]
    return title[places[-1] :] if places and places[-1] > 0 else ""
