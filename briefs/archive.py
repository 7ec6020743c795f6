"""The archive: articles in, answers out. The face of the core.

add      articles → analysed → stored and indexed in one commit
search   query → words → time window → candidates (full-text index) → order (BM25) → hits
brief    query → the same → only what answers it → stories → quotes
digest   topic → new articles that match (full-text index, then to the letter) → order → stories → what is new in them
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from types import TracebackType

from briefs import answer, digests
from briefs.clustering.incremental import Joining
from briefs.models import (
    Analysed,
    Article,
    Brief,
    Digest,
    Hit,
    Moment,
    Notice,
    Omitted,
    Outlook,
    Reasons,
    Searched,
    Story,
    Told,
    TopStory,
    Wish,
)
from briefs.quoting.corrections import corrected
from briefs.quoting.timeline import moments
from briefs.search.lookup import LookUp
from briefs.search.rank import Ranked, candidate_of, rank
from briefs.shared_work import SharedWork
from briefs.store.articles import Articles, Filed, Stored
from briefs.store.database import Connection, Database, to_ms
from briefs.store.postgres_gin import GinIndex
from briefs.store.sqlite_fts import Fts5Index, SearchIndex
from briefs.text.addresses import spellings
from briefs.text.aliases import Aliases
from briefs.text.analyse import analyse
from briefs.text.detection import UNSURE
from briefs.text.query import parse_query
from briefs.topic_news import News, Quotable
from briefs.topics import Judgement, Topic, Verdict, parse_look_up, required
from briefs.topics import words as topic_words
from briefs.topics.percolator import key_of
from briefs.topics.pieces import printable
from briefs.topics.saved_searches import SavedSearches

_READ = 20  # articles whose sentences are read for a brief
_GROUPED = 300  # articles of a digest that are read; further ones are only counted
_OF_A_STORY = 100  # articles that its timeline is made of
_NAMED_OMITTED = 20  # articles left out of a digest that are named, for each reason


def _now() -> datetime:
    return datetime.now(UTC)


class Archive:
    """All articles of one database, to search in several languages at once. Usable from several threads."""

    def __init__(
        self,
        database: Database,
        aliases: Aliases | None = None,
        *,
        clock: Callable[[], datetime] = _now,
        index: SearchIndex | None = None,
    ) -> None:
        self.database = database
        self.aliases = aliases or Aliases()
        self._clock = clock
        self._articles = Articles(database)
        self._joining = Joining(database, self.aliases, clock)
        self._index = index or (GinIndex() if database.shared else Fts5Index())
        self._look_up = LookUp(self._articles, self._index, self.aliases, clock)
        self._saved_searches = SavedSearches(database, self._articles, self._index, self.aliases, clock)

    @classmethod
    def open(cls, url: str, *, aliases: Aliases | None = None, clock: Callable[[], datetime] = _now) -> Archive:
        """Open the archive at a database address; see `Database.open` for what can go wrong."""
        return cls(Database.open(url), aliases, clock=clock)

    def knowing(self, groups: Sequence[Sequence[str]]) -> Archive:
        """Return the same archive for readers who have more names for things: groups of names of the same thing."""
        if not groups:
            return self
        return Archive(self.database, self.aliases + Aliases(groups), clock=self._clock, index=self._index)

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
        self._saved_searches.note(filed.changed)
        self._joining.catch_up()
        return filed

    def amend(self, name: str, *, url: str | None = None, published: datetime | None = None) -> None:
        """Note where the article with this id stands now, and what date it has now, where they are given."""
        self._articles.amend(name, url, published)

    def forget(self, before: datetime) -> None:
        """Drop what is noted of topics that nobody has asked for since an instant, and close stories that ended."""
        with self.database.write() as connection:
            self._saved_searches.forget(connection, before)
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

    def timeline(self, name: str, told: Told, reader: str | None = None) -> list[Moment]:
        """Return the story of the article with this id day by day, oldest first; empty where there is none.

        told: what the reader was told, to be marked. reader: their language.
        """
        stored = self._articles.get(name)
        if stored is None:
            return []
        with self.database.read() as connection:
            read = self._joining.course(connection, stored.row, _OF_A_STORY)
        return moments(read or [(stored.seen_at, stored.analysed)], told, reader)

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
        The query may have signs and filters: see `topics.query_syntax`. Raises UsageError for an empty or endless one.
        """
        asked = parse_look_up(query, self._clock())
        with self.database.read() as connection:
            found = self._look_up.find(connection, asked, languages=languages, since=since, recency=recency)
            best = found.ranked[:limit]
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
        zone: tzinfo = UTC,
    ) -> Brief:
        """Answer a query by stories with quotes, best first, and say honestly what was not found.

        An article that shares only an incidental word with the query is no answer. Options as for `search`;
        reader: their language, in which a story is told unless the query's own or a far better article decides.
        zone: where their days begin.
        """
        started = time.perf_counter()
        asked = parse_look_up(query, self._clock().astimezone(zone))
        with self.database.read() as connection:
            found = self._look_up.find(connection, asked, languages=languages, since=since)
            expressed = bool(found.asked.must or found.asked.choices)
            answering = answer.answering(found.query, found.ranked, to_the_letter=expressed)[:_READ]
            read = self._look_up.read(connection, answering)
            notice = None
            if not read and found.query.content:
                found, read, notice = self._look_up.nearby(connection, found, _READ)
            read = self._without_templates(connection, read)
            if found.query.content or not found.read_as:
                notice = notice or answer.notice(
                    found.query,
                    answering,
                    nearest=lambda words: self._look_up.nearest(connection, found.query, words),
                )
            elif not read:
                notice = Notice("nothing")
            if notice is not None and notice.kind in ("near", "related"):
                limit = min(limit, answer.NEAR)
            idf = self._look_up.sentence_idf(connection, found.statistics, [analysed for _, analysed in read])
            told = self._joining.stories(connection, [ranked.candidate.row for ranked, _ in read])
            chosen = answer.top_stories(found.query, read, told, idf=idf, limit=limit, reader=reader)
            searched = self._articles.searched(connection, self._clock())
        spoken = tuple(language for language in found.query.languages if language != "und")
        took_ms = (time.perf_counter() - started) * 1000
        typed = " ".join(printable(query).split())
        return Brief(typed, spoken, chosen, searched, notice, took_ms, found.read_as)

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
        shared: SharedWork | None = None,
    ) -> Digest:
        """Tell what is new on a topic, as stories with quotes, best first.

        after, through: positions of the archive; the articles behind the first, up to the second (None: all there are).
        since: the articles that came in at or after that instant, instead of `after`. told: what the reader knows
        already, which is not told again. limit: stories with quotes; others follow in `more`. wishes: what readers want
        more and less of. reader: the language to tell a story in, where it has an article in it that is not far worse.
        shared: keeps what others who read the topic get as well; of the same moment.
        """
        told, shared = told or Told(), shared or SharedWork(1)
        shared.get(("watched", key_of(topic, self.aliases)), lambda: self._saved_searches.watch(topic))
        last = self.position()
        through = last if through is None else min(through, last)
        with self.database.read() as connection:
            after = after if since is None else self._articles.first_row(connection, since) - 1
            taken, excluded = self._matching(connection, topic, after, through, shared)
            new = [one for one in taken if one.analysed.article.id not in told.articles]
            again = [one for one in taken if one.analysed.article.id in told.articles]
            chosen = digests.Edition((), (), {})
            if new:
                chosen = self._edition(connection, topic, new, told, limit, wishes, reader, shared)
            corrections = self._corrections(connection, topic, told)
        told_of = [*(one.analysed.article for one in new), *(story.lead for story in corrections)]
        left_out = {"excluded": len(excluded), "repeat": len(again) + chosen.left_out.get("repeat", 0)}
        left_out |= {reason: chosen.left_out.get(reason, 0) for reason in ("passing", "cut")}
        return Digest(
            topic=topic.name,
            since=since,
            until=self._clock(),
            through=through,
            articles=len(told_of),
            publishers=len({one.source or one.id for one in told_of}),
            stories=(*corrections, *chosen.stories),
            more=chosen.more,
            left_out={reason: count for reason, count in left_out.items() if count},
            omitted=(
                *(Omitted(one.analysed.article, "excluded") for one in excluded[-_NAMED_OMITTED:]),
                *(Omitted(one.analysed.article, "repeat") for one in again[-_NAMED_OMITTED:]),
                *chosen.omitted[:_NAMED_OMITTED],
            ),
        )

    def _matching(
        self, connection: Connection, topic: Topic, after: int, through: int, shared: SharedWork
    ) -> tuple[list[Stored], list[Stored]]:
        noted, reached = self._saved_searches.noted(connection, topic, after, through)
        if reached < through:
            return self._saved_searches.matching(connection, topic, after, through)
        key = ("taken", key_of(topic, self.aliases), tuple(noted.items()))
        return shared.get(key, lambda: self._saved_searches.read(connection, noted))

    def _corrections(self, connection: Connection, topic: Topic, told: Told) -> list[TopStory]:
        """Return the articles that were told and no longer say so, where the topic takes what they said or say."""
        changed = self._articles.named(connection, sorted(told.corrected))
        found = ((one, corrected(one.analysed, told)) for one in changed)
        matcher = topic.matcher(self.aliases)
        return [
            story
            for one, story in found
            if story is not None and matcher.verdict(_with(one.analysed, told), one.seen_at) is Verdict.TAKEN
        ]

    def outlook(self, topic: Topic, since: datetime, *, samples: int = 3) -> Outlook:
        """Say how many stories a topic would have brought since an instant, and show the best of them."""
        self._saved_searches.watch(topic)
        with self.database.read() as connection:
            last = self._saved_searches.last(connection)
            after = self._articles.first_row(connection, since) - 1
            taken, excluded = self._saved_searches.matching(connection, topic, after, last)
            if not taken:
                older, excluded_too = self._saved_searches.matching(connection, topic, 0, after)
                shown = self._edition(connection, topic, older[-_GROUPED:], Told(), samples).stories if older else ()
                return Outlook((), shown, 0 if older else len(excluded) + len(excluded_too))
            made = self._edition(connection, topic, taken, Told(), samples)
        passing = {one.article.id for one in made.omitted if one.because == "passing"}
        seen_at = {one.analysed.article.id: one.seen_at for one in taken if one.analysed.article.id not in passing}
        first_seen = [min(seen_at.pop(article.id) for article in story.articles) for story in made.everything]
        return Outlook((*first_seen, *seen_at.values()), made.stories)  # what is not grouped counts one by one

    def _without_templates(
        self, connection: Connection, read: Sequence[tuple[Ranked, Analysed]]
    ) -> list[tuple[Ranked, Analysed]]:
        """Leave out the sentences that sources repeat from article to article: they are no news, and never quoted."""
        news = self._joining.news(connection, [analysed for _, analysed in read])
        return [(ranked, analysed) for (ranked, _), analysed in zip(read, news, strict=True)]

    # ------------------------------------------------------------ steps of a digest

    def _edition(
        self,
        connection: Connection,
        topic: Topic,
        new: Sequence[Stored],
        told: Told,
        limit: int,
        wishes: Sequence[Wish] = (),
        reader: str | None = None,
        shared: SharedWork | None = None,
    ) -> digests.Edition:
        key = ("news", key_of(topic, self.aliases), tuple(one.row for one in new))
        news = (shared or SharedWork(1)).get(key, lambda: self._news(connection, topic, new))
        earlier = self._articles.named(connection, [one for one in news.beside if one in told.posts])
        stories = news.stories
        if earlier:
            rows = [*(one.candidate.row for one, _ in news.read), *(one.row for one in earlier)]
            stories = self._joining.stories(connection, set(rows))
        statistics = self._look_up.statistics(connection)
        idf = self._look_up.sentence_idf(connection, statistics, [analysed for _, analysed in news.read])
        edition = digests.edition(
            news.query,
            news.read,
            stories,
            parts=news.parts,
            told=told,
            quotable=Quotable(news.query, idf, news.quotable),
            limit=limit,
            earlier=[one.analysed for one in earlier],
            wishes=wishes,
            reader=reader,
        )
        unread = len(new) - len(news.read)
        return replace(edition, left_out={**edition.left_out, "cut": edition.left_out.get("cut", 0) + unread})

    def _news(self, connection: Connection, topic: Topic, new: Sequence[Stored]) -> News:
        """Rank the new articles on a topic, and say what stories they are of."""
        spoken = self._articles.languages(connection)
        asked = parse_query(" ".join(topic_words(topic.expression)), languages=spoken, aliases=self.aliases)
        asked = self._look_up.attested(connection, asked)
        query = replace(asked, language=UNSURE)  # a topic is of no language: none is marked down
        candidates = [candidate_of(one) for one in new]
        statistics = self._look_up.statistics(connection)
        ranked = rank(query, candidates, statistics, now_ms=to_ms(self._clock()))
        # What has only words too common to be looked up ("WHO") has no score, and matches all the same.
        scored = {one.candidate.row for one in ranked}
        ranked += [Ranked(one, 0.0, Reasons(), frozenset(), 0.0) for one in candidates if one.row not in scored]
        by_row = {one.row: one.analysed for one in new}
        read = [(one, by_row[one.candidate.row]) for one in ranked[:_GROUPED]]
        rows = [one.candidate.row for one, _ in read]
        return News(
            query,
            required(topic.expression, spoken, self.aliases),
            self._without_templates(connection, read),
            self._joining.stories(connection, rows),
            self._joining.beside(connection, rows),
        )


def _with(analysed: Analysed, told: Told) -> Analysed:
    """Return an article together with what was told of it."""
    article = analysed.article
    return analyse(replace(article, text="\n".join((article.text, *told.corrected[article.id]))))
