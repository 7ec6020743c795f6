"""Incremental clustering: articles join stories as they come in; and stories read from the database.

    new articles ─ words extracted (no lock held) ──┐
    candidates among the articles of the last days ─┴─ joined, in one commit ─ stored

Articles that come in together are sorted by their dates first, so that the order in which they came does not matter. A
story keeps its number; of two that merge, the older's.
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
from briefs.clustering.fingerprints import FOLLOWED, Fingerprint, Unweighted, place, publisher_of
from briefs.clustering.templates import TEMPLATE, Templates, source_of, untold
from briefs.index.seen import Seen, hidden
from briefs.models import Analysed, Article, Report, Story, names_a_day
from briefs.store.articles import Articles, Stored
from briefs.store.database import Connection, Database, from_ms, turn
from briefs.store.fingerprints import Fingerprints, StoryArticle, TemplateTable
from briefs.text.aliases import Aliases

OPEN = timedelta(days=7)  # for so long others may join an article; for FOLLOWED if a channel was told of its story
_AT_ONCE = 100  # articles that join together: some commits, and not too many pairs


class Joining:
    """The stories of one database."""

    def __init__(self, database: Database, aliases: Aliases, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._aliases = aliases
        self._clock = clock
        self._articles = Articles(database)
        self._tellings = Fingerprints()
        self._template_table = TemplateTable()

    # ------------------------------------------------------------ in

    def catch_up(self) -> None:
        """Let every article that came in since the last call join a story, or begin one."""
        joined, more = True, True
        while more:
            with self._database.read() as connection:
                opened = self._articles.first_row(connection, self._clock() - OPEN)
                last = self._tellings.last(connection)
                after = max(last, opened - 1)
                stored = self._articles.next(connection, after, _AT_ONCE)
                stored.sort(key=lambda one: place(one.analysed.article))
                templates = self._learned(connection, stored)
            readings = {one.row: self._read(one, templates) for one in stored}
            if readings:
                # What is not kept joins again; but a replica gets what the disk has.
                with self._database.write(lasting=self._database.shared) as connection:
                    turn(connection, "stories")
                    joined = self._tellings.last(connection) == last  # else another process came first: begin again
                    if joined:
                        self._join(connection, readings, opened)
                        packed = {source: known.pack() for source, known in templates.items()}
                        self._template_table.keep(connection, packed)
            more = len(stored) == _AT_ONCE or not joined

    def forget(self, connection: Connection) -> None:
        """Delete what was kept only to join articles to stories that are closed."""
        opened = self._articles.first_row(connection, self._clock() - OPEN)
        self._tellings.close(connection, opened, self._clock() - FOLLOWED)

    def _learned(self, connection: Connection, stored: Sequence[Stored]) -> Mapping[str, Templates]:
        """Return the templates of the new articles' sources, learned from these articles, too."""
        templates = self.templates(connection, [one.analysed.article for one in stored])
        for one in stored:
            source = source_of(one.analysed.article)
            if source:
                templates[source].learn(one.row, one.analysed, partial(self._earlier, connection))
        return templates

    def _earlier(self, connection: Connection, rows: Collection[int]) -> Mapping[int, Analysed]:
        return {one.row: one.analysed for one in self._articles.by_rows(connection, sorted(rows))}

    def _read(self, stored: Stored, templates: Mapping[str, Templates]) -> Unweighted:
        analysed = stored.analysed
        source = source_of(analysed.article)
        own = untold(analysed, templates[source]) if source else analysed.article
        found = (analysed.title_terms, analysed.body_terms) if own is analysed.article else None
        return fingerprints.read(own, self._aliases, found, came=stored.seen_at)

    def _join(self, connection: Connection, readings: Mapping[int, Unweighted], first_row: int) -> None:
        """Join articles, given by row, oldest first, and store the result."""
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
        """Return the candidates for new articles: of the last days, and of followed stories for longer."""
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

    def templates(self, connection: Connection, articles: Iterable[Article]) -> Mapping[str, Templates]:
        """Return the templates of these articles' sources."""
        sources = set(filter(None, map(source_of, articles)))
        known = self._template_table.of(connection, sources)
        return {source: Templates(known.get(source, b"")) for source in sources}

    def news(self, connection: Connection, read: Sequence[Analysed]) -> list[Analysed]:
        """Return articles without the sentences that are templates of their sources."""
        templates = self.templates(connection, [one.article for one in read])
        return [templates[source].without(one, TEMPLATE) if (source := source_of(one.article)) else one for one in read]

    def stories(self, connection: Connection, articles: Mapping[int, Article], seen: Seen = None) -> list[Story]:
        """Return articles, given by their rows, as stories, in the order of the first that came in.

        An article without a stored story is one by itself. seen: what the reader sees; a story is only that part of it.
        """
        seen_articles: dict[int, list[StoryArticle]] = defaultdict(list)
        story_of: dict[int, int] = {}
        for member in self._seen_articles(connection, articles, seen):
            seen_articles[member.story].append(member)
            story_of[member.row] = member.story
        members: dict[int, list[Article]] = defaultdict(list)
        for row in sorted(articles):
            members[story_of.get(row, row)].append(articles[row])
        return [_story(number, told, seen_articles.get(number, ())) for number, told in members.items()]

    def _seen_articles(self, connection: Connection, rows: Iterable[int], seen: Seen) -> list[StoryArticle]:
        """Return the seen articles of the stories of some rows; to their reader the first one is no copy."""
        told = self._tellings.story_articles(connection, rows, seen)
        if seen is None:
            return told
        first_hand = {one.story for one in told if not one.copy}
        first = {one.story: one.article for one in reversed(told) if one.story not in first_hand}
        return [replace(one, copy=False) if first.get(one.story) == one.article else one for one in told]

    def course(self, connection: Connection, row: int, most: int, seen: Seen = None) -> list[tuple[datetime, Analysed]]:
        """Return the first and latest articles of a row's story, oldest first, and when each was told; no copies."""
        seen_articles = self._seen_articles(connection, [row], seen)
        told = sorted((one.at, one.article) for one in seen_articles if not one.copy)
        at = {name: when for when, name in (told if len(told) <= most else [told[0], *told[-most + 1 :]])}
        read = [one.analysed for one in self._articles.named(connection, list(at))]
        news = self.news(connection, read)
        return sorted(((at[one.article.id], one) for one in news), key=lambda one: (one[0], one[1].article.id))

    def beside(self, connection: Connection, rows: Collection[int], seen: Seen = None) -> list[str]:
        """Return the ids of all seen articles of the stories of these rows."""
        return [member.article for member in self._tellings.story_articles(connection, rows, seen)]

    def rows_beside(self, connection: Connection, rows: Iterable[int]) -> list[int]:
        """Return the rows of all articles of the stories of these rows, seen or not."""
        return self._tellings.parts_of(connection, rows)

    def hidden(self, connection: Connection, rows: Collection[int], seen: Seen) -> frozenset[int]:
        """Return the rows, of these and of their stories, that the reader does not see."""
        if seen is None:
            return frozenset()
        return hidden(connection, seen, {*rows, *self.rows_beside(connection, rows)})


def _story(number: int, articles: Iterable[Article], seen_articles: Sequence[StoryArticle]) -> Story:
    told = tuple(sorted(articles, key=place))
    if not seen_articles:
        return Story(told, number=number)
    copies = frozenset(one.article for one in seen_articles if one.copy)
    publishers = {_publisher(one) for one in seen_articles if not one.copy}
    return Story(told, copies, number, _first(seen_articles), len(publishers))


def _first(seen_articles: Sequence[StoryArticle]) -> Report | None:
    """Return who told a story first; None if dates without a time of day leave that open."""
    first = min(seen_articles, key=lambda one: (one.at, one.copy))
    latest = first.at + timedelta(days=1) if names_a_day(first.at) else first.at
    rivals = (one.at for one in seen_articles if not one.copy and _publisher(one) != _publisher(first))
    if any(at < latest or at == first.at for at in rivals):
        return None
    return Report(first.source, first.url, first.at)


def _publisher(one: StoryArticle) -> str:
    return one.source or urlsplit(one.url or "").hostname or one.article
