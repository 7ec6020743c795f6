"""One Socket Mode connection, opened and kept open.

The SDK follows Slack's announced reconnections. What it does with lost ones it is not let do: it would ask the same
expired address for ever and log a traceback each time. Here every attempt gets a fresh address, and waits longer after
each failure.
"""

import asyncio
import logging
import random

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.api import error_code, sdk_log

_log = logging.getLogger(__name__)

_PING = 10.0  # seconds; four without an answer mean that the connection is stale
_DEADLINE = 15.0  # seconds to open a connection
_LOOK = 0.5  # seconds between looks at the connection
_GRACE = 20.0  # seconds for a reconnection that the SDK makes by itself
_SETTLED = 60.0  # seconds after which a connection counts as a good one; those lost sooner are failures
_LONGEST = 120.0  # seconds between attempts, at most


class Connection:
    """Keeps a Bolt app connected to Slack.

    `open` makes the first connection or raises; `keep` replaces it whenever it is lost, until it is cancelled;
    `close` ends it.
    """

    def __init__(self, app: AsyncApp, client: AsyncWebClient, app_token: str) -> None:
        self._app, self._client, self._app_token = app, client, app_token
        self._handler: AsyncSocketModeHandler | None = None

    async def open(self) -> None:
        """Connect, once; raise `SlackApiError` or one of `api.NETWORK_ERRORS` where that fails."""
        await self.close()
        answer = await self._client.apps_connections_open(app_token=self._app_token)
        handler = AsyncSocketModeHandler(
            self._app, self._app_token, logger=sdk_log, web_client=self._client, ping_interval=_PING
        )
        handler.client.wss_uri = answer["url"]
        handler.client.default_auto_reconnect_enabled = False
        try:
            async with asyncio.timeout(_DEADLINE):
                await handler.connect_async()  # type: ignore[no-untyped-call]
        except BaseException:  # cancelled or late: its tasks and sockets must not stay
            await handler.close_async()  # type: ignore[no-untyped-call]
            raise
        self._handler = handler

    async def keep(self) -> None:
        """Connect again whenever the connection is lost, with pauses that grow while it fails."""
        pause = 0.0
        now = asyncio.get_running_loop().time
        while True:
            if self._handler is not None:
                since = now()
                await self._lost(self._handler)
                _log.warning("the connection to Slack is lost; connecting again")
                await self.close()
                if now() - since > _SETTLED:
                    pause = 0.0
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311  # many bots do not come back at once
            try:
                await self.open()
                _log.info("connected to Slack")
            except SlackApiError as error:
                _log.error("Slack refuses the connection: %s", error_code(error))
            except Exception as error:  # were this loop to end, the bot would be deaf until somebody noticed
                _log.warning("Slack cannot be reached: %s", type(error).__name__)
            pause = min(_LONGEST, max(1.0, pause * 2))

    async def close(self) -> None:
        """End the connection; nothing happens where there is none."""
        handler, self._handler = self._handler, None
        if handler is not None:
            await handler.close_async()  # type: ignore[no-untyped-call]

    async def _lost(self, handler: AsyncSocketModeHandler) -> None:
        missing = 0.0
        # While the SDK holds its lock it is following a reconnection that Slack announced.
        while missing == 0 or (handler.client.connect_operation_lock.locked() and missing < _GRACE):
            await asyncio.sleep(_LOOK)
            missing = 0.0 if await handler.client.is_connected() else missing + _LOOK
