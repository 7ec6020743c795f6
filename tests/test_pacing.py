"""Rate limits are kept to: who has to wait waits, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.pacing import EVERYWHERE, Limits, Pacer, Rate
from briefs.models import Channel

NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)
HERE, THERE, AWAY = Channel("chat", "one", "here"), Channel("chat", "one", "there"), Channel("chat", "two", "away")
NOTHING = timedelta(0)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_channel_that_had_its_messages_waits_and_the_others_do_not():
    pacer = Pacer(Limits(channel=Rate(2, 5)))

    assert [pacer.begin(HERE, after(at)) for at in (0, 1)] == [NOTHING, NOTHING]
    assert pacer.begin(HERE, after(2)) == timedelta(seconds=3)
    assert pacer.begin(THERE, after(2)) == NOTHING
    assert pacer.resting(after(2)) == {("one", "here"): after(5)}
    assert pacer.begin(HERE, after(5)) == NOTHING


def test_a_workspace_waits_as_a_whole():
    pacer = Pacer(Limits(workspace=Rate(2, 60)))

    for channel in (HERE, THERE):
        pacer.begin(channel, NOON)

    assert pacer.begin(HERE, NOON) == timedelta(seconds=60)
    assert pacer.begin(AWAY, NOON) == NOTHING
    assert list(pacer.resting(NOON)) == [("one",)]


def test_what_has_to_wait_counts_for_nothing():
    pacer = Pacer(Limits(channel=Rate(1, 10), platform=Rate(2, 10)))
    pacer.begin(HERE, NOON)

    pacer.begin(HERE, NOON)

    assert pacer.begin(THERE, NOON) == NOTHING


def test_a_platforms_own_word_is_kept_as_long_and_as_wide_as_it_reaches():
    pacer = Pacer(Limits())
    pacer.rest(HERE, "channel", after(30))
    assert pacer.begin(THERE, NOON) == NOTHING

    pacer.rest(HERE, "workspace", after(20))
    assert pacer.begin(THERE, NOON) == timedelta(seconds=20)
    assert pacer.begin(HERE, NOON) == timedelta(seconds=30)

    pacer.rest(HERE, "platform", after(10))
    assert pacer.begin(AWAY, NOON) == timedelta(seconds=10)
    assert EVERYWHERE in pacer.resting(NOON)
    assert pacer.resting(after(30)) == {}


@given(st.lists(st.tuples(st.sampled_from([HERE, THERE, AWAY]), st.floats(0, 2)), max_size=80))
def test_no_stretch_of_time_ever_holds_more_than_the_limit(tries):
    limits = {"channel": Rate(2, 3), "workspace": Rate(3, 4), "platform": Rate(4, 2)}
    pacer, now, begun = Pacer(Limits(**limits)), NOON, []
    for channel, pause in tries:
        now += timedelta(seconds=pause)
        pacer.resting(now)
        if not pacer.begin(channel, now):
            begun.append((channel, now))
    for _, start in begun:
        for name, rate in limits.items():
            end = start + timedelta(seconds=rate.seconds)
            within = [channel for channel, at in begun if start <= at < end]
            key = {"channel": lambda one: one.id, "workspace": lambda one: one.workspace, "platform": lambda one: ""}[
                name
            ]
            assert all(sum(key(one) == key(other) for other in within) <= rate.messages for one in within)


def test_a_clock_that_is_set_back_makes_nobody_wait_until_it_comes_to_that_time_again():
    pacer = Pacer(Limits(channel=Rate(1, 1), workspace=Rate(1, 60)))
    pacer.begin(HERE, after(365 * 86_400))
    pacer.rest(AWAY, "channel", after(365 * 86_400 + 30))

    assert pacer.resting(NOON) == {}
    assert pacer.begin(HERE, NOON) == NOTHING
    assert pacer.begin(AWAY, NOON) == NOTHING
    assert pacer.begin(HERE, after(-1)) == timedelta(seconds=61)
