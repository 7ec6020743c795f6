"""A look-up, step by step: the words of a query, a window of time, candidates by full text, their order by BM25."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from briefs.bm25 import Statistics
from briefs.models import Analysed, Notice
from briefs.nearby import near_notice, nearest_articles
from briefs.rank import Ranked, rank
from briefs.store.articles import Articles
from briefs.store.database import Connection
from briefs.store.index import Counter, SearchIndex
from briefs.text.aliases import Aliases
from briefs.text.languages import UNSURE
from briefs.text.query import Query, QueryTerm, attested, in_capitals, parse_query
from briefs.text.related import is_word
from briefs.text.spelling import corrected, nearest
from briefs.text.terms import fold
from briefs.text.terms import terms as terms_of
from briefs.text.widened import widened

WINDOWS = (timedelta(days=7), timedelta(days=30), timedelta(days=90))
_ENOUGH = 20  # articles with every word of the query: then older ones are not looked at
_MOST_WORDS = 100  # of a query are looked for, the rarest: nobody types more, but some paste more
_CORRECTED = 5  # words of a query: one with more unknown words is in no language we know
_LOOKED_THROUGH = 500  # terms of the vocabulary that begin as a word does, for those nearest to it
_SENTENCES = 20_000  # are read for an answer, whatever is stored: two thick books
_NAMED = 3  # words that are missing, whose nearest ones are looked for


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found: articles in order, and how its words were read. corrections: written → read as."""

    query: Query
    ranked: Sequence[Ranked]
    statistics: Statistics
    corrections: Sequence[tuple[str, str]]


class LookUp:
    """Finds the articles of one archive that have words of a query."""

    def __init__(self, articles: Articles, index: SearchIndex, aliases: Aliases, clock: Callable[[], datetime]) -> None:
        self._articles = articles
        self._index = index
        self._aliases = aliases
        self._clock = clock

    def find(
        self,
        connection: Connection,
        text: str,
        languages: Sequence[str] | None,
        since: datetime | None,
        recency: bool,
    ) -> Found:
        """Return the articles that have words of a query, best first; options as for `Archive.search`."""
        spoken = languages or self._articles.languages(connection)
        query = parse_query(text, languages=spoken, aliases=self._aliases)
        query = self.attested(connection, query)
        if not query.content:
            query = in_capitals(query, partial(self._index.known, connection))
        count = self._index.counter(connection)
        query, corrections = self._corrected(connection, query, count)
        query = _shortened(query, count)
        statistics = self.statistics(connection)
        words = [tuple(word.alternatives) for word in query.content]
        first_row = self._articles.first_row(connection, since) if since else 0
        if recency and words:
            first_row = max(first_row, self._window(connection, words, first_row))
        candidates = self._index.candidates(connection, words, first_row=first_row, languages=languages)
        now_ms = int(self._clock().timestamp() * 1000) if recency else None
        return Found(query, rank(query, candidates, statistics, now_ms=now_ms), statistics, corrections)

    def nearby(
        self, connection: Connection, found: Found, languages: Sequence[str] | None, since: datetime | None, limit: int
    ) -> tuple[Found, list[tuple[Ranked, Analysed]], Notice | None]:
        """Return how the query was widened, what says it in other words, nearest first, and the word on it.

        Where nothing comes near, all is as it was.
        """
        query = self.attested(connection, widened(found.query))
        words = [tuple(word.alternatives) for word in query.content]
        first_row = self._articles.first_row(connection, since) if since else 0
        candidates = self._index.candidates(connection, words, first_row=first_row, languages=languages)
        ranked = rank(query, candidates, found.statistics)[:limit]
        read = nearest_articles(query, self.read(connection, ranked))
        if not read:
            return found, [], None
        notice = near_notice(found.query, query, [analysed for _, analysed in read])
        return replace(found, query=query), read, replace(notice, corrections=tuple(found.corrections))

    def _window(self, connection: Connection, words: Sequence[Sequence[tuple[str, ...]]], least: int) -> int:
        """Return the first row of the shortest window that has enough articles with every word; else `least`."""
        now = self._clock()
        for window in WINDOWS:
            first_row = self._articles.first_row(connection, now - window)
            if first_row <= max(least, 1):
                break
            if self._index.holds_all(connection, words, first_row, _ENOUGH) >= _ENOUGH:
                return first_row
        return least

    def _corrected(self, connection: Connection, query: Query, count: Counter) -> tuple[Query, list[tuple[str, str]]]:
        """Read words that no article has as the words they were probably meant to be."""
        unknown = [
            word
            for word in query.content
            if not any(count(terms).articles for terms in word.alternatives) and not _is_word(word, query)
        ]
        if len(unknown) > _CORRECTED:
            return query, []
        known = partial(self._index.known, connection)
        read = {word.start: meant for word in unknown if (meant := corrected(word, query.languages, known))}
        groups = tuple(read.get(word.start, word) for word in query.groups)
        corrections = [(word.word, read[word.start].word) for word in unknown if word.start in read]
        return replace(query, groups=groups), corrections

    def nearest(self, connection: Connection, words: Sequence[str]) -> list[str]:
        """Return terms of the archive that look like these words."""
        found: list[str] = []
        for word in words[:_NAMED]:
            vocabulary = self._index.vocabulary(connection, fold(word)[:3], _LOOKED_THROUGH)
            found += (near for near in nearest(word, vocabulary) if near != fold(word))
        return list(dict.fromkeys(found))

    def read(self, connection: Connection, best: Sequence[Ranked]) -> list[tuple[Ranked, Analysed]]:
        """Return ranked articles with their texts, in the same order; of long ones as much as there is time for."""
        stored = self._articles.by_rows(connection, [one.candidate.row for one in best])
        most = _fair_share([len(one.analysed.sentences) for one in stored], _SENTENCES)
        read = (replace(one.analysed, sentences=one.analysed.sentences[:most]) for one in stored)
        return list(zip(best, read, strict=True))

    def attested(self, connection: Connection, query: Query) -> Query:
        """Return a query with the spellings that the archive has."""
        return attested(query, partial(self._index.known, connection))

    def statistics(self, connection: Connection) -> Statistics:
        """Return what BM25 needs to know of all articles."""
        count = self._index.counter(connection)
        totals = self._index.totals(connection)
        return Statistics(totals.articles, totals.terms, lambda terms: count(terms).articles)

    def sentence_idf(
        self, connection: Connection, statistics: Statistics, articles: Sequence[Analysed]
    ) -> Callable[[str], float]:
        """Return how rare a term is among the sentences of the archive.

        The archive counts how often a term stands, not in how many sentences; a term seldom stands twice in one. The
        number of sentences is what it would be if all were as long as those just found.
        """
        terms = sum(len(analysed.body_terms) for analysed in articles)
        sentences = sum(len(analysed.sentences) for analysed in articles)
        count = self._index.counter(connection)
        whole = Statistics(
            max(1, round(statistics.terms * sentences / max(1, terms))),
            statistics.terms,
            lambda terms: count(terms).occurrences,
        )
        return lambda term: whole.idf(whole.document_frequency((term,)))


def _fair_share(sizes: Sequence[int], together: int) -> int:
    """Return the most that each may have, so that all have so many together: what short ones leave is for the long."""
    for number, size in enumerate(sorted(sizes)):
        share = together // (len(sizes) - number)
        if size > share:
            return share
        together -= size
    return max(sizes, default=0)


def _is_word(word: QueryTerm, query: Query) -> bool:
    """Whether what was typed is a word, so that nothing else was meant."""
    language = query.language
    return any(is_word(term, language) for term in terms_of(word.word, language)) if language != UNSURE else False


def _shortened(query: Query, count: Counter) -> Query:
    """Leave out the commonest words of a query that has too many."""
    if len(query.content) <= _MOST_WORDS:
        return query

    def commonness(word: QueryTerm) -> tuple[bool, int]:
        articles = max(count(terms).articles for terms in word.alternatives)
        return articles == 0, articles  # a word that no article has finds none

    kept = {word.start for word in sorted(query.content, key=commonness)[:_MOST_WORDS]}
    return replace(query, groups=tuple(word for word in query.groups if word.start in kept))
