"""Candidates → order: BM25 with the whole archive's statistics, and what else speaks for an article.

score =  Σ over the asker's words   weight · idf · saturated frequency    reasons.terms[word]
       + pieces                     of these words, inside other words    reasons.parts["pieces"]
       + near                       neighbours near each other            reasons.parts["near"]
       + related                    words that the best candidates share  reasons.parts["related"]
       + recency                    half of it is gone after a week       reasons.parts["recency"]
       + language                   below 0 in a language not asked in    reasons.parts["language"]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from briefs import reread
from briefs.bm25 import WEIGHTS, Counted, Statistics, Weights, scorer
from briefs.models import Reasons
from briefs.text.languages import LANGUAGES
from briefs.text.packed import TITLE, Candidate, pack
from briefs.text.query import Query, QueryTerm

if TYPE_CHECKING:
    import numpy as np

DAY_MS = 86_400_000
ABROAD = 0.5  # what a word that no article has says against an article in another language than the question's


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
    idf = [statistics.idf_of(word) for word in words]
    lengths = [document.length for document in documents]
    score = scorer(Counted(dict(enumerate(idf)), frequencies), lengths, statistics, weights)
    by_word = [word.weight * score([n]) for n, word in enumerate(words)]
    own: np.ndarray[Any, Any] = sum(by_word[1:], by_word[0])
    # A word that no article has tells as much as one that a single article has.
    tells = [min(idf[n], statistics.idf(1)) for n in range(len(words))]
    parts = _reread(words, tells, documents, own, statistics, weights)
    total = sum(parts.values(), own)
    if now_ms is not None and weights.recency:
        parts["recency"] = weights.recency * float(total.max()) * _freshness(documents, now_ms, weights)
    if query.language in LANGUAGES:
        parts["language"] = (weights.other_language - 1) * total * _foreign(documents, query.language)
    total = sum(parts.values(), own)
    scores: list[float] = total.tolist()
    order = sorted((n for n in range(len(documents)) if frequencies[n]), key=lambda n: -scores[n])
    by_name = [(word.word, values.tolist()) for word, values in zip(words, by_word, strict=True)]
    by_part = [(name, values.tolist()) for name, values in parts.items()]
    unknown = [idf[n] > tells[n] for n in range(len(words))]
    told = _told(words, _without_seams(words, tells, unknown))
    told_abroad = _told(words, _abroad(words, tells, unknown))
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


def _without_seams(words: Sequence[QueryTerm], tells: Sequence[float], unknown: Sequence[bool]) -> list[float]:
    """Let a pair that no article has tell nothing where two known ones meet in it: 教改, of 宗教 and 改革."""
    known = {(word.start, word.end) for word, lacks in zip(words, unknown, strict=True) if not lacks}
    return [
        0.0 if lacks and {(word.start - 1, word.start + 1), (word.end - 1, word.end + 1)} <= known else tell
        for word, tell, lacks in zip(words, tells, unknown, strict=True)
    ]


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


def _reread(
    words: Sequence[QueryTerm],
    tells: Sequence[float],
    documents: Sequence[Candidate],
    own: np.ndarray[Any, Any],
    statistics: Statistics,
    weights: Weights,
) -> dict[str, np.ndarray[Any, Any]]:
    """Return what else the best documents are worth when they are read word by word, by its name."""
    best: list[int] = (-own).argsort(kind="stable")[: weights.reread].tolist()
    readings = [reread.read(documents[n]) for n in best] if weights.pieces or weights.near or weights.related else []
    parts: dict[str, np.ndarray[Any, Any]] = {}

    def add(name: str, weight: float, counted: Counted) -> None:
        parts[name] = 0 * own
        parts[name][best] = weight * scorer(counted, [documents[n].length for n in best], statistics, weights)(
            [*counted.worth]
        )

    if weights.pieces:
        add("pieces", weights.pieces, reread.pieces(words, tells, readings))
    if weights.near:
        add("near", weights.near, reread.near(words, tells, readings, weights.window))
    if weights.related:
        so_far = sum(parts.values(), own)[best]
        order: list[int] = (-so_far).argsort(kind="stable").tolist()
        best, readings = [best[n] for n in order], [readings[n] for n in order]
        share = weights.related / (1 - weights.related) * sum(word.weight for word in words)
        add("related", share, reread.related(readings, so_far[order].tolist(), statistics, weights))
    return parts


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
