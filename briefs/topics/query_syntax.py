"""A look-up, as it is typed → words to look for, and what an article must be to the letter.

    game -warhorse source:caixin since:yesterday    →  game; without “warhorse”, from Caixin, since yesterday
    heron OR tool                                   →  heron, tool, as one word with two names
    tencent + alibaba                               →  both, in each article
    chev* "open links"                              →  what begins so; side by side

The signs are those of topics, read by the same parser. A look-up is no formula, though: whatever makes none is words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from briefs.errors import UsageError
from briefs.text.moments import parse_age, parse_moment
from briefs.text.terms import quietly
from briefs.topics.filters import Taken, take_filters
from briefs.topics.language import LETTER, QUOTES, AllOf, AnyOf, Expression, Filtered, Word
from briefs.topics.pieces import NEGATIONS, Piece, pieces, printable
from briefs.topics.reading import parse_pieces

# Nearly all look-ups have none of these, and are read no further.
_SIGNS = re.compile(
    r"[|｜\"“”„＂«»「」『』*:：]|&&|(?:^|\s)[+＋\-－−–—]|\b(?:AND|OR|NOT|ET|OU|SAUF|SANS|NON)\b|\s[且和与或非]\s|除了\s"
)
_LONGEST_LOOK_UP = 8  # words, in which a phrase is asked for to the letter
_ANYTHING = Piece("word", "anything", -1, -1)
_BEGINNING = re.compile(r"(\w{2,})\*+")
_BARE = re.compile(r"[\w-]+")  # a value that needs no quotation marks


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked. text: the words to look for, the nearest first; "" for none.

    must, without: what each article has, and what none has, to the letter. choices: words of which any will do.
    beginnings: words of the text that stand for all that begin so. titles: words of the title. since: the instant from
    which on it may be of; before: the one before which.
    """

    text: str
    must: tuple[Expression, ...] = ()
    without: tuple[Expression, ...] = ()
    choices: tuple[tuple[str, ...], ...] = ()
    beginnings: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    not_sources: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: datetime | None = None
    before: datetime | None = None

    @property
    def has_filters(self) -> bool:
        """Whether it says what an article must be besides its words."""
        return bool(self.sources or self.not_sources or self.titles or self.languages or self.since or self.before)


def parse_look_up(text: str, now: datetime) -> Asked:
    """Understand a look-up.

    now: on the clock of who asks. Raises UsageError for a filter whose value is not clear, and where there are only
    words to leave out.
    """
    text = printable(text)
    if not _SIGNS.search(text):
        return Asked(" ".join(text.split()))
    found = list(_that_count(_cut(text), text))
    taken = take_filters(found)
    signs = {one.kind for one in taken.kept}.difference(("word", "phrase", "end", "(", ")"))
    kept = taken.kept if signs else [one for one in taken.kept if one.kind not in "()"]
    bare = [_without_star(one) for one in kept]
    expression = _expression(bare, taken)
    strict = expression is not None and not signs.isdisjoint("+|") and any(one.is_operand for one in _wanted(bare))
    must, without = _to_the_letter(expression, bare, strict)
    if not strict and text.rstrip().endswith(("?", "？")):
        must = ()  # quotation marks in a question only quote
    return Asked(
        _words(text, kept if expression else [one for one in kept if one.is_operand], taken),
        must,
        without,
        tuple(_choices(expression)) if strict and expression else (),
        tuple(one.text for one, typed in zip(bare, kept, strict=True) if one is not typed),
        taken.values("source"),
        taken.values("source", out=True),
        taken.values("title"),
        taken.values("language"),
        _since(taken, now),
        min((parse_moment(value, now) for value in taken.values("before")), default=None),
    )


def _cut(text: str) -> list[Piece]:
    try:
        return pieces(text)
    except UsageError as unclosed:  # an inch, or half a quotation: no sign of ours
        at = int(str(unclosed.values["position"])) - 1
        return _cut(f"{text[:at]} {text[at + 1 :]}")


def _that_count(found: Sequence[Piece], text: str) -> Iterator[Piece]:
    """Leave out signs that are punctuation in a look-up: dashes between words, operators in a line of capitals."""
    shouted = quietly(text) != text
    for n, piece in enumerate(found):
        follows = found[min(n + 1, len(found) - 1)]
        first = piece.at == 0 or text[piece.at - 1].isspace()
        named = len(piece.text) > 1 or piece.text.isalpha()  # an operator that is a word
        if (piece.kind in "+|-" and named and shouted) or (piece.kind == "word" and not LETTER.search(piece.text)):
            continue
        if piece.kind == "-" and not (
            piece.text in NEGATIONS or (first and piece.to == follows.at and _a_word(follows))
        ):
            continue
        if piece.kind == "+" and not (named or (n and first and follows.kind in ("word", "phrase", "("))):
            continue
        yield piece


def _a_word(piece: Piece) -> bool:
    return piece.kind in ("phrase", "(") or (piece.kind == "word" and not piece.text[0].isdigit())


def _without_star(piece: Piece) -> Piece:
    begun = _BEGINNING.fullmatch(piece.text) if piece.kind == "word" else None
    return Piece("word", begun[1], piece.at, piece.to) if begun else piece


def _expression(found: Sequence[Piece], taken: Taken) -> Expression | None:
    """Read the pieces as a topic is read; None where they make none, for then they are words."""
    signs = {one.kind for one in found}
    if signs.isdisjoint(("+", "|", "-", "phrase")):
        return None
    only_without = "-" in signs and not any(one.is_operand for one in _wanted(found))
    if only_without and taken.filters:  # of what the filters let through
        return parse_pieces([_ANYTHING, *found])
    try:
        return parse_pieces(found)
    except UsageError:
        if only_without:
            raise
        return None


def _wanted(found: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces that are not left out by a minus before them."""
    at = 0
    while at < len(found):
        if found[at].kind == "-":
            at = _end_of_operand(found, at + 1)
            continue
        yield found[at]
        at += 1


def _end_of_operand(found: Sequence[Piece], at: int) -> int:
    depth = 0
    while at < len(found) - 1:
        depth += {"(": 1, ")": -1}.get(found[at].kind, 0)
        at += 1
        if depth == 0:
            break
    return at


def _to_the_letter(
    expression: Expression | None, found: Sequence[Piece], strict: bool
) -> tuple[tuple[Expression, ...], tuple[Expression, ...]]:
    """Return what must stand in an article, and what must not; words that only stand beside each other need not."""
    if expression is None:
        return (), ()
    without = expression.without if isinstance(expression, AllOf) else ()
    if strict:
        must = AllOf(expression.parts) if isinstance(expression, AllOf) else expression
        return (must,), without
    wanted = [one for one in _wanted(found) if one.is_operand]
    if sum(len(one.text.split()) for one in wanted) > _LONGEST_LOOK_UP:
        return (), without  # a question, in which quotation marks only quote
    return tuple(Word(one.text) for one in wanted if one.kind == "phrase"), without


def _choices(expression: Expression) -> Iterator[tuple[str, ...]]:
    if isinstance(expression, AnyOf) and all(isinstance(part, Word) for part in expression.parts):
        yield tuple(part.text for part in expression.parts if isinstance(part, Word))
    elif isinstance(expression, AllOf | AnyOf):
        for part in expression.parts:
            yield from _choices(part)


def _words(text: str, kept: Sequence[Piece], taken: Taken) -> str:
    """Return the text without what is no word of it: filters, signs, and what they leave out."""
    characters = list(text)
    wanted = {one.at for one in _wanted(kept) if one.is_operand}
    gone = [(one.start, one.to) for one in taken.filters]
    gone += [(one.at, one.to) for one in kept if one.at not in wanted and one.kind != "end"]
    for start, end in gone:
        characters[start:end] = " " * (end - start)
    plain = (" " if character in QUOTES or character == "*" else character for character in characters)
    rest = " ".join("".join(plain).split())
    return rest if any(map(str.isalnum, rest)) else ""


def _since(taken: Taken, now: datetime) -> datetime | None:
    moments = [parse_moment(value, now) for value in taken.values("since")]
    moments += [now - parse_age(value) for value in taken.values("age")]
    return max(moments, default=None)


def as_expression(asked: Asked, words: Sequence[str]) -> Expression | None:
    """Return a look-up as a topic that takes what it is on; None where nothing is looked for.

    words: those of its text that count. Its days are gone: a topic looks ahead.
    """
    if asked.must and not isinstance(asked.must[0], Word):
        parts: tuple[Expression, ...] = asked.must
    else:
        phrases = tuple(part for part in asked.must if isinstance(part, Word))
        inside = {word for part in phrases for word in part.text.split()}
        parts = (*phrases, *(Word(word) for word in (*words, *asked.titles) if word not in inside))
    if not parts:
        return None
    whole = parts[0] if len(parts) == 1 and not asked.without else AllOf(parts, asked.without)
    filtered = Filtered(whole, asked.sources, asked.not_sources, asked.languages)
    return filtered if filtered.filters else whole


def with_filters(query: str, **filters: str | None) -> str:
    """Write filters behind a query, by their names; those that are None are left out."""
    given = {name: value for name, value in filters.items() if value}
    written = (f"{name}:{value}" if _BARE.fullmatch(value) else f'{name}:"{value}"' for name, value in given.items())
    return " ".join((query, *written)).strip()
