"""What somebody says or presses has its effect once, however often the platform hands it over, and to whichever bot.

Two bots share a database. Somebody does something, perhaps takes it back; then the platform hands the first thing over
again, late, to the other bot.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from bot.app import App
from bot.base.web import Web
from bot.operations.registry import adapters
from bot.platforms.discord.adapter import DiscordAdapter
from briefs.config import Config
from briefs.models import Channel
from briefs.store.relevance_feedback import Wishes
from tests import sqlite
from tests.clock import Clock
from tests.dispatcher import ARTICLES, MONDAY
from tests.fakes.discord import GENERAL, GUILD, MANAGER, FakeDiscord
from tests.fakes.slack import Browser, FakeSlack
from tests.test_vault import key

SLACK, DISCORD = Channel("slack", "T1", "C1"), Channel("discord", GUILD, GENERAL)
SECRETS = {
    "socket": {"SLACK_BOT_TOKEN": FakeSlack.bot_token, "SLACK_APP_TOKEN": FakeSlack.app_token},
    "http": {
        "SLACK_CLIENT_ID": FakeSlack.client_id,
        "SLACK_CLIENT_SECRET": FakeSlack.client_secret,
        "SLACK_SIGNING_SECRET": FakeSlack.signing_secret,
        "BRIEFBOT_HTTP": "127.0.0.1:0",
        "BRIEFBOT_KEY": key(),
    },
}


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path, postgres_server):
    return sqlite.database(tmp_path / "briefs.db") if request.param == "sqlite" else postgres_server.database()


@asynccontextmanager
async def two_bots_in_slack(way: str, address: str) -> AsyncIterator[tuple[FakeSlack, App]]:
    clock = Clock(MONDAY)
    async with FakeSlack() as fake, AsyncExitStack() as stack:
        fake.clock = lambda: clock.now.timestamp()
        environment = {**SECRETS[way], "BRIEFBOT_SLACK_API": fake.api_url}
        apps = [
            stack.enter_context(App(Config.load(None), address, environment=environment, clock=clock)) for _ in range(2)
        ]
        places = []
        for app in apps:
            bot = adapters(app)["slack"]
            await bot.start()
            stack.push_async_callback(bot.stop)
            if way == "http":
                server = await stack.enter_async_context(Web("127.0.0.1:0", bot.routes()))
                places.append(f"http://127.0.0.1:{server.address[1]}/slack/events")
        if places:
            fake.calls_at, *fake.also_at = places
            await Browser(fake).install("T1")
        apps[0].archive.add(ARTICLES)
        fake.clock = lambda: clock.now.timestamp() + len(fake.acks)  # Slack signs nothing twice
        yield fake, apps[0]


@pytest.mark.parametrize("way", SECRETS)
async def test_in_slack_what_is_handed_over_three_times_happens_once(way, address):
    async with two_bots_in_slack(way, address) as (fake, app):
        # The bot that comes second says so to the asker alone.
        for text in ("topic add links tencent", "subscribe links at 9:00", "alias add a = b", "language fr"):
            await fake.slash("/brief", text, times=3, answers=2)
        assert [topic.name for topic in app.channels.topics(SLACK)] == ["links"]
        assert len(app.channels.subscriptions(SLACK)) == 1

        posted = len(fake.ledger.of("chat.postMessage"))
        await fake.slash("/brief", "digest links since:30d", times=3, answers=2)
        (answer, *_) = await fake.slash("/brief", "search tencent")
        await fake.press(answer, "share", times=3, answers=2)
        firsts = [entry for entry in fake.ledger.of("chat.postMessage")[posted:] if "thread_ts" not in entry.message]
        assert len(firsts) == 2


@pytest.mark.parametrize("way", SECRETS)
async def test_in_slack_what_was_taken_back_does_not_come_back_with_a_late_repeat(way, address):
    async with two_bots_in_slack(way, address) as (fake, app):
        late = []
        for first, then in [("language fr", "language en"), ("zone Asia/Shanghai", "zone Europe/Paris")]:
            late.append(slash(fake, first))
            for payload in (late[-1], slash(fake, then)):
                before = len(fake.shown)  # it is answered, and told the channel
                await fake.send("slash_commands", payload)
                await fake.until(lambda before=before: len(fake.shown) > before + 1, "an answer")
        for payload in late:
            before = len(fake.shown)
            await fake.send("slash_commands", payload, times=3)
            await fake.until(lambda before=before: len(fake.shown) > before, "an answer")
        settings = app.channels.settings(SLACK)
        assert (settings.language, settings.zone) == ("en", "Europe/Paris")


def slash(fake: FakeSlack, text: str) -> dict[str, object]:
    asked = {"command": "/brief", "text": text, "user_id": "U1", "channel_id": "C1", "channel_name": "general"}
    return asked | fake._handed_out(fake, "C1", "U1")


@asynccontextmanager
async def bot_in_discord(fake: FakeDiscord, address: str) -> AsyncIterator[App]:
    with App(Config.load(None), address, environment={}, clock=Clock(MONDAY)) as app:
        bot = DiscordAdapter(app.dispatcher, token=fake.token, api_url=fake.api_url, gateway_url=fake.gateway_url)
        await bot.start()
        await fake.connected()
        yield app
        await bot.stop()


async def test_in_discord_what_the_next_bot_hears_again_happens_once(address):
    async with FakeDiscord() as fake:
        async with bot_in_discord(fake, address) as app:
            app.archive.add(ARTICLES)
            found = await fake.slash("brief search", {"query": "tencent"}, permissions=MANAGER)
            up = "up:" + found.offered[0].partition(":")[2]
            pressed = await fake.press(found.messages[0], up, permissions=MANAGER, forged=True)
            undo = next(one for one in pressed.buttons if one.startswith("undo:"))
            await fake.press(pressed.messages[0], undo, permissions=MANAGER)
            options = {"topic": "links", "words": "tencent"}
            added = await fake.slash("brief topic add", options, permissions=MANAGER)
            french = await fake.slash("brief settings language", {"language": "fr"}, permissions=MANAGER)
            await fake.slash("brief settings language", {"language": "en"}, permissions=MANAGER)

        async with bot_in_discord(fake, address) as app:
            again = [
                await fake.slash("brief topic add", options, permissions=MANAGER, id=added.id),
                await fake.slash("brief settings language", {"language": "fr"}, permissions=MANAGER, id=french.id),
                await fake.press(found.messages[0], up, permissions=MANAGER, forged=True, id=pressed.id),
            ]
            assert [one.text for one in again] == ["That has been done already."] * 3
            assert [topic.name for topic in app.channels.topics(DISCORD)] == ["links"]
            assert Wishes(app.database).of(DISCORD) == []
            assert app.channels.settings(DISCORD).language == "en"
