"""Saved searches: a topic is matched with all articles when first used, then with each article as it comes in."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from briefs.index.port import SearchIndex
from briefs.index.seen import Seen, hidden
from briefs.store.articles import Articles, Stored
from briefs.store.database import Connection, Database, turn
from briefs.store.matching import Matches, TopicMatch
from briefs.streams import batches
from briefs.text.aliases import Aliases
from briefs.topics import Topic, Verdict, parse_topic, required
from briefs.topics.percolator import TopicIndex, key_of, names_of

_READ_AT_ONCE = 500  # articles whose match with a topic is checked together
_State: TypeAlias = tuple[tuple[int, int], tuple[str, ...]]  # of the topics, and the languages of the archive


class SavedSearches:
    """The matches of topics, stored in the database, so that articles are not read again."""

    def __init__(
        self,
        database: Database,
        articles: Articles,
        index: SearchIndex,
        aliases: Aliases,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._articles = articles
        self._index = index
        self._aliases = aliases
        self._clock = clock
        self._matches = Matches()
        self._filed: tuple[_State, TopicIndex] | None = None

    def watch(self, topic: Topic) -> None:
        """Match a kept topic with all articles, once; from then on articles are matched with it as they come in."""
        if not topic.kept:
            return
        key, names = key_of(topic, self._aliases), names_of(topic, self._aliases)
        with self._database.read() as connection:
            known = self._matches.watch(connection, key)
        if known is not None:
            if known.used_at < self._clock() - timedelta(days=1):
                with self._database.write() as connection:
                    self._matches.use(connection, key, self._clock())
            return
        with self._database.read() as connection:
            # Before the writer's lock is taken: that is for what comes in meanwhile.
            through = self._matches.last(connection)
            found = _rows(*self.matching(connection, topic, 0, through))
        with self._database.write() as connection:
            turn(connection, "matching")
            if (reached := self._matches.behind(connection)) is None:
                self._matches.reached(connection, through)
            elif reached > through:
                found += _rows(*self.matching(connection, topic, through, reached))
            meant = (str(topic.expression), topic.languages, names)
            self._matches.add(connection, key, meant, found, self._clock())

    def note(self, changed: Sequence[str] = ()) -> None:
        """Match the articles that came in, and those that changed, with every watched topic."""
        while filed := self._topics():
            state, index = filed
            with self._database.write() as connection:
                turn(connection, "matching")
                # Before that is looked at which languages there are: the last article may bring another one.
                behind, last = self._matches.behind(connection) or 0, self._matches.last(connection)
                if state != self._state(connection):
                    continue  # a topic, or a language, came meanwhile
                changed_rows = self._matches.rows_of(connection, changed)
                self._note_some(connection, index, [*self._read(connection, changed_rows)])
                for start in range(behind, last, _READ_AT_ONCE):
                    end = min(last, start + _READ_AT_ONCE)
                    self._note_some(connection, index, self._articles.between(connection, start, end))
                self._matches.reached(connection, last)
                return

    def _note_some(self, connection: Connection, index: TopicIndex, articles: Sequence[Stored]) -> None:
        matches = [
            TopicMatch(watch, one.row, verdict is Verdict.EXCLUDED)
            for one in articles
            for watch, verdict in index.verdicts(one.analysed, one.seen_at).items()
        ]
        self._matches.note(connection, [one.row for one in articles], matches)

    def _topics(self) -> tuple[_State, TopicIndex] | None:
        """Return an index of the watched topics, and the state it was built for; None if there are no topics.

        A hundred thousand topics take seconds, during which no transaction is open.
        """
        with self._database.read() as connection:
            if self._matches.behind(connection) is None:
                return None
            state = self._state(connection)
            if (filed := self._filed) and filed[0] == state:
                return filed
            watches = self._matches.watches(connection)
        index = TopicIndex(state[1])
        for watch in watches:
            index.add(watch.id, Topic("", parse_topic(watch.expression), watch.languages), watch.names)
        with self._database.read() as connection:
            index.ready(self._index.on(connection)[1].known)
        self._filed = filed = (state, index)
        return filed

    def _state(self, connection: Connection) -> _State:
        return self._matches.version(connection), self._articles.languages(connection)

    def noted(
        self, connection: Connection, topic: Topic, after: int, through: int, seen: Seen = None
    ) -> tuple[dict[int, bool], int]:
        """Return the stored matches with after < row <= through: row → whether an exclusion of the topic keeps it out.

        Also return up to which row matches are stored, at most `through`. seen: by the reader.
        """
        watch = self._matches.watch(connection, key_of(topic, self._aliases)) if topic.kept else None
        if watch is None or after >= watch.through:
            return {}, min(after, through)
        found = dict(self._matches.found(connection, watch, after, through))
        for row in hidden(connection, seen, found):
            del found[row]
        return found, min(through, watch.through)

    def matching(
        self, connection: Connection, topic: Topic, after: int, through: int, seen: Seen = None
    ) -> tuple[list[Stored], list[Stored]]:
        """Return the articles with after < row <= through that match a topic, and those only kept out by an exclusion.

        seen: by the reader.
        """
        noted, reached = self.noted(connection, topic, after, through, seen)
        taken, excluded = self.read(connection, noted)
        if reached < through:
            taken_later, excluded_later = self._checked(connection, topic, reached, through, seen)
            taken, excluded = taken + taken_later, excluded + excluded_later
        return taken, excluded

    def read(self, connection: Connection, noted: Mapping[int, bool]) -> tuple[list[Stored], list[Stored]]:
        """Return the articles of stored matches, as `matching` does."""
        stored = list(self._read(connection, list(noted)))
        return [one for one in stored if not noted[one.row]], [one for one in stored if noted[one.row]]

    def _checked(
        self, connection: Connection, topic: Topic, after: int, through: int, seen: Seen
    ) -> tuple[list[Stored], list[Stored]]:
        spoken = self._articles.languages(connection)
        finder, _ = self._index.on(connection)
        words, indexed = required(topic.expression, spoken, self._aliases), min(through, max(after, finder.through))
        rows = finder.rows_with_all(words, after=after, through=indexed, seen=seen)
        read = [*self._read(connection, rows)]
        if indexed < through:
            late = self._articles.between(connection, indexed, through)
            unseen = hidden(connection, seen, [one.row for one in late])
            read += [one for one in late if one.row not in unseen]
        matcher = topic.matcher(self._aliases)
        verdicts = [(matcher.verdict(one.analysed, one.seen_at), one) for one in read]
        taken = [stored for verdict, stored in verdicts if verdict is Verdict.TAKEN]
        return taken, [stored for verdict, stored in verdicts if verdict is Verdict.EXCLUDED]

    def _read(self, connection: Connection, rows: Sequence[int]) -> Iterator[Stored]:
        for some in batches(rows, _READ_AT_ONCE):
            read = self._articles.by_rows(connection, some)
            yield from (one for one in read if one.analysed.article.role != "page")  # as it stands: no news

    def last(self, connection: Connection) -> int:
        """Return the row of the newest article, as this connection sees it."""
        return self._matches.last(connection)

    def forget(self, connection: Connection, before: datetime) -> None:
        """Delete the matches of topics that were not used since an instant."""
        self._matches.forget(connection, before)


def _rows(taken: Iterable[Stored], excluded: Iterable[Stored]) -> list[tuple[int, bool]]:
    return sorted([(one.row, False) for one in taken] + [(one.row, True) for one in excluded])
