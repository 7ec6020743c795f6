"""Feeds of other readers in the chat: import, a file of OPML, shown before anything is taken; export, the same back.

a file → "Reading …" → a worker: its outlines → what is new, what is known → the first are asked → what is dead
└─ kept under an unguessable id → a press → followed together
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot import present
from bot.base.i18n import t
from bot.base.reply import Attached, Reply
from bot.commands import taking
from bot.commands.following import check_may_follow
from bot.commands.model import Asked, Dropped
from bot.commands.session import NotThere, Session
from bot.exchange import opml
from briefs.errors import BriefsError, UsageError
from briefs.masking import is_secret
from briefs.models import Source

if TYPE_CHECKING:
    from briefs.discovery.answering import Tried

_SECONDS = 10.0  # for a file
MOST = 1_000_000  # bytes of a file: five thousand feeds
FILE = "briefbot.opml"

_HAND_OVER = t("Attach an OPML file to it, as feed readers export it.")
_GONE = t("That was long ago: hand me the file again.")

Feeds = list[tuple[str, str | None]]  # addresses and names
Wrong = list[tuple[int, str]]  # lines, and what is wrong there

# Reads the feeds of a file of this name; blocks.
Read = Callable[[bytes, str], "tuple[Feeds, Wrong] | BriefsError"]
# Says which feeds answer; blocks.
Try = Callable[[Sequence[str]], "list[Tried]"]
Answered = Callable[[Asked, Callable[[Session], Awaitable[Reply]]], Awaitable[Reply]]


def read_apart(body: bytes, name: str) -> tuple[Feeds, Wrong] | BriefsError:
    """Read a stranger's file in a process of its own."""
    from briefs.workers import Workers

    with Workers(1, seconds=_SECONDS) as workers:
        (found,) = workers.map(read, [(body, name)])
    return found


def try_feeds(addresses: Sequence[str]) -> list[Tried]:
    """Ask feeds in a process of its own."""
    from briefs.discovery.answering import answering

    return answering(addresses)


class Imports:
    """Who reads files; use it on the event loop. One file at a time is read, or one list asked for."""

    def __init__(self, read: Read = read_apart, try_feeds: Try = try_feeds) -> None:
        self._read, self._try = read, try_feeds
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="reads a file")

    async def begun(self, session: Session, typed: str, answered: Answered) -> Reply:
        """Say that a file is read, and then what is in it. answered: answers as a command is, errors too."""
        check_may_follow(session)
        dropped = await session.asked.handed(typed) if session.asked.handed else None
        if dropped is None:
            raise UsageError(_HAND_OVER) if typed == "-" else NotThere(_HAND_OVER)
        if dropped.size > MOST:
            raise UsageError(
                "{file} is too large: a list of feeds may have {most}.",
                file=dropped.name,
                most=session.messages.size(MOST),
            )
        reading = session.note("Reading {file} …", file=dropped.name)
        return replace(reading, then=lambda: self._shown(session, dropped, answered))

    async def _shown(self, session: Session, dropped: Dropped, answered: Answered) -> Reply:
        # Nobody's turn is taken up while a file is read, nor while feeds are asked.
        (outlines,) = await asyncio.gather(self._outlines(dropped), return_exceptions=True)
        kept: dict[str, Any] = {}

        async def show(session: Session) -> Reply:
            if isinstance(outlines, BaseException):
                raise outlines
            kept.update(await asyncio.to_thread(_kept, session, dropped.name, *outlines))
            return await asyncio.to_thread(_preview, session, kept)

        async def ask() -> Reply:
            tried = await self._apart(self._try, [one["address"] for one in kept["new"]])
            kept["asked"], kept["dead"] = len(tried), [one.address for one in tried if one.problem]
            return await answered(session.asked, lambda now: asyncio.to_thread(_preview, now, kept))

        preview = await answered(session.asked, show)
        return replace(preview, then=ask) if kept.get("new") else preview

    async def _outlines(self, dropped: Dropped) -> tuple[Feeds, Wrong]:
        body = await dropped.read()
        read: tuple[Feeds, Wrong] | BriefsError = await self._apart(self._read, body, dropped.name)
        if isinstance(read, BriefsError):
            raise read
        return read

    async def _apart(self, work: Callable[..., Any], *arguments: object) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)


def import_(session: Session, file: str = "") -> Reply:
    """Say how a file is handed over; `Imports` reads it where there is one."""
    raise NotThere(_HAND_OVER)


def imported(session: Session, value: str) -> Reply:
    """Follow what a file holds, all of it that is new, or what of it answered."""
    key, _, part = value.partition(":")
    kept = session.kept(key)
    if "new" not in kept:
        raise UsageError(_GONE)
    dead = set(kept["dead"]) if part else set()
    wanted = [Source(one["address"], "feed", name=one["name"]) for one in kept["new"] if one["address"] not in dead]
    return taking.take(session, taking.new_of(session, wanted), kept["file"])


def export(session: Session) -> Reply:
    """Return the feeds that are read here as a file of OPML."""
    configured = [one for one in session.sources if one.auth is None and not is_secret(one.address)]
    followed = [
        Source(one.health.address, one.health.kind, name=one.name or present.called(one.health))
        for one in session.follows.of(session.channel)
    ]
    feeds = [source for source in (*configured, *followed) if source.kind == "feed"]
    if not feeds:
        raise UsageError("No feed is read here yet.", hints=("follow", "packs"))
    said = present.exported(len(feeds), session.messages)
    elsewhere = session.messages.say("{line} The file is in our own conversation.", line=said.summary)
    return replace(said, file=Attached(FILE, opml.write(feeds).encode(), elsewhere))


def _kept(session: Session, name: str, feeds: Feeds, wrong: Wrong) -> dict[str, Any]:
    """Return what is kept of a file while somebody looks at it."""
    sources = [Source(address, "feed", name=called) for address, called in feeds]
    new = taking.new_of(session, sources).sources
    return {
        "file": name,
        "new": [{"address": one.address, "name": one.name} for one in new],
        "known": len(sources) - len(new),
        "wrong": wrong,
        "asked": None,
        "dead": [],
    }


def _preview(session: Session, kept: Mapping[str, Any]) -> Reply:
    return present.import_preview(kept, session.messages, session.keep(kept))


def read(given: tuple[bytes, str]) -> tuple[Feeds, Wrong]:
    """Read a file here; gives plain data, which is all that a worker may say."""
    outlines = opml.read(*given)
    feeds = [(one.address, (one.model_extra or {}).get("name")) for one in outlines.entries]
    return feeds, [(one.line, one.says) for one in outlines.problems]
