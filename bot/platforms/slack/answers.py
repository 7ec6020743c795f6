"""Replies to people in Slack: to the one who asked, by the command's own address; or to the channel."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.base.reply import Paragraph, Reply, Span
from bot.delivery.transport import NotSent, Payload, Rejected, Sent, Unknown
from bot.platforms.slack import blocks
from bot.platforms.slack.api import DEADLINE, ERRORS, NETWORK_ERRORS, error_code, leaves_open, sdk_log
from bot.platforms.slack.files import Files
from bot.platforms.slack.transport import SlackTransport

_log = logging.getLogger(__name__)

_ANSWERS = 5  # uses of a response_url


@dataclass(frozen=True, slots=True)
class Where:
    """Who asked what, and where; the answer goes there.

    thread: of the message that was written or pressed. own: whether a message was pressed that only they see. files:
    that came with the message.
    """

    channel: str
    user: str
    team: str
    trigger: str
    response_url: str | None = None
    thread: str | None = None
    own: bool = False
    files: tuple[Mapping[str, Any], ...] = ()


class Answers:
    """Gives replies. Slack's refusals are logged: there is nobody else to tell."""

    def __init__(self, client: AsyncWebClient, transport: SlackTransport, files: Files) -> None:
        self._client, self._transport, self._files = client, transport, files

    async def give(self, where: Where, reply: Reply) -> None:
        """Show a reply to the channel if it is public, else to the asker alone; then what takes its place."""
        if reply.file and await self._files.give(where.channel, where.user, reply.file, reply.summary):
            if where.channel.startswith("D"):
                return
            line = reply.file.elsewhere
            reply = Reply(reply.language, line, (Paragraph(((Span(line),),)),))
        stands = await self._give(where, reply)
        while reply.then:
            reply = await reply.then()
            if stands is None or not await self._amend(where, stands, reply):
                # What only the asker sees cannot be changed, but by a press in it: it follows.
                await self._give(where, reply)

    async def _amend(self, where: Where, stands: str, reply: Reply) -> bool:
        """Put a reply in the place of a message of our own; False where Slack did not take it."""
        first, *rest = [message.payload for message in blocks.messages(reply)]
        try:
            await self._client.chat_update(channel=where.channel, ts=stands, **first)
        except ERRORS as error:
            _log.warning("a message in channel %s %s changed: %s", where.channel, _was_not(error), error_code(error))
            return False
        for payload in rest:
            await self._transport.post(where.channel, payload, thread=where.thread)
        return True

    async def _give(self, where: Where, reply: Reply) -> str | None:
        """Show a reply; give the id of a private one that can be changed."""
        messages = [message.payload for message in blocks.messages(reply)]
        asked = where
        if reply.channel is not None and reply.channel.id != where.channel:
            where = replace(where, channel=reply.channel.id, response_url=None, thread=None)
        if reply.under:
            where = replace(where, thread=reply.under)
        stands: str | None = None
        if not reply.public:
            stands = await self._whisper(where, messages, in_place=reply.in_place and where.own)
        elif not await self._publish(where, messages):
            return None
        if reply.after:
            await self._give(asked, reply.after)
        if reply.told:
            await self._give(asked, reply.told)
        return stands

    async def _publish(self, where: Where, payloads: list[Payload]) -> bool:
        """Post for the whole channel; what follows the first goes under it. Say whether it may stand there."""
        first, *rest = payloads
        outcome = await self._transport.post(where.channel, first, thread=where.thread)
        match outcome:
            case Sent(reference=reference):
                for payload in rest:
                    await self._transport.post(where.channel, payload, thread=where.thread or reference)
            case Unknown(reason=reason):
                _log.warning("an answer for channel %s may not have arrived: %s", where.channel, reason)
            case Rejected(reason=reason) | NotSent(reason=reason):
                # Nothing was posted, most often because the bot is not in the channel: a command's own address may
                # still answer there.
                if await self._respond(where, payloads, "in_channel"):
                    _log.warning("an answer for channel %s was refused: %s", where.channel, reason)
                    return False
        return True

    async def _whisper(self, where: Where, payloads: list[Payload], *, in_place: bool) -> str | None:
        """Show the asker alone; in their conversation with the bot, where nobody else is, for good.

        Gives the id of the first that stands there for good. in_place: the first stands where the message stood that
        was pressed.
        """
        left = await self._respond(where, payloads, "ephemeral", in_place=in_place)
        if where.channel.startswith("D") or where.channel == where.user:
            sent = [await self._transport.post(where.channel, payload, thread=where.thread) for payload in left]
            # By a person's id it can be posted to them, and nothing be changed.
            can_change = where.channel != where.user
            return next((one.reference for one in sent if isinstance(one, Sent) and can_change), None)
        for payload in left:
            try:
                await self._client.chat_postEphemeral(
                    channel=where.channel, user=where.user, thread_ts=where.thread, **payload
                )
            except ERRORS as error:
                _log.warning("an answer in channel %s %s shown: %s", where.channel, _was_not(error), error_code(error))
        return None

    async def _respond(
        self, where: Where, payloads: list[Payload], kind: str, *, in_place: bool = False
    ) -> list[Payload]:
        """Answer by a command's own address; give what it did not take."""
        if where.response_url is None:
            return payloads
        client = AsyncWebhookClient(where.response_url, timeout=DEADLINE, retry_handlers=[], logger=sdk_log)
        thread = {"thread_ts": where.thread} if where.thread else {}
        for index, payload in enumerate(payloads[:_ANSWERS]):
            try:
                answer = await client.send_dict(
                    {"response_type": kind, "replace_original": in_place and index == 0, **thread, **payload}
                )
            except NETWORK_ERRORS as error:
                _log.warning("an answer in channel %s may not have arrived: %s", where.channel, type(error).__name__)
                return []
            if answer.status_code != 200:
                _log.warning("Slack refused an answer in channel %s: HTTP %s", where.channel, answer.status_code)
                return payloads[index:]
        return payloads[_ANSWERS:]


def _was_not(error: Exception) -> str:
    """Word what became of a request: Slack itself said no, or nobody knows."""
    return "may not have been" if leaves_open(error) else "was not"
