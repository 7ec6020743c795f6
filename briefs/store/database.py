"""The database as the rest of the store sees it: one address, snapshots to read from, one writer at a time.

    Database.open(url)   creates the tables, or brings older ones up to date (Alembic), or refuses newer ones
    .read()              a snapshot: what it sees does not change while it is open, and it never waits for a writer
    .write()             the one writer: commits at the end, rolls back on any exception

What SQLite reports as busy, full, read-only or broken becomes one line for the person who reads it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from briefs.errors import DatabaseBusy, DatabaseNewer, StoreError
from briefs.store.migrations import HEAD

BUSY_MS = 5_000  # how long a writer waits for another before it gives up
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BEGIN = "briefs_begin"  # the execution option that says how a transaction starts


def to_ms(moment: datetime | None) -> int | None:
    """Return an aware datetime as milliseconds since 1970 in UTC."""
    return None if moment is None else (moment - _EPOCH) // timedelta(milliseconds=1)


def from_ms(milliseconds: int | None) -> datetime | None:
    """Return milliseconds since 1970 as an aware datetime in UTC."""
    return None if milliseconds is None else _EPOCH + timedelta(milliseconds=milliseconds)


class Database:
    """One database, usable from several threads; each `read` and `write` has a connection of its own."""

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self.url = url

    @classmethod
    def open(cls, url: str) -> Database:
        """Open the database at an address such as `sqlite:////home/ann/briefs.db`, with its tables up to date.

        A missing file is created, and its folder. Raises DatabaseNewer when a newer version of this program made it,
        DatabaseBusy when another process keeps it locked, StoreError when it cannot be opened or is not one of ours.
        """
        address = _address(url)
        engine = create_engine(address)
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
        database = cls(engine, url)
        try:
            database._bring_up_to_date()
        except BaseException:
            engine.dispose()
            raise
        return database

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Lend a connection with a snapshot of the database."""
        with self._errors_said(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Lend the connection of the only writer; commit at the end, or roll back when the block raises."""
        with self._errors_said(), self._engine.connect() as connection:
            # IMMEDIATE takes the lock now: a transaction that reads first and writes later could be refused half-way.
            connection = connection.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _bring_up_to_date(self) -> None:
        with self.read() as connection:
            if self._version(connection) == HEAD:
                return
        with self.write() as connection:  # a second process that starts now waits here, then finds the work done
            if self._version(connection) != HEAD:
                self._migrate(connection)

    def _version(self, connection: Connection) -> str | None:
        """Return the revision of the tables; None in an empty database."""
        tables = inspect(connection).get_table_names()
        if "alembic_version" in tables:
            version: str = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
            return version
        if tables:
            raise StoreError("{url} is a database of another program: name another file", url=self.url)
        return None

    def _migrate(self, connection: Connection) -> None:
        from alembic import command  # slow to import, and seldom needed
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
        version = self._version(connection)
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if version is not None and version not in known:
            raise DatabaseNewer(
                "{url} was made by a newer version of Briefbot (its tables are at {version}, this one knows {head}): "
                "update Briefbot or name another database",
                url=self.url,
                version=version,
                head=HEAD,
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    @contextmanager
    def _errors_said(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            problem = _problem(error.orig, self.url)
            if problem is None:
                raise
            raise problem from error


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreError("{url} is not a database address: write sqlite:////path/to/briefs.db", url=url) from None
    if address.get_backend_name() != "sqlite":
        raise StoreError(
            "databases of the kind {kind} are not served: write sqlite:////path/to/briefs.db",
            kind=address.get_backend_name(),
        )
    if address.database in (None, "", ":memory:"):
        raise StoreError("a database in memory cannot be shared by several threads: write sqlite:////path/to/briefs.db")
    try:
        Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("cannot make the folder of {url}: {reason}", url=url, reason=error.strerror) from error
    return address


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves; see `_begin`
    for pragma in (
        f"busy_timeout = {BUSY_MS}",
        "journal_mode = WAL",  # readers and the writer do not wait for each other
        "synchronous = FULL",  # "about to post" must outlive a power cut, or it is posted twice
        "foreign_keys = ON",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


def _problem(error: BaseException | None, url: str) -> StoreError | None:
    """Put what SQLite says into one line; None for a mistake of our own, such as a broken constraint."""
    match getattr(error, "sqlite_errorname", "").split("_")[1:2]:
        case ["BUSY" | "LOCKED"]:
            return DatabaseBusy("{url} is locked by another process: try again in a moment", url=url)
        case ["FULL"]:
            return StoreError("no room on the disk of {url}: free some, nothing is lost so far", url=url)
        case ["READONLY" | "PERM" | "AUTH"]:
            return StoreError("{url} may not be written: check its permissions", url=url)
        case ["CANTOPEN"]:
            return StoreError("{url} cannot be opened: check its folder and permissions", url=url)
        case ["CORRUPT" | "NOTADB"]:
            return StoreError("{url} is not a database, or a damaged one: name another, or restore a copy", url=url)
        case ["IOERR"]:
            return StoreError("the disk of {url} fails: {reason}", url=url, reason=error)
    return None
