"""The whole way: one article from a feed to what people read in Slack, in Discord and in the terminal."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from bot.app import App
from bot.commands import Asked
from bot.platforms.console.adapter import HERE, ConsoleTransport
from bot.platforms.discord.adapter import DiscordAdapter
from bot.platforms.slack.adapter import SlackAdapter
from briefs.config import Config
from briefs.models import Article, Source
from tests import sqlite
from tests.clock import Clock
from tests.fakes.discord import GENERAL, MANAGER, FakeDiscord
from tests.fakes.ledger import Entry, Ledger
from tests.fakes.slack import FakeSlack

QUOTE = (
    "The Chinese company Tencent will let 900 million people open links to Taobao inside WeChat from 17 September, "
    "Reuters reported."
)
PAGE = f"""<!doctype html><html lang="en"><head><title>Tencent opens its links</title></head><body>
<nav>Home News About</nav><article><h1>Tencent opens its links</h1>
<p>{QUOTE} Alibaba welcomed the step and called it a beginning for everybody who shops and pays online.</p>
<p>The ministry had asked both companies in September to end the blocking of each other's services by degrees.</p>
</article><footer>Subscribe to our newsletter</footer></body></html>"""
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>The Daily Example</title><link>{origin}/</link>
<item><title>Tencent opens its links</title><link>{origin}/links.html</link><description>In short.</description></item>
</channel></rss>"""
MONDAY = datetime(2026, 9, 14, 5, 0, tzinfo=UTC)  # 7:00 in Paris


@pytest.fixture
def clock():
    return Clock(MONDAY)


@pytest.fixture
async def feed():
    """A feed of one article on loopback; gives its address."""
    site = web.Application()
    origin = []

    async def rss(_request: web.Request) -> web.Response:
        return web.Response(text=FEED.format(origin=origin[0]), content_type="application/rss+xml")

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    site.router.add_get("/feed.xml", rss)
    site.router.add_get("/links.html", page)
    runner = web.AppRunner(site, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    origin.append(f"http://127.0.0.1:{runner.addresses[0][1]}")
    yield f"{origin[0]}/feed.xml"
    await runner.cleanup()


@pytest.fixture
def config(tmp_path):
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "settings.yaml").write_text("zone: Europe/Paris\n")
    (folder / "topics.yaml").write_text("topics:\n  - name: Open links\n    expression: Tencent + link\n")
    return Config.load(folder)


@dataclass
class Bot:
    """The program, started: one process of it would hold just this."""

    app: App
    screen: list[str]

    async def gather(self, address: str) -> None:
        await asyncio.to_thread(self.app.gather, [Source(address, "feed", allow=("127.0.0.1",))], trusted=True)

    async def type(self, text: str) -> str:
        asked = Asked(HERE, "ann", locale="en", may_manage=True, channel_name="#console")
        return (await self.app.dispatcher.text(asked, text)).summary

    async def tick(self) -> None:
        await self.app.delivery_worker.tick()
        await self.app.delivery_worker.drain()


@pytest.fixture
def start(tmp_path: Path, config, clock, slack, discord):
    """Start the program; what it knows is in the database, so that it can be stopped and started again."""
    database = sqlite.database(tmp_path / "briefs.db")

    @asynccontextmanager
    async def start(screen: list[str]):
        with App(config, database, environment={}, clock=clock) as app:
            adapters = [
                SlackAdapter(
                    app.dispatcher, bot_token=slack.bot_token, app_token=slack.app_token, api_url=slack.api_url
                ),
                DiscordAdapter(
                    app.dispatcher, token=discord.token, api_url=discord.api_url, gateway_url=discord.gateway_url
                ),
            ]
            for adapter in adapters:
                await adapter.start()
                app.delivery_worker.serve(adapter.transport)
            app.delivery_worker.serve(ConsoleTransport(screen.append))
            await discord.connected()
            try:
                yield Bot(app, screen)
            finally:
                await app.delivery_worker.stop(1)
                for adapter in adapters:
                    await adapter.stop()

    return start


@pytest.fixture
async def slack():
    async with FakeSlack() as fake:
        yield fake


@pytest.fixture
async def discord():
    async with FakeDiscord() as fake:
        yield fake


def digests(ledger: Ledger, method: str) -> list[Entry]:
    """Give what was posted, but for what all are told of a change, which can be undone."""
    return [entry for entry in ledger.of(method) if "revert" not in str(entry.body)]


def posted(slack: FakeSlack, discord: FakeDiscord, screen: list[str]) -> dict[str, list[str]]:
    """What the channels hold: platform → the channel of each digest."""
    return {
        "slack": [entry.channel for entry in digests(slack.ledger, "chat.postMessage")],
        "discord": [entry.channel for entry in digests(discord.ledger, "PATCH /channels/*")],
        "console": ["console"] * len(screen),
    }


async def test_one_article_from_a_feed_to_slack_discord_and_the_terminal(start, feed, clock, slack, discord):
    screen: list[str] = []
    async with start(screen) as bot:
        await bot.gather(feed)

        (found,) = await slack.slash("/brief", "tencent links")
        assert QUOTE in found.text
        assert found.only_to == "U1"
        assert QUOTE in (await discord.slash("brief search", {"query": "tencent links"})).text

        await slack.slash("/brief", "subscribe Open links at 9:00 Europe/Paris")
        await discord.slash("brief subscribe", {"topic": "Open links", "time": "9:00"}, permissions=MANAGER)
        await bot.type("subscribe Open links at 9:00")
        await bot.tick()
        assert posted(slack, discord, screen) == {"slack": [], "discord": [], "console": []}

        clock.now = MONDAY + timedelta(hours=2)
        await bot.tick()
        (told,) = digests(discord.ledger, "POST /channels/*/messages")
        assert told.body["content"] == "Open links, 1 story: Tencent opens its links"
        clock.now += timedelta(seconds=1)
        await bot.tick()

        assert posted(slack, discord, screen) == {"slack": ["C1"], "discord": [GENERAL], "console": ["console"]}
        (in_slack,) = digests(slack.ledger, "chat.postMessage")
        (in_discord,) = digests(discord.ledger, "PATCH /channels/*")
        for message in (str(in_slack.message), str(in_discord.message), " ".join(screen[0].split())):
            assert "Tencent opens its links" in message
            assert QUOTE in message
            assert "newsletter" not in message


@pytest.fixture
def contacts():
    """Give every place (host, port) that this process connects to, asks the name of, or sends a datagram to."""
    found, listening = set(), True

    def note(event, arguments):  # a hook cannot be taken away again
        if listening and event in {"socket.connect", "socket.sendto"}:
            found.add(arguments[1][:2])
        elif listening and event == "socket.getaddrinfo":
            found.add(arguments[:2])

    sys.addaudithook(note)
    yield found
    listening = False


async def test_it_talks_with_its_sources_and_its_platforms_and_with_nobody_else(
    start, feed, clock, slack, discord, contacts
):
    async with start([]) as bot:
        await bot.gather(feed)
        await slack.slash("/brief", "tencent links")
        await slack.slash("/brief", "subscribe Open links at 9:00 Europe/Paris")
        await discord.slash("brief subscribe", {"topic": "Open links", "time": "9:00"}, permissions=MANAGER)
        clock.now = MONDAY + timedelta(hours=2)
        await bot.tick()
    assert len(digests(slack.ledger, "chat.postMessage")) == 1
    known = [urlsplit(address) for address in (feed, slack.api_url, discord.api_url, discord.gateway_url)]
    assert contacts == {(one.hostname, one.port) for one in known}


async def test_a_restart_between_subscription_and_digest_changes_nothing(start, feed, clock, slack, discord):
    screen: list[str] = []
    async with start(screen) as bot:
        await bot.gather(feed)
        await slack.slash("/brief", "subscribe Open links at 9:00 Europe/Paris")
        await discord.slash("brief subscribe", {"topic": "Open links", "time": "9:00"}, permissions=MANAGER)
        await bot.type("subscribe Open links at 9:00")

    clock.now = MONDAY + timedelta(hours=2)
    async with start(screen) as bot:
        await bot.tick()
    async with start(screen) as bot:
        clock.now += timedelta(minutes=1)
        await bot.tick()

    assert posted(slack, discord, screen) == {"slack": ["C1"], "discord": [GENERAL], "console": ["console"]}


async def test_the_next_day_without_news_posts_nothing_and_with_news_only_the_news(start, feed, clock, slack, discord):
    screen: list[str] = []
    async with start(screen) as bot:
        await bot.gather(feed)
        await bot.type("subscribe Open links at 9:00")
        clock.now = MONDAY + timedelta(hours=2)
        await bot.tick()
        clock.now += timedelta(days=1)
        await bot.tick()
        assert len(screen) == 1

        news = "Tencent said that links to Douyin open in WeChat from today, the third step of its plan."
        article = Article("2", "WeChat opens to Douyin", news, url="https://example.org/2", source="Another")
        await asyncio.to_thread(bot.app.archive.add, [article])
        clock.now += timedelta(days=1)
        await bot.tick()

    assert len(screen) == 2
    assert "WeChat opens to Douyin" in screen[1]
    assert QUOTE not in " ".join(screen[1].split())


async def test_two_topics_in_two_channels_each_go_where_they_belong(start, feed, clock, slack, discord):
    screen: list[str] = []
    slack.channels["C2"].bot = True
    async with start(screen) as bot:
        await bot.gather(feed)
        await slack.slash("/brief", "topic add Tencent news: Tencent + links")
        await slack.slash("/brief", "subscribe Open links at 9:00 Europe/Paris")
        await slack.slash("/brief", "subscribe Tencent news at 9:00 Europe/Paris", channel="C2")
        clock.now = MONDAY + timedelta(hours=2)
        await bot.tick()

    assert sorted(posted(slack, discord, screen)["slack"]) == ["C1", "C2"]


async def test_a_command_is_acknowledged_in_time_while_a_thousand_articles_are_gathered(
    start, slack, discord, tmp_path
):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1000):
        body = (
            f"Report {number} says that Tencent opened {number} links. "
            + f"Nothing else happened on day {number}. " * 20
        )
        (folder / f"{number}.md").write_text(f"---\ntitle: Report {number}\nlanguage: en\n---\n\n{body}")
    async with start([]) as bot:
        gathering = asyncio.create_task(asyncio.to_thread(bot.app.gather, [Source(str(folder), "folder")]))
        waits = []
        for _ in range(8):
            before = len(slack.acks)
            await slack.slash("/brief", "status")
            assert len(slack.acks) > before
            waits.append(slack.acks[-1].seconds)
        assert not gathering.done()
        report = await gathering

    assert max(waits) < 3  # what Slack gives
    assert report.new == 1000
