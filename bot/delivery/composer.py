"""The composer: runs that are due → their messages, written down once and never again.

    claim     runs that wait: of several processes one composes a digest
    compose   run → edition → transport.render, one after the other
    freeze    those of the last moment together, in one transaction

A run that cannot be composed is tried again later, and keeps no other waiting. Those that need the articles' index
while that is away wait together, until one of them can be composed. What a process had in hand when it died is composed
by another after its lease.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
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
        self._unindexed: set[int] = set()  # runs that need the articles' index, which is away
        self._index_tries, self._index_again_at = 0, clock()
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
        await self._forget()
        self._hand = await asyncio.to_thread(
            self._runs.claim, list(transports), now, now + self._lease, self._resting(), TOGETHER
        )
        return bool(self._hand)

    async def _forget(self) -> None:
        """Forget runs that were to be tried again, where nobody has to: others composed them, or they are paused."""
        to_try = {*self._spoilt, *self._unindexed}.difference(self._resting())
        if to_try:
            gone = to_try.difference(await asyncio.to_thread(self._runs.due, to_try))
            for number in gone:
                self._spoilt.pop(number, None)
            self._index_is_no_matter(gone)

    def _resting(self) -> list[int]:
        """Give the runs that are not to be tried now."""
        spoilt = [number for number, (_, again_at) in self._spoilt.items() if self._is_ahead(again_at)]
        return [*spoilt, *(self._unindexed if self._index_rests() else ())]

    def _is_ahead(self, at: datetime) -> bool:
        now = self._clock()
        return now < at <= now + protocol.LONGEST_WAIT  # what is later was said by a clock that has been set back since

    def _index_rests(self) -> bool:
        """Whether nobody has to try now if the index is there again."""
        return bool(self._unindexed) and self._is_ahead(self._index_again_at)

    async def _written(self, transports: Mapping[str, Transport]) -> list[Written]:
        """Compose the first runs in hand, as many as a moment allows."""
        written: list[Written] = []
        loop = asyncio.get_running_loop()
        began = loop.time()
        for run in list(self._hand):
            if self._stopping or loop.time() - began > MOMENT:
                break
            if run.id in self._unindexed and self._index_rests():  # another of them has just tried
                await self._let_go(run)
                continue
            with about(run=run.id):
                try:
                    written.append(await self._composed(run, transports[run.channel.platform]))
                    self._index_is_no_matter([run.id])
                except IndexAway as error:  # the others may need less of it
                    self._index_is_away(run, error)
                    await self._let_go(run)
                except StoreError:
                    raise
                except Exception as error:  # whatever a topic or a renderer trips over, the others get their digests
                    self._index_is_no_matter([run.id])
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
        await self._let_go(run)

    async def _let_go(self, run: DueRun) -> None:
        await asyncio.to_thread(self._runs.release, [run])  # its channel may have others
        self._hand.remove(run)

    def _index_is_away(self, run: DueRun, error: IndexAway) -> None:
        """Let a run wait for the index; say so where none did."""
        if not self._unindexed:
            log.warning("digests on topics that are new wait for the articles' index: %s", error)
        if not self._index_rests():
            self._index_tries += 1
            self._index_again_at = protocol.index_again(self._index_tries, self._clock())
        self._unindexed.add(run.id)

    def _index_is_no_matter(self, runs: Iterable[int]) -> None:
        """Let these wait for the index no longer; say so where they were the last."""
        waited = bool(self._unindexed)
        self._unindexed.difference_update(runs)
        if waited and not self._unindexed:
            self._index_tries = 0
            log.warning("no digest waits for the articles' index any more")

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
