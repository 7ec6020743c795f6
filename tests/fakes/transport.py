"""A transport that posts into a list: what a platform is to the delivery worker, without a platform."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.base.reply import Heading, Reply
from bot.delivery.rate_limits import Limits
from bot.delivery.transport import Envelope, Found, Message, Missing, Outcome, Sent, Sight, Sought, Unseen
from briefs.models import Channel


@dataclass(frozen=True)
class Stored:
    """In a script: the message stands there, but the sender is told this."""

    told: Outcome


@dataclass
class RecordingTransport:
    """Everything handed to `send` stands in `tried`, what people can read in `posted`.

    script: outcomes of the next attempts, in order; then all succeed. Only Sent and Stored ones can be read.
    gates: channel → an event that its posts wait for. sights: what the next looks see, in order; then `readable` says
    whether they see what is posted. memory: for how long a repeat of a nonce gives the first message.
    """

    platform: str = "console"
    limits: Limits = field(default_factory=Limits)
    script: deque[Outcome | Stored | Exception] = field(default_factory=deque)
    tried: list[Envelope] = field(default_factory=list)
    posted: list[Envelope] = field(default_factory=list)
    sights: deque[Sight] = field(default_factory=deque)
    readable: bool = True
    memory: timedelta = timedelta(0)
    looked: list[Sought] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def render(self, reply: Reply) -> Sequence[Message]:
        """Give one message for the summary and one, in the thread, for each heading of the overflow."""
        thread = [part.text for part in reply.overflow if isinstance(part, Heading)]
        return [
            Message({"text": reply.summary}),
            *(Message({"text": text}, in_thread=True) for text in thread),
        ]

    async def send(self, envelope: Envelope) -> Outcome:
        """Post it, or do what the script says."""
        self.tried.append(envelope)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        self._changed.set()
        try:
            if gate := self.gates.get(envelope.channel.id):
                await gate.wait()
            outcome = self.script.popleft() if self.script else Sent(f"message {len(self.posted) + 1}")
        finally:
            self.under_way -= 1
        if isinstance(outcome, Exception):
            raise outcome
        if isinstance(outcome, Sent | Stored):
            self.posted.append(envelope)
            self._changed.set()
        return outcome.told if isinstance(outcome, Stored) else outcome

    def requests(self, channel: Channel, thread: str | None) -> int:
        """Need one, always."""
        return 1

    def remembers(self, channel: Channel, thread: str | None) -> timedelta:
        """Remember nonces as long as `memory` says."""
        return self.memory

    async def look(self, sought: Sought) -> Sight:
        """Look among what is posted, or do what is planned."""
        self.looked.append(sought)
        if self.sights:
            return self.sights.popleft()
        if not self.readable:
            return Unseen("no permission")
        standing = [number for number, envelope in enumerate(self.posted, 1) if envelope.uuid == sought.uuid]
        return Found(f"message {standing[0]}") if standing else Missing()

    async def until(self, reached: Callable[[RecordingTransport], bool]) -> None:
        """Wait until something is true of what was tried and posted."""
        async with asyncio.timeout(60):
            while not reached(self):
                self._changed.clear()
                await self._changed.wait()

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What people can read: (channel, text), in order."""
        return [(envelope.channel.id, envelope.payload["text"]) for envelope in self.posted]
