"""A made-up archive of any size in PostgreSQL, filled by COPY: a million articles in minutes.

The words are distributed as those of `bench.corpus`, but drawn many at once. Words are counted here, and the full-text
index is made in one go, so that what a trigger does for each article need not be done.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection

from bench.corpus import SENTENCE, VOCABULARY, WORDS, Corpus, word
from briefs.store.database import Database, to_ms
from briefs.text.packed import pack

AT_ONCE = 2_000  # articles
DAY_MS = 86_400_000
_COLUMNS = "id, content, title, text, language, published_at, seen_at, sentences, title_terms, body_terms, length"
_INDEX = "CREATE INDEX ix_article_terms ON article USING gin (article_terms(title_terms, body_terms))"
_STORIES = (
    'INSERT INTO story (id, held) SELECT "row", 0 FROM article ORDER BY "row"',
    'INSERT INTO telling (article_row, story_id, copy) SELECT "row", "row", false FROM article ORDER BY "row"',
)


def fill(url: str, corpus: Corpus, days: int = 0) -> None:
    """Fill an empty archive with as many articles as a corpus has, each a closed story of its own.

    days: they came in over so many, the last of them now; 0: all came in just now.
    """
    counted = _Counts()
    with Database.open(url) as database, database.write() as connection:
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '1GB'")
        connection.exec_driver_sql("DROP INDEX ix_article_terms")
        connection.exec_driver_sql("ALTER TABLE article DISABLE TRIGGER USER")
        _copy(connection, f"article ({_COLUMNS})", _articles(corpus, days, counted))
        connection.exec_driver_sql("ALTER TABLE article ENABLE TRIGGER USER")
        connection.exec_driver_sql(_INDEX)
        _copy(connection, "article_words (term, doc, cnt)", counted.lines())
        totals = {"articles": corpus.articles, "terms": int(counted.occurrences.sum()), "changes": corpus.articles}
        connection.exec_driver_sql("UPDATE totals SET articles = %(articles)s, terms = %(terms)s", totals)
        connection.exec_driver_sql("UPDATE totals SET changes = %(changes)s", totals)
        for statement in _STORIES:
            connection.exec_driver_sql(statement)
    with Database.open(url) as database, database.write() as connection:
        connection.exec_driver_sql("ANALYZE")


class _Counts:
    """In how many articles each word stands, and how often in all; by its rank."""

    def __init__(self) -> None:
        self.articles = np.zeros(VOCABULARY, dtype=np.int64)
        self.occurrences = np.zeros(VOCABULARY, dtype=np.int64)

    def add(self, numbers: Any, words: Any) -> None:
        """Count words, by rank; numbers: of the article that each stands in."""
        self.occurrences += np.bincount(words, minlength=VOCABULARY)
        self.articles += np.bincount(np.unique(numbers * VOCABULARY + words) % VOCABULARY, minlength=VOCABULARY)

    def lines(self) -> Iterator[str]:
        """Yield what COPY takes of those that stand anywhere."""
        for rank in np.flatnonzero(self.articles):
            yield f"{word(rank)}\t{self.articles[rank]}\t{self.occurrences[rank]}\n"


def _copy(connection: Connection, into: str, lines: Iterator[str]) -> None:
    raw: Any = connection.connection.cursor()
    with raw.copy(f"COPY {into} FROM STDIN") as copying:
        for line in lines:
            copying.write(line)


def _articles(corpus: Corpus, days: int, counted: _Counts) -> Iterator[str]:
    draw = np.random.default_rng(corpus.seed)
    vocabulary = np.array([word(rank) for rank in range(VOCABULARY)], dtype=object)
    weights = np.array(corpus.weights)
    now = to_ms(datetime.now(UTC)) or 0
    for first in range(0, corpus.articles, AT_ONCE):
        lengths = draw.integers(WORDS // 2, WORDS + WORDS // 2, min(AT_ONCE, corpus.articles - first), endpoint=True)
        drawn = weights.searchsorted(draw.random(lengths.sum()) * weights[-1], side="right").clip(max=VOCABULARY - 1)
        counted.add(np.repeat(np.arange(len(lengths)), lengths), drawn)
        for number, words in enumerate(np.split(vocabulary[drawn], lengths.cumsum()[:-1]), first):
            came = now - days * DAY_MS * (corpus.articles - number - 1) // corpus.articles
            yield _line(number, words.tolist(), came)


def _line(number: int, words: list[str], came: int) -> str:
    pieces = [" ".join(words[start : start + SENTENCE]) + "." for start in range(0, len(words), SENTENCE)]
    places, start = [], 0
    for piece in pieces:
        places += [start, start + len(piece)]
        start += len(piece) + 1
    text, terms = " ".join(pieces), pack(words)
    return f"a{number}\t{number:032x}\t\t{text}\ten\t\\N\t{came}\t{json.dumps(places)}\t\t{terms}\t{len(words)}\n"
