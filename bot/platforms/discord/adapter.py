"""The bot in Discord: gateway events → the dispatcher → answers.

    gateway ─┬ command, on a message too ─┐                     ┌ callback, edit, follow-up
             ├ button, menu               ├→ Asked → dispatcher → Reply ┤
             ├ form                       │             │       └ Form → modal
             └ completion ────────────────┘             └ offers

Nothing about a message is remembered here: a button says by its custom id what it does, and so outlives a restart. What
was typed into a form in which something is wrong is kept for a while, since a modal cannot be shown in answer to one.
"""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.base.form import Form, Values
from bot.base.i18n import Messages, choose, t
from bot.base.leader_election import Lead
from bot.base.reply import Reply
from bot.commands import COMMANDS, Asked, Command, Dispatcher, Dropped, Param
from bot.commands.hands import STANDS_FOR
from bot.delivery.transport import Envelope
from bot.platforms.discord import menu, modal
from bot.platforms.discord.asking import PLATFORM, arriving, asked, asked_of, is_new
from bot.platforms.discord.client import USER_AGENT, Client
from bot.platforms.discord.conversation import Conversation
from bot.platforms.discord.rest import NoResponse, NotReached, Rest
from bot.platforms.discord.transport import DiscordTransport
from bot.platforms.discord.tree import FOLLOW, RELATED, Given, Interaction, on_messages, pressable, root
from bot.present import note
from briefs.errors import BriefsError, ConfigError, Unreachable, UsageError

_PATIENCE = 0.5  # seconds that an answer may take before we say that we think; Discord gives up after three
_FORM_PATIENCE = 2.2  # and one that may be a form: none can be opened any more after that
_PAGES = ("home", "page")  # stand in the place of the page that was turned, where only the asker sees it
_KEPT = 200  # forms of which we know what was typed
_TURN = 1.5  # seconds that the one who leads has to do so, before who stands by does
_LAST_WORDS = 3.0  # seconds for the answers in hand when we leave
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 300.0
_TOKEN_REFUSED = 4004
_BROKEN = t("Something went wrong here; the operator's log says what. Nothing was changed.")

_log = logging.getLogger(__name__)

Work = Callable[[Asked], Awaitable[Reply | Form]]

_FILES = ("cdn.discordapp.com", "media.discordapp.net")  # where Discord keeps what people hand over
_ONCE = ""  # in a server, not in each of its channels: nobody invites the bot to those
_REMOVED = "app_uninstalled"  # why all of a server is paused, as Slack has it


class DiscordAdapter:
    """The bot in every Discord server that invited it.

    transport: posts digests; usable before `start`, as it needs no gateway.
    """

    platform = PLATFORM

    def __init__(
        self,
        dispatcher: Dispatcher,
        *,
        token: str,
        command: str = "brief",
        api_url: str | None = None,
        gateway_url: str | None = None,
        lead: Lead | None = None,
    ) -> None:
        """Answer for a dispatcher.

        command: the root command. api_url, gateway_url: where Discord is, if not where it always is. discord.py keeps
        both for the whole process, and so they hold for every adapter in it. lead: Discord tells everything to every
        connection, so of several processes the one that leads answers, and the others where it does not in time; None:
        there is no other.
        """
        if api_url is not None:
            Route.BASE = api_url
        if gateway_url is not None:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
        self._dispatcher = dispatcher
        self._token = token
        self._command = command
        self._rest = Rest(token, Route.BASE, USER_AGENT)
        own = yarl.URL(api_url).origin() if api_url else None
        self._files_at = {own} if own else {yarl.URL(f"https://{host}") for host in _FILES}
        self._client = Client(self, self._rest)
        self._lead = lead
        self._keeper: asyncio.Task[None] | None = None
        self._in_hand: set[asyncio.Task[object]] = set()
        self._typed: OrderedDict[tuple[str, str], Values] = OrderedDict()  # by user, and the form's name and subject
        self.transport = DiscordTransport(self._rest, self._is_forum)

    # ------------------------------------------------------------ life

    async def start(self) -> None:
        """Connect in the background, and go on trying where Discord cannot be reached.

        Raises ConfigError, one line, where Discord will not have the token.
        """
        try:
            await self._checked()
        except Unreachable as error:
            _log.warning("%s", error)
        except ConfigError:
            await self._rest.close()
            raise
        self._keeper = asyncio.create_task(self._connect(), name="discord gateway")

    async def stop(self) -> None:
        """Finish the answers in hand, for a few seconds at most, and disconnect."""
        await self._client.close()
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=_LAST_WORDS)
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        await self._rest.close()

    async def problem(self) -> str | None:
        """Say in one line what keeps the bot from working in Discord; None: nothing does."""
        try:
            await self._checked()
        except BriefsError as error:
            return str(error)
        finally:
            if self._keeper is None:
                await self._rest.close()
        return None

    async def _checked(self) -> None:
        try:
            answer = await self._rest.call("GET", "/users/@me")
        except (NotReached, NoResponse) as error:
            raise Unreachable(
                "Discord cannot be reached ({reason}): check the network and the proxy.", reason=str(error)
            ) from error
        if answer.status == 401:
            raise _refused()
        if not answer.done:
            raise Unreachable("Discord does not answer ({reason}): try again later.", reason=str(answer))

    async def _connect(self) -> None:
        """Stay connected until told to leave, or until Discord will not have us."""
        pause = _FIRST_PAUSE
        while True:
            try:
                # It reconnects by itself from then on, and resumes.
                await self._client.start(self._token)
                return
            except (discord.LoginFailure, discord.PrivilegedIntentsRequired) as error:
                _log.error("discord: %s", _refused() if isinstance(error, discord.LoginFailure) else error)
                return
            except (discord.ConnectionClosed, discord.HTTPException, aiohttp.ClientError, OSError) as error:
                if isinstance(error, discord.ConnectionClosed) and error.code == _TOKEN_REFUSED:
                    _log.error("discord: %s", _refused())
                    return
                _log.warning("discord: no connection (%s); trying again in %.0f s", type(error).__name__, pause)
            except Exception:  # a defect, ours or the library's: else nobody would hear of it before we leave
                _log.exception("discord: the connection failed; trying again in %.0f s", pause)
            await self._client.close()
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
            self._client = Client(self, self._rest)  # one that was closed cannot be opened again

    def _is_forum(self, channel: str) -> bool | None:
        known = self._client.get_channel(int(channel)) if channel.isdecimal() else None
        return isinstance(known, discord.ForumChannel) if known else None

    # ------------------------------------------------------------ what people do

    def commands(self) -> Sequence[app_commands.Group | app_commands.ContextMenu]:
        """Make the root command, and those on a message."""
        return [
            root(self._command, COMMANDS, self._on_command, self._on_completion),
            on_messages(RELATED, self._on_message),
            on_messages(FOLLOW, self._on_links),
        ]

    def registered(self, commands: Sequence[dict[str, Any]]) -> None:
        """Take note of the commands as Discord has them: what a message says of one can be pressed from now on."""
        number = next((str(one["id"]) for one in commands if one["name"] == self._command), "")
        self.transport.commands = pressable(self._command, number, COMMANDS) if number else {}

    async def _on_command(self, interaction: Interaction, command: Command, given: Given) -> None:
        async def work(asked: Asked) -> Reply:
            handed = replace(asked, handed=lambda number: self._handed(interaction, number))
            return await self._dispatcher.call(handed, command.name, given)

        await self._serve(interaction, work, opens=command.name in STANDS_FOR)

    async def _handed(self, interaction: Interaction, number: str) -> Dropped | None:
        """Return the file that came with a command, as Discord keeps it."""
        data: Mapping[str, Any] = interaction.data or {}
        told = ((data.get("resolved") or {}).get("attachments") or {}).get(number)
        if told is None:
            return None
        name, size, address = str(told["filename"]), int(told["size"]), str(told["url"])

        async def read() -> bytes:
            place = yarl.URL(address)
            body = await self._rest.read(address, size) if place.origin() in self._files_at else None
            if body is None:
                raise UsageError("I cannot get that file from Discord; hand it over again.")
            return body

        return Dropped(name, size, read)

    async def _on_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Look up what a message speaks of."""
        text = menu.said_in(message)

        async def work(asked: Asked) -> Reply:
            return await self._dispatcher.related(asked, text, str(message.id))

        await self._serve(interaction, work)

    async def _on_links(self, interaction: Interaction, message: discord.Message) -> None:
        """Look at what a message links to."""
        links = menu.links_in(message)
        await self._serve(interaction, lambda asked: self._dispatcher.links(asked, links))

    async def _on_completion(self, interaction: Interaction, command: Command, param: Param, typed: str) -> list[str]:
        if interaction.guild_id is None:
            return []
        return await self._dispatcher.complete(asked(interaction), command.name, param.name, typed)

    async def removed(self, guild: str) -> None:
        """Pause what a server gets."""
        await self._dispatcher.removed(self.platform, guild, _REMOVED)

    async def joined(self, guild: discord.Guild) -> None:
        """Let go on what was paused so, and say what the bot is, where the server greets who comes."""
        await self._dispatcher.returned(self.platform, str(guild.id), _REMOVED)
        who = arriving(guild)
        if who is None or self.stands_by:
            return  # it is said to the first who asks something
        welcome = await self._dispatcher.arrived(who, _ONCE)
        for message in self.transport.render(welcome) if welcome else ():
            name = f"hello-{guild.id}"
            await self.transport.send(Envelope(who.channel, message.payload, uuid=name, nonce=name))

    async def _server_of(self, interaction: Interaction, about: str) -> Asked | None:
        """Say who asks in private, as a member of the server that a channel among these ids is of."""
        named = re.search(r"\d{15,20}(?=:)", about)
        channel = self._client.get_channel(int(named[0])) if named else None
        guild = getattr(channel, "guild", None)
        return await asked_of(interaction, guild) if isinstance(guild, discord.Guild) else None

    async def _with_welcome(self, interaction: Interaction, who: Asked, said: Reply) -> Reply:
        """Let the first answer in a server be followed by what the bot is, where nothing could be said on arrival."""
        if said.after or said.form or not is_new(interaction.guild, discord.utils.utcnow()):
            return said
        welcome = await self._dispatcher.arrived(who, _ONCE)
        return replace(said, after=replace(welcome, public=False)) if welcome else said

    async def on_component(self, interaction: Interaction) -> None:
        """Serve a press of a button, or a choice in a menu, of whatever age."""
        data: Mapping[str, Any] = interaction.data or {}
        pressed = str((data.get("values") or [data.get("custom_id", "")])[0])
        action, _, value = pressed.partition(":")

        async def work(asked: Asked) -> Reply | Form:
            if "," in action:
                return menu.card(Messages(choose(asked.locale)), interaction.message, pressed)
            if action == "form" and (typed := self._typed.pop((asked.user, value), None)):
                name, _, subject = value.partition(" ")
                return await self._dispatcher.form(asked, name, subject, typed)
            reply = await self._dispatcher.press(asked, action, value)
            turned = action in _PAGES and interaction.message is not None and interaction.message.flags.ephemeral
            return replace(reply, in_place=True) if turned else reply

        await self._serve(interaction, work, opens=action == "form", about=value)

    async def on_form(self, interaction: Interaction) -> None:
        """Save what a form says; where something is wrong in it, keep what was typed until it is opened again."""
        data: Mapping[str, Any] = interaction.data or {}
        form = str(data.get("custom_id", "")).removeprefix(modal.PREFIX)
        name, _, subject = form.partition(" ")
        values = modal.values(data.get("components") or ())

        async def work(asked: Asked) -> Reply | Form:
            said = await self._dispatcher.submit(asked, name, subject, values)
            if isinstance(said, Form):
                self._typed[asked.user, form] = values
                while len(self._typed) > _KEPT:
                    self._typed.popitem(last=False)
            return said

        await self._serve(interaction, work, about=subject)

    @property
    def stands_by(self) -> bool:
        """Whether another process answers."""
        return self._lead is not None and not self._lead.leads

    async def _serve(self, interaction: Interaction, work: Work, *, opens: bool = False, about: str = "") -> None:
        """Ask the dispatcher and answer; whatever fails on the way, the asker hears of it.

        opens: perhaps a form. about: ids; where it is asked in private, the channel among them says of which server.
        """
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine always runs in one
        self._in_hand.add(task)
        try:
            who = asked(interaction)
            conversation = self._conversation(interaction, who)
            if self.stands_by:
                # Discord takes the first answer to an interaction: if this is it, the one who leads is gone.
                await asyncio.sleep(_TURN)
                if not await conversation.think():
                    return

            async def in_private(asked: Asked) -> Reply | Form:
                there = await self._server_of(interaction, about)
                return await (work(there) if there else _nowhere(asked))

            replying = asyncio.create_task(_replied(who, work if who.channel.workspace else in_private))
            await asyncio.wait([replying], timeout=_FORM_PATIENCE if opens else _PATIENCE)
            if not replying.done() and not conversation.thinks:
                await conversation.think()
            said = await replying
            if isinstance(said, Reply):
                said = await self._with_welcome(interaction, who, said)
            await _say(conversation, said, opens)
        finally:
            self._in_hand.discard(task)

    def _conversation(self, interaction: Interaction, who: Asked) -> Conversation:
        return Conversation(
            self._rest,
            self.transport,
            who.channel,
            application=interaction.application_id,
            number=interaction.id,
            token=interaction.token,
            pressed=interaction.message.flags.value if interaction.message else None,
        )


async def _say(conversation: Conversation, said: Reply | Form, opens: bool) -> None:
    """Give an answer, and what it becomes; a form, where none can be opened any more, as a button that opens it."""
    form = said if isinstance(said, Form) else said.form
    if form is None and isinstance(said, Reply):
        await conversation.say(said)
        while said.then:
            said = await said.then()
            await conversation.amend(said)
    elif form is not None and opens and not conversation.thinks:
        await conversation.open(form)
    elif form is not None:
        await conversation.say(modal.instead(form, Messages(form.language)))


async def _nowhere(asked: Asked) -> Reply:
    """Answer where there is no server: nobody there could say who may do what, and all would share one workspace."""
    raise UsageError("I work in servers only; ask me in one of its channels.")


async def _replied(asked: Asked, work: Work) -> Reply | Form:
    messages = Messages(choose(asked.locale))
    try:
        return await work(asked)
    except BriefsError as error:
        return note(messages.error(error), messages)
    except Exception:  # a defect: the asker must not wait for an answer that never comes
        _log.exception("a command failed in channel %s", asked.channel.id)
        return note(messages.say(_BROKEN), messages)


def _refused() -> ConfigError:
    return ConfigError(
        "Discord refuses the token in DISCORD_TOKEN: copy it again from the Bot page of the Developer Portal."
    )
