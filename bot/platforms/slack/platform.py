"""Slack as a platform: by Socket Mode for one workspace, by HTTP for all that install the bot."""

from collections.abc import Mapping, Sequence

from bot.base.web import HTTP_VARIABLE
from bot.platforms.port import ChatAdapter, Host, Platform
from briefs.errors import ConfigError
from briefs.masking import masked

_SOCKET = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
_HTTP = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET")


def _adapter(bot: Host, secret: Mapping[str, str]) -> ChatAdapter | None:
    """Make the adapter for one workspace or for many, by which secrets are set; None: none are.

    BRIEFBOT_SLACK_API says where Slack is, if not where it always is (GovSlack, a test). Raises ConfigError also where
    strangers would read what is not public.
    """
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
    return _for_one(bot, secret) if one else _for_many(bot, secret)


def _for_one(bot: Host, secret: Mapping[str, str]) -> ChatAdapter:
    from bot.platforms.slack.adapter import SlackAdapter
    from bot.platforms.slack.api import API_URL

    bot_token, app_token = _all_of(secret, _SOCKET, "Slack in five minutes")
    return SlackAdapter(
        bot.dispatcher,
        bot_token=bot_token,
        app_token=app_token,
        command=bot.config.settings.command,
        admins_only=bot.config.settings.admins_only,
        api_url=secret.get("BRIEFBOT_SLACK_API", API_URL),
    )


def _for_many(bot: Host, secret: Mapping[str, str]) -> ChatAdapter:
    from bot.platforms.slack.api import API_URL
    from bot.platforms.slack.http import SlackHttpAdapter

    if few := bot.config.for_few:
        raise ConfigError(
            "Every workspace that installs the bot could read {sources}: say in sources.yaml whose they are "
            "(workspace: slack/T0123) or public: true, or leave them out. See “{chapter}” in the README.",
            sources=", ".join(masked(source.address) for source in few),
            chapter="Slack for many workspaces",
        )
    client_id, client_secret, signing_secret, _ = _all_of(secret, (*_HTTP, HTTP_VARIABLE), "Slack for many workspaces")
    return SlackHttpAdapter(
        bot.dispatcher,
        bot.installations,
        bot.once,
        client_id=client_id,
        client_secret=client_secret,
        signing_secret=signing_secret,
        clock=bot.clock,
        command=bot.config.settings.command,
        admins_only=bot.config.settings.admins_only,
        api_url=secret.get("BRIEFBOT_SLACK_API", API_URL),
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


SLACK = Platform("slack", " and ".join(_SOCKET), (*_SOCKET, *_HTTP), _adapter)
