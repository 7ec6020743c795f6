"""Exact BM25 over a corpus that no engine holds in memory: only what the queries have is counted, as it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.corpus import VOCABULARY, Corpus, word
from briefs.search.bm25 import WEIGHTS, Statistics

_TOGETHER = 1_000  # articles


@dataclass(frozen=True)
class Exact:
    """How often articles have words. having: of each word, the articles and the times."""

    lengths: np.ndarray[Any, Any]
    having: dict[str, tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]

    def best(self, words: Sequence[str], top: int) -> list[int]:
        """Return the best articles, with all that are as good as the last one; idf as Lucene has it."""
        whole = Statistics(len(self.lengths), 0, dict)  # type: ignore[arg-type]  # no frequency is asked
        k1, b = WEIGHTS.k1, WEIGHTS.b
        scores = np.zeros(len(self.lengths))
        for one in words:
            articles, times = self.having[one]
            norm = k1 * (1 - b + b * self.lengths[articles] / self.lengths.mean())
            scores[articles] += whole.idf(len(articles)) * times * (k1 + 1) / (times + norm)
        return np.flatnonzero(scores >= np.partition(scores, -top)[-top] - 1e-9).tolist()


def counted(corpus: Corpus, queries: Sequence[Sequence[str]]) -> Exact:
    """Count the words of queries in each article of a corpus."""
    asked = sorted({int(one[1:]) for words in queries for one in words})
    number = np.full(VOCABULARY, -1)
    number[asked] = np.arange(len(asked))
    lengths, found, drawn = list[int](), list[np.ndarray[Any, Any]](), corpus.ranks()
    while some := [ranks for _, ranks in zip(range(_TOGETHER), drawn, strict=False)]:
        articles = np.repeat(np.arange(len(lengths), len(lengths) + len(some)), [*map(len, some)])
        numbers = number[np.concatenate(some)]
        pairs, times = np.unique(numbers[numbers >= 0] * corpus.articles + articles[numbers >= 0], return_counts=True)
        found.append(np.stack([pairs, times]))
        lengths += map(len, some)
    pairs, times = np.concatenate(found, axis=1)
    order = pairs.argsort(kind="stable")
    ends = np.searchsorted(pairs[order], np.arange(1, len(asked)) * corpus.articles)
    each = zip(np.split(pairs[order] % corpus.articles, ends), np.split(times[order], ends), strict=True)
    return Exact(np.array(lengths, float), {word(rank): one for rank, one in zip(asked, each, strict=True)})
