"""What people type of a schedule, in any order → its parts. Pure.

split_schedule("at 9h30 mon,wed Europe/Paris") → {"time": "9h30", "days": "mon,wed", "zone": "europe/paris"}
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from bot.grammar.wording import NAMED_TIMES, TIME, day_pattern, named_days, plain, zones
from briefs.errors import UsageError

LONGEST = 200  # characters: nobody types more, and reading it stays quick
_CHANNEL = re.compile(r"(?:(?:in|dans|sur|to|vers|在|到|发到|发送到)\s*)?(<#[^>\s]+>|#\S+)", re.IGNORECASE)
_AT = re.compile(r"(?:at|a|vers|@|在|于)\s+|@")
_LEAD = re.compile(
    r"(?:on|from|le|les|du|every|each|chaque|de|in|dans|fuseau|timezone|zone|time zone|,|;|，|每)\s*(?=\S)"
)
_SLASHED = re.compile(r"[a-z_]+(?:/[a-z0-9_+-]+)+")
_WORD = re.compile(r"\S+")
_NAMED_TIME = re.compile("|".join(NAMED_TIMES) + r"(?![a-z])")
_TIME_HERE = re.compile(TIME.pattern + r"(?![\w/])")


def split_schedule(text: str) -> dict[str, str]:
    """Tell apart what stands in any order: {"time", "days", "zone", "channel"} → as it was typed, accents folded.

    Raises UsageError on a word that is none of these, or on a second one of a kind. The values themselves may still be
    wrong ("25:00"): their own parsers say so.
    """
    if len(text) > LONGEST:
        raise UsageError("“{word}” is neither a time, a day, a time zone nor a channel.", word=text[:40] + "…")
    found: dict[str, str] = {}
    channel = _CHANNEL.search(text)
    if channel:  # first, as it is: ids keep their capitals
        found["channel"] = channel[1]
        text = f"{text[: channel.start()]} {text[channel.end() :]}"
    for kind, word in _items(plain(text)):
        if kind in found:
            raise UsageError("“{first}” and “{second}” cannot both hold; name one.", first=found[kind], second=word)
        found[kind] = word
    return found


def _items(rest: str) -> Iterator[tuple[str, str]]:
    while rest:
        kind, match, start = _item(rest)
        yield kind, match
        rest = rest[start:].lstrip(" ,;，")


def _item(rest: str) -> tuple[str, str, int]:
    """Give the kind of what the text begins with, its words, and where the next begins."""
    at = _AT.match(rest)
    start = at.end() if at else 0
    time = _NAMED_TIME.match(rest, start) or _TIME_HERE.match(rest, start)
    if time and (at or not time[0].strip().isdecimal()):
        return "time", time[0], time.end()
    if days := day_pattern().match(rest):
        return "days", days[0], days.end()
    lead = _LEAD.match(rest)
    if lead and (days := day_pattern().match(rest, lead.end())):
        return "days", days[0], days.end()
    begin = lead.end() if lead else 0
    if zone := _zone_at(rest, begin):
        return "zone", zone, begin + len(zone)
    word = (_WORD.match(rest, start) or [""])[0]
    if at or word[:1].isdecimal():
        return "time", word, start + len(word)
    return *_guess(word), start + len(word)


def _zone_at(rest: str, start: int) -> str | None:
    """Give the zone that begins there: anything with a slash, or the longest known name."""
    slashed = _SLASHED.match(rest, start)
    if slashed:
        return slashed[0]
    words = rest[start:].split(" ")[:3]
    names = (" ".join(words[:count]).rstrip(",;，") for count in range(len(words), 0, -1))
    return next((name for name in names if name in zones()), None)


def _guess(word: str) -> tuple[str, str]:
    """Say what a word that is nothing was meant to be."""
    if difflib.get_close_matches(word, named_days(), n=1, cutoff=0.7):
        return "days", word
    if difflib.get_close_matches(word, zones(), n=1, cutoff=0.85):
        return "zone", word
    raise UsageError("“{word}” is neither a time, a day, a time zone nor a channel.", word=word)
