"""Which of several processes does what only one may do, and who takes over when it is gone.

    leads  ── beats every few seconds ──→ leads;  cannot, or another has beaten: it stops the work
    waits  ── the beat has not changed for so long, by our own clock ──→ beats, and leads

So a process that is killed, frozen or cut off is replaced within `PATIENCE` and one round of beats. One that leaves
properly is replaced at the next round.
"""

import asyncio
import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar, TypeVarTuple

from briefs.errors import StoreError
from briefs.store.leases import Beat, Leases

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=5)  # from beat to beat
PATIENCE = 15.0  # seconds that a beat may be old before another process takes over
_SURE = 10.0  # seconds that our own may be: who cannot beat stops before another may begin
_SHORTEST = 1.0  # second that is waited for a beat

Asked = TypeVarTuple("Asked")
Given = TypeVar("Given")


class Lead:
    """One piece of work. clock: seconds that only rise. holder: names this process."""

    def __init__(self, leases: Leases, work: str, holder: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._leases, self._work, self._holder, self._clock = leases, work, holder, clock
        self._own: Beat | None = None
        self._other: Beat | None = None
        self._since = 0.0  # when we last beat, or first saw the other's beat
        self._won = asyncio.Event()
        # A beat waits for no thread behind look-ups of articles, nor behind those of a name that no server answers for.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lead")

    @property
    def leads(self) -> bool:
        """Whether the work is ours."""
        return self._won.is_set()

    async def won(self) -> None:
        """Wait until the work is ours."""
        await self._won.wait()

    async def beat(self) -> None:
        """Give a sign of life where we lead, else look for one."""
        try:
            async with asyncio.timeout(self._patience()):
                await (self._go_on(self._own) if self._own else self._watch())
        except (StoreError, TimeoutError) as error:
            reason = str(error) or "the database does not answer"
            # Who does not lead has nothing to lose; that the database is in trouble, others say.
            level = logging.ERROR if self._own else logging.DEBUG
            log.log(level, "%s: whether another process does it cannot be told: %s", self._work, reason)
            if self._own and self._clock() - self._since >= _SURE:
                self._stand_back()

    async def leave(self) -> None:
        """Leave the work to whoever comes next."""
        own = self._own
        if own is not None:
            self._end()
            try:
                await self._in_thread(self._leases.leave, self._work, own)
            except StoreError as error:
                log.warning("%s: another process takes over in %g seconds only: %s", self._work, PATIENCE, error)

    def _patience(self) -> float:
        """How many seconds a beat may take: who leads must know in time that it cannot beat."""
        return max(_SURE - (self._clock() - self._since), _SHORTEST) if self._own else _SURE

    async def _go_on(self, own: Beat) -> None:
        now = self._clock()  # before the beat: it counts from when it was begun
        made = await self._in_thread(self._leases.beat, self._work, self._holder, own)
        if made is None:
            self._stand_back()
        else:
            self._own, self._since = made, now

    async def _watch(self) -> None:
        other, now = await self._in_thread(self._leases.last, self._work), self._clock()
        if other is not None and other != self._other:
            self._other, self._since = other, now
        if other is not None and now - self._since < PATIENCE:
            return
        made = await self._in_thread(self._leases.beat, self._work, self._holder, other)
        if made is not None:
            if other is not None and other.holder == self._holder:
                log.warning("%s: taken up again", self._work)
            elif other is not None:
                log.warning("%s: taken over from %s, which is gone", self._work, other.holder)
            self._own, self._since = made, now
            self._won.set()

    async def _in_thread(self, do: Callable[[*Asked], Given], *asked: *Asked) -> Given:
        return await asyncio.get_running_loop().run_in_executor(self._thread, do, *asked)

    def _stand_back(self) -> None:
        log.warning("%s is left to another process", self._work)
        self._end()

    def _end(self) -> None:
        self._own = self._other = None
        self._won.clear()


class Leads:
    """All that this process would do alone."""

    def __init__(self, leases: Leases) -> None:
        self._leases = leases
        self._holder = f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(4)}"
        self._all: dict[str, Lead] = {}

    def of(self, work: str) -> Lead:
        """Return one piece of work; from now on this process would do it."""
        return self._all.setdefault(work, Lead(self._leases, work, self._holder))

    async def beat(self) -> None:
        """Give and look for signs of life."""
        for lead in self._all.values():
            await lead.beat()

    async def leave(self) -> None:
        """Leave everything to the others."""
        for lead in self._all.values():
            await lead.leave()
