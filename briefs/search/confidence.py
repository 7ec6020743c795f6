"""How sure it is that an article answers a look-up: a figure that means the same for every query, language and archive.

    said       what the article says of all that the query tells, a word the more the more it is spoken of (as in BM25)
    together   the most that stands in one passage, under the title
    confidence = 1 / (1 + exp(−(SAID · said + TOGETHER · together + LENGTH · ln words [+ ABROAD | CHINESE] + BASE)))

A sum of BM25 scores says which article is better, not whether any is good: it grows with the words, with their rarity,
and so with the archive. Shares of the query do not. Of a long question an article says less than of two words. Chinese
is found by pairs of characters; how many words they are, and which pairs only lie between two, the dictionary tells.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import TypeAlias

from briefs.languages import LANGUAGES
from briefs.search.bm25 import Statistics, Terms, Weights
from briefs.search.feedback import Reading, places
from briefs.text.dictionary import words_in
from briefs.text.query import Query, QueryTerm

# Logistic regression on questions and words over 2,000 articles, half of them without an answer, and the judged sets;
# see docs/quality-notebook.md.
SAID, TOGETHER, LENGTH, ABROAD, BASE = 5.6, 6.0, 4.5, -0.5, -12.0
CHINESE = 0.5  # what speaks for a Chinese article where Chinese is asked: it says the same in shares that are smaller
PASSAGE = 60  # terms that are read together: about three sentences
_CHINESE = 3  # times as many in Chinese, where a word makes three terms: its characters and their pair
_MOST = 400  # places of an article that are looked at, so that none that repeats itself takes long
_FEW = 2.6  # words of a look-up, at least, as its length is counted: one or two have to be said in full
_UNKNOWN_ABROAD = 0.3  # what a word that no article has says against an article in another language than the question's

_Place: TypeAlias = tuple[int, int]


class Confidence:
    """Tells of each article how likely it answers one look-up."""

    def __init__(self, query: Query, idf: Sequence[float], statistics: Statistics, weights: Weights) -> None:
        words = query.content
        self._statistics = statistics
        self._weights = weights
        # A word that no article has tells as much as one that a single article has.
        tells = [min(one, statistics.idf(1)) for one in idf]
        unknown = [one > most for one, most in zip(idf, tells, strict=True)]
        # A common one tells nothing: only a small archive lacks it. It makes a look-up longer, as others do.
        idle = [lacks and word.kind == "common" for word, lacks in zip(words, unknown, strict=True)]
        wholes = _wholes(query)
        tells = [0.0 if one or not at else tell for one, at, tell in zip(idle, wholes, tells, strict=True)]
        self._at_home = _told(words, wholes, tells)
        self._abroad = _told(
            words, wholes, [tell * (_UNKNOWN_ABROAD if no else 1) for tell, no in zip(tells, unknown, strict=True)]
        )
        said = {at for at, tell in zip(wholes, self._at_home, strict=True) if tell}
        self._base = LENGTH * math.log(max(_FEW, sum(idle) + len(said))) + BASE
        self._chinese = CHINESE * (query.language == "zh")
        self._forms: dict[str, list[tuple[Terms, tuple[int, float]]]] = {}
        for number, word in enumerate(words):
            for terms, trust in word.alternatives.items():
                self._forms.setdefault(terms[0], []).append((terms, (number, trust)))

    def of(self, reading: Reading, frequencies: Mapping[int, float], *, at_home: bool) -> tuple[float, float]:
        """Return how likely an article answers, and the most of the query that one passage says; both 0 to 1.

        frequencies: how often it has each word, by its number. at_home: it is in the language of the query.
        """
        told = self._at_home if at_home else self._abroad
        weights = self._weights
        norm = weights.k1 * (1 - weights.b + weights.b * reading.length / self._statistics.average_length)
        said = sum(told[word] * times / (times + norm) for word, times in frequencies.items())
        together = self._together(reading, told)
        margin = SAID * said + TOGETHER * together + (self._chinese if at_home else ABROAD) + self._base
        return 1 / (1 + math.exp(-margin)), together

    def lacking(self, seen: Collection[int]) -> float:
        """Return the share of the query that none of these words, by their number, tells: 0 to 1."""
        return sum(tell for number, tell in enumerate(self._at_home) if number not in seen)

    def _together(self, reading: Reading, told: Sequence[float]) -> float:
        """Return the largest share of the query that one passage has, with the title above it."""
        there = self._forms.keys() & reading.counts.keys()
        only = self._forms[min(there)] if len(there) == 1 else ()
        if only and all(len(terms) == 1 for terms, _ in only):
            return _share(told, _trusted(word for _, word in only))  # nothing stands beside it, wherever it is
        title = _trusted(word for _, word in places(reading.title, self._forms, there))
        standing = list(islice(places(reading.body, self._forms, there), _MOST))
        window = PASSAGE * (_CHINESE if reading.language == "zh" else 1)
        passages = [title]
        for first, (start, _) in enumerate(standing):
            ahead = [word for place, word in standing[first : first + window] if place <= start + window]
            passages.append(_trusted([*title.items(), *ahead]))
        return max(_share(told, passage) for passage in passages)


def _share(told: Sequence[float], passage: Mapping[int, float]) -> float:
    return sum(told[number] * trust for number, trust in passage.items())


def _trusted(words: Iterable[tuple[int, float]]) -> dict[int, float]:
    """Return each word with the most it is trusted to stand for what was asked."""
    best: dict[int, float] = {}
    for number, trust in words:
        best[number] = max(trust, best.get(number, 0.0))
    return best


def _told(words: Sequence[QueryTerm], wholes: Sequence[_Place | None], idf: Sequence[float]) -> list[float]:
    """Return each word's part of what the query tells. A Chinese character inside a pair has none of its own.

    wholes: of which word each is a piece. The pairs of one share what it tells: their mean.
    """
    worth = [0.0] * len(words)
    reached = 0
    for n in sorted(range(len(words)), key=lambda n: (words[n].start, -words[n].end)):
        if words[n].end > reached:
            worth[n] = words[n].weight * idf[n]
            reached = words[n].end
    pieces = Counter(at for at, one in zip(wholes, worth, strict=True) if one)
    worth = [one / max(1, pieces[at]) for at, one in zip(wholes, worth, strict=True)]
    whole = sum(worth) or 1.0
    return [one / whole for one in worth]


def _wholes(query: Query) -> list[_Place | None]:
    """Return of which word, by its place, each content word of a query is a piece; of most, it is itself.

    None is a pair that is only the end of one Chinese word and the beginning of the next (析经, of 分析 and 经济), or
    has a stop word beside one (在北). A pair is itself where it is a word, too (美国, of 和美 and 国关), and in a name
    that the dictionary cuts into characters (在明, of 李在明).
    """
    chinese = words_in(query.text) if query.language == "zh" else []
    at = {place: span for span in chinese for place in range(*span)}
    idle = LANGUAGES["zh"].core_stop_words | LANGUAGES["zh"].question_words

    def whole(word: QueryTerm) -> _Place | None:
        own = word.start, word.end
        around = {at[place] for place in range(*own) if place in at}
        if word.kind == "name":
            return own
        for start, end in around:
            if start <= word.start and word.end <= end:
                return start, end
        words = [query.text[start:end] for start, end in around]
        is_word = len(words_in(query.text[word.start : word.end])) == 1
        only_between = any(len(one) > 1 for one in words) and all(len(one) > 1 or one in idle for one in words)
        return None if only_between and not is_word else own

    return [whole(word) for word in query.content]
