"""The bot in one Slack workspace, by Socket Mode: no address that Slack would have to reach."""

import asyncio
import logging
import re
from collections.abc import Iterable
from datetime import datetime

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands import Dispatcher
from bot.platforms.slack.api import API_URL, SCOPES, sdk_log, told, web_client
from bot.platforms.slack.connection import Connection
from bot.platforms.slack.listening import Listening
from bot.platforms.slack.team import PLATFORM, Team
from briefs.errors import BriefsError, ConfigError, Unreachable

_log = logging.getLogger(__name__)


class SlackAdapter:
    """The bot in one Slack workspace, by Socket Mode.

    transport: posts digests; usable before `start`, as it needs no connection.
    """

    platform = PLATFORM

    def __init__(
        self,
        dispatcher: Dispatcher,
        *,
        bot_token: str,
        app_token: str,
        command: str = "brief",
        api_url: str = API_URL,
        admins_only: bool = False,
    ) -> None:
        """Answer for a dispatcher.

        command: the root command, as the Slack app has it. admins_only: only the workspace's admins may change what
        channels subscribe to; else everybody in the channel may.
        """
        self._bot_token, self._app_token = bot_token, app_token
        self._team = Team(web_client(bot_token, api_url))
        self._dispatcher = dispatcher
        self._listening = Listening(dispatcher, self._team_of, self._removed, command=command, admins_only=admins_only)
        self._identity: AuthorizeResult | None = None
        self._missing: list[str] = []
        self._connection: Connection | None = None
        self._keeper: asyncio.Task[None] | None = None
        self.transport = self._team.transport

    async def start(self) -> None:
        """Connect; where Slack cannot be reached, go on trying in the background.

        Raises `ConfigError`, one line that names the token at fault, where Slack will not have it.
        """
        connection = Connection(self._app(), self._team.client, self._app_token)
        try:
            await self._checked()
            if self._missing:
                _log.warning("%s", _lacking(self._missing))
            await told("SLACK_APP_TOKEN", connection.open())
        except Unreachable as error:
            _log.warning("%s", error)
        self._connection = connection
        self._keeper = asyncio.create_task(connection.keep(), name="slack connection")

    async def stop(self) -> None:
        """Finish the commands in hand, for a few seconds at most, and disconnect."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        await self._listening.finish()
        if self._connection is not None:
            await self._connection.close()

    async def problem(self) -> str | None:
        """Say in one line what keeps the bot from working in Slack; None: nothing does."""
        try:
            await self._checked()
            await told("SLACK_APP_TOKEN", self._team.client.apps_connections_open(app_token=self._app_token))
        except BriefsError as error:
            return str(error)
        return str(_lacking(self._missing)) if self._missing else None

    async def _checked(self) -> AuthorizeResult:
        if not self._bot_token.startswith("xoxb-"):
            raise ConfigError("SLACK_BOT_TOKEN must begin with xoxb-: take the bot token of OAuth & Permissions.")
        if not self._app_token.startswith("xapp-"):
            raise ConfigError("SLACK_APP_TOKEN must begin with xapp-: take the app-level token of Basic Information.")
        answer = await told("SLACK_BOT_TOKEN", self._team.client.auth_test())
        self._identity = AuthorizeResult.from_auth_test_response(bot_token=self._bot_token, auth_test_response=answer)
        self.transport.site = answer.get("url") or ""
        granted = answer.headers.get("x-oauth-scopes")
        self._missing = sorted(set(SCOPES) - set(re.split(r"[,\s]+", granted))) if granted else []
        self._team.readable = not {"channels:history", "groups:history"} & set(self._missing)
        return self._identity

    async def _team_of(self, team_id: str) -> Team | None:
        identity = self._identity or await self._checked()
        return self._team if team_id == identity.team_id else None

    async def _removed(self, team_id: str, because: str, at: datetime) -> None:
        await self._dispatcher.removed(PLATFORM, team_id, because)

    def _app(self) -> AsyncApp:
        async def authorize() -> AuthorizeResult:
            return self._identity or await self._checked()

        # A client without the token: with both, Bolt would warn that it does not use one of them.
        bare = AsyncWebClient(base_url=self._team.client.base_url, retry_handlers=[], logger=sdk_log)
        app = AsyncApp(name="briefbot", client=bare, authorize=authorize, logger=sdk_log)
        self._listening.listen(app)
        return app


def _lacking(scopes: Iterable[str]) -> ConfigError:
    return ConfigError(
        "The Slack app lacks {scopes}: add that under OAuth & Permissions and install the app again.",
        scopes=" ".join(scopes),
    )
