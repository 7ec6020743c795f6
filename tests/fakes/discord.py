"""A Discord on loopback: REST v10 and the gateway, as far as a briefing bot can see them.

    async with FakeDiscord() as fake:
        …point the library at fake.api_url and fake.gateway_url, log in with fake.token…
        seen = await fake.slash("brief search", {"words": "tencent"}, locale="fr")
        assert "Tencent" in seen.text and seen.private
        await fake.press(seen.messages[0], seen.buttons[0])

It refuses what Discord refuses (see `discord_limits`), keeps an append-only ledger of every message that people would
see, and goes wrong on demand (`fake.fail_next`). Its clock is the caller's: nonces, tokens and ids are dated by it.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Self

from aiohttp import WSMsgType, web

from tests.fakes import discord_modals as modals
from tests.fakes.discord_components import IS_COMPONENTS_V2, walk
from tests.fakes.discord_limits import (
    EPHEMERAL,
    LOADING,
    THREAD_NAME,
    command_complaints,
    edit_complaints,
    message_complaints,
)
from tests.fakes.discord_texts import size
from tests.fakes.ledger import Fault, FaultScript, Json, Ledger

VIEW, SEND, EMBED, HISTORY, THREADS, THREAD_SEND = 1 << 10, 1 << 11, 1 << 14, 1 << 16, 1 << 35, 1 << 38
MANAGE_CHANNELS, MANAGE_GUILD, ADMINISTRATOR = 1 << 4, 1 << 5, 1 << 3
BOT = VIEW | SEND | EMBED | HISTORY | THREADS | THREAD_SEND
MEMBER = VIEW | SEND | HISTORY
MANAGER = MEMBER | MANAGE_CHANNELS

TEXT, DM, CATEGORY, PUBLIC_THREAD, FORUM = 0, 1, 4, 11, 15
APPLICATION, BOT_USER, GUILD, USER = (
    "200000000000000001",
    "200000000000000002",
    "300000000000000001",
    "400000000000000001",
)
GENERAL = "500000000000000001"
_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_OPTION_TYPES = {3: str, 4: int, 5: bool, 7: str, 11: str}
_COMMAND, _COMPONENT, _AUTOCOMPLETE, _SUBMIT = 2, 3, 4, 5
# Which answers an interaction of each type may have: "Interaction Callback Type". A modal does not answer a modal.
_ANSWERS = {_COMMAND: {4, 5, 9}, _COMPONENT: {4, 5, 6, 7, 9}, _AUTOCOMPLETE: {8}, _SUBMIT: {4, 5, 6, 7}}


def rate_limited(seconds: float, *, via: bool = True, everywhere: bool = False) -> Fault:
    """Answer 429: `via` as Discord itself does it, else as the proxy in front of it; everywhere: the global limit."""
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": everywhere}
    headers = {"Retry-After": f"{seconds:g}", "Content-Type": "application/json"} | ({"Via": "1.1 edge"} if via else {})
    return Fault(status=429, headers=headers, body=json.dumps(body))


@dataclass
class FakeChannel:
    """A channel, thread or forum; `bot_can`: the bot's permissions in it."""

    id: str
    name: str
    type: int = TEXT
    parent: str | None = None
    bot_can: int = BOT
    messages: list[Json] = field(default_factory=list)

    def json(self) -> Json:
        """Give it as Discord does."""
        data: Json = {"id": self.id, "guild_id": GUILD, "name": self.name, "type": self.type, "parent_id": self.parent}
        own = {"id": BOT_USER, "type": 1, "allow": str(self.bot_can), "deny": str(BOT & ~self.bot_can)}
        data |= {"position": 0, "permission_overwrites": [own], "nsfw": False, "flags": 0, "rate_limit_per_user": 0}
        if self.type == PUBLIC_THREAD:
            data |= {"owner_id": BOT_USER, "message_count": len(self.messages), "member_count": 1}
            data["thread_metadata"] = {
                "archived": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": _EPOCH.isoformat(),
                "locked": False,
            }
        return data


@dataclass
class Seen:
    """What came of one interaction, as its user sees it; it goes on growing while the bot talks.

    first_response: seconds from the interaction to the first answer of any kind, on the event loop's clock.
    deferred: whether that answer was only "thinking…" (or, for a button, nothing visible).
    """

    id: str
    token: str
    type: int
    channel: str
    user: str
    source: Json | None = None
    first_response: float | None = None
    deferred: bool = False
    ephemeral: bool = False
    original: Json | None = None
    messages: list[Json] = field(default_factory=list)
    choices: list[str] | None = None
    modal: Json | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    started: float = 0.0
    expires: datetime = _EPOCH

    @property
    def private(self) -> bool:
        """Whether only the user sees it."""
        return bool(self.messages) and all(message["flags"] & EPHEMERAL for message in self.messages)

    @property
    def public(self) -> list[Json]:
        """The messages that the channel sees."""
        return [message for message in self.messages if not message["flags"] & EPHEMERAL]

    @property
    def text(self) -> str:
        """All that can be read, in order."""
        return "\n".join(map(readable, self.messages))

    @property
    def buttons(self) -> list[str]:
        """The custom ids of all buttons, in order."""
        return [button["custom_id"] for message in self.messages for button in buttons(message)]

    @property
    def offered(self) -> list[str]:
        """The values of all that can be chosen in menus, in order."""
        return [option["value"] for message in self.messages for option in options(message)]

    async def until(self, condition: Callable[[Seen], bool], *, seconds: float = 60) -> Self:
        """Wait until the condition holds."""
        async with asyncio.timeout(seconds):
            while not condition(self):
                self.changed.clear()
                await self.changed.wait()
        return self

    def show(self, message: Json) -> None:
        """Put a message before the user's eyes, or an edited one in the place of the former."""
        for place, shown in enumerate(self.messages):
            if shown["id"] == message["id"]:
                self.messages[place] = message
                break
        else:
            self.messages.append(message)
        self.changed.set()


def readable(message: Json) -> str:
    """Give the text of a message, top to bottom."""
    lines = [message["content"]]
    for embed in message["embeds"]:
        lines += [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
    lines += [component.get("content") for component in walk(message["components"])]
    return "\n".join(line for line in lines if line)


def buttons(message: Json) -> list[Json]:
    """Give the buttons of a message, in order."""
    return [component for component in walk(message["components"]) if component["type"] == 2]


def options(message: Json) -> list[Json]:
    """Give what can be chosen in the menus of a message, in order."""
    return [option for component in walk(message["components"]) for option in component.get("options") or []]


@dataclass
class _Session:
    id: str
    socket: web.WebSocketResponse | None
    sequence: int = 0
    sent: deque[Json] = field(default_factory=lambda: deque(maxlen=1000))


class _Refused(Exception):
    def __init__(self, status: int, code: int, message: str, complaints: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.status = status
        errors = [{"code": "INVALID", "message": complaint} for complaint in complaints]
        self.body = {"code": code, "message": message} | ({"errors": {"0": {"_errors": errors}}} if errors else {})


def _invalid(complaints: Sequence[str]) -> _Refused:
    return _Refused(400, 50035, "Invalid Form Body: " + "; ".join(complaints), complaints)


def _json(body: Any, status: int = 200) -> web.Response:
    # The library wants exactly this content type, without a charset.
    said = json.dumps(body, default=lambda _content: None)  # a file is told of, and not sent back
    return web.Response(status=status, body=said.encode(), headers={"Content-Type": "application/json"})


class FakeDiscord:
    """One server ("guild") with one bot in it.

    token: the bot's right token. clock: the time of nonces, tokens, ids and timestamps. nonce_window: for how long a
    repeated nonce gives the first message again.
    """

    def __init__(
        self,
        *,
        token: str = "dG9rZW4.for.tests",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        nonce_window: timedelta = timedelta(minutes=3),
    ) -> None:
        self.token = token
        self.clock = clock
        self.nonce_window = nonce_window
        self.ledger = Ledger("discord", clock)
        self.faults = FaultScript()
        self.fail_next = self.faults.fail_next
        self.channels: dict[str, FakeChannel] = {}
        self.commands: list[Json] = []
        self.requests: list[str] = []  # every request, also the refused: "POST /channels/{channel}/messages"
        self.identifies: list[Json] = []
        self.identified_after: list[int] = []  # how many requests had come, for each of these
        self.resumes = 0
        self.close_next_identify: int | None = None
        self.acknowledges_heartbeats = True
        self.invited = True
        self.system_channel: str | None = None  # where the server greets who comes
        self.locale = "en-US"
        self.joined_at = _EPOCH  # when the bot came
        self.heartbeat_seconds = 41.25
        self._numbers = count(1)
        self._attachments: dict[str, Json] = {}
        self._dropped: dict[str, bytes] = {}
        self._nonces: dict[tuple[str, str], Json] = {}
        self._seen: dict[str, Seen] = {}
        self._sessions: dict[str, _Session] = {}
        self._connected = asyncio.Event()
        self.add_channel("general", id=GENERAL)

    # ------------------------------------------------------------ the house

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Open the doors, on a free port of loopback."""
        app = web.Application(client_max_size=1 << 25)
        app.router.add_get("/gateway", self._gateway)
        app.router.add_get("/attachments/{number}", self._kept)
        for method, path, work in self._routes():
            app.router.add_route(method, "/api/v10" + path, self._answering(f"{method} {path}", work))
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port: int = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close everything."""
        await self.disconnect(1001)
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """Where REST is."""
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway_url(self) -> str:
        """Where the gateway is."""
        return f"ws://127.0.0.1:{self.port}/gateway"

    def add_channel(
        self, name: str, *, id: str = "", type: int = TEXT, parent: str | None = None, bot_can: int = BOT
    ) -> str:
        """Add a channel, forum or thread (with its parent), and give its id. Do it before the bot connects."""
        channel = FakeChannel(id or self._id(), name, type, parent, bot_can)
        self.channels[channel.id] = channel
        return channel.id

    def messages(self, channel: str = GENERAL) -> list[Json]:
        """What everybody reads in a channel, oldest first."""
        return list(self.channels[channel].messages)

    def post_before(self, body: Json, channel: str = GENERAL) -> Json:
        """Put a message that the bot wrote earlier, in another version of it."""
        return self._post(self.channels[channel], body)

    def _id(self) -> str:
        milliseconds = (self.clock() - _EPOCH) // timedelta(milliseconds=1)
        return str((milliseconds << 22) + next(self._numbers))

    # ------------------------------------------------------------ a person at the keyboard

    async def slash(
        self,
        path: str,
        options: Mapping[str, str | int | bool] | None = None,
        *,
        user: str = USER,
        channel: str = GENERAL,
        locale: str = "en-US",
        permissions: int = MEMBER,
        permissions_in: Mapping[str, int] | None = None,
        guild: str = GUILD,
        id: str | None = None,
    ) -> Seen:
        """Type a slash command, and give what is seen once there is something to see.

        path: "brief search", "brief topic add". options: by name; a channel by its id. permissions: the user's in this
        channel; permissions_in: in channels named by an option. guild: another server; "": none, a conversation with
        the bot alone. id: to repeat an interaction.
        """
        await self.registered()
        data = self._command_data(path, options or {}, permissions_in or {}, complete=True)
        seen = await self._interact(_COMMAND, data, user, channel, locale, permissions, guild=guild, id=id)
        return await seen.until(lambda seen: bool(seen.messages or seen.modal))

    async def on_message(self, name: str, message: Json, *, locale: str = "en-US", permissions: int = MEMBER) -> Seen:
        """Choose a command from the menu of a message, and give what is seen once there is something to see."""
        await self.registered()
        assert name in {command["name"] for command in self.commands if command["type"] == 3}, "no such command"
        resolved = {"messages": {message["id"]: message}}
        data = {"id": "2", "name": name, "type": 3, "target_id": message["id"], "resolved": resolved}
        seen = await self._interact(_COMMAND, data, USER, message["channel_id"], locale, permissions)
        return await seen.until(lambda seen: bool(seen.messages))

    async def slash_unanswered(self, path: str, options: Mapping[str, str | int | bool] | None = None) -> Seen:
        """Type a slash command that may never be answered, and give what is seen at once."""
        await self.registered()
        data = self._command_data(path, options or {}, {}, complete=True)
        return await self._interact(_COMMAND, data, USER, GENERAL, "en-US", MEMBER)

    async def seen(self, number: int = 1, *, seconds: float = 60) -> Seen:
        """Give what came of the interaction of this number, once it was begun; the first is 1."""
        await self.until(lambda: len(self._seen) >= number, seconds=seconds)
        return list(self._seen.values())[number - 1]

    async def until(self, condition: Callable[[], object], *, seconds: float = 60) -> None:
        """Wait until the condition holds, which may be about anything that this server does."""
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - about anything, logs too: there is no event for that
                await asyncio.sleep(0.005)

    async def press(
        self,
        message: Json,
        custom_id: str,
        *,
        user: str = USER,
        locale: str = "en-US",
        permissions: int = MEMBER,
        channel: str = "",
        guild: str = GUILD,
        visible: bool = True,
        forged: bool = False,
        id: str | None = None,
    ) -> Seen:
        """Press a button of a message, and give what is seen of it.

        channel, guild: others than the message's. visible: wait until there is something to see, else only until it is
        answered. forged: the button need not exist. id: to repeat an interaction.
        """
        assert forged or custom_id in {button["custom_id"] for button in buttons(message)}, "no such button"
        return await self._touch(
            message,
            {"component_type": 2, "custom_id": custom_id},
            user,
            locale,
            permissions,
            channel,
            guild,
            visible,
            id,
        )

    async def choose(
        self,
        message: Json,
        value: str,
        *,
        user: str = USER,
        locale: str = "en-US",
        permissions: int = MEMBER,
        channel: str = "",
        guild: str = GUILD,
        visible: bool = True,
        id: str | None = None,
    ) -> Seen:
        """Choose what has this value in a menu of a message, and give what is seen of it; the rest as in `press`."""
        menus = [one for one in walk(message["components"]) if value in {o["value"] for o in one.get("options") or []}]
        assert menus, "nothing to choose has this value"
        data = {"component_type": 3, "custom_id": menus[0]["custom_id"], "values": [value]}
        return await self._touch(message, data, user, locale, permissions, channel, guild, visible, id)

    async def _touch(
        self,
        message: Json,
        data: Json,
        user: str,
        locale: str,
        permissions: int,
        channel: str,
        guild: str,
        visible: bool,
        id: str | None,
    ) -> Seen:
        place = channel or message["channel_id"]
        seen = await self._interact(
            _COMPONENT, data, user, place, locale, permissions, message=message, guild=guild, id=id
        )
        return await seen.until(
            lambda seen: bool(seen.messages or seen.modal) if visible else seen.first_response is not None
        )

    async def submit(
        self,
        opened: Seen,
        values: Mapping[str, str | Sequence[str] | bool],
        *,
        locale: str = "en-US",
        permissions: int = MEMBER,
        permissions_in: Mapping[str, int] | None = None,
        guild: str = GUILD,
    ) -> Seen:
        """Send the modal that was opened, with these values and else what stood in it, and give what is seen of it."""
        assert opened.modal is not None, "no modal is open"
        sent = modals.sent(opened.modal, values)
        resolved = {"channels": self._resolved(modals.channels(sent), permissions_in or {})}
        data = {"custom_id": opened.modal["custom_id"], "components": sent, "resolved": resolved}
        seen = await self._interact(
            _SUBMIT, data, opened.user, opened.channel, locale, permissions, message=opened.source, guild=guild
        )
        return await seen.until(lambda seen: bool(seen.messages))

    async def autocomplete(
        self,
        path: str,
        option: str,
        typed: str,
        options: Mapping[str, str | int | bool] | None = None,
        *,
        user: str = USER,
        channel: str = GENERAL,
        locale: str = "en-US",
        permissions: int = MEMBER,
        guild: str = GUILD,
    ) -> list[str]:
        """Type into an option, and give the values offered."""
        await self.registered()
        data = self._command_data(path, {**(options or {}), option: typed}, {}, focused=option)
        seen = await self._interact(_AUTOCOMPLETE, data, user, channel, locale, permissions, guild=guild)
        await seen.until(lambda seen: seen.choices is not None)
        return seen.choices or []

    def command(self, path: str) -> Json:
        """Give the definition of a command, as it was registered: "brief topic add"."""
        things, found = self.commands, None
        for name in path.split():
            found = next((thing for thing in things if thing["name"] == name), None)
            assert found is not None, f"no command {path!r} is registered"
            things = found.get("options") or []
        assert found is not None
        return found

    def _command_data(
        self,
        path: str,
        given: Mapping[str, str | int | bool],
        permissions_in: Mapping[str, int],
        *,
        complete: bool = False,
        focused: str = "",
    ) -> Json:
        """Build the data of an interaction as Discord's own client would allow it."""
        defined = {option["name"]: option for option in self.command(path).get("options") or []}
        assert set(given) <= set(defined), f"{path!r} takes {sorted(defined)}"
        if complete:
            missing = {name for name, option in defined.items() if option.get("required")} - set(given)
            assert not missing, f"{path!r} needs {sorted(missing)}"
        options: list[Json] = []
        for name, value in given.items():
            option = defined[name]
            assert isinstance(value, _OPTION_TYPES[option["type"]]), f"{name}: of type {option['type']}"
            if option.get("choices"):
                assert value in {choice["value"] for choice in option["choices"]}, f"{name}: not one of the choices"
            if kinds := option.get("channel_types"):
                assert self.channels[str(value)].type in kinds, f"{name}: the picker does not offer it"
            options.append({"name": name, "type": option["type"], "value": value})
            if name == focused:
                assert option.get("autocomplete"), f"{name} does not complete"
                options[-1]["focused"] = True
        named = [str(value) for name, value in given.items() if defined[name]["type"] == 7]
        resolved = self._resolved(named, permissions_in)
        root, *rest = path.split()
        for depth, name in reversed(list(enumerate(rest, 1))):
            options = [{"name": name, "type": 1 if depth == len(rest) else 2, "options": options}]
        handed = [str(value) for name, value in given.items() if defined[name]["type"] == 11]
        everything = {"channels": resolved, "attachments": {number: self._attachments[number] for number in handed}}
        return {"id": "1", "name": root, "type": 1, "options": options, "resolved": everything}

    def has_file(self, name: str, content: bytes, **told: Any) -> str:
        """Let a person have a file to hand over with a command; give its id."""
        number = self._id()
        self._dropped[number] = content
        address = f"http://127.0.0.1:{self.port}/attachments/{number}"
        described = {"id": number, "filename": name, "size": len(content), "url": address, "proxy_url": address}
        self._attachments[number] = described | {"content_type": "text/x-opml"} | told
        return number

    async def _kept(self, request: web.Request) -> web.Response:
        """Give a file that was handed over, to whoever has its address: "CDN" of the reference."""
        return web.Response(body=self._dropped[request.match_info["number"]])

    def _resolved(self, channels: Sequence[str], permissions_in: Mapping[str, int]) -> Json:
        return {
            channel: self.channels[channel].json() | {"permissions": str(permissions_in.get(channel, MEMBER))}
            for channel in channels
        }

    async def _interact(
        self,
        type: int,
        data: Json,
        user: str,
        channel: str,
        locale: str,
        permissions: int,
        *,
        message: Json | None = None,
        guild: str = GUILD,
        id: str | None = None,
    ) -> Seen:
        await self.connected()
        place = self.channels[channel]
        number = id or self._id()
        seen = Seen(number, f"token-{self._id()}", type, channel, user, source=message)
        seen.started = asyncio.get_running_loop().time()
        seen.expires = self.clock() + timedelta(minutes=15)
        self._seen[seen.token] = seen
        member = {"user": _user(user), "roles": [], "permissions": str(permissions), "flags": 0, "deaf": False}
        member |= {"mute": False, "joined_at": _EPOCH.isoformat()}
        event = {"id": number, "application_id": APPLICATION, "type": type, "data": data, "token": seen.token}
        event |= {"guild_id": guild, "member": member} if guild else {"user": member["user"]}
        event |= {"channel": place.json(), "channel_id": channel, "version": 1}
        event |= {"locale": locale, "guild_locale": "en-US", "app_permissions": str(place.bot_can), "context": 0}
        event |= {"entitlements": [], "authorizing_integration_owners": {"0": GUILD}, "attachment_size_limit": 1 << 20}
        await self.dispatch("INTERACTION_CREATE", event | ({"message": message} if message else {}))
        return seen

    # ------------------------------------------------------------ REST

    def _routes(self) -> list[tuple[str, str, Callable[[web.Request, Json], Awaitable[web.StreamResponse]]]]:
        callback, hook = "/interactions/{interaction}/{token}/callback", "/webhooks/{application}/{token}"
        return [
            ("GET", "/users/@me", self._me),
            ("POST", "/users/@me/channels", self._private),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/applications/@me", self._application),
            ("GET", "/gateway", self._gateway_address),
            ("GET", "/gateway/bot", self._gateway_address),
            ("PUT", "/applications/{application}/commands", self._put_commands),
            ("GET", "/applications/{application}/commands", self._get_commands),
            ("GET", "/guilds/{guild}/members/{user}", self._get_member),
            ("GET", "/channels/{channel}", self._get_channel),
            ("GET", "/channels/{channel}/messages", self._history),
            ("POST", "/channels/{channel}/messages", self._create),
            ("PATCH", "/channels/{channel}/messages/{message}", self._edit),
            ("POST", "/channels/{channel}/messages/{message}/threads", self._thread_under),
            ("POST", "/channels/{channel}/threads", self._forum_post),
            ("POST", callback, self._callback),
            ("POST", hook, self._follow_up),
            ("GET", hook + "/messages/{message}", self._get_answer),
            ("PATCH", hook + "/messages/{message}", self._edit_answer),
        ]

    def _answering(
        self, name: str, work: Callable[[web.Request, Json], Awaitable[web.StreamResponse]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            raw, files = await _parts(request)
            try:
                body: Json = {"commands": json.loads(raw)} if name.startswith("PUT") else json.loads(raw or b"{}")
            except ValueError:
                return _json({"code": 50109, "message": "The request body contains invalid JSON."}, 400)
            self.requests.append(name)
            if problem := _unfit(body, files):
                return _json(_invalid([problem]).body, 400)
            if files:
                body["attachments"] = [{**one, **files[one["id"]]} for one in body["attachments"]]

            async def guarded() -> web.StreamResponse:
                try:
                    # An interaction's token is its own right to speak; all else is the bot's.
                    if "{token}" not in name and request.headers.get("Authorization") != f"Bot {self.token}":
                        raise _Refused(401, 0, "401: Unauthorized")
                    return await work(request, body)
                except _Refused as refused:
                    return _json(refused.body, refused.status)

            return await self.faults.answer(request, name, body, guarded, error=_coded)

        return handle

    async def _me(self, request: web.Request, body: Json) -> web.Response:
        return _json(_user(BOT_USER, bot=True))

    async def _private(self, request: web.Request, body: Json) -> web.Response:
        """The conversation with somebody: docs.discord.com/developers/resources/user, "Create DM"."""
        channel = self.channels.setdefault(f"9{body['recipient_id']}", FakeChannel(f"9{body['recipient_id']}", "", DM))
        return _json({"id": channel.id, "type": DM, "recipients": [_user(body["recipient_id"])]})

    async def _application(self, request: web.Request, body: Json) -> web.Response:
        data = {"id": APPLICATION, "name": "Briefbot", "description": "", "icon": None, "bot_public": False, "flags": 0}
        return _json(data | {"bot_require_code_grant": False, "owner": _user(USER), "verify_key": "0" * 64})

    async def _gateway_address(self, request: web.Request, body: Json) -> web.Response:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return _json({"url": self.gateway_url, "shards": 1, "session_start_limit": limit})

    async def _put_commands(self, request: web.Request, body: Json) -> web.Response:
        if complaints := command_complaints(body["commands"]):
            raise _invalid(complaints)
        ours = {"application_id": APPLICATION, "version": "1", "default_member_permissions": None, "type": 1}
        self.commands = [ours | command | {"id": self._id()} for command in body["commands"]]
        return _json(self.commands)

    async def _get_commands(self, request: web.Request, body: Json) -> web.Response:
        return _json(self.commands)

    # ------------------------------------------------------------ channels

    def _channel(self, request: web.Request, needed: int = VIEW) -> FakeChannel:
        channel = self.channels.get(request.match_info["channel"])
        if channel is None:
            raise _Refused(404, 10003, "Unknown Channel")
        if not channel.bot_can & VIEW:
            raise _Refused(403, 50001, "Missing Access")
        if channel.bot_can & needed != needed:
            raise _Refused(403, 50013, "Missing Permissions")
        return channel

    async def _get_member(self, request: web.Request, body: Json) -> web.Response:
        user = _user(request.match_info["user"])
        return _json(
            {
                "user": user,
                "roles": [],
                "joined_at": self.joined_at.isoformat(),
                "flags": 0,
                "deaf": False,
                "mute": False,
            }
        )

    async def _get_channel(self, request: web.Request, body: Json) -> web.Response:
        return _json(self._channel(request).json())

    async def _history(self, request: web.Request, body: Json) -> web.Response:
        found = self._channel(request, VIEW | HISTORY).messages
        if "after" in request.query:
            found = [message for message in found if int(message["id"]) > int(request.query["after"])]
        if "before" in request.query:
            found = [message for message in found if int(message["id"]) < int(request.query["before"])]
        limit = int(request.query.get("limit", 50))
        # `after` counts from the oldest, else from the newest; the answer is newest first either way.
        return _json((found[:limit] if "after" in request.query else found[-limit:])[::-1])

    async def _create(self, request: web.Request, body: Json) -> web.Response:
        channel = self._channel(request)
        if channel.type == FORUM:
            raise _Refused(400, 50008, "Cannot send messages in a non-text channel")
        self._channel(request, THREAD_SEND if channel.type == PUBLIC_THREAD else SEND)
        self._check(channel, body)
        key = (channel.id, str(body.get("nonce")))
        if body.get("enforce_nonce") and (first := self._first(key)):
            return _json(first)
        if reference := body.get("message_reference"):
            ids = {message["id"] for message in channel.messages}
            if reference["message_id"] not in ids and reference.get("fail_if_not_exists", True):
                raise _invalid(["message_reference: Unknown message"])
        message = self._post(channel, body)
        if "nonce" in body:
            self._nonces[key] = message
        self.ledger.append("POST /channels/{channel}/messages", channel.id, body, message)
        return _json(message)

    async def _edit(self, request: web.Request, body: Json) -> web.Response:
        channel, number = self._channel(request), request.match_info["message"]
        found = next((message for message in channel.messages if message["id"] == number), None)
        if found is None:
            raise _Refused(404, 10008, "Unknown Message")
        if found["author"]["id"] != BOT_USER:
            raise _Refused(403, 50005, "Cannot edit a message authored by another user")
        self._change(found, body)
        self.ledger.append("PATCH /channels/{channel}/messages/{message}", channel.id, body, found)
        return _json(found)

    def _change(self, message: Json, body: Json) -> None:
        """Edit a message, as "Edit Message" of the Message Resource has it."""
        if complaints := edit_complaints(message, body):
            raise _invalid(complaints)
        message.update(
            {key: body[key] or message[key][:0] for key in ("content", "embeds", "components") if key in body}
        )
        # Of the flags only these can be edited, and this one never taken away: that is ignored without an error.
        message["flags"] |= body.get("flags", 0) & IS_COMPONENTS_V2
        message["edited_timestamp"] = self.clock().isoformat()

    def _first(self, key: tuple[str, str]) -> Json | None:
        """Give the message that this channel and nonce stand for, while Discord remembers it."""
        message = self._nonces.get(key)
        if message is None or self.clock() - datetime.fromisoformat(message["timestamp"]) >= self.nonce_window:
            return None
        return message

    def _check(self, channel: FakeChannel, body: Json) -> None:
        if complaints := message_complaints(body):
            raise _invalid(complaints)
        if body.get("embeds") and not channel.bot_can & EMBED:
            raise _Refused(403, 50013, "Missing Permissions")

    def _post(self, channel: FakeChannel, body: Json, *, id: str = "") -> Json:
        message = self._message(channel.id, body, id=id)
        if not message["flags"] & EPHEMERAL:
            channel.messages.append(message)
        return message

    def _message(self, channel: str, body: Json, *, id: str = "") -> Json:
        message = {"id": id or self._id(), "channel_id": channel, "type": 0, "author": _user(BOT_USER, bot=True)}
        message |= {"content": body.get("content") or "", "embeds": body.get("embeds") or []}
        message |= {"flags": body.get("flags", 0)}
        message |= {"components": body.get("components") or [], "timestamp": self.clock().isoformat()}
        message |= {"edited_timestamp": None, "mentions": [], "mention_roles": [], "mention_everyone": False}
        message |= {"attachments": body.get("attachments") or [], "pinned": False, "tts": False}
        return message | {key: body[key] for key in ("nonce", "message_reference") if key in body}

    async def _thread_under(self, request: web.Request, body: Json) -> web.Response:
        channel = self._channel(request, THREADS)
        number = request.match_info["message"]
        if channel.type != TEXT:
            raise _Refused(400, 50024, "Cannot execute action on this channel type")
        if number not in {message["id"] for message in channel.messages}:
            raise _Refused(404, 10008, "Unknown Message")
        if number in self.channels:
            raise _Refused(400, 160004, "A thread has already been created for this message")
        return _json(await self._add_thread(channel, number, body.get("name", "")), 201)

    async def _forum_post(self, request: web.Request, body: Json) -> web.Response:
        channel = self._channel(request, SEND)
        if channel.type != FORUM:
            raise _invalid(["type: a thread of a text channel is no post"])
        starter = body.get("message") or {}
        if set(starter) & {"nonce", "enforce_nonce", "message_reference"}:
            raise _invalid(["message: the first message of a post takes no nonce and no reference"])
        self._check(channel, starter)
        number = self._id()
        thread = await self._add_thread(channel, number, body.get("name", ""))
        message = self._post(self.channels[number], starter, id=number)
        self.ledger.append("POST /channels/{channel}/threads", channel.id, body, message)
        return _json(thread | {"message": message}, 201)

    async def _add_thread(self, parent: FakeChannel, number: str, name: str) -> Json:
        if not 0 < size(name) <= THREAD_NAME:
            raise _invalid([f"name: 1 to {THREAD_NAME} characters"])
        thread = FakeChannel(number, name, PUBLIC_THREAD, parent.id, parent.bot_can)
        self.channels[number] = thread
        await self.dispatch("THREAD_CREATE", thread.json() | {"newly_created": True})
        return thread.json()

    # ------------------------------------------------------------ interactions

    def _interaction(self, request: web.Request) -> Seen:
        seen = self._seen.get(request.match_info["token"])
        if seen is None or self.clock() >= seen.expires:
            raise _Refused(404, 10015, "Unknown Webhook")
        return seen

    async def _callback(self, request: web.Request, body: Json) -> web.Response:
        seen = self._interaction(request)
        elapsed = asyncio.get_running_loop().time() - seen.started
        if seen.first_response is not None:
            raise _Refused(400, 40060, "Interaction has already been acknowledged.")
        if elapsed > 3:
            raise _Refused(404, 10062, "Unknown interaction")
        kind, data = body["type"], body.get("data") or {}
        if kind not in _ANSWERS[seen.type]:
            raise _invalid([f"type: {kind} does not answer an interaction of type {seen.type}"])
        flags = data.get("flags", 0)
        if kind == 8:
            seen.choices = self._choices(data)
        elif kind == 9:
            if complaints := list(modals.modal_complaints(data)):
                raise _invalid(complaints)
            seen.modal = data
        elif kind in {4, 7}:
            self._show(
                seen, "POST /interactions/{interaction}/{token}/callback", data, seen.source if kind == 7 else None
            )
        seen.first_response = elapsed
        seen.deferred = kind in {5, 6}
        seen.ephemeral = bool(flags & EPHEMERAL)
        if kind == 6:
            seen.original = seen.source
        seen.changed.set()
        return (
            _json({"interaction": {"id": seen.id, "type": seen.type}})
            if "with_response" in request.query
            else web.Response(status=204)
        )

    def _choices(self, data: Json) -> list[str]:
        choices = data.get("choices", [])
        if len(choices) > 25 or any(
            not 0 < size(str(choice[key])) <= 100 for choice in choices for key in ("name", "value")
        ):
            raise _invalid(["choices: at most 25 of 1 to 100 characters"])
        return [choice["value"] for choice in choices]

    async def _follow_up(self, request: web.Request, body: Json) -> web.Response:
        seen = self._interaction(request)
        if seen.first_response is None:
            raise _Refused(404, 10015, "Unknown Webhook")
        # Right after "thinking…", a follow-up is the edit it stands for, and keeps the visibility chosen then.
        if seen.deferred and seen.original is None:
            return _json(self._show(seen, "POST /webhooks/{application}/{token}", _as_begun(seen, body)))
        return _json(self._show(seen, "POST /webhooks/{application}/{token}", body, follow_up=True))

    async def _get_answer(self, request: web.Request, body: Json) -> web.Response:
        seen, number = self._interaction(request), request.match_info["message"]
        if seen.deferred and seen.original is None and number == "@original":
            return _json(self._message(seen.channel, {"flags": LOADING | EPHEMERAL * seen.ephemeral}))
        return _json(self._answer(seen, number))

    async def _edit_answer(self, request: web.Request, body: Json) -> web.Response:
        seen, number = self._interaction(request), request.match_info["message"]
        name = "PATCH /webhooks/{application}/{token}/messages/{message}"
        if seen.deferred and seen.original is None and number == "@original":
            return _json(self._show(seen, name, _as_begun(seen, body)))
        return _json(self._show(seen, name, body, self._answer(seen, number)))

    def _answer(self, seen: Seen, number: str) -> Json:
        shown = [seen.original] if number == "@original" else [m for m in seen.messages if m["id"] == number]
        if not shown or shown[0] is None:
            raise _Refused(404, 10008, "Unknown Message")
        return shown[0]

    def _show(self, seen: Seen, name: str, body: Json, edited: Json | None = None, *, follow_up: bool = False) -> Json:
        """Show a new message, or `edited` as the body now has it."""
        if edited is None:
            if complaints := message_complaints(body):
                raise _invalid(complaints)
            message = self._post(self.channels[seen.channel], body)
        else:
            self._change(edited, body)
            message = edited
        if not follow_up:
            seen.original = message
        seen.show(message)
        self.ledger.append(name, seen.channel, body, message)
        return message

    # ------------------------------------------------------------ the gateway

    async def connected(self, *, seconds: float = 60) -> None:
        """Wait until the bot listens."""
        async with asyncio.timeout(seconds):
            await self._connected.wait()

    async def registered(self) -> None:
        """Wait until the bot listens, and has said which commands there are."""
        await self.connected()
        await self.until(lambda: self.commands)

    @property
    def listening(self) -> int:
        """How many connections hear of events now."""
        return sum(session.socket is not None for session in self._sessions.values())

    async def dispatch(self, event: str, data: Json) -> None:
        """Tell every session of an event; those that are away hear it when they resume."""
        for session in self._sessions.values():
            session.sequence += 1
            frame = {"op": 0, "t": event, "s": session.sequence, "d": data}
            session.sent.append(frame)
            if session.socket is not None and not session.socket.closed:
                await session.socket.send_json(frame)

    async def invite(self) -> None:
        """Invite the bot to the server, while it is connected."""
        await self.dispatch(
            "GUILD_CREATE", {key: value for key, value in self._guild().items() if key != "unavailable"}
        )

    async def disconnect(self, code: int = 4000) -> None:
        """Close every gateway connection; sessions can be resumed."""
        self._connected.clear()
        for session in self._sessions.values():
            socket, session.socket = session.socket, None
            if socket is not None:
                await socket.close(code=code)

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every session that it is invalid."""
        self._connected.clear()
        sessions = list(self._sessions.values())
        if not resumable:
            self._sessions.clear()
        for session in sessions:
            if session.socket is not None:
                await session.socket.send_json({"op": 9, "d": resumable})

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": self.heartbeat_seconds * 1000}})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._heard(socket, json.loads(message.data))
        for session in self._sessions.values():
            if session.socket is socket:
                session.socket = None
        if all(session.socket is None for session in self._sessions.values()):
            self._connected.clear()
        return socket

    async def _heard(self, socket: web.WebSocketResponse, frame: Json) -> None:
        if frame["op"] == 1 and self.acknowledges_heartbeats:
            await socket.send_json({"op": 11})
        elif frame["op"] == 2:
            await self._identify(socket, frame["d"])
        elif frame["op"] == 6:
            await self._resume(socket, frame["d"])

    async def _identify(self, socket: web.WebSocketResponse, data: Json) -> None:
        self.identifies.append(data)
        self.identified_after.append(len(self.requests))
        code, self.close_next_identify = self.close_next_identify, None
        if data["token"] != self.token:
            code = 4004
        if code is not None:
            await socket.close(code=code)
            return
        session = _Session(self._id(), socket)
        self._sessions[session.id] = session
        ready = {
            "v": 10,
            "user": _user(BOT_USER, bot=True),
            "session_id": session.id,
            "shard": data.get("shard", [0, 1]),
        }
        guilds = [{"id": GUILD, "unavailable": True}] if self.invited else []
        ready |= {"guilds": guilds, "application": {"id": APPLICATION, "flags": 0}}
        ready["resume_gateway_url"] = self.gateway_url
        for event, content in (("READY", ready), ("GUILD_CREATE", self._guild()))[: 1 + len(guilds)]:
            session.sequence += 1
            await socket.send_json({"op": 0, "t": event, "s": session.sequence, "d": content})
        self._connected.set()

    async def _resume(self, socket: web.WebSocketResponse, data: Json) -> None:
        session = self._sessions.get(data["session_id"] or "")
        if session is None or data["token"] != self.token:
            await socket.send_json({"op": 9, "d": False})
            return
        self.resumes += 1
        session.socket = socket
        for frame in list(session.sent):
            if frame["s"] > data["seq"]:
                await socket.send_json(frame)
        session.sequence += 1
        await socket.send_json({"op": 0, "t": "RESUMED", "s": session.sequence, "d": {}})
        self._connected.set()

    def _guild(self) -> Json:
        everyone = {"id": GUILD, "name": "@everyone", "permissions": str(BOT), "position": 0, "color": 0, "flags": 0}
        everyone |= {"hoist": False, "managed": False, "mentionable": False, "colors": {"primary_color": 0}}
        own = {"user": _user(BOT_USER, bot=True), "roles": [], "joined_at": self.joined_at.isoformat(), "flags": 0}
        channels = [channel.json() for channel in self.channels.values() if channel.type != PUBLIC_THREAD]
        threads = [channel.json() for channel in self.channels.values() if channel.type == PUBLIC_THREAD]
        guild = {
            "id": GUILD,
            "name": "The team",
            "owner_id": USER,
            "roles": [everyone],
            "members": [own | {"deaf": False, "mute": False}],
        }
        guild |= {
            "channels": channels,
            "threads": threads,
            "member_count": 2,
            "emojis": [],
            "stickers": [],
            "features": [],
        }
        return guild | {
            "preferred_locale": self.locale,
            "system_channel_id": self.system_channel,
            "large": False,
            "unavailable": False,
            "voice_states": [],
            "presences": [],
        }


async def _parts(request: web.Request) -> tuple[bytes, dict[int, Json]]:
    """Take a request apart: its JSON, and the files of "Uploading Files": files[n] beside payload_json."""
    if request.content_type != "multipart/form-data":
        return await request.read(), {}
    form = await request.post()
    files: dict[int, Json] = {}
    for key, part in form.items():
        if isinstance(part, web.FileField):
            content = part.file.read()
            files[int(key[6:-1])] = {"filename": part.filename, "size": len(content), "content": content}
    told = form["payload_json"]  # aiohttp gives bytes where a part names another type than text
    return told.encode() if isinstance(told, str) else bytes(told), files


def _unfit(body: Json, files: dict[int, Json]) -> str:
    """Say what is wrong with files: each is described, and none is larger than 10 MiB: a server without boosts."""
    described = {one["id"]: one.get("filename") for one in body.get("attachments") or []}
    if described != {number: one["filename"] for number, one in files.items()}:
        return "attachments: do not go with the files"
    return "files: too large" if any(one["size"] > 10 << 20 for one in files.values()) else ""


def _as_begun(seen: Seen, body: Json) -> Json:
    """Give the message that takes the place of "thinking…": who sees it was settled then."""
    return body | {"flags": body.get("flags", 0) & ~EPHEMERAL | EPHEMERAL * seen.ephemeral}


def _user(number: str, *, bot: bool = False) -> Json:
    name = "briefbot" if bot else f"user{number[-3:]}"
    return {"id": number, "username": name, "discriminator": "0", "global_name": None, "avatar": None, "bot": bot}


def _coded(code: str) -> web.Response:
    """Answer with an error code of Discord's, with the status that goes with it."""
    number = int(code)
    return _json(
        {"code": number, "message": f"error {number}"},
        404 if number < 20000 else 403 if number in {50001, 50013} else 400,
    )
