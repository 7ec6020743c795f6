"""Everybody has their turn: a person a minute's worth of commands, and a workspace a share of the work under way.

    allowed?   a bucket for each person, which fills by a command a second      no → told when to come back
    turn       one command of a person at once, two of a workspace              waits

So who floods waits for themselves, and hardly anybody else does.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

BURST = 60.0  # commands at once; people do not get there
EVERY = 1.0  # seconds for each after that
OF_PERSON, OF_WORKSPACE = 1, 2  # under way at once
_REMEMBERED = 10_000  # people


@dataclass
class _Place:
    free: asyncio.Semaphore
    wanted: int = 0


@dataclass
class Fair:
    """Who may begin now. clock: seconds that only rise."""

    clock: Callable[[], float] = time.monotonic
    _full_at: dict[Hashable, float] = field(default_factory=dict)  # when a person's bucket is full again
    _places: dict[Hashable, _Place] = field(default_factory=dict)

    def wait(self, person: Hashable) -> float:
        """Take one command off a person's allowance; where there is none left, give the seconds until there is."""
        now = self.clock()
        full_at = max(self._full_at.pop(person, now), now)
        wait = full_at - now - (BURST - 1) * EVERY
        self._full_at[person] = full_at if wait > 0 else full_at + EVERY
        if len(self._full_at) > _REMEMBERED:
            del self._full_at[next(iter(self._full_at))]
        return max(wait, 0.0)

    @asynccontextmanager
    async def turn(self, workspace: Hashable, person: Hashable) -> AsyncIterator[None]:
        """Wait until it is a person's turn, and then that of their workspace; it is theirs until the block ends."""
        async with self._one_of(("person", person), OF_PERSON), self._one_of(("workspace", workspace), OF_WORKSPACE):
            yield

    @asynccontextmanager
    async def _one_of(self, name: Hashable, most: int) -> AsyncIterator[None]:
        place = self._places.setdefault(name, _Place(asyncio.Semaphore(most)))
        place.wanted += 1
        try:
            async with place.free:
                yield
        finally:
            place.wanted -= 1
            if not place.wanted:
                del self._places[name]
