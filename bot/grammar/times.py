"""Words for times of day, in English, French and Chinese → "HH:MM". Pure.

parse_times("9h et 17h30") → ("09:00", "17:30")   parse_times("早上9点半") → ("09:30",)
"""

import re

from bot.base.calendar import MOST_TIMES
from bot.grammar.wording import plain
from briefs.errors import UsageError

_MORNING = ("in the morning", "morning", "le matin", "matin", "上午", "早上", "早晨")
_BEFORE_NOON, _AFTER_NOON = (*_MORNING, "早", "清晨", "凌晨"), ("下午", "晚上", "傍晚", "晚", "夜里")
_NAMED = dict.fromkeys(_MORNING, "09:00") | {
    "noon": "12:00",
    "midday": "12:00",
    "midi": "12:00",
    "中午": "12:00",
    "正午": "12:00",
    "midnight": "00:00",
    "minuit": "00:00",
    "午夜": "00:00",
}
_ENGLISH = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_FRENCH = ["zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"]
_WORDS = {word: number for words in (_ENGLISH, _FRENCH) for number, word in enumerate(words)} | {"une": 1, "a": 1}
_SIGNS = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
CHINESE = "[〇零一二两兩三四五六七八九十]{1,3}"
NUMBER = rf"(?:\d{{1,3}}|{CHINESE}|(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?![a-z]))"
_SPOKEN = "|".join(word for word in sorted(_WORDS, key=len, reverse=True) if word != "a")
_PART = "|".join((*_BEFORE_NOON, *_AFTER_NOON, "中午"))
_TIME = re.compile(
    rf"(?:(?P<part>{_PART})\s*(?:(?:at|a)\s+)?)?"
    rf"(?:(?P<compact>(?:[01]\d|2[0-3])[0-5]\d)(?![\d/-])|(?P<hour>\d{{1,2}}(?!\d)|{CHINESE}|(?:{_SPOKEN})(?![a-z]))"
    r"(?:\s*(?P<sign>:(?=\s*\d\d)|\.(?=\d\d)|h(?:eures?)?(?![a-z])|o'?clock|点钟|点|點|时|時)"
    rf"\s*(?P<minute>\d{{2}}(?!\d)|半|[一三]刻|{CHINESE}(?=分|\s|$|[,、和])|et demie|et quart|moins le quart)?分?)?)"
    r"(?:\s*(?:(?P<am>(?:a\.?m\.?|in the morning|[dl][eu] matin)(?![a-z]))|"
    r"(?P<pm>(?:p\.?m\.?|in the (?:afternoon|evening)|de l'apres-midi|du soir)(?![a-z]))))?"
)
_NAMED_TIME = re.compile(rf"(?P<named>{'|'.join(_NAMED)})(?![a-z]|\s*(?:(?:at|a)\s+)?(?:\d|{CHINESE}))")
AT = re.compile(r"(?:at|a|vers|pour|around)\s+|@\s*|在|于")
_JOINT = re.compile(r"\s*(?P<sign>,|;|、|/|&|\+|(?:and|et|puis|then)(?![a-z])|和|及|与|以及)?\s*(?:(?:at|a)\s+|@\s*)?")
_COUNTS = re.compile(  # after a bare number: it counts something, or is of a date
    r"\s*(?:stor|articles?|news|sujets?|nouvelles?|weeks?|semaines?|days?|jours?|months?|mois|st|nd|rd|th|er|e(?![a-z])|"
    r"jan|feb|fev|mars|march|apr|avr|may|mai|jun|juin|jul|juil|aug|aout|sept?|oct|nov|dec|[周月天条篇则个年])"
)


def parse_times(text: str) -> tuple[str, ...]:
    """Read wall times; give them as "HH:MM", rising."""
    typed = plain(text)
    lead = AT.match(typed)
    at, part, found = lead.end() if lead else 0, "", set[str]()
    while at < len(typed):
        match = _match(typed, at)
        time = _clock(match, part) if match else None
        if match is None or time is None:
            raise _no_time(text)
        found.add(time)
        part = match.groupdict().get("part") or part
        joint = _JOINT.match(typed, match.end())
        at = joint.end() if joint else match.end()
    if not found:
        raise _no_time(text)
    if len(found) > MOST_TIMES:
        raise UsageError("“{word}” are more than {most} times a day.", word=text, most=MOST_TIMES)
    return tuple(sorted(found))


def times_at(text: str, start: int) -> int | None:
    """Return the end of the times that begin there in a folded text; None where none do."""
    lead = AT.match(text, start)
    match = _match(text, lead.end() if lead else start)
    if match is None or not (lead or _is_marked(match)):
        return None
    end = match.end()
    while joint := _JOINT.match(text, end):
        match = _match(text, joint.end())
        if match is None or not _goes_on(text, end, joint, match):
            break
        end = match.end()
    return end


def _goes_on(text: str, end: int, joint: re.Match[str], match: re.Match[str]) -> bool:
    """Whether what stands behind a joint is a further time: a bare number may count something."""
    if joint.end() == end:
        return bool(match.groupdict().get("part"))  # 早上9点下午5点
    return _is_marked(match) or (joint["sign"] is not None and not _COUNTS.match(text, match.end()))


def number(word: str) -> int:
    """Read a number of `NUMBER`: "2", "two", "deux", "两", "十七"."""
    if word.isdecimal():
        return int(word)
    if word in _WORDS:
        return _WORDS[word]
    tens, ten, ones = word.rpartition("十")
    if not ten:
        return int("".join(str(_SIGNS[sign]) for sign in word))
    return (_SIGNS[tens] if tens else 1) * 10 + (_SIGNS[ones] if ones else 0)


def _match(text: str, start: int) -> re.Match[str] | None:
    return _NAMED_TIME.match(text, start) or _TIME.match(text, start)


def _is_marked(match: re.Match[str]) -> bool:
    """Whether it can be nothing but a time."""
    return any(match.groupdict().get(name) for name in ("named", "part", "compact", "sign", "am", "pm"))


def _clock(match: re.Match[str], part: str) -> str | None:
    """Return the time; part: of the day, of the time before it. None where no clock shows it."""
    found = match.groupdict()
    if found.get("named"):
        return _NAMED[found["named"]]
    if found["compact"]:
        return f"{found['compact'][:2]}:{found['compact'][2:]}"
    try:
        hour, minute = number(found["hour"]), _minute(found["minute"] or "0")
    except (KeyError, ValueError):
        return None
    part = found["part"] or part
    if found["am"] or found["pm"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["pm"] else 0)
    elif hour < 12 and (part in _AFTER_NOON or (part == "中午" and hour < 3)):
        hour += 12
    if minute < 0:
        hour, minute = hour - 1, minute + 60
    return f"{hour:02}:{minute:02}" if 0 <= hour < 24 and minute < 60 else None


def _minute(word: str) -> int:
    named = {"半": 30, "et demie": 30, "et quart": 15, "一刻": 15, "三刻": 45, "moins le quart": -15}
    return named[word] if word in named else number(word)


def _no_time(word: str) -> UsageError:
    return UsageError("“{word}” is not a time; write it like 9:00 or 21:15.", word=word)
