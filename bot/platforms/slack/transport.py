"""Digests into Slack's channels: one attempt, what is known of it, and a look whether it stands there."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.base.reply import Reply
from bot.delivery.rate_limits import Limits, Rate
from bot.delivery.transport import (
    Envelope,
    Found,
    Message,
    Missing,
    NotSent,
    Outcome,
    Payload,
    Rejected,
    Sent,
    Sight,
    Sought,
    Unknown,
    Unseen,
)
from bot.platforms.slack import blocks
from bot.platforms.slack.api import DEADLINE, ERRORS, NETWORK_ERRORS, OUT_OF_ORDER, error_code, retry_after, status
from briefs.models import Channel

# How a digest is recognised in a channel's history when the answer to its post was lost.
METADATA_TYPE = "briefbot_digest"

_log = logging.getLogger(__name__)

_RATE_LIMITS = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_WAIT = 30.0  # seconds, where Slack says "too many" without saying for how long
_PAGES, _PAGE = 10, 100  # of a history; who may read less gets shorter pages

# The token is not taken: the operator's trouble, and the whole workspace's. Once it is valid again, all goes on.
_REFUSED = {"invalid_auth", "not_authed", "token_expired"}
_REFUSED_WAIT = 300.0  # seconds

_PASSING = OUT_OF_ORDER | {"team_added_to_org"}

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
        "token_revoked",
        "two_factor_setup_required",
    }
)


class IntoSlack:
    """What a way into Slack's channels is, of whichever workspace; see `bot.delivery.transport`."""

    platform = "slack"
    # "1 per second per channel" and "several hundred messages per minute per workspace": Slack's "Rate limits".
    limits = Limits(channel=Rate(1, 1.0), workspace=Rate(300, 60.0))

    def render(self, reply: Reply) -> Sequence[Message]:
        """Return the messages that show this reply; threads last."""
        return blocks.messages(reply)

    async def private(self, workspace: str, person: str) -> Channel | None:
        """Return the conversation with somebody: Slack opens it for who posts to a person's id."""
        return Channel(self.platform, workspace, person)

    def requests(self, channel: Channel, thread: str | None) -> int:
        """One, always."""
        return 1

    def remembers(self, channel: Channel, thread: str | None) -> timedelta:
        """Slack has no nonces: a repeat is a second message."""
        return timedelta(0)


class SlackTransport(IntoSlack):
    """A way into the channels of one Slack workspace; see `bot.delivery.transport` for what it promises."""

    def __init__(self, client: AsyncWebClient, *, deadline: float = DEADLINE) -> None:
        """Post through a client that does not retry; deadline: seconds for one attempt."""
        self._client = client
        self._deadline = deadline
        self._bot_id: str | None = None
        self.site = ""  # the workspace's own address, "https://team.slack.com/"; the adapter learns it

    def permalink(self, channel: Channel, reference: str) -> str | None:
        """Return the address of a message; None before Slack has told where the workspace is."""
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
        except Exception as error:  # whatever happens between a request and its answer, the message may stand there
            _log.warning("no clear answer from Slack to a message for %s: %s", channel, _named(error))
            return Unknown(_named(error))

    async def called(self, channel: Channel) -> str | None:
        """Return a channel's name as people write it."""
        try:
            async with asyncio.timeout(self._deadline):
                answer = await self._client.conversations_info(channel=channel.id)
            return f"#{answer['channel']['name']}"
        except (KeyError, *ERRORS):
            return None

    async def look(self, sought: Sought) -> Sight:
        """Look for the delivery's uuid among our own messages, in the channel or in the thread."""
        try:
            if self._bot_id is None:
                self._bot_id = str((await self._client.auth_test())["bot_id"])
            return await self._search(sought, self._bot_id)
        except SlackApiError as error:
            code, server = error_code(error), status(error) >= 500
            limited = code in _RATE_LIMITS or status(error) == 429
            passing = limited or server or code in _PASSING or code in _REFUSED
            return Unseen("ratelimited" if limited else code, retry_after(error, _WAIT) if passing else None)
        except NETWORK_ERRORS as error:
            return Unseen(_named(error), _WAIT)

    async def _search(self, sought: Sought, bot_id: str) -> Sight:
        cursor: str | None = None
        asked: dict[str, Any] = {
            "channel": sought.channel.id,
            "oldest": f"{sought.since.timestamp():.6f}",
            "include_all_metadata": True,
            "limit": _PAGE,
        }
        for _ in range(_PAGES):
            if sought.thread is None:
                page = await self._client.conversations_history(**asked, cursor=cursor)
            else:
                page = await self._client.conversations_replies(**asked, ts=sought.thread, cursor=cursor)
            for message in page["messages"]:
                if message.get("bot_id") == bot_id and _delivery(message) == sought.uuid:
                    return Found(str(message["ts"]))
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not page.get("has_more") or not cursor:
                return Missing()
        return Unseen("too much was written since")


def _delivery(message: Payload) -> object:
    """Return the uuid that a message carries."""
    metadata = message.get("metadata") or {}
    of_ours = metadata.get("event_type") == METADATA_TYPE
    return (metadata.get("event_payload") or {}).get("delivery") if of_ours else None


def _outcome(error: SlackApiError) -> Outcome:
    code = error_code(error)
    if code in _RATE_LIMITS or status(error) == 429:
        return NotSent("ratelimited", retry_after(error, _WAIT), "workspace")  # the channel's own limit we keep to
    if code in _REFUSED or (status(error) == 401 and code not in _REJECTIONS):
        return NotSent(code, _REFUSED_WAIT, "workspace")
    if code in _REJECTIONS and status(error) < 500:
        return Rejected(code)
    return Unknown(code)


def _named(error: Exception) -> str:
    return type(error).__name__
