"""A read replica of the database, at an address of its own: it answers look-ups, which write nothing.

It is asked as long as it has every article that the database has. Where it has not, or is away, the database answers
itself: an article is found by the first look-up after its commit, as without a replica.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import Connection, text

from briefs.errors import StoreError
from briefs.masking import masked
from briefs.store.database import Database

REPLICA_VARIABLE = "BRIEFBOT_REPLICA"
REST = 10.0  # seconds that one which is away is not asked; so long it may be behind before anybody need know
# A replica has the identity of the server that it follows; a database on it, the name.
_STANDING = text("SELECT changes, system_identifier, current_database() FROM totals, pg_control_system()")


class Standing(NamedTuple):
    """Which database it is, and how many articles it has taken in and given up."""

    changes: int
    server: int
    name: str


class State(NamedTuple):
    """How a replica is. says: one line; where it is not well, what is wrong, and what look-ups do."""

    well: bool
    says: str


class Replica:
    """The replica of a database. clock: seconds that only rise."""

    def __init__(self, database: Database, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._copy = Database.replica(url)
        self._clock = clock
        self._away: tuple[float, StoreError] | None = None  # since when, and why
        self._behind_since: float | None = None

    def standing(self, connection: Connection) -> Standing:
        """Return where a database stands."""
        return Standing(*connection.execute(_STANDING).one())

    @contextmanager
    def read(self, primary: Standing) -> Iterator[Connection]:
        """Lend a connection with a snapshot that has all which the primary has.

        Raises StoreError where there is none: the replica is away, rests because it was, is behind, or is none.
        """
        if self._away and self._clock() < self._away[0] + REST:
            raise self._away[1]
        try:
            with self._copy.read() as connection:
                self._compare(primary, self.standing(connection))
                yield connection
        except _Behind:
            raise
        except StoreError as problem:
            self._away = self._clock(), problem
            raise

    def state(self) -> State:
        """Look how it is now."""
        try:
            with self._database.read() as primary:
                standing = self.standing(primary)
            with self.read(standing):
                return State(True, f"{masked(self._copy.url)}: has all that the database has")
        except StoreError as problem:
            since = self._behind_since
            well = isinstance(problem, _Behind) and since is not None and self._clock() < since + REST
            return State(well, f"{problem}: look-ups ask the database itself")

    def close(self) -> None:
        """Give back every connection."""
        self._copy.close()

    def _compare(self, primary: Standing, standing: Standing) -> None:
        url, missing = self._copy.url, primary.changes - standing.changes
        if primary[1:] != standing[1:]:  # it would answer with articles of another
            raise StoreError("{url} is no replica of {primary}", url=url, primary=self._database.url)
        self._away = None
        if missing <= 0:
            self._behind_since = None
            return
        if self._behind_since is None:
            self._behind_since = self._clock()
        raise _Behind("{url} is behind by {missing} of the newest articles", url=url, missing=missing)


class _Behind(StoreError):
    """The replica has not yet what the database has."""
