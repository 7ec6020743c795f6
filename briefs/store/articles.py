"""Articles on disk: filed with their index entries in one commit, read back by row or by name."""

import dataclasses
import hashlib
import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, cast

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, text, update

from briefs.index.seen import Seen, is_seen
from briefs.index.within import Within, prepared
from briefs.models import Analysed, Article, Searched, Sentence
from briefs.store.database import Database, from_ms, to_ms, turn
from briefs.store.schema import article as table
from briefs.store.schema import article_vectors, document, totals
from briefs.store.visible import Sizes, note
from briefs.streams import batches
from briefs.text.packed import Candidate, length_of, pack, unpack

_AT_ONCE = 500  # names looked up in one statement, and rows that an index has not yet
_PLAIN_FIELDS = tuple(one.name for one in dataclasses.fields(Article) if one.name != "published")
_SHOWN = [table.c[name] for name in ("row", "published_at", *_PLAIN_FIELDS)]
_THESE = table.c.row.in_(bindparam("rows", expanding=True))
_WHOLE, _SHORT = select(table).where(_THESE), select(*_SHOWN).where(_THESE)
_RANKED = (
    select(*(table.c[one.name] for one in dataclasses.fields(Candidate))).where(_THESE).order_by(table.c.row.desc())
)
_FIRST_ROW = """
    coalesce((SELECT "row" FROM article WHERE seen_at >= :since{n} ORDER BY seen_at, "row" LIMIT 1),
        (SELECT coalesce(max("row"), 0) + 1 FROM article))
"""
_NEWS = (
    select(table).where(table.c.row > bindparam("after"), table.c.role.is_distinct_from("page")).order_by(table.c.row)
)
_BETWEEN = _NEWS.where(table.c.row <= bindparam("through"))
_NEXT = _NEWS.limit(bindparam("most"))
# One look into an index for each that there is, however many articles have it.
_DISTINCT = """
    {column}s (one) AS (
        SELECT min({column}) FROM article WHERE {column} > ''
        UNION ALL
        SELECT (SELECT min({column}) FROM article WHERE {column} > {column}s.one) FROM {column}s
        WHERE {column}s.one IS NOT NULL)
"""
_LANGUAGES = text(
    f"WITH RECURSIVE {_DISTINCT.format(column='language')} SELECT one FROM languages WHERE one IS NOT NULL ORDER BY one"  # noqa: S608
)
_OVERVIEW = text(f"""
    WITH RECURSIVE {_DISTINCT.format(column="language")}, {_DISTINCT.format(column="source")}
    SELECT 'days' AS what, NULL AS one, NULL AS other, (SELECT articles FROM totals) AS articles,
        (SELECT min(published_at) FROM article) AS oldest,
        (SELECT max(published_at) FROM article WHERE published_at <= :now) AS newest,
        (SELECT min(seen_at) FROM article) AS first, (SELECT max(seen_at) FROM article) AS last
    UNION ALL SELECT 'language', one, NULL, NULL, NULL, NULL, NULL, NULL FROM languages WHERE one IS NOT NULL
    UNION ALL SELECT 'source', one, (SELECT url FROM article WHERE source = sources.one LIMIT 1),
        NULL, NULL, NULL, NULL, NULL FROM sources WHERE one IS NOT NULL
    ORDER BY what, one
""")  # noqa: S608  # nothing of it comes from elsewhere
_CHANGED = update(table).where(table.c.id == bindparam("name")).values(changed_at=bindparam("now"))
_MADE_OF = delete(article_vectors).where(article_vectors.c.article_row.in_(bindparam("rows", expanding=True)))
_KEEPS = {"row", "seen_at", "changed_at"}  # what an article keeps when it is replaced


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of articles that came in: counts, and which ones were new or had another text."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int


@dataclass(frozen=True, slots=True)
class Stored:
    """An article as the archive has it; seen_at: when it first came in."""

    row: int
    seen_at: datetime
    analysed: Analysed


@dataclass(frozen=True, slots=True)
class _Overview:
    """Facts about all articles, read in one statement, since a look-up needs most of them."""

    searched: Searched = field(default_factory=lambda: Searched(0, None, None))
    languages: tuple[str, ...] = ()
    sources: Sequence[tuple[str, str | None]] = ()


class Articles:
    """The articles of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._overview: tuple[int, _Overview] = (-1, _Overview())
        self._began: tuple[datetime | None, list[int]] = (None, [])
        self._sizes = Sizes()

    def file(
        self, articles: Iterable[Analysed], seen_at: datetime, brought: Mapping[str, Collection[str]] | None = None
    ) -> Filed:
        """Store and index articles in one commit.

        An id that is there already is replaced: it keeps its row and the time it was first seen, so it is not news
        again. Of several with the same id, the last one counts. brought: id → the addresses of the sources that list
        it; also of articles that are there.
        """
        given = {analysed.article.id: _columns(analysed) for analysed in articles}
        new, changed, unchanged = [], [], 0
        replaced: list[dict[str, Any]] = []
        with self._database.write() as connection:
            turn(connection, "articles")  # rows become visible in their order: none comes in behind a digest's back
            known = _known(connection, list(given))
            for name, columns in given.items():
                old = known.get(name)
                if old is None:
                    new.append({**columns, "seen_at": to_ms(seen_at)})
                elif old["content"] != columns["content"]:
                    changed.append(name)
                    replaced.append(columns)
                else:
                    unchanged += 1
                    if any(old[key] != columns[key] for key in old):
                        replaced.append(columns)
            if new:
                _insert(connection, new)
            if replaced:
                values: dict[str, Any] = {key: bindparam(key) for key in replaced[0] if key != "id"}
                statement = update(table).where(table.c.id == bindparam("name")).values(values)
                connection.execute(statement, [{**columns, "name": columns["id"]} for columns in replaced])
            if changed:
                connection.execute(_CHANGED, [{"name": name, "now": to_ms(seen_at)} for name in changed])
                connection.execute(_MADE_OF, {"rows": _rows_of(connection, changed)})
            if brought:
                note(connection, brought, [one["id"] for one in new])
        return Filed(tuple(columns["id"] for columns in new), tuple(changed), unchanged)

    def listed(self, brought: Mapping[str, Collection[str]]) -> None:
        """Note which sources list articles that are there: see `visible.note`."""
        if brought:
            with self._database.write() as connection:
                turn(connection, "articles")
                if note(connection, brought, ()):  # what is kept of who sees what is old now
                    connection.execute(update(totals).values(changes=totals.c.changes + 1))

    def amend(self, name: str, url: str | None, published: datetime | None) -> None:
        """Replace the address and the date of an article, where they are given; it is not news again."""
        given = {"url": url, "published_at": to_ms(published)}
        values = {column: value for column, value in given.items() if value is not None}
        if values:
            with self._database.write() as connection:
                turn(connection, "articles")  # PostgreSQL counts its words anew, as who files counts theirs
                connection.execute(update(table).where(table.c.id == name).values(values))

    def at(self, connection: Connection, addresses: Sequence[str], seen: Seen = None) -> Stored | None:
        """Return the article that stands at one of these addresses, or that a document there became."""
        became = select(document.c.article).where(document.c.address.in_(addresses))
        there = select(table).where(or_(table.c.url.in_(addresses), table.c.id.in_(became))).order_by(table.c.row)
        sees = is_seen(connection, seen, 'article."row"')
        found = connection.execute(there.where(sees).limit(1)).one_or_none()
        return None if found is None else _stored(found, {})

    def by_rows(self, connection: Connection, rows: Sequence[int]) -> list[Stored]:
        """Return the articles of these rows, in the order of the rows; rows that are gone are left out."""
        found = connection.execute(_WHOLE, {"rows": rows}) if rows else ()
        by_row = {row.row: row for row in found}
        return _all_stored(by_row[row] for row in rows if row in by_row)

    def shown(self, connection: Connection, rows: Sequence[int]) -> dict[int, Article]:
        """Return what `by_rows` does, by row, without what only the analyser made of the articles."""
        found = connection.execute(_SHORT, {"rows": rows}) if rows else ()
        by_row = {row.row: row for row in found}
        return {row: _article(by_row[row]) for row in rows if row in by_row}

    def named(self, connection: Connection, names: Sequence[str], seen: Seen = None) -> list[Stored]:
        """Return the articles with these ids, by row; those that are not there, or not seen, are left out."""
        if not names:
            return []
        some = select(table).where(table.c.id.in_(names), is_seen(connection, seen, 'article."row"'))
        found = connection.execute(some.order_by(table.c.row))
        return _all_stored(found)

    def between(self, connection: Connection, after: int, through: int) -> list[Stored]:
        """Return the articles with after < row <= through, in that order, but for pages as they stand: no news."""
        return _all_stored(connection.execute(_BETWEEN, {"after": after, "through": through}))

    def next(self, connection: Connection, after: int, most: int) -> list[Stored]:
        """Return the first articles behind a row, so many at most, in the order of `between` and without pages too."""
        return _all_stored(connection.execute(_NEXT, {"after": after, "most": most}))

    def position(self) -> int:
        """Return the largest row; 0 when there is none."""
        with self._database.read() as connection:
            return connection.scalar(select(func.max(table.c.row))) or 0

    def candidates(self, connection: Connection, rows: Sequence[int]) -> list[Candidate]:
        """Return what ranking needs of these rows, the newest first; those that are gone are left out."""
        return [Candidate(*columns) for columns in connection.execute(_RANKED, {"rows": rows})] if rows else []

    def beyond(self, connection: Connection, row: int, within: Within) -> list[int]:
        """Return the rows behind a row that are within limits, but for those of words; the newest first."""
        least = max(row, within.first_row - 1)
        return _inside(connection, within, '"row" > :row ORDER BY "row" DESC LIMIT :limit', row=least, limit=_AT_ONCE)

    def inside(self, connection: Connection, within: Within, rows: Sequence[int] | None) -> list[int]:
        """Return those of some rows that are within limits, but for those of words; None: of all. In no order."""
        if rows is None:
            return _inside(connection, within, '"row" >= :first', first=within.first_row)
        return _inside(connection, within, '"row" >= :first AND "row" IN :rows', first=within.first_row, rows=[*rows])

    def came_in(self, connection: Connection, row: int) -> datetime | None:
        """Return when the last article up to a row came in, or else the first of all; None where there is none."""
        last = select(table.c.seen_at).where(table.c.row <= row).order_by(table.c.row.desc()).limit(1)
        first = select(table.c.seen_at).order_by(table.c.row).limit(1)
        return from_ms(connection.scalar(last) or connection.scalar(first))

    def first_row(self, connection: Connection, since: datetime) -> int:
        """Return the smallest row seen at or after an instant; one past the last when nothing was."""
        return self.first_rows(connection, [since])[0]

    def first_rows(self, connection: Connection, since: Sequence[datetime]) -> list[int]:
        """Return what `first_row` does, of several instants."""
        asked = text(f"SELECT {', '.join(_FIRST_ROW.format(n=n) for n in range(len(since)))}")
        return [*connection.execute(asked, {f"since{n}": to_ms(one) for n, one in enumerate(since)}).one()]

    def windows(self, connection: Connection, now: datetime, lengths: Sequence[timedelta]) -> list[int]:
        """Return what `first_row` does, of these lengths of time until now; they may be an hour longer.

        They are asked for once an hour: what came in since an instant is behind its row, whatever comes later.
        """
        hour = now.replace(minute=0, second=0, microsecond=0)
        if self._began[0] != hour:
            self._began = hour, self.first_rows(connection, [hour - length for length in lengths])
        return self._began[1]

    def languages(self, connection: Connection) -> tuple[str, ...]:
        """Return the languages that some article is in, sorted."""
        return tuple(connection.scalars(_LANGUAGES))

    def languages_seen(self, connection: Connection, now: datetime, changes: int, seen: Seen) -> tuple[str, ...]:
        """Return the languages that some article is in that is seen, sorted.

        changes: a number that rises when articles change; nothing is read again where it is the same.
        """
        languages = self._seen_over(connection, now, changes).languages
        return languages if seen is None else self._sizes.languages(connection, seen, languages)

    def sources(self, connection: Connection, now: datetime, changes: int) -> Sequence[tuple[str, str | None]]:
        """Return who published articles, as these have it, with the address of one article of each.

        changes: as for `languages_seen`.
        """
        return self._seen_over(connection, now, changes).sources

    def searched(self, connection: Connection, now: datetime, changes: int, seen: Seen = None) -> Searched:
        """Return how many articles are seen, and what days they are of.

        Days as the articles state them (a date in the future does not count), else as they came in. changes: as for
        `languages_seen`.
        """
        if seen is not None:
            return self._sizes.searched(connection, seen, now)
        return self._seen_over(connection, now, changes).searched

    def _seen_over(self, connection: Connection, now: datetime, changes: int) -> _Overview:
        if self._overview[0] != changes:
            self._overview = changes, _seen_over(connection, now)
        return self._overview[1]


def _seen_over(connection: Connection, now: datetime) -> _Overview:
    days, *others = connection.execute(_OVERVIEW, {"now": to_ms(now)})
    stated, came = (days.oldest, days.newest), (days.first, days.last)
    oldest, newest = map(from_ms, came if None in stated else stated)
    return _Overview(
        Searched(days.articles, oldest, newest),
        tuple(row.one for row in others if row.what == "language"),
        [(row.one, row.other) for row in others if row.what == "source"],
    )


def _inside(connection: Connection, within: Within, which: str, **values: Any) -> list[int]:
    """Return the rows of articles that are within limits. which: the last condition, with what may stand behind it."""
    conditions = within.conditions(connection.dialect.name)
    for needed in conditions.values():
        values |= needed
    where = " AND ".join((*conditions, which))
    sql = f'SELECT "row" FROM article WHERE {where}'  # noqa: S608  # bound values
    return [*connection.execute(prepared(sql, values), values).scalars()]


def _rows_of(connection: Connection, names: Sequence[str]) -> list[int]:
    found = (connection.scalars(select(table.c.row).where(table.c.id.in_(some))) for some in batches(names, _AT_ONCE))
    return sorted(chain.from_iterable(found))


def digest_of(title: str, text: str) -> str:
    """Return a digest that is equal for articles with the same title and text."""
    return hashlib.blake2b(f"{title}\0{text}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def _known(connection: Connection, names: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    columns = [column for column in table.c if column.key not in {*_KEEPS, "title", "text", "sentences", "body_terms"}]
    known: dict[str, Mapping[str, Any]] = {}
    for some in batches(names, _AT_ONCE):
        found = connection.execute(select(*columns).where(table.c.id.in_(some))).mappings()
        known.update((row["id"], cast(Mapping[str, Any], row)) for row in found)
    return known


def _columns(analysed: Analysed) -> dict[str, Any]:
    article = analysed.article
    title, text = _storable(article.title), _storable(article.text)
    return {
        "id": _storable(article.id),
        "content": digest_of(title, text),
        "title": title,
        "text": text,
        "language": article.language or "und",
        "url": article.url and _storable(article.url),
        "source": article.source and _storable(article.source),
        "author": article.author and _storable(article.author),
        "published_at": to_ms(article.published),
        "sentences": [place for sentence in analysed.sentences for place in (sentence.start, sentence.end)],
        "title_terms": pack(analysed.title_terms),
        "body_terms": pack(analysed.body_terms),
        "length": length_of(analysed.title_terms, analysed.body_terms, article.language),
        "whole": article.whole,
        "role": article.role,
    }


def _insert(connection: Connection, new: Sequence[Mapping[str, Any]]) -> None:
    """Insert articles in this order; on PostgreSQL many in one statement, which counts their words together."""
    statement = insert(table)
    if connection.dialect.name == "postgresql":
        statement = statement.returning(table.c.row, sort_by_parameter_order=True)
    connection.execute(statement, new)


def _storable(text: str) -> str:
    """Replace NUL and lone surrogates, which not every database takes, by one character each, so that offsets stay."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _article(row: Row[Any]) -> Article:
    return Article(**{name: getattr(row, name) for name in _PLAIN_FIELDS}, published=from_ms(row.published_at))


def _all_stored(rows: Iterable[Row[Any]]) -> list[Stored]:
    """Return articles; a term that many of them have is kept once, or it would take more room than their texts."""
    known: dict[str, str] = {}
    return [_stored(row, known) for row in rows]


def _stored(row: Row[Any], known: dict[str, str]) -> Stored:
    places, in_title, in_body = iter(row.sentences), unpack(row.title_terms), unpack(row.body_terms)
    analysed = Analysed(
        article=_article(row),
        sentences=tuple(itertools.starmap(Sentence, zip(places, places, strict=True))),
        title_terms=tuple(map(known.setdefault, in_title, in_title)),
        body_terms=tuple(map(known.setdefault, in_body, in_body)),
    )
    seen_at = from_ms(row.seen_at)
    assert seen_at is not None  # the column is never null  # noqa: S101
    return Stored(row.row, seen_at, analysed)
