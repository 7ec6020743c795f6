"""Candidates → order: BM25 with the whole archive's statistics, and what else speaks for an article.

The only home of rank_bm25. Its `BM25Okapi` does the arithmetic; corpus-wide document frequencies, the average length
and the true lengths are put in from outside, because the statistics of the candidates alone rank them almost at random
(agreement in the top 10 .47 against .96).

    score =  Σ over the asker's words   weight · idf · saturated frequency    reasons.terms[word]
           + related                    words that the best candidates share  reasons.parts["related"]
           + recency                    half of it is gone after a week       reasons.parts["recency"]
           + language                   below 0 in a language not asked in    reasons.parts["language"]
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from briefs.models import Reasons
from briefs.text.languages import LANGUAGES
from briefs.text.packed import TITLE, Candidate, pack, unpack
from briefs.text.query import Query, QueryTerm

if TYPE_CHECKING:
    import numpy as np

Terms: TypeAlias = tuple[str, ...]
DAY_MS = 86_400_000
ABROAD = 0.5  # what a word that no article has says against an article in another language than the question's


@dataclass(frozen=True, slots=True)
class Weights:
    """Every number that ranking has. Measured in docs/quality.md; 0 switches a part off."""

    k1: float = 1.2  # BM25 (Robertson and Zaragoza 2009): how soon a repeated word stops counting
    b: float = 0.65  # and how far a long article is marked down
    related: float = 0.35  # RM3 (Lavrenko and Croft 2001; Abdul-Jaleel et al. 2004): share of the expansion
    feedback: int = 10  # the candidates it reads
    trust: float = 3.0  # the power their scores are raised to, so that only good ones are read
    expansion: int = 20  # the terms it takes
    reread: int = 30  # the candidates that are scored by them: the others do not come near the top
    recency: float = 0.15  # the most that being new brings, as a share of the best score
    half_life_days: float = 7.0
    other_language: float = 0.8  # an article in another language than the question's


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Ranked:
    """One article with its score.

    found: which of the query's content words it has, by their number. share: what these tell of all that the words of
    the query tell, 0 to 1: rare words tell more.
    """

    candidate: Candidate
    score: float
    reasons: Reasons
    found: frozenset[int]
    share: float


@dataclass(frozen=True)
class Statistics:
    """The archive as a whole. document_frequency: of a sequence of terms."""

    articles: int
    terms: int
    document_frequency: Callable[[Terms], int]

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
        return self.idf(sum(weight * self.document_frequency(terms) for terms, weight in word.alternatives.items()))


def rank(
    query: Query,
    documents: Sequence[Candidate],
    statistics: Statistics,
    *,
    now_ms: int | None = None,
    weights: Weights = WEIGHTS,
) -> list[Ranked]:
    """Return the documents that have a word of the query, best first; ties in the order given.

    now_ms: the instant that recency is counted from; None to leave it out.
    """
    words = query.content
    if not documents or not words:
        return []
    forms = [[(pack(terms), weight) for terms, weight in word.alternatives.items()] for word in words]
    frequencies = [_frequencies(document, forms) for document in documents]
    idf: dict[Any, float] = {n: statistics.idf_of(word) for n, word in enumerate(words)}
    lengths = [document.length for document in documents]
    bm25 = _bm25(frequencies, lengths, idf, statistics, weights)
    by_word = [word.weight * bm25.get_scores([n]) for n, word in enumerate(words)]
    own = sum(by_word)
    parts: dict[str, np.ndarray[Any, Any]] = {}
    if weights.related:
        parts["related"] = _related(words, documents, own, statistics, weights)
    total = own + sum(parts.values())
    if now_ms is not None and weights.recency:
        parts["recency"] = weights.recency * float(total.max()) * _freshness(documents, now_ms, weights)
    if query.language in LANGUAGES:
        parts["language"] = (weights.other_language - 1) * total * _foreign(documents, query.language)
    total = own + sum(parts.values())
    scores: list[float] = total.tolist()
    order = sorted((n for n in range(len(documents)) if frequencies[n]), key=lambda n: -scores[n])
    by_name = [(word.word, values.tolist()) for word, values in zip(words, by_word, strict=True)]
    by_part = [(name, values.tolist()) for name, values in parts.items()]
    # A word that no article has tells as much as one that a single article has.
    tells = [min(idf[n], statistics.idf(1)) for n in range(len(words))]
    told = _told(words, tells)
    told_abroad = _told(words, _abroad(words, tells, [idf[n] > tells[n] for n in range(len(words))]))
    at_home = query.language not in LANGUAGES
    return [
        Ranked(
            documents[n],
            scores[n],
            _reasons(n, by_name, by_part),
            frozenset(frequencies[n]),
            sum(
                (told if at_home or documents[n].language == query.language else told_abroad)[word]
                for word in frequencies[n]
            ),
        )
        for n in order
    ]


def _frequencies(document: Candidate, forms: Sequence[Sequence[tuple[str, float]]]) -> dict[int, float]:
    """Count each word in a document, by its number: its forms together, as packed terms with their weights."""
    found: dict[int, float] = {}
    body, title = document.body_terms, document.title_terms
    for n, alternatives in enumerate(forms):
        frequency = 0.0
        for packed, weight in alternatives:
            frequency += weight * (body.count(packed) + (TITLE * title.count(packed) if title else 0))
        if frequency:
            found[n] = frequency
    return found


def _told(words: Sequence[QueryTerm], idf: Sequence[float]) -> list[float]:
    """Return each word's part of what the query tells. A Chinese character inside a pair has none of its own."""
    worth = [0.0] * len(words)
    reached = 0
    for n in sorted(range(len(words)), key=lambda n: (words[n].start, -words[n].end)):
        if words[n].end > reached:
            worth[n] = words[n].weight * idf[n]
            reached = words[n].end
    whole = sum(worth) or 1.0
    return [one / whole for one in worth]


def _abroad(words: Sequence[QueryTerm], tells: Sequence[float], unknown: Sequence[bool]) -> list[float]:
    """Return what words tell against an article in another language than theirs.

    A word that no article has tells less, for the dictionary may be what lacks it; nothing, where it is only the end of
    one Chinese word and the beginning of the next.
    """
    known = {
        place for word, lacks in zip(words, unknown, strict=True) if not lacks for place in range(word.start, word.end)
    }
    return [
        tell if not lacks else 0.0 if known.issuperset(range(word.start, word.end)) else ABROAD * tell
        for word, tell, lacks in zip(words, tells, unknown, strict=True)
    ]


def _bm25(
    frequencies: Sequence[Mapping[Any, float]],
    lengths: Sequence[int],
    idf: Mapping[Any, float],
    statistics: Statistics,
    weights: Weights,
) -> Any:
    from rank_bm25 import BM25Okapi  # with numpy, slow to import

    class ArchiveBM25(BM25Okapi):  # type: ignore[misc]  # it has no types
        """BM25Okapi over some documents of a larger archive."""

        def _initialize(self, corpus: Sequence[Mapping[Any, float]]) -> dict[str, int]:
            self.doc_freqs = corpus
            self.doc_len = lengths
            self.corpus_size = len(corpus)
            self.avgdl = statistics.average_length
            return {}

        def _calc_idf(self, nd: dict[str, int]) -> None:
            self.idf = idf

    return ArchiveBM25(frequencies, k1=weights.k1, b=weights.b)


def _related(
    words: Sequence[QueryTerm],
    documents: Sequence[Candidate],
    own: np.ndarray[Any, Any],
    statistics: Statistics,
    weights: Weights,
) -> np.ndarray[Any, Any]:
    """Score the documents by the terms that the best of them share: relevance feedback without a reader."""
    best: list[int] = (-own).argsort(kind="stable")[: weights.reread].tolist()
    trust = {n: float(own[n]) ** weights.trust for n in best[: weights.feedback]}
    model: dict[str, float] = defaultdict(float)
    for n, worth in trust.items():
        counts = Counter(unpack(documents[n].body_terms))
        for term, times in Counter(unpack(documents[n].title_terms)).items():
            counts[term] += TITLE * times
        of_each = worth / max(1, documents[n].length)
        for term, times in counts.items():
            model[term] += of_each * times
    mass = sum(trust.values())
    spoken = {document.language for document in documents} & LANGUAGES.keys()
    stop_words = frozenset().union(*(LANGUAGES[language].core_stop_words for language in spoken))
    telling = (item for item in model.items() if item[0] not in stop_words)
    likely = [term for term, _ in heapq.nlargest(2 * weights.expansion, telling, key=itemgetter(1))]
    frequency = {term: statistics.document_frequency((term,)) for term in likely}
    chosen = [term for term in frequency if frequency[term] > 1][: weights.expansion]
    share = sum(model[term] for term in chosen)
    if not mass or not share:
        return 0 * own
    # What a term is worth is put into its idf: so one pass of the arithmetic scores all of them.
    scale = weights.related / (1 - weights.related) * sum(word.weight for word in words) / share
    worth_of: dict[Any, float] = {term: scale * model[term] * statistics.idf(frequency[term]) for term in chosen}
    forms = [[(pack((term,)), 1.0)] for term in chosen]
    counted = [{chosen[n]: times for n, times in _frequencies(documents[place], forms).items()} for place in best]
    score = 0 * own
    bm25 = _bm25(counted, [documents[n].length for n in best], worth_of, statistics, weights)
    score[best] = bm25.get_scores(chosen)
    return score


def _freshness(documents: Sequence[Candidate], now_ms: int, weights: Weights) -> np.ndarray[Any, Any]:
    import numpy as np

    # A date that the article states may make it older, never newer than the day it came in.
    age = [now_ms - min(d.seen_at, d.seen_at if d.published_at is None else d.published_at) for d in documents]
    decayed: np.ndarray[Any, Any] = 0.5 ** (np.maximum(0, age) / (weights.half_life_days * DAY_MS))
    return decayed


def _foreign(documents: Sequence[Candidate], language: str) -> np.ndarray[Any, Any]:
    import numpy as np

    return np.array([document.language != language for document in documents], dtype=float)


def _reasons(
    n: int, by_word: Sequence[tuple[str, Sequence[float]]], by_part: Sequence[tuple[str, Sequence[float]]]
) -> Reasons:
    terms: dict[str, float] = {}
    for word, scores in by_word:
        if scores[n]:
            terms[word] = terms.get(word, 0.0) + scores[n]
    return Reasons(terms, {name: values[n] for name, values in by_part if values[n]})
