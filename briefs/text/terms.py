"""Text → terms: what an index holds and a query looks up.

A term has letters and digits only. Two spellings that differ in case, accents, width or apostrophes, or in how Unicode
composes them, make the same terms, because a word is folded before it is stemmed.
"""

from __future__ import annotations

import functools
import itertools
import operator
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
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
# A number with its groups of three: 1,000 and 1.000, and 1 000 with a no-break space, are one term.
_NUMBER = r"\d{1,3}(?:[.,'\u2019\u00a0\u202f\u2009]\d{3})+(?!\w)"
# The possessive belongs to its word and says nothing.
_POSSESSIVE = rf"[{_APOSTROPHE}][sS](?![^\W_])"
_LETTER = rf"[^\W_{_UNSPACED}{_APOSTROPHE}]"
_WORD = re.compile(rf"([{_UNSPACED}]+)|({_NUMBER})|({_LETTER}++(?:[{_MARKS}]++{_LETTER}*+)*+)(?:{_POSSESSIVE})?")
# The same where there is less to tell apart, in less time: a text without those scripts; plain English.
_ANY_UNSPACED = re.compile(f"[{_UNSPACED}]")
_SPACED = rf"[^\W_{_APOSTROPHE}]"
_SPACED_WORD = re.compile(rf"{_NUMBER}|{_SPACED}++(?:[{_MARKS}]++{_SPACED}*+)*+(?:{_POSSESSIVE})?")
_ASCII_WORD = re.compile(r"\d{1,3}(?:[.,']\d{3})+(?!\w)|[a-zA-Z0-9]++(?:'[sS](?![a-zA-Z0-9]))?")
_ENDS_POSSESSIVE = re.compile(f"[{_APOSTROPHE}][sS]$")
_MAYBE_CAPITAL = re.compile(
    rf"(?<!{_LETTER})(?<![{_MARKS}])(?![\da-z])({_LETTER}++(?:[{_MARKS}]++{_LETTER}*+)*+)(?:{_POSSESSIVE})?"
)
_HAN = re.compile("[\u4e00-\u9fff]+")  # most of Chinese: nothing in it to fold
_JOINED = re.compile(r"[\u1160-\u11ff\u3099\u309a\uff9e\uff9f]")  # what goes with the character before it


def tokens(text: str, language: str) -> list[Token]:
    """Return the terms of a text with their places, in the order of the text.

    A run of Chinese gives each character followed by the pair that starts there (腾讯 → 腾, 腾讯, 讯), so that the
    terms of any piece of the run stand side by side. All else gives one term a word: its Snowball stem, where
    `language` has one.
    """
    term_of = _term_maker(language)
    made: list[Token] = []
    for found in _WORD.finditer(text):
        run, number, word = found.groups()
        start, end = found.span()
        if run:
            ends = [start + place for place in _ends(run)]
            starts = [start, *ends]
            spans = [span for a, b, c in zip(starts, ends, [*ends[1:], 0], strict=False) for span in ((a, b), (a, c))]
            made.extend(Token(term, *span) for term, span in zip(_pairs(run), spans, strict=False))
        elif term := term_of(number or word):
            made.append(Token(term, start, end))
    return made


def terms(text: str, language: str) -> list[str]:
    """Return the terms of a text in its order: see `tokens`."""
    term_of = _term_maker(language)
    if not _ANY_UNSPACED.search(text):
        words = _ASCII_WORD if text.isascii() else _SPACED_WORD
        return [*filter(None, map(term_of, words.findall(text)))]
    made: list[str] = []
    for run, number, word in _WORD.findall(text):
        if run:
            made.extend(_pairs(run))
        elif term := term_of(number or word):
            made.append(term)
    return made


def capitalised(text: str, language: str) -> Iterator[Token]:
    """Give those of the `tokens` that are words with a capital at their beginning."""
    term_of = _term_maker(language)
    for found in _MAYBE_CAPITAL.finditer(text):
        if text[found.start()].isupper() and (term := term_of(found[1])):
            yield Token(term, *found.span())


def _pairs(run: str) -> list[str]:
    """Return every character of a run, each followed by its pair with the next one."""
    if len(run) == 1:
        return [_fold_character(run)]
    characters: Sequence[str] = run
    if not _HAN.fullmatch(run):
        characters = fold(run)
        if len(characters) != len(run) or _JOINED.search(run):
            characters = [_fold_character(run[a:b]) for a, b in itertools.pairwise([0, *_ends(run)])]
    pairs = [""] * (2 * len(characters) - 1)
    pairs[::2] = characters
    pairs[1::2] = map(operator.add, characters, characters[1:])
    return pairs


_fold_character = functools.lru_cache(10_000)(fold)  # a text has the same ones again and again


def _ends(run: str) -> list[int]:
    """Return where each written character ends: it is several code points, in decomposed text."""
    return [*(i for i in range(1, len(run)) if not _JOINED.match(run[i])), len(run)]


@functools.cache
def _term_maker(language: str) -> Callable[[str], str]:
    """Return the function that makes a term of a word; it remembers the words it has seen."""
    known = LANGUAGES.get(language)
    # Its own memory off: so a call never leaves C, and threads may share a stemmer.
    stem = Stemmer.Stemmer(known.stemmer, 0).stemWord if known and known.stemmer else _as_it_is
    prepare = _french if language == "fr" else _as_it_is

    @functools.lru_cache(100_000)
    def make(word: str) -> str:
        folded = fold(_ENDS_POSSESSIVE.sub("", word)[: 4 * LONGEST])
        if not (folded.isascii() and folded.isalnum()):
            folded = "".join(
                c for c in folded if c not in _APOSTROPHE and (c.isalnum() or unicodedata.category(c)[0] == "M")
            )
        folded = folded[:LONGEST]
        return stem(prepare(folded)) or folded

    return make


def _as_it_is(word: str) -> str:
    return word


_PARTICIPLE = re.compile(r"(?<=[a-z]{2})ee?s?$")


def _french(word: str) -> str:
    """Give débloquée, débloqués and débloquées one ending: the stemmer tells them by the accents that are gone."""
    return _PARTICIPLE.sub("e", word)
