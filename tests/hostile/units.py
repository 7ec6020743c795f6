"""Pieces of text that are harmless once; repeated, they make whatever is not linear take its time.

Each path takes one, repeated to a length, as a stranger would send it, and does all that is done of it.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from briefs.ingest.feeds import is_summary, read_feed
from briefs.ingest.prepare import prepare
from briefs.ingest.raw import RawItem
from briefs.models import Article
from briefs.quoting.additions import change_of, remembered
from briefs.search.initials import spelled_out
from briefs.text.aliases import Aliases
from briefs.text.analyse import analyse
from briefs.text.query import parse_query

UNITS = (
    *(".", " ", "\n", "\t", "\u3000", "\xa0", "-", "_", "*", "#", ">", "<", "&", '"', "'", "|", "/", ":", ";", ","),
    *(
        "(",
        "[",
        "{",
        "“",
        "«",
        "…",
        "。",
        "·",
        "•",
        "0",
        "1 ",
        "a",
        "A",
        "é",
        "汉",
        "腾讯",
        "İ",
        "\u0301",
        "\u200d",
        "👍",
        "\ufffd",
    ),
    *(
        "a ",
        "a.",
        "A. ",
        "Aa ",
        "a-\n",
        "1. ",
        "- ",
        "> ",
        "# ",
        "| a ",
        "By A ",
        "http://a ",
        "a@b.c ",
        "&amp;",
        "&#x",
        "<!--",
    ),
    *(
        "<a>",
        "<p>",
        "</p>",
        "<div>",
        "<script>",
        "<!--a-->",
        "<br>\n",
        "[a](",
        "![",
        "**a",
        "`",
        "---\n",
        "a: b\n",
        "$1,",
    ),
    *(
        "He said: “",
        "2015-01-01 ",
        "1 Jan 2015, ",
        "第1页",
        "Page 1 of 2\n",
        "Read more: ",
        "par ",
        "Home > ",
        "U.S. ",
        "l’",
    ),
    *(
        "no 1 comments ",
        "Volume 1, issue ",
        "A.\n\n",
        "a\n\n",
        "share ",
        "The cat sat.\n",
        "AAA ",
        "x" * 50 + " ",
        "٠",
        "ا ",
    ),
)


def _page(text: str) -> None:
    prose = "<p>The council agreed on Monday that the old bridge should be closed for the whole of the winter.</p>" * 5
    body = f"<html><head><title>A title</title></head><body><article>{prose}<p>{text}</p></article></body></html>"
    prepare(RawItem("https://a.example/1", body.encode(), "text/html"))


def _fragment(text: str) -> None:
    prepare(RawItem("https://a.example/1", text.encode(), "text/html", title="A title"))


def _text(text: str) -> None:
    prepare(RawItem("https://a.example/1", text.encode(), "text/plain"))


def _markdown(text: str) -> None:
    prepare(RawItem("https://a.example/1", text.encode(), "text/markdown"))


def _feed(text: str) -> None:
    said = html.escape(text)
    body = (
        f"<rss version='2.0'><channel><title>A feed</title><item><title>{said}</title><link>https://a.example/1</link>"
    )
    body += f"<description>{said}</description></item></channel></rss>"
    feed = read_feed(body.encode(), "https://a.example/feed")
    for item in (entry.item(feed.title) for entry in feed.entries):
        is_summary(item)
        prepare(item)


def _watched(text: str) -> None:
    before, now = (analyse(Article("https://a.example/1", "A title", said, "en")) for said in (f"{text} the cat", text))
    change_of(now, remembered(before), before.article.text, datetime(2026, 3, 2, tzinfo=UTC))


def _query(text: str) -> None:
    parse_query(text, languages=("en", "fr", "zh"), aliases=Aliases([("Tencent", "腾讯")]))


def _initials(text: str) -> None:
    spelled_out("nhpa", [text])


PATHS: Mapping[str, Callable[[str], None]] = {
    "page": _page,
    "fragment": _fragment,
    "text": _text,
    "markdown": _markdown,
    "feed": _feed,
    "watched": _watched,
    "query": _query,
    "initials": _initials,
}


def repeated(unit: str, size: int) -> str:
    """Return a text of at least so many characters."""
    return unit * -(-size // len(unit))
