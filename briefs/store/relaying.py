"""From the database to an index outside of it: what it is owed is read, sent, and noted as done once it is found there.

A build is owed every article behind the row it has come to, in their order, and those that changed or went since. What
was sent and not noted is sent again, which changes nothing: each document says by its version how new it is.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from briefs.errors import IndexAway
from briefs.index.cluster import Cluster, IndexDocument, fields_of
from briefs.store.database import Database
from briefs.store.schema import article, index_build, index_owed, totals
from briefs.store.visible import sources_of

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
    """How far a build is. new, changed: articles that it is owed. articles: all there are."""

    build: Build
    new: int
    changed: int
    articles: int


class RelayStep(NamedTuple):
    """Some articles were brought to a build: it has the rows up to `through`; `last` is the last one that there is."""

    name: str
    serves: bool
    through: int
    last: int


class IndexState(NamedTuple):
    """How an index is. says: one line; where it is not well, what is wrong and what to do. waiting: articles."""

    well: bool
    says: str
    waiting: int


class Relay:
    """Brings the articles of a database to a cluster. Several may do so at once: they only do the same work twice."""

    def __init__(self, database: Database, cluster: Cluster) -> None:
        self._database = database
        self._cluster = cluster

    def progress(self) -> list[Progress]:
        """Return how far each build is, the one that serves first."""
        with self._database.read() as connection:
            articles = connection.execute(select(totals.c.articles)).scalar_one()
            return [Progress(one, *_waiting(connection, one), articles) for one in _builds(connection)]

    def state(self) -> IndexState:
        """Look at the cluster, count, and say how it is."""
        builds = self.progress()
        begun = [one for one in builds if not one.build.serves]
        serving = next((one for one in builds if one.build.serves), None)
        waiting = serving.new + serving.changed if serving else 0
        try:
            self._cluster.look(*(serving.build.name, serving.build.key) if serving else ("", ""))
            assert serving  # or it would have nothing of this database  # noqa: S101
            self._cluster.takes_more(serving.build.name)
            counted = self._cluster.count(serving.build.name)
        except IndexAway as problem:
            return IndexState(False, _with_begun(str(problem), begun), waiting)
        missing = serving.articles - serving.new - counted
        if abs(missing) > serving.changed:
            lacks = f"{self._cluster.address}: {missing} articles are missing in it: say briefbot reindex"
            return IndexState(False, _with_begun(lacks, begun), waiting)
        says = f"{self._cluster.address}: {serving.build.name}, {counted} articles, {waiting} on their way"
        return IndexState(not begun, _with_begun(says, begun), waiting)

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

    def send(self) -> Iterator[RelayStep]:
        """Bring every build what it is owed, some articles a step; let the one that was begun serve once it has all."""
        builds = self._all() or [self.begin()]
        serving, begun = ([one for one in builds if one.serves is serves] for serves in (True, False))
        for build in begun:
            while step := self._send_some(build):
                yield step
                with suppress(IndexAway):  # another takes its place
                    for other in serving:
                        self._send_some(other)
            self._let_serve(build)
        for build in serving if not begun else ():
            while step := self._send_some(build):
                yield step

    def _all(self) -> list[Build]:
        with self._database.read() as connection:
            return _builds(connection)

    def _send_some(self, build: Build) -> RelayStep | None:
        """Send some of what a build is owed; None where there was nothing."""
        with self._database.read() as connection:
            asked = select(index_build.c.through, select(func.max(article.c.row)).scalar_subquery())
            found = connection.execute(asked.where(index_build.c.id == build.id)).one_or_none()
            if found is None:  # another one serves by now
                return None
            through, newest = found
            noted, changed = _owed(connection, build)
            last, documents = _documents(connection, changed, through)
        if not noted and last == through:
            return None
        self._cluster.send(build.name, build.key, documents, serves=build.serves)
        with self._database.write(lasting=False) as connection:
            connection.execute(delete(index_owed).where(index_owed.c.id.in_(noted)))
            further = update(index_build).where(index_build.c.id == build.id, index_build.c.through < last)
            connection.execute(further.values(through=last))
        return RelayStep(build.name, build.serves, last, newest or last)

    def _let_serve(self, build: Build) -> None:
        self._cluster.let_serve(build.name)
        with self._database.write() as connection:
            connection.execute(delete(index_build).where(index_build.c.id != build.id))
            connection.execute(update(index_build).where(index_build.c.id == build.id).values(serves=True))
        self._cluster.keep_only(build.name)  # nobody asks the others any more


def _builds(connection: Connection) -> list[Build]:
    found = connection.execute(select(index_build).order_by(index_build.c.serves.desc(), index_build.c.id))
    return [Build(*row) for row in found]


def _with_begun(says: str, begun: Sequence[Progress]) -> str:
    for one in begun:
        done = one.articles - one.new
        says += f"; {one.build.name} was begun and has {done} of {one.articles} articles: say briefbot reindex to go on"
    return says


def _waiting(connection: Connection, build: Build) -> tuple[int, int]:
    new = select(func.count()).select_from(article).where(article.c.row > build.through)
    changed = select(func.count()).select_from(index_owed).where(index_owed.c.build_id == build.id)
    counted = connection.execute(select(new.scalar_subquery(), changed.scalar_subquery())).one()
    return counted[0], counted[1]


def _owed(connection: Connection, build: Build) -> tuple[list[int], set[int]]:
    """Return some of what is noted as owed: the numbers of the notes, and the rows."""
    noted = select(index_owed.c.id, index_owed.c.article_row).where(index_owed.c.build_id == build.id)
    found = connection.execute(noted.order_by(index_owed.c.id).limit(_AT_ONCE)).all()
    return [number for number, _ in found], {row for _, row in found}


def _documents(connection: Connection, changed: set[int], through: int) -> tuple[int, list[IndexDocument]]:
    """Return the rows that changed and some that are new, as they are on this snapshot, and the last that was new."""
    version = connection.execute(select(totals.c.changes)).scalar_one()
    new = select(*_COLUMNS).where(article.c.row > through).order_by(article.c.row).limit(_AT_ONCE)
    found = [dict(row) for row in connection.execute(new).mappings()]
    last = max((one["row"] for one in found), default=through)
    if changed:
        found += map(dict, connection.execute(select(*_COLUMNS).where(article.c.row.in_(changed))).mappings())
    brought = sources_of(connection, [one["row"] for one in found])
    documents = {row: IndexDocument(row, version, None) for row in changed}
    for one in found:
        documents[one["row"]] = IndexDocument(one["row"], version, fields_of(one, sorted(brought.get(one["row"], ()))))
    return last, list(documents.values())
