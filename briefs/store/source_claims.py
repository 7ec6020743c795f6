"""Claims on sources: of several processes that gather into one database, one reads each, while it renews its lease."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, literal, or_, select, true, update

from briefs.errors import StoreError
from briefs.models import Source
from briefs.store.database import Database, hold, insert_or, to_ms
from briefs.store.outbox import is_over
from briefs.store.schema import source as table
from briefs.store.sources import Health, health_of

LEASE = timedelta(seconds=60)  # after which another takes over from who is gone
_RENEWED = LEASE / 4
_FAR = 10 * LEASE  # no claim ends that late: it was made by a clock that has gone back since


class SourceClaims:
    """What one process has claimed; used from one thread. clock: the present instant, aware."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()  # renewing is done in a thread of its own
        self._held: list[int] = []
        self._until: int | None = None  # for all that are held

    def claim(self, sources: Sequence[Source], *, only_due: bool) -> list[Health]:
        """Claim those of these sources that no process has claimed, and return their health now.

        only_due: and whose time has come: what another has read meanwhile is not due any more.
        """
        now, addresses = self._clock(), [one.address for one in sources]
        due = or_(table.c.next_at.is_(None), table.c.next_at <= to_ms(now)) if only_due else true()
        # What somebody has a hand on at this moment is passed over: who claims waits for nobody, so nobody for them.
        free = select(table.c.id).where(table.c.address.in_(addresses), due, _is_free(now))
        theirs = free.with_for_update(skip_locked=True).cte("free").prefix_with("MATERIALIZED")
        with self._lock, self._database.write(lasting=False) as connection:
            until = self._until if self._held else to_ms(now + LEASE)
            take = update(table).where(table.c.id.in_(select(theirs.c.id))).values(claimed_until=until)
            claimed = [health_of(row) for row in connection.execute(take.returning(table))]
            self._held += [one.id for one in claimed]
            self._until = until
        return claimed

    def make_known(self, sources: Sequence[Source]) -> None:
        """Note sources that were never read, so that they can be claimed; they are everybody's, but where known."""
        rows = [{"address": one.address, "kind": one.kind, "name": one.name, "everybody": True} for one in sources]
        if rows:
            with self._database.write(lasting=False) as connection:
                new = insert_or(connection, table).on_conflict_do_nothing()
                connection.execute(new, sorted(rows, key=lambda row: str(row["address"])))

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renew what is held for as long as the block lasts, and then give it back."""
        over = threading.Event()

        def renew() -> None:
            while not over.wait(_RENEWED.total_seconds()):
                with suppress(StoreError):  # what cannot be renewed goes to another, or is renewed the next time
                    self.renew()

        renewing = threading.Thread(target=renew, name="renews claims", daemon=True)
        renewing.start()
        try:
            yield
        finally:
            over.set()
            renewing.join()
            with suppress(StoreError):  # its lease ends by itself, and whoever is here has another error to tell
                self.give_back()

    def renew(self) -> None:
        """Renew the lease of what is claimed; what another process has taken over is left to it."""
        until = to_ms(self._clock() + LEASE)
        with self._lock, self._database.write(lasting=False) as connection:
            hold(connection, table.c.address, self._ours())
            longer = update(table).where(self._ours()).values(claimed_until=until)
            self._held = list(connection.scalars(longer.returning(table.c.id)))
            self._until = until

    def give_back(self) -> None:
        """Release what is claimed."""
        with self._lock, self._database.write(lasting=False) as connection:
            hold(connection, table.c.address, self._ours())
            connection.execute(update(table).where(self._ours()).values(claimed_until=None))
            self._held = []

    def _ours(self) -> ColumnElement[bool]:
        return table.c.id.in_(self._held) & (table.c.claimed_until == self._until)


def _is_free(now: datetime) -> ColumnElement[bool]:
    over = is_over(table.c.claimed_until, literal(to_ms(now)), literal(to_ms(now + _FAR)))
    return or_(table.c.claimed_until.is_(None), over)
