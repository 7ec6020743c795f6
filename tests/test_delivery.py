"""The delivery worker: what is due stands in its channel once, whatever happens on the way."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.base.calendar import QuietHours
from bot.base.reply import Heading, Reply
from bot.delivery import planning, protocol
from bot.delivery.editions import Edition
from bot.delivery.rate_limits import Limits, Rate
from bot.delivery.transport import Found, Missing, NotSent, Rejected, Sent, Unknown, Unseen
from bot.delivery.worker import AT_ONCE, DeliveryWorker
from briefs.errors import DatabaseBusy, IndexAway, UsageError
from briefs.models import Channel
from briefs.store import schema
from briefs.store.channel_rows import Subscription
from briefs.store.channels import Channels
from briefs.store.database import Database
from briefs.store.deliveries import Claim, Deliveries, Uncertain
from briefs.store.outbox import DueRun
from briefs.store.runs import Runs, Waiting
from tests import sqlite
from tests.fakes.transport import RecordingTransport, Stored
from tests.test_deliveries import NINE, ROOM, freeze, plan, rows, subscribe

PACE = protocol.Pace()

# ---------------------------------------------------------------- what is decided


def waiting(due=NINE, local="2026-09-14T09:00") -> Waiting:
    return Waiting("09:00 mon,tue,wed,thu,fri", "Europe/Paris", local, due)


def test_a_run_in_time_is_due_and_the_next_working_day_follows():
    friday = waiting(NINE + timedelta(days=4), "2026-09-18T09:00")

    planned = planning.plan(friday, friday.due, "newest")

    assert [(run.local, run.state) for run in planned.runs] == [("2026-09-18T09:00", "DUE")]
    assert planned.next_local == "2026-09-21T09:00"


@pytest.mark.parametrize(("catch_up", "state"), [("newest", "DUE"), ("none", "SKIPPED")])
def test_after_downtime_the_policy_says_whether_the_newest_run_is_made_up_for(catch_up, state):
    planned = planning.plan(waiting(), NINE + timedelta(days=1, hours=6), catch_up)

    assert [(run.local, run.state) for run in planned.runs] == [
        ("2026-09-14T09:00", "SKIPPED"),
        ("2026-09-15T09:00", state),
    ]


def test_a_run_taken_up_a_few_minutes_late_is_not_missed():
    planned = planning.plan(waiting(), NINE + timedelta(minutes=10), "none")

    assert [run.state for run in planned.runs] == ["DUE"]


def test_what_was_missed_on_friday_does_not_come_on_saturday_but_with_mondays_digest():
    friday = waiting(NINE + timedelta(days=4), "2026-09-18T09:00")

    planned = planning.plan(friday, friday.due + timedelta(days=1), "newest")

    assert [(run.local, run.state) for run in planned.runs] == [("2026-09-18T09:00", "SKIPPED")]
    assert planned.next_local == "2026-09-21T09:00"


@pytest.mark.parametrize(("catch_up", "state"), [("newest", "DUE"), ("none", "SKIPPED")])
def test_where_a_copy_was_put_back_the_first_run_since_is_the_one_to_look_for(catch_up, state):
    planned = planning.plan_again(waiting(), NINE + timedelta(days=2, hours=6), catch_up)

    assert [(run.local, run.state) for run in planned.runs] == [
        ("2026-09-14T09:00", state),
        ("2026-09-15T09:00", "SKIPPED"),
        ("2026-09-16T09:00", "SKIPPED"),
    ]
    assert planned.next_local == "2026-09-17T09:00"


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-09-14T07:00", "2026-09-14T07:00"),  # 9:00 in Paris
        ("2026-09-14T19:59", "2026-09-14T07:00"),  # late, and still awake
        ("2026-09-14T20:00", "2026-09-15T05:00"),  # 22:00
        ("2026-09-15T00:00", "2026-09-15T05:00"),
        ("2026-09-15T04:59", "2026-09-15T05:00"),
    ],
)
def test_what_would_come_at_night_comes_in_the_morning(now, due):
    moments = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, due)]

    (run,) = planning.plan(waiting(), moments[0], "newest", QuietHours("22:00", "07:00")).runs

    assert (run.due, run.state) == (moments[1], "DUE")


def test_what_a_clock_planned_that_has_gone_back_since_waits_for_its_next_date_and_has_no_run():
    years_ahead = waiting(NINE + timedelta(days=371), "2027-09-20T09:00")

    planned = planning.plan(years_ahead, NINE - timedelta(hours=1), "newest")

    assert (planned.runs, planned.next_local) == ((), "2026-09-14T09:00")


def test_of_several_times_that_were_missed_the_newest_is_made_up_for():
    twice = Waiting("09:00,17:00 daily", "Europe/Paris", "2026-09-14T09:00", NINE)

    planned = planning.plan(twice, NINE + timedelta(hours=9), "newest")

    assert [(run.local, run.state) for run in planned.runs] == [
        ("2026-09-14T09:00", "SKIPPED"),
        ("2026-09-14T17:00", "DUE"),
    ]
    assert planned.next_local == "2026-09-15T09:00"


@pytest.mark.parametrize(
    ("schedule", "state"),
    {"09:00 mon": "SKIPPED", "09:00 mon every 2 weeks from 2026-09-14": "DUE", "09:00 second mon": "DUE"}.items(),
)
def test_what_was_missed_comes_on_another_day_where_the_next_digest_is_far(schedule, state):
    missed = Waiting(schedule, "Europe/Paris", "2026-09-14T09:00", NINE)

    (run,) = planning.plan(missed, NINE + timedelta(days=1), "newest").runs

    assert run.state == state


def test_after_the_last_date_nothing_is_due_any_more():
    last = Waiting("09:00 daily until 2026-09-14", "Europe/Paris", "2026-09-14T09:00", NINE)

    planned = planning.plan(last, NINE + timedelta(seconds=3), "newest")

    assert ([run.state for run in planned.runs], planned.next_due) == (["DUE"], None)


def a_claim(attempts=1) -> Claim:
    return Claim(1, 1, ROOM, {}, "uuid", "nonce", None, attempts, NINE, NINE + PACE.lease)


def test_what_becomes_of_a_delivery_follows_from_what_is_known():
    def state(outcome):
        return protocol.after_attempt(a_claim(), outcome, NINE).state

    assert state(Sent("1")) == "SENT"
    assert state(NotSent("429")) == "RETRY"
    assert state(Rejected("archived")) == "FAILED"
    assert state(Unknown("time-out")) == "UNCERTAIN"


def test_a_retry_waits_as_long_as_the_platform_says_and_else_twice_as_long_each_time():
    def wait(attempts, after_seconds=None):
        settlement = protocol.after_attempt(a_claim(attempts), NotSent("429", after_seconds), NINE)
        return (settlement.not_before - NINE).total_seconds()

    assert wait(1, after_seconds=42.5) == 42.5
    assert [wait(attempts) for attempts in (1, 2, 3, 50)] == [5, 10, 20, 300]


def test_an_unknown_outcome_settles_when_the_lease_is_over():
    settlement = protocol.after_attempt(a_claim(), Unknown("reset"), NINE + timedelta(seconds=15))

    assert (settlement.settle_until, settlement.doubt) == (NINE + PACE.lease, NINE)


def test_a_doubt_is_as_old_as_the_first_attempt_that_may_have_arrived():
    again = replace(a_claim(2), doubt=NINE - timedelta(minutes=1))

    assert protocol.after_attempt(again, Unknown("reset"), NINE).doubt == again.doubt
    assert protocol.after_attempt(again, NotSent("429"), NINE).doubt == again.doubt
    assert protocol.after_attempt(again, Sent("1"), NINE).doubt is None


def uncertain(misses=0, doubt=NINE) -> Uncertain:
    return Uncertain(1, 1, ROOM, "uuid", "nonce", 1, doubt, misses, None)


def look(sight, *, misses=0, policy="prefer_delivery", after=PACE.lease):
    return protocol.after_look(uncertain(misses), sight, policy, NINE + after, PACE)


def test_what_is_found_in_its_channel_is_sent():
    settlement = look(Found("1700.1"))

    assert (settlement.state, settlement.reference) == ("SENT", "1700.1")


def test_what_is_not_found_is_looked_for_once_more_a_while_later():
    settlement = look(Missing())

    assert (settlement.state, settlement.misses, settlement.doubt) == ("UNCERTAIN", 1, NINE)
    assert settlement.settle_until == NINE + PACE.lease + PACE.apart


@pytest.mark.parametrize(("policy", "state"), [("prefer_delivery", "RETRY"), ("prefer_silence", "PARKED")])
@pytest.mark.parametrize(("sight", "misses"), [(Missing(), 1), (Unseen("missing_scope"), 0)])
def test_what_stays_unknown_is_sent_again_or_parked_as_the_policy_says(policy, state, sight, misses):
    settlement = look(sight, misses=misses, policy=policy)

    assert (settlement.state, settlement.doubt) == (state, None)
    assert "may" in settlement.error


def test_a_channel_that_cannot_be_read_now_is_asked_again_for_a_while_and_then_the_policy_is_followed():
    limited = Unseen("ratelimited", after_seconds=60)

    settlement = look(limited, misses=1)
    assert (settlement.state, settlement.misses) == ("UNCERTAIN", 1)
    assert settlement.settle_until == NINE + PACE.lease + timedelta(seconds=60)
    assert look(limited, after=PACE.patience).state == "RETRY"


def test_a_repeat_is_its_own_look_as_long_as_the_platform_remembers_the_nonce():
    memory = timedelta(minutes=2)

    assert protocol.repeat(uncertain(), memory, NINE + timedelta(seconds=90), PACE).doubt == NINE
    assert protocol.repeat(uncertain(), memory, NINE + timedelta(seconds=110), PACE) is None
    assert protocol.repeat(uncertain(), timedelta(0), NINE, PACE) is None


def test_a_repeat_that_was_held_up_until_its_nonce_is_forgotten_is_looked_for_instead():
    held_up = replace(a_claim(2), doubt=NINE - timedelta(minutes=5))

    settlement = protocol.before_post(held_up, timedelta(minutes=2), NINE, PACE)

    assert (settlement.state, settlement.settle_until, settlement.doubt) == ("UNCERTAIN", NINE, held_up.doubt)
    assert protocol.before_post(a_claim(), timedelta(0), NINE, PACE) is None


# ---------------------------------------------------------------- what is done


class Clock:
    """The time it is, moved by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock():
    return Clock(NINE - timedelta(minutes=5))


@pytest.fixture
def database(database_url):
    with Database.open(database_url) as database:
        yield database


@pytest.fixture
def transport():
    return RecordingTransport()


@pytest.fixture
def news():
    """What each topic has to say: topic → lines, by default its name; the second line goes into the thread."""
    return {"Tencent": ["Tencent opens up"]}


@pytest.fixture
def start(database, clock, transport, news):
    """Start a delivery worker, as a process would: what it knows is in the database."""

    def compose(run: DueRun) -> Edition:
        lines = news.get(run.topic, [run.topic])
        if isinstance(lines, Exception):
            raise lines
        thread = tuple(Heading(line) for line in lines[1:])
        reply = Reply("en", lines[0], (), public=True, overflow=thread) if lines else None
        return Edition(reply, through=run.after + 1, until=clock.now, told={}, content={"topic": run.topic})

    def start(**options) -> DeliveryWorker:
        delivery_worker = DeliveryWorker(Runs(database), Deliveries(database), compose, clock=clock, **options)
        delivery_worker.serve(transport)
        return delivery_worker

    return start


async def tick(delivery_worker):
    await delivery_worker.tick()
    await delivery_worker.drain()


async def test_a_digest_is_posted_when_its_time_comes_and_once(database, start, clock, transport):
    subscribe(database)
    delivery_worker = start()

    await tick(delivery_worker)
    assert transport.texts == []

    clock.pass_(minutes=5)
    for _ in range(3):
        await tick(delivery_worker)
        clock.pass_(minutes=1)

    assert transport.texts == [("general", "Tencent opens up")]
    assert rows(database, schema.delivery, "state", "reference") == [("SENT", "message 1")]


async def test_a_restart_at_any_step_posts_it_once_all_the_same(database, start, clock, transport):
    subscribe(database)
    clock.pass_(minutes=5)

    await start().plan()
    composing = start()
    await composing.compose()
    await composing.stop(within_seconds=60)
    await tick(start())
    await tick(start())

    assert transport.texts == [("general", "Tencent opens up")]


async def test_the_log_tells_by_its_numbers_when_a_digest_went_out_and_until_when_one_waits(
    database, start, clock, transport, caplog
):
    caplog.set_level("INFO", "bot.delivery.worker")
    transport.script.append(NotSent("ratelimited", 40.0))
    subscribe(database)
    delivery_worker = start()
    clock.pass_(minutes=5)
    await tick(delivery_worker)
    clock.pass_(seconds=40)
    await tick(delivery_worker)

    ((uuid,),) = rows(database, schema.delivery, "uuid")
    assert [record.getMessage() for record in caplog.records] == [
        f"delivery {uuid} to console home/general: RETRY, ratelimited; again at 07:00:40 UTC",
        f"delivery {uuid} to console home/general: posted as message 1",
    ]


async def test_what_was_written_is_posted_as_it_was_written_also_by_a_process_that_would_write_it_otherwise(
    database, start, clock, transport, news
):
    subscribe(database)
    clock.pass_(minutes=5)
    await start().plan()
    composing = start()
    await composing.compose()  # and is about to post
    await composing.stop(within_seconds=60)
    news["Tencent"] = ["Tencent closes again"]
    await tick(start())

    assert set(transport.texts) == {("general", "Tencent opens up")}


async def test_each_day_has_its_own_digest(database, start, clock, transport, news):
    subscribe(database)
    clock.pass_(minutes=5)
    delivery_worker = start()

    await tick(delivery_worker)
    news["Tencent"] = ["Tencent closes again"]
    clock.pass_(days=1)
    await tick(delivery_worker)

    assert [text for _, text in transport.texts] == ["Tencent opens up", "Tencent closes again"]


async def test_the_thread_follows_its_first_message_in_order(database, start, clock, transport, news):
    subscribe(database)
    news["Tencent"] = ["one", "two", "three"]
    clock.pass_(minutes=5)

    await tick(start())

    assert [(envelope.payload["text"], envelope.thread) for envelope in transport.posted] == [
        ("one", None),
        ("two", "message 1"),
        ("three", "message 1"),
    ]


async def test_nothing_new_is_not_posted(database, start, clock, transport, news):
    subscribe(database)
    news["Tencent"] = []
    clock.pass_(minutes=5)

    await tick(start())

    assert transport.tried == []
    assert rows(database, schema.run, "state") == [("EMPTY",)]


async def test_a_rate_limit_is_waited_for_and_the_same_message_goes_out(database, start, clock, transport):
    subscribe(database)
    transport.script.append(NotSent("rate limited", after_seconds=30))
    delivery_worker = start()
    clock.pass_(minutes=5)

    await tick(delivery_worker)
    clock.pass_(seconds=29)
    await tick(delivery_worker)
    assert len(transport.tried) == 1

    clock.pass_(seconds=1)
    await tick(delivery_worker)

    first, second = transport.tried
    assert first == second
    assert transport.texts == [("general", "Tencent opens up")]


async def test_a_platform_that_says_never_is_asked_once_and_the_subscription_pauses(database, start, clock, transport):
    subscribe(database)
    transport.script.append(Rejected("the channel is archived"))
    delivery_worker = start()
    clock.pass_(minutes=5)

    for _ in range(4):
        await tick(delivery_worker)
        clock.pass_(days=1)

    assert len(transport.tried) == 1
    assert rows(database, schema.subscription, "paused", "paused_because") == [(True, "the channel is archived")]


def mine(database) -> Subscription:
    (subscription,) = Channels(database).subscriptions(ROOM)
    return subscription


async def test_a_digest_that_was_refused_half_way_goes_on_when_its_subscription_is_resumed(
    database, start, clock, transport, news
):
    news["Tencent"] = ["one", "two", "three"]
    subscribe(database)
    transport.script.extend([Sent("1700.1"), Rejected("not_in_channel")])
    delivery_worker = start()
    clock.pass_(minutes=5)
    for _ in range(3):
        await tick(delivery_worker)
    assert transport.texts == [("general", "one")]
    assert rows(database, schema.delivery, "state") == [("SENT",), ("FAILED",), ("FAILED",)]

    Channels(database).resume(mine(database), clock.now + timedelta(days=1), "2026-09-15T09:00")
    for _ in range(3):
        await tick(delivery_worker)

    assert [text for _, text in transport.texts] == ["one", "two", "three"]
    assert {envelope.thread for envelope in transport.posted[1:]} == {"1700.1"}
    assert rows(database, schema.run, "state") == [("DONE",)]


async def test_what_is_refused_a_second_time_is_not_tried_at_each_resumption(database, start, clock, transport, news):
    news["Tencent"] = ["one", "two"]
    subscribe(database)
    transport.script.extend([Sent("1700.1"), *[Rejected("invalid_blocks")] * 5])
    delivery_worker = start()
    clock.pass_(minutes=5)

    for day in range(15, 19):
        for _ in range(3):
            await tick(delivery_worker)
        Channels(database).resume(mine(database), clock.now + timedelta(days=30), f"2026-10-{day}T09:00")

    assert [envelope.payload["text"] for envelope in transport.tried] == ["one", "two", "two"]


@pytest.mark.parametrize("trouble", [Unknown("connection reset"), ConnectionResetError("a bug of the transport")])
async def test_what_was_lost_is_looked_for_twice_and_then_the_same_message_is_posted_again(
    database, start, clock, transport, trouble
):
    subscribe(database)
    transport.script.append(trouble)
    delivery_worker = start()
    clock.pass_(minutes=5)

    await tick(delivery_worker)
    clock.pass_(seconds=59)
    await tick(delivery_worker)
    assert (len(transport.tried), len(transport.looked)) == (1, 0)
    for seconds in (1, 30):
        clock.pass_(seconds=seconds)
        await tick(delivery_worker)

    assert [(sought.since, sought.thread) for sought in transport.looked] == [(NINE - PACE.reach, None)] * 2
    first, second = transport.tried
    assert (first.uuid, first.nonce, first.payload) == (second.uuid, second.nonce, second.payload)


@pytest.mark.parametrize("part", [1, 2])
async def test_what_arrived_although_its_answer_was_lost_is_found_and_not_posted_again(
    database, start, clock, transport, news, part
):
    subscribe(database)
    news["Tencent"] = ["one", "two"]
    transport.script.extend([Sent("message 1")] * (part - 1) + [Stored(Unknown("connection reset"))])
    delivery_worker = start()
    clock.pass_(minutes=5)

    await tick(delivery_worker)
    clock.pass_(minutes=1)
    await tick(delivery_worker)

    assert [text for _, text in transport.texts] == ["one", "two"]
    assert [sought.thread for sought in transport.looked] == [None if part == 1 else "message 1"]
    assert rows(database, schema.delivery, "state", "reference") == [("SENT", "message 1"), ("SENT", "message 2")]


async def test_a_message_that_arrives_behind_the_first_look_is_found_by_the_second(database, start, clock, transport):
    subscribe(database)
    transport.script.append(Stored(Unknown("no answer")))
    transport.sights.append(Missing())
    delivery_worker = start()
    clock.pass_(minutes=5)

    await tick(delivery_worker)
    for _ in range(3):
        clock.pass_(minutes=1)
        await tick(delivery_worker)

    assert len(transport.tried) == 1
    assert rows(database, schema.delivery, "state") == [("SENT",)]


async def test_a_channel_that_cannot_be_read_is_an_alert_and_the_message_may_stand_there_twice(
    database, start, clock, transport, caplog
):
    subscribe(database)
    transport.readable = False
    transport.script.append(Stored(Unknown("no answer")))
    delivery_worker = start()
    clock.pass_(minutes=5)

    await tick(delivery_worker)
    clock.pass_(minutes=1)
    await tick(delivery_worker)

    assert len(transport.posted) == 2
    (alert,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert alert.endswith("its channel cannot be read: no permission; posted again, it may stand there twice")


async def test_a_platform_that_wants_us_to_wait_is_not_asked_for_the_next_channel_either(
    database, start, clock, transport
):
    for number in range(3):
        subscribe(database, f"{number}", Channel("console", "home", str(number)))
        transport.script.append(Stored(Unknown("no answer")))
    transport.sights.append(Unseen("ratelimited", after_seconds=60))
    delivery_worker = start()
    clock.pass_(minutes=5)

    await tick(delivery_worker)
    clock.pass_(minutes=1)
    await tick(delivery_worker)
    assert len(transport.looked) == 1
    clock.pass_(minutes=1)
    await tick(delivery_worker)

    assert len(transport.posted) == 3
    assert set(rows(database, schema.delivery, "state")) == {("SENT",)}


async def test_where_a_nonce_is_remembered_the_repeat_is_enough(database, start, clock, transport):
    subscribe(database)
    transport.memory = timedelta(minutes=2)
    transport.script.append(Unknown("no answer"))
    delivery_worker = start()
    clock.pass_(minutes=5)

    await tick(delivery_worker)
    clock.pass_(minutes=1)
    await tick(delivery_worker)

    first, second = transport.tried
    assert first == second
    assert transport.looked == []


async def test_a_transport_that_breaks_while_it_looks_has_not_seen_the_channel(
    database, start, clock, transport, monkeypatch
):
    async def look(sought):
        raise KeyError("messages")

    monkeypatch.setattr(transport, "look", look)
    subscribe(database)
    transport.script.append(Unknown("no answer"))
    delivery_worker = start(policy="prefer_silence")
    clock.pass_(minutes=5)

    await tick(delivery_worker)
    clock.pass_(minutes=1)
    await tick(delivery_worker)

    assert rows(database, schema.delivery, "state") == [("PARKED",)]


async def test_a_post_without_an_answer_in_time_may_have_arrived(database, start, clock, transport):
    subscribe(database)
    transport.gates["general"] = asyncio.Event()
    delivery_worker = start(pace=protocol.Pace(post_deadline=timedelta(milliseconds=20)))
    clock.pass_(minutes=5)

    await tick(delivery_worker)

    assert rows(database, schema.delivery, "state", "error") == [("UNCERTAIN", "no answer in 0.02 s")]


async def test_a_look_without_an_answer_in_time_is_taken_again(database, start, clock, transport, monkeypatch):
    async def look(sought):
        await asyncio.Event().wait()

    monkeypatch.setattr(transport, "look", look)
    subscribe(database)
    transport.script.append(Unknown("connection reset"))
    delivery_worker = start(pace=protocol.Pace(post_deadline=timedelta(milliseconds=20)), policy="prefer_silence")
    clock.pass_(minutes=5)

    await tick(delivery_worker)
    clock.pass_(minutes=1)
    await tick(delivery_worker)

    error = "its channel cannot be read now: no answer in time"
    assert rows(database, schema.delivery, "state", "error") == [("UNCERTAIN", error)]


async def test_where_silence_is_preferred_what_is_not_found_is_parked(database, start, clock, transport):
    subscribe(database)
    transport.script.append(Unknown("connection reset"))
    delivery_worker = start(policy="prefer_silence")
    clock.pass_(minutes=5)

    await tick(delivery_worker)
    for _ in range(2):
        clock.pass_(minutes=1)
        await tick(delivery_worker)

    assert len(transport.tried) == 1
    assert rows(database, schema.delivery, "state") == [("PARKED",)]


async def test_a_post_that_was_under_way_when_the_process_died_is_taken_up_after_its_lease(
    database, start, clock, transport
):
    subscribe(database)
    clock.pass_(minutes=5)
    transport.gates["general"] = asyncio.Event()
    dying = start()
    await dying.tick()
    await transport.until(lambda transport: transport.tried)
    await dying.stop(within_seconds=0)
    transport.gates.clear()

    delivery_worker = start()
    await tick(delivery_worker)
    assert transport.texts == []
    for _ in range(2):
        clock.pass_(seconds=61)
        await tick(delivery_worker)

    assert transport.texts == [("general", "Tencent opens up")]


async def test_a_channel_that_hangs_keeps_no_other_waiting(database, start, clock, transport, news):
    news["Alibaba"] = ["Alibaba too"]
    subscribe(database, "Tencent", Channel("console", "home", "stuck"))
    subscribe(database, "Alibaba", Channel("console", "home", "fine"))
    transport.gates["stuck"] = asyncio.Event()
    clock.pass_(minutes=5)
    delivery_worker = start()

    await delivery_worker.tick()
    await transport.until(lambda transport: transport.posted)

    assert transport.texts == [("fine", "Alibaba too")]
    transport.gates["stuck"].set()
    await delivery_worker.drain()


async def test_a_topic_that_cannot_be_composed_is_reported_and_the_others_go_out(
    database, start, clock, transport, news, caplog
):
    news["Broken"] = UsageError("this topic has no word")
    subscribe(database, "Broken", Channel("console", "home", "a"))
    subscribe(database, "Tencent", Channel("console", "home", "b"))
    clock.pass_(minutes=5)

    await tick(start())

    assert transport.texts == [("b", "Tencent opens up")]
    assert "this topic has no word" in caplog.text


async def test_a_digest_that_cannot_be_written_down_keeps_no_other_from_it(database, clock, transport, caplog):
    def compose(run: DueRun) -> Edition:
        reply = Reply("en", run.topic, (), public=True)
        return Edition(
            reply, through=1, until=clock.now, told={}, content={"not JSON": {1}} if run.topic == "b" else {}
        )

    for name in ("a", "b", "c"):
        subscribe(database, name, Channel("console", "home", name))
    delivery_worker = DeliveryWorker(Runs(database), Deliveries(database), compose, clock=clock)
    delivery_worker.serve(transport)
    clock.pass_(minutes=5)

    await tick(delivery_worker)

    assert sorted(transport.texts) == [("a", "a"), ("c", "c")]
    assert "digest on 'b' for console home/b: it could not be written" in caplog.text


async def test_what_a_channel_is_told_by_one_digest_is_known_when_its_next_one_is_composed(database, clock, transport):
    written_before = []

    def compose(run: DueRun) -> Edition:
        written_before.append(len(rows(database, schema.delivery, "id")))
        return Edition(Reply("en", run.topic, (), public=True), through=1, until=clock.now, told={}, content={})

    for name in ("a", "b", "c"):
        subscribe(database, name)
    delivery_worker = DeliveryWorker(Runs(database), Deliveries(database), compose, clock=clock)
    delivery_worker.serve(transport)
    clock.pass_(minutes=5)

    await tick(delivery_worker)

    assert written_before == [0, 1, 2]


async def test_a_topic_that_cannot_be_composed_is_tried_again_less_and_less_often(
    database, start, clock, transport, news, caplog
):
    news["Tencent"] = UsageError("this topic has no word")
    subscribe(database)
    delivery_worker = start()
    clock.pass_(minutes=5)

    for _ in range(60):  # five minutes of ticks
        await tick(delivery_worker)
        clock.pass_(seconds=5)
    assert caplog.text.count("this topic has no word") == 6  # after 5, 10, 20, … seconds

    news["Tencent"] = ["Tencent opens up"]
    clock.pass_(minutes=5)
    await tick(delivery_worker)
    assert transport.texts == [("general", "Tencent opens up")]


async def test_digests_that_need_the_index_wait_for_it_together_and_that_is_said_once(
    database, clock, transport, caplog
):
    tried: list[str] = []
    away = True

    def compose(run: DueRun) -> Edition:
        tried.append(run.topic)
        if away and run.topic != "known":
            raise IndexAway("{address} cannot be reached: is the cluster there?", address=f"node {len(tried)}")
        return Edition(Reply("en", run.topic, (), public=True), through=1, until=clock.now, told={}, content={})

    new = [f"new {number}" for number in range(5)]
    for name in (*new, "known"):
        subscribe(database, name, Channel("console", "home", name))
    workers = [DeliveryWorker(Runs(database), Deliveries(database), compose, clock=clock) for _ in range(2)]
    for delivery_worker in workers:
        delivery_worker.serve(transport)
    clock.pass_(minutes=5)
    for _ in range(60):  # five minutes
        for delivery_worker in workers:
            await tick(delivery_worker)
        clock.pass_(seconds=5)

    assert transport.texts == [("known", "known")]
    assert len(tried) == 1 + 2 * (5 + 11)  # each once; then after 5, 10, 20 and each 30 seconds one for all
    said = (
        "digests on topics that are new wait for the articles' index: node {} cannot be reached: is the cluster there?"
    )
    assert caplog.messages == [said.format(2), said.format(7)]

    away = False
    clock.pass_(seconds=30)
    for delivery_worker in workers:
        await tick(delivery_worker)
    assert sorted(transport.texts[1:]) == sorted((name, name) for name in new)
    assert caplog.messages[2:] == ["no digest waits for the articles' index any more"] * 2


async def test_it_is_not_said_that_no_digest_waits_for_the_index_while_one_does(database, start, clock, news, caplog):
    over = "no digest waits for the articles' index any more"
    for name in ("first", "paused", "second"):
        news[name] = IndexAway("{address} cannot be reached", address="node")
        subscribe(database, name, Channel("console", "home", name))
    delivery_worker = start()
    clock.pass_(minutes=5)
    await tick(delivery_worker)

    news["first"] = ["it needs less of the index by now"]
    clock.pass_(seconds=30)
    await tick(delivery_worker)
    assert over not in caplog.messages

    topic = select(schema.topic.c.id).where(schema.topic.c.name == "paused").scalar_subquery()
    with database.write() as connection:
        of = update(schema.subscription).where(schema.subscription.c.topic_id == topic)
        connection.execute(of.values(paused=True))
    news["second"] = ["the index is there"]
    clock.pass_(minutes=1)
    await tick(delivery_worker)
    assert caplog.messages.count(over) == 1


def test_more_runs_may_wait_than_a_statement_has_parameters(database):
    subscribe(database)
    runs, others = Runs(database), range(1_000, 301_000)
    plan(runs, NINE)
    (run,) = runs.claim(["console"], NINE, NINE, others)
    assert runs.due([*others, run.id]) == [run.id]
    assert runs.claim(["console"], NINE, NINE, [*others, run.id]) == []


async def test_a_database_that_is_busy_delays_digests_by_one_tick(
    database, start, clock, transport, monkeypatch, caplog
):
    for number in range(3):
        subscribe(database, f"{number}", Channel("console", "home", str(number)))
    delivery_worker = start()
    clock.pass_(minutes=5)
    await delivery_worker.plan()

    def busy(*_, **__):
        raise DatabaseBusy("{url} is locked by another process: try again in a moment", url="briefs.db")

    with monkeypatch.context() as patch:
        patch.setattr(Runs, "freeze_all", busy)
        await tick(delivery_worker)
    assert caplog.text.count("digests wait: briefs.db is locked") == 1

    await tick(delivery_worker)
    assert len(transport.texts) == 3


async def test_while_digests_are_composed_others_are_planned_and_posted(database, start, clock, transport):
    subscribe(database)
    clock.pass_(minutes=5)
    delivery_worker = start()

    await delivery_worker.tick()  # composing goes on in the background
    await delivery_worker.tick()
    await transport.until(lambda transport: transport.posted)
    await delivery_worker.drain()

    assert transport.texts == [("general", "Tencent opens up")]


async def test_a_channel_gets_its_messages_no_faster_than_its_platform_lets_through(
    database, start, clock, transport, news
):
    transport.limits = Limits(channel=Rate(1, 60.0))
    news["Tencent"] = ["one", "two", "three"]
    subscribe(database)
    delivery_worker = start()
    clock.pass_(minutes=5)

    posted = []
    for _ in range(3):
        for _ in range(2):
            await tick(delivery_worker)
        posted.append([text for _, text in transport.texts])
        clock.pass_(seconds=60)

    assert posted == [["one"], ["one", "two"], ["one", "two", "three"]]
    assert len(transport.tried) == 3


async def test_a_post_that_a_busy_database_kept_from_beginning_holds_its_turn_no_longer_than_any_other(
    database, start, clock, transport, monkeypatch
):
    transport.limits = Limits(channel=Rate(1, 3600.0))
    subscribe(database)
    delivery_worker = start()
    clock.pass_(minutes=5)

    def busy(*_, **__):
        raise DatabaseBusy("{url} is locked by another process: try again in a moment", url="briefs.db")

    with monkeypatch.context() as patch:
        patch.setattr(Deliveries, "holds", busy)
        await tick(delivery_worker)
    assert transport.tried == []

    clock.pass_(seconds=61)  # its lease is over: it may have been posted, and is looked for
    await tick(delivery_worker)
    clock.pass_(seconds=31)
    await tick(delivery_worker)
    clock.pass_(seconds=31)
    await tick(delivery_worker)
    assert rows(database, schema.delivery, "state") == [("RETRY",)]

    clock.pass_(hours=1)
    await tick(delivery_worker)
    assert transport.texts == [("general", "Tencent opens up")]


async def test_a_workspace_that_has_to_wait_keeps_no_other_waiting(database, start, clock, transport):
    transport.limits = Limits(workspace=Rate(2, 60.0))
    for number in range(6):
        subscribe(database, f"{number}", Channel("console", f"team {number // 3}", str(number)))
    delivery_worker = start()
    clock.pass_(minutes=5)

    await tick(delivery_worker)
    assert Counter(envelope.channel.workspace for envelope in transport.posted) == {"team 0": 2, "team 1": 2}

    clock.pass_(seconds=60)
    await tick(delivery_worker)
    assert len(transport.posted) == 6


@pytest.mark.parametrize(
    ("scope", "posted"), [("channel", {"1", "2", "3"}), ("workspace", {"2", "3"}), ("platform", set())]
)
async def test_who_is_told_to_wait_waits_and_all_that_it_is_said_of(
    database, start, clock, transport, monkeypatch, scope, posted
):
    monkeypatch.setattr("bot.delivery.worker.AT_ONCE", 1)
    for number in range(4):
        subscribe(database, f"{number}", Channel("console", f"team {number // 2}", str(number)))
    transport.script.append(NotSent("429", 60.0, scope))
    delivery_worker = start()
    clock.pass_(minutes=5)

    await tick(delivery_worker)
    await tick(delivery_worker)
    assert {channel for channel, _ in transport.texts} == posted

    clock.pass_(seconds=60)
    await tick(delivery_worker)
    assert {channel for channel, _ in transport.texts} == {"0", "1", "2", "3"}
    assert len(transport.tried) == 5


QUIET = QuietHours("22:00", "10:00")


async def test_a_digest_that_is_due_in_quiet_hours_comes_at_their_end(database, start, clock, transport):
    subscribe(database)  # at nine in Paris
    delivery_worker = start(quiet=QUIET)
    clock.pass_(minutes=5)

    for _ in range(59):
        await tick(delivery_worker)
        clock.pass_(minutes=1)
    await tick(delivery_worker)
    assert transport.tried == []

    clock.pass_(minutes=1)
    await tick(delivery_worker)
    assert transport.texts == [("general", "Tencent opens up")]


async def test_many_channels_share_a_bounded_number_of_posts_at_once(database, start, clock, transport):
    gate = asyncio.Event()
    for number in range(3 * AT_ONCE):
        subscribe(database, f"{number}", Channel("console", "home", str(number)))
        transport.gates[str(number)] = gate
    clock.pass_(minutes=5)
    delivery_worker = start()

    await delivery_worker.tick()
    await transport.until(lambda transport: transport.under_way == AT_ONCE)
    gate.set()
    await delivery_worker.drain()

    assert len(transport.texts) == 3 * AT_ONCE
    assert transport.most_under_way == AT_ONCE


async def test_two_couriers_over_one_database_post_each_digest_once(database, start, clock, transport):
    for number in range(10):
        subscribe(database, f"{number}", Channel("console", "home", str(number)))
    clock.pass_(minutes=5)
    couriers = [start(), start()]

    await asyncio.gather(*(delivery_worker.tick() for delivery_worker in couriers))
    await asyncio.gather(*(delivery_worker.drain() for delivery_worker in couriers))

    assert sorted(transport.texts) == sorted((str(number), str(number)) for number in range(10))


async def test_after_stop_nothing_more_is_posted(database, start, clock, transport):
    subscribe(database)
    clock.pass_(minutes=5)
    delivery_worker = start()
    await delivery_worker.plan()

    await delivery_worker.stop(within_seconds=1)
    await tick(delivery_worker)

    assert transport.tried == []


async def test_what_is_claimed_while_the_bot_is_told_to_stop_is_left_to_others_at_once(
    database, start, clock, transport
):
    loop = asyncio.get_running_loop()

    class ToldToStop(Deliveries):
        def claim(self, *args):
            claims, told = super().claim(*args), threading.Event()
            asyncio.run_coroutine_threadsafe(stopped.stop(within_seconds=60), loop)
            loop.call_soon_threadsafe(told.set)
            told.wait(60)
            return claims

    subscribe(database)
    clock.pass_(minutes=5)
    plan(Runs(database), NINE)
    freeze(Runs(database), "Tencent opens up")
    stopped = DeliveryWorker(Runs(database), ToldToStop(database), lambda run: None, clock=clock)
    stopped.serve(transport)

    await tick(stopped)
    assert transport.tried == []

    await tick(start())

    assert transport.texts == [("general", "Tencent opens up")]


# ---------------------------------------------------------------- whatever happens

NOTHING_POSTED = [NotSent("429", 30.0), NotSent("connection refused"), Unknown("reset"), OSError("a bug")]
POSTED = [Stored(Unknown("no answer")), Stored(Unknown("HTTP 502")), Sent("fine")]


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    script=st.lists(st.sampled_from(NOTHING_POSTED + POSTED), max_size=12),
    restarts=st.lists(st.booleans(), min_size=60, max_size=60),
    readable=st.booleans(),
)
def test_every_part_arrives_in_order_and_twice_only_where_nobody_could_look(
    tmp_path_factory, script, restarts, readable
):
    clock, transport = Clock(NINE), RecordingTransport(readable=readable)
    transport.script.extend(script)
    thread = (Heading("two"), Heading("three"))

    def compose(run: DueRun) -> Edition:
        return Edition(Reply("en", "one", (), overflow=thread), 1, clock.now, {}, {})

    async def live() -> list[tuple[str]]:
        with Database.open(sqlite.database(tmp_path_factory.mktemp("life") / "briefs.db")) as database:
            subscribe(database)
            delivery_worker = None
            for restart in restarts:
                if delivery_worker is None or restart:
                    delivery_worker = DeliveryWorker(Runs(database), Deliveries(database), compose, clock=clock)
                    delivery_worker.serve(transport)
                await tick(delivery_worker)
                clock.pass_(seconds=61)
                states = rows(database, schema.delivery, "state")
                if set(states) == {("SENT",)}:
                    break
            return states

    states = asyncio.run(live())

    assert states == [("SENT",)] * 3
    read = [text for _, text in transport.texts]
    assert list(dict.fromkeys(read)) == ["one", "two", "three"]
    assert read == sorted(read, key=["one", "two", "three"].index)
    lost = sum(isinstance(outcome, Stored) for outcome in script)
    assert len(read) <= 3 + (0 if readable else lost)
