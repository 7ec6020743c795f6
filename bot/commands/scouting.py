"""Looks at addresses that people name: a few at once, in threads of their own, for ten seconds at most.

The look itself is a process's (`briefs.discovery.looking`); a thread here waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.base.reply import Reply
from bot.commands import following
from bot.commands.model import Asked
from bot.commands.session import Session
from briefs.errors import UsageError
from briefs.masking import masked
from briefs.text.aliases import Aliases
from briefs.topics import Topic

if TYPE_CHECKING:
    from briefs.discovery.looking import Looked

AT_ONCE = 3  # over all workspaces
_OF_WORKSPACE = 2
_SECONDS = 10.0

# Looks at an address, and says what it would bring to topics; blocks.
Look = Callable[[str, Sequence[Topic], Aliases], "Looked"]
Answered = Callable[[Asked, Callable[[Session], Awaitable[Reply]]], Awaitable[Reply]]


def look_at(address: str, topics: Sequence[Topic], aliases: Aliases, bridge: str | None = None) -> Looked:
    """Look in a process of its own."""
    from briefs.discovery.looking import Wanted, look

    return look(Wanted(address, tuple(topics), aliases, bridge))


class Scouts:
    """Runs the looks; use it on the event loop. seconds: the time limit of one."""

    def __init__(self, look: Look, seconds: float = _SECONDS) -> None:
        self._look, self._seconds = look, seconds
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="looks at a site")
        self._under_way: list[tuple[Hashable, Hashable]] = []  # (workspace, person) of each

    async def begun(self, session: Session, address: str, answered: Answered, *, in_place: bool = False) -> Reply:
        """Reply that an address is being looked at; the reply that follows says what was found.

        answered: answers as a command is, errors too. in_place: where the message stood that was pressed.
        """
        reply = await asyncio.to_thread(following.follow, session, address)

        async def then() -> Reply:
            # Nobody's turn is taken up while the site takes its time.
            (looked,) = await asyncio.gather(self._looked(session, address), return_exceptions=True)

            async def show(session: Session) -> Reply:
                if isinstance(looked, BaseException):
                    raise looked
                return await asyncio.to_thread(following.found, session, looked)

            return replace(await answered(session.asked, show), in_place=in_place)

        return replace(reply, then=then, in_place=in_place)

    async def _looked(self, session: Session, address: str) -> Looked:
        workspace = session.channel.platform, session.channel.workspace
        turn = workspace, (workspace, session.asked.user)
        places = [one for one, _ in self._under_way]
        if turn in self._under_way:
            raise UsageError("I am still looking at the site that you named before; ask again in a moment.")
        if len(places) >= AT_ONCE or places.count(workspace) >= _OF_WORKSPACE:
            raise UsageError("I am looking at other sites just now; give me a few seconds, then ask again.")
        self._under_way.append(turn)
        looking = asyncio.get_running_loop().run_in_executor(self._threads, self._seen, session, address)
        looking.add_done_callback(lambda _: self._under_way.remove(turn))
        await asyncio.wait([looking], timeout=self._seconds)
        if not looking.done():
            # A site that is silent has been told of by now, from its own process: that had no turn on this machine.
            raise UsageError(
                "I have too much to do just now to look at {address} within {seconds:g} s; try again in a minute.",
                address=masked(address),
                seconds=self._seconds,
            )
        return looking.result()

    def _seen(self, session: Session, address: str) -> Looked:
        topics = [session.wanted(one) for one in session.channels.topics(session.channel)]
        return self._look(address, topics, session.archive.aliases)
