"""Words people type for times, days, zones and languages, in English, French and Chinese → values. Pure.

    parse_time("早上9点半") → "09:30"   parse_days("lundi, mercredi") → 0b0000101   parse_zone("paris") → "Europe/Paris"

Every parser raises a UsageError of one line that names the word and shows how it is written.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from zoneinfo import available_timezones

from babel import Locale

from bot.base.i18n import SERVED
from briefs.errors import UsageError
from briefs.text.languagenames import language_names

DAILY, WEEKDAYS, WEEKEND = 0b1111111, 0b0011111, 0b1100000
_CALENDARS = ("en", "fr", "zh")


def plain(text: str) -> str:
    """Fold width, case and accents and the kinds of space, so that spellings of one word compare equal."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def nearest_name(text: str, names: Sequence[str]) -> str | None:
    """Give the name that a text is nearest to, as a whole or by the words that it shares; None when none is near."""
    folded = {plain(name): name for name in names}
    typed = plain(text)
    near = difflib.get_close_matches(typed, folded, n=1, cutoff=0.6)
    if near:
        return folded[near[0]]
    shared = {name: _shared(typed.split(), name.split()) for name in folded}
    best = max(shared, key=lambda name: shared[name], default="")
    return folded[best] if shared.get(best) else None


def _shared(words: Sequence[str], others: Sequence[str]) -> int:
    """Count words that others are, or nearly are; a short one, such as "in", stands in too many names to tell."""
    return sum(len(word) > 2 and bool(difflib.get_close_matches(word, others, n=1, cutoff=0.8)) for word in words)


def _is_name(text: str) -> bool:
    """Whether a word is written as a name is: with a capital."""
    return text[:1].isupper()


# ---------------------------------------------------------------- times

_BEFORE_NOON, _AFTER_NOON = ("上午", "早上", "早", "清晨", "凌晨"), ("下午", "晚上", "傍晚", "晚", "夜里")
_PART = "|".join((*_BEFORE_NOON, *_AFTER_NOON, "中午"))
NAMED_TIMES = {
    "noon": "12:00",
    "midi": "12:00",
    "中午": "12:00",
    "midnight": "00:00",
    "minuit": "00:00",
    "午夜": "00:00",
}
TIME = re.compile(
    rf"(?P<part>{_PART})?\s*(?P<hour>\d{{1,2}})"
    r"(?:\s*(?::|h(?:eures?)?|点钟?|时|時|點)\s*(?P<minute>\d{2}(?=\D|$)|半)?分?)?"
    r"\s*(?P<half>[ap]\.?m\.?(?![a-z]))?"
)


def parse_time(text: str) -> str:
    """Read a wall time; give it as "HH:MM"."""
    typed = re.sub(r"^(?:at|a|vers|@|在|于)\s+", "", plain(text))
    if typed in NAMED_TIMES:
        return NAMED_TIMES[typed]
    match = TIME.fullmatch(typed)
    time = _clock(match) if match else None
    if time is None:
        raise UsageError("“{word}” is not a time; write it like 9:00 or 21:15.", word=text)
    return time


def _clock(match: re.Match[str]) -> str | None:
    hour = int(match["hour"])
    minute = 30 if match["minute"] == "半" else int(match["minute"] or 0)
    half = (match["half"] or "")[:1]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    elif hour < 12 and (match["part"] in _AFTER_NOON or (match["part"] == "中午" and hour < 3)):
        hour += 12
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


# ---------------------------------------------------------------- days

_NAMED_DAYS = {
    DAILY: "daily|every day|everyday|each day|quotidien|tous les jours|chaque jour|每天|每日|天天",
    WEEKDAYS: "weekdays|weekday|workdays|working days|every weekday|jours ouvres|jours ouvrables|en semaine|semaine|"
    "工作日|平日",
    WEEKEND: "weekends|weekend|week-ends|week-end|le week-end|周末|週末",
}
_CHINESE_DAYS = "一二三四五六日"


@cache
def named_days() -> dict[str, int]:
    """Give every name of a day or of a set of days, folded, with its bits."""
    names = {name: days for days, listed in _NAMED_DAYS.items() for name in listed.split("|")}
    for code in _CALENDARS:
        for width in ("wide", "abbreviated"):
            for day, name in Locale.parse(code).days["format"][width].items():
                folded = plain(name).rstrip(".")
                names[folded] = names[folded + "s"] = 1 << day
    for day, sign in enumerate(_CHINESE_DAYS):
        for week in ("周", "週", "星期", "礼拜", "禮拜"):
            names[week + sign] = 1 << day
    names |= dict.fromkeys(("周天", "星期天", "礼拜天"), 1 << 6)
    return names | {"tues": 1 << 1, "weds": 1 << 2, "thur": 1 << 3, "thurs": 1 << 3}


@cache
def day_pattern() -> re.Pattern[str]:
    """Give what matches days at the beginning of a folded text: one, a list, or a range."""
    # A name in letters ends where its letters end; a Chinese one may run on: 每天早上9点.
    names = sorted(named_days(), key=len, reverse=True)
    latin = "|".join(re.escape(name) for name in names if name.isascii())
    chinese = "|".join(re.escape(name) for name in names if not name.isascii())
    one = rf"(?:(?:{latin})\.?(?![a-z])|{chinese})"
    joint = r"\s*(?:,|、|-|–|/|&|\+|\b(?:and|et|to|au|through)\b|和|及|与|到|至)\s*(?:le\s+)?"
    return re.compile(rf"{one}(?:(?:{joint}|\s+){one})*")


def parse_days(text: str) -> int:
    """Read days and ranges of days; give them as bits, Monday lowest."""
    typed = re.sub(r"^(?:on|le|les|du|every|each|chaque|每)\s*", "", plain(text))
    typed = typed if day_pattern().fullmatch(typed) else plain(text)
    if not day_pattern().fullmatch(typed):
        raise UsageError("“{word}” is not a day; write daily, weekdays, or days such as mon,wed.", word=text)
    names = sorted(named_days(), key=len, reverse=True)
    one = "|".join(map(re.escape, names))
    days = 0
    for first, last in re.findall(
        rf"({one})\.?(?:\s*(?:-|–|\bto\b|\bau\b|\bthrough\b|到|至)\s*(?:le\s+)?({one}))?", typed
    ):
        days |= _range(named_days()[first], named_days()[last]) if last else named_days()[first]
    return days


def _range(first: int, last: int) -> int:
    """Give the days from one to another; over the end of the week where the last comes first."""
    days, day = first, first
    while day != last and days != DAILY:
        day = 1 if day >= 1 << 6 else day << 1
        days |= day
    return days


# ---------------------------------------------------------------- zones

# Places that people name and the zone database does not.
_PLACES = {
    "beijing": "Asia/Shanghai",
    "pekin": "Asia/Shanghai",
    "北京": "Asia/Shanghai",
    "上海": "Asia/Shanghai",
    "巴黎": "Europe/Paris",
    "伦敦": "Europe/London",
    "纽约": "America/New_York",
    "香港": "Asia/Hong_Kong",
    "台北": "Asia/Taipei",
    "东京": "Asia/Tokyo",
    "新加坡": "Asia/Singapore",
    "shenzhen": "Asia/Shanghai",
    "montreal": "America/Toronto",
    "bruxelles": "Europe/Brussels",
    "geneve": "Europe/Zurich",
    "londres": "Europe/London",
    "gmt": "Etc/GMT",
    "z": "UTC",
}


@cache
def zones() -> dict[str, str]:
    """Give every zone by its folded name, and by its city's where only one region has such a city."""
    zones: dict[str, str] = {}
    for zone in sorted(available_timezones()):
        if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/", "SystemV/")):
            zones.setdefault(plain(zone.rpartition("/")[2].replace("_", " ")), zone)
    return zones | _PLACES | {plain(zone): zone for zone in available_timezones()}


def parse_zone(text: str) -> str:
    """Read a time zone by its IANA name, a city by its own, or as UTC+2; capitals do not matter."""
    typed = plain(text)
    offset = _OFFSET.fullmatch(typed)
    if offset:
        typed = _from_utc(offset)
    zone = zones().get(typed) or zones().get(typed.replace("_", " ")) or zones().get(typed.replace(" ", "_"))
    if zone is not None:
        return zone
    near = [] if offset else difflib.get_close_matches(typed, zones(), n=1, cutoff=0.7)
    if near:
        raise UsageError("“{word}” is not a time zone; did you mean {nearest}?", word=text, nearest=zones()[near[0]])
    raise UsageError("“{word}” is not a time zone; write it like Europe/Paris or Asia/Shanghai.", word=text)


_OFFSET = re.compile(r"(?:utc|gmt)\s*([+-]|−)\s*0?(\d{1,2})(?::?00)?")


def _from_utc(offset: re.Match[str]) -> str:
    """Name the zone of a fixed offset: UTC+2 is Etc/GMT-2, whose sign POSIX turned round."""
    hours = int(offset[2])
    return f"etc/gmt{'-' if offset[1] == '+' else '+'}{hours}" if hours else "utc"


def is_zone(text: str) -> bool:
    """Whether a text is meant as a zone, rightly spelt or not: a name, as "Mars", or with digits, + or /."""
    typed = plain(text)
    if " " not in typed and (_is_name(text) or re.search(r"[\d/+]", typed)):
        return True
    near = difflib.get_close_matches(typed, zones(), n=1, cutoff=0.8)
    return bool(near) or re.fullmatch(r"\w+(?:/[\w+-]+)+", typed) is not None


def complete_zone(prefix: str, limit: int) -> list[str]:
    """Give the zones that a typed beginning may become: of the region or of the city, those it begins first."""
    typed = plain(prefix).replace(" ", "_")
    wanted = [zone for zone in sorted(available_timezones()) if "/" in zone and typed in zone.casefold()]
    wanted = [zone for zone in wanted if not zone.startswith("Etc/")]
    return sorted(wanted, key=lambda zone: not zone.rpartition("/")[2].casefold().startswith(typed))[:limit]


# ---------------------------------------------------------------- languages


@cache
def _spoken() -> frozenset[str]:
    """Name all languages that there are, known to us or not."""
    return frozenset(plain(name) for code in SERVED for name in Locale.parse(code).languages.values())


def is_language(text: str) -> bool:
    """Whether a text is meant as a language, rightly spelt or not, known to us or not."""
    typed = plain(text)
    if typed in _spoken() or (" " not in typed and _is_name(text)):
        return True
    near = difflib.get_close_matches(typed, language_names(), n=1, cutoff=0.75)
    return bool(near) or re.fullmatch(r"[a-z]{2}(?:[-_][a-z]{2,4})?", typed) is not None
