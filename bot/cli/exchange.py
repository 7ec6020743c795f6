"""`briefbot export` and `import`: what a team has set up, as YAML; feeds, as OPML."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import output
from bot.cli.options import Options

FileArgument = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where to; without it: standard output.")]


def export(
    options: Options,
    file: FileArgument = None,
    opml: Annotated[bool, typer.Option("--opml", help="Only the feeds, as OPML, for feed readers.")] = False,
) -> None:
    """Write out topics, subscriptions and sources as YAML; feeds as OPML where FILE ends in .opml."""
    from bot.cli import setup

    with output.opened(options) as app:
        if opml or (file is not None and file.suffix == ".opml"):
            text = setup.to_opml(app.config.sources)
        else:
            text = setup.to_yaml(setup.everything(app))
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
) -> None:
    """Take in topics, subscriptions and sources; what is there already stays as it is."""
    from bot.app import config_folder, own_config
    from bot.cli import setup

    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise output.CommandError(f"{file} cannot be read: {reason}") from error
    wanted = setup.from_opml(text, str(file)) if file.suffix == ".opml" else setup.from_yaml(text, str(file))
    with output.opened(options) as app:
        folder = config_folder(options.config)
        # The starter's own files stay as they are: the user's own folder is made when there is something to write.
        took = setup.take_in(wanted, app, folder, lambda: options.config or own_config(folder))
    if options.json:
        output.document({"topics": took.topics, "subscriptions": took.subscriptions, "sources": took.sources})
    else:
        typer.echo(f"taken in: {took.topics} topics, {took.subscriptions} subscriptions, {took.sources} sources")
