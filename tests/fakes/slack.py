"""A Slack of our own on a loopback port: the Web API and Socket Mode, as far as the bot uses them.

    async with FakeSlack() as fake:
        … a bot talks to fake.api_url with fake.bot_token and fake.app_token …
        shown = await fake.slash("/brief", "tencent")        # as a person would; what that person then sees
        await fake.press(shown[0], "Share to channel")

Bodies are checked against Slack's limits (slack_limits), errors have Slack's names, every change that people would see
stands in `fake.ledger`, and `fake.fail_next` lets any method go wrong. "@@response_url" is the method of answers to a
command's own address.
"""

from __future__ import annotations

import asyncio
import html
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.ledger import FaultScript
from tests.fakes.slack_workspace import FakeWorkspace, Json, RefusedError, Shown

RESPONSE_URL = "@@response_url"
_PATIENCE = 5.0  # seconds that a player waits for an answer
_QUIET = 0.03  # seconds without anything new, after which an answer counts as whole


@dataclass(frozen=True)
class Ack:
    """An acknowledged envelope, and how many seconds that took."""

    envelope: str
    seconds: float
    payload: Any


class FakeSlack(FakeWorkspace):
    """The workspace, served."""

    def __init__(self) -> None:
        super().__init__()
        self.faults = FaultScript()
        self.fail_next = self.faults.fail_next
        self.calls: list[tuple[str, Json]] = []
        self.acks: list[Ack] = []
        self.opened = 0
        self.api_url = ""
        self._tickets: set[str] = set()
        self._links: list[web.WebSocketResponse] = []
        self._sent_at: dict[str, float] = {}
        self._answers: dict[str, tuple[str, str, int]] = {}  # response_url id → channel, user, uses
        self._changed = asyncio.Condition()

    # ------------------------------------------------------------ life

    async def __aenter__(self) -> FakeSlack:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/commands/{answer}", self._respond)
        app.router.add_get("/link/{ticket}", self._link)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self._origin = f"http://{host}:{port}"
        self.api_url = f"{self._origin}/api/"
        return self

    async def __aexit__(self, *_: object) -> None:
        for link in list(self._links):
            await link.close()
        await self._runner.cleanup()

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
            "channel_name": self._slash_name(channel),
            **self._handed_out(channel, user),
        }
        return await self._play("slash_commands", payload, answers, times)

    async def press(
        self,
        shown: Shown,
        label: str,
        nth: int = 1,
        *,
        user: str = "U1",
        value: str | None = None,
        answers: int = 1,
        times: int = 1,
    ) -> list[Shown]:
        """Press the nth button with this label; value: a forged one instead of its own."""
        button = shown.button(label, nth)
        container: Json = {
            "type": "message",
            "message_ts": shown.ts,
            "channel_id": shown.channel,
            "is_ephemeral": shown.only_to is not None,
        }
        if shown.thread:
            container["thread_ts"] = shown.thread
        payload = {
            "type": "block_actions",
            "user": {"id": user, "team_id": self.team},
            "team": {"id": self.team},
            "channel": {"id": shown.channel, "name": self.channels[shown.channel].name},
            "container": container,
            **({} if shown.only_to else {"message": shown.message}),
            "actions": [
                {**button, "value": value if value is not None else button["value"], "action_ts": self._ts()},
            ],
            **self._handed_out(shown.channel, user),
        }
        return await self._play("interactive", payload, answers, times)

    async def mention(
        self,
        text: str,
        *,
        user: str = "U1",
        channel: str = "C1",
        thread: str | None = None,
        answers: int = 1,
        times: int = 1,
    ) -> list[Shown]:
        """Write "@briefbot text" into a channel, or just the text to the bot itself ("D…")."""
        direct = channel.startswith("D")
        written = html.escape(text, quote=False) if direct else f"<@{self.bot_user}> {html.escape(text, quote=False)}"
        message = self._stored(channel, {"text": written}, user=user)
        if thread:
            message["thread_ts"] = thread
        kind = {"type": "message", "channel_type": "im"} if direct else {"type": "app_mention"}
        event = {**message, **kind, "channel": channel, "event_ts": message["ts"]}
        payload = {
            "type": "event_callback",
            "team_id": self.team,
            "api_app_id": "A1",
            "event_id": f"Ev{next(self._numbers)}",
            "event": event,
        }
        return await self._play("events_api", payload, answers, times)

    # ------------------------------------------------------------ what Slack does of itself

    async def send(self, kind: str, payload: Json, times: int = 1) -> str:
        """Hand one envelope over so many times, on the connections in turn; give its id."""
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

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until something holds; fail by naming it."""
        try:
            async with asyncio.timeout(_PATIENCE), self._changed:
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

    async def _play(self, kind: str, payload: Json, answers: int, times: int) -> list[Shown]:
        before, acknowledged = len(self.shown), len(self.acks)
        await self.send(kind, payload, times)
        await self.until(
            lambda: len(self.shown) >= before + answers and len(self.acks) >= acknowledged + times,
            f"{answers} answers to {payload.get('text') or kind!r} and {times} acknowledgements",
        )
        seen = -1
        while seen != len(self.shown):
            seen = len(self.shown)
            await asyncio.sleep(_QUIET)
        return self.shown[before:]

    # ------------------------------------------------------------ the Web API

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body = await _body(request)
        self.calls.append((method, body))
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")

        async def work() -> web.StreamResponse:
            try:
                return await self._ok(self._called(method, token, body))
            except RefusedError as refused:
                return _error(str(refused))

        return await self.faults.answer(request, method, body, work, error=_error)

    def _called(self, method: str, token: str, body: Json) -> Json:
        if token not in {self.bot_token, self.app_token}:
            raise RefusedError("invalid_auth" if token else "not_authed")
        opens = method == "apps.connections.open"
        if opens != (token == self.app_token):
            raise RefusedError("not_allowed_token_type")
        if opens:
            ticket = f"ticket-{next(self._numbers)}"
            self._tickets.add(ticket)
            return {"url": f"{self._origin.replace('http', 'ws')}/link/{ticket}"}
        return self.call(method, body)

    async def _ok(self, answer: Json) -> web.Response:
        await self._notify()
        return web.json_response({"ok": True, **answer}, headers={"x-oauth-scopes": self.scopes})

    # ------------------------------------------------------------ response_url

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["answer"]
        body = await _body(request)
        self.calls.append((RESPONSE_URL, body))

        async def work() -> web.StreamResponse:
            channel, user, uses = self._answers.get(name, ("", "", 0))
            if uses == 0:
                return web.Response(status=404, text="used_url" if channel else "expired_url")
            try:
                self.respond(RESPONSE_URL, channel, user, body)
            except RefusedError as refused:
                return web.Response(status=400, text=str(refused))
            self._answers[name] = (channel, user, uses - 1)
            await self._notify()
            return web.Response(text="ok")

        return await self.faults.answer(request, RESPONSE_URL, body, work, error=_error)

    def _handed_out(self, channel: str, user: str) -> Json:
        """What comes with every command and press."""
        name = f"answer-{next(self._numbers)}"
        self._answers[name] = (channel, user, 5)
        return {
            "team_id": self.team,
            "api_app_id": "A1",
            "is_enterprise_install": "false",
            "trigger_id": f"trigger-{next(self._numbers)}",
            "response_url": f"{self._origin}/commands/{name}",
        }

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _error(code: str) -> web.Response:
    return web.json_response({"ok": False, "error": code})


async def _body(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {**request.query, **(await request.post())}
