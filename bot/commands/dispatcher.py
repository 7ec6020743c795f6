"""The dispatcher: whoever asks, on whatever platform, is answered here.

    text | call | press → which command → arguments typed → rights → in a thread: the handler → Reply

What the asker got wrong becomes a private reply of one line; nothing raises.
"""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot import present
from bot.base.form import Form, Option, Values
from bot.base.i18n import Messages, choose, t
from bot.base.reply import Reply, StoryItem
from bot.commands import about, first_minute, following, lookups, subscriptions
from bot.commands.arguments import OFFERED, ask_zone, chosen_instead, no_command, offer_nearest, offered, read
from bot.commands.definitions import COMMANDS
from bot.commands.fair_shares import Fair
from bot.commands.hands import Hands
from bot.commands.importing import Imports
from bot.commands.model import Asked, Command
from bot.commands.scouting import Look, Scouts, look_at
from bot.commands.session import NotThere, Services, Session
from bot.grammar import Grammar, Param, WhichZoneError, bare, small_talk, spoken, tidy
from bot.present import Permalink
from briefs.archive import Archive
from briefs.config import Config
from briefs.errors import BriefsError, StoreError, UsageError
from briefs.store.channels import Channels
from briefs.store.idempotency import Handled
from briefs.store.sources import Sources

log = logging.getLogger(__name__)
R = TypeVar("R")

LONGEST_OFFER = 100  # characters of one


def _now() -> datetime:
    return datetime.now(UTC)


class Dispatcher:
    """Answers. Every method may be called from any task; the work itself is done in threads.

    clock: the present instant, aware. permalink: gives the address of what was posted earlier. looked_up: told how many
    seconds each look-up took. fair: who may ask now. look: looks at addresses. wake: as `Services` has it.
    imports: who reads files.
    """

    def __init__(
        self,
        archive: Archive,
        channels: Channels,
        config: Config,
        *,
        clock: Callable[[], datetime] = _now,
        permalink: Permalink = lambda channel, reference: None,
        looked_up: Callable[[float], None] = lambda seconds: None,
        fair: Fair | None = None,
        look: Look = look_at,
        wake: Callable[[], None] = lambda: None,
        imports: Imports | None = None,
    ) -> None:
        self._services = Services(archive, channels, Sources(archive.database), config, clock, permalink, wake)
        self._handled = Handled(archive.database)
        self._commands = {command.name: command for command in COMMANDS}
        self._grammar = Grammar(COMMANDS)
        self._hands = Hands(self._named, self._read, self._once)
        self._scouts = Scouts(look)
        self._imports = imports or Imports()
        self._looked_up = looked_up
        self._fair = fair or Fair()

    async def text(self, asked: Asked, text: str) -> Reply:
        """Answer what was typed after the root command, or said to the bot."""
        text = _whole(text)

        async def answer(session: Session) -> Reply:
            phrase = spoken(text)
            if phrase is None and (said := small_talk(text)):
                return await self._hands.undo(session) if said == "undo" else about.greeting(session, said)
            topics = await asyncio.to_thread(session.channels.topics, session.channel)
            names = dict.fromkeys(name for topic in topics for name in (topic.name, session.called(topic.name)))
            request = self._grammar.read(phrase or text, [*names])
            if request.instead is not None:
                words = request.arguments.get("query", text)
                return await asyncio.to_thread(self._perhaps, session, words, self._commands[request.instead])
            command = request.command
            if phrase is None and request.accented is not None:
                summary = await asyncio.to_thread(subscriptions.says_summary, session, request.arguments)
                command = request.accented if summary else command
            try:
                return await self._carry_out(session, self._commands[command], request.arguments)
            except NotThere as error:  # "pause button patent": it was no command, perhaps
                found = await asyncio.to_thread(self._found, session, bare(text), session.messages.error(error))
                if found is None:
                    raise
                hints = error.values.get("hints")
                leads = [hint for hint in hints if hint != "look up"] if isinstance(hints, tuple) else []
                return present.with_buttons(found, *present.leading(leads, session.messages).buttons)

        return await self._answered(asked, self._led(answer))

    async def call(self, asked: Asked, command: str, arguments: Mapping[str, str]) -> Reply:
        """Answer a command whose arguments are apart already.

        command: its English name, "topic add". arguments: by the parameters' English names, as they were typed.
        """

        async def answer(session: Session) -> Reply:
            if command not in self._commands:
                raise no_command(session, command)
            given = {name: tidy(_whole(value)) for name, value in arguments.items()}
            return await self._carry_out(session, self._commands[command], given)

        return await self._answered(asked, self._led(answer))

    async def press(self, asked: Asked, action: str, value: str) -> Reply:
        """Answer a button. The value is looked up under the presser's own keys: nobody else's opens."""
        value = _whole(value)

        async def answer(session: Session) -> Reply:
            match action:
                case "open" if value in self._commands and not self._commands[value].effect:
                    return await self._carry_out(session, self._commands[value], {})
                case "open" if value.startswith("help "):
                    return await self._carry_out(session, self._commands["help"], {"command": value[5:]})
                case "link":
                    address = await asyncio.to_thread(following.chosen, session, value)
                    return await self._scouts.begun(session, address, self._answered, in_place=True)
                case "instead":
                    return await self._named(session, *await asyncio.to_thread(chosen_instead, session, value))
            return await self._hands.press(session, action, value)

        return await self._answered(asked, answer)

    async def arrived(self, asked: Asked, place: str) -> Reply | None:
        """Return what a channel is told that the bot comes to, in its language; None where it has been told.

        place: what is told once: the channel, or "" for the whole workspace.
        """
        try:
            session = await asyncio.to_thread(Session.open, self._services, asked)
            return await asyncio.to_thread(first_minute.welcome, session, place)
        except BriefsError as error:  # nobody has asked for it
            log.warning("a channel is not told what the bot is: %s", error)
            return None

    async def related(self, asked: Asked, text: str, under: str) -> Reply:
        """Look up what a message speaks of. under: its platform's id of the message, where it may be shared."""
        said = _whole(text)
        return await self._answered(asked, lambda session: asyncio.to_thread(lookups.related, session, said, under))

    async def links(self, asked: Asked, addresses: Sequence[str]) -> Reply:
        """Look at what a message links to, or ask at which of them to look."""

        async def answer(session: Session) -> Reply:
            one = await asyncio.to_thread(following.only_one, session, addresses)
            return await self._scouts.begun(session, one, self._answered) if isinstance(one, str) else one

        return await self._answered(asked, answer)

    async def form(self, asked: Asked, name: str, subject: str, values: Values | None = None) -> Form | Reply:
        """Open a form, or draw it anew with what stands in its fields; a reply says why it cannot be opened."""
        given, forms = _whole_values(values), self._hands.forms
        return await self._answered(asked, lambda session: forms.open(session, name, subject, given))

    async def submit(self, asked: Asked, name: str, subject: str, values: Values) -> Form | Reply:
        """Save what a form says: a reply for all, or for the one who asked; the form where something is wrong in it."""
        given, forms = _whole_values(values), self._hands.forms
        return await self._answered(asked, lambda session: forms.submit(session, name, subject, given))

    async def offer(self, asked: Asked, name: str, field: str, typed: str) -> Sequence[Option]:
        """Offer what a searched choice of a form may become, best first; at most 25."""
        try:
            session = await asyncio.to_thread(Session.open, self._services, asked)
            return await self._hands.forms.offer(session, name, field, tidy(_whole(typed)))
        except BriefsError as error:  # a list of choices has no place for an error
            log.warning("nothing can be offered: %s", error)
            return []

    async def complete(self, asked: Asked, command: str, param: str, prefix: str) -> list[str]:
        """Offer what an argument that has begun like this may become, best first; at most 25."""
        found = self._commands.get(command)
        kind = next((one for one in (found.params if found else ()) if one.name == param), None)
        if found is None or kind is None:
            return []
        try:
            session = await asyncio.to_thread(Session.open, self._services, asked)
            begun = tidy(_whole(prefix))
            offers = await asyncio.to_thread(offered, session, self._commands, found, kind, begun)
        except BriefsError as error:  # a list of choices has no place for an error; the command will say it
            log.warning("nothing can be offered: %s", error)
            return []
        return [offer for offer in offers if len(offer) <= LONGEST_OFFER][:OFFERED]

    async def removed(self, platform: str, workspace: str, because: str) -> None:
        """Pause all that a workspace gets: the bot was taken out of it. Nothing of it is lost."""
        channels = self._services.channels
        paused = await asyncio.to_thread(channels.pause_workspace, platform, workspace, because)
        log.warning("%s %s: %s; %d subscriptions are paused", platform, workspace, because, paused)

    async def returned(self, platform: str, workspace: str, because: str) -> None:
        """Let all run again that was paused when the bot was taken out of a workspace: it is there again."""
        channels, now = self._services.channels, self._services.clock()

        def resume() -> int:
            paused = channels.paused_because(platform, workspace, because)
            for one in paused:
                channels.resume(one, *subscriptions.coming(one, now))
            return len(paused)

        if resumed := await asyncio.to_thread(resume):
            log.warning("%s %s: there again; %d subscriptions go on", platform, workspace, resumed)

    # ------------------------------------------------------------ how

    async def _answered(self, asked: Asked, answer: Callable[[Session], Awaitable[R]]) -> R | Reply:
        messages = Messages(choose(asked.locale, self._services.config.settings.language))
        workspace = asked.channel.platform, asked.channel.workspace
        if wait := math.ceil(self._fair.wait((*workspace, asked.user))):
            said = messages.count(
                "That is a lot at once. Ask me again in {n} second.",
                "That is a lot at once. Ask me again in {n} seconds.",
                wait,
            )
            return present.note(said, messages)
        try:
            async with self._fair.turn(workspace, (*workspace, asked.user)):
                session = await asyncio.to_thread(Session.open, self._services, asked)
                messages = session.messages
                return await answer(session)
        except StoreError as error:  # its line is for the operator: it names a file of this machine
            log.error("a command in %s/%s: %s", asked.channel.platform, asked.channel.id, error)
            busy = t("I cannot use my database just now; the operator's log says why. Try again in a moment.")
            return present.note(messages.say(busy), messages)
        except BriefsError as error:
            # In a conversation with the bot alone nothing says which channel such a button is about.
            return present.error(error, messages, leads=asked.choices is None)
        except Exception:  # a mistake of ours must not leave the asker without an answer
            log.exception("a command failed in %s/%s", asked.channel.platform, asked.channel.id)
            broken = t("Something went wrong here; the operator's log says what. Try again in a moment.")
            return present.note(messages.say(broken), messages)

    async def _carry_out(self, session: Session, command: Command, given: Mapping[str, str]) -> Reply:
        values = {param.name: given[param.name] for param in command.params if given.get(param.name)}
        if session.asked.handed and command.name == "import":
            values.setdefault("file", "-")  # in chat it comes beside the command
        missing = next((param for param in command.params if param.required and param.name not in values), None)
        if missing is not None:
            helped = about.help_one(session, command, _missing(session, missing))
            return replace(helped, form=await self._hands.form_for(session, command, values))
        typed: dict[str, Any] = {}
        for param in command.params:
            if param.name in values:
                try:
                    typed[param.name] = await read(session, self._grammar, param, values[param.name])
                except WhichZoneError as error:
                    return await asyncio.to_thread(ask_zone, session, command.name, values, error)
        if command.manages and "channel" not in typed:
            session.check_manages()

        if command.name == "import":
            return await self._imports.begun(session, typed["file"], self._answered)
        if command.name == "home":
            return await self._hands.home(session)
        if command.name == "follow":
            return await self._scouts.begun(session, typed["address"], self._answered)

        def handle(session: Session) -> Reply:
            began = time.perf_counter()
            reply = command.handler(session, **typed)
            if command.handler is lookups.search:
                self._looked_up(time.perf_counter() - began)
            return reply

        try:
            if command.effect:
                return await asyncio.to_thread(self._once, session, handle)
            return await asyncio.to_thread(handle, session)
        except UsageError as error:
            if "nearest" not in error.values or session.asked.choices is not None:
                raise
            return await asyncio.to_thread(offer_nearest, session, command.name, values, error)

    def _led(self, answer: Callable[[Session], Awaitable[Reply]]) -> Callable[[Session], Awaitable[Reply]]:
        """Let answers lead to the beginning, refusals too, where nothing is read yet."""

        async def led(session: Session) -> Reply:
            try:
                reply = await answer(session)
            except UsageError as error:
                reply = present.error(error, session.messages)
            return await asyncio.to_thread(first_minute.led, session, reply)

        return led

    async def _named(self, session: Session, command: str, arguments: Mapping[str, str]) -> Reply:
        return await self._carry_out(session, self._commands[command], arguments)

    async def _read(self, session: Session, command: str, param: str, text: str) -> object:
        kind = next(one for one in self._commands[command].params if one.name == param)
        return await read(session, self._grammar, kind, text)

    def _once(self, session: Session, handle: Callable[..., Reply], *arguments: object) -> Reply:
        """Carry out what must not happen twice: platforms deliver a command again when they missed our answer."""
        if not session.asked.trigger:
            return handle(session, *arguments)
        trigger = f"{session.channel.platform}:{session.asked.trigger}"
        if not self._handled.first_time(trigger, session.now):
            return session.note("That has been done already.")
        try:
            return handle(session, *arguments)
        except Exception:  # whatever it was: nothing has been done, so that the next try is the first
            self._handled.failed(trigger)
            raise

    def _perhaps(self, session: Session, words: str, command: Command) -> Reply:
        """Look words up that begin nearly like a command; say so, and explain the command where nothing is found."""
        name = f"{session.command} {session.messages.say(command.name)}"
        note = session.messages.say("If you meant the command, it is {name}.", name=name)
        nothing = session.messages.say("Nothing was found on “{words}”; perhaps you meant this command.", words=words)
        return self._found(session, words, note) or about.help_one(session, command, nothing)

    def _found(self, session: Session, words: str, note: str) -> Reply | None:
        """Return what words find, with a line of what else they may mean; None where they find no story."""
        try:
            reply = lookups.search(session, words, note=note)
        except UsageError:  # they are no query: what else they may mean is said
            return None
        return reply if any(isinstance(part, StoryItem) for part in reply.parts) else None


def _missing(session: Session, param: Param) -> str:
    if param.kind == "query":
        return session.messages.say("Say what to look for.")
    return session.messages.say("Something is missing: {name}.", name=session.messages.say(param.label or param.name))


def _whole_values(values: Values | None) -> Values:
    return {name: tuple(_whole(value) for value in given) for name, given in (values or {}).items()}


def _whole(text: str) -> str:
    """Put another sign for half characters: they are in no database and no message."""
    return text.encode("utf-8", "replace").decode()
