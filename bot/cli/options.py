"""What every command takes, before its name or after it, and how commands are registered with it."""

import functools
import inspect
import os
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

_PANEL = "Common options"


class Level(StrEnum):
    """How much the log says."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Options:
    """The common options of one call.

    config: the folder of configuration files; None: the user's own, or the starter's.
    database: a path or an address; None: a file in the user's data directory.
    log_level: None: what suits the command.
    """

    config: Path | None = None
    database: str | None = None
    json: bool = False
    log_level: Level | None = None
    debug: bool = False
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)


def _said_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"briefbot {version('briefbot')}")
        raise typer.Exit


ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="DIR", help="Folder of configuration files; or BRIEFBOT_CONFIG.", rich_help_panel=_PANEL
    ),
]
DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database", metavar="URL", help="A file or an address; or BRIEFBOT_DATABASE.", rich_help_panel=_PANEL
    ),
]
JsonOption = Annotated[
    bool | None, typer.Option("--json", help="One JSON document on standard output.", rich_help_panel=_PANEL)
]
LevelOption = Annotated[
    Level | None, typer.Option("--log-level", help="How much is logged on standard error.", rich_help_panel=_PANEL)
]
VersionOption = Annotated[
    bool, typer.Option("--version", callback=_said_version, is_eager=True, help="Show which version this is, and exit.")
]
DebugOption = Annotated[
    bool | None, typer.Option("--debug", help="Show tracebacks, log everything.", rich_help_panel=_PANEL)
]

_COMMON: dict[str, Any] = {
    "config": ConfigOption,
    "database": DatabaseOption,
    "json": JsonOption,
    "log_level": LevelOption,
    "debug": DebugOption,
}


def common(function: Callable[..., int | None], usual: Level) -> Callable[..., int | None]:
    """Give a command the common options; its own first parameter, `options`, gets what they say.

    What stands after the command's name goes before what stands in front of it.
    usual: the log level of the command where nobody asks for another.
    """
    hints = typing.get_type_hints(function, include_extras=True)
    own = [parameter for name, parameter in inspect.signature(function).parameters.items() if name != "options"]

    @functools.wraps(function)
    def command(context: typer.Context, **given: Any) -> int | None:
        said = {name: given.pop(name) for name in _COMMON}
        options = replace(context.obj, **{name: value for name, value in said.items() if value is not None})
        begin(options, usual)
        return function(options, **given)

    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter("context", keyword, annotation=typer.Context)]
    parameters += [parameter.replace(kind=keyword, annotation=hints[parameter.name]) for parameter in own]
    parameters += [inspect.Parameter(name, keyword, default=None, annotation=kind) for name, kind in _COMMON.items()]
    del command.__wrapped__  # typer shall read the parameters above, not the function's
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


def begin(options: Options, usual: Level) -> None:
    """Set the logs up as the options want them, or as is usual for the command."""
    from bot.base import logs

    level = Level.DEBUG if options.debug else options.log_level or usual
    logs.set_up(level.value, options.environment, tracebacks=options.debug)
