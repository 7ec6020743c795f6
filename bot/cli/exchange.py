"""`briefbot export` and `import`: what a team has set up, as YAML; feeds, as OPML."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import output
from bot.cli.options import Options

if TYPE_CHECKING:
    from bot.exchange.opml import Outlines
    from bot.exchange.records import Setup

FileArgument = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where to; without it: standard output.")]


def export(
    options: Options,
    file: FileArgument = None,
    opml: Annotated[bool, typer.Option("--opml", help="Only the feeds, as OPML, for feed readers.")] = False,
) -> None:
    """Write out topics, subscriptions and sources as YAML; feeds as OPML where FILE ends in .opml."""
    from bot.cli import setup
    from bot.exchange import opml as opml_file
    from bot.exchange import records

    with output.opened(options) as app:
        if opml or (file is not None and file.suffix == ".opml"):
            text = opml_file.write(app.config.sources)
        else:
            text = records.to_yaml(setup.everything(app))
    if file is None:
        typer.echo(text, nl=False)
        return
    try:
        # Only for its owner, as all that holds what a team reads; a file that is there keeps its rights.
        with open(file, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
            out.write(text)
    except OSError as error:
        raise output.CommandError(f"{file} cannot be written: {error.strerror}") from error


def import_(
    options: Options,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `briefbot export` wrote, or an OPML file.")],
) -> int:
    """Take in topics, subscriptions and sources; what is there already stays as it is."""
    from bot.cli import setup

    wanted, outlines = _read(file)
    with output.opened(options) as app:
        took = setup.take_in(wanted, app, options.config)
    problems = outlines.problems if outlines else ()
    if options.json:
        refused = [{"line": one.line, "error": one.says} for one in problems]
        counts = {"topics": took.topics, "subscriptions": took.subscriptions, "sources": took.sources}
        output.document(counts | ({"refused": refused} if refused else {}))
    else:
        again = f"; {outlines.again} stood there again" if outlines and outlines.again else ""
        typer.echo(f"taken in: {took.topics} topics, {took.subscriptions} subscriptions, {took.sources} sources{again}")
    for one in problems:
        typer.echo(f"{file}, line {one.line}: {one.says}; it is left out", err=True)
    return 1 if problems and outlines and not outlines.entries else 0


def _read(file: Path) -> tuple[Setup, Outlines | None]:
    """Read a file: OPML by its name, else YAML."""
    from bot.exchange import opml, records

    try:
        body = file.read_bytes()
        if file.suffix.lower() == ".opml":
            outlines = opml.read(body, str(file))
            return records.Setup(sources=list(outlines.entries)), outlines
        return records.from_yaml(body.decode("utf-8-sig"), str(file)), None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise output.CommandError(f"{file} cannot be read: {reason}") from error
