"""When a subscription is due: local wall time, on chosen days, in an IANA zone → UTC instants. Pure.

    each local date on a chosen day, which exists in the zone → one run, at its wall time
        the clocks skip that time  → the first instant after the gap
        the clocks show it twice   → the first of the two

The local date and time name a run ("2026-03-08T09:00"), so that one date has one run whatever the clocks do. Cron
triggers do not promise that: they fire twice in a fold, and a midnight gap can cost them a day or a week.

In quiet hours nothing is begun: what is due then waits for their end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
EVERY_DAY = 0b1111111


@dataclass(frozen=True, slots=True)
class Due:
    """One due time.

    local: the wall time it stands for, "YYYY-MM-DDTHH:MM", even where the clocks skip it. at: the instant, in UTC.
    """

    local: str
    at: datetime


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one local wall time to another, "HH:MM"; over midnight where the second is the earlier one."""

    start: str
    end: str

    def over_at(self, moment: datetime, zone: str) -> datetime:
        """Give the moment itself, or, where the zone's clocks are in these hours then, the instant of their end."""
        place = ZoneInfo(zone)
        local = moment.astimezone(place)
        start, end, clock = time.fromisoformat(self.start), time.fromisoformat(self.end), local.time()
        over_midnight = end <= start
        if not (clock >= start or clock < end if over_midnight else start <= clock < end):
            return moment
        day = local.date() + (DAY if over_midnight and clock >= start else timedelta(0))
        return max(_instant(datetime.combine(day, end), place) or moment, moment)


def comes_at(moment: datetime, zone: str, quiet: tuple[str, str] | None) -> datetime:
    """Give when a digest comes that is due at an instant. quiet: the hours in which none is begun, if any."""
    return QuietHours(*quiet).over_at(moment, zone) if quiet else moment


def next_due(at: str, days: int, zone: str, after: datetime) -> Due:
    """Give the first due time strictly after an instant.

    at: "HH:MM", local. days: a bit for each, Monday lowest (1 … 127). zone: an IANA name. after: aware.
    Raises ValueError on anything else, `zoneinfo.ZoneInfoNotFoundError` (a KeyError) on an unknown zone.
    """
    return next(_dues(at, days, zone, after))


def is_chosen(days: int, zone: str, moment: datetime) -> bool:
    """Say whether it is one of the chosen days in a zone."""
    return bool(days >> moment.astimezone(ZoneInfo(zone)).weekday() & 1)


def upcoming(at: str, days: int, zone: str, after: datetime, count: int = 3) -> list[Due]:
    """Give the next due times after an instant, soonest first; the arguments are those of `next_due`."""
    return list(islice(_dues(at, days, zone, after), count))


def _dues(at: str, days: int, zone: str, after: datetime) -> Iterator[Due]:
    if not 0 < days <= EVERY_DAY:
        raise ValueError(f"days must be 1 to 127, not {days}")
    if after.tzinfo is None:
        raise ValueError("after must know its time zone")
    wall, place = time.fromisoformat(at), ZoneInfo(zone)
    # A date whose time falls into a gap over midnight is due on what is already the next date: begin a day early.
    day = after.astimezone(place).date() - DAY
    while True:
        if days >> day.weekday() & 1:
            instant = _instant(datetime.combine(day, wall), place)
            if instant is not None and instant > after:
                yield Due(f"{day.isoformat()}T{wall:%H:%M}", instant)
        day += DAY


def _instant(wall: datetime, zone: ZoneInfo) -> datetime | None:
    """Give the first instant at which the zone's clocks show `wall` or, skipping it, more; None for a skipped date."""
    before, after = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    gap = _offset(after) - _offset(before)  # PEP 495: fold=0 takes the rules before a transition, fold=1 those after
    instant = before.astimezone(UTC)
    if gap <= timedelta(0):
        return instant
    # The transition lies between the two readings of the skipped time; the clocks know whole seconds.
    earliest = after.astimezone(UTC)
    seconds = range(int(gap.total_seconds()) + 1)

    def is_over(second: int) -> bool:
        return _offset((earliest + timedelta(seconds=second)).astimezone(zone)) == _offset(after)

    transition = earliest + timedelta(seconds=bisect_left(seconds, True, key=is_over))
    skipped_from = (transition + _offset(before)).replace(tzinfo=None)
    return None if _covers(skipped_from, skipped_from + gap, wall.date()) else transition


def _covers(start: datetime, end: datetime, day: date) -> bool:
    """Whether a gap swallows a whole date, as the date line's move did to 2011-12-30 in Apia."""
    midnight = datetime.combine(day, time())
    return start <= midnight and midnight + DAY <= end


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta(0)
