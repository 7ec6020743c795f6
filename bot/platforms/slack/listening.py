"""What people do in Slack → the dispatcher → what they see.

envelope ── acknowledged at once ──→ Asked ──→ dispatcher ──→ Reply ──→ blocks ──┬── private: response_url or ephemeral
(slash command, mention, button)                                          └── public: the channel and a thread
"""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any, get_args

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.base.i18n import Messages, choose, t
from bot.base.reply import Action, Reply
from bot.commands import Asked, Dispatcher, Dropped, Place
from bot.platforms.slack.answers import Where
from bot.platforms.slack.hands import Asking, Hands
from bot.platforms.slack.team import PLATFORM, UNINSTALLED, Team, TeamOf
from bot.platforms.slack.workspace import Person, Room
from briefs.models import Channel

_log = logging.getLogger(__name__)

_REMEMBERED = 500  # commands; beyond that, and between processes, the dispatcher knows what was done
_LAST_WORDS = 5.0  # seconds for commands in hand when the bot stops
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_PERSON = re.compile(r"<@[A-Z0-9]+\|([^>]*)>")
_LINK = re.compile(r"<(?:(?:https?://|mailto:)[^|>]*\|([^>]*)|((?:https?://|mailto:)[^|>]*))>")

_MENU = "menu"  # of a story: what is chosen in it names its own action
_MANAGERS = t("the admins and owners of this workspace")

_Work = Callable[[Asked], Awaitable[Reply]]
Removed = Callable[[str, str, datetime], Awaitable[None]]


class Listening:
    """Hears what Bolt hands over, and answers, in whatever workspace it was said.

    team_of: gives the bot in a workspace. removed: told when the bot was taken out of one, with why and when.
    command: the root command, as the Slack app has it. admins_only: only the workspace's admins may change what
    channels subscribe to; else everybody in the channel may.
    """

    def __init__(
        self, dispatcher: Dispatcher, team_of: TeamOf, removed: Removed, *, command: str, admins_only: bool
    ) -> None:
        self._dispatcher = dispatcher
        self._team_of = team_of
        self._removed = removed
        self._command = command
        self._admins_only = admins_only
        self._hands = Hands(dispatcher, self._serve)
        self._in_hand: set[asyncio.Task[Any]] = set()
        self._served: deque[str] = deque(maxlen=_REMEMBERED)

    def listen(self, app: AsyncApp) -> None:
        """Hear what this app receives."""
        app.command(f"/{self._command}")(self._on_command)
        app.event("app_mention")(self._on_mention)
        app.event("message")(self._on_message)
        app.event("member_joined_channel")(self._on_joined)
        app.event("app_uninstalled")(self._on_uninstalled)
        app.event("tokens_revoked")(self._on_revoked)
        app.action(re.compile(rf"^(?:(?:{'|'.join(get_args(Action))})\.\d+|{_MENU}\..+)$"))(self._on_button)
        self._hands.listen(app)

    async def finish(self) -> None:
        """Finish the commands in hand, for a few seconds at most."""
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=_LAST_WORDS)

    # ------------------------------------------------------------ what people do

    async def _on_command(
        self, ack: Callable[[], Awaitable[None]], body: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        await ack()
        where = Where(body["channel_id"], body["user_id"], _team(context), body["trigger_id"], body.get("response_url"))
        text = _typed(body.get("text") or "")
        await self._answer(where, lambda asked: self._dispatcher.text(asked, text))

    async def _on_mention(self, event: dict[str, Any], body: dict[str, Any], context: AsyncBoltContext) -> None:
        # Bolt has acknowledged it: an event is, before its listener runs.
        team, thread = _team(context), event.get("thread_ts")
        files = tuple(event.get("files") or ())
        where = Where(event["channel"], event["user"], team, body["event_id"], thread=thread, files=files)
        text = _typed(said_to(context.bot_user_id, event.get("text") or "")) or ("import" if files else "")
        await self._answer(where, lambda asked: self._dispatcher.text(asked, text))

    async def _on_message(self, event: dict[str, Any], body: dict[str, Any], context: AsyncBoltContext) -> None:
        # Edits and deletions have subtypes; what is written in channels is none of the bot's business.
        is_new = event.get("subtype") in (None, "file_share")
        if event.get("channel_type") == "im" and is_new and "bot_id" not in event:
            await self._on_mention(event, body, context)

    async def _on_joined(self, event: dict[str, Any], body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Say what the bot is, to a channel that it is invited to."""
        if event["user"] != context.bot_user_id:
            return
        inviter = event.get("inviter") or event["user"]
        where = Where(event["channel"], inviter, _team(context), body["event_id"])

        async def welcome(team: Team, asking: Asking) -> None:
            reply = await self._dispatcher.arrived(await asking(), where.channel)
            if reply is not None:
                await team.answers.give(where, reply)

        await self._serve(where, welcome)

    async def _on_button(
        self, ack: Callable[[], Awaitable[None]], body: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        await ack()
        action, value = _pressed(body["actions"][0])
        container, user, trigger = body["container"], body["user"]["id"], body["trigger_id"]
        if container["type"] == "view":
            at_home = Where(user, user, _team(context), trigger)
            await self._hands.pressed_at_home(at_home, action, value, body["view"].get("private_metadata") or "")
            return
        thread = container.get("thread_ts")
        channel = container["channel_id"]
        own = container.get("is_ephemeral", False) or channel.startswith("D")
        where = Where(channel, user, _team(context), trigger, body.get("response_url"), thread, own)
        await self._answer(where, lambda asked: self._dispatcher.press(asked, action, value), opens=action == "form")

    async def _answer(self, where: Where, work: _Work, *, opens: bool = False) -> None:
        """Ask the dispatcher, and answer. opens: whether a form is all that can come of it."""

        async def answer(team: Team, asking: Asking) -> None:
            if opens:
                await self._hands.open(team, where, asking, work)
                return
            reply = await work(await asking())
            # A mention has no trigger that would open anything, and others are good for a moment: it can be read, too.
            opened = where.response_url and reply.form and await self._hands.show(team, where, reply)
            if not opened:
                await team.answers.give(where, reply)

        await self._serve(where, answer)

    async def _serve(self, where: Where, work: Callable[[Team, Asking], Awaitable[None]]) -> None:
        """Do something in the name of who asked, once, with what their workspace is known by."""
        if where.trigger and where.trigger in self._served:
            return  # Slack missed an acknowledgement and hands it over again; the first one is being answered
        self._served.append(where.trigger)
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine always runs in one
        self._in_hand.add(task)
        try:
            team = await self._team_of(where.team)
            if team is None:
                _log.warning("a command from workspace %s, where the bot is not installed, is left out", where.team)
                return
            await work(team, lambda: self._asked(team, where))
        finally:
            self._in_hand.discard(task)

    async def _asked(self, team: Team, where: Where) -> Asked:
        at_home = where.channel == where.user
        person, room = await asyncio.gather(
            team.workspace.person(where.user),
            _nowhere(where) if at_home else team.workspace.room(where.channel),
        )
        return Asked(
            channel=Channel(PLATFORM, where.team, where.channel),
            user=where.user,
            locale=person.locale,
            may_manage=_belongs(person, where) and (person.is_admin or not self._admins_only),
            manages_workspace=_belongs(person, where) and person.is_admin,
            managers=_MANAGERS,
            trigger=where.trigger and f"{where.team}:{where.trigger}",
            channel_name=room.name,
            reachable=room.reachable,
            readable=team.readable,
            find=lambda typed: self._find(team, typed, where),
            user_name=person.name,
            in_thread=where.thread is not None,
            zone=person.zone,
            rooms=lambda: self._rooms(team, person, where),
            handed=lambda typed: _first(team, where),
            alone=at_home or where.channel.startswith("D"),
        )

    async def _rooms(self, team: Team, person: Person, where: Where) -> list[Place]:
        may = _belongs(person, where) and (person.is_admin or not self._admins_only)
        return [
            Place(Channel(PLATFORM, where.team, room.id), _named(room, person), may, room.reachable, team.readable)
            for room in await team.workspace.rooms(where.user)
        ]

    async def _find(self, team: Team, typed: str, where: Where) -> Place | None:
        room = await team.workspace.find(typed, where.user)
        if room is None:
            return None
        return Place(
            channel=Channel(PLATFORM, where.team, room.id),
            name=_named(room, await team.workspace.person(where.user)),
            may_manage=await self._may_manage(team, room, where),
            reachable=room.reachable,
            readable=team.readable,
        )

    async def _may_manage(self, team: Team, room: Room, where: Where) -> bool:
        person = await team.workspace.person(where.user)
        if not _belongs(person, where):
            return False
        return person.is_admin if self._admins_only else await team.workspace.is_member(room.id, where.user)

    # ------------------------------------------------------------ what becomes of the app

    async def _on_uninstalled(self, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await self._removed(_team(context), UNINSTALLED, _at(body))

    async def _on_revoked(self, event: dict[str, Any], body: dict[str, Any], context: AsyncBoltContext) -> None:
        if event.get("tokens", {}).get("bot"):  # else it was somebody's own, of which we have none
            await self._removed(_team(context), "token_revoked", _at(body))


def _belongs(person: Person, where: Where) -> bool:
    """Whether somebody is of the workspace: no guest of it, and nobody of another in a channel that both share."""
    return person.known and not person.is_guest and person.team in (None, where.team)


def _named(room: Room, person: Person) -> str:
    """Name a conversation to somebody; the one that they have with the bot alone has no name in Slack."""
    return room.name or Messages(choose(person.locale)).say("Between us")


async def _first(team: Team, where: Where) -> Dropped | None:
    return team.files.dropped(where.files)


async def _nowhere(where: Where) -> Room:
    """Stand for the channel at Home, where there is none."""
    return Room(where.channel, None, reachable=False)


def _pressed(element: dict[str, Any]) -> tuple[str, str]:
    """Return the action and the value of a button, or of what was chosen in a menu. Neither is trusted."""
    action, _, of_menu = element["action_id"].partition(".")
    if action != _MENU:
        return action, unescape(element.get("value") or "")
    action, _, value = unescape(element["selected_option"]["value"]).partition(":")
    return action, value or of_menu


def _team(context: AsyncBoltContext) -> str:
    """Return the workspace that Bolt found the request to belong to; "" is none that the bot is in."""
    return context.team_id or ""


def _at(body: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(int(body["event_time"]), UTC)


def said_to(bot: str | None, text: str) -> str:
    """Give what was said to the bot: what stands behind its name, else before it; other people's names are no words."""
    own = next((one for one in _MENTION.finditer(text) if one[1] == bot), None)
    sides = [text[own.end() :], text[: own.start()]] if own else [text]
    said = (_MENTION.sub(" ", side) for side in sides)
    return next((side for side in said if any(map(str.isalnum, side))), "")


def _typed(text: str) -> str:
    """Give what a person typed: Slack's marks for links and people and its escapes are undone; channels keep theirs."""
    text = _PERSON.sub(r"@\1", text)
    return unescape(_LINK.sub(lambda match: match[1] or match[2], text)).strip()
