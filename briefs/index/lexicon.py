"""How common words are, as the databases count them: asked once, and remembered from look-up to look-up."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from briefs.index.port import Frequency, Totals
from briefs.index.within import Terms, Within, Words

# A frequency is about right until so many articles have come and gone since it was counted: of all, or of those that
# have it, if that is more. It moves an idf by .1 at most; what many articles have costs most to count.
TOLERANCE, TOLERANCE_OF_ITS_OWN = 0.005, 0.1
_REMEMBERED = 200_000  # frequencies; some 50 MB
_COMMON_SHARE, _COMMON_LEAST = 0.05, 1_000  # of articles: a word in more than both costs much and tells little


_NEWEST = 3_000  # articles, of those that have common words only, are looked at

_Made = TypeVar("_Made")
_NOTHING = Frequency(0, 0), 0


class FrequencyCache:
    """A cache of document frequencies, shared by the threads of a process; each is kept while it is about right."""

    def __init__(self) -> None:
        self._kept: dict[Terms, tuple[Frequency, int]] = {}
        self._other: dict[str, tuple[Any, int]] = {}

    def recall(self, many: Iterable[Terms], totals: Totals) -> dict[Terms, Frequency]:
        """Return what is remembered of some sequences of terms, in an archive of this size."""
        kept, slack, found = self._kept, TOLERANCE * totals.articles, dict[Terms, Frequency]()
        for terms in many:
            one, at = kept.get(terms, _NOTHING)
            if one.articles and abs(totals.changes - at) <= max(slack, TOLERANCE_OF_ITS_OWN * one.articles):
                found[terms] = one
        return found

    def keep(self, counted: Mapping[Terms, Frequency], totals: Totals) -> None:
        """Remember what some article has; what none has may come with the next one."""
        if len(self._kept) > _REMEMBERED:
            self._kept = {}  # a new one, never a cleared one: another thread may be reading it
        self._kept.update((terms, (one, totals.changes)) for terms, one in counted.items() if one.articles)

    def for_a_while(self, what: str, totals: Totals, made: Callable[[], _Made]) -> _Made:
        """Return what was made under this name, until TOLERANCE of the archive has changed since."""
        found, at = self._other.get(what, (None, -totals.changes))
        if found is None or abs(totals.changes - at) > TOLERANCE * totals.articles:
            found = made()
            self._other[what] = found, totals.changes
        return cast(_Made, found)


class SqlLexicon(ABC):
    """The `Lexicon` of a database."""

    def __init__(self, connection: Connection, memory: FrequencyCache) -> None:
        self.connection = connection
        self._memory = memory
        self._seen: dict[Terms, Frequency] = {}

    @cached_property
    def totals(self) -> Totals:
        """Return how large the archive is."""
        return Totals(*self.connection.exec_driver_sql("SELECT articles, terms, changes FROM totals").one())

    def frequencies(self, many: Iterable[Terms]) -> Mapping[Terms, Frequency]:
        """Return how common each sequence of terms is."""
        asked, seen = list(many), self._seen
        if new := [terms for terms in asked if terms not in seen]:
            seen.update(self._memory.recall(new, self.totals))
        if new := [terms for terms in new if terms not in seen]:
            counted = dict.fromkeys(new, Frequency(0, 0)) | self._counted(new)
            self._memory.keep(counted, self.totals)
            seen.update(counted)
        return {terms: seen[terms] for terms in asked}

    def known(self, terms: Iterable[str]) -> Mapping[str, int]:
        """Return which of the terms some article has, and how many have it."""
        counted = self.frequencies((term,) for term in terms)
        return {term: one.articles for (term,), one in counted.items() if one.articles}

    def _counted(self, new: Sequence[Terms]) -> dict[Terms, Frequency]:
        counted: dict[Terms, Frequency] = {}
        # An empty one stands for what none has.
        if single := [terms[0] for terms in new if len(terms) == 1 and terms[0]]:
            counted |= {(term,): Frequency(doc, cnt) for term, doc, cnt in self._count_terms(single)}
        if several := [terms for terms in new if len(terms) > 1]:
            # How often within an article is not known, and matters little for a name.
            counted |= {terms: Frequency(articles, articles) for terms, articles in self._count_sequences(several)}
        return counted

    @abstractmethod
    def _count_terms(self, terms: Sequence[str]) -> Iterable[Sequence[Any]]:
        """Give of each term that is there: itself, how many articles have it, and how often."""

    @abstractmethod
    def _count_sequences(self, many: Sequence[Terms]) -> Iterable[tuple[Terms, int]]:
        """Give of each sequence of terms: itself, and how many articles have it."""

    @abstractmethod
    def vocabularies(self, prefixes: Sequence[str], limit: int) -> list[list[str]]:
        """Return what `Lexicon.vocabularies` does."""

    def is_common(self, word: Iterable[Terms]) -> bool:
        """Whether a large share of a large archive has a word."""
        return self.articles_with(word) > max(_COMMON_LEAST, _COMMON_SHARE * self.totals.articles)

    def articles_with(self, word: Iterable[Terms]) -> int:
        """Return how many articles have the commonest form of a word."""
        return max((one.articles for one in self.frequencies(word).values()), default=0)

    def first_row(self, words: Words, within: Within) -> int:
        """Return where to look from: for common words only, asked for without limits, among the newest."""
        if not words or within.has_limits or within.languages or not all(map(self.is_common, words)):
            return within.first_row
        return max(within.first_row, self.row_behind(_NEWEST, max(map(self.articles_with, words))))

    def row_behind(self, most: int, having: int) -> int:
        """Return the row behind which about so many are of the articles that have something."""
        return self._last_row - most * self.totals.articles // having

    @cached_property
    def _last_row(self) -> int:
        return int(self.connection.exec_driver_sql('SELECT max("row") FROM article').scalar_one())

    def rarest(self, words: Words, most: int) -> tuple[Words, Words]:
        """Part words that some article has: the rarest, and the others; both by how rare they are.

        The rarest are one, whatever it is, and more as long as so many articles at most have them, together and with
        it, and none is common.
        """
        self.frequencies(terms for word in words for terms in word)
        there = sorted(filter(self.articles_with, words), key=self.articles_with)
        together = accumulate(map(self.articles_with, there))
        few = sum(all_of <= most and not self.is_common(word) for word, all_of in zip(there, together, strict=True))
        return there[: max(1, few)], there[max(1, few) :]

    def tells(self, word: Iterable[Terms]) -> float:
        """Return how much a word tells of an article that has it: its idf."""
        having, articles = self.articles_with(word), self.totals.articles
        return math.log(1 + (max(articles - having, 0) + 0.5) / (having + 0.5))
