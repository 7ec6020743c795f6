"""The tables `story`, `telling`, `trace`, `commonness` and `uncounted`, articles as parts of stories; and `habit`.

Every method works in the transaction of its connection.
"""

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Select, TextClause, and_, bindparam, delete, func, insert, select, text, update

from briefs.index.seen import Seen, is_seen
from briefs.store.database import from_ms, to_ms
from briefs.store.schema import article, habit, story, telling, told, trace, uncounted

_OF_ONE_KEY = 200  # articles that are looked at, the latest: a key that more have tells little
_COUNTED_AT_ONCE = 40  # articles, whose keys are written down together: each of thousands stands on a page of its own
_OF_ONE_STORY = 8  # fingerprints that a new one is compared with, the latest that are no copies: all tell no more

# In one parameter: a batch of articles has more keys than a statement may have. PostgreSQL plans by how many there are.
_GIVEN = {
    "sqlite": "SELECT value AS given FROM json_each(:given)",
    "postgresql": "SELECT unnest(CAST(:given AS bigint[])) AS given",
}
_ARRAY = {"sqlite": "json_group_array", "postgresql": "json_agg"}


def _prepared(statement: str) -> Mapping[str, TextClause]:
    return {kind: text(statement.format(given=given, array=_ARRAY[kind])) for kind, given in _GIVEN.items()}


_LAST = select(func.max(telling.c.article_row))
_COUNTED = _prepared("SELECT key, articles FROM commonness WHERE key IN ({given})")
_COUNT = _prepared(
    "INSERT INTO commonness (key, articles) "
    "SELECT given, count(*) FROM ({given}) AS listed GROUP BY given ORDER BY given "
    "ON CONFLICT (key) DO UPDATE SET articles = commonness.articles + excluded.articles"
)
_UNCOUNTED = text("SELECT keys FROM uncounted ORDER BY article_row")
_HAVING = _prepared(
    "SELECT given, (SELECT {array}(article_row) FROM (SELECT article_row FROM trace WHERE trace.key = given "
    "AND article_row >= :first ORDER BY article_row DESC LIMIT :most) AS latest) AS found FROM ({given}) AS listed"
)
_STORIES = _prepared("SELECT article_row, story_id FROM telling WHERE article_row IN ({given})")
_BESIDE = _prepared(
    "SELECT article_row FROM telling WHERE story_id IN (SELECT story_id FROM telling WHERE article_row IN ({given}))"
)
_NOTE = text("INSERT INTO story (id, held) VALUES (:number, :held) ON CONFLICT (id) DO UPDATE SET held = excluded.held")
_TELLING, _WAIT = insert(telling), insert(uncounted)
_TRACE = {
    "sqlite": text(
        "INSERT INTO trace (key, article_row) "
        "SELECT json_extract(value, '$.key'), json_extract(value, '$.article_row') FROM json_each(:traces)"
    ),
    "postgresql": text(
        "INSERT INTO trace (key, article_row) "
        "SELECT key, article_row FROM json_populate_recordset(NULL::trace, CAST(:traces AS json))"
    ),
}
_FOLLOWED = _prepared(
    "SELECT DISTINCT story_id FROM telling JOIN told USING (article_row) "
    "WHERE story_id IN ({given}) AND told_at >= :since"
)
_PARTS = _prepared(
    "WITH latest AS (SELECT article_row, row_number() OVER (PARTITION BY story_id ORDER BY article_row DESC) AS place "
    "FROM telling WHERE story_id IN (SELECT story_id FROM telling WHERE article_row IN ({given})) "
    "AND article_row >= :first AND NOT copy) "
    "SELECT article_row AS row, story_id AS story, held, packed, language, source, url, published_at, seen_at "
    "FROM latest JOIN telling USING (article_row) JOIN story ON story.id = story_id "
    "JOIN article ON article.row = article_row WHERE place <= :most AND packed IS NOT NULL"
)
_TEMPLATES_OF = select(habit).where(habit.c.source.in_(bindparam("sources", expanding=True)))
_KEEP = text(
    "INSERT INTO habit (source, packed) VALUES (:source, :packed) "
    "ON CONFLICT (source) DO UPDATE SET packed = excluded.packed"
)


class StoredFingerprint(NamedTuple):
    """A fingerprint as it is kept: see `clustering.fingerprints.pack`. Days: milliseconds since 1970."""

    row: int
    story: int
    held: float
    packed: bytes
    language: str
    source: str | None
    url: str | None
    published_at: int | None
    seen_at: int


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """An article of a story, by id. at: when it was published, else first seen. copy: it repeats another's text."""

    row: int
    story: int
    article: str
    source: str | None
    url: str | None
    at: datetime
    copy: bool


class Fingerprints:
    """Articles as parts of stories."""

    def last(self, connection: Connection) -> int:
        """Return the newest row that is of a story; 0 when none is."""
        return connection.scalar(_LAST) or 0

    def learn(self, connection: Connection, articles: Mapping[int, AbstractSet[int]]) -> Mapping[int, int]:
        """Count the keys of articles, by row, and return in how many articles each of them stands."""
        wanted: frozenset[int] = frozenset().union(*articles.values())
        counted = connection.execute(_COUNTED[connection.dialect.name], _listed(connection, wanted)).all()
        counts = Counter(dict(map(tuple, counted)))
        waiting = [array("I", row[0]) for row in connection.execute(_UNCOUNTED)]
        for keys in (*waiting, *articles.values()):
            counts.update(wanted.intersection(keys))
        if len(waiting) + len(articles) < _COUNTED_AT_ONCE:
            kept = [{"article_row": row, "keys": array("I", keys).tobytes()} for row, keys in articles.items()]
            connection.execute(_WAIT, kept)
        else:
            every = chain.from_iterable((*waiting, *articles.values()))
            connection.execute(_COUNT[connection.dialect.name], _listed(connection, every))
            connection.execute(delete(uncounted))
        return counts

    def having(self, connection: Connection, keys: Iterable[int], first_row: int) -> Mapping[int, Sequence[int]]:
        """Return the latest rows from `first_row` on that have each key."""
        asked = _listed(connection, keys) | {"first": first_row, "most": _OF_ONE_KEY}
        found = connection.execute(_HAVING[connection.dialect.name], asked)
        return {key: json.loads(rows) if isinstance(rows, str) else rows or () for key, rows in found}

    def stories(self, connection: Connection, rows: Sequence[int]) -> Mapping[int, int]:
        """Return the story of each row that is of one."""
        found = connection.execute(_STORIES[connection.dialect.name], _listed(connection, rows))
        return {row.article_row: row.story_id for row in found}

    def parts(self, connection: Connection, rows: Iterable[int], first_row: int) -> list[StoredFingerprint]:
        """Return the fingerprints from `first_row` on by which new ones are compared with the stories of these rows."""
        asked = _listed(connection, rows) | {"first": first_row, "most": _OF_ONE_STORY}
        found = connection.execute(_PARTS[connection.dialect.name], asked)
        return [StoredFingerprint(**row) for row in found.mappings()]

    def note(self, connection: Connection, stories: Iterable[tuple[int, float]]) -> None:
        """Begin stories, or let them go on: number, and how alike its last two parts were."""
        connection.execute(_NOTE, [{"number": number, "held": held} for number, held in stories])

    def merge(self, connection: Connection, number: int, others: Sequence[int]) -> None:
        """Let a story take others in."""
        connection.execute(update(telling).where(telling.c.story_id.in_(others)).values(story_id=number))
        connection.execute(delete(story).where(story.c.id.in_(others)))

    def file(
        self, connection: Connection, parts: Sequence[tuple[int, int, bool, bytes]], traces: Sequence[tuple[int, int]]
    ) -> None:
        """Keep fingerprints: row, story, whether it is a copy, packed; and their traces: key, row."""
        names = ("article_row", "story_id", "copy", "packed")
        connection.execute(_TELLING, [dict(zip(names, part, strict=True)) for part in parts])
        if traces:
            # In one statement: there are some thirty traces of each article.
            each = [{"key": key, "article_row": row} for key, row in traces]
            connection.execute(_TRACE[connection.dialect.name], {"traces": json.dumps(each)})

    def followed(self, connection: Connection, stories: Iterable[int], since: datetime) -> frozenset[int]:
        """Return those of these stories of which some channel was told since an instant."""
        asked = _listed(connection, set(stories)) | {"since": to_ms(since)}
        return frozenset(row.story_id for row in connection.execute(_FOLLOWED[connection.dialect.name], asked))

    def close(self, connection: Connection, before_row: int, followed_since: datetime) -> None:
        """Drop what is kept for comparison of rows before this one, but for stories that are followed since then."""
        of_others = telling.c.story_id.not_in(followed_stories(followed_since))
        old = and_(telling.c.article_row < before_row, telling.c.packed.is_not(None), of_others)
        closing = select(telling.c.article_row).where(old)
        connection.execute(delete(trace).where(trace.c.article_row.in_(closing)))
        connection.execute(update(telling).where(old).values(packed=None))

    def parts_of(self, connection: Connection, rows: Iterable[int]) -> list[int]:
        """Return the rows of all articles of the stories that these rows are of."""
        return [*connection.scalars(_BESIDE[connection.dialect.name], _listed(connection, rows))]

    def story_articles(self, connection: Connection, rows: Iterable[int], seen: Seen = None) -> list[StoryArticle]:
        """Return all articles that are seen of the stories that these rows are of, in the order they came in."""
        if not (listed := sorted(rows)):
            return []
        of = telling.alias()
        theirs = select(of.c.story_id).where(of.c.article_row.in_(listed))
        read = (
            select(telling.c.article_row, telling.c.story_id, article.c.id, article.c.source, article.c.url)
            .add_columns(func.coalesce(article.c.published_at, article.c.seen_at).label("at"), telling.c.copy)
            .join(article, article.c.row == telling.c.article_row)
            .where(telling.c.story_id.in_(theirs), is_seen(connection, seen, "telling.article_row"))
            .order_by(telling.c.article_row)
        )
        told = ((*row[:5], cast(datetime, from_ms(row.at)), row.copy) for row in connection.execute(read))
        return [StoryArticle(*one) for one in told]


def followed_stories(since: datetime) -> Select[Any]:
    """Return the query for the stories that some channel was told of since an instant."""
    of_told = telling.join(told, told.c.article_row == telling.c.article_row)
    return select(telling.c.story_id).select_from(of_told).where(told.c.told_at >= to_ms(since)).distinct()


def _listed(connection: Connection, numbers: Iterable[int]) -> dict[str, object]:
    """Return the parameter that `_GIVEN` reads; as text, which the driver makes of lists ten times as slowly."""
    given = ",".join(map(str, numbers))
    return {"given": f"[{given}]" if connection.dialect.name == "sqlite" else f"{{{given}}}"}


class TemplateTable:
    """The templates of each source, as `clustering.templates.Templates` packs them."""

    def of(self, connection: Connection, sources: Iterable[str]) -> Mapping[str, bytes]:
        """Return the packed templates of these sources, of those that have any."""
        if not (asked := sorted(set(sources))):
            return {}
        return {row.source: row.packed for row in connection.execute(_TEMPLATES_OF, {"sources": asked})}

    def keep(self, connection: Connection, templates: Mapping[str, bytes]) -> None:
        """Store the packed templates of sources, replacing the earlier ones."""
        if templates:
            rows = [{"source": source, "packed": packed} for source, packed in sorted(templates.items())]
            connection.execute(_KEEP, rows)
