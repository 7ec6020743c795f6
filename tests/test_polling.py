"""When a source is asked next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.gather_process import Rounds
from briefs.errors import Busy, Gone, Locked, Unasked, Unreachable
from briefs.ingest.feeds import Rhythm
from briefs.ingest.polling import after_answer, after_failure
from briefs.models import Source
from briefs.store.database import Database
from briefs.store.sources import Learnt, Sources
from tests import sqlite

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
EARLY = timedelta(seconds=30)


def posting(every: timedelta, count: int = 10) -> list[datetime]:
    return [NOON - every * number for number in range(count)]


@pytest.mark.parametrize(
    ("every", "wait"),
    [
        (timedelta(minutes=1), QUARTER),
        (HOUR, QUARTER),
        (8 * HOUR, timedelta(minutes=108)),
        (7 * DAY, 6 * HOUR),
    ],
)
def test_a_feed_is_asked_about_four_times_between_two_entries(every, wait) -> None:
    assert after_answer(NOON, QUARTER, arrivals=posting(every)) == NOON + wait - EARLY


def test_one_that_falls_silent_is_asked_less_and_less_often() -> None:
    arrivals = posting(HOUR)
    waits = [
        after_answer(NOON + later, QUARTER, arrivals=arrivals) - NOON - later for later in (HOUR, 2 * DAY, 9 * DAY)
    ]
    assert waits == sorted(waits)
    assert waits[0] < HOUR
    assert waits[-1] > 5 * HOUR


@pytest.mark.parametrize(
    ("fresh", "every", "wait"),
    [
        (None, HOUR, HOUR),
        (2 * HOUR, HOUR, 2 * HOUR),
        (timedelta(minutes=1), None, timedelta(minutes=5)),
        (None, timedelta(minutes=1), timedelta(minutes=5)),
        (None, 30 * DAY, 6 * HOUR),
        (365 * DAY, None, 6 * HOUR),
    ],
)
def test_what_it_says_of_itself_is_kept_to_within_five_minutes_and_six_hours(fresh, every, wait) -> None:
    arrivals = posting(timedelta(minutes=4))
    assert after_answer(NOON, QUARTER, arrivals=arrivals, fresh=fresh, said=Rhythm(every=every)) == NOON + wait


def test_one_that_posts_weekly_is_not_asked_hourly_because_it_says_that_it_may_be() -> None:
    assert after_answer(NOON, QUARTER, arrivals=posting(7 * DAY), said=Rhythm(every=HOUR)) > NOON + 5 * HOUR


def test_it_is_left_alone_in_the_hours_and_on_the_days_on_which_it_does_not_want_to_be_asked() -> None:
    lunch = Rhythm(skip_hours=frozenset({12, 13}))
    assert after_answer(NOON, QUARTER, arrivals=posting(HOUR), said=lunch) == NOON + 2 * HOUR
    late, monday = NOON + 11 * HOUR, Rhythm(skip_days=frozenset({0}))
    assert after_answer(late, QUARTER, arrivals=posting(HOUR), said=monday) == late + HOUR
    never = Rhythm(skip_hours=frozenset(range(24)))
    assert after_answer(NOON, QUARTER, arrivals=posting(HOUR), said=never) == NOON + 6 * HOUR


@given(
    st.lists(st.timedeltas(timedelta(), 9999 * DAY), max_size=20),
    st.none() | st.timedeltas(timedelta(seconds=1), 9999 * DAY),
    st.none() | st.timedeltas(timedelta(), 9999 * DAY),
    st.frozensets(st.integers(0, 23)),
    st.frozensets(st.integers(0, 6)),
)
def test_whatever_it_says_it_is_asked_within_five_minutes_and_six_hours(ages, fresh, every, hours, days) -> None:
    said = Rhythm(every=every, skip_hours=hours, skip_days=days)
    due = after_answer(NOON, QUARTER, arrivals=[NOON - age for age in ages], fresh=fresh, said=said)
    assert timedelta(minutes=5) - EARLY <= due - NOON <= 6 * HOUR


def failing(error, failures: int, chance: float = 0.5) -> timedelta:
    return after_failure(NOON, error, failures, chance) - NOON


def test_one_that_fails_is_asked_less_and_less_often_up_to_once_a_day() -> None:
    error = Unreachable("no")
    assert [failing(error, n) for n in (1, 2, 3, 7, 8, 99, 10**6)] == [
        QUARTER,
        2 * QUARTER,
        HOUR,
        16 * HOUR,
        DAY,
        DAY,
        DAY,
    ]


@given(st.integers(1, 50), st.floats(0, 1))
def test_those_that_failed_together_do_not_come_back_together(failures, chance) -> None:
    alike = [failing(Unreachable("no"), failures, one) for one in (0.0, chance, 1.0)]
    assert alike == sorted(alike)
    assert alike[-1] <= DAY
    assert failures > 7 or alike[0] < alike[-1]


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (Busy("later", wait=7200.0), 2 * HOUR),
        (Busy("later", wait=10.0**9), DAY),
        (Busy("later", wait=1.0), 4 * HOUR),
        (Busy("later", wait=None), 4 * HOUR),
        (Locked("locked"), 4 * HOUR),
        (Gone("gone"), 7 * DAY),
        (Unasked("not asked"), QUARTER),
    ],
)
def test_some_failures_have_a_time_of_their_own(error, wait) -> None:
    assert failing(error, 5) == wait


# ---------------------------------------------------------------- rounds


def test_a_round_is_worth_a_process_every_quarter_of_an_hour_and_when_the_time_of_a_source_has_come(tmp_path) -> None:
    now = [NOON]
    feed, other = (Source(f"https://{name}.example/f", "feed") for name in ("one", "other"))
    with Database.open(sqlite.database(tmp_path / "b.db")) as database:
        sources = Sources(database)
        rounds = Rounds(sources, lambda: [feed.address], QUARTER, lambda: now[0])

        def due(minutes: int) -> bool:
            now[0] = NOON + timedelta(minutes=minutes)
            return rounds.due()

        assert due(0)
        sources.learn([Learnt(one, NOON, next_at=NOON + timedelta(minutes=at)) for one, at in ((feed, 5), (other, 2))])
        assert [due(minute) for minute in (1, 2, 4, 5, 6, 19, 20, 21)] == [
            False,
            False,  # a source that somebody once read by hand
            False,
            True,
            False,
            False,
            True,
            False,
        ]
        sources.again([feed.address], now[0])
        assert due(21)
        assert not due(22)


# ---------------------------------------------------------------- what is remembered


def test_what_is_learnt_of_a_source_is_remembered_and_what_is_not_learnt_stays(database_url) -> None:
    source = Source("https://one.example/f", "feed", "One")
    with Database.open(database_url) as database:
        sources = Sources(database)
        arrivals = tuple(posting(DAY, 3))
        about = {"repairs": ["encoding"], "rhythm": {"every": 3600.0, "hours": [1], "days": []}}
        sources.learn(
            [Learnt(source, NOON, '"1"', None, NOON + HOUR, "Seals", arrivals, "repaired", about, "https://x", 2)]
        )
        health = sources.one(source.address)
        assert (health.title, health.arrivals, health.state, health.about) == ("Seals", arrivals, "repaired", about)
        assert (health.next_at, health.moved_to, health.moves, health.etag) == (NOON + HOUR, "https://x", 2, '"1"')

        sources.learn([Learnt(source, NOON + HOUR, '"1"')])  # "not modified"
        again = sources.one(source.address)
        assert (again.title, again.arrivals, again.state, again.about) == ("Seals", arrivals, "repaired", about)
        assert (again.moved_to, again.moves, again.next_at) == (None, 0, None)


def test_a_failure_keeps_its_line_for_any_language_and_an_answer_forgets_it(database_url) -> None:
    source = Source("https://one.example/f", "feed")
    with Database.open(database_url) as database:
        sources = Sources(database)
        error = Busy("{address}: come back ({status})", address=source.address, status=429, wait=7200.0)
        for failures in (1, 2):
            sources.failed(source, NOON, error, NOON + HOUR)
            health = sources.one(source.address)
            assert (health.failures, health.trouble, health.next_at) == (failures, "busy", NOON + HOUR)
        assert health.said["template"].format(**health.said["values"]) == "https://one.example/f: come back (429)"
        sources.learn([Learnt(source, NOON + HOUR)])
        health = sources.one(source.address)
        assert (health.failures, health.trouble, health.said, health.error) == (0, None, {}, None)


def test_an_address_that_a_person_chose_is_asked_for_from_then_on(database_url) -> None:
    source = Source("https://one.example/f", "feed")
    with Database.open(database_url) as database:
        sources = Sources(database)
        sources.learn([Learnt(source, NOON, '"1"', moved_to="https://two.example/f", moves=3)])
        sources.use(source.address, "https://two.example/f", NOON + HOUR)
        sources.learn([Learnt(source, NOON + HOUR)])
        health = sources.one(source.address)
        assert (health.uses, health.moves, health.etag) == ("https://two.example/f", 0, None)
