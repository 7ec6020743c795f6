"""Interactions without typing: forms, and the buttons of Home. Each ends in a command, as if it had been typed."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from bot import present
from bot.base.form import Form, FormName
from bot.base.i18n import t
from bot.base.reply import Reply
from bot.commands import (
    about,
    feedback,
    first_minute,
    following,
    home,
    importing,
    looks,
    lookups,
    packs,
    reasons,
    reverting,
    taking,
    undo,
)
from bot.commands.definitions import turned
from bot.commands.forms import CarryOut, Check, Forms, Kind, OneField
from bot.commands.model import Command
from bot.commands.places import seen
from bot.commands.session import Session
from bot.commands.subscription_form import MoveForm, SettingsForm, SubscriptionForm, subscription_of
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

# What a button shows, and what it does: that counts once. The others end in a command, or in another channel.
_SHOWN: Mapping[str, Callable[[Session, str], Reply]] = {
    "why": reasons.why_of,
    "details": reasons.details_of,
    "story": reasons.timeline_of,
    "more": reasons.rest_of,
    "page": turned,
    "pack": packs.shown,
    "sample": lambda session, _: first_minute.sample(session),
}
_DONE: Mapping[str, Callable[[Session, str], Reply]] = {
    "share": lookups.share,
    "subscribe": lookups.subscribe_to_answer,
    "up": partial(feedback.wished, kind="more"),
    "down": partial(feedback.wished, kind="less"),
    "less": partial(feedback.wished, kind="source"),
    "undo": feedback.undone,
    "retry": lambda session, _: about.try_again(session),
    "use": about.use_new_address,
    "take": packs.taken,
    "import": importing.imported,
    "giveback": taking.give_back,
    "follow": following.followed,
    "another": following.another,
    "cancel": lambda session, _: following.cancelled(session),
    "unfollow": following.unfollowed,
    "source": following.shown,
    "mute": partial(following.muted, muted=True),
    "unmute": partial(following.muted, muted=False),
}
_NO_FORM = t("This opens a form, which cannot be shown here.")


class Hands:
    """Forms and buttons; see `Forms` for what it is given. once: does in a thread what must not happen twice."""

    def __init__(self, carry_out: CarryOut, check: Check, once: Callable[..., Reply]) -> None:
        self._carry_out, self._once = carry_out, once
        self.forms = Forms(KINDS, carry_out, check)

    async def press(self, session: Session, action: str, value: str) -> Reply:
        """Do what a button says; its ids are looked up under the presser's own workspace and channels."""
        if shown := _SHOWN.get(action):
            return await asyncio.to_thread(shown, session, value)
        if done := _DONE.get(action):
            return await asyncio.to_thread(self._once, session, done, value)
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
            case "revert":
                there, key = await self.forms.there(session, value)
                others = await seen(there, await asyncio.to_thread(reverting.reaches, there, key))
                return await asyncio.to_thread(reverting.revert, there, key, others)
        raise UsageError("This button no longer works.", hints=("help",))

    async def undo(self, session: Session) -> Reply:
        """Undo the asker's last change here, as the button does; else say where the button is."""
        key = await asyncio.to_thread(undo.last, session)
        return await self.press(session, "revert", key) if key else about.greeting(session, "undo")

    async def _without_forms(self, session: Session, name: str) -> Reply:
        """Return what takes the place of a form where none can be shown."""
        if name == "settings":
            return looks.settings(session)
        command = next((command for command, form in _EXPLAINED.items() if form == name), None)
        return await self._carry_out(session, "help", {"command": command}) if command else session.note(_NO_FORM)

    async def home(self, session: Session, page: str = "") -> Reply:
        """Show Home."""
        rooms = await session.asked.rooms() if session.asked.rooms else ()
        return await asyncio.to_thread(home.home, session, rooms, page)

    async def form_for(self, session: Session, command: Command, arguments: Mapping[str, str]) -> Form | None:
        """Return the form for a command with missing arguments, with what was typed; None where it has none."""
        name = _TYPED.get(command.name)
        if command.name == "topic edit" and "topic" in arguments:
            topic = await asyncio.to_thread(session.topic, arguments["topic"])
            return await self.forms.open(session, "topic", str(topic.id))
        return await self.forms.typed(session, name, arguments) if name else None

    async def _held(self, session: Session, value: str) -> tuple[Session, Subscription]:
        """Return a session in the channel of the subscription that a button names, and the subscription."""
        there, number = await self.forms.there(session, value)
        return there, await asyncio.to_thread(subscription_of, there, number)
