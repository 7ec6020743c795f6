"""What people type of a subscription, in any order → its parts, and what each says. Pure.

split_schedule("at 9h30 mon,wed Europe/Paris") → {"time": "9h30", "days": "mon,wed", "zone": "europe/paris"}
"""

import difflib
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from bot.base.calendar import Days, Schedule
from bot.base.i18n import t
from bot.grammar.dates import NO_END, bare_date_at, length_at, start_at, until_at
from bot.grammar.days import days_at, named_days
from bot.grammar.times import AT, NUMBER, times_at
from bot.grammar.wording import plain
from bot.grammar.zones import unclear_zones, zones
from briefs.errors import UsageError

LONGEST = 200  # characters: nobody types more, and reading it stays quick
_CHANNEL = re.compile(r"(?:(?:in|dans|sur|to|vers|pour|在|到|发到|发送到|移到)\s*)?(<#[^>\s]+>|#\S+)", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:in|on|dans|fuseau|timezone|zone|time zone|heure d[eu]|l'heure d[eu]|,|;|，|and|et|和|及)\s*(?=\S)"
)
_SLASHED = re.compile(r"[a-z_]+(?:/[a-z0-9_+-]+)+")
_OFFSET = re.compile(r"(?:utc|gmt)\s*[+−-]\s*\d{1,2}(?::?\d{2})?")
_FORMS = {
    "compact": "compact|compacte|short|court|简洁|紧凑",
    "full": "full|long|complete?|complet|完整|详细",
    "headlines": "headlines?|titles?|titres?|标题|仅标题",
}
_FORM = re.compile(
    rf"(?:(?:as|form:?|forme|en|format)\s*)?({'|'.join(_FORMS.values())})(?![a-z])(?: only| form| seulement)?"
)
_STORIES = re.compile(
    r"(\d{1,2})\s*(?:stories|story|articles?|news|sujets?|nouvelles?|条|篇|则)(?:新闻|报道)?(?![a-z])"
)
# A schedule has times of the day and days of the week: of these, it has those alone that are such ("every 14 days").
_NO_RHYTHM = re.compile(
    rf"(?:every|each|toutes les|tous les|chaque|每隔?)\s*(?:{NUMBER}\s*)?(?:hours?|heures?|minutes?|个?小时|分钟)|"
    rf"hourly|(?:every|tous les|每隔?)\s*{NUMBER}\s*(?:days?|jours?|天)|"
    r"every (?:other|second|2nd) day|(?:un )?jour sur deux|每?隔(?:一|1)?[天日]"
)
_IMPOSSIBLE = t(
    "“{word}” is not possible: name times, such as 9:00 and 17:00, and days, such as mon,thu or every 2 weeks."
)
_WORD = re.compile(r"\S+")
_BEGINNING = re.compile(r"(?<=[ \u2e80-\uffff])\S|[\u2e80-\uffff]")  # of what may be a word: Chinese has no blanks
_ALL = re.compile(
    r"(?:from )?(?:all|everything|all topics|all of (?:them|it)|every topic|all subscriptions)|"
    r"(?:de )?(?:tout|tous|toutes)(?: les (?:themes|sujets|abonnements))?|"
    r"全部|所有|一切|全都|(?:全部|所有)(?:的)?(?:主题|订阅)"
)


def split_schedule(text: str) -> dict[str, str]:
    """Tell apart what stands in any order → as it was typed, accents folded.

    The parts: time, days, zone, channel, start, until, length, form, stories. Raises UsageError on a word that is none
    of these, or on a second one of a kind. The values may still be wrong ("25:00"): their own parsers say so.
    """
    if len(text) > LONGEST:
        raise _nothing(text[:40] + "…")
    found: dict[str, str] = {}
    channel = _CHANNEL.search(text)
    if channel:  # first, as it is: ids keep their capitals
        found["channel"] = channel[1]
        text = f"{text[: channel.start()]} {text[channel.end() :]}"
    folded = plain(text)
    for rhythm in _NO_RHYTHM.finditer(folded):
        if (days_at(folded, rhythm.start()) or 0) < rhythm.end():
            raise UsageError(_IMPOSSIBLE, word=rhythm[0])
    for kind, word in _items(folded, text):
        if kind in found:
            raise UsageError("“{first}” and “{second}” cannot both hold; name one.", first=found[kind], second=word)
        found[kind] = word
    return found


def _items(rest: str, typed: str) -> Iterator[tuple[str, str]]:
    while rest := rest.lstrip(" ,;，。"):
        kind, word, end = _item(rest, typed)
        yield kind, word
        rest = rest[end:]


def _item(rest: str, typed: str) -> tuple[str, str, int]:
    """Give the kind of what the text begins with, its words, and where the next begins. typed: the whole, unfolded."""
    longest = max(_found(rest, 0), key=lambda item: item[2], default=None)
    lead = _LEAD.match(rest)
    if longest is None and lead:
        longest = max(_found(rest, lead.end()), key=lambda item: item[2], default=None)
    if longest is not None:
        return longest
    at = AT.match(rest)
    start = at.end() if at else 0
    word = (_WORD.match(rest, start) or [""])[0]
    if dated := bare_date_at(rest, start):
        raise _no_date(_as_typed(rest, start, dated[0], typed), is_one=dated[1])
    if at or word[:1].isdecimal():
        return "time", word, start + len(word)
    return *_guess(word, _unread(rest, typed)), start + len(word)


def _unread(rest: str, typed: str) -> str:
    """Give, as it was typed, what nothing can be read of: "31 février", up to where something can."""
    readable = (at.start() for at in _BEGINNING.finditer(rest) if any(_found(rest, at.start())))
    return _as_typed(rest, 0, next(readable, len(rest)), typed)


def _as_typed(rest: str, start: int, end: int, typed: str) -> str:
    return typed[_last(len(rest) - start, typed) : _last(len(rest) - end, typed)].strip(" ,;，。")


def _last(count: int, typed: str) -> int:
    """Return where the last so many characters begin in what was typed: counted folded, which may be fewer or more."""
    return bisect_left(range(len(typed)), -count, key=lambda at: -len(plain(typed[at:])))


_ENDS: Mapping[str, Callable[[str, int], int | None]] = {
    "until": until_at,
    "start": start_at,
    "days": days_at,
    "time": times_at,
    "length": length_at,
}


def _found(rest: str, start: int) -> Iterator[tuple[str, str, int]]:
    """Yield whatever the text can begin with there: kind, words, end."""
    for kind, end_of in _ENDS.items():
        if end := end_of(rest, start):
            lead = AT.match(rest, start) if kind == "time" else None
            yield kind, rest[lead.end() if lead else start : end].strip(), end
    if match := _FORM.match(rest, start):
        yield "form", match[1], match.end()
    if match := _STORIES.match(rest, start):
        yield "stories", match[1], match.end()
    if zone := _zone_at(rest, start):
        yield "zone", zone, start + len(zone)


def _zone_at(rest: str, start: int) -> str | None:
    """Return the zone that begins there: anything with a slash, an offset, or the longest known name."""
    if match := _SLASHED.match(rest, start) or _OFFSET.match(rest, start):
        return match[0]
    words = rest[start:].split(" ")[:3]
    names = (" ".join(words[:count]).rstrip(",;，") for count in range(len(words), 0, -1))
    known = next((name for name in names if {name, re.sub(r" time$|时间$", "", name)} & _known_zones()), None)
    # "9h et 17h": it stands for Eastern Time only where nothing follows.
    return None if known == "et" and rest[start + 2 :].strip() else known


@cache
def _known_zones() -> frozenset[str]:
    return frozenset((*zones(), *unclear_zones()))


def _guess(word: str, unread: str) -> tuple[str, str]:
    """Say what a word that is nothing was meant to be. unread: it, and what cannot be read either."""
    if difflib.get_close_matches(word, named_days(), n=1, cutoff=0.7):
        return "days", word
    if difflib.get_close_matches(word, zones(), n=1, cutoff=0.85):
        return "zone", word
    raise _nothing(unread)


def _no_date(word: str, *, is_one: bool) -> UsageError:
    if is_one:
        return UsageError("“{word}” is a date: write “from” or “until” before it.", word=word)
    return _nothing(word)


def _nothing(word: str) -> UsageError:
    return UsageError(
        "“{word}” is neither a time, a day, a date, a time zone nor a channel; write it like “at 9:00 on weekdays”.",
        word=word,
    )


def is_all(text: str) -> bool:
    """Whether a word in the place of a topic's name means all of them."""
    return _ALL.fullmatch(plain(text)) is not None


def is_form(text: str) -> bool:
    """Whether a word is a form of a digest."""
    return _form_of(text) is not None


def parse_form(text: str) -> str:
    """Read the form of a digest: compact, full or headlines. Raises UsageError."""
    form = _form_of(text)
    if form is None:
        raise UsageError("“{word}” is no form of a digest; write compact, full or headlines.", word=text)
    return form


def _form_of(text: str) -> str | None:
    return next((form for form, words in _FORMS.items() if re.fullmatch(words, plain(text))), None)


# ---------------------------------------------------------------- a whole schedule


def changed(
    stands: Schedule,
    now: datetime,
    *,
    times: tuple[str, ...] | None = None,
    days: Days | None = None,
    zone: str | None = None,
    start: date | None = None,
    until: date | None = None,
) -> Schedule:
    """Return a schedule with what is said put in the place of what stands; the rest stays.

    Weeks are counted from the first date that is due from now on, unless it is said from when. until: `NO_END` takes
    the end away; an end that is over goes by itself.
    """
    made = replace(stands, times=times or stands.times, zone=zone or stands.zone)
    ends = None if until == NO_END else until or (stands.until if stands.next(now) else None)
    if days is not None and (days != stands.days or start):
        first = start
        if days.weeks > 1 and first is None:
            near = replace(made, days=replace(days, weeks=1), first=None, until=None).next(now)
            first = date.fromisoformat(near.local[:10]) if near else None
        return replace(made, days=days, first=first, until=ends)
    return replace(made, first=start or stands.first, until=ends)


def local_date(now: datetime, zone: str) -> date:
    """Return the date that it is in a zone."""
    return now.astimezone(ZoneInfo(zone)).date()
