"""Who does what only one of several processes may do: the gateway of a platform, gathering.

Whoever does it beats: each beat replaces the last one, and only that. So nobody has to trust another's clock: who
watches a beat that does not change, by their own clock, knows that its holder is gone, and replaces it just so. Of
several who try, one succeeds.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Executable, and_, delete, select, update

from briefs.store.database import Repository, insert_or
from briefs.store.schema import lease


@dataclass(frozen=True, slots=True)
class Beat:
    """A heartbeat. holder: the process. number: rises with each beat."""

    holder: str
    number: int


class Leases(Repository):
    """Which process does which work, by heartbeats."""

    def last(self, work: str) -> Beat | None:
        """Return the last beat of the process that does this work; None: none does."""
        query = select(lease.c.holder, lease.c.beat).where(lease.c.work == work)
        row = self._row(query)
        return None if row is None else Beat(row.holder, row.beat)

    def all(self) -> dict[str, Beat]:
        """Return the last beat of all work that is being done, by the work."""
        return {row.work: Beat(row.holder, row.beat) for row in self._rows(select(lease))}

    def beat(self, work: str, holder: str, after: Beat | None) -> Beat | None:
        """Beat after another beat, one's own or a dead process's; None, and nothing done, if that is not the last one.

        after: None: nobody does the work.
        """
        made = Beat(holder, after.number + 1 if after else 1)
        values = {"work": work, "holder": holder, "beat": made.number}
        with self._database.write(lasting=False) as connection:  # after a power cut nobody leads anyway
            change: Executable
            if after is None:
                change = insert_or(connection, lease).values(values).on_conflict_do_nothing()
            else:
                change = update(lease).where(_stands(work, after)).values(values)
            done = connection.execute(change.execution_options(preserve_rowcount=True)).rowcount
        return made if done else None

    def leave(self, work: str, last: Beat) -> None:
        """Leave the work to another process; nothing happens if that beat is not the last one."""
        self._change(delete(lease).where(_stands(work, last)))


def _stands(work: str, beat: Beat) -> ColumnElement[bool]:
    return and_(lease.c.work == work, lease.c.holder == beat.holder, lease.c.beat == beat.number)
