"""Whoever invites the bot is told once what it is, and led to a first source; so is who asks while nothing is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import yaml

from bot.app import App
from bot.base.resources import starter
from bot.commands import Dispatcher
from bot.commands.first_minute import samples
from bot.platforms.discord.adapter import DiscordAdapter
from bot.platforms.slack.adapter import SlackAdapter
from briefs.config import Config
from briefs.errors import Gone
from briefs.models import Source
from briefs.store.sources import Sources
from tests import sqlite
from tests.dispatcher import MONDAY, Person
from tests.fakes.discord import GENERAL, MANAGER, FakeDiscord
from tests.fakes.slack import FakeSlack


def normal(text):
    return " ".join(text.split())


WAYS = ["Follow a site", "Pick a pack", "See a sample"]


@pytest.fixture
def app(tmp_path):
    """A bot that nothing is set up for."""
    with App(Config.load(None), sqlite.database(tmp_path / "b.db"), environment={}) as app:
        yield app


# ---------------------------------------------------------------- invited


async def test_a_channel_of_slack_is_told_once_in_the_language_of_who_invites(app):
    async with FakeSlack() as fake:
        fake.users["U1"].locale = "fr-FR"
        bot = SlackAdapter(app.dispatcher, bot_token=fake.bot_token, app_token=fake.app_token, api_url=fake.api_url)
        await bot.start()
        (shown,) = await fake.invite("C2", times=2)
        assert shown.only_to is None
        assert shown.channel == "C2"
        assert "Je lis ce que lit votre équipe" in shown.text
        assert shown.labels == ["Suivre un site", "Choisir un bouquet", "Voir un exemple", "Ce que je sais faire"]
        assert await fake.invite("C2", answers=0) == []
        (sample,) = await fake.press(shown, "Voir un exemple")
        assert sample.only_to == "U1"
        assert "Interopérabilité de Tencent et d’Alibaba" in sample.text
        (packs,) = await fake.press(shown, "Choisir un bouquet")
        assert "Des bouquets pour commencer" in packs.text
        joined = {"type": "member_joined_channel", "user": "U2", "channel": "C1", "channel_type": "C", "team": "T1"}
        await fake.send("events_api", fake.event(joined))  # somebody else comes: that is no news
        assert await fake.invite("C1")
        await bot.stop()


async def test_a_server_of_discord_is_told_where_it_greets_who_comes(app):
    async with FakeDiscord() as fake:
        fake.invited, fake.system_channel, fake.locale = False, GENERAL, "zh-CN"
        bot = DiscordAdapter(app.dispatcher, token=fake.token, api_url=fake.api_url, gateway_url=fake.gateway_url)
        await bot.start()
        await fake.connected()
        await bot._client.wait_until_ready()
        await fake.invite()
        await fake.until(lambda: fake.messages())
        (message,) = fake.messages()
        assert "我阅读你们团队关注的内容" in str(message)
        assert "关注网站" in str(message)
        seen = await fake.slash("brief help", permissions=MANAGER)
        assert "我阅读你们团队关注的内容" not in seen.text
        assert len(fake.messages()) == 1
        await bot.stop()


async def test_where_a_server_greets_nobody_the_first_who_asks_is_told(app):
    async with FakeDiscord() as fake:
        fake.joined_at = datetime.now(UTC)
        bot = DiscordAdapter(app.dispatcher, token=fake.token, api_url=fake.api_url, gateway_url=fake.gateway_url)
        await bot.start()
        await fake.connected()
        await bot._client.wait_until_ready()
        seen = await (await fake.slash("brief status")).until(lambda seen: len(seen.messages) == 2)
        assert seen.private
        assert "I read what your team reads" in seen.text
        assert not fake.messages()
        assert "I read what your team reads" not in (await fake.slash("brief status", user="200")).text
        await bot.stop()


# ---------------------------------------------------------------- nothing is read yet


@pytest.mark.parametrize("typed", ["tencent", "topics", "hello", "list", "subscribe nothing", "why 1", "status"])
async def test_while_nothing_is_read_every_answer_leads_to_the_beginning(app, typed):
    ann = Person(app.dispatcher)
    seen = normal(await ann.say(typed))
    assert "Nothing is read here yet. Begin with a site, or with a pack of sources and topics." in seen
    assert [button.label for button in ann.last.parts[-1].buttons] == WAYS


async def test_what_is_of_the_beginning_leads_nowhere_else_and_nor_does_anything_once_there_is_something(app):
    ann = Person(app.dispatcher)
    assert "Nothing is read here yet" not in await ann.say("packs")
    await ann.press("take", "climate")
    assert "Nothing is read here yet" not in await ann.say("tencent")


async def test_who_has_topics_and_no_source_is_led_to_one(app):
    ann = Person(app.dispatcher)
    await ann.say("topic add Birds heron")
    assert "The archive is still empty" in await ann.say("heron")
    assert [button.label for button in ann.last.parts[-1].buttons] == ["Follow a site", "All packs"]


# ---------------------------------------------------------------- sources are there, articles are not


@pytest.fixture
def awaiting(app):
    """A bot with two sources that bring nothing yet, and what is kept of them."""
    known = tuple(Source(f"https://{name}.example/feed", "feed", name.title()) for name in ("birds", "boats"))
    config = replace(app.config, sources=known)
    dispatcher = Dispatcher(app.archive, app.channels, config, clock=lambda: MONDAY)
    return dispatcher, Sources(app.database), known


@pytest.mark.parametrize(
    ("locale", "said", "meanwhile"),
    [
        ("en", "2 sources are being read for the first time, which takes a few minutes.", "choose topics"),
        ("fr", "2 sources sont lues pour la première fois en ce moment", "choisir des thèmes"),
        ("zh", "正在首次读取 2 个来源", "选择主题"),
    ],
)
async def test_an_archive_that_is_empty_yet_says_that_its_sources_are_being_read(awaiting, locale, said, meanwhile):
    ann = Person(awaiting[0], locale=locale)
    seen = normal(await ann.say("heron"))
    assert said in seen
    assert meanwhile in seen
    assert [ann.button("open").value, ann.last.parts[-1].buttons[-1].value] == ["topics", "sources"]


async def test_an_archive_that_stays_empty_says_when_its_sources_are_asked_again(awaiting):
    dispatcher, kept, known = awaiting
    for minutes, source in zip((40, 10), known, strict=True):
        error = Gone("{address}: it is no more", address=source.address)
        kept.failed(source, MONDAY - timedelta(minutes=5), error, MONDAY + timedelta(minutes=minutes))
    seen = normal(await Person(dispatcher).say("heron"))
    assert "2 sources have brought nothing yet; the next is asked again at 07:10." in seen


# ---------------------------------------------------------------- the sample


@pytest.mark.parametrize("language", ["en", "fr", "zh"])
def test_a_sample_quotes_the_starter_articles_to_the_letter(language):
    _, stories = samples(language)
    wanted = yaml.safe_load((starter("seeds") / "sample.yaml").read_text(encoding="utf-8"))[language]
    assert len(stories) == 2
    for one, story in zip(wanted["stories"], stories, strict=True):
        article = (starter("seeds") / "articles" / one["article"]).read_text(encoding="utf-8")
        assert f"language: {language}\n" in article
        assert story.quote in article
        assert story.title in article


async def test_a_sample_can_be_looked_at_but_nothing_in_it_pressed(app):
    ann = Person(app.dispatcher)
    shown = normal(await ann.press("sample", "sample"))
    assert "A sample, from articles that came with me" in shown
    assert "The Wall Street Journal reported in July that WeChat Pay" in shown
    assert [ann.button(action).label for action in ("form", "open")] == WAYS[:2]
    assert "See a sample" not in shown
