"""A made-up archive: the same articles and queries at each run, their words distributed as Zipf (1949) has it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from briefs.models import Analysed, Article, Sentence

VOCABULARY = 200_000
WORDS = 400  # an article, on the average
SENTENCE = 16  # words
_COMMON = range(20, 200)  # nearly stop words
_TELLING = range(200, 50_000)


def word(rank: int) -> str:
    """Return the word of this rank in the vocabulary: no stemmer changes it, no stop list has it."""
    return f"w{rank}"


@dataclass(frozen=True)
class Corpus:
    """Articles and queries drawn from one seed."""

    articles: int
    seed: int = 7
    weights: list[float] = field(default_factory=lambda: list(accumulate(1 / (n + 1) for n in range(VOCABULARY))))

    def texts(self) -> Iterator[list[str]]:
        """Yield the words of each article."""
        draw = random.Random(self.seed)
        vocabulary = [word(n) for n in range(VOCABULARY)]
        for _ in range(self.articles):
            length = draw.randint(WORDS // 2, WORDS + WORDS // 2)
            yield draw.choices(vocabulary, cum_weights=self.weights, k=length)

    def analysed(self) -> Iterator[Analysed]:
        """Yield the articles as the analyser would leave them."""
        for number, words in enumerate(self.texts()):
            yield article(f"a{number}", words)

    def later(self) -> Iterator[Analysed]:
        """Yield further articles, numbered behind the others."""
        for number, words in enumerate(Corpus(self.articles, self.seed + 3).texts(), self.articles):
            yield article(f"a{number}", words)

    def queries(self, count: int = 200) -> list[list[str]]:
        """Return queries of two to six words; one word in five is nearly a stop word."""
        draw = random.Random(self.seed + 1)
        return [
            [word(draw.choice(_COMMON if draw.random() < 0.2 else _TELLING)) for _ in range(draw.randint(2, 6))]
            for _ in range(count)
        ]


def article(name: str, words: list[str]) -> Analysed:
    """Return an article of these words, SENTENCE to a sentence."""
    pieces = [" ".join(words[start : start + SENTENCE]) + "." for start in range(0, len(words), SENTENCE)]
    sentences, start = [], 0
    for piece in pieces:
        sentences.append(Sentence(start, start + len(piece)))
        start += len(piece) + 1
    return Analysed(Article(name, "", " ".join(pieces), "en"), tuple(sentences), (), tuple(words))
