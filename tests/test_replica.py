"""A read replica: a hot standby that follows a server, and what happens while it is away or behind."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, event, text

from bot.base.metrics import Figures, routes
from bot.base.web import Web
from bot.cli import main
from bot.operations.background import Watcher
from briefs.archive import Archive
from briefs.errors import StoreError
from briefs.masking import masked
from briefs.models import Article, Channel, Source
from briefs.store.database import Database
from briefs.store.follows import Follows
from briefs.store.replica import REST, Replica
from tests import postgres
from tests.test_health import asked

NOW = datetime(2026, 3, 2, tzinfo=UTC)
HERONS, OTTERS = Channel("chat", "herons", "C1"), Channel("chat", "otters", "C1")


@pytest.fixture(scope="module")
def servers():
    try:
        with postgres.server() as primary:
            url = primary.database()
            engine = create_engine(url, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:  # what waits for no disk is sent to the replica much later
                connection.exec_driver_sql("ALTER SYSTEM SET wal_writer_delay = 10000")
                connection.exec_driver_sql("SELECT pg_reload_conf()")
            engine.dispose()
            with primary.replica() as standby:
                yield primary, standby, url
    except LookupError as problem:
        pytest.skip(str(problem))


class Team:
    """An archive whose look-ups are answered by a replica; it knows who was asked."""

    def __init__(self, database, standby, url):
        self.now, self.standby, self.url = 0.0, standby, standby.at(url)
        self.database = database
        self.replica = Replica(database, self.url, lambda: self.now)
        self.shown = masked(self.replica._copy.url)
        self.archive = Archive(database, replica=self.replica)
        self.asked = []
        for name, one in (("database", database), ("replica", self.replica._copy)):
            event.listen(
                one._engine, "before_cursor_execute", lambda *said, name=name: self.asked.append((name, said[2]))
            )

    def add(self, text):
        self.archive.add([Article(text, "News", text)])

    def found(self, query):
        """What is found, and whether the replica had to look for it."""
        self.asked.clear()
        found = {hit.article.text for hit in self.archive.search(query)}
        return found, self.replica_looked()

    def replica_looked(self):
        return any(name == "replica" and "article" in sql for name, sql in self.asked)

    def until_it_has_all(self):
        with self.database.read() as connection:
            standing = self.replica.standing(connection)
        while self.standby_standing().log < standing.log:
            pass

    def standby_standing(self):
        with self.replica._copy.read() as connection:
            return self.replica.standing(connection)

    def on_the_standby(self, sql):
        engine = create_engine(self.url)
        with engine.connect() as connection:
            connection.exec_driver_sql(sql)
        engine.dispose()


@pytest.fixture
def team(servers, monkeypatch):
    monkeypatch.setattr("briefs.store.impatient.PATIENCE", 60.0)  # a busy machine is no frozen replica,
    monkeypatch.setattr("briefs.store.replica._LOOKS", 10_000)  # nor one that is behind
    _, standby, url = servers
    with Database.open(url) as database:
        team = Team(database, standby, url)
        yield team
        team.replica.close()


def test_look_ups_are_answered_by_the_replica_and_the_database_only_says_where_it_stands(team):
    team.add("A heron nests.")
    team.until_it_has_all()
    assert team.found("heron") == ({"A heron nests."}, True)
    assert [name for name, _ in team.asked].count("database") == 1
    assert team.replica.state() == (True, f"{team.shown}: has all that the database has")
    assert team.archive.brief("heron").stories


@contextmanager
def paused(team):
    """Let the replica have what it has, and nothing of what comes."""
    team.until_it_has_all()
    team.on_the_standby("SELECT pg_wal_replay_pause()")
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("briefs.store.replica._LOOKS", 1)
            yield
    finally:
        team.on_the_standby("SELECT pg_wal_replay_resume()")


def test_an_article_is_found_by_the_first_look_up_after_its_commit_though_the_replica_is_behind(team):
    with paused(team):
        team.add("A stork nests.")
        assert team.found("stork") == ({"A stork nests."}, False)
        assert team.replica.state().well  # it may be on its way
        team.now += REST
        well, says = team.replica.state()
        assert not well
        assert re.fullmatch(
            rf"{re.escape(team.shown)} is behind by \d+ bytes of the log: look-ups ask the database itself", says
        )
    assert team.found("stork") == ({"A stork nests."}, True)


def test_who_begins_to_see_an_article_finds_it_by_the_next_look_up_though_the_replica_is_behind(team):
    follows = Follows(team.database)
    sources = {here: Source(f"https://{here.workspace}.example/feed", "feed") for here in (HERONS, OTTERS)}
    for here, source in sources.items():
        follows.follow(here, source, "ann", NOW)
    team.archive.file([Article("b", "A bittern", "A bittern booms.")], {"b": [sources[HERONS].address]})
    team.add("A curlew feeds.")  # they see something of the language
    theirs = team.archive.seen_by(OTTERS)
    assert not theirs.search("bittern")
    with paused(team):
        team.archive.listed({"b": [sources[OTTERS].address]})
        assert [hit.article.id for hit in theirs.search("bittern")] == ["b"]


def test_stories_are_those_that_the_database_knows_though_the_replica_is_behind(team):
    burst = "A dam above Aldville burst on Monday after heavy rain. Mayor Jane Tolle told 400 families to leave"
    told = [("dam 1", "Dam bursts near Aldville", f"{burst}."), ("dam 2", "Aldville's dam bursts", f"{burst} at once.")]
    team.archive.store([Article(*one) for one in told])
    with paused(team):
        team.archive.follow_up()
        (story,) = team.archive.brief("Aldville").stories
        assert len(story.articles) == 2


def test_what_the_database_does_beside_keeps_no_look_up_from_the_replica(team):
    """Its log goes on all the time: the replica is waited for a moment."""
    team.add("A plover runs.")
    team.until_it_has_all()
    at_work = threading.Event()

    def work():
        while not at_work.is_set():
            with team.database.write() as connection:
                connection.execute(text("UPDATE totals SET changes = changes"))

    worker = threading.Thread(target=work)
    worker.start()
    try:
        answered = [team.found("plover") for _ in range(20)]
    finally:
        at_work.set()
        worker.join()
    assert answered == [({"A plover runs."}, True)] * 20


def test_a_frozen_replica_keeps_look_ups_waiting_for_a_moment_only(team, monkeypatch):
    team.add("A lapwing calls.")
    team.until_it_has_all()
    assert team.found("lapwing") == ({"A lapwing calls."}, True)
    with team.standby.frozen():
        monkeypatch.setattr("briefs.store.impatient.PATIENCE", 0.2)
        with ThreadPoolExecutor(17) as readers:
            began = time.monotonic()
            looked = [readers.submit(team.archive.search, "lapwing") for _ in range(17)]
            assert all([hit.article.text for hit in one.result()] == ["A lapwing calls."] for one in looked)
        assert time.monotonic() - began < 20  # who waits for a connection as long as elsewhere waits for thirty seconds
        monkeypatch.setattr("briefs.store.impatient.PATIENCE", 1_000)  # nobody asks it again for a while
        state = team.replica.state()
        team.found("lapwing")
        assert not state.well
        assert state.says.startswith(f"{team.shown} cannot be reached: ")
        assert not any(name == "replica" for name, _ in team.asked)
    team.now += REST
    assert team.found("lapwing") == ({"A lapwing calls."}, True)


def told_so(replica):
    """Where it stands that a replica rests."""
    with pytest.raises(StoreError) as told, replica.read(None):
        pass
    return told.traceback


async def test_look_ups_go_on_while_the_replica_is_away_and_the_operator_hears_of_it_once(team, caplog):
    caplog.set_level(logging.WARNING)
    watcher = Watcher(team.replica)
    team.add("An otter swims.")
    team.until_it_has_all()
    assert team.found("otter")[1]
    with team.standby.gone():
        assert team.found("otter") == ({"An otter swims."}, False)
        for _ in range(2):
            await watcher.round()
        (line,) = caplog.messages
        assert line.startswith(f"replica: {team.shown} cannot be reached: ")
        assert line.endswith(": look-ups ask the database itself")
        assert len({len(told_so(team.replica)) for _ in range(3)}) == 1  # no trace of those who were told so before
    assert not team.found("otter")[1]  # it is not asked again at once: who is away may be so for long
    team.now += REST
    assert team.found("otter")[1]
    await watcher.round()
    assert caplog.messages[1:] == [f"replica: {team.shown}: has all that the database has"]


def test_another_database_is_never_taken_for_a_replica(servers, team):
    primary, _, _ = servers
    other = primary.database()
    with Database.open(other) as database:
        Archive(database).add([Article(f"{n}", "News", "A heron of another team.") for n in range(9)])
    replica = Replica(team.database, other)
    assert Archive(team.database, replica=replica).search("another") == []
    assert replica.state() == (
        False,
        f"{masked(replica._copy.url)} is no replica of {masked(team.database.url)}: look-ups ask the database itself",
    )
    replica.close()


def test_an_address_that_is_no_server_is_refused(team):
    with pytest.raises(StoreError, match="is no replica"):
        Replica(team.database, "sqlite:////tmp/briefs.db")


def test_who_checks_hears_of_the_replica(servers, team, tmp_path, monkeypatch, capsys):
    _, standby, url = servers
    (tmp_path / "settings.yaml").write_text(f"replica: {standby.at(url)}\n")
    monkeypatch.setenv("BRIEFBOT_CONFIG", str(tmp_path))
    monkeypatch.setenv("BRIEFBOT_DATABASE", url)
    team.until_it_has_all()
    with pytest.raises(SystemExit):
        main(["check", "--json"])
    told = {one["of"]: one for one in json.loads(capsys.readouterr().out)}
    assert told["replica"]["well"]
    assert told["replica"]["says"].endswith("has all that the database has")


async def test_monitors_hear_of_the_replica_and_the_bot_is_well_without_it(team):
    there = Web("127.0.0.1:0", routes(team.database, Figures(), lambda: NOW, (), {"replica": team.replica.state}))
    async with there as monitor:
        with team.standby.gone():
            status, text = await asked(monitor, "/healthz")
    told = json.loads(text)
    assert (status, told["well"], told["replica"]["well"]) == (200, True, False)
