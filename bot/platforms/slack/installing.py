"""Installing the bot in a workspace by Slack's OAuth: Bolt's own flow, over our tables."""

import asyncio
import base64
import hashlib
import hmac
import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from logging import Logger

from slack_bolt.error import BoltError
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.api import SCOPES, sdk_log
from bot.platforms.slack.team import PLATFORM
from briefs.store.idempotency import IdempotencyKeys
from briefs.store.installations import Installation, Installations

_log = logging.getLogger(__name__)

_MINUTES = 10  # that somebody may take to say yes
_STATE = "slack state"

Clock = Callable[[], datetime]


def oauth_flow(
    client: AsyncWebClient,
    client_id: str,
    client_secret: str,
    installations: Installations,
    once: IdempotencyKeys,
    clock: Clock,
) -> AsyncOAuthFlow:
    """Make the flow: `/slack/install` leads to Slack, which leads back to `/slack/oauth_redirect`.

    client: one without a token.
    """
    settings = AsyncOAuthSettings(
        client_id=client_id,
        client_secret=client_secret,
        scopes=SCOPES,
        install_page_rendering_enabled=False,
        installation_store=_Kept(client, installations, clock),
        state_store=_States(client_secret, once, clock),
        state_expiration_seconds=60 * _MINUTES,
        logger=sdk_log,
    )
    return AsyncOAuthFlow(client=client, settings=settings, logger=sdk_log)


class _Kept(AsyncInstallationStore):
    """Where the flow puts an installation. It is asked for elsewhere: see `team.Teams`."""

    def __init__(self, client: AsyncWebClient, installations: Installations, clock: Clock) -> None:
        self._client, self._installations, self._clock = client, installations, clock

    @property
    def logger(self) -> Logger:
        return sdk_log

    async def async_save(self, installation: SlackInstallation) -> None:
        """Keep what came of an installation. Raises BoltError, which the flow shows, where it cannot be served."""
        token, team_id = installation.bot_token, installation.team_id
        if installation.is_enterprise_install or not token or not team_id:
            raise _refused("install it in one workspace: organisation-wide installations are not served")
        if installation.bot_refresh_token:
            raise _refused("the Slack app rotates tokens: turn token rotation off in its settings")
        told = await self._client.auth_test(token=token)
        made = Installation(
            platform=PLATFORM,
            workspace=team_id,
            token=token,
            bot_id=str(told["bot_id"]),
            bot_user=str(told["user_id"]),
            name=installation.team_name,
            site=told.get("url"),
            by=installation.user_id,
        )
        await asyncio.to_thread(self._installations.keep, made, self._clock())
        _log.info("installed in Slack's workspace %s (%s)", team_id, installation.team_name)


class _States(AsyncOAuthStateStore):
    """The states of the flow, each good once: an answer from Slack that nobody here asked for is refused.

    A state is our signature of an instant, so that nothing is kept for who only asks for the page.
    """

    def __init__(self, secret: str, once: IdempotencyKeys, clock: Clock) -> None:
        self._key = hashlib.sha256(f"{_STATE} {secret}".encode()).digest()
        self._once, self._clock = once, clock

    @property
    def logger(self) -> Logger:
        return sdk_log

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        """Return a new state."""
        return self._signed(f"{int(self._clock().timestamp())}.{secrets.token_urlsafe(16)}")

    async def async_consume(self, state: str) -> bool:
        """Use a state up; False where it was never given, has been used, or is too old."""
        said, _, _ = state.rpartition(".")
        if not hmac.compare_digest(self._signed(said).encode(), state.encode("utf-8", "replace")):
            return False
        ends = datetime.fromtimestamp(int(said.partition(".")[0]), UTC) + timedelta(minutes=_MINUTES)
        return self._clock() < ends and await asyncio.to_thread(self._once.note, _STATE, state, ends)

    def _signed(self, said: str) -> str:
        digest = hmac.digest(self._key, said.encode("utf-8", "replace"), "sha256")
        return f"{said}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def _refused(why: str) -> BoltError:
    _log.error("an installation in Slack was refused: %s", why)
    return BoltError(why)
