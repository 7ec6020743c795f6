"""From the database to an index outside of it: what it is owed is read, sent, and noted as done once it is found there.

A build is owed every article behind the row it has come to, in their order, and those that changed or went since. What
was sent and not noted is sent again, which changes nothing: each document says by its version how new it is.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from briefs.index.cluster import Cluster, Document, fields_of
from briefs.store.database import Database
from briefs.store.schema import article, index_build, index_owed, totals

_AT_ONCE = 500  # articles; some 2 MB
_COLUMNS = [
    article.c[name] for name in ("row", "language", "source", "published_at", "seen_at", "title_terms", "body_terms")
]


class Build(NamedTuple):
    """A build as the database knows it. through: every row up to there is found in it, but for what it is owed."""

    id: int
    name: str
    key: str
    through: int
    serves: bool


class Progress(NamedTuple):
    """How far a build is: rows of how many, and how many articles wait in all."""

    build: Build
    last: int
    waiting: int


class Relay:
    """Brings the articles of a database to a cluster. Several may do so at once: they only do the same work twice."""

    def __init__(self, database: Database, cluster: Cluster) -> None:
        self._database = database
        self._cluster = cluster

    def progress(self) -> list[Progress]:
        """Return how far each build is, the one that serves first."""
        with self._database.read() as connection:
            last = connection.execute(select(func.coalesce(func.max(article.c.row), 0))).scalar_one()
            return [Progress(one, last, _waiting(connection, one)) for one in _builds(connection)]

    def begin(self) -> Build:
        """Begin a build, or return the one that was begun and does not serve yet. Nothing is in it so far."""
        with self._database.read() as connection:
            if begun := [one for one in _builds(connection) if not one.serves]:
                return begun[0]
        name, key = self._cluster.free_name(), secrets.token_hex(8)
        self._cluster.make_part(name, key, 0, serves=False)
        values = {"name": name, "key": key, "through": 0, "serves": False}
        with self._database.write() as connection:
            made = connection.execute(insert(index_build).values(values).returning(index_build.c.id)).scalar_one()
        return Build(made, name, key, 0, False)

    def send(self) -> Iterator[Progress]:
        """Bring every build what it is owed, some articles a step; let the one that was begun serve once it has all."""
        for build in self._all():
            while self._send_some(build):
                yield from (one for one in self.progress() if one.build.id == build.id)
            if not build.serves:
                self._let_serve(build)

    def _all(self) -> list[Build]:
        with self._database.read() as connection:
            return _builds(connection)

    def _send_some(self, build: Build) -> bool:
        """Send some of what a build is owed; whether there was anything."""
        with self._database.read() as connection:
            through = connection.execute(
                select(index_build.c.through).where(index_build.c.id == build.id)
            ).scalar_one_or_none()
            if through is None:  # another one serves by now
                return False
            noted, changed = _owed(connection, build)
            last, documents = _documents(connection, changed, through)
        if not noted and last == through:
            return False
        self._cluster.send(build.name, build.key, documents, serves=build.serves)
        with self._database.write(lasting=False) as connection:
            connection.execute(delete(index_owed).where(index_owed.c.id.in_(noted)))
            further = update(index_build).where(index_build.c.id == build.id, index_build.c.through < last)
            connection.execute(further.values(through=last))
        return True

    def _let_serve(self, build: Build) -> None:
        self._cluster.let_serve(build.name)
        with self._database.write() as connection:
            connection.execute(delete(index_build).where(index_build.c.id != build.id))
            connection.execute(update(index_build).where(index_build.c.id == build.id).values(serves=True))


def _builds(connection: Connection) -> list[Build]:
    found = connection.execute(select(index_build).order_by(index_build.c.serves.desc(), index_build.c.id))
    return [Build(*row) for row in found]


def _waiting(connection: Connection, build: Build) -> int:
    new = select(func.count()).select_from(article).where(article.c.row > build.through)
    changed = select(func.count()).select_from(index_owed).where(index_owed.c.build_id == build.id)
    return sum(connection.execute(select(new.scalar_subquery(), changed.scalar_subquery())).one())


def _owed(connection: Connection, build: Build) -> tuple[list[int], set[int]]:
    """Return some of what is noted as owed: the numbers of the notes, and the rows."""
    noted = select(index_owed.c.id, index_owed.c.article_row).where(index_owed.c.build_id == build.id)
    found = connection.execute(noted.order_by(index_owed.c.id).limit(_AT_ONCE)).all()
    return [number for number, _ in found], {row for _, row in found}


def _documents(connection: Connection, changed: set[int], through: int) -> tuple[int, list[Document]]:
    """Return the rows that changed and some that are new, as they are on this snapshot, and the last that was new."""
    version = connection.execute(select(totals.c.changes)).scalar_one()
    new = select(*_COLUMNS).where(article.c.row > through).order_by(article.c.row).limit(_AT_ONCE)
    arrived = connection.execute(new).mappings().all()
    there = connection.execute(select(*_COLUMNS).where(article.c.row.in_(changed))).mappings().all() if changed else []
    documents = {row: Document(row, version, None) for row in changed}
    documents |= {one["row"]: Document(one["row"], version, fields_of(dict(one))) for one in (*there, *arrived)}
    return max((one["row"] for one in arrived), default=through), list(documents.values())
