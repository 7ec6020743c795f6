"""The bot in Discord: gateway events → the dispatcher → answers.

    gateway ─┬ slash command ─┐                     ┌ callback, edit, follow-up
             ├ button         ├→ Asked → dispatcher → Reply ┤
             └ completion ────┘                     └ offers

Nothing about a message is remembered here: a button says by its custom id what it does, and so outlives a restart.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.base.i18n import Messages, choose, t
from bot.base.leader_election import Lead
from bot.base.reply import Paragraph, Reply, Span
from bot.commands import COMMANDS, Asked, Command, Dispatcher, Param, Place
from bot.platforms.discord.conversation import Conversation
from bot.platforms.discord.rest import NoAnswer, NotReached, Rest
from bot.platforms.discord.transport import DiscordTransport
from bot.platforms.discord.tree import ChosenChannel, Given, Interaction, Words, root
from briefs.errors import BriefsError, ConfigError, Unreachable, UsageError
from briefs.models import Channel

PLATFORM = "discord"
# What the bot needs where it posts; asked for by the link that invites it.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    embed_links=True,
    read_message_history=True,
    create_public_threads=True,
    send_messages_in_threads=True,
)
OFFERED = 25
LONGEST_OFFER = 100

_PATIENCE = 0.5  # seconds that an answer may take before we say that we think; Discord gives up after three
_TURN = 1.5  # seconds that the one who leads has to do so, before who stands by does
_LAST_WORDS = 3.0  # seconds for the answers in hand when we leave
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 300.0
_TOKEN_REFUSED = 4004
_BROKEN = t("Something went wrong here; the operator's log says what. Nothing was changed.")
_MANAGERS = t("those who may manage the server")

_log = logging.getLogger(__name__)

Work = Callable[[Asked], Awaitable[Reply]]

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
        self._client = _Client(self)
        self._rest = Rest(token, Route.BASE, self._client.http.user_agent)
        self._lead = lead
        self._keeper: asyncio.Task[None] | None = None
        self._in_hand: set[asyncio.Task[object]] = set()
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
        except (NotReached, NoAnswer) as error:
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
            self._client = _Client(self)  # one that was closed cannot be opened again

    def _is_forum(self, channel: str) -> bool | None:
        known = self._client.get_channel(int(channel)) if channel.isdecimal() else None
        return isinstance(known, discord.ForumChannel) if known else None

    # ------------------------------------------------------------ what people do

    def commands(self) -> app_commands.Group:
        """Make the root command."""
        return root(self._command, COMMANDS, self._on_command, self._on_completion)

    async def _on_command(
        self, interaction: Interaction, command: Command, given: Given, chosen: tuple[ChosenChannel, ...]
    ) -> None:
        await self._serve(interaction, lambda asked: self._dispatcher.call(asked, command.name, given), chosen)

    async def _on_completion(self, interaction: Interaction, command: Command, param: Param, typed: str) -> list[str]:
        if interaction.guild_id is None:
            return []
        offers = await self._dispatcher.complete(_asked(interaction), command.name, param.name, typed)
        return [offer for offer in offers if 0 < len(offer) <= LONGEST_OFFER][:OFFERED]

    async def removed(self, guild: str) -> None:
        """Pause what a server gets."""
        await self._dispatcher.removed(self.platform, guild, _REMOVED)

    async def returned(self, guild: str) -> None:
        """Let go on what was paused so."""
        await self._dispatcher.returned(self.platform, guild, _REMOVED)

    async def on_button(self, interaction: Interaction) -> None:
        """Serve a press of a button, of whatever age."""
        data: Mapping[str, Any] = interaction.data or {}
        action, _, value = str(data.get("custom_id", "")).partition(":")
        await self._serve(interaction, lambda asked: self._dispatcher.press(asked, action, value))

    @property
    def stands_by(self) -> bool:
        """Whether another process answers."""
        return self._lead is not None and not self._lead.leads

    async def _serve(self, interaction: Interaction, work: Work, chosen: tuple[ChosenChannel, ...] = ()) -> None:
        """Ask the dispatcher and answer; whatever fails on the way, the asker hears of it."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine always runs in one
        self._in_hand.add(task)
        try:
            asked = _asked(interaction, chosen)
            conversation = Conversation(
                self._rest,
                self.transport,
                asked.channel,
                application=interaction.application_id,
                number=interaction.id,
                token=interaction.token,
            )
            if self.stands_by:
                # Discord takes the first answer to an interaction: if this is it, the one who leads is gone.
                await asyncio.sleep(_TURN)
                if not await conversation.think():
                    return
            replying = asyncio.create_task(_replied(asked, work if asked.channel.workspace else _nowhere))
            await asyncio.wait([replying], timeout=_PATIENCE)
            if not replying.done() and not conversation.thinks:
                await conversation.think()
            await conversation.say(await replying)
        finally:
            self._in_hand.discard(task)


class _Client(discord.Client):
    """discord.py's side: only servers and their channels are asked for, and no message is ever read or kept."""

    # No word at every start about libraries for voice that we do not want.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

    def __init__(self, adapter: DiscordAdapter) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
        )
        self._adapter = adapter
        self._tree: app_commands.CommandTree[_Client] = _Tree(self)
        self._tree.add_command(adapter.commands())

    @property
    def stands_by(self) -> bool:
        """Whether another process answers."""
        return self._adapter.stands_by

    async def setup_hook(self) -> None:
        """Say which commands there are."""
        await self._tree.set_translator(Words(COMMANDS))
        try:
            await self._tree.sync()
        except app_commands.CommandSyncFailure as error:
            # Commands of an earlier start may still stand there: better those than none.
            _log.error("Discord refuses the commands: %s", error)

    async def on_ready(self) -> None:
        """Say how the bot gets into a server, where it is in none."""
        if not self.guilds and self.application_id is not None:
            scopes = ("bot", "applications.commands")
            link = discord.utils.oauth_url(self.application_id, permissions=PERMISSIONS, scopes=scopes)
            _log.warning("discord: the bot is in no server yet; invite it: %s", link)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Pause what a server gets that the bot was taken out of; one that is only away is none."""
        await self._adapter.removed(str(guild.id))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Go on in a server that the bot is in again."""
        await self._adapter.returned(str(guild.id))

    async def on_interaction(self, interaction: Interaction) -> None:
        """Take presses of buttons; commands find their own way through the tree."""
        if interaction.type is discord.InteractionType.component:
            await self._adapter.on_button(interaction)


class _Tree(app_commands.CommandTree[_Client]):
    async def interaction_check(self, interaction: discord.Interaction[_Client], /) -> bool:
        """Let through what is ours to answer: nobody waits for a completion longer than they type."""
        return interaction.type is not discord.InteractionType.autocomplete or not interaction.client.stands_by


async def _nowhere(asked: Asked) -> Reply:
    """Answer where there is no server: nobody there could say who may do what, and all would share one workspace."""
    raise UsageError("I work in servers only; ask me in one of its channels.")


async def _replied(asked: Asked, work: Work) -> Reply:
    messages = Messages(choose(asked.locale))
    try:
        return await work(asked)
    except BriefsError as error:
        return _private(messages, messages.error(error))
    except Exception:  # a defect: the asker must not wait for an answer that never comes
        _log.exception("a command failed in channel %s", asked.channel.id)
        return _private(messages, messages.say(_BROKEN))


def _asked(interaction: Interaction, chosen: tuple[ChosenChannel, ...] = ()) -> Asked:
    """Say who asks, and where, by what Discord itself says of them."""
    guild = str(interaction.guild_id or "")
    channel = interaction.channel
    name = getattr(channel, "name", None)

    async def find(typed: str) -> Place | None:
        # Only channels that came with the command: Discord has checked that the asker sees those.
        return next((_place(interaction, guild, one) for one in chosen if str(one.id) == typed.strip("<#>")), None)

    return Asked(
        channel=Channel(PLATFORM, guild, str(interaction.channel_id or "")),
        user=str(interaction.user.id),
        locale=interaction.locale.value,
        may_manage=_manages(interaction.permissions),
        manages_workspace=interaction.permissions.administrator or interaction.permissions.manage_guild,
        managers=_MANAGERS,
        trigger=str(interaction.id),
        channel_name=f"#{name}" if name else None,
        reachable=_can_post(interaction.app_permissions, in_thread=isinstance(channel, discord.Thread)),
        readable=_can_look(interaction.app_permissions, channel),
        find=find,
        user_name=interaction.user.display_name,
    )


def _place(interaction: Interaction, guild: str, chosen: ChosenChannel) -> Place:
    return Place(
        channel=Channel(PLATFORM, guild, str(chosen.id)),
        name=f"#{chosen.name}",
        may_manage=_manages(chosen.permissions),
        **_possible(interaction.guild, chosen),
    )


def _possible(guild: discord.Guild | None, chosen: ChosenChannel) -> dict[str, bool]:
    """Say what the bot can do in a channel that was chosen, as a `Place` has it."""
    channel = guild.get_channel_or_thread(chosen.id) if guild else None
    if guild is None or not isinstance(channel, discord.abc.Messageable | discord.ForumChannel | discord.Thread):
        return {"reachable": False}
    permissions = channel.permissions_for(guild.me)
    return {
        "reachable": _can_post(permissions, in_thread=isinstance(channel, discord.Thread)),
        "readable": _can_look(permissions, channel),
    }


def _manages(permissions: discord.Permissions) -> bool:
    return permissions.administrator or permissions.manage_channels


def _can_post(permissions: discord.Permissions, *, in_thread: bool) -> bool:
    speaks = permissions.send_messages_in_threads if in_thread else permissions.send_messages
    return permissions.administrator or (permissions.view_channel and permissions.embed_links and speaks)


def _can_look(permissions: discord.Permissions, channel: object) -> bool:
    """Whether what was posted can be looked for: posts of a forum are threads, which no history shows."""
    reads = permissions.administrator or permissions.read_message_history
    return reads and not isinstance(channel, discord.ForumChannel)


def _refused() -> ConfigError:
    return ConfigError(
        "Discord refuses the token in DISCORD_TOKEN: copy it again from the Bot page of the Developer Portal."
    )


def _private(messages: Messages, line: str) -> Reply:
    return Reply(messages.language, line, (Paragraph(((Span(line),),)),))
