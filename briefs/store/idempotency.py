"""What counts once, and for a while only: commands, the state of an installation that came back, a request.

The latter two are kept as digests, so that a copy of the database gives nobody a state that is still good.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from briefs.store.database import Database, insert_or, to_ms
from briefs.store.schema import handled, once


class IdempotencyKeys:
    """The table over one `Database`, and so over all processes that share it. May be used from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, kind: str, value: str, until: datetime) -> bool:
        """Note a value until an instant; False where it has been noted before."""
        row = {"key": _key(kind, value), "until": to_ms(until)}
        with self._database.write() as connection:
            new = insert_or(connection, once).values(row).on_conflict_do_nothing()
            return connection.execute(new.execution_options(preserve_rowcount=True)).rowcount > 0

    def forget(self, now: datetime) -> None:
        """Drop those whose time is over."""
        with self._database.write() as connection:
            connection.execute(delete(once).where(once.c.until <= to_ms(now)))


class Handled:
    """Commands whose effect has happened, over one `Database`. May be used from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def first_time(self, trigger: str, now: datetime) -> bool:
        """Note that a command was carried out; False when it had been before."""
        try:
            with self._database.write() as connection:
                connection.execute(insert(handled).values(trigger=trigger, handled_at=to_ms(now)))
        except IntegrityError:
            return False
        return True

    def failed(self, trigger: str) -> None:
        """Take back the note of a command that was not carried out after all: it may be tried again."""
        with self._database.write() as connection:
            connection.execute(delete(handled).where(handled.c.trigger == trigger))

    def forget(self, before: datetime) -> None:
        """Drop the notes that are older than an instant."""
        with self._database.write() as connection:
            connection.execute(delete(handled).where(handled.c.handled_at < to_ms(before)))


def _key(kind: str, value: str) -> str:
    return f"{kind} {sha256(value.encode()).hexdigest()}"
