"""A look-up, step by step: parse the query, choose a window of time, get candidates from the index, rank them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from briefs.index.port import EVERYTHING, Lexicon, SearchIndex
from briefs.index.seen import Seen
from briefs.index.within import Within
from briefs.models import Analysed, Notice, ReadAs, Reasons, Searched
from briefs.search.bm25 import Statistics, Weights
from briefs.search.expansion import weighed, widened
from briefs.search.rank import Ranked, rank
from briefs.search.scope import Sources, checker, named_sources, read_as, sources_like, with_choices, within
from briefs.search.semantic import in_part, near_notice, nearest_articles, nearest_passages
from briefs.search.transliteration import heard, in_other_scripts
from briefs.search.wording import Wording
from briefs.store.articles import Articles
from briefs.store.database import Connection
from briefs.store.visible import publishes
from briefs.text.aliases import Aliases
from briefs.text.packed import Candidate
from briefs.text.query import Query, QueryTerm, Terms, attested, forms, in_capitals, parse_query, unseen
from briefs.topics import Asked

if TYPE_CHECKING:
    from briefs.search.dense import Dense

WINDOWS = (timedelta(days=7), timedelta(days=30), timedelta(days=90))  # the shortest with enough articles is searched
_ENOUGH = 20  # articles with every word of the query: then older ones are not searched
_MOST_WORDS = 100  # of a query, the rarest, are looked for: nobody types more, but some paste more
_SENTENCES = 20_000  # read for one answer at most: two thick books
_LONGEST_NAME = 6  # words of a source
_NAMED = 3  # sources that may have been meant
_PLAIN = Weights(reread=0, pieces=0.0, near=0.0, related=0.0)  # without reranking: its sentences are read anyway


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found: articles in order.

    candidates: what was ranked. within: the limits it had. read_as: what was understood of it, None where its words
    were taken as they stand.
    """

    query: Query
    candidates: Sequence[Candidate]
    ranked: Sequence[Ranked]
    statistics: Statistics
    asked: Asked
    within: Within
    read_as: ReadAs | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """A parsed query, with its corrections, completed beginnings, and names in other scripts."""

    query: Query
    corrections: Sequence[tuple[str, str]] = ()
    beginnings: Sequence[tuple[str, tuple[str, ...]]] = ()
    names: Sequence[tuple[str, tuple[str, ...]]] = ()


class LookUp:
    """Looks queries up in one snapshot of an archive.

    seen: the sources that the reader sees; document frequencies are of all articles. dense: finds what is near in
    meaning by an embedding model; word vectors do for articles that it has not read.
    """

    def __init__(
        self,
        connection: Connection,
        articles: Articles,
        index: SearchIndex,
        aliases: Aliases,
        clock: Callable[[], datetime],
        seen: Seen = None,
        dense: Dense | None = None,
    ) -> None:
        self.connection = connection
        self.seen = seen
        self._articles = articles
        self._finder, self._lexicon = index.on(connection)
        self._wording = Wording(connection, articles, self._finder, self._lexicon, seen)
        self._aliases = aliases
        self._clock = clock
        self._dense = dense

    def find(
        self,
        asked: Asked,
        *,
        languages: Sequence[str] | None = None,
        since: datetime | None = None,
        recency: bool = True,
        confident: bool = True,
    ) -> Found:
        """Return the articles that have words of a query and are within its limits, best first.

        A query without words returns those within the limits, newest first. Options: see `Archive.search` and `rank`.
        """
        asked = self._source_alone(asked)
        found = self._found(asked, languages, since, recency, confident)
        if asked.must and not found.ranked:
            freely = replace(asked, must=(), choices=())
            found = self._found(freely, languages, since, recency, confident, loosened=asked)
        return found

    def _found(
        self,
        asked: Asked,
        languages: Sequence[str] | None,
        since: datetime | None,
        recency: bool,
        confident: bool,
        loosened: Asked | None = None,
    ) -> Found:
        languages = asked.languages or languages
        spoken = languages or self._articles.languages_seen(*self._now, self.seen)
        read = self._query(asked, spoken)
        query = read.query
        statistics = self.statistics()
        words = _alternatives(query)
        inside = within(asked, spoken, self._aliases, lambda: self._sources())
        first_row = self._articles.first_row(self.connection, since) if since else 0
        if recency and words and not inside.has_limits:
            first_row = max(first_row, self._window(words, first_row))
        inside = replace(inside, first_row=first_row, languages=languages, seen=self.seen)
        alone = not words and not asked.has_filters  # stop words only
        candidates = [] if alone else self._candidates(words, inside)
        now_ms = int(self._clock().timestamp() * 1000) if recency else None
        ranked = (
            rank(query, candidates, statistics, now_ms=now_ms, confident=confident)
            if words
            else _as_they_come(candidates)
        )
        ranked = [one for one, _ in self._fitting(asked, ranked)]
        understood = read_as(
            loosened or asked,
            self._aliases,
            loosened=loosened is not None,
            corrections=read.corrections,
            beginnings=read.beginnings,
            names=read.names,
        )
        return Found(query, candidates, ranked, statistics, asked, inside, understood)

    def _query(self, asked: Asked, spoken: Sequence[str]) -> _Read:
        """Parse a look-up, with the forms of its words that the archive has."""
        if not asked.text and (asked.has_filters or asked.must):
            return _Read(Query("", tuple(spoken), ()))
        read = self._words(asked, asked.text, spoken)
        text, corrections = self._wording.corrected(read.query, [word for word, _ in read.beginnings])
        if corrections:  # what was meant may have other names
            read = replace(self._words(asked, text, spoken), corrections=corrections)
        query, names = self._wording.named(_shortened(read.query, self._lexicon))
        return replace(read, query=query, names=[*read.names, *names])

    def _words(self, asked: Asked, text: str, spoken: Sequence[str]) -> _Read:
        query = parse_query(text, languages=spoken, aliases=with_choices(self._aliases, asked))
        names = heard(query)
        self._lexicon.known([*forms(query), *names.terms])  # at once: what follows asks about some of them each
        query = self.attested(query)
        if not query.content:
            query = in_capitals(query, self._lexicon.known)
        query, beginnings = self._wording.completed(query, asked.beginnings)
        query, others = in_other_scripts(query, names, self._lexicon.known, self._wording.articles_with)
        return _Read(query, (), beginnings, others)

    def _source_alone(self, asked: Asked) -> Asked:
        """Read a query that is just the name of a source as a limit to that source."""
        if asked != Asked(asked.text) or not asked.text or len(asked.text.split()) > _LONGEST_NAME:
            return asked
        named = named_sources(asked.text, self._sources())
        name = next((one for one in named if publishes(self.connection, self.seen, one)), None)
        return Asked("", sources=(name,)) if name else asked

    def _sources(self) -> Sources:
        return self._articles.sources(*self._now)

    def _fitting(self, asked: Asked, ranked: Sequence[Ranked]) -> list[tuple[Ranked, Analysed | None]]:
        """Return the articles within the limits to the letter, with their texts if these had to be read for it."""
        fits = checker(asked, self._aliases)
        if fits is None:
            return [(one, None) for one in ranked]
        return [(one, analysed) for one, analysed in self.read(ranked) if fits(analysed)]

    def nearby(self, found: Found, limit: int) -> tuple[Found, list[tuple[Ranked, Analysed]], Notice | None]:
        """Return the result with the expanded query, the articles nearest in meaning, best first, and the notice.

        If nothing is near: the result as it was, the articles that have a part of the query, and their notice.
        """
        query = self.attested(widened(weighed(found.query, found.statistics)))
        if self._dense:
            read = self._by_passages(self._dense, found, query, limit)
        else:
            read = self._by_words(found, query, limit)
        if not read:
            part = in_part(found.query, found.ranked, found.statistics)[:limit]
            missing = unseen(found.query, frozenset().union(*(one.found for one in part)))
            return found, self.read(part), Notice("near" if missing else "related", missing) if part else None
        notice = near_notice(found.query, query, [analysed for _, analysed in read])
        return replace(found, query=query), read, notice

    def _by_words(self, found: Found, query: Query, limit: int) -> list[tuple[Ranked, Analysed]]:
        words, inside = _alternatives(query), replace(found.within, every=())
        known = words == _alternatives(found.query) and inside == found.within  # names have no other words
        candidates = found.candidates if known else self._candidates(words, inside)
        ranked = rank(query, candidates, found.statistics, weights=_PLAIN)[:limit]
        ranked = [one for one, _ in self._fitting(replace(found.asked, must=()), ranked)]
        likely = {one.candidate.row: one.confidence for one in found.ranked}
        return nearest_articles(found.query, query, self.read(ranked), likely, found.statistics.articles)

    def _by_passages(self, dense: Dense, found: Found, query: Query, limit: int) -> list[tuple[Ranked, Analysed]]:
        within = replace(found.within, every=())
        allowed = partial(self._articles.inside, self.connection, within)
        text, first_row = found.query.text, within.first_row
        if (nearest := dense.nearest(self.connection, text, allowed, limit, first_row)) is None:
            return self._by_words(found, query, limit)
        near = {one.row: one for one in nearest}
        candidates = [one for one in self._articles.candidates(self.connection, [*near]) if within.has_words_of(one)]
        ranked = [one for one, _ in self._fitting(replace(found.asked, must=()), _as_they_come(candidates))]
        read = nearest_passages(query, self.read(ranked), near)
        if not dense.has_read_all(self.connection):
            words = self._by_words(found, query, limit)
            unread = dense.unread(self.connection, [one.candidate.row for one, _ in words])
            read += [one for one in words if one[0].candidate.row in unread]
        return read[:limit]

    @property
    def is_partial(self) -> bool:
        """Whether only the newest articles could be searched so far."""
        return self._finder.after > 0

    def _window(self, words: Sequence[Sequence[tuple[str, ...]]], least: int) -> int:
        """Return the first row of the shortest window that has enough articles with every word; else `least`."""
        frequencies = self._lexicon.frequencies(chain.from_iterable(words))
        if any(sum(frequencies[terms].articles for terms in word) < _ENOUGH for word in words):
            return least
        starts = self._articles.windows(self.connection, self._clock(), WINDOWS)
        starts = [row for row in starts if row > max(least, 1)]
        after = starts[-1] - 1 if starts else 0
        newest = self._finder.rows_with_all(words, after=after, newest=_ENOUGH, seen=self.seen) if starts else []
        return next(row for row in starts if row <= newest[0]) if len(newest) == _ENOUGH else least

    def _candidates(self, words: Sequence[Sequence[Terms]], inside: Within) -> list[Candidate]:
        """Return candidates, newest first; those that an index outside the database lacks so far, by reading."""
        found, through = self._finder.candidates(words, inside), self._finder.through
        late = self._articles.beyond(self.connection, through, inside) if through < EVERYTHING else []
        read = (one for one in self._articles.candidates(self.connection, late) if inside.has_words_of(one))
        return [*read, *(one for one in found if one.row <= through)]

    def nearest(self, query: Query, words: Sequence[str]) -> list[str]:
        """Return words of the archive that look like words of a query: see `Wording.nearest`."""
        return self._wording.nearest(query, words)

    def unmet(self, asked: Asked) -> Notice | None:
        """Return the word on the first limit of a look-up that no article meets, whatever is asked; None for none."""
        searched = self.searched()
        if asked.sources and not self._is_met(Asked("", sources=asked.sources)):
            like = sources_like(asked.sources, (name for name, _ in self._sources()))
            seen = (name for name in like if publishes(self.connection, self.seen, name))
            return Notice("source", asked.sources, tuple(islice(seen, _NAMED)))
        if asked.titles and not self._is_met(Asked("", titles=asked.titles)):
            return Notice("title", asked.titles)
        if asked.languages and not {*asked.languages} & {*self._articles.languages_seen(*self._now, self.seen)}:
            return Notice("language", asked.languages)
        if asked.since and searched.newest and searched.newest < asked.since:
            return Notice("since")
        if asked.before and searched.oldest and searched.oldest >= asked.before:
            return Notice("before")
        return None

    def _is_met(self, limit: Asked) -> bool:
        return bool(self._found(limit, None, None, recency=False, confident=False).ranked)

    def read(self, best: Sequence[Ranked]) -> list[tuple[Ranked, Analysed]]:
        """Return ranked articles with their texts, in the same order; of long ones only the beginning."""
        stored = self._articles.by_rows(self.connection, [one.candidate.row for one in best])
        most = _fair_share([len(one.analysed.sentences) for one in stored], _SENTENCES)
        read = (replace(one.analysed, sentences=one.analysed.sentences[:most]) for one in stored)
        return list(zip(best, read, strict=True))

    def attested(self, query: Query) -> Query:
        """Return a query with only the alternatives that the archive has."""
        return attested(query, self._lexicon.known)

    def statistics(self) -> Statistics:
        """Return the counts over all articles that BM25 needs."""
        return Statistics(self._lexicon.totals.articles, self._lexicon.totals.terms, self._count)

    def _count(self, many: Iterable[Terms]) -> dict[Terms, int]:
        return {terms: one.articles for terms, one in self._lexicon.frequencies(many).items()}

    def searched(self) -> Searched:
        """Return how many articles the reader sees, and what days they are of."""
        return self._articles.searched(*self._now, self.seen)

    @property
    def _now(self) -> tuple[Connection, datetime, int]:
        return self.connection, self._clock(), self._lexicon.totals.changes

    def sentence_idf(self, statistics: Statistics, articles: Sequence[Analysed]) -> Callable[[str], float]:
        """Return how rare a term is among the sentences of the archive.

        The archive counts how often a term stands, not in how many sentences; a term seldom stands twice in one. The
        number of sentences is what it would be if all were as long as those just found.
        """
        terms = sum(len(analysed.body_terms) for analysed in articles)
        sentences = sum(len(analysed.sentences) for analysed in articles)
        whole = replace(statistics, articles=max(1, round(statistics.terms * sentences / max(1, terms))))
        return lambda term: whole.idf(self._lexicon.frequencies(((term,),))[term,].occurrences)


def _fair_share(sizes: Sequence[int], together: int) -> int:
    """Return the largest share of `together` for each, where what short ones leave goes to the long ones."""
    for number, size in enumerate(sorted(sizes)):
        share = together // (len(sizes) - number)
        if size > share:
            return share
        together -= size
    return max(sizes, default=0)


def _alternatives(query: Query) -> list[tuple[Terms, ...]]:
    return [tuple(word.alternatives) for word in query.content]


def _as_they_come(candidates: Sequence[Candidate]) -> list[Ranked]:
    """Give articles that nothing but limits asks for, in their order.

    The last scores half of the first: coming later makes none so much lower that it could not lead a story.
    """
    count = len(candidates)
    return [Ranked(one, 1 - n / (2 * count), Reasons(), frozenset(), 1.0) for n, one in enumerate(candidates)]


def _shortened(query: Query, lexicon: Lexicon) -> Query:
    """Return a query without its commonest words, if it has more than _MOST_WORDS."""
    if len(query.content) <= _MOST_WORDS:
        return query

    def commonness(word: QueryTerm) -> tuple[bool, int]:
        articles = max(one.articles for one in lexicon.frequencies(word.alternatives).values())
        return articles == 0, articles  # a word that no article has finds none

    kept = {word.start for word in sorted(query.content, key=commonness)[:_MOST_WORDS]}
    return replace(query, groups=tuple(word for word in query.groups if word.start in kept))
