"""Slack's Web API as this bot uses it: a client that never repeats a request, and its errors."""

from __future__ import annotations

import logging

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

API_URL = "https://slack.com/api/"
DEADLINE = 15  # seconds for any one request

# What the bot asks for, and what it does with it.
SCOPES = (
    "app_mentions:read",  # @briefbot …
    "channels:history",  # whether a digest whose answer was lost has arrived, in public channels
    "channels:read",  # whether the bot is in a public channel
    "chat:write",  # digests and answers
    "commands",  # /brief
    "groups:history",  # the same two in private channels
    "groups:read",
    "im:history",  # and in conversations with the bot, where people write to it without a command
    "im:read",
    "users:read",  # the language and name of the asker
)

sdk_log = logging.getLogger("bot.adapters.slack.sdk")
# Below this level the SDK logs whole requests, and a line for every reconnection.
sdk_log.setLevel(logging.ERROR)


def web_client(token: str, api_url: str = API_URL) -> AsyncWebClient:
    """Give a client that makes every request once.

    The SDK's own retries post a message twice when the first answer is lost, so it gets none.
    """
    return AsyncWebClient(token=token, base_url=api_url, timeout=DEADLINE, retry_handlers=[], logger=sdk_log)


# What a request may raise besides `SlackApiError`: no connection, a lost one, no answer in time. AttributeError and
# ValueError are what the SDK makes of an answer that is not Slack's (a proxy's page, say).
NETWORK_ERRORS = (aiohttp.ClientError, TimeoutError, OSError, AttributeError, ValueError)


def error_code(error: SlackApiError) -> str:
    """Give Slack's name of an error, or what is known of an answer that is not Slack's."""
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return str(code) if code else f"HTTP {status(error)}"


def status(error: SlackApiError) -> int:
    """Give the HTTP status that came with an error; 0 where none is known."""
    known = getattr(error.response, "status_code", None) or getattr(error.response, "status", None)
    return int(known or 0)


def retry_after(error: SlackApiError, otherwise: float) -> float:
    """Give the seconds that Slack asks to wait."""
    headers = getattr(error.response, "headers", None) or {}
    try:
        return max(0.0, float(headers.get("Retry-After", otherwise)))
    except ValueError:
        return otherwise
