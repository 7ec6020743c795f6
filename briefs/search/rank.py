"""Candidates → ranking: BM25 with the statistics of the whole archive, and five smaller parts of the score.

score =  Σ over the query's words   weight · idf · saturated frequency    reasons.terms[word]
       + pieces                     of these words, inside other words    reasons.parts["pieces"]
       + near                       neighbours of the query side by side  reasons.parts["near"]
       + related                    words that the best candidates share  reasons.parts["related"]
       + recency                    halves each week                      reasons.parts["recency"]
       + language                   negative in another than the query's  reasons.parts["language"]
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from briefs.languages import LANGUAGES
from briefs.models import Reasons
from briefs.search import reranking
from briefs.search.bm25 import WEIGHTS, Counts, Statistics, Weights, scorer
from briefs.search.confidence import Confidence
from briefs.store.articles import Stored
from briefs.store.database import to_ms
from briefs.text.detection import UNSURE
from briefs.text.packed import TITLE, Candidate, length_of, pack
from briefs.text.query import Query, QueryTerm

if TYPE_CHECKING:
    import numpy as np

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Ranked:
    """One article with its score.

    found: the numbers of the query's content words that it has. confidence: the probability that it answers.
    coverage: the largest share of the query that one passage of it has. Both are 0 for articles that were not reread.
    """

    candidate: Candidate
    score: float
    reasons: Reasons
    found: frozenset[int]
    confidence: float
    coverage: float = 0.0


def rank(
    query: Query,
    documents: Sequence[Candidate],
    statistics: Statistics,
    *,
    now_ms: int | None = None,
    weights: Weights = WEIGHTS,
    confident: bool = False,
) -> list[Ranked]:
    """Return the documents that have a word of the query, best first; ties in the order given.

    now_ms: the present, in milliseconds since 1970, for recency; None leaves recency out. confident: also compute
    `confidence` and `coverage`.
    """
    words = query.content
    if not documents or not words:
        return []
    forms = [[(pack(terms), weight) for terms, weight in word.alternatives.items()] for word in words]
    frequencies = [_frequencies(document, forms) for document in documents]
    idf = [statistics.idf_of(word) for word in words]
    lengths = [document.length for document in documents]
    score = scorer(Counts(dict(enumerate(idf)), frequencies), lengths, statistics, weights)
    by_word = [word.weight * score([n]) for n, word in enumerate(words)]
    bm25: np.ndarray[Any, Any] = sum(by_word[1:], by_word[0])
    best: list[int] = (-bm25).argsort(kind="stable")[: weights.reread].tolist()
    readings = {n: reranking.read(documents[n]) for n in best}
    parts = _reread(words, statistics.capped(idf), documents, readings, bm25, statistics, weights)
    parts |= _day_and_language(query, documents, sum(parts.values(), bm25), now_ms, weights)
    scores: list[float] = sum(parts.values(), bm25).tolist()
    order = sorted((n for n in range(len(documents)) if frequencies[n]), key=lambda n: -scores[n])
    by_name = [(word.word, values.tolist()) for word, values in zip(words, by_word, strict=True)]
    by_part = [(name, values.tolist()) for name, values in parts.items()]
    asked_in = query.language if query.language in LANGUAGES else None
    confidence = Confidence(query, idf, statistics, weights) if confident else None
    sure = {
        n: confidence.of(one, frequencies[n], same_language=asked_in in (None, one.language))
        for n, one in readings.items()
        if confidence
    }
    found = [frozenset(one) for one in frequencies]
    return [
        Ranked(documents[n], scores[n], _reasons(n, by_name, by_part), found[n], *sure.get(n, (0.0, 0.0)))
        for n in order
    ]


def _day_and_language(
    query: Query, documents: Sequence[Candidate], total: np.ndarray[Any, Any], now_ms: int | None, weights: Weights
) -> dict[str, np.ndarray[Any, Any]]:
    """Return the parts "recency" and "language" of each document's score. total: its score so far."""
    parts = {}
    if now_ms is not None and weights.recency:
        parts["recency"] = weights.recency * float(total.max()) * _freshness(documents, now_ms, weights)
    if query.language in LANGUAGES:
        parts["language"] = (weights.other_language - 1) * total * _foreign(documents, query.language)
    return parts


def _frequencies(document: Candidate, forms: Sequence[Sequence[tuple[str, float]]]) -> dict[int, float]:
    """Return how often a document has each query word, by the word's number, its title counted TITLE times.

    forms: of each word, its packed terms with their weights; they count together.
    """
    found: dict[int, float] = {}
    body, title = document.body_terms, document.title_terms
    for n, alternatives in enumerate(forms):
        frequency = 0.0
        for packed, weight in alternatives:
            frequency += weight * (body.count(packed) + (TITLE * title.count(packed) if title else 0))
        if frequency:
            found[n] = frequency
    return found


def _reread(
    words: Sequence[QueryTerm],
    idf: Sequence[float],
    documents: Sequence[Candidate],
    read: Mapping[int, reranking.Unpacked],
    bm25: np.ndarray[Any, Any],
    statistics: Statistics,
    weights: Weights,
) -> dict[str, np.ndarray[Any, Any]]:
    """Return the parts "pieces", "near" and "related", which need the terms in order; 0 for documents not reread.

    read: those that are, by their number, best first.
    """
    best, readings = list(read), list(read.values())
    parts: dict[str, np.ndarray[Any, Any]] = {}

    def add(name: str, weight: float, counts: Counts) -> None:
        parts[name] = 0 * bm25
        lengths = [documents[n].length for n in best]
        parts[name][best] = weight * scorer(counts, lengths, statistics, weights)([*counts.idf])

    if weights.pieces:
        add("pieces", weights.pieces, reranking.pieces(words, idf, readings))
    if weights.near:
        add("near", weights.near, reranking.near(words, idf, readings, weights.window))
    if weights.related:
        so_far = sum(parts.values(), bm25)[best]
        order: list[int] = (-so_far).argsort(kind="stable").tolist()
        best, readings = [best[n] for n in order], [readings[n] for n in order]
        share = weights.related / (1 - weights.related) * sum(word.weight for word in words)
        add("related", share, reranking.related(readings, so_far[order].tolist(), statistics, weights))
    return parts


def _freshness(documents: Sequence[Candidate], now_ms: int, weights: Weights) -> np.ndarray[Any, Any]:
    import numpy as np

    # A stated date may make an article older, never newer than the day it came in. Without one it may be of any day.
    known = [min(d.seen_at, d.published_at) if d.published_at is not None else -math.inf for d in documents]
    decayed: np.ndarray[Any, Any] = 0.5 ** (np.maximum(0, now_ms - np.array(known)) / (weights.half_life_days * DAY_MS))
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


def candidate_of(stored: Stored) -> Candidate:
    """Return an article that is in memory as a candidate for ranking."""
    analysed = stored.analysed
    seen_at = to_ms(stored.seen_at)
    return Candidate(
        row=stored.row,
        language=analysed.article.language or UNSURE,
        published_at=to_ms(analysed.article.published),
        seen_at=0 if seen_at is None else seen_at,
        title_terms=pack(analysed.title_terms),
        body_terms=pack(analysed.body_terms),
        length=length_of(analysed.title_terms, analysed.body_terms, analysed.article.language),
    )
