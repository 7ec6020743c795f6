"""How many requests are on their way to a host, of all processes that ask from one PostgreSQL.

A host has places; who asks takes one, and gives it back. One that was never given back is free when its lease is over.
The clock is the database's, so that no two machines' clocks are compared.
"""

from typing import NamedTuple

from sqlalchemy import text

from briefs.store.database import Repository

LEASE = 60.0  # seconds: twice as long as a request may take
_NOW = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"
_TAKE = text(
    f"INSERT INTO host_turn (host, place, busy_until) VALUES (:host, :place, {_NOW} + :lease) "  # noqa: S608
    f"ON CONFLICT (host, place) DO UPDATE SET busy_until = excluded.busy_until WHERE host_turn.busy_until <= {_NOW} "
    "RETURNING host, place, busy_until"
)
_LEAVE = text(
    f"UPDATE host_turn SET busy_until = {_NOW} + :pause "  # noqa: S608
    "WHERE host = :host AND place = :place AND busy_until = :busy_until"
)
_FORGET = text(f"DELETE FROM host_turn WHERE busy_until <= {_NOW}")  # noqa: S608


class Slot(NamedTuple):
    """One of a host's slots for requests, while it is ours. busy_until: in milliseconds since 1970."""

    host: str
    place: int
    busy_until: int


class HostTurns(Repository):
    """The slots that are taken, at all hosts."""

    def take(self, host: str, at_once: int) -> Slot | None:
        """Take one of the places of a host; None where none is free. at_once: how many it has."""
        with self._database.write(lasting=False) as connection:
            for place in range(at_once):
                asked = {"host": host, "place": place, "lease": int(LEASE * 1000)}
                if taken := connection.execute(_TAKE, asked).one_or_none():
                    return Slot(*taken)
        return None

    def leave(self, place: Slot, pause: float) -> None:
        """Free a place after a pause, in seconds; nothing happens if another process has it by now."""
        given_back = _LEAVE.bindparams(**place._asdict(), pause=int(pause * 1000))
        self._change(given_back, lasting=False)

    def forget(self) -> None:
        """Drop the places that are free."""
        self._change(_FORGET, lasting=False)
