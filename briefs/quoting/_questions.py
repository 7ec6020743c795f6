"""What kind of answer a question wants, told by its words: a date, a number, or neither."""

from __future__ import annotations

import re
from collections.abc import Callable
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
_HOW_MANY = re.compile(_any_of(lambda pack: pack.asks_how_many))
_DATE = re.compile(
    r"(?<![\d.,])(?:1\d{3}|20\d{2})(?![\d%])|[\d〇一二三四五六七八九十]{1,4}\s?[年月]|"
    + _any_of(lambda pack: pack.date_words)
)
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?|[一二三四五六七八九十百千万亿两]{2,}|百分之")
_NUMBER_WORD = re.compile(_any_of(lambda pack: pack.number_words))


def expected(question: str) -> tuple[Kind, Callable[[str], bool]]:
    """Return the kind of answer that a question wants, and the test that a sentence with one passes."""
    folded = fold(question)
    if _WHEN.search(folded):
        return "when", lambda sentence: bool(_DATE.search(fold(sentence)))
    if _HOW_MANY.search(folded):
        known = set(_NUMBER.findall(folded))
        return "how many", lambda sentence: _has_number(fold(sentence), known)
    return "other", lambda sentence: True


def _has_number(sentence: str, known: set[str]) -> bool:
    return bool(set(_NUMBER.findall(sentence)) - known) or bool(_NUMBER_WORD.search(sentence))
