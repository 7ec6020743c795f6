"""What people read when the database, the clock, a token or a channel is in trouble, word for word, and what goes on.

In each: the log, the terminal, the chat, and the operators' daily report where it tells of it. That nothing is lost,
double or in the wrong channel meanwhile is shown by `make faults`.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, select

from bot.app import App
from bot.delivery.transport import Message, NotSent
from bot.operations.scheduler import Scheduler, Ticker
from bot.platforms.console.terminal import render
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.transport import DiscordTransport
from bot.platforms.slack.api import web_client
from bot.platforms.slack.transport import SlackTransport
from briefs.config import Config
from briefs.masking import masked
from briefs.models import Channel
from briefs.store import database as database_module
from briefs.store.database import Database
from briefs.store.inventory import outstanding
from briefs.store.schema import delivery, subscription
from tests import postgres, sqlite
from tests.clock import Clock
from tests.dispatcher import ARTICLES, MONDAY, Person
from tests.fakes import ledger
from tests.fakes.discord import GENERAL, GUILD, FakeDiscord
from tests.fakes.slack import FakeSlack
from tests.fakes.transport import RecordingTransport
from tests.test_cli import briefbot  # noqa: F401  # a fixture
from tests.test_delivery import tick

NEWS = Channel("slack", "T1", "C1")
NOT_NOW = "I cannot use my database just now; the operator's log says why. Try again in a moment."
DIGEST = ("C1", "Open links, 2 stories")


class AsItIsRead(RecordingTransport):
    """Shows whole messages."""

    def render(self, reply):
        return [Message({"text": render(reply, width=200).replace("\u00a0", " ")})]


class Team:
    """A bot over a database, a channel that gets “Open links” at nine, Ann who is in it, and an operator."""

    def __init__(self, url, folder, transport, caplog, channel=NEWS) -> None:
        self.folder, self.clock, self._log = folder, Clock(MONDAY), caplog
        self.app = App(Config.load(folder), url, environment={}, clock=self.clock)
        self.app.archive.add(ARTICLES)
        self.transport = transport
        self.app.delivery_worker.serve(transport)
        self.ann = Person(self.app.dispatcher, channel=channel)

    @property
    def url(self) -> str:
        """The database's address as messages name it."""
        return masked(self.app.database.url)

    async def works(self, **later: float) -> None:
        """Let the schedule wake the delivery worker once, so much later."""
        self.clock.now += timedelta(**later)
        done = asyncio.Event()

        async def deliver() -> None:
            try:
                await tick(self.app.delivery_worker)
            finally:
                done.set()

        schedule = Scheduler([Ticker("delivery", timedelta(days=1), deliver)])
        schedule.start()
        await done.wait()
        await schedule.stop()

    def logged(self) -> list[str]:
        """Give what stands in the log since this was last asked, from warnings on."""
        lines = [one.getMessage() for one in self._log.records if one.levelno >= logging.WARNING and not one.exc_info]
        assert "Traceback" not in self._log.text
        self._log.clear()
        return lines

    async def roll_up(self) -> list[str]:
        """Give what the operators' channel is told this morning."""
        told = AsItIsRead("slack")
        await self.app.daily_report.tick({"slack": told})
        return [text for _, text in told.texts]


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "settings.yaml").write_text("zone: Europe/Paris\nadmin_channel: slack/T1/C9\n")
    (folder / "topics.yaml").write_text('topics:\n  - name: Open links\n    expression: "Tencent + Alibaba"\n')
    return folder


@pytest.fixture
def impatient(monkeypatch):
    """Let nobody wait five seconds for a lock."""
    monkeypatch.setattr(database_module, "BUSY_MS", 100)
    monkeypatch.setitem(database_module._SESSION, "lock_timeout", 100)


@asynccontextmanager
async def at_work(url, folder, caplog, transport, channel=NEWS):
    team = Team(url, folder, transport, caplog, channel)
    with team.app:
        await team.ann.say("subscribe Open links at 9:00")
        yield team
        await team.app.delivery_worker.stop(1)


@pytest.fixture
async def team(database_url, folder, caplog, impatient):
    async with at_work(database_url, folder, caplog, RecordingTransport("slack")) as team:
        yield team


@pytest.fixture
def typed(briefbot, team):  # noqa: F811
    """Type a command on the machine; give its exit code and what it says."""

    def type_(*arguments):
        said = briefbot(*arguments, "--database", team.app.address, "--config", str(team.folder))
        return said.code, (said.out + said.err).rstrip("\n")

    return type_


# ---------------------------------------------------------------- locked


@contextmanager
def held(team):
    """Let another process hold the database: SQLite's one lock, or every table of PostgreSQL."""
    tables = "article, topic, channel, subscription, run, delivery, answer, handled"
    with Database.open(team.app.address) as other, other.write() as connection:
        if other.shared:
            connection.exec_driver_sql(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
        yield


async def test_a_locked_database_is_said_and_when_it_is_free_all_goes_on_by_itself(team, typed):
    locked = f"{team.url} is locked by another process: try again in a moment"
    reads = not team.app.database.shared  # beside the one that writes, SQLite can be read
    with held(team):
        assert await team.ann.say("tencent") == NOT_NOW  # a look-up is kept, for its buttons
        assert await team.ann.say("subscribe Open links at 10:00") == NOT_NOW
        assert team.logged() == [f"a command in slack/C1: {locked}"] * 2
        assert ("#news gets 1 topic" if reads else NOT_NOW) in await team.ann.say("list")
        team.logged()

        await team.works(hours=1, minutes=5)
        assert team.logged() == [f"delivery waits: {locked}"]
        assert typed("deliveries") == ((0, "Everything is delivered.") if reads else (1, f"briefbot: {locked}"))
        assert typed("deliveries", "drop", "1") == (1, f"briefbot: {locked}")
        assert team.transport.tried == []

    await team.works(seconds=5)
    assert team.transport.texts == [DIGEST]
    assert "10:00 (Paris)" in await team.ann.say("subscribe Open links at 10:00")
    assert team.logged() == []


@contextmanager
def holding(team, table):
    """Let another transaction hold the rows of one table, as one that is about to change them does."""
    with Database.open(team.app.address) as other, other.write() as connection:
        connection.execute(select(table.c.id).with_for_update()).all()
        yield


@pytest.fixture
async def on_postgresql(postgres_server, folder, caplog, impatient):
    async with at_work(postgres_server.database(), folder, caplog, RecordingTransport("slack")) as team:
        yield team


async def test_on_postgresql_a_subscription_that_is_held_keeps_planning_waiting_and_is_said(on_postgresql):
    team = on_postgresql
    locked = f"{team.url} is locked by another process: try again in a moment"
    with holding(team, subscription):
        await team.works(hours=1, minutes=5)
        assert team.logged() == [f"delivery waits: {locked}"]
        assert "#news gets 1 topic" in await team.ann.say("list")  # what only reads does not wait
        assert await team.ann.say("subscribe Open links at 10:00") == NOT_NOW
        assert team.logged() == [f"a command in slack/C1: {locked}"]

    await team.works(seconds=5)
    assert team.transport.texts == [DIGEST]


async def test_on_postgresql_a_message_that_is_held_is_passed_over_until_it_is_free(on_postgresql):
    team = on_postgresql
    team.transport.script.append(NotSent("429", 60.0))
    await team.works(hours=1, minutes=5)
    team.logged()
    with holding(team, delivery):
        await team.works(seconds=61)
        assert (team.logged(), team.transport.texts) == ([], [])

    await team.works(seconds=5)
    assert team.transport.texts == [DIGEST]


# ---------------------------------------------------------------- full


def on_each_write(team, kind, does):
    """Let something happen in the database before it writes an article, a run, an answer or a subscription."""
    with team.app.database.write() as connection:
        for statement in does:
            connection.exec_driver_sql(statement)
        for table in ("run", "answer", "subscription", "article"):
            for deed in ("INSERT", "UPDATE"):
                connection.exec_driver_sql(f"CREATE TRIGGER no_room_{table}_{deed} BEFORE {deed} ON {table} {kind}")


@contextmanager
def full(team):
    """Let there be no more room: SQLite may take no other page, and PostgreSQL says what it says then."""
    if team.app.database.shared:
        said = 'could not extend file "base/16384/2619": No space left on device'
        raising = f"BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = 'disk_full'; END"
        made = f"CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ {raising} $$"
        on_each_write(team, "EXECUTE FUNCTION no_room()", [made])
        yield
        with team.app.database.write() as connection:
            connection.exec_driver_sql("DROP FUNCTION no_room CASCADE")
        return

    def no_more(connection):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    # A small write finds room in the pages that are there: with each goes a large one.
    on_each_write(team, "BEGIN INSERT INTO large VALUES (zeroblob(1000000)); END", ["CREATE TABLE large (bytes BLOB)"])
    event.listen(Engine, "begin", no_more)
    try:
        yield
    finally:
        event.remove(Engine, "begin", no_more)
        team.app.database.close()  # the limit is that of a connection


async def test_a_full_disk_is_said_and_when_there_is_room_all_goes_on_by_itself(team, typed, tmp_path):
    (tmp_path / "a.md").write_text("Tencent opens its links to Taobao, said the company on Tuesday.")
    no_room = f"no room on the disk of {team.url}: free some, nothing is lost so far"
    with full(team):
        assert await team.ann.say("tencent") == NOT_NOW
        assert await team.ann.say("subscribe Open links at 10:00") == NOT_NOW
        assert team.logged() == [f"a command in slack/C1: {no_room}"] * 2
        assert "#news gets 1 topic" in await team.ann.say("list")
        await team.works(hours=1, minutes=5)
        assert team.logged() == [f"delivery waits: {no_room}"]
        assert typed("deliveries") == (0, "Everything is delivered.")
        assert typed("gather", str(tmp_path / "a.md")) == (1, f"briefbot: {no_room}")
        assert team.transport.tried == []

    await team.works(seconds=5)
    assert team.transport.texts == [DIGEST]


# ---------------------------------------------------------------- gone, and there again


@asynccontextmanager
async def elsewhere(kind, folder, tmp_path, caplog):
    """Give a team on a database of its own, and what lets it be gone and there again."""
    with ExitStack() as ends:
        if kind == "postgresql":
            server = ends.enter_context(postgres.server())
            url, gone, back = server.database(), lambda: server.stop("immediate"), server.start
        else:
            place, aside = tmp_path / "b.db", tmp_path / "aside.db"
            url = f"sqlite:///{place}"
            gone, back = lambda: place.rename(aside), lambda: aside.replace(place)
        async with at_work(url, folder, caplog, RecordingTransport("slack")) as team:
            yield team, gone, back


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_database_that_is_gone_is_said_and_when_it_is_there_again_all_goes_on_by_itself(
    kind, folder, tmp_path, caplog
):
    async with elsewhere(kind, folder, tmp_path, caplog) as (team, gone, back):
        gone()
        assert [await team.ann.say(one) for one in ("tencent", "list", "subscribe Open links at 10:00")] == [
            NOT_NOW
        ] * 3
        await team.works(hours=1, minutes=5)
        said = team.logged()
        assert team.transport.tried == []
        if kind == "sqlite":  # it would go on with a file that nobody sees any more
            line = f"{team.url} is gone, or another file is in its place: stop the bot, put it right, start it again"
            assert said == [*[f"a command in slack/C1: {line}"] * 3, f"delivery waits: {line}"]
        else:
            line = f"{team.url} cannot be reached: "
            assert [one.split(line)[0] for one in said] == [*["a command in slack/C1: "] * 3, "delivery waits: "]

        back()
        await team.works(seconds=5)
        assert (team.transport.texts, team.logged()) == ([DIGEST], [])


async def test_where_the_database_is_replaced_beneath_a_bot_it_does_not_go_on_with_the_old_one(
    folder, tmp_path, caplog
):
    async with at_work(sqlite.database(tmp_path / "b.db"), folder, caplog, RecordingTransport("slack")) as team:
        team.app.database.backup(tmp_path / "copy.db")
        (tmp_path / "copy.db").replace(tmp_path / "b.db")
        await team.works(hours=1, minutes=5)
        assert team.logged() == [
            f"delivery waits: {team.url} is gone, or another file is in its place: "
            "stop the bot, put it right, start it again"
        ]
        assert team.transport.tried == []


async def test_a_server_that_was_restarted_between_two_rounds_is_not_even_noticed(folder, tmp_path, caplog):
    async with elsewhere("postgresql", folder, tmp_path, caplog) as (team, gone, back):
        gone()
        back()
        assert "#news gets 1 topic" in await team.ann.say("list")
        await team.works(hours=1, minutes=5)
        assert (team.transport.texts, team.logged()) == ([DIGEST], [])


# ---------------------------------------------------------------- the clock jumps


async def test_what_people_read_when_the_clock_goes_a_year_ahead_and_comes_back(team):
    async def next_run() -> str:
        return (await team.ann.say("list")).split("next: ")[1].splitlines()[0]

    assert await next_run() == "Monday 16 November, 09:00"
    await team.works(days=365, hours=1, minutes=5)
    assert (team.transport.texts, await next_run()) == ([DIGEST], "Wednesday 17 November, 09:00")  # of 2027
    await team.works(days=-365)
    assert await next_run() == "Tuesday 17 November, 09:00"
    await team.works(days=1)
    assert await next_run() == "Wednesday 18 November, 09:00"
    assert (team.transport.texts, team.logged()) == ([DIGEST], [])


# ---------------------------------------------------------------- a token is revoked, a channel is archived or gone


@asynccontextmanager
async def in_slack(url, folder, caplog):
    async with FakeSlack() as fake:
        transport = SlackTransport(web_client(fake.bot_token, fake.api_url))
        async with at_work(url, folder, caplog, transport) as team:
            yield team, fake


@asynccontextmanager
async def in_discord(url, folder, caplog):
    async with FakeDiscord() as fake:
        rest = Rest(fake.token, fake.api_url, "tests")
        place = Channel("discord", GUILD, GENERAL)
        async with at_work(url, folder, caplog, DiscordTransport(rest), place) as team:
            yield team, fake
        await rest.close()


def is_revoked(fake):
    fake.fail_next("*", ledger.error("token_revoked"), times=None)


def is_archived(fake):
    fake.channels["C1"].archived = True


def is_changed(fake):
    fake.token = "another"


def is_deleted(fake):
    del fake.channels[GENERAL]


@pytest.mark.parametrize(
    ("there", "fault", "code", "read"),
    [
        (in_slack, is_revoked, "token_revoked", "my token was revoked; the operator must set another"),
        (in_slack, is_archived, "is_archived", "the channel is archived"),
        (in_discord, is_deleted, "HTTP 404: Unknown Channel (10003)", "the channel is gone, or I cannot see it"),
    ],
    ids=[
        "a token of Slack is revoked",
        "a channel is archived",
        "a channel is deleted",
    ],
)
async def test_where_nothing_can_be_posted_any_more_it_is_tried_once_and_everybody_reads_why(
    there,
    fault,
    code,
    read,
    database_url,
    folder,
    caplog,
    monkeypatch,
    briefbot,  # noqa: F811
):
    monkeypatch.setenv("COLUMNS", "300")
    async with there(database_url, folder, caplog) as (team, fake):
        fault(fake)
        await team.works(hours=1, minutes=5)
        (sent,) = outstanding(team.app.database)
        place = f"{sent.channel.platform} {sent.channel.workspace}/{sent.channel.id}"
        (line,) = team.logged()
        assert line.partition(" to ")[2] == (
            f"{place}: FAILED, {code}; its subscription is paused, put this right and resume it in the channel"
        )
        assert f"· paused ({read})" in " ".join((await team.ann.say("list")).split())
        assert (
            f"failed  {place}  Open links 2026-11-16 09:00  1     1      {code}"
            in briefbot("deliveries", "--database", team.app.address).out
        )
        assert await team.roll_up() == [
            "Briefbot needs you\n\n"
            "1 subscription was paused, because nothing can be posted there:\n\n"
            f"• Open links · {place} · {read}\n\n"
            "Once that is put right, whoever manages the channel can resume it at Home.\n\n"
            "[Home]\n\n"
            "Once a day, when there is something to do."
        ]
        await team.works(days=3)
        assert team.logged() == []


@pytest.mark.parametrize("there", [in_slack, in_discord])
async def test_a_token_that_is_not_taken_for_a_while_holds_the_digests_and_pauses_nothing(
    there, database_url, folder, caplog
):
    async with there(database_url, folder, caplog) as (team, fake):
        if there is in_slack:
            fake.fail_next("*", ledger.error("invalid_auth"), times=None)
        else:
            token, fake.token = fake.token, "another"
        await team.works(hours=1, minutes=5)
        (held,) = outstanding(team.app.database)
        assert held.state == "RETRY"
        assert "paused" not in await team.ann.say("list")
        assert len(fake.ledger) == 0
        team.logged()
        for _ in range(24):
            await team.works(minutes=10)
        assert len([line for line in team.logged() if "RETRY" in line]) == 4  # one an hour
        if there is in_slack:
            fake.faults.clear()
        else:
            fake.token = token
        await team.works(minutes=10)
        assert len(fake.ledger) == 1


async def test_when_it_is_put_right_and_resumed_the_news_comes_with_the_next_digest(database_url, folder, caplog):
    async with in_slack(database_url, folder, caplog) as (team, fake):
        is_archived(fake)
        await team.works(hours=1, minutes=5)
        fake.channels["C1"].archived = False
        await team.works(days=1)
        assert len(fake.ledger) == 0
        assert "Next: Wednesday 18 November, 09:00" in await team.ann.say("resume")
        await team.works(days=1)
        (digest,) = fake.ledger
        assert "Tencent opens its links to Alibaba" in str(digest.message)


async def test_operators_whose_own_channel_cannot_be_told_find_it_in_the_log(database_url, folder, caplog):
    async with in_slack(database_url, folder, caplog) as (team, fake):
        is_revoked(fake)
        await team.works(hours=1, minutes=5)
        team.logged()
        await team.app.daily_report.tick({"slack": team.transport})
        assert team.logged() == ["the operators' channel may not have been told: token_revoked"]
