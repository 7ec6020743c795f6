"""Who asks, and where, by what Discord itself says of them and of us."""

from __future__ import annotations

import discord

from bot.base.i18n import t
from bot.commands import Asked, Place
from bot.platforms.discord.tree import ChosenChannel, Interaction
from briefs.models import Channel

PLATFORM = "discord"
_MANAGERS = t("those who may manage the server")


def asked(interaction: Interaction, chosen: tuple[ChosenChannel, ...] = ()) -> Asked:
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
    return permissions.administrator or (permissions.view_channel and speaks)


def _can_look(permissions: discord.Permissions, channel: object) -> bool:
    """Whether what was posted can be looked for: posts of a forum are threads, which no history shows."""
    reads = permissions.administrator or permissions.read_message_history
    return reads and not isinstance(channel, discord.ForumChannel)
