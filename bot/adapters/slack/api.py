"""Slack's Web API as this bot uses it: a client that never repeats a request, its errors, and a log without secrets."""

from __future__ import annotations

import logging
import re

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
    "users:read",  # the language of the asker
)

# A bot or app token, an address that lets anybody connect or answer in its place.
_SECRET = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|(?<=ticket=)[^\s&'\"]+|(?<=://hooks\.slack\.com)/[^\s'\"]+")


_FORMATTER = logging.Formatter()


class WithoutSecrets(logging.Filter):
    """Keeps secrets out of what the SDK logs, tracebacks included."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite every record; let all pass."""
        record.msg = _SECRET.sub("…", record.getMessage())
        record.args = ()
        if record.exc_info:
            record.exc_text = _SECRET.sub("…", _FORMATTER.formatException(record.exc_info))
            record.exc_info = None  # a handler that formats it anew would bring them back
        return True


sdk_log = logging.getLogger("bot.adapters.slack.sdk")
sdk_log.addFilter(WithoutSecrets())
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
