"""The first calendar date in a line of text, as people write it in the languages served; and which dates can be."""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from briefs.languages import LANGUAGES

_YEAR = r"((?:19|20)\d{2})"
_ISO = re.compile(rf"(?<!\d){_YEAR}[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?!\d)")
_CJK = re.compile(rf"(?<!\d){_YEAR}\s?年\s?(\d{{1,2}})\s?月\s?(\d{{1,2}})\s?日")
_NUMERIC = re.compile(rf"(?<!\d)(\d{{1,2}})[-/.](\d{{1,2}})[-/.]{_YEAR}(?!\d)")
_DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:er|st|nd|rd|th|º|\.)?\s(?:de\s|of\s)?([^\W\d_]{{3,12}})\.?,?\s(?:de\s)?{_YEAR}(?!\d)"
)
_MONTH_DAY = re.compile(rf"\b([^\W\d_]{{3,12}})\.?\s(\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}(?!\d)")
_LONGEST = 400  # characters looked at
_EARLIEST, _LATEST = datetime(1450, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


def possible(stated: datetime | None) -> datetime | None:
    """Return an instant in UTC; None where nothing can have been published then.

    Printing is younger than 1450. What is left is a date on the clocks of every zone, which the years 1 and 9999 are
    not.
    """
    if stated is None:
        return None
    stated = stated if stated.tzinfo else stated.replace(tzinfo=UTC)
    return stated.astimezone(UTC) if _EARLIEST <= stated < _LATEST else None


def find_date(text: str, language: str | None = None) -> datetime | None:
    """Return the first date with day, month and year, at midnight UTC; None where there is none in the calendar.

    `03/04/2015` is read day first, except in English where the month comes first; a part above 12 settles it.
    """
    text = " ".join(text[:_LONGEST].split())
    for pattern in (_ISO, _CJK):
        if found := pattern.search(text):
            return _day(*map(int, found.groups()))
    if found := _NUMERIC.search(text):
        first, second, year = map(int, found.groups())
        month_first = second > 12 or (language == "en" and first <= 12 and "-" not in found.group())
        return _day(year, first, second) if month_first else _day(year, second, first)
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        for found in pattern.finditer(text):
            day, name = (found[1], found[2]) if pattern is _DAY_MONTH else (found[2], found[1])
            if month := _months().get(_plain(name)):
                return _day(int(found[3]), month, int(day))
    return None


def is_date(text: str) -> bool:
    """Whether a short piece of text is a date and nothing else but a weekday and a time of day."""
    text = " ".join(text.split())
    if find_date(text) is None:
        return False
    for pattern in (_ISO, _CJK, _NUMERIC, _DAY_MONTH, _MONTH_DAY):
        text = pattern.sub(" ", text, count=1)
    rest = re.sub(r"\d{1,2}\s?[:h]\s?\d{0,2}(?::\d{2})?|[^\w\s]|星期.", " ", text).split()
    short = all((len(word) <= 4 and not word.isdigit()) or _plain(word) in _weekdays() for word in rest)
    return short and len(rest) <= 4


def without_dates(text: str) -> str:
    """Return a text in small letters with 0 in the place of figures, dates, months, weekdays and hours."""
    text = re.sub(r"(?:星期|周|週)[一二三四五六日天]|[上下]午", "0", text)
    text = re.sub(r"\d+(?:st|nd|rd|th|er)?(?![^\W\d_])|\d+", "0", text)
    names = _months().keys() | _weekdays() | {"am", "pm"}
    text = re.sub(r"[^\W\d_]+", lambda word: "0" if _plain(word[0]) in names else word[0], text)
    return re.sub(r"0(?:\W*0)+", "0", text)


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _plain(name: str) -> str:
    """Return the name without accents and capitals: pages often leave them out."""
    return "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c)).rstrip(".")


@functools.cache
def _months() -> Mapping[str, int]:
    """Names and short names of the months, without accents."""
    names = {name: number for pack in LANGUAGES.values() for name, number in pack.month_spellings.items()}
    for number, name in months_named_in(LANGUAGES):
        names.setdefault(_plain(name), number)
    return names


def months_named_in(locales: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the names and short names of the months in some languages, from CLDR, each with its number."""
    from babel.dates import get_month_names  # its data is only loaded where a date is written in words

    for locale in locales:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                yield from get_month_names(width, context, locale).items()


@functools.cache
def _weekdays() -> frozenset[str]:
    from babel.dates import get_day_names

    return frozenset(_plain(name) for locale in LANGUAGES for name in get_day_names("wide", locale=locale).values())
