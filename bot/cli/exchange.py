"""`briefbot export` and `import`: what a team has set up, as YAML; feeds, as OPML; and `packs`, to begin with."""

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
        counts = {"topic": took.topics, "subscription": took.subscriptions, "source": took.sources}
        typer.echo(f"taken in: {', '.join(output.counted(n, name) for name, n in counts.items())}{again}")
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


def packs(
    options: Options, name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="The pack to take.")] = None
) -> None:
    """List the starter packs, or add the sources and topics of one to yours."""
    from bot.cli import setup
    from bot.exchange.packs import packs as all_packs
    from bot.exchange.records import Setup

    known = all_packs()
    if name is not None and name not in known:
        raise output.CommandError(f"there is no pack {name}: there are {', '.join(known)}")
    with output.opened(options) as app:
        if name is not None:
            pack, language = known[name], output.messages(app).language
            comes = Setup(
                sources=pack.sources, topics=pack.topics_in(language, (one.name for one in app.config.topics))
            )
            took = setup.take_in(comes, app, options.config)
            said = {"topics": took.topics, "subscriptions": took.subscriptions, "sources": took.sources}
            told = f"taken in: {took.topics} topics, {took.sources} sources; read them with: briefbot gather"
            output.document(said) if options.json else typer.echo(told)
            return
        language = output.messages(app).language
    listed = [
        {
            "name": one,
            "about": pack.said(language),
            "sources": len(pack.sources),
            "topics": [topic.name for topic in pack.topics_in(language)],
            "checked": pack.checked.isoformat(),
        }
        for one, pack in known.items()
    ]
    columns = ("pack", "about", "sources", "checked")
    output.listed(
        listed,
        columns,
        lambda one: (one["name"], one["about"], str(one["sources"]), one["checked"]),
        json=options.json,
    )
