"""Who changed what of a workspace, and when: noted with the change itself, and kept for a while.

Channels, Follows … by an `Actor` ─ a change ─┐
├─ one commit
note_change ────────┘
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from briefs.models import Channel
from briefs.store.database import Database, Repository, from_ms, to_ms
from briefs.store.schema import audit as table

KEPT = timedelta(days=90)  # as long as a channel remembers what it was told


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something, from which channel, and when.

    name, place: that person and channel, as people write them.
    """

    channel: Channel
    person: str
    at: datetime
    name: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A change as it is kept.

    what: "topic.add", "channel.settings"; `bot.present.audit` says in words what there is. detail: its values, and how
    the person ("who") and the channel ("where") were called then.
    """

    id: int
    channel: Channel
    person: str
    what: str
    detail: Mapping[str, Any]
    at: datetime


def note_change(connection: Connection, actor: Actor | None, what: str, **detail: object) -> None:
    """Note a change in the transaction that makes it; what nobody did (None) needs no note."""
    if actor is None:
        return
    row: dict[str, Any] = {"platform": actor.channel.platform, "workspace": actor.channel.workspace}
    row |= {"channel": actor.channel.id, "person": actor.person, "what": what, "at": to_ms(actor.at)}
    row["detail"] = {"who": actor.name or actor.person, "where": actor.place or actor.channel.id} | detail
    connection.execute(insert(table).values(row))


class AuditedRepository(Repository):
    """A repository whose changes are noted for the audit list.

    actor: who changes what is changed; None: nobody, but the program by itself.
    """

    def __init__(self, database: Database, actor: Actor | None = None) -> None:
        super().__init__(database)
        self._actor = actor

    def _note(self, connection: Connection, what: str, **detail: object) -> None:
        note_change(connection, self._actor, what, **detail)


class Audit(Repository):
    """The list of changes."""

    def note(self, actor: Actor, what: str, **detail: object) -> None:
        """Note a change that has no transaction of its own."""
        with self._database.write() as connection:
            note_change(connection, actor, what, **detail)

    def of(
        self, here: Channel, limit: int, before: int | None = None, *, person: str | None = None
    ) -> list[AuditEntry]:
        """Return the changes of a channel's workspace, newest first.

        before: only those before the one of this id. person: only theirs.
        """
        query = select(table).where(table.c.platform == here.platform, table.c.workspace == here.workspace)
        if before is not None:
            query = query.where(table.c.id < before)
        if person is not None:
            query = query.where(table.c.person == person)
        rows = self._rows(query.order_by(table.c.id.desc()).limit(limit))
        return [
            AuditEntry(
                row.id,
                Channel(row.platform, row.workspace, row.channel),
                row.person,
                row.what,
                row.detail,
                from_ms(row.at),
            )
            for row in rows
        ]

    def forget(self, before: datetime) -> None:
        """Drop what was changed before an instant."""
        self._change(delete(table).where(table.c.at < to_ms(before)))
