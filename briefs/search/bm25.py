"""BM25 over some documents of a larger archive, and every number that ranking has.

The only home of rank_bm25. Its `BM25Okapi` does the arithmetic; corpus-wide document frequencies, the average length
and the true lengths are put in from outside, because the statistics of the candidates alone rank them almost at random
(agreement in the top 10 .47 against .96).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from briefs.text.query import QueryTerm

if TYPE_CHECKING:
    import numpy as np

Terms: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """Every number that ranking has. Measured in docs/quality-notebook.md; 0 switches a part off."""

    k1: float = 1.2  # BM25 (Robertson and Zaragoza 2009): how soon a repeated word stops counting
    b: float = 0.65  # and how far a long article is marked down
    reread: int = 50  # the candidates that are read word by word: the others do not come near the top
    pieces: float = 0.1  # of words, beside whole words (McNamee and Mayfield 2004: character n-grams)
    near: float = 0.1  # words side by side (Metzler and Croft 2005: sequential dependence)
    window: int = 12  # terms that words side by side are within
    related: float = 0.4  # RM3 (Lavrenko and Croft 2001; Abdul-Jaleel et al. 2004): share of the expansion
    feedback: int = 10  # the candidates it reads
    trust: float = 4.0  # the power their scores are raised to, so that only good ones are read
    expansion: int = 30  # the terms it takes
    recency: float = 0.15  # the most that being new brings, as a share of the best score
    half_life_days: float = 7.0
    other_language: float = 0.8  # an article in another language than the question's


WEIGHTS = Weights()


@dataclass(frozen=True)
class Statistics:
    """The archive as a whole. frequencies: in how many articles each sequence of terms stands."""

    articles: int
    terms: int
    frequencies: Callable[[Iterable[Terms]], Mapping[Terms, int]]

    @cached_property
    def average_length(self) -> float:
        """Terms an article."""
        return max(1.0, self.terms / max(1, self.articles))

    def idf(self, frequency: float) -> float:
        """Return how much a word tells that stands in so many articles (Lucene's form: never below 0)."""
        frequency = min(frequency, self.articles)
        return math.log(1 + (self.articles - frequency + 0.5) / (frequency + 0.5))

    def idf_of(self, word: QueryTerm) -> float:
        """Return the same for a word of the asker: its alternatives are one term."""
        known = self.frequencies(word.alternatives)
        return self.idf(sum(weight * known[terms] for terms, weight in word.alternatives.items()))


@dataclass(frozen=True, slots=True)
class Counted:
    """Things counted in documents: what one of each tells, and how often each document has it."""

    worth: Mapping[Any, float]
    times: Sequence[Mapping[Any, float]]


def scorer(
    counted: Counted, lengths: Sequence[int], statistics: Statistics, weights: Weights
) -> Callable[[Sequence[Any]], np.ndarray[Any, Any]]:
    """Return what scores the documents by some of the things counted in them. lengths: of the documents."""
    made: Callable[[Sequence[Any]], np.ndarray[Any, Any]]
    made = _archive_bm25()(counted, lengths, statistics, k1=weights.k1, b=weights.b).get_scores
    return made


@cache
def _archive_bm25() -> type[Any]:
    from rank_bm25 import BM25Okapi  # with numpy, slow to import

    class ArchiveBM25(BM25Okapi):  # type: ignore[misc]  # it has no types
        """BM25Okapi over some documents of a larger archive."""

        def __init__(self, counted: Counted, lengths: Sequence[int], statistics: Statistics, **weights: float) -> None:
            self._told = counted, lengths, statistics
            super().__init__(counted.times, **weights)

        def _initialize(self, corpus: Sequence[Mapping[Any, float]]) -> dict[str, int]:
            _, self.doc_len, statistics = self._told
            self.doc_freqs = corpus
            self.corpus_size = len(corpus)
            self.avgdl = statistics.average_length
            return {}

        def _calc_idf(self, nd: dict[str, int]) -> None:
            self.idf = self._told[0].worth

    return ArchiveBM25
