"""A Slack of our own on a loopback port: the Web API and Socket Mode, as far as the bot uses them.

    async with FakeSlack() as fake:
        … a bot talks to fake.api_url with fake.bot_token and fake.app_token …
        shown = await fake.slash("/brief", "tencent")        # as a person would; what that person then sees
        await fake.press(shown[0], "Share to channel")

Bodies are checked against Slack's limits (slack_limits), errors have Slack's names, every change that people would see
stands in `fake.ledger`, and `fake.faults` can let any method go wrong. "@@response_url" is the method of answers to a
command's own address.
"""

from __future__ import annotations

import asyncio
import html
import itertools
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.ledger import FaultScript, Ledger
from tests.fakes.slack_limits import refusal

Json = dict[str, Any]

SCOPES = "app_mentions:read,channels:history,channels:read,chat:write,commands,groups:history,groups:read,users:read"
RESPONSE_URL = "@@response_url"
_PATIENCE = 5.0  # seconds that a player waits for an answer
_QUIET = 0.03  # seconds without anything new, after which an answer counts as whole


@dataclass
class FakeUser:
    """A person in the workspace."""

    locale: str = "en-US"
    is_admin: bool = False


@dataclass
class FakeChannel:
    """A conversation: "C…" is a channel, "D…" a direct conversation with the bot."""

    name: str
    members: set[str] = field(default_factory=set)
    bot: bool = True
    private: bool = False
    archived: bool = False
    messages: list[Json] = field(default_factory=list)


@dataclass(frozen=True)
class Shown:
    """A message as somebody sees it. only_to: who alone sees it, or None for the whole channel."""

    channel: str
    message: Json
    only_to: str | None

    @property
    def text(self) -> str:
        """All that can be read in it, a line for each block."""
        blocks = self.message.get("blocks")
        return "\n".join(map(_readable, blocks)) if blocks else html.unescape(self.message.get("text", ""))

    @property
    def ts(self) -> str:
        return str(self.message["ts"])

    @property
    def thread(self) -> str | None:
        return self.message.get("thread_ts")

    @property
    def buttons(self) -> dict[str, Json]:
        """Its buttons by their labels."""
        return {
            element["text"]["text"]: element
            for block in self.message.get("blocks", [])
            for element in block.get("elements", [])
            if element.get("type") == "button"
        }


@dataclass(frozen=True)
class Ack:
    """An acknowledged envelope, and how many seconds that took."""

    envelope: str
    seconds: float
    payload: Any


class _RefusedError(Exception):
    """The API says `ok: false` with this code."""


class FakeSlack:
    """One workspace with channel C1 "general" (the bot in it), C2 "elsewhere" (the bot not in it) and user U1."""

    bot_token = "xoxb-fake-bot-token"
    app_token = "xapp-fake-app-token"
    team = "T1"
    bot_user = "UBOT"
    bot_id = "B1"

    def __init__(self) -> None:
        self.ledger = Ledger("slack")
        self.faults = FaultScript()
        self.scopes = SCOPES
        self.users = {"U1": FakeUser(), "U2": FakeUser()}
        self.channels = {
            "C1": FakeChannel("general", {"U1", "U2"}),
            "C2": FakeChannel("elsewhere", {"U1"}, bot=False),
            "D1": FakeChannel("", {"U1"}),
        }
        self.calls: list[tuple[str, Json]] = []
        self.acks: list[Ack] = []
        self.shown: list[Shown] = []
        self.opened = 0
        self.api_url = ""
        self._numbers = itertools.count(1)
        self._tickets: set[str] = set()
        self._links: list[web.WebSocketResponse] = []
        self._sent_at: dict[str, float] = {}
        self._answers: dict[str, tuple[str, str, int]] = {}  # response_url id → channel, user, uses
        self._changed = asyncio.Condition()
        self._methods: dict[str, Callable[[Json], Json]] = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post_message,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.info": self._conversation,
            "conversations.list": self._conversations,
            "conversations.members": self._members,
            "users.info": self._user,
        }

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
        self, shown: Shown, label: str, *, user: str = "U1", value: str | None = None, answers: int = 1, times: int = 1
    ) -> list[Shown]:
        """Press a button; value: a forged one instead of its own."""
        button = shown.buttons[label]
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
        """Write "@briefbot text" into a channel."""
        message = self._stored(channel, {"text": f"<@{self.bot_user}> {html.escape(text, quote=False)}"}, user=user)
        if thread:
            message["thread_ts"] = thread
        event = {**message, "type": "app_mention", "channel": channel, "event_ts": message["ts"]}
        payload = {
            "type": "event_callback",
            "team_id": self.team,
            "api_app_id": "A1",
            "event_id": f"Ev{next(self._numbers)}",
            "event": event,
        }
        return await self._play("events_api", payload, answers, times)

    def visible_to(self, user: str, channel: str) -> list[Shown]:
        """Give everything that this person sees in a channel, in order."""
        return [s for s in self.shown if s.channel == channel and s.only_to in {None, user}]

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
            except _RefusedError as refused:
                return _error(str(refused))

        return await self.faults.answer(request, method, body, work, error=_error)

    def _called(self, method: str, token: str, body: Json) -> Json:
        if token not in {self.bot_token, self.app_token}:
            raise _RefusedError("invalid_auth" if token else "not_authed")
        opens = method == "apps.connections.open"
        if opens != (token == self.app_token):
            raise _RefusedError("not_allowed_token_type")
        if opens:
            ticket = f"ticket-{next(self._numbers)}"
            self._tickets.add(ticket)
            return {"url": f"{self._origin.replace('http', 'ws')}/link/{ticket}"}
        if method not in self._methods:
            raise _RefusedError("unknown_method")
        return self._methods[method](body)

    async def _ok(self, answer: Json) -> web.Response:
        await self._notify()
        return web.json_response({"ok": True, **answer}, headers={"x-oauth-scopes": self.scopes})

    def _auth_test(self, _: Json) -> Json:
        return {
            "url": "https://fake.slack.com/",
            "team": "Fake",
            "user": "briefbot",
            "team_id": self.team,
            "user_id": self.bot_user,
            "bot_id": self.bot_id,
            "is_enterprise_install": False,
        }

    def _post_message(self, body: Json) -> Json:
        channel = self._postable(body)
        _check(body)
        thread = body.get("thread_ts")
        if thread is not None and thread not in {m["ts"] for m in self.channels[channel].messages}:
            raise _RefusedError("invalid_thread_ts")
        message = self._stored(channel, body, user=self.bot_user, bot=True)
        self.ledger.append("chat.postMessage", channel, body, message)
        self.shown.append(Shown(channel, message, None))
        return {"channel": channel, "ts": message["ts"], "message": message}

    def _post_ephemeral(self, body: Json) -> Json:
        channel = self._postable(body)
        _check(body)
        user = body.get("user", "")
        if user not in self.channels[channel].members:
            raise _RefusedError("user_not_in_channel")
        self._ephemeral("chat.postEphemeral", channel, user, body)
        return {"message_ts": self._ts()}

    def _update(self, body: Json) -> Json:
        channel = self._postable(body)
        _check(body)
        for message in self.channels[channel].messages:
            if message["ts"] == body.get("ts") and message.get("bot_id") == self.bot_id:
                message.update({key: body[key] for key in ("text", "blocks", "metadata") if key in body})
                self.ledger.append("chat.update", channel, body, message)
                return {"channel": channel, "ts": message["ts"], "message": message}
        raise _RefusedError("message_not_found")

    def _history(self, body: Json) -> Json:
        channel = self._seen(body)
        if not channel.bot:
            raise _RefusedError("not_in_channel")
        oldest, latest = float(body.get("oldest") or 0), float(body.get("latest") or "inf")
        inclusive = _true(body.get("inclusive"))
        found = [
            message
            for message in reversed(channel.messages)
            if not message.get("thread_ts")
            and (oldest < float(message["ts"]) < latest or (inclusive and float(message["ts"]) in {oldest, latest}))
        ]
        start, limit = int(body.get("cursor") or 0), int(body.get("limit") or 100)
        page = found[start : start + limit]
        if not _true(body.get("include_all_metadata")):
            page = [{key: value for key, value in message.items() if key != "metadata"} for message in page]
        more = start + limit < len(found)
        cursor = {"response_metadata": {"next_cursor": str(start + limit)}} if more else {}
        return {"messages": page, "has_more": more, **cursor}

    def _conversation(self, body: Json) -> Json:
        return {"channel": self._described(body["channel"], self._seen(body))}

    def _conversations(self, body: Json) -> Json:
        kinds = str(body.get("types", "public_channel")).split(",")
        described = [
            self._described(name, channel)
            for name, channel in self.channels.items()
            if name.startswith("C")
            and (channel.bot or not channel.private)
            and ("private_channel" if channel.private else "public_channel") in kinds
            and not (channel.archived and _true(body.get("exclude_archived")))
        ]
        return {"channels": described, "response_metadata": {"next_cursor": ""}}

    def _members(self, body: Json) -> Json:
        members = sorted(self._seen(body).members)
        start, limit = int(body.get("cursor") or 0), int(body.get("limit") or 100)
        after = str(start + limit) if start + limit < len(members) else ""
        return {"members": members[start : start + limit], "response_metadata": {"next_cursor": after}}

    def _user(self, body: Json) -> Json:
        user = self.users.get(body.get("user", ""))
        if user is None:
            raise _RefusedError("user_not_found")
        described: Json = {"id": body["user"], "is_admin": user.is_admin, "is_owner": False, "is_bot": False}
        if _true(body.get("include_locale")):
            described["locale"] = user.locale
        return {"user": described}

    # ------------------------------------------------------------ response_url

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["answer"]
        body = await _body(request)
        self.calls.append((RESPONSE_URL, body))

        async def work() -> web.StreamResponse:
            channel, user, uses = self._answers.get(name, ("", "", 0))
            if uses == 0:
                return web.Response(status=404, text="used_url" if channel else "expired_url")
            wrong = refusal(body)
            if wrong is not None:
                return web.Response(status=400, text=wrong[0])
            self._answers[name] = (channel, user, uses - 1)
            if body.get("response_type") == "in_channel":
                message = self._stored(channel, body, user=self.bot_user, bot=True)
                self.ledger.append(RESPONSE_URL, channel, body, message)
                self.shown.append(Shown(channel, message, None))
            else:
                self._ephemeral(RESPONSE_URL, channel, user, body)
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

    # ------------------------------------------------------------ the workspace

    def _seen(self, body: Json) -> FakeChannel:
        """The channel that a body names, if the bot may know of it."""
        channel = self.channels.get(body.get("channel", ""))
        if channel is None or (channel.private and not channel.bot):
            raise _RefusedError("channel_not_found")
        return channel

    def _postable(self, body: Json) -> str:
        channel = self._seen(body)
        if not channel.bot:
            raise _RefusedError("not_in_channel")
        if channel.archived:
            raise _RefusedError("is_archived")
        return str(body["channel"])

    def _described(self, name: str, channel: FakeChannel) -> Json:
        if name.startswith("D"):
            return {"id": name, "is_im": True, "user": next(iter(channel.members))}
        return {
            "id": name,
            "name": channel.name,
            "is_member": channel.bot,
            "is_private": channel.private,
            "is_archived": channel.archived,
        }

    def _slash_name(self, channel: str) -> str:
        if channel.startswith("D"):
            return "directmessage"
        return "privategroup" if self.channels[channel].private else self.channels[channel].name

    def _ts(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def _stored(self, channel: str, body: Mapping[str, Any], *, user: str, bot: bool = False) -> Json:
        kept = {key: body[key] for key in ("text", "blocks", "metadata", "thread_ts") if body.get(key)}
        message: Json = {"type": "message", "ts": self._ts(), "user": user, **kept}
        if bot:
            message["bot_id"] = self.bot_id
        self.channels[channel].messages.append(message)
        return message

    def _ephemeral(self, method: str, channel: str, user: str, body: Json) -> None:
        message = {**body, "ts": self._ts()}
        self.ledger.append(method, channel, body, message)
        self.shown.append(Shown(channel, message, user))

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _check(body: Json) -> None:
    wrong = refusal(body)
    if wrong is not None:
        raise _RefusedError(wrong[0])


def _error(code: str) -> web.Response:
    return web.json_response({"ok": False, "error": code})


def _true(value: Any) -> bool:
    return value in {True, "1", "true", "True"}


async def _body(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {**request.query, **(await request.post())}


def _readable(block: Json) -> str:
    """The words of a block, links as "text <address>"."""
    if isinstance(block.get("text"), dict):
        return _readable(block["text"])
    between = "\n" if block["type"] in {"rich_text", "rich_text_list"} else " " if block["type"] == "actions" else ""
    text = block.get("text") or between.join(map(_readable, block.get("elements", [])))
    text = html.unescape(re.sub(r"<[^|>]*\|([^>]*)>", r"\1", text)) if block["type"] == "mrkdwn" else text
    return f"{text} <{block['url']}>" if "url" in block else text
