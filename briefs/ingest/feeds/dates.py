"""Dates as feeds write them → moments in UTC. None is invented: what does not name a day is no date.

    RFC 822 or ISO 8601 as they should be | else: zone | time of day | names of months | numbers | checked

A date without a zone is read as UTC, one without a time as midnight.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache

from briefs.languages import LANGUAGES
from briefs.text.dates import months_named_in

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # nothing was on the web before: what says so is a default of a program
_AHEAD = timedelta(days=2)  # clocks and zones differ; what is dated later is an event, or wrong
_LONGEST = 100  # characters of a date that are read

_RFC = re.compile(
    r"(?:[A-Za-z]{3},\s*)?(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{4})\s+(\d\d):(\d\d)(?::(\d\d))?\s*([+-]\d{4}|[A-Za-z]{1,4})?"
)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*([Zz]|[+-]\d\d(?::?\d\d)?)?)?")
_FULL = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS = {month[:3]: number for number, month in enumerate(_FULL, start=1)}
_ABROAD = ("cs", "da", "de", "el", "es", "fi", "fr", "hu", "it", "nb", "nl", "pl", "pt", "ro", "ru", "sv", "tr", "uk")
# Hours east of Greenwich. Names that several zones share are read as the one that feeds most often mean (RFC 822).
_ZONES = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0.0),
    **{"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8},
    **{"hst": -10, "ast": -4, "adt": -3, "nst": -3.5, "ndt": -2.5, "brt": -3, "art": -3, "clt": -4},
    **{"bst": 1, "ist": 5.5, "west": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2, "eest": 3, "msk": 3},
    **{"sast": 2, "pkt": 5, "ict": 7, "wib": 7, "hkt": 8, "sgt": 8, "awst": 8, "jst": 9, "kst": 9},
    **{"acst": 9.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13},
}
_AFTERNOON = re.compile(r"\b(?:p\.?\s?m\b\.?|μμ)|下午|晚上|午後|오후")
_MORNING = re.compile(r"\b(?:a\.?\s?m\b\.?|πμ)|上午|早上|凌晨|午前|오전")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s*(?::|h(?=\s?\d\d\b))\s*(\d\d)(?:\s*:\s*(\d\d))?(?:[.,]\d+)?(?!\d)")
_OFFSET = re.compile(r"(?:\b(?:gmt|utc)\s*)?([+-])\s?(\d\d?):?(\d\d)?(?!\d)")
_CJK = str.maketrans({"年": "-", "년": "-", "月": "-", "월": "-", "日": " ", "号": " ", "號": " ", "일": " "})
_HOURS = re.compile(r"(\d{1,2})\s*[时時点點시]\s*(?:(\d{1,2})\s*[分분])?\s*(?:(\d{1,2})\s*[秒초])?")
_BIG_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-/.]\s?(\d{1,2})(?:\s?[-/.]\s?(\d{1,2}))?(?!\d)")
_BIG_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d\d)(?!\d)")
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?:t?(\d\d)(\d\d)(\d\d)?)?")
_WEEK = re.compile(r"\d{4}-?w\d\d(?:-?\d)?")
_NUMERAL = re.compile("[〇零一二三四五六七八九十]+(?=[年月日號号时時点點分])")
_ORDINAL = re.compile(r"(\d{4})-?(\d{3})")
_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")

Clock = tuple[int, int, int]


def moments(said: Iterable[Iterable[str]], language: str | None, now: datetime) -> list[datetime | None]:
    """Return a moment for each entry of a feed: of the first of its dates that can be read.

    said: what each entry states, best first. Days and months that are numbers stand in one order in the whole feed:
    the one that its clearest dates have, else the month first in English. None before 1990, or two days after `now`.
    """
    stated = [list(dates) for dates in said]
    order = _Order(stated, language)
    latest = now + _AHEAD
    found = ((_moment(one, order) for one in dates) for dates in stated)
    return [next((one for one in ones if one and _EARLIEST <= one <= latest), None) for ones in found]


class _Order:
    """In which order days and months stand in a feed; found out when a date first asks for it."""

    def __init__(self, stated: Sequence[Sequence[str]], language: str | None) -> None:
        self._stated = stated
        self._language = language

    @cached_property
    def day_first(self) -> bool:
        told = _day_first(one for dates in self._stated for one in dates)
        return (self._language or "en") != "en" if told is None else told


def moment(stated: str) -> datetime | None:
    """Return when this is, in UTC; None where it does not name a day."""
    return _moment(stated, _Order([[stated]], None))


def _moment(stated: str, order: _Order) -> datetime | None:
    stated = stated[:_LONGEST].strip()
    try:
        return _usual(stated) or _unusual(stated, order)
    except (ValueError, OverflowError):
        return None  # no such day or hour


def _usual(stated: str) -> datetime | None:
    if found := _RFC.fullmatch(stated):
        day, month, year, hour, minute, second, named = found.groups()
        number, zone = _MONTHS.get(month.lower()), _zone(named) if named else 0.0
        if number and zone is not None:
            return _utc(int(year), number, int(day), (int(hour), int(minute), int(second or 0)), zone)
    elif found := _ISO.fullmatch(stated):
        zone = _zone(found[7]) if found[7] else 0.0
        clock = _clock(found[4], found[5], found[6])
        return _utc(int(found[1]), int(found[2]), int(found[3]), clock, zone or 0.0)
    return None


def _utc(year: int, month: int, day: int, clock: Clock = (0, 0, 0), zone: float = 0.0) -> datetime:
    hour, minute, second = clock
    midnight = hour == 24 and minute == second == 0  # the end of a day, as ISO 8601 once had it
    at = datetime(year, month, day, 0 if midnight else hour, minute, min(second, 59), tzinfo=UTC)
    return at + timedelta(days=midnight, hours=-zone) if zone or midnight else at


def _clock(hour: str | None, minute: str | None, second: str | None) -> Clock:
    return int(hour or 0), int(minute or 0), int(second or 0)


@lru_cache(maxsize=256)
def _zone(named: str) -> float | None:
    """Return hours east of Greenwich."""
    if named[0] in "+-":
        digits = named[1:].replace(":", "")
        hours = int(digits[:2]) + int(digits[2:] or 0) / 60
        return (-hours if named[0] == "-" else hours) if hours <= 15 else None
    return _ZONES.get(named.lower())


# ---------------------------------------------------------------- everything else


def _unusual(stated: str, order: _Order) -> datetime | None:
    text = unicodedata.normalize("NFKC", stated).lower().replace("\u2212", "-")
    text = _NUMERAL.sub(_numeral, text)
    if (whole := _whole_number(text)) is not None:
        return whole
    if found := _DIGITS.fullmatch(text.rstrip("z")):
        return _utc(int(found[1]), int(found[2]), int(found[3]), _clock(found[4], found[5], found[6]))
    text = _HOURS.sub(lambda m: f" {m[1]}:{(m[2] or '0').zfill(2)}:{(m[3] or '0').zfill(2)} ", text.translate(_CJK))
    clock, zone, text = _time(text)
    day = _date(text, order)
    return _utc(*day, clock, zone) if day else None


def _whole_number(text: str) -> datetime | None:
    """Read a year, a day or a week within it, seconds or milliseconds since 1970."""
    if found := _ORDINAL.fullmatch(text):
        first = datetime(int(found[1]), 1, 1, tzinfo=UTC) + timedelta(days=int(found[2]) - 1)
        return first if first.year == int(found[1]) else None
    if _WEEK.fullmatch(text):
        return datetime.fromisoformat(text.upper()).replace(tzinfo=UTC)
    if not (text.isascii() and text.isdigit()):
        return None
    if len(text) == 4:
        return _utc(int(text), 1, 1)
    if len(text) in (10, 13):
        return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
    return None


def _numeral(found: re.Match[str]) -> str:
    """Return a Chinese number in digits: 二〇二四, 十二, 二十三."""
    tens, ten, ones = found[0].partition("十")
    digits = "".join(str("零一二三四五六七八九".index(one)) for one in (tens + ones).replace("〇", "零"))
    if not ten:
        return digits
    return f"{(tens and digits[0]) or 1}{digits[-1] if ones else 0}"


def _time(text: str) -> tuple[Clock, float, str]:
    """Return the time of day, its zone, and the text without them."""
    found = _CLOCK.search(text)
    if not found:
        return (0, 0, 0), 0.0, text
    hour, minute, second = _clock(found[1], found[2], found[3])
    before, after = text[: found.start()], text[found.end() :]
    if _AFTERNOON.search(text) and hour < 12:
        hour += 12
    elif _MORNING.search(text) and hour == 12:
        hour = 0
    before, after = (_MORNING.sub(" ", _AFTERNOON.sub(" ", part)) for part in (before, after))
    if offset := _OFFSET.match(after.strip()):
        zone = _zone(f"{offset[1]}{offset[2].zfill(2)}{offset[3] or '00'}") or 0.0
        after = after.strip()[offset.end() :]
    else:
        zone = next((_ZONES[word] for word in _WORD.findall(after) if word in _ZONES), 0.0)
    return (hour, minute, second), zone, f"{before.removesuffix('t')} {after}"


def _date(text: str, order: _Order) -> tuple[int, int, int] | None:
    # Of several names the last is the month's: "mar" is a Tuesday in French and a March in English.
    months = [month for word in _WORD.findall(text) if (month := _month(word))]
    if months:
        return _with_name(text, months[-1])
    if found := _BIG_FIRST.search(text):
        return int(found[1]), int(found[2]), int(found[3] or 1)
    if found := _BIG_LAST.search(text):
        first, second, year = int(found[1]), int(found[3]), _full(found[4])
        # Nobody writes 3.15.2024.
        day, month = (first, second) if found[2] == "." or order.day_first else (second, first)
        if month > 12 >= day:
            day, month = month, day
        return year, month, day
    return None


def _with_name(text: str, month: int) -> tuple[int, int, int] | None:
    numbers = _DAY.findall(text)
    if year := _YEAR.search(text):
        return (int(year[1]), month, int(numbers[0])) if numbers else None
    return (_full(numbers[1]), month, int(numbers[0])) if len(numbers) == 2 else None


def _full(year: str) -> int:
    number = int(year)
    return number if len(year) == 4 else number + (2000 if number < 69 else 1900)


def _day_first(stated: Iterable[str]) -> bool | None:
    """Tell in which order days and months stand, from dates that leave no doubt; None where all do."""
    for one in stated:
        found = _BIG_LAST.search(one[:_LONGEST])
        if found and found[2] != "." and int(found[1]) != int(found[3]):
            if int(found[1]) > 12:
                return True
            if int(found[3]) > 12 or _AFTERNOON.search(one.lower()) or _MORNING.search(one.lower()):
                return False
    return None


@lru_cache(maxsize=1000)
def _month(word: str) -> int | None:
    folded = _folded(word)
    number = _MONTHS.get(folded[:3])
    return number if number and _FULL[number - 1].startswith(folded) else _abroad().get(folded)


@lru_cache(maxsize=1)
def _abroad() -> dict[str, int]:
    """Return the names of months in other languages, without accents: full, as is usual, and their first letters."""
    found: dict[str, int] = {}
    unclear = {name for name, month in _names() if found.setdefault(name, month) != month}
    spelt = {name: month for pack in LANGUAGES.values() for name, month in pack.month_spellings.items()}
    return {name: month for name, month in found.items() if name not in unclear} | spelt


def _names() -> Iterator[tuple[str, int]]:
    for number, name in months_named_in(_ABROAD):
        for folded in {_folded(name), _folded(name)[:3]}:
            if len(folded) >= 3 and folded.isalpha():
                yield folded, number


def _folded(word: str) -> str:
    parts = unicodedata.normalize("NFKD", word.lower().rstrip("."))
    return "".join(c for c in parts if not unicodedata.combining(c))
