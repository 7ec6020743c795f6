"""What Slack knows of the people and channels of the workspace, asked for only as far as a command needs it."""

import asyncio
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.api import ERRORS, error_code

_log = logging.getLogger(__name__)

T = TypeVar("T")

_PATIENCE = 3.0  # seconds an asker waits for what is only nice to know
_AGE = 60.0  # so long somebody keeps a right that was taken from them
_KEPT = 5000
_KINDS = "public_channel,private_channel,im"
_PAGES = 20  # of 1000 channels or members; beyond that a search gives up
# "<#C123|news>" is what Slack makes of a channel that is typed; an id is what people copy from its details.
_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|[^>]*)?>|([CDG][A-Z0-9]{7,})")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a channel of the workspace. name: as others see them. team: their own workspace, where Slack says.

    is_guest: whether they were let into a few channels only. known: whether Slack answered: of whom nothing is known,
    nothing is believed. zone: of their clock.
    """

    name: str | None
    locale: str | None
    is_admin: bool
    team: str | None = None
    is_guest: bool = False
    known: bool = True
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A conversation. name: as people write it, "#news"; None where it has none. reachable: the bot can post there."""

    id: str
    name: str | None
    reachable: bool
    private: bool = False


class Workspace:
    """Look-ups by id, kept for a while. What Slack does not say in time is not waited for."""

    def __init__(self, client: AsyncWebClient, clock: Callable[[], float] = time.monotonic) -> None:
        """Ask through this client; clock: seconds that only rise."""
        self._client = client
        self._people = _Kept[Person](_AGE, clock)
        self._rooms = _Kept[Room](_AGE, clock)
        self._under_way: dict[tuple[str, str], asyncio.Task[dict[str, Any] | str]] = {}

    async def person(self, user: str) -> Person:
        """Return what is known of a person; a stranger where Slack does not say."""
        known = self._people.get(user)
        if known is not None:
            return known
        answer = await self._asked_once("users.info", user, user=user, include_locale="true")
        if not isinstance(answer, dict):
            return Person(None, None, is_admin=False, known=False)
        told = answer["user"]
        profile = told.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or told.get("name")
        person = Person(
            name,
            told.get("locale"),
            is_admin=bool(told.get("is_admin") or told.get("is_owner")),
            team=told.get("team_id"),
            is_guest=bool(told.get("is_restricted") or told.get("is_ultra_restricted")),
            zone=told.get("tz"),
        )
        return self._people.put(user, person)

    async def room(self, channel: str) -> Room:
        """Return what is known of a channel; reachable unless Slack says that the bot is not in it."""
        known = self._rooms.get(channel)
        if known is not None:
            return known
        answer = await self._info(channel)
        if not isinstance(answer, dict):
            return Room(channel, None, reachable=answer != "channel_not_found")
        room = _room(answer["channel"])
        # "Not in it" is not kept: the next thing people do is to invite the bot.
        return self._rooms.put(channel, room) if room.reachable else room

    async def find(self, typed: str, user: str) -> Room | None:
        """Return the channel that somebody means ("#news", "<#C123|news>", an id), if it is one that they may see."""
        named = _CHANNEL.fullmatch(typed.strip())
        room = await self._by_id(named[1] or named[2]) if named else await self._by_name(typed.strip().lstrip("#"))
        if room is None or (room.private and not await self.is_member(room.id, user)):
            return None
        return room

    async def is_member(self, channel: str, user: str) -> bool:
        """Tell whether a person is in a channel that the bot can see; no where Slack does not say."""
        async for page in self._pages("conversations.members", "members", channel=channel):
            if user in page:
                return True
        return False

    async def rooms(self, user: str) -> list[Room]:
        """Return the channels that a person is in, of those that the bot may know of, and their conversation with it.

        Archived ones too.
        """
        found: list[Room] = []
        async for page in self._pages("users.conversations", "channels", user=user, types=_KINDS):
            found += (_room({**one, "is_member": True}) for one in page)
        return found

    async def _by_id(self, channel: str) -> Room | None:
        answer = await self._info(channel)
        return _room(answer["channel"]) if isinstance(answer, dict) else None

    async def _by_name(self, name: str) -> Room | None:
        kinds = "public_channel,private_channel"
        async for page in self._pages("conversations.list", "channels", types=kinds, exclude_archived="true"):
            for told in page:
                if told["name"] == name.casefold():  # Slack's names are in lower case
                    return _room(told)
        return None

    async def _pages(self, method: str, key: str, **params: str) -> Any:
        cursor = ""
        for _ in range(_PAGES):
            answer = await self._answer(method, limit="1000", cursor=cursor, **params)
            if not isinstance(answer, dict):
                return
            yield answer[key]
            cursor = answer.get("response_metadata", {}).get("next_cursor", "")
            if not cursor:
                return

    async def _info(self, channel: str) -> dict[str, Any] | str:
        """Ask about a channel as `_asked_once` does; that the bot is not in it is believed only if asked for since.

        The next thing people do is to invite it, and the answer on its way does not know.
        """
        joins = ("conversations.info", channel) in self._under_way
        answer = await self._asked_once("conversations.info", channel, channel=channel)
        if joins and _is_out(answer):
            # Whoever of those who wait began this one, it was after all of them came.
            answer = await self._asked_once("conversations.info", channel, channel=channel)
        return answer

    async def _asked_once(self, method: str, about: str, **params: str) -> dict[str, Any] | str:
        """Return Slack's answer about a person or a channel, by id.

        Who asks for what another waits for already waits with them: a hundred commands at once are one request.
        """
        key = method, about
        if key not in self._under_way:
            self._under_way[key] = asking = asyncio.create_task(self._answer(method, **params), name=method)
            asking.add_done_callback(lambda done: self._over(key, done))
        return await asyncio.shield(self._under_way[key])  # one of them may go

    def _over(self, key: tuple[str, str], asked: asyncio.Task[dict[str, Any] | str]) -> None:
        del self._under_way[key]
        if not asked.cancelled() and (error := asked.exception()):  # all who would hear of it may have gone
            _log.error("Slack could not be asked for %s", key[0], exc_info=error)

    async def _answer(self, method: str, **params: str) -> dict[str, Any] | str:
        """Return Slack's answer, or the name of what went wrong: no command fails for want of these."""
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await self._client.api_call(method, http_verb="GET", params=params)
            return dict(answer.data) if isinstance(answer.data, dict) else "no_answer"
        except ERRORS as error:
            code = error_code(error)
        if code != "channel_not_found":
            _log.warning("Slack did not answer %s: %s", method, code)
        return code


def _is_out(answer: dict[str, Any] | str) -> bool:
    return answer == "channel_not_found" if isinstance(answer, str) else not _room(answer["channel"]).reachable


def _room(told: dict[str, Any]) -> Room:
    if told.get("is_im"):
        return Room(told["id"], None, reachable=True, private=True)
    reachable = bool(told.get("is_member")) and not told.get("is_archived")
    return Room(told["id"], f"#{told['name']}", reachable, private=bool(told.get("is_private")))


class _Kept(Generic[T]):
    """Values that are believed for so many seconds; the oldest go first when there are too many."""

    def __init__(self, age: float, clock: Callable[[], float]) -> None:
        self._age, self._clock = age, clock
        self._values: dict[str, tuple[float, T]] = {}

    def get(self, key: str) -> T | None:
        until, value = self._values.get(key, (0.0, None))
        return value if self._clock() < until else None

    def put(self, key: str, value: T) -> T:
        self._values.pop(key, None)
        self._values[key] = (self._clock() + self._age, value)
        if len(self._values) > _KEPT:
            del self._values[next(iter(self._values))]
        return value
