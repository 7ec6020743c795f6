"""The bot in every Slack workspace that installs it, by HTTP: Slack calls, we answer.

    GET  /slack/install          → Slack, which asks whoever came whether they want the bot
    GET  /slack/oauth_redirect   ← Slack, with their yes → the workspace's token, kept sealed
    POST /slack/events           commands, buttons and events of all workspaces

What is posted counts when it is signed by Slack over its very bytes, within five minutes, and once.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import Clock as SdkClock
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands import Dispatcher
from bot.delivery.group_commit import GroupCommit
from bot.platforms.slack.api import API_URL, DEADLINE, NETWORK_ERRORS, sdk_log, told
from bot.platforms.slack.installing import oauth_flow
from bot.platforms.slack.listening import Listening
from bot.platforms.slack.team import PLATFORM, Teams, TeamsTransport
from briefs.errors import BriefsError
from briefs.store.idempotency import IdempotencyKeys
from briefs.store.installations import Installations

EVENTS, INSTALL, REDIRECT = "/slack/events", "/slack/install", "/slack/oauth_redirect"

_log = logging.getLogger(__name__)

# In English: who asks in which language is told by the workspace, which cannot be asked.
_NOT_HERE = "I cannot answer in this workspace just now. If this goes on, ask who runs me, or install me here again."
_SIGNED = ("X-Slack-Signature", "X-Slack-Request-Timestamp")
_READ_SECONDS = 10.0  # that a request may take to arrive
_REMEMBERED = timedelta(minutes=11)  # longer than a signature is good for, before and after its time


class SlackHttpAdapter:
    """The bot in many Slack workspaces.

    transport: posts digests; usable before `start`.
    """

    platform = PLATFORM

    def __init__(
        self,
        dispatcher: Dispatcher,
        installations: Installations,
        once: IdempotencyKeys,
        *,
        client_id: str,
        client_secret: str,
        signing_secret: str,
        clock: Callable[[], datetime],
        command: str = "brief",
        api_url: str = API_URL,
        admins_only: bool = False,
    ) -> None:
        """Answer for a dispatcher; the last three are those of `SlackAdapter`."""
        self._dispatcher, self._installations, self._clock = dispatcher, installations, clock
        self._note = GroupCommit(once.note_all)  # Slack waits for it
        self._teams = Teams(installations, api_url)
        self._verifier = SignatureVerifier(signing_secret, _Seconds(clock))
        self._listening = Listening(dispatcher, self._teams.of, self._removed, command=command, admins_only=admins_only)
        # Without a token: each request gets that of its workspace.
        bare = AsyncWebClient(base_url=api_url, timeout=DEADLINE, retry_handlers=[], logger=sdk_log)
        self._flow = oauth_flow(bare, client_id, client_secret, installations, once, clock)
        self._app = AsyncApp(
            name="briefbot",
            client=bare,
            authorize=_Authorize(self._teams),  # type: ignore[arg-type]  # Bolt takes these too
            oauth_flow=self._flow,
            user_facing_authorize_error_message=_NOT_HERE,
            request_verification_enabled=False,  # done in `_events`: what is not signed must leave no trace
            logger=sdk_log,
        )
        self._listening.listen(self._app)
        self.transport = TeamsTransport(self._teams)

    async def start(self) -> None:
        """Make sure that the tokens can be opened; Slack calls us, so there is nothing to connect."""
        try:
            await asyncio.to_thread(self._installations.reseal, PLATFORM)
        except BriefsError as error:
            _log.error("%s", error)  # the other workspaces are served
        installed = await asyncio.to_thread(self._installations.workspaces, PLATFORM)
        _log.info("installed in %d of Slack's workspaces; others are added at %s", len(installed), INSTALL)

    async def stop(self) -> None:
        """Finish the commands in hand, for a few seconds at most."""
        await self._listening.finish()

    async def problem(self) -> str | None:
        """Say in one line what keeps the bot from working in the first workspace that it does not; None: nothing."""
        for workspace in await asyncio.to_thread(self._installations.workspaces, PLATFORM):
            try:
                team = await self._teams.of(workspace)
                if team is not None:
                    await told(f"the installation of {workspace}", team.client.auth_test())
            except BriefsError as error:
                return str(error)
        return None

    def routes(self) -> Sequence[web.RouteDef]:
        """Return what Slack, and who installs the bot, ask for."""
        return [web.post(EVENTS, self._events), web.get(INSTALL, self._install), web.get(REDIRECT, self._redirect)]

    # ------------------------------------------------------------ what is asked

    async def _events(self, request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(_READ_SECONDS):
                body = await request.read()
        except (TimeoutError, ConnectionError):  # it does not arrive, or nobody waits for an answer
            return web.Response(status=408)
        if not self._is_signed(body, request):
            return web.Response(status=401, text="not signed by Slack")
        # By what is signed: whoever hears a request can write other headers to it.
        signed = f"{request.headers['X-Slack-Request-Timestamp']} {hashlib.sha256(body).hexdigest()}"
        try:
            is_new = await self._note(("slack request", signed, self._clock() + _REMEMBERED))
        except BriefsError as error:
            _log.error("a request from Slack could not be taken: %s", error)
            return web.Response(status=503)
        if not is_new:
            _log.warning("a request that was carried out already came again and is left out")
            return web.Response()
        try:
            asked = AsyncBoltRequest(body=body.decode(), query=request.query_string, headers=dict(request.headers))
            return await to_aiohttp_response(await self._app.async_dispatch(asked))
        except Exception:  # Bolt reads it before it looks: whatever its shape is, it costs itself alone
            _log.warning("a signed request of a shape that is not Slack's is left out", exc_info=True)
            return web.Response(status=400)

    def _is_signed(self, body: bytes, request: web.Request) -> bool:
        if any(len(request.headers.getall(name, [])) != 1 for name in _SIGNED):
            return False
        try:
            return self._verifier.is_valid_request(body, request.headers)
        except (ValueError, OverflowError, TypeError):  # a time that is no number, bytes that are no text, …
            return False

    async def _install(self, request: web.Request) -> web.Response:
        return await to_aiohttp_response(await self._flow.handle_installation(await to_bolt_request(request)))

    async def _redirect(self, request: web.Request) -> web.Response:
        try:
            return await to_aiohttp_response(await self._flow.handle_callback(await to_bolt_request(request)))
        except NETWORK_ERRORS as error:
            _log.warning("an installation failed: Slack cannot be reached (%s)", type(error).__name__)
            return web.Response(status=502, text=f"Slack cannot be reached just now: try again at {INSTALL}")

    async def _removed(self, team_id: str, because: str, at: datetime) -> None:
        # Slack's clock knows seconds; the installation that ends may be of the same one.
        until = at + timedelta(seconds=1)
        if await asyncio.to_thread(self._installations.end, PLATFORM, team_id, because, until):
            await self._dispatcher.removed(PLATFORM, team_id, because)


class _Authorize(AsyncAuthorize):
    """Says in whose name a request is served: without asking Slack, which has signed it."""

    def __init__(self, teams: Teams) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._teams = teams

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_: str | None,
    ) -> AuthorizeResult | None:
        """Return the bot's identity in the request's workspace; None: it is not installed there, or cannot be told."""
        try:
            return await self._teams.identity(team_id) if isinstance(team_id, str) else None
        except BriefsError as error:
            _log.error("workspace %s is not served: %s", team_id, error)
            return None


class _Seconds(SdkClock):
    """Our clock, as the SDK reads one."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    def now(self) -> float:
        """Return seconds since 1970."""
        return self._clock().timestamp()
