"""What is pressed under a digest and typed about topics, in Slack, in Discord and in the terminal.

The whole bot over a real archive, on loopback.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.commands import Dispatcher
from bot.platforms.console.adapter import Console
from bot.platforms.discord.adapter import DiscordAdapter
from bot.platforms.discord.tree import PLACES
from bot.platforms.slack.adapter import SlackAdapter
from briefs.archive import Archive
from briefs.config import Config
from briefs.models import Article
from briefs.store.channels import Channels
from briefs.store.database import Database
from tests import sqlite
from tests.conftest import ROOT
from tests.fakes.discord import MANAGER, FakeDiscord, buttons, options
from tests.fakes.slack import FakeSlack

NOW = datetime(2021, 9, 14, 7, 0, tzinfo=UTC)
TOPIC = "Tencent–Alibaba interoperability"
EVENTS = {  # each of its own words and day, so that none is taken for another
    "Ministry": "Tencent and Alibaba must end their blocking within a week, the ministry in Beijing ordered on Friday.",
    "Court": "A judge in Shenzhen heard shopkeepers who sue Alibaba over blocking; Tencent testified for two hours.",
    "Clinics": "Hospitals printed codes that neither Alibaba nor Tencent reads: blocking kept nurses from files.",
    "Trains": "Travellers miss trains, since blocking between wallets of Tencent and Alibaba delays gates at stations.",
    "Schools": "Teachers collect fees in cash while Alibaba and Tencent quarrel about blocking of pupils and parents.",
    "Markets": "Fishmongers in Xiamen hang out two signs; blocking by Alibaba made them, Tencent’s cashiers say.",
}
ARTICLES = [
    Article(f"{n}", title, text, "en", f"https://news{n}.example/", f"Paper {n}", NOW - timedelta(days=4 * n + 1))
    for n, (title, text) in enumerate(EVENTS.items())
]
ARTICLES.append(Article("again", "Again", ARTICLES[0].text, "en", "https://copy.example/", "Copier"))


def filled(url: str) -> None:
    with Archive.open(url, aliases=Config.load(ROOT / "config").aliases, clock=lambda: NOW) as archive:
        archive.add(ARTICLES)


@pytest.fixture
def dispatcher(tmp_path):
    config = Config.load(ROOT / "config")
    database = Database.open(sqlite.database(tmp_path / "briefs.db", filled))
    archive = Archive(database, config.aliases, clock=lambda: NOW)
    channels = Channels(database)
    channels.sync_topics([(topic.name, str(topic), topic.languages) for topic in config.topics], NOW)
    yield Dispatcher(archive, channels, config, clock=lambda: NOW)
    database.close()


class InSlack:
    """A person in a Slack channel with a digest in it."""

    def __init__(self, fake: FakeSlack) -> None:
        self.fake = fake
        self.user = "U1"

    async def ask(self) -> None:
        self.digest, *_ = await self.fake.slash("/brief", f"digest {TOPIC} since:30d", answers=2)

    async def speak(self, language: str) -> None:
        self.user = "U3"  # somebody else: of whom the bot knows already is not asked again
        self.fake.users[self.user] = replace(self.fake.users["U1"], locale=language)
        self.fake.channels["C1"].members.add(self.user)

    async def press(self, label: str) -> str:
        (shown,) = await self.fake.press(self.digest, label, user=self.user)
        assert shown.only_to == self.user
        return shown.text

    async def say(self, text: str, **named: str) -> str:
        (shown,) = await self.fake.slash("/brief", " ".join((text, *named.values())), user=self.user)
        return shown.text


class InDiscord:
    """A person in a Discord channel with a digest in it."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake
        self.locale = "en-US"

    async def speak(self, language: str) -> None:
        self.locale = language

    async def ask(self) -> None:
        self.digest = await self.fake.slash("brief digest", {"topic": TOPIC, "since": "30d"}, permissions=MANAGER)

    async def press(self, label: str) -> str:
        shown = await self.digest.until(lambda seen: wanted(seen, label) or any(map(options, seen.messages)))
        if not wanted(shown, label):  # it can be done with a story, which is chosen first
            message = next(filter(options, shown.messages))
            shown = await self.fake.choose(message, options(message)[0]["value"], permissions=MANAGER)
        ((message, button),) = wanted(shown, label)
        seen = await self.fake.press(message, button["custom_id"], permissions=MANAGER, locale=self.locale)
        assert seen.private
        return seen.text

    async def say(self, text: str, **named: str) -> str:
        return (
            await self.fake.slash(f"brief {PLACES.get(text, text)}", named, permissions=MANAGER, locale=self.locale)
        ).text


class InTerminal:
    """A person at a terminal with a digest in it."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self.lines: list[str] = []
        self.shown: list[str] = []
        self.console = Console(dispatcher, read=self.read, show=self.shown.append, width=400)

    def read(self, prompt: str) -> str | None:
        return self.lines.pop() if self.lines else None

    async def type(self, line: str) -> str:
        self.lines.append(line)
        await self.console.run()
        return self.shown[-1]

    async def ask(self) -> None:
        self.digest = await self.type(f"digest {TOPIC} since:30d")

    async def speak(self, language: str) -> None:
        await self.say("language", language=language)

    async def press(self, label: str) -> str:
        numbered = f"{label} 1"
        typed = numbered if f"[{numbered}]" in self.digest else label
        assert f"[{typed}]" in self.digest
        return await self.type(typed)

    async def say(self, text: str, **named: str) -> str:
        return await self.type(" ".join((text, *named.values())))


def wanted(seen, label: str):
    return [(message, one) for message in seen.messages for one in buttons(message) if label in one["label"]]


@pytest.fixture(params=["slack", "discord", "terminal"])
async def reader(request, dispatcher):
    """Somebody who has asked for a digest and sees its buttons."""
    if request.param == "slack":
        async with FakeSlack() as fake:
            adapter = SlackAdapter(dispatcher, bot_token=fake.bot_token, app_token=fake.app_token, api_url=fake.api_url)
            await adapter.start()
            seen = InSlack(fake)
            await seen.ask()
            yield seen
            await adapter.stop()
    elif request.param == "terminal":
        seen = InTerminal(dispatcher)
        await seen.ask()
        yield seen
    else:
        async with FakeDiscord() as fake:
            adapter = DiscordAdapter(dispatcher, token=fake.token, api_url=fake.api_url, gateway_url=fake.gateway_url)
            await adapter.start()
            seen = InDiscord(fake)
            await seen.ask()
            yield seen
            await adapter.stop()


async def test_why_this_tells_the_words_and_their_weight(reader):
    why = await reader.press("Why this?")
    assert "Why story 1 of" in why
    assert "ince " in why  # in a sentence; the words' weights are behind "Details"


async def test_thumbs_and_less_from_a_source_are_kept_and_shown(reader):
    assert "more like" in await reader.press("More like this")
    assert "more like “" in await reader.say("feedback list")
    assert "less like" in await reader.press("Less like this")
    assert "Paper" in await reader.press("Less from Paper 0")
    listed = await reader.say("feedback list")
    assert "less like “" in listed
    assert "more like “" not in listed  # of one person, the last word on a story counts
    assert "Paper" in listed


async def test_the_rest_names_what_was_left_out_and_why(reader):
    rest = await reader.press("1 more in the thread")
    assert "The rest on" in rest


async def test_a_preview_has_its_days_as_bars_of_characters(reader):
    preview = await reader.say("preview", topic=TOPIC)
    assert "in the last 7 days" in preview
    assert any(bar in preview for bar in "▁▂▃▄▅▆▇█▏▎▍▌▋▊▉")


WORDS = 'Tencent + Alibaba + (blocking | "open links" | 互联互通) - stock'


async def test_a_topic_is_added_and_shown_as_it_is_written_and_in_words(reader):
    added = await reader.say("topic add", topic="links", words=WORDS)
    assert "Topic “links” added" in added
    assert "in the last 7 days" in added
    shown = await reader.say("topic show", topic="links")
    assert "“Tencent”, “Alibaba” and (“blocking”, “open links” or “互联互通”), without “stock”" in shown
    assert WORDS in shown


async def test_a_mistake_in_a_topic_is_pointed_at(reader):
    seen = await reader.say("topic add", topic="links", words="Tencent + (Alibaba")
    assert "Character 11: the bracket opened here is never closed." in seen
    assert "Tencent + ▸(Alibaba" in seen


async def test_words_are_previewed_before_they_are_kept(reader):
    seen = (await reader.say("preview", topic=WORDS)).replace("\\", "")  # Discord's Markdown has a sign |
    assert f"Preview of “{WORDS}”" in seen


async def test_why_an_article_is_not_there(reader):
    seen = await reader.say("why", story="https://copy.example/")
    assert "What became of this article" in seen
    assert "It repeats the text of an older article" in seen
    assert "no source of mine is at nowhere.example" in await reader.say("why", story="https://nowhere.example/")


async def test_names_are_joined_and_parted(reader):
    assert "No match" in await reader.say("preview", topic="penguin + alibaba")
    assert "Penguin = Tencent" in await reader.say("alias add", names="Penguin = Tencent")
    assert "No match" not in await reader.say("preview", topic="penguin + alibaba")
    assert "No longer one" in await reader.say("alias remove", name="Penguin")


async def test_wishes_are_taken_back(reader):
    await reader.press("More like this")
    assert "All wishes are taken back" in await reader.say("feedback undo")
    assert "No wish in" in await reader.say("feedback list")


@pytest.mark.parametrize(
    ("language", "added", "words", "wished"),
    [
        ("fr", "Thème « links » ajouté", "sans « stock »", "plus de sujets comme «"),
        ("zh", "已添加主题“links”", "不含“stock”", "增加类似“"),
    ],
)
async def test_people_are_answered_in_their_own_language(reader, language, added, words, wished):
    await reader.speak(language)
    assert added in plain(await reader.say("topic add", topic="links", words=WORDS))
    assert words in plain(await reader.say("topic show", topic="links"))
    assert wished in plain(await reader.press("More like this"))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")
