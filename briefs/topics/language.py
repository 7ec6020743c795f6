"""The expressions of the topic language, and how they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

SIGNS = {"(": "(", "（": "(", ")": ")", "）": ")", "|": "|", "｜": "|", "+": "+", "＋": "+"}
MINUS = "-－−–—"
QUOTES = {mark: family for family in ('"“”„＂', "«»", "「」『』") for mark in family}
SEPARATORS = "、，；"  # as Chinese lists are typed
_SPECIAL = re.escape("".join([*SIGNS, *QUOTES, SEPARATORS, "－"]))  # a full-width minus stands in no word
BARE = re.compile(rf"[^\s{_SPECIAL}{re.escape(MINUS)}][^\s{_SPECIAL}]*")
LETTER = re.compile(r"[^\W_]")
# Words that only hold others together: in "internet of things" without quotation marks, "of" is not asked for.
GLUE = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "the", "to", "with"}) | frozenset(
    {"au", "aux", "avec", "dans", "de", "des", "du", "et", "la", "le", "les", "par", "pour", "sur", "un", "une"}
)

LENGTHS = {"y": 365 * 24, "m": 30 * 24, "w": 7 * 24, "d": 24, "h": 1}  # hours


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or several side by side."""

    text: str

    def __str__(self) -> str:
        bare = BARE.fullmatch(self.text) and self.text not in GLUE
        return self.text if bare else f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of `parts` (at least one), and none of `without`."""

    parts: tuple[Expression, ...]
    without: tuple[Expression, ...] = ()

    def __str__(self) -> str:
        return " + ".join(map(_bracketed, self.parts)) + "".join(f" - {_bracketed(part)}" for part in self.without)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of `parts` (at least two)."""

    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        return " | ".join(map(_bracketed, self.parts))


@dataclass(frozen=True, slots=True)
class Filtered:
    """An expression of which only some articles count.

    sources: names or sites, one of which it must be from; not_sources: none of which. languages: one of which it
    must be in. hours: how old it may have been when it came in.
    """

    words: Expression
    sources: tuple[str, ...] = ()
    not_sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hours: int | None = None

    def __str__(self) -> str:
        return " ".join((str(self.words), *self.filters))

    @property
    def filters(self) -> tuple[str, ...]:
        """Each filter as it is written."""
        return (
            *(f"source:{named(name)}" for name in self.sources),
            *(f"-source:{named(name)}" for name in self.not_sources),
            *(f"language:{code}" for code in self.languages),
            *([f"age:{length(self.hours)}"] if self.hours else []),
        )


Expression: TypeAlias = Word | AllOf | AnyOf | Filtered


def all_of(parts: Sequence[Expression], without: Sequence[Expression] = ()) -> Expression:
    """Join by "and", in its plainest form: a single part stays itself, "a and (b and c)" is "a and b and c"."""
    flat: list[Expression] = []
    left_out: list[Expression] = []
    for part in parts:
        flat += part.parts if isinstance(part, AllOf) else (part,)
        left_out += part.without if isinstance(part, AllOf) else ()
    left_out += without
    return flat[0] if len(flat) == 1 and not left_out else AllOf(tuple(flat), tuple(left_out))


def any_of(parts: Sequence[Expression]) -> Expression:
    """Join by "or", in its plainest form."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, AnyOf) else (part,))]
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


def words(expression: Expression) -> tuple[str, ...]:
    """Say what the expression looks for, each word once, in its order; not what it leaves out."""
    if isinstance(expression, Word):
        return (expression.text,)
    if isinstance(expression, Filtered):
        return words(expression.words)
    return tuple(dict.fromkeys(word for part in expression.parts for word in words(part)))


def plainly(part: Expression) -> str:
    """Write a part as a person names it: a phrase without its quotation marks."""
    return part.text if isinstance(part, Word) else str(part)


def _bracketed(part: Expression) -> str:
    return str(part) if isinstance(part, Word) else f"({part})"


def named(name: str) -> str:
    """Write the name of a source as it stands behind "source:"."""
    return name if BARE.fullmatch(name) else f'"{name}"'


def length(hours: int) -> str:
    """Write a length of time in its largest whole unit: 336 → "2w"."""
    unit = next(unit for unit, long in LENGTHS.items() if hours % long == 0)
    return f"{hours // LENGTHS[unit]}{unit}"
