"""Command definitions → Discord's slash commands: typed options, completion, names and descriptions in each language.

"search"     → /brief search query:…
"topic add"  → /brief topic add topic:… words:…
"zone"       → /brief settings zone zone:…
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any, Optional

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation, TranslationContextTypes, locale_str

from bot.base.i18n import Messages, t
from bot.base.safe_text import cut
from bot.commands import Command, Param
from bot.commands.hands import STANDS_FOR

Interaction = discord.Interaction[discord.Client]
ChosenChannel = app_commands.AppCommandChannel | app_commands.AppCommandThread
Given = Mapping[str, str]
Call = Callable[[Interaction, Command, Given], Awaitable[None]]
Look = Callable[[Interaction, discord.Message], Awaitable[None]]
Complete = Callable[[Interaction, Command, Param, str], Awaitable[list[str]]]

RELATED, FOLLOW = t("Related news"), t("Follow this")
ABOUT = t("Look things up in your sources, and get digests of your topics")
GROUPS = {
    "topic": t("Show, add, edit or remove a topic"),
    "alias": t("Names that mean the same thing"),
    "feedback": t("What readers want more and less of"),
    "source": t("Name, mute or look at a source that you follow"),
    "settings": t("What this channel has set, and who changed what"),
}

# A command has room for 25 others in Discord: these stand in a group there, and are typed without it all the same.
PLACES = {
    "settings": t("settings show"),
    "language": t("settings language"),
    "zone": t("settings zone"),
    "form": t("settings form"),
    "quotes": t("settings quotes"),
    "audit": t("settings audit"),
    "packs": t("source packs"),
    "import": t("source import"),
    "export": t("source export"),
}

# Where messages can be posted: no categories, and nothing where people speak.
POSTABLE = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
)
_IN_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
_INSTALLED_THERE = app_commands.AppInstallationType(guild=True, user=False)
_LANGUAGES = {discord.Locale.french: "fr", discord.Locale.chinese: "zh"}
_COMPLETED = {"topic", "time", "days", "zone", "age", "day", "length", "form"}
_COMPLETED |= {"language", "spoken", "command", "source", "pack"}
_DESCRIPTION = 100
_NAME = re.compile(r"[-_'\w]{1,32}")


def root(name: str, commands: Iterable[Command], call: Call, complete: Complete) -> app_commands.Group:
    """Make the one root command with all others under it, for members of servers.

    name: of the root. call: carries a command out. complete: offers values for an option.

    Discord asks for rights by root command alone, so none are asked for here: whoever may not change something is told
    so by the command itself.
    """
    top = app_commands.Group(
        name=name,
        description=locale_str(ABOUT),
        allowed_contexts=_IN_SERVERS,
        allowed_installs=_INSTALLED_THERE,
    )
    groups: dict[str, app_commands.Group] = {}
    for command in commands:
        group, _, last = PLACES.get(command.name, command.name).rpartition(" ")
        if group and group not in groups:
            named = locale_str(group, path=(group,))
            groups[group] = app_commands.Group(name=named, description=locale_str(GROUPS[group]), parent=top)
        made = _command(command, last, call, complete)
        (groups[group] if group else top).add_command(made)
    return top


def on_messages(name: str, look: Look) -> app_commands.ContextMenu:
    """Make a command on a message. look: does what it says."""

    async def run(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        await look(interaction, message)

    return app_commands.ContextMenu(
        name=locale_str(name),
        callback=run,
        allowed_contexts=_IN_SERVERS,
        allowed_installs=_INSTALLED_THERE,
    )


def pressable(root: str, number: str, commands: Iterable[Command]) -> dict[str, str]:
    """Return how each command is written so that a press begins it, by how it is typed in each language.

    number: Discord's id of the root command.
    """
    commands = tuple(commands)
    spoken = [Messages(language) for language in _LANGUAGES.values()]
    names = [_names(commands, messages) for messages in spoken]
    written: dict[str, str] = {}
    for command in commands:
        path = _path(command)
        steps = [path[:depth] for depth in range(1, len(path) + 1)]
        typed = [" ".join(named.get(step, step[-1]) for step in steps) for named in names]
        typed += [" ".join(path), command.name, *(messages.say(command.name) for messages in spoken)]
        written |= {f"/{root} {words}": f"</{root} {' '.join(path)}:{number}>" for words in typed}
    return written


def _path(command: Command) -> tuple[str, ...]:
    return tuple(PLACES.get(command.name, command.name).split())


def _command(command: Command, last: str, call: Call, complete: Complete) -> app_commands.Command[Any, ..., None]:
    async def run(interaction: discord.Interaction[Any], /, **values: Any) -> None:
        await call(interaction, command, {name: _typed(value) for name, value in values.items() if value is not None})

    # discord.py reads a command's options from the signature of its function; this one is made from the definition.
    params = [inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    run.__signature__ = inspect.Signature(params + [_parameter(param, command) for param in command.params])  # type: ignore[attr-defined]
    described = app_commands.describe(**{p.name: locale_str(cut(p.help, _DESCRIPTION)) for p in command.params})(run)
    made: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=locale_str(last, path=_path(command)),
        description=locale_str(cut(command.help, _DESCRIPTION)),
        callback=described,
    )
    for param in command.params:
        if param.kind in _COMPLETED:
            made.autocomplete(param.name)(_completing(command, param, complete))
    return made


def _parameter(param: Param, command: Command) -> inspect.Parameter:
    required = param.required and command.name not in STANDS_FOR  # without it, a form opens
    kinds: dict[str, Any] = {"channel": _Channel, "count": app_commands.Range[int, param.low, param.high]}
    kinds["file"] = discord.Attachment
    kind = kinds.get(param.kind, str)
    return inspect.Parameter(
        param.name,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        default=inspect.Parameter.empty if required else None,
        annotation=kind if required else Optional[kind],  # noqa: UP045 - a value, and not always a type
    )


class _Channel(app_commands.Transformer):
    """A channel to post in."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Say what Discord lets people choose."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Say of which kinds."""
        return list(POSTABLE)

    async def transform(self, interaction: Interaction, value: ChosenChannel, /) -> ChosenChannel:
        """Return it as it came: with the rights that the asker has there."""
        return value


def _completing(
    command: Command, param: Param, complete: Complete
) -> Callable[[discord.Interaction[Any], str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]:
    async def offers(interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        found = await complete(interaction, command, param, current)
        return [app_commands.Choice(name=offer, value=offer) for offer in found]

    return offers


def _typed(value: object) -> str:
    return str(value.id) if isinstance(value, ChosenChannel | discord.Attachment) else str(value)


class Words(app_commands.Translator):
    """Names and descriptions of commands from the message catalogues."""

    def __init__(self, commands: Iterable[Command]) -> None:
        commands = tuple(commands)
        self._names = {language: _names(commands, Messages(language)) for language in _LANGUAGES.values()}

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> str | None:
        """Return a text in a language that is served; None leaves the English one."""
        language = _LANGUAGES.get(locale)
        if language is None:
            return None
        if "path" in string.extras:
            return self._names[language].get(string.extras["path"])
        said = Messages(language).say(string.message)
        if context.location is TranslationContextLocation.parameter_name:
            return said.lower() if _NAME.fullmatch(said) else None
        if context.location is TranslationContextLocation.group_name:
            return None  # the root command: one name for all, as the settings have it
        return cut(said, _DESCRIPTION)


def _names(commands: Sequence[Command], messages: Messages) -> dict[tuple[str, ...], str]:
    """Return the names of commands and groups, by path, where the language has one that Discord takes.

    Names beside each other must differ, or Discord refuses all commands: the later of two stays English.
    """
    paths = [_path(command) for command in commands]
    steps = {path[:depth] for path in paths for depth in range(1, len(path) + 1)}
    names: dict[tuple[str, ...], str] = {}
    for path in paths:
        words = messages.say(" ".join(path)).lower().split()
        for depth, word in enumerate(words[: len(path)] if len(words) == len(path) else [], 1):
            step, beside = path[:depth], path[: depth - 1]
            others = {names.get(other, other[-1]) for other in steps if other[:-1] == beside and other != step}
            if step not in names and _NAME.fullmatch(word) and word not in others:
                names[step] = word
    return names
