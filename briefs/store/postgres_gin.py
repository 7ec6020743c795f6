"""The full-text index on PostgreSQL: a GIN index over the terms of each article, and a table that counts them.

It holds the very terms that the analyser made, so the same words are found as on SQLite. Which candidates to hand on is
told by BM25, reckoned from the packed terms of the articles that have a word that is not common.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from briefs.store.sqlite_fts import CANDIDATES, READ, Counter, Frequency, Terms, Totals, Word, without_common
from briefs.store.within import Within, prepared
from briefs.text.packed import TITLE, Candidate, pack

_K1, _B = 1.2, 0.75  # as FTS5's bm25() has them
_KNOWN = text("SELECT term, doc FROM article_words WHERE term = ANY(CAST(:terms AS text[])) AND doc > 0")
_VOCABULARY = text(
    "SELECT term FROM article_words WHERE term >= :first AND term < :last AND doc > 0 ORDER BY term LIMIT :limit"
)


class GinIndex:
    """`SearchIndex` over PostgreSQL. Frequencies are remembered until the next commit that files an article."""

    def __init__(self) -> None:
        self._remembered: tuple[int, dict[Terms, Frequency]] = (-1, {})

    def totals(self, connection: Connection) -> Totals:
        """Return how large the archive is."""
        return Totals(*connection.exec_driver_sql("SELECT articles, terms, changes FROM totals").one())

    def counter(self, connection: Connection) -> Counter:
        """Return what tells how common a sequence of terms is, as long as the snapshot is open."""
        changes = self.totals(connection).changes
        remembered_at, known = self._remembered
        if remembered_at != changes:
            # A new dictionary, never a cleared one: another thread may still be reading an older snapshot.
            known = {}
            self._remembered = (changes, known)

        def count(terms: Terms) -> Frequency:
            frequency = known.get(terms)
            if frequency is None:
                frequency = known[terms] = _frequency(connection, terms)
            return frequency

        return count

    def holds_all(self, connection: Connection, words: Sequence[Word], first_row: int, enough: int) -> int:
        """Count the articles from `first_row` on that have every word, up to `enough`."""
        return len(having_all(connection, [list(word) for word in words], first=first_row, limit=enough))

    def candidates(self, connection: Connection, words: Sequence[Word], within: Within) -> list[Candidate]:
        """Return the likeliest articles that have some of the words, at most CANDIDATES; the newest without words."""
        totals = self.totals(connection)
        count_of = self.counter(connection)
        kept = [list(word) for word in without_common(words, count_of, totals.articles)]
        if (words and not kept) or not all((*within.every, *within.in_title)):
            return []
        having = _Conditions()
        conditions = [f"({' OR '.join(map(having.any_of, kept))})"] if kept else []
        conditions += [f"({having.any_of(word)})" for word in within.every]
        conditions += [f"NOT ({having.any_of(word)})" for word in within.none]
        conditions += [f"({having.in_title(word)})" for word in within.in_title]
        rarities = [_rarity(max(count_of(terms).articles for terms in word), totals.articles) for word in kept]
        score = " + ".join(
            f"{rarity:.6f} * {having.saturation(word)}" for rarity, word in zip(rarities, kept, strict=True)
        )
        values = {
            **having.values,
            "first": within.first_row,
            "limit": CANDIDATES,
            "average": max(totals.terms / max(totals.articles, 1), 1.0),
        }
        for condition, needed in within.conditions().items():
            conditions.append(condition)
            values |= needed
        order = f'{score} DESC, "row"' if score else '"row" DESC'
        inside = " AND ".join((*conditions, '"row" >= :first'))
        sql = f'SELECT "row" FROM article WHERE {inside} ORDER BY {order} LIMIT :limit'  # noqa: S608  # bound values
        best = connection.execute(prepared(sql, values), values)
        return [Candidate(*columns) for columns in connection.execute(READ, {"rows": best.scalars().all()})]

    def known(self, connection: Connection, terms: Sequence[str]) -> Mapping[str, int]:
        """Return which of the terms some article has, and how many have it."""
        return {row.term: row.doc for row in connection.execute(_KNOWN, {"terms": list(terms)})}

    def vocabulary(self, connection: Connection, prefix: str, limit: int) -> list[str]:
        """Return terms of the archive that begin so, in the order of the alphabet."""
        wanted = {"first": prefix, "last": prefix + chr(0x10FFFF), "limit": limit}
        return list(connection.execute(_VOCABULARY, wanted).scalars())


def having_all(
    connection: Connection,
    words: Sequence[Collection[Terms]],
    *,
    first: int,
    through: int | None = None,
    limit: int | None = None,
) -> list[int]:
    """Return the rows from `first` on that have, for each word, one of its sequences; rising."""
    having = _Conditions()
    conditions = [f"({having.any_of(word)})" for word in words] + ['"row" >= :first']
    values: dict[str, Any] = {**having.values, "first": first, "through": through, "limit": limit}
    if through is not None:
        conditions.append('"row" <= :through')
    query = f'SELECT "row" FROM article WHERE {" AND ".join(conditions)} ORDER BY "row" LIMIT :limit'  # noqa: S608  # bound
    return list(connection.execute(text(query), values).scalars())


class _Conditions:
    """SQL about terms; every term is a bound value. values: of the parameters so far."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def any_of(self, word: Iterable[Terms]) -> str:
        """Give the condition that an article has one of the sequences."""
        return " OR ".join(map(self._has, word)) or "false"

    def in_title(self, word: Iterable[Terms]) -> str:
        """Give the condition that an article has one of the sequences in its title."""
        return " OR ".join(f"strpos(title_terms, {self._bound(pack(terms))}) > 0" for terms in word) or "false"

    def saturation(self, word: Iterable[Terms]) -> str:
        """Give BM25's measure of how often an article has a word."""
        counted = " + ".join(
            f"{times} * (length({column}) - length(replace({column}, {name}, ''))) / {len(pack(terms))}.0"
            for terms in word
            for name in [self._bound(pack(terms))]
            for column, times in (("title_terms", TITLE), ("body_terms", 1))
        )
        norm = f"{_K1} * ({1 - _B} + {_B} * length / :average)"
        return f"(({counted}) * {_K1 + 1} / (({counted}) + {norm}))"

    def _has(self, terms: Terms) -> str:
        has_each = f"article_terms(title_terms, body_terms) @> {self._bound(list(terms))}"
        if len(terms) == 1:
            return has_each
        side_by_side = self._bound(pack(terms))
        return f"({has_each} AND (strpos(title_terms, {side_by_side}) > 0 OR strpos(body_terms, {side_by_side}) > 0))"

    def _bound(self, value: object) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"CAST(:{name} AS {'text' if isinstance(value, str) else 'text[]'})"


def _rarity(articles: int, of: int) -> float:
    return max(math.log((of - articles + 0.5) / (articles + 0.5)), 1e-6)


def _frequency(connection: Connection, terms: Terms) -> Frequency:
    if len(terms) == 1:
        query = text("SELECT doc, cnt FROM article_words WHERE term = :term")
        row = connection.execute(query, {"term": terms[0]}).one_or_none()
        return Frequency(*row) if row else Frequency(0, 0)
    having = _Conditions()
    query = text(f"SELECT count(*) FROM article WHERE {having.any_of([terms])}")  # noqa: S608  # bound values
    count = connection.execute(query, having.values).scalar_one()
    return Frequency(count, count)  # how often within an article is not known, and matters little for a name
