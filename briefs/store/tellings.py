"""The tables `story`, `telling`, `trace` and `commonness`: articles as parts of stories that go on.

Every method works in the transaction of its connection.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, delete, func, insert, select, text, update

from briefs.store.database import from_ms
from briefs.store.schema import article, story, telling, trace

_OF_ONE_KEY = 200  # articles that are looked at, the latest: a key that more have tells little
_OF_ONE_STORY = 8  # tellings that a new one is compared with, the latest that are no copies: all of them tell no more

# Through JSON: a batch of articles has more keys than a statement may have parameters.
_KEYS = {
    "sqlite": "SELECT value AS key FROM json_each(:keys)",
    "postgresql": "SELECT CAST(value AS bigint) AS key FROM json_array_elements_text(CAST(:keys AS json))",
}
_COUNTED = "SELECT key, articles FROM commonness WHERE key IN ({keys})"
_LEARN = (
    "INSERT INTO commonness (key, articles) SELECT key, count(*) FROM ({keys}) AS given GROUP BY key ORDER BY key "
    "ON CONFLICT (key) DO UPDATE SET articles = commonness.articles + excluded.articles"
)
_HAVING = (
    "SELECT key, (SELECT {array}(article_row) FROM (SELECT article_row FROM trace WHERE trace.key = given.key "
    "AND article_row >= :first ORDER BY article_row DESC LIMIT :limit) AS latest) AS rows FROM ({keys}) AS given"
)
_ARRAY = {"sqlite": "json_group_array", "postgresql": "json_agg"}


@dataclass(frozen=True, slots=True)
class Part:
    """A telling as it is kept: see `tellings.pack`."""

    row: int
    story: int
    held: float
    packed: bytes
    language: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Teller:
    """An article of a story, by id. at: when it was published, else first seen. copy: it repeats another's text."""

    story: int
    article: str
    source: str | None
    url: str | None
    at: datetime
    copy: bool


class Tellings:
    """Articles as parts of stories."""

    def last(self, connection: Connection) -> int:
        """Return the newest row that is of a story; 0 when none is."""
        row: int | None = connection.execute(select(func.max(telling.c.article_row))).scalar()
        return row or 0

    def learn(self, connection: Connection, keys: Iterable[int]) -> None:
        """Count each key once more for each time it is given."""
        connection.execute(text(_of_keys(connection, _LEARN)), {"keys": json.dumps(list(keys))})

    def commonness(self, connection: Connection, keys: Iterable[int]) -> Mapping[int, int]:
        """Return in how many articles each key stands."""
        counted = connection.execute(text(_of_keys(connection, _COUNTED)), {"keys": json.dumps(list(keys))})
        return Counter({row.key: row.articles for row in counted})

    def having(self, connection: Connection, keys: Iterable[int], first_row: int) -> Mapping[int, Sequence[int]]:
        """Return the latest rows from `first_row` on that have each key."""
        asked = {"keys": json.dumps(list(keys)), "first": first_row, "limit": _OF_ONE_KEY}
        found = connection.execute(text(_of_keys(connection, _HAVING)), asked)
        return {row.key: json.loads(row.rows) if isinstance(row.rows, str) else row.rows or () for row in found}

    def stories(self, connection: Connection, rows: Sequence[int]) -> Mapping[int, int]:
        """Return the story of each row that is of one."""
        of_rows = select(telling.c.article_row, telling.c.story_id).where(telling.c.article_row.in_(rows))
        return {row.article_row: row.story_id for row in connection.execute(of_rows)}

    def parts(self, connection: Connection, stories: Iterable[int], first_row: int) -> list[Part]:
        """Return the tellings from `first_row` on by which new ones are compared with these stories."""
        of_stories = (
            select(telling.c.article_row, telling.c.story_id)
            .where(telling.c.story_id.in_(sorted(stories)), telling.c.article_row >= first_row, ~telling.c.copy)
            .order_by(telling.c.article_row.desc())
        )
        kept: dict[int, list[int]] = defaultdict(list)
        for row in connection.execute(of_stories):
            if len(kept[row.story_id]) < _OF_ONE_STORY:
                kept[row.story_id].append(row.article_row)
        rows = [row for some in kept.values() for row in some]
        read = (
            select(telling, story.c.held, article.c.language, article.c.published_at)
            .join(story, story.c.id == telling.c.story_id)
            .join(article, article.c.row == telling.c.article_row)
            .where(telling.c.article_row.in_(rows), telling.c.packed.is_not(None))
        )
        return [
            Part(row.article_row, row.story_id, row.held, row.packed, row.language, from_ms(row.published_at))
            for row in connection.execute(read)
        ]

    def note(self, connection: Connection, number: int, held: float, merged: Sequence[int]) -> None:
        """Begin a story, or let it go on and take others in."""
        changed = update(story).where(story.c.id == number).values(held=held)
        if not connection.execute(changed).rowcount:
            connection.execute(insert(story).values(id=number, held=held))
        if merged:
            connection.execute(update(telling).where(telling.c.story_id.in_(merged)).values(story_id=number))
            connection.execute(delete(story).where(story.c.id.in_(merged)))

    def file(
        self, connection: Connection, parts: Sequence[tuple[int, int, bool, bytes]], traces: Sequence[tuple[int, int]]
    ) -> None:
        """Keep tellings: row, story, whether it is a copy, packed; and their traces: key, row."""
        names = ("article_row", "story_id", "copy", "packed")
        connection.execute(insert(telling), [dict(zip(names, part, strict=True)) for part in parts])
        if traces:
            connection.execute(insert(trace), [{"key": key, "article_row": row} for key, row in traces])

    def close(self, connection: Connection, before_row: int) -> None:
        """Drop what is kept for comparison of rows before this one: nothing joins their stories any more."""
        connection.execute(delete(trace).where(trace.c.article_row < before_row))
        old = update(telling).where(telling.c.article_row < before_row, telling.c.packed.is_not(None))
        connection.execute(old.values(packed=None))

    def tellers(self, connection: Connection, stories: Iterable[int]) -> list[Teller]:
        """Return all articles of these stories, in the order they came in."""
        read = (
            select(telling.c.story_id, telling.c.copy, article.c.id, article.c.source, article.c.url)
            .add_columns(func.coalesce(article.c.published_at, article.c.seen_at).label("at"))
            .join(article, article.c.row == telling.c.article_row)
            .where(telling.c.story_id.in_(sorted(stories)))
            .order_by(telling.c.article_row)
        )
        return [
            Teller(row.story_id, row.id, row.source, row.url, cast(datetime, from_ms(row.at)), row.copy)
            for row in connection.execute(read)
        ]


def _of_keys(connection: Connection, statement: str) -> str:
    return statement.format(keys=_KEYS[connection.dialect.name], array=_ARRAY[connection.dialect.name])
