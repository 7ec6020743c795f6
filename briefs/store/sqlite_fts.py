"""The full-text index: which articles may answer a query, and how common its words are.

It finds candidates and counts; it does not rank for the reader. It holds the terms that the analyser made (see
`text.terms`): here in SQLite's FTS5, whose own bm25() only chooses which candidates to hand on; on PostgreSQL in
`postgres_gin`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias

from sqlalchemy import Connection, bindparam, text

from briefs.store.within import Within, prepared
from briefs.text.packed import TITLE, Candidate

Terms: TypeAlias = tuple[str, ...]
Word: TypeAlias = Iterable[Terms]  # one word of the asker: sequences of terms, any of which will do

CANDIDATES = 100  # reranking more changes no figure: docs/quality.md
_COMMON_SHARE, _COMMON_LEAST = (
    0.05,
    1_000,
)  # a word in more articles than both is common: it costs much and tells little


class Frequency(NamedTuple):
    """How common a sequence of terms is: in how many articles, and how often in all."""

    articles: int
    occurrences: int


Counter: TypeAlias = Callable[[Terms], Frequency]


class Totals(NamedTuple):
    """How large the archive is: articles, the sum of their lengths, and a number that changes when they do."""

    articles: int
    terms: int
    changes: int


READ = text(
    'SELECT "row", language, published_at, seen_at, title_terms, body_terms, length '
    'FROM article WHERE "row" IN :rows ORDER BY "row" DESC'
).bindparams(bindparam("rows", expanding=True))

# Through JSON: a long query has more terms than a statement may have parameters.
_KNOWN = "SELECT term, doc, cnt FROM article_words WHERE term IN (SELECT value FROM json_each(?))"


class SearchIndex(Protocol):
    """What the archive asks of a full-text index; every method works on the snapshot of the connection it is given."""

    def totals(self, connection: Connection) -> Totals:
        """Return how large the archive is."""

    def counter(self, connection: Connection) -> Counter:
        """Return what tells how common a sequence of terms is, as long as the snapshot is open."""

    def holds_all(self, connection: Connection, words: Sequence[Word], first_row: int, enough: int) -> int:
        """Count the articles from `first_row` on that have every word, up to `enough`."""

    def candidates(self, connection: Connection, words: Sequence[Word], within: Within) -> list[Candidate]:
        """Return the likeliest articles that have some of the words, at most CANDIDATES; the newest without words."""

    def known(self, connection: Connection, terms: Sequence[str]) -> Mapping[str, int]:
        """Return which of the terms some article has, and how many have it."""

    def vocabulary(self, connection: Connection, prefix: str, limit: int) -> list[str]:
        """Return terms of the archive that begin so, in the order of the alphabet."""


class Fts5Index:
    """`SearchIndex` over SQLite's FTS5. Frequencies are remembered until the next commit that files an article."""

    def __init__(self) -> None:
        self._remembered: tuple[int, dict[Terms, Frequency]] = (-1, {})

    def totals(self, connection: Connection) -> Totals:
        """Return how large the archive is."""
        return Totals(*connection.exec_driver_sql("SELECT articles, terms, changes FROM totals").one())

    def counter(self, connection: Connection) -> Counter:
        """Return what tells how common a sequence of terms is, as long as the snapshot is open."""
        known = self._memory(connection)

        def count(terms: Terms) -> Frequency:
            frequency = known.get(terms)
            if frequency is None:
                frequency = known[terms] = _frequency(connection, terms)
            return frequency

        return count

    def _memory(self, connection: Connection) -> dict[Terms, Frequency]:
        """Return the frequencies that are known of this snapshot."""
        changes = self.totals(connection).changes
        remembered_at, known = self._remembered
        if remembered_at != changes:
            # A new dictionary, never a cleared one: another thread may still be reading an older snapshot.
            known = {}
            self._remembered = (changes, known)
        return known

    def holds_all(self, connection: Connection, words: Sequence[Word], first_row: int, enough: int) -> int:
        """Count the articles from `first_row` on that have every word, up to `enough`."""
        match = " AND ".join(f"({_any_of(word)})" for word in words)
        rows = connection.exec_driver_sql(
            "SELECT rowid FROM article_index WHERE article_index MATCH ? AND rowid >= ? LIMIT ?",
            (match, first_row, enough),
        )
        return len(rows.all())

    def candidates(self, connection: Connection, words: Sequence[Word], within: Within) -> list[Candidate]:
        """Return the likeliest articles that have some of the words, at most CANDIDATES; the newest without words."""
        kept = without_common(words, self.counter(connection), self.totals(connection).articles)
        if (words and not kept) or not all((*within.every, *within.in_title)):
            return []
        conditions = within.conditions()
        values: dict[str, Any] = {"first": within.first_row, "limit": CANDIDATES}
        for needed in conditions.values():
            values |= needed
        if match := _match(kept, within):
            inside = ["article_index MATCH :match", "rowid >= :first"]
            if conditions:
                inside.append(f"rowid IN (SELECT row FROM article WHERE {' AND '.join(conditions)})")  # noqa: S608  # bound
            sql = (
                f"SELECT rowid FROM article_index WHERE {' AND '.join(inside)} "  # noqa: S608  # bound
                "ORDER BY bm25(article_index, :title, 1) LIMIT :limit"
            )
            values |= {"match": match, "title": TITLE}
        else:
            everything = " AND ".join(("row >= :first", *conditions))
            sql = f"SELECT row FROM article WHERE {everything} ORDER BY row DESC LIMIT :limit"  # noqa: S608  # bound
        best = connection.execute(prepared(sql, values), values).scalars().all()
        return [Candidate(*columns) for columns in connection.execute(READ, {"rows": best}).all()]

    def known(self, connection: Connection, terms: Sequence[str]) -> Mapping[str, int]:
        """Return which of the terms some article has, and how many have it."""
        memory = self._memory(connection)
        asked = [term for term in terms if (term,) not in memory]
        if asked:  # in one statement: the counter is asked for the same terms a moment later
            found: dict[Terms, Frequency] = dict.fromkeys(((term,) for term in asked), Frequency(0, 0))
            rows = connection.exec_driver_sql(_KNOWN, (json.dumps(asked),))
            found.update(((term,), Frequency(*counts)) for term, *counts in rows)
            memory.update(found)  # at once: another thread may be reading it
        return {term: articles for term in terms if (articles := memory[term,].articles)}

    def vocabulary(self, connection: Connection, prefix: str, limit: int) -> list[str]:
        """Return terms of the archive that begin so, in the order of the alphabet."""
        rows = connection.exec_driver_sql(
            "SELECT term FROM article_words WHERE term >= ? AND term < ? LIMIT ?",
            (prefix, prefix + chr(0x10FFFF), limit),
        )
        return [term for (term,) in rows]


def without_common(words: Sequence[Word], count_of: Counter, articles: int) -> Sequence[Word]:
    """Leave out words that stand in a large share of a large archive, when rarer ones are there, and unknown ones."""
    limit = max(_COMMON_LEAST, _COMMON_SHARE * articles)
    counted = [max((count_of(terms).articles for terms in word), default=0) for word in words]
    there = [(word, count) for word, count in zip(words, counted, strict=True) if count]
    rare = [word for word, count in there if count <= limit]
    return rare or [word for word, _ in there]


def _frequency(connection: Connection, terms: Terms) -> Frequency:
    if len(terms) == 1:
        row = connection.exec_driver_sql("SELECT doc, cnt FROM article_words WHERE term = ?", terms).one_or_none()
        return Frequency(*row) if row else Frequency(0, 0)
    count = connection.exec_driver_sql(
        "SELECT count(*) FROM article_index WHERE article_index MATCH ?", (_phrase(terms),)
    ).scalar_one()
    return Frequency(count, count)  # how often within an article is not known, and matters little for a name


def _match(words: Sequence[Word], within: Within) -> str:
    """Write what the full-text index is asked for; "" for nothing."""
    parts = [f"({' OR '.join(map(_any_of, words))})"] if words else []
    parts += [f"({_any_of(word)})" for word in within.every]
    parts += [f"title_terms : ({_any_of(word)})" for word in within.in_title]
    without = f" NOT ({' OR '.join(map(_any_of, within.none))})" if within.none and parts else ""
    return " AND ".join(parts) if not without else f"({' AND '.join(parts)}){without}"


def _any_of(word: Word) -> str:
    return " OR ".join(_phrase(terms) for terms in word)


def _phrase(terms: Terms) -> str:
    """Quote the terms; they have letters and digits only, so nothing in them can end the quotation."""
    return f'"{" ".join(terms)}"'
