"""Archives of a corpus; large ones in SQLite are filled as fast as it takes them, a million in some minutes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import accumulate, islice
from pathlib import Path

from bench import joining
from bench.corpus import SENTENCE, Corpus, article
from briefs.archive import Archive
from briefs.store.articles import Articles, digest_of
from briefs.store.database import to_ms
from briefs.text.packed import pack

AT_ONCE = 50  # articles of a commit, as gathering has it
OPEN = 100_000  # articles, the newest, whose stories may go on
BATCH = 2_000
_BY_COMMITS = 2_000  # articles, the newest, that come AT_ONCE: so the index has small parts, too, as in daily use
_TOGETHER = 50_000
COLUMNS = "id, content, title, text, language, seen_at, sentences, title_terms, body_terms, length"
_SWIFTLY = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -500000",  # kB
    f"INSERT INTO article_index (article_index, rank) VALUES ('hashsize', {2**28})",  # bytes of words before a part
)
_AS_ALWAYS = f"INSERT INTO article_index (article_index, rank) VALUES ('hashsize', {2**20})"
_STORIES = (
    "INSERT INTO story (id, held) SELECT row, 0 FROM article WHERE row > ?",
    "INSERT INTO telling (article_row, story_id, copy) SELECT row, row, 0 FROM article WHERE row > ?",
)


def filled(corpus: Corpus, url: str) -> Archive:
    """Return an archive with the articles of a corpus, each a story of its own; those of all but OPEN have ended."""
    archive, words = Archive.open(url), corpus.texts()
    closed = 0 if archive.database.shared else max(0, corpus.articles - OPEN)
    if closed:
        archive.close()
        _fill(Path(url.removeprefix("sqlite:///")), closed, words)
        archive = Archive.open(url)
    filing, keeper = Articles(archive.database), joining.Keeper(archive, corpus, closed + 1)
    there = closed
    while there < corpus.articles:
        few = BATCH if there < corpus.articles - _BY_COMMITS else AT_ONCE
        batch = [article(f"a{number}", one) for number, one in enumerate(islice(words, few), there)]
        filing.file(batch, datetime.now(UTC))
        keeper.keep(batch)
        there += len(batch)
    return archive


def _fill(path: Path, articles: int, words: Iterator[list[str]]) -> None:
    """Write what filing would, of articles whose stories have ended; a file that this does not finish is worthless."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in _SWIFTLY:
            connection.execute(statement)
        for there in range(0, articles, _TOGETHER):
            now, many = to_ms(datetime.now(UTC)), min(_TOGETHER, articles - there)
            rows = (columns(f"a{there + n}", one, now) for n, one in enumerate(islice(words, many)))
            connection.execute("BEGIN")
            connection.executemany(f"INSERT INTO article ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)", rows)
            for statement in _STORIES:
                connection.execute(statement, (there,))
            connection.execute("COMMIT")
        connection.execute(_AS_ALWAYS)


def columns(name: str, words: list[str], now: int | None) -> tuple[object, ...]:
    """Return what `Articles.file` writes of the article that `corpus.article` makes of these words."""
    pieces = [" ".join(words[start : start + SENTENCE]) + "." for start in range(0, len(words), SENTENCE)]
    text = " ".join(pieces)
    starts = [0, *accumulate(len(piece) + 1 for piece in pieces)]
    places = [place for start, piece in zip(starts, pieces, strict=False) for place in (start, start + len(piece))]
    return name, digest_of("", text), "", text, "en", now, json.dumps(places), "", pack(words), len(words)


def committing(archive: Archive, corpus: Corpus) -> Callable[[], object]:
    """Return what commits AT_ONCE further articles."""
    filing, later = Articles(archive.database), corpus.later(archive.position())
    return lambda: filing.file(list(islice(later, AT_ONCE)), datetime.now(UTC))
