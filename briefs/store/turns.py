"""Who does what only one may do at a time, of those that work on one PostgreSQL; SQLite has one writer anyway.

    turn    for as long as a transaction
    alone   over several transactions; `Database.write` lets each `go_on`

Whoever works alone says every BEAT that it is there, in a session of its own. Where it says nothing for so long as a
transaction may idle, as a process that is frozen, the server ends that session, and another begins: it waits for what
the first is writing, and what that would write once it wakes is refused, as each transaction asks whose the work is.
"""

import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from briefs.store.problems import slept

BEAT = 15.0  # seconds
FROZEN_MS = 60_000  # a process that is frozen keeps the others from its work so long
_WAIT_MS = FROZEN_MS + 30_000  # and how long one waits for all that are before it, one of which may be frozen
_TAKE = text("SELECT pg_advisory_xact_lock(:key)")
_TRY = text("SELECT pg_try_advisory_xact_lock(:key)")
_HAS = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = :session AND classid = 0 "
    "AND objid = CAST(CAST(:key AS bigint) AS oid))"
)
_ours: ContextVar[tuple[str, int] | None] = ContextVar("ours", default=None)  # work, and the session that says so


def turn(connection: Connection, work: str) -> None:
    """Take the lock of a kind of work, waiting for it; it is held until this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(_TAKE, {"key": _key(work)})


def go_on(connection: Connection) -> None:
    """Keep others from what this thread does `alone`, if anything, until this transaction ends, too.

    Raises DatabaseBusy where another process may have begun with it.
    """
    if ours := _ours.get():
        work, session = ours
        turn(connection, work)
        if not connection.scalar(_HAS, {"session": session, "key": _key(f"{work} alone")}):
            raise slept()


@contextmanager
def alone(connection: Connection, work: str, *, wait: bool) -> Iterator[bool]:
    """Keep others from a kind of work, by a transaction of this connection's; see `Database.alone`."""
    key = _key(f"{work} alone")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_WAIT_MS}")
    connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = {FROZEN_MS}")
    if not wait and not connection.scalar(_TRY, {"key": key}):
        yield False
        return
    connection.execute(_TAKE, {"key": key})  # where it is ours already, once more
    with connection.begin_nested() as before:
        turn(connection, work)  # whoever had it and slept has written what it was writing, or will be refused
        before.rollback()
    outer = _ours.set((work, connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()))
    try:
        with _beating(connection):
            yield True
    finally:
        _ours.reset(outer)
        with suppress(DBAPIError):  # a session that is gone keeps nobody: what is written is, what was refused is said
            connection.rollback()


@contextmanager
def _beating(connection: Connection) -> Iterator[None]:
    """Keep a session alive for as long as the block lasts."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(BEAT):
            try:
                connection.exec_driver_sql("SELECT 1").close()
            except DBAPIError:  # the next transaction of this work is refused
                return

    beating = threading.Thread(target=beat, name="works alone", daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


def _key(work: str) -> int:
    return zlib.crc32(f"briefbot {work}".encode())
