"""The composer: runs that are due → their messages, composed and stored once.

    claim     runs that are due: each is composed by one of several processes
    compose   run → edition → transport.render, one after the other
    freeze    the messages of the runs just composed are stored together, in one transaction

A run that cannot be composed is retried later, and delays no other. While an index outside the database is away, the
runs that need it wait together, until one of them can be composed. What a process had claimed when it died is composed
by another when the lease is over.
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

TOGETHER = 16  # runs that are claimed at once
MOMENT = 0.25  # seconds after which what has been composed is frozen, without waiting for the rest


class Composer:
    """Composes the runs of one database.

    compose: makes the edition of a run; called in a thread. lease: much longer than that takes for TOGETHER runs.
    rest: called when no run waits any more.
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
        self._claimed: list[DueRun] = []  # kept while the database cannot take their messages
        self._compose = compose
        self._rest = rest
        self._clock = clock
        self._failed: dict[int, tuple[int, datetime]] = {}  # run → number of failures, and when it is retried
        self._unindexed: set[int] = set()  # runs that need the index, which is away
        self._index_tries, self._index_again_at = 0, clock()
        self._stopping = False

    def stop(self) -> None:
        """Begin no other run."""
        self._stopping = True

    async def compose(self, transports: Mapping[str, Transport], frozen: Callable[[str], None]) -> None:
        """Compose every run that is due, and store its messages.

        frozen: called with a platform when messages are ready to be posted there. Raises StoreError.
        """
        try:
            while not self._stopping and (self._claimed or await self._claim(transports)):
                written = await self._written(transports)
                if written:
                    await self._freeze(written)
                for platform in {one.run.channel.platform for one in written}:
                    frozen(platform)
            if self._stopping and self._claimed:
                await asyncio.to_thread(self._runs.release, self._claimed)
        finally:
            self._rest()

    async def _claim(self, transports: Mapping[str, Transport]) -> bool:
        """Claim runs; return whether there were any."""
        now = self._clock()
        await self._forget()
        self._claimed = await asyncio.to_thread(
            self._runs.claim, list(transports), now, now + self._lease, self._resting(), TOGETHER
        )
        return bool(self._claimed)

    async def _forget(self) -> None:
        """Forget failed runs that need no retry: another process has composed them, or they are paused."""
        to_try = {*self._failed, *self._unindexed}.difference(self._resting())
        if to_try:
            gone = to_try.difference(await asyncio.to_thread(self._runs.due, to_try))
            for number in gone:
                self._failed.pop(number, None)
            self._index_is_no_matter(gone)

    def _resting(self) -> list[int]:
        """Return the runs that are not to be tried now."""
        failed = [number for number, (_, again_at) in self._failed.items() if self._is_ahead(again_at)]
        return [*failed, *(self._unindexed if self._index_rests() else ())]

    def _is_ahead(self, at: datetime) -> bool:
        now = self._clock()
        return now < at <= now + protocol.LONGEST_WAIT  # what is later was said by a clock that has been set back since

    def _index_rests(self) -> bool:
        """Whether it is too early to ask the index again."""
        return bool(self._unindexed) and self._is_ahead(self._index_again_at)

    async def _written(self, transports: Mapping[str, Transport]) -> list[Written]:
        """Compose the first of the claimed runs, as many as a MOMENT allows."""
        written: list[Written] = []
        loop = asyncio.get_running_loop()
        began = loop.time()
        for run in list(self._claimed):
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
        tries = self._failed.get(run.id, (0, None))[0] + 1
        self._failed[run.id] = tries, protocol.compose_again(tries, self._clock())
        known = isinstance(error, BriefsError)
        reason = str(error) if known else "it could not be written"
        log.error("digest on %r for %s: %s", run.topic, run.channel, reason, exc_info=None if known else error)
        await self._let_go(run)

    async def _let_go(self, run: DueRun) -> None:
        await asyncio.to_thread(self._runs.release, [run])  # its channel may have others
        self._claimed.remove(run)

    def _index_is_away(self, run: DueRun, error: IndexAway) -> None:
        """Let a run wait for the index; the log says so for the first one."""
        if not self._unindexed:
            log.warning("digests on topics that are new wait for the articles' index: %s", error)
        if not self._index_rests():
            self._index_tries += 1
            self._index_again_at = protocol.index_again(self._index_tries, self._clock())
        self._unindexed.add(run.id)

    def _index_is_no_matter(self, runs: Iterable[int]) -> None:
        """Let these runs wait for the index no longer; the log says so for the last one."""
        waited = bool(self._unindexed)
        self._unindexed.difference_update(runs)
        if waited and not self._unindexed:
            self._index_tries = 0
            log.warning("no digest waits for the articles' index any more")

    async def _freeze(self, written: Sequence[Written]) -> None:
        """Store the messages of some runs in one commit; if one makes that fail, each in a commit of its own."""
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
            self._claimed.remove(one.run)
            self._failed.pop(one.run.id, None)
            messages = f"{len(one.parts)} to post" if one.parts else "nothing new"
            with about(run=one.run.id):
                log.info(
                    "digest on %r for %s at %s: %s",
                    one.run.topic,
                    one.run.channel,
                    one.run.scheduled_local,
                    messages if is_ours else "done by somebody else",
                )
