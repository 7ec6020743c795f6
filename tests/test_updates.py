"""A story that goes on: marked, linked to its last post, and told only for what is new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.base.reply import Span, StoryItem
from bot.platforms.console.terminal import render
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.transport import DiscordTransport
from bot.platforms.slack.api import API_URL, web_client
from bot.platforms.slack.transport import SlackTransport
from briefs.archive import Archive
from briefs.models import Article, Channel
from briefs.store.channels import Channels
from tests import sqlite
from tests.clock import Clock
from tests.posts import Posts

MONDAY = datetime(2026, 9, 14, 7, 0, tzinfo=UTC)  # 9:00 in Paris
ROOM = Channel("console", "home", "general")
TOLD = "Tencent said on Sunday that WeChat will open outside links to all users in 3 cities."
NEWS = "The Chinese regulator fined Tencent 20,000 yuan on Tuesday for a shop in Shenzhen without a link, Reuters said."


@pytest.fixture
def clock():
    return Clock(MONDAY - timedelta(days=1))


@pytest.fixture
def archive(tmp_path, clock):
    with Archive.open(sqlite.database(tmp_path / "briefs.db"), clock=clock) as archive:
        yield archive


def link(channel, reference):
    return f"https://chat.example/{channel.id}/{reference}"


def article(name, text, source):
    return Article(name, name, text, "en", f"https://{source}.example/{name}", source)


def two_days(archive, clock, permalink=link):
    """Monday's digest tells a story, on Tuesday it goes on, on Wednesday it is only repeated."""
    posts = Posts(archive, ROOM, clock, permalink=permalink)
    posts.subscribe("Links", "tencent + link")
    archive.add([article("Links open", TOLD, "wire")])
    for tomorrow in (
        [article("Fined", f"{TOLD} {NEWS}", "daily"), article("Again", TOLD, "post")],
        [article("Once more", f"{NEWS} {TOLD}", "gazette")],
        [],
    ):
        clock.now = clock.now.replace(hour=7) + timedelta(days=1)
        posts.deliver()
        archive.add(tomorrow)
    return posts


def test_an_update_links_its_earlier_post_and_quotes_only_what_is_new(archive, clock):
    posts = two_days(archive, clock)
    assert len(posts.editions) == 2  # Wednesday brought nothing new, so nothing was posted
    (story,) = [part for part in posts.editions[-1].reply.parts if isinstance(part, StoryItem)]
    assert (story.mark, [quote.text for quote in story.quotes]) == ("Update", [NEWS])
    assert story.since == Span("since the post of Monday 14 September", "https://chat.example/general/1")


def test_where_messages_have_no_address_the_day_is_told(archive, clock):
    posts = two_days(archive, clock, permalink=lambda channel, reference: None)
    (story,) = posts.editions[-1].content["stories"]
    assert (story["update_of"], story["told_at"]) == ("2026-09-14T07:00:00Z", "2026-09-14T07:00:00Z")
    assert "since the post of Monday 14 September" in render(posts.editions[-1].reply)


@pytest.mark.parametrize(
    ("language", "line"), [("fr", "depuis le message du lundi 14 septembre"), ("zh", "接9月14日周一的消息")]
)
def test_an_update_is_said_in_the_channels_language(archive, clock, language, line):
    Channels(archive.database).choose(ROOM, language=language)
    assert line in render(two_days(archive, clock).editions[-1].reply, width=100)


async def test_messages_have_the_addresses_that_people_open():
    discord = DiscordTransport(Rest("token", "https://discord.example", "test"), lambda channel: channel == "77")
    assert discord.permalink(Channel("discord", "1", "2"), "3") == "https://discord.com/channels/1/2/3"
    assert discord.permalink(Channel("discord", "1", "77"), "3") == "https://discord.com/channels/1/3/3"
    slack = SlackTransport(web_client("xoxb-1", API_URL))
    assert slack.permalink(Channel("slack", "T1", "C1"), "1700000000.000100") is None
    slack.site = "https://team.slack.com/"
    assert (
        slack.permalink(Channel("slack", "T1", "C1"), "1700000000.000100")
        == "https://team.slack.com/archives/C1/p1700000000000100"
    )
