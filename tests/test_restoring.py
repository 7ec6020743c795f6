"""A copy of the database is put back, by the bot's own program and by PostgreSQL's: what is posted again, and what not.

    Monday    9:00 a digest · 11:00 an article · 12:00 the copy, while a message waits that is posted at one · 15:00 one
              more article
    Tuesday   9:00 a digest of both · 10:00 the copy is put back, and what came in since is gathered anew
    Wednesday 9:00 a digest

Tuesday, ten o'clock, is now: `briefbot restored` is a program with a clock of its own.
"""

from __future__ import annotations

import logging
import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import App
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.transport import DiscordTransport
from bot.platforms.slack.api import web_client
from bot.platforms.slack.transport import SlackTransport
from briefs.config import Config
from briefs.models import Article, Channel
from tests import sqlite
from tests.clock import Clock
from tests.dispatcher import Person
from tests.fakes import ledger
from tests.fakes.discord import GENERAL, GUILD, FakeDiscord
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_workspace import FakeChannel
from tests.test_cli import briefbot  # noqa: F401  # a fixture
from tests.test_delivery import tick

HOUR = timedelta(hours=1)
NEWS, OTHER = Channel("slack", "T1", "C1"), Channel("slack", "T1", "C3")
TEXTS = {
    "yak": "The zoo of Lyon has bought a yak from the zoo of Turin for 12,000 euros, it said on Monday.",
    "gnu": "The police of Givors caught a gnu near the river Rhône on Monday, in front of 40 people of the village.",
    "bear": "The bear that had fled from the circus Moreno was caught at the market of Grenoble on Tuesday.",
    "ibex": "An ibex has come down from the Alps into the village of Givors and ate 30 roses of the mayor on Sunday.",
    "lynx": "The park of Chartreuse said on Friday that a lynx lives in its woods for the first time in 100 years.",
}
NOTE = "My database was restored from a copy: some of this may have been posted here before."


class Lines(logging.Handler):
    """Keeps what the bot's own log says; a command that is typed sets up the others anew."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


class Team:
    """A team in Slack whose bot comes and goes: NEWS has its digest at nine, OTHER at a minute to noon."""

    def __init__(self, url, config, kind, typed, folder, server, slack, lines) -> None:
        self.url, self.config, self.kind, self._typed = url, config, kind, typed
        self.folder, self._server, self.slack = folder, server, slack
        self.ten = datetime.now(UTC)
        self.clock, self._lines = Clock(self.ten - 26 * HOUR), lines
        self.begin()

    def begin(self) -> None:
        """Start the bot."""
        self.app = App(Config.load(self.config), self.url, environment={}, clock=self.clock)
        self.app.notice_copy()
        self.app.delivery_worker.serve(SlackTransport(web_client(self.slack.bot_token, self.slack.api_url)))

    async def work(self, hours: float) -> None:
        """Let the bot work a few minutes, so many hours before or after ten on Tuesday."""
        self.clock.now = self.ten + hours * HOUR
        for _ in range(5):
            await tick(self.app.delivery_worker)
            self.clock.now += timedelta(minutes=1)

    async def subscribe(self) -> None:
        for channel, at in ((NEWS, self.ten - HOUR), (OTHER, self.ten + 2 * HOUR - timedelta(minutes=1))):
            await Person(self.app.dispatcher, channel=channel).say(f"subscribe Animals at {at:%H:%M}")

    def gather(self, *names: str) -> None:
        """Let articles come in."""
        self.app.archive.add([Article(name, f"On the {name}", TEXTS[name], "en") for name in names])

    def logged(self) -> list[str]:
        """Give what the log has said since it was last asked, from warnings on; without names, references and times."""
        lines, self._lines.lines = self._lines.lines, []
        return [re.sub(r"^delivery \S+ to | as [\d.]+$|; (?:again|looked for) at .*", "", line) for line in lines]

    def typed(self, *command: str):
        return self._typed(*command, "--database", self.url, "--config", str(self.config))

    def copied(self):
        """Make a copy while the bot runs."""
        file = self.folder / "copy"
        match self.kind:
            case "briefbot backup":
                assert self.typed("backup", str(file)).code == 0
            case "a copied file":
                with self.app.database.write():  # nobody writes meanwhile
                    for part in ("", "-wal"):
                        shutil.copy(f"{self.folder}/b.db{part}", f"{file}{part}")
            case "pg_dump":
                return self._server.dump(self.url)
        return file

    async def end(self) -> None:
        """Stop the bot."""
        await self.app.delivery_worker.stop(1)
        self.app.close()

    async def put_back(self, copy) -> None:
        """Stop the bot, and put a copy in the place of its database."""
        await self.end()
        match self.kind:
            case "briefbot backup":
                shutil.copy(copy, self.folder / "b.db")
            case "a copied file":
                for part in ("", "-wal"):
                    shutil.copy(f"{copy}{part}", f"{self.folder}/b.db{part}")
            case "pg_dump":
                self._server.restore(self.url, copy)
        self.clock.now = self.ten

    def told(self, channel: Channel) -> list[tuple[set[str], bool]]:
        """Give what each digest in a channel tells of, and whether it says that it may repeat something."""
        texts = [shown.text for shown in self.slack.shown if shown.channel == channel.id and shown.only_to is None]
        return [({name for name in TEXTS if TEXTS[name] in text}, NOTE in text) for text in texts]


@pytest.fixture
def lines():
    lines = Lines()
    logging.getLogger("bot").addHandler(lines)
    yield lines
    logging.getLogger("bot").removeHandler(lines)


@pytest.fixture
def config(tmp_path):
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "settings.yaml").write_text("zone: UTC\n")
    (folder / "topics.yaml").write_text("topics: [{name: Animals, expression: yak | gnu | bear | lynx | ibex}]\n")
    return folder


@pytest.fixture(params=["briefbot backup", "a copied file", "pg_dump"])
async def team(request, tmp_path, config, briefbot, lines):  # noqa: F811
    server = request.getfixturevalue("postgres_server") if request.param == "pg_dump" else None
    url = server.database() if server else sqlite.database(tmp_path / "b.db")
    async with FakeSlack() as slack:
        slack.channels[OTHER.id] = FakeChannel("other")
        team = Team(url, config, request.param, briefbot, tmp_path, server, slack, lines)
        await team.subscribe()
        team.gather("yak")
        await team.work(-25)
        yield team
        await team.end()


async def noon(team):
    """Make the copy, while a message waits for an hour."""
    team.gather("gnu")
    team.slack.fail_next("chat.postMessage", ledger.rate_limited(3600))
    await team.work(-22)
    assert (team.told(NEWS), team.told(OTHER)) == ([({"yak"}, False)], [])
    assert team.logged() == ["slack T1/C3: RETRY, ratelimited"]
    return team.copied()


def doubts(messages: int, digests: int) -> str:
    return (
        f"messages that waited: {messages}, digests that were due since: {digests}; each may have been posted since "
        "the copy was made, and is looked for in its channel first"
    )


async def test_what_was_posted_since_the_copy_is_found_and_not_posted_again_and_what_came_in_since_is_told_with_a_note(
    team,
):
    copy = await noon(team)
    await team.work(-21)
    team.gather("bear")
    await team.work(-1)
    before = [({"yak"}, False), ({"gnu", "bear"}, False)]
    assert (team.told(NEWS), team.told(OTHER)) == (before, [({"yak", "gnu"}, False)])

    await team.put_back(copy)
    if team.kind == "briefbot backup":  # it says itself that it is a copy
        team.begin()
        assert team.logged() == [f"{team.url} is a copy that was put back: {doubts(1, 1)}"]
    else:
        assert team.typed("restored").out == f"{doubts(1, 1)}\n"
        team.begin()
    assert "it may have been posted since this copy was made" in team.typed("deliveries").out
    await team.work(0)
    assert sorted(team.logged()) == [
        "slack T1/C1: UNCERTAIN, may have been posted before",
        "slack T1/C1: found in its channel",
        "slack T1/C3: UNCERTAIN, may have been posted before",
        "slack T1/C3: found in its channel",
    ]
    assert (team.told(NEWS), team.told(OTHER)) == (before, [({"yak", "gnu"}, False)])

    team.gather("bear", "lynx")
    for hour in (2, 23, 26, 47):
        await team.work(hour)
    again = ({"bear", "lynx"}, True)  # of the copy's own news nothing comes again
    assert (team.told(NEWS), team.told(OTHER)) == ([*before, again], [({"yak", "gnu"}, False), again])
    team.gather("ibex")
    await team.work(71)
    assert team.told(NEWS)[-1] == ({"ibex"}, False)


async def test_what_is_gathered_before_the_bot_starts_is_not_taken_for_told(team):
    team.gather("gnu")
    copy = team.copied()
    await team.work(-1)
    await team.put_back(copy)
    if team.kind != "briefbot backup":
        team.typed("restored")
    (team.folder / "lynx.txt").write_text(TEXTS["lynx"])
    assert team.typed("gather", str(team.folder / "lynx.txt")).code == 0
    team.begin()
    for hour in (0, 23):
        await team.work(hour)
    assert team.told(NEWS) == [({"yak"}, False), ({"gnu"}, False), ({"lynx"}, True)]


async def test_what_was_not_posted_since_the_copy_is_posted_once_it_has_been_looked_for(team):
    await team.put_back(await noon(team))
    if team.kind != "briefbot backup":
        assert team.typed("restored").out == f"{doubts(1, 1)}\n"
    team.begin()
    team.logged()
    await team.work(0)
    assert (team.told(NEWS), team.told(OTHER)) == ([({"yak"}, False), ({"gnu"}, True)], [({"yak", "gnu"}, False)])
    lines = team.logged()
    for place in ("slack T1/C1", "slack T1/C3"):
        assert [line.removeprefix(f"{place}: ") for line in lines if line.startswith(place)] == [
            "UNCERTAIN, may have been posted before",
            "UNCERTAIN, not found in its channel so far",
            "RETRY, not found in its channel, looked for 2 times; posted again, it may stand there twice",
        ]


@pytest.fixture
async def copied(tmp_path, config, briefbot, lines):  # noqa: F811
    """A team that copies with `briefbot backup`."""
    async with FakeSlack() as slack:
        slack.channels[OTHER.id] = FakeChannel("other")
        team = Team(f"sqlite:///{tmp_path}/b.db", config, "briefbot backup", briefbot, tmp_path, None, slack, lines)
        await team.subscribe()
        yield team
        await team.end()


@pytest.mark.parametrize(
    ("policy", "posts", "says"),
    [
        ("prefer_delivery", 3, "posted again, it may stand there twice"),
        ("prefer_silence", 2, "it may or may not stand there, and repeats are not wanted"),
    ],
)
async def test_where_a_channel_cannot_be_read_the_policy_decides_and_says_so(copied, policy, posts, says):
    (copied.config / "settings.yaml").write_text(f"zone: UTC\npolicy: {policy}\n")
    copied.gather("yak")
    await copied.work(-25)
    copied.gather("gnu")
    copy = copied.copied()
    await copied.work(-1)
    await copied.put_back(copy)
    copied.begin()
    copied.slack.fail_next("conversations.history", ledger.error("missing_scope"), times=None)
    await copied.work(0)
    assert len(copied.told(NEWS)) == posts
    (*_, last) = [line for line in copied.logged() if line.startswith("slack T1/C1")]
    assert last.endswith(f"its channel cannot be read: missing_scope; {says}")


async def test_of_several_days_the_first_is_looked_for_as_it_told_what_the_copy_holds(copied):
    copied.gather("yak")
    copy = copied.copied()
    for hours, name in ((-25, "gnu"), (-1, "bear"), (23, "lynx")):
        await copied.work(hours)
        copied.gather(name)
    before = [({"yak"}, False), ({"gnu"}, False), ({"bear"}, False)]
    assert copied.told(NEWS) == before
    await copied.put_back(copy)
    copied.clock.now += timedelta(days=1)
    copied.begin()
    await copied.work(24)
    assert copied.told(NEWS) == before


async def test_what_a_later_digest_told_because_the_bot_was_down_may_come_once_more_and_says_so(copied):
    copied.gather("yak")
    copy = copied.copied()
    await copied.work(-1)  # at the time of the first there was no bot
    assert copied.told(NEWS) == [({"yak"}, False)]
    await copied.put_back(copy)
    copied.begin()
    await copied.work(0)
    assert copied.told(NEWS) == [({"yak"}, False), ({"yak"}, True)]


async def test_where_nothing_is_to_be_caught_up_with_all_of_it_comes_with_the_next_digest(copied):
    (copied.config / "settings.yaml").write_text("zone: UTC\ncatch_up: none\n")
    copied.gather("yak")
    copy = copied.copied()
    await copied.work(-1)
    await copied.put_back(copy)
    copied.begin()
    for hour in (0, 23):
        await copied.work(hour)
    assert copied.told(NEWS) == [({"yak"}, False), ({"yak"}, True)]


async def test_a_digest_with_a_thread_is_found_message_by_message(copied):
    texts = [f"The {name} of Lyon has {number} young, as its keeper said." for number, name in enumerate("abcdefgh", 2)]
    copied.app.archive.add([Article(text, f"A yak, {text[4]}", text.replace("young", "yaks"), "en") for text in texts])
    copy = copied.copied()
    await copied.work(-25)
    posted = copied.slack.ledger.of(channel=NEWS.id)
    assert [one.body.get("thread_ts") for one in posted] == [None, posted[0].message["ts"]]
    await copied.put_back(copy)
    copied.begin()
    for hour in (0, 0.5):
        await copied.work(hour)
    assert [line for line in copied.logged() if "C1: found" in line] == ["slack T1/C1: found in its channel"] * 2
    assert copied.slack.ledger.of(channel=NEWS.id) == posted


async def test_in_discord_a_digest_is_found_by_its_reference(copied):
    async with FakeDiscord() as discord:
        rest, room = Rest(discord.token, discord.api_url, "tests"), Channel("discord", GUILD, GENERAL)
        copied.app.delivery_worker.serve(DiscordTransport(rest))
        await Person(copied.app.dispatcher, channel=room).say(f"subscribe Animals at {copied.ten - HOUR:%H:%M}")
        await copied.work(-25)
        copied.gather("yak")
        copy = copied.copied()
        await copied.work(-1)
        posted = list(discord.ledger)
        assert len({entry.message["id"] for entry in posted}) == 1
        await copied.put_back(copy)
        copied.begin()
        copied.app.delivery_worker.serve(DiscordTransport(rest))
        await copied.work(0)
        assert f"discord {GUILD}/{GENERAL}: found in its channel" in copied.logged()
        assert list(discord.ledger) == posted
        await rest.close()
