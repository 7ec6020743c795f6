"""Which sources a workspace sees, and what there is for it in all.

It sees those that are everybody's and those that it follows, but for what it has muted. An article is seen by those who
see one of its sources; one of which no source is known is everybody's.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, func, select, text

from briefs.index.seen import Seen, condition, is_seen
from briefs.models import Channel, Searched
from briefs.store.database import Database, from_ms, insert_or, to_ms
from briefs.store.schema import article, article_source, follow, source, totals

Made = TypeVar("Made")
_TOLERANCE = 0.001  # of the articles may have come and gone since readers' shares of them were counted
_REMEMBERED = 4_000  # answers: two of a reader
_EACH = {"sqlite": "json_group_array(source_id)", "postgresql": "json_agg(source_id)"}
_SPOKEN = {  # the first article of a language that is seen is soon found
    dialect: f"SELECT one FROM ({given}) AS listed WHERE EXISTS "  # noqa: S608
    "(SELECT 1 FROM article WHERE language = one AND {sees}) ORDER BY one"
    for dialect, given in (
        ("sqlite", "SELECT value AS one FROM json_each(:languages)"),
        ("postgresql", "SELECT unnest(CAST(:languages AS text[])) AS one"),
    )
}
_SEVERAL = "SELECT {each} FROM article_source GROUP BY article_row HAVING count(*) > 1"


_THEIRS = "FROM follow WHERE platform = :platform AND workspace = :workspace"
_KEEPS_ANY = text(
    f"SELECT EXISTS (SELECT 1 FROM source WHERE everybody = false) OR EXISTS (SELECT 1 {_THEIRS} AND muted)"  # noqa: S608
)
_NUMBERS = (
    f"SELECT id FROM source WHERE everybody = true AND id NOT IN (SELECT source_id {_THEIRS} AND muted) "  # noqa: S608
    f"UNION ALL SELECT source_id {_THEIRS} AND NOT muted"
)
# As one value: there are hundreds for each look-up, and rows take their time.
_SEEN = {
    "sqlite": text(f"SELECT json_group_array(id) FROM ({_NUMBERS})"),  # noqa: S608
    "postgresql": text(f"SELECT json_agg(id) FROM ({_NUMBERS}) AS seen"),  # noqa: S608
}


def seen_by(connection: Connection, here: Channel) -> Seen:
    """Return the numbers of the sources that a channel's workspace sees; None where nothing is kept from it."""
    theirs = {"platform": here.platform, "workspace": here.workspace}
    if not connection.scalar(_KEEPS_ANY, theirs):
        return None
    numbers = connection.scalar(_SEEN[connection.dialect.name], theirs)
    return frozenset(json.loads(numbers) if isinstance(numbers, str) else numbers or ())


def note(connection: Connection, brought: Mapping[str, Collection[str]], new: Collection[str]) -> bool:
    """Note which sources, by address, brought articles, by id; return whether one was not known of some of them.

    new: those that nobody had before. Of others none is noted where none is known: they are everybody's, and stay so.
    """
    at = source.c.address.in_({address for some in brought.values() for address in some})
    numbers = {row.address: row.id for row in connection.execute(select(source.c.address, source.c.id).where(at))}
    there = select(article.c.id, article.c.row).where(article.c.id.in_(list(brought)))
    rows = {one.id: one.row for one in connection.execute(there)}
    of = sources_of(connection, rows.values())
    made = [
        {"article_row": rows[name], "source_id": numbers[address]}
        for name, some in brought.items()
        for address in some
        if name in rows and address in numbers and (name in new or of.get(rows[name]))
        if numbers[address] not in of.get(rows[name], ())
    ]
    if made:
        connection.execute(insert_or(connection, article_source).on_conflict_do_nothing(), made)
    return bool(made)


def private_sources(database: Database) -> frozenset[str]:
    """Return the addresses of the sources that are only theirs who follow them."""
    followed = select(follow.c.source_id)
    some = select(source.c.address).where(source.c.everybody.is_(False), source.c.id.in_(followed))
    with database.read() as connection:
        return frozenset(connection.scalars(some))


def standing(database: Database, names: Collection[str]) -> dict[str, tuple[str, str | None, frozenset[str] | None]]:
    """Return of each article that is there, by id, its digest, who published it, and its sources by address.

    None in their place where it is everybody's.
    """
    said = select(article.c.id, article.c.content, article.c.source.label("publisher"))
    said = said.add_columns(source.c.address, source.c.everybody)
    listed = said.outerjoin(article_source, article_source.c.article_row == article.c.row)
    some = listed.outerjoin(source, source.c.id == article_source.c.source_id).where(article.c.id.in_(list(names)))
    found: dict[str, tuple[str, str | None, frozenset[str] | None]] = {}
    with database.read() as connection:
        for row in connection.execute(some):
            _, _, owners = found.get(row.id, (None, None, frozenset[str]()))
            is_theirs = owners is not None and row.address is not None and not row.everybody
            found[row.id] = row.content, row.publisher, (owners or frozenset()) | {row.address} if is_theirs else None
    return found


def sources_of(connection: Connection, rows: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return the numbers of the sources of each row of which some are known."""
    found: dict[int, set[int]] = {}
    some = select(article_source).where(article_source.c.article_row.in_(list(rows)))
    for row, number in connection.execute(some):
        found.setdefault(row, set()).add(number)
    return {row: frozenset(numbers) for row, numbers in found.items()}


@dataclass(frozen=True, slots=True)
class _Shares:
    """How many articles there are, and of which sources.

    alone: a source → articles that it alone brought. together: those that several did. unknown: of none that is known.
    """

    changes: int
    alone: Mapping[int, int]
    together: Mapping[frozenset[int], int]
    unknown: int

    def of(self, seen: frozenset[int]) -> int:
        """Count those that a reader sees."""
        shared = sum(count for numbers, count in self.together.items() if not numbers.isdisjoint(seen))
        return self.unknown + shared + sum(self.alone.get(number, 0) for number in seen)

    def any(self, seen: frozenset[int]) -> bool:
        """Whether a reader sees one of them."""
        alone = any(self.alone.get(number, 0) for number in seen)
        return self.unknown > 0 or alone or any(not numbers.isdisjoint(seen) for numbers in self.together)


class Sizes:
    """What there is for each reader in all, told as it was a little while ago in a large archive."""

    def __init__(self) -> None:
        self._shares: _Shares | None = None
        self._kept: dict[tuple[str, frozenset[int]], tuple[int, Any]] = {}

    def searched(self, connection: Connection, seen: frozenset[int], now: datetime) -> Searched:
        """Return how many articles a reader sees, and of what days they are."""
        shares = self._up_to_date(connection)

        def count() -> Searched:
            articles = shares.of(seen)
            return Searched(articles, *(_days(connection, seen, now) if articles else (None, None)))

        return self._remembered("searched", seen, shares, count)

    def languages(self, connection: Connection, seen: frozenset[int], among: Sequence[str]) -> tuple[str, ...]:
        """Return those of some languages that an article is in which a reader sees."""
        shares = self._up_to_date(connection)

        def spoken() -> tuple[str, ...]:
            if not shares.any(seen):
                return ()
            dialect = connection.dialect.name
            sees, values = condition(dialect, seen, 'article."row"')
            asked = text(_SPOKEN[dialect].format(sees=sees))
            listed = json.dumps(among) if dialect == "sqlite" else list(among)
            return tuple(connection.scalars(asked, values | {"languages": listed}))

        return self._remembered("languages", seen, shares, spoken)

    def _remembered(self, what: str, seen: frozenset[int], shares: _Shares, make: Callable[[], Made]) -> Made:
        changes, made = self._kept.get((what, seen), (-1, None))
        if changes != shares.changes:
            made = make()
            if len(self._kept) >= _REMEMBERED:
                self._kept = {}  # a new one, never a cleared one: another thread may be reading it
            self._kept[what, seen] = shares.changes, made
        return cast(Made, made)

    def _up_to_date(self, connection: Connection) -> _Shares:
        changes, articles = connection.execute(select(totals.c.changes, totals.c.articles)).one()
        if self._shares is None or abs(changes - self._shares.changes) > _TOLERANCE * articles:
            self._shares = _counted(connection, changes, articles)
        return self._shares


def _counted(connection: Connection, changes: int, articles: int) -> _Shares:
    dialect = connection.dialect.name
    number = article_source.c.source_id
    each = connection.execute(select(number, func.count().label("articles")).group_by(number))
    alone = Counter({row.source_id: row.articles for row in each})
    several = connection.scalars(text(_SEVERAL.format(each=_EACH[dialect])))
    together = Counter(frozenset(json.loads(one) if isinstance(one, str) else one) for one in several)
    for numbers, count in together.items():
        alone.subtract(dict.fromkeys(numbers, count))
    return _Shares(changes, alone, together, articles - alone.total() - together.total())


def _days(connection: Connection, seen: frozenset[int], now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return the first and the last day that articles state, but for future ones; else on which they came in."""
    sees, published, came = is_seen(connection, seen, 'article."row"'), article.c.published_at, article.c.seen_at
    stated = [
        select(published).where(published.is_not(None), sees).order_by(published),
        select(published).where(published <= to_ms(now), sees).order_by(published.desc()),
    ]
    days = [connection.scalar(query.limit(1)) for query in stated]
    if None in days:
        days = [connection.scalar(select(came).where(sees).order_by(order).limit(1)) for order in (came, came.desc())]
    return from_ms(days[0]), from_ms(days[1])


def publishes(connection: Connection, seen: Seen, name: str) -> bool:
    """Whether a reader sees an article that somebody of this name published."""
    some = select(article.c.row).where(article.c.source == name, is_seen(connection, seen, 'article."row"')).limit(1)
    return seen is None or connection.execute(some).first() is not None
