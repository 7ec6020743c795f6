"""Words for dates and lengths of time to come, in English, French and Chinese. Pure.

parse_date("12 janvier", today) → 2027-01-12   parse_length("2 weeks") → 14 days
"""

import re
from datetime import date, timedelta
from functools import cache

from babel import Locale

from bot.grammar.days import named_days
from bot.grammar.times import NUMBER, number
from bot.grammar.wording import plain
from briefs.errors import UsageError

NO_END = date.max
LONGEST = timedelta(days=366)
_ENDLESS = (
    "no end|for ?ever|for good|indefinitely|sans fin|indefiniment|(?:pour )?toujours|永久|一直|不限期|无限期|长期"
)
_SOON = {"tomorrow": 1, "demain": 1, "明天": 1, "today": 0, "aujourd'hui": 0, "今天": 0, "后天": 2}
_UNITS = {
    1: "days?|jours?|天|日",
    7: "weeks?|semaines?|个?周|个?星期|个?礼拜",
    30: "months?|mois|个月",
}
_UNTIL = re.compile(
    r"(?:(?:until|till|til|up to|through|to|ends?(?: on)?|ending(?: on)?|jusqu'(?:au|a|en))(?![a-z])|"
    r"直到|截至|截止|到|至)\s*"
    r"(?:the |le |la )?"
)
_FROM = re.compile(
    r"(?:from|starting(?: on| from)?|start(?:s)?(?: on)?|beginning(?: on)?|as of|a partir d[eu]|a compter d[eu]|"
    r"des le|des|du|从|自)\s*(?:the |le )?"
)
_THE = re.compile(r"(?:(?:the|le|on)\s+)?")
_AFTERWORDS = re.compile(r"\s*(?:为止|止|结束|起|开始)")
_FOR = re.compile(r"(?:for|during|pendant|pour|durant)\s+(?:the next |les )?")


@cache
def _months() -> dict[str, int]:
    """Return every name of a month, folded."""
    return {
        plain(name).rstrip("."): month
        for code in ("en", "fr")
        for width in ("wide", "abbreviated")
        for month, name in Locale.parse(code).months["format"][width].items()
    }


@cache
def _date() -> re.Pattern[str]:
    month = rf"(?P<m>{'|'.join(sorted(_months(), key=len, reverse=True))})\.?(?![a-z])"
    weekday = "|".join(
        sorted((re.escape(name) for name, bits in named_days().items() if bits.bit_count() == 1), key=len)[::-1]
    )
    forms = (
        r"(?P<y1>\d{4})-(?P<n1>\d{1,2})-(?P<d1>\d{1,2})(?!\d)",
        rf"(?P<d2>\d{{1,2}})(?:st|nd|rd|th|er)?(?: of)? {month}(?:,? (?P<y2>\d{{4}})(?!\d))?",
        rf"{month.replace('<m>', '<m3>')} (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.h])(?:,? (?P<y3>\d{{4}})(?!\d))?",
        r"(?:(?P<y4>\d{4})年)?(?P<n4>\d{1,2})月(?P<d4>\d{1,2})(?:日|号)?",
        rf"(?P<soon>(?:{'|'.join(_SOON)})(?![a-z]))",
        rf"(?P<weekday>(?:{weekday})(?![a-z]))",
    )
    return re.compile("|".join(forms))


_LENGTH = re.compile(
    rf"(?P<n>{NUMBER})\s*(?:" + "|".join(rf"(?P<u{days}>{units})" for days, units in _UNITS.items()) + r")(?![a-z])"
)


def until_at(text: str, start: int) -> int | None:
    """Return the end of an "until 12 January" that begins there in a folded text; None where none does."""
    if endless := re.compile(rf"(?:until )?(?:{_ENDLESS})(?![a-z])").match(text, start):
        return endless.end()
    return _dated(_UNTIL, text, start)


def start_at(text: str, start: int) -> int | None:
    """Return the end of a "from 12 January" or "tomorrow" that begins there; None where none does.

    Not of a "from monday to friday".
    """
    lead = _FROM.match(text, start)
    match = _date().match(text, lead.end() if lead else start)
    if match is None or match["weekday"]:
        return None
    return _dated(_FROM, text, start) if lead else match.end() if match["soon"] else None


def bare_date_at(text: str, start: int) -> tuple[int, bool] | None:
    """Return the end of a day of a month, "31 february", that begins there, and whether it is in the calendar.

    None where none does: "9 mar" may be a time and a Tuesday.
    """
    match = _date().match(text, _THE.match(text, start).end())  # type: ignore[union-attr]  # it may be empty
    if match is None or match["soon"] or match["weekday"] or match["m"] in named_days():
        return None
    try:
        return match.end(), _found(match, date.min) is not None
    except ValueError:
        return match.end(), False


def length_at(text: str, start: int) -> int | None:
    """Return the end of a "for 2 weeks" that begins there; None where none does."""
    lead = _FOR.match(text, start)
    match = _LENGTH.match(text, lead.end() if lead else start)
    return match.end() if match else None


def _dated(lead: re.Pattern[str], text: str, start: int) -> int | None:
    begun = lead.match(text, start)
    match = _date().match(text, begun.end()) if begun else None
    if match is None:
        return None
    after = _AFTERWORDS.match(text, match.end())
    return after.end() if after else match.end()


def parse_date(text: str, today: date) -> date:
    """Read a date to come, "until" or "from" before it or not; `NO_END` for "no end".

    One without a year is the next. Raises UsageError.
    """
    typed = plain(text)
    if re.fullmatch(rf"(?:until )?(?:{_ENDLESS})", typed):
        return NO_END
    lead = _UNTIL.match(typed) or _FROM.match(typed)
    typed = re.sub(rf"{_AFTERWORDS.pattern}$", "", typed[lead.end() :] if lead else typed)
    match = _date().fullmatch(typed)
    try:
        found = _found(match, today) if match else None
    except ValueError:
        found = None
    if found is None:
        raise UsageError("“{word}” is not a date to come; write it like 12 January or 2027-01-12.", word=text)
    return found


def _found(match: re.Match[str], today: date) -> date | None:
    """Return the date of a match; None for one of the past. Raises ValueError for one that is in no calendar."""
    found = match.groupdict()
    if found["soon"]:
        return today + timedelta(days=_SOON[found["soon"]])
    if found["weekday"]:
        ahead = named_days()[found["weekday"]].bit_length() - 1 - today.weekday()
        return today + timedelta(days=ahead % 7)
    name = found["m"] or found["m3"]
    month = _months()[name] if name else int(found["n1"] or found["n4"])
    day = int(next(found[f"d{form}"] for form in "1234" if found[f"d{form}"]))
    year = next((int(found[f"y{form}"]) for form in "1234" if found[f"y{form}"]), None)
    if year is not None:
        dated = date(year, month, day)
        return dated if dated >= today else None
    return next((dated for dated in _years(month, day, today) if dated >= today), None)


def _years(month: int, day: int, today: date) -> list[date]:
    """Return the dates of this year and of the next four, where they are in the calendar."""
    years = [year for year in range(today.year, today.year + 5) if month != 2 or day < 29 or year % 4 == 0]
    return [date(year, month, day) for year in years]


def parse_length(text: str) -> timedelta:
    """Read a length of time to come: "2 weeks", "une semaine", "3天". Raises UsageError."""
    typed = _FOR.sub("", plain(text), count=1)
    match = _LENGTH.fullmatch(typed)
    days = number(match["n"]) * next(unit for unit in _UNITS if match[f"u{unit}"]) if match else 0
    if not 0 < days <= LONGEST.days:
        raise UsageError("“{word}” is not a length of time; write it like 3 days or 2 weeks.", word=text)
    return timedelta(days=days)
