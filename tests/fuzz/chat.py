"""The chat platforms, as targets: each with its fake on loopback, its official SDK and a dispatcher over four articles.

The first byte says what people do, the rest is what they type. What ends in a traceback of the log is a finding, and
so is what gets no answer. One input in WHOLE, by its sum, takes the whole way, which is twenty milliseconds and more;
the others are read as the dispatcher reads them, and shown as the platform shows them.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
import tempfile
import zlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, get_args

from bot import present
from bot.app import App
from bot.base.i18n import Messages
from bot.base.reply import Action, Reply
from bot.base.web import Web
from bot.commands import COMMANDS
from bot.commands.arguments import _PARSERS
from bot.commands.dispatcher import _whole
from bot.grammar import Grammar
from bot.operations.registry import adapters
from bot.platforms.discord.adapter import DiscordAdapter
from bot.platforms.discord.transport import sendable
from bot.platforms.discord.tree import PLACES
from briefs.config import Config
from briefs.errors import BriefsError
from briefs.topics import parse_look_up, parse_topic
from tests.dispatcher import ARTICLES, MONDAY, Clock, open_office
from tests.fakes.discord import GENERAL, MANAGER, FakeDiscord
from tests.fakes.discord_limits import message_complaints
from tests.fakes.slack import Browser, FakeSlack
from tests.fakes.slack_limits import refusal
from tests.test_vault import key

Take = Callable[[int, str, bytes], Awaitable[None]]
Show = Callable[[Reply], None]
WHOLE = 16
_PATIENCE = 60.0  # seconds for an answer; others use the machine as well
_BETWEEN = timedelta(minutes=10)  # by the clock of the bot: nobody asks too often


class _Traceback(logging.Handler):
    """Keeps the errors that the log tells of with a traceback."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.errors: list[tuple[str, BaseException]] = []  # with the name of the logger

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            self.errors.append((record.name, record.exc_info[1]))


Begin = Callable[[AsyncExitStack, Path, Clock, _Traceback], Awaitable[tuple[Take, Show]]]


def takes_the_whole_way(data: bytes) -> bool:
    """Whether an input does: always the same."""
    return zlib.crc32(data) % WHOLE == 0


class Chat:
    """A platform that is up, in an event loop of its own. begin: brings it up, and gives what takes an input."""

    def __init__(self, begin: Begin) -> None:
        self._loop = asyncio.new_event_loop()
        self._clock = Clock(MONDAY)
        self._log = _Traceback()
        logging.getLogger().addHandler(self._log)
        folder = Path(tempfile.mkdtemp(prefix="fuzz-chat-"))
        self._take, self._show = self._loop.run_until_complete(begin(AsyncExitStack(), folder, self._clock, self._log))

    def __call__(self, data: bytes) -> None:
        """Take one input, and raise what it led to."""
        self._clock.now += _BETWEEN
        self._log.errors.clear()
        kind, rest = data[:1] or b"\0", data[1:]
        text = rest.decode("utf-8", "surrogateescape")
        if takes_the_whole_way(data):
            self._loop.run_until_complete(self._take(kind[0], text, rest))
        else:
            read_and_shown(text, self._show)
        if self._log.errors:
            raise self._log.errors[0][1]


_GRAMMAR, _MESSAGES = Grammar(COMMANDS), Messages("en")
_READERS: Mapping[str, Callable[[str], object]] = {
    **_PARSERS,
    "query": lambda text: parse_look_up(text, MONDAY),
    "expression": parse_topic,
}


def read_and_shown(text: str, show: Show) -> None:
    """Read what somebody typed, without doing it, and show it to them again; or what is wrong with it."""
    try:
        request = _GRAMMAR.read(_whole(text), ("Open links",))
        named = request.instead or request.command
        kinds = {param.name: param.kind for command in COMMANDS if command.name == named for param in command.params}
        for name, typed in request.arguments.items():
            _READERS.get(kinds.get(name, ""), str)(typed)
            show(present.note(typed, _MESSAGES))
    except BriefsError as error:
        show(present.error(error, _MESSAGES))


@cache
def _chat(begin: Begin) -> Chat:
    return Chat(begin)


def slack(data: bytes) -> None:
    """Send what Slack would, signed: a command, a mention, a button; or any body at all."""
    _chat(_slack)(data)


def discord(data: bytes) -> None:
    """Send what Discord would: a command with its options, a completion, a button."""
    _chat(_discord)(data)


async def _slack(stack: AsyncExitStack, folder: Path, clock: Clock, log: _Traceback) -> tuple[Take, Show]:
    fake = await stack.enter_async_context(FakeSlack())
    fake.clock = lambda: clock.now.timestamp()
    environment = {
        "SLACK_CLIENT_ID": fake.client_id,
        "SLACK_CLIENT_SECRET": fake.client_secret,
        "SLACK_SIGNING_SECRET": fake.signing_secret,
        "BRIEFBOT_HTTP": "127.0.0.1:0",
        "BRIEFBOT_KEY": key(),
        "BRIEFBOT_SLACK_API": fake.api_url,
    }
    app = App(Config.load(None), f"sqlite:///{folder}/b.db", environment=environment, clock=clock)
    app.archive.add(ARTICLES)
    bot = adapters(app)["slack"]
    await bot.start()
    server = await stack.enter_async_context(Web("127.0.0.1:0", bot.routes()))
    fake.calls_at = f"http://127.0.0.1:{server.address[1]}/slack/events"
    assert await Browser(fake).install("T1") == 200
    there = fake.workspaces["T1"]
    (shown,) = await fake.slash("/brief", "help")

    async def take(kind: int, text: str, body: bytes) -> None:
        before = len(there.shown) + len(there.modals)
        match kind % 4:
            case 0:
                when = str(int(clock.now.timestamp()))
                digest = hmac.new(fake.signing_secret.encode(), f"v0:{when}:".encode() + body, "sha256").hexdigest()
                headers = {"X-Slack-Request-Timestamp": when, "X-Slack-Signature": f"v0={digest}"}
                media = "application/json" if kind & 4 else "application/x-www-form-urlencoded"
                await fake.post(body, {**headers, "Content-Type": media})
                # What is left out of a body costs its listener, in Bolt's hands: only Slack can sign.
                log.errors = [error for error in log.errors if error[0] == "aiohttp.server"]
                return
            case 1:
                given = {"command": "/brief", "text": text, "user_id": "U1", "channel_id": "C1", "channel_name": "news"}
                payload = given | fake._handed_out(there, "C1", "U1")
                await _posted(fake, "slash_commands", payload)
            case 2:
                event = {"type": "app_mention", "text": text, "user": "U1", "channel": "C1", "ts": "1.1"}
                await _posted(fake, "events_api", fake.event({**event, "event_ts": "1.1"}))
            case 3:
                actions = get_args(Action)
                action, _, value = text.partition(" ")
                action = action if action in actions else actions[len(text) % len(actions)]
                pressed = {"action_id": f"{action}.0", "value": value, "type": "button", "block_id": "b"}
                container = {"type": "message", "message_ts": shown.ts, "channel_id": "C1", "is_ephemeral": True}
                about: dict[str, Any] = {"type": "block_actions", "user": {"id": "U1"}, "team": {"id": "T1"}}
                payload = about | {"container": container, "actions": [pressed], "channel": {"id": "C1", "name": "n"}}
                await _posted(fake, "interactive", payload | fake._handed_out(there, "C1", "U1"))
        await fake.until(lambda: len(there.shown) + len(there.modals) > before, "an answer", _PATIENCE)
        del there.shown[:], there.modals[:]

    def show(reply: Reply) -> None:
        wrong = [refusal(dict(message.payload)) for message in bot.transport.render(reply)]
        assert not any(wrong), wrong

    return take, show


async def _posted(fake: FakeSlack, kind: str, payload: dict[str, Any]) -> None:
    form = {name: os.fsencode(one) if isinstance(one, str) else one for name, one in payload.items()}
    body, headers = fake.signed(kind, form if kind == "slash_commands" else payload)
    assert await fake.post(body, headers) == 200


async def _discord(stack: AsyncExitStack, folder: Path, clock: Clock, log: _Traceback) -> tuple[Take, Show]:
    fake = await stack.enter_async_context(FakeDiscord())
    del log
    fake.clock = clock
    office = open_office(folder)
    bot = DiscordAdapter(office.dispatcher, token=fake.token, api_url=fake.api_url, gateway_url=fake.gateway_url)
    await bot.start()
    await fake.connected()
    message = (await fake.slash("brief help")).messages[0]

    async def take(kind: int, text: str, body: bytes) -> None:
        text = json.loads(json.dumps(text))
        if kind >= 250:
            await fake.press(message, text or "why:1", permissions=MANAGER, forged=True)
            return
        command = COMMANDS[kind % len(COMMANDS)]
        texts = text.split("\x1f")
        options: dict[str, str | int | bool] = {}
        for number, param in enumerate(command.params):
            if param.kind == "channel":
                options |= {param.name: GENERAL} if param.required else {}
            elif param.kind == "count":
                options |= {param.name: param.low} if param.required else {}
            elif param.kind == "file":
                options[param.name] = fake.has_file("a.opml", body)
            elif param.required or number < len(texts):
                options[param.name] = texts[number % len(texts)] or "a"
        place = f"brief {PLACES.get(command.name, command.name)}"
        await fake.slash(place, options, permissions=MANAGER)
        completed = next((one for one in fake.command(place).get("options", ()) if one.get("autocomplete")), None)
        if completed is not None:
            await fake.autocomplete(place, completed["name"], texts[-1], permissions=MANAGER)

    def show(reply: Reply) -> None:
        wrong = [message_complaints(sendable(message.payload)) for message in bot.transport.render(reply)]
        assert not any(wrong), wrong

    return take, show
