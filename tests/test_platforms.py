"""What every platform promises; `bot.platforms.port` and `bot.delivery.transport` say the same in words.

Slack and Discord by their own SDKs against servers on loopback, the console, and a platform of another package.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings

from bot.base.form import ChannelField, Form
from bot.delivery.transport import Begun, Found, Missing, NotSent, Sent, Unknown, Unseen
from bot.platforms.discord import modal
from bot.platforms.discord import transport as discord_transport
from bot.platforms.slack import transport as slack_transport
from bot.platforms.slack.views import form_view
from briefs.store.aliases import WorkspaceAliases
from tests.fakes import ledger
from tests.fakes.discord_modals import modal_complaints
from tests.fakes.slack_view_limits import view_refusal
from tests.platforms import OnConsole, OnDiscord, OnSlack, Pigeon
from tests.replies import REPLIES, forms


def one_of(*kinds):
    @pytest.fixture(params=kinds, ids=lambda kind: kind.room.platform)
    async def platform(request):
        async with request.param.open() as opened:
            yield opened

    return platform


platform = one_of(OnSlack, OnDiscord, OnConsole, Pigeon)
remote = one_of(OnSlack, OnDiscord, Pigeon)  # an answer can be lost on the way; there are guests
served = one_of(OnSlack, OnDiscord)  # an SDK talks with a server, which keeps a history
visited = one_of(OnSlack, OnDiscord, OnConsole)  # an adapter of ours listens

# ---------------------------------------------------------------- what is rendered is within the platform's limits


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(reply=REPLIES)
async def test_whatever_is_said_the_platform_takes_it_and_what_does_not_fit_goes_into_the_thread(platform, reply):
    rendered, first = platform.transport.render(reply), None

    assert rendered == platform.transport.render(replace(reply))
    assert [message.in_thread for message in rendered] == [False] + [True] * (len(rendered) - 1)
    for message in rendered:
        kept = json.loads(json.dumps(message.payload))
        envelope = replace(platform.envelope(thread=first), payload=kept, news=True)
        sent = await platform.transport.send(envelope)
        if isinstance(sent, Begun):
            sent = await platform.transport.send(replace(envelope, begun=sent.reference))
        assert isinstance(sent, Sent)
        first = first or sent.reference


@pytest.mark.parametrize(
    "refused",
    [
        pytest.param(lambda form: view_refusal(form_view(form, "C1")), id="slack"),
        pytest.param(lambda form: list(modal_complaints(modal.modal(form))), id="discord"),
    ],
)
@example(
    form=Form("topic", "1", "en", "Of " + "0" * 21 + "🐦" * 21, "Save", "Cancel", (ChannelField("to", "To"),))
)  # each bird counts twice
@given(form=forms())
def test_whatever_a_form_asks_the_platform_takes_it(refused, form):
    assert not refused(form)


# ---------------------------------------------------------------- sent once


async def test_a_delivery_that_is_sent_twice_is_found_and_stands_once_where_repeats_are_remembered(platform):
    envelope = platform.envelope()

    sent = [await platform.transport.send(envelope) for _ in range(2)]

    if platform.transport.remembers(platform.room, None):
        assert sent[0] == sent[1]
        assert len(platform.standing()) == 1
    sight = await platform.transport.look(platform.sought(envelope.uuid))
    assert sight in [Found(one.reference) for one in sent]
    assert set(platform.standing()) == {one.reference for one in sent}


async def test_a_delivery_whose_answer_was_lost_is_found_with_its_reference(remote):
    await remote.transport.send(remote.envelope())
    envelope = remote.envelope()
    remote.fail(ledger.STORED_THEN_CLOSED)

    assert isinstance(await remote.transport.send(envelope), Unknown)

    _, reference = remote.standing()
    assert await remote.transport.look(remote.sought(envelope.uuid)) == Found(reference)
    if remote.transport.remembers(remote.room, None):
        assert await remote.transport.send(envelope) == Sent(reference)
        assert len(remote.standing()) == 2


@pytest.mark.parametrize(
    "fault",
    [
        ledger.status(500),
        ledger.status(503, stored=True),
        ledger.STORED_THEN_CLOSED,
        ledger.STORED_THEN_RESET,
        ledger.CLOSED_BEFORE_STORING,
    ],
)
async def test_of_one_attempt_without_an_answer_nothing_is_known_and_it_is_not_repeated(remote, fault):
    remote.fail(fault)

    assert isinstance(await remote.transport.send(remote.envelope()), Unknown)

    assert remote.attempts() == 1
    assert len(remote.standing()) == fault.stored


async def test_an_answer_after_the_deadline_leaves_it_open(served):
    served.fail(ledger.slow(5))

    transport = served.elsewhere(served.fake.api_url, deadline=0.3)

    assert isinstance(await transport.send(served.envelope()), Unknown)


async def test_a_post_needs_no_more_requests_than_it_says(served):
    sent = await served.transport.send(served.envelope())
    assert served.requests() <= served.transport.requests(served.room, None)
    before = served.requests()

    await served.transport.send(served.envelope(thread=sent.reference))

    assert served.requests() - before == served.transport.requests(served.room, sent.reference)


async def test_a_rate_limit_says_how_long_to_wait_and_nothing_was_posted(remote):
    remote.limit(7.5)

    limited = await remote.transport.send(remote.envelope())

    assert isinstance(limited, NotSent)
    assert limited.after_seconds == 7.5
    assert (remote.attempts(), remote.standing()) == (1, [])


async def test_without_a_connection_it_is_certain_that_nothing_was_posted(served, unused_tcp_port):
    transport = served.elsewhere(f"http://127.0.0.1:{unused_tcp_port}/api/")

    assert isinstance(await transport.send(served.envelope()), NotSent)


# ---------------------------------------------------------------- found again by its delivery


async def test_what_did_not_arrive_is_not_found(platform):
    await platform.transport.send(platform.envelope())

    sight = await platform.transport.look(platform.sought(platform.new_uuid()))

    assert sight == Missing() or (isinstance(sight, Unseen) and sight.after_seconds is None)


async def test_a_reply_is_found_in_its_thread(remote):
    first = await remote.transport.send(remote.envelope())
    reply = remote.envelope(thread=first.reference)
    sought = remote.sought(reply.uuid, first.reference)
    assert await remote.transport.look(sought) == Missing()

    sent = await remote.transport.send(reply)

    assert await remote.transport.look(sought) == Found(sent.reference)


async def test_somebody_elses_message_with_our_words_is_not_ours(served):
    envelope = served.envelope()
    await served.transport.send(envelope)
    for channel in served.fake.channels.values():
        for message in channel.messages:
            message |= {"bot_id": "B2", "author": {"id": "1"}}

    assert await served.transport.look(served.sought(envelope.uuid)) == Missing()


async def test_a_long_history_is_read_page_by_page(served):
    envelope = served.envelope()
    await served.transport.send(envelope)
    for _ in range(230):
        await served.transport.send(served.envelope())

    assert isinstance(await served.transport.look(served.sought(envelope.uuid)), Found)


async def test_of_a_history_that_does_not_end_it_is_not_said_that_it_has_no_such_message(served, monkeypatch):
    for module in (slack_transport, discord_transport):
        assert module._PAGES * module._PAGE == 1000
        monkeypatch.setattr(module, "_PAGES", 1)
    for _ in range(101):
        await served.transport.send(served.envelope())

    sight = await served.transport.look(served.sought(served.new_uuid()))

    assert sight == Unseen("too much was written since")


async def test_a_history_that_may_not_be_read_is_said_to_be_so(served):
    envelope = served.envelope()
    await served.transport.send(envelope)
    served.lock()

    sight = await served.transport.look(served.sought(envelope.uuid))

    assert isinstance(sight, Unseen)
    assert sight.after_seconds is None


async def test_a_rate_limit_says_when_to_look_again(served):
    served.limit(42, served.read)

    assert (await served.transport.look(served.sought(served.new_uuid()))).after_seconds == 42


@pytest.mark.parametrize("fault", [ledger.STORED_THEN_CLOSED, ledger.status(503)])
async def test_trouble_on_the_way_is_a_reason_to_look_again(served, fault):
    served.fake.fail_next(served.read, fault, times=None)  # aiohttp itself repeats a read that was cut off

    assert (await served.transport.look(served.sought(served.new_uuid()))).after_seconds > 0


# ---------------------------------------------------------------- acknowledged at once


@pytest.mark.usefixtures("as_impatient_as_usual")
async def test_a_command_is_acknowledged_in_time_whatever_keeps_its_handler(visited, office):
    async with visited.talking(office.dispatcher):
        with office.archive.database.write():  # and so nobody else writes
            asking = asyncio.create_task(visited.say("zone", {"zone": "Asia/Shanghai"}))
            await visited.acknowledged()
            assert not asking.done()
        assert "Asia/Shanghai" in await asking


# ---------------------------------------------------------------- who may change what

CHANGES = [
    ("topic add", {"topic": "ferries", "words": "ferry"}),
    ("alias add", {"names": "ferry = bac"}),
    ("subscribe", {"topic": "Open links"}),
    ("zone", {"zone": "Asia/Shanghai"}),
]


def kept(office, room):
    channels = office.channels
    of_room = channels.topics(room), WorkspaceAliases(office.archive.database).of(room), channels.subscriptions(room)
    return [len(things) for things in of_room], channels.settings(room).zone


@pytest.mark.parametrize(("command", "said"), CHANGES)
async def test_a_guest_changes_nothing_and_is_told_so_in_the_same_words(remote, office, command, said):
    before = kept(office, remote.room)

    async with remote.talking(office.dispatcher):
        told = await remote.say(command, said, guest=True)

    assert told == "Only those who manage #general may do that; ask one of them."
    assert kept(office, remote.room) == before


@pytest.mark.parametrize(("command", "said"), CHANGES)
async def test_an_administrator_changes_it(platform, office, command, said):
    before = kept(office, platform.room)

    async with platform.talking(office.dispatcher):
        assert "Only those who manage" not in await platform.say(command, said)

    assert kept(office, platform.room) != before
