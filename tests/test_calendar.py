"""One run per due local date, at the right instant, whatever the clocks of a zone do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.base.calendar import EVERY_DAY, LAST, MOST_WEEKS, Days, QuietHours, Schedule

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

    due = daily(at, zone).next(day_before)

    assert (due.local, due.at) == (local, utc(instant))


def test_a_date_that_the_zone_skipped_has_no_run():
    around = daily("09:00", "Pacific/Apia").upcoming(utc("2011-12-29T00:00"), 2)

    assert [due.local for due in around] == ["2011-12-29T09:00", "2011-12-31T09:00"]


def test_only_the_chosen_days_are_due():
    weekdays = Schedule(("09:00",), "Europe/Paris", Days(0b0011111))

    five = weekdays.upcoming(utc("2026-11-20T12:00"), 5)  # a Friday, past nine

    assert [due.local[:10] for due in five] == ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"]


def test_the_next_due_time_is_strictly_later():
    nine = utc("2026-11-23T08:00")

    assert daily("09:00", "Europe/Paris").next(nine - timedelta(seconds=1)).at == nine
    assert daily("09:00", "Europe/Paris").next(nine).at == nine + timedelta(days=1)


def test_between_the_two_half_past_ones_of_a_fold_the_run_is_over():
    first = utc("2026-11-01T06:30")

    due = daily("01:30", "America/Chicago").next(first + timedelta(minutes=1))

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
        Days(days)


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        daily("09:00", "UTC").next(datetime(2026, 1, 1))  # noqa: DTZ001


def test_an_unknown_zone_is_refused():
    with pytest.raises(ZoneInfoNotFoundError):
        daily("09:00", "Europe/Lutetia").next(utc("2026-01-01"))


@pytest.mark.parametrize(
    ("zone", "first_year"),
    [
        ("Europe/Paris", 2020),
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
        found = daily(at, zone).upcoming(wanted[at][0][1] - timedelta(seconds=1), len(wanted[at]))
        assert [(due.local, due.at) for due in found] == wanted[at]


def watch_the_clock(zone: ZoneInfo, start: datetime, end: datetime) -> dict[str, list[tuple[str, datetime]]]:
    """Go through every quarter of an hour and read the clock: the other direction than the one under test.

    A time of a date is due when the clock first shows it, or first shows something later without having shown it.
    A date that no clock ever shows is not due.
    """
    shown: dict[date, list[tuple[datetime, datetime]]] = {}  # date → (what the clock showed, when)
    first: dict[datetime, datetime] = {}  # what the clock showed → when it did first
    instant = start
    while instant < end:
        clock = instant.astimezone(zone).replace(tzinfo=None, fold=0)
        shown.setdefault(clock.date(), []).append((clock, instant))
        first.setdefault(clock, instant)
        instant += QUARTER
    due: dict[str, list[tuple[str, datetime]]] = {at: [] for at in TIMES}
    for day in sorted(shown)[1:-1]:  # the first and last dates are cut by the window
        near = shown[day] + shown.get(day + timedelta(days=1), [])
        for at in TIMES:
            wall = datetime.combine(day, time.fromisoformat(at))
            due[at].append((f"{day}T{at}", first.get(wall) or next(when for clock, when in near if clock > wall)))
    return due


ZONES = (
    "Europe/Paris",
    "America/Chicago",
    "Asia/Shanghai",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
)
WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)
DATES = st.dates(date(2007, 1, 1), date(2020, 1, 1))
SCHEDULES = st.builds(
    Schedule,
    times=st.sets(
        st.times().map(lambda moment: f"{moment:%H:%M}") | st.sampled_from(TIMES), min_size=1, max_size=4
    ).map(lambda chosen: tuple(sorted(chosen))),
    zone=st.sampled_from(ZONES),
    days=st.builds(Days, bits=st.integers(1, EVERY_DAY), weeks=st.integers(1, MOST_WEEKS))
    | st.builds(
        Days,
        bits=st.integers(1, EVERY_DAY),
        nth=st.sets(st.sampled_from([1, 2, 3, 4, LAST]), min_size=1).map(
            lambda chosen: tuple(sorted(chosen, key=lambda number: number % 9))
        ),
    ),
    first=DATES,
    until=st.none() | DATES,
)
TEN_YEARS = timedelta(days=3653)


@settings(max_examples=20, deadline=None)
@given(SCHEDULES, st.datetimes(datetime(2008, 1, 1), datetime(2010, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_ten_years_of_any_schedule_agree_with_an_independent_computation(schedule, after):
    wanted = independently(schedule, after, after + TEN_YEARS)

    assert [(due.local, due.at) for due in schedule.upcoming(after, len(wanted))] == wanted
    assert all(schedule.is_chosen(date.fromisoformat(local[:10])) for local, _ in wanted)


@given(SCHEDULES)
def test_a_schedule_is_written_and_read(schedule):
    assert Schedule.read(str(schedule), schedule.zone) == schedule


@pytest.mark.parametrize(
    ("text", "dues"),
    {
        "09:00,17:00 daily": ["2026-12-01T09:00", "2026-12-01T17:00", "2026-12-02T09:00"],
        "09:00 first mon": ["2026-12-07T09:00", "2027-01-04T09:00", "2027-02-01T09:00"],
        "09:00 last fri": ["2026-12-25T09:00", "2027-01-29T09:00", "2027-02-26T09:00"],
        "09:00 mon,thu every 2 weeks from 2026-12-03": ["2026-12-03T09:00", "2026-12-14T09:00", "2026-12-17T09:00"],
        "09:00 daily until 2026-12-02": ["2026-12-01T09:00", "2026-12-02T09:00"],
        "09:00 daily until 2026-11-02": [],
    }.items(),
)
def test_a_rhythm_is_kept(text, dues):
    assert [due.local for due in Schedule.read(text, "Europe/Paris").upcoming(utc("2026-11-30T20:00"))] == dues


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9:00 daily",
        "17:00,09:00 daily",
        "09:00,09:00 daily",
        "09:00",
        "09:00 someday",
        "09:00 tue,mon",
        "24:00 daily",
        "09:00 mon every 2 weeks",
        "09:00 mon every 9 weeks from 2026-12-03",
        "09:00 daily until 2026-13-01",
    ],
)
def test_what_is_no_schedule_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        Schedule.read(text, "UTC")


def test_times_that_a_gap_lets_fall_together_are_due_once():
    schedule = Schedule(("02:15", "02:30", "03:00", "03:15"), "Europe/Paris")

    dues = schedule.upcoming(utc("2026-03-29T00:00"))

    assert [(due.local, due.at) for due in dues[:2]] == [
        ("2026-03-29T02:15", utc("2026-03-29T01:00")),
        ("2026-03-29T03:15", utc("2026-03-29T01:15")),
    ]


def independently(schedule: Schedule, after: datetime, end: datetime) -> list[tuple[str, datetime]]:
    """Let dateutil choose the dates, and find the instants by reading the clock of the zone."""
    zone, found, last = ZoneInfo(schedule.zone), [], after
    chosen = [weekday for day, weekday in enumerate(WEEKDAYS) if schedule.days.bits >> day & 1]
    if schedule.days.nth:
        rule = {"freq": MONTHLY, "byweekday": [weekday(n) for weekday in chosen for n in schedule.days.nth]}
    else:
        rule = {"freq": WEEKLY, "interval": schedule.days.weeks, "byweekday": chosen, "wkst": MO}
    begin = schedule.first or after.date() - timedelta(days=3)
    stop = min(schedule.until or date.max, (end + timedelta(days=2)).date())
    for day in rrule(dtstart=datetime.combine(begin, time()), until=datetime.combine(stop, time()), **rule):
        if day.date() < after.date() - timedelta(days=2):
            continue
        for at in schedule.times:
            instant = first_shown(datetime.combine(day.date(), time.fromisoformat(at)), zone)
            if instant is not None and last < instant <= end:
                found.append((f"{day.date()}T{at}", instant))
                last = instant
    return found


def first_shown(wall: datetime, zone: ZoneInfo) -> datetime | None:
    """Give when the clock first shows a time or, skipping it, a later one; None where it skips the whole date."""
    near = wall.replace(tzinfo=UTC)
    offsets = {(near + timedelta(hours=hours)).astimezone(zone).utcoffset() for hours in (-36, -14, 0, 12, 36)}
    exact = [near - offset for offset in offsets if (near - offset).astimezone(zone).replace(tzinfo=None) == wall]
    if exact:
        return min(exact)
    instant = near - max(offsets)
    while (shown := instant.astimezone(zone).replace(tzinfo=None)) < wall:
        instant += timedelta(minutes=1)
    is_whole = (instant - timedelta(minutes=1)).astimezone(zone).date() < wall.date() < shown.date()
    return None if is_whole else instant


def daily(at: str, zone: str) -> Schedule:
    return Schedule((at,), zone)
