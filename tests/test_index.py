"""The full-text index: always in step with the articles, and never fooled by what people type."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from briefs.models import Article
from briefs.store.articles import Articles
from briefs.store.database import Database
from briefs.store.postgres_gin import GinIndex
from briefs.store.schema import article as article_table
from briefs.store.sqlite_fts import CANDIDATES, Fts5Index
from briefs.store.within import Within
from briefs.text.analyse import analyse
from briefs.text.packed import pack, unpack
from briefs.text.terms import terms

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def database(database_url):
    with Database.open(database_url) as database:
        yield database


def index_of(database):
    return GinIndex() if database.shared else Fts5Index()


@pytest.fixture
def file(database):
    def file(*texts, language="en"):
        given = [Article(f"{language}{n}", "", text, language) for n, text in enumerate(texts)]
        return Articles(database).file([analyse(one) for one in given], NOW)

    return file


def found(database, *words, first_row=0, languages=None):
    with database.read() as connection:
        candidates = index_of(database).candidates(connection, [[word] for word in words], Within(first_row, languages))
    return sorted(one.row for one in candidates)


def test_an_article_is_found_as_soon_as_it_is_committed(database, file):
    assert found(database, ("tencent",)) == []
    file("Tencent opens its links.")
    assert found(database, ("tencent",)) == [1]


def test_a_replaced_article_is_found_by_its_new_words_only(database, file):
    file("Tencent opens its links.")
    file("Alibaba closes them.")
    assert found(database, ("tencent",)) == []
    assert found(database, ("alibaba",)) == [1]


def test_a_removed_article_is_not_found(database, file):
    file("Tencent opens its links.", "Alibaba opens them.")
    with database.write() as connection:
        connection.execute(delete(article_table).where(article_table.c.id == "en0"))
    assert found(database, ("tencent",)) == []
    with database.read() as connection:
        totals = index_of(database).totals(connection)
    assert (totals.articles, totals.terms) == (1, 2)  # "them" is a stop word


def test_an_interrupted_write_leaves_neither_article_nor_index_entry(database, file):
    file("Alibaba.")
    with pytest.raises(ZeroDivisionError), database.write() as connection:  # noqa: PT012
        connection.exec_driver_sql("UPDATE article SET body_terms = ' tencent ', length = 1")
        raise ZeroDivisionError
    assert found(database, ("tencent",)) == []
    assert found(database, ("alibaba",)) == [1]


def test_names_are_found_as_sequences_in_any_script(database, file):
    file("腾讯控股今天上涨。", "控制腾飞。", language="zh")
    assert found(database, ("腾", "腾讯", "讯")) == [1]
    assert found(database, tuple(terms("讯控", "zh"))) == [1]


def test_a_window_and_languages_narrow_the_search(database, file):
    file("links", "links", "links")
    file("links", language="fr")
    assert found(database, ("link",), first_row=3) == [3, 4]
    assert found(database, ("link",), languages=["fr"]) == [4]


def test_counts_are_of_articles_and_of_occurrences(database, file):
    file("links and links", "a link", "open links here")
    with database.read() as connection:
        count = index_of(database).counter(connection)
        assert count(("link",)) == (3, 4)
        assert count(("open", "link")).articles == 1
        assert count(("nothing",)) == (0, 0)


def test_counts_are_fresh_after_a_commit(database, file):
    index = index_of(database)
    file("links")
    with database.read() as connection:
        assert index.counter(connection)(("link",)).articles == 1
    file("links", "links")
    with database.read() as connection:
        assert index.counter(connection)(("link",)).articles == 2


def test_all_words_are_counted_up_to_enough(database, file):
    file("open links", "open doors", "open links again")
    with database.read() as connection:
        holds_all = index_of(database).holds_all
        words = [[("open",)], [("link",), ("lien",)]]
        assert [holds_all(connection, words, 0, 9), holds_all(connection, words, 0, 1)] == [2, 1]


def test_candidates_are_bounded(database, file):
    file(*["links"] * (CANDIDATES + 50))
    assert len(found(database, ("link",))) == CANDIDATES


def test_the_vocabulary_is_read_by_prefix(database, file):
    file("Tencent tends its tents. Other.")
    with database.read() as connection:
        assert index_of(database).vocabulary(connection, "ten", 10) == ["tencent", "tend", "tent"]
        assert index_of(database).known(connection, ["tencent", "tencemt"]) == {"tencent": 1}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_every_term_that_the_analyser_makes_is_found_whole(database, file, text):
    file(text, language="fr")
    with database.read() as connection:
        count = index_of(database).counter(connection)
        assert all(count((term,)).articles == 1 for term in terms(text, "fr"))


@given(st.lists(st.text("abc腾讯", min_size=1)))
def test_packing_loses_nothing(words):
    assert unpack(pack(words)) == words


def test_neighbours_are_counted_apart():
    assert pack(["a", "a", "a"]).count(pack(["a"])) == 3
