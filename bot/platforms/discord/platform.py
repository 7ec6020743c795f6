"""Discord as a platform: by its gateway, which tells every process everything."""

from collections.abc import Mapping

from bot.platforms.port import ChatAdapter, Host, Platform


def _adapter(bot: Host, secret: Mapping[str, str]) -> ChatAdapter | None:
    """Make the adapter. BRIEFBOT_DISCORD_API and BRIEFBOT_DISCORD_GATEWAY say where Discord is in a test."""
    token = secret.get("DISCORD_TOKEN")
    if token is None:
        return None
    from bot.platforms.discord.adapter import DiscordAdapter

    return DiscordAdapter(
        bot.dispatcher,
        token=token,
        command=bot.config.settings.command,
        api_url=secret.get("BRIEFBOT_DISCORD_API"),
        gateway_url=secret.get("BRIEFBOT_DISCORD_GATEWAY"),
        lead=bot.leads.of("discord gateway"),
    )


DISCORD = Platform("discord", "DISCORD_TOKEN", ("DISCORD_TOKEN",), _adapter)
