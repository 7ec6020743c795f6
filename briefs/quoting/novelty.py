"""How new sentences are to a reader who has been told others.

Four views of the told sentences are mixed, since each misses what another sees:

    told     1 - the greatest TF-IDF cosine with one told sentence      a restatement is not new
    joined   the same with two neighbouring told sentences as one       nor is a summary of two
    pairs    the share of its word pairs that nobody was told           the same words, put together anew
    words    the share of its word weight that nobody was told          a word never said

A figure that nobody was told is news, however near its sentence is to a told one: "5,000 homes" → "20,000 homes".
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise

from briefs.text.features import figures
from briefs.text.languages import LANGUAGES, detect_language
from briefs.text.terms import terms

NEW = 0.5  # from here on a sentence is worth telling: it keeps 97 of 100 new ones and stops two retold ones in three

# Weights from timelines of news events with their backgrounds (Pratapa et al. 2023, development half).
_TOLD, _JOINED, _PAIRS, _WORDS = 0.5, 0.5, 0.3, 0.2
_FIGURE = 0.15  # of what is missing to 1, for a figure that nobody was told


def novelty(sentences: Sequence[str], told: Sequence[str], language: str | None = None) -> list[float]:
    """Say how new each sentence is to somebody who has been told others: 0 already told … 1 new, in order.

    told: in the order of telling. language: of all of them; None detects it. Against sentences of another language
    everything looks new, but for names and figures.
    """
    language = language or detect_language("\n".join([*sentences, *told]))
    history = History(told, language)
    return [history.novelty(sentence) for sentence in sentences]


def _words(sentence: str, language: str) -> list[str]:
    """Return what a sentence says: its words without stop words, then its figures, alike however they are written."""
    stop = _stop_terms(language)
    said = [term for term in terms(sentence, language) if term not in stop and not term[0].isdigit()]
    return [*said, *figures(sentence)]


@cache
def _stop_terms(language: str) -> frozenset[str]:
    known = LANGUAGES.get(language)
    return frozenset(term for word in known.core_stop_words for term in terms(word, language)) if known else frozenset()


class History:
    """Sentences of one language that somebody has been told, made ready to compare many others with."""

    def __init__(self, told: Sequence[str], language: str) -> None:
        self._language = language
        said = [_words(sentence, language) for sentence in told]
        self._count = len(said)
        self._verbatim = set(map(tuple, said))
        self._told_in = Counter(term for words in said for term in set(words))
        self._pairs = {pair for words in said for pair in pairwise(words)}
        self._single = _Nearest(map(self._vector, said))
        self._joined = _Nearest(self._vector([*one, *two]) for one, two in pairwise(said))

    def novelty(self, sentence: str) -> float:
        """Say how new a sentence is: 0 already told … 1 new."""
        words = _words(sentence, self._language)
        if not words or tuple(words) in self._verbatim:
            return 0.0  # nothing is said, or nothing else
        if not self._count:
            return 1.0
        vector = self._vector(words)
        told = 1 - self._single.similarity(vector)
        joined = 1 - self._joined.similarity(vector) if self._count > 1 else told
        pairs = [pair not in self._pairs for pair in pairwise(words)]
        parts = (
            _TOLD * told,
            _JOINED * joined,
            _PAIRS * (sum(pairs) / len(pairs) if pairs else told),
            _WORDS * self._unheard(words),
        )
        score = sum(parts) / (_TOLD + _JOINED + _PAIRS + _WORDS)
        if any(word[0] == "#" and word not in self._told_in for word in words):  # no word begins so
            score = max(score + _FIGURE * (1 - score), NEW + 0.1 * score)
        return min(1.0, max(0.0, score))

    def _unheard(self, words: Sequence[str]) -> float:
        """Return the share of the words' weight that is in words never told."""
        weights = [(self._idf(word), word not in self._told_in) for word in words]
        return sum(weight for weight, new in weights if new) / sum(weight for weight, _ in weights)

    def _idf(self, term: str) -> float:
        return math.log((self._count + 1) / (self._told_in[term] + 1)) + 1

    def _vector(self, words: Iterable[str]) -> Mapping[str, float]:
        weights = {term: (1 + math.log(times)) * self._idf(term) for term, times in Counter(words).items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {term: weight / length for term, weight in weights.items()}


class _Nearest:
    """Vectors of length one, and which is nearest to another."""

    def __init__(self, vectors: Iterable[Mapping[str, float]]) -> None:
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, vector in enumerate(vectors):
            for term, weight in vector.items():
                self._postings[term].append((number, weight))

    def similarity(self, vector: Mapping[str, float]) -> float:
        """Return the greatest cosine with any of them; 0 when nothing is shared."""
        cosine: dict[int, float] = defaultdict(float)
        for term, weight in vector.items():
            for number, other in self._postings.get(term, ()):
                cosine[number] += weight * other
        return max(cosine.values(), default=0.0)
