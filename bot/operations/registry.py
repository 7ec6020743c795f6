"""Which chat platforms there are, and which the bot serves: those whose secrets are in the environment."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points

from bot.app import App
from bot.platforms.discord.platform import DISCORD
from bot.platforms.port import ChatAdapter, Platform
from bot.platforms.slack.platform import SLACK
from briefs.errors import ConfigError
from briefs.store.secret_box import KEY_VARIABLE


@cache
def platforms() -> Mapping[str, Platform]:
    """Return every platform by its name: ours, and those of other packages under `briefbot.platforms`."""
    others = (entry.load() for entry in entry_points(group="briefbot.platforms"))
    return {platform.name: platform for platform in (SLACK, DISCORD, *others)}


def secrets() -> frozenset[str]:
    """Return the variables of the environment that only what talks with people needs."""
    return frozenset({KEY_VARIABLE, *(name for platform in platforms().values() for name in platform.secrets)})


def none_set() -> str:
    """Return what to say where no platform has its secrets."""
    ways = ", or ".join(platform.ways for platform in platforms().values())
    return (
        f"no chat platform is set up: set {ways}, in the environment; without any, `briefbot console` is the bot in "
        "the terminal"
    )


def adapters(app: App) -> Mapping[str, ChatAdapter]:
    """Make the adapter of every platform whose secrets are set, by the platform's name; none is connected yet.

    Raises ConfigError where only some of a platform's secrets are set, or where the operators' channel is on a platform
    that there is not.
    """
    known, operators = platforms(), app.config.settings.operators
    if operators and operators.platform not in known:
        raise ConfigError(
            "admin_channel in settings.yaml: there is no platform {name}; there are {known}",
            name=operators.platform,
            known=", ".join(known),
        )
    secret = {name: value.strip() for name, value in app.environment.items() if value.strip()}
    made = {name: platform.adapter(app, secret) for name, platform in known.items()}
    return {name: adapter for name, adapter in made.items() if adapter is not None}
