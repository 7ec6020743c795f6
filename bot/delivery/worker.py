"""The delivery worker: from a subscription that is due to a message in the channel, never lost and not posted twice.

    plan      subscriptions that are due → runs                                     one transaction
    compose   run → edition → transport.render → freeze; see `composer`             one transaction; never done again
    deliver   claim (SENDING is committed) → rate limit → check the epoch → post → settle     one at a time in a channel
    resolve   a lease that is over, an answer that was lost → look in the channel → done, post again, or park

`protocol` decides what happens next, `briefs.store` keeps it, and this module carries it out. Each step can be
repeated, and interrupted at any point: the database says where to go on. One channel's trouble delays no other's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from bot.base.calendar import QuietHours
from bot.base.logs import Seldom, about
from bot.delivery import planning, protocol
from bot.delivery.composer import Composer
from bot.delivery.editions import Edition
from bot.delivery.group_commit import GroupCommit
from bot.delivery.rate_limits import BRIEFLY, EVERYWHERE, Pacer
from bot.delivery.transport import Begun, Envelope, NotSent, Outcome, Sight, Sought, Transport, Unknown, Unseen
from bot.delivery.unfinished import Unfinished
from briefs.errors import BriefsError, StoreError
from briefs.models import Channel
from briefs.store.deliveries import Claim, Deliveries, Settlement, Uncertain
from briefs.store.outbox import DueRun
from briefs.store.runs import Runs

if TYPE_CHECKING:  # who counts needs a web server
    from bot.base.metrics import Figures

log = logging.getLogger(__name__)

AT_ONCE = 16  # posts under way on one platform
LONGEST_SLEEP = 60.0  # seconds; then it is asked again who has to wait


@runtime_checkable
class Linking(Protocol):
    """What a transport may offer, too: links to messages."""

    def permalink(self, channel: Channel, reference: str) -> str | None:
        """Return the address of a message by its `Sent.reference`; None where there is none."""


class DeliveryWorker:
    """Brings digests to channels, by one transport for each platform.

    compose: makes the edition of a run; called in a thread. clock: returns the present instant, aware. rest: called
    when nothing is left to compose.
    """

    def __init__(
        self,
        runs: Runs,
        deliveries: Deliveries,
        compose: Callable[[DueRun], Edition],
        *,
        clock: Callable[[], datetime],
        catch_up: planning.CatchUp = "newest",
        quiet: QuietHours | None = None,
        policy: protocol.Policy = "prefer_delivery",
        pace: protocol.Pace = protocol.Pace(),  # noqa: B008  # immutable
        counts: Figures | None = None,
        rest: Callable[[], None] = lambda: None,
    ) -> None:
        self._runs = runs
        self._deliveries = deliveries
        self._composer = Composer(runs, compose, clock, pace.lease, rest)
        self._clock = clock
        self._catch_up = catch_up
        self._quiet = quiet
        self._policy = policy
        self._pace = pace
        self._counts = counts
        self._settle = GroupCommit(deliveries.settle_all)
        self._transports: dict[str, Transport] = {}
        self._claiming: dict[str, asyncio.Task[None]] = {}
        self._asked_again: set[str] = set()  # platforms where more may go out than the claim under way has seen
        self._posting: dict[str, set[asyncio.Task[None]]] = {}
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._pacers: dict[str, Pacer] = {}
        self._wakes: dict[str, asyncio.TimerHandle] = {}
        self._seldom = Seldom(timedelta(hours=1))
        self._unfinished = Unfinished(deliveries, self._attempt, clock)
        self._composing: asyncio.Task[None] | None = None
        self._stopping = False

    def serve(self, transport: Transport) -> None:
        """Deliver to the transport's platform from now on."""
        self._transports[transport.platform] = transport
        self._posting.setdefault(transport.platform, set())
        self._pacers[transport.platform] = Pacer(transport.limits, together=AT_ONCE)

    def permalink(self, channel: Channel, reference: str) -> str | None:
        """Return the address of a message that was posted, where its platform has such."""
        transport = self._transports.get(channel.platform)
        return transport.permalink(channel, reference) if isinstance(transport, Linking) else None

    async def tick(self) -> None:
        """Do what is due now. Composing, posts and looks go on in the background; see `drain`."""
        await self.plan()
        await self.resolve()
        self.deliver()
        if self._composing is None and not self._stopping:
            self._composing = asyncio.create_task(self._compose_all(), name="compose")

    async def plan(self) -> int:
        """Store the runs of every subscription that is due; return how many are to be composed."""
        now = self._clock()
        return await asyncio.to_thread(
            self._runs.plan, now, lambda waiting: planning.plan(waiting, now, self._catch_up, self._quiet)
        )

    async def resolve(self) -> None:
        """Begin to look for what was posted without an answer, once its settling time is over."""
        now = self._clock()
        expired = await asyncio.to_thread(self._deliveries.expire, now, "interrupted while it was being posted")
        if expired:
            log.warning("%d posts were interrupted: nobody knows yet whether they stand in their channels", expired)
        for platform, transport in self._transports.items():
            if platform not in self._looking and not self._stopping:
                looking = self._resolve_all(transport)
                self._looking[platform] = asyncio.create_task(looking, name=f"look through {platform}")

    async def _resolve_all(self, transport: Transport) -> None:
        """Resolve one uncertain delivery after the other, until the platform wants us to wait."""
        try:
            await self._unfinished.orphans(transport)
            for uncertain in await asyncio.to_thread(self._deliveries.unsettled, [transport.platform], self._clock()):
                with about(run=uncertain.run, delivery=uncertain.id):
                    if self._stopping or not await self._resolve(transport, uncertain):
                        break
        except BriefsError as error:  # the database is busy or full: the next tick tries again
            log.error("looks into %s wait: %s", transport.platform, error)
        finally:
            del self._looking[transport.platform]
        self.deliver(transport.platform)

    async def _resolve(self, transport: Transport, uncertain: Uncertain) -> bool:
        """Resolve one, or put it off; False when the platform wants us to wait."""
        remembers = transport.remembers(uncertain.channel, uncertain.thread)
        settlement = protocol.repeat(uncertain, remembers, self._clock(), self._pace)
        sight: Sight | None = None
        if settlement is None:
            since = uncertain.doubt - self._pace.reach
            sight = await self._look(transport, Sought(uncertain.channel, uncertain.uuid, since, uncertain.thread))
            if self._counts:
                self._counts.looked(transport.platform, type(sight).__name__.lower())
            settlement = protocol.after_look(uncertain, sight, self._policy, self._clock(), self._pace)
        if await asyncio.to_thread(self._deliveries.resolve, uncertain, settlement):
            # Where the channel was read, twice, a second copy is unlikely; where it cannot be, somebody should look.
            unclear = settlement.state == "RETRY" and settlement.doubt is None and isinstance(sight, Unseen)
            level = logging.ERROR if unclear or settlement.state == "PARKED" else logging.WARNING
            found = f"found in its channel as {settlement.reference}" if settlement.state == "SENT" else ""
            became = found or _told(settlement, self._clock())
            log.log(level, "delivery %s to %s: %s", uncertain.uuid, uncertain.channel, became)
        return not (isinstance(sight, Unseen) and sight.after_seconds is not None)

    async def _look(self, transport: Transport, sought: Sought) -> Sight:
        try:
            async with asyncio.timeout(4 * self._pace.post_deadline.total_seconds()):
                return await transport.look(sought)
        except TimeoutError:
            return Unseen("no answer in time", self._pace.apart.total_seconds())
        except Exception as error:  # a transport must not raise; when it does, it has not seen the channel
            log.exception("the transport to %s failed", transport.platform)
            return Unseen(f"{type(error).__name__}: {error}")

    async def _compose_all(self) -> None:
        try:
            await self.compose()
        except StoreError as error:  # the database is busy or full: the next tick tries again
            log.error("digests wait: %s", error)
        finally:
            self._composing = None

    async def compose(self) -> None:
        """Compose every run that is due, and post its messages."""
        await self._composer.compose(self._transports, self.deliver)

    def deliver(self, *platforms: str) -> None:
        """Post what waits, in the background, on these platforms (default: all)."""
        for platform in platforms or self._transports:
            if platform in self._claiming:
                self._asked_again.add(platform)
            elif not self._stopping:
                claiming = self._claim_all(self._transports[platform])
                self._claiming[platform] = asyncio.create_task(claiming, name=f"claim for {platform}")

    async def drain(self) -> None:
        """Wait until nothing more can be posted or looked for now."""
        while tasks := self._tasks():
            await asyncio.gather(*tasks)

    async def stop(self, within_seconds: float) -> None:
        """Begin no other post; wait so many seconds for those under way, and finish what was begun.

        What is left is resolved when its lease is over.
        """
        self._stopping = True
        self._composer.stop()
        for wake in self._wakes.values():
            wake.cancel()
        ending = asyncio.create_task(self._end(within_seconds), name="end")
        await asyncio.wait([ending], timeout=within_seconds)
        unfinished = [task for task in (ending, *self._tasks()) if not task.done()]
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)

    async def _end(self, within_seconds: float) -> None:
        while tasks := self._tasks():
            await asyncio.wait(tasks)
        await self._unfinished.all(self._transports.values(), within_seconds)

    def _tasks(self) -> list[asyncio.Task[None]]:
        posting = (task for at_work in self._posting.values() for task in at_work)
        return [
            *self._looking.values(),
            *self._claiming.values(),
            *posting,
            *([self._composing] if self._composing else []),
        ]

    async def _claim_all(self, transport: Transport) -> None:
        """Claim what can go out, as many as may be posted at once, and begin to post it."""
        platform, at_work = transport.platform, self._posting[transport.platform]
        try:
            while not self._stopping and (free := AT_ONCE - len(at_work)):
                self._asked_again.discard(platform)
                claims = await self._claimed(transport, free)
                for claim in claims:
                    task = asyncio.create_task(self._post_one(transport, claim), name=f"post to {platform}")
                    at_work.add(task)
                if not claims and platform not in self._asked_again:
                    return
        except BriefsError as error:  # the database is busy or full: the next tick tries again
            log.error("deliveries to %s wait: %s", platform, error)
        finally:
            del self._claiming[platform]

    async def _claimed(self, transport: Transport, most: int) -> list[Claim]:
        """Claim at most so many deliveries; none while the whole platform has to wait."""
        now = self._clock()
        pacer = self._pacers[transport.platform]
        resting = pacer.resting(now)
        if resting:
            self._wake(transport.platform, min(resting.values()) - now)
        most = min(most, pacer.room(now))
        if EVERYWHERE in resting or most <= 0:
            return []
        lease_until = now + self._pace.lease
        claims = await asyncio.to_thread(self._deliveries.claim, transport.platform, now, lease_until, resting, most)
        if self._stopping:
            await self._give_back(claims)
            return []
        return claims

    async def _give_back(self, claims: Sequence[Claim]) -> None:
        """Return claimed deliveries, so that another process can post them at once."""
        again = [(claim, protocol.put_off(claim, timedelta(0), self._clock())) for claim in claims]
        await asyncio.to_thread(self._deliveries.settle_all, again)

    async def _post_one(self, transport: Transport, claim: Claim) -> None:
        """Post a claimed delivery, and then claim another."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # we are one
        try:
            with about(run=claim.run, delivery=claim.id):
                await self._post(transport, claim)
        except BriefsError as error:  # the database is busy or full: its lease runs out
            log.error("deliveries to %s wait: %s", transport.platform, error)
            return
        finally:
            self._posting[transport.platform].discard(task)
        self.deliver(transport.platform)

    def _wake(self, platform: str, after: timedelta) -> None:
        """Deliver again after this time, when a rate limit is over."""
        loop = asyncio.get_running_loop()
        at = loop.time() + min(after.total_seconds(), LONGEST_SLEEP)
        planned = self._wakes.get(platform)
        if planned is None or at < planned.when():
            if planned is not None:
                planned.cancel()
            self._wakes[platform] = loop.call_at(at, self._woken, platform)

    def _woken(self, platform: str) -> None:
        del self._wakes[platform]
        self.deliver(platform)

    async def _post(self, transport: Transport, claim: Claim) -> None:
        remembers = transport.remembers(claim.channel, claim.thread)
        settlement = protocol.before_post(claim, remembers, self._clock(), self._pace)
        pacer = self._pacers[transport.platform]
        requests = transport.requests(claim.channel, claim.thread)
        if settlement is None and (wait := pacer.begin(claim.channel, self._clock(), requests)) > BRIEFLY:
            await self._settle((claim, protocol.put_off(claim, wait, self._clock())))
            return
        if settlement is None:
            try:
                await asyncio.sleep(wait.total_seconds())
                settlement = await self._tried(transport, claim)
            finally:
                pacer.over(claim.channel, self._clock(), requests)
        if settlement is not None:
            self._unfinished.note(claim, settlement)
        if settlement is None:
            log.warning("delivery %s to %s was taken over before it was posted", claim.uuid, claim.channel)
        elif not await self._settle((claim, settlement)):
            log.error("delivery %s to %s: %s, after it was taken over", claim.uuid, claim.channel, settlement.state)
        elif settlement.state == "SENT":
            log.info("delivery %s to %s: posted as %s", claim.uuid, claim.channel, settlement.reference)
        elif settlement.not_before and settlement.error is None:
            log.info("delivery %s to %s: begun as %s", claim.uuid, claim.channel, settlement.reference)
            self._wake(transport.platform, settlement.not_before - self._clock())
        elif self._is_news(claim, settlement):
            log.warning("delivery %s to %s: %s", claim.uuid, claim.channel, _told(settlement, self._clock()))

    def _is_news(self, claim: Claim, settlement: Settlement) -> bool:
        """Whether to log the new state of a delivery: what delays a whole workspace is logged once an hour."""
        platform, workspace = claim.channel.platform, claim.channel.workspace
        held = {(workspace,), EVERYWHERE} & self._pacers[platform].resting(self._clock()).keys()
        if settlement.state != "RETRY" or not held:
            return True
        where = platform if EVERYWHERE in held else f"{platform} {workspace}"
        return self._seldom.is_news(f"{where}: {settlement.error}", self._clock())

    async def _tried(self, transport: Transport, claim: Claim) -> Settlement | None:
        """Try to post a delivery that is still ours; return its new state, or None where another process has it."""
        if not await asyncio.to_thread(self._deliveries.holds, claim, self._clock()):
            return None
        outcome = await self._attempt(transport, claim)
        settlement = protocol.after_attempt(claim, outcome, self._clock())
        limited = outcome if isinstance(outcome, NotSent) and outcome.after_seconds is not None else None
        if limited and settlement.not_before:
            self._pacers[transport.platform].rest(claim.channel, limited.scope, settlement.not_before)
        if self._counts:
            became = "begun" if isinstance(outcome, Begun) else settlement.state.lower()
            self._counts.posted(transport.platform, became, limited is not None)
        return settlement

    async def _attempt(self, transport: Transport, claim: Claim) -> Outcome:
        envelope = Envelope(
            claim.channel, dict(claim.payload), claim.uuid, claim.nonce, claim.thread, news=True, begun=claim.begun
        )
        deadline = self._pace.post_deadline.total_seconds()
        try:
            async with asyncio.timeout(deadline):
                return await transport.send(envelope)
        except TimeoutError:
            return Unknown(f"no answer in {deadline:g} s")
        except Exception as error:  # a transport must not raise; when it does, nobody knows what it had sent
            log.exception("the transport to %s failed", transport.platform)
            return Unknown(f"{type(error).__name__}: {error}")


def _told(settlement: Settlement, now: datetime) -> str:
    told = f"{settlement.state}, {settlement.error}"
    if settlement.not_before and settlement.not_before > now:
        told += f"; again at {settlement.not_before:%H:%M:%S} UTC"
    if settlement.settle_until and settlement.settle_until > now:
        told += f"; looked for at {settlement.settle_until:%H:%M:%S} UTC"
    return told + (
        "; its subscription is paused, put this right and resume it in the channel" if settlement.pause else ""
    )
