"""What people do in Slack → the desk → what they see.

envelope ── acknowledged at once ──→ Asked ──→ desk ──→ Reply ──→ blocks ──┬── private: response_url or ephemeral
(slash command, mention, button)                                          └── public: the channel and a thread
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from html import unescape
from typing import Any, get_args

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.answers import Answers, Where
from bot.adapters.slack.api import API_URL, NETWORK_ERRORS, SCOPES, error_code, sdk_log, web_client
from bot.adapters.slack.connection import Connection
from bot.adapters.slack.transport import SlackTransport
from bot.adapters.slack.workspace import Room, Workspace
from bot.commands import Asked, Desk, Place
from bot.reply import Action, Reply
from briefs.errors import BriefsError, ConfigError, Unreachable
from briefs.models import Channel

_log = logging.getLogger(__name__)

_PLATFORM = "slack"
_REMEMBERED = 500  # commands; beyond that, and between processes, the desk knows what was done
_LAST_WORDS = 5.0  # seconds for commands in hand when the bot stops
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>\s*")
_PERSON = re.compile(r"<@[A-Z0-9]+\|([^>]*)>")
_LINK = re.compile(r"<(?:(?:https?://|mailto:)[^|>]*\|([^>]*)|((?:https?://|mailto:)[^|>]*))>")

_Work = Callable[[Asked], Awaitable[Reply]]


class SlackAdapter:
    """The bot in one Slack workspace, by Socket Mode.

    transport: posts digests; usable before `start`, as it needs no connection.
    """

    platform = _PLATFORM

    def __init__(
        self,
        desk: Desk,
        *,
        bot_token: str,
        app_token: str,
        command: str = "brief",
        api_url: str = API_URL,
        admins_only: bool = False,
    ) -> None:
        """Answer for a desk.

        command: the root command, as the Slack app has it. admins_only: only the workspace's admins may change what
        channels subscribe to; else everybody in the channel may.
        """
        self._desk = desk
        self._bot_token, self._app_token = bot_token, app_token
        self._command = command
        self._admins_only = admins_only
        self._client = web_client(bot_token, api_url)
        self._workspace = Workspace(self._client)
        self._identity: AuthorizeResult | None = None
        self._missing: list[str] = []
        self._connection: Connection | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._in_hand: set[asyncio.Task[Any]] = set()
        self._served: deque[str] = deque(maxlen=_REMEMBERED)
        self.transport = SlackTransport(self._client)
        self._answers = Answers(self._client, self.transport)

    # ------------------------------------------------------------ life

    async def start(self) -> None:
        """Connect; where Slack cannot be reached, go on trying in the background.

        Raises `ConfigError`, one line that names the token at fault, where Slack will not have it.
        """
        connection = Connection(self._app(), self._client, self._app_token)
        try:
            await self._checked()
            if self._missing:
                _log.warning("%s", _lacking(self._missing))
            await _told("SLACK_APP_TOKEN", connection.open())
        except Unreachable as error:
            _log.warning("%s", error)
        self._connection = connection
        self._keeper = asyncio.create_task(connection.keep(), name="slack connection")

    async def stop(self) -> None:
        """Finish the commands in hand, for a few seconds at most, and disconnect."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=_LAST_WORDS)
        if self._connection is not None:
            await self._connection.close()

    async def problem(self) -> str | None:
        """Say in one line what keeps the bot from working in Slack; None: nothing does."""
        try:
            await self._checked()
            await _told("SLACK_APP_TOKEN", self._client.apps_connections_open(app_token=self._app_token))
        except BriefsError as error:
            return str(error)
        return str(_lacking(self._missing)) if self._missing else None

    async def _checked(self) -> AuthorizeResult:
        if not self._bot_token.startswith("xoxb-"):
            raise ConfigError("SLACK_BOT_TOKEN must begin with xoxb-: take the bot token of OAuth & Permissions.")
        if not self._app_token.startswith("xapp-"):
            raise ConfigError("SLACK_APP_TOKEN must begin with xapp-: take the app-level token of Basic Information.")
        answer = await _told("SLACK_BOT_TOKEN", self._client.auth_test())
        self._identity = AuthorizeResult.from_auth_test_response(bot_token=self._bot_token, auth_test_response=answer)
        self.transport.site = answer.get("url") or ""
        granted = answer.headers.get("x-oauth-scopes")
        self._missing = sorted(set(SCOPES) - set(re.split(r"[,\s]+", granted))) if granted else []
        return self._identity

    def _app(self) -> AsyncApp:
        async def authorize() -> AuthorizeResult:
            return self._identity or await self._checked()

        # A client without the token: with both, Bolt would warn that it does not use one of them.
        bare = AsyncWebClient(base_url=self._client.base_url, retry_handlers=[], logger=sdk_log)
        app = AsyncApp(name="briefbot", client=bare, authorize=authorize, logger=sdk_log)
        app.command(f"/{self._command}")(self._on_command)
        app.event("app_mention")(self._on_mention)
        app.event("message")(self._on_message)
        app.action(re.compile(rf"^({'|'.join(get_args(Action))})\.\d+$"))(self._on_button)
        return app

    # ------------------------------------------------------------ what people do

    async def _on_command(self, ack: Callable[[], Awaitable[None]], body: dict[str, Any]) -> None:
        await ack()
        where = Where(
            body["channel_id"], body["user_id"], body["team_id"], body["trigger_id"], body.get("response_url")
        )
        text = _typed(body.get("text") or "")
        await self._serve(where, lambda asked: self._desk.text(asked, text))

    async def _on_mention(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        # Bolt has acknowledged it: an event is, before its listener runs.
        where = Where(event["channel"], event["user"], body["team_id"], body["event_id"], thread=event.get("thread_ts"))
        text = _typed(_MENTION.sub("", event.get("text") or "", count=1))
        await self._serve(where, lambda asked: self._desk.text(asked, text))

    async def _on_message(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        # Edits and deletions have subtypes; what is written in channels is none of the bot's business.
        if event.get("channel_type") == "im" and "subtype" not in event and "bot_id" not in event:
            await self._on_mention(event, body)

    async def _on_button(self, ack: Callable[[], Awaitable[None]], body: dict[str, Any]) -> None:
        await ack()
        pressed = body["actions"][0]
        action: Action = pressed["action_id"].partition(".")[0]
        where = Where(
            body["container"]["channel_id"],
            body["user"]["id"],
            body["team"]["id"],
            body["trigger_id"],
            body.get("response_url"),
            body["container"].get("thread_ts"),
        )
        value = unescape(pressed.get("value") or "")
        await self._serve(where, lambda asked: self._desk.press(asked, action, value))

    async def _serve(self, where: Where, work: _Work) -> None:
        """Ask the desk, and answer."""
        if where.trigger in self._served:
            return  # Slack missed an acknowledgement and hands it over again; the first one is being answered
        self._served.append(where.trigger)
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine always runs in one
        self._in_hand.add(task)
        try:
            person, room = await asyncio.gather(self._workspace.person(where.user), self._workspace.room(where.channel))
            asked = Asked(
                channel=Channel(_PLATFORM, where.team, where.channel),
                user=where.user,
                locale=person.locale,
                may_manage=person.is_admin or not self._admins_only,
                trigger=f"{where.team}:{where.trigger}",
                channel_name=room.name,
                reachable=room.reachable,
                find=lambda typed: self._find(typed, where),
                user_name=person.name,
            )
            await self._answers.give(where, await work(asked))
        finally:
            self._in_hand.discard(task)

    async def _find(self, typed: str, where: Where) -> Place | None:
        room = await self._workspace.find(typed, where.user)
        if room is None:
            return None
        return Place(
            channel=Channel(_PLATFORM, where.team, room.id),
            name=room.name or room.id,
            may_manage=await self._may_manage(room, where.user),
            reachable=room.reachable,
        )

    async def _may_manage(self, room: Room, user: str) -> bool:
        if self._admins_only:
            return (await self._workspace.person(user)).is_admin
        return await self._workspace.is_member(room.id, user)


async def _told(variable: str, request: Awaitable[Any]) -> Any:
    """Await a request; say what is wrong in the words of who set the bot up.

    variable: the setting of the token that the request goes out with.
    """
    try:
        return await request
    except SlackApiError as error:
        code = error_code(error)
        if code.startswith("HTTP 5") or code in {"ratelimited", "fatal_error", "internal_error", "request_timeout"}:
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


def _lacking(scopes: Iterable[str]) -> ConfigError:
    return ConfigError(
        "The Slack app lacks {scopes}: add that under OAuth & Permissions and install the app again.",
        scopes=" ".join(scopes),
    )


def _typed(text: str) -> str:
    """Give what a person typed: Slack's marks for links and people and its escapes are undone; channels keep theirs."""
    text = _PERSON.sub(r"@\1", text)
    return unescape(_LINK.sub(lambda match: match[1] or match[2], text)).strip()
