"""Filters: what an article must be besides what it says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from briefs.errors import UsageError
from briefs.text.languagenames import named_language
from briefs.text.moments import parse_age, parse_moment
from briefs.topics.language import LETTER
from briefs.topics.pieces import Piece

FILTERS = (
    dict.fromkeys(("source", "site", "来源"), "source")
    | dict.fromkeys(("language", "lang", "langue", "语言"), "language")
    | dict.fromkeys(("age", "âge", "时限"), "age")
    | dict.fromkeys(("title", "intitle", "titre", "标题"), "title")
    | dict.fromkeys(("since", "after", "depuis", "自"), "since")
    | dict.fromkeys(("before", "avant", "早于"), "before")
)
FOR_LOOK_UPS = ("title", "since", "before")
_FILTER = re.compile(rf"({'|'.join(FILTERS)})[:：](.*)", re.IGNORECASE)
_WORDS = 3  # of a value that may have several: "since:20 novembre 2026"
_EXAMPLES = {
    "source": "source:reuters",
    "language": "language:fr",
    "age": "age:7d",
    "title": "title:heron",
    "since": "since:2026-11-20",
    "before": "before:yesterday",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter. key: of FILTERS. start, to: where it stands, its sign included. out: whether that is a minus."""

    key: str
    value: str
    piece: Piece
    start: int
    to: int
    out: bool = False

    def unclear(self) -> UsageError:
        """Say that its value is not clear."""
        return UsageError(
            "Character {position}: “{word}” is not clear; write it like {example}.",
            position=self.piece.at + 1,
            word=self.piece.text if self.piece.text.endswith(self.value) else f"{self.piece.text}{self.value}",
            example=_EXAMPLES[self.key],
        )


@dataclass
class Taken:
    """The pieces that are no filters, and the filters."""

    kept: list[Piece] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)

    def values(self, key: str, *, out: bool = False) -> tuple[str, ...]:
        """Return the values of the filters of a key, each once."""
        return tuple(dict.fromkeys(one.value for one in self.filters if one.key == key and one.out == out))


def is_filter(text: str) -> bool:
    """Whether a word is a filter."""
    return _FILTER.fullmatch(text) is not None


def take_filters(pieces: Sequence[Piece]) -> Taken:
    """Take the filters out of the pieces, with the signs before them.

    Raises UsageError for one that stands in brackets or in a choice, and for a value that is not clear.
    """
    taken = Taken()
    depth, at = 0, 0
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        depth += {"(": 1, ")": -1}.get(piece.kind, 0)
        match = _FILTER.fullmatch(piece.text) if piece.kind == "word" else None
        if match is None:
            taken.kept.append(piece)
            continue
        key, value, more = FILTERS[match[1].lower()], match[2], pieces[at:]
        values, behind = ([value], at) if value else _value_behind(key, pieces, at)
        at, more = behind, pieces[behind:]
        sign = taken.kept.pop() if taken.kept and taken.kept[-1].kind in ("+", "-") else None
        if depth or (taken.kept and taken.kept[-1].kind == "|") or pieces[at].kind == "|":
            raise UsageError(
                "Character {position}: “{word}” holds for the whole topic; put it at the end, outside of ( | ).",
                position=piece.at + 1,
                word=piece.text,
            )
        words = _further_words(key, values[-1], more)
        at += words
        values[-1] = " ".join((values[-1], *(one.text for one in more[:words])))
        out = sign is not None and sign.kind == "-"
        start = sign.at if sign else piece.at
        taken.filters += (_checked(Filter(key, one, piece, start, pieces[at - 1].to, out)) for one in values)
    return taken


def _value_behind(key: str, pieces: Sequence[Piece], at: int) -> tuple[list[str], int]:
    """Return what stands behind "title:" and a space, or in brackets, and where the next piece is.

    Words in brackets are one name, "source:(le monde)", but each is a word of the title.
    """
    if pieces[at].is_operand:
        return [pieces[at].text], at + 1
    end = next((n for n in range(at + 1, len(pieces)) if not pieces[n].is_operand), at)
    words = [one.text for one in pieces[at + 1 : end]]
    if pieces[at].kind == "(" and words and pieces[end].kind == ")":
        return words if key == "title" else [" ".join(words)], end + 1
    return [""], at


def _further_words(key: str, value: str, more: Sequence[Piece]) -> int:
    """Return how many words that follow belong to a time: "since:3 days"."""
    if key not in ("since", "before", "age"):
        return 0
    for count in range(_WORDS, 0, -1):
        words = [one.text for one in more[:count] if one.kind == "word"]
        if len(words) == count and _is_time(key, " ".join((value, *words))):
            return count
    return 0


def _is_time(key: str, value: str) -> bool:
    try:
        parse_age(value) if key == "age" else parse_moment(value, datetime(2000, 1, 1, tzinfo=UTC))
    except UsageError:
        return False  # the question itself
    return True


def _checked(found: Filter) -> Filter:
    if found.out and found.key != "source":
        raise UsageError("Character {position}: only a source can be left out.", position=found.piece.at + 1)
    if found.key in ("source", "title") and LETTER.search(found.value):
        return found
    if found.key == "language":
        try:
            return replace(found, value=named_language(found.value))
        except UsageError:
            raise found.unclear() from None
    if found.key in ("since", "before", "age") and _is_time(found.key, found.value):
        return found
    raise found.unclear()
