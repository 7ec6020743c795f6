"""What counts once, and for a while only: commands, the state of an installation that came back, a request.

The latter two are kept as digests, so that a copy of the database gives nobody a state that is still good.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from briefs.store.database import Repository, insert_or, to_ms
from briefs.store.schema import handled, once


class IdempotencyKeys(Repository):
    """Keys that were noted, for all processes that share a database."""

    def note(self, kind: str, value: str, until: datetime) -> bool:
        """Note a key until an instant; return False if it was noted before."""
        (is_new,) = self.note_all([(kind, value, until)])
        return is_new

    def note_all(self, values: Sequence[tuple[str, str, datetime]]) -> list[bool]:
        """Note many keys in one statement, each as `note` does: between statements all other threads would go first."""
        if not values:
            return []
        rows = [{"key": _key(kind, value), "until": to_ms(until)} for kind, value, until in values]
        with self._database.write() as connection:
            new = insert_or(connection, once).on_conflict_do_nothing().returning(once.c.key)
            noted = dict.fromkeys(connection.execute(new, rows).scalars(), True)
        return [noted.pop(row["key"], False) for row in rows]  # what is among them twice is new once

    def forget(self, now: datetime) -> None:
        """Drop those whose time is over."""
        self._change(delete(once).where(once.c.until <= to_ms(now)))


class Handled(Repository):
    """Commands whose effect has happened."""

    def first_time(self, trigger: str, now: datetime) -> bool:
        """Note that a command was carried out; False when it had been before."""
        try:
            self._change(insert(handled).values(trigger=trigger, handled_at=to_ms(now)))
        except IntegrityError:
            return False
        return True

    def failed(self, trigger: str) -> None:
        """Delete the note of a command that was not carried out after all, so that it can be tried again."""
        self._change(delete(handled).where(handled.c.trigger == trigger))

    def forget(self, before: datetime) -> None:
        """Drop the notes that are older than an instant."""
        self._change(delete(handled).where(handled.c.handled_at < to_ms(before)))


def _key(kind: str, value: str) -> str:
    return f"{kind} {sha256(value.encode()).hexdigest()}"
