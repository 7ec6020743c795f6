"""Connections to PostgreSQL that wait for an answer for some seconds only.

A server that is frozen keeps its connections open: neither its own time limits nor those of the network end the wait.
"""

import time
from collections.abc import Generator
from typing import Any, TypeVar

from psycopg import Connection, OperationalError

PATIENCE = 3.0  # seconds; a statement of a look-up takes a tenth of one
Given = TypeVar("Given")


class Impatient(Connection[Any]):
    """A connection that is closed where a statement is not answered in time; raises OperationalError then."""

    def wait(self, gen: Generator[Any, Any, Given], *args: Any, **kwargs: Any) -> Given:
        """Let a generator of psycopg's talk to the server, as long as our patience lasts."""
        return super().wait(self._in_time(gen), *args, **kwargs)

    def _in_time(self, talk: Generator[Any, Any, Given]) -> Generator[Any, Any, Given]:
        until = time.monotonic() + PATIENCE
        try:
            wanted = next(talk)
            while True:
                ready = yield wanted  # nothing is, every tenth of a second
                if not ready and time.monotonic() >= until:
                    self.close()
                    raise OperationalError(f"it does not answer within {PATIENCE:g} seconds")
                wanted = talk.send(ready)
        except StopIteration as done:
            given: Given = done.value
            return given
