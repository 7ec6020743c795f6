"""Text → terms: what an index holds and a query looks up.

A term has letters and digits only. Two spellings that differ in case, accents, width or apostrophes, or in how Unicode
composes them, make the same terms, because a word is folded before it is stemmed.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

import Stemmer

from briefs.text.languages import LANGUAGES

LONGEST = 64  # characters of a word that count: no language has a longer one, but binary rubbish has


class Token(NamedTuple):
    """A term and the piece of text that made it: `text[start:end]`."""

    term: str
    start: int
    end: int


# ---------------------------------------------------------------- folding

# Accents over Latin, Greek and Cyrillic letters, Hebrew points, Arabic vowel signs: writers leave them out. Marks of
# other scripts (a Hindi vowel, a Japanese voicing mark) are letters in their own right and stay.
_LEFT_OUT = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d\u00ad]")
_SHORT_I = re.compile("\u0438\u0306")  # Cyrillic й is no и with an accent


def fold(text: str) -> str:
    """Return the text as it is compared: compatibility forms plain, lower case, accents off."""
    if text.isascii():
        return text.lower()
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = _LEFT_OUT.sub("", _SHORT_I.sub("\u0439", bare))
    return unicodedata.normalize("NFC", bare)


# ---------------------------------------------------------------- words

# Scripts without spaces between words, and Korean, whose particles cling to words: characters and pairs of them.
_UNSPACED = (
    "\u3005\u3007\u3041-\u3096\u3099\u309a\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7ff\U00020000-\U0003ffff"
)
# Marks belong to the letter before them, and `\w` has no vowel signs of the Indic scripts.
_MARKS = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963"
    "\u0966-\u0dff\u200c\u200d"
)
_APOSTROPHE = "'\u2019\u02bc\uff07\u2018\u02b9"
_WORD = re.compile(
    rf"([{_UNSPACED}]+)"
    # A number with its groups of three: 1,000 and 1 000 and 1.000 are one term.
    r"|(\d{1,3}(?:[.,'\u2019\u00a0\u202f\u2009]\d{3})+(?![\w]))"
    rf"|([^\W_{_UNSPACED}{_APOSTROPHE}](?:[^\W_{_UNSPACED}{_APOSTROPHE}]|[{_MARKS}])*)"
    # The possessive belongs to its word and says nothing.
    rf"(?:[{_APOSTROPHE}][sS](?![^\W_]))?"
)
_JOINED = re.compile(r"[\u1160-\u11ff\u3099\u309a\uff9e\uff9f]")  # what goes with the character before it


def tokens(text: str, language: str) -> list[Token]:
    """Return the terms of a text with their places, in the order of the text.

    A run of Chinese gives each character followed by the pair that starts there (腾讯 → 腾, 腾讯, 讯), so that the
    terms of any piece of the run stand side by side. All else gives one term a word: its Snowball stem, where
    `language` has one.
    """
    return list(_tokens(text, language))


def terms(text: str, language: str) -> list[str]:
    """Return the terms of a text in its order: see `tokens`."""
    return [token[0] for token in _tokens(text, language)]


def _tokens(text: str, language: str) -> Iterator[Token]:
    term_of = _term_maker(language)
    make = Token
    for found in _WORD.finditer(text):
        start, end = found.span()
        run, number, word = found.groups()
        if run:
            yield from _pairs(run, start)
        elif term := term_of(number or word):
            yield make(term, start, end)


def _pairs(run: str, start: int) -> Iterator[Token]:
    characters = [(fold(run[a:b]), start + a, start + b) for a, b in _clusters(run)]
    for (here, a, b), (after, _, c) in zip(characters, [*characters[1:], ("", 0, 0)], strict=True):
        yield Token(here, a, b)
        if after:
            yield Token(here + after, a, c)


def _clusters(run: str) -> Iterator[tuple[int, int]]:
    """Where one written character starts and ends: several code points, in decomposed text."""
    starts = [i for i in range(len(run)) if i == 0 or not _JOINED.match(run[i])]
    return zip(starts, [*starts[1:], len(run)], strict=True)


@functools.cache
def _term_maker(language: str) -> Callable[[str], str]:
    """Return the function that makes a term of a word; it remembers the words it has seen."""
    known = LANGUAGES.get(language)
    # Its own memory off: so a call never leaves C, and threads may share a stemmer.
    stem = Stemmer.Stemmer(known.stemmer, 0).stemWord if known and known.stemmer else _as_it_is
    prepare = _french if language == "fr" else _as_it_is

    @functools.lru_cache(100_000)
    def make(word: str) -> str:
        folded = "".join(c for c in fold(word[: 4 * LONGEST]) if c.isalnum() or unicodedata.category(c)[0] == "M")[
            :LONGEST
        ]
        return stem(prepare(folded)) or folded

    return make


def _as_it_is(word: str) -> str:
    return word


_PARTICIPLE = re.compile(r"(?<=[a-z]{2})ee?s?$")


def _french(word: str) -> str:
    """Give débloquée, débloqués and débloquées one ending: the stemmer tells them by the accents that are gone."""
    return _PARTICIPLE.sub("e", word)
