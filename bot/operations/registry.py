"""Which chat platforms the bot serves: those whose secrets are in the environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from aiohttp import web

from bot.app import App
from bot.base.web import VARIABLE
from bot.delivery.transport import Transport
from briefs.errors import ConfigError
from briefs.masking import masked

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


@runtime_checkable
class Reachable(Protocol):
    """What an adapter may be beside: one that its platform calls."""

    def routes(self) -> Sequence[web.RouteDef]:
        """Give what the web server has to answer in its name."""


_SOCKET = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
_HTTP = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET")


def adapters(app: App) -> Mapping[str, Platform]:
    """Make the adapter of every platform whose secrets are set, by the platform's name; none is connected yet.

    BRIEFBOT_SLACK_API, BRIEFBOT_DISCORD_API and BRIEFBOT_DISCORD_GATEWAY in the environment say where a platform is, if
    not where it always is (GovSlack, a test). Raises ConfigError where only some of Slack's secrets are set, or
    where strangers would read what is not public.
    """
    secret = {name: value.strip() for name, value in app.environment.items() if value.strip()}
    made: dict[str, Platform] = {}
    if slack := _slack(app, secret):
        made["slack"] = slack
    if token := secret.get("DISCORD_TOKEN"):
        from bot.platforms.discord import DiscordAdapter

        made["discord"] = DiscordAdapter(
            app.dispatcher,
            token=token,
            command=app.config.settings.command,
            api_url=secret.get("BRIEFBOT_DISCORD_API"),
            gateway_url=secret.get("BRIEFBOT_DISCORD_GATEWAY"),
            lead=app.leads.of("discord gateway"),
        )
    return made


def _slack(app: App, secret: Mapping[str, str]) -> Platform | None:
    """Make the adapter for one workspace or for many, by which secrets are set; None: none are."""
    one, many = any(name in secret for name in _SOCKET), any(name in secret for name in _HTTP)
    if one and many:
        raise ConfigError(
            "Slack is set up twice: {one} are for one workspace by Socket Mode, {many} for many by HTTP; "
            "unset those of one.",
            one=", ".join(_SOCKET),
            many=", ".join(_HTTP),
        )
    if not one and not many:
        return None
    from bot.platforms.slack import API_URL, SlackAdapter, SlackHttpAdapter

    settings, api_url = app.config.settings, secret.get("BRIEFBOT_SLACK_API", API_URL)
    if one:
        bot_token, app_token = _all_of(secret, _SOCKET, "Slack in five minutes")
        return SlackAdapter(
            app.dispatcher,
            bot_token=bot_token,
            app_token=app_token,
            command=settings.command,
            admins_only=settings.admins_only,
            api_url=api_url,
        )
    if few := app.config.for_few:
        raise ConfigError(
            "Every workspace that installs the bot could read {sources}: say public: true in sources.yaml where "
            "that is meant, or leave it out. See “{chapter}” in the README.",
            sources=", ".join(masked(source.address) for source in few),
            chapter="Slack for many workspaces",
        )
    client_id, client_secret, signing_secret, _ = _all_of(secret, (*_HTTP, VARIABLE), "Slack for many workspaces")
    return SlackHttpAdapter(
        app.dispatcher,
        app.installations,
        app.once,
        client_id=client_id,
        client_secret=client_secret,
        signing_secret=signing_secret,
        clock=app.clock,
        command=settings.command,
        admins_only=settings.admins_only,
        api_url=api_url,
    )


def _all_of(secret: Mapping[str, str], names: Sequence[str], chapter: str) -> list[str]:
    missing = [name for name in names if name not in secret]
    if missing:
        raise ConfigError(
            "Slack needs {names}; not set: {missing}. See “{chapter}” in the README.",
            names=", ".join(names),
            missing=", ".join(missing),
            chapter=chapter,
        )
    return [secret[name] for name in names]
