"""The probability that an article answers a look-up: it means the same for every query, language and archive.

    share      of a word in the query: its weight · idf, divided by the sum over all words
    spoken     Σ share · saturated frequency in the article (as in BM25)
    coverage   the largest Σ share of the words that stand in one passage or in the title
    confidence = logistic(SPOKEN · spoken + COVERAGE · coverage + LENGTH · ln words [+ FOREIGN | CHINESE] + INTERCEPT)

A BM25 score says which article is better, not whether any is good: it grows with the number of words and with their
rarity, and so with the archive. Shares of the query do not. An article has less of a long question than of two words.
Chinese is indexed by pairs of characters: the dictionary says how many words they are, and which pairs lie between two.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import TypeAlias

from briefs.languages import LANGUAGES
from briefs.search.bm25 import Statistics, Weights
from briefs.search.reranking import Unpacked, places
from briefs.text.dictionary import words_in
from briefs.text.query import Query, QueryTerm, Terms

# Logistic regression on questions and words over 2,000 articles, half of them without an answer, and the judged sets;
# see docs/quality-notebook.md.
SPOKEN, COVERAGE, LENGTH, FOREIGN, INTERCEPT = 5.6, 6.0, 4.5, -0.5, -12.0
CHINESE = 0.5  # for a Chinese article to a Chinese query: what says the same has smaller shares there
LONGEST_CHINESE_WORD = 4  # characters: a longer run of them is several words
PASSAGE = 60  # terms: about three sentences
_CHINESE = 3  # times as many in Chinese, where a word makes three terms: its characters and their pair
_MOST = 400  # words of the query that are looked at in one article, so that one that repeats itself does not take long
_FEW = 2.6  # the least number of words that a look-up counts as: one or two have to be there in full
_UNKNOWN_FOREIGN = 0.3  # how much a word that no article has counts against an article in another language

_Place: TypeAlias = tuple[int, int]


class Confidence:
    """Tells how likely each article answers one look-up. idf: of the query's content words."""

    def __init__(self, query: Query, idf: Sequence[float], statistics: Statistics, weights: Weights) -> None:
        words = query.content
        self._statistics = statistics
        self._weights = weights
        capped = statistics.capped(idf)
        unknown = [one > most for one, most in zip(idf, capped, strict=True)]
        # A common word that no article has counts nothing, for only a small archive lacks it; yet it makes the look-up
        # longer, as others do.
        ignored = [lacks and word.kind == "common" for word, lacks in zip(words, unknown, strict=True)]
        wholes = _wholes(query)
        idf = [0.0 if ignore or not at else one for ignore, at, one in zip(ignored, wholes, capped, strict=True)]
        self._shares = _shares(words, wholes, idf)
        self._foreign_shares = _shares(
            words, wholes, [one * (_UNKNOWN_FOREIGN if no else 1) for one, no in zip(idf, unknown, strict=True)]
        )
        counted = {at for at, share in zip(wholes, self._shares, strict=True) if share}
        self._base = LENGTH * math.log(max(_FEW, sum(ignored) + len(counted))) + INTERCEPT
        self._chinese = CHINESE * (query.language == "zh")
        self._forms: dict[str, list[tuple[Terms, tuple[int, float]]]] = {}
        for number, word in enumerate(words):
            for terms, trust in word.alternatives.items():
                self._forms.setdefault(terms[0], []).append((terms, (number, trust)))

    def of(self, reading: Unpacked, frequencies: Mapping[int, float], *, same_language: bool) -> tuple[float, float]:
        """Return the probability that an article answers, and the coverage of its best passage; both 0 to 1.

        frequencies: how often it has each word, by the word's number. same_language: as the query.
        """
        shares = self._shares if same_language else self._foreign_shares
        weights = self._weights
        norm = weights.k1 * (1 - weights.b + weights.b * reading.length / self._statistics.average_length)
        spoken = sum(shares[word] * times / (times + norm) for word, times in frequencies.items())
        coverage = self._coverage(reading, shares)
        of_language = self._chinese if same_language else FOREIGN
        log_odds = SPOKEN * spoken + COVERAGE * coverage + of_language + self._base
        return 1 / (1 + math.exp(-log_odds)), coverage

    def lacking(self, seen: Collection[int]) -> float:
        """Return the share of the query, 0 to 1, in words that are not among these numbers."""
        return sum(share for number, share in enumerate(self._shares) if number not in seen)

    def _coverage(self, reading: Unpacked, shares: Sequence[float]) -> float:
        """Return the largest share of the query that one passage has, with the title above it."""
        there = self._forms.keys() & reading.counts.keys()
        only = self._forms[min(there)] if len(there) == 1 else ()
        if only and all(len(terms) == 1 for terms, _ in only):
            return _covered(shares, _trusted(word for _, word in only))  # wherever it stands, no other is beside it
        title = _trusted(word for _, word in places(reading.title, self._forms, there))
        standing = list(islice(places(reading.body, self._forms, there), _MOST))
        window = PASSAGE * (_CHINESE if reading.language == "zh" else 1)
        passages = [title]
        for first, (start, _) in enumerate(standing):
            ahead = [word for place, word in standing[first : first + window] if place <= start + window]
            passages.append(_trusted([*title.items(), *ahead]))
        return max(_covered(shares, passage) for passage in passages)


def _covered(shares: Sequence[float], passage: Mapping[int, float]) -> float:
    return sum(shares[number] * trust for number, trust in passage.items())


def _trusted(words: Iterable[tuple[int, float]]) -> dict[int, float]:
    """Return each word, by its number, with the highest trust that one of its forms has."""
    best: dict[int, float] = {}
    for number, trust in words:
        best[number] = max(trust, best.get(number, 0.0))
    return best


def _shares(words: Sequence[QueryTerm], wholes: Sequence[_Place | None], idf: Sequence[float]) -> list[float]:
    """Return each word's share of the query's information (weight · idf); they add up to 1.

    wholes: of which word each is a piece. A Chinese character inside a pair has no share of its own, and the pairs of
    one word have its share together: their mean.
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
    """Return the place of the word that each content word of a query is a piece of: mostly its own place.

    It is None for a pair of characters that only lies between two Chinese words (析经, in 分析经济), or between a word
    and a stop word (在北). A pair keeps its own place where it is a word, too (美国, in 和美国关), and in a name that
    the dictionary cuts into single characters (在明, in 李在明); and where it begins a query of one word (中石, in
    中石油), which no stop word does.
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
        begins = word.start == 0 and len(query.text) <= LONGEST_CHINESE_WORD
        return None if only_between and not is_word and not begins else own

    return [whole(word) for word in query.content]
