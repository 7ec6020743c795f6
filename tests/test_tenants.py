"""Who may see and change what, as one table: `MATRIX`.

A team has a topic, names, a source, a subscription, a digest, a look-up and a wish; one member set up all of it. Others
try to get at it, through Slack and through Discord, with the ids that only the team can know; with another workspace
the team shares nothing but public sources. What is refused shows nothing of the team's, and changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import or_, select

from bot.app import App
from bot.base.reply import Action
from bot.base.web import Web
from bot.commands import COMMANDS, fair_shares
from bot.operations.registry import adapters
from bot.platforms.discord.adapter import DiscordAdapter
from bot.platforms.discord.tree import PLACES
from briefs.config import Config
from briefs.ingest.polling import MOVED
from briefs.models import Article, Channel, Source
from briefs.store import schema
from briefs.store.follows import Follows
from briefs.store.sources import Learnt, Sources
from tests import sqlite
from tests.clock import Clock
from tests.dispatcher import MONDAY
from tests.fakes.discord import GENERAL, GUILD, MANAGE_GUILD, MANAGER, MEMBER, USER, FakeDiscord
from tests.fakes.slack import Browser, FakeSlack
from tests.fakes.slack_workspace import FakeChannel, FakeUser
from tests.test_vault import key

SITE, PAPER = "marsh.example/feed", "Marsh Mail"
TOPIC, WORD, NAME, STORY = "Lotus", "nenuphar", "quadlik", "Nenuphar grows in every pond"
ARTICLE = Article(
    id="pond",
    title=STORY,
    text="The nenuphar is grown in 300 ponds of Burgundy, growers of Dijon said on Monday. It opens in the morning.",
    language="en",
    url="https://example.org/pond",
    source="Pond Post",
    published=MONDAY - timedelta(days=1),
)


@dataclass(frozen=True)
class Who:
    """Somebody in a channel; may: what they may do there, where the platform says so with each command."""

    team: str
    channel: str
    user: str
    may: int = 0


@dataclass
class World:
    """A bot, and the platform where people meet it. people: by what they are, each with their column of the matrix."""

    app: App
    here: Who
    people: dict[str, tuple[str, Who]]
    platform = ""
    known: dict[str, str] = field(default_factory=dict)  # ids that only the team can know

    async def say(self, who: Who, command: str, **options: str) -> str:
        """Carry a command out, and give all that can be seen of the answer."""
        raise NotImplementedError

    async def press(self, who: Who, action: str, value: str) -> str:
        """Press a button that is forged, and give all that can be seen of the answer."""
        raise NotImplementedError

    async def furnish(self) -> None:
        """Give the team what the others shall not have."""
        self.app.archive.add([ARTICLE])
        (source,) = self.app.config.sources
        moved = Learnt(source, MONDAY, moved_to="https://pond.example/new", moves=MOVED)
        Sources(self.app.database).learn([moved])
        there = Channel(self.platform, self.here.team, self.here.channel)
        Follows(self.app.database).follow(there, Source(f"https://{SITE}", "feed", name=PAPER), self.here.user, MONDAY)
        await self.say(self.here, "topic add", topic=TOPIC, words=WORD)
        await self.say(self.here, "alias add", names=f"{WORD} = {NAME}")
        await self.say(self.here, "subscribe", topic=TOPIC)
        self.app.clock.now += timedelta(days=1)
        await self.app.delivery_worker.tick()
        await self.app.delivery_worker.drain()
        await self.press(self.here, "up", "1:1")
        await self.say(self.here, "search", query=WORD)
        with self.app.database.read() as connection:
            self.known = {
                "run": str(connection.execute(select(schema.run.c.id)).scalar_one()),
                "topic": str(
                    connection.execute(select(schema.topic.c.id).where(schema.topic.c.name == TOPIC)).scalar_one()
                ),
                "subscription": str(connection.execute(select(schema.subscription.c.id)).scalar_one()),
                "source": str(connection.execute(select(schema.follow.c.source_id)).scalar_one()),
                "wish": str(connection.execute(select(schema.feedback.c.id)).scalar_one()),
                "answer": connection.execute(
                    select(schema.answer.c.id).where(schema.answer.c.query == WORD)
                ).scalar_one(),
            }

    def rows(self) -> list[str]:
        """All that people have set up."""
        rows = {table.name: select(table).order_by(table.c.id) for table in _SET_UP}
        rows["channel"] = rows["channel"].where(
            or_(
                schema.channel.c.language != "",
                schema.channel.c.zone != "",
                schema.channel.c.form != "",
                schema.channel.c.quotes > 0,
            )
        )
        with self.app.database.read() as connection:
            return [f"{name} {tuple(row)}" for name, query in rows.items() for row in connection.execute(query)]


_SET_UP = (
    schema.topic,
    schema.alias,
    schema.channel,
    schema.subscription,
    schema.feedback,
    schema.follow,
    schema.run,
    schema.source,
)


# ---------------------------------------------------------------- the two platforms


class SlackWorld(World):
    platform = "slack"
    fake: FakeSlack

    async def say(self, who: Who, command: str, **options: str) -> str:
        text = " ".join([command, *(f"since:{value}" if name == "since" else value for name, value in options.items())])
        shown = await self.fake.slash("/brief", text, team=who.team, channel=who.channel, user=who.user)
        return "\n".join(one.text for one in shown)

    async def press(self, who: Who, action: str, value: str) -> str:
        any_button = next(one for one in self.fake.shown if one.labels)
        place = {"team": who.team, "channel": who.channel, "user": who.user}
        if action == "form":
            modals = self.fake.workspaces[who.team].modals
            known = len(modals)
            await self.fake.press(any_button, any_button.labels[0], value=value, action=action, answers=0, **place)
            await self.fake.until(lambda: len(modals) > known, "a modal")
            modals[-1].open = False
            return str(modals[-1].view)
        shown = await self.fake.press(any_button, any_button.labels[0], value=value, action=action, **place)
        return "\n".join(one.text for one in shown)


class DiscordWorld(World):
    platform = "discord"
    fake: FakeDiscord

    async def say(self, who: Who, command: str, **options: str) -> str:
        numbers = {name: int(value) if name == "number" else value for name, value in options.items()}
        seen = await self.fake.slash(f"brief {PLACES.get(command, command)}", numbers, **self._place(who))
        return seen.text

    async def press(self, who: Who, action: str, value: str) -> str:
        message = next(one for one in self.fake.messages() if one.get("components"))
        seen = await self.fake.press(message, f"{action}:{value}", forged=True, **self._place(who))
        return seen.text

    @staticmethod
    def _place(who: Who) -> dict[str, Any]:
        return {"guild": who.team, "channel": who.channel, "user": who.user, "permissions": who.may}


def configured(folder: Path, operators: str) -> Config:
    made = folder / "config"
    made.mkdir()
    (made / "settings.yaml").write_text(f"admin_channel: {operators}\n")
    (made / "sources.yaml").write_text("sources: [{feed: https://pond.example/feed, name: Pond Post}]\n")
    return Config.load(made)


@asynccontextmanager
async def in_slack(folder: Path) -> AsyncIterator[SlackWorld]:
    clock = Clock(MONDAY)
    async with FakeSlack() as fake:
        fake.clock = lambda: clock.now.timestamp()
        environment = {
            "SLACK_CLIENT_ID": fake.client_id,
            "SLACK_CLIENT_SECRET": fake.client_secret,
            "SLACK_SIGNING_SECRET": fake.signing_secret,
            "BRIEFBOT_HTTP": "127.0.0.1:0",
            "BRIEFBOT_KEY": key(),
            "BRIEFBOT_SLACK_API": fake.api_url,
        }
        fake.add_workspace("T2")
        for there in fake.workspaces.values():
            there.users = {
                "U1": FakeUser("ann"),
                "U2": FakeUser("bob"),
                "U3": FakeUser("cleo", is_admin=True),
                "U4": FakeUser("dan", is_guest=True),
                "U5": FakeUser("eve", is_admin=True, team="T9"),
                "U6": FakeUser("fay"),
                "U7": FakeUser("gus"),
            }
            there.channels["C1"].members = set(there.users)
            there.channels["C3"] = FakeChannel("beside", set(there.users))
            there.channels["D7"] = FakeChannel("", {"U7"})
        config = configured(folder, "slack/T1/C1")
        with App(config, sqlite.database(folder / "briefs.db"), environment=environment, clock=clock) as app:
            bot = adapters(app)["slack"]
            app.delivery_worker.serve(bot.transport)
            async with Web("127.0.0.1:0", bot.routes()) as server:
                fake.calls_at = f"http://127.0.0.1:{server.address[1]}/slack/events"
                for team in fake.workspaces:
                    await Browser(fake).install(team)
                here = Who("T1", "C1", "U1")
                people = {
                    "who set it up": ("creator", here),
                    "a member": ("manager", replace(here, user="U2")),
                    "an admin": ("admin", replace(here, user="U3")),
                    "a guest": ("none", replace(here, user="U4")),
                    "an admin of another workspace, by Slack Connect": ("none", replace(here, user="U5")),
                    "a member, in another channel": ("beside", replace(here, user="U6", channel="C3")),
                    "a member, alone with the bot": ("alone", replace(here, user="U7", channel="D7")),
                    "an admin of another workspace, there": ("stranger", replace(here, user="U3", team="T2")),
                }
                world = SlackWorld(app, here, people)
                world.fake = fake
                yield world
                await bot.stop()


@asynccontextmanager
async def in_discord(folder: Path) -> AsyncIterator[DiscordWorld]:
    async with FakeDiscord() as fake:
        beside = fake.add_channel("beside")
        config = configured(folder, f"discord/{GUILD}/{GENERAL}")
        with App(config, sqlite.database(folder / "briefs.db"), environment={}, clock=Clock(MONDAY)) as app:
            bot = DiscordAdapter(app.dispatcher, token=fake.token, api_url=fake.api_url, gateway_url=fake.gateway_url)
            app.delivery_worker.serve(bot.transport)
            await bot.start()
            here, owner = Who(GUILD, GENERAL, USER, MANAGER), MANAGER | MANAGE_GUILD

            def other(number: int, **changes: Any) -> Who:
                return replace(here, user=f"40000000000000000{number}", **changes)

            people = {
                "who set it up": ("creator", here),
                "who manages the channel": ("manager", other(2)),
                "who manages the server": ("admin", other(3, may=owner)),
                "a member": ("none", other(4, may=MEMBER)),
                "who manages another channel": ("beside", other(5, channel=beside)),
                "who manages another server, there": ("stranger", other(6, team="300000000000000002", may=owner)),
            }
            world = DiscordWorld(app, here, people)
            world.fake = fake
            yield world
            await bot.stop()


WORLDS = {"slack": in_slack, "discord": in_discord}

# ---------------------------------------------------------------- the matrix


# Each line: what is tried, words that only the answer to who may see it has in it, and what becomes of it, by column.
#
#   creator   a member, who manages the channel (in Slack all members do), and has set up all of it
#   manager   another member, who manages the channel
#   admin     of the workspace: admins and owners in Slack, the right to manage the server in Discord
#   none      who manages nothing: a member in Discord; a guest, and anybody of another workspace, in Slack
#   beside    who manages another channel, there
#   alone     a member, in a conversation with the bot alone, which Discord's servers have not
#   stranger  an admin of another workspace, in a channel of that
#
#   sees: the answer has the words.   does: something changes.   own: something of their workspace does.   -: neither.
MATRIX = """
search | nenuphar              Nenuphar grows  sees    sees    sees    sees    sees    sees    sees
search | quadlik               Nenuphar grows  sees    sees    sees    sees    sees    sees    -
digest | Lotus | 7d            Nenuphar grows  sees    sees    sees    sees    sees    sees    -
preview | Lotus                nenuphar        sees    sees    sees    sees    sees    sees    -
home                           Lotus           sees    sees    sees    sees    sees    sees    -
press home | 0.0               Lotus           sees    sees    sees    sees    sees    sees    -
press open | topics            Lotus           sees    sees    sees    sees    sees    sees    -
press preview | {topic}        nenuphar        sees    sees    sees    sees    sees    sees    -
topics                         Lotus           sees    sees    sees    sees    sees    sees    -
topic show | Lotus             nenuphar        sees    sees    sees    sees    sees    sees    -
alias list                     quadlik         sees    sees    sees    sees    sees    sees    -
list                           Lotus           sees    sees    sees    sees    -       -       -
feedback list                  Nenuphar grows  sees    sees    sees    sees    -       -       -
why | 1                        Nenuphar        sees    sees    sees    sees    -       -       -
story                          nenuphar        sees    sees    sees    sees    -       -       -
press why | {run}:1            Nenuphar        sees    sees    sees    sees    -       -       -
press story | {run}:1          nenuphar        sees    sees    sees    sees    -       -       -
press more | {run}             Lotus           sees    sees    sees    sees    -       -       -
press why | {answer}:1         Nenuphar        sees    -       -       -       -       -       -
press story | {answer}:1       nenuphar        sees    -       -       -       -       -       -
press share | {answer}         nenuphar        sees    -       -       -       -       -       -
packs                          Climate         sees    sees    sees    sees    sees    sees    sees
press pack | climate           Climate         sees    sees    sees    sees    sees    sees    sees
press sample | 1               A sample        sees    sees    sees    sees    sees    sees    sees
export                         as OPML         sees    sees    sees    sees    sees    sees    sees
audit                          Lotus           -       -       sees    -       -       -       -
sources                        Pond Post       sees    sees    sees    sees    sees    sees    sees
settings                       Stories:        sees    sees    sees    sees    sees    sees    sees
status                         Articles:       sees    sees    sees    sees    sees    sees    sees
help                           Follow a topic       sees    sees    sees    sees    sees    sees    sees

press undo | {wish}            ·               does    does    does    -       -       -       -
press down | {run}:1           ·               does    does    does    -       -       -       -
press up | {run}:1             ·               does    does    does    -       -       -       -
press less | {run}:1           ·               does    does    does    -       -       -       -
press down | {answer}:1        ·               does    -       -       -       -       -       -
feedback undo                  ·               does    does    does    -       -       -       -
pause | Lotus                  ·               does    does    does    -       -       -       -
resume | Lotus                 ·               does    does    does    -       -       -       -
press details | {run}:1        nenuphar        sees    sees    sees    sees    -       -       -
press page | topics:10         ·               -       -       -       -       -       -       -
press form | topic 999         ·               -       -       -       -       -       -       -
press pause | {subscription}   ·               does    does    does    -       -       -       -
press resume | {subscription}  ·               does    does    does    -       -       -       -
press instead | {answer}:0     ·               -       -       -       -       -       -       -
snooze | Lotus                 ·               does    does    does    -       -       -       -
press revert | {subscription}  ·               -       -       -       -       -       -       -
unsubscribe | Lotus            ·               does    does    does    -       -       -       -
press subscribe | {answer}     ·               does    -       -       -       -       -       -
form | full                    ·               does    does    does    -       does    does    own
quotes | 2                     ·               does    does    does    -       does    does    own
subscribe | Lotus | 10:00      ·               does    does    does    -       does    does    -
topic add | Reed | reed        ·               does    does    does    -       does    does    own
alias add | reed = rush        ·               does    does    does    -       does    does    own
alias add | quadlik = lily     ·               does    -       does    -       -       -       own
press take | climate           ·               does    does    does    -       does    does    own
press giveback | {answer}      ·               -       -       -       -       -       -       -
press import | {answer}        ·               -       -       -       -       -       -       -
topic edit | Lotus | weeds     ·               does    -       does    -       -       -       -
topic rename | Lotus | LOTUS   ·               does    -       does    -       -       -       -
topic remove | Lotus           ·               does    -       does    -       -       -       -
alias remove | quadlik         ·               does    -       does    -       -       -       own
press retry | all              ·               does    does    does    -       does    does    does
press use | 1                  ·               -       -       does    -       -       -       -
zone | Asia/Shanghai           ·               does    does    does    -       does    does    own
language | fr                  ·               does    does    does    -       does    does    own
press speak | zh                 ·               does    does    does    -       does    does    own

source show | marsh.example/feed   Marsh Mail  sees    sees    sees    sees    sees    sees    -
press source | {source}        Marsh Mail      sees    sees    sees    sees    sees    sees    -
source rename | marsh.example/feed | Mud   ·   does    -       does    -       -       -       -
source mute | marsh.example/feed   ·           does    -       does    -       -       -       -
source unmute | marsh.example/feed   ·         does    -       does    -       -       -       -
press mute | {source}          ·               does    -       does    -       -       -       -
press unmute | {source}        ·               does    -       does    -       -       -       -
press unfollow | {source}      ·               does    -       does    -       -       -       -
press follow | {answer}:0      ·               -       -       -       -       -       -       -
press another | {answer}:0     ·               -       -       -       -       -       -       -
press link | {answer}:0        ·               -       -       -       -       -       -       -
press cancel | {answer}:0      ·               -       -       -       -       -       -       -
"""
NOTHING = "·"
COLUMNS = ("creator", "manager", "admin", "none", "beside", "alone", "stranger")


@dataclass(frozen=True)
class Attempt:
    """A line of the matrix."""

    what: str
    values: list[str]
    shows: str
    outcomes: dict[str, str]

    async def by(self, who: Who, world: World) -> str:
        if self.what.startswith("press "):
            return await world.press(who, self.what.removeprefix("press "), self.values[0].format(**world.known))
        command = next(one for one in COMMANDS if one.name == self.what)
        names = [param.name for param in command.params]
        return await world.say(who, self.what, **dict(zip(names, self.values, strict=False)))


def read(matrix: str) -> Iterator[Attempt]:
    for line in filter(None, matrix.splitlines()):
        tried, shows, *outcomes = re.split(" {2,}", line)
        what, *values = tried.split(" | ")
        yield Attempt(what, values, shows, dict(zip(COLUMNS, outcomes, strict=True)))


ATTEMPTS = list(read(MATRIX))


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch):
    """The matrix has more lines than a person has commands in a minute."""
    monkeypatch.setattr(fair_shares, "BURST", 10.0 * len(ATTEMPTS))


def test_every_command_and_every_button_is_in_the_matrix():
    tried = {attempt.what for attempt in ATTEMPTS}
    tried |= {"follow", "unfollow"}  # one looks at a site, one is as its button: see test_following
    tried |= {"move", "press stop"}  # one needs a second channel, one ends what others need: see test_notices
    tried |= {"import"}  # needs a file: see test_import_in_chat
    assert tried == {*(command.name for command in COMMANDS), *(f"press {action}" for action in get_args(Action))}


@pytest.mark.parametrize("wanted", ["sees", "-"])
@pytest.mark.parametrize("platform", WORLDS)
async def test_who_sees_what_and_nothing_changes_by_that_nor_by_what_is_refused(platform, wanted, tmp_path):
    async with WORLDS[platform](tmp_path) as world:
        await world.furnish()
        before = world.rows()
        for person, (column, who) in world.people.items():
            for attempt in ATTEMPTS:
                if attempt.outcomes[column] == wanted:
                    said = await attempt.by(who, world)
                    told = f"{person}: {attempt.what} {attempt.values}: {said}"
                    assert said, told
                    assert (attempt.shows in said) is (wanted == "sees"), told
                    assert attempt.shows != NOTHING or STORY not in said, told
                    assert world.rows() == before, told


DOERS = [*(("slack", one) for one in COLUMNS), *(("discord", one) for one in COLUMNS if one != "alone")]


@pytest.mark.parametrize(("platform", "column"), [pair for pair in DOERS if pair[1] != "none"])
async def test_who_changes_what_and_strangers_nothing_of_the_teams(platform, column, tmp_path):
    async with WORLDS[platform](tmp_path) as world:
        await world.furnish()
        who = someone(world, column)
        teams = {row for row in world.rows() if not row.startswith("source")}
        for attempt in ATTEMPTS:
            if attempt.outcomes[column] in ("does", "own"):
                before, said = world.rows(), await attempt.by(who, world)
                assert world.rows() != before, f"{attempt.what} {attempt.values}: {said}"
                assert column != "stranger" or teams <= set(world.rows()), f"{attempt.what} {attempt.values}: {said}"


# ---------------------------------------------------------------- what is forged, and who only visits


FORGED = [
    *("", "1", "0:1", "1:1", "999:1", "1:999", "-1:1", "1:1:1", "' OR 1=1 --:1", "％", "\x00", "x" * 300, "9" * 40),
    *("subscribe 1:1", "subscribe {run}:1", "topic 999", "settings 1:", "C1:1", "500000000000000001:1"),
    *("{run}", "{run}:1", "{answer}", "{answer}:1", "{answer}:0", "{wish}", "١:1"),
]


async def test_to_another_team_no_value_that_a_button_may_have_opens_anything(furnished, caplog):
    before = furnished.rows()
    pressed = ("share", "subscribe", "why", "story", "more", "up", "down", "less", "undo", "drop table", "")
    by_hand = ("form", "home", "preview", "pause", "resume", "stop", "instead", "revert")
    for action in (*pressed, *by_hand):
        for value in FORGED:
            given = asked(furnished, "stranger")
            said = await furnished.app.dispatcher.press(given, action, value.format(**furnished.known))
            assert (said.public, STORY in str(said)) == (False, False), (action, value)
    assert furnished.rows() == before
    assert caplog.text == ""


@pytest.fixture
async def furnished(tmp_path):
    async with in_discord(tmp_path) as world:
        await world.furnish()
        yield world


def someone(world, column):
    return next(who for one, who in world.people.values() if one == column)


def asked(world, column, **changes):
    from bot.commands import Asked
    from briefs.models import Channel

    who = someone(world, column)
    given = {"may_manage": True, "manages_workspace": True, "channel_name": "#general", "trigger": ""} | changes
    return Asked(Channel("discord", who.team, who.channel), who.user, **given)


async def test_nothing_of_another_teams_is_offered_while_they_type(furnished):
    async def offered(who: Who, command: str) -> list[str]:
        return await furnished.fake.autocomplete(f"brief {command}", "topic", "", **furnished._place(who))

    by = dict(furnished.people.values())
    assert TOPIC in await offered(by["manager"], "topic show")
    assert TOPIC in await offered(by["manager"], "unsubscribe")
    assert await offered(by["beside"], "unsubscribe") == []
    assert await offered(by["manager"], "topic edit") == []  # what they may not change
    assert TOPIC in await offered(by["creator"], "topic edit")
    for command in ("topic show", "topic edit", "subscribe", "unsubscribe", "digest"):
        assert await offered(by["stranger"], command) == []
        assert await offered(replace(by["creator"], team=""), command) == []


async def test_a_channel_that_did_not_come_with_the_command_is_not_found(furnished):
    before = furnished.rows()
    said = await furnished.app.dispatcher.call(
        asked(furnished, "manager"), "subscribe", {"topic": TOPIC, "channel": "500000000000000099"}
    )
    assert "cannot see the channel" in said.summary
    assert furnished.rows() == before


async def test_where_there_is_no_server_nothing_is_done(furnished):
    said = await furnished.say(replace(furnished.here, team=""), "search", query=WORD)
    assert said == "I work in servers only; ask me in one of its channels."


@pytest.mark.parametrize("user", ["U4", "U5"])
async def test_who_is_refused_in_slack_as_a_guest_is_told_so_kindly(tmp_path, user):
    async with in_slack(tmp_path) as world:
        await world.furnish()
        guest, run = replace(world.here, user=user), world.known["run"]
        for command in ("pause", "unsubscribe"):
            assert "Only those who manage #general" in await world.say(guest, command, topic=TOPIC)
        said = await world.say(guest, f"subscribe {TOPIC} in <#C1|general>")
        assert "Only those who manage #general" in said
        said = await world.say(guest, "topic remove", topic=TOPIC)
        assert "whoever added it and the admins and owners of this workspace may change it" in said
        for action in ("up", "down", "less"):
            assert "your vote is not counted" in await world.press(guest, action, f"{run}:1")
