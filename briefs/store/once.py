"""What counts once, and for a while only: the state of an installation under way, the signature of a request.

Kept as digests, so that a copy of the database gives nobody a state that is still good.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete

from briefs.store.database import Database, insert_or, to_ms
from briefs.store.schema import once


class Once:
    """The table over one `Database`, and so over all processes that share it. May be used from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, kind: str, value: str, until: datetime) -> bool:
        """Note a value until an instant; False where it has been noted before."""
        row = {"key": _key(kind, value), "until": to_ms(until)}
        with self._database.write() as connection:
            new = insert_or(connection, once).values(row).on_conflict_do_nothing()
            return connection.execute(new.execution_options(preserve_rowcount=True)).rowcount > 0

    def take(self, kind: str, value: str, now: datetime) -> bool:
        """Use a noted value up; False where there is none, or its time is over."""
        good = delete(once).where(once.c.key == _key(kind, value), once.c.until > to_ms(now))
        with self._database.write() as connection:
            return connection.execute(good).rowcount > 0

    def forget(self, now: datetime) -> None:
        """Drop those whose time is over."""
        with self._database.write() as connection:
            connection.execute(delete(once).where(once.c.until <= to_ms(now)))


def _key(kind: str, value: str) -> str:
    return f"{kind} {sha256(value.encode()).hexdigest()}"
