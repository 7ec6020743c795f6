"""PostgreSQL by its address alone: what is its own, beside the contract that it shares with SQLite."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, insert, select, update

from bot.delivery import planning
from briefs.archive import Archive
from briefs.errors import StoreError
from briefs.index import lexicon, postgres_gin
from briefs.index.within import Within
from briefs.models import Article, Channel
from briefs.store import schema
from briefs.store.database import Database, turn
from briefs.store.deliveries import Deliveries
from briefs.store.runs import Runs
from briefs.text.terms import terms
from tests import postgres
from tests.test_deliveries import NINE, claim, freeze, plan, rows, subscribe

NOW = datetime(2026, 9, 14, 7, 0, tzinfo=UTC)


@pytest.fixture
def url(postgres_server):
    return postgres_server.database()


@pytest.fixture
def database(url):
    with Database.open(url) as database:
        yield database


def test_several_processes_that_start_at_once_make_the_tables_once(postgres_server):
    url, failures = postgres_server.empty(), []

    def start():
        try:
            Database.open(url).close()
        except Exception as error:
            failures.append(error)

    starts = [threading.Thread(target=start) for _ in range(4)]
    for one in starts:
        one.start()
    for one in starts:
        one.join()

    assert failures == []


def test_it_has_exactly_the_tables_of_the_schema(database):
    def ours(_object, name, kind, _reflected, _other):
        return name not in {"article_words", "ix_article_terms", "ix_article_words_term"}

    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, schema.metadata) == []


def test_a_reader_keeps_its_snapshot_and_cannot_write(database):
    with database.read() as reader:
        assert reader.execute(select(schema.handled.c.trigger)).all() == []
        with database.write() as writer:
            writer.execute(insert(schema.handled).values(trigger="a", handled_at=0))
        assert reader.execute(select(schema.handled.c.trigger)).all() == []
    with pytest.raises(StoreError, match="may not be used"), database.read() as reader:
        reader.execute(insert(schema.handled).values(trigger="b", handled_at=0))


def test_who_takes_a_turn_keeps_only_those_with_the_same_work_waiting(database):
    came = threading.Event()

    def file_articles():
        with database.write() as connection:
            turn(connection, "articles")
        came.set()

    with database.write() as connection:
        turn(connection, "articles")
        with database.write() as other:
            turn(other, "topics")  # does not wait
        waiting = threading.Thread(target=file_articles)
        waiting.start()
        assert not came.wait(0.2)
    assert came.wait(60)
    waiting.join()


def test_a_subscription_that_comes_in_while_others_are_planned_loses_no_run(database):
    subscribe(database)
    runs = Runs(database)

    def one_more(connection, cursor, statement, *_):
        if "FROM subscription" in statement and Channel("console", "home", "new") not in places:
            places.append(Channel("console", "home", "new"))
            subscribe(database, "Alibaba", places[-1])

    places = []
    event.listen(database._engine, "after_cursor_execute", one_more)
    planned = [runs.plan(NINE, lambda waiting: planning.plan(waiting, NINE, "newest")) for _ in range(2)]

    assert sum(planned) == 2
    assert rows(database, schema.run, "scheduled_local") == [("2026-09-14T09:00",)] * 2


def test_subscriptions_are_moved_on_in_place_and_no_index_of_theirs_is_written(database):
    for number in range(60):  # more than a page of them
        subscribe(database, f"{number}", Channel("console", "home", f"{number}"))
    counts = "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE relname = 'subscription'"
    moved = []

    def count(connection, cursor, statement, *_):
        if "INSERT INTO run" in statement:
            moved.extend(connection.exec_driver_sql(counts))

    event.listen(database._engine, "after_cursor_execute", count)
    # Once: the next time there is room where the first rows were, unless somebody's snapshot still holds them.
    plan(Runs(database), NINE)

    ((updated, in_place),) = moved
    assert 60 <= updated == in_place


def test_two_workers_never_post_in_one_channel_at_once_though_neither_sees_the_other_begin(database):
    runs, taken = Runs(database), []
    for topic in ("Tencent", "Alibaba"):
        subscribe(database, topic)
        plan(runs, NINE)
        freeze(runs, topic)
    second = threading.Thread(target=lambda: taken.append(claim(Deliveries(database))))

    with database.write() as first:  # has claimed the one digest, and is about to commit
        first.execute(update(schema.delivery).where(schema.delivery.c.id == 1).values(state="SENDING"))
        second.start()
        second.join(0.3)
    second.join()

    assert taken == [None]
    assert rows(database, schema.delivery, "state") == [("SENDING",), ("PENDING",)]


def test_a_worker_passes_over_what_another_is_about_to_claim_and_does_not_wait(database):
    runs = Runs(database)
    for room in ("a", "b"):
        subscribe(database, room, Channel("console", "home", room))
        plan(runs, NINE)
        freeze(runs, room)

    with database.write() as other:
        other.execute(select(schema.delivery.c.id).where(schema.delivery.c.id == 1).with_for_update())
        assert claim(Deliveries(database)).payload == {"text": "b"}


def test_signs_that_postgresql_does_not_take_are_replaced_and_places_stay_right(url):
    with Archive.open(url) as archive:
        archive.add([Article("1", "Ten\0cent", "Tencent opens up. \ud800 Alibaba too.", "en")])

        (hit,) = archive.search("alibaba")
        assert hit.article.title == "Ten\ufffdcent"


def test_look_ups_leave_no_statement_in_memory_however_rare_their_words_are_by_then(url):
    with Archive.open(url) as archive:
        kept = []
        for number in range(8):
            archive.add([Article(f"heron {number}", "A heron", "The heron sleeps.", "en")])
            archive.add([Article(f"{n} {number}", "A ferry", f"Ferry {n} sails.", "en") for n in range(9 + number)])
            archive.brief("heron ferry Ghent")
            with archive.database.read() as connection:
                kept.append(len(connection.get_execution_options()["compiled_cache"]))
    assert kept[4:] == kept[3:4] * 4


def test_a_server_that_is_gone_is_one_line_without_the_password_and_its_return_needs_no_restart(postgres_server):
    with postgres.server() as server:
        url = server.database().replace("briefbot@", "briefbot:hunter2@")
        with Database.open(url) as database:
            server.stop("immediate")
            with pytest.raises(StoreError, match="cannot be reached") as gone, database.write():
                pass
            server.start()
            with database.write() as connection:
                connection.execute(insert(schema.handled).values(trigger="a", handled_at=0))
    assert "hunter2" not in str(gone.value)
    assert "\n" not in str(gone.value)


def test_a_server_that_fails_in_the_middle_of_a_transaction_leaves_nothing_of_it(postgres_server):
    with postgres.server() as server, Database.open(server.database()) as database:
        gone = pytest.raises(StoreError, match="cannot be reached")
        with gone, database.write() as connection:
            connection.execute(insert(schema.handled).values(trigger="a", handled_at=0))
            server.stop("immediate")
        server.start()
        with database.read() as connection:
            assert connection.execute(select(schema.handled.c.trigger)).all() == []


def test_an_address_without_a_server_is_said(tmp_path):
    with pytest.raises(StoreError, match="cannot be reached"), suppress(OSError):
        Database.open(f"postgresql://briefbot@/briefs?host={tmp_path}")


def test_a_server_whose_machine_is_gone_is_given_up_within_half_a_minute(database):
    with database.read() as connection:
        said = connection.connection.dbapi_connection.info.get_parameters()

    assert int(said["tcp_user_timeout"]) <= 30_000
    assert int(said["keepalives_idle"]) + int(said["keepalives_interval"]) * int(said["keepalives_count"]) <= 30


def test_a_page_holds_many_articles_whose_texts_are_long_and_what_is_short_of_them_as_it_is(url):
    words = " ".join(f"harbour{n}" for n in range(400))
    with Archive.open(url) as archive:
        archive.add([Article(f"https://press.example/{n}", "A harbour was opened", words) for n in range(50)])
        with archive.database.read() as connection:
            size = "SELECT pg_relation_size('article'), pg_column_size(title) FROM article LIMIT 1"
            pages, title = connection.exec_driver_sql(size).one()
    assert pages / 50 < 500
    assert title == len("A harbour was opened") + 1


@pytest.fixture(scope="module")
def year(postgres_server):
    """An archive of a year, and what counts the statements of a question to it, right after a commit."""
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    with Archive.open(postgres_server.database(), clock=lambda: now[0]) as archive:
        for month in range(12):
            said = "The cloud of Tencent in Shenzhen was quiet. Alibaba said that mobile users opened links."
            archive.add([Article(f"{month} {n}", f"Filler {n}", said, source="Press") for n in range(10)])
            now[0] += timedelta(days=30)
        statements = []
        event.listen(archive.database._engine, "before_cursor_execute", lambda *said: statements.append(said[2]))

        def count(ask, query):
            archive.add([Article(query, "News", "A harbour was opened.")])
            statements.clear()
            getattr(archive, ask)(query)
            return len(statements)

        yield count


@pytest.mark.parametrize(
    "query",
    [
        "tencent cloud",
        "What did Alibaba say of mobile users?",
        "+tencent links -harbour",
        "tencent OR (alibaba AND cloud)",
        '"mobile users" in Shenzhen',
        "ten* mob*",
        "tencnet alibba cloud",
        "source:press cloud",
        "马化腾",
        "handset makers",
        "xqzvplk wrtzt",
    ],
)
def test_a_look_up_takes_twelve_statements_at_most_however_many_words_are_wrong(year, query):
    assert year("search", query) <= 12
    assert year("brief", query) <= 12


def test_what_stands_for_a_word_that_no_article_has_is_not_asked_for(database):
    statements = []
    with database.read() as connection:
        _, words = postgres_gin.GinIndex().on(connection)
        assert words.totals.articles == 0
        event.listen(database._engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
        assert words.frequencies([("",)]) == {("",): (0, 0)}
    assert statements == []


def test_what_common_words_find_no_longer_among_the_newest_is_found_among_the_oldest(database, monkeypatch):
    monkeypatch.setattr(postgres_gin, "_NEWEST", 5)
    archive = Archive(database)
    archive.add([Article(f"old {n}", "News", "Herons nest in the harbour.") for n in range(10)])
    archive.add([Article(f"new {n}", "News", "Otters swim.") for n in range(20)])

    assert {hit.article.id for hit in archive.search("herons", 20)} == {f"old {n}" for n in range(10)}


def test_how_many_have_terms_side_by_side_is_told_by_the_newest_or_where_hardly_one_has_by_all(database, monkeypatch):
    monkeypatch.setattr(postgres_gin, "_NEWEST", 4)
    monkeypatch.setattr(postgres_gin, "_READ", 4)
    monkeypatch.setattr(postgres_gin, "_COUNTED", 3)
    monkeypatch.setattr(postgres_gin, "_TELL", 2)
    archive = Archive(database)
    archive.add([Article("once", "News", "This hall, open town halls say, is old.")])
    archive.add([Article(f"beside {n}", "News", "The town hall is open.") for n in range(6)])
    archive.add([Article(f"apart {n}", "News", "The hall of the town is open.") for n in range(2)])
    beside, once, never = ("town", "hall"), ("open", "town"), ("open", "hall")

    with database.read() as connection:
        finder, counted = postgres_gin.GinIndex().on(connection)
        assert counted.frequencies([beside])[beside].articles == 7  # three of the newest: 3 * 9 / 4
        assert counted.frequencies([once])[once].articles == 1
        assert counted.frequencies([never])[never].articles == 0
        assert len(finder.candidates([[beside]], Within())) == 7
        assert len(finder.candidates([[once]], Within())) == 1


def test_where_enough_of_the_newest_have_terms_side_by_side_the_older_are_not_read(database, monkeypatch):
    monkeypatch.setattr(postgres_gin, "_READ", 4)
    archive = Archive(database)
    archive.add([Article(f"beside {n}", "News", "The town hall is open.") for n in range(6)])
    archive.add([Article(f"apart {n}", "News", "The hall of the town is open.") for n in range(2)])

    def found(enough):
        monkeypatch.setattr(postgres_gin, "_ENOUGH", enough)
        with database.read() as connection:
            candidates = postgres_gin.GinIndex().on(connection)[0].candidates([[("town", "hall")]], Within())
        return [one.row for one in candidates]

    assert found(2) == [6, 5]  # of the newest four
    assert found(3) == [6, 5, 4]  # two are not enough: it is read on until there are three
    assert found(9) == [6, 5, 4, 3, 2, 1]


def test_an_old_article_with_words_side_by_side_is_found_however_many_new_ones_have_another_rare_word(
    database, monkeypatch
):
    for name, value in {"_READ": 4, "_NEWEST": 20, "_ENOUGH": 2}.items():
        monkeypatch.setattr(postgres_gin, name, value)
    archive = Archive(database)
    archive.add([Article("beside", "News", "The town hall is open.")])
    archive.add([Article(f"apart {n}", "News", "The hall of the town is open.") for n in range(30)])
    archive.add([Article(f"heron {n}", "News", "Herons nest.") for n in range(9)])

    with database.read() as connection:
        finder = postgres_gin.GinIndex().on(connection)[0]
        assert 1 in [one.row for one in finder.candidates([[("town", "hall")], [("heron",)]], Within())]


def test_a_word_that_is_mostly_apart_hides_no_article_that_has_all_others(database, monkeypatch):
    for name, value in {"_READ": 4, "_ENOUGH": 2, "_CANDIDATES": 12}.items():
        monkeypatch.setattr(postgres_gin, name, value)
    monkeypatch.setattr(lexicon, "_COMMON_LEAST", 20)
    archive = Archive(database)
    archive.add([Article(f"both {n}", "News", "Herons watch the ferries leave for Nice.") for n in range(5)])
    archive.add([Article("beside", "News", "Open hall.")])
    archive.add([Article(f"heron {n}", "News", "Herons.") for n in range(14)])
    archive.add([Article(f"apart {n}", "News", "The hall for ferries is open.") for n in range(30)])

    with database.read() as connection:
        finder = postgres_gin.GinIndex().on(connection)[0]
        found = finder.candidates([[("open", "hall")], [("heron",)], [("ferri",)]], Within())
    assert {1, 2, 3, 4, 5, 6} <= {one.row for one in found}


def test_of_words_that_most_articles_have_the_newest_rows_are_told_by_reading_a_few(database, monkeypatch):
    monkeypatch.setattr(postgres_gin, "_READ", 8)
    archive, statements = Archive(database), []
    archive.add([Article(f"{n}", "News", "The town hall is open.") for n in range(20)])
    archive.add([Article(f"{n}", "News", "The museum is shut.") for n in range(20, 24)])
    event.listen(database._engine, "before_cursor_execute", lambda *sent: statements.append(sent[2]))

    def newest(most):
        statements.clear()
        with database.read() as connection:
            rows = postgres_gin.GinIndex().on(connection)[0].rows_with_all([[("town",)], [("open",)]], newest=most)
        return rows, any("article_terms" in statement for statement in statements)

    assert newest(2) == ([19, 20], False)
    assert newest(3) == ([18, 19, 20], True)  # of eight articles perhaps not so many would have them


def test_where_the_newest_have_common_words_no_longer_the_older_are_found_all_the_same(database, monkeypatch):
    monkeypatch.setattr(postgres_gin, "_READ", 8)
    archive = Archive(database)
    archive.add([Article(f"{n}", "News", "The town hall is open.") for n in range(40)])
    archive.add([Article(f"{n}", "News", "The museum is shut.") for n in range(40, 50)])

    with database.read() as connection:
        finder = postgres_gin.GinIndex().on(connection)[0]
        assert finder.rows_with_all([[("town",)], [("open",)]], newest=2) == [39, 40]


def test_a_chinese_word_of_two_characters_is_told_without_reading_an_article(database, monkeypatch):
    monkeypatch.setattr(postgres_gin, "_READ", 1)
    archive, statements = Archive(database), []
    archive.add([Article("1", "腾讯", "腾讯公布。", "zh")])
    archive.add([Article(f"{n}", "讯", "腾飞。", "zh") for n in range(2, 5)])
    event.listen(database._engine, "before_cursor_execute", lambda *sent: statements.append(sent[2]))
    tencent = tuple(terms("腾讯", "zh"))

    with database.read() as connection:
        finder, counted = postgres_gin.GinIndex().on(connection)
        assert counted.frequencies([tencent])[tencent].articles == 1
        assert [one.row for one in finder.candidates([[tencent]], Within())] == [1]
    assert len(tencent) == 3
    assert [statement for statement in statements if "strpos" in statement] == []
