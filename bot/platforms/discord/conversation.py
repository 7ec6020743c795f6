"""The answer to one interaction: at once where it is ready, else "thinking…" first.

ready in time      callback 4 (message)            the rest as follow-ups
late and private   callback 5 (thinking, private)  edited into the answer
late and public    the same, edited into a line    the answer as a follow-up: whether an answer is private is
                                                   settled with "thinking…", before we know
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from bot.base.form import Form
from bot.base.reply import Attached, Reply
from bot.delivery.transport import Envelope, Message, Payload, Rejected, Sent
from bot.platforms.discord.components import V2
from bot.platforms.discord.modal import modal
from bot.platforms.discord.rest import NoResponse, NotReached, Response, Rest
from bot.platforms.discord.transport import DiscordTransport, sendable
from briefs.models import Channel

_MESSAGE, _THINKING, _IN_PLACE, _MODAL = 4, 5, 7, 9
_TAKEN = 40060  # another process has answered first
_PRIVATE, _LOADING = 1 << 6, 1 << 7  # flags of a message
_TRIES = 3
_LONGEST_WAIT = 5.0  # seconds; nobody waits longer for an answer

_log = logging.getLogger(__name__)


class Conversation:
    """What is said to one interaction.

    application, number, token: of the interaction; the token is a password. channel: where it takes place. pressed: the
    flags of the message that was pressed; None: none was.
    """

    def __init__(
        self,
        rest: Rest,
        transport: DiscordTransport,
        channel: Channel,
        *,
        application: int,
        number: int,
        token: str,
        pressed: int | None = None,
    ) -> None:
        self._rest = rest
        self._transport = transport
        self._channel = channel
        self._number = number
        self._pressed = pressed
        self._callback = f"/interactions/{number}/{token}/callback"
        self._webhook = f"/webhooks/{application}/{token}"
        self.thinks = False
        self._taken = self._answered = False

    async def think(self) -> bool:
        """Let the asker know that an answer will come; return whether Discord took that for the first.

        Where what Discord said to it was lost: whether it shows that somebody thinks. Whoever that is, the answer may
        be given twice then, the second time in the place of the first; else it might never be.
        """
        self.thinks = True
        answer = await self._ask("POST", self._callback, {"type": _THINKING, "data": {"flags": _PRIVATE}})
        if answer is None or answer.status >= 500:
            shown = await self._ask("GET", f"{self._webhook}/messages/@original")
            return shown is not None and shown.done and bool(shown.body["flags"] & _LOADING)
        return answer.done

    async def open(self, form: Form) -> None:
        """Open a form; not after "thinking"."""
        await self._ask("POST", self._callback, {"type": _MODAL, "data": modal(form)})

    async def say(self, reply: Reply) -> None:
        """Give the answer, unless another process has."""
        if self._taken:
            return
        messages, after = self._transport.render(reply), reply.after
        if after is not None and after.in_place and self._changes:
            # That is the answer to the press; what all see follows it.
            if not await self._whisper(self._transport.render(after), in_place=True):
                return
            after = None
        channel = reply.channel or self._channel
        if reply.public and (channel != self._channel or reply.under):
            # The asker hears in one line that it stands there; all of it, where it does not.
            stands = await self._post(channel, messages, reply.under)
            line = Reply(reply.language, reply.summary, ())
            if not (stands and self._answered):
                await self._whisper(self._transport.render(line) if stands else messages, in_place=False)
        elif reply.public and not reply.in_place:
            await self._publish(reply, messages)
        else:
            await self._whisper(messages, in_place=reply.in_place)
        for message in self._transport.render(after) if after and not self._taken else ():
            await self._follow_up(_private(message))
        if reply.told and not self._taken:
            await self._post(reply.told.channel or self._channel, self._transport.render(reply.told), None)
        if reply.file and not self._taken:
            await self._give(reply.file)

    async def _give(self, file: Attached) -> None:
        """Give a file to the asker alone."""
        body = sendable({"flags": _PRIVATE, "attachments": [{"id": 0, "filename": file.name}]})
        try:
            answer = await self._rest.call("POST", self._webhook, body, file=(file.name, file.content))
        except (NotReached, NoResponse) as error:
            _log.warning("a file in channel %s may not have arrived: %s", self._channel.id, error)
        else:
            if not answer.done:
                _log.warning("Discord did not take a file in channel %s: %s", self._channel.id, answer)

    async def amend(self, reply: Reply) -> None:
        """Put what was found out meanwhile in the place of a private answer, unless another process has answered."""
        if not self._taken:
            first, *rest = map(_private, self._transport.render(reply))
            edited = first | {"flags": first["flags"] & ~_PRIVATE}
            await self._ask("PATCH", f"{self._webhook}/messages/@original", edited)
            for body in rest:
                await self._follow_up(body)

    @property
    def _changes(self) -> bool:
        """Whether the message that was pressed can be changed: one that the asker alone sees, and not once we think."""
        return self._pressed is not None and bool(self._pressed & _PRIVATE) and not self.thinks

    async def _whisper(self, messages: Sequence[Message], *, in_place: bool) -> bool:
        """Answer to the asker alone; False where another process has answered."""
        first, *rest = map(_private, messages)
        if in_place and self._changes:
            old: Payload = {} if (self._pressed or 0) & V2 else {"content": None, "embeds": []}
            self._answered = True
            await self._ask("POST", self._callback, {"type": _IN_PLACE, "data": first | old})
        else:
            await self._open(first)
        for body in rest if not self._taken else ():
            await self._follow_up(body)
        return not self._taken

    async def _publish(self, reply: Reply, messages: Sequence[Message]) -> None:
        first, *rest = [message.payload for message in messages]
        if self.thinks or self._answered:
            (line,) = self._transport.render(Reply(reply.language, reply.summary, ()))
            if not self._answered:
                await self._open(sendable(line.payload))
            shown = await self._follow_up(sendable(first))
        else:
            await self._open(sendable(first))
            if self._taken:
                return
            shown = await self._ask("GET", f"{self._webhook}/messages/@original") if rest else None
        for place, payload in enumerate(rest, 1):
            if not await self._put_under(shown, payload, place):
                await self._follow_up(sendable(payload))

    async def _put_under(self, shown: Response | None, payload: Payload, place: int) -> bool:
        """Post into the thread under a message; False where the bot cannot, though it may answer there."""
        if shown is None or not shown.done:
            return False
        outcome = await self._transport.send(self._envelope(self._channel, payload, str(shown.body["id"]), place))
        return not isinstance(outcome, Rejected)

    async def _post(self, channel: Channel, messages: Sequence[Message], under: str | None) -> bool:
        """Post in another place than was asked in, the rest under the first; False where the first does not stand."""
        for place, message in enumerate(messages):
            outcome = await self._transport.send(self._envelope(channel, message.payload, under, place))
            if not isinstance(outcome, Sent) and not place:
                return False
            under = under or (outcome.reference if isinstance(outcome, Sent) else None)
        return True

    def _envelope(self, channel: Channel, payload: Payload, thread: str | None, place: int) -> Envelope:
        name = f"{self._number}-{place}"
        return Envelope(channel=channel, payload=payload, uuid=name, nonce=name, thread=thread)

    async def _open(self, body: Payload) -> None:
        if self._answered:
            await self._follow_up(body)
        elif self.thinks:
            # Who sees it was settled with "thinking".
            edited = body | {"flags": body["flags"] & ~_PRIVATE}
            await self._ask("PATCH", f"{self._webhook}/messages/@original", edited)
        else:
            await self._ask("POST", self._callback, {"type": _MESSAGE, "data": body})

    async def _follow_up(self, body: Payload) -> Response | None:
        return await self._ask("POST", self._webhook, body)

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Response | None:
        """Ask until it is done, as long as asking again cannot say a thing twice; None without an answer."""
        repeatable = method != "POST"
        answer: Response | None = None
        said = ""
        for attempt in range(_TRIES):
            try:
                answer = await self._rest.call(method, path, body)
            except NotReached as error:
                said, again, wait = str(error), True, 1.0 + attempt
            except NoResponse as error:
                said, again, wait = str(error), repeatable, 1.0 + attempt
            else:
                if answer.code == _TAKEN:
                    self._taken = True
                if answer.done or self._taken:
                    return answer
                said, wait = str(answer), answer.retry_after or 1.0 + attempt
                again = answer.status == 429 or (repeatable and answer.status >= 500)
            if not again or attempt == _TRIES - 1:
                break
            await asyncio.sleep(min(wait, _LONGEST_WAIT))
        _log.warning("an answer in channel %s may not have arrived: %s", self._channel.id, said)
        return answer


def _private(message: Message) -> Payload:
    body = sendable(message.payload)
    return body | {"flags": body["flags"] | _PRIVATE}
