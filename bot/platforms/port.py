"""The port of a chat platform: all that the rest of the bot knows of one.

A platform is one folder here with one object of this kind, and one line in `bot.operations.registry`; a package of its
own names its object under the entry point `briefbot.platforms`.

An adapter promises, beside what its transport does (`bot.delivery.transport`), and `tests/test_platforms.py` holds it
to that:

- a command is acknowledged within a second, whatever keeps its handler, and digests go on meanwhile;
- `Asked` says what the platform has verified of the asker: a guest may manage nothing, an administrator may;
- what the dispatcher answers is shown in its words, a refusal too; a form within the limits of what draws it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from aiohttp import web

from bot.base.leader_election import Leads
from bot.commands import Dispatcher
from bot.delivery.transport import Transport
from briefs.config import Config
from briefs.store.idempotency import IdempotencyKeys
from briefs.store.installations import Installations


class Adapter(Protocol):
    """A way to talk with people, and the transport of their digests."""

    @property
    def transport(self) -> Transport:
        """Where digests leave."""

    async def start(self) -> None:
        """Connect. Raises BriefsError, one line, where the platform does not let us in."""

    async def stop(self) -> None:
        """Say goodbye."""


class ChatAdapter(Adapter, Protocol):
    """The adapter of a chat platform, which can be asked beforehand."""

    async def problem(self) -> str | None:
        """Say in one line what keeps the bot from working there; None: nothing does."""


@runtime_checkable
class Reachable(Protocol):
    """What an adapter may be beside: one that its platform calls."""

    def routes(self) -> Sequence[web.RouteDef]:
        """Return what the web server has to answer in its name."""


class Host(Protocol):
    """What a platform is given of the bot. clock: gives the present instant, aware."""

    clock: Callable[[], datetime]

    @property
    def config(self) -> Config:
        """What the operator has set up."""

    @property
    def dispatcher(self) -> Dispatcher:
        """Who answers commands."""

    @property
    def installations(self) -> Installations:
        """The workspaces that installed the bot."""

    @property
    def once(self) -> IdempotencyKeys:
        """What counts once, and for a while."""

    @property
    def leads(self) -> Leads:
        """What this process would do alone, of those that share the database."""


@dataclass(frozen=True, slots=True)
class Platform:
    """A chat platform.

    name: in the keys of its channels. ways: the variables of the environment that let the bot in, as people read them.
    secrets: all that hold secrets of it. adapter: makes its adapter, not connected yet, from the bot and the
    environment without empty variables; None where none of its secrets are set. Raises ConfigError, one line, where
    only some are.
    """

    name: str
    ways: str
    secrets: tuple[str, ...]
    adapter: Callable[[Host, Mapping[str, str]], ChatAdapter | None]
