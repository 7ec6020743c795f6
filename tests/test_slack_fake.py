"""The fake Slack says no where Slack does: the official client talks to it, unpatched."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes import ledger
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_workspace import FakeChannel


@pytest.fixture
async def fake():
    async with FakeSlack() as running:
        yield running


def client(fake, token=None, **options):
    return AsyncWebClient(token=token or fake.bot_token, base_url=fake.api_url, retry_handlers=[], **options)


async def refused(call):
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"]


async def test_it_knows_its_tokens(fake):
    assert (await client(fake).auth_test())["bot_id"] == fake.bot_id
    assert await refused(client(fake, "xoxb-wrong").auth_test()) == "invalid_auth"
    assert await refused(client(fake, fake.app_token).auth_test()) == "not_allowed_token_type"
    assert await refused(client(fake).apps_connections_open(app_token=fake.bot_token)) == "not_allowed_token_type"


async def test_it_posts_only_where_the_bot_may(fake):
    fake.channels["C3"] = FakeChannel("secret", bot=False, private=True)
    fake.channels["C4"] = FakeChannel("old", archived=True)
    post = client(fake).chat_postMessage
    assert await refused(post(channel="C0", text="x")) == "channel_not_found"
    assert await refused(post(channel="C2", text="x")) == "not_in_channel"
    assert await refused(post(channel="C3", text="x")) == "channel_not_found"
    assert await refused(post(channel="C4", text="x")) == "is_archived"
    assert len(fake.ledger) == 0
    ts = (await post(channel="C1", text="x"))["ts"]
    assert [(e.method, e.channel, e.message["ts"]) for e in fake.ledger] == [("chat.postMessage", "C1", ts)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "divider", "block_id": "a"}] * 2}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "marquee"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "divider", "colour": "red"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]}, "invalid_blocks"),
        (
            {"text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]},
            "invalid_blocks",
        ),
        (
            {"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]},
            "invalid_blocks",
        ),
        (
            {"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}] * 5},
            "msg_blocks_too_long",
        ),
        ({"text": "x", "blocks": [{"type": "actions", "elements": []}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "rich_text", "elements": []}]}, "invalid_blocks"),
        ({"text": "x", "metadata": {"event_type": "t"}}, "invalid_metadata_format"),
        ({"text": "x", "thread_ts": "1.000001"}, "invalid_thread_ts"),
    ],
)
async def test_it_refuses_what_slack_refuses(fake, body, code):
    assert await refused(client(fake).api_call("chat.postMessage", json={"channel": "C1", **body})) == code


async def test_an_ephemeral_message_is_for_one_member(fake):
    post = client(fake).chat_postEphemeral
    assert await refused(post(channel="C1", user="U9", text="x")) == "user_not_in_channel"
    await post(channel="C1", user="U1", text="only you")
    assert [s.text for s in fake.visible_to("U1", "C1")] == ["only you"]
    assert fake.visible_to("U2", "C1") == []


async def test_history_shows_metadata_only_when_asked_and_in_pages(fake):
    slack = client(fake)
    for uuid in ("a", "b", "c"):
        metadata = {"event_type": "t", "event_payload": {"delivery": uuid}}
        await slack.chat_postMessage(channel="C1", text=uuid, metadata=metadata)
    bare = await slack.conversations_history(channel="C1")
    assert [("metadata" in m, m["text"]) for m in bare["messages"]] == [(False, "c"), (False, "b"), (False, "a")]
    page = await slack.conversations_history(channel="C1", include_all_metadata=True, limit=2)
    assert [m["metadata"]["event_payload"]["delivery"] for m in page["messages"]] == ["c", "b"]
    rest = await slack.conversations_history(
        channel="C1", cursor=page["response_metadata"]["next_cursor"], limit=2, oldest="0"
    )
    assert [m["text"] for m in rest["messages"]] == ["a"]


async def test_faults_come_in_the_order_they_were_planned(fake):
    slack = client(fake)
    fake.fail_next("chat.postMessage", ledger.error("fatal_error"), skip=1)
    fake.fail_next("chat.*", ledger.rate_limited(7), when=lambda body: body["text"] == "third")
    await slack.chat_postMessage(channel="C1", text="first")
    assert await refused(slack.chat_postMessage(channel="C1", text="second")) == "fatal_error"
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel="C1", text="third")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"
    await slack.chat_postMessage(channel="C1", text="third")
    assert [entry.body["text"] for entry in fake.ledger] == ["first", "third"]


@pytest.mark.parametrize(
    ("fault", "stored"),
    [(ledger.STORED_THEN_CLOSED, 1), (ledger.STORED_THEN_RESET, 1), (ledger.CLOSED_BEFORE_STORING, 0)],
)
async def test_a_lost_answer_is_one_that_may_stand_there(fake, fault, stored):
    fake.fail_next("chat.postMessage", fault)
    with pytest.raises(aiohttp.ClientError):
        await client(fake).chat_postMessage(channel="C1", text="x")
    assert len(fake.ledger) == stored


async def test_the_sdks_own_retries_would_post_twice(fake):
    """Why every client here is made without them."""
    fake.fail_next("chat.postMessage", ledger.STORED_THEN_CLOSED)
    slack = AsyncWebClient(token=fake.bot_token, base_url=fake.api_url)
    assert (await slack.chat_postMessage(channel="C1", text="x"))["ok"]
    assert len(fake.ledger) == 2


async def test_a_response_url_is_good_for_five_answers(fake):
    url = fake._handed_out(fake, "C1", "U1")["response_url"]
    async with aiohttp.ClientSession() as session:
        codes = [(await session.post(url, json={"text": "x"})).status for _ in range(6)]
    assert codes == [200] * 5 + [404]
    assert len(fake.visible_to("U1", "C1")) == 5


# ---------------------------------------------------------------- views


def plain(text):
    return {"type": "plain_text", "text": text}


def modal(**changes):
    given = {"type": "modal", "title": plain("x"), "blocks": [{"type": "divider"}]}
    return {**given, **changes}


def typed(**changes):
    element = {"type": "plain_text_input", "action_id": "a", **changes.pop("element", {})}
    return {"type": "input", "block_id": "b", "label": plain("x"), "element": element, **changes}


OPTION = {"text": plain("x"), "value": "x"}


@pytest.mark.parametrize(
    "view",
    [
        {"type": "modal", "blocks": []},
        modal(title=plain("x" * 25)),
        modal(close=plain("x" * 25)),
        modal(submit=plain("x" * 25)),
        modal(private_metadata="x" * 3001),
        modal(callback_id="x" * 256),
        modal(blocks=[{"type": "divider"}] * 101),
        modal(colour="red"),
        modal(blocks=[typed()]),  # without submit
        modal(submit=plain("x"), blocks=[typed(label=plain("x" * 2001))]),
        modal(submit=plain("x"), blocks=[typed(hint=plain("x" * 2001))]),
        modal(submit=plain("x"), blocks=[typed(element={"max_length": 3001})]),
        modal(submit=plain("x"), blocks=[typed(element={"max_length": 2, "initial_value": "xxx"})]),
        modal(submit=plain("x"), blocks=[typed(element={"placeholder": plain("x" * 151)})]),
        modal(submit=plain("x"), blocks=[typed(element={"type": "static_select", "options": [OPTION] * 101})]),
        modal(submit=plain("x"), blocks=[typed(element={"type": "static_select", "options": []})]),
        modal(
            submit=plain("x"),
            blocks=[typed(element={"type": "static_select", "options": [{**OPTION, "text": plain("x" * 76)}]})],
        ),
        modal(
            submit=plain("x"),
            blocks=[
                typed(
                    element={
                        "type": "static_select",
                        "options": [OPTION],
                        "initial_option": {**OPTION, "value": "y"},
                    }
                )
            ],
        ),
    ],
)
async def test_it_refuses_views_that_slack_refuses(fake, view):
    code = await refused(client(fake).views_open(trigger_id=fake.trigger("U1"), view=view))
    assert code.startswith("invalid_arguments: ")
    assert fake.modals == []


async def test_a_trigger_opens_one_modal_and_only_for_a_moment(fake):
    trigger = fake.trigger("U1")
    await client(fake).views_open(trigger_id=trigger, view=modal())
    assert await refused(client(fake).views_open(trigger_id=trigger, view=modal())) == "exchanged_trigger_id"
    assert await refused(client(fake).views_open(trigger_id="t", view=modal())) == "invalid_trigger_id"
    fake.trigger_seconds = 0.0
    late = client(fake).views_open(trigger_id=fake.trigger("U1"), view=modal())
    assert await refused(late) == "expired_trigger_id"


async def test_who_draws_a_view_anew_must_know_how_it_is_drawn_now(fake):
    view = (await client(fake).views_open(trigger_id=fake.trigger("U1"), view=modal()))["view"]
    update = client(fake).views_update
    await update(view_id=view["id"], hash=view["hash"], view=modal(title=plain("y")))
    assert await refused(update(view_id=view["id"], hash=view["hash"], view=modal())) == "hash_conflict"
    assert await refused(update(view_id="V0", view=modal())) == "not_found"
    fake.modals[0].open = False
    assert await refused(update(view_id=view["id"], view=modal())) == "not_found"


async def test_a_home_is_no_modal(fake):
    publish = client(fake).views_publish
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    await publish(user_id="U1", view=home)
    assert (await refused(publish(user_id="U1", view={**home, "title": plain("x")}))).startswith("invalid_arguments")
    assert await refused(publish(user_id="U1", view=modal())) == "invalid_arguments"
    assert await refused(client(fake).views_open(trigger_id=fake.trigger("U1"), view=home)) == "invalid_arguments"
