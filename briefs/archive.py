"""The archive: articles in, answers out. The face of the core.

add      articles → analysed → stored and indexed in one commit
search   query → words → time window → candidates (full-text index) → order (BM25) → hits
brief    query → the same → only what answers it → stories → quotes
digest   topic → new articles that match (full-text index, then to the letter) → order → stories → what is new in them
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from types import TracebackType

from briefs import compose, digests
from briefs.bm25 import Statistics
from briefs.filing import TopicIndex, key_of, names_of
from briefs.joining import Joining
from briefs.models import (
    Analysed,
    Article,
    Brief,
    Digest,
    Hit,
    Notice,
    Omitted,
    Outlook,
    Reasons,
    Searched,
    Story,
    Told,
    Wish,
)
from briefs.nearby import near_notice, nearest_articles
from briefs.rank import Ranked, rank
from briefs.store.articles import Articles, Filed, Stored
from briefs.store.database import Connection, Database, to_ms, turn
from briefs.store.gin import GinIndex
from briefs.store.index import Counter, Fts5Index, SearchIndex
from briefs.store.matching import Match, Matches, matching_rows
from briefs.text.addresses import spellings
from briefs.text.aliases import Aliases
from briefs.text.analyse import analyse
from briefs.text.languages import UNSURE
from briefs.text.packed import Candidate, length_of, pack
from briefs.text.query import Query, QueryTerm, attested, parse_query
from briefs.text.related import is_word
from briefs.text.spelling import corrected, nearest
from briefs.text.terms import fold
from briefs.text.terms import terms as terms_of
from briefs.text.widened import widened
from briefs.topics import Judgement, Topic, Verdict, parse_topic, required
from briefs.topics import words as topic_words

WINDOWS = (timedelta(days=7), timedelta(days=30), timedelta(days=90))
_ENOUGH = 20  # articles with every word of the query: then older ones are not looked at
_READ = 20  # articles whose sentences are read for a brief
_MOST_WORDS = 100  # of a query are looked for, the rarest: nobody types more, but some paste more
_CORRECTED = 5  # words of a query: one with more unknown words is in no language we know
_READ_AT_ONCE = 500  # articles whose match with a topic is checked together
_GROUPED = 300  # articles of a digest that are read; further ones are only counted
_NAMED_OMITTED = 20  # articles left out of a digest that are named, for each reason
_LOOKED_THROUGH = 500  # terms of the vocabulary that begin as a word does, for those nearest to it
_NAMED = 3  # words that are missing, whose nearest ones are looked for


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a query found: articles in order, and how its words were read. corrections: written → read as."""

    query: Query
    ranked: Sequence[Ranked]
    statistics: Statistics
    corrections: Sequence[tuple[str, str]]


class Archive:
    """All articles of one database, to search in several languages at once. Usable from several threads."""

    def __init__(
        self, database: Database, aliases: Aliases | None = None, *, clock: Callable[[], datetime] = _now
    ) -> None:
        self.database = database
        self.aliases = aliases or Aliases()
        self._clock = clock
        self._articles = Articles(database)
        self._matches = Matches()
        self._joining = Joining(database, self.aliases, clock)
        self._filed: tuple[object, TopicIndex] | None = None
        self._index: SearchIndex = GinIndex() if database.shared else Fts5Index()

    @classmethod
    def open(cls, url: str, *, aliases: Aliases | None = None, clock: Callable[[], datetime] = _now) -> Archive:
        """Open the archive at a database address; see `Database.open` for what can go wrong."""
        return cls(Database.open(url), aliases, clock=clock)

    def knowing(self, groups: Sequence[Sequence[str]]) -> Archive:
        """Return the same archive for readers who have more names for things: groups of names of the same thing."""
        if not groups:
            return self
        theirs = Archive(self.database, self.aliases + Aliases(groups), clock=self._clock)
        theirs._index = self._index
        return theirs

    def close(self) -> None:
        """Give back what the database holds."""
        self.database.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------ in

    def add(self, articles: Iterable[Article | Analysed]) -> int:
        """Analyse, store and index articles in one commit; return how many have an id that was not there."""
        return len(self.file(articles).new)

    def file(self, articles: Iterable[Article | Analysed]) -> Filed:
        """Do what `add` does, and tell which ones were new, changed and unchanged."""
        # Analysed first: the writer's lock is not held while we think.
        analysed = [article if isinstance(article, Analysed) else analyse(article) for article in articles]
        filed = self._articles.file(analysed, self._clock())
        self._note_matches(filed.changed)
        self._joining.catch_up()
        return filed

    def forget(self, before: datetime) -> None:
        """Drop what is noted of topics that nobody has asked for since an instant, and close stories that ended."""
        with self.database.write() as connection:
            self._matches.forget(connection, before)
            self._joining.forget(connection)

    # ------------------------------------------------------------ out

    def article(self, name: str) -> Article | None:
        """Return the article with this id."""
        stored = self._articles.get(name)
        return None if stored is None else stored.analysed.article

    def found_at(self, address: str) -> Stored | None:
        """Return the article at an address, however it is written: with a fragment, a slash or a campaign's marks."""
        return self._articles.at(spellings(address))

    def story(self, name: str) -> Story | None:
        """Return what is known of the story of the article with this id; `articles` has that one only."""
        stored = self._articles.get(name)
        if stored is None:
            return None
        with self.database.read() as connection:
            return self._joining.stories(connection, [stored.row])[0]

    def judge(self, topic: Topic, stored: Stored) -> Judgement:
        """Say whether a topic takes an article, and what that hangs on."""
        return topic.matcher(self.aliases).judgement(stored.analysed, stored.seen_at)

    def position(self) -> int:
        """Return the row of the newest article; 0 in an empty archive. Later articles have larger ones."""
        return self._articles.position()

    def size(self) -> Searched:
        """Return how many articles there are and what days they are of."""
        with self.database.read() as connection:
            return self._articles.searched(connection, self._clock())

    def search(
        self,
        query: str,
        limit: int = 10,
        *,
        languages: Sequence[str] | None = None,
        since: datetime | None = None,
        recency: bool = True,
    ) -> list[Hit]:
        """Return the articles that have words of the query, best first.

        languages: only articles in these. since: only what came in at or after that instant. recency: let new articles
        come first among equals, and look at older ones only when few of the last week, month or quarter have all words.
        Raises UsageError for an empty or endless query.
        """
        with self.database.read() as connection:
            best = self._find(connection, query, languages, since, recency).ranked[:limit]
            articles = self._articles.shown(connection, [ranked.candidate.row for ranked in best])
        return [Hit(article, one.score, one.reasons) for article, one in zip(articles, best, strict=True)]

    def brief(
        self,
        query: str,
        *,
        limit: int = 5,
        languages: Sequence[str] | None = None,
        since: datetime | None = None,
        reader: str | None = None,
    ) -> Brief:
        """Answer a query by stories with quotes, best first, and say honestly what was not found.

        An article that shares only an incidental word with the query is no answer. Options as for `search`;
        reader: their language, in which a story is told unless the query's own or a far better article decides.
        """
        started = time.perf_counter()
        with self.database.read() as connection:
            found = self._find(connection, query, languages, since, recency=True)
            answering = compose.answering(found.query, found.ranked)[:_READ]
            read = [(ranked, one.analysed) for ranked, one in self._stored(connection, answering)]
            notice = None
            if not read and found.query.content:
                found, read, notice = self._nearby(connection, found, languages, since)
            idf = self._sentence_idf(connection, found, [analysed for _, analysed in read])
            told = self._joining.stories(connection, [ranked.candidate.row for ranked, _ in read])
            chosen = compose.top_stories(found.query, read, told, idf=idf, limit=limit, reader=reader)
            notice = notice or compose.notice(
                found.query,
                answering,
                corrections=found.corrections,
                nearest=lambda words: self._nearest(connection, words),
            )
            searched = self._articles.searched(connection, self._clock())
        spoken = tuple(language for language in found.query.languages if language != "und")
        took_ms = (time.perf_counter() - started) * 1000
        return Brief(found.query.text, spoken, chosen, searched, notice, took_ms)

    def digest(
        self,
        topic: Topic,
        *,
        after: int = 0,
        through: int | None = None,
        since: datetime | None = None,
        told: Told | None = None,
        limit: int = 5,
        wishes: Sequence[Wish] = (),
        reader: str | None = None,
    ) -> Digest:
        """Tell what is new on a topic, as stories with quotes, best first.

        after, through: positions of the archive; the articles behind the first, up to the second (None: all there are).
        since: the articles that came in at or after that instant, instead of `after`. told: what the reader knows
        already, which is not told again. limit: stories with quotes; others follow in `more`. wishes: what readers want
        more and less of. reader: the language to tell a story in, where it has an article in it that is not far worse.
        """
        told = told or Told()
        self._watch(topic)
        last = self.position()
        through = last if through is None else min(through, last)
        with self.database.read() as connection:
            after = after if since is None else self._articles.first_row(connection, since) - 1
            taken, excluded = self._matching(connection, topic, after, through)
            new = [one for one in taken if one.analysed.article.id not in told.articles]
            again = [one for one in taken if one.analysed.article.id in told.articles]
            chosen = digests.Edition((), (), {})
            if new:
                chosen = self._edition(connection, topic, new, told, limit, wishes, reader)
        left_out = {"excluded": len(excluded), "repeat": len(again) + chosen.left_out.get("repeat", 0)}
        left_out["cut"] = chosen.left_out.get("cut", 0)
        return Digest(
            topic=topic.name,
            since=since,
            until=self._clock(),
            through=through,
            articles=len(new),
            publishers=len({one.analysed.article.source or one.analysed.article.id for one in new}),
            stories=chosen.stories,
            more=chosen.more,
            left_out={reason: count for reason, count in left_out.items() if count},
            omitted=(
                *(Omitted(one.analysed.article, "excluded") for one in excluded[-_NAMED_OMITTED:]),
                *(Omitted(one.analysed.article, "repeat") for one in again[-_NAMED_OMITTED:]),
                *chosen.omitted[:_NAMED_OMITTED],
            ),
        )

    def outlook(self, topic: Topic, since: datetime, *, samples: int = 3) -> Outlook:
        """Say how many stories a topic would have brought since an instant, and show the best of them."""
        self._watch(topic)
        with self.database.read() as connection:
            last = self._matches.last(connection)
            after = self._articles.first_row(connection, since) - 1
            taken, _ = self._matching(connection, topic, after, last)
            if not taken:
                older, _ = self._matching(connection, topic, 0, after)
                shown = self._edition(connection, topic, older[-_GROUPED:], Told(), samples).stories if older else ()
                return Outlook((), shown)
            made = self._edition(connection, topic, taken, Told(), samples)
        seen_at = {one.analysed.article.id: one.seen_at for one in taken}
        first_seen = [min(seen_at.pop(article.id) for article in story.articles) for story in made.everything]
        return Outlook((*first_seen, *seen_at.values()), made.stories)  # what is not grouped counts one by one

    # ------------------------------------------------------------ what topics take, as articles come in

    def _watch(self, topic: Topic) -> None:
        """Match a topic that stays with all there is, once; from then on articles are matched as they come in."""
        if not topic.kept:
            return
        key, names = key_of(topic, self.aliases), names_of(topic, self.aliases)
        with self.database.read() as connection:
            known = self._matches.watch(connection, key)
        if known is not None:
            if known.used_at < self._clock() - timedelta(days=1):
                with self.database.write() as connection:
                    self._matches.use(connection, key, self._clock())
            return
        with self.database.read() as connection:
            # Before the writer's lock is taken; what comes in meanwhile is caught up with the next articles.
            through = self._matches.last(connection)
            taken, excluded = self._matching(connection, topic, 0, through)
        found = sorted([(one.row, False) for one in taken] + [(one.row, True) for one in excluded])
        with self.database.write() as connection:
            turn(connection, "matching")
            meant = (str(topic.expression), topic.languages, names)
            self._matches.add(connection, key, meant, found, through, self._clock())

    def _note_matches(self, changed: Sequence[str]) -> None:
        """Match the articles that came in, and those that changed, with every topic that is watched."""
        with self.database.read() as connection:
            if self._matches.behind(connection) is None:
                return
        with self.database.write() as connection:
            turn(connection, "matching")
            behind, last = self._matches.behind(connection) or 0, self._matches.last(connection)
            self._note(connection, self._articles.by_rows(connection, self._matches.rows_of(connection, changed)))
            for start in range(behind, last, _READ_AT_ONCE):
                end = min(last, start + _READ_AT_ONCE)
                self._note(connection, self._articles.between(connection, start, end))
            self._matches.reached(connection, last)

    def _note(self, connection: Connection, articles: Sequence[Stored]) -> None:
        index = self._topics(connection)
        matches = [
            Match(watch, one.row, verdict is Verdict.EXCLUDED)
            for one in articles
            for watch, verdict in index.verdicts(one.analysed, one.seen_at).items()
        ]
        self._matches.note(connection, [one.row for one in articles], matches)

    def _topics(self, connection: Connection) -> TopicIndex:
        """Return every watched topic, filed; made anew when one comes or goes, or the archive learns a language."""
        state = (self._matches.version(connection), self._articles.languages(connection))
        if self._filed is None or self._filed[0] != state:
            count = self._index.counter(connection)
            index = TopicIndex(state[1], lambda term: count((term,)).articles)
            for watch in self._matches.watches(connection):
                index.add(watch.id, Topic("", parse_topic(watch.expression), watch.languages), watch.names)
            self._filed = (state, index)
        return self._filed[1]

    # ------------------------------------------------------------ steps of a digest

    def _matching(
        self, connection: Connection, topic: Topic, after: int, through: int
    ) -> tuple[list[Stored], list[Stored]]:
        """Return the articles of a stretch that a topic takes, and those that only its "- word" kept out."""
        verdicts: list[tuple[Verdict, Stored]] = []
        watch = self._matches.watch(connection, key_of(topic, self.aliases)) if topic.kept else None
        if watch is not None and after < watch.through:
            noted = dict(self._matches.found(connection, watch, after, through))
            for start in range(0, len(noted), _READ_AT_ONCE):
                for stored in self._articles.by_rows(connection, [*noted][start : start + _READ_AT_ONCE]):
                    verdicts.append((Verdict.EXCLUDED if noted[stored.row] else Verdict.TAKEN, stored))
            after = min(through, watch.through)
        spoken = self._articles.languages(connection)
        rows = matching_rows(connection, required(topic.expression, spoken, self.aliases), after=after, through=through)
        matcher = topic.matcher(self.aliases)
        for start in range(0, len(rows), _READ_AT_ONCE):
            for stored in self._articles.by_rows(connection, rows[start : start + _READ_AT_ONCE]):
                verdicts.append((matcher.verdict(stored.analysed, stored.seen_at), stored))
        taken = [stored for verdict, stored in verdicts if verdict is Verdict.TAKEN]
        return taken, [stored for verdict, stored in verdicts if verdict is Verdict.EXCLUDED]

    def _edition(
        self,
        connection: Connection,
        topic: Topic,
        new: Sequence[Stored],
        told: Told,
        limit: int,
        wishes: Sequence[Wish] = (),
        reader: str | None = None,
    ) -> digests.Edition:
        spoken = self._articles.languages(connection)
        asked = parse_query(" ".join(topic_words(topic.expression)), languages=spoken, aliases=self.aliases)
        asked = attested(asked, partial(self._index.known, connection))
        query = replace(asked, language=UNSURE)  # a topic is of no language: none is marked down
        count = self._index.counter(connection)
        totals = self._index.totals(connection)
        statistics = Statistics(totals.articles, totals.terms, lambda terms: count(terms).articles)
        candidates = [_candidate(one) for one in new]
        ranked = rank(query, candidates, statistics, now_ms=to_ms(self._clock()))
        # What has only words too common to be looked up ("WHO") has no score, and matches all the same.
        scored = {one.candidate.row for one in ranked}
        ranked += [Ranked(one, 0.0, Reasons(), frozenset(), 0.0) for one in candidates if one.row not in scored]
        by_row = {one.row: one.analysed for one in new}
        read = [(one, by_row[one.candidate.row]) for one in ranked[:_GROUPED]]
        found = _Found(query, ranked, statistics, ())
        read_rows = {one.candidate.row for one, _ in read}
        earlier = self._earlier(connection, read_rows, told)
        edition = digests.edition(
            query,
            read,
            self._joining.stories(connection, [*read_rows, *(one.row for one in earlier)]),
            told=told,
            idf=self._sentence_idf(connection, found, [analysed for _, analysed in read]),
            limit=limit,
            earlier=[one.analysed for one in earlier],
            wishes=wishes,
            reader=reader,
        )
        unread = len(new) - len(read)
        return replace(edition, left_out={**edition.left_out, "cut": edition.left_out.get("cut", 0) + unread})

    def _earlier(self, connection: Connection, rows: Collection[int], told: Told) -> list[Stored]:
        """Return the articles that were told of the stories that these rows go on with."""
        return self._articles.named(
            connection, [one for one in self._joining.beside(connection, rows) if one in told.posts]
        )

    # ------------------------------------------------------------ steps of a look-up

    def _find(
        self,
        connection: Connection,
        text: str,
        languages: Sequence[str] | None,
        since: datetime | None,
        recency: bool,
    ) -> _Found:
        spoken = languages or self._articles.languages(connection)
        query = parse_query(text, languages=spoken, aliases=self.aliases)
        count = self._index.counter(connection)
        query = attested(query, partial(self._index.known, connection))
        query, corrections = self._corrected(connection, query, count)
        query = _shortened(query, count)
        totals = self._index.totals(connection)
        statistics = Statistics(totals.articles, totals.terms, lambda terms: count(terms).articles)
        words = [tuple(word.alternatives) for word in query.content]
        first_row = self._articles.first_row(connection, since) if since else 0
        if recency and words:
            first_row = max(first_row, self._window(connection, words, first_row))
        candidates = self._index.candidates(connection, words, first_row=first_row, languages=languages)
        now_ms = int(self._clock().timestamp() * 1000) if recency else None
        return _Found(query, rank(query, candidates, statistics, now_ms=now_ms), statistics, corrections)

    def _nearby(
        self, connection: Connection, found: _Found, languages: Sequence[str] | None, since: datetime | None
    ) -> tuple[_Found, list[tuple[Ranked, Analysed]], Notice | None]:
        """Return how the query was widened, what says it in other words, nearest first, and the word on it.

        Where nothing comes near, all is as it was.
        """
        query = attested(widened(found.query), partial(self._index.known, connection))
        words = [tuple(word.alternatives) for word in query.content]
        first_row = self._articles.first_row(connection, since) if since else 0
        candidates = self._index.candidates(connection, words, first_row=first_row, languages=languages)
        ranked = rank(query, candidates, found.statistics)[:_READ]
        read = nearest_articles(query, [(one, stored.analysed) for one, stored in self._stored(connection, ranked)])
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

    def _nearest(self, connection: Connection, words: Sequence[str]) -> list[str]:
        """Return terms of the archive that look like these words."""
        found: list[str] = []
        for word in words[:_NAMED]:
            vocabulary = self._index.vocabulary(connection, fold(word)[:3], _LOOKED_THROUGH)
            found += (near for near in nearest(word, vocabulary) if near != fold(word))
        return list(dict.fromkeys(found))

    def _stored(self, connection: Connection, best: Sequence[Ranked]) -> list[tuple[Ranked, Stored]]:
        stored = self._articles.by_rows(connection, [one.candidate.row for one in best])
        return list(zip(best, stored, strict=True))

    def _sentence_idf(
        self, connection: Connection, found: _Found, articles: Sequence[Analysed]
    ) -> Callable[[str], float]:
        """Return how rare a term is among the sentences of the archive.

        The archive counts how often a term stands, not in how many sentences; a term seldom stands twice in one. The
        number of sentences is what it would be if all were as long as those just found.
        """
        terms = sum(len(analysed.body_terms) for analysed in articles)
        sentences = sum(len(analysed.sentences) for analysed in articles)
        count = self._index.counter(connection)
        whole = Statistics(
            max(1, round(found.statistics.terms * sentences / max(1, terms))),
            found.statistics.terms,
            lambda terms: count(terms).occurrences,
        )
        return lambda term: whole.idf(whole.document_frequency((term,)))


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


def _candidate(stored: Stored) -> Candidate:
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
