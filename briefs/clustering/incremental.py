"""Articles join stories as they come in, and stories are told from what has joined.

    articles behind the last one joined ─ read (no lock held) ─┐
    what they share with the articles of the last days ────────┴─ joined, in one commit and in one order ─ kept

Articles that come in together are put in order by what they say, so that their own order does not matter. A story
keeps its number, whatever joins it; of two that become one, the older's stays.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from urllib.parse import urlsplit

from briefs.clustering import fingerprints
from briefs.clustering.clusters import Known, join
from briefs.clustering.fingerprints import FOLLOWED, Fingerprint, Reading, place, publisher_of
from briefs.clustering.templates import TEMPLATE, Habits, source_of, untold
from briefs.index.seen import Seen, hidden
from briefs.models import Analysed, Article, Report, Story, names_a_day
from briefs.store.articles import Articles, Stored
from briefs.store.database import Connection, Database, from_ms, turn
from briefs.store.fingerprints import Fingerprints, Teller, TemplateTable
from briefs.text.aliases import Aliases

OPEN = timedelta(days=7)  # so long after it came in may an article be joined by another, or while its story is FOLLOWED
_AT_ONCE = 100  # articles that join together: those of a commit, and no more pairs of them than can be looked at


class Joining:
    """The stories of one database."""

    def __init__(self, database: Database, aliases: Aliases, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._aliases = aliases
        self._clock = clock
        self._articles = Articles(database)
        self._tellings = Fingerprints()
        self._habits = TemplateTable()

    # ------------------------------------------------------------ in

    def catch_up(self) -> None:
        """Let every article join a story that came in since the last ones did."""
        joined, more = True, True
        while more:
            with self._database.read() as connection:
                opened = self._articles.first_row(connection, self._clock() - OPEN)
                last = self._tellings.last(connection)
                after = max(last, opened - 1)
                stored = self._articles.next(connection, after, _AT_ONCE)
                stored.sort(key=lambda one: place(one.analysed.article))
                habits = self._learned(connection, stored)
            readings = {one.row: self._read(one, habits) for one in stored}
            if readings:
                # What is not kept joins again; but a replica gets what the disk has.
                with self._database.write(lasting=self._database.shared) as connection:
                    turn(connection, "stories")
                    joined = self._tellings.last(connection) == last  # else another process came first: begin again
                    if joined:
                        self._join(connection, readings, opened)
                        self._habits.keep(connection, {source: known.pack() for source, known in habits.items()})
            more = len(stored) == _AT_ONCE or not joined

    def forget(self, connection: Connection) -> None:
        """Close the stories that nothing may join any more."""
        opened = self._articles.first_row(connection, self._clock() - OPEN)
        self._tellings.close(connection, opened, self._clock() - FOLLOWED)

    def _learned(self, connection: Connection, stored: Sequence[Stored]) -> Mapping[str, Habits]:
        """Return what the sources of new articles repeat, these included."""
        habits = self.habits(connection, [one.analysed.article for one in stored])
        for one in stored:
            source = source_of(one.analysed.article)
            if source:
                habits[source].learn(one.row, one.analysed, partial(self._earlier, connection))
        return habits

    def _earlier(self, connection: Connection, rows: Collection[int]) -> Mapping[int, Analysed]:
        return {one.row: one.analysed for one in self._articles.by_rows(connection, sorted(rows))}

    def _read(self, stored: Stored, habits: Mapping[str, Habits]) -> Reading:
        analysed = stored.analysed
        source = source_of(analysed.article)
        own = untold(analysed, habits[source]) if source else analysed.article
        found = (analysed.title_terms, analysed.body_terms) if own is analysed.article else None
        return fingerprints.read(own, self._aliases, found, came=stored.seen_at)

    def _join(self, connection: Connection, readings: Mapping[int, Reading], first_row: int) -> None:
        """Join articles, by row, oldest first."""
        rows = [*readings]
        counts = self._tellings.learn(connection, {row: one.keys for row, one in readings.items()})
        new = [fingerprints.weigh(one, counts) for one in readings.values()]
        known = self._known(connection, new, first_row)
        made, copies = join(known, new)
        told: list[tuple[int, float]] = []
        kept: list[tuple[int, int, bool, bytes]] = []
        for one in made:
            number = one.stories[0] if one.stories else rows[one.new[0]]
            told.append((number, one.held))
            kept += [(rows[n], number, n in copies, fingerprints.pack(new[n])) for n in one.new]
            if one.stories[1:]:
                self._tellings.merge(connection, number, one.stories[1:])
        traces = [(key, row) for row, fingerprint in zip(rows, new, strict=True) for key in fingerprint.traces]
        if kept:
            self._tellings.note(connection, told)
            self._tellings.file(connection, sorted(kept), sorted(traces))

    def _known(self, connection: Connection, new: Sequence[Fingerprint], first_row: int) -> list[Known]:
        """Return what new articles are compared with: of the last days, and for longer of stories that are followed."""
        since = self._clock() - FOLLOWED
        first_followed = self._articles.first_row(connection, since)
        holders = self._tellings.having(connection, set().union(*(one.traces for one in new)), first_followed)
        older = {row for rows in holders.values() for row in rows if row < first_row}
        story_of = self._tellings.stories(connection, sorted(older)) if older else {}
        followed = self._tellings.followed(connection, story_of.values(), since) if older else frozenset()
        over = {row for row in older if story_of.get(row) not in followed}
        open_rows = {key: [row for row in rows if row not in over] for key, rows in holders.items()}
        near = set(chain.from_iterable(fingerprints.nearest(one.traces, open_rows) for one in new))
        parts = self._tellings.parts(connection, near, first_followed)
        followed = self._tellings.followed(connection, {part.story for part in parts}, since)
        return [
            Known(
                part.row,
                part.story,
                part.held,
                fingerprints.unpack(
                    part.packed,
                    part.language,
                    from_ms(part.published_at),
                    publisher_of(part.source, part.url),
                    from_ms(part.seen_at),
                ),
                part.story in followed,
            )
            for part in parts
            if part.row >= first_row or part.story in followed
        ]

    # ------------------------------------------------------------ out

    def habits(self, connection: Connection, articles: Iterable[Article]) -> Mapping[str, Habits]:
        """Return what the sources of these articles repeat."""
        sources = set(filter(None, map(source_of, articles)))
        known = self._habits.of(connection, sources)
        return {source: Habits(known.get(source, b"")) for source in sources}

    def news(self, connection: Connection, read: Sequence[Analysed]) -> list[Analysed]:
        """Return articles without the sentences that are their sources' templates: those tell nothing."""
        habits = self.habits(connection, [one.article for one in read])
        return [habits[source].without(one, TEMPLATE) if (source := source_of(one.article)) else one for one in read]

    def stories(self, connection: Connection, articles: Mapping[int, Article], seen: Seen = None) -> list[Story]:
        """Return articles, given by their rows, as stories, in the order of the first that came in.

        An article that came in before stories were kept is one by itself. seen: what their reader sees, to whom a story
        is that part of it.
        """
        tellers: dict[int, list[Teller]] = defaultdict(list)
        story_of: dict[int, int] = {}
        for teller in self._seen_tellers(connection, articles, seen):
            tellers[teller.story].append(teller)
            story_of[teller.row] = teller.story
        members: dict[int, list[Article]] = defaultdict(list)
        for row in sorted(articles):
            members[story_of.get(row, row)].append(articles[row])
        return [_story(number, told, tellers.get(number, ())) for number, told in members.items()]

    def _seen_tellers(self, connection: Connection, rows: Iterable[int], seen: Seen) -> list[Teller]:
        """Return what is seen of the stories of some rows; the first of one copies nothing that its reader knows."""
        told = self._tellings.tellers(connection, rows, seen)
        if seen is None:
            return told
        first_hand = {one.story for one in told if not one.copy}
        first = {one.story: one.article for one in reversed(told) if one.story not in first_hand}
        return [replace(one, copy=False) if first.get(one.story) == one.article else one for one in told]

    def course(self, connection: Connection, row: int, most: int, seen: Seen = None) -> list[tuple[datetime, Analysed]]:
        """Return the first and last articles of the story that a row is of, oldest first, and when each was told.

        Those that repeat another's text are left out.
        """
        tellers = self._seen_tellers(connection, [row], seen)
        told = sorted((one.at, one.article) for one in tellers if not one.copy)
        at = {name: when for when, name in (told if len(told) <= most else [told[0], *told[-most + 1 :]])}
        read = [one.analysed for one in self._articles.named(connection, list(at))]
        news = self.news(connection, read)
        return sorted(((at[one.article.id], one) for one in news), key=lambda one: (one[0], one[1].article.id))

    def beside(self, connection: Connection, rows: Collection[int], seen: Seen = None) -> list[str]:
        """Return the ids of all articles that are seen of the stories that these rows are of."""
        return [teller.article for teller in self._tellings.tellers(connection, rows, seen)]

    def rows_beside(self, connection: Connection, rows: Iterable[int]) -> list[int]:
        """Return the rows of all articles of the stories that these rows are of, seen or not."""
        return self._tellings.parts_of(connection, rows)

    def hidden(self, connection: Connection, rows: Collection[int], seen: Seen) -> frozenset[int]:
        """Return which of these rows, and of all that are of their stories, are not seen: what makes readers differ."""
        if seen is None:
            return frozenset()
        return hidden(connection, seen, {*rows, *self.rows_beside(connection, rows)})


def _story(number: int, articles: Iterable[Article], tellers: Sequence[Teller]) -> Story:
    told = tuple(sorted(articles, key=place))
    if not tellers:
        return Story(told, number=number)
    copies = frozenset(one.article for one in tellers if one.copy)
    publishers = {_publisher(one) for one in tellers if not one.copy}
    return Story(told, copies, number, _first(tellers), len(publishers))


def _first(tellers: Sequence[Teller]) -> Report | None:
    """Return who told a story first; None where another may have, since dates often have no hour."""
    first = min(tellers, key=lambda one: (one.at, one.copy))
    latest = first.at + timedelta(days=1) if names_a_day(first.at) else first.at
    rivals = (one.at for one in tellers if not one.copy and _publisher(one) != _publisher(first))
    if any(at < latest or at == first.at for at in rivals):
        return None
    return Report(first.source, first.url, first.at)


def _publisher(one: Teller) -> str:
    return one.source or urlsplit(one.url or "").hostname or one.article
