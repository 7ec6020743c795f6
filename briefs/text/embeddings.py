"""Related words, by word vectors learned from large texts.

    gadget → gizmo, laptop, smartphone, device …       cheaper → inexpensive, costlier, cost …
    concurrence → compétiteur, rival …                 and in English: competitor, rival …

Nearness is measured by rank, not by cosine: to be among the nearest 10 of 10,000 means the same in every language, and
for common and rare words. The tables hold common words only, no names. A table is read when the first look-up needs it;
see `wordvectors`.
"""

from __future__ import annotations

import functools
import lzma
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from briefs.text.terms import SPELLED_OUT

if TYPE_CHECKING:
    import numpy as np

DIMENSIONS = {"en": 48, "fr": 80}  # of the vectors, by language
LARGEST = 7  # a number of a vector is a whole one from -LARGEST to LARGEST
MAP_FILE = "fr-en.bin"  # from French vectors to English ones
# Among so many words, which a passage has, one comes as near by chance as the nearest 1/BY_CHANCE of all words.
BY_CHANCE = 50
NEAREST = 0.9  # the nearness of the nearest word: a synonym is never the word itself
LEAST = 0.15  # the least nearness of a related word
_COMMON = 20  # the commonest words, which count as equally common


@dataclass(frozen=True, slots=True)
class _Table:
    """Stems of a language, the commonest first, and their vectors, a row each, of length 1."""

    stems: tuple[str, ...]
    place: Mapping[str, int]
    vectors: np.ndarray[Any, Any]


@functools.lru_cache(1_000)  # under 7 MB; the words of a long topic, from and into each language
def relatives(term: str, language: str, into: str) -> Mapping[str, float]:
    """Return the terms of the language `into` that are related to a term of `language`, nearest first: term → nearness.

    Nearness is from LEAST to NEAREST. The term itself is left out. Empty where the term or a language has no vectors.
    Takes about .2 ms.
    """
    if language not in DIMENSIONS or into not in DIMENSIONS or (row := _table(language).place.get(term)) is None:
        return {}
    import numpy as np  # slow to import

    home = into if language == into else "en"
    table = _table(into)
    # Not "@", which begins a thread for each processor and waits for them: 6 ms where others keep these busy.
    likeness = np.einsum("ij,j->i", _vectors(into, home), _vectors(language, home)[row])
    least = math.ceil(len(table.stems) / BY_CHANCE)
    best = np.argpartition(-likeness, least)[:least]
    found = {}
    for rank, place in enumerate(best[np.argsort(-likeness[best], kind="stable")].tolist()):
        worth = NEAREST * (1 - math.log(max(1, rank)) / math.log(least))
        if worth < LEAST:
            break
        if table.stems[place] != term:
            found[table.stems[place]] = worth
    return found


def is_word(term: str, language: str) -> bool:
    """Whether a term is in the table of common words of a language."""
    return language in DIMENSIONS and term in _table(language).place


def rarity(term: str, language: str) -> float:
    """Return how rare a word is in the language at large: 0 for the commonest, 1 for one without a vector."""
    if language not in DIMENSIONS:
        return 1.0
    table = _table(language)
    place = table.place.get(term, len(table.stems))
    return math.log(1 + place / _COMMON) / math.log(1 + len(table.stems) / _COMMON)


@functools.cache
def _table(language: str) -> _Table:
    import numpy as np

    packed = lzma.decompress((files("briefs.text.wordvectors") / f"{language}.bin.xz").read_bytes())
    text, _, halves = packed.partition(b"\n\n")
    stems = tuple(text.decode().translate(SPELLED_OUT).split("\n"))
    pairs = np.frombuffer(halves, np.uint8)
    numbers = np.stack([pairs >> 4, pairs & 15], axis=1).reshape(DIMENSIONS[language], len(stems)).T
    vectors = numbers.astype(np.float32) - (LARGEST + 1)
    return _Table(stems, {stem: n for n, stem in enumerate(stems)}, _unit(vectors))


@functools.cache
def _vectors(language: str, home: str) -> np.ndarray[Any, Any]:
    """Return the vectors of a language, mapped into the vector space of another."""
    import numpy as np

    vectors = _table(language).vectors
    if language == home:
        return vectors
    packed = (files("briefs.text.wordvectors") / MAP_FILE).read_bytes()
    mapped = np.frombuffer(packed, "<f2").astype(np.float32).reshape(DIMENSIONS[language], DIMENSIONS[home])
    return np.asfortranarray(_unit(vectors @ mapped))


def _unit(matrix: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    unit: np.ndarray[Any, Any] = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    return unit
