"""The table `habit`: what each source repeats, as `templates.Habits` packs it. Every method works in a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, select, text

from briefs.store.schema import habit

_OF = select(habit).where(habit.c.source.in_(bindparam("sources", expanding=True)))
_KEEP = text(
    "INSERT INTO habit (source, packed) VALUES (:source, :packed) "
    "ON CONFLICT (source) DO UPDATE SET packed = excluded.packed"
)


class TemplateTable:
    """What sources repeat, packed."""

    def of(self, connection: Connection, sources: Iterable[str]) -> Mapping[str, bytes]:
        """Return what is known of these sources; those of which nothing is are left out."""
        asked = sorted(set(sources))
        return {row.source: row.packed for row in connection.execute(_OF, {"sources": asked})} if asked else {}

    def keep(self, connection: Connection, habits: Mapping[str, bytes]) -> None:
        """Keep what is known of sources, in place of what was."""
        if habits:
            rows = [{"source": source, "packed": packed} for source, packed in sorted(habits.items())]
            connection.execute(_KEEP, rows)
