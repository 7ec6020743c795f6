"""The full-text index of PostgreSQL: a GIN index over the terms of each article, and a table that counts them.

It holds the very terms that the analyser made, so the same words are found as on SQLite. Triggers keep both in the
transaction that stores or deletes an article. Which candidates to hand on is told by how rare the words are that a row
has, and how long it is: that reads no text, however many rows there are.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from briefs.index.lexicon import Memory, SqlLexicon
from briefs.index.port import EVERYTHING, Frequency, SearchIndex, Totals
from briefs.index.seen import Seen, condition
from briefs.index.within import RANKED, Terms, Within, Words, prepared
from briefs.text.packed import Candidate, pack

_CANDIDATES = 150  # how often a row has a word is told by reading it: half as many more as where the index knows
_K1, _B = 1.2, 0.65  # BM25, as `search.bm25` has them
_TERMS = text("SELECT term, doc, cnt FROM article_words WHERE term = ANY(CAST(:terms AS text[])) AND doc > 0")
_VOCABULARIES = text("""
    SELECT place, term, doc, cnt
    FROM unnest(CAST(:prefixes AS text[])) WITH ORDINALITY AS given (prefix, place) CROSS JOIN LATERAL (
        SELECT * FROM article_words
        WHERE term >= prefix COLLATE "C" AND term < (prefix || :end) COLLATE "C" AND doc > 0
        ORDER BY term LIMIT :limit) AS begun
    ORDER BY place, term
""")
# Statements of look-ups hold how rare their words are now: each comes once, and 500 of them would be kept.
_ONCE: Mapping[str, Any] = {"compiled_cache": None}


class GinIndex(SearchIndex):
    """`SearchIndex` over PostgreSQL."""

    def __init__(self) -> None:
        self._memory = Memory()

    def add(self, connection: Connection, rows: Sequence[int]) -> None:
        """Do nothing: the triggers have taken them in."""

    def on(self, connection: Connection) -> tuple[GinFinder, GinLexicon]:
        """Return what is seen on the snapshot of a connection."""
        lexicon = GinLexicon(connection, self._memory)
        return GinFinder(connection, lexicon), lexicon


class GinLexicon(SqlLexicon):
    """`Lexicon` over the table of words."""

    def _count_terms(self, terms: Sequence[str]) -> Iterable[Sequence[Any]]:
        return self.connection.execute(_TERMS, {"terms": list(terms)})

    def _count_sequences(self, many: Sequence[Terms]) -> Iterable[tuple[Terms, int]]:
        having = _Conditions()
        each = [f"(SELECT count(*) FROM article WHERE {having.any_of([terms])})" for terms in many]  # noqa: S608  # bound
        counted = self.connection.execute(text(f"SELECT {', '.join(each)}"), having.values, execution_options=_ONCE)
        return zip(many, counted.one(), strict=True)

    def vocabularies(self, prefixes: Sequence[str], limit: int) -> list[list[str]]:
        """Return for each prefix the terms of the archive that begin so, in the order of the alphabet."""
        wanted = {"prefixes": list(prefixes), "end": chr(0x10FFFF), "limit": limit}
        found: list[list[str]] = [[] for _ in prefixes]
        for place, term, *counts in self.connection.execute(_VOCABULARIES, wanted):
            found[place - 1].append(term)
            self._seen.setdefault((term,), Frequency(*counts))
        return found


class GinFinder:
    """`Finder` over the GIN index."""

    through, after = EVERYTHING, 0

    def __init__(self, connection: Connection, lexicon: GinLexicon) -> None:
        self._connection = connection
        self._lexicon = lexicon

    def candidates(self, words: Words, within: Within) -> list[Candidate]:
        """Return the likeliest articles that have some of the words; the newest where no word is given."""
        kept = self._lexicon.without_common(words)
        if (words and not kept) or not all((*within.every, *within.in_title)):
            return []
        having, totals = _Conditions(), self._lexicon.totals
        conditions = ['"row" >= :first', *(f"({having.any_of(word)})" for word in within.every)]
        conditions += [f"NOT ({having.any_of(word)})" for word in within.none]
        conditions += [f"({having.in_title(word)})" for word in within.in_title]
        values: dict[str, Any] = {"first": self._lexicon.first_row(kept, within), "limit": _CANDIDATES}
        for limit, needed in within.of_its_row():
            conditions.append(limit)
            values |= needed
        inside = " AND ".join(conditions)
        if kept:
            rarities = [_rarity(self._lexicon.articles_with(word), totals) for word in kept]
            each = (
                f'SELECT "row", length, {rarity:.6f} AS tells FROM article '  # noqa: S608  # bound values
                f"WHERE ({having.any_of(word)}) AND {inside}"
                for word, rarity in zip(kept, rarities, strict=True)
            )
            found = (
                f'SELECT "row" FROM ({" UNION ALL ".join(each)}) AS found GROUP BY "row", length ORDER BY '  # noqa: S608
                f'sum(tells) / (1 + {_K1} * ({1 - _B} + {_B} * length / :average)) DESC, "row" DESC'
            )
            values["average"] = max(totals.terms / max(totals.articles, 1), 1.0)
        else:
            found = f'SELECT "row" FROM article WHERE {inside} ORDER BY "row" DESC'  # noqa: S608  # bound values
        rows, needed = _first_seen(found, within.seen, ":limit")
        values |= having.values | needed
        sql = f'SELECT {RANKED} FROM article WHERE "row" IN ({rows}) ORDER BY "row" DESC'  # noqa: S608  # bound values
        read = self._connection.execute(prepared(sql, values), values, execution_options=_ONCE)
        return [Candidate(*columns) for columns in read]

    def rows_with_all(
        self, words: Words, *, after: int = 0, through: int | None = None, newest: int | None = None, seen: Seen = None
    ) -> list[int]:
        """Return the rows with after < row <= through that have every word, rising."""
        if not words or not all(words):
            return []
        having = _Conditions()
        every = " AND ".join(f"({having.any_of(word)})" for word in words)
        stretch = f'SELECT "row" FROM article WHERE {every} AND "row" > :after AND "row" <= :through'  # noqa: S608
        # OFFSET 0 keeps the planner from reading the terms of the newest articles, one after the other, to find a few.
        found = f'SELECT "row" FROM ({stretch} OFFSET 0) AS found ORDER BY "row" DESC'  # noqa: S608  # bound values
        sql, needed = _first_seen(found, seen, ":newest")
        values = {"after": after, "through": EVERYTHING if through is None else through, "newest": newest} | needed
        found_rows = self._connection.execute(text(sql), having.values | values, execution_options=_ONCE)
        return [*found_rows.scalars()][::-1]

    def newest_of_each(self, words: Words, most: int, seen: Seen = None) -> list[list[int]]:
        """Return for each word the rows with the largest numbers that have it, so many at most."""
        having, each = _Conditions(), []
        for word in words:
            stretch = (
                f'SELECT "row" FROM article WHERE ({having.any_of(word)}) '  # noqa: S608  # bound values
                f'AND "row" >= {self._lexicon.first_row([word], Within())}'
            )
            found = f'SELECT "row" FROM ({stretch} OFFSET 0) AS found ORDER BY "row" DESC'  # noqa: S608
            first, needed = _first_seen(found, seen, ":most")
            having.values |= needed
            each.append(f"ARRAY({first})")
        sql, values = f"SELECT {', '.join(each)}", having.values | {"most": most}
        return [*self._connection.execute(text(sql), values, execution_options=_ONCE).one()] if words else []


def _first_seen(found: str, seen: Seen, most: str) -> tuple[str, dict[str, str]]:
    """Write what gives the first rows that are seen, of those that a statement finds in their order."""
    if seen is None:
        return f"{found} LIMIT {most}", {}
    # OFFSET 0: no row is looked at for that before it is its turn.
    sees, needed = condition("postgresql", seen, 'ordered."row"')
    return f'SELECT "row" FROM ({found} OFFSET 0) AS ordered WHERE {sees} LIMIT {most}', needed  # noqa: S608  # bound


class _Conditions:
    """SQL about terms; every term is a bound value. values: of the parameters so far."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def any_of(self, word: Collection[Terms]) -> str:
        """Give the condition that an article has one of the sequences."""
        return " OR ".join(map(self._has, word))

    def in_title(self, word: Collection[Terms]) -> str:
        """Give the condition that an article has one of the sequences in its title."""
        return " OR ".join(f"strpos(title_terms, {self._bound(pack(terms))}) > 0" for terms in word)

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


def _rarity(articles: int, totals: Totals) -> float:
    return math.log(1 + (max(totals.articles - articles, 0) + 0.5) / (articles + 0.5))
