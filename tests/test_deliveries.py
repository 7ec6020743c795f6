"""The rows of runs and deliveries: planned once, frozen for ever, claimed by one, and never moved by a stale hand."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, insert, select, update
from sqlalchemy.exc import StatementError

from bot.delivery import planning
from briefs.models import Channel
from briefs.store import schema
from briefs.store.channels import Channels
from briefs.store.database import Database, to_ms
from briefs.store.deliveries import Deliveries, Settlement
from briefs.store.memory import Memory
from briefs.store.outbox import NONCE_LENGTH, Part, Written
from briefs.store.runs import Runs
from tests.posts import write_down

NINE = datetime(2026, 9, 14, 7, 0, tzinfo=UTC)  # a Monday, 9:00 in Paris
LEASE = timedelta(seconds=60)
ROOM = Channel("console", "home", "general")


@pytest.fixture
def database(database_url):
    with Database.open(database_url) as database:
        yield database


@pytest.fixture
def runs(database):
    return Runs(database)


@pytest.fixture
def deliveries(database):
    return Deliveries(database)


def subscribe(
    database, topic="Tencent", channel=ROOM, due=NINE, local="2026-09-14T09:00", position=0, expression=""
) -> int:
    """Subscribe a channel, daily at nine in Paris; return the subscription's id."""
    with database.write() as connection:
        place = {"platform": channel.platform, "workspace": channel.workspace}
        room = connection.execute(
            select(schema.channel.c.id).filter_by(channel=channel.id, **place)
        ).scalar_one_or_none() or insert_one(connection, schema.channel, channel=channel.id, **place)
        named = {"platform": "", "workspace": "", "name": topic, "key": topic}
        subject = insert_one(connection, schema.topic, **named, expression=expression or topic, created_at=0)
        return insert_one(
            connection,
            schema.subscription,
            channel_id=room,
            topic_id=subject,
            schedule="09:00 daily",
            zone="Europe/Paris",
            created_at=0,
            position=position,
            next_due=to_ms(due),
            next_local=local,
        )


def insert_one(connection, table, **values) -> int:
    return connection.execute(insert(table).values(**values)).inserted_primary_key[0]


def rows(database, table, *columns):
    with database.read() as connection:
        chosen = [table.c[name] for name in columns] if columns else [table]
        return [tuple(row) for row in connection.execute(select(*chosen).order_by(table.c.id))]


def plan(runs, now, catch_up="newest"):
    return runs.plan(now, lambda waiting: planning.plan(waiting, now, catch_up))


def freeze(runs, *texts, now=NINE, through=7, told=None):
    """Freeze the only due run with these messages; the second and later ones go into the thread."""
    (due,) = runs.claim(["console"], NINE, NINE)
    parts = [Part({"text": text}, in_thread=number > 0) for number, text in enumerate(texts)]
    return write_down(
        runs, due, parts, through=through, until=now, told=told or {}, content={"topic": "Tencent"}, now=now
    )


def claim(deliveries, now=NINE):
    """Claim one delivery; None: nothing can go out."""
    return next(iter(deliveries.claim("console", now, now + LEASE)), None)


# ---------------------------------------------------------------- planning


def test_a_due_subscription_gets_one_run_and_its_next_due_time_in_one_step(database, runs):
    subscribe(database)

    assert plan(runs, NINE + timedelta(seconds=3)) == 1

    assert rows(database, schema.run, "scheduled_local", "state") == [("2026-09-14T09:00", "DUE")]
    assert rows(database, schema.subscription, "next_local", "next_due") == [
        ("2026-09-15T09:00", to_ms(NINE + timedelta(days=1)))
    ]


def test_nothing_is_planned_before_its_time_or_while_paused(database, runs):
    subscribe(database)
    assert plan(runs, NINE - timedelta(seconds=1)) == 0

    with database.write() as connection:
        connection.execute(update(schema.subscription).values(paused=True))

    assert plan(runs, NINE) == 0
    assert rows(database, schema.run) == []


def test_planning_the_same_date_again_leaves_its_one_run_as_it_is(database, runs):
    subscribe(database)
    plan(runs, NINE)
    with database.write() as connection:  # as a restored backup or a second planner would have it
        connection.execute(update(schema.subscription).values(next_due=to_ms(NINE), next_local="2026-09-14T09:00"))

    plan(runs, NINE)

    assert rows(database, schema.run, "scheduled_local", "state") == [("2026-09-14T09:00", "DUE")]


def test_subscriptions_that_are_alike_are_decided_on_once(database, runs):
    for number in range(5):
        subscribe(database, f"{number}", Channel("console", "home", f"{number}"), position=number)
    decided = []

    def decide(waiting):
        decided.append(waiting)
        return planning.plan(waiting, NINE, "newest")

    assert runs.plan(NINE, decide) == 5
    assert len(decided) == 1
    assert rows(database, schema.run, "after_row") == [(number,) for number in range(5)]


def test_a_planner_that_fails_half_way_leaves_nothing_behind(database, runs):
    subscribe(database, "Tencent")
    subscribe(database, "Alibaba", local="2026-09-14T09:01")
    calls = []

    def decide(waiting):
        calls.append(waiting)
        if len(calls) == 2:
            raise RuntimeError("power cut")
        return planning.plan(waiting, NINE, "newest")

    with pytest.raises(RuntimeError, match="power cut"):
        runs.plan(NINE, decide)

    assert rows(database, schema.run) == []
    assert {due for (due,) in rows(database, schema.subscription, "next_due")} == {to_ms(NINE)}


def test_after_downtime_the_newest_missed_run_covers_all_and_the_older_are_recorded_as_skipped(database, runs):
    subscribe(database, position=41)

    assert plan(runs, NINE + timedelta(days=2, hours=5)) == 1

    assert sorted(rows(database, schema.run, "scheduled_local", "state", "due_at")) == [
        ("2026-09-14T09:00", "SKIPPED", to_ms(NINE)),
        ("2026-09-15T09:00", "SKIPPED", to_ms(NINE + timedelta(days=1))),
        ("2026-09-16T09:00", "DUE", to_ms(NINE + timedelta(days=2))),
    ]
    (due,) = runs.claim(["console"], NINE + timedelta(days=2, hours=5), NINE + timedelta(days=2, hours=5))
    assert due.after == 41
    assert rows(database, schema.subscription, "next_local") == [("2026-09-17T09:00",)]


def test_a_run_that_nobody_composed_is_skipped_when_the_next_one_is_due(database, runs):
    subscribe(database)
    plan(runs, NINE)

    plan(runs, NINE + timedelta(days=1))

    assert rows(database, schema.run, "scheduled_local", "state") == [
        ("2026-09-14T09:00", "SKIPPED"),
        ("2026-09-15T09:00", "DUE"),
    ]


def test_a_run_whose_subscription_was_paused_before_it_was_composed_is_skipped(database, runs):
    subscribe(database)
    plan(runs, NINE)
    with database.write() as connection:
        connection.execute(update(schema.subscription).values(paused=True))

    plan(runs, NINE)

    assert runs.claim(["console"], NINE, NINE) == []


def test_a_run_waits_to_be_composed_while_others_are_planned_unless_its_subscription_is_paused(database, runs):
    one_minute = timedelta(minutes=1)
    paused = subscribe(database, "Tencent")
    subscribe(database, "Alibaba")
    subscribe(database, "Baidu", due=NINE + one_minute, local="2026-09-14T09:01")
    plan(runs, NINE)
    with database.write() as connection:
        connection.execute(update(schema.subscription).filter_by(id=paused).values(paused=True))

    plan(runs, NINE + one_minute)

    assert rows(database, schema.run, "state", "due_at") == [
        ("SKIPPED", to_ms(NINE)),
        ("DUE", to_ms(NINE)),
        ("DUE", to_ms(NINE + one_minute)),
    ]


def test_a_paused_subscription_is_not_planned_with_those_that_are_like_it(database, runs):
    for room in ("a", "b"):
        number = subscribe(database, room, Channel("console", "home", room))
    with database.write() as connection:
        connection.execute(update(schema.subscription).filter_by(id=number).values(paused=True))

    assert plan(runs, NINE) == 1


def test_only_platforms_that_are_served_are_composed_for(database, runs):
    subscribe(database)
    plan(runs, NINE)

    assert runs.claim(["slack", "discord"], NINE, NINE) == []
    assert [due.channel for due in runs.claim(["console"], NINE, NINE)] == [ROOM]


# ---------------------------------------------------------------- freezing


def test_freezing_writes_the_messages_and_moves_the_channel_forward(database, runs):
    subscribe(database)
    plan(runs, NINE)

    assert freeze(runs, "one", "two", through=7)

    parts = rows(database, schema.delivery, "part_no", "payload", "in_thread", "state", "channel")
    assert parts == [
        (1, {"text": "one"}, False, "PENDING", "general"),
        (2, {"text": "two"}, True, "PENDING", "general"),
    ]
    assert rows(database, schema.subscription, "position", "served_at") == [(7, to_ms(NINE))]
    assert rows(database, schema.run, "state", "through_row", "brief") == [("FROZEN", 7, {"topic": "Tencent"})]


def test_each_message_has_its_own_name_nonce_and_hash(database, runs):
    subscribe(database)
    plan(runs, NINE)
    freeze(runs, "one", "two")

    names, nonces, hashes = zip(*rows(database, schema.delivery, "uuid", "nonce", "payload_hash"), strict=True)

    assert len(set(names)) == len(set(nonces)) == len(set(hashes)) == 2
    assert all(len(nonce) <= NONCE_LENGTH for nonce in nonces)


def test_a_message_has_the_same_name_in_every_copy_of_the_database(database, runs, tmp_path):
    subscribe(database)
    with Database.open(f"sqlite:///{tmp_path}/copy.db") as copy:
        subscribe(copy)
        for one in (database, copy):
            plan(Runs(one), NINE)
            freeze(Runs(one), "one", "two")
        assert rows(database, schema.delivery, "uuid") == rows(copy, schema.delivery, "uuid")


def test_a_run_is_frozen_once(database, runs):
    subscribe(database)
    plan(runs, NINE)
    (due,) = runs.claim(["console"], NINE, NINE)
    same = {"through": 7, "until": NINE, "told": {}, "content": {}, "now": NINE}

    assert write_down(runs, due, [Part({"text": "mine"})], **same)
    assert not write_down(runs, due, [Part({"text": "yours"})], **same)

    assert rows(database, schema.delivery, "payload") == [({"text": "mine"},)]


def test_a_run_that_was_skipped_while_it_was_composed_is_not_frozen(database, runs, deliveries):
    subscribe(database)
    plan(runs, NINE)
    (due,) = runs.claim(["console"], NINE, NINE)
    plan(runs, NINE + timedelta(days=1))

    assert not write_down(runs, due, [Part({"text": "old"})], through=7, until=NINE, told={}, content={}, now=NINE)

    assert claim(deliveries) is None


def test_an_edition_made_before_another_run_went_ahead_is_thrown_away(database, runs):
    subscribe(database, position=3)
    plan(runs, NINE)
    (due,) = runs.claim(["console"], NINE, NINE)
    with database.write() as connection:
        connection.execute(update(schema.subscription).values(position=5))

    assert not write_down(runs, due, [Part({"text": "old"})], through=5, until=NINE, told={}, content={}, now=NINE)


def test_a_run_covers_what_came_since_the_place_that_it_was_composed_from(database, runs):
    subscribe(database, position=7)
    plan(runs, NINE)
    with database.write() as connection:  # as where a refusal takes an earlier digest back
        connection.execute(update(schema.subscription).values(position=3))

    freeze(runs, "one", through=9)

    assert rows(database, schema.run, "after_row", "through_row") == [(3, 9)]


def test_runs_are_frozen_together_or_not_at_all(database, runs):
    for topic in ("Tencent", "Alibaba"):
        subscribe(database, topic, Channel("console", "home", topic))
    plan(runs, NINE)
    due = runs.claim(["console"], NINE, NINE)
    contents = ({}, {"no JSON": object()})
    written = [
        Written(one, [Part({"text": "news"})], through=7, until=NINE, told={}, content=content)
        for one, content in zip(due, contents, strict=True)
    ]

    with pytest.raises((StatementError, TypeError), match="not JSON serializable"):
        runs.freeze_all(written, NINE)

    assert rows(database, schema.delivery) == []
    assert rows(database, schema.run, "state") == [("DUE",)] * 2


def test_a_run_with_nothing_new_is_empty_posts_nothing_and_moves_on(database, runs, deliveries):
    subscribe(database)
    plan(runs, NINE)

    freeze(runs, through=9)

    assert rows(database, schema.run, "state") == [("EMPTY",)]
    assert rows(database, schema.subscription, "position") == [(9,)]
    assert claim(deliveries) is None


def test_a_channel_remembers_what_it_was_told(database, runs):
    subscribe(database)
    plan(runs, NINE)
    with database.write() as connection:
        for name in ("a", "b"):
            connection.execute(insert(schema.article).values(**an_article(name)))

    freeze(runs, "one", told={"a": ("A quote.",), "b": (), "gone": ("Not here.",)})

    told = Memory(database).told(ROOM, NINE - timedelta(days=1))
    assert (told.articles, told.sentences) == ({"a", "b"}, ("A quote.",))
    assert (
        Memory(database).told(Channel("console", "away", "general"), NINE - timedelta(days=1)).articles == frozenset()
    )
    assert Memory(database).told(ROOM, NINE + timedelta(seconds=1)).articles == frozenset()


def test_old_runs_are_forgotten_and_open_ones_kept(database, runs, deliveries):
    subscribe(database, "Tencent")
    plan(runs, NINE)
    freeze(runs)
    subscribe(database, "Alibaba")
    plan(runs, NINE)
    freeze(runs, "still to be sent")

    runs.forget(NINE + timedelta(days=90))

    assert rows(database, schema.run, "state") == [("FROZEN",)]


def an_article(name):
    return {
        "id": name,
        "content": name,
        "title": name,
        "text": "A quote.",
        "language": "en",
        "seen_at": 0,
        "sentences": [],
        "title_terms": "",
        "body_terms": "",
        "length": 0,
    }


# ---------------------------------------------------------------- claiming and settling


@pytest.fixture
def frozen(database, runs):
    """One run of three messages: one and its thread of two."""
    subscribe(database)
    plan(runs, NINE)
    freeze(runs, "one", "two", "three")


def test_a_claim_is_committed_as_sending_before_anybody_sees_it(frozen, database, deliveries):
    taken = claim(deliveries)

    assert (taken.payload, taken.epoch, taken.attempts, taken.channel) == ({"text": "one"}, 1, 1, ROOM)
    columns = ("state", "epoch", "attempt_started", "lease_until")
    assert rows(database, schema.delivery, *columns)[0] == ("SENDING", 1, to_ms(NINE), to_ms(NINE + LEASE))
    assert deliveries.holds(taken, NINE)


def test_parts_go_out_in_order_and_each_only_after_the_one_before_is_sent(frozen, database, deliveries):
    first = claim(deliveries)
    assert claim(deliveries) is None

    deliveries.settle(first, Settlement("SENT", reference="1700.1", sent_at=NINE))

    assert rows(database, schema.delivery, "state", "reference", "sent_at")[0] == ("SENT", "1700.1", to_ms(NINE))
    second = claim(deliveries)
    assert (second.payload, second.thread) == ({"text": "two"}, "1700.1")


def test_the_run_is_done_when_its_last_part_is_sent(frozen, database, deliveries):
    for number in (1, 2, 3):
        assert rows(database, schema.run, "state") == [("FROZEN",)]
        deliveries.settle(claim(deliveries), Settlement("SENT", reference=str(number), sent_at=NINE))

    assert rows(database, schema.run, "state") == [("DONE",)]


def test_a_retry_waits_for_its_time(frozen, deliveries):
    later = NINE + timedelta(seconds=30)
    deliveries.settle(claim(deliveries), Settlement("RETRY", not_before=later, error="429"))

    assert claim(deliveries, later - timedelta(seconds=1)) is None
    assert claim(deliveries, later).attempts == 2


def test_one_post_at_a_time_in_a_channel_and_other_channels_do_not_wait(database, runs, deliveries):
    other = Channel("console", "home", "other")
    for topic, channel in (("Tencent", ROOM), ("Alibaba", ROOM), ("5G", other)):
        subscribe(database, topic, channel)
        plan(runs, NINE)
        freeze(runs, topic)

    assert [claim(deliveries).payload["text"] for _ in range(2)] == ["Tencent", "5G"]
    assert claim(deliveries) is None


def test_a_channel_of_the_same_name_in_another_workspace_does_not_wait(database, runs, deliveries):
    for workspace in ("home", "away"):
        subscribe(database, workspace, Channel("console", workspace, "general"))
        plan(runs, NINE)
        freeze(runs, workspace)

    assert [claim(deliveries).payload["text"] for _ in range(2)] == ["home", "away"]


def test_a_failure_ends_the_run_and_pauses_the_subscription_with_the_reason(frozen, database, runs, deliveries):
    deliveries.settle(claim(deliveries), Settlement("FAILED", error="the channel is archived", pause=True))

    assert {state for (state,) in rows(database, schema.delivery, "state")} == {"FAILED"}
    assert rows(database, schema.run, "state") == [("DONE",)]
    columns = ("paused", "paused_because", "next_due")
    assert rows(database, schema.subscription, *columns) == [(True, "the channel is archived", None)]
    assert plan(runs, NINE + timedelta(days=3)) == 0


def test_what_a_channel_refused_was_not_told_and_comes_with_the_next_run(database, runs, deliveries):
    with database.write() as connection:
        connection.execute(insert(schema.article).values(**an_article("a")))
    subscribe(database)
    plan(runs, NINE)
    freeze(runs, "one", told={"a": ("A quote.",)})
    assert Memory(database).told(ROOM, NINE).articles == {"a"}

    deliveries.settle(claim(deliveries), Settlement("FAILED", error="not in the channel", pause=True))

    assert Memory(database).told(ROOM, NINE).articles == frozenset()
    assert rows(database, schema.subscription, "position") == rows(database, schema.run, "after_row")


def test_what_was_posted_before_a_refusal_was_told_and_does_not_come_again(database, runs, deliveries):
    with database.write() as connection:
        connection.execute(insert(schema.article).values(**an_article("a")))
    subscribe(database)
    plan(runs, NINE)
    freeze(runs, "one", "two", told={"a": ("A quote.",)})

    deliveries.settle(claim(deliveries), Settlement("SENT", reference="1", sent_at=NINE))
    deliveries.settle(claim(deliveries), Settlement("FAILED", error="not in the channel", pause=True))

    assert Memory(database).told(ROOM, NINE).articles == {"a"}
    assert rows(database, schema.subscription, "position") == rows(database, schema.run, "through_row")


@pytest.mark.parametrize("state", ["RETRY", "FAILED"])
def test_what_stands_there_as_its_news_alone_was_told_though_its_subscription_ends(database, runs, deliveries, state):
    with database.write() as connection:
        connection.execute(insert(schema.article).values(**an_article("a")))
    subscribe(database)
    plan(runs, NINE)
    freeze(runs, "one", told={"a": ("A quote.",)})
    deliveries.settle(claim(deliveries), Settlement(state, not_before=NINE, reference="1", error="not in the channel"))

    channels = Channels(database)
    channels.unsubscribe(*channels.subscriptions(ROOM))

    assert Memory(database).told(ROOM, NINE).articles == {"a"}


def test_a_refusal_takes_nothing_back_that_a_later_digest_covers(database, runs, deliveries):
    subscribe(database)
    plan(runs, NINE)
    freeze(runs, "one", through=7)
    refused, tomorrow = claim(deliveries), NINE + timedelta(days=1)
    plan(runs, tomorrow)
    (due,) = runs.claim(["console"], tomorrow, tomorrow)
    write_down(runs, due, [Part({"text": "two"})], through=9, until=tomorrow, told={}, content={}, now=tomorrow)

    deliveries.settle(refused, Settlement("FAILED", error="not in the channel", pause=True))

    assert rows(database, schema.subscription, "position") == [(9,)]


def test_what_the_operator_sends_again_is_told_and_not_composed_once_more(frozen, database, runs, deliveries):
    delivery = claim(deliveries)
    deliveries.settle(delivery, Settlement("FAILED", error="not in the channel", pause=True))

    assert deliveries.retry(delivery.id, NINE)
    assert rows(database, schema.subscription, "position") == rows(database, schema.run, "through_row")


def test_a_lease_that_is_over_makes_the_delivery_uncertain_and_the_old_hand_powerless(frozen, database, deliveries):
    stale = claim(deliveries)
    late = NINE + LEASE
    assert deliveries.expire(late - timedelta(milliseconds=1), "interrupted") == 0

    assert deliveries.expire(late, "interrupted") == 1

    assert not deliveries.holds(stale, late)
    assert not deliveries.settle(stale, Settlement("SENT", reference="too late", sent_at=late))
    (uncertain,) = deliveries.unsettled(["console"], late)
    assert (uncertain.epoch, uncertain.uuid, uncertain.doubt) == (1, stale.uuid, NINE)


def test_a_hand_whose_message_another_is_posting_by_now_changes_nothing(frozen, database, deliveries):
    stale, late = claim(deliveries), NINE + LEASE
    deliveries.expire(late, "interrupted")
    (uncertain,) = deliveries.unsettled(["console"], late)
    deliveries.resolve(uncertain, Settlement("RETRY", not_before=late))
    taken = claim(deliveries, late)

    assert not deliveries.holds(replace(stale, lease_until=taken.lease_until), late)
    assert not deliveries.settle(stale, Settlement("RETRY", not_before=late))
    assert not deliveries.resolve(uncertain, Settlement("PARKED"))

    assert deliveries.holds(taken, late)
    assert deliveries.settle(taken, Settlement("SENT", reference="1", sent_at=late))


def test_of_several_that_are_settled_together_only_the_stale_hand_changes_nothing(database, runs, deliveries):
    for room in ("a", "b", "c"):
        subscribe(database, room, Channel("console", "home", room))
        plan(runs, NINE)
        freeze(runs, room)
    claims = deliveries.claim("console", NINE, NINE + LEASE, most=3)
    sent = [(replace(one, epoch=one.epoch + (one.id == 2)), Settlement("SENT", reference="1")) for one in claims]

    assert deliveries.settle_all(sent) == [True, False, True]

    assert rows(database, schema.delivery, "state") == [("SENT",), ("SENDING",), ("SENT",)]


def test_a_doubt_lasts_through_further_attempts_and_interruptions(frozen, deliveries):
    deliveries.settle(claim(deliveries), Settlement("RETRY", not_before=NINE, doubt=NINE - LEASE))

    assert claim(deliveries).doubt == NINE - LEASE
    deliveries.expire(NINE + LEASE, "interrupted")
    (uncertain,) = deliveries.unsettled(["console"], NINE + LEASE)
    assert uncertain.doubt == NINE - LEASE


def test_a_claim_and_what_came_of_it_wait_for_the_disk(frozen, database, deliveries):
    said = []
    event.listen(database._engine, "before_cursor_execute", lambda *call: said.append(call[2].lower()))

    deliveries.settle(claim(deliveries), Settlement("SENT", reference="1", sent_at=NINE))

    assert [one for one in said if "synchronous" in one and "full" not in one] == []


def test_a_claim_is_not_posted_by_a_worker_that_slept_through_its_lease(frozen, deliveries):
    taken = claim(deliveries)

    assert not deliveries.holds(taken, NINE + LEASE)


def test_an_uncertain_delivery_waits_for_its_settling_time_and_is_resolved_once(frozen, deliveries):
    taken = claim(deliveries)
    settled_at = NINE + LEASE
    deliveries.settle(taken, Settlement("UNCERTAIN", settle_until=settled_at, error="time-out"))
    assert deliveries.unsettled(["console"], NINE) == []

    (uncertain,) = deliveries.unsettled(["console"], settled_at)

    assert deliveries.resolve(uncertain, Settlement("RETRY", not_before=settled_at))
    assert not deliveries.resolve(uncertain, Settlement("PARKED"))
    again = claim(deliveries, settled_at)
    assert (again.uuid, again.nonce, again.epoch) == (taken.uuid, taken.nonce, 2)


def test_only_platforms_that_are_served_are_looked_through(frozen, deliveries):
    deliveries.settle(claim(deliveries), Settlement("UNCERTAIN", settle_until=NINE, error="reset"))

    assert deliveries.unsettled(["slack", "discord"], NINE) == []
    assert len(deliveries.unsettled(["console"], NINE)) == 1


def test_who_rests_is_passed_over_a_channel_or_a_whole_workspace(database, runs, deliveries):
    for workspace, room in (("home", "a"), ("home", "b"), ("away", "a")):
        subscribe(database, f"{workspace} {room}", Channel("console", workspace, room))
        plan(runs, NINE)
        freeze(runs, f"{workspace} {room}")

    def claimed(*resting):
        return [one.payload["text"] for one in deliveries.claim("console", NINE, NINE + LEASE, resting)]

    assert claimed(("home",), ("away", "a")) == []
    assert claimed(("home", "a"), ("away",)) == ["home b"]
    assert claimed(("home",)) == ["away a"]
    assert claimed() == ["home a"]


def test_parking_one_part_parks_those_behind_it(frozen, database, deliveries):
    deliveries.settle(claim(deliveries), Settlement("UNCERTAIN", settle_until=NINE, error="reset"))
    (uncertain,) = deliveries.unsettled(["console"], NINE)

    deliveries.resolve(uncertain, Settlement("PARKED", error="unknown"))

    assert [state for (state,) in rows(database, schema.delivery, "state")] == ["PARKED"] * 3
    assert rows(database, schema.run, "state") == [("DONE",)]


def test_several_are_claimed_at_once_the_oldest_first_and_one_for_each_channel(database, runs, deliveries):
    for channel in ("a", "b", "a", "c", "d"):
        subscribe(database, f"topic {len(rows(database, schema.run))}", Channel("console", "home", channel))
        plan(runs, NINE)
        freeze(runs, f"for {channel}", "its thread")

    def texts(most):
        return [one.payload["text"] for one in deliveries.claim("console", NINE, NINE + LEASE, most=most)]

    assert texts(4) == ["for a", "for b", "for c"]
    assert texts(4) == ["for d"]
    assert texts(4) == []


def test_a_clock_that_went_years_ahead_and_came_back_leaves_nobody_waiting_for_years(database, runs, deliveries):
    for topic in ("Tencent", "Alibaba", "Baidu"):
        subscribe(database, topic, Channel("console", "home", topic))
        plan(runs, NINE)
        freeze(runs, topic)
    ahead = NINE + timedelta(days=400)
    plan(runs, ahead)  # nobody composes these
    claim(deliveries, ahead)  # and dies
    deliveries.settle(claim(deliveries, ahead), Settlement("RETRY", not_before=ahead + LEASE))
    uncertain = claim(deliveries, ahead)
    deliveries.settle(uncertain, Settlement("UNCERTAIN", settle_until=ahead + LEASE, doubt=ahead))

    back = NINE + timedelta(minutes=5)
    plan(runs, back)
    assert rows(database, schema.subscription, "next_local") == [("2026-09-15T09:00",)] * 3
    assert runs.claim(["console"], ahead, ahead) == []
    assert deliveries.expire(back, "interrupted") == 1
    assert len(deliveries.unsettled(["console"], back)) == 2
    assert claim(deliveries, back).payload == {"text": "Alibaba"}

    assert plan(runs, NINE + timedelta(days=1)) == 3


def test_many_workers_claim_each_delivery_once(database, runs, deliveries):
    for number in range(40):
        subscribe(database, f"topic {number}", Channel("console", "home", str(number)))
    plan(runs, NINE)
    for due in runs.claim(["console"], NINE, NINE):
        write_down(runs, due, [Part({})], through=1, until=NINE, told={}, content={}, now=NINE)
    taken = []

    def work():
        while one := claim(deliveries):
            taken.append(one.id)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 40
