"""Text → expression, with errors that point at the character."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from briefs.errors import UsageError
from briefs.text.moments import parse_age
from briefs.topics.filters import FOR_LOOK_UPS, Taken, is_filter, take_filters
from briefs.topics.language import GLUE, LETTER, Expression, Filtered, Word, all_of, any_of
from briefs.topics.pieces import Piece, pieces, printable

LONGEST = 2_000  # characters of an expression
DEEPEST = 20  # brackets within brackets


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
    taken = take_filters(pieces(printable(expression)))
    whole = parse_pieces(taken.kept)
    return replace(_of_topics(taken), words=whole) if taken.filters else whole


def parse_pieces(found: Sequence[Piece]) -> Expression:
    """Read pieces, the last of which is the end. Raises UsageError, naming the character at fault."""
    starred = next((one for one in found if one.kind == "word" and one.text.endswith("*")), None)
    if starred is not None:
        raise UsageError(
            "Character {position}: a topic has whole words; only look-ups know “{word}”. Name the words: (a | b).",
            position=starred.at + 1,
            word=starred.text,
        )
    return _Parser(found).whole()


def _of_topics(taken: Taken) -> Filtered:
    other = next((one for one in taken.filters if one.key in FOR_LOOK_UPS), None)
    if other is not None:
        raise UsageError(
            "Character {position}: “{word}” is for look-ups; a topic knows source:, language: and age:.",
            position=other.piece.at + 1,
            word=other.piece.text,
        )
    hours = [parse_age(value) // timedelta(hours=1) for value in taken.values("age")]
    return Filtered(
        Word(""),
        taken.values("source"),
        taken.values("source", out=True),
        taken.values("language"),
        min(hours, default=None),
    )


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
    found = pieces(printable(text))
    if len(found) > 2 and all(one.kind in ("word", "end") and not is_filter(one.text) for one in found):
        return Word(" ".join(text.split()))
    read = parse_topic(text)
    if isinstance(read, Filtered):
        raise UsageError("“{filter}” stands in an expression, not in a list.", filter=read.filters[0])
    return read


class _Parser:
    """Recursive descent: any = all { "|" all };  all = part { ["+"] part | "-" part };  part = word | "(" any ")"."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._next = 0
        self._depth = 0

    def whole(self) -> Expression:
        if self._peek.kind == "end":
            raise UsageError("A topic needs a word to look for, for example: Tencent + interoperability.")
        expression = self._any()
        if self._peek.kind != "end":  # only a bracket can stop it
            raise _closes_nothing(self._peek)
        return expression

    @property
    def _peek(self) -> Piece:
        return self._pieces[self._next]

    def _take(self) -> Piece:
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
                    raise _missing_before(piece)
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

    def _nothing(self, start: Piece, without: list[Expression]) -> UsageError:
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
            return _closes_nothing(stop)
        return _missing_before(stop) if stop.kind == "|" else _missing_after(self._pieces[self._next - 1])

    def _operand(self, sign: Piece) -> Expression:
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
        raise _missing_after(sign)

    def _bracket(self, opened: Piece) -> Expression:
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


def _missing_before(sign: Piece) -> UsageError:
    return UsageError("Character {position}: a word is missing before “{sign}”.", position=sign.at + 1, sign=sign.text)


def _missing_after(sign: Piece) -> UsageError:
    return UsageError(
        "Character {position}: a word is missing after “{sign}”; where it is of a name, quotation marks help: "
        '"Disney+".',
        position=sign.at + 1,
        sign=sign.text,
    )


def _closes_nothing(bracket: Piece) -> UsageError:
    return UsageError("Character {position}: this bracket closes nothing.", position=bracket.at + 1)
