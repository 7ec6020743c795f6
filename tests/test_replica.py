"""A read replica: a hot standby that follows a server, and what happens while it is away or behind."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, event

from bot.base.metrics import Figures, routes
from bot.base.web import Web
from bot.cli import main
from bot.operations.replica import Watcher
from briefs.archive import Archive
from briefs.errors import StoreError
from briefs.masking import masked
from briefs.models import Article
from briefs.store.database import Database
from briefs.store.replica import REST, Replica
from tests import postgres
from tests.test_health import asked

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def servers():
    try:
        with postgres.server() as primary:
            url = primary.database()
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
            event.listen(one._engine, "before_cursor_execute", lambda *said, name=name: self.asked.append(name))

    def add(self, text):
        self.archive.add([Article(text, "News", text)])

    def found(self, query):
        """What is found, and whether the replica had to look for it."""
        self.asked.clear()
        found = {hit.article.text for hit in self.archive.search(query)}
        return found, self.asked.count("replica") > 1

    def until_it_has_all(self):
        with self.database.read() as connection:
            standing = self.replica.standing(connection)
        while self.standby_standing() != standing:
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
def team(servers):
    _, standby, url = servers
    with Database.open(url) as database:
        team = Team(database, standby, url)
        yield team
        team.replica.close()


def test_look_ups_are_answered_by_the_replica_and_the_database_only_says_where_it_stands(team):
    team.add("A heron nests.")
    team.until_it_has_all()
    assert team.found("heron") == ({"A heron nests."}, True)
    assert team.asked.count("database") == 1
    assert team.replica.state() == (True, f"{team.shown}: has all that the database has")
    assert team.archive.brief("heron").stories


def test_an_article_is_found_by_the_first_look_up_after_its_commit_though_the_replica_is_behind(team):
    team.on_the_standby("SELECT pg_wal_replay_pause()")
    try:
        team.add("A stork nests.")
        assert team.found("stork") == ({"A stork nests."}, False)
        assert team.replica.state().well  # it may be on its way
        team.now += REST
        assert team.replica.state() == (
            False,
            f"{team.shown} is behind by 1 of the newest articles: look-ups ask the database itself",
        )
    finally:
        team.on_the_standby("SELECT pg_wal_replay_resume()")
    team.until_it_has_all()
    assert team.found("stork") == ({"A stork nests."}, True)


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
