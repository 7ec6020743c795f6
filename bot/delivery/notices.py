"""Private notices: whoever subscribed a channel is told, once, that it is paused or that its topic is gone."""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Protocol, runtime_checkable

from bot import present
from bot.base.i18n import Messages, choose
from bot.delivery.transport import Envelope, NotSent, Sent, Transport, tell
from briefs.config import Config
from briefs.models import Channel
from briefs.store.channels import Channels
from briefs.store.notices import Notices, PrivateNotice

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=30)
_NONCE = 24  # characters


@runtime_checkable
class Personal(Protocol):
    """What a transport may offer, too: private messages to one person."""

    async def private(self, workspace: str, person: str) -> Channel | None:
        """Return the private conversation with a person; None where there can be none. Never raises."""

    async def called(self, channel: Channel) -> str | None:
        """Return a channel's name, "#news"; None if it is unknown. Never raises."""


class NoticeSender:
    """Sends the notices that wait."""

    def __init__(self, notices: Notices, channels: Channels, config: Config) -> None:
        self._notices, self._channels, self._config = notices, channels, config

    async def tick(self, transports: Mapping[str, Transport]) -> None:
        """Send what waits on the platforms of these transports."""
        for one in await asyncio.to_thread(self._notices.take, list(transports)):
            transport = transports[one.channel.platform]
            if isinstance(transport, Personal):
                await self._tell(transport, transport, one)

    async def _tell(self, transport: Transport, personal: Personal, one: PrivateNotice) -> None:
        there = await personal.private(one.channel.workspace, one.person)
        if there is None:
            log.warning("%s could not be told of %r in %s", one.person, one.topic, one.channel)
            return
        settings = await asyncio.to_thread(self._channels.settings, one.channel)
        messages = Messages(choose(settings.language, self._config.settings.language))
        reply = present.notice(
            replace(one, topic=self._config.called(one.topic, messages.language)),
            messages,
            place=await personal.called(one.channel) or messages.say("a channel"),
        )
        for message in transport.render(reply):
            nonce = secrets.token_hex(_NONCE // 2)
            outcome = await tell(transport, Envelope(there, message.payload, nonce, nonce))
            if isinstance(outcome, NotSent):
                await asyncio.to_thread(self._notices.give_back, one)
            if not isinstance(outcome, Sent):
                log.warning("%s could not be told of %r in %s: %s", one.person, one.topic, one.channel, outcome.reason)
                return
