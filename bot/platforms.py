"""Which chat platforms the bot serves: those whose secrets are in the environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.app import App
from bot.transport import Transport
from briefs.errors import ConfigError

NONE_SET = (
    "no chat platform is set up: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or DISCORD_TOKEN, in the environment; "
    "without any, `briefbot console` is the bot in the terminal"
)


class Adapter(Protocol):
    """A way to talk with people on one platform."""

    @property
    def transport(self) -> Transport:
        """Where digests leave."""

    async def start(self) -> None:
        """Connect. Raises BriefsError, one line, where the platform does not let us in."""

    async def stop(self) -> None:
        """Say goodbye."""


class Platform(Adapter, Protocol):
    """A chat platform, which can be asked beforehand."""

    async def problem(self) -> str | None:
        """Say in one line what keeps the bot from working there; None: nothing does."""


def adapters(app: App) -> Mapping[str, Platform]:
    """Make the adapter of every platform whose secrets are set, by the platform's name; none is connected yet.

    BRIEFBOT_SLACK_API, BRIEFBOT_DISCORD_API and BRIEFBOT_DISCORD_GATEWAY in the environment say where a platform is, if
    not where it always is (GovSlack, a test). Raises ConfigError where only one of Slack's two tokens is set.
    """
    secret = {name: value.strip() for name, value in app.environment.items() if value.strip()}
    command = app.config.settings.command
    made: dict[str, Platform] = {}
    bot_token, app_token = secret.get("SLACK_BOT_TOKEN"), secret.get("SLACK_APP_TOKEN")
    if bot_token and app_token:
        from bot.adapters.slack import SlackAdapter
        from bot.adapters.slack.api import API_URL

        made["slack"] = SlackAdapter(
            app.desk,
            bot_token=bot_token,
            app_token=app_token,
            command=command,
            admins_only=app.config.settings.admins_only,
            api_url=secret.get("BRIEFBOT_SLACK_API", API_URL),
        )
    elif bot_token or app_token:
        raise ConfigError(
            "Slack needs two tokens and {variable} is not set: see “Slack in five minutes” in the README.",
            variable="SLACK_APP_TOKEN" if bot_token else "SLACK_BOT_TOKEN",
        )
    if token := secret.get("DISCORD_TOKEN"):
        from bot.adapters.discord import DiscordAdapter

        made["discord"] = DiscordAdapter(
            app.desk,
            token=token,
            command=command,
            api_url=secret.get("BRIEFBOT_DISCORD_API"),
            gateway_url=secret.get("BRIEFBOT_DISCORD_GATEWAY"),
        )
    return made
