"""Days and lengths of time, as people type them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from briefs.errors import UsageError
from briefs.text.moments import parse_age, parse_moment

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        *(("today", 18), ("yesterday", 17), ("hier", 17), ("avant-hier", 16), ("昨天", 17), ("前天", 16)),
        *(("monday", 16), ("Lundi", 16), ("周一", 16), ("thursday", 12), ("wednesday", 18)),
        *(("2026-11-20", 20), ("2026/11/2", 2), ("20/11/2026", 20), ("2026年11月3日", 3), ("2026-11", 1)),
        *(("20 novembre 2026", 20), ("Nov 20, 2026".replace(",", ""), 20), ("novembre 2026", 1)),
    ],
)
def test_a_day_begins_at_midnight(typed, day):
    assert parse_moment(typed, NOW) == datetime(2026, 11, day, tzinfo=UTC)


def test_days_begin_where_the_asker_is():
    beijing = ZoneInfo("Asia/Shanghai")
    assert parse_moment("today", NOW.astimezone(beijing)) == datetime(2026, 11, 18, tzinfo=beijing)


@pytest.mark.parametrize("typed", ["3 days", "3d", "3 jours", "3天", "3 days ago", "il y a 3 jours", "3天前"])
def test_a_length_of_time_reaches_back_from_now(typed):
    assert parse_moment(typed, NOW) == NOW - timedelta(days=3)


@pytest.mark.parametrize(
    "typed", ["gestern", "2026-13-45", "heron 2026-11-20", "0d", "", "the 20 novembre 2026 strike"]
)
def test_what_is_no_day_is_refused_with_how_it_is_written(typed):
    with pytest.raises(UsageError, match="write it like 2026-11-20, yesterday, or 7d"):
        parse_moment(typed, NOW)


def test_a_length_that_is_none_is_refused():
    with pytest.raises(UsageError, match="write it like 24h, 7d or 2w"):
        parse_age("soon")
