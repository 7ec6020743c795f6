"""What every search engine promises (`briefs.index.port`): in step with the articles, never fooled by what is typed."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, insert

from briefs.archive import Archive
from briefs.index import index_of, lexicon, postgres_gin, sqlite_fts
from briefs.index.cluster import Cluster
from briefs.index.lexicon import TOLERANCE, TOLERANCE_OF_ITS_OWN
from briefs.index.opensearch import OpenSearchIndex
from briefs.index.port import CANDIDATES
from briefs.index.within import Within
from briefs.models import Article
from briefs.store.articles import Articles
from briefs.store.database import Database
from briefs.store.relaying import Relay
from briefs.store.schema import article as article_table
from briefs.store.schema import source as source_table
from briefs.text.analyse import analyse
from briefs.text.packed import pack, unpack
from briefs.text.terms import terms
from briefs.topics import Topic, parse_topic
from tests import sqlite
from tests.memory_index import MemoryIndex

NOW = datetime(2026, 3, 2, tzinfo=UTC)
LINKS, NICE = "Tencent opens its links.", "Alibaba opens an office in Nice."


class Filed:
    """A database, a search engine over it, and what is seen of both."""

    def __init__(self, database, index, relay=None):
        self.database, self.index, self.relay = database, index, relay
        self.articles = Articles(database)
        self.late = False

    def settle(self):
        """Let an engine outside the database have what it is owed, unless it is late."""
        if self.relay and not self.late:
            list(self.relay.send())

    def file(self, *texts, language="en", title="", of=()):
        """of: who brings them, by the addresses of sources."""
        given = [Article(f"{language}{title}{n}", title, text, language) for n, text in enumerate(texts)]
        return self.articles.file([analyse(one) for one in given], NOW, {one.id: of for one in given})

    def sources(self, *addresses):
        """The numbers of new sources, which are nobody's yet."""
        with self.database.write() as connection:
            rows = [{"address": one, "kind": "feed"} for one in addresses]
            return list(connection.scalars(insert(source_table).returning(source_table.c.id), rows))

    def found(self, *words, **limits):
        """Rows that have some of these words, each a sequence of terms."""
        self.settle()
        with self.database.read() as connection:
            finder, _ = self.index.on(connection)
            return sorted(one.row for one in finder.candidates([[word] for word in words], Within(**limits)))

    def with_all(self, *words, **stretch):
        self.settle()
        with self.database.read() as connection:
            return self.index.on(connection)[0].rows_with_all(words, **stretch)

    def newest(self, *words, most, seen=None):
        self.settle()
        with self.database.read() as connection:
            found = self.index.on(connection)[0].newest_of_each([[word] for word in words], most, seen)
            return [sorted(rows) for rows in found]

    def lexicon(self, ask):
        with self.database.read() as connection:
            return ask(self.index.on(connection)[1])

    def articles_with(self, *sequence):
        return self.lexicon(lambda lexicon: lexicon.frequencies([sequence])[sequence].articles)


@pytest.fixture(params=["FTS5", "GIN", "memory", "OpenSearch"])
def filed(request, tmp_path):
    if request.param == "GIN":
        url = request.getfixturevalue("postgres_server").database()
    else:
        url = sqlite.database(tmp_path / "briefs.db")
    with Database.open(url) as database:
        own = index_of(database.shared)
        if request.param == "OpenSearch":
            with outside(database, request.getfixturevalue("opensearch_nodes"), own) as filed:
                yield filed
        elif request.param == "memory":
            memory = MemoryIndex(database)
            yield Filed(database, memory, memory)
        else:
            yield Filed(database, own)


@contextmanager
def outside(database, nodes, own):
    """A database whose articles are found by a cluster."""
    cluster = Cluster(nodes.address())
    filed = Filed(database, OpenSearchIndex(cluster, own), Relay(database, cluster))
    filed.relay.begin()
    filed.settle()
    yield filed
    cluster.close()


def test_an_article_is_found_as_soon_as_it_is_committed(filed):
    assert filed.found(("tencent",)) == []
    filed.file(LINKS)
    assert filed.found(("tencent",)) == [1]
    assert filed.articles_with("tencent") == 1


def test_a_replaced_article_is_found_by_its_new_words_only(filed):
    filed.file(LINKS)
    filed.file("Alibaba closes them.")
    assert filed.found(("tencent",)) == []
    assert filed.found(("alibaba",)) == [1]


def test_a_removed_article_is_not_found(filed):
    filed.file(LINKS, "Alibaba opens them.")
    with filed.database.write() as connection:
        connection.execute(delete(article_table).where(article_table.c.id == "en0"))
    assert filed.found(("tencent",)) == []
    totals = filed.lexicon(lambda lexicon: lexicon.totals)
    assert (totals.articles, totals.terms) == (1, 2)  # "them" is a stop word


def test_an_interrupted_write_leaves_neither_article_nor_index_entry(filed):
    filed.file(NICE)
    with pytest.raises(ZeroDivisionError), filed.database.write() as connection:  # noqa: PT012
        connection.exec_driver_sql("UPDATE article SET body_terms = ' tencent ', length = 1")
        raise ZeroDivisionError
    assert filed.found(("tencent",)) == []
    assert filed.found(("alibaba",)) == [1]


def test_names_are_found_as_sequences_in_any_script(filed):
    filed.file("腾讯控股今天上涨。", "控制腾飞。", language="zh")
    assert filed.found(("腾", "腾讯", "讯")) == [1]
    assert filed.found(tuple(terms("讯控", "zh"))) == [1]


def test_rows_and_languages_narrow_the_search(filed):
    filed.file("links", "links", "links")
    filed.file("links", language="fr")
    assert filed.found(("link",), first_row=3) == [3, 4]
    assert filed.found(("link",), languages=["fr"]) == [4]


def test_an_article_is_found_by_who_sees_one_of_its_sources_and_one_without_any_by_all(filed):
    heron, otter = filed.sources("heron", "otter")
    filed.file("open links", title="everybody")
    filed.file("open links", title="heron", of=["heron"])
    filed.file("open doors", title="both", of=["heron", "otter"])
    filed.file("open doors", title="otter", of=["otter"])
    everyone, of_heron, of_otter = frozenset[int](), frozenset({heron}), frozenset({otter})
    found = {
        everyone: [1],
        of_heron: [1, 2, 3],
        of_otter: [1, 3, 4],
        of_heron | of_otter: [1, 2, 3, 4],
        None: [1, 2, 3, 4],
    }
    for seen, rows in found.items():
        assert filed.found(("open",), seen=seen) == filed.found(seen=seen) == rows
        assert filed.with_all([("open",)], seen=seen) == rows
        assert filed.with_all([("open",)], seen=seen, newest=1) == rows[-1:]
    assert filed.found(("open",), seen=of_otter, languages=["en"], every=[[("door",)]]) == [3, 4]
    filed.file("open links", title="heron", of=["otter"])  # a second source lists what it was
    assert filed.found(("open",), seen=of_otter) == [1, 2, 3, 4]


def test_what_many_newer_articles_of_others_have_too_hides_no_article_from_its_readers(filed, monkeypatch):
    monkeypatch.setattr(postgres_gin, "_READ", 5)
    monkeypatch.setattr(lexicon, "_COMMON_LEAST", 5)
    monkeypatch.setattr(lexicon, "_NEWEST", 5)
    of_heron, of_otter = map(frozenset, ([one] for one in filed.sources("heron", "otter")))
    filed.file("open links", title="otter", of=["otter"])
    filed.file(*["open links"] * 20, title="heron", of=["heron"])
    for word in (("open", "link"), ("open",)):
        assert filed.found(word, seen=of_otter) == [1]
        assert filed.with_all([word], newest=1, seen=of_otter) == [1]
        assert filed.newest(word, ("link",), most=1, seen=of_otter) == [[1], [1]]
        assert filed.newest(word, most=2, seen=of_heron) == [[20, 21]]


def test_an_article_with_words_side_by_side_is_found_behind_many_that_have_them_apart(filed, monkeypatch):
    monkeypatch.setattr(postgres_gin, "_READ", 5)
    filed.file("open links", *["links open"] * 20, "open links", "links open")
    words = ("open", "link")
    assert filed.found(words) == [1, 22]
    assert filed.with_all([words], newest=2) == [1, 22]
    assert filed.newest(words, ("open",), most=3) == [[1, 22], [21, 22, 23]]


def test_a_rare_word_that_only_others_have_leaves_what_the_reader_finds_as_it_was(filed, monkeypatch):
    monkeypatch.setattr(lexicon, "_COMMON_LEAST", 5)
    filed.sources("heron")
    of_otter = frozenset(filed.sources("otter"))
    filed.file(*["A harbour."] * 10, of=["otter"])
    found = filed.found(("otter",), ("harbour",), seen=of_otter)
    filed.file("An otter.", title="heron", of=["heron"])
    assert filed.found(("otter",), ("harbour",), seen=of_otter) == found == [*range(1, 11)]


def test_words_that_have_to_be_there_or_must_not_be_narrow_the_search(filed):
    filed.file(LINKS, NICE, "Nice opens a harbour.")
    filed.file("The office opens.", title="Tencent")
    opens = ("open",)
    assert filed.found(opens, every=[[("nice",)]]) == [2, 3]
    assert filed.found(opens, every=[[("nice",)], [("alibaba",), ("tencent",)]]) == [2]
    assert filed.found(opens, none=[[("nice",)], [("ferm",)]]) == [1, 4]
    assert filed.found(every=[[("tencent",)]], in_title=[[("tencent",)]]) == [4]


def test_without_words_the_newest_are_found(filed):
    filed.file(*["links"] * (CANDIDATES + 50))
    assert len(filed.found()) >= CANDIDATES
    assert filed.found()[-1] == CANDIDATES + 50


def test_a_word_that_no_article_has_counts_for_nothing(filed):
    filed.file(LINKS)
    assert filed.found(("tencent",), ("nothing",)) == [1]
    assert filed.found(("nothing",)) == []


def test_all_words_are_found_in_a_stretch_and_the_newest_of_many(filed):
    filed.file("open links", "open doors", "open links again", "links open")
    words = [("open",)], [("link",), ("lien",)]
    assert filed.with_all(*words) == [1, 3, 4]
    assert filed.with_all(*words, after=1, through=3) == [3]
    assert filed.with_all(*words, newest=2) == [3, 4]
    assert filed.with_all() == filed.with_all([]) == []


def test_candidates_are_bounded(filed):
    filed.file(*["links"] * 1_000)
    assert CANDIDATES <= len(filed.found(("link",))) <= 3 * CANDIDATES


def test_a_long_text_has_more_candidates_than_a_short_one(filed):
    text = [(f"word{n}",) for n in range(64)]
    filed.file(*[" ".join(word for (word,) in text)] * 500)
    assert len(filed.found(*text)) >= 4 * CANDIDATES


def test_counts_are_of_articles_and_of_occurrences(filed):
    filed.file("links and links", "a link", "open links here")
    many = [("link",), ("open", "link"), ("nothing",), ("no", "thing")]
    counted = filed.lexicon(lambda lexicon: lexicon.frequencies(many))
    assert [counted[terms].articles for terms in many] == [3, 1, 0, 0]
    assert counted["link",].occurrences == 4


def test_counts_of_a_small_archive_are_always_fresh(filed):
    filed.file("links")
    assert filed.articles_with("link") == 1
    filed.file("links", "links")
    assert filed.articles_with("link") == 2


def test_counts_of_a_large_archive_are_kept_until_half_a_percent_of_it_has_changed(filed):
    filed.file("The harbour.", *["links"] * 999)
    assert (filed.articles_with("harbour"), filed.articles_with("link")) == (1, 999)
    few = round(1_000 * TOLERANCE) - 1
    filed.file(*["The harbour."] * few, "An otter.", title="Later")
    assert filed.articles_with("harbour") == 1
    assert filed.articles_with("otter") == 1  # what no article had is asked again
    filed.file("Of links.", title="Last")
    assert filed.articles_with("harbour") == 1 + few
    assert filed.articles_with("link") == 999
    filed.file(*["links"] * round(999 * TOLERANCE_OF_ITS_OWN), title="Many")
    assert filed.articles_with("link") == 1_000 + round(999 * TOLERANCE_OF_ITS_OWN)


def test_of_words_that_most_articles_have_the_newest_are_found(filed):
    filed.file(*["links"] * 4_000)
    assert filed.found(("link",))[0] > 900


def test_the_vocabulary_is_read_by_prefix_the_commonest_terms_first(filed):
    filed.file("Tencent tends its tents. Other.", "Tents.")
    listed = filed.lexicon(lambda lexicon: lexicon.vocabularies(["ten", "o", "x"], 5))
    assert listed == [["tent", "tencent", "tend"], ["other"], []]
    assert filed.lexicon(lambda lexicon: lexicon.known(["tencent", "tencemt"])) == {"tencent": 1}


def test_of_many_terms_of_a_large_archive_that_begin_so_the_commonest_are_read(filed, monkeypatch):
    monkeypatch.setattr(sqlite_fts, "SAMPLED_FROM", 2)
    filed.file("w71 w72.", " ".join(f"w{n}" for n in range(10, 99)))
    (listed,) = filed.lexicon(lambda lexicon: lexicon.vocabularies(["w"], 2))
    assert listed == ["w71", "w72"]


def test_a_term_that_begins_as_few_do_is_read_however_old_its_article_is(filed, monkeypatch):
    monkeypatch.setattr(sqlite_fts, "SAMPLED_FROM", 2)
    filed.file("Of w1.", *["Of w2."] * 2_000)
    (listed,) = filed.lexicon(lambda lexicon: lexicon.vocabularies(["w"], 5))
    assert listed == ["w2", "w1"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_every_term_that_the_analyser_makes_is_found_whole(filed, text):
    filed.file(text, language="fr")
    made = [(term,) for term in terms(text, "fr")]
    counted = filed.lexicon(lambda lexicon: lexicon.frequencies(made))
    assert all(counted[term].articles == 1 for term in made)


# ---------------------------------------------------------------- the archive on any of them


@pytest.fixture
def archive(filed):
    return Archive(filed.database, index=filed.index, clock=lambda: NOW)


def both_found(filed, archive):
    filed.settle()
    topic = Topic("Links", parse_topic("tencent + link"))
    hits, told = archive.search("tencent links"), archive.digest(topic)
    return [hit.article.id for hit in hits], [story.lead.id for story in told.stories]


def test_look_ups_and_topics_find_an_article_on_any_engine(filed, archive):
    archive.add([Article("1", "Links", LINKS, "en"), Article("2", "Nice", NICE, "en")])
    assert both_found(filed, archive) == (["1"], ["1"])


def test_what_an_engine_has_not_yet_is_found_all_the_same(filed, archive):
    archive.add([Article("1", "Nice", NICE, "en")])
    filed.settle()
    filed.late = True
    archive.add([Article("2", "Links", LINKS, "en"), Article("3", "Office", NICE, "en")])
    assert both_found(filed, archive) == (["2"], ["2"])
    assert [hit.article.id for hit in archive.search("title:office alibaba")] == ["3"]


def test_how_a_word_is_written_is_told_by_the_articles_that_are_left_where_an_engine_still_has_others(filed, archive):
    archive.add([Article("1", "Smoke", "Tobacco factories.", "en"), Article("2", "Smoke", "A TOBACCO firm.", "en")])
    filed.settle()
    filed.late = True
    with filed.database.write() as connection:
        connection.execute(delete(article_table).where(article_table.c.id == "1"))
    assert archive.brief("tobaco").read_as.corrections == (("tobaco", "TOBACCO"),)


def test_a_look_up_asks_postgresql_little(postgres_server):
    with Database.open(postgres_server.database()) as database:
        archive = Archive(database, clock=lambda: NOW)
        archive.add(
            Article(str(n), f"Report {n}", f"{LINKS} {NICE} Word{n} again.", "en", source=f"wire {n}")
            for n in range(300)
        )
        archive._clock = lambda: NOW + timedelta(days=8)
        said = []
        event.listen(database._engine, "before_cursor_execute", lambda *event: said.append(event[2]))
        asked = [len(said)]
        for look_up in (archive.search, archive.search, archive.brief):
            assert look_up("Tencent opens links in Nice")
            asked.append(len(said))
    assert max(after - before for before, after in pairwise(asked)) <= 12, said


@given(st.lists(st.text("abc腾讯", min_size=1)))
def test_packing_loses_nothing(words):
    assert unpack(pack(words)) == words


def test_neighbours_are_counted_apart():
    assert pack(["a", "a", "a"]).count(pack(["a"])) == 3
