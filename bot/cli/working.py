"""`briefbot demo`, `run`, `console` and `gather`: the commands that do the work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import output
from bot.cli.options import Options
from briefs.masking import masked

if TYPE_CHECKING:
    from bot.app import App
    from bot.operations.gather_process import Gatherer
    from briefs.ingest.report import Report, Step
    from briefs.models import Source


def demo(options: Options) -> None:
    """See the whole job done on the starter articles: no token, no set-up."""
    from bot.operations.demo import play

    play(options.environment)


def run(options: Options) -> None:
    """Run the bot: gatherer, schedule, and every chat platform whose tokens are set."""
    import asyncio

    from bot.operations.registry import adapters, none_set
    from bot.operations.service import serve, stop_on_signals

    with output.opened(options) as app:
        chosen = adapters(app)
        if not chosen:
            raise output.CommandError(none_set())

        async def until_stopped() -> bool:
            return await serve(app, chosen, stop_on_signals(), _gatherer(options, app).round)

        if not asyncio.run(until_stopped()):
            raise output.CommandError("no chat platform could be reached: the lines above say why")


def console(options: Options) -> None:
    """Use the bot in the terminal: the same commands, the schedule running."""
    import asyncio

    from platformdirs import user_state_path

    from bot.operations.service import serve, stop_on_signals
    from bot.platforms.console.adapter import on_this_terminal

    with output.opened(options) as app:

        async def until_stopped() -> None:
            stop = stop_on_signals()
            history = user_state_path("briefbot") / "history"
            command = app.config.settings.command
            talk = on_this_terminal(app.dispatcher, command=command, history=history, ended=stop.set)
            await serve(app, {"console": talk}, stop, _gatherer(options, app).round)

        asyncio.run(until_stopped())


def gather(
    options: Options,
    places: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH or URL]...", help="Files, folders, pages or feeds; without any: all sources."),
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Only those whose time has come, as `run` does: for a timer of your own.")
    ] = False,
) -> int:
    """Read sources now, and say what was new, unchanged and refused, and why."""
    from bot.operations.gather_process import BESIDE, end_with_parent

    if BESIDE in options.environment:
        end_with_parent()
    with output.opened(options) as app:
        sources = [_source(place) for place in places] if places else app.read_sources()
        if not sources:
            raise output.CommandError("there is no source to read: write some in sources.yaml, or name one")
        with _progress(options) as progress:
            report = app.gather(sources, progress, only_due=due)
        if BESIDE not in options.environment:  # else the bot does
            app.bring()
    if options.json:
        output.document(report.to_json())
    else:
        _show(report)
    read = report.new + report.changed + report.unchanged
    return 1 if report.refused and not read else 0


def _source(place: str) -> Source:
    from briefs.ingest.readers import typed

    try:
        return typed(place)
    except ValueError as error:
        raise output.CommandError(
            f"{masked(place)}: this is not a web address ({error}); check the spelling"
        ) from error


@contextmanager
def _progress(options: Options) -> Iterator[Callable[[Step], None]]:
    """Show how far it is, where somebody watches."""
    if options.json or not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed} read"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda step: bar.update(task, completed=step.done, description=step.address[-60:])


def _show(report: Report) -> None:
    counts = {
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "refused": len(report.refused),
    }
    output.table(
        ("read", "documents"),
        [(outcome, str(count)) for outcome, count in counts.items()],
    )
    whys = [(refusal.address, str(refusal.error).removeprefix(f"{refusal.address}: ")) for refusal in report.refused]
    if whys:
        output.table(("refused", "why"), whys)


def _gatherer(options: Options, app: App) -> Gatherer:
    """Give what gathers beside the bot, on the same configuration and database."""
    from bot.operations.gather_process import WORK, Gatherer, Rounds, deadline
    from briefs.ingest.readers import is_local

    every = timedelta(minutes=app.config.settings.gather.minutes)

    def remote() -> list[str]:
        return [source.address for source in app.read_sources() if not is_local(source)]

    return Gatherer(
        ["--config", str(options.config)] if options.config else [],
        options.environment,
        app.address,
        None if app.database.shared else app.leads.of(WORK),
        deadline=deadline(every),
        due=Rounds(app.sources, remote, every, app.clock).due,
        clock=app.clock,
    )
