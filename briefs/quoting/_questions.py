"""What kind of answer a question wants, told by its words: a date, a number of something, or neither."""

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from briefs.languages import LANGUAGES
from briefs.languages.pack import LanguagePack
from briefs.text.terms import fold

Kind: TypeAlias = Literal["when", "how many", "other"]


def _any_of(kind: Callable[[LanguagePack], str]) -> str:
    """Return a pattern for any of what the languages have of one kind."""
    said = ((kind(pack), pack.wide) for pack in LANGUAGES.values())
    return "|".join(one if wide else rf"\b(?:{one})\b" for one, wide in said if one)


# Patterns over folded questions and sentences (lower case, no accents).
_WHEN = re.compile(_any_of(lambda pack: pack.asks_when))
_WHAT = [re.compile(pack.asks_what, re.IGNORECASE) for pack in LANGUAGES.values() if pack.asks_what]
_HOW_MANY = re.compile(_any_of(lambda pack: pack.asks_how_many))
_DATE = re.compile(
    r"(?<![\d.,])(?:1\d{3}|20\d{2})(?![\d%])|[\d〇一二三四五六七八九十]{1,4}\s?[年月]|"
    + _any_of(lambda pack: pack.date_words)
)
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?|[一二三四五六七八九十百千万亿两]{2,}|百分之")
_NUMBER_WORD = re.compile(_any_of(lambda pack: pack.number_words))


@dataclass(frozen=True, slots=True)
class Expected:
    """What a question wants. given: the numbers that it names itself. until: where the words end that ask how many."""

    kind: Kind
    given: frozenset[str] = frozenset()
    until: int = 0

    def is_in(self, sentence: str) -> bool:
        """Whether a sentence has a date, or a number, where one is wanted."""
        if self.kind == "other":
            return True
        folded = fold(sentence)
        return bool(_DATE.search(folded)) if self.kind == "when" else self.is_number(folded)

    def is_number(self, folded: str) -> bool:
        """Whether a folded word or text has a number that the question does not name."""
        return not self.given.issuperset(_NUMBER.findall(folded)) or bool(_NUMBER_WORD.search(folded))


def thing(question: str) -> tuple[int, int] | None:
    """Return where a question names the thing of which it asks what it is, or the one of whom it asks who; or None."""
    found = next(filter(None, (one.search(question) for one in _WHAT)), None)
    return found.span(found.lastindex or 0) if found else None


def expected(question: str) -> Expected:
    """Return what a question wants."""
    folded = fold(question)
    if _WHEN.search(folded):
        return Expected("when")
    if how_many := _HOW_MANY.search(folded):
        # Folded, œ is two letters: the place is that of the question as it stands.
        until = bisect_left(range(len(question)), how_many.end(), key=lambda n: len(fold(question[:n])))
        return Expected("how many", frozenset(_NUMBER.findall(folded)), until)
    return Expected("other")
