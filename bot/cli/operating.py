"""`briefbot deliveries`, `backup`, `restored`, `migrate` and `reindex`: what an operator looks after."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import output
from bot.cli.options import Options
from briefs.errors import UsageError

if TYPE_CHECKING:
    from bot.app import App
    from bot.base.i18n import Messages
    from briefs.store.database import Database
    from briefs.store.inventory import Outstanding, Unwritten
    from briefs.store.relaying import RelayStep


class Order(StrEnum):
    """What to do with deliveries."""

    LIST = "list"
    RETRY = "retry"
    DROP = "drop"


def deliveries(
    options: Options,
    order: Annotated[Order, typer.Argument(help="List them, send some again, or give some up.")] = Order.LIST,
    numbers: Annotated[list[int] | None, typer.Argument(metavar="[NUMBER]...", help="Which, as listed.")] = None,
) -> int:
    """List the messages that are waiting, uncertain, parked or failed, and why; retry or drop some."""
    if (order is Order.LIST) is bool(numbers):
        raise UsageError("say which deliveries, by the numbers that `briefbot deliveries` lists")
    from briefs.store.inventory import messages

    with output.opened(options, begun=True) as app:
        if order is Order.LIST:
            return _list(app, options.json)
        at = app.clock().astimezone(UTC)
        acted = {
            n: app.deliveries.retry(n, at) if order is Order.RETRY else app.deliveries.drop(n) for n in numbers or ()
        }
        known = messages(app.database, acted)
    said = {number: _said(order, done, known.get(number)) for number, done in acted.items()}
    if options.json:
        output.document([{"id": number, "done": done, "says": said[number]} for number, done in acted.items()])
    else:
        output.table(("", ""), [(str(number), says) for number, says in said.items()], header=False)
    return 0 if all(acted.values()) else 1


def _said(order: Order, done: bool, message: Outstanding | None) -> str:
    """Say what became of a message, or why nothing did."""
    if message is None:
        return "there is no such delivery"
    if done and order is Order.DROP:
        return "dropped"
    if done:
        return "will be posted again" + ("; its subscription stays paused until it is resumed" * message.paused)
    if message.overtaken:
        return "was refused, and its news came with a later digest"
    return _LEFT_ALONE[message.state]


# Why nothing was done; a state that an order takes is not asked for.
_LEFT_ALONE = {
    "PENDING": "waits for its turn anyway",
    "RETRY": "waits for its turn anyway",
    "SENDING": "is being posted just now",
    "SENT": "stands in its channel already",
    "DROPPED": "was dropped before",
}


def _list(app: App, json: bool) -> int:
    from briefs.store.inventory import outstanding, unwritten

    listed = [*map(_message, outstanding(app.database)), *map(_unwritten, unwritten(app.database))]
    words = output.messages(app)
    output.listed(
        listed,
        ("number", "state", "channel", "digest", "part", "tries", "why"),
        lambda one: (
            str(one["id"] or ""),
            one["state"].lower(),
            f"{one['platform']} {one['workspace']}/{one['channel']}",
            f"{one['topic']} {one['scheduled'].replace('T', ' ')}",
            str(one["part"] or ""),
            str(one["attempts"]),
            _why(one, words),
        ),
        json=json,
        otherwise="Everything is delivered.",
    )
    return 0


def _why(one: dict[str, Any], words: Messages) -> str:
    error = output.refusal(one["error"], words) if one["state"] == "FAILED" else one["error"]
    return "; ".join(filter(None, (error, one["until"] and f"{_NEXT[one['state']]} {one['until']}")))


_NEXT = {"RETRY": "again at", "UNCERTAIN": "looked for at", "SENDING": "its answer is awaited until", "DUE": "due at"}


def _message(one: Outstanding) -> dict[str, Any]:
    about = {"id": one.id, "state": one.state, **_place(one), "part": one.part, "attempts": one.attempts}
    return about | {"error": one.error, "until": one.until and f"{one.until:%Y-%m-%dT%H:%M:%SZ}"}


def _unwritten(one: Unwritten) -> dict[str, Any]:
    why = "not written yet; where this stays so, the log of the bot that serves its platform says why"
    about = {"id": None, "state": "DUE", **_place(one), "part": None, "attempts": 0}
    return about | {"error": why, "until": f"{one.due:%Y-%m-%dT%H:%M:%SZ}"}


def _place(one: Outstanding | Unwritten) -> dict[str, str]:
    place = {"platform": one.channel.platform, "workspace": one.channel.workspace, "channel": one.channel.id}
    return place | {"topic": one.topic, "scheduled": one.scheduled_local}


def backup(
    options: Options,
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
) -> None:
    """Copy the database into a file while the bot runs (SQLite; for PostgreSQL use pg_dump)."""
    with output.opened(options, begun=True) as app:
        app.database.backup(file)
    if options.json:
        output.document({"file": str(file), "bytes": file.stat().st_size})
    else:
        typer.echo(f"{file}: {file.stat().st_size:,} bytes")


def restored(options: Options) -> None:
    """Say that the database is a copy that was put back, so that what was posted since is not posted again."""
    with output.opened(options, begun=True) as app:
        doubts = app.begin_again()
    if options.json:
        output.document({"messages": doubts.messages, "digests": doubts.digests})
    else:
        typer.echo(str(doubts))


def migrate(
    options: Options,
    source: Annotated[str, typer.Argument(metavar="SQLITE", help="The database to move from: a path or an address.")],
    target: Annotated[str, typer.Argument(metavar="POSTGRESQL", help="The address of an empty database.")],
) -> None:
    """Move everything from one database to another, empty one; stop the bot before."""
    from bot.app import database_address
    from briefs.store.database import Database
    from briefs.store.moving import move

    output.must_be_there(database_address(source))
    with Database.open(database_address(source)) as old, Database.open(target) as new:
        _nobody_at_work(old)
        moved = move(old, new)
    if options.json:
        output.document(moved)
    else:
        output.table(("table", "rows"), [(name, str(count)) for name, count in moved.items()])


def _nobody_at_work(database: Database) -> None:
    """Raise CommandError where a bot gives signs of life: what it posts from now on would be posted again elsewhere."""
    from bot.base.leader_election import EVERY
    from briefs.store.leases import Leases

    leases = Leases(database)
    if before := leases.all():
        time.sleep(2 * EVERY.total_seconds())  # one that was killed has left its last beat behind
        if leases.all() != before:
            raise output.CommandError(f"a bot is at work on {database.url}: stop it, then move")


def reindex(options: Options) -> int:
    """Make the articles' index on a cluster anew, beside the one that serves; look-ups and the bot go on."""
    with output.opened(options, begun=True) as app:
        if app.relay is None:
            raise output.CommandError(
                "the index is in the database: for one outside, write index: in settings.yaml, or set BRIEFBOT_INDEX"
            )
        name = app.relay.begin().name
        _watched((step for step in app.relay.send() if step.name == name), shown=not options.json)
        state = app.relay.state()
    if options.json:
        output.document(state._asdict())
    else:
        typer.echo(state.says)
    return 0 if state.well else 1


def _watched(steps: Iterator[RelayStep], *, shown: bool) -> None:
    """Go through the steps of a build; show how far it is, where somebody watches."""
    from rich import progress
    from rich.console import Console

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with progress.Progress(
        *columns, console=console, transient=True, disable=not (shown and console.is_terminal)
    ) as bar:
        task = bar.add_task("", total=None)
        for step in steps:
            bar.update(task, description=step.name, completed=step.through, total=step.last)
