"""What is done without typing: forms, and the buttons of Home. Each ends in a command, as if it were typed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot import present
from bot.base.form import Form, FormName
from bot.base.i18n import t
from bot.base.reply import Reply
from bot.commands import first_minute, following, home, importing, looks, packs, reverting, taking
from bot.commands.forms import CarryOut, Check, Find, Forms, Kind, OneField
from bot.commands.model import Command
from bot.commands.move_form import MoveForm
from bot.commands.places import seen
from bot.commands.session import Session
from bot.commands.subscription_form import SettingsForm, SubscriptionForm, subscription_of
from bot.commands.topic_form import TopicForm
from briefs.errors import UsageError
from briefs.store.channel_rows import Subscription

KINDS: Mapping[FormName, Kind] = {
    "subscribe": SubscriptionForm(),
    "topic": TopicForm(),
    "settings": SettingsForm(),
    "move": MoveForm(),
    "follow": OneField("follow", "address", present.follow_form, t("Paste the address of a site.")),
    "search": OneField("search", "query", present.search_form, t("Say what to look for.")),
}

# The form that stands for a command of which something is missing.
STANDS_FOR: Mapping[str, FormName] = {
    "subscribe": "subscribe",
    "topic add": "topic",
    "topic edit": "topic",
    "follow": "follow",
}
# Beside them, for whoever types: a platform whose commands have fields asks for the words of a look-up by itself.
_TYPED: Mapping[str, FormName] = {**STANDS_FOR, "search": "search"}
# The command that is explained where its form cannot be shown.
_EXPLAINED: Mapping[str, FormName] = {**_TYPED, "move": "move"}

_NO_FORM = t("This opens a form, which cannot be shown here.")


class Hands:
    """Forms and buttons; see `Forms` for what it is given. once: does in a thread what must not happen twice."""

    def __init__(self, carry_out: CarryOut, check: Check, find: Find, once: Callable[..., Reply]) -> None:
        self._carry_out, self._once = carry_out, once
        self.forms = Forms(KINDS, carry_out, check, find)

    async def press(self, session: Session, action: str, value: str) -> Reply:
        """Do what a button says; its ids are looked up under the presser's own workspace and channels."""
        match action:
            case "form":
                name, _, subject = value.partition(" ")
                form = await self.forms.open(session, name, subject)
                return replace(await self._without_forms(session, name), form=form)
            case "home":
                return await self.home(session, value)
            case "preview":
                topic = await asyncio.to_thread(home.topic_of, session, value)
                return await self._carry_out(session, "preview", {"topic": topic.name})
            case "pause" | "resume":
                there, held = await self._held(session, value)
                return await self._carry_out(there, action, {"topic": held.topic.name})
            case "stop":
                there, held = await self._held(session, value)
                return await self._carry_out(there, "unsubscribe", {"topic": held.topic.name})
            case "speak":
                there, code = await self.forms.there(session, value)
                return await self._carry_out(there, "language", {"language": code})
            case "sample":
                return await asyncio.to_thread(first_minute.sample, session)
            case "pack":
                return await asyncio.to_thread(packs.shown, session, value)
            case "take":
                return await asyncio.to_thread(self._once, session, packs.taken, value)
            case "import":
                return await asyncio.to_thread(self._once, session, importing.imported, value)
            case "giveback":
                return await asyncio.to_thread(self._once, session, taking.give_back, value)
            case "revert":
                there, key = await self.forms.there(session, value)
                others = await seen(there, await asyncio.to_thread(reverting.reaches, there, key))
                return await asyncio.to_thread(reverting.revert, there, key, others)
        if action in following.BUTTONS:
            return await asyncio.to_thread(self._once, session, following.pressed, action, value)
        raise UsageError("This button no longer works.", hints=("help",))

    async def _without_forms(self, session: Session, name: str) -> Reply:
        """Say what there is in the place of a form, where none can be shown."""
        if name == "settings":
            return looks.settings(session)
        command = next((command for command, form in _EXPLAINED.items() if form == name), None)
        return await self._carry_out(session, "help", {"command": command}) if command else session.note(_NO_FORM)

    async def home(self, session: Session, page: str = "") -> Reply:
        """Show Home."""
        rooms = await session.asked.rooms() if session.asked.rooms else ()
        return await asyncio.to_thread(home.home, session, rooms, page)

    async def form_for(self, session: Session, command: Command, arguments: Mapping[str, str]) -> Form | None:
        """Open the form that stands for a command of which something is missing, with what was typed."""
        name = _TYPED.get(command.name)
        if command.name == "topic edit" and "topic" in arguments:
            topic = await asyncio.to_thread(session.topic, arguments["topic"])
            return await self.forms.open(session, "topic", str(topic.id))
        return await self.forms.typed(session, name, arguments) if name else None

    async def _held(self, session: Session, value: str) -> tuple[Session, Subscription]:
        """Give the subscription that a button names, and its channel."""
        there, number = await self.forms.there(session, value)
        return there, await asyncio.to_thread(subscription_of, there, number)
