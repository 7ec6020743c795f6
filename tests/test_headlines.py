"""Sites without a feed: their headlines are found by how their pages are built, and nothing old comes as new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from briefs.archive import Archive
from briefs.errors import Unreadable
from briefs.gather import gather
from briefs.ingest.fetch import Fetcher
from briefs.ingest.headlines import read_list
from briefs.ingest.turns import Turns
from briefs.models import Source
from tests.fakes.web import Page, serve

DATA: dict[str, Any] = yaml.safe_load(Path(__file__, "../data/listings.yaml").resolve().read_text(encoding="utf-8"))
STRUCTURES = {one["name"]: one for one in DATA["structures"]}
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Item:
    """An article on a list. day: of November 2026."""

    number: int
    title: str
    day: int

    def written(self, template: str) -> str:
        plain = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in self.title.lower())
        slug = "-".join(plain.split()[:7])
        return template.format(
            number=self.number, title=self.title, short=self.title[:9], day=self.day, slug=slug or self.number
        )


def news(structure: dict[str, Any], newest: int = 9, count: int = 10) -> list[Item]:
    """Give the articles of a list, the newest first; each number is one article for good."""
    titles = DATA["titles"][structure["titles"]]
    return [Item(5000 + n, titles[n % len(titles)], 10 + n) for n in range(newest, newest - count, -1)]


def page(structure: dict[str, Any], items: list[Item]) -> str:
    first, per = structure.get("first", structure["item"]), -(-len(items) // structure.get("groups", 1))
    groups = [items[start : start + per] for start in range(0, len(items), per)]
    written = [
        group[0].written(first) + "".join(one.written(structure["item"]) for one in group[1:]) for group in groups
    ]
    inside = "".join(structure.get("group", "{items}").replace("{items}", group) for group in written)
    return DATA["frame"].replace("{list}", structure["page"].replace("{items}", inside))


@pytest.mark.parametrize("name", STRUCTURES)
def test_the_headlines_of_a_page_are_found_and_nothing_else_of_it(name):
    structure = STRUCTURES[name]
    items = news(structure)

    found = read_list((page(structure, items).encode(), "https://www.site.example/news", HTML))

    assert {entry.title for entry in found.entries} == {item.title for item in items}
    assert found.language == structure["titles"]
    assert found.title == "The Daily Example"


@pytest.mark.parametrize("name", [name for name, structure in STRUCTURES.items() if structure.get("dated")])
def test_a_date_beside_a_headline_is_its_own(name):
    structure = STRUCTURES[name]
    items = news(structure)

    found = read_list((page(structure, items).encode(), "https://www.site.example/news", HTML))

    days = {entry.title: entry.published and entry.published.date() for entry in found.entries}
    assert days == {item.title: datetime(2026, 11, item.day, tzinfo=UTC).date() for item in items}


def test_a_page_that_lists_nothing_says_what_would_help():
    article = "<html><body><article><h1>A heron</h1><p>A heron has nested here.</p></article></body></html>"
    with pytest.raises(Unreadable, match="give the address of its feed, or of its news"):
        read_list((article.encode(), "https://a.example/heron", HTML))


@given(st.text(alphabet="<>/a hrefulidv=\"'&#;0123中é\n", max_size=400))
def test_no_page_is_too_broken(markup):
    try:
        found = read_list((markup.encode(), "https://a.example/", HTML))
    except Unreadable:
        return
    assert all(entry.url.startswith("http") for entry in found.entries)


def test_over_days_each_article_comes_once_also_when_it_returns_to_the_list(tmp_path):
    structure = STRUCTURES["a ministry's table of releases"]
    with serve() as web, Archive.open(f"sqlite:///{tmp_path}/briefs.db") as archive:
        source = Source(web.url("/press"), "list", allow=("127.0.0.1",))
        fetcher = Fetcher(turns=Turns(pause=0))
        new = []
        for newest, also in ((9, []), (11, []), (13, news(structure, 3, 2))):
            items = news(structure, newest) + also
            for item in items:
                text = f"<article><h1>{item.title}</h1><p>{item.title}, as was said on day {item.day}.</p></article>"
                web.pages[f"/press/{item.number}"] = Page(f"<html><body>{text}</body></html>".encode())
            web.pages["/press"] = Page(page(structure, items).encode())
            new.append(gather([source], archive, fetcher=fetcher).new)
    assert new == [10, 2, 2]
