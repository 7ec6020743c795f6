"""Text → expression, with errors that point at the character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from briefs.errors import UsageError
from briefs.text.languages import LANGUAGES
from briefs.topics.language import (
    BARE,
    GLUE,
    LENGTHS,
    LETTER,
    MINUS,
    QUOTES,
    SEPARATORS,
    SIGNS,
    Expression,
    Filtered,
    Word,
    all_of,
    any_of,
)

LONGEST = 2_000  # characters of an expression
DEEPEST = 20  # brackets within brackets


@dataclass(frozen=True, slots=True)
class _Piece:
    """kind: a sign of the language, "word", "phrase" or "end"; at: where it begins, from 0."""

    kind: str
    text: str
    at: int


def parse_topic(expression: str) -> Expression:
    """Read the topic language.

    Raises UsageError, naming the character at fault; characters are counted from 1. Its values have the `position`,
    and the whole expression as `typed`.
    """
    try:
        return _read(expression)
    except UsageError as error:
        error.values["typed"] = expression
        raise


def _read(expression: str) -> Expression:
    if len(expression) > LONGEST:
        raise UsageError(
            "A topic may have {limit} characters; this one has {count}.", limit=LONGEST, count=len(expression)
        )
    pieces, filters = _without_filters(_pieces(_printable(expression)))
    whole = _Parser(pieces).whole()
    return replace(filters, words=whole) if filters.filters else whole


def combine(*, every: Sequence[str] = (), some: Sequence[str] = (), none: Sequence[str] = ()) -> Expression:
    """Read a topic given as lists, as configuration files have them: each of `every`, one of `some`, none of `none`.

    An item of plain words is a phrase; with signs in it, it is read as the topic language.
    """
    parts = [_item(text) for text in every]
    if some:
        parts.append(any_of([_item(text) for text in some]))
    if not parts:
        raise UsageError("A topic needs a word to look for, not only words to leave out.")
    return all_of(parts, [_item(text) for text in none])


def _item(text: str) -> Expression:
    pieces = _pieces(_printable(text))
    if len(pieces) > 2 and all(piece.kind in ("word", "end") and not _FILTER.fullmatch(piece.text) for piece in pieces):
        return Word(" ".join(text.split()))
    read = parse_topic(text)
    if isinstance(read, Filtered):
        raise UsageError("“{filter}” stands in an expression, not in a list.", filter=read.filters[0])
    return read


def _printable(text: str) -> str:
    """Blank out what cannot be seen (controls, text direction marks), so that positions stay."""
    return "".join(" " if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character for character in text)


def _pieces(expression: str) -> list[_Piece]:
    found: list[_Piece] = []
    at = 0
    while at < len(expression):
        character, start = expression[at], at
        at += 1
        if character.isspace() or character in SEPARATORS:
            continue
        if character in SIGNS:
            found.append(_Piece(SIGNS[character], character, start))
        elif character in MINUS:  # one inside a word never gets here: words are read to their end
            found.append(_Piece("-", character, start))
        elif family := QUOTES.get(character):
            end = next((n for n in range(at, len(expression)) if expression[n] in family), None)
            if end is None:
                raise UsageError(
                    "Character {position}: the quotation mark opened here is never closed.", position=start + 1
                )
            found.append(_Piece("phrase", _without_quotes(expression[at:end]), start))
            at = end + 1
        else:
            word = BARE.match(expression, start)
            at = word.end() if word else at
            found.append(_Piece("word", expression[start:at], start))
    found.append(_Piece("end", "", len(expression)))
    return found


def _without_quotes(phrase: str) -> str:
    return " ".join("".join(" " if character in QUOTES else character for character in phrase).split())


# ---------------------------------------------------------------- filters

FILTERS = {"source": "source", "来源": "source", "age": "age", "âge": "age", "时限": "age"} | dict.fromkeys(
    ("language", "lang", "langue", "语言"), "language"
)
_FILTER = re.compile(rf"({'|'.join(FILTERS)})[:：](.*)", re.IGNORECASE)

_UNITS = {
    "j": "d",
    "天": "d",
    "日": "d",
    "sem": "w",
    "周": "w",
    "mois": "m",
    "个月": "m",
    "an": "y",
    "ans": "y",
    "年": "y",
}
_AGE = re.compile(rf"(\d{{1,4}})({'|'.join(sorted({*LENGTHS, *_UNITS, '小时'}, key=len, reverse=True))})")


def _without_filters(pieces: list[_Piece]) -> tuple[list[_Piece], Filtered]:
    """Take the filters out of the pieces, with the signs before them."""
    kept: list[_Piece] = []
    found: dict[str, list[str]] = {"source": [], "-source": [], "language": [], "age": []}
    depth, at = 0, 0
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        depth += {"(": 1, ")": -1}.get(piece.kind, 0)
        match = _FILTER.fullmatch(piece.text) if piece.kind == "word" else None
        if match is None:
            kept.append(piece)
            continue
        key, value = FILTERS[match[1].lower()], match[2]
        if not value and pieces[at].kind in ("phrase", "word"):
            value, at = pieces[at].text, at + 1
        sign = kept.pop() if kept and kept[-1].kind in ("+", "-") else None
        if depth or (kept and kept[-1].kind == "|") or pieces[at].kind == "|":
            raise UsageError(
                "Character {position}: “{word}” holds for the whole topic; put it at the end, outside of ( | ).",
                position=piece.at + 1,
                word=piece.text,
            )
        out = sign is not None and sign.kind == "-"
        found[f"{'-' if out else ''}{key}" if key == "source" else key].append(_filter_value(piece, key, value, out))
    hours = min((int(value) for value in found["age"]), default=None)
    sources, not_sources, languages = (tuple(dict.fromkeys(found[key])) for key in ("source", "-source", "language"))
    return kept, Filtered(Word(""), sources, not_sources, languages, hours)


def _filter_value(piece: _Piece, key: str, value: str, out: bool) -> str:
    """Read what stands behind the colon; an age in hours."""
    if out and key != "source":
        raise UsageError("Character {position}: only a source can be left out.", position=piece.at + 1)
    if key == "source" and LETTER.search(value):
        return value
    if key == "language" and value.lower() in LANGUAGES:
        return value.lower()
    if key == "age" and (match := _AGE.fullmatch(value.lower())) and int(match[1]):
        unit = "h" if match[2] == "小时" else _UNITS.get(match[2], match[2])
        return str(int(match[1]) * LENGTHS[unit])
    shown = {"source": "source:reuters", "language": "language:fr", "age": "age:7d"}[key]
    raise UsageError(
        "Character {position}: “{word}” is not clear; write it like {example}.",
        position=piece.at + 1,
        word=piece.text,
        example=shown,
    )


class _Parser:
    """Recursive descent: any = all { "|" all };  all = part { ["+"] part | "-" part };  part = word | "(" any ")"."""

    def __init__(self, pieces: list[_Piece]) -> None:
        self._pieces = pieces
        self._next = 0
        self._depth = 0

    def whole(self) -> Expression:
        if self._peek.kind == "end":
            raise UsageError("A topic needs a word to look for, for example: Tencent + interoperability.")
        expression = self._any()
        if self._peek.kind != "end":  # only a bracket can stop it
            raise UsageError("Character {position}: this bracket closes nothing.", position=self._peek.at + 1)
        return expression

    @property
    def _peek(self) -> _Piece:
        return self._pieces[self._next]

    def _take(self) -> _Piece:
        self._next += 1
        return self._pieces[self._next - 1]

    def _any(self) -> Expression:
        parts = [self._all()]
        while self._peek.kind == "|":
            self._take()
            parts.append(self._all())
        return any_of(parts)

    def _all(self) -> Expression:
        start = self._peek
        parts: list[Expression] = []
        glue: list[Expression] = []
        without: list[Expression] = []
        while True:
            piece = self._peek
            if piece.kind == "-":
                self._take()
                without.append(self._operand(piece))
            elif piece.kind == "+":
                self._take()
                if not parts and not without and not glue:
                    raise UsageError(
                        "Character {position}: a word is missing before “{sign}”.",
                        position=piece.at + 1,
                        sign=piece.text,
                    )
                if self._peek.kind != "-":
                    parts.append(self._operand(piece))
            elif piece.kind == "word" and piece.text in GLUE:
                glue.append(self._operand(piece))
            elif piece.kind in ("word", "phrase", "("):
                parts.append(self._operand(piece))
            else:
                break
        parts = parts or glue
        if not parts:
            raise self._nothing(start, without)
        return all_of(parts, without)

    def _nothing(self, start: _Piece, without: list[Expression]) -> UsageError:
        """Say why there is no word to look for between `start` and here."""
        if without:
            return UsageError(
                "Character {position}: there must be a word to look for beside those to leave out.",
                position=start.at + 1,
            )
        stop = self._peek
        if stop.kind == ")" and self._depth and self._pieces[self._next - 1].kind == "(":
            return UsageError("Character {position}: nothing stands between these brackets.", position=stop.at + 1)
        if stop.kind == ")" and not self._depth:
            return UsageError("Character {position}: this bracket closes nothing.", position=stop.at + 1)
        if stop.kind == "|":
            return UsageError(
                "Character {position}: a word is missing before “{sign}”.", position=stop.at + 1, sign=stop.text
            )
        sign = self._pieces[self._next - 1]
        return UsageError(
            "Character {position}: a word is missing after “{sign}”.", position=sign.at + 1, sign=sign.text
        )

    def _operand(self, sign: _Piece) -> Expression:
        """Read a word, a phrase or a bracket; sign: what stands before it, named when nothing follows."""
        piece = self._peek
        if piece.kind in ("word", "phrase"):
            self._take()
            if not LETTER.search(piece.text):
                raise UsageError(
                    "Character {position}: “{word}” has no letter or digit to look for.",
                    position=piece.at + 1,
                    word=piece.text,
                )
            return Word(piece.text)
        if piece.kind == "(":
            return self._bracket(self._take())
        raise UsageError(
            "Character {position}: a word is missing after “{sign}”.", position=sign.at + 1, sign=sign.text
        )

    def _bracket(self, opened: _Piece) -> Expression:
        if self._depth == DEEPEST:
            raise UsageError(
                "Character {position}: brackets may stand in brackets {limit} deep.",
                position=opened.at + 1,
                limit=DEEPEST,
            )
        self._depth += 1
        inner = self._any()
        if self._peek.kind != ")":
            raise UsageError("Character {position}: the bracket opened here is never closed.", position=opened.at + 1)
        self._take()
        self._depth -= 1
        return inner
