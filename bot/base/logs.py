"""Logs: to standard error, one line a record, and no secret in any of them.

The libraries log more than they should: discord.py writes webhook addresses, which are passwords, when it is rate
limited. So what looks like a secret is struck out of every record, and so is what is known to be one.
"""

import json
import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from briefs.errors import ConfigError
from briefs.masking import masked

STRUCK_OUT = "[secret]"
FORMAT = "BRIEFBOT_LOG_FORMAT"
_HOLDS_SECRET = re.compile("(?:TOKEN|SECRET|KEY|PASSWORD)$")  # names of variables of the environment
_SHORTEST = 8  # characters of a secret

_LOOKS_SECRET = re.compile(
    r"""
      xox[a-z](?:\.xox[a-z])?-[\w.-]+                                # Slack: bot, user, refresh and rotated tokens
    | xapp-[\w-]+                                                    # Slack: app-level tokens
    | \b(?:mfa\.[\w-]{20,}|[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,})     # Discord: user, id.time.signature
    | (?<=hooks\.slack\.com/)[^\s"'<>]+                              # Slack: webhooks
    | (?<=/commands/)[^\s"'<>?]+                                     # Slack: response addresses, GovSlack's too
    | (?<=/webhooks/)\d+/[^\s"'<>?/]+                                # Discord: webhooks, answers to interactions
    | (?<=/interactions/)\d+/[^\s"'<>?/]+
    | (?<=token':\ ')[^']+ | (?<=token":\ ")[^"]+ | (?<=token":")[^"]+ # whatever is called so in a payload
    """,
    re.VERBOSE,
)


def secrets_in(environment: Mapping[str, str]) -> list[str]:
    """Return the secrets that an environment holds in variables whose names say so; BRIEFBOT_KEY may hold several.

    What is too short for one is left out: to strike it out would leave holes in words.
    """
    held = (value for name, value in environment.items() if _HOLDS_SECRET.search(name))
    return [secret for value in held for secret in value.split(",") if len(secret) >= _SHORTEST]


def strike_out(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the text without anything that looks like a secret, and without these."""
    for secret in secrets:
        text = text.replace(secret, STRUCK_OUT)
    return masked(_LOOKS_SECRET.sub(STRUCK_OUT, text), STRUCK_OUT)


class Redactor(logging.Filter):
    """Strikes secrets out of messages and tracebacks. Belongs on handlers: those see every logger's records."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if secret)

    def filter(self, record: logging.LogRecord) -> bool:
        """Strike out, and let every record pass."""
        record.msg, record.args = _on_one_line(strike_out(record.getMessage(), self._secrets)), ()
        if record.exc_info:
            # A formatter writes the traceback itself unless it finds it written.
            record.exc_text = strike_out(logging.Formatter().formatException(record.exc_info), self._secrets)
        if record.stack_info:
            record.stack_info = strike_out(record.stack_info, self._secrets)
        return True


_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def _on_one_line(text: str) -> str:
    """Write out what would end a line, move a cursor or turn the direction of writing: strangers' names are logged."""
    return _UNSEEN.sub(lambda found: found.group().encode("unicode_escape", "surrogatepass").decode(), text)


class Seldom:
    """Tells what is worth another line of the log: nothing that was so shorter ago than `every`."""

    def __init__(self, every: timedelta) -> None:
        self._every = every
        self._told: dict[tuple[str, str], datetime] = {}

    def is_news(self, what: str, now: datetime, how: str = "") -> bool:
        """Whether to log it; from then on it is none for a while, unless it is so in another way."""
        self._told = {one: at for one, at in self._told.items() if abs(now - at) < self._every}
        news = (what, how) not in self._told
        self._told.setdefault((what, how), now)
        return news

    def forget(self, what: str) -> None:
        """Let it be news whenever it comes again: it was over."""
        self._told = {one: at for one, at in self._told.items() if one[0] != what}


_about: ContextVar[Mapping[str, int]] = ContextVar("about", default=MappingProxyType({}))


@contextmanager
def about(**ids: int) -> Iterator[None]:
    """Let whatever is logged meanwhile, by whomever, carry these ids: run=12, delivery=34."""
    before = _about.set({**_about.get(), **ids})
    try:
        yield
    finally:
        _about.reset(before)


def set_up(level: str, environment: Mapping[str, str], *, tracebacks: bool = False) -> None:
    """Send every log to standard error, redacted.

    level: "debug", "info", "warning" or "error". tracebacks: whether to write them; without, a record is one line.
    BRIEFBOT_LOG_FORMAT=json in the environment makes each record a JSON object of one line; its `exception` has the
    whole traceback. Raises ConfigError where it is something else.
    """
    form = environment.get(FORMAT, "")
    if form not in ("", "json"):
        raise ConfigError("{variable}={form} is not known: write json, or leave it out", variable=FORMAT, form=form)
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Redactor(secrets_in(environment)))
    handler.setFormatter(_Json() if form else _Lines(tracebacks))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    if level != "debug":
        handler.addFilter(_is_ours_or_warns)


def _is_ours_or_warns(record: logging.LogRecord) -> bool:
    """Let of others' libraries, which talk much, only warnings pass."""
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] in ("bot", "briefs")


class _Lines(logging.Formatter):
    def __init__(self, tracebacks: bool) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S")
        self._tracebacks = tracebacks

    def format(self, record: logging.LogRecord) -> str:
        named = ", ".join(f"{name} {number}" for name, number in _about.get().items())
        plain = logging.makeLogRecord(record.__dict__ | ({"msg": f"{record.msg} [{named}]"} if named else {}))
        if self._tracebacks or record.exc_info is None:
            return super().format(plain)
        # The traceback's last line says what happened; where is for --debug.
        last = (record.exc_text or "").strip().rpartition("\n")[2]
        plain.exc_info = plain.exc_text = None
        return f"{super().format(plain)}: {last}"


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_about.get(),
        }
        if record.exc_text:
            told["exception"] = record.exc_text
        return json.dumps(told, ensure_ascii=False)
