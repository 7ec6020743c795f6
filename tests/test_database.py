"""The database: made once, brought up to date, shared by many readers and one writer, and clear about what is wrong."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import UTC
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert, select

from briefs.archive import Archive
from briefs.errors import DatabaseBusy, DatabaseNewer, StoreError
from briefs.gather import gather
from briefs.ingest.fetch import Fetcher
from briefs.ingest.turns import Turns
from briefs.models import Source
from briefs.store import database as database_module
from briefs.store.database import Database, from_ms, to_ms
from briefs.store.migrations import HEAD
from briefs.store.schema import article, handled, metadata, run, source, subscription, telling, told
from tests.fakes.web import Page, serve


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/new folder/briefs.db"


@pytest.fixture
def database(url):
    with Database.open(url) as database:
        yield database


def remember(connection, trigger):
    connection.execute(insert(handled).values(trigger=trigger, handled_at=0))


def remembered(database):
    with database.read() as connection:
        return set(connection.execute(select(handled.c.trigger)).scalars())


def test_a_new_file_gets_exactly_the_tables_of_the_schema(database):
    def ours(_object, name, kind, _reflected, _other):
        return not (kind == "table" and name.startswith(("article_index", "article_words")))

    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_repeated_head_is_the_head_of_the_migrations():
    folder = Path(database_module.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == HEAD


def test_what_was_written_is_there_when_the_file_is_opened_again(url):
    with Database.open(url) as first, first.write() as connection:
        remember(connection, "a")
    with Database.open(url) as second:
        assert remembered(second) == {"a"}


def test_an_up_to_date_file_opens_without_alembic(url):
    Database.open(url).close()
    code = f"import sys, briefs.store.database as d; d.Database.open({url!r}); print('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_a_block_that_raises_leaves_nothing(database):
    with suppress(ZeroDivisionError), database.write() as connection:
        remember(connection, "a")
        raise ZeroDivisionError
    assert remembered(database) == set()


def test_a_reader_keeps_its_snapshot_while_a_writer_commits(database):
    with database.read() as reader:
        before = reader.execute(select(handled.c.trigger)).all()
        with database.write() as writer:
            remember(writer, "a")
        assert reader.execute(select(handled.c.trigger)).all() == before
    assert remembered(database) == {"a"}


def test_only_what_can_be_done_again_does_not_wait_for_the_disk(database_url):
    asked = "PRAGMA synchronous" if database_url.startswith("sqlite") else "SHOW synchronous_commit"
    with Database.open(database_url) as database:
        answers = []
        for lasting in (True, False, True):
            with database.write(lasting=lasting) as connection:
                answers.append(connection.exec_driver_sql(asked).scalar_one())
    assert answers in ([2, 1, 2], ["on", "off", "on"])


def test_writers_in_several_threads_take_turns(database):
    def work(n):
        for i in range(10):
            with database.write() as connection:
                remember(connection, f"{n}/{i}")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(remembered(database)) == 40


def test_two_that_open_a_new_file_at_once_both_succeed(url):
    failures = []

    def work():
        try:
            Database.open(url).close()
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_database_from_before_the_first_release_is_refused(url):
    with Database.open(url) as database, database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0023'")
    with pytest.raises(StoreError, match=r"before the first release of Briefbot \(its tables are at 0023.*: export it"):
        Database.open(url)


def as_it_was(url, revision, *statements):
    """Make a database as an earlier version left it."""
    config = Config()
    config.set_main_option("script_location", str(Path(database_module.__file__).parent / "migrations"))
    engine = create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for sql in statements:
            connection.exec_driver_sql(sql)
    engine.dispose()


def test_what_was_due_at_a_time_on_days_stays_due_then_with_its_runs(tmp_path):
    url = f"sqlite:///{tmp_path}/briefs.db"
    as_it_was(
        url,
        "0024",
        "INSERT INTO topic (id, platform, workspace, name, key, expression, created_at) VALUES (1,'','','a','a','a',0)",
        "INSERT INTO channel (id, platform, workspace, channel) VALUES (1,'slack','T','C1'), (2,'slack','T','C2')",
        "INSERT INTO subscription (id, channel_id, topic_id, at, days, zone, created_at, position) "
        "VALUES (1,1,1,'09:00',127,'UTC',0,0), (2,2,1,'18:30',9,'Europe/Paris',0,0)",
        "INSERT INTO run (subscription_id, scheduled_local, due_at, state, after_row, created_at) "
        "VALUES (1,'2026-09-14T09:00',0,'DONE',0,0)",
    )

    with Database.open(url) as database, database.read() as connection:
        kept = connection.execute(
            select(subscription.c.schedule, subscription.c.zone).order_by(subscription.c.id)
        ).all()
        assert kept == [("09:00 daily", "UTC"), ("18:30 mon,thu", "Europe/Paris")]
        assert connection.execute(select(run.c.subscription_id)).scalars().all() == [1]


def test_pages_that_workspaces_follow_are_watched_and_those_of_the_operator_are_not(tmp_path):
    url = f"sqlite:///{tmp_path}/briefs.db"
    as_it_was(
        url,
        "0036",
        "INSERT INTO source (address, kind, everybody, closed, etag) VALUES ('https://a', 'page', false, false, '1'), "
        "('https://b', 'page', true, false, '1'), ('https://c', 'page', false, true, '1')",
    )

    with Database.open(url) as database, database.read() as connection:
        known = connection.execute(select(source.c.kind, source.c.etag).order_by(source.c.address)).all()
        assert known == [("watch", None), ("page", "1"), ("page", "1")]


@pytest.fixture(params=["sqlite", "postgresql"])
def nothing_yet(request, tmp_path):
    """The address of a database without a table, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/briefs.db"
    else:
        server = request.getfixturevalue("postgres_server")
        url = server.empty()
        yield url
        server.drop(url)


NOTICES = "<html lang='en'><h1>Notices</h1><p>The eastern lock of the port is closed until the end of May.</p>{}</html>"
CRANE = "The port authority will open a second crane for containers in April."


def test_a_page_that_was_followed_before_pages_were_watched_is_found_once_and_its_first_change_told(nothing_yet):
    articles = (
        "INSERT INTO article (id, content, title, text, language, source, seen_at, sentences, title_terms, body_terms, "
        "length) VALUES ('{id}', '{id}', 'T', 'It was so.', 'en', 'S', 0, '[0, 10]', ' t ', ' wa ', 2)"
    )
    with serve() as web:
        page, feed, shared = (web.url(path) for path in ("/notices", "/feed", "/shared"))
        web.pages["/notices"] = Page(NOTICES.format("").encode())
        as_it_was(
            nothing_yet,
            "0036",
            *(articles.format(id=name) for name in (page, "entry", shared)),
            *(
                f"INSERT INTO source (address, kind, everybody, closed) VALUES ('{one}', 'page', {everybody}, false)"
                for one, everybody in ((page, "false"), (feed, "false"), (shared, "false"), ("https://ours", "true"))
            ),
            "INSERT INTO article_source (article_row, source_id) VALUES (1, 1), (2, 2), (3, 3), (3, 4)",
            f"INSERT INTO document (address, digest, article) VALUES ('{page}#{page}', '1@1', '{page}'), "
            f"('{feed}#entry', '2.2.2@2', 'entry'), ('{shared}#{shared}', '3@3', '{shared}')",
            "INSERT INTO story (id, held) VALUES (1, 0), (2, 0), (3, 0)",
            "INSERT INTO telling (article_row, story_id, copy) VALUES (1, 1, false), (2, 2, false), (3, 3, false)",
            "INSERT INTO channel (platform, workspace, channel) VALUES ('slack', 'T', 'C')",
            "INSERT INTO told (channel_id, article_row, sentences, told_at) VALUES (1, 1, '[]', 0), (1, 3, '[]', 0)",
        )

        with Archive.open(nothing_yet) as archive:
            assert filed(archive) == {1: (f"{page}#page", "page"), 2: ("entry", None), 3: (shared, None)}
            with archive.database.read() as connection:
                assert connection.scalars(select(telling.c.article_row).order_by(telling.c.article_row)).all() == [2, 3]
                assert connection.scalars(select(told.c.article_row)).all() == [3]

            for more in ("", f"<p>{CRANE}</p>"):
                web.pages["/notices"] = Page(NOTICES.format(more).encode())
                gather([Source(page, "watch")], archive, fetcher=Fetcher(allow_private=True, turns=Turns(pause=0)))
            known = filed(archive)
            assert [known[row] for row in (1, 2, 3)] == [(f"{page}#page", "page"), ("entry", None), (shared, None)]
            assert [role for row, (_, role) in known.items() if row > 3] == ["change"]
            assert CRANE in archive.article(f"{page}#page").text


def filed(archive):
    """The id and the role of each article, by its row."""
    with archive.database.read() as connection:
        return {row.row: (row.id, row.role) for row in connection.execute(select(article).order_by(article.c.row))}


def test_a_database_of_a_newer_version_is_refused(url):
    with Database.open(url) as database, database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseNewer, match=r"made by a newer version of Briefbot \(its tables are at 9999"):
        Database.open(url)


def test_a_lock_that_is_not_given_back_is_said(url, monkeypatch):
    monkeypatch.setattr(database_module, "BUSY_MS", 1)
    impatient = pytest.raises(DatabaseBusy, match="locked by another process: try again")
    with Database.open(url) as database, database.write(), impatient, database.write():
        pass


def test_a_new_database_its_log_and_its_copy_are_their_owners_alone(url, tmp_path):
    before = os.umask(0o022)
    try:
        with Database.open(url) as database:
            remember_in(database)
            database.backup(tmp_path / "copy.db")
            made = [*tmp_path.rglob("*.db*")]
            assert len(made) >= 3
            assert {file.stat().st_mode & 0o777 for file in made} == {0o600}
    finally:
        os.umask(before)


def remember_in(database):
    with database.write() as connection:
        remember(connection, "a")


def test_a_full_disk_is_said_and_what_was_there_stays(database):
    with database.write() as connection:
        remember(connection, "a")
    full = pytest.raises(StoreError, match="no room on the disk")
    with full, database.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        remember(connection, "b" * 1_000_000)
    assert remembered(database) == {"a"}


def test_another_programs_database_is_left_alone(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE holiday (day TEXT)")
    other.close()
    with pytest.raises(StoreError, match="a database of another program"):
        Database.open(f"sqlite:///{path}")


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("briefs", "is not a database address"),
        ("oracle://db/x", "of the kind oracle are not served"),
        ("sqlite://", "a database in memory cannot be shared"),
        ("sqlite:////proc/none/briefs.db", "cannot make the folder"),
    ],
)
def test_an_address_that_cannot_be_used_is_said(address, complaint):
    with pytest.raises(StoreError, match=complaint):
        Database.open(address)


def test_a_file_that_is_no_database_is_said(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear Ann, " * 100)
    with pytest.raises(StoreError, match="is not a database"):
        Database.open(f"sqlite:///{tmp_path}/letter.txt")


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_survive_to_the_millisecond(moment):
    assert from_ms(to_ms(moment)) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def test_no_time_stays_no_time():
    assert to_ms(None) is None
    assert from_ms(None) is None


def test_what_a_busy_hour_wrote_ahead_does_not_stay_on_the_disk(database, tmp_path):
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE big (it BLOB)")
        for _ in range(24):
            connection.exec_driver_sql("INSERT INTO big VALUES (zeroblob(1000000))")
    (ahead,) = tmp_path.glob("**/*-wal")
    assert ahead.stat().st_size > 20e6
    for _ in range(3):  # the first writer after a checkpoint begins the file again
        with database.write() as connection:
            connection.exec_driver_sql("INSERT INTO big VALUES (NULL)")
            connection.exec_driver_sql("SELECT 1")
    assert ahead.stat().st_size < 20e6
