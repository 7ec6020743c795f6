"""The archive: articles in, answers out. The face of the core.

add      articles → analysed → stored and indexed in one commit
search   query → words → time window → candidates (full-text index) → order (BM25) → hits
brief    query → the same → only what answers it → stories → quotes
digest   topic → new articles that match (full-text index, then to the letter) → order → stories → what is new in them
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from briefs import answer
from briefs.clustering.incremental import Joining
from briefs.digests import QUOTES
from briefs.errors import StoreError
from briefs.index import index_of
from briefs.index.port import SearchIndex
from briefs.index.seen import Seen
from briefs.models import (
    Analysed,
    Article,
    Brief,
    Channel,
    Digest,
    Hit,
    Moment,
    Notice,
    Outlook,
    Searched,
    Story,
    Told,
    Wish,
)
from briefs.quoting.timeline import moments
from briefs.search.lookup import Found, LookUp
from briefs.search.rank import Ranked
from briefs.shared_work import SharedWork
from briefs.store.articles import Articles, Filed, Stored
from briefs.store.database import Connection, Database
from briefs.store.replica import Replica
from briefs.store.visible import seen_by
from briefs.text.addresses import spellings
from briefs.text.aliases import Aliases
from briefs.text.analyse import analyse
from briefs.text.embedding_model import EmbeddingModel
from briefs.topic_digests import RowSpan, TopicDigests, without_templates
from briefs.topics import Judgement, Topic, parse_look_up
from briefs.topics.percolator import key_of
from briefs.topics.pieces import printable
from briefs.topics.saved_searches import SavedSearches

if TYPE_CHECKING:
    from briefs.search.dense import Dense

Made = TypeVar("Made")
_READ = 20  # articles whose sentences are read for a brief
_OF_A_STORY = 100  # articles that its timeline is made of


def _now() -> datetime:
    return datetime.now(UTC)


class Archive:
    """All articles of one database, to search in several languages at once. Usable from several threads.

    It shows every article; `seen_by` returns the archive as one workspace sees it. model: the embedding model that
    answers look-ups in other words, if there is one; `dense` lets it read the articles.
    """

    def __init__(
        self,
        database: Database,
        aliases: Aliases | None = None,
        *,
        clock: Callable[[], datetime] = _now,
        index: SearchIndex | None = None,
        model: EmbeddingModel | None = None,
        replica: Replica | None = None,
    ) -> None:
        self.database = database
        self.aliases = aliases or Aliases()
        self._clock = clock
        self._index = index or index_of(database.shared)
        self._reader: Channel | None = None
        self._replica = replica
        self._articles = Articles(database)
        self.dense: Dense | None = None
        if model:
            from briefs.search.dense import Dense  # with numpy, slow to import

            self.dense = Dense(database, self._articles, model)
        self._joining = Joining(database, self.aliases, clock)
        self._saved_searches = SavedSearches(database, self._articles, self._index, self.aliases, clock)

    @classmethod
    def open(cls, url: str, *, aliases: Aliases | None = None, clock: Callable[[], datetime] = _now) -> Archive:
        """Open the archive at a database address; see `Database.open` for what can go wrong."""
        return cls(Database.open(url), aliases, clock=clock)

    def knowing(self, groups: Sequence[Sequence[str]]) -> Archive:
        """Return the same archive with further aliases. groups: each the names of one thing."""
        if not groups:
            return self
        return self._again(self.aliases + Aliases(groups), self._reader)

    def seen_by(self, reader: Channel) -> Archive:
        """Return the same archive with only what the workspace of a channel may see.

        A workspace sees an article if it sees one of its sources: see `store.visible`.
        """
        return self._again(self.aliases, reader)

    def _again(self, aliases: Aliases, reader: Channel | None) -> Archive:
        other = Archive(self.database, aliases, clock=self._clock, index=self._index, replica=self._replica)
        other._articles, other._reader = self._articles, reader  # with what is remembered of all there is
        other.dense = self.dense
        return other

    @contextmanager
    def _reading(self) -> Iterator[LookUp]:
        """Open a snapshot of the database, for a look-up."""
        with self.database.read() as connection:
            yield self._look_up(connection, self._seen(connection))

    def _looked_up(self, look: Callable[[LookUp], Made]) -> Made:
        """Return what `look` makes of a look-up: on the replica, if there is one that is up to date.

        What the reader may see is asked of the database itself, so that following a source, or leaving it, counts at
        once.
        """
        if self._replica is not None:
            with suppress(StoreError):  # where the replica fails, the database answers
                with self.database.read() as primary:
                    seen, standing = self._seen(primary), self._replica.standing(primary)
                with self._replica.read(standing) as connection:
                    return look(self._look_up(connection, seen))
        with self._reading() as look_up:
            return look(look_up)

    def _look_up(self, connection: Connection, seen: Seen) -> LookUp:
        return LookUp(connection, self._articles, self._index, self.aliases, self._clock, seen, self.dense)

    def _seen(self, connection: Connection) -> Seen:
        return None if self._reader is None else seen_by(connection, self._reader)

    def close(self) -> None:
        """Give back what the database holds."""
        self.database.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------ in

    def add(self, articles: Iterable[Article | Analysed]) -> int:
        """Analyse, store and index articles in one commit; return how many have an id that was not there."""
        return len(self.file(articles).new)

    def file(
        self, articles: Iterable[Article | Analysed], brought: Mapping[str, Collection[str]] | None = None
    ) -> Filed:
        """Do what `add` does; return which articles were new, changed and unchanged.

        brought: id → the addresses of the sources that list it, whose readers alone will see it. An article without any
        is everybody's, and one that is everybody's already stays so.
        """
        filed = self.store(articles, brought)
        self.follow_up(filed.changed)
        return filed

    def store(
        self, articles: Iterable[Article | Analysed], brought: Mapping[str, Collection[str]] | None = None
    ) -> Filed:
        """Do what `file` does without matching topics and joining stories: call `follow_up` afterwards."""
        # Analysed first, so that the lock of the one writer is held for less time.
        analysed = [article if isinstance(article, Analysed) else analyse(article) for article in articles]
        return self._articles.file(analysed, self._clock(), brought)

    def follow_up(self, changed: Sequence[str] = ()) -> None:
        """Match what came in with the kept topics, and let it join stories. changed: ids whose text has changed.

        Where another process is doing one of these, it does our share as well, and this one does not wait.
        """
        if changed:
            self._saved_searches.note(changed)
        self._caught_up("matching", self._saved_searches.note)
        self._caught_up("joining", self._joining.catch_up)

    def _caught_up(self, work: str, catch_up: Callable[[], None]) -> None:
        through = -1
        # A process that did not wait had committed before, so a last look after the work finds what it filed.
        while (last := self.position()) != through:
            with self.database.alone(work, wait=False) as ours:
                if not ours:
                    return
                through = last
                catch_up()

    def listed(self, brought: Mapping[str, Collection[str]]) -> None:
        """Note that further sources list articles that are there, so that their readers see them, too.

        brought: id → addresses of sources.
        """
        self._articles.listed(brought)

    def amend(self, name: str, *, url: str | None = None, published: datetime | None = None) -> None:
        """Change the address and the date of the article with this id, where they are given."""
        self._articles.amend(name, url, published)

    def forget(self, before: datetime) -> None:
        """Delete the matches of topics that nobody has asked for since an instant, and close stories that ended."""
        with self.database.write() as connection:
            self._saved_searches.forget(connection, before)
            self._joining.forget(connection)

    # ------------------------------------------------------------ out

    def article(self, name: str) -> Article | None:
        """Return the article with this id."""
        with self.database.read() as connection:
            stored = self._stored(connection, name)
        return None if stored is None else stored.analysed.article

    def _stored(self, connection: Connection, name: str) -> Stored | None:
        return next(iter(self._articles.named(connection, [name], self._seen(connection))), None)

    def found_at(self, address: str) -> Stored | None:
        """Return the article at an address, however it is written: with a fragment, a slash or a campaign's marks."""
        with self.database.read() as connection:
            return self._articles.at(connection, spellings(address), self._seen(connection))

    def story(self, name: str) -> Story | None:
        """Return the story of the article with this id; of its articles, `articles` has only this one."""
        with self.database.read() as connection:
            stored = self._stored(connection, name)
            if stored is None:
                return None
            return self._joining.stories(connection, {stored.row: stored.analysed.article}, self._seen(connection))[0]

    def timeline(self, name: str, told: Told, reader: str | None = None) -> list[Moment]:
        """Return the story of the article with this id day by day, oldest first; empty where there is none.

        told: what the reader was told before, which is marked. reader: their language.
        """
        with self.database.read() as connection:
            stored = self._stored(connection, name)
            if stored is None:
                return []
            read = self._joining.course(connection, stored.row, _OF_A_STORY, self._seen(connection))
        return moments(read or [(stored.seen_at, stored.analysed)], told, reader)

    def judge(self, topic: Topic, stored: Stored) -> Judgement:
        """Return whether a topic takes an article, and by which of its parts."""
        return topic.matcher(self.aliases).judgement(stored.analysed, stored.seen_at)

    def position(self) -> int:
        """Return the row of the newest article; 0 in an empty archive. Later articles have larger ones."""
        return self._articles.position()

    def size(self) -> Searched:
        """Return how many articles there are and what days they are of."""
        with self._reading() as look_up:
            return look_up.searched()

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

        languages: only articles in these. since: only what came in at or after that instant. recency: prefer newer
        articles, and look at those older than a week, month or quarter only when few newer ones have all words.
        The query may have signs and filters: see `topics.query_syntax`. Raises UsageError for one that is empty or too
        long.
        """
        asked = parse_look_up(query, self._clock())

        def look(look_up: LookUp) -> list[Hit]:
            found = look_up.find(asked, languages=languages, since=since, recency=recency, confident=False)
            best = found.ranked[:limit]
            articles = self._articles.shown(look_up.connection, [ranked.candidate.row for ranked in best])
            return [Hit(articles[one.candidate.row], one.score, one.reasons) for one in best]

        return self._looked_up(look)

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
        """Answer a query with stories and their quotes, best first; `notice` says what was not found.

        Only articles that are likely to answer are shown. Options as for `search`. reader: the reader's language, for
        stories that have no article in the query's. zone: the reader's time zone, for days in the query.
        """
        started = time.perf_counter()
        asked = parse_look_up(query, self._clock().astimezone(zone))

        def look(look_up: LookUp) -> Brief:
            found = look_up.find(asked, languages=languages, since=since)
            found, read, notice, most = self._answering(look_up, found, limit, reader)
            idf = look_up.sentence_idf(found.statistics, [analysed for _, analysed in read])
            articles = {ranked.candidate.row: analysed.article for ranked, analysed in read}
            told = self._joining.stories(look_up.connection, articles, look_up.seen)
            chosen = answer.top_stories(found.query, read, told, idf=idf, limit=most, reader=reader)
            searched = look_up.searched()
            spoken = tuple(language for language in found.query.languages if language != "und")
            took_ms = (time.perf_counter() - started) * 1000
            typed = " ".join(printable(query).split())
            return Brief(typed, spoken, chosen, searched, notice, took_ms, found.read_as, look_up.is_partial)

        return self._looked_up(look)

    def _answering(
        self, look_up: LookUp, found: Found, limit: int, reader: str | None
    ) -> tuple[Found, list[tuple[Ranked, Analysed]], Notice | None, int]:
        """Return what was found, the articles that answer with their texts, the notice, and how many stories to show.

        That number is the limit, or less where the articles only come near.
        """
        expressed = bool(found.asked.must or found.asked.choices)
        beside = partial(self._joining.rows_beside, look_up.connection)
        answers = answer.answering(found.query, found.ranked, beside, to_the_letter=expressed)
        answering = answer.first_of(answers, _READ, beside, reader)
        read = answer.as_pages_stand(look_up.read(answering))
        notice, near = None, answer.only_near(found.query, answering, found.statistics)
        if not read and found.query.content:
            found, read, notice = look_up.nearby(found, _READ)
        if found.query.content or not found.read_as:
            query = found.query
            nearest = partial(look_up.nearest, query)
            notice = notice or answer.notice(query, answering, near=near, nearest=nearest)
        elif not read:
            notice = Notice("nothing")
        if notice and notice.kind == "nothing" and {*notice.missing} <= {*notice.nearest}:  # words that stand somewhere
            notice = look_up.unmet(found.asked) or notice
        most = min(limit, answer.NEAR) if near else limit
        return found, without_templates(self._joining, look_up.connection, read), notice, most

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
        quotes: int = QUOTES,
    ) -> Digest:
        """Return what is new on a topic, as stories with quotes, best first.

        after, through: positions of the archive; the articles after the first, up to the second (None: all there are).
        since: the articles that came in at or after that instant, instead of `after`. told: what the reader knows
        already, which is not told again. limit: stories with quotes; the others are in `more`. wishes: what readers
        want more and less of. reader: the language to tell a story in, if it has an article in it. shared: what is
        worked out once for all readers of the topic at this moment. quotes: of a story, at most.
        """
        told, shared = told or Told(), shared or SharedWork(1)
        shared.get(("watched", key_of(topic, self.aliases)), lambda: self._saved_searches.watch(topic))
        last = self.position()
        through = last if through is None else min(through, last)
        with self._reading() as look_up:
            after = after if since is None else self._articles.first_row(look_up.connection, since) - 1
            telling = self._telling(look_up)
            return telling.digest(topic, RowSpan(after, through, since), told, limit, wishes, reader, shared, quotes)

    def hidden(self, topic: Topic, after: int, through: int, told: Told) -> Hashable:
        """Return a key of what the reader must not see: readers with equal keys can share one digest of the topic."""
        if self._reader is None:
            return frozenset()
        self._saved_searches.watch(topic)
        with self._reading() as look_up:
            return self._telling(look_up).hidden(topic, RowSpan(after, through), told)

    def outlook(self, topic: Topic, since: datetime, *, samples: int = 3, reader: str | None = None) -> Outlook:
        """Return how many stories a topic would have brought since an instant, and the best of them as samples.

        reader: the language to tell a story in, if it has an article in it.
        """
        self._saved_searches.watch(topic)
        with self._reading() as look_up:
            return self._telling(look_up).outlook(topic, since, samples, reader)

    def _telling(self, look_up: LookUp) -> TopicDigests:
        return TopicDigests(look_up, self._articles, self._joining, self._saved_searches, self.aliases, self._clock)
