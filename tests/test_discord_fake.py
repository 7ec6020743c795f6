"""The fake Discord refuses what Discord refuses, forgets nothing, and goes wrong when told to."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from tests.clock import Clock
from tests.fakes import ledger
from tests.fakes.discord import BOT, EMBED, FORUM, GENERAL, PUBLIC_THREAD, SEND, VIEW, FakeDiscord, rate_limited
from tests.fakes.discord_limits import command_complaints, edit_complaints, message_complaints

NOBODY = {"parse": []}


@pytest.fixture
def clock():
    return Clock(datetime(2021, 9, 14, 7, 0, tzinfo=UTC))


@pytest.fixture
async def fake(clock):
    async with FakeDiscord(clock=clock) as running:
        yield running


@asynccontextmanager
async def asking(fake, method, path, body=None, token=None):
    headers = {"Authorization": f"Bot {token or fake.token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, fake.api_url + path, json=body, headers=headers) as response,
    ):
        yield response


async def ask(fake, method, path, body=None, **more):
    async with asking(fake, method, path, body, **more) as response:
        return response.status, await response.json()


def post(fake, text="hello", channel=GENERAL, **more):
    body = {"content": text, "allowed_mentions": NOBODY, **more}
    return ask(fake, "POST", f"/channels/{channel}/messages", body)


async def test_a_message_stands_in_the_channel_and_in_the_ledger(fake):
    status, message = await post(fake)
    assert (status, message["content"]) == (200, "hello")
    assert [entry.body["content"] for entry in fake.ledger.of("POST /channels/*", channel=GENERAL)] == ["hello"]
    assert await ask(fake, "GET", f"/channels/{GENERAL}/messages") == (200, [message])


async def test_a_nonce_repeated_within_minutes_gives_the_first_message_again(fake, clock):
    _, first = await post(fake, nonce="n1", enforce_nonce=True)
    clock.now += timedelta(minutes=2)
    _, again = await post(fake, nonce="n1", enforce_nonce=True)
    assert again["id"] == first["id"]
    assert len(fake.ledger) == 1
    clock.now += timedelta(minutes=2)
    _, late = await post(fake, nonce="n1", enforce_nonce=True)
    assert late["id"] != first["id"]


async def test_a_nonce_that_is_not_enforced_keeps_nothing_apart(fake):
    await post(fake, nonce="n1")
    await post(fake, nonce="n1")
    assert len(fake.messages()) == 2


@pytest.mark.parametrize(
    ("bot_can", "status", "code"), [(0, 403, 50001), (VIEW, 403, 50013), (BOT & ~SEND, 403, 50013)]
)
async def test_without_permission_nothing_is_posted(fake, bot_can, status, code):
    channel = fake.add_channel("closed", bot_can=bot_can)
    answered, body = await post(fake, channel=channel)
    assert (answered, body["code"]) == (status, code)
    assert len(fake.ledger) == 0


async def test_embeds_ask_for_a_permission_of_their_own(fake):
    channel = fake.add_channel("plain", bot_can=BOT & ~EMBED)
    status, _ = await post(fake, channel=channel, embeds=[{"title": "x"}])
    assert status == 403


async def test_an_unknown_channel_and_a_wrong_token_are_refused(fake):
    assert (await post(fake, channel="1"))[1]["code"] == 10003
    status, _ = await ask(fake, "GET", "/users/@me", token="wrong")
    assert status == 401


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"content": "x" * 2001}, "content: 2001"),
        ({"content": "😀" * 1001}, "content: 2002"),
        ({}, "content: an empty message"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
        ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description"),
        ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds: 6002"),
        ({"embeds": [{"title": "x"}] * 11}, "embeds: 11"),
        ({"embeds": [{"title": "x", "url": "javascript:alert(1)"}]}, "embeds.0.url"),
        ({"embeds": [{"color": 1}]}, "an empty embed"),
        ({"content": "x", "components": [{"type": 1, "components": []}]}, "0 buttons"),
        ({"content": "x", "components": [{"type": 1, "components": [{"type": 9}]}]}, "9 cannot stand here"),
        ({"content": "x", "nonce": "n" * 26}, "nonce"),
        ({"content": "x", "colour": 1}, "colour: unknown"),
    ],
)
def test_what_passes_a_limit_is_refused(body, complaint):
    assert any(complaint in line for line in message_complaints({"allowed_mentions": NOBODY, **body}))


def test_a_button_is_refused_twice_or_with_too_long_an_id():
    def complaints(*ids):
        row = [{"type": 2, "style": 1, "label": "x", "custom_id": custom_id} for custom_id in ids]
        return message_complaints(
            {"content": "x", "components": [{"type": 1, "components": row}], "allowed_mentions": NOBODY}
        )

    assert complaints("a", "b") == []
    assert complaints("a", "a") == ["custom_id: 'a' is used twice"]
    assert complaints("a" * 101) == ["components.0.components.0.custom_id: 101 characters of at most 100"]


TEXT = {"type": 10, "content": "x"}
BUTTON = {"type": 2, "style": 2, "label": "x", "custom_id": "a"}


def menu(*values, **more):
    options = [{"label": "x", "value": value} for value in values]
    return {"type": 1, "components": [{"type": 3, "custom_id": "menu", "options": options, **more}]}


@pytest.mark.parametrize(
    ("components", "complaint"),
    [
        ([], "an empty message"),
        ([TEXT] * 41, "41 in all, of at most 40"),
        ([{"type": 17, "components": [TEXT] * 40}], "41 in all, of at most 40"),
        ([{"type": 10, "content": "x" * 2001}] * 2, "4002 characters of text in all"),
        ([{"type": 10, "content": "文" * 3390}], "10182 bytes of text in all"),
        ([{"type": 10, "content": ""}], "content: needed"),
        ([{"type": 17, "components": []}], "an empty container"),
        ([{"type": 17, "components": [{"type": 17, "components": [TEXT]}]}], "17 cannot stand here"),
        ([BUTTON], "2 cannot stand here"),
        ([{"type": 1, "components": [BUTTON] * 6}], "6 buttons, of 1 to 5"),
        ([{"type": 1, "components": [BUTTON, BUTTON]}], "'a' is used twice"),
        ([{"type": 9, "components": [TEXT] * 4, "accessory": BUTTON}], "4 texts, of 1 to 3"),
        ([{"type": 9, "components": [TEXT]}], "accessory: None cannot stand here"),
        ([menu()], "options: 0, of 1 to 25"),
        ([menu(*map(str, range(26)))], "options: 26, of 1 to 25"),
        ([menu("a", "a")], "a value is used twice"),
        ([menu("a" * 101)], "options.0.value: 101"),
        ([menu("a", placeholder="x" * 151)], "placeholder: 151"),
        ([{"type": 14, "spacing": 3}], "spacing: 1 or 2"),
    ],
)
def test_what_passes_a_limit_of_components_is_refused(components, complaint):
    complaints = message_complaints({"flags": 1 << 15, "components": components, "allowed_mentions": NOBODY})
    assert any(complaint in line for line in complaints), complaints


def test_a_message_of_components_has_no_content_and_no_embeds():
    body = {"flags": 1 << 15, "components": [TEXT], "allowed_mentions": NOBODY}
    assert message_complaints(body) == []
    assert message_complaints(body | {"content": "x"}) == ["content: not together with IS_COMPONENTS_V2"]
    assert message_complaints(body | {"embeds": [{"title": "x"}]}) == ["embeds: not together with IS_COMPONENTS_V2"]


WORDS = {"content": "x", "embeds": [], "components": [], "flags": 0}
LAID = {"content": "", "embeds": [], "components": [TEXT], "flags": 1 << 15}


@pytest.mark.parametrize(
    ("message", "body", "complaint"),
    [
        (WORDS, {"flags": 1 << 15, "components": [TEXT], "content": None}, None),
        (WORDS, {"flags": 1 << 15, "components": [TEXT]}, "content: not together with IS_COMPONENTS_V2, needs null"),
        (WORDS, {"flags": 1 << 15, "components": [TEXT], "content": ""}, "content: not together"),
        (WORDS | {"embeds": [{"title": "x"}]}, {"flags": 1 << 15, "components": [TEXT], "content": None}, "embeds: "),
        (WORDS, {"components": [TEXT]}, "10 cannot stand here"),
        (WORDS, {"flags": 1 << 15, "content": None}, "an empty message"),
        (LAID, {"flags": 0, "content": "x"}, "content: not together with IS_COMPONENTS_V2"),
        (LAID, {"flags": 0, "components": [TEXT]}, None),
    ],
)
def test_words_become_components_by_an_edit_that_empties_them_and_never_again_words(message, body, complaint):
    complaints = edit_complaints(message, body | {"allowed_mentions": NOBODY})
    assert any(line.startswith(complaint) or complaint in line for line in complaints) if complaint else not complaints


def test_a_message_that_could_mention_somebody_is_refused():
    assert message_complaints({"content": "x"}) == ["allowed_mentions: this house lets nobody be mentioned"]


def test_commands_are_checked_as_deep_as_they_go():
    def complaints(**more):
        command = {"name": "brief", "description": "x", "contexts": [0], "integration_types": [0], "type": 1}
        return command_complaints([command | more])

    assert complaints() == []
    assert "is no command name" in complaints(name="Brief")[0]
    assert complaints(description="x" * 101)
    assert complaints(description_localizations={"xx": "y"})
    late = [
        {"type": 3, "name": "a", "description": "x"},
        {"type": 3, "name": "b", "description": "x", "required": True},
    ]
    assert "a required one stands after an optional one" in complaints(options=late)[0]
    twins = [
        {"type": 1, "name": "add", "description": "x", "name_localizations": {"fr": "mettre"}},
        {"type": 1, "name": "set", "description": "x", "name_localizations": {"fr": "mettre"}},
    ]
    assert complaints(options=twins) == ["brief: mettre: named twice in fr"]
    assert complaints(options=[{"type": 2, "name": "topic", "description": "x"}]) == [
        "brief: topic: options: an empty group"
    ]


async def test_a_thread_has_the_id_of_its_message_and_is_made_once(fake):
    _, message = await post(fake)
    path = f"/channels/{GENERAL}/messages/{message['id']}/threads"
    status, thread = await ask(fake, "POST", path, {"name": "More"})
    assert (status, thread["id"], thread["type"]) == (201, message["id"], PUBLIC_THREAD)
    assert (await ask(fake, "POST", path, {"name": "More"}))[1]["code"] == 160004
    status, _ = await post(fake, "inside", channel=thread["id"])
    assert status == 200


async def test_a_forum_takes_posts_and_no_messages(fake):
    forum = fake.add_channel("news", type=FORUM)
    assert (await post(fake, channel=forum))[1]["code"] == 50008
    body = {"name": "Digest", "message": {"content": "x", "allowed_mentions": NOBODY}}
    status, thread = await ask(fake, "POST", f"/channels/{forum}/threads", body)
    assert status == 201
    assert [message["content"] for message in fake.messages(thread["id"])] == ["x"]


async def test_history_is_read_backwards_and_only_with_permission(fake):
    ids = [(await post(fake, str(n)))[1]["id"] for n in range(3)]
    _, after = await ask(fake, "GET", f"/channels/{GENERAL}/messages?after={ids[0]}")
    assert [message["content"] for message in after] == ["2", "1"]
    closed = fake.add_channel("closed", bot_can=VIEW | SEND)
    assert (await ask(fake, "GET", f"/channels/{closed}/messages"))[0] == 403


async def test_a_rate_limit_says_how_long_and_stores_nothing(fake):
    fake.fail_next("POST /channels/*", rate_limited(1.5))
    async with asking(fake, "POST", f"/channels/{GENERAL}/messages", {"content": "x"}) as response:
        assert response.status == 429
        assert response.headers["Via"]
        assert (await response.json())["retry_after"] == 1.5
    assert len(fake.ledger) == 0


async def test_a_message_may_be_stored_although_the_answer_is_lost(fake):
    fake.fail_next("POST /channels/*", ledger.STORED_THEN_RESET)
    with pytest.raises(aiohttp.ClientError):
        await post(fake)
    assert len(fake.messages()) == 1


async def test_a_wrong_token_is_shut_out_of_the_gateway_with_4004(fake):
    async with aiohttp.ClientSession() as session, session.ws_connect(fake.gateway_url) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 2, "d": {"token": "wrong"}})
        await socket.receive()
        assert socket.close_code == 4004
