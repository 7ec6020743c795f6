"""Slack's Web API as this bot uses it: a client that never repeats a request, and its errors."""

import logging
from collections.abc import Awaitable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from briefs.errors import ConfigError, Unreachable

API_URL = "https://slack.com/api/"
DEADLINE = 15  # seconds for any one request

# What the bot asks for, and what it does with it.
SCOPES = (
    "app_mentions:read",  # @briefbot …
    "channels:history",  # whether a digest whose answer was lost has arrived, in public channels
    "channels:read",  # whether the bot is in a public channel
    "chat:write",  # digests and answers
    "commands",  # /brief
    "files:read",  # a list of feeds that somebody drops
    "files:write",  # and the same back
    "groups:history",  # the same two in private channels
    "groups:read",
    "im:history",  # and in conversations with the bot, where people write to it without a command
    "im:read",
    "users:read",  # the language and name of the asker
)

sdk_log = logging.getLogger("bot.platforms.slack.sdk")
# Below this level the SDK logs whole requests, and a line for every reconnection.
sdk_log.setLevel(logging.ERROR)


def web_client(token: str, api_url: str = API_URL) -> AsyncWebClient:
    """Return a client that makes every request once.

    The SDK's own retries post a message twice when the first answer is lost, so it gets none.
    """
    return AsyncWebClient(token=token, base_url=api_url, timeout=DEADLINE, retry_handlers=[], logger=sdk_log)


# What a request may raise besides `SlackApiError`: no connection, a lost one, no answer in time. AttributeError and
# ValueError are what the SDK makes of an answer that is not Slack's (a proxy's page, say).
NETWORK_ERRORS = (aiohttp.ClientError, TimeoutError, OSError, AttributeError, ValueError)


ERRORS = (SlackApiError, *NETWORK_ERRORS)

# Slack's own trouble, said with HTTP 200: of what was asked for all may have happened, some of it, or nothing.
OUT_OF_ORDER = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}


def error_code(error: Exception) -> str:
    """Return Slack's name of an error, or what is known of an answer that is not Slack's, or of none."""
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return str(code) if code else f"HTTP {status(error)}"


def status(error: SlackApiError) -> int:
    """Return the HTTP status that came with an error; 0 where none is known."""
    known = getattr(error.response, "status_code", None) or getattr(error.response, "status", None)
    return int(known or 0)


def leaves_open(error: Exception) -> bool:
    """Whether nobody knows if what was asked for has happened: Slack has not said that it refuses it."""
    return not isinstance(error, SlackApiError) or status(error) >= 500 or error_code(error) in OUT_OF_ORDER


def retry_after(error: SlackApiError, otherwise: float) -> float:
    """Return the seconds that Slack asks to wait."""
    headers = getattr(error.response, "headers", None) or {}
    try:
        return max(0.0, float(headers.get("Retry-After", otherwise)))
    except ValueError:
        return otherwise


async def told(variable: str, request: Awaitable[Any]) -> Any:
    """Await a request; say what is wrong in the words of who set the bot up.

    variable: the setting of the token that the request goes out with.
    """
    try:
        return await request
    except SlackApiError as error:
        code = error_code(error)
        if leaves_open(error) or code == "ratelimited":
            raise Unreachable("Slack does not answer ({reason}): try again later.", reason=code) from error
        raise ConfigError(
            "Slack refuses the token in {variable} ({code}): copy it again from the app's settings.",
            variable=variable,
            code=code,
        ) from error
    except NETWORK_ERRORS as error:
        raise Unreachable(
            "Slack cannot be reached ({reason}): check the network and the proxy.", reason=type(error).__name__
        ) from error
