"""Fair shares: rate limits for people, and turns for workspaces.

    wait    a token bucket for each person, which fills by a command a second        empty → told when to come back
    turn    one command of a person at once; two of a workspace, or one
            while another workspace has any                                          else it waits

So whoever floods the bot delays themselves, and hardly anybody else.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

BURST = 60.0  # commands at once; people do not get there
EVERY = 1.0  # seconds for each after that
OF_PERSON, OF_WORKSPACE, BESIDE_OTHERS = 1, 2, 1  # under way at once
_REMEMBERED = 10_000  # people

_Waiting = tuple[Hashable, asyncio.Future[None]]  # a person, and what is set when it is their turn


@dataclass
class Fair:
    """A token bucket for each person, and fair queueing between workspaces. clock: monotonic seconds."""

    clock: Callable[[], float] = time.monotonic
    _full_at: dict[Hashable, float] = field(default_factory=dict)  # when a person's bucket is full again
    _under_way: Counter[Hashable] = field(default_factory=Counter)  # of each person, and of each workspace
    _all_under_way: int = 0
    _waiting: dict[Hashable, deque[_Waiting]] = field(default_factory=dict)  # by workspace

    def wait(self, person: Hashable) -> float:
        """Take one command from a person's allowance and return 0; if it is used up, return the seconds to wait."""
        now = self.clock()
        full_at = max(self._full_at.pop(person, now), now)
        wait = full_at - now - (BURST - 1) * EVERY
        self._full_at[person] = full_at if wait > 0 else full_at + EVERY
        if len(self._full_at) > _REMEMBERED:
            del self._full_at[next(iter(self._full_at))]
        return max(wait, 0.0)

    @asynccontextmanager
    async def turn(self, workspace: Hashable, person: Hashable) -> AsyncIterator[None]:
        """Wait for a person's turn in their workspace, and hold it until the block ends."""
        mine: _Waiting = person, asyncio.get_running_loop().create_future()
        self._waiting.setdefault(workspace, deque()).append(mine)
        self._let_begin()
        try:
            await mine[1]
            yield
        finally:
            if mine[1].cancelled():  # whoever asked has gone before it was their turn
                self._no_longer_waits(workspace, mine)
            else:
                self._all_under_way -= 1
                self._under_way -= Counter((workspace, person))
            self._let_begin()

    def _let_begin(self) -> None:
        for workspace, waiting in list(self._waiting.items()):
            for one in list(waiting):
                person, may_begin = one
                if self._has_its_share(workspace):
                    break
                if self._under_way[person] < OF_PERSON and not may_begin.done():
                    self._all_under_way += 1
                    self._under_way.update((workspace, person))
                    may_begin.set_result(None)
                    self._no_longer_waits(workspace, one)

    def _has_its_share(self, workspace: Hashable) -> bool:
        own = self._under_way[workspace]
        is_alone = own == self._all_under_way and self._waiting.keys() <= {workspace}
        return own >= (OF_WORKSPACE if is_alone else BESIDE_OTHERS)

    def _no_longer_waits(self, workspace: Hashable, one: _Waiting) -> None:
        waiting = self._waiting[workspace]
        waiting.remove(one)
        if not waiting:
            del self._waiting[workspace]
