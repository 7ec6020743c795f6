"""The bot in Discord, seen from the server: who types what, and who sees what."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from bot.base.leader_election import Lead
from bot.base.reply import Button, Buttons, Heading, Paragraph, Reply, Span, StoryItem
from bot.base.web import Web
from bot.commands import Dispatcher
from bot.delivery.transport import Envelope, NotSent, Rejected, Sent, Sought, Unknown, Unseen
from bot.platforms.discord.adapter import DiscordAdapter
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.transport import DiscordTransport
from briefs.archive import Archive
from briefs.config import Config
from briefs.errors import ConfigError, DatabaseBusy
from briefs.models import Article, Channel
from briefs.store.channels import Channels
from briefs.store.database import Database
from briefs.store.leases import Leases
from tests import sqlite
from tests.dispatcher import MONDAY, open_office
from tests.fakes import ledger
from tests.fakes.discord import (
    ADMINISTRATOR,
    BOT,
    CATEGORY,
    FORUM,
    GENERAL,
    GUILD,
    HISTORY,
    MANAGER,
    MEMBER,
    PUBLIC_THREAD,
    SEND,
    THREADS,
    USER,
    VIEW,
    FakeDiscord,
    buttons,
    rate_limited,
    readable,
)

BUTTONS = Buttons((Button("share", "Share to channel", "a1"), Button("why", "Why this?", "a1/1")))
REST = (Paragraph(((Span("the rest"),),)),)

in_time = pytest.mark.usefixtures("as_impatient_as_usual")


def said(text, *more, public=False, overflow=()):
    return Reply("en", text, (Paragraph(((Span(text),),)), *more), public=public, overflow=overflow)


class Echo:
    """A dispatcher that says back what it was asked, and remembers who asked; slow while its gate is shut."""

    def __init__(self) -> None:
        self.asked = []
        self.answers = {}
        self.gate = asyncio.Event()
        self.gate.set()

    async def call(self, asked, command, arguments):
        self.asked.append(asked)
        await self.gate.wait()
        if command in self.answers:
            return self.answers[command]
        match command, arguments:
            case "digest", _:
                return said("the digest", public=True, overflow=REST)
            case "search", {"query": "long"}:
                return said("word " * 20_000)
            case "search", {"query": "busy"}:
                raise DatabaseBusy("The database is busy; try again.")
            case "search", {"query": "defect"}:
                raise RuntimeError("a defect")
            case "subscribe", {"channel": typed}:
                place = await asked.find(typed)
                return said(f"{place.name} {place.may_manage} {place.reachable}" if place else "no such channel")
        return said(f"{command} {dict(arguments)}", BUTTONS)

    async def press(self, asked, action, value):
        self.asked.append(asked)
        await self.gate.wait()
        if action in self.answers:
            return self.answers[action]
        return said(f"{action} {value}", public=action == "share")

    async def complete(self, asked, command, param, prefix):
        self.asked.append(asked)
        return [f"{command} {param} {prefix} {n}" for n in range(25)]


@pytest.fixture
async def fake():
    async with FakeDiscord() as running:
        yield running


@pytest.fixture
def dispatcher():
    return Echo()


def adapter(fake, dispatcher, **changes):
    given = {"token": fake.token, "api_url": fake.api_url, "gateway_url": fake.gateway_url}
    return DiscordAdapter(dispatcher, **{**given, **changes})


@asynccontextmanager
async def running(fake, dispatcher, **changes):
    bot = adapter(fake, dispatcher, **changes)
    await bot.start()
    try:
        yield bot
    finally:
        await bot.stop()


@pytest.fixture
async def bot(fake, dispatcher):
    async with running(fake, dispatcher) as started:
        yield started


# ---------------------------------------------------------------- commands


async def test_a_look_up_is_answered_to_the_asker_alone(fake, bot, dispatcher):
    seen = await fake.slash("brief search", {"query": "tencent", "limit": 3}, locale="fr")
    assert seen.private
    assert seen.text == r"search {'query': 'tencent', 'limit': '3'}"
    assert fake.messages() == []
    (asked,) = dispatcher.asked
    assert (asked.channel, asked.user, asked.channel_name) == (Channel("discord", GUILD, GENERAL), USER, "#general")
    assert (asked.locale, asked.may_manage, asked.reachable) == ("fr", False, True)
    assert asked.trigger == seen.id


async def test_what_is_ready_is_answered_at_once(fake, bot):
    seen = await fake.slash("brief topics")
    assert not seen.deferred


async def test_a_digest_is_for_the_channel_and_its_overflow_for_a_thread_under_it(fake, bot):
    seen = await fake.slash("brief digest", {"topic": "interop"})
    (first,) = seen.public
    await fake.until(lambda: first["id"] in fake.channels and fake.messages(first["id"]))
    assert [readable(message) for message in fake.messages()] == ["the digest"]
    (rest,) = fake.messages(first["id"])
    assert readable(rest).startswith("the rest\n-# ")
    assert fake.channels[first["id"]].name == "the digest"


@in_time
async def test_a_digest_that_takes_longer_is_public_all_the_same(fake, bot, dispatcher):
    dispatcher.gate.clear()
    asking = asyncio.create_task(fake.slash("brief digest", {"topic": "interop"}))
    seen = await fake.seen()
    await seen.until(lambda seen: seen.deferred)
    dispatcher.gate.set()
    await asking
    await seen.until(lambda seen: bool(seen.public))
    assert [readable(message) for message in fake.messages()] == ["the digest"]


async def test_where_the_bot_may_not_post_a_digest_still_answers(fake, dispatcher):
    closed = fake.add_channel("closed", bot_can=VIEW)
    async with running(fake, dispatcher):
        seen = await fake.slash("brief digest", {"topic": "interop"}, channel=closed)
        await seen.until(lambda seen: len(seen.public) == 2)
        assert seen.text == "the digest\nthe rest"
        assert not dispatcher.asked[0].reachable


async def test_a_long_answer_comes_in_several_messages_all_private(fake, bot):
    seen = await fake.slash("brief search", {"query": "long"})
    await seen.until(lambda seen: seen.text.count("word") >= 20_000)
    assert len(seen.messages) > 1
    assert seen.private


@pytest.mark.parametrize(
    ("permissions", "may"), [(MEMBER, False), (MANAGER, True), (MEMBER | ADMINISTRATOR, True), (0, False)]
)
async def test_who_may_manage_is_what_discord_says_of_each_press_and_command(fake, bot, dispatcher, permissions, may):
    seen = await fake.slash("brief list", permissions=permissions)
    await fake.press(seen.messages[0], "why:a1/1", permissions=permissions)
    assert [asked.may_manage for asked in dispatcher.asked] == [may, may]


async def test_another_channel_is_named_with_the_rights_in_that_channel(fake, dispatcher):
    news = fake.add_channel("news")
    closed = fake.add_channel("closed", bot_can=VIEW)
    forum = fake.add_channel("forum", type=FORUM)
    thread = fake.add_channel("thread", type=PUBLIC_THREAD, parent=GENERAL)
    async with running(fake, dispatcher):

        async def answer(channel, permissions):
            options = {"topic": "interop", "channel": channel}
            rights = {channel: permissions}
            return (await fake.slash("brief subscribe", options, permissions=MANAGER, permissions_in=rights)).text

        assert await answer(news, MANAGER) == "#news True True"
        assert await answer(news, MEMBER) == "#news False True"
        assert await answer(closed, MANAGER) == "#closed True False"
        assert await answer(forum, MANAGER) == "#forum True True"
        assert await answer(thread, MANAGER) == "#thread True True"


async def test_whether_it_may_look_for_what_it_posted_is_known_of_each_channel(fake, dispatcher):
    mute = fake.add_channel("mute", bot_can=BOT & ~HISTORY)
    forum = fake.add_channel("forum", type=FORUM)
    async with running(fake, dispatcher):
        for channel in (GENERAL, mute):
            await fake.slash("brief list", channel=channel)
        assert [asked.readable for asked in dispatcher.asked] == [True, False]

        chosen = []
        for channel in (GENERAL, mute, forum):
            await fake.slash("brief subscribe", {"topic": "interop", "channel": channel}, permissions=MANAGER)
            chosen.append((await dispatcher.asked[-1].find(channel)).readable)
        assert chosen == [True, False, False]


async def test_an_error_is_one_private_line(fake, bot):
    seen = await fake.slash("brief search", {"query": "busy"})
    assert (seen.text, seen.private) == ("The database is busy; try again.", True)


async def test_a_defect_is_logged_and_does_not_leave_the_asker_waiting(fake, bot, caplog):
    seen = await fake.slash("brief search", {"query": "defect"})
    assert seen.private
    assert "Something went wrong" in seen.text
    assert "a defect" in caplog.text


# ---------------------------------------------------------------- buttons, menus, completion


async def test_a_story_chosen_in_the_menu_offers_what_can_be_done_with_it_to_who_chose(fake, bot, dispatcher):
    menu = (Button("why", "Pourquoi ?", "7:2"), Button("up", "Plus", "7:2"), Button("less", "Moins", "7:2"))
    story = StoryItem(2, "Les liens", None, small=(Span("Le Monde"),), menu=menu)
    dispatcher.answers["digest"] = Reply("fr", "x", (story,), public=True)
    digest = await fake.slash("brief digest", {"topic": "interop"})
    card = await fake.choose(digest.messages[0], "why,up,less:7:2", locale="fr")
    assert card.private
    assert card.text == "### 2 · Les liens"
    assert card.buttons == ["why:7:2", "up:7:2", "less:7:2"]
    assert [one["label"] for one in buttons(card.messages[0])][-1] == "Moins de Le Monde"
    assert (await fake.press(card.messages[0], "why:7:2")).text == "why 7:2"


async def test_what_is_all_that_can_be_done_with_a_story_is_done_when_it_is_chosen(fake, bot, dispatcher):
    only = (Button("why", "Why this?", "7:1"),)
    dispatcher.answers["topics"] = Reply("en", "x", (StoryItem(1, "Links", None, menu=only),))
    seen = await fake.slash("brief topics")
    assert (await fake.choose(seen.messages[0], "why:7:1")).text == "why 7:1"


async def test_a_message_from_before_still_answers_its_buttons(fake, bot):
    row = [{"type": 2, "style": 2, "label": "1 · Why this?", "custom_id": "why:7:1"}]
    old = fake.post_before(
        {"content": "### Interop", "embeds": [{"title": "1"}], "components": [{"type": 1, "components": row}]}
    )
    assert (await fake.press(old, "why:7:1")).text == "why 7:1"


@pytest.mark.parametrize("old", [True, False])
async def test_what_changes_in_place_stands_where_the_pressed_message_stood(fake, bot, dispatcher, old):
    dispatcher.answers["topics"] = said("page 1", Buttons((Button("page", "Later", "topics:10"),)))
    dispatcher.answers["page"] = replace(said("page 2"), in_place=True, after=said("and this is new"))
    seen = await fake.slash("brief topics")
    message = seen.messages[0]
    if old:
        row = [{"type": 2, "style": 2, "label": "Later", "custom_id": "page:topics:10"}]
        message = fake.post_before({"content": "page 1", "components": [{"type": 1, "components": row}], "flags": 64})
    pressed = await fake.press(message, "page:topics:10")
    await pressed.until(lambda seen: len(seen.messages) == 2)
    assert pressed.messages[0]["id"] == message["id"]
    assert [readable(message) for message in pressed.messages] == ["page 2", "and this is new"]


async def test_a_message_that_all_see_is_not_changed_by_a_press(fake, bot, dispatcher):
    dispatcher.answers["page"] = replace(said("page 2"), in_place=True)
    row = [{"type": 2, "style": 2, "label": "Later", "custom_id": "page:topics:10"}]
    message = fake.post_before({"content": "page 1", "components": [{"type": 1, "components": row}]})
    pressed = await fake.press(message, "page:topics:10")
    assert pressed.private
    assert readable(message) == "page 1"


async def test_what_is_shared_is_told_to_all_and_in_the_place_of_what_was_pressed(fake, bot, dispatcher):
    seen = await fake.slash("brief topics")
    dispatcher.answers["share"] = replace(said("all see it", public=True), after=replace(said("shared"), in_place=True))
    pressed = await fake.press(seen.messages[0], "share:a1")
    await pressed.until(lambda seen: bool(seen.public))
    assert [readable(message) for message in pressed.messages] == ["shared", "all see it"]
    assert pressed.messages[0]["id"] == seen.messages[0]["id"]
    assert [readable(message) for message in fake.messages()] == ["all see it"]


async def test_buttons_work_and_outlive_a_restart(fake, dispatcher):
    async with running(fake, dispatcher):
        seen = await fake.slash("brief topics")
    async with running(fake, dispatcher):
        shared = await fake.press(seen.messages[0], "share:a1")
        assert [readable(message) for message in shared.public] == ["share a1"]
        why = await fake.press(seen.messages[0], "why:a1/1")
        assert (why.text, why.private) == ("why a1/1", True)


@in_time
async def test_a_press_that_takes_longer_is_acknowledged_in_time(fake, bot, dispatcher):
    seen = await fake.slash("brief topics")
    dispatcher.gate.clear()
    pressing = asyncio.create_task(fake.press(seen.messages[0], "share:a1"))
    pressed = await fake.seen(2)
    await pressed.until(lambda seen: seen.deferred)
    dispatcher.gate.set()
    await pressing
    await pressed.until(lambda seen: bool(seen.public))


async def test_a_forged_button_is_only_a_question_to_the_desk(fake, bot):
    seen = await fake.slash("brief topics")
    forged = await fake.press(seen.messages[0], "nonsense", forged=True)
    assert (forged.text, forged.private) == ("nonsense", True)


async def test_what_may_follow_what_is_typed_is_offered_in_its_order(fake, bot, dispatcher):
    offers = await fake.autocomplete("brief topic show", "topic", "inter")
    assert offers == [f"topic show topic inter {n}" for n in range(25)]
    assert dispatcher.asked[0].channel == Channel("discord", GUILD, GENERAL)


# ---------------------------------------------------------------- what is registered


async def test_commands_are_registered_with_types_and_words_of_every_language(fake, bot):
    await fake.registered()
    root = fake.command("brief")
    assert root["contexts"] == [0]
    assert root["default_member_permissions"] is None
    search = {option["name"]: option for option in fake.command("brief search")["options"]}
    assert (search["query"]["type"], search["query"]["required"]) == (3, True)
    assert (search["limit"]["type"], search["limit"]["min_value"], search["limit"]["max_value"]) == (4, 1, 10)
    subscribe = {option["name"]: option for option in fake.command("brief subscribe")["options"]}
    assert subscribe["channel"]["type"] == 7
    assert CATEGORY not in subscribe["channel"]["channel_types"]
    assert subscribe["zone"]["autocomplete"]
    for thing in (root, fake.command("brief topic"), fake.command("brief topic add"), *subscribe.values()):
        assert set(thing["description_localizations"]) == {"fr", "zh-CN"}, thing["name"]
        assert thing["description_localizations"]["fr"] != thing["description"]
    assert set(fake.command("brief topic add")["name_localizations"]) == {"fr", "zh-CN"}


async def test_commands_are_registered_once_there_is_a_connection_and_only_when_they_changed(fake, dispatcher):
    async with running(fake, dispatcher):
        await fake.registered()
    async with running(fake, dispatcher):
        await fake.until(lambda: fake.requests.count("GET /applications/{application}/commands") == 2)
        words = [(Span(typed, code=True),) for typed in ("/brief topics", "/brief zone", "/brief réglages langue")]
        hint = said("x", Paragraph(tuple(words)))
        dispatcher.answers["topics"] = hint
        seen = await fake.slash("brief topics")
        for path in ("topics", "settings zone", "settings language"):
            assert f"</brief {path}:{fake.commands[0]['id']}>" in seen.text
    fake.commands[0]["options"][0]["description"] = "as it was before an update"
    async with running(fake, dispatcher):
        await fake.until(lambda: fake.requests.count("PUT /applications/{application}/commands") == 2)
    registered = fake.requests.index("PUT /applications/{application}/commands")
    assert fake.identified_after[0] <= registered


async def test_commands_that_discord_would_not_hear_are_registered_later(fake, dispatcher, monkeypatch, caplog):
    monkeypatch.setattr("bot.platforms.discord.client._PAUSE", 0.01)
    fake.fail_next("PUT /applications/*", rate_limited(0.01))
    async with running(fake, dispatcher):
        await fake.registered()
    assert "not registered" in caplog.text


async def test_the_root_command_has_the_name_it_is_given(fake, dispatcher):
    async with running(fake, dispatcher, command="veille"):
        seen = await fake.slash("veille topics")
        assert seen.private


async def test_no_more_is_asked_of_discord_than_servers_and_their_channels(fake, bot):
    await fake.connected()
    assert [data["intents"] for data in fake.identifies] == [1]


# ---------------------------------------------------------------- when Discord is not well


async def test_a_wrong_token_is_one_clear_line_and_one_request(fake, dispatcher):
    bot = adapter(fake, dispatcher, token="wrong")
    with pytest.raises(ConfigError, match="DISCORD_TOKEN"):
        await bot.start()
    assert fake.requests == ["GET /users/@me"]
    assert "DISCORD_TOKEN" in await bot.problem()
    await bot.stop()


async def test_without_discord_the_start_goes_on_and_says_so(fake, dispatcher, caplog):
    await fake.stop()
    async with running(fake, dispatcher) as bot:
        assert "Discord cannot be reached" in caplog.text
        assert "cannot be reached" in await bot.problem()


async def test_a_good_token_is_no_problem(fake, dispatcher):
    assert await adapter(fake, dispatcher).problem() is None


async def test_a_token_revoked_meanwhile_ends_the_connection_without_a_storm(fake, dispatcher, caplog):
    async with running(fake, dispatcher):
        await fake.connected()
        fake.token = "another"
        await fake.disconnect(4004)
        await fake.until(lambda: "DISCORD_TOKEN" in caplog.text)
    assert len(fake.identifies) == 1


async def test_a_lost_gateway_is_resumed_and_nothing_asked_meanwhile_is_lost(fake, bot):
    await fake.connected()
    await fake.disconnect(4000)
    seen = await fake.slash("brief topics")
    assert seen.private
    assert (len(fake.identifies), fake.resumes) == (1, 1)


async def test_an_invalid_session_is_begun_anew(fake, bot, monkeypatch):
    monkeypatch.setattr("discord.Client.before_identify_hook", no_pause)
    await fake.connected()
    await fake.invalidate()
    seen = await fake.slash("brief topics")
    assert seen.private
    assert (len(fake.identifies), fake.resumes) == (2, 0)


async def no_pause(client, shard_id, *, initial=False):
    """discord.py waits five seconds before it identifies again."""


async def test_in_no_server_yet_the_bot_says_how_to_invite_it(fake, dispatcher, caplog):
    fake.invited = False
    async with running(fake, dispatcher):
        await fake.until(lambda: "invite it: https://discord.com/oauth2/authorize?client_id=" in caplog.text)


@in_time
async def test_an_answer_in_hand_is_given_before_the_bot_leaves(fake, dispatcher):
    bot = adapter(fake, dispatcher)
    await bot.start()
    dispatcher.gate.clear()
    await fake.slash_unanswered("brief topics")
    seen = await fake.seen()
    await seen.until(lambda seen: seen.deferred)
    leaving = asyncio.create_task(bot.stop())
    dispatcher.gate.set()
    await leaving
    assert seen.private


async def test_a_busy_discord_is_asked_again_for_an_answer(fake, bot, dispatcher):
    fake.fail_next("POST /interactions/*", rate_limited(0.01))
    seen = await fake.slash("brief topics")
    assert seen.private


async def test_no_log_holds_the_token_or_the_passwords_of_interactions(fake, bot, caplog):
    caplog.set_level(logging.INFO)
    fake.fail_next("POST /interactions/*", ledger.status(500), times=None)
    seen = await fake.slash_unanswered("brief topics")
    await fake.until(lambda: "may not have arrived" in caplog.text)
    assert seen.token not in caplog.text
    assert fake.token not in caplog.text


# ---------------------------------------------------------------- several processes


@asynccontextmanager
async def several(fake, file, *connected):
    """Bots on one database, of which the first leads; those of these numbers are connected. As their dispatchers."""
    with Database.open(sqlite.database(file)) as database:
        leads = [Lead(Leases(database), "discord gateway", name) for name in "ab"]
        made = [Echo(), Echo()]
        for lead in leads:
            await lead.beat()
        async with AsyncExitStack() as stack:
            for number in connected:
                await stack.enter_async_context(running(fake, made[number], lead=leads[number]))
            await fake.until(lambda: fake.listening == len(connected))
            yield made


async def test_of_several_processes_the_one_that_leads_answers(fake, tmp_path, caplog):
    async with several(fake, tmp_path / "b.db", 0, 1) as (first, second):
        seen = await fake.slash("brief search", {"query": "tencent"})
        await fake.press(seen.messages[0], "share:a1")
        assert await fake.autocomplete("brief topic show", "topic", "a")
    assert (len(seen.messages), seen.deferred) == (1, False)
    assert (len(first.asked), second.asked) == (3, [])
    assert caplog.text == ""


async def test_while_that_one_is_gone_another_says_in_time_that_it_thinks_and_answers(fake, tmp_path):
    async with several(fake, tmp_path / "b.db", 1) as (_, second):
        seen = await fake.slash("brief search", {"query": "tencent"})
        assert (len(seen.messages), seen.private, seen.deferred) == (1, True, True)
        assert seen.first_response > 1  # and what comes after three seconds is refused
        pressed = await fake.press(seen.messages[0], "share:a1")
        await pressed.until(lambda seen: bool(seen.public))
        assert len(second.asked) == 2


async def test_who_does_not_hear_whether_it_was_first_answers_where_somebody_is_said_to_think(fake, tmp_path):
    async with several(fake, tmp_path / "b.db", 1):
        fake.fail_next("POST /interactions/*", ledger.STORED_THEN_CLOSED)
        seen = await fake.slash("brief search", {"query": "tencent"})
    assert (len(seen.messages), seen.private, seen.deferred) == (1, True, True)


async def test_who_does_not_hear_whether_it_was_first_says_nothing_where_another_has_answered(fake, tmp_path, caplog):
    async with several(fake, tmp_path / "b.db", 0, 1) as (_, second):
        seen = await fake.slash("brief search", {"query": "tencent"})
        fake.fail_next("POST /interactions/*", ledger.CLOSED_BEFORE_STORING)
        await fake.until(lambda: "may not have arrived" in caplog.text)
    assert (len(seen.messages), second.asked) == (1, [])


async def test_who_was_slow_says_nothing_after_another(fake, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr("bot.platforms.discord.adapter._TURN", 0.2)
    async with several(fake, tmp_path / "b.db", 0, 1) as (first, _):
        first.gate.clear()
        seen = await fake.slash("brief search", {"query": "tencent"})
        first.gate.set()
    assert len(seen.messages) == 1
    assert caplog.text == ""


# ---------------------------------------------------------------- digests

DIGEST = Reply("en", "Two stories", (Heading("Interop"),), public=True, overflow=REST)


@pytest.fixture
async def transport(fake):
    rest = Rest(fake.token, fake.api_url, "DiscordBot (tests, 1)")
    yield DiscordTransport(rest)
    await rest.close()


def envelope(transport, *, channel=GENERAL, part=0, thread=None, nonce="n1"):
    payload = transport.render(DIGEST)[part].payload
    return Envelope(Channel("discord", GUILD, channel), payload, uuid=f"u-{nonce}", nonce=nonce, thread=thread)


async def test_a_digest_carries_its_nonce_and_mentions_nobody(fake, transport):
    await transport.send(envelope(transport))
    (entry,) = fake.ledger
    assert (entry.body["nonce"], entry.body["enforce_nonce"]) == ("n1", True)
    assert entry.body["allowed_mentions"] == {"parse": []}


async def test_the_overflow_goes_into_a_thread_under_the_digest(fake, transport):
    sent = await transport.send(envelope(transport))
    for nonce in ("n2", "n3"):
        await transport.send(envelope(transport, part=1, thread=sent.reference, nonce=nonce))
    assert len(fake.messages()) == 1
    assert [readable(message) for message in fake.messages(sent.reference)] == [
        "the rest\n-# u-n2",
        "the rest\n-# u-n3",
    ]
    assert fake.channels[sent.reference].name == "Interop"


@pytest.mark.parametrize("kind", ["no permission", "already a thread"])
async def test_where_no_thread_can_be_the_overflow_replies_to_the_digest(fake, transport, kind):
    if kind == "no permission":
        channel = fake.add_channel("plain", bot_can=BOT & ~THREADS)
    else:
        channel = fake.add_channel("thread", type=PUBLIC_THREAD, parent=GENERAL)
    sent = await transport.send(envelope(transport, channel=channel))
    outcome = await transport.send(envelope(transport, channel=channel, part=1, thread=sent.reference, nonce="n2"))
    assert isinstance(outcome, Sent)
    assert fake.messages(channel)[1]["message_reference"]["message_id"] == sent.reference


async def test_a_forum_gets_a_post_with_the_rest_in_it(fake, transport):
    forum = fake.add_channel("forum", type=FORUM)
    sent = await transport.send(envelope(transport, channel=forum))
    await transport.send(envelope(transport, channel=forum, part=1, thread=sent.reference, nonce="n2"))
    assert fake.channels[sent.reference].name == "Interop"
    assert [readable(message) for message in fake.messages(sent.reference)] == [
        "### Interop\n-# u-n1",
        "the rest\n-# u-n2",
    ]


_JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("fault", "outcome", "stored"),
    [
        (rate_limited(7), NotSent, 0),
        (rate_limited(7, via=False), NotSent, 0),
        (rate_limited(7, everywhere=True), NotSent, 0),
        (ledger.status(403, body="<html>"), NotSent, 0),
        (
            ledger.Fault(status=403, headers=_JSON, body='{"message": "internal network error", "code": 40333}'),
            NotSent,
            0,
        ),
        (ledger.Fault(status=401, headers=_JSON, body='{"message": "401: Unauthorized", "code": 0}'), NotSent, 0),
        (ledger.status(502, stored=True), Unknown, 1),
        (ledger.error("10003"), Rejected, 0),
        (ledger.error("50001"), Rejected, 0),
        (ledger.error("50013"), Rejected, 0),
    ],
)
async def test_one_attempt_and_what_is_known_of_it(fake, transport, fault, outcome, stored):
    fake.fail_next("POST /channels/*", fault)
    result = await transport.send(envelope(transport))
    assert isinstance(result, outcome)
    assert len(fake.requests) == 1
    assert len(fake.ledger) == stored


async def test_a_thread_that_could_not_be_made_is_tried_again_later(fake, transport):
    sent = await transport.send(envelope(transport))
    fake.fail_next("POST /channels/*/threads", ledger.STORED_THEN_RESET)
    part = envelope(transport, part=1, thread=sent.reference, nonce="n2")
    assert isinstance(await transport.send(part), NotSent)
    assert isinstance(await transport.send(part), Sent)
    assert len(fake.messages(sent.reference)) == 1


@pytest.mark.parametrize("bot_can", [0, VIEW, BOT & ~SEND])
async def test_where_the_bot_may_not_post_the_digest_is_rejected(fake, transport, bot_can):
    channel = fake.add_channel("closed", bot_can=bot_can)
    assert isinstance(await transport.send(envelope(transport, channel=channel)), Rejected)


async def test_an_empty_channel_may_be_one_that_hides_its_history(transport):
    sought = Sought(Channel("discord", GUILD, GENERAL), "u-n1", datetime.now(UTC))
    assert await transport.look(sought) == Unseen("it shows no message at all")


def test_nonces_are_remembered_but_not_in_forums():
    transport = DiscordTransport(Rest("t", "http://127.0.0.1", "test"), is_forum=lambda channel: channel == "forum")
    assert transport.remembers(Channel("discord", GUILD, GENERAL), None) == timedelta(minutes=2)
    assert transport.remembers(Channel("discord", GUILD, "forum"), None) == timedelta(0)


# ---------------------------------------------------------------- with the real dispatcher


OUVRE = (
    "Tencent ouvrira les liens de WeChat à la boutique Taobao d’Alibaba le 17 septembre, a annoncé lundi le ministère "
    "chinois de l’Industrie."
)


@pytest.fixture
def real_desk(tmp_path):
    database = Database.open(sqlite.database(tmp_path / "briefs.db"))
    archive = Archive(database)
    archive.add(
        [
            Article("1", "Alibaba et Tencent", f"{OUVRE} Le ministère l’a demandé vendredi."),
            Article("2", "Phones", "Smartphones sell less this year. Makers look for other markets.", language="en"),
        ]
    )
    channels = Channels(database)
    yield Dispatcher(archive, channels, Config.load(None))
    database.close()


async def test_a_conversation_with_the_real_desk(fake, real_desk):
    async with running(fake, real_desk):
        found = await fake.slash("brief search", {"query": "tencent alibaba"})
        assert found.private
        assert OUVRE in found.text

        refused = await fake.slash("brief topic add", {"topic": "interop", "words": "Tencent + Alibaba"})
        assert refused.private
        assert "manage" in refused.text

        await fake.slash("brief topic add", {"topic": "interop", "words": "Tencent + Alibaba"}, permissions=MANAGER)
        offered = await fake.autocomplete("brief subscribe", "topic", "inter", permissions=MANAGER)
        assert offered == ["interop"]
        options = {"topic": "interop", "time": "9:00", "zone": "Europe/Paris"}
        subscribed = await fake.slash("brief subscribe", options, permissions=MANAGER)
        assert "09:00" in subscribed.text

        shared = await fake.press(found.messages[0], next(b for b in found.buttons if b.startswith("share:")))
        await shared.until(lambda seen: bool(seen.public))
        assert OUVRE in "\n".join(map(str, shared.public))


async def test_an_interaction_that_discord_repeats_has_its_effect_once(fake, real_desk):
    async with running(fake, real_desk):
        options = {"topic": "interop", "words": "Tencent + Alibaba"}
        first = await fake.slash("brief topic add", options, permissions=MANAGER)
        again = await fake.slash("brief topic add", options, permissions=MANAGER, id=first.id)
        assert "already" in again.text


async def test_no_message_goes_out_on_a_connection_that_may_be_closed_just_then():
    """Nobody could tell whether it arrived; so each has a connection of its own."""
    came_from = []

    async def messages(request: web.Request) -> web.Response:
        came_from.append(request.transport.get_extra_info("peername"))
        return web.json_response({"id": "1"})

    async with Web("127.0.0.1:0", [web.post("/channels/1/messages", messages)]) as server:
        rest = Rest("token", "http://{}:{}".format(*server.address), "test")
        for _ in range(2):
            assert (await rest.call("POST", "/channels/1/messages", {})).done
        await rest.close()

    assert len(set(came_from)) == 2


async def test_a_server_that_the_bot_is_taken_out_of_is_paused_and_goes_on_when_it_is_back(fake, tmp_path):
    office = open_office(tmp_path)
    channels, here = office.channels, Channel("discord", GUILD, GENERAL)
    plan = {"schedule": "09:00 daily", "zone": "UTC", "next_local": "2026-11-17T09:00", "position": 0, "by": "ann"}
    channels.subscribe(here, channels.topics(here)[0], **plan, next_due=MONDAY, now=MONDAY)

    async def until(paused: bool) -> None:
        while channels.subscriptions(here)[0].paused is not paused:  # noqa: ASYNC110  # a database tells nobody
            await asyncio.sleep(0.02)

    async with running(fake, office.dispatcher) as bot:
        await fake.connected()
        await bot._client.wait_until_ready()  # before, who joins is told like one that was there
        await fake.dispatch("GUILD_DELETE", {"id": GUILD, "unavailable": True})  # an outage is no removal
        await fake.dispatch("GUILD_CREATE", fake._guild())
        await fake.dispatch("GUILD_DELETE", {"id": GUILD})
        await asyncio.wait_for(until(paused=True), 60)
        joined = {key: value for key, value in fake._guild().items() if key != "unavailable"}
        await fake.dispatch("GUILD_CREATE", joined)
        await asyncio.wait_for(until(paused=False), 60)
        assert channels.subscriptions(here)[0].next_due > MONDAY
    office.archive.close()
