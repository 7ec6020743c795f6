"""Who may see and change what: another workspace, another channel, another person, one without the right; what they
type, press and forge.

A team has a topic, names, a subscription, a digest, a look-up and a wish. Everybody else tries to get at them, through
Slack and through Discord, with the ids that only the team can know. What is refused shows nothing of the team's, and
changes nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import App
from bot.base.web import Web
from bot.operations.registry import adapters
from bot.platforms.discord.adapter import DiscordAdapter
from briefs.config import Config
from briefs.models import Article
from briefs.store import schema
from tests import sqlite
from tests.clock import Clock
from tests.dispatcher import MONDAY
from tests.fakes.discord import GENERAL, GUILD, MANAGER, MEMBER, USER, FakeDiscord, buttons
from tests.fakes.slack import Browser, FakeSlack
from tests.fakes.slack_workspace import FakeChannel, FakeUser
from tests.test_vault import key

TOPIC, WORD, NAME, STORY = "Lotus", "nenuphar", "blossom", "Nenuphar grows in every pond"
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
    """Somebody in a channel. manager: whether they have the right to change what it gets."""

    team: str
    channel: str
    user: str
    manager: bool = True


@dataclass
class World:
    """A bot, and the platform where people meet it."""

    app: App
    here: Who
    strangers: dict[str, Who]
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
                "wish": str(connection.execute(select(schema.feedback.c.id)).scalar_one()),
                "answer": connection.execute(select(schema.answer.c.id)).scalar_one(),
            }

    def rows(self) -> list[tuple[Any, ...]]:
        """All that people have set up."""
        tables = (schema.topic, schema.alias, schema.subscription, schema.feedback, schema.run)
        with self.app.database.read() as connection:
            return [tuple(row) for table in tables for row in connection.execute(select(table).order_by(table.c.id))]


# ---------------------------------------------------------------- the two platforms


class SlackWorld(World):
    fake: FakeSlack

    async def say(self, who: Who, command: str, **options: str) -> str:
        text = " ".join([command, *options.values()])
        shown = await self.fake.slash("/brief", text, team=who.team, channel=who.channel, user=who.user)
        return "\n".join(one.text for one in shown)

    async def press(self, who: Who, action: str, value: str) -> str:
        any_button = next(one for one in self.fake.shown if one.labels)
        place = {"team": who.team, "channel": who.channel, "user": who.user}
        shown = await self.fake.press(any_button, any_button.labels[0], value=value, action=action, **place)
        return "\n".join(one.text for one in shown)


class DiscordWorld(World):
    fake: FakeDiscord

    async def say(self, who: Who, command: str, **options: str) -> str:
        seen = await self.fake.slash(f"brief {command}", options, **self._place(who))
        return seen.text

    async def press(self, who: Who, action: str, value: str) -> str:
        message = next(one for one in self.fake.messages() if buttons(one))
        seen = await self.fake.press(message, f"{action}:{value}", forged=True, **self._place(who))
        return seen.text

    @staticmethod
    def _place(who: Who) -> dict[str, Any]:
        may = MANAGER if who.manager else MEMBER
        return {"guild": who.team, "channel": who.channel, "user": who.user, "permissions": may}


def configured(folder: Path) -> Config:
    made = folder / "config"
    made.mkdir()
    (made / "settings.yaml").write_text("admins_only: true\n")
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
            there.users = {"U1": FakeUser("ann", is_admin=True), "U2": FakeUser("bob", is_admin=True)}
            there.users["U3"] = FakeUser("eve")
            there.channels["C1"].members = set(there.users)
            there.channels["C3"] = FakeChannel("beside", set(there.users))
        with App(
            configured(folder), sqlite.database(folder / "briefs.db"), environment=environment, clock=clock
        ) as app:
            bot = adapters(app)["slack"]
            app.delivery_worker.serve(bot.transport)
            async with Web("127.0.0.1:0", bot.routes()) as server:
                fake.calls_at = f"http://127.0.0.1:{server.address[1]}/slack/events"
                for team in fake.workspaces:
                    await Browser(fake).install(team)
                here = Who("T1", "C1", "U1")
                strangers = {
                    "another team": replace(here, team="T2"),
                    "another channel": replace(here, channel="C3"),
                    "another person": replace(here, user="U2"),
                    "without the right": replace(here, user="U3", manager=False),
                }
                world = SlackWorld(app, here, strangers)
                world.fake = fake
                yield world
                await bot.stop()


@asynccontextmanager
async def in_discord(folder: Path) -> AsyncIterator[DiscordWorld]:
    async with FakeDiscord() as fake:
        with App(configured(folder), sqlite.database(folder / "briefs.db"), environment={}, clock=Clock(MONDAY)) as app:
            bot = DiscordAdapter(app.dispatcher, token=fake.token, api_url=fake.api_url, gateway_url=fake.gateway_url)
            app.delivery_worker.serve(bot.transport)
            await bot.start()
            here = Who(GUILD, GENERAL, USER)
            strangers = {
                "another team": replace(here, team="300000000000000002"),
                "no team": replace(here, team=""),
                "another channel": replace(here, channel=fake.add_channel("beside")),
                "another person": replace(here, user="400000000000000002"),
                "without the right": replace(here, user="400000000000000003", manager=False),
            }
            world = DiscordWorld(app, here, strangers)
            world.fake = fake
            yield world
            await bot.stop()


WORLDS = {"slack": in_slack, "discord": in_discord}

# ---------------------------------------------------------------- the matrix


@dataclass(frozen=True)
class Attempt:
    """Something that somebody tries. shows: a word that only the team's own things have in them; "": it changes them.

    allowed: to whom it is.
    """

    what: str
    options: dict[str, str]
    shows: str = ""
    allowed: Sequence[str] = ()

    async def by(self, who: Who, world: World) -> str:
        if self.what.startswith("press "):
            value = self.options["value"].format(**world.known)
            return await world.press(who, self.what.removeprefix("press "), value)
        return await world.say(who, self.what, **self.options)

    def __str__(self) -> str:
        return " ".join([self.what, *self.options.values()])


PERSON, WEAK, BESIDE = "another person", "without the right", "another channel"
ATTEMPTS = [
    Attempt("topic show", {"topic": TOPIC}, shows=WORD, allowed=[BESIDE, PERSON, WEAK]),
    Attempt("topics", {}, shows=TOPIC, allowed=[BESIDE, PERSON, WEAK]),
    Attempt("list", {}, shows=TOPIC, allowed=[PERSON, WEAK]),
    Attempt("alias list", {}, shows=NAME, allowed=[BESIDE, PERSON, WEAK]),
    Attempt("feedback list", {}, shows=STORY, allowed=[PERSON, WEAK]),
    Attempt("why", {"story": "1"}, shows=WORD, allowed=[PERSON, WEAK]),
    Attempt("press why", {"value": "{run}:1"}, shows=WORD, allowed=[PERSON, WEAK]),
    Attempt("press more", {"value": "{run}"}, shows=TOPIC, allowed=[PERSON, WEAK]),
    Attempt("press why", {"value": "{answer}:1"}, shows=WORD),
    Attempt("press share", {"value": "{answer}"}, shows=WORD),
    Attempt("press subscribe", {"value": "{answer}"}),
    Attempt("story", {}, shows=WORD, allowed=[PERSON, WEAK]),
    Attempt("press story", {"value": "{run}:1"}, shows=WORD, allowed=[PERSON, WEAK]),
    Attempt("press story", {"value": "{answer}:1"}, shows=WORD),
    Attempt("press less", {"value": "{run}:1"}, allowed=[PERSON]),
    Attempt("press down", {"value": "{answer}:1"}),
    Attempt("press undo", {"value": "{wish}"}, allowed=[PERSON]),
    Attempt("feedback undo", {}, allowed=[PERSON]),
    Attempt("alias remove", {"name": NAME}, allowed=[BESIDE, PERSON]),
    Attempt("pause", {"topic": TOPIC}, allowed=[PERSON]),
    Attempt("resume", {"topic": TOPIC}, allowed=[PERSON]),
    Attempt("unsubscribe", {"topic": TOPIC}, allowed=[PERSON]),
    Attempt("subscribe", {"topic": TOPIC}, allowed=[BESIDE, PERSON]),
    Attempt("topic edit", {"topic": TOPIC, "words": "weeds"}, allowed=[BESIDE, PERSON]),
    Attempt("topic rename", {"topic": TOPIC, "name": TOPIC.upper()}, allowed=[BESIDE, PERSON]),
    Attempt("topic remove", {"topic": TOPIC}, allowed=[BESIDE, PERSON]),
]


@pytest.mark.parametrize("platform", WORLDS)
async def test_what_is_not_theirs_nobody_sees_or_changes(platform, tmp_path):
    async with WORLDS[platform](tmp_path) as world:
        await world.furnish()
        before = world.rows()
        for label, who in world.strangers.items():
            for attempt in ATTEMPTS:
                if label in attempt.allowed:
                    continue
                said = await attempt.by(who, world)
                assert said, f"{label}: {attempt}: no answer"
                if attempt.shows:
                    assert attempt.shows not in said, f"{label}: {attempt}"
                assert STORY not in said, f"{label}: {attempt}"
                assert world.rows() == before, f"{label}: {attempt}"


@pytest.mark.parametrize("platform", WORLDS)
@pytest.mark.parametrize("label", [BESIDE, PERSON, WEAK])
async def test_what_is_theirs_too_they_see_and_change(platform, label, tmp_path):
    async with WORLDS[platform](tmp_path) as world:
        await world.furnish()
        for attempt in ATTEMPTS:
            if label not in attempt.allowed:
                continue
            before = world.rows()
            said = await attempt.by(world.strangers[label], world)
            if attempt.shows:
                assert attempt.shows in said, f"{attempt}: {said}"
            else:
                assert world.rows() != before, f"{attempt}: {said}"


# ---------------------------------------------------------------- what is forged, and who only visits


FORGED = [
    *("", "1", "0:1", "1:1", "999:1", "1:999", "-1:1", "1:1:1", "' OR 1=1 --:1", "％", "\x00", "x" * 300, "9" * 40),
    *("{run}", "{run}:1", "{answer}", "{answer}:1", "{answer}:0", "{wish}", "١:1"),
]


async def test_to_another_team_no_value_that_a_button_may_have_opens_anything(furnished, caplog):
    before = furnished.rows()
    for action in ("share", "subscribe", "why", "story", "more", "up", "down", "less", "undo", "drop table", ""):
        for value in FORGED:
            given = asked(furnished, "another team")
            said = await furnished.app.dispatcher.press(given, action, value.format(**furnished.known))
            assert (said.public, STORY in str(said)) == (False, False), (action, value)
    assert furnished.rows() == before
    assert caplog.text == ""


@pytest.fixture
async def furnished(tmp_path):
    async with in_discord(tmp_path) as world:
        await world.furnish()
        yield world


def asked(world, label, **changes):
    from bot.commands import Asked
    from briefs.models import Channel

    who = world.strangers[label]
    given = {"may_manage": who.manager, "channel_name": "#general", "trigger": ""} | changes
    return Asked(Channel("discord", who.team, who.channel), who.user, **given)


async def test_nothing_of_another_teams_is_offered_while_they_type(furnished):
    async def offered(label: str, command: str) -> list[str]:
        place = furnished._place(furnished.strangers[label])
        return await furnished.fake.autocomplete(f"brief {command}", "topic", "", **place)

    assert TOPIC in await offered("another person", "topic show")
    assert TOPIC in await offered("another person", "unsubscribe")
    assert await offered("another channel", "unsubscribe") == []
    for command in ("topic show", "topic edit", "subscribe", "unsubscribe", "digest"):
        assert await offered("another team", command) == []
        assert await offered("no team", command) == []


async def test_a_channel_that_did_not_come_with_the_command_is_not_found(furnished):
    before = furnished.rows()
    said = await furnished.app.dispatcher.call(
        asked(furnished, "another person"), "subscribe", {"topic": TOPIC, "channel": "500000000000000099"}
    )
    assert "cannot see the channel" in said.summary
    assert furnished.rows() == before


async def test_where_there_is_no_server_nothing_is_done(furnished):
    said = await furnished.say(furnished.strangers["no team"], "search", query=WORD)
    assert said == "I work in servers only; ask me in one of its channels."


async def test_in_slack_a_guest_from_another_workspace_may_look_things_up_but_change_nothing(tmp_path):
    async with in_slack(tmp_path) as world:
        await world.furnish()
        world.fake.users["U9"] = FakeUser("guest", is_admin=True, team="T9")
        world.fake.channels["C1"].members.add("U9")
        guest, before = replace(world.here, user="U9"), world.rows()
        for command in ("pause", "unsubscribe", "topic remove"):
            assert "Only those who manage #general" in await world.say(guest, command, topic=TOPIC)
        said = await world.say(guest, f"subscribe {TOPIC} in <#C1|general>")
        assert "Only those who manage #general" in said
        run = world.known["run"]
        for action in ("up", "down", "less"):
            assert "your vote is not counted" in await world.press(guest, action, f"{run}:1")
        assert WORD in await world.press(guest, "why", f"{run}:1")
        assert world.rows() == before
        assert STORY in await world.say(guest, "search", query=WORD)
