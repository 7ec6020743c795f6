"""Looking for a digest whose answer was lost: the same promises on Slack and on Discord."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery.transport import Envelope, Found, Missing, Sent, Sought, Unknown, Unseen
from bot.platforms.discord import transport as discord_transport
from bot.platforms.discord.components import V2
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.transport import DiscordTransport
from bot.platforms.slack import transport as slack_transport
from bot.platforms.slack.api import web_client
from bot.platforms.slack.transport import SlackTransport
from briefs.models import Channel
from tests.fakes.discord import EMBED, GENERAL, GUILD, SEND, VIEW, FakeDiscord, rate_limited
from tests.fakes.ledger import STORED_THEN_CLOSED, status
from tests.fakes.ledger import rate_limited as slack_rate_limited
from tests.fakes.slack import FakeSlack

UUID, OTHER = "0b2a7c1e-0000-4000-8000-000000000001", "77777777-0000-4000-8000-000000000002"


class Slack:
    room = Channel("slack", "T1", "C1")
    post, read = "chat.postMessage", "conversations.history"
    limited = slack_rate_limited(42)

    def __init__(self, fake):
        self.fake = fake
        self.transport = SlackTransport(web_client(fake.bot_token, fake.api_url))

    def envelope(self, uuid=UUID, thread=None):
        return Envelope(self.room, {"text": "Tencent"}, uuid, uuid[:25], thread)

    def lock(self):
        self.fake.channels["C1"].bot = False


TENCENT = {"flags": V2, "components": [{"type": 10, "content": "Tencent"}], "thread_name": "Tencent"}


class Discord:
    room = Channel("discord", GUILD, GENERAL)
    post, read = "POST /channels/{channel}/messages", "GET /channels/{channel}/messages"
    limited = rate_limited(42)

    def __init__(self, fake):
        self.fake = fake
        self.rest = Rest(fake.token, fake.api_url, "test")
        self.transport = DiscordTransport(self.rest)

    def envelope(self, uuid=UUID, thread=None):
        return Envelope(self.room, TENCENT, uuid, uuid[:25], thread)

    def lock(self):
        self.fake.channels[GENERAL].bot_can = VIEW | SEND | EMBED


@pytest.fixture(params=["slack", "discord"])
async def chat(request):
    if request.param == "slack":
        async with FakeSlack() as fake:
            yield Slack(fake)
    else:
        async with FakeDiscord() as fake:
            chat = Discord(fake)
            yield chat
            await chat.rest.close()


def sought(chat, uuid=UUID, thread=None):
    return Sought(chat.room, uuid, datetime.now(UTC) - timedelta(minutes=5), thread)


async def test_a_message_whose_answer_was_lost_is_found_with_its_reference(chat):
    chat.fake.fail_next(chat.post, STORED_THEN_CLOSED)
    await chat.transport.send(chat.envelope(OTHER))
    chat.fake.fail_next(chat.post, STORED_THEN_CLOSED)

    assert isinstance(await chat.transport.send(chat.envelope()), Unknown)

    _, message = [entry.message for entry in chat.fake.ledger]
    assert await chat.transport.look(sought(chat)) == Found(message.get("ts") or message["id"])


async def test_what_did_not_arrive_is_missing(chat):
    await chat.transport.send(chat.envelope(OTHER))

    assert await chat.transport.look(sought(chat)) == Missing()


async def test_a_reply_is_found_in_its_thread(chat):
    first = await chat.transport.send(chat.envelope())
    assert isinstance(first, Sent)
    assert await chat.transport.look(sought(chat, OTHER, first.reference)) == Missing()

    reply = await chat.transport.send(chat.envelope(OTHER, first.reference))

    assert await chat.transport.look(sought(chat, OTHER, first.reference)) == Found(reply.reference)


async def test_somebody_elses_message_with_our_words_is_not_ours(chat):
    await chat.transport.send(chat.envelope())
    for channel in chat.fake.channels.values():
        for message in channel.messages:
            message |= {"bot_id": "B2", "author": {"id": "1"}}

    assert await chat.transport.look(sought(chat)) == Missing()


async def test_a_long_history_is_read_page_by_page(chat):
    await chat.transport.send(chat.envelope())
    for number in range(230):
        await chat.transport.send(chat.envelope(f"{number:08x}{OTHER[8:]}"))

    assert isinstance(await chat.transport.look(sought(chat)), Found)


async def test_of_a_history_that_does_not_end_it_is_not_said_that_it_has_no_such_message(chat, monkeypatch):
    for module in (slack_transport, discord_transport):
        assert module._PAGES * module._PAGE == 1000
        monkeypatch.setattr(module, "_PAGES", 1)
    for number in range(101):
        await chat.transport.send(chat.envelope(f"{number:08x}{OTHER[8:]}"))

    assert await chat.transport.look(sought(chat)) == Unseen("too much was written since")


async def test_a_history_that_may_not_be_read_is_said_to_be_so(chat):
    await chat.transport.send(chat.envelope())
    chat.lock()

    sight = await chat.transport.look(sought(chat))

    assert isinstance(sight, Unseen)
    assert sight.after_seconds is None


async def test_a_rate_limit_says_when_to_look_again(chat):
    chat.fake.fail_next(chat.read, chat.limited)

    assert (await chat.transport.look(sought(chat))).after_seconds == 42


@pytest.mark.parametrize("fault", [STORED_THEN_CLOSED, status(503)])
async def test_trouble_on_the_way_is_a_reason_to_look_again(chat, fault):
    chat.fake.fail_next(chat.read, fault, times=None)  # aiohttp itself repeats a read that was cut off

    assert (await chat.transport.look(sought(chat))).after_seconds > 0


async def test_an_empty_discord_channel_may_be_one_that_hides_its_history():
    async with FakeDiscord() as fake:
        chat = Discord(fake)
        assert await chat.transport.look(sought(chat)) == Unseen("it shows no message at all")
        await chat.rest.close()


def test_only_discord_remembers_nonces_and_not_in_forums():
    discord = DiscordTransport(Rest("t", "http://127.0.0.1", "test"), is_forum=lambda channel: channel == "forum")

    assert discord.remembers(Discord.room, None) == timedelta(minutes=2)
    assert discord.remembers(Channel("discord", GUILD, "forum"), None) == timedelta(0)
    assert SlackTransport(web_client("x")).remembers(Slack.room, None) == timedelta(0)


def test_a_post_into_a_discord_thread_may_need_three_requests_and_any_other_one():
    discord, slack = DiscordTransport(Rest("t", "http://127.0.0.1", "test")), SlackTransport(web_client("x"))

    assert [discord.requests(Discord.room, thread) for thread in (None, "1")] == [1, 3]
    assert [slack.requests(Slack.room, thread) for thread in (None, "1")] == [1, 1]
