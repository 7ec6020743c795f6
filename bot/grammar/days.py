"""Words for days, in English, French and Chinese → `Days`. Pure.

    "lundi, mercredi"   "weekdays except friday"   "every 2 weeks on monday"   "first monday"   "每周一和周四"

A text is cut into what its words say: days, "to", "and", "except", "first", "every 2 weeks". What they say together is
read from left to right.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from babel import Locale

from bot.base.calendar import EVERY_DAY, LAST, MOST_WEEKS, Days
from bot.grammar.times import NUMBER, number
from bot.grammar.wording import plain
from briefs.errors import UsageError

DAILY, WEEKDAYS, WEEKEND = EVERY_DAY, 0b0011111, 0b1100000
_MONDAY = 1
_NAMED_DAYS = {
    DAILY: "daily|every day|everyday|each day|every 1 day|every 1 days|every one day|quotidien|tous les jours|"
    "every morning|each morning|tous les matins|chaque matin|chaque jour|tous les 1 jour|tous les 1 jours|"
    "每天|每日|天天|每1天|每一天",
    WEEKDAYS: "weekdays|weekday|workdays|workday|working days|working day|business days|every weekday|jours ouvres|"
    "jours ouvrables|jours de semaine|jour ouvrable|jour ouvre|en semaine|semaine|工作日|平日",
    WEEKEND: "weekends|weekend|week-ends|week-end|le week-end|周末|週末",
}
_SIGNS = "一二三四五六日"
_WEEK = "(?:周|週|星期|礼拜|禮拜)"

Kind = Literal["days", "to", "and", "except", "out", "nth", "weeks", "weekly", "other", "month", "filler"]


@dataclass(frozen=True, slots=True)
class _Token:
    """What some words say. value: the bits of days, which of the month, how many weeks."""

    kind: Kind
    value: int
    word: str
    end: int


_NTH = {
    1: r"first|1st|premiers?|1er|第(?:一|1)个|首个",
    2: r"second|2nd|deuxiemes?|2e(?:me)?|第(?:二|2)个",
    3: r"third|3rd|troisiemes?|3e(?:me)?|第(?:三|3)个",
    4: r"fourth|4th|quatriemes?|4e(?:me)?|第(?:四|4)个",
    LAST: r"last|derniers?|最后一个|最后1个",
}
_WORDS: tuple[tuple[Kind, str], ...] = (
    ("weeks", rf"(?:once )?every (?P<n>{NUMBER}) weeks?(?: on)?"),
    ("weeks", rf"(?:une fois )?toutes les (?P<n>{NUMBER}) semaines"),
    ("weeks", rf"每隔?(?P<n>{NUMBER})个?(?:(?={_WEEK}[{_SIGNS}天](?!次))|{_WEEK}(?:一次|的)?)"),
    (
        "weeks",
        r"every (?:other|second) week(?: on)?|biweekly(?: on)?|bi-weekly(?: on)?|(?:every )?fortnight(?:ly)?(?: on)?|"
        r"every (?:14|fourteen) days(?: on)?|每隔?(?:14|十四)天(?:一次|的)?",
    ),
    (
        "weeks",
        r"une semaine sur deux|(?:tous )?les (?:14|15|quatorze|quinze) jours|chaque quinzaine|隔周的?(?:一次)?",
    ),
    ("other", r"every (?:other|second|2nd)(?= )|sur deux|隔(?=周[一二三四五六日天])"),
    (
        "weekly",
        rf"weekly(?: on)?|(?:every|each) week(?: on)?|once a week(?: on)?|hebdomadaire|chaque semaine|"
        rf"toutes les semaines|une fois par semaine|每个?{_WEEK}(?:一次|的)?(?![{_SIGNS}天末])|"
        rf"every (?:7|seven) days(?: on)?|tous les (?:7|sept) jours|每隔?[7七]天(?:一次|的)?",
    ),
    (
        "month",
        r"(?:of )?(?:the|each|every) month|monthly(?: on)?|once a month|du mois|(?:de )?chaque mois|"
        r"tous les mois|mensuel(?:lement)?|每个?月的?",
    ),
    ("except", r"except(?: for)?(?: on)?|excluding|but not|but|without|sauf|hormis|excepte|a part|除了?|不包括|不含"),
    ("out", r"以?外|之外|除外"),
    ("to", r"-|–|~|to(?![a-z])|through(?![a-z])|till?(?![a-z])|au?(?![a-z])|到|至"),
    ("and", r",|;|、|/|&|\+|and(?![a-z])|et(?![a-z])|和|及|与|以及|\(|\)"),
    ("filler", r"on|every|each|the|of|from|les?|la|un|du|de|des|tous|chaque|每个?|的|从"),
)


@cache
def named_days() -> dict[str, int]:
    """Return every name of a day or of a set of days, folded, with its bits."""
    names = {name: days for days, listed in _NAMED_DAYS.items() for name in listed.split("|")}
    for code in ("en", "fr", "zh"):
        for width in ("wide", "abbreviated"):
            for day, name in Locale.parse(code).days["format"][width].items():
                folded = plain(name).rstrip(".")
                names[folded] = names[folded + "s"] = 1 << day
    del names["mars"]  # the month
    for day, sign in enumerate(_SIGNS):
        for week in ("周", "週", "星期", "礼拜", "禮拜"):
            names[week + sign] = 1 << day
    names |= dict.fromkeys(("周天", "星期天", "礼拜天"), 1 << 6)
    return names | {"thur": 1 << 3, "thurs": 1 << 3}


@cache
def _patterns() -> tuple[tuple[Kind, int, re.Pattern[str]], ...]:
    """Return what matches each kind of words at the beginning of a folded text."""
    words = [(kind, 0, rf"(?:{pattern})") for kind, pattern in _WORDS]
    words += [("nth", value, rf"(?:{pattern})") for value, pattern in _NTH.items()]
    # A word in letters ends where its letters end; a Chinese one may run on: 每天早上9点.
    return tuple((kind, value, re.compile(rf"{pattern}(?:(?<![a-z])|(?![a-z]))")) for kind, value, pattern in words)


@cache
def _names() -> re.Pattern[str]:
    names = sorted(named_days(), key=len, reverse=True)
    latin = "|".join(re.escape(name) for name in names if name.isascii())
    chinese = "|".join(re.escape(name) for name in names if not name.isascii())
    # 周一、三、五 and 周一到五: what follows a day may leave out the week, unless it begins a time.
    more = rf"(?:[、,和及到至]?[{_SIGNS}天](?!(?:十[一二三]?)?[点點時时个]|次))*"
    return re.compile(rf"(?P<latin>{latin})\.?(?![a-z])|(?P<week>{_WEEK}[{_SIGNS}天]{more})|(?:{chinese})")


def parse_days(text: str) -> Days:
    """Read on which days. Raises a UsageError that names what is none of them."""
    typed = plain(text)
    tokens = list(_tokens(typed, 0))
    end = _meant(tokens)
    if end < len(typed):
        raise UsageError(
            "“{word}” is not a day; write daily, weekdays, or days such as mon,wed.", word=typed[end:].strip()
        )
    return _said(tokens, text)


def days_at(text: str, start: int) -> int | None:
    """Return the end of the days that begin there in a folded text; None where none do."""
    end = _meant(list(_tokens(text, start)))
    return end or None


def _tokens(text: str, start: int) -> Iterator[_Token]:
    while start < len(text):
        while text[start : start + 1] == " ":
            start += 1
        token = _token(text, start)
        if token is None:
            return
        yield token
        start = token.end


def _token(text: str, start: int) -> _Token | None:
    """Return the longest words that mean something there."""
    found = [
        _Token(kind, _value(kind, value, match), match[0], match.end())
        for kind, value, pattern in _patterns()
        if (match := pattern.match(text, start))
    ]
    if match := _names().match(text, start):
        found.append(_Token("days", _bits(match[0]), match[0], match.end()))
    return max(found, key=lambda token: token.end, default=None)


def _value(kind: Kind, value: int, match: re.Match[str]) -> int:
    if kind != "weeks":
        return value
    weeks = number(match["n"]) if match.groupdict().get("n") else 2
    return weeks + 1 if match[0].startswith("每隔") and weeks == 1 else weeks


def _bits(word: str) -> int:
    """Return the days of a name, or of a Chinese list that names the week once."""
    name = word.rstrip(".")
    if name in named_days():
        return named_days()[name]
    bits, last, to = 0, 0, False
    for sign in re.sub(_WEEK, "", name).replace("天", "日"):
        if sign in _SIGNS:
            day = 1 << _SIGNS.index(sign)
            bits, last, to = bits | (_range(last, day) if to else day), day, False
        else:
            to = sign in "到至"
    return bits


def _meant(tokens: list[_Token]) -> int:
    """Return where the last of them ends that says something by itself; 0 where none does."""
    ends = (
        token.end for token in reversed(tokens) if token.kind in ("days", "weeks", "weekly", "month", "out", "other")
    )
    return next(ends, 0)


def _said(tokens: list[_Token], text: str) -> Days:
    """Put together what the words say."""
    wanted, left_out, nth, weeks = 0, 0, set[int](), 1
    last, to, out = 0, False, False
    monthly = any(token.kind in ("nth", "month") for token in tokens)
    for token in tokens:
        match token.kind:
            case "days":
                bits = _range(last, token.value) if to and last else token.value
                if monthly and token.value.bit_count() > 1:
                    raise UsageError(
                        "“{word}” is not one day of the week; name one, as in first monday.", word=token.word
                    )
                wanted, left_out = (wanted, left_out | bits) if out else (wanted | bits, left_out)
                last = token.value
            case "except":
                out = True
            case "out" if not out:  # 工作日，周五除外
                wanted, left_out = wanted & ~last, left_out | last
            case "nth":
                nth.add(token.value)
            case "weeks":
                weeks = token.value
            case "other":
                weeks = 2
        to = token.kind == "to"
    if nth and not last:
        raise UsageError("“{word}” is not one day of the week; name one, as in first monday.", word=text)
    if monthly and weeks > 1:
        raise UsageError("“{word}” names weeks and months; name one of both.", word=text)
    rhythmic = weeks > 1 or any(token.kind in ("weekly", "month") for token in tokens)
    bits = (wanted or (_MONDAY if rhythmic else DAILY)) & ~left_out
    if not bits:
        raise UsageError("“{word}” leaves no day.", word=text)
    if not 1 <= weeks <= MOST_WEEKS:
        raise UsageError("“{word}”: every {most} weeks is the longest.", word=text, most=MOST_WEEKS)
    ordered = tuple(sorted(nth or ({1} if monthly else set()), key=lambda one: (one == LAST, one)))
    return Days(bits, weeks, ordered)


def _range(first: int, last: int) -> int:
    """Return the days from one to another; over the end of the week where the last comes first."""
    days, day = first, first
    while day != last and days != DAILY:
        day = 1 if day >= 1 << 6 else day << 1
        days |= day
    return days
