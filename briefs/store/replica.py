"""A read replica of the database, at an address of its own: it answers look-ups, which write nothing.

It is asked as long as it has all that was committed before the look-up: it has come as far in the log that it follows
(WAL) as the database has on its disk. Where it has not, or is away, the database answers itself, so that look-ups tell
the same as without a replica.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import Connection, text

from briefs.errors import DatabaseBusy, StoreError
from briefs.masking import masked
from briefs.store.database import Database

REPLICA_VARIABLE = "BRIEFBOT_REPLICA"
REST = 10.0  # seconds that one which is away is not asked; so long it may be behind before anybody need know
_PAUSE, _LOOKS = 0.002, 25  # seconds that it may take to come as far, and how often we look: the log never rests
# A replica has the identity of the server that it follows; a database on it, the name.
_STANDING = text("""
    SELECT CAST(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
        ELSE pg_current_wal_flush_lsn() END, '0/0') AS bigint),
        system_identifier, current_database(), pg_is_in_recovery()
    FROM pg_control_system()
""")


class LogPosition(NamedTuple):
    """Which database it is, how far it has come in the log, in bytes, and whether it follows another."""

    log: int
    server: int
    name: str
    follows: bool


class ReplicaState(NamedTuple):
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

    def standing(self, connection: Connection) -> LogPosition:
        """Return where a database stands: it has all that its snapshot shows, or a little more."""
        return LogPosition(*connection.execute(_STANDING).one())

    @contextmanager
    def read(self, primary: LogPosition) -> Iterator[Connection]:
        """Lend a connection with a snapshot that has all which the primary has.

        Raises StoreError where there is none: the replica is away, rests because it was, is behind, or is none.
        """
        if away := self._away:
            since, problem = away
            if self._clock() < since + REST:
                raise problem.with_traceback(None)  # else it grows with each who asks
            self._away = self._clock(), problem  # this one asks, maybe in vain; the others when it has an answer
        try:
            with self._copy.read() as connection:
                self._wait_for(primary, connection)
                connection.exec_driver_sql("COMMIT AND CHAIN")  # a snapshot of what has come by now
                yield connection
        except (_Behind, DatabaseBusy):
            raise
        except StoreError as problem:
            self._away = self._clock(), problem
            raise

    def state(self) -> ReplicaState:
        """Look how it is now."""
        try:
            with self._database.read() as primary:
                standing = self.standing(primary)
            with self.read(standing):
                return ReplicaState(True, f"{masked(self._copy.url)}: has all that the database has")
        except StoreError as problem:
            since = self._behind_since
            well = isinstance(problem, _Behind) and since is not None and self._clock() < since + REST
            return ReplicaState(well, f"{problem}: look-ups ask the database itself")

    def close(self) -> None:
        """Give back every connection."""
        self._copy.close()

    def _wait_for(self, primary: LogPosition, connection: Connection) -> None:
        """Wait a moment until the replica has come as far as the database had; raise StoreError where it has not."""
        url = self._copy.url
        for _ in range(_LOOKS):
            standing = self.standing(connection)
            if standing[1:] != (primary.server, primary.name, True):  # it would answer with articles of another
                raise StoreError("{url} is no replica of {primary}", url=url, primary=self._database.url)
            self._away = None
            if standing.log >= primary.log:
                self._behind_since = None
                return
            time.sleep(_PAUSE)
        if self._behind_since is None:
            self._behind_since = self._clock()
        raise _Behind("{url} is behind by {missing} bytes of the log", url=url, missing=primary.log - standing.log)


class _Behind(StoreError):
    """The replica has not yet what the database has."""
