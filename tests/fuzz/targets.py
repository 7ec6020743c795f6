"""What is fuzzed: everything that strangers send, by the way it takes through the program.

Findings on the way of pages, feeds, PDFs and heads of Markdown would cost their document alone: that is read in a
worker. They are findings all the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.exchange import opml
from briefs.archive import Archive
from briefs.ingest.feeds import is_summary, read_feed
from briefs.ingest.prepare import prepare
from briefs.ingest.raw import RawItem
from briefs.masking import masked
from briefs.models import Source
from briefs.text.aliases import Aliases
from briefs.text.analyse import analyse
from briefs.text.query import parse_query
from briefs.topics import Topic, parse_look_up, parse_topic
from tests.dispatcher import ARTICLES, MONDAY
from tests.fuzz.chat import discord, slack, takes_the_whole_way
from tests.hostile.attempts import FEED, PAGE
from tests.pdf_pages import paragraph, pdf
from tests.test_markdown import HOSTILE

_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Target:
    """run: takes an input its way. seeds: inputs to begin with. words: pieces that belong to its language."""

    run: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    words: tuple[bytes, ...] = ()


def text_of(data: bytes) -> str:
    """Return what somebody may have typed; what is no text becomes a lone surrogate, as JSON may have one."""
    return data.decode("utf-8", "surrogateescape")


def page(data: bytes) -> None:
    """Read a web page."""
    prepare(RawItem("https://a.example/2026/1", data, "text/html"))


def feed(data: bytes) -> None:
    """Read a feed, and each of its entries as an article."""
    read = read_feed(data, "https://a.example/feed")
    for entry in read.entries[:20]:
        item = entry.item(read.title)
        is_summary(item)
        if item.body.strip():
            prepare(item)


def printed(data: bytes) -> None:
    """Read a PDF."""
    prepare(RawItem("file:///a.pdf", data, "application/pdf"))


def front_matter(data: bytes) -> None:
    """Read a Markdown file by its head."""
    prepare(RawItem("file:///a.md", b"---\n" + data + b"\n---\nThe text of this note is read.", "text/markdown"))


@cache
def archive() -> Archive:
    """Return an archive of four articles in three languages."""
    folder = tempfile.mkdtemp(prefix="fuzz-archive-")
    made = Archive.open(f"sqlite:///{folder}/b.db", aliases=Aliases([("Tencent", "腾讯")]), clock=lambda: MONDAY)
    made.add(ARTICLES)
    return made


def query(data: bytes) -> None:
    """Read what is to be looked up, which costs a thousandth of looking it up; that, for one in so many."""
    if takes_the_whole_way(data):
        archive().brief(text_of(data), reader="en")
    else:
        asked = parse_look_up(text_of(data), MONDAY)
        parse_query(asked.text, languages=("en", "fr", "zh"))


def topic(data: bytes) -> None:
    """Read the expression of a topic, and let it judge articles; what it is written as reads the same."""
    expression = parse_topic(text_of(data))
    assert str(parse_topic(str(expression))) == str(expression), "it reads otherwise than it is written"
    matcher = Topic("Fuzzed", expression, ()).matcher(Aliases([("Tencent", "腾讯")]))
    for article in ARTICLES:
        matcher.judgement(analyse(article), MONDAY)


def outlines(data: bytes) -> None:
    """Import an OPML file, and export what it held."""
    entries = opml.read(data, "a.opml").entries
    sources = [Source(one.address, "feed", one.name, one.language, section=one.section) for one in entries]
    sources = [one for one in sources if masked(one.address) == one.address]  # else the secret in it stays here
    again = opml.read(opml.write(sources).encode(), "b.opml").entries
    assert len(again) == len(sources), "not all that came in goes out"


def _files(folder: str, most: int = 4_096) -> list[bytes]:
    files = sorted(file for file in (_ROOT / folder).rglob("*") if file.is_file() and file.suffix != ".json")
    return [body for file in files if len(body := file.read_bytes()) <= most]


def _pdfs() -> list[bytes]:
    lines = ["A printed sentence that can be read.", "It goes on in a second line."]
    return [pdf([paragraph(lines)]), pdf([paragraph(lines), paragraph(lines, x=300)], info={"Title": "A title"})]


_QUERIES = (
    *(
        "tencent alibaba",
        '"open links" -pay',
        "what did Tencent open?",
        "chev* OR 互联",
        "source:Example since:2026-01-01",
    ),
    *(
        "title:tabac lang:fr",
        "le tabac ET internet SAUF pay",
        "王传福 NOT (a | b)",
        "U.S. C++ AT&T 20 000",
        "near:5 limit:3",
    ),
)
_SIGNS = (
    *("NOT ", "AND ", "OR ", "ET ", "SAUF ", "near:", "lang:", "since:", "before:", "title:", "source:", "limit:", "-"),
    *('"', "(", ")", "|", "*", "+", "腾讯", "20 000", "C++", "…", "\u202e", "İ"),
)
_WORDS = tuple(sign.encode() for sign in _SIGNS)
_TAGS = tuple(
    piece.encode()
    for piece in (
        *("<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE ", "<?xml ", "encoding='", "&#x", "&amp;", "<item>", "</item>"),
        *("<entry>", "<title>", "<link>", "<guid>", "<pubDate>", "<content:encoded>", "xml:lang='", "<p>", "<table>"),
        *("<meta property='article:published_time' content='", "<script type='application/ld+json'>", "<base href='"),
    )
)
_HEADS = (
    b"title: ",
    b"date: ",
    b"lang: ",
    b"&a ",
    b"*a",
    b"!!bool ",
    b"<<: ",
    b"- ",
    b"{",
    b"[",
    b"|\n",
    b">\n",
    b"? ",
    b"0x",
)
_SAID = tuple(text.encode() for text in _QUERIES)

TARGETS: Mapping[str, Target] = {
    "page": Target(page, lambda: [PAGE], _TAGS),
    "feed": Target(feed, lambda: [FEED, *_files("data/feeds")], _TAGS),
    "PDF": Target(printed, _pdfs, (b" obj\n", b"endobj", b"stream\n", b"endstream", b"<<", b">>", b" 0 R", b"/Tj")),
    "front-matter": Target(
        front_matter, lambda: [head.encode("utf-8", "replace") for head in HOSTILE.values()], _HEADS
    ),
    "query": Target(query, lambda: _SAID, _WORDS),
    "topic": Target(topic, lambda: _SAID, _WORDS),
    "OPML": Target(
        outlines,
        lambda: [opml.write([]).encode(), b"<opml><body><outline text='A'><outline xmlUrl='https://a.example/f'/>"],
        (b"<outline ", b"</outline>", b"xmlUrl='", b"text='", b"type='rss'", b"feed://", b"https://", b"&quot;"),
    ),
    "Slack": Target(slack, lambda: [bytes([kind]) + text for text in _SAID for kind in range(4)], _WORDS),
    "Discord": Target(discord, lambda: [bytes([kind]) + text for text in _SAID for kind in range(40)], _WORDS),
}
