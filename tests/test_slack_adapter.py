"""The bot in Slack, seen from the workspace: who types what, and who sees what."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from bot.base.reply import Button, Buttons, Paragraph, Reply, Span
from bot.delivery.transport import Envelope, NotSent, Rejected, Sent, Unknown
from bot.platforms.slack.adapter import SlackAdapter
from bot.platforms.slack.api import SCOPES, web_client
from bot.platforms.slack.hands import FOLLOW, RELATED
from bot.platforms.slack.listening import said_to
from bot.platforms.slack.transport import SlackTransport
from bot.platforms.slack.workspace import Workspace
from briefs.errors import ConfigError
from briefs.models import Channel
from tests.fakes import ledger
from tests.fakes.slack import RESPONSE_URL, FakeSlack
from tests.fakes.slack_workspace import FakeChannel, FakeUser

BUTTONS = Buttons((Button("share", "Share to channel", "a1"), Button("why", "Why this?", "a1")))


def said(text, *more, public=False, overflow=()):
    return Reply("en", text, (Paragraph(((Span(text),),)), *more), public=public, overflow=overflow)


class Echo:
    """A dispatcher that says back what it was asked, and remembers who asked."""

    def __init__(self) -> None:
        self.asked = []
        self.gate: asyncio.Event | None = None

    async def text(self, asked, text):
        self.asked.append(asked)
        if self.gate is not None:
            await self.gate.wait()
        match text.split():
            case ["digest", *_]:
                return said("digest", public=True, overflow=(Paragraph(((Span("the rest"),),)),))
            case ["long", *_]:
                return said("word " * 20_000)
            case ["look"]:
                return replace(said("looking"), then=self.found)
            case ["find", *rest]:
                place = await asked.find(" ".join(rest))
                return said(
                    "no such channel" if place is None else f"{place.name} {place.may_manage} {place.reachable}"
                )
        return said(f"you said: {text}", BUTTONS)

    async def found(self):
        return said("found")

    async def press(self, asked, action, value):
        self.asked.append(asked)
        return said(f"{action} {value}", public=action == "share")

    async def removed(self, platform, workspace, because):
        self.asked.append((platform, workspace, because))


@pytest.fixture
async def fake():
    async with FakeSlack() as running:
        yield running


@pytest.fixture
def dispatcher():
    return Echo()


def adapter(fake, dispatcher, **changes):
    given = {"bot_token": fake.bot_token, "app_token": fake.app_token, "api_url": fake.api_url}
    return SlackAdapter(dispatcher, **{**given, **changes})


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


def methods(fake):
    return [entry.method for entry in fake.ledger]


# ---------------------------------------------------------------- commands, mentions, buttons


async def test_a_look_up_is_answered_to_the_asker_alone(fake, bot, dispatcher):
    (shown,) = await fake.slash("/brief", "tencent alibaba")
    assert (shown.text.splitlines()[0], shown.only_to) == ("you said: tencent alibaba", "U1")
    (asked,) = dispatcher.asked
    assert (asked.channel, asked.channel_name) == (Channel("slack", "T1", "C1"), "#general")
    assert (asked.user, asked.user_name) == ("U1", "ann")
    assert (asked.locale, asked.may_manage, asked.reachable) == ("en-US", True, True)


async def test_what_slack_marks_up_arrives_as_it_was_typed(fake, bot):
    for typed in ['a < b & c "d"', "<!channel>", "互联互通 * _x_"]:
        (shown,) = await fake.slash("/brief", typed)
        assert shown.text.splitlines()[0] == f"you said: {typed}"
    for marked, typed in [
        ("x in <#C1|general>", "x in <#C1|general>"),  # the id is needed
        ("<#C1|general> by <@U2|ann> &amp; <https://a.example/b>", "<#C1|general> by @ann & https://a.example/b"),
        ("<#C1|general> <http://a.example|a.example>", "<#C1|general> a.example"),
    ]:
        (shown,) = await fake.slash("/brief", marked)
        assert shown.text.splitlines()[0] == f"you said: {typed}"


async def test_a_digest_is_for_the_channel_and_its_overflow_for_the_thread(fake, bot):
    first, rest = await fake.slash("/brief", "digest interop", answers=2)
    assert (first.text, first.only_to, first.thread) == ("digest", None, None)
    assert (rest.text, rest.only_to, rest.thread) == ("the rest", None, first.ts)


async def test_in_a_channel_without_the_bot_a_command_still_answers(fake, bot, dispatcher):
    first, rest = await fake.slash("/brief", "digest interop", channel="C2", answers=2)
    assert [(s.text, s.only_to) for s in (first, rest)] == [("digest", None), ("the rest", None)]
    assert methods(fake) == [RESPONSE_URL, RESPONSE_URL]
    assert not dispatcher.asked[0].reachable
    await fake.slash("/brief", "hello", channel="C1")
    assert dispatcher.asked[1].reachable


async def test_a_mention_is_answered_without_a_response_url(fake, bot, dispatcher):
    (private,) = await fake.mention("tencent & alibaba")
    assert (private.text.splitlines()[0], private.only_to) == ("you said: tencent & alibaba", "U1")
    thread = fake.channels["C1"].messages[0]["ts"]
    public, _ = await fake.mention("digest interop", thread=thread, answers=2)
    assert (public.text, public.thread) == ("digest", thread)
    assert [asked.trigger[:5] for asked in dispatcher.asked] == ["T1:Ev", "T1:Ev"]
    assert dispatcher.asked[0].trigger != dispatcher.asked[1].trigger


async def test_in_its_own_conversation_the_bot_needs_no_command(fake, bot, dispatcher):
    (answer,) = await fake.mention("tencent", channel="D1")
    assert (answer.text.splitlines()[0], answer.only_to) == ("you said: tencent", None)
    assert dispatcher.asked[0].reachable
    assert methods(fake) == ["chat.postMessage"]


@pytest.mark.parametrize("changes", [{"subtype": "message_changed"}, {"bot_id": "B2"}, {"channel_type": "channel"}])
async def test_other_messages_are_none_of_its_business(fake, bot, dispatcher, changes):
    event = {
        "type": "message",
        "channel_type": "im",
        "user": "U1",
        "channel": "D1",
        "text": "x",
        "ts": "1.1",
        **changes,
    }
    await fake.send("events_api", {"type": "event_callback", "team_id": "T1", "event_id": "Ev0", "event": event})
    await fake.until(lambda: len(fake.acks) == 1, "an acknowledgement")
    await fake.mention("after it")
    assert len(dispatcher.asked) == 1


@pytest.mark.parametrize(
    ("event", "because"),
    [
        ({"type": "app_uninstalled"}, "app_uninstalled"),
        ({"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}}, "token_revoked"),
    ],
)
async def test_the_desk_hears_when_the_bot_is_taken_out_of_the_workspace(fake, bot, dispatcher, event, because):
    await fake.send("events_api", fake.event(event))
    await fake.until(lambda: len(fake.acks) == 1, "an acknowledgement")
    await fake.mention("after it")
    assert dispatcher.asked[0] == ("slack", "T1", because)


async def test_a_command_of_a_workspace_that_is_not_ours_is_left_out(fake, bot, dispatcher):
    fake.add_workspace("T2")
    await fake.slash("/brief", "tencent", team="T2", answers=0)
    await fake.slash("/brief", "tencent")
    assert [asked.channel.workspace for asked in dispatcher.asked] == ["T1"]


async def test_share_posts_to_the_channel_and_why_answers_the_presser(fake, bot):
    (answer,) = await fake.slash("/brief", "tencent")
    shared, *_ = await fake.press(answer, "Share to channel")
    assert (shared.text, shared.only_to) == ("share a1", None)
    (why,) = await fake.press(answer, "Why this?", value="forged <!channel>", user="U2")
    assert (why.text, why.only_to) == ("why forged <!channel>", "U2")


async def test_a_repeated_envelope_is_acknowledged_and_answered_once(fake, bot, dispatcher):
    await fake.slash("/brief", "digest interop", times=3, answers=2)
    assert len(fake.acks) == 3
    assert len(dispatcher.asked) == 1
    assert len(fake.shown) == 2


async def test_more_than_five_private_messages_arrive(fake, bot):
    shown = await fake.slash("/brief", "long", answers=8)
    assert len(shown) >= 8
    assert {s.only_to for s in shown} == {"U1"}
    assert methods(fake)[:6] == [RESPONSE_URL] * 5 + ["chat.postEphemeral"]


async def test_a_refused_response_url_is_made_up_for(fake, bot):
    fake.fail_next(RESPONSE_URL, ledger.status(404, body="expired_url"))
    (shown,) = await fake.slash("/brief", "tencent")
    assert (shown.only_to, methods(fake)) == ("U1", ["chat.postEphemeral"])


async def test_what_slack_does_not_say_of_a_person_stops_nobody(fake, bot, dispatcher):
    fake.fail_next("users.info", ledger.status(503), times=None)
    fake.fail_next("conversations.info", ledger.rate_limited(30), times=None)
    (shown,) = await fake.slash("/brief", "tencent")
    assert shown.only_to == "U1"
    assert (dispatcher.asked[0].locale, dispatcher.asked[0].reachable) == (None, True)
    assert dispatcher.asked[0].may_manage is False  # of whom nothing is known, nothing is believed


# ---------------------------------------------------------------- rights and other channels


async def test_admins_only_where_it_is_set(fake, dispatcher):
    fake.users["U2"] = FakeUser("bob", locale="zh-CN", is_admin=True)
    bot = SlackAdapter(
        dispatcher, bot_token=fake.bot_token, app_token=fake.app_token, api_url=fake.api_url, admins_only=True
    )
    await bot.start()
    await fake.slash("/brief", "list", user="U1")
    await fake.slash("/brief", "list", user="U2")
    await bot.stop()
    assert [(a.user, a.locale, a.may_manage) for a in dispatcher.asked] == [
        ("U1", "en-US", False),
        ("U2", "zh-CN", True),
    ]


@pytest.mark.parametrize(
    ("user", "typed", "answer"),
    [
        ("U1", "#news", "#news True True"),
        ("U1", "<#C0000NEWS|news>", "#news True True"),
        ("U2", "C0000NEWS", "#news False True"),
        ("U1", "#elsewhere", "#elsewhere True False"),
        ("U1", "#board", "#board True True"),
        ("U2", "#board", "no such channel"),
        ("U2", "<#C000BOARD|board>", "no such channel"),
        ("U1", "#hidden", "no such channel"),
        ("U1", "nonsense", "no such channel"),
    ],
)
async def test_another_channel_is_found_only_by_those_who_may_see_it(fake, bot, user, typed, answer):
    fake.channels["C0000NEWS"] = FakeChannel("news", {"U1"})
    fake.channels["C000BOARD"] = FakeChannel("board", {"U1"}, private=True)
    fake.channels["C00HIDDEN"] = FakeChannel("hidden", {"U1"}, private=True, bot=False)
    (shown,) = await fake.slash("/brief", f"find {typed}", user=user)
    assert shown.text == answer


async def test_a_person_is_asked_for_once_a_minute_and_keeps_no_right_for_longer(fake):
    now = [0.0]
    workspace = Workspace(web_client(fake.bot_token, fake.api_url), clock=lambda: now[0])
    fake.users["U1"].is_admin = True
    assert (await workspace.person("U1")).is_admin
    fake.users["U1"].is_admin = False
    for now[0], still in ((59.0, True), (61.0, False)):
        assert (await workspace.person("U1")).is_admin is still
    assert [method for method, _ in fake.calls] == ["users.info"] * 2


async def test_many_commands_at_once_ask_slack_once_for_each_person_and_channel(fake):
    workspace = Workspace(web_client(fake.bot_token, fake.api_url))
    gone = asyncio.create_task(workspace.person("U1"))
    waiting = [workspace.person("U1"), workspace.person("U2"), workspace.room("C1")] * 50
    asking = asyncio.gather(*waiting)
    await asyncio.sleep(0)
    gone.cancel()

    assert {person.name for person in await asking} == {"ann", "bob", "#general"}
    assert sorted(method for method, _ in fake.calls) == ["conversations.info", "users.info", "users.info"]


class Held(AsyncWebClient):
    """A client to whom Slack's answers come when `gate` is open; `error`: what comes instead."""

    def __init__(self, fake: FakeSlack) -> None:
        super().__init__(fake.bot_token, fake.api_url)
        self.answered, self.gate, self.error = asyncio.Event(), asyncio.Event(), None

    async def api_call(self, *arguments, **further):
        try:
            return await super().api_call(*arguments, **further)
        finally:
            self.answered.set()
            await self.gate.wait()
            if self.error:
                raise self.error


@pytest.mark.parametrize("private", [False, True])
async def test_who_asks_after_the_bot_is_invited_hears_so_though_another_still_waits(fake, private):
    fake.channels["C0000NEWS"] = FakeChannel("news", {"U1"}, private=private, bot=False)
    client = Held(fake)
    workspace = Workspace(client)
    early = asyncio.create_task(workspace.room("C0000NEWS"))
    await client.answered.wait()
    fake.channels["C0000NEWS"].bot = True
    late = asyncio.gather(*[workspace.room("C0000NEWS") for _ in range(5)], workspace.find("C0000NEWS", "U1"))
    await asyncio.sleep(0)
    client.gate.set()

    assert not (await early).reachable
    assert all(room.reachable for room in await late)
    assert [method for method, _ in fake.calls].count("conversations.info") == 2


async def test_an_error_that_nobody_waits_for_any_more_is_logged(fake, caplog):
    client = Held(fake)
    client.error = RuntimeError("Session is closed")
    gone = asyncio.create_task(Workspace(client).person("U1"))
    await client.answered.wait()
    (asking,) = (task for task in asyncio.all_tasks() if task.get_name() == "users.info")
    gone.cancel()
    await asyncio.wait([gone])
    client.gate.set()
    await asyncio.wait([asking])

    (logged,) = caplog.records
    assert logged.message == "Slack could not be asked for users.info"
    assert logged.exc_info[1] is client.error


# ---------------------------------------------------------------- digests out


def envelope(channel="C1", **changes):
    given = {"payload": {"text": "the digest"}, "uuid": "d-1", "nonce": "n-1", "thread": None}
    return Envelope(channel=Channel("slack", "T1", channel), **{**given, **changes})


@pytest.fixture
def transport(fake):
    return SlackTransport(web_client(fake.bot_token, fake.api_url))


async def test_a_digest_carries_its_delivery_where_people_do_not_see_it(fake, transport):
    sent = await transport.send(envelope())
    (entry,) = fake.ledger
    assert sent == Sent(entry.message["ts"])
    assert entry.message["metadata"] == {"event_type": "briefbot_digest", "event_payload": {"delivery": "d-1"}}


@pytest.mark.parametrize(
    ("fault", "outcome", "stands"),
    [
        (ledger.rate_limited(7), NotSent("ratelimited", 7.0, "workspace"), 0),
        (ledger.rate_limited(7, Via="1.1 edge"), NotSent("ratelimited", 7.0, "workspace"), 0),
        (ledger.error("ratelimited"), NotSent("ratelimited", 30.0, "workspace"), 0),
        (ledger.error("is_archived"), Rejected("is_archived"), 0),
        (ledger.error("token_revoked"), Rejected("token_revoked"), 0),
        (ledger.error("account_inactive"), Rejected("account_inactive"), 0),
        (ledger.error("invalid_blocks"), Rejected("invalid_blocks"), 0),
        (ledger.error("fatal_error", stored=True), Unknown("fatal_error"), 1),
        (ledger.error("internal_error"), Unknown("internal_error"), 0),
        (ledger.error("request_timeout"), Unknown("request_timeout"), 0),
        (ledger.error("an_error_of_tomorrow"), Unknown("an_error_of_tomorrow"), 0),
        (ledger.status(200, body="a proxy's page"), Unknown("AttributeError"), 0),
    ],
)
async def test_what_is_known_of_one_attempt(fake, transport, fault, outcome, stands):
    fake.fail_next("chat.postMessage", fault)
    known = await transport.send(envelope())
    assert known == outcome
    assert len(fake.ledger) == stands
    assert [method for method, _ in fake.calls].count("chat.postMessage") == 1


@pytest.mark.parametrize(("channel", "reason"), [("C0", "channel_not_found"), ("C2", "not_in_channel")])
async def test_a_channel_it_cannot_post_to_is_told_apart(transport, channel, reason):
    assert await transport.send(envelope(channel)) == Rejected(reason)


@pytest.mark.parametrize("refusal", ["invalid_auth", "not_authed", "token_expired"])
async def test_a_token_that_is_not_taken_holds_the_workspace_and_pauses_nothing(fake, transport, refusal):
    fake.fail_next("chat.postMessage", ledger.error(refusal))
    assert await transport.send(envelope()) == NotSent(refusal, 300.0, "workspace")
    assert isinstance(await transport.send(envelope()), Sent)


# ---------------------------------------------------------------- tokens, the network, the log


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"bot_token": ""}, "SLACK_BOT_TOKEN must begin with xoxb-"),
        ({"bot_token": "xapp-swapped"}, "SLACK_BOT_TOKEN must begin with xoxb-"),
        ({"app_token": "xoxb-swapped"}, "SLACK_APP_TOKEN must begin with xapp-"),
        ({"bot_token": "xoxb-wrong"}, "Slack refuses the token in SLACK_BOT_TOKEN (invalid_auth)"),
        ({"app_token": "xapp-wrong"}, "Slack refuses the token in SLACK_APP_TOKEN (invalid_auth)"),
    ],
)
async def test_a_wrong_token_is_one_clear_line_at_the_start(fake, dispatcher, changes, problem):
    bot = adapter(fake, dispatcher, **changes)
    with pytest.raises(ConfigError) as caught:
        await bot.start()
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(fake.calls) <= 2  # no storm of retries
    assert await bot.problem() == str(caught.value)
    await bot.stop()


async def test_a_missing_scope_is_named(fake, dispatcher):
    fake.scopes = "chat:write,commands"
    bot = adapter(fake, dispatcher)
    assert "users:read" in (await bot.problem() or "")


async def test_a_missing_scope_takes_away_only_what_needs_it(fake, dispatcher, caplog):
    fake.scopes = fake.scopes.replace("users:read", "")
    async with running(fake, dispatcher):
        (shown,) = await fake.slash("/brief", "tencent")
    assert shown.only_to == "U1"
    assert "The Slack app lacks users:read" in caplog.text


@pytest.mark.parametrize(("lacking", "readable"), [("users:read", True), ("groups:history", False)])
async def test_without_the_scope_for_histories_no_channel_can_be_looked_through(fake, dispatcher, lacking, readable):
    fake.scopes = fake.scopes.replace(lacking, "")
    async with running(fake, dispatcher):
        await fake.slash("/brief", "tencent")
    assert dispatcher.asked[0].readable is readable


async def test_an_answer_that_cannot_be_given_is_logged(fake, bot, caplog):
    fake.fail_next("chat.postMessage", ledger.error("is_archived"))
    fake.fail_next(RESPONSE_URL, ledger.status(404, body="expired_url"))
    await fake.slash("/brief", "digest interop", answers=0)
    await fake.until(lambda: [method for method, _ in fake.calls][-1] == RESPONSE_URL, "the second try")
    await fake.slash("/brief", "tencent")  # and nothing else is held up
    assert "is_archived" in caplog.text


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (ledger.error("channel_not_found"), "was not"),
        (ledger.status(503), "may not have been"),
        (ledger.error("fatal_error", stored=True), "may not have been"),
        (ledger.STORED_THEN_CLOSED, "may not have been"),
    ],
    ids=["refused", "out of order", "out of order, with HTTP 200", "lost"],
)
async def test_what_slack_refused_is_told_in_the_log_from_what_nobody_knows(fake, dispatcher, caplog, fault, verdict):
    fake.fail_next("chat.update", fault)
    fake.fail_next("chat.postEphemeral", fault)
    async with running(fake, dispatcher):
        await fake.mention("look", channel="D1", answers=2)
        await fake.mention("tencent", answers=0)
        await fake.until(lambda: "chat.postEphemeral" in dict(fake.calls), "the answer")
    changed, shown = caplog.messages
    assert changed.startswith(f"a message in channel D1 {verdict} changed: ")
    assert shown.startswith(f"an answer in channel C1 {verdict} shown: ")


async def test_a_bot_that_is_well_has_no_problem(fake, dispatcher):
    bot = adapter(fake, dispatcher)
    assert await bot.problem() is None


async def test_without_a_network_it_starts_and_connects_when_it_can(fake, dispatcher):
    fake.fail_next("auth.test", ledger.CLOSED_BEFORE_STORING)
    async with running(fake, dispatcher):
        (shown,) = await fake.slash("/brief", "tencent")
        assert shown.only_to == "U1"


@pytest.mark.parametrize("lose", [FakeSlack.drop, FakeSlack.disconnect])
async def test_a_lost_connection_comes_back(fake, bot, lose):
    lost = fake.opened
    await lose(fake)
    await fake.until(lambda: fake.opened > lost and fake.connections == 1, "a new connection")
    (shown,) = await fake.slash("/brief", "tencent")
    assert shown.only_to == "U1"


async def test_a_warning_frame_loses_no_command(fake, bot):
    await fake.disconnect("warning")
    (shown,) = await fake.slash("/brief", "tencent")
    assert shown.only_to == "U1"


async def test_a_stop_finishes_what_is_in_hand(fake, dispatcher):
    async with running(fake, dispatcher):
        dispatcher.gate = asyncio.Event()
        waiting = asyncio.create_task(fake.slash("/brief", "slow"))
        await fake.until(lambda: len(fake.acks) == 1, "an acknowledgement")
        asyncio.get_running_loop().call_soon(dispatcher.gate.set)
    assert len(await waiting) == 1
    assert fake.connections == 0


async def test_no_secret_reaches_the_log(fake, bot, caplog):
    caplog.set_level(logging.DEBUG)
    await fake.slash("/brief", "tencent")
    fake.fail_next("users.info", ledger.STORED_THEN_RESET)
    fake.fail_next(RESPONSE_URL, ledger.status(500))
    await fake.slash("/brief", "tencent", user="U2")
    await fake.drop()
    await fake.until(lambda: fake.opened == 2, "a new connection")
    for secret in (fake.bot_token, fake.app_token, "ticket-", "/commands/answer"):
        assert secret not in caplog.text


# ---------------------------------------------------------------- the manifest


def manifest():
    path = Path(__file__).parent.parent / "config" / "slack-manifest.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_manifest_asks_for_what_the_adapter_uses_and_no_more():
    assert sorted(manifest()["oauth_config"]["scopes"]["bot"]) == sorted(SCOPES)


def test_the_manifest_turns_on_what_the_adapter_listens_to():
    settings = manifest()["settings"]
    assert settings["socket_mode_enabled"] is True
    assert manifest()["features"]["app_home"]["messages_tab_enabled"] is True  # else no digest to a person
    assert settings["interactivity"]["is_enabled"] is True
    assert manifest()["features"]["app_home"]["home_tab_enabled"] is True
    assert settings["event_subscriptions"]["bot_events"] == [
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "member_joined_channel",
        "message.im",
        "tokens_revoked",
    ]
    (command,) = manifest()["features"]["slash_commands"]
    assert (command["command"], command["should_escape"]) == ("/brief", True)
    shortcuts = manifest()["features"]["shortcuts"]
    assert [(one["type"], one["callback_id"]) for one in shortcuts] == [("message", RELATED), ("message", FOLLOW)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<@U0BOT> xiaomi", "xiaomi"),
        ("<@U7> look: <@U0BOT> xiaomi", "xiaomi"),
        ("xiaomi <@U0BOT>", "xiaomi"),
        ("<@U0BOT> xiaomi for <@U7|ann>", "xiaomi for"),
        ("xiaomi", "xiaomi"),
        ("<@U0BOT>", ""),
    ],
)
def test_the_bots_own_name_may_stand_anywhere_and_other_peoples_are_no_words(written, meant):
    assert said_to("U0BOT", written).strip() == meant
