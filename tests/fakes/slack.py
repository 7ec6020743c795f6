"""A Slack of our own on a loopback port: the Web API and Socket Mode, as far as the bot uses them.

    async with FakeSlack() as fake:
        … a bot talks to fake.api_url with fake.bot_token and fake.app_token …
        shown = await fake.slash("/brief", "tencent")        # as a person would; what that person then sees
        await fake.press(shown[0], "Share to channel")

By HTTP instead, and in several workspaces: `fake.calls_at = "http://127.0.0.1:PORT/slack/events"`,
`fake.add_workspace`, `fake.agree` (to an installation), and `team=` in whatever people do.

Bodies are checked against Slack's limits (slack_limits), errors have Slack's names, every change that people would see
stands in `fake.ledger`, and `fake.fail_next` lets any method go wrong. "@@response_url" is the method of answers to a
command's own address.
"""

from __future__ import annotations

import asyncio
import hmac
import html
import json
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import ClientSession, WSMsgType, web

from tests.fakes.ledger import FaultScript
from tests.fakes.slack_workspace import FakeWorkspace, Json, RefusedError, Shown

RESPONSE_URL = "@@response_url"
_PATIENCE = 60.0  # seconds that a player waits for an answer, on a machine that is busy
_QUIET = 0.03  # seconds without anything new, after which an answer counts as whole


@dataclass(frozen=True)
class Ack:
    """An acknowledged envelope, and how many seconds that took."""

    envelope: str
    seconds: float
    payload: Any


def _forged(button: Json, action: str, value: str | None) -> Json:
    """Give what was pressed, with another action or value where one is given."""
    if "selected_option" not in button:
        value = button["value"] if value is None else value
        return {**button, "action_id": f"{action}.0" if action else button["action_id"], "value": value}
    own_action, _, own_value = button["selected_option"]["value"].partition(":")
    own_value = own_value or button["action_id"].partition(".")[2]
    chosen = f"{action or own_action}:{own_value if value is None else value}"
    return {**button, "selected_option": {**button["selected_option"], "value": chosen}}


class FakeSlack(FakeWorkspace):
    """The workspace, served."""

    client_id, client_secret, signing_secret = "1.2", "fake-client-secret", "fake-signing-secret"

    def __init__(self) -> None:
        super().__init__()
        self.faults = FaultScript()
        self.fail_next = self.faults.fail_next
        self.calls: list[tuple[str, Json]] = []
        self.spoken: list[tuple[str, str]] = []  # method, and the token that it was called with
        self.acks: list[Ack] = []
        self.opened = 0
        self.api_url = ""
        self._tickets: set[str] = set()
        self._links: list[web.WebSocketResponse] = []
        self._sent_at: dict[str, float] = {}
        self._answers: dict[str, tuple[FakeWorkspace, str, str, int]] = {}  # response_url id → where, who, uses
        self.workspaces: dict[str, FakeWorkspace] = {self.team: self}
        self.calls_at = ""  # where requests go; "": envelopes, by Socket Mode
        self.also_at: list[str] = []  # other bots, behind the same address: what is sent again goes to the next one
        self.clock: Callable[[], float] = time.time
        self.installation_extras: Json = {}
        self._codes: dict[str, FakeWorkspace] = {}
        self._changed = asyncio.Condition()

    # ------------------------------------------------------------ life

    async def __aenter__(self) -> FakeSlack:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/commands/{answer}", self._respond)
        app.router.add_get("/link/{ticket}", self._link)
        app.router.add_get("/files-pri/{file}/{name}", self._file)
        app.router.add_post("/upload/v1/{file}", self._upload)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self._origin = f"http://{host}:{port}"
        self.api_url = f"{self._origin}/api/"
        self.files_at = self._origin
        return self

    async def __aexit__(self, *_: object) -> None:
        for link in list(self._links):
            await link.close()
        await self._runner.cleanup()

    def add_workspace(self, team: str) -> FakeWorkspace:
        """Found another workspace."""
        made = self.workspaces[team] = FakeWorkspace()
        made.team, made.bot_token, made.bot_user, made.bot_id = team, f"xoxb-fake-{team}", f"UBOT{team}", f"B{team}"
        return made

    def agree(self, team: str) -> str:
        """Let somebody say yes to the bot in a workspace; give the code that Slack sends them back with."""
        code = f"code-{next(self._numbers)}"
        self._codes[code] = self.workspaces[team]
        return code

    @property
    def handed_out(self) -> list[str]:
        """The addresses for answers that came with commands and presses: each is a password."""
        return list(self._answers)

    @property
    def connections(self) -> int:
        """How many Socket Mode connections stand."""
        return len(self._links)

    # ------------------------------------------------------------ what people do

    async def slash(
        self,
        command: str,
        text: str,
        *,
        user: str = "U1",
        channel: str = "C1",
        team: str = "T1",
        answers: int = 1,
        times: int = 1,
    ) -> list[Shown]:
        """Type a slash command; give what appears, once at least so many messages have.

        times: how often Slack hands over the very same envelope.
        """
        payload = {
            "command": command,
            "text": html.escape(text, quote=False) if "<#" not in text else text,
            "user_id": user,
            "channel_id": channel,
            "channel_name": self.workspaces[team]._slash_name(channel),
            **self._handed_out(self.workspaces[team], channel, user),
        }
        return await self._play("slash_commands", payload, answers, times, team)

    async def press(
        self,
        shown: Shown,
        label: str,
        nth: int = 1,
        *,
        user: str = "U1",
        value: str | None = None,
        action: str = "",
        team: str = "T1",
        channel: str = "",
        answers: int = 1,
        times: int = 1,
    ) -> list[Shown]:
        """Press the nth button with this label; value, action, channel: forged ones instead of its own."""
        there, channel = self.workspaces[team], channel or shown.channel
        button = shown.button(label, nth)
        container: Json = {
            "type": "message",
            "message_ts": shown.ts,
            "channel_id": channel,
            "is_ephemeral": shown.only_to is not None,
        }
        if shown.thread:
            container["thread_ts"] = shown.thread
        payload = {
            "type": "block_actions",
            "user": {"id": user, "team_id": team},
            "team": {"id": team},
            "channel": {"id": channel, "name": there.channels[channel].name},
            "container": container,
            **({} if shown.only_to else {"message": shown.message}),
            "actions": [{**_forged(button, action, value), "action_ts": self._ts()}],
            **self._handed_out(there, channel, user),
        }
        return await self._play("interactive", payload, answers, times, team)

    async def mention(
        self,
        text: str,
        *,
        user: str = "U1",
        channel: str = "C1",
        thread: str | None = None,
        team: str = "T1",
        answers: int = 1,
        times: int = 1,
        files: Sequence[Json] = (),
    ) -> list[Shown]:
        """Write "@briefbot text" into a channel, or just the text to the bot itself ("D…"), perhaps with files."""
        direct, there = channel.startswith("D"), self.workspaces[team]
        written = html.escape(text, quote=False) if direct else f"<@{there.bot_user}> {html.escape(text, quote=False)}"
        message = there._stored(channel, {"text": written}, user=user)
        if thread:
            message["thread_ts"] = thread
        kind = {"type": "message", "channel_type": "im"} if direct else {"type": "app_mention"}
        kind |= {"files": list(files)} | ({"subtype": "file_share"} if direct else {}) if files else {}
        event = {**message, **kind, "channel": channel, "event_ts": message["ts"]}
        return await self._play("events_api", self.event(event, team), answers, times, team)

    async def invite(
        self, channel: str = "C1", *, user: str = "U1", team: str = "T1", answers: int = 1, times: int = 1
    ) -> list[Shown]:
        """Invite the bot to a channel."""
        there = self.workspaces[team]
        there.channels[channel].bot = True
        event = {"type": "member_joined_channel", "user": there.bot_user, "channel": channel, "channel_type": "C"}
        event |= {"team": team, "inviter": user, "event_ts": there._ts()}
        return await self._play("events_api", self.event(event, team), answers, times, team)

    # ------------------------------------------------------------ what Slack does of itself

    def event(self, event: Json, team: str = "T1", at: float | None = None) -> Json:
        """Give the payload that tells of an event."""
        return {
            "type": "event_callback",
            "team_id": team,
            "api_app_id": "A1",
            "event_id": f"Ev{next(self._numbers)}",
            "event_time": int(self.clock() if at is None else at),
            "authorizations": [{"team_id": team, "enterprise_id": None, "is_enterprise_install": False}],
            "event": event,
        }

    def signed(self, kind: str, payload: Json, at: float | None = None) -> tuple[bytes, dict[str, str]]:
        """Give a request as Slack sends it by HTTP: its body, and the headers that prove it."""
        if kind == "events_api":
            body, media = json.dumps(payload).encode(), "application/json"
        else:
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, media = urlencode(form).encode(), "application/x-www-form-urlencoded"
        when = str(int(self.clock() if at is None else at))
        digest = hmac.new(self.signing_secret.encode(), f"v0:{when}:".encode() + body, sha256).hexdigest()
        proof = {"X-Slack-Request-Timestamp": when, "X-Slack-Signature": f"v0={digest}", "Content-Type": media}
        return body, proof

    async def post(self, body: bytes, headers: dict[str, str], to: str = "") -> int:
        """Send a request; give the status that the bot answers with."""
        began = time.monotonic()
        async with ClientSession() as session, session.post(to or self.calls_at, data=body, headers=headers) as answer:
            said = await answer.text()
        if answer.status == 200:
            self.acks.append(Ack(headers["X-Slack-Signature"], time.monotonic() - began, said))
            await self._notify()
        return answer.status

    async def send(self, kind: str, payload: Json, times: int = 1) -> str:
        """Hand one envelope over so many times, on the connections in turn; give its id.

        By HTTP, what is sent again is signed anew, as Slack does it.
        """
        if self.calls_at:
            for number in range(times):
                body, headers = self.signed(kind, payload, self.clock() + number)
                again = {"X-Slack-Retry-Num": str(number)} if number else {}
                places = [self.calls_at, *self.also_at]
                assert await self.post(body, headers | again, places[number % len(places)]) == 200
            return ""
        await self.until(lambda: bool(self._links), "a Socket Mode connection")
        envelope = f"envelope-{next(self._numbers)}"
        self._sent_at[envelope] = time.monotonic()
        frame = {"envelope_id": envelope, "type": kind, "payload": payload, "accepts_response_payload": True}
        for number in range(times):
            await self._links[-1 - number % len(self._links)].send_json(frame)
        return envelope

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Announce the end of every connection ("warning", "refresh_requested", "link_disabled")."""
        for link in list(self._links):
            await link.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "fake"}})

    async def drop(self) -> None:
        """Close every connection without a word."""
        for link in list(self._links):
            await link.close()

    def turn(self) -> None:
        """Hand envelopes to the next connection from now on."""
        self._links = self._links[-1:] + self._links[:-1]

    async def until(self, condition: Callable[[], bool], what: str, seconds: float = _PATIENCE) -> None:
        """Wait until something holds; fail by naming it."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(condition)
        except TimeoutError:
            raise AssertionError(f"waited in vain for {what}") from None

    # ------------------------------------------------------------ Socket Mode

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        ticket = request.match_info["ticket"]
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.discard(ticket)  # each opens one connection
        link = web.WebSocketResponse()
        await link.prepare(request)
        await link.send_json({"type": "hello", "num_connections": len(self._links) + 1, "connection_info": {}})
        self._links.append(link)
        self.opened += 1
        await self._notify()
        try:
            async for frame in link:
                if frame.type is WSMsgType.TEXT and frame.data.startswith("{"):
                    await self._acknowledged(json.loads(frame.data))
        finally:
            self._links.remove(link)
            await self._notify()
        return link

    async def _acknowledged(self, frame: Json) -> None:
        envelope = frame["envelope_id"]
        seconds = time.monotonic() - self._sent_at[envelope]
        self.acks.append(Ack(envelope, seconds, frame.get("payload")))
        await self._notify()

    async def _play(self, kind: str, payload: Json, answers: int, times: int, team: str) -> list[Shown]:
        there = self.workspaces[team].shown
        before, acknowledged = len(there), len(self.acks)

        def answered() -> list[Shown]:
            """What all are told of a change, with Undo, is no answer: it comes by itself."""
            return [one for one in there[before:] if kind == "interactive" or not one.undoes]

        await self.send(kind, payload, times)
        await self.until(
            lambda: len(answered()) >= answers and len(self.acks) >= acknowledged + times,
            f"{answers} answers to {payload.get('text') or kind!r} and {times} acknowledgements",
        )
        seen = -1
        while seen != len(there):
            seen = len(there)
            await asyncio.sleep(_QUIET)
        return answered()

    # ------------------------------------------------------------ the Web API

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body = await _body(request)
        self.calls.append((method, body))
        await self._notify()
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.spoken.append((method, token))

        async def work() -> web.StreamResponse:
            try:
                return await self._ok(self._called(method, token, body))
            except RefusedError as refused:
                return _error(str(refused))

        return await self.faults.answer(request, method, body, work, error=_error)

    def _called(self, method: str, token: str, body: Json) -> Json:
        if method == "oauth.v2.access":
            return self._installed(token, body)
        there = next((one for one in self.workspaces.values() if one.bot_token == token), None)
        if there is None and token != self.app_token:
            raise RefusedError("invalid_auth" if token else "not_authed")
        opens = method == "apps.connections.open"
        if opens != (token == self.app_token):
            raise RefusedError("not_allowed_token_type")
        if opens:
            ticket = f"ticket-{next(self._numbers)}"
            self._tickets.add(ticket)
            return {"url": f"{self._origin.replace('http', 'ws')}/link/{ticket}"}
        assert there is not None
        return there.call(method, body)

    def _installed(self, client: str, body: Json) -> Json:
        there = self._codes.pop(body.get("code", ""), None)
        if client != f"Basic {b64encode(f'{self.client_id}:{self.client_secret}'.encode()).decode()}":
            raise RefusedError("bad_client_secret")
        if there is None:
            raise RefusedError("invalid_code")
        return {
            "app_id": "A1",
            "token_type": "bot",
            "access_token": there.bot_token,
            "bot_user_id": there.bot_user,
            "scope": self.scopes,
            "team": {"id": there.team, "name": there.team.lower()},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": "U1"},
            **self.installation_extras,
        }

    async def _ok(self, answer: Json) -> web.Response:
        await self._notify()
        return web.json_response({"ok": True, **answer}, headers={"x-oauth-scopes": self.scopes})

    # ------------------------------------------------------------ response_url

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["answer"]
        body = await _body(request)
        self.calls.append((RESPONSE_URL, body))
        await self._notify()

        async def work() -> web.StreamResponse:
            there, channel, user, uses = self._answers.get(name, (self, "", "", 0))
            if uses == 0:
                return web.Response(status=404, text="used_url" if channel else "expired_url")
            try:
                there.respond(RESPONSE_URL, channel, user, body)
            except RefusedError as refused:
                return web.Response(status=400, text=str(refused))
            self._answers[name] = (there, channel, user, uses - 1)
            await self._notify()
            return web.Response(text="ok")

        return await self.faults.answer(request, RESPONSE_URL, body, work, error=_error)

    # ------------------------------------------------------------ files

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """Give a file to who may read it; others are led to where one signs in, as Slack does it."""
        team, _, number = request.match_info["file"].partition("-")
        there = self.workspaces[team]
        allowed = request.headers.get("Authorization") == f"Bearer {there.bot_token}" and "files:read" in there.scopes
        if not allowed:
            raise web.HTTPFound(f"{self._origin}/signin")
        return web.Response(body=there.files[number][1], content_type="application/octet-stream")

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        team, _, number = request.match_info["file"].partition("-")
        content = await request.read()
        self.workspaces[team].take_upload(number, content)
        return web.Response(text=f"OK - {len(content)}")

    def _handed_out(self, there: FakeWorkspace, channel: str, user: str) -> Json:
        """What comes with every command and press."""
        name = f"answer-{next(self._numbers)}"
        self._answers[name] = (there, channel, user, 5)
        return {
            "team_id": there.team,
            "api_app_id": "A1",
            "is_enterprise_install": "false",
            "trigger_id": there.trigger(user),
            "response_url": f"{self._origin}/commands/{name}",
        }

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


class Browser:
    """Whoever installs the bot. It keeps cookies even without TLS, so that loopback will do."""

    def __init__(self, fake: FakeSlack) -> None:
        self._fake = fake
        self._site = fake.calls_at.removesuffix("/slack/events")
        self.cookie = ""

    async def get(self, path: str) -> tuple[int, str, str]:
        """Ask for a page; give its status, where it leads to, and its text."""
        session = ClientSession(headers={"Cookie": self.cookie})
        async with session, session.get(self._site + path, allow_redirects=False) as answer:
            if "Set-Cookie" in answer.headers:
                self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
            return answer.status, answer.headers.get("Location", ""), await answer.text()

    async def begin(self) -> dict[str, str]:
        """Begin an installation; give what goes to Slack with it."""
        status, there, _ = await self.get("/slack/install")
        assert (status, urlsplit(there).netloc) == (302, "slack.com")
        return dict(parse_qsl(urlsplit(there).query))

    async def install(self, team: str) -> int:
        """Install the bot in a workspace; give the status of the last page."""
        state = (await self.begin())["state"]
        status, _, _ = await self.get(f"/slack/oauth_redirect?code={self._fake.agree(team)}&state={state}")
        return status


def _error(code: str) -> web.Response:
    return web.json_response({"ok": False, "error": code})


async def _body(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {**request.query, **(await request.post())}
