"""Messages that this process has begun and not finished yet.

If their subscription ends in that moment, its deliveries are deleted, and only this process knows that a message stands
in the channel as its news alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.delivery import protocol
from bot.delivery.transport import Outcome, Transport
from briefs.store.deliveries import OPEN, Claim, Deliveries, Settlement


class Unfinished:
    """Finishes messages that can no longer be claimed. attempt: tries to post a claim; it never raises."""

    def __init__(
        self,
        deliveries: Deliveries,
        attempt: Callable[[Transport, Claim], Awaitable[Outcome]],
        clock: Callable[[], datetime],
    ) -> None:
        self._deliveries, self._attempt, self._clock = deliveries, attempt, clock
        self._begun: dict[int, tuple[Claim, datetime]] = {}  # by delivery; when it may be finished

    def note(self, claim: Claim, settlement: Settlement) -> None:
        """Note the new state of a delivery."""
        self._begun.pop(claim.id, None)
        if settlement.reference and settlement.not_before:
            self._begun[claim.id] = replace(claim, begun=settlement.reference), settlement.not_before

    async def orphans(self, transport: Transport) -> None:
        """Finish what is due on a platform and belongs to no subscription any more."""
        due = [claim for claim, at in self._of(transport) if at <= self._clock()]
        states = await asyncio.to_thread(self._deliveries.states, [claim.id for claim in due]) if due else {}
        for claim in due:
            if claim.id not in states:
                await self._finish(transport, claim)
            elif states[claim.id] not in OPEN:
                self._begun.pop(claim.id, None)  # another has finished it

    async def all(self, transports: Iterable[Transport], within_seconds: float) -> None:
        """Try once to finish each message that is due within so many seconds; the next process finishes the rest."""
        latest = self._clock() + timedelta(seconds=within_seconds)
        due = [(transport, claim, at) for transport in transports for claim, at in self._of(transport) if at < latest]
        await asyncio.gather(*(self._finish_at(transport, claim, at) for transport, claim, at in due))

    async def _finish_at(self, transport: Transport, claim: Claim, at: datetime) -> None:
        await asyncio.sleep((at - self._clock()).total_seconds())
        await self._finish(transport, claim)

    def _of(self, transport: Transport) -> list[tuple[Claim, datetime]]:
        return [one for one in self._begun.values() if one[0].channel.platform == transport.platform]

    async def _finish(self, transport: Transport, claim: Claim) -> None:
        outcome = await self._attempt(transport, claim)
        settlement = protocol.after_attempt(claim, outcome, self._clock())
        self.note(replace(claim, attempts=claim.attempts + 1), settlement)
