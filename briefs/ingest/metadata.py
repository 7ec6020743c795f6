"""What a page says of itself: title, day, author, site, address, and its text where it states that too.

Each is looked for where pages state it on purpose, best first: schema.org data (JSON-LD), `meta` elements (Open Graph,
Dublin Core and the like), marked elements, and only then by its looks.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from briefs.ingest.layout import said
from briefs.ingest.prune import title_key
from briefs.ingest.titles import Names, article_title, parts_of
from briefs.text.dates import find_date

_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "headline", "title")
_DAYS = (
    *("article:published_time", "og:published_time", "og:article:published_time", "datepublished", "date_published"),
    *("parsely-pub-date", "sailthru.date", "publish-date", "publish_date", "publication_date", "pubdate", "ptime"),
    *("cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date", "date.issued"),
    *("rnews:datepublished", "publishdate", "article.published", "date"),
)
_AUTHORS = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl")
_SITES = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher")
_ADDRESSES = ("og:url", "twitter:url")
_ARTICLE = re.compile(r"Article|Posting|Report|Review|Recipe|Story")
_DAY = re.compile(r"(?:19|20)\d{2}-\d{2}-\d{2}")
_BYLINE = re.compile(r"^(?:by|par|von|por|di|da|door)\s+", re.IGNORECASE)
_DATELINE = 60  # characters: "Published on Tuesday, 13 September 2022, at 10.45 by …"
_FIRST_YEAR = 1995  # of news on the web: an earlier day beside a heading is what the page is about
_UPDATE = re.compile(r"mis à jour|updated|modified|aktualisiert|更新|actualizado", re.IGNORECASE)
_AUTHOR_LIMIT = 80  # characters


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page says of itself; None or "" where it does not say.

    titles: every form of its title, as `title_key` gives them. body: its text, as its JSON-LD has it.
    """

    title: str
    titles: frozenset[str]
    published: datetime | None
    author: str | None
    site: str | None
    url: str | None
    body: str


def stated(tree: HtmlElement, url: str | None = None) -> PageMetadata:
    """Read what a page says of itself. Nothing in the tree is changed."""
    meta = _meta(tree)
    data = list(_articles(tree))
    site = _first(meta, _SITES) or _publisher(data)
    headings = [said(heading) for heading in tree.iter("h1")]
    document = next(map(said, tree.iterfind(".//title")), "")
    named = [item["headline"] for item in data if isinstance(item.get("headline"), str)]
    address = _canonical(tree) or _first(meta, _ADDRESSES)
    names = Names(tree, site, address or url)
    title = article_title([_plain(name) for name in named], _first(meta, _TITLES), headings, document, names)
    host = (urlsplit(address or url or "").hostname or "").removeprefix("www.")
    forms = [title, document, *parts_of(document), *headings, *map(_plain, named), _first(meta, _TITLES) or ""]
    return PageMetadata(
        title=title,
        titles=frozenset(map(title_key, forms)) - {""},
        published=_published(tree, meta, data, title, address or url),
        author=_author(tree, meta, data),
        site=site or host or None,
        url=address,
        body=max(
            (_plain(item["articleBody"]) for item in data if isinstance(item.get("articleBody"), str)),
            key=len,
            default="",
        ),
    )


# ---------------------------------------------------------------- where pages state things


def _meta(tree: HtmlElement) -> dict[str, str]:
    """Return the first value of each `meta` element by its name, in lower case."""
    values: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = " ".join((element.get("content") or "").split())
        if name and content:
            values.setdefault(name.strip().lower(), content)
    return values


def _articles(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Return the schema.org articles that a page's JSON-LD describes, in its order."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "") or not script.text:
            continue
        try:
            data = json.loads(script.text, strict=False)
        except (ValueError, RecursionError):
            continue  # a broken island says nothing; the rest of the page does
        yield from _described(data)


def _described(data: Any) -> Iterator[dict[str, Any]]:
    waiting = [data]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting += item[:50]
        elif isinstance(item, dict):
            if _ARTICLE.search(str(item.get("@type", ""))):
                yield item
            waiting += [value for name in ("@graph", "mainEntity") if isinstance(value := item.get(name), dict | list)]


def _first(meta: dict[str, str], names: Iterable[str]) -> str | None:
    return next((_plain(meta[name]) for name in names if name in meta), None)


def _plain(text: str) -> str:
    """Return a value without the markup that some pages leave in their data."""
    return re.sub(r"[^\S\n]+", " ", re.sub(r"</?[a-zA-Z][^<>]{0,400}>", "\n", unescape(unescape(text)))).strip()


# ---------------------------------------------------------------- day


def _published(
    tree: HtmlElement, meta: dict[str, str], data: list[dict[str, Any]], title: str, url: str | None
) -> datetime | None:
    """Return the day of publication at midnight UTC, as the page's own clock has it."""
    from htmldate import find_date as find_date_by_looks  # slow to import

    candidates = [item[name] for name in ("datePublished", "dateCreated") for item in data if name in item]
    candidates += [meta[name] for name in _DAYS if name in meta]
    marked = ".//*[@itemprop='datePublished' or @property='datePublished' or (self::time and @pubdate)]"
    for element in tree.xpath(marked):
        candidates.append(element.get("datetime") or element.get("content") or said(element))
    for candidate in candidates:
        if isinstance(candidate, str) and (day := _day(candidate)):
            return day
    if day := _beside_heading(tree, title):
        return day
    guessed = find_date_by_looks(tree, original_date=True, extensive_search=False, url=url, max_date=datetime.now(UTC))
    return _day(guessed) if guessed else None


def _beside_heading(tree: HtmlElement, title: str) -> datetime | None:
    """Return the first date in the short lines below the title, or else just above it."""
    language = (tree.get("lang") or "")[:2].lower() or None
    key = title_key(title)
    heading = next((found for found in tree.iter("h1", "h2", "h3") if title_key(said(found)) == key), None)
    if heading is None:
        return None
    # On the reversed axis the nearest comes first by position, but the result is in the order of the page.
    below = heading.xpath("following::text()[normalize-space()][position() <= 25][not(ancestor::script)]")
    above = heading.xpath("preceding::text()[normalize-space()][position() <= 12][not(ancestor::script)]")
    for lines in (below, reversed(above)):
        for line in lines:
            line = " ".join(line.split())
            if len(line) > _DATELINE:
                if line.endswith((".", "!", "?", "。")):
                    break  # the text has begun: the days it tells are not the day of publication
            elif not _UPDATE.search(line) and (day := find_date(line, language)) and day.year >= _FIRST_YEAR:
                return day
    return None


def _day(text: str) -> datetime | None:
    found = _DAY.match(text.strip())
    try:
        return datetime.fromisoformat(found.group()).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None  # a date outside the calendar


# ---------------------------------------------------------------- author, site, address


def _author(tree: HtmlElement, meta: dict[str, str], data: list[dict[str, Any]]) -> str | None:
    for item in data:
        people = item.get("author")
        people = people if isinstance(people, list) else [people]
        names = [person.get("name") if isinstance(person, dict) else person for person in people]
        if found := [_plain(name) for name in names if isinstance(name, str) and name.strip()]:
            return _name("; ".join(found)) or None
    if (named := _first(meta, _AUTHORS)) and _name(named):
        return _name(named)
    marked = (
        ".//*[@rel='author' or contains(@itemprop, 'author') or contains(@class, 'author-name') or @class='byline']"
    )
    return next((name for element in tree.xpath(marked) if (name := _name(said(element)))), None)


def _name(text: str) -> str | None:
    """Return a person's name, without "by" and addresses; None for what is none."""
    name = _BYLINE.sub("", text.strip())
    plausible = 1 < len(name) <= _AUTHOR_LIMIT and "://" not in name and not re.search(r"\d{3}|@", name)
    return name if plausible else None


def _publisher(data: list[dict[str, Any]]) -> str | None:
    for item in data:
        publisher = item.get("publisher")
        if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
            return _plain(publisher["name"]) or None
    return None


def _canonical(tree: HtmlElement) -> str | None:
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
            return str(link.get("href")).strip()
    return None
