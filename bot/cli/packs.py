"""`briefbot packs`: sources and topics to begin with, by subject."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli import output
from bot.cli.options import Options


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
