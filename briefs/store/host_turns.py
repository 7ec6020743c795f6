"""How many requests are on their way to a host, of all processes that ask from one PostgreSQL.

A host has places; who asks takes one, and gives it back. One that was never given back is free when its lease is over.
The clock is the database's, so that no two machines' clocks are compared.
"""

from __future__ import annotations

from sqlalchemy import text

from briefs.store.database import Database

LEASE = 60.0  # seconds: twice as long as a request may take
_NOW = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"
_TAKE = text(
    f"INSERT INTO host_turn (host, place, busy_until) VALUES (:host, :place, {_NOW} + :lease) "  # noqa: S608
    f"ON CONFLICT (host, place) DO UPDATE SET busy_until = excluded.busy_until WHERE host_turn.busy_until <= {_NOW}"
)
_LEAVE = text(f"UPDATE host_turn SET busy_until = {_NOW} + :pause WHERE host = :host AND place = :place")  # noqa: S608
_FORGET = text(f"DELETE FROM host_turn WHERE busy_until <= {_NOW}")  # noqa: S608


class HostTurns:
    """The table over one `Database`. May be used from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, host: str, at_once: int) -> int | None:
        """Take one of the places of a host; None where none is free. at_once: how many it has."""
        with self._database.write(lasting=False) as connection:
            for place in range(at_once):
                asked = {"host": host, "place": place, "lease": int(LEASE * 1000)}
                if connection.execute(_TAKE, asked, execution_options={"preserve_rowcount": True}).rowcount:
                    return place
        return None

    def leave(self, host: str, place: int, pause: float) -> None:
        """Give a place back, which nobody takes before a pause is over, in seconds."""
        with self._database.write(lasting=False) as connection:
            connection.execute(_LEAVE, {"host": host, "place": place, "pause": int(pause * 1000)})

    def forget(self) -> None:
        """Drop the places that are free."""
        with self._database.write(lasting=False) as connection:
            connection.execute(_FORGET)
