"""The words of feed formats and of their modules → what they say of an entry.

A word counts by its namespace, not by the prefix that a feed happens to give it; by its usual prefix only where the
namespace is not known. Of several words for one thing the one with the lowest rank is believed.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, cast

from lxml import etree  # type: ignore[import-untyped]

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = "http://www.w3.org/XML/1998/namespace"
XHTML = "http://www.w3.org/1999/xhtml"
_ATOM = "http://www.w3.org/2005/Atom"

# Prefix that a module usually has → its namespaces, as far as they are told apart here: without scheme and end.
_SPACES = {
    "": (
        "",
        "purl.org/rss/1.0",
        "purl.org/rss/1.0/modules/rss091",
        "purl.org/net/rss1.1",
        "purl.org/rss/2.0",
        "my.netscape.com/rdf/simple/0.9",
        "channel.netscape.com/rdf/simple/0.9",
        "my.netscape.com/publish/formats/rss-0.91.dtd",
        "backend.userland.com/rss",
        "backend.userland.com/rss2",
        "backend.userland.com/rss091",
        "backend.userland.com/rss092",
        "blogs.law.harvard.edu/tech/rss",
        "cyber.law.harvard.edu/rss/rss.html",
        "www.rssboard.org/rss-specification",
    ),
    "atom": (
        "www.w3.org/2005/atom",
        "purl.org/atom/ns",
        "purl.org/atom",
        "example.com/newformat",
        "example.com/necho",
        "purl.org/echo",
        "uri/of/echo/namespace",
        "purl.org/pie",
    ),
    "dc": ("purl.org/dc/elements/1.1", "purl.org/dc/elements/1.0", "purl.org/dc"),
    "dcterms": ("purl.org/dc/terms",),
    "content": ("purl.org/rss/1.0/modules/content",),
    "media": ("search.yahoo.com/mrss", "tools.search.yahoo.com/mrss", "video.search.yahoo.com/mrss"),
    "itunes": ("www.itunes.com/dtds/podcast-1.0.dtd", "example.com/dtds/podcast-1.0.dtd"),
    "googleplay": ("www.google.com/schemas/play-podcasts/1.0",),
    "prism": ("prismstandard.org/namespaces/1.2/basic", "prismstandard.org/namespaces/basic/2.0"),
    "sy": ("purl.org/rss/1.0/modules/syndication",),
    "xhtml": ("www.w3.org/1999/xhtml",),
    "rdf": ("www.w3.org/1999/02/22-rdf-syntax-ns",),
    "xml": ("www.w3.org/xml/1998/namespace",),
}
_MODULES = {space: prefix for prefix, spaces in _SPACES.items() for space in spaces}
# The namespace that a prefix is taken to mean where a feed does not declare it.
USUAL = {
    "atom": _ATOM,
    "a10": _ATOM,
    "xml": XML,
    "rdf": RDF,
    "xhtml": XHTML,
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "googleplay": "http://www.google.com/schemas/play-podcasts/1.0",
    "prism": "http://prismstandard.org/namespaces/1.2/basic/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "rss": "",
}

Role = Literal[
    "title", "link", "id", "content", "summary", "published", "updated", "author", "language", "media", "entry",
    "ttl", "skiphours", "skipdays", "period", "frequency",
]  # fmt: skip


class Word(NamedTuple):
    """What an element says, and how far it is believed: 0 is most."""

    role: Role
    rank: int = 0


def _words(**names: str) -> dict[str, Word]:
    """Return words by their names. names: of each role, those that say it; behind a colon the rank, unless it is 0."""
    told = {role: [name.partition(":") for name in listed.split()] for role, listed in names.items()}
    return {name: Word(cast(Role, role), int(rank or 0)) for role, listed in told.items() for name, _, rank in listed}


_WORDS: dict[str, dict[str, Word]] = {
    "": _words(
        entry="item entry",
        title="title",
        link="link a:3",  # the latter in CDF
        id="guid id",
        content="content encoded body:1 fulltext:1",
        summary="description summary abstract",
        published="pubdate published issued date:3 created:4",
        updated="updated modified",
        author="author",
        language="language",
        ttl="ttl",
        skiphours="skiphours",
        skipdays="skipdays",
    ),
    "dc": _words(
        title="title:2",
        summary="description:2",
        published="date:2",
        author="creator:1",
        id="identifier:3",
        language="language:1",
    ),
    "dcterms": _words(
        title="title:3",
        summary="abstract:2",
        published="issued:1 available:3 date:3 created:4",
        updated="modified:1",
    ),
    "content": _words(content="encoded"),
    "media": _words(title="title:5", summary="description:5 text:6", media="group content"),
    "itunes": _words(title="title:4", summary="summary:3 subtitle:4", author="author:2"),
    "googleplay": _words(summary="description:4", author="author:3"),
    "prism": _words(published="publicationdate:2"),
    "sy": _words(period="updateperiod", frequency="updatefrequency"),
    "xhtml": _words(content="body:1 div:1"),
}


class Vocabulary:
    """The words of one feed. own: namespaces of its root and of what stands below: its format's, whatever they are."""

    def __init__(self, own: frozenset[str]) -> None:
        self._own = own
        self._known: dict[str, Word | None] = {}

    def word(self, element: etree._Element) -> Word | None:
        """Return what an element says; None: nothing of interest."""
        try:
            return self._known[element.tag]
        except KeyError:
            found = self._known[element.tag] = self._looked_up(element.tag, element.prefix)
            return found

    def _looked_up(self, tag: object, prefix: str | None) -> Word | None:
        if not isinstance(tag, str):
            return None  # a comment
        space, _, name = tag.rpartition("}")
        space = space.removeprefix("{")
        module = "" if space in self._own else module_of(space)
        if module is None:
            module = prefix if prefix in _SPACES else "?"
        if module == "atom":  # in RSS its own elements come first
            word = _WORDS[""].get(name.lower())
            return word and Word(word.role, word.rank + 1)
        return _WORDS.get(module or "", {}).get(name.lower())


def module_of(space: str) -> str | None:
    """Return the usual prefix of a namespace, "" for those of RSS; None where it is unknown."""
    return _MODULES.get(space.lower().rpartition("://")[2].rstrip("/#"))


# Elements in which nothing but text, maybe HTML, is meant; the tags in them are no structure of the feed.
TEXTUAL: frozenset[Role] = frozenset(("title", "content", "summary"))
