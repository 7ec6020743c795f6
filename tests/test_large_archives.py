"""What SQLite's full text does so that a look-up takes no longer in a large archive (`briefs.index.sqlite_fts`)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from briefs.index import sqlite_fts
from briefs.index.within import Within
from briefs.models import Article
from briefs.store.articles import Articles
from briefs.store.database import Database
from briefs.text.analyse import analyse
from tests import sqlite


class Filed:
    def __init__(self, database):
        self.database, self.index = database, sqlite_fts.Fts5Index()

    def file(self, *texts):
        given = [analyse(Article(f"a{n}", "", text, "en")) for n, text in enumerate(texts)]
        Articles(self.database).file(given, datetime(2026, 3, 2, tzinfo=UTC))

    def found(self, *words, **limits):
        with self.database.read() as connection:
            found = self.index.on(connection)[0].candidates([[(word,)] for word in words], Within(**limits))
            return [one.row for one in found]

    def frequencies(self, *terms):
        with self.database.read() as connection:
            counted = self.index.on(connection)[1].frequencies([(term,) for term in terms])
        return {term: counted[term,] for term in terms}


@pytest.fixture
def filed(tmp_path):
    with Database.open(sqlite.database(tmp_path / "briefs.db")) as database:
        yield Filed(database)


def test_a_common_word_puts_forward_the_articles_that_have_rarer_ones(filed):
    filed.file(*["The otter at the harbour."] * 10, *["The otter at the river."] * 200, *["The harbour."] * 1_500)
    assert set(range(1, 11)) <= set(filed.found("otter", "harbour"))


def test_an_article_that_has_common_words_only_is_no_candidate_beside_rarer_ones(filed):
    filed.file("The otter.", *["The harbour and the links."] * 1_500)
    assert filed.found("otter", "harbour", "link") == [1]


def test_limits_hold_for_articles_that_common_words_put_forward(filed):
    filed.file("The otter at the harbour, twice.", "The otter at the harbour.", *["The harbour."] * 1_500)
    assert filed.found("otter", "harbour", none=[[("twice",)]]) == [2]
    assert filed.found("otter", "harbour", first_row=2) == [2]


def test_of_the_articles_that_have_common_words_only_the_newest_are_weighed(filed, monkeypatch):
    monkeypatch.setattr(sqlite_fts, "NEWEST", 1_200)
    filed.file("Links, links, links at the harbour.", *["The harbour with its links."] * 1_500)
    found = filed.found("link", "harbour")
    assert len(found) == 100
    assert min(found) > 300


def test_what_much_of_a_very_large_archive_has_is_counted_here_and_there(filed, monkeypatch):
    monkeypatch.setattr(sqlite_fts, "SAMPLED_FROM", 1_000)
    monkeypatch.setattr(sqlite_fts, "STRETCH", 50)
    filed.file(*["The old harbour."] * 500, *["The links.", "The harbour with links."] * 250, "An otter.")
    counted = filed.frequencies("link", "harbour", "old", "otter", "heron")
    exactly = {"link": 500, "harbour": 750, "old": 500, "otter": 1, "heron": 0}
    for term, one in counted.items():
        assert one.articles == pytest.approx(exactly[term], rel=0.08 if term in ("link", "harbour") else 0)
    assert counted["link"].occurrences >= counted["link"].articles


def test_where_no_beginning_is_asked_for_no_article_is_read(filed, monkeypatch):
    monkeypatch.setattr(sqlite_fts, "SAMPLED_FROM", 1)
    filed.file("An otter.")
    said = []
    event.listen(filed.database._engine, "before_cursor_execute", lambda *event: said.append(event[2]))
    with filed.database.read() as connection:
        assert filed.index.on(connection)[1].vocabularies([], 5) == []
    assert not any("body_terms" in statement for statement in said)
