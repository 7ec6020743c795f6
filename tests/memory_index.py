"""A search engine of some thirty lines, outside the database: what `briefs.index.port` asks of one, and no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from briefs.index.port import EVERYTHING, most_candidates
from briefs.index.seen import Seen
from briefs.index.sqlite_fts import Fts5Index
from briefs.store.articles import Articles
from briefs.store.database import Database
from briefs.store.schema import article
from briefs.store.visible import sources_of
from briefs.text.packed import Candidate, pack


class MemoryIndex:
    """It reads the database, whose lexicon it uses, and keeps what there is."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._articles = Articles(database)
        self._lexicon = Fts5Index()
        self._kept: dict[int, Candidate] = {}
        self._sources: dict[int, frozenset[int]] = {}

    def send(self) -> Sequence[int]:
        """Take in what there is now: it is its own relay."""
        with self._database.read() as connection:
            rows = connection.scalars(select(article.c.row)).all()
            self._kept = {one.row: one for one in self._articles.candidates(connection, rows)}
            self._sources = sources_of(connection, rows)
        return rows

    def on(self, connection):
        _, lexicon = self._lexicon.on(connection)
        through = max(self._kept, default=0)
        return MemoryFinder(self._kept, self._sources, through, partial(self._articles.candidates, connection)), lexicon


@dataclass
class MemoryFinder:
    kept: dict[int, Candidate]
    sources: dict[int, frozenset[int]]
    through: int
    read: Callable[[Sequence[int]], list[Candidate]]
    after = 0

    def sees(self, row: int, seen: Seen) -> bool:
        return seen is None or row not in self.sources or bool(self.sources[row] & seen)

    def candidates(self, words, within) -> list[Candidate]:
        def score(one: Candidate) -> int:
            return sum(one.count(pack(terms)) for word in words for terms in word)

        inside = [
            one
            for one in self.kept.values()
            if one.row >= within.first_row
            and (not within.languages or one.language in within.languages)
            and within.has_words_of(one)
            and self.sees(one.row, within.seen)
            and (score(one) or not words)
        ]
        best = sorted(inside, key=lambda one: (-score(one), -one.row))[: most_candidates(words)]
        return self.read([one.row for one in best])

    def rows_with_all(self, words, *, after=0, through=None, newest=None, seen=None) -> list[int]:
        rows = [
            row
            for row, one in self.kept.items()
            if after < row <= (through or EVERYTHING)
            and self.sees(row, seen)
            and words
            and all(any(one.count(pack(terms)) for terms in word) for word in words)
        ]
        return sorted(rows)[-(newest or len(rows)) :]

    def newest_of_each(self, words, most, seen=None) -> list[list[int]]:
        return [self.rows_with_all([word], newest=most, seen=seen) for word in words]
