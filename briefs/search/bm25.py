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
from typing import TYPE_CHECKING, Any

from briefs.text.query import QueryTerm, Terms

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Weights:
    """Every number of ranking, as measured in docs/quality-notebook.md; 0 switches a part off."""

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
    """Counts over the whole archive. frequencies: gives the document frequency of each sequence of terms."""

    articles: int
    terms: int
    frequencies: Callable[[Iterable[Terms]], Mapping[Terms, int]]

    @cached_property
    def average_length(self) -> float:
        """The mean number of terms in an article."""
        return max(1.0, self.terms / max(1, self.articles))

    def idf(self, frequency: float) -> float:
        """Return the inverse document frequency of what so many articles have (Lucene's form: never below 0)."""
        frequency = min(frequency, self.articles)
        return math.log(1 + (self.articles - frequency + 0.5) / (frequency + 0.5))

    def capped(self, idf: Iterable[float]) -> list[float]:
        """Return these, none larger than that of a word which one article has: one that none has tells no more."""
        most = self.idf(1)
        return [min(one, most) for one in idf]

    def idf_of(self, word: QueryTerm) -> float:
        """Return the idf of a query word; its alternatives count as one term (Pirkola 1998)."""
        known = self.frequencies(word.alternatives)
        return self.idf(sum(weight * known[terms] for terms, weight in word.alternatives.items()))


@dataclass(frozen=True, slots=True)
class Counts:
    """Features counted in documents (words, pieces, pairs …): the idf of each, and its frequency in each document."""

    idf: Mapping[Any, float]
    frequencies: Sequence[Mapping[Any, float]]


def scorer(
    counts: Counts, lengths: Sequence[int], statistics: Statistics, weights: Weights
) -> Callable[[Sequence[Any]], np.ndarray[Any, Any]]:
    """Return a function: some of the features → each document's BM25 score. lengths: of the documents, in terms."""
    made: Callable[[Sequence[Any]], np.ndarray[Any, Any]]
    made = _archive_bm25()(counts, lengths, statistics, k1=weights.k1, b=weights.b).get_scores
    return made


@cache
def _archive_bm25() -> type[Any]:
    from rank_bm25 import BM25Okapi  # with numpy, slow to import

    class ArchiveBM25(BM25Okapi):  # type: ignore[misc]  # it has no types
        """BM25Okapi over some documents of a larger archive."""

        def __init__(self, counts: Counts, lengths: Sequence[int], statistics: Statistics, **weights: float) -> None:
            self._given = counts, lengths, statistics
            super().__init__(counts.frequencies, **weights)

        def _initialize(self, corpus: Sequence[Mapping[Any, float]]) -> dict[str, int]:
            _, self.doc_len, statistics = self._given
            self.doc_freqs = corpus
            self.corpus_size = len(corpus)
            self.avgdl = statistics.average_length
            return {}

        def _calc_idf(self, nd: dict[str, int]) -> None:
            self.idf = self._given[0].idf

    return ArchiveBM25
