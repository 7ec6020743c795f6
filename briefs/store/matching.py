"""Which articles of a stretch of the archive have all that a topic requires, by the full-text index."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeAlias

from sqlalchemy import Connection

from briefs.store.gin import having_all

Terms: TypeAlias = tuple[str, ...]  # side by side


def matching_rows(
    connection: Connection, required: Sequence[Collection[Terms]], *, after: int, through: int
) -> list[int]:
    """Return the rows with after < row <= through that have, for each of `required`, one of its sequences; rising."""
    if not required or not all(required):
        return []
    if connection.dialect.name == "postgresql":
        return having_all(connection, required, first=after + 1, through=through)
    match = " AND ".join(f"({' OR '.join(sorted(map(_phrase, words)))})" for words in required)
    rows = connection.exec_driver_sql(
        "SELECT rowid FROM article_index WHERE article_index MATCH ? AND rowid > ? AND rowid <= ? ORDER BY rowid",
        (match, after, through),
    )
    return [row for (row,) in rows]


def _phrase(terms: Terms) -> str:
    """Quote the terms; they have letters and digits only, so nothing in them can end the quotation."""
    return f'"{" ".join(terms)}"'
