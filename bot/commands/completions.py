"""What an argument that has begun may become, where it is the same for everybody."""

from __future__ import annotations

from collections.abc import Mapping

from bot.base.i18n import SERVED
from bot.grammar import Kind, complete_zone, named_days
from briefs.languages import SERVED as ARTICLE_LANGUAGES

_HOURS = tuple(f"{hour:02}:{minute}" for hour in range(24) for minute in ("00", "30"))
_DAYS = ("daily", "weekdays", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "weekend")
_RHYTHMS = ("every 2 weeks", "first monday", "last friday", "weekdays except friday")
_AGES = ("24h", "7d", "2w", "1m", "3m", "1y")
_WORDS: Mapping[Kind, tuple[str, ...]] = {
    "language": ARTICLE_LANGUAGES,
    "spoken": SERVED,
    "form": ("compact", "full", "headlines"),
    "length": ("1 week", "2 weeks", "1 month"),
    "age": _AGES,
    "day": ("yesterday", *_AGES),
}


def completed(kind: Kind, prefix: str, most: int) -> list[str]:
    """Give what an argument of a kind may become, best first."""
    match kind:
        case "zone":
            return complete_zone(prefix, most)
        case "time":
            return matching(prefix, _HOURS if prefix else _HOURS[12:])
        case "days":
            return matching(prefix, (*_DAYS, *_RHYTHMS)) or matching(prefix, named_days())
    return matching(prefix, _WORDS.get(kind, ()))


def matching(prefix: str, names: Mapping[str, object] | tuple[str, ...] | list[str]) -> list[str]:
    """Give the names that hold a typed beginning, those that begin with it first."""
    typed = prefix.casefold()
    held = [name for name in names if typed in name.casefold()]
    return sorted(held, key=lambda name: not name.casefold().startswith(typed))
