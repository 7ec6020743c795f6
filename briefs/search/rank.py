"""Candidates → order: BM25 with the whole archive's statistics, and what else speaks for an article.

score =  Σ over the asker's words   weight · idf · saturated frequency    reasons.terms[word]
       + pieces                     of these words, inside other words    reasons.parts["pieces"]
       + near                       neighbours near each other            reasons.parts["near"]
       + related                    words that the best candidates share  reasons.parts["related"]
       + recency                    half of it is gone after a week       reasons.parts["recency"]
       + language                   below 0 in a language not asked in    reasons.parts["language"]
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from briefs.languages import LANGUAGES
from briefs.models import Reasons
from briefs.search import feedback
from briefs.search.bm25 import WEIGHTS, Counted, Statistics, Weights, scorer
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

    found: which of the query's content words it has, by their number. confidence: how likely it answers, 0 to 1.
    together: the share of the query that one passage of it says. Both 0 of those that are not read word by word.
    """

    candidate: Candidate
    score: float
    reasons: Reasons
    found: frozenset[int]
    confidence: float
    together: float = 0.0


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

    now_ms: the instant that recency is counted from; None to leave it out. confident: also say how sure each is to
    answer, which only an answer asks.
    """
    words = query.content
    if not documents or not words:
        return []
    forms = [[(pack(terms), weight) for terms, weight in word.alternatives.items()] for word in words]
    frequencies = [_frequencies(document, forms) for document in documents]
    idf = [statistics.idf_of(word) for word in words]
    lengths = [document.length for document in documents]
    score = scorer(Counted(dict(enumerate(idf)), frequencies), lengths, statistics, weights)
    by_word = [word.weight * score([n]) for n, word in enumerate(words)]
    own: np.ndarray[Any, Any] = sum(by_word[1:], by_word[0])
    # A word that no article has tells as much as one that a single article has.
    tells = [min(idf[n], statistics.idf(1)) for n in range(len(words))]
    best: list[int] = (-own).argsort(kind="stable")[: weights.reread].tolist()
    readings = {n: feedback.read(documents[n]) for n in best}
    parts = _reread(words, tells, documents, readings, own, statistics, weights)
    parts |= _settings(query, documents, sum(parts.values(), own), now_ms, weights)
    scores: list[float] = sum(parts.values(), own).tolist()
    order = sorted((n for n in range(len(documents)) if frequencies[n]), key=lambda n: -scores[n])
    by_name = [(word.word, values.tolist()) for word, values in zip(words, by_word, strict=True)]
    by_part = [(name, values.tolist()) for name, values in parts.items()]
    home = query.language if query.language in LANGUAGES else None
    confidence = Confidence(query, idf, statistics, weights) if confident else None
    sure = {
        n: confidence.of(one, frequencies[n], at_home=home in (None, one.language))
        for n, one in readings.items()
        if confidence
    }
    found = [frozenset(one) for one in frequencies]
    return [
        Ranked(documents[n], scores[n], _reasons(n, by_name, by_part), found[n], *sure.get(n, (0.0, 0.0)))
        for n in order
    ]


def _settings(
    query: Query, documents: Sequence[Candidate], total: np.ndarray[Any, Any], now_ms: int | None, weights: Weights
) -> dict[str, np.ndarray[Any, Any]]:
    """Return what the day and the language of documents are worth, by its name. total: what their words are."""
    parts = {}
    if now_ms is not None and weights.recency:
        parts["recency"] = weights.recency * float(total.max()) * _freshness(documents, now_ms, weights)
    if query.language in LANGUAGES:
        parts["language"] = (weights.other_language - 1) * total * _foreign(documents, query.language)
    return parts


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


def _reread(
    words: Sequence[QueryTerm],
    tells: Sequence[float],
    documents: Sequence[Candidate],
    read: Mapping[int, feedback.Reading],
    own: np.ndarray[Any, Any],
    statistics: Statistics,
    weights: Weights,
) -> dict[str, np.ndarray[Any, Any]]:
    """Return what else the best documents are worth when they are read word by word, by its name.

    read: these, by their number, best first.
    """
    best, readings = list(read), list(read.values())
    parts: dict[str, np.ndarray[Any, Any]] = {}

    def add(name: str, weight: float, counted: Counted) -> None:
        parts[name] = 0 * own
        parts[name][best] = weight * scorer(counted, [documents[n].length for n in best], statistics, weights)(
            [*counted.worth]
        )

    if weights.pieces:
        add("pieces", weights.pieces, feedback.pieces(words, tells, readings))
    if weights.near:
        add("near", weights.near, feedback.near(words, tells, readings, weights.window))
    if weights.related:
        so_far = sum(parts.values(), own)[best]
        order: list[int] = (-so_far).argsort(kind="stable").tolist()
        best, readings = [best[n] for n in order], [readings[n] for n in order]
        share = weights.related / (1 - weights.related) * sum(word.weight for word in words)
        add("related", share, feedback.related(readings, so_far[order].tolist(), statistics, weights))
    return parts


def _freshness(documents: Sequence[Candidate], now_ms: int, weights: Weights) -> np.ndarray[Any, Any]:
    import numpy as np

    # A date that an article states may make it older, never newer than the day it came in. What states none may be of
    # any day: that it came in today says nothing.
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
    """Return what ranking needs of an article that is in memory already."""
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
