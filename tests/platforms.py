"""The platforms that one suite holds to the same promises, each as people and as the delivery worker meet it.

What a test may ask of each: `transport` and `room`; `standing()`, the references of what people can read, in order;
`talking(dispatcher)`, within which somebody can `say` a command, as administrator or guest, and wait until it is
`acknowledged`. Of those behind a network also: `fail`, `limit` and, where it is an SDK that talks, `elsewhere`.
"""

from __future__ import annotations

import asyncio
import itertools
import queue
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Self

from bot.base.i18n import Messages
from bot.commands import Asked, Dispatcher
from bot.delivery.transport import Envelope, NotSent, Sought, Transport, Unknown
from bot.platforms.console.adapter import HERE, Console, ConsoleTransport
from bot.platforms.console.terminal import render
from bot.platforms.discord.adapter import DiscordAdapter
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.transport import DiscordTransport
from bot.platforms.discord.tree import PLACES
from bot.platforms.slack.adapter import SlackAdapter
from bot.platforms.slack.api import web_client
from bot.platforms.slack.transport import SlackTransport
from bot.present import note
from briefs.models import Channel
from tests.fakes import discord, ledger
from tests.fakes.discord import ADMINISTRATOR, EMBED, GENERAL, GUILD, MANAGER, MEMBER, SEND, VIEW, FakeDiscord
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_workspace import FakeUser
from tests.fakes.transport import RecordingTransport, Stored

Said = dict[str, str]  # the arguments of a command, by their names


class Platform:
    """What is the same of all."""

    room: Channel
    transport: Transport

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[Self]:
        yield cls()

    def envelope(self, uuid: str = "", thread: str | None = None, text: str = "Tencent") -> Envelope:
        """Give a delivery, of a new name where none is given."""
        payload = self.transport.render(note(text, Messages("en"), public=True))[0].payload
        uuid = uuid or self.new_uuid()
        return Envelope(self.room, payload, uuid, uuid[:25], thread)

    def new_uuid(self) -> str:
        return f"{next(self._numbers):08x}-0000-4000-8000-000000000001"

    def sought(self, uuid: str, thread: str | None = None) -> Sought:
        return Sought(self.room, uuid, datetime.now(UTC) - timedelta(minutes=5), thread)


class OnSlack(Platform):
    room = Channel("slack", "T1", "C1")
    post, read = "chat.postMessage", "conversations.history"

    def __init__(self, fake: FakeSlack) -> None:
        super().__init__()
        self.fake = fake
        fake.users |= {"U1": FakeUser("ann", is_admin=True), "U3": FakeUser("guest", is_guest=True)}
        fake.channels["C1"].members.add("U3")
        self.transport = self.elsewhere(fake.api_url)

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[Self]:
        async with FakeSlack() as fake:
            yield cls(fake)

    def elsewhere(self, url: str, **options: float) -> SlackTransport:
        return SlackTransport(web_client(self.fake.bot_token, url), **options)

    def standing(self) -> list[str]:
        return [entry.message["ts"] for entry in self.fake.ledger]

    def requests(self) -> int:
        return len(self.fake.calls)

    def attempts(self) -> int:
        return [method for method, _ in self.fake.calls].count(self.post)

    def fail(self, fault: ledger.Fault, method: str = post) -> None:
        self.fake.fail_next(method, fault)

    def limit(self, seconds: float, method: str = post) -> None:
        self.fail(ledger.rate_limited(seconds), method)

    def lock(self) -> None:
        """Take the right to read the history away."""
        self.fake.channels["C1"].bot = False

    @asynccontextmanager
    async def talking(self, dispatcher: Dispatcher) -> AsyncIterator[None]:
        bot = SlackAdapter(
            dispatcher, bot_token=self.fake.bot_token, app_token=self.fake.app_token, api_url=self.fake.api_url
        )
        await bot.start()
        yield
        await bot.stop()

    async def say(self, command: str, said: Said, *, guest: bool = False) -> str:
        shown, *_ = await self.fake.slash("/brief", _typed(command, said), user="U3" if guest else "U1")
        return _words(shown.text)

    async def acknowledged(self) -> None:
        await self.fake.until(lambda: len(self.fake.acks) == 1, "an acknowledgement")
        assert self.fake.acks[0].seconds < 3


class OnDiscord(Platform):
    room = Channel("discord", GUILD, GENERAL)
    post, read = "POST /channels/{channel}/messages", "GET /channels/{channel}/messages"

    def __init__(self, fake: FakeDiscord) -> None:
        super().__init__()
        self.fake = fake
        self._rests: list[Rest] = []
        self.transport = self.elsewhere(fake.api_url)

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[Self]:
        async with FakeDiscord() as fake:
            platform = cls(fake)
            yield platform
            for rest in platform._rests:
                await rest.close()

    def elsewhere(self, url: str, **options: float) -> DiscordTransport:
        self._rests.append(Rest(self.fake.token, url, "test", **options))
        return DiscordTransport(self._rests[-1])

    def standing(self) -> list[str]:
        return [entry.message["id"] for entry in self.fake.ledger if "messages" in entry.method.rpartition("/")[2]]

    def requests(self) -> int:
        return len(self.fake.requests)

    def attempts(self) -> int:
        return self.fake.requests.count(self.post)

    def fail(self, fault: ledger.Fault, method: str = post) -> None:
        self.fake.fail_next(method, fault)

    def limit(self, seconds: float, method: str = post) -> None:
        self.fail(discord.rate_limited(seconds), method)

    def lock(self) -> None:
        self.fake.channels[GENERAL].bot_can = VIEW | SEND | EMBED

    @asynccontextmanager
    async def talking(self, dispatcher: Dispatcher) -> AsyncIterator[None]:
        bot = DiscordAdapter(
            dispatcher, token=self.fake.token, api_url=self.fake.api_url, gateway_url=self.fake.gateway_url
        )
        await bot.start()
        yield
        await bot.stop()

    async def say(self, command: str, said: Said, *, guest: bool = False) -> str:
        permissions = MEMBER if guest else MANAGER | ADMINISTRATOR
        return _words(
            (await self.fake.slash(f"brief {PLACES.get(command, command)}", said, permissions=permissions)).text
        )

    async def acknowledged(self) -> None:
        await (await self.fake.seen()).until(lambda seen: seen.first_response is not None)  # what is late is refused


class OnConsole(Platform):
    """Who sits there is the operator: there are no guests."""

    room = HERE

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.transport = ConsoleTransport(self.shown.append)

    def standing(self) -> list[str]:
        return [str(number) for number in range(1, len(self.shown) + 1)]

    @asynccontextmanager
    async def talking(self, dispatcher: Dispatcher) -> AsyncIterator[None]:
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._answers: asyncio.Queue[str] = asyncio.Queue()
        console = Console(dispatcher, read=lambda _: self._lines.get(), show=self._answers.put_nowait)
        self.transport = console.transport
        running = asyncio.create_task(console.run())
        yield
        self._lines.put(None)
        await running

    async def say(self, command: str, said: Said) -> str:
        self._lines.put(_typed(command, said))
        return _words(await self._answers.get())

    async def acknowledged(self) -> None:
        """Who typed sees that it was taken; so what is left to hold is that digests are shown meanwhile."""
        await self.transport.send(self.envelope(text="Good morning"))
        assert await self._answers.get() == "Good morning"


class Pigeon(Platform):
    """The platform of another package, which posts into a list."""

    room = Channel("pigeon", "loft", "C1")

    def __init__(self) -> None:
        super().__init__()
        self.transport = RecordingTransport("pigeon")

    def standing(self) -> list[str]:
        return [f"message {number}" for number in range(1, len(self.transport.posted) + 1)]

    def attempts(self) -> int:
        return len(self.transport.tried)

    def fail(self, fault: ledger.Fault) -> None:
        outcome = Unknown("no answer")
        self.transport.script.append(Stored(outcome) if fault.stored else outcome)

    def limit(self, seconds: float) -> None:
        self.transport.script.append(NotSent("too many", seconds))

    @asynccontextmanager
    async def talking(self, dispatcher: Dispatcher) -> AsyncIterator[None]:
        self._dispatcher = dispatcher
        yield

    async def say(self, command: str, said: Said, *, guest: bool = False) -> str:
        asked = Asked(self.room, "ann", may_manage=not guest, manages_workspace=not guest, channel_name="#general")
        return _words(render(await self._dispatcher.call(asked, command, said)))


def _typed(command: str, said: Said) -> str:
    return " ".join([command, *(f'"{one}"' if " " in one and "=" not in one else one for one in said.values())])


def _words(text: str) -> str:
    """What is left to read once layout and escapes are gone."""
    return re.sub(r"\s+", " ", text.replace("\\", "")).strip()
