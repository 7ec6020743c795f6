"""A corpus in PostgreSQL, filled by COPY: as `bench.filling` does it in SQLite.

Words are counted here, and the full-text index is made in one go, so that what triggers do for each article need not be
done; they are made anew at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection

from bench.corpus import VOCABULARY, Corpus, vocabulary, word
from bench.filling import COLUMNS, columns
from briefs.store.database import Database, to_ms

_DAY_MS = 86_400_000
# How the triggers of a table are made, and how they go: COPY keeps all its rows for them, also where they are disabled.
_TRIGGERS = """
    SELECT pg_get_triggerdef(oid), 'DROP TRIGGER ' || tgname || ' ON article' FROM pg_trigger
    WHERE tgrelid = 'article'::regclass AND NOT tgisinternal
"""
_FULL_TEXT = "SELECT pg_get_indexdef('ix_article_terms'::regclass)"
_STORIES = (
    'INSERT INTO story (id, held) SELECT "row", 0 FROM article ORDER BY "row"',
    'INSERT INTO telling (article_row, story_id, copy) SELECT "row", "row", false FROM article ORDER BY "row"',
)


def fill(url: str, corpus: Corpus, days: int = 0) -> None:
    """Fill an empty archive with a corpus, each article a story that has ended.

    days: they came in over so many, the last of them now; 0: all came in just now.
    """
    with Database.open(url) as database, database.write() as connection:
        _fill(connection, corpus, days)
        connection.exec_driver_sql("ANALYZE")


def _fill(connection: Connection, corpus: Corpus, days: int) -> None:
    triggers = connection.exec_driver_sql(_TRIGGERS).all()
    full_text = connection.exec_driver_sql(_FULL_TEXT).scalar_one()
    connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '1GB'")
    for statement in ("DROP INDEX ix_article_terms", *(gone for _, gone in triggers)):
        connection.exec_driver_sql(statement)
    counted = np.zeros((2, VOCABULARY), dtype=np.int64)  # of each word: articles, and how often in all
    _copy(connection, f"article ({COLUMNS})", _articles(corpus, days, counted))
    words = ((word(int(rank)), *counted[:, rank]) for rank in np.flatnonzero(counted[0]))
    _copy(connection, "article_words (term, doc, cnt)", words)
    totals = {"articles": corpus.articles, "terms": int(counted[1].sum())}
    connection.exec_driver_sql("UPDATE totals SET articles = %(articles)s, changes = %(articles)s", totals)
    connection.exec_driver_sql("UPDATE totals SET terms = %(terms)s", totals)
    for statement in (full_text, *_STORIES, *(made for made, _ in triggers)):
        connection.exec_driver_sql(statement)


def _copy(connection: Connection, into: str, rows: Iterable[tuple[object, ...]]) -> None:
    raw: Any = connection.connection.cursor()
    with raw.copy(f"COPY {into} FROM STDIN") as copying:
        for row in rows:
            copying.write("\t".join(map(str, row)) + "\n")


def _articles(corpus: Corpus, days: int, counted: Any) -> Iterator[tuple[object, ...]]:
    words = np.array(vocabulary(), dtype=object)
    now = to_ms(datetime.now(UTC)) or 0
    for number, ranks in enumerate(corpus.ranks()):
        counted[0, np.unique(ranks)] += 1
        np.add.at(counted[1], ranks, 1)
        came = now - days * _DAY_MS * (corpus.articles - number - 1) // corpus.articles
        yield columns(f"a{number}", words[ranks].tolist(), came)
