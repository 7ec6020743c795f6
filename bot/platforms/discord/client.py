"""discord.py's side: the gateway, and which commands there are."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Protocol

import discord
from discord import app_commands

from bot.commands import COMMANDS
from bot.platforms.discord.rest import NoResponse, NotReached, Response, Rest
from bot.platforms.discord.tree import Interaction, Words

# What the bot needs where it posts; asked for by the link that invites it.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    read_message_history=True,
    create_public_threads=True,
    send_messages_in_threads=True,
)
USER_AGENT = f"DiscordBot (https://github.com/Rapptz/discord.py {discord.__version__})"

_PAUSE, _LONGEST_PAUSE = 60.0, 3600.0  # seconds until the commands are registered again
_OF_DISCORD = {"id", "application_id", "version", "dm_permission"}  # in what it tells of a command; we do not say so

_log = logging.getLogger(__name__)


class Listener(Protocol):
    """Whom the client tells of what it hears."""

    @property
    def stands_by(self) -> bool:
        """Whether another process answers."""

    def commands(self) -> Sequence[app_commands.Group | app_commands.ContextMenu]:
        """Make the commands."""

    def registered(self, commands: Sequence[dict[str, Any]]) -> None:
        """Take note of the commands as Discord has them."""

    async def on_component(self, interaction: Interaction) -> None:
        """Serve what is pressed or chosen."""

    async def on_form(self, interaction: Interaction) -> None:
        """Serve a form that is sent."""

    async def removed(self, guild: str) -> None:
        """Take note that a server has taken the bot out."""

    async def joined(self, guild: discord.Guild) -> None:
        """Greet a server that has the bot, or has it again."""


class Client(discord.Client):
    """Only servers and their channels are asked for, and no message is ever read or kept."""

    # No word at every start about libraries for voice that we do not want.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

    def __init__(self, listener: Listener, rest: Rest) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
        )
        self._listener = listener
        self._rest = rest
        self._words = Words(COMMANDS)
        self._tree: app_commands.CommandTree[Client] = _Tree(self)
        for command in listener.commands():
            self._tree.add_command(command)
        self._registering: asyncio.Task[None] | None = None

    @property
    def stands_by(self) -> bool:
        """Whether another process answers."""
        return self._listener.stands_by

    async def on_ready(self) -> None:
        """Say which commands there are, and how the bot gets into a server, where it is in none."""
        if self._registering is None:
            self._registering = asyncio.create_task(self._register(), name="discord commands")
        if not self.guilds and self.application_id is not None:
            scopes = ("bot", "applications.commands")
            link = discord.utils.oauth_url(self.application_id, permissions=PERMISSIONS, scopes=scopes)
            _log.warning("discord: the bot is in no server yet; invite it: %s", link)

    async def close(self) -> None:
        """Disconnect."""
        if self._registering is not None:
            self._registering.cancel()
        await super().close()

    async def _register(self) -> None:
        """Say which commands there are, until Discord has heard it."""
        # Commands of an earlier start may still stand there: the bot answers meanwhile.
        pause = _PAUSE
        while True:
            try:
                answer = await self._told()
            except (NotReached, NoResponse) as error:
                _log.warning("discord: the commands are not registered (%s); trying again in %.0f s", error, pause)
            else:
                if answer.done:
                    self._listener.registered(answer.body)
                    return
                if 400 <= answer.status < 500 and answer.status != 429:
                    _log.error("Discord refuses the commands: %s", answer)
                    return
                pause = max(pause, answer.retry_after or 0.0)
                _log.warning("discord: the commands are not registered (%s); trying again in %.0f s", answer, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _told(self) -> Response:
        """Ask which commands Discord has, and say which there are where it has others."""
        wanted = [await one.get_translated_payload(self._tree, self._words) for one in self._tree.get_commands()]
        path = f"/applications/{self.application_id}/commands"
        known = await self._rest.call("GET", f"{path}?with_localizations=true")
        if known.done and _same(wanted, known.body):
            return known
        return await self._rest.call("PUT", path, wanted)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Pause what a server gets that the bot was taken out of; one that is only away is none."""
        await self._listener.removed(str(guild.id))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say what the bot is in a server that it comes to; go on in one that it is in again."""
        await self._listener.joined(guild)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Take presses of buttons and menus, and forms; commands find their own way through the tree."""
        if interaction.type is discord.InteractionType.component:
            await self._listener.on_component(interaction)
        elif interaction.type is discord.InteractionType.modal_submit:
            await self._listener.on_form(interaction)


class _Tree(app_commands.CommandTree[Client]):
    async def interaction_check(self, interaction: discord.Interaction[Client], /) -> bool:
        """Let through what is ours to answer: nobody waits for a completion longer than they type."""
        return interaction.type is not discord.InteractionType.autocomplete or not interaction.client.stands_by


def _same(ours: Any, theirs: Any) -> bool:
    """Whether two definitions of commands say the same; what is empty may be left out."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return all(_same(ours.get(key), theirs.get(key)) for key in (ours.keys() | theirs.keys()) - _OF_DISCORD)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(_same, ours, theirs))
    return bool(ours == theirs) or (not ours and not theirs)
