"""Translations of query words: by a Chinese–English dictionary, and by French–English cognates.

    English ──── CC-CEDICT ────▶ Chinese        mobile internet → 移动互联网, 手机, 互联网 …
    Chinese ──── CC-CEDICT ────▶ English        烟草 → tobacco
    French ─ cognate English ─ CC-CEDICT ─▶ Chinese        coopération ~ cooper- → 合作

No translation is chosen: all are alternatives of the one word, and ranking shows which of them occur together (Pirkola
1998). A dictionary is read when the first look-up needs it.
"""

from __future__ import annotations

import functools
import lzma
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TypeAlias

from briefs.languages import LANGUAGES
from briefs.text.simplified import simplified
from briefs.text.terms import Token, fold, spellings, terms, tokens

Terms: TypeAlias = tuple[str, ...]

_LONGEST_ENTRY = 3  # English words
_LONGEST_HEADWORD = 6  # Chinese characters
_CHARACTER = 0.6  # a Chinese word of one character: the character stands in many other words too
_COGNATE = 0.7  # how far a word of the same beginning is trusted
_SAME_BEGINNING = 6  # letters: with fewer, strangers meet
_MOST_COGNATES = 4  # headwords of one beginning that are tried


@dataclass(frozen=True, slots=True)
class Translation:
    """The translations of a piece of a text, `text[start:end]`, as terms → how far each is trusted, at most 1."""

    start: int
    end: int
    alternatives: Mapping[Terms, float]


def translations(text: str, written_in: str, languages: Sequence[str]) -> list[Translation]:
    """Return the translations of a text's words and phrases into the other languages; pieces may overlap.

    Only what the dictionary has; alias groups are for the names that it lacks.
    """
    if written_in == "zh":
        others = [language for language in languages if language in ("en", "fr")]
        return list(_from_chinese(text, others)) if others else []
    if "zh" in languages and written_in in ("en", "fr"):
        return list(_into_chinese(text, written_in))
    return []


# ---------------------------------------------------------------- into Chinese


def _into_chinese(text: str, written_in: str) -> Iterator[Translation]:
    dictionary = _read("en-zh")
    stop_words = LANGUAGES[written_in].core_stop_words | LANGUAGES[written_in].question_words
    words = [token for token in tokens(text, written_in) if fold(text[token.start : token.end]) not in stop_words]
    for n in range(len(words)):
        for size in range(1, _LONGEST_ENTRY + 1):
            run = words[n : n + size]
            if len(run) == size and (found := _chinese(text, run, written_in, dictionary)):
                for token in run:
                    yield Translation(token.start, token.end, found)


def _chinese(text: str, run: Sequence[Token], written_in: str, dictionary: _Dictionary) -> dict[Terms, float]:
    written = _base_form(text, run[0]) if len(run) == 1 else text[run[0].start : run[-1].end]
    english = terms(written.lower(), "en")  # the dictionary has small letters only
    found = _entry(dictionary.get(" ".join(english)))
    if not found and written_in == "fr" and len(english) == 1:
        for key in dictionary.beginning_with(english[0][:_SAME_BEGINNING], _MOST_COGNATES):
            for headword, weight in _entry(dictionary.get(key)).items():
                found[headword] = max(found.get(headword, 0.0), _COGNATE * weight)
    return _in_chinese(found)


def _in_chinese(found: Mapping[str, float]) -> dict[Terms, float]:
    return {
        chinese: weight * (_CHARACTER if len(headword) == 1 else 1.0)
        for headword, weight in found.items()
        if (chinese := _inner(terms(headword, "zh")))
    }


def headwords(english: str) -> Mapping[Terms, float]:
    """Return the Chinese translations of an English term, as terms → trust."""
    return _in_chinese(_entry(_read("en-zh").get(english)))


def _base_form(text: str, word: Token) -> str:
    written = text[word.start : word.end]
    return LANGUAGES["en"].base_forms.get(fold(written), written)


def _inner(sequence: list[str]) -> Terms:
    """Return the fewest terms that find a headword: 互联 联 联网 for 互联网, without its first and last character."""
    return tuple(sequence[1:-1] if len(sequence) > 2 else sequence)


# ---------------------------------------------------------------- from Chinese


def _from_chinese(text: str, languages: Sequence[str]) -> Iterator[Translation]:
    for start, end, entry in _headwords_in(text):
        if found := _english(entry, languages):
            yield Translation(start, end, found)


def words_in(text: str) -> list[tuple[int, int]]:
    """Segment Chinese text by the dictionary, the longest word first, from left to right; return each word's place.

    What the dictionary lacks, as most names, is cut into single characters.
    """
    return [(start, end) for start, end, _ in _headwords_in(text)]


def _headwords_in(text: str) -> Iterator[tuple[int, int, str]]:
    dictionary, plain = _read("zh-en"), simplified(text)
    start = 0
    while start < len(text):
        for size in range(min(_LONGEST_HEADWORD, len(text) - start), 0, -1):
            entry = dictionary.get(plain[start : start + size])
            if entry and not text[start].isascii():
                yield start, start + size, entry
                start += size
                break
        else:
            start += 1


def _english(entry: str, languages: Sequence[str]) -> dict[Terms, float]:
    found: dict[Terms, float] = {}
    for phrase, weight in _entry(entry).items():
        for language in languages:
            # Many English words are French ones but for an ending, which the French stemmer takes off.
            trust = weight if language == "en" else _COGNATE * weight
            for whole in spellings(phrase, language):
                for piece, worth in [(whole, trust), *(((term,), trust / len(whole)) for term in whole)]:
                    found[piece] = max(worth, found.get(piece, 0.0))
    stop_words = LANGUAGES["en"].core_stop_words
    return {piece: worth for piece, worth in found.items() if not (len(piece) == 1 and piece[0] in stop_words)}


# ---------------------------------------------------------------- the files


class _Dictionary:
    """Sorted lines `key TAB value`, looked up by binary search: a third of the memory that a `dict` would take."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def get(self, key: str) -> str | None:
        """Return the value of a key."""
        at = bisect_left(self._lines, key + "\t")
        if at < len(self._lines) and self._lines[at].startswith(key + "\t"):
            return self._lines[at][len(key) + 1 :]
        return None

    def beginning_with(self, beginning: str, most: int) -> list[str]:
        """Return the keys of one word that begin so, shortest first, at most so many; none for a short beginning."""
        if len(beginning) < _SAME_BEGINNING:
            return []
        keys = []
        for at in range(bisect_left(self._lines, beginning), len(self._lines)):
            key = self._lines[at].split("\t", 1)[0]
            if not key.startswith(beginning):
                break
            if " " not in key:
                keys.append(key)
        return sorted(keys, key=lambda key: (len(key), key))[:most]


@functools.cache
def _read(name: str) -> _Dictionary:
    packed = (files("briefs.text.cedict") / f"{name}.tsv.xz").read_bytes()
    return _Dictionary(lzma.decompress(packed).decode().splitlines())


def _entry(value: str | None) -> dict[str, float]:
    """Read `one|other=50` as {one: 1.0, other: .5}."""
    found = {}
    for item in (value or "").split("|"):
        word, _, weight = item.partition("=")
        if word:
            found[word] = int(weight or 100) / 100
    return found
