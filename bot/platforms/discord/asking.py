"""Who asks, and where, by what Discord itself says of them and of us."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.base.i18n import t
from bot.commands import Asked, Place
from bot.platforms.discord.tree import POSTABLE, Interaction
from briefs.models import Channel

PLATFORM = "discord"
_NEW = timedelta(days=1)
_MANAGERS = t("those who may manage the server")


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A channel as Discord describes it to who chose it; permissions: theirs there."""

    id: int
    name: str
    permissions: discord.Permissions


def asked(interaction: Interaction) -> Asked:
    """Say who asks, and where, by what Discord itself says of them."""
    guild = str(interaction.guild_id or "")
    channel = interaction.channel
    name = getattr(channel, "name", None)

    async def find(typed: str) -> Place | None:
        return _found(interaction, typed.strip("<#>"))

    async def rooms() -> list[Place]:
        return list(_rooms(interaction.guild, interaction.user))

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
        rooms=rooms,
    )


def arriving(guild: discord.Guild) -> Asked | None:
    """Stand for whoever invited the bot, in the channel where a server greets who comes; None where it cannot speak.

    Discord does not say who it was, so they may change nothing.
    """
    channel = guild.system_channel
    if channel is None or not _can_post(channel.permissions_for(guild.me), in_thread=False):
        return None
    place, name = Channel(PLATFORM, str(guild.id), str(channel.id)), f"#{channel.name}"
    return Asked(place, "", locale=guild.preferred_locale.value, channel_name=name)


def is_new(guild: discord.Guild | None, now: datetime) -> bool:
    """Whether the bot came into a server not long ago."""
    came = guild.me.joined_at if guild and guild.me else None
    return came is not None and now - came < _NEW


async def asked_of(interaction: Interaction, guild: discord.Guild) -> Asked | None:
    """Say who asks about a server in their conversation with the bot, by what they may there; None: it has them not.

    Discord offers no channels there: a form has to name them.
    """
    try:
        member = guild.get_member(interaction.user.id) or await guild.fetch_member(interaction.user.id)
    except discord.HTTPException:
        return None

    async def find(typed: str) -> Place | None:
        return _seen(guild, member, guild.get_channel_or_thread(int(typed)) if typed.isdecimal() else None)

    alone = Channel(PLATFORM, str(guild.id), str(interaction.channel_id or ""))
    who = replace(asked(interaction), channel=alone, may_manage=False, manages_workspace=False)
    return replace(who, channel_name=None, find=find, rooms=None, choices=tuple(_rooms(guild, member)))


def _found(interaction: Interaction, number: str) -> Place | None:
    """Find a channel that the asker sees: as it came with what they asked, else as the server has it."""
    data: Mapping[str, Any] = interaction.data or {}
    if came := ((data.get("resolved") or {}).get("channels") or {}).get(number):
        permissions = discord.Permissions(int(came["permissions"]))
        return _place(
            interaction.guild_id, interaction.guild, _Chosen(int(number), str(came.get("name") or ""), permissions)
        )
    channel = interaction.guild.get_channel_or_thread(int(number)) if interaction.guild and number.isdecimal() else None
    return _seen(interaction.guild, interaction.user, channel)


def _rooms(guild: discord.Guild | None, user: object) -> Iterator[Place]:
    """Yield the channels of the server that the asker sees, and that can be posted in."""
    for channel in (*guild.channels, *guild.threads) if guild else ():
        if channel.type in POSTABLE and (place := _seen(guild, user, channel)):
            yield place


def _seen(guild: discord.Guild | None, user: object, channel: object) -> Place | None:
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return None
    if guild is None or not isinstance(user, discord.Member):
        return None
    permissions = channel.permissions_for(user)
    if not permissions.view_channel:
        return None
    return _place(guild.id, guild, _Chosen(channel.id, channel.name, permissions))


def _place(server: int | None, guild: discord.Guild | None, chosen: _Chosen) -> Place:
    return Place(
        channel=Channel(PLATFORM, str(server or ""), str(chosen.id)),
        name=f"#{chosen.name}",
        may_manage=_manages(chosen.permissions),
        **_possible(guild, chosen.id),
    )


def _possible(guild: discord.Guild | None, number: int) -> dict[str, bool]:
    """Say what the bot can do in a channel, as a `Place` has it."""
    channel = guild.get_channel_or_thread(number) if guild else None
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
    return permissions.administrator or (permissions.view_channel and speaks)


def _can_look(permissions: discord.Permissions, channel: object) -> bool:
    """Whether what was posted can be looked for: posts of a forum are threads, which no history shows."""
    reads = permissions.administrator or permissions.read_message_history
    return reads and not isinstance(channel, discord.ForumChannel)
