"""The port for posting digests. One implementation per platform; `tests/test_platforms.py` holds all to this.

A transport promises:

- `render` is pure: the same reply gives the same messages, each within the platform's limits whatever strangers wrote,
  in posting order, the first for the channel and the others for its thread; they survive being kept as JSON;
- `send` makes at most one attempt to post, never waits for a rate limit, never raises, and says what is *known*: with
  no connection that nothing was posted, with no clear answer that it may stand there;
- a delivery whose answer was lost stands once, because `look` finds it by its uuid and gives its reference, in the
  channel or in the thread; its repeat gives the message that stands there already for as long as `remembers` says;
- a message whose people are to be told its news may take two posts, where the first would else tell them nothing: then
  it is `Begun`, and the next `send` finishes it, as often as that is tried;
- `look` only reads, and never raises: it says "not there" only where it has seen all that was written since, and takes
  nobody else's message for ours;
- one post needs no more requests than `requests` says;
- all may be called from any task of the event loop that the transport was started on.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.base.reply import Reply
from bot.delivery.rate_limits import Limits, Scope
from briefs.models import Channel

log = logging.getLogger(__name__)

Payload = dict[str, Any]  # JSON


@dataclass(frozen=True, slots=True)
class Message:
    """One message in the platform's own form; `in_thread`: a reply under the first message of its digest."""

    payload: Payload
    in_thread: bool = False


@dataclass(frozen=True, slots=True)
class Envelope:
    """One delivery, as it is given to a transport.

    uuid: identifies the delivery for ever. nonce: at most 25 characters, the same at each attempt. thread: the message
    to reply under, by its reference. news: whether people are to be notified of what it says, even if that takes a
    `Begun` message first. begun: the reference of the message to finish.
    """

    channel: Channel
    payload: Payload
    uuid: str
    nonce: str
    thread: str | None = None
    news: bool = False
    begun: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """It stands in the channel; `reference` is the platform's id of it."""

    reference: str


@dataclass(frozen=True, slots=True)
class Begun:
    """It stands in the channel as its news alone; after so many seconds it can be finished, by its reference."""

    reference: str
    after_seconds: float


@dataclass(frozen=True, slots=True)
class NotSent:
    """It is certain that nothing was posted; try again after so many seconds (None: whenever you like).

    scope: who else has to wait as long.
    """

    reason: str
    after_seconds: float | None = None
    scope: Scope = "channel"


@dataclass(frozen=True, slots=True)
class Rejected:
    """The platform says it never will be: the channel is gone, the bot is not in it, the token is revoked."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may or may not stand there: a time-out, a reset, a server error."""

    reason: str


Posted = Sent | NotSent | Rejected | Unknown
Outcome = Posted | Begun


@dataclass(frozen=True, slots=True)
class Sought:
    """A delivery that may stand in its channel.

    since: no copy of it is older, by our clock. thread: the reference of the message that it would stand under.
    """

    channel: Channel
    uuid: str
    since: datetime
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """It stands there; `reference` is the platform's id of it. whole: it is not only begun."""

    reference: str
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Missing:
    """It does not stand there now. A post that is still on its way may yet arrive."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """The channel could not be read; after so many seconds it may be (None: there is no point in asking again)."""

    reason: str
    after_seconds: float | None = None


Sight = Found | Missing | Unseen


class Transport(Protocol):
    """A way into one platform's channels."""

    @property
    def platform(self) -> str:
        """The platform that this transport serves, as `Channel.platform` names it."""

    @property
    def limits(self) -> Limits:
        """How many messages the platform lets through."""

    def render(self, reply: Reply) -> Sequence[Message]:
        """Return the messages that show this reply; threads last."""

    async def send(self, envelope: Envelope) -> Outcome:
        """Post one message, once; or finish one that was begun."""

    def requests(self, channel: Channel, thread: str | None) -> int:
        """Return how many requests one post may need, at most."""

    def remembers(self, channel: Channel, thread: str | None) -> timedelta:
        """Return for how long after a post, at least, its repeat gives the message that stands there already."""

    async def look(self, sought: Sought) -> Sight:
        """Look in the channel, or in the thread, whether a delivery stands there."""


_TRIES, _LONGEST_WAIT = 3, 60.0  # seconds


async def tell(
    transport: Transport, envelope: Envelope, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> Posted:
    """Post what is no delivery, so that a notification tells it; where it is begun first, finish it.

    Where that fails, what was begun stays as it is: its news has been told.
    """
    outcome = await transport.send(replace(envelope, news=True))
    if not isinstance(outcome, Begun):
        return outcome
    finished: Outcome = outcome
    wait = outcome.after_seconds
    for _ in range(_TRIES):
        await sleep(min(wait, _LONGEST_WAIT))
        finished = await transport.send(replace(envelope, begun=outcome.reference))
        if isinstance(finished, Sent | Rejected):
            break
        asked = finished.after_seconds if isinstance(finished, NotSent) else None
        wait = 2 * wait if asked is None else asked
    if not isinstance(finished, Sent):
        log.warning("a message to %s stands there as its news alone: %s", envelope.channel, finished)
    return Sent(outcome.reference)
