"""What a row of the table is: one fault, played on one kind of database, in worlds of its own."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from typing import Any

from tests.faults.world import Result, World
from tests.postgres import Server

SLACK_POST, DISCORD_POST = "chat.postMessage", "POST /channels/{channel}/messages"
DISCORD_EDIT = "PATCH /channels/{channel}/messages/{message}"
POSTS = {"slack": SLACK_POST, "discord": DISCORD_POST}
KINDS = ("sqlite", "postgresql")


class CannotRunError(Exception):
    """This machine lacks what the row needs."""


@dataclass
class Stage:
    """Where rows play.

    kind: of database. new: opens a world; `disk`: where its database lies; `tables`: whether it has any; `url`: that of
    a database that is there already; the other arguments are the fake Discord's. server: PostgreSQL's.
    """

    kind: str
    new: Callable[..., AbstractAsyncContextManager[World]]
    server: Server | None
    random: random.Random
    short: bool


Play = Callable[[Stage], Awaitable[Result]]


@dataclass(frozen=True)
class Row:
    """One fault. number: that of the list; several rows may share one. on: the kinds of database that have it."""

    number: int
    name: str
    play: Play
    on: tuple[str, ...]


ROWS: list[Row] = []


def row(number: int, name: str, on: tuple[str, ...] = KINDS) -> Callable[[Play], Play]:
    """Put a function into the table."""

    def note(play: Play) -> Play:
        ROWS.append(Row(number, name, play, on))
        return play

    return note


async def together(*scenes: Awaitable[Result]) -> Result:
    """Play scenes that have nothing to do with each other at the same time: they mostly wait."""
    return reduce(add, await asyncio.gather(*scenes), Result())


async def simple(scene: World, **options: Any) -> Result:
    """Let one worker bring it to an end."""
    await scene.worker(**options)
    return await scene.result()


def allowed(result: Result, duplicates: int) -> Result:
    """Excuse the duplicates that the guarantee allows."""
    return replace(result, excused=min(result.duplicate, duplicates))
