"""The composer: runs that are due → their messages, written down once and never again.

    claim     runs that wait: of several processes one composes a digest
    compose   run → edition → transport.render, one after the other
    freeze    those of the last moment together, in one transaction

A run that cannot be composed is tried again later, and keeps no other waiting. What a process had in hand when it died
is composed by another after its lease.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.base.logs import about
from bot.delivery import protocol
from bot.delivery.editions import Edition
from bot.delivery.transport import Transport
from briefs.errors import BriefsError, IndexAway, StoreError
from briefs.store.outbox import DueRun, Part, Written
from briefs.store.runs import Runs

log = logging.getLogger(__name__)

TOGETHER = 16  # runs that are claimed, and written down, at once
MOMENT = 0.25  # seconds; what is composed by then waits for no other


class Composer:
    """Composes the runs of one database.

    compose: makes the edition of a run; called in a thread. lease: much longer than that takes for TOGETHER. rest:
    called when none waits any more.
    """

    def __init__(
        self,
        runs: Runs,
        compose: Callable[[DueRun], Edition],
        clock: Callable[[], datetime],
        lease: timedelta,
        rest: Callable[[], None] = lambda: None,
    ) -> None:
        self._runs = runs
        self._lease = lease
        self._hand: list[DueRun] = []  # what is claimed; kept where the database cannot take it now
        self._compose = compose
        self._rest = rest
        self._clock = clock
        self._spoilt: dict[int, tuple[int, datetime]] = {}  # run → how often it could not be composed, when it is next
        self._stopping = False

    def stop(self) -> None:
        """Begin no other run."""
        self._stopping = True

    async def compose(self, transports: Mapping[str, Transport], frozen: Callable[[str], None]) -> None:
        """Write the messages of every run that waits for them.

        frozen: called with a platform when something is ready to be posted there. Raises StoreError.
        """
        try:
            while not self._stopping and (self._hand or await self._claim(transports)):
                written = await self._written(transports)
                if written:
                    await self._freeze(written)
                for platform in {one.run.channel.platform for one in written}:
                    frozen(platform)
            if self._stopping and self._hand:
                await asyncio.to_thread(self._runs.release, self._hand)
        finally:
            self._rest()

    async def _claim(self, transports: Mapping[str, Transport]) -> bool:
        """Take runs in hand; False where none waits."""
        now = self._clock()
        self._hand = await asyncio.to_thread(
            self._runs.claim, list(transports), now, now + self._lease, self._resting(), TOGETHER
        )
        return bool(self._hand)

    def _resting(self) -> list[int]:
        """Give the runs that are not to be tried now."""
        now = self._clock()
        latest = now + protocol.LONGEST_WAIT  # what is later was said by a clock that has been set back since
        return [number for number, (_, again_at) in self._spoilt.items() if now < again_at <= latest]

    async def _written(self, transports: Mapping[str, Transport]) -> list[Written]:
        """Compose the first runs in hand, as many as a moment allows."""
        written: list[Written] = []
        loop = asyncio.get_running_loop()
        began = loop.time()
        for run in list(self._hand):
            if self._stopping or loop.time() - began > MOMENT:
                break
            with about(run=run.id):
                try:
                    written.append(await self._composed(run, transports[run.channel.platform]))
                except IndexAway as error:  # the others may need less of it
                    await self._put_off(run, error)
                except StoreError:
                    raise
                except Exception as error:  # whatever a topic or a renderer trips over, the others get their digests
                    await self._put_off(run, error)
        return written

    async def _composed(self, run: DueRun, transport: Transport) -> Written:
        edition = await asyncio.to_thread(self._compose, run)
        messages = [] if edition.reply is None else transport.render(edition.reply)
        return Written(
            run,
            [Part(message.payload, message.in_thread) for message in messages],
            through=edition.through,
            until=edition.until,
            told=edition.told,
            content=edition.content,
        )

    async def _put_off(self, run: DueRun, error: Exception) -> None:
        tries = self._spoilt.get(run.id, (0, None))[0] + 1
        self._spoilt[run.id] = tries, protocol.compose_again(tries, self._clock())
        known = isinstance(error, BriefsError)
        reason = str(error) if known else "it could not be written"
        log.error("digest on %r for %s: %s", run.topic, run.channel, reason, exc_info=None if known else error)
        await asyncio.to_thread(self._runs.release, [run])  # its channel may have others
        self._hand.remove(run)

    async def _freeze(self, written: Sequence[Written]) -> None:
        """Write them down, all in one commit; where one of them spoils it, each in its own."""
        try:
            frozen = await asyncio.to_thread(self._runs.freeze_all, written, self._clock())
        except StoreError:
            raise
        except Exception as error:  # one that cannot be written down must not take the others with it
            if len(written) == 1:
                await self._put_off(written[0].run, error)
                return
            for one in written:
                await self._freeze([one])
            return
        for one, is_ours in zip(written, frozen, strict=True):
            self._hand.remove(one.run)
            self._spoilt.pop(one.run.id, None)
            messages = f"{len(one.parts)} to post" if one.parts else "nothing new"
            with about(run=one.run.id):
                log.info(
                    "digest on %r for %s at %s: %s",
                    one.run.topic,
                    one.run.channel,
                    one.run.scheduled_local,
                    messages if is_ours else "done by somebody else",
                )
