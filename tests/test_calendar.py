"""One run per due local date, at the right instant, whatever the clocks of a zone do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.base.calendar import EVERY_DAY, QuietHours, next_due, upcoming

QUARTER = timedelta(minutes=15)
TIMES = ("00:00", "00:15", "01:30", "02:30", "09:00", "23:45")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "local", "instant"),
    [
        ("Europe/Paris", "02:30", "2026-03-29T02:30", "2026-03-29T01:00"),  # gap: the clocks go from 2:00 to 3:00
        ("Europe/Paris", "02:30", "2026-10-25T02:30", "2026-10-25T00:30"),  # fold: the first 2:30, still summer time
        ("America/Chicago", "00:00", "2026-03-09T00:00", "2026-03-09T05:00"),  # the day that APScheduler's cron skips
        ("America/Chicago", "01:30", "2026-11-01T01:30", "2026-11-01T06:30"),  # fold
        ("America/Sao_Paulo", "00:15", "2018-11-04T00:15", "2018-11-04T03:00"),  # a gap at midnight
        ("Africa/Casablanca", "02:30", "2026-03-22T02:30", "2026-03-22T02:00"),  # a gap where Ramadan ends
        ("Australia/Lord_Howe", "02:15", "2026-10-04T02:15", "2026-10-03T15:30"),  # a gap of half an hour
        ("America/Toronto", "23:45", "1919-03-30T23:45", "1919-03-31T04:30"),  # a gap over midnight
        ("Asia/Shanghai", "09:00", "2026-09-14T09:00", "2026-09-14T01:00"),  # nothing ever happens here
    ],
)
def test_a_date_whose_clocks_move_has_its_run_at_the_right_instant(zone, at, local, instant):
    day_before = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)) - timedelta(days=1, hours=-1)

    due = next_due(at, EVERY_DAY, zone, day_before)

    assert (due.local, due.at) == (local, utc(instant))


def test_a_date_that_the_zone_skipped_has_no_run():
    around = upcoming("09:00", EVERY_DAY, "Pacific/Apia", utc("2011-12-29T00:00"), 2)

    assert [due.local for due in around] == ["2011-12-29T09:00", "2011-12-31T09:00"]


def test_only_the_chosen_days_are_due():
    weekdays = 0b0011111

    five = upcoming("09:00", weekdays, "Europe/Paris", utc("2026-11-20T12:00"), 5)  # a Friday, past nine

    assert [due.local[:10] for due in five] == ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"]


def test_the_next_due_time_is_strictly_later():
    nine = utc("2026-11-23T08:00")

    assert next_due("09:00", EVERY_DAY, "Europe/Paris", nine - timedelta(seconds=1)).at == nine
    assert next_due("09:00", EVERY_DAY, "Europe/Paris", nine).at == nine + timedelta(days=1)


def test_between_the_two_half_past_ones_of_a_fold_the_run_is_over():
    first = utc("2026-11-01T06:30")

    due = next_due("01:30", EVERY_DAY, "America/Chicago", first + timedelta(minutes=1))

    assert due.local == "2026-11-02T01:30"


@pytest.mark.parametrize(
    ("hours", "moment", "over"),
    [
        (("22:00", "07:00"), "2026-09-14T19:59", "2026-09-14T19:59"),  # 21:59 in Paris
        (("22:00", "07:00"), "2026-09-14T20:00", "2026-09-15T05:00"),
        (("22:00", "07:00"), "2026-09-15T05:00", "2026-09-15T05:00"),
        (("12:00", "14:00"), "2026-09-14T11:30", "2026-09-14T12:00"),
        (("12:00", "14:00"), "2026-09-14T12:00", "2026-09-14T12:00"),
        (("22:00", "02:30"), "2026-03-28T23:00", "2026-03-29T01:00"),  # spring skips half past two
        (("22:00", "02:30"), "2026-10-24T22:00", "2026-10-25T00:30"),  # autumn shows it twice
        (("22:00", "02:30"), "2026-10-25T01:15", "2026-10-25T01:15"),  # and is past it at the second quarter past two
    ],
)
def test_quiet_hours_are_over_when_the_clocks_of_the_zone_show_their_end(hours, moment, over):
    assert QuietHours(*hours).over_at(utc(moment), "Europe/Paris") == utc(over)


@pytest.mark.parametrize("days", [0, 128, -1])
def test_days_outside_a_week_are_refused(days):
    with pytest.raises(ValueError, match="days"):
        next_due("09:00", days, "UTC", utc("2026-01-01"))


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        next_due("09:00", 1, "UTC", datetime(2026, 1, 1))  # noqa: DTZ001


def test_an_unknown_zone_is_refused():
    with pytest.raises(ZoneInfoNotFoundError):
        next_due("09:00", 1, "Europe/Lutetia", utc("2026-01-01"))


@pytest.mark.parametrize(
    ("zone", "first_year"),
    [
        ("Europe/Paris", 2020),
        ("Europe/Berlin", 2020),
        ("America/Chicago", 2020),
        ("Asia/Shanghai", 2020),
        ("Pacific/Apia", 2010),
        ("America/Sao_Paulo", 2010),
        ("Africa/Casablanca", 2020),
        ("Australia/Lord_Howe", 2020),
    ],
)
def test_ten_years_agree_with_watching_the_clock_on_the_wall(zone, first_year):
    start, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(first_year + 10, 1, 1, tzinfo=UTC)
    wanted = watch_the_clock(ZoneInfo(zone), start, end)

    for at in TIMES:
        found = upcoming(at, EVERY_DAY, zone, wanted[at][0][1] - timedelta(seconds=1), len(wanted[at]))
        assert [(due.local, due.at) for due in found] == wanted[at]


def watch_the_clock(zone: ZoneInfo, start: datetime, end: datetime) -> dict[str, list[tuple[str, datetime]]]:
    """Go through every quarter of an hour and read the clock: the other direction than the one under test.

    A time of a date is due when the clock first shows it, or first shows something later without having shown it.
    A date that no clock ever shows is not due.
    """
    shown: dict[date, list[tuple[datetime, datetime]]] = {}  # date → (what the clock showed, when)
    instant = start
    while instant < end:
        clock = instant.astimezone(zone).replace(tzinfo=None, fold=0)
        shown.setdefault(clock.date(), []).append((clock, instant))
        instant += QUARTER
    due: dict[str, list[tuple[str, datetime]]] = {at: [] for at in TIMES}
    for day in sorted(shown)[1:-1]:  # the first and last dates are cut by the window
        near = shown[day] + shown.get(day + timedelta(days=1), [])
        for at in TIMES:
            wall = datetime.combine(day, time.fromisoformat(at))
            exact = [when for clock, when in near if clock == wall]
            due[at].append((f"{day}T{at}", exact[0] if exact else next(when for clock, when in near if clock > wall)))
    return due


@given(
    zone=st.sampled_from(
        ["Europe/Paris", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kathmandu"]
    ),
    at=st.times().map(lambda moment: f"{moment:%H:%M}"),
    days=st.integers(1, EVERY_DAY),
    after=st.datetimes(datetime(2000, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_due_times_rise_and_each_stands_for_its_own_chosen_date(zone, at, days, after):
    runs = upcoming(at, days, zone, after, 12)

    assert all(after < run.at for run in runs)
    assert [run.at for run in runs] == sorted({run.at for run in runs})
    assert len({run.local for run in runs}) == 12
    assert all(days >> datetime.fromisoformat(run.local).weekday() & 1 for run in runs)
