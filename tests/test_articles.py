"""Articles on disk: filed once, replaced in place, read back as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from briefs.models import Article
from briefs.store.articles import Articles
from briefs.store.database import Database
from briefs.text.analyse import analyse

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LINKS = Article(
    "1",
    "Liens ouverts",
    "Tencent ouvre ses liens. Alibaba aussi.",
    "fr",
    "https://example.org/1",
    "Example",
    NOON - timedelta(days=3),
    "Ann",
)


@pytest.fixture
def database(database_url):
    with Database.open(database_url) as database:
        yield database


@pytest.fixture
def articles(database):
    return Articles(database)


def one(articles, name):
    with articles._database.read() as connection:
        (stored,) = articles.named(connection, [name])
    return stored


def test_an_article_comes_back_as_it_was(articles):
    analysed = analyse(LINKS)
    assert articles.file([analysed], NOON).new == ("1",)
    stored = one(articles, "1")
    assert stored.analysed == analysed
    assert stored.seen_at == NOON


def test_filing_the_same_again_adds_nothing(articles):
    articles.file([analyse(LINKS)], NOON)
    filed = articles.file([analyse(LINKS)], NOON + timedelta(hours=1))
    assert (filed.new, filed.changed, filed.unchanged) == ((), (), 1)
    assert one(articles, "1").seen_at == NOON


def test_another_text_replaces_the_article_but_it_is_not_news_again(articles):
    articles.file([analyse(LINKS)], NOON)
    before = one(articles, "1")
    filed = articles.file([analyse(replace(LINKS, text="Un autre texte."))], NOON + timedelta(days=1))
    after = one(articles, "1")
    assert filed.changed == ("1",)
    assert after.analysed.article.text == "Un autre texte."
    assert (after.row, after.seen_at) == (before.row, before.seen_at)


def test_a_new_date_for_the_same_text_is_kept_though_it_counts_as_unchanged(articles):
    articles.file([analyse(LINKS)], NOON)
    filed = articles.file([analyse(replace(LINKS, published=NOON))], NOON)
    assert filed.unchanged == 1
    assert one(articles, "1").analysed.article.published == NOON


def test_rows_rise_and_tell_since_when(articles, database):
    for day in range(3):
        articles.file([analyse(replace(LINKS, id=str(day)))], NOON + timedelta(days=day))
    rows = [one(articles, str(day)).row for day in range(3)]
    assert rows == sorted(rows)
    assert articles.position() == rows[-1]
    with database.read() as connection:
        assert articles.first_row(connection, NOON + timedelta(hours=1)) == rows[1]
        assert articles.first_row(connection, NOON + timedelta(days=9)) == rows[-1] + 1
        assert [one.row for one in articles.between(connection, rows[0], rows[-1])] == rows[1:]


def test_an_archive_says_what_it_holds(articles, database):
    with database.read() as connection:
        assert articles.searched(connection, NOON, 0).oldest is None
    other = replace(LINKS, id="2", language="en", published=NOON + timedelta(days=900))
    articles.file([analyse(LINKS), analyse(other)], NOON)
    with database.read() as connection:
        searched = articles.searched(connection, NOON, 2)
        assert articles.languages(connection) == ("en", "fr")
    assert (searched.articles, searched.oldest, searched.newest) == (2, LINKS.published, LINKS.published)


def test_to_ask_for_the_languages_reads_no_publishers_and_leaves_what_is_known_of_them(articles, database):
    articles.file([analyse(LINKS)], NOON)
    said = []
    event.listen(database._engine, "before_cursor_execute", lambda *event: said.append(event[2]))
    with database.read() as connection:
        known = articles.sources(connection, NOON, 1)
        said.clear()
        assert articles.languages(connection) == ("fr",)
        assert "source" not in said[-1]
        assert articles.sources(connection, NOON, 1) == known
    assert sum("source" in one for one in said) == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(title=st.text(st.characters(), max_size=20), text=st.text(st.characters(), max_size=80))
def test_whatever_the_text_its_sentences_stay_where_they_were(articles, title, text):
    analysed = analyse(Article("any", title, text))
    articles.file([analysed], NOON)
    stored = one(articles, "any").analysed
    assert len(stored.article.text) == len(text)
    assert stored.sentences == analysed.sentences


def test_a_term_of_articles_that_are_read_together_is_kept_once(articles, database):
    articles.file([analyse(replace(LINKS, id=str(number))) for number in range(2)], NOON)
    with database.read() as connection:
        one, two = (stored.analysed for stored in articles.between(connection, 0, articles.position()))
    assert all(first is second for first, second in zip(one.body_terms, two.body_terms, strict=True))
