"""A made-up archive: the same articles and queries at each run, their words distributed as Zipf (1949) has it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import numpy as np

from briefs.models import Analysed, Article, Sentence

VOCABULARY = 200_000
WORDS = 400  # an article, on the average
SENTENCE = 16  # words
_COMMON = range(20, 200)  # nearly stop words
_TELLING = range(200, 50_000)
_DRAWN = 2**18  # numbers at a time


def word(rank: int) -> str:
    """Return the word of this rank in the vocabulary: no stemmer changes it, no stop list has it."""
    return f"w{rank}"


def vocabulary() -> list[str]:
    """Return all words, by rank."""
    return [word(rank) for rank in range(VOCABULARY)]


@dataclass(frozen=True)
class Corpus:
    """Articles and queries drawn from one seed."""

    articles: int
    seed: int = 7
    weights: list[float] = field(default_factory=lambda: list(accumulate(1 / (n + 1) for n in range(VOCABULARY))))

    def texts(self) -> Iterator[list[str]]:
        """Yield the words of each article."""
        words = np.array(vocabulary(), dtype=object)
        for ranks in self.ranks():
            yield words[ranks].tolist()

    def ranks(self) -> Iterator[np.ndarray[Any, np.dtype[np.int64]]]:
        """Yield the same as places in the vocabulary: drawn as `random.choices` does, many at once by numpy."""
        weights, drawn = np.array(self.weights), _Drawn(self.seed)
        for _ in range(self.articles):
            fractions = drawn.fractions(drawn.between(WORDS // 2, WORDS + WORDS // 2))
            yield np.minimum(np.searchsorted(weights, fractions * weights[-1], "right"), VOCABULARY - 1)

    def analysed(self) -> Iterator[Analysed]:
        """Yield the articles as the analyser would leave them."""
        for number, words in enumerate(self.texts()):
            yield article(f"a{number}", words)

    def later(self, behind: int = 0) -> Iterator[Analysed]:
        """Yield further articles, numbered behind the others, of which there may be some more."""
        for number, words in enumerate(Corpus(self.articles, self.seed + 3).texts(), max(self.articles, behind)):
            yield article(f"a{number}", words)

    def queries(self, count: int = 200) -> list[list[str]]:
        """Return queries of two to six words; one word in five is nearly a stop word."""
        draw = random.Random(self.seed + 1)
        return [
            [word(draw.choice(_COMMON if draw.random() < 0.2 else _TELLING)) for _ in range(draw.randint(2, 6))]
            for _ in range(count)
        ]

    def common(self, count: int = 100) -> list[list[str]]:
        """Return as long queries of words that are nearly stop words."""
        draw = random.Random(self.seed + 2)
        return [[word(draw.choice(_COMMON)) for _ in range(draw.randint(2, 6))] for _ in range(count)]


class _Drawn:
    """What `random.Random` draws from a seed."""

    def __init__(self, seed: int) -> None:
        _, (*key, place), _ = random.Random(seed).getstate()
        self._source = np.random.MT19937()
        self._source.state = {"bit_generator": "MT19937", "state": {"key": np.array(key, np.uint32), "pos": place}}
        self._ahead = np.empty(0, np.uint64)

    def between(self, least: int, most: int) -> int:
        """Return what `randint` does."""
        width = most - least + 1
        while (drawn := int(self._next(1)[0]) >> (32 - width.bit_length())) >= width:
            pass
        return least + drawn

    def fractions(self, count: int) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return what so many calls of `random` do."""
        high, low = self._next(2 * count).reshape(count, 2).T
        return ((high >> 5) * 2.0**26 + (low >> 6)) / 2.0**53

    def _next(self, count: int) -> np.ndarray[Any, np.dtype[np.uint64]]:
        if len(self._ahead) < count:
            self._ahead = np.concatenate((self._ahead, self._source.random_raw(_DRAWN)))
        drawn, self._ahead = self._ahead[:count], self._ahead[count:]
        return drawn


def article(name: str, words: list[str]) -> Analysed:
    """Return an article of these words, SENTENCE to a sentence."""
    pieces = [" ".join(words[start : start + SENTENCE]) + "." for start in range(0, len(words), SENTENCE)]
    sentences, start = [], 0
    for piece in pieces:
        sentences.append(Sentence(start, start + len(piece)))
        start += len(piece) + 1
    return Analysed(Article(name, "", " ".join(pieces), "en"), tuple(sentences), (), tuple(words))
