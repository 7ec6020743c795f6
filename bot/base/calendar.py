"""When a subscription is due: local wall times, on chosen days, in an IANA zone → UTC instants. Pure.

    each chosen local date, which exists in the zone → one run for each time, at that time
        the clocks skip a time  → the first instant after the gap; of several that fall there, the first
        the clocks show it twice → the first of the two

The local date and time name a run ("2026-03-08T09:00"), so that one time has one run whatever the clocks do. Cron
triggers do not promise that: they fire twice in a fold, and a midnight gap can cost them a day or a week.

In quiet hours nothing is begun: what is due then waits for their end.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
EVERY_DAY = 0b1111111
LAST = -1  # of a month
MOST_TIMES, MOST_WEEKS = 12, 8
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": LAST}


def _list_of(words: Iterable[str]) -> str:
    one = f"(?:{'|'.join(words)})"
    return f"{one}(?:,{one})*"


_TEXT = re.compile(
    rf"(?P<times>[\d:,]+) (?:(?P<nth>{_list_of(_NTH)}) )?(?P<days>daily|{_list_of(_DAYS)})"
    r"(?: every (?P<weeks>\d) weeks)?(?: from (?P<first>[\d-]+))?(?: until (?P<until>[\d-]+))?"
)


@dataclass(frozen=True, slots=True)
class Days:
    """On which days: of every so many weeks; or, where nth is given, as the nth of the month.

    bits: one for each, Monday lowest. nth: 1 to 4, and LAST, rising; empty: each of them.
    """

    bits: int = EVERY_DAY
    weeks: int = 1
    nth: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.bits <= EVERY_DAY:
            raise ValueError(f"days must be 1 to 127, not {self.bits}")
        if not 1 <= self.weeks <= MOST_WEEKS or (self.nth and self.weeks > 1) or not set(self.nth) <= {*_NTH.values()}:
            raise ValueError(f"every {self.weeks} weeks, of the month {self.nth}: there is no such rhythm")


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a subscription is due.

    times: "HH:MM", local, rising. zone: an IANA name. first: the first date that may be due, and in the first of every
    so many weeks; needed for these. until: the last date that may be due.
    Raises ValueError where it could never be.
    """

    times: tuple[str, ...]
    zone: str
    days: Days = Days()
    first: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        known = sorted({f"{time.fromisoformat(at):%H:%M}" for at in self.times})
        if list(self.times) != known or not 0 < len(known) <= MOST_TIMES:
            raise ValueError(f"not times of a day, each once, in order: {self.times}")
        if self.days.weeks > 1 and self.first is None:
            raise ValueError("weeks are counted from a date")

    @classmethod
    def read(cls, text: str, zone: str) -> Schedule:
        """Read what `str` has written. Raises ValueError on anything else."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ValueError(f"not a schedule: {text}")
        bits = EVERY_DAY if match["days"] == "daily" else sum(1 << _DAYS.index(day) for day in match["days"].split(","))
        nth = tuple(_NTH[word] for word in match["nth"].split(",")) if match["nth"] else ()
        first, until = (date.fromisoformat(match[name]) if match[name] else None for name in ("first", "until"))
        made = cls(tuple(match["times"].split(",")), zone, Days(bits, int(match["weeks"] or 1), nth), first, until)
        if str(made) != text:
            raise ValueError(f"not as it is written: {text}")
        return made

    def __str__(self) -> str:
        """Write it without its zone: "09:00,17:00 mon,thu every 2 weeks from 2026-11-30 until 2027-01-12"."""
        words = [",".join(self.times)]
        if self.days.nth:
            words.append(",".join(name for name, number in _NTH.items() if number in self.days.nth))
        chosen = ",".join(name for day, name in enumerate(_DAYS) if self.days.bits >> day & 1)
        words.append("daily" if self.days.bits == EVERY_DAY else chosen)
        words += [f"every {self.days.weeks} weeks"] * (self.days.weeks > 1)
        words += [f"from {self.first}"] * bool(self.first) + [f"until {self.until}"] * bool(self.until)
        return " ".join(words)

    def is_chosen(self, day: date) -> bool:
        """Return whether a local date is one of its days."""
        if not self.days.bits >> day.weekday() & 1 or (self.first and day < self.first):
            return False
        if self.days.weeks > 1 and self.first:
            monday = self.first - self.first.weekday() * DAY
            return (day - monday).days // 7 % self.days.weeks == 0
        is_last = LAST in self.days.nth and day.day + 7 > monthrange(day.year, day.month)[1]
        return not self.days.nth or is_last or (day.day - 1) // 7 + 1 in self.days.nth

    def next(self, after: datetime) -> Due | None:
        """Return the first due time strictly after an aware instant; None where there is none any more.

        Raises `zoneinfo.ZoneInfoNotFoundError` (a KeyError) on an unknown zone.
        """
        return next(self._dues(after), None)

    def upcoming(self, after: datetime, count: int = 3) -> list[Due]:
        """Return the next due times after an instant, soonest first."""
        return list(islice(self._dues(after), count))

    def _dues(self, after: datetime) -> Iterator[Due]:
        if after.tzinfo is None:
            raise ValueError("after must know its time zone")
        walls, place = [time.fromisoformat(at) for at in self.times], ZoneInfo(self.zone)
        # A date whose time falls into a gap over midnight is due on what is already the next date: begin a day early.
        day = max(after.astimezone(place).date() - DAY, self.first or date.min)
        last = min(self.until or date.max, date.max - DAY)
        while day <= last:
            for wall in walls if self.is_chosen(day) else ():
                instant = _instant(datetime.combine(day, wall), place)
                if instant is not None and instant > after:
                    after = instant  # what a gap lets fall together is due once
                    yield Due(f"{day.isoformat()}T{wall:%H:%M}", instant)
            day += DAY


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
        """Return the moment itself, or, where the zone's clocks are in these hours then, the instant of their end."""
        place = ZoneInfo(zone)
        local = moment.astimezone(place)
        start, end, clock = time.fromisoformat(self.start), time.fromisoformat(self.end), local.time()
        over_midnight = end <= start
        if not (clock >= start or clock < end if over_midnight else start <= clock < end):
            return moment
        day = local.date() + (DAY if over_midnight and clock >= start else timedelta(0))
        return max(_instant(datetime.combine(day, end), place) or moment, moment)


def comes_at(moment: datetime, zone: str, quiet: tuple[str, str] | None) -> datetime:
    """Return when a digest comes that is due at an instant. quiet: the hours in which none is begun, if any."""
    return QuietHours(*quiet).over_at(moment, zone) if quiet else moment


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
