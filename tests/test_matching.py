"""What topics take is noted as articles come in, and is always what a fresh look at the archive would find."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from briefs.archive import Archive
from briefs.index import index_of
from briefs.models import Article
from briefs.store.articles import Articles
from briefs.store.schema import article_topic, watch
from briefs.text.aliases import Aliases
from briefs.text.analyse import analyse
from briefs.topics import Topic, parse_topic
from briefs.topics.saved_searches import SavedSearches
from tests import sqlite

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ALIASES = Aliases([["Tencent", "腾讯"]])
LINKS = Topic("links", parse_topic("Tencent + (link | 链接) - stock"), kept=True)


@pytest.fixture
def archive(database_url):
    with Archive.open(database_url, aliases=ALIASES, clock=lambda: NOON) as opened:
        yield opened


def article(name, text, language="en"):
    return Article(name, name, text, language, source=name)


def noted(archive):
    with archive.database.read() as connection:
        rows = connection.execute(select(article_topic.c.article_row, article_topic.c.excluded)).all()
        return sorted(map(tuple, rows))


def told(archive, topic=LINKS, **stretch):
    digest = archive.digest(topic, **stretch)
    ids = {one.id for story in (*digest.stories, *digest.more) for one in story.articles}
    return ids, digest.left_out.get("excluded", 0)


def test_a_topic_is_matched_back_over_the_archive_at_once_and_then_as_articles_come_in(archive):
    archive.add([article("a", "Tencent opens a link to shops."), article("b", "It rains.")])
    assert told(archive) == ({"a"}, 0)
    assert noted(archive) == [(1, False)]
    archive.add(
        [article("c", "腾讯开放链接。", "zh"), article("d", "Tencent stock falls; no link."), article("e", "Snow.")]
    )
    assert noted(archive) == [(1, False), (3, False), (4, True)]
    assert told(archive, after=2) == ({"c"}, 1)
    assert told(archive, after=2, through=3) == ({"c"}, 0)


def test_a_topic_that_does_not_stay_is_not_noted(archive):
    archive.add([article("a", "Tencent opens a link to shops.")])
    assert told(archive, replace(LINKS, kept=False)) == ({"a"}, 0)
    assert noted(archive) == []


def test_an_article_that_changes_is_matched_again(archive):
    archive.add([article("a", "Tencent opens a link to shops."), article("b", "It rains.")])
    told(archive)
    archive.add([article("a", "It snows."), article("b", "Tencent has a link.")])
    assert noted(archive) == [(2, False)]


def test_what_a_process_filed_before_it_died_is_found_and_noted_later(archive):
    archive.add([article("a", "Tencent opens a link to shops.")])
    told(archive)
    Articles(archive.database).file([analyse(article("b", "A link for users of Tencent in Nice."))], NOON)  # and dies
    assert noted(archive) == [(1, False)]
    assert told(archive) == ({"a", "b"}, 0)
    archive.add([article("c", "It rains.")])
    assert noted(archive) == [(1, False), (2, False)]


def test_an_article_in_a_new_language_that_another_process_files_meanwhile_is_not_passed_over(postgres_server):
    horses = Topic("horses", parse_topic("chevaux"), kept=True)

    class Between(SavedSearches):
        """Another process files an article between two statements of one that notes."""

        comes: ClassVar[list[Article]] = []

        def _state(self, connection):
            state = super()._state(connection)
            if self.comes and not connection.get_execution_options().get("postgresql_readonly"):
                archive.store([self.comes.pop()])
            return state

    with Archive.open(postgres_server.database(), clock=lambda: NOON) as archive:
        archive.add([article("a", "It rains.")])
        told(archive, horses)
        archive.store([article("b", "It snows.")])
        Between.comes.append(article("c", "Les chevaux courent dans la plaine.", "fr"))
        index = index_of(archive.database.shared)
        Between(archive.database, Articles(archive.database), index, Aliases(), lambda: NOON).note()
        archive.follow_up()
        assert told(archive, horses) == ({"c"}, 0)


def test_topics_that_mean_the_same_are_matched_once(archive):
    archive.add([article("a", "Tencent opens a link to shops.")])
    for name in ("links", "liens"):
        told(archive, replace(LINKS, name=name))
    told(archive.knowing([["Nokia", "诺基亚"]]), LINKS)  # names that the topic does not need
    with archive.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(watch)).scalar_one() == 1
    assert told(archive.knowing([["Penguin", "Tencent"]]), Topic("p", parse_topic("penguin"), kept=True)) == ({"a"}, 0)
    with archive.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(watch)).scalar_one() == 2


def test_topics_that_nobody_asks_for_are_forgotten_and_come_back_whole(archive):
    archive.add([article("a", "Tencent opens a link to shops.")])
    told(archive)
    told(Archive(archive.database, ALIASES, clock=lambda: NOON + timedelta(days=5)))
    archive.forget(NOON + timedelta(days=4))
    assert noted(archive) == [(1, False)]
    archive.forget(NOON + timedelta(days=6))
    assert noted(archive) == []
    assert told(archive) == ({"a"}, 0)
    assert noted(archive) == [(1, False)]


texts = st.lists(st.sampled_from(["Tencent", "link", "stock", "rain", "腾讯", "链接"]), min_size=1, max_size=4).map(
    " ".join
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.tuples(st.sampled_from("abcdef"), texts), min_size=1, max_size=3), min_size=1, max_size=4))
def test_what_is_noted_is_what_a_fresh_look_finds(tmp_path_factory, batches):
    folder = tmp_path_factory.mktemp("noted")
    with Archive.open(sqlite.database(folder / "a.db"), aliases=ALIASES, clock=lambda: NOON) as archive:
        for batch in batches:
            archive.add(article(name, text) for name, text in batch)
            assert told(archive) == told(archive, replace(LINKS, kept=False))
