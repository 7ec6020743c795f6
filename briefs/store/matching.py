"""What topics that stay were found to take, noted as articles come in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from briefs.store.database import from_ms, insert_or, to_ms
from briefs.store.schema import article, article_topic, matched, watch

# Of all in one place: a hundred thousand rows would be written anew for each commit of articles.
_THROUGH = select(func.max(matched.c.through))
_WATCHES = select(watch, func.coalesce(_THROUGH.scalar_subquery(), 0).label("through"))


class TopicMatch(NamedTuple):
    """An article that matches a watched topic, or would without the topic's exclusions."""

    watch: int
    row: int
    excluded: bool


@dataclass(frozen=True, slots=True)
class Watch:
    """A topic whose articles are noted as they come in.

    through: up to which row that is done, as for all. used_at: when it was last wanted, to the day.
    """

    id: int
    expression: str
    languages: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    through: int
    used_at: datetime


class Matches:
    """The tables `watch` and `article_topic`; every method works in the transaction of its connection."""

    def version(self, connection: Connection) -> tuple[int, int]:
        """Return a number that changes when a watch is added or deleted."""
        count, last = connection.execute(select(func.count(), func.max(watch.c.id))).one()
        return count, last or 0

    def watches(self, connection: Connection) -> list[Watch]:
        """Return every watch."""
        return [_watch(row) for row in connection.execute(_WATCHES.order_by(watch.c.id))]

    def watch(self, connection: Connection, key: str) -> Watch | None:
        """Return the watch of this key."""
        row = connection.execute(_WATCHES.where(watch.c.key == key)).one_or_none()
        return None if row is None else _watch(row)

    def add(
        self,
        connection: Connection,
        key: str,
        topic: tuple[str, Sequence[str], Sequence[Sequence[str]]],
        found: Iterable[tuple[int, bool]],
        now: datetime,
    ) -> None:
        """Begin a watch with what it found up to the row that all have come to; one that is there already stays.

        topic: expression, languages, names. found: row, excluded.
        """
        expression, languages, names = topic
        row = {"key": key, "expression": expression, "languages": list(languages), "names": list(map(list, names))}
        new = insert_or(connection, watch).values(**row, used_at=to_ms(now))
        made = connection.execute(new.on_conflict_do_nothing().returning(watch.c.id)).scalar_one_or_none()
        rows = [{"watch_id": made, "article_row": number, "excluded": excluded} for number, excluded in found]
        if made is not None and rows:
            connection.execute(insert(article_topic), rows)

    def use(self, connection: Connection, key: str, now: datetime) -> None:
        """Note that a watch was used today."""
        connection.execute(update(watch).where(watch.c.key == key).values(used_at=to_ms(now)))

    def found(self, connection: Connection, one: Watch, after: int, through: int) -> list[tuple[int, bool]]:
        """Return the noted rows with after < row <= through, rising, each with whether it is excluded."""
        rows = select(article_topic.c.article_row, article_topic.c.excluded).where(
            article_topic.c.watch_id == one.id,
            article_topic.c.article_row > after,
            article_topic.c.article_row <= through,
        )
        return [(row, excluded) for row, excluded in connection.execute(rows.order_by(article_topic.c.article_row))]

    def behind(self, connection: Connection) -> int | None:
        """Return the row up to which every watch is done; None where there is none."""
        through: int | None = connection.scalar(_THROUGH.where(select(watch.c.id).exists()))
        return through

    def last(self, connection: Connection) -> int:
        """Return the newest row of the archive."""
        return connection.scalar(select(func.max(article.c.row))) or 0

    def rows_of(self, connection: Connection, names: Sequence[str]) -> list[int]:
        """Return the rows of articles by their ids."""
        return list(connection.execute(select(article.c.row).where(article.c.id.in_(names))).scalars())

    def note(self, connection: Connection, rows: Sequence[int], matches: Sequence[TopicMatch]) -> None:
        """Replace what is noted of these rows."""
        connection.execute(delete(article_topic).where(article_topic.c.article_row.in_(rows)))
        if matches:
            made = [{"watch_id": one.watch, "article_row": one.row, "excluded": one.excluded} for one in matches]
            connection.execute(insert(article_topic), made)

    def reached(self, connection: Connection, through: int) -> None:
        """Note that every article up to a row has been matched with every watch."""
        connection.execute(delete(matched))
        connection.execute(insert(matched).values(through=through))

    def forget(self, connection: Connection, before: datetime) -> None:
        """Delete the watches that were not used since an instant."""
        connection.execute(delete(watch).where(watch.c.used_at < to_ms(before)))


def _watch(row: Row[tuple[object, ...]]) -> Watch:
    names = tuple(tuple(group) for group in row.names)
    return Watch(row.id, row.expression, tuple(row.languages), names, row.through, cast(datetime, from_ms(row.used_at)))
