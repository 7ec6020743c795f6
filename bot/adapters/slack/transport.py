"""Digests into Slack's channels: one attempt, and what is known of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.api import DEADLINE, error_code, retry_after, status
from bot.render import blocks
from bot.reply import Reply
from bot.transport import Envelope, Message, NotSent, Outcome, Payload, Rejected, Sent, Unknown
from briefs.models import Channel

# How a digest is recognised in a channel's history when the answer to its post was lost.
METADATA_TYPE = "briefbot_digest"

_log = logging.getLogger(__name__)

_RATE_LIMITS = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_WAIT = 30.0  # seconds, where Slack says "too many" without saying for how long

# Documented errors of chat.postMessage after which nothing stands in the channel and trying again changes nothing.
# What is neither here nor above (fatal_error, internal_error, a code of tomorrow) leaves it open.
_REJECTIONS = frozenset(
    {
        "access_denied",
        "account_inactive",
        "as_user_not_supported",
        "cannot_reply_to_message",
        "channel_not_found",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_arg_name",
        "invalid_arguments",
        "invalid_auth",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "invalid_thread_ts",
        "is_archived",
        "is_inactive",
        "messages_tab_disabled",
        "metadata_must_be_sent_from_app",
        "metadata_too_large",
        "missing_scope",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_permission",
        "no_text",
        "not_allowed_token_type",
        "not_authed",
        "not_in_channel",
        "org_login_required",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
        "team_access_not_granted",
        "team_not_found",
        "thread_locked",
        "thread_not_found",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)


class SlackTransport:
    """A way into the channels of one Slack workspace; see `bot.transport` for what it promises."""

    platform = "slack"

    def __init__(self, client: AsyncWebClient, *, deadline: float = DEADLINE) -> None:
        """Post through a client that does not retry; deadline: seconds for one attempt."""
        self._client = client
        self._deadline = deadline
        self.site = ""  # the workspace's own address, "https://team.slack.com/"; the adapter learns it

    def render(self, reply: Reply) -> Sequence[Message]:
        """Give the messages that show this reply; threads last."""
        return blocks.messages(reply)

    def permalink(self, channel: Channel, reference: str) -> str | None:
        """Give the address of a message; None before Slack has told where the workspace is."""
        return f"{self.site}archives/{channel.id}/p{reference.replace('.', '')}" if self.site else None

    async def send(self, envelope: Envelope) -> Outcome:
        """Post one message, once. It carries the delivery's uuid where people do not see it."""
        metadata = {"event_type": METADATA_TYPE, "event_payload": {"delivery": envelope.uuid}}
        return await self.post(envelope.channel.id, envelope.payload, thread=envelope.thread, metadata=metadata)

    async def post(
        self, channel: str, payload: Payload, *, thread: str | None = None, metadata: dict[str, Any] | None = None
    ) -> Outcome:
        """Post one message, once, under the message `thread` where that is given."""
        try:
            async with asyncio.timeout(self._deadline):
                answer = await self._client.chat_postMessage(
                    channel=channel, thread_ts=thread, metadata=metadata, **payload
                )
            return Sent(str(answer["ts"]))
        except SlackApiError as error:
            return _outcome(error)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return NotSent(_named(error))  # no connection: nothing can have been sent
        except Exception as error:
            # Whatever else happens between the request and its answer, the message may stand there.
            _log.warning("no clear answer from Slack to a message for %s: %s", channel, _named(error))
            return Unknown(_named(error))


def _outcome(error: SlackApiError) -> Outcome:
    code = error_code(error)
    if code in _RATE_LIMITS or status(error) == 429:
        return NotSent("ratelimited", retry_after(error, _WAIT))
    if code in _REJECTIONS and status(error) < 500:
        return Rejected(code)
    return Unknown(code)


def _named(error: Exception) -> str:
    return type(error).__name__
