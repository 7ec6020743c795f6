"""The database as the rest of the store sees it: one address, snapshots to read from, one writer at a time.

    Database.open(url)   creates the tables, or brings older ones up to date (Alembic), or refuses newer ones
    .read()              a snapshot: what it sees does not change while it is open, and it never waits for a writer
    .write()             commits at the end, rolls back on any exception; on SQLite there is one at a time

SQLite serves one machine; PostgreSQL serves several, and its writers run side by side: what they must do one after the
other takes a `turn`. What either reports as busy, full, gone or broken becomes one line for the person who reads it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, overload

from sqlalchemy import (
    URL,
    ColumnElement,
    Engine,
    Executable,
    Row,
    Select,
    Table,
    collate,
    create_engine,
    event,
    make_url,
    select,
)
from sqlalchemy import Connection as Connection  # callers hand it on: they need not know SQLAlchemy
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from briefs.errors import DatabaseBusy, StoreError
from briefs.store.creation import bring_up_to_date, version_of
from briefs.store.migrations import HEAD
from briefs.store.problems import busy, problem_of
from briefs.store.turns import alone, go_on
from briefs.store.turns import turn as turn  # it is the database's

BUSY_MS = 5_000  # how long a writer waits for another before it gives up
_JOURNAL = 16 * 2**20  # bytes of the write-ahead log that are kept once it is written back
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SESSION = {
    "lock_timeout": BUSY_MS,
    "idle_in_transaction_session_timeout": 60_000,
    "timezone": "UTC",
    # The rows of a common word among two million articles; where they had no room, texts were read, 300 µs each.
    "work_mem": "32MB",
    "jit": "off",  # compiling a statement takes a tenth of a second, for answers of a millisecond
}
# A server whose machine is gone says nothing: without these we would wait for its answer for hours.
_ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000}
_BEGIN = "briefs_begin"  # the execution option that says how a transaction starts
_SYNCHRONOUS = "briefs_synchronous"  # and the one that says what its commit waits for


def to_ms(moment: datetime | None) -> int | None:
    """Return an aware datetime as milliseconds since 1970 in UTC."""
    return None if moment is None else (moment - _EPOCH) // timedelta(milliseconds=1)


@overload
def from_ms(milliseconds: int) -> datetime: ...


@overload
def from_ms(milliseconds: None) -> None: ...


@overload
def from_ms(milliseconds: int | None) -> datetime | None: ...


def from_ms(milliseconds: int | None) -> datetime | None:
    """Return milliseconds since 1970 as an aware datetime in UTC."""
    return None if milliseconds is None else _EPOCH + timedelta(milliseconds=milliseconds)


class Database:
    """One database, usable from several threads; each `read` and `write` has a connection of its own."""

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self.url = url
        self._file: tuple[int, int] | None = None  # which one it is, where it is a file
        # SQLite lets a writer who has to wait sleep, longer each time; among our own threads the next one is woken.
        self._writer = None if self.shared else threading.Lock()

    @classmethod
    def open(cls, url: str) -> Database:
        """Open the database at an address, with its tables up to date.

        `sqlite:////home/ann/briefs.db`: a missing file is created, and its folder. `postgresql+psycopg://host/briefs`:
        the database must be there, and may be empty. Raises DatabaseNewer when a newer version of this program made it,
        DatabaseBusy when another process keeps it locked, StoreError when it cannot be opened or is not one of ours.
        """
        address = _address(url)
        database = cls(_engine(address), address.render_as_string(hide_password=True))
        try:
            database._bring_up_to_date()
            database._file = database._file_there()
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def replica(cls, url: str) -> Database:
        """Return a read-only `Database` for a replica that PostgreSQL keeps up to date, at an address of its own.

        Nothing is asked of it yet. Where it is frozen, `read` raises StoreError after some seconds: another can answer.
        Raises StoreError where the address is not PostgreSQL's.
        """
        address = _address(url)
        if address.get_backend_name() != "postgresql":
            raise StoreError("{url} is no replica: that of a PostgreSQL database has an address like its own", url=url)
        return cls(_impatient(address), address.render_as_string(hide_password=True))

    @staticmethod
    def is_there(url: str) -> bool:
        """Return whether a database file is there; True for the address of a server, which is not asked."""
        with suppress(ArgumentError):
            address = make_url(url)
            return address.get_backend_name() != "sqlite" or Path(address.database or "").is_file()
        return True

    @property
    def shared(self) -> bool:
        """Whether several machines may work on it."""
        return self._engine.dialect.name == "postgresql"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection with a snapshot of the database."""
        self._still_there()
        with self._errors_said(), self._engine.connect() as connection:
            if self.shared:
                connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[Connection]:
        """Open a connection to write on; commit at the end, or roll back when the block raises.

        lasting: wait until the disk has it. Work that is done again where it is missing need not: a power cut may undo
        its commit, until one that lasts follows; so long a replica has not got it, either, and does not know.
        """
        self._still_there()
        with self._errors_said(), self._in_turn(), self._engine.connect() as connection:
            # IMMEDIATE takes the lock now: a transaction that reads first and writes later could be refused half-way.
            options = {_BEGIN: "BEGIN IMMEDIATE", _SYNCHRONOUS: "FULL" if lasting else "NORMAL"}
            connection = connection.execution_options(**options)
            with connection.begin():
                if self.shared and not lasting:
                    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
                go_on(connection)
                yield connection

    @contextmanager
    def alone(self, work: str, *, wait: bool = True) -> Iterator[bool]:
        """Keep other processes from a kind of work that has several transactions; on SQLite there are none.

        wait: for one that is at it. Gives whether the work is ours; without waiting it may not be. Where this process
        slept for so long that another may have begun with it, what this thread would `write` is refused: DatabaseBusy.
        """
        if not self.shared:
            yield True
            return
        with self._errors_said(), self._engine.connect() as connection, alone(connection, work, wait=wait) as ours:
            yield ours

    def backup(self, file: Path) -> None:
        """Copy the database into a new file, as it is at one instant, while others work on it; SQLite's alone.

        The copy says of itself that it is one: see `restoring`.
        """
        if self.shared:
            raise StoreError("{url} is copied by PostgreSQL's own pg_dump", url=self.url)
        if file.exists():
            raise StoreError("{file} is there already: name another file", file=file)
        if not file.absolute().parent.is_dir():
            raise StoreError("{file}: there is no such folder: make it, or name another file", file=file)
        with suppress(OSError):  # SQLite says what is wrong with the place
            own(file)
        with self._errors_said(), self.read() as connection, closing(sqlite3.connect(file)) as copy:
            connection.connection.dbapi_connection.backup(copy)  # type: ignore[union-attr]
            copy.execute("UPDATE subscription SET restored_at = 0")
            copy.commit()

    def close(self) -> None:
        """Close every connection; one in use by a thread is closed when that has finished."""
        event.listen(self._engine.pool, "checkin", lambda _connection, entry: entry.invalidate())
        self._engine.dispose()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _still_there(self) -> None:
        """Raise StoreError where the file is gone: SQLite would go on with one that nobody sees any more."""
        if self._file is not None and self._file_there() != self._file:
            raise StoreError(
                "{url} is gone, or another file is in its place: stop the bot, put it right, start it again",
                url=self.url,
            )

    def _file_there(self) -> tuple[int, int] | None:
        """Return the identity of the file at the address now; None if there is none, or the database is no file."""
        if self.shared:
            return None
        with suppress(OSError):
            found = Path(str(self._engine.url.database)).stat()
            return found.st_dev, found.st_ino
        return None

    def _bring_up_to_date(self) -> None:
        with self.read() as connection:
            if version_of(connection, self.url) == HEAD:
                return
        with self.write() as connection:  # a second process that starts now waits here, then finds the work done
            turn(connection, "tables")
            if version_of(connection, self.url) != HEAD:
                bring_up_to_date(connection, self.url)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Let one thread of this process write at a time; raise DatabaseBusy where that takes too long."""
        if self._writer and not self._writer.acquire(timeout=BUSY_MS / 1000):
            raise busy(self.url)
        try:
            yield
        finally:
            if self._writer:
                self._writer.release()

    @contextmanager
    def _errors_said(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeout:
            raise DatabaseBusy("{url} is asked too much at once", url=self.url) from None
        except DBAPIError as error:
            problem = problem_of(error.orig, self.url)
            if problem is None:
                raise
            raise problem from error


class Repository:
    """Base of the classes that keep one kind of thing. May be used from any thread, by any number of processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """Read all rows of a query, on a snapshot of its own."""
        with self._database.read() as connection:
            return connection.execute(query).all()

    def _row(self, query: Select[Any]) -> Row[Any] | None:
        """Read the one row of a query; None where there is none."""
        with self._database.read() as connection:
            return connection.execute(query).one_or_none()

    def _change(self, statement: Executable, *, lasting: bool = True) -> int:
        """Carry out a statement in a transaction of its own; return how many rows it changed."""
        with self._database.write(lasting=lasting) as connection:
            return connection.execute(statement).rowcount


def own(file: Path) -> None:
    """Create an empty file that only its owner may read. Raises FileExistsError where there is one, else OSError."""
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def hold(connection: Connection, key: ColumnElement[str], which: ColumnElement[bool]) -> None:
    """Lock rows before they are changed, sorted by their key as Python sorts strings.

    Whoever changes several does it in this order: else each of two may wait for what the other has.
    """
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        rows = select(key).where(which).order_by(collate(key, "C"))
        connection.execute(rows.with_for_update(key_share=True))  # who only refers to them need not wait


def insert_or(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return the dialect's INSERT, which has `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def _postgres(address: URL, to_connect: int, **more: Any) -> Engine:
    options = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    asked = {"connect_timeout": to_connect, **_ALIVE, "options": options}
    return create_engine(address, pool_use_lifo=True, connect_args=asked, **more)


def _impatient(address: URL) -> Engine:
    from briefs.store.impatient import Impatient  # only there where psycopg is

    engine = _postgres(address, 2, pool_timeout=1.0)
    event.listen(engine, "do_connect", lambda _dialect, _record, args, given: Impatient.connect(*args, **given))
    return engine


def _engine(address: URL) -> Engine:
    if address.get_backend_name() == "postgresql":
        return _postgres(address, 5, pool_pre_ping=True)  # a server that was restarted is found by the next transaction
    # A connection keeps pages and statements, more and more of them for hours: few are kept, and the last one used is
    # used next. Those that are needed beside, when many work at once, are closed again.
    engine = create_engine(address, pool_size=3, pool_use_lifo=True, connect_args={"cached_statements": 64})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreError("{url} is not a database address: write sqlite:////path/to/briefs.db", url=url) from None
    if address.get_backend_name() == "postgresql":
        if find_spec("psycopg") is None:
            raise StoreError("PostgreSQL needs the package psycopg: install briefbot[postgres]")
        return address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() != "sqlite":
        raise StoreError(
            "databases of the kind {kind} are not served: write sqlite:////path/to/briefs.db, or "
            "postgresql+psycopg://user@host/briefs",
            kind=address.get_backend_name(),
        )
    if address.database in (None, "", ":memory:"):
        raise StoreError("a database in memory cannot be shared by several threads: write sqlite:////path/to/briefs.db")
    try:
        file = Path(str(address.database))
        file.parent.mkdir(parents=True, exist_ok=True)
        own(file)
    except FileExistsError:
        pass  # it keeps the rights that somebody gave it
    except OSError as error:
        raise StoreError("cannot make the folder of {url}: {reason}", url=url, reason=error.strerror) from error
    return address


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves; see `_begin`
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    for pragma in (
        f"busy_timeout = {BUSY_MS}",
        # Of a new file: pages that are free can be given back, a few at a time. Of another it does nothing, but waits
        # for whoever writes.
        *(["auto_vacuum = INCREMENTAL"] if pages == 0 else []),
        "journal_mode = WAL",  # readers and the writer do not wait for each other
        f"journal_size_limit = {_JOURNAL}",  # else the file of a busy hour stays as large as it was
        "synchronous = FULL",  # "about to post" must outlive a power cut, or it is posted twice
        "foreign_keys = ON",
        "temp_store = MEMORY",
        "cache_size = -1000",  # kB of pages for each connection: the system keeps them as well, once for all
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if _SYNCHRONOUS in options:
        connection.exec_driver_sql(f"PRAGMA synchronous = {options[_SYNCHRONOUS]}")
    connection.exec_driver_sql(options.get(_BEGIN, "BEGIN"))
