"""`briefbot follow`: what can be followed at an address, and follow it."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from bot.cli import output
from bot.cli.options import Options
from briefs.errors import Unasked
from briefs.masking import masked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.app import App
    from briefs.discovery import Followable


def follow(
    options: Options,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="A site, a feed, a channel, a project, a person.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Follow the first that is found without asking.")] = False,
) -> int:
    """Find what can be followed at an address, show what it would bring to your topics, and follow it."""
    from briefs.discovery import discover
    from briefs.discovery.looking import stories_for
    from briefs.workers import Workers

    with output.opened(options) as app, Workers() as workers:
        settings, config = app.config.settings, app.config
        if not options.json:
            typer.echo(f"looking at {masked(address)} …", err=True)
        look = partial(discover, address, fetcher=app.fetcher(), map=workers.map, bridge=settings.bridge)
        allow: tuple[str, ...] = ()
        discovery = look()
        if isinstance(discovery.refused, Unasked) and (host := urlsplit(address).hostname):
            allow = (host,)  # whoever names a host here means it
            discovery = look(allow=allow)
        brings = [stories_for(one, config.topics, config.aliases, workers.map) for one in discovery.found]
        if options.json:
            found = [_json(one, topics) for one, topics in zip(discovery.found, brings, strict=True)]
            output.document({"found": found, "refused": _refused(str(discovery.refused or ""))})
        elif discovery.refused:
            raise output.CommandError(str(discovery.refused))
        else:
            for number, (one, topics) in enumerate(zip(discovery.found, brings, strict=True), 1):
                typer.echo(f"{number}  {_shown(one, topics)}\n")
        if discovery.found and (yes or _wanted(options)):
            _take(options, app, discovery.found[0], allow)
        elif discovery.found and not options.json:
            typer.echo("nothing is followed yet; `briefbot follow --yes ADDRESS` follows the first", err=True)
    return 0 if discovery.found else 1


def _json(found: Followable, topics: Mapping[str, int]) -> dict[str, Any]:
    from briefs.discovery.looking import described

    return {**described(found, topics), "address": masked(found.address)}


def _refused(line: str) -> dict[str, str] | None:
    why, _, remedy = line.rpartition("; ")
    return {"why": why or remedy, "remedy": remedy if why else ""} if line else None


def _shown(found: Followable, topics: Mapping[str, int]) -> str:
    kinds = {"feed": "feed", "list": "list of headlines", "watch": "page to watch"}
    rhythm = "" if found.a_week is None else f"{found.a_week:.3g} a week"
    extent = {None: "", True: "whole articles", False: "summaries"}[found.full]
    count = f"{output.counted(found.entries, 'article')} now"
    listed = () if found.kind == "watch" else (count, rhythm, extent)
    about = (kinds[found.kind], found.language or "", *listed)
    lines = [found.title, "   " + masked(found.address), "   " + " · ".join(filter(None, about))]
    lines += [f"   - {one.title}" for one in found.newest]
    brought = ", ".join(f"{name} {count}" for name, count in topics.items() if count)
    lines += [f"   would bring stories to: {brought or 'none of the topics'}"] if topics else []
    return "\n".join(lines)


def _wanted(options: Options) -> bool:
    """Ask whoever sits there."""
    return not options.json and sys.stdin.isatty() and typer.confirm("Follow the first?")


def _take(options: Options, app: App, found: Followable, allow: Sequence[str]) -> None:
    """Add it to sources.yaml, and read it."""
    from bot.cli import setup
    from bot.exchange.records import Setup, SourceRecord
    from briefs.models import Source

    host = {"allow": list(allow)} if allow else {}
    entry = SourceRecord.model_validate({found.kind: found.address, "name": found.title, **host})
    took = setup.take_in(Setup(sources=[entry]), app, options.config)
    report = app.gather([Source(found.address, found.kind, name=found.title, allow=tuple(allow))])
    told = "followed" if took.sources else "it was followed already"
    typer.echo(f"{told}: {found.title}; {output.counted(report.new, 'new article')}", err=options.json)
