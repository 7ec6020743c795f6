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
from random import Random

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from briefs.archive import Archive
from briefs.errors import DatabaseBusy, DatabaseNewer, StoreError
from briefs.models import Article
from briefs.store import database as database_module
from briefs.store.creation import NARROW_ROWS
from briefs.store.database import Database, from_ms, to_ms
from briefs.store.matching import Matches
from briefs.store.migrations import HEAD
from briefs.store.schema import handled, metadata


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


def test_no_connection_stays_open_of_a_database_that_was_closed_while_a_thread_worked_on_it(database_url):
    database = Database.open(database_url)
    with database.read() as before:
        database.close()
        connections = [before.connection.dbapi_connection]
        assert before.scalar(select(1)) == 1
    with database.read() as after:
        connections.append(after.connection.dbapi_connection)

    for connection in connections:
        with pytest.raises(Exception, match="closed"):  # SQLite's or PostgreSQL's own
            connection.cursor().execute("SELECT 1")


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


# What the oldest database that is taken over does not have.
SINCE_0038 = (
    "DROP TABLE host_turn",
    "ALTER TABLE source DROP COLUMN claimed_until",
    "DROP TABLE matched",
    "ALTER TABLE channel DROP COLUMN language_given",
    "ALTER TABLE watch ADD COLUMN through BIGINT NOT NULL DEFAULT 7",
    "INSERT INTO watch (key, expression, languages, names, used_at) VALUES ('k', 'a', '[]', '[]', 0)",
)
AS_POSTGRESQL_HAS_IT = (
    "ALTER TABLE article RESET (toast_tuple_target)",
    NARROW_ROWS[1].replace("MAIN", "EXTENDED"),
    "ALTER INDEX ix_article_terms RESET (gin_pending_list_limit)",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def older(request, tmp_path):
    """Makes a database as it was at a revision: today's, with what statements take back; gives its address."""

    def make(revision, *statements):
        with Database.open(nothing_yet) as database, database.write() as connection:
            for sql in (*statements, *(AS_POSTGRESQL_HAS_IT if database.shared else ())):
                connection.exec_driver_sql(sql)
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
        return nothing_yet

    if request.param == "sqlite":
        nothing_yet = f"sqlite:///{tmp_path}/briefs.db"
        yield make
    else:
        server = request.getfixturevalue("postgres_server")
        nothing_yet = server.empty()
        yield make
        server.drop(nothing_yet)


def test_a_database_from_before_the_first_release_is_refused(older):
    url = older("0037")
    with pytest.raises(StoreError, match=r"before the first release of Briefbot \(its tables are at 0037.*: export it"):
        Database.open(url)


def test_one_of_the_oldest_that_are_taken_over_goes_on_with_what_is_in_it(older):
    url = older("0038", "INSERT INTO handled (trigger, handled_at) VALUES ('a', 0)", *SINCE_0038)
    with Database.open(url) as database:
        assert remembered(database) == {"a"}
        with database.read() as connection:
            assert Matches().behind(connection) == 7
            if database.shared:
                set_up = (
                    "SELECT reloptions FROM pg_class WHERE relname IN ('article', 'ix_article_terms') ORDER BY relname"
                )
                said = connection.exec_driver_sql(set_up).scalars().all()
                assert said == [["toast_tuple_target=128"], ["gin_pending_list_limit=1024"]]


def test_two_statements_make_the_rows_of_an_older_archive_as_narrow_as_new_ones(postgres_server):
    words = [f"harbour{number}" for number in range(1000)]
    articles = [
        Article(f"https://press.example/{n}", "News", " ".join(Random(n).choices(words, k=130))) for n in range(100)
    ]

    def bytes_a_row(url, *statements):
        with Database.open(url) as database, database._engine.connect() as plain:
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            for sql in (*statements, "VACUUM FULL article"):
                connection.exec_driver_sql(sql)
            return connection.exec_driver_sql("SELECT pg_relation_size('article') / count(*) FROM article").scalar_one()

    new, older = postgres_server.database(), postgres_server.database()
    with Archive.open(new) as archive:
        archive.add(articles)
    with Archive.open(older) as archive:
        with archive.database.write() as connection:
            for sql in AS_POSTGRESQL_HAS_IT:
                connection.exec_driver_sql(sql)
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0041'")
        archive.add(articles)

    assert bytes_a_row(older) > 1.5 * bytes_a_row(new)
    assert bytes_a_row(older, "UPDATE article SET body_terms = body_terms || ''") == bytes_a_row(new)


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


def test_no_statement_uses_an_operator_that_ubuntu_22_04s_sqlite_lacks():
    since_3_38 = "->>"
    store = Path(database_module.__file__).parent
    assert [file.name for file in store.rglob("*.py") if since_3_38 in file.read_text()] == []


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
