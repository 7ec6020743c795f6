"""Logs: to standard error, one line a record, and no secret in any of them.

The libraries log more than they should: discord.py writes webhook addresses, which are passwords, when it is rate
limited. So what looks like a secret is struck out of every record, and so is what is known to be one.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, Mapping

STRUCK_OUT = "[secret]"
SECRETS = (  # the variables of the environment that hold them
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_CLIENT_SECRET",
    "SLACK_SIGNING_SECRET",
    "DISCORD_TOKEN",
    "BRIEFBOT_KEY",
)

_LOOKS_SECRET = re.compile(
    r"""
      xox[a-z](?:\.xox[a-z])?-[\w.-]+                                # Slack: bot, user, refresh and rotated tokens
    | xapp-[\w-]+                                                    # Slack: app-level tokens
    | \b(?:mfa\.[\w-]{20,}|[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,})     # Discord: user, id.time.signature
    | (?<=hooks\.slack\.com/)[^\s"'<>]+                              # Slack: webhooks, response addresses
    | (?<=/webhooks/)\d+/[^\s"'<>?/]+                                # Discord: webhooks, answers to interactions
    | (?<=/interactions/)\d+/[^\s"'<>?/]+
    | (?<=ticket=)[^\s"'<>&]+                                        # Slack: the address of a Socket Mode connection
    | (?<=://)[^\s"'<>/@:]+:[^\s"'<>/@]+(?=@)                        # user and password in an address
    """,
    re.VERBOSE,
)


def secrets_in(environment: Mapping[str, str]) -> list[str]:
    """Give the secrets that an environment holds; BRIEFBOT_KEY may hold several."""
    return [secret for name in SECRETS for secret in environment.get(name, "").split(",") if secret.strip()]


def strike_out(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the text without anything that looks like a secret, and without these."""
    for secret in secrets:
        text = text.replace(secret, STRUCK_OUT)
    return _LOOKS_SECRET.sub(STRUCK_OUT, text)


class Redactor(logging.Filter):
    """Strikes secrets out of messages and tracebacks. Belongs on handlers: those see every logger's records."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if secret)

    def filter(self, record: logging.LogRecord) -> bool:
        """Strike out, and let every record pass."""
        record.msg, record.args = strike_out(record.getMessage(), self._secrets), ()
        if record.exc_info:
            # A formatter writes the traceback itself unless it finds it written.
            record.exc_text = strike_out(logging.Formatter().formatException(record.exc_info), self._secrets)
        if record.stack_info:
            record.stack_info = strike_out(record.stack_info, self._secrets)
        return True


def set_up(level: str, environment: Mapping[str, str], *, tracebacks: bool = False) -> None:
    """Send every log to standard error, redacted.

    level: "debug", "info", "warning" or "error". tracebacks: whether to write them; without, a record is one line.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Redactor(secrets_in(environment)))
    handler.setFormatter(_Lines(tracebacks))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    if level != "debug":
        for talkative in ("httpx", "slack_sdk", "slack_bolt", "discord", "alembic", "trafilatura", "pypdf"):
            logging.getLogger(talkative).setLevel(logging.WARNING)


class _Lines(logging.Formatter):
    def __init__(self, tracebacks: bool) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S")
        self._tracebacks = tracebacks

    def format(self, record: logging.LogRecord) -> str:
        if self._tracebacks or record.exc_info is None:
            return super().format(record)
        # The traceback's last line says what happened; where is for --debug.
        last = (record.exc_text or "").strip().rpartition("\n")[2]
        plain = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None})
        return f"{super().format(plain)}: {last}"
