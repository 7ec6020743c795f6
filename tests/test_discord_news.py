"""A notification of a digest in Discord says its news: it is begun as a line of text, and becomes all components."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.base.reply import Button, Buttons, Heading, Paragraph, Reply, Span
from bot.delivery import protocol
from bot.delivery.editions import Edition
from bot.delivery.transport import Begun, Envelope, Found, NotSent, Rejected, Sent, Sought, Unknown, tell
from bot.delivery.worker import DeliveryWorker
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.transport import DiscordTransport
from briefs.models import Channel
from briefs.store import schema
from briefs.store.channels import Channels
from briefs.store.database import Database
from briefs.store.deliveries import Deliveries
from briefs.store.runs import Runs
from tests.fakes import ledger
from tests.fakes.discord import FORUM, GENERAL, GUILD, TEXT, FakeDiscord, rate_limited, readable
from tests.test_deliveries import rows, subscribe
from tests.test_delivery import NINE, Clock

ROOM = Channel("discord", GUILD, GENERAL)
NEWS = ("Seals return to the bay", "Harbour opens its gates")
DIGEST = Reply(
    "en",
    "Battery supply, 2 stories",
    (Heading("Battery supply"), Paragraph(((Span("Seals return"),),)), Buttons((Button("open", "Settings", "list"),))),
    public=True,
    headlines=NEWS,
    overflow=(Heading("The rest"),),
)
TOLD = "Battery supply, 2 stories: Seals return to the bay; Harbour opens its gates"
CREATE, EDIT = "POST /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}"
V2 = 1 << 15


@pytest.fixture
async def fake():
    async with FakeDiscord() as fake:
        yield fake


@pytest.fixture
async def transport(fake):
    rest = Rest(fake.token, fake.api_url, "tests", deadline=2)
    yield DiscordTransport(rest)
    await rest.close()


def digest(transport, reply=DIGEST, channel=GENERAL) -> Envelope:
    payload = transport.render(reply)[0].payload
    return Envelope(replace(ROOM, id=channel), payload, "a1b2c3d4-0", "n1", news=True)


def shown(fake, channel=GENERAL) -> list[tuple[bool, str]]:
    """What stands there: whether it is all components, and what it begins with."""
    return [(bool(one["flags"] & V2), readable(one).partition("\n")[0]) for one in fake.messages(channel)]


# ---------------------------------------------------------------- by the transport


async def test_a_digest_is_begun_with_its_news_and_then_is_the_digest_in_the_same_message(fake, transport):
    envelope = digest(transport)

    begun = await transport.send(envelope)

    assert isinstance(begun, Begun)
    assert shown(fake) == [(False, TOLD)]

    assert await transport.send(replace(envelope, begun=begun.reference)) == Sent(begun.reference)

    assert shown(fake) == [(True, "### Battery supply")]
    (message,) = fake.messages()
    assert (message["id"], message["content"]) == (begun.reference, "")
    assert [entry.body["allowed_mentions"] for entry in fake.ledger] == [{"parse": []}] * 2


async def test_what_no_notification_has_to_tell_is_posted_at_once(fake, transport):
    envelope = digest(transport)

    assert isinstance(await transport.send(replace(envelope, news=False)), Sent)

    assert [flagged for flagged, _ in shown(fake)] == [True]
    assert fake.requests.count(EDIT) == 0


async def test_the_thread_of_a_digest_notifies_nobody_and_is_posted_at_once(fake, transport):
    first = await transport.send(replace(digest(transport), news=False))
    payload = transport.render(DIGEST)[1].payload

    sent = await transport.send(Envelope(ROOM, payload, "b-2", "n2", first.reference, news=True))

    assert isinstance(sent, Sent)
    assert [flagged for flagged, _ in shown(fake, first.reference)] == [True]


async def test_a_digest_that_an_older_version_wrote_has_no_news_and_is_posted_at_once(fake, transport):
    envelope = digest(transport)
    old = {key: value for key, value in envelope.payload.items() if key != "news"}

    assert isinstance(await transport.send(replace(envelope, payload=old)), Sent)


@pytest.mark.parametrize(
    ("headline", "said"),
    [
        ("@everyone, look", "@\u200beveryone, look"),
        ("<@123> said so", "\\<\u200b@123\\> said so"),
        ("[Click](https://evil.example)", r"\[Click\](https\://evil.example)"),
        ("Join discord.gg/abc", "Join discord\u200b.gg/abc"),
        ("||hidden|| `code` **bold**", r"\|\|hidden\|\| \`code\` \*\*bold\*\*"),
        ("two\nlines", "two lines"),
    ],
)
async def test_nothing_that_a_stranger_wrote_is_live_in_it(fake, transport, headline, said):
    await transport.send(digest(transport, replace(DIGEST, headlines=(headline,))))

    assert shown(fake) == [(False, f"Battery supply, 2 stories: {said}")]


async def test_what_is_posted_again_under_its_nonce_is_the_one_that_was_begun(fake, transport):
    envelope = digest(transport)

    begun = [await transport.send(envelope) for _ in range(2)]

    assert begun[0] == begun[1]
    assert len(fake.messages()) == 1


async def test_a_look_tells_what_is_only_begun_from_what_is_whole(transport):
    envelope = digest(transport)
    sought = Sought(ROOM, envelope.uuid, datetime.now(UTC) - timedelta(minutes=5))

    begun = await transport.send(envelope)
    assert await transport.look(sought) == Found(begun.reference, whole=False)

    await transport.send(replace(envelope, begun=begun.reference))
    assert await transport.look(sought) == Found(begun.reference)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (rate_limited(7), NotSent),
        (ledger.status(503), Unknown),
        (ledger.status(502, stored=True), Unknown),
        (ledger.STORED_THEN_CLOSED, Unknown),
        (ledger.CLOSED_BEFORE_STORING, Unknown),
        (ledger.error("50001"), Rejected),
    ],
)
async def test_one_that_was_begun_is_finished_as_often_as_it_takes(fake, transport, fault, outcome):
    envelope = digest(transport)
    begun = await transport.send(envelope)
    finishing = replace(envelope, begun=begun.reference)
    fake.fail_next(EDIT, fault)

    assert isinstance(await transport.send(finishing), outcome)
    assert await transport.send(finishing) == Sent(begun.reference)

    assert shown(fake) == [(True, "### Battery supply")]


async def test_who_takes_it_away_before_it_is_finished_does_not_get_it_again(fake, transport):
    envelope = digest(transport)
    begun = await transport.send(envelope)
    fake.channels[GENERAL].messages.clear()

    assert await transport.send(replace(envelope, begun=begun.reference)) == Sent(begun.reference)

    assert fake.messages() == []


@pytest.mark.parametrize("known", [True, None])
async def test_the_post_of_a_forum_is_begun_and_finished_in_its_own_thread(fake, transport, known):
    forum = fake.add_channel("forum", type=FORUM)
    transport._is_forum = lambda _: known
    envelope = digest(transport, channel=forum)

    begun = await transport.send(envelope)
    assert shown(fake, begun.reference) == [(False, TOLD)]

    assert await transport.send(replace(envelope, begun=begun.reference)) == Sent(begun.reference)
    assert shown(fake, begun.reference) == [(True, "### Battery supply")]


@pytest.mark.parametrize("known", [True, None])
@pytest.mark.parametrize("kind", [TEXT, FORUM])
async def test_a_post_needs_no_more_requests_than_are_counted_for_it(fake, transport, known, kind):
    place = fake.add_channel("place", type=kind)
    transport._is_forum = lambda _: known and kind == FORUM
    envelope = digest(transport, channel=place)
    counted = transport.requests(envelope.channel, None)

    begun = await transport.send(envelope)
    to_begin, before = len(fake.requests), len(fake.requests)
    await transport.send(replace(envelope, begun=begun.reference))

    assert max(to_begin, len(fake.requests) - before) <= counted
    assert counted == (2 if known is None else 1)


async def test_a_forum_post_that_was_taken_away_does_not_come_again(fake, transport):
    forum = fake.add_channel("forum", type=FORUM)
    transport._is_forum = lambda _: None
    envelope = digest(transport, channel=forum)
    begun = await transport.send(envelope)
    del fake.channels[begun.reference]

    assert await transport.send(replace(envelope, begun=begun.reference)) == Sent(begun.reference)


# ---------------------------------------------------------------- what is no delivery


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr("bot.platforms.discord.transport._HEARD", 0.0)


async def test_what_is_told_once_is_finished_right_after(fake, transport, at_once):
    sent = await tell(transport, replace(digest(transport), news=False))

    assert isinstance(sent, Sent)
    assert shown(fake) == [(True, "### Battery supply")]


async def test_what_is_told_once_stays_as_its_news_where_it_cannot_be_finished(fake, transport, at_once, caplog):
    fake.fail_next(EDIT, ledger.status(503), times=3)

    assert isinstance(await tell(transport, digest(transport)), Sent)

    assert shown(fake) == [(False, TOLD)]
    assert "stands there as its news alone" in caplog.text


BLOCKED = ledger.error("40333")


@pytest.mark.parametrize(
    ("faults", "waited", "whole"),
    [
        ([rate_limited(7)], [1, 7], True),
        ([rate_limited(600), rate_limited(7)], [1, 60, 7], True),
        ([BLOCKED, BLOCKED], [1, 60, 60], True),
        ([ledger.status(503), ledger.CLOSED_BEFORE_STORING], [1, 2, 4], True),
        ([ledger.error("50001")], [1], False),
    ],
)
async def test_what_is_told_once_is_finished_when_discord_says_so(fake, transport, faults, waited, whole):
    for fault in faults:
        fake.fail_next(EDIT, fault)
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    assert isinstance(await tell(transport, digest(transport), sleep), Sent)

    assert (slept, shown(fake)[0][0]) == (waited, whole)


# ---------------------------------------------------------------- by the delivery worker


@pytest.fixture
def clock():
    return Clock(NINE)


@pytest.fixture
def database(database_url):
    with Database.open(database_url) as database:
        subscribe(database, channel=ROOM)
        yield database


@pytest.fixture
def start(database, clock, transport):
    def start(now=clock) -> DeliveryWorker:
        def compose(run):
            return Edition(DIGEST, run.after + 1, clock.now, {}, {})

        delivery_worker = DeliveryWorker(Runs(database), Deliveries(database), compose, clock=now)
        delivery_worker.serve(transport)
        return delivery_worker

    return start


async def tick(delivery_worker, clock, seconds=0.0):
    clock.pass_(seconds=seconds)
    await delivery_worker.tick()
    await delivery_worker.drain()


async def test_a_digest_is_finished_a_moment_after_its_news_and_the_thread_follows(fake, database, start, clock):
    worker = start()

    await tick(worker, clock)
    assert shown(fake) == [(False, TOLD)]
    assert rows(database, schema.delivery, "state") == [("RETRY",), ("PENDING",)]

    await tick(worker, clock, 1)

    assert shown(fake) == [(True, "### Battery supply")]
    assert [flagged for flagged, _ in shown(fake, fake.messages()[0]["id"])] == [True]
    assert rows(database, schema.delivery, "state") == [("SENT",), ("SENT",)]


async def test_a_worker_wakes_by_itself_for_what_it_has_begun(fake, start, monkeypatch):
    monkeypatch.setattr("bot.platforms.discord.transport._HEARD", 0.01)
    loop = asyncio.get_running_loop()
    began = loop.time()
    worker = start(lambda: NINE + timedelta(seconds=loop.time() - began))
    await worker.tick()

    await fake.until(lambda: EDIT in fake.requests)
    await worker.drain()

    assert shown(fake)[0][0]


async def test_after_a_restart_another_finishes_what_was_begun(fake, database, start, clock):
    await tick(start(), clock)

    await tick(start(), clock, 3600)

    assert shown(fake) == [(True, "### Battery supply")]
    assert fake.requests.count(CREATE) == 1 + 1 + 1  # the digest, and its thread: in vain, and once there is one
    assert rows(database, schema.delivery, "state") == [("SENT",), ("SENT",)]


@pytest.mark.parametrize("later", [90, 3600], ids=["its nonce is remembered", "its nonce is forgotten"])
async def test_what_was_begun_when_the_process_died_is_found_and_finished(
    fake, database, start, clock, transport, later
):
    """Killed between the first request and the moment when it would have been written down."""
    worker = start()
    await worker.plan()
    await worker._composer.compose(worker._transports, lambda *_: None)  # and posts nothing yet
    (claim,) = Deliveries(database).claim("discord", clock.now, clock.now + timedelta(seconds=60))
    fake.clock = lambda: clock.now
    await transport.send(Envelope(ROOM, dict(claim.payload), claim.uuid, claim.nonce, news=True))

    for seconds in (later, 40, 40, 2):
        await tick(start(), clock, seconds)

    assert shown(fake) == [(True, "### Battery supply")]
    assert rows(database, schema.delivery, "state") == [("SENT",), ("SENT",)]


@pytest.mark.parametrize("fault", [ledger.status(503), ledger.status(500, stored=True), rate_limited(3)])
async def test_where_it_cannot_be_finished_it_is_tried_again_and_nothing_is_posted_twice(fake, start, clock, fault):
    worker = start()
    fake.fail_next(EDIT, fault, times=2)

    for seconds in (0, 1, 15, 30):
        await tick(worker, clock, seconds)

    assert shown(fake) == [(True, "### Battery supply")]


async def test_where_it_can_never_be_finished_it_is_tried_soon_at_first_and_then_seldom(fake, start, clock):
    worker = start()
    await tick(worker, clock)
    fake.fail_next(EDIT, ledger.status(503), times=None)

    for _ in range(8):
        await tick(worker, clock, 5)
    assert fake.requests.count(EDIT) == 7  # the eighth comes after ten seconds

    for _ in range(24):
        await tick(worker, clock, 300)
    within = fake.requests.count(EDIT)
    for _ in range(60):
        await tick(worker, clock, 10)

    assert fake.requests.count(EDIT) - within <= 2  # in ten minutes


async def test_a_process_that_dies_while_it_finishes_leaves_no_doubt(fake, database, start, clock):
    await tick(start(), clock)
    clock.pass_(seconds=2)
    Deliveries(database).claim("discord", clock.now, clock.now + timedelta(seconds=60))

    for _ in range(2):
        await tick(start(), clock, 3600)

    assert shown(fake) == [(True, "### Battery supply")]
    assert fake.requests.count("GET /channels/{channel}/messages") == 0


async def test_a_channel_that_is_closed_to_the_bot_in_between_pauses_and_what_was_begun_is_finished_later(
    fake, database, start, clock
):
    worker = start()
    await tick(worker, clock)
    fake.fail_next(EDIT, ledger.error("50001"))

    await tick(worker, clock, 1)
    assert rows(database, schema.delivery, "state") == [("FAILED",), ("FAILED",)]
    assert rows(database, schema.subscription, "paused") == [(True,)]

    (number, *_) = (row[0] for row in rows(database, schema.delivery, "id"))
    assert Deliveries(database).retry(number, clock.now)
    await tick(worker, clock, 1)

    assert shown(fake) == [(True, "### Battery supply")]


async def test_what_was_begun_and_refused_counts_as_told_and_each_resumption_tries_to_finish_it(
    fake, database, start, clock
):
    worker = start()
    await tick(worker, clock)
    channels = Channels(database)
    (subscription,) = channels.subscriptions(ROOM)
    fake.fail_next(EDIT, ledger.error("50001"), times=3)

    for _ in range(3):
        await tick(worker, clock, 1)
        assert rows(database, schema.delivery, "state") == [("FAILED",), ("FAILED",)]
        assert rows(database, schema.subscription, "position") == rows(database, schema.run, "through_row")
        channels.resume(subscription, clock.now + timedelta(days=9), "2026-09-23T09:00")
    for _ in range(2):
        await tick(worker, clock, 60)

    assert shown(fake) == [(True, "### Battery supply")]
    assert rows(database, schema.delivery, "state") == [("SENT",), ("SENT",)]


@pytest.mark.parametrize("refusals", [0, 1])
async def test_what_was_begun_is_finished_though_its_subscription_ends(fake, database, start, clock, refusals):
    worker = start()
    await tick(worker, clock)
    channels = Channels(database)
    channels.unsubscribe(*channels.subscriptions(ROOM))
    if refusals:
        fake.fail_next(EDIT, ledger.status(503), times=refusals)

    for _ in range(refusals + 1):
        assert shown(fake) == [(False, TOLD)]
        await tick(worker, clock, 10)
    await tick(worker, clock, 10)

    assert shown(fake) == [(True, "### Battery supply")]
    assert fake.requests.count(EDIT) == refusals + 1


async def test_a_subscription_that_ends_while_its_digest_is_being_begun_leaves_no_line(fake, database, start, clock):
    worker = start()
    fake.fail_next(CREATE, ledger.slow(0.3))
    await worker.tick()
    await fake.until(lambda: fake.messages())
    channels = Channels(database)
    channels.unsubscribe(*channels.subscriptions(ROOM))
    await worker.drain()

    await tick(worker, clock, 10)

    assert shown(fake) == [(True, "### Battery supply")]


async def test_who_stops_finishes_what_was_begun_first(fake, database, start, clock, monkeypatch):
    monkeypatch.setattr("bot.platforms.discord.transport._HEARD", 0.01)
    worker = start()
    await tick(worker, clock)

    await worker.stop(60)

    assert shown(fake) == [(True, "### Battery supply")]

    await tick(start(), clock, 60)
    assert rows(database, schema.delivery, "state") == [("SENT",), ("SENT",)]


async def test_who_stops_waits_for_no_finish_that_discord_puts_off(fake, start, clock):
    worker = start()
    await tick(worker, clock)
    fake.fail_next(EDIT, rate_limited(3600))
    await tick(worker, clock, 1)

    await worker.stop(60)

    assert fake.requests.count(EDIT) == 1


async def test_a_wait_for_ones_turn_forgets_nothing_that_was_begun(database, start, clock):
    await tick(start(), clock)
    clock.pass_(seconds=2)
    deliveries = Deliveries(database)
    (claim,) = deliveries.claim("discord", clock.now, clock.now + timedelta(seconds=60))

    deliveries.settle(claim, protocol.put_off(claim, timedelta(seconds=1), clock.now))

    clock.pass_(seconds=2)
    (again,) = deliveries.claim("discord", clock.now, clock.now + timedelta(seconds=60))
    assert again.begun == claim.begun is not None
