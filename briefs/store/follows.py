"""Which sources belong to whom: those of the configuration to everybody, others to the workspaces that follow them.

A source that several follow is one row of the table `source`, so that it is read once.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, delete, func, insert, or_, select, update

from briefs.errors import UsageError
from briefs.masking import masked
from briefs.models import Channel, Source
from briefs.store import visible
from briefs.store.audit import AuditedRepository
from briefs.store.database import hold, insert_or, to_ms, turn
from briefs.store.schema import follow as table
from briefs.store.schema import source
from briefs.store.sources import Health, health_of


@dataclass(frozen=True, slots=True)
class Followed:
    """A source that a workspace follows.

    name: what the workspace calls it; None: as it calls itself. muted: it is read, and not shown here. by: who followed
    it. health: how it is doing, as far as it was ever tried.
    """

    health: Health
    name: str | None
    muted: bool
    by: str


class Follows(AuditedRepository):
    """The sources of all workspaces."""

    def open(self, sources: Iterable[Source]) -> None:
        """Let these sources be everybody's, and what came of them: the operator names them."""
        listed = {one.address: one for one in sources}
        with self._database.read() as connection:
            known = connection.scalars(select(source.c.address).where(source.c.everybody)).all()
        if listed.keys() - known:
            with self._database.write() as connection:
                for address in sorted(listed.keys() - known):
                    _note(connection, listed[address], everybody=True)

    def assign(self, sources: Iterable[Source], at: datetime) -> None:
        """Let each of these sources be its workspace's alone, as the operator says, and no other's that was before."""
        wanted = {one.address: one for one in sources}
        with self._database.read() as connection:
            if _assigned(connection) == {address: one.workspace for address, one in wanted.items()}:
                return
        with self._database.write() as connection:
            turn(connection, "sources")
            which = or_(source.c.closed, source.c.address.in_(wanted))
            hold(connection, source.c.address, which)
            theirs = select(source.c.id).where(which)
            connection.execute(delete(table).where(table.c.source_id.in_(theirs)))
            connection.execute(update(source).where(source.c.closed).values(closed=False))
            for one in wanted.values():
                number = _note(connection, one)
                connection.execute(update(source).where(source.c.id == number).values(closed=True, everybody=False))
                platform, _, workspace = (one.workspace or "").partition("/")
                values = {"platform": platform, "workspace": workspace, "source_id": number, "name": one.name}
                values |= {"muted": False, "created_by": "", "created_at": to_ms(at)}
                connection.execute(insert(table).values(values))

    def follow(self, here: Channel, wanted: Source, by: str, at: datetime, *, most: int | None = None) -> bool:
        """Let the workspace of a channel follow a source; return whether it did not before.

        most: how many it may follow. Raises UsageError where that would be one more.
        """
        with self._database.write() as connection:
            turn(connection, "sources")
            number = _note(connection, wanted)
            if connection.execute(select(table.c.id).where(_of(here), table.c.source_id == number)).first():
                return False
            if _closed(connection, [wanted.address]):
                raise UsageError("This address is read for one workspace alone: ask the operator of this bot.")
            count = connection.scalar(select(func.count()).where(_of(here))) or 0
            if most is not None and count >= most:
                raise UsageError(
                    "This workspace follows {most} sources, and that is all it may: unfollow one, then come back.",
                    most=most,
                )
            values = {"platform": here.platform, "workspace": here.workspace, "source_id": number}
            values |= {"name": wanted.name, "muted": False, "created_by": by, "created_at": to_ms(at)}
            connection.execute(insert_or(connection, table).values(values))
            self._note(connection, "source.follow", source=wanted.name or masked(wanted.address))
            return True

    def follow_all(
        self, here: Channel, wanted: Iterable[Source], by: str, at: datetime, *, most: int, called: str
    ) -> list[Source]:
        """Let the workspace follow sources together; return those that it did not before.

        called: what they are together, for the audit list. Raises UsageError, with nothing changed, where it would
        follow more than `most`.
        """
        with self._database.write() as connection:
            turn(connection, "sources")
            known = set(connection.scalars(select(source.c.address).join(table).where(_of(here))))
            given = {one.address: one for one in wanted}
            closed = _closed(connection, given)  # of those that are another's nothing is said
            new = [one for one in given.values() if one.address not in known and one.address not in closed]
            if len(known) + len(new) > most:
                raise UsageError(
                    "These are {new} more sources; this workspace follows {count}, and may follow {most}.",
                    new=len(new),
                    count=len(known),
                    most=most,
                )
            whose = {"platform": here.platform, "workspace": here.workspace, "muted": False}
            whose |= {"created_by": by, "created_at": to_ms(at)}
            rows = [whose | {"source_id": _note(connection, one), "name": one.name} for one in new]
            if rows:
                connection.execute(insert(table), rows)
                self._note(connection, "source.import", count=len(new), called=called)
        return new

    def unfollow_all(self, here: Channel, addresses: Collection[str], *, called: str) -> int:
        """Let the workspace follow sources no more, together; return how many it did."""
        with self._database.write() as connection:
            theirs = select(source.c.id).where(source.c.address.in_(addresses))
            gone = connection.execute(delete(table).where(_of(here), table.c.source_id.in_(theirs))).rowcount
            if gone:
                self._note(connection, "source.undo", count=gone, called=called)
        return gone

    def unfollow(self, here: Channel, address: str) -> bool:
        """Let the workspace follow a source no more; return whether it did. What came of it stays for its others."""
        with self._database.write() as connection:
            mine = and_(_of(here), table.c.source_id == _at(address))
            name = connection.scalar(select(table.c.name).where(mine))
            gone = connection.execute(delete(table).where(mine))
            if gone.rowcount:
                self._note(connection, "source.unfollow", source=name or masked(address))
            return bool(gone.rowcount)

    def change(self, here: Channel, address: str, **values: str | bool | None) -> bool:
        """Give a followed source another `name` (None: its own), or let it be `muted`; return whether there is one."""
        with self._database.write() as connection:
            mine = and_(_of(here), table.c.source_id == _at(address))
            called = connection.scalar(select(table.c.name).where(mine)) or masked(address)
            changed = connection.execute(update(table).where(mine).values(values))
            if changed.rowcount and "name" in values:
                self._note(connection, "source.rename", source=called, name=values["name"])
            if changed.rowcount and "muted" in values:
                self._note(connection, "source.mute" if values["muted"] else "source.unmute", source=called)
            return bool(changed.rowcount)

    def of(self, here: Channel) -> tuple[Followed, ...]:
        """Return what the workspace of a channel follows, in the order in which it came to."""
        theirs = (table.c.name.label("called"), table.c.muted, table.c.created_by)
        query = select(source, *theirs).join(table, table.c.source_id == source.c.id).where(_of(here))
        rows = self._rows(query.order_by(table.c.id))
        return tuple(Followed(health_of(row), row.called, row.muted, row.created_by) for row in rows)

    def seen_by(self, here: Channel) -> tuple[Health, ...]:
        """Return how the sources are doing whose articles the workspace of a channel sees, by address."""
        with self._database.read() as connection:
            seen = visible.seen_by(connection, here)
            rows = connection.execute(select(source).order_by(source.c.address)).all()
        return tuple(health_of(row) for row in rows if seen is None or row.id in seen)

    def all(self) -> tuple[Source, ...]:
        """Return the sources that some workspace follows, to be read."""
        followed = select(source).where(source.c.id.in_(select(table.c.source_id)))
        with self._database.read() as connection:
            return tuple(Source(row.address, row.kind) for row in connection.execute(followed.order_by(source.c.id)))


def _assigned(connection: Connection) -> dict[str, str]:
    """Return the sources that are one workspace's alone, by address, with whose they are."""
    whose = select(source.c.address, table.c.platform, table.c.workspace).join(table, isouter=True)
    rows = connection.execute(whose.where(source.c.closed))
    return {row.address: f"{row.platform}/{row.workspace}" for row in rows}


def _closed(connection: Connection, addresses: Collection[str]) -> set[str]:
    some = select(source.c.address).where(source.c.closed, source.c.address.in_(addresses))
    return set(connection.scalars(some))


def _of(here: Channel) -> ColumnElement[bool]:
    """Whether a row is the workspace's."""
    return and_(table.c.platform == here.platform, table.c.workspace == here.workspace)


def _at(address: str) -> ScalarSelect[int]:
    """Select the number of the source at an address."""
    return select(source.c.id).where(source.c.address == address).scalar_subquery()


def _note(connection: Connection, wanted: Source, *, everybody: bool = False) -> int:
    """Make the row of a source where there is none, and return its number; everybody: it is everybody's from now on."""
    name = wanted.name if everybody else None  # what one workspace calls it is no other's
    values = {"address": wanted.address, "kind": wanted.kind, "name": name, "everybody": everybody}
    new = insert_or(connection, source).values(values)
    changed = {"everybody": True} if everybody else {"kind": source.c.kind}  # as it is: there is a row to return then
    made = new.on_conflict_do_update(index_elements=["address"], set_=changed)
    return int(connection.scalars(made.returning(source.c.id)).one())
