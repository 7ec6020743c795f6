"""Names of the same thing that a workspace has joined, beside those of the configuration."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, insert, select

from briefs.errors import UsageError
from briefs.models import Channel
from briefs.store.audit import AuditedRepository
from briefs.store.channel_rows import topic_key
from briefs.store.database import to_ms
from briefs.store.schema import alias as table

# Raises UsageError where a group of names must not be changed; called with one of them, and who made the group.
Check = Callable[[str, str | None], None]


class WorkspaceAliases(AuditedRepository):
    """The groups of names of all workspaces."""

    def of(self, channel: Channel) -> list[tuple[str, ...]]:
        """Return the groups of names that the channel's workspace has added, oldest first."""
        return [tuple(row.names) for row in self._rows(_groups(channel))]

    def add(
        self, channel: Channel, names: Sequence[str], by: str, now: datetime, *, most: int, check: Check
    ) -> tuple[str, ...]:
        """Add names of the same thing; a group that has one of them takes in the others. Give the whole group.

        It stays its first maker's. Raises UsageError where it would have more than `most` names.
        """
        with self._database.write() as connection:
            keys, near = {topic_key(name) for name in names}, []
            for row in connection.execute(_groups(channel)).all():
                if keys & {topic_key(name) for name in row.names}:
                    near.append(row)
            every = {topic_key(name): name for group in (*(row.names for row in near), names) for name in group}
            if len(every) > most:
                raise UsageError(
                    "With those joined to them these would be more than {most} names of one thing.", most=most
                )
            for row in near:
                check(row.names[0], row.created_by)
            connection.execute(delete(table).where(table.c.id.in_([row.id for row in near])))
            made: dict[str, Any] = {"platform": channel.platform, "workspace": channel.workspace}
            made |= {"names": list(every.values()), "created_by": near[0].created_by if near else by}
            made |= {"created_at": to_ms(now)}
            connection.execute(insert(table).values(made))
            self._note(connection, "alias.add", names=made["names"])
        return tuple(every.values())

    def remove(self, channel: Channel, name: str, check: Check) -> tuple[str, ...] | None:
        """Remove the group that has this name, and give it; None where none of the workspace's has."""
        with self._database.write() as connection:
            for row in connection.execute(_groups(channel)).all():
                if topic_key(name) in {topic_key(one) for one in row.names}:
                    check(name, row.created_by)
                    connection.execute(delete(table).where(table.c.id == row.id))
                    self._note(connection, "alias.remove", names=row.names)
                    return tuple(row.names)
        return None


def _groups(channel: Channel) -> Select[Any]:
    mine = table.c.platform == channel.platform, table.c.workspace == channel.workspace
    return select(table.c.id, table.c.names, table.c.created_by).where(*mine).order_by(table.c.id)
