"""Who changed what of a workspace, and when: noted with the change itself, and kept for a while.

Channels, Follows … by an `Actor` ─ a change ─┐
├─ one commit
note_change ────────┘
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from briefs.models import Channel
from briefs.store.database import Database, from_ms, to_ms
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
class Change:
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


class Audit:
    """The list over one `Database`. May be used from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, actor: Actor, what: str, **detail: object) -> None:
        """Note a change that has no transaction of its own."""
        with self._database.write() as connection:
            note_change(connection, actor, what, **detail)

    def of(self, here: Channel, limit: int, before: int | None = None) -> list[Change]:
        """Give the changes of a channel's workspace, newest first. before: only those before the one of this id."""
        query = select(table).where(table.c.platform == here.platform, table.c.workspace == here.workspace)
        if before is not None:
            query = query.where(table.c.id < before)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(table.c.id.desc()).limit(limit)).all()
        return [
            Change(
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
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.at < to_ms(before)))
