"""Text → pieces: words, phrases and signs, with their places."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from briefs.errors import UsageError
from briefs.topics.language import BARE, MINUS, QUOTES, SEPARATORS, SIGNS

# Operators as words, in capitals; in Chinese, a word by itself.
_OPERATORS = dict.fromkeys(("AND", "ET", "&&", "且", "和", "与"), "+") | dict.fromkeys(("OR", "OU", "||", "或"), "|")
NEGATIONS = frozenset(("NOT", "SAUF", "SANS", "NON", "非", "除了"))
_JOINS_NOTHING = re.compile(r"\s*+(?:$|[)|）｜]|(?:AND|OR|NOT|ET|OU|SAUF)\b)")  # behind a plus
_NUMBER = re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?!\w)")  # 20 000 is one word
_SIGNED = re.compile(r"[A-Za-z](?:\+\+|#)(?![A-Za-z+#])[\w.]*")  # C++, C#, C++11: the sign is no operator


@dataclass(frozen=True, slots=True)
class Piece:
    """kind: a sign of the language, "word", "phrase" or "end"; at, to: where it begins and ends, from 0."""

    kind: str
    text: str
    at: int
    to: int

    @property
    def is_operand(self) -> bool:
        """Whether it is looked for."""
        return self.kind in ("word", "phrase")


def printable(text: str) -> str:
    """Blank out what cannot be seen (controls, text direction marks), so that positions stay."""
    return "".join(" " if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character for character in text)


def pieces(expression: str) -> list[Piece]:
    """Cut an expression; the last piece is its end. Raises UsageError for a quotation mark that is never closed."""
    return _with_operators([*_cut(expression), Piece("end", "", len(expression), len(expression))])


def _cut(expression: str) -> Iterator[Piece]:
    at = 0
    while at < len(expression):
        character, start = expression[at], at
        at += 1
        if character.isspace() or character in SEPARATORS:
            continue
        if expression.startswith(("||", "&&"), start):
            at += 1
            yield Piece("word", expression[start:at], start, at)
        elif character in SIGNS:
            yield Piece(SIGNS[character], character, start, at)
        elif character in MINUS:  # one inside a word never gets here: words are read to their end
            yield Piece("-", character, start, at)
        elif family := QUOTES.get(character):
            end = next((n for n in range(at, len(expression)) if expression[n] in family), None)
            if end is None:
                raise UsageError(
                    "Character {position}: the quotation mark opened here is never closed.", position=start + 1
                )
            at = end + 1
            yield Piece("phrase", _without_quotes(expression[start + 1 : end]), start, at)
        else:
            named = _NUMBER.match(expression, start) or _SIGNED.match(expression, start)
            word = named or BARE.match(expression, start)
            at = word.end() if word else at
            at += _belongs(expression, at)
            yield Piece("word", expression[start:at], start, at)


def _belongs(expression: str, at: int) -> int:
    """Return how many signs after a word are of its name: the + of "Disney+", which joins nothing."""
    return int(expression.startswith("+", at) and _JOINS_NOTHING.match(expression, at + 1) is not None)


def _with_operators(found: list[Piece]) -> list[Piece]:
    """Read AND, OR and NOT between operands as signs; anywhere else they are words."""
    read = list(found)
    for n, piece in enumerate(found[:-1]):
        if piece.kind != "word":
            continue
        follows = found[n + 1].kind in ("word", "phrase", "(") or found[n + 1].kind == "-"
        if piece.text in _OPERATORS and follows and n and (found[n - 1].is_operand or found[n - 1].kind == ")"):
            read[n] = replace(piece, kind=_OPERATORS[piece.text])
        elif piece.text in NEGATIONS and follows:
            read[n] = replace(piece, kind="-")
    return read


def _without_quotes(phrase: str) -> str:
    return " ".join("".join(" " if character in QUOTES else character for character in phrase).split())
