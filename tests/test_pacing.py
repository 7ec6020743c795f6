"""Rate limits are kept to: who has to wait waits, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.rate_limits import BRIEFLY, EVERYWHERE, Limits, Pacer, Rate
from briefs.models import Channel

NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)
HERE, THERE, AWAY = Channel("chat", "one", "here"), Channel("chat", "one", "there"), Channel("chat", "two", "away")
NOTHING = timedelta(0)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def post(pacer: Pacer, channel: Channel, at: datetime) -> timedelta:
    """Post at once, or wait."""
    wait = pacer.begin(channel, at)
    if wait <= BRIEFLY:
        pacer.over(channel, at + wait)
    return wait


def test_a_channel_that_had_its_messages_waits_and_the_others_do_not():
    pacer = Pacer(Limits(channel=Rate(2, 5)))

    assert [post(pacer, HERE, after(at)) for at in (0, 1)] == [NOTHING, NOTHING]
    assert pacer.begin(HERE, after(2)) == timedelta(seconds=3)
    assert pacer.begin(THERE, after(2)) == NOTHING
    assert pacer.resting(after(2)) == {("one", "here"): after(5) - BRIEFLY}
    assert pacer.begin(HERE, after(5)) == NOTHING


def test_a_post_counts_until_so_long_after_its_answer_as_nobody_knows_when_the_platform_counted_it():
    pacer = Pacer(Limits(channel=Rate(1, 5)))
    pacer.begin(HERE, NOON)

    assert pacer.begin(HERE, after(9)) == timedelta(seconds=5)
    pacer.over(HERE, after(10))
    assert pacer.begin(HERE, after(11)) == timedelta(seconds=4)
    assert pacer.begin(HERE, after(15)) == NOTHING


def test_who_has_to_wait_a_moment_only_is_counted_and_need_not_come_back():
    pacer = Pacer(Limits(channel=Rate(2, 5)))
    for _ in range(2):
        post(pacer, HERE, NOON)
    almost = after(5) - BRIEFLY

    assert pacer.resting(almost) == {}
    assert [pacer.begin(HERE, almost) for _ in range(2)] == [BRIEFLY, BRIEFLY]
    assert pacer.begin(HERE, almost) > BRIEFLY


def test_a_workspace_waits_as_a_whole():
    pacer = Pacer(Limits(workspace=Rate(2, 60)))

    for channel in (HERE, THERE):
        post(pacer, channel, NOON)

    assert pacer.begin(HERE, NOON) == timedelta(seconds=60)
    assert pacer.begin(AWAY, NOON) == NOTHING
    assert list(pacer.resting(NOON)) == [("one",)]


def test_a_workspace_that_used_up_all_it_may_rests_until_several_posts_may_begin():
    pacer = Pacer(Limits(workspace=Rate(4, 60)), together=3)
    for at in range(4):
        post(pacer, HERE, after(at))

    assert pacer.resting(after(60)) == {("one",): after(62) - BRIEFLY}
    assert pacer.begin(HERE, after(60)) == NOTHING


def test_only_so_many_are_claimed_as_the_whole_platform_lets_through_in_a_moment():
    pacer = Pacer(Limits(platform=Rate(3, 1)), together=16)
    assert pacer.room(NOON) == 16

    pacer.begin(HERE, NOON)
    post(pacer, THERE, NOON)
    assert pacer.room(NOON) == 1
    assert pacer.room(after(1) - BRIEFLY) == 2


def test_a_post_that_may_need_several_requests_counts_as_so_many_for_the_platform_and_as_one_in_its_channel():
    pacer = Pacer(Limits(channel=Rate(2, 10), platform=Rate(5, 10)))

    assert pacer.begin(HERE, NOON, requests=3) == NOTHING
    assert [pacer.begin(one, NOON) for one in (HERE, AWAY)] == [NOTHING, NOTHING]
    assert pacer.room(NOON) == 0


def test_a_post_that_needs_several_requests_has_its_turn_before_those_that_need_one():
    pacer = Pacer(Limits(platform=Rate(3, 10)))
    for at in range(3):
        post(pacer, HERE, after(at))

    assert pacer.begin(AWAY, after(10), requests=3) == timedelta(seconds=2)
    assert pacer.begin(HERE, after(10)) > BRIEFLY
    assert pacer.resting(after(10)) == {EVERYWHERE: after(12) - BRIEFLY}
    assert pacer.begin(AWAY, after(12), requests=3) == NOTHING


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


KEYS = {"channel": lambda one: one.id, "workspace": lambda one: one.workspace, "platform": lambda one: ""}


@given(st.lists(st.tuples(st.sampled_from([HERE, THERE, AWAY]), st.floats(0, 2), st.floats(0, 3)), max_size=60))
def test_wherever_on_its_way_a_platform_counts_a_post_no_stretch_of_time_holds_more_than_the_limit(tries):
    limits = {"channel": Rate(2, 3), "workspace": Rate(3, 4), "platform": Rate(4, 2)}
    pacer, now = Pacer(Limits(**limits), together=2), NOON
    under_way: list[tuple[datetime, Channel]] = []
    posts: list[tuple[Channel, datetime, datetime]] = []  # it is counted at some moment from the one to the other
    for channel, pause, travel in tries:
        now += timedelta(seconds=pause)
        for ended, where in sorted(under_way, key=lambda one: one[0]):
            if ended <= now:
                pacer.over(where, ended)
        under_way = [one for one in under_way if one[0] > now]
        pacer.resting(now)
        if (wait := pacer.begin(channel, now)) <= BRIEFLY:
            begun, ended = now + wait, now + wait + timedelta(seconds=travel)
            under_way.append((ended, channel))
            posts.append((channel, begun, ended))

    for scope, rate in limits.items():
        for one, counted in [(one, at) for one, *ends in posts for at in ends]:
            until = counted + timedelta(seconds=rate.seconds)
            together = [
                other
                for other, begun, ended in posts
                if KEYS[scope](other) == KEYS[scope](one) and ended >= counted and begun < until
            ]
            assert len(together) <= rate.messages


def test_a_clock_that_is_set_back_makes_nobody_wait_until_it_comes_to_that_time_again():
    pacer = Pacer(Limits(channel=Rate(1, 1), workspace=Rate(1, 60)))
    pacer.begin(HERE, after(365 * 86_400))
    pacer.rest(AWAY, "channel", after(365 * 86_400 + 30))

    assert pacer.resting(NOON) == {}
    assert pacer.begin(HERE, NOON) == NOTHING
    assert pacer.begin(AWAY, NOON) == NOTHING
    assert pacer.begin(HERE, after(-1)) == timedelta(seconds=60)
