"""The port that a digest leaves through. One implementation per platform, all under one contract test.

A transport promises:

- `render` is pure: the same reply gives the same messages, each within the platform's limits, in posting order;
- `send` makes at most one attempt to post, never waits for a rate limit, never raises, and says what is *known*;
- both may be called from any task of the event loop that the transport was started on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.reply import Reply
from briefs.models import Channel

Payload = dict[str, Any]  # JSON


@dataclass(frozen=True, slots=True)
class Message:
    """One message in the platform's own form; `in_thread`: a reply under the first message of its digest."""

    payload: Payload
    in_thread: bool = False


@dataclass(frozen=True, slots=True)
class Envelope:
    """One delivery, as it is handed to a transport.

    uuid: names the delivery for ever. nonce: at most 25 characters, the same at each try.
    thread: the reference of the message to reply under.
    """

    channel: Channel
    payload: Payload
    uuid: str
    nonce: str
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """It stands in the channel; `reference` is the platform's id of it."""

    reference: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """It is certain that nothing was posted; try again after so many seconds (None: whenever you like)."""

    reason: str
    after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """The platform says it never will be: the channel is gone, the bot is not in it, the token is revoked."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may or may not stand there: a time-out, a reset, a server error."""

    reason: str


Outcome = Sent | NotSent | Rejected | Unknown


class Transport(Protocol):
    """A way into one platform's channels."""

    @property
    def platform(self) -> str:
        """The platform that this transport serves, as `Channel.platform` names it."""

    def render(self, reply: Reply) -> Sequence[Message]:
        """Give the messages that show this reply; threads last."""

    async def send(self, envelope: Envelope) -> Outcome:
        """Post one message, once."""
