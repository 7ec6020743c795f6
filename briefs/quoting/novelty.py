"""How new sentences are to a reader who has been told others.

Four views of the told sentences are mixed, since each misses what another sees:

    told     1 - the greatest TF-IDF cosine with one told sentence      a restatement is not new
    joined   the same with two neighbouring told sentences as one       nor is a summary of two
    pairs    the share of its word pairs that were not told             the same words in another order
    words    the share of its idf in words that were not told           new words

A figure that was not told is news, however similar the sentence: "5,000 homes" → "20,000 homes".
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise

from briefs.text.detection import detect_language
from briefs.text.features import figures, stop_terms
from briefs.text.terms import terms

NEW = 0.5  # the least novelty of a sentence worth telling: keeps 97 % of new ones, and stops two thirds of retold ones

# Weights from timelines of news events with their backgrounds (Pratapa et al. 2023, development half).
_TOLD, _JOINED, _PAIRS, _WORDS = 0.5, 0.5, 0.3, 0.2
REMEMBERED = 500  # sentences, about half a MB: many channels are told the same ones
_FIGURE = 0.15  # of what is missing to 1, added for a figure that was not told


def novelty(sentences: Sequence[str], told: Sequence[str], language: str | None = None) -> list[float]:
    """Return how new each sentence is to a reader who has been told others: 0 (told already) to 1 (new), in order.

    told: in the order of telling. language: of all sentences; None: it is detected. Compared with sentences in another
    language everything looks new but names and figures.
    """
    language = language or detect_language("\n".join([*sentences, *told]))
    history = History(told, language)
    return [history.novelty(sentence) for sentence in sentences]


@lru_cache(REMEMBERED)
def _words(sentence: str, language: str) -> tuple[str, ...]:
    """Return the stems of a sentence without stop words, then its figures in one notation."""
    stop = stop_terms(language)
    said = [term for term in terms(sentence, language) if term not in stop and not term[0].isdigit()]
    return (*said, *figures(sentence))


class History:
    """Told sentences of one language, to compare many others with."""

    def __init__(self, told: Sequence[str], language: str) -> None:
        self._language = language
        self._said = [_words(sentence, language) for sentence in told]
        self._count = len(self._said)
        self._verbatim = set(self._said)
        # What else there is to know of them is worked out where a sentence asks for it: few share a word with another.
        self._having: dict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(self._said):
            for term in set(words):
                self._having[term].append(number)
        self._idfs: dict[str, float] = {}
        self._vectors: dict[tuple[int, int], Mapping[str, float]] = {}

    def novelty(self, sentence: str) -> float:
        """Return how new a sentence is: 0 (told already) to 1 (new)."""
        words = _words(sentence, self._language)
        if not words or words in self._verbatim:
            return 0.0  # nothing is said, or nothing else
        if not self._count:
            return 1.0
        vector = self._vector(words)
        told = 1 - self._nearest(vector, 1)
        joined = 1 - self._nearest(vector, 2) if self._count > 1 else told
        pairs = [not self._was_said(pair) for pair in pairwise(words)]
        parts = (
            _TOLD * told,
            _JOINED * joined,
            _PAIRS * (sum(pairs) / len(pairs) if pairs else told),
            _WORDS * self._unheard(words),
        )
        score = sum(parts) / (_TOLD + _JOINED + _PAIRS + _WORDS)
        if any(word[0] == "#" and word not in self._having for word in words):  # no word begins so
            score = max(score + _FIGURE * (1 - score), NEW + 0.1 * score)
        return min(1.0, max(0.0, score))

    def _unheard(self, words: Sequence[str]) -> float:
        """Return the share of the idf of these words in words that were not told."""
        weights = [(self._idf(word), word not in self._having) for word in words]
        return sum(weight for weight, new in weights if new) / sum(weight for weight, _ in weights)

    def _idf(self, term: str) -> float:
        if term not in self._idfs:
            self._idfs[term] = math.log((self._count + 1) / (len(self._having.get(term, ())) + 1)) + 1
        return self._idfs[term]

    def _was_said(self, pair: tuple[str, str]) -> bool:
        return any(pair in pairwise(self._said[number]) for number in self._having.get(pair[0], ()))

    def _vector(self, words: Sequence[str]) -> Mapping[str, float]:
        """Return the TF-IDF vector of these words, of length 1."""
        weights = {term: self._idf(term) for term in words}
        if len(weights) < len(words):  # few sentences say a word twice
            weights = {term: (1 + math.log(times)) * weights[term] for term, times in Counter(words).items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {term: weight / length for term, weight in weights.items()}

    def _nearest(self, vector: Mapping[str, float], together: int) -> float:
        """Return the greatest cosine with `together` consecutive told sentences; 0 if no word is shared."""
        cosine: dict[int, float] = defaultdict(float)
        last = self._count - together
        for term, weight in vector.items():
            having = self._having.get(term, ())
            for first in {number - back for number in having for back in range(together)}:
                if 0 <= first <= last:
                    cosine[first] += weight * self._told(first, together)[term]
        return max(cosine.values(), default=0.0)

    def _told(self, first: int, together: int) -> Mapping[str, float]:
        key = (first, together)
        if key not in self._vectors:
            words = chain.from_iterable(self._said[first : first + together])
            self._vectors[key] = self._vector(tuple(words))
        return self._vectors[key]
