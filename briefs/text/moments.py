"""Lengths of time and days, as people type them in English, French and Chinese.

"7d", "3 jours", "2周" → timedelta        "yesterday", "2026-11-20", "lundi", "3 days" → the instant it begins
"""

import re
from datetime import datetime, time, timedelta

from briefs.errors import UsageError
from briefs.languages import LANGUAGES
from briefs.text.dates import find_date
from briefs.text.terms import fold

_CALENDARS = [pack.calendar for pack in LANGUAGES.values()]
_LENGTHS = {"hours": 1, "days": 24, "weeks": 7 * 24, "months": 30 * 24, "years": 365 * 24}
_UNIT = {word: _LENGTHS[unit] for one in _CALENDARS for unit, listed in one.units.items() for word in listed.split()}
_LONGEST_AGE = timedelta(days=200 * 365)  # older than any archive; and its beginning is still a date
_BEFORE, _AFTER = (
    "|".join(filter(None, said)) for said in zip(*((c.before_age, c.after_age) for c in _CALENDARS), strict=True)
)
_AGE = re.compile(rf"(?:{_BEFORE})?(\d{{1,4}})\s*({'|'.join(sorted(_UNIT, key=len, reverse=True))})(?:{_AFTER})?")
_DAYS_AGO = {word: days for one in _CALENDARS for days, listed in enumerate(one.days_ago) for word in listed.split("|")}
_WEEKDAYS = {word: day for one in _CALENDARS for day, listed in enumerate(one.weekdays) for word in listed.split()}
_ISO = re.compile(r"((?:19|20)\d{2})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")
_MONTH = re.compile(r"[^\W\d_]+\.? \d{4}")
_DAY = re.compile(
    rf"\d{{1,2}}\S{{0,2}} [^\W\d_]+\.? \d{{4}}|[^\W\d_]+\.? \d{{1,2}}\S{{0,2}} \d{{4}}|{_MONTH.pattern}|[\d/.-]+"
)


def parse_age(text: str) -> timedelta:
    """Read a length of time: "7d", "2 weeks", "3 mois", "2周". Raises UsageError."""
    match = _AGE.fullmatch(_plain(text))
    if match is None or int(match[1]) == 0:
        raise UsageError("“{word}” is not a length of time; write it like 24h, 7d or 2w.", word=text)
    return min(timedelta(hours=int(match[1]) * _UNIT[match[2]]), _LONGEST_AGE)


def parse_moment(text: str, now: datetime) -> datetime:
    """Read a day, or a length of time before now, as the instant that it begins. Raises UsageError.

    now: on the clock of who asks, where days begin at midnight.
    """
    typed = _plain(text)
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    if typed in _DAYS_AGO:
        return midnight - timedelta(days=_DAYS_AGO[typed])
    if typed in _WEEKDAYS:
        return midnight - timedelta(days=(now.weekday() - _WEEKDAYS[typed]) % 7)
    try:
        return _date(typed, now) or now - parse_age(text)
    except (UsageError, ValueError):
        raise UsageError(
            "“{word}” is not a day; write it like 2026-11-20, yesterday, or 7d for the last seven days.", word=text
        ) from None


def _date(typed: str, now: datetime) -> datetime | None:
    """Read a date: a year, a month of one, or a day. Raises ValueError for one that is in no calendar."""
    if iso := _ISO.fullmatch(typed):
        year, month, day = (int(part or 1) for part in iso.groups())
        return datetime(year, month, day, tzinfo=now.tzinfo)
    found = find_date(f"1 {typed}" if _MONTH.fullmatch(typed) else typed) if _DAY.fullmatch(typed) else None
    return found.replace(tzinfo=now.tzinfo) if found else None


def _plain(text: str) -> str:
    return " ".join(fold(text.replace("’", "'")).split())
