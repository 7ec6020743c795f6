"""The words of feed formats and of their modules → what they say of an entry.

A word counts by its namespace, not by the prefix that a feed happens to give it; by its usual prefix only where the
namespace is not known. Of several words for one thing the one with the lowest rank is believed.
"""

from typing import Literal, NamedTuple

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


class Meaning(NamedTuple):
    """What an element says, and how far it is believed: 0 is most."""

    role: Role
    rank: int = 0


_WORDS: dict[str, dict[str, Meaning]] = {
    "": {
        "item": Meaning("entry"),
        "entry": Meaning("entry"),
        "title": Meaning("title"),
        "link": Meaning("link"),
        "a": Meaning("link", 3),  # CDF
        "guid": Meaning("id"),
        "id": Meaning("id"),
        "content": Meaning("content"),
        "encoded": Meaning("content"),
        "description": Meaning("summary"),
        "summary": Meaning("summary"),
        "abstract": Meaning("summary"),
        "body": Meaning("content", 1),
        "fulltext": Meaning("content", 1),
        "pubdate": Meaning("published"),
        "published": Meaning("published"),
        "issued": Meaning("published"),
        "date": Meaning("published", 3),
        "created": Meaning("published", 4),
        "updated": Meaning("updated"),
        "modified": Meaning("updated"),
        "author": Meaning("author"),
        "language": Meaning("language"),
        "ttl": Meaning("ttl"),
        "skiphours": Meaning("skiphours"),
        "skipdays": Meaning("skipdays"),
    },
    "dc": {
        "title": Meaning("title", 2),
        "description": Meaning("summary", 2),
        "date": Meaning("published", 2),
        "creator": Meaning("author", 1),
        "identifier": Meaning("id", 3),
        "language": Meaning("language", 1),
    },
    "dcterms": {
        "title": Meaning("title", 3),
        "abstract": Meaning("summary", 2),
        "issued": Meaning("published", 1),
        "available": Meaning("published", 3),
        "date": Meaning("published", 3),
        "created": Meaning("published", 4),
        "modified": Meaning("updated", 1),
    },
    "content": {"encoded": Meaning("content")},
    "media": {
        "title": Meaning("title", 5),
        "description": Meaning("summary", 5),
        "text": Meaning("summary", 6),
        "group": Meaning("media"),
        "content": Meaning("media"),
    },
    "itunes": {
        "title": Meaning("title", 4),
        "summary": Meaning("summary", 3),
        "subtitle": Meaning("summary", 4),
        "author": Meaning("author", 2),
    },
    "googleplay": {"description": Meaning("summary", 4), "author": Meaning("author", 3)},
    "prism": {"publicationdate": Meaning("published", 2)},
    "sy": {"updateperiod": Meaning("period"), "updatefrequency": Meaning("frequency")},
    "xhtml": {"body": Meaning("content", 1), "div": Meaning("content", 1)},
}


class Vocabulary:
    """The words of one feed. own: namespaces of its root and of what stands below: its format's, whatever they are."""

    def __init__(self, own: frozenset[str]) -> None:
        self._own = own
        self._known: dict[str, Meaning | None] = {}

    def word(self, element: etree._Element) -> Meaning | None:
        """Return what an element says; None: nothing of interest."""
        try:
            return self._known[element.tag]
        except KeyError:
            found = self._known[element.tag] = self._looked_up(element.tag, element.prefix)
            return found

    def _looked_up(self, tag: object, prefix: str | None) -> Meaning | None:
        if not isinstance(tag, str):
            return None  # a comment
        space, _, name = tag.rpartition("}")
        space = space.removeprefix("{")
        module = "" if space in self._own else module_of(space)
        if module is None:
            module = prefix if prefix in _SPACES else "?"
        if module == "atom":  # in RSS its own elements come first
            word = _WORDS[""].get(name.lower())
            return word and Meaning(word.role, word.rank + 1)
        return _WORDS.get(module or "", {}).get(name.lower())


def module_of(space: str) -> str | None:
    """Return the usual prefix of a namespace, "" for those of RSS; None where it is unknown."""
    return _MODULES.get(space.lower().rpartition("://")[2].rstrip("/#"))


# Elements in which nothing but text, maybe HTML, is meant; the tags in them are no structure of the feed.
TEXTUAL: frozenset[Role] = frozenset(("title", "content", "summary"))
