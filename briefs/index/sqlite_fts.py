"""The full-text index of SQLite: FTS5, over the terms that the analyser made.

Triggers file an article's words in the transaction that stores it, and take them out in the one that deletes it. FTS5's
own bm25() only chooses which candidates to hand on.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from briefs.index.lexicon import Memory, SqlLexicon
from briefs.index.port import CANDIDATES, EVERYTHING, SearchIndex
from briefs.index.seen import Seen, condition
from briefs.index.within import RANKED, Terms, Within, Words, prepared
from briefs.text.packed import TITLE, Candidate

_NEWEST = 3_000  # articles, of those that have common words only, are looked at
# Through JSON: a long query has more terms than a statement may have parameters.
_TERMS = "SELECT term, doc, cnt FROM article_words WHERE term IN (SELECT value FROM json_each(?))"
_SEQUENCES = """
    SELECT (SELECT count(*) FROM article_index WHERE article_index MATCH phrase.value)
    FROM json_each(?) AS phrase ORDER BY phrase.key
"""


class Fts5Index(SearchIndex):
    """`SearchIndex` over SQLite's FTS5."""

    def __init__(self) -> None:
        self._memory = Memory()

    def add(self, connection: Connection, rows: Sequence[int]) -> None:
        """Do nothing: the triggers have taken them in."""

    def on(self, connection: Connection) -> tuple[Fts5Finder, Fts5Lexicon]:
        """Return what is seen on the snapshot of a connection."""
        lexicon = Fts5Lexicon(connection, self._memory)
        return Fts5Finder(connection, lexicon), lexicon


class Fts5Lexicon(SqlLexicon):
    """`Lexicon` over FTS5's own vocabulary."""

    def _count_terms(self, terms: Sequence[str]) -> Iterable[Sequence[Any]]:
        return self.connection.exec_driver_sql(_TERMS, (json.dumps(terms),))

    def _count_sequences(self, many: Sequence[Terms]) -> Iterable[tuple[Terms, int]]:
        counts = self.connection.exec_driver_sql(_SEQUENCES, (json.dumps([*map(_phrase, many)]),)).scalars()
        return zip(many, counts, strict=True)

    def vocabularies(self, prefixes: Sequence[str], limit: int) -> list[list[str]]:
        """Return for each prefix the terms of the archive that begin so, in the order of the alphabet."""
        asked = "SELECT term FROM article_words WHERE term >= ? AND term < ? LIMIT ?"
        ends = ((prefix, prefix + chr(0x10FFFF), limit) for prefix in prefixes)
        return [[*self.connection.exec_driver_sql(asked, one).scalars()] for one in ends]


class Fts5Finder:
    """`Finder` over FTS5."""

    through, after = EVERYTHING, 0

    def __init__(self, connection: Connection, lexicon: Fts5Lexicon) -> None:
        self._connection = connection
        self._lexicon = lexicon

    def candidates(self, words: Words, within: Within) -> list[Candidate]:
        """Return the likeliest articles that have some of the words; the newest where no word is given."""
        kept = self._lexicon.without_common(words)
        if (words and not kept) or not all((*within.every, *within.in_title)):
            return []
        conditions = dict(within.of_its_row())
        sees = within.sees("sqlite", "article_index.rowid")
        values: dict[str, Any] = {"first": within.first_row, "limit": CANDIDATES}
        for needed in (conditions | sees).values():
            values |= needed
        if match := _match(kept, within):
            found = " AND ".join(("FROM article_index WHERE article_index MATCH :match AND rowid >= :first", *sees))
            if conditions:
                found += f" AND rowid IN (SELECT row FROM article WHERE {' AND '.join(conditions)})"  # noqa: S608  # bound
            if kept and all(map(self._lexicon.is_common, kept)):
                found += f" AND rowid >= coalesce((SELECT rowid {found} ORDER BY rowid DESC LIMIT 1 OFFSET :newest), 0)"
            rows = f"SELECT rowid {found} ORDER BY bm25(article_index, :title, 1) LIMIT :limit"
            values |= {"match": match, "title": TITLE, "newest": _NEWEST}
        else:
            everything = " AND ".join(("row >= :first", *within.conditions("sqlite")))
            rows = f"SELECT row FROM article WHERE {everything} ORDER BY row DESC LIMIT :limit"  # noqa: S608  # bound
        sql = f"SELECT {RANKED} FROM article WHERE row IN ({rows}) ORDER BY row DESC"  # noqa: S608  # bound values
        return [Candidate(*columns) for columns in self._connection.execute(prepared(sql, values), values)]

    def rows_with_all(
        self, words: Words, *, after: int = 0, through: int | None = None, newest: int | None = None, seen: Seen = None
    ) -> list[int]:
        """Return the rows with after < row <= through that have every word, rising."""
        if not words or not all(words):
            return []
        sees, needed = ("true", {}) if seen is None else condition("sqlite", seen, "article_index.rowid")
        found = (
            "SELECT rowid FROM article_index WHERE article_index MATCH :match AND rowid > :after AND rowid <= :through"
        )
        sql = f"{found} AND {sees} ORDER BY rowid DESC LIMIT :newest"
        values = {"match": _every(words), "after": after, "through": EVERYTHING if through is None else through}
        rows = self._connection.exec_driver_sql(sql, values | needed | {"newest": -1 if newest is None else newest})
        return [*rows.scalars()][::-1]

    def newest_of_each(self, words: Words, most: int, seen: Seen = None) -> list[list[int]]:
        """Return for each word the rows with the largest numbers that have it, so many at most."""
        return [self.rows_with_all([word], newest=most, seen=seen) for word in words]


def _match(words: Words, within: Within) -> str:
    """Write what the full-text index is asked for; "" for nothing."""
    parts = [f"({' OR '.join(map(_any_of, words))})"] if words else []
    parts += [_every(within.every)] if within.every else []
    parts += [f"title_terms : ({_any_of(word)})" for word in within.in_title]
    without = f" NOT ({' OR '.join(map(_any_of, within.none))})" if within.none and parts else ""
    return " AND ".join(parts) if not without else f"({' AND '.join(parts)}){without}"


def _every(words: Words) -> str:
    return " AND ".join(f"({_any_of(word)})" for word in words)


def _any_of(word: Collection[Terms]) -> str:
    return " OR ".join(map(_phrase, word))


def _phrase(terms: Terms) -> str:
    """Quote the terms; they have letters and digits only, so nothing in them can end the quotation."""
    return f'"{" ".join(terms)}"'
