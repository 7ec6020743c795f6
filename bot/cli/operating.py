"""`briefbot deliveries`, `backup` and `migrate`: what an operator looks after."""

from __future__ import annotations

from datetime import UTC
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import output
from bot.cli.options import Options
from briefs.errors import UsageError

if TYPE_CHECKING:
    from briefs.store.database import Database


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
    with output.opened(options) as app:
        if order is Order.LIST:
            return _list(app.database, options.json)
        at = app.clock().astimezone(UTC)
        acted = {
            n: app.deliveries.retry(n, at) if order is Order.RETRY else app.deliveries.drop(n) for n in numbers or ()
        }
    if options.json:
        output.document([{"id": number, "done": done} for number, done in acted.items()])
    else:
        said = "will be posted again" if order is Order.RETRY else "dropped"
        refused = "is not parked, failed or uncertain" if order is Order.RETRY else "is posted, or being posted"
        output.table(("", ""), [(str(n), said if done else refused) for n, done in acted.items()], header=False)
    return 0 if all(acted.values()) else 1


def _list(database: Database, json: bool) -> int:
    from briefs.store.inventory import outstanding

    listed = outstanding(database)
    if json:
        output.document(
            [
                {
                    "id": one.id,
                    "state": one.state,
                    "platform": one.channel.platform,
                    "workspace": one.channel.workspace,
                    "channel": one.channel.id,
                    "topic": one.topic,
                    "scheduled": one.scheduled_local,
                    "part": one.part,
                    "attempts": one.attempts,
                    "error": one.error,
                }
                for one in listed
            ]
        )
        return 0
    output.table(
        ("number", "state", "channel", "digest", "part", "tries", "why"),
        [
            (
                str(one.id),
                one.state.lower(),
                f"{one.channel.platform} {one.channel.workspace}/{one.channel.id}",
                f"{one.topic} {one.scheduled_local.replace('T', ' ')}",
                str(one.part),
                str(one.attempts),
                one.error or "",
            )
            for one in listed
        ],
        otherwise="Everything is delivered.",
    )
    return 0


def backup(
    options: Options,
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
) -> None:
    """Copy the database into a file while the bot runs (SQLite; for PostgreSQL use pg_dump)."""
    with output.opened(options) as app:
        app.database.backup(file, app.clock())
    if options.json:
        output.document({"file": str(file), "bytes": file.stat().st_size})
    else:
        typer.echo(f"{file}: {file.stat().st_size:,} bytes")


def migrate(
    options: Options,
    source: Annotated[str, typer.Argument(metavar="SQLITE", help="The database to move from: a path or an address.")],
    target: Annotated[str, typer.Argument(metavar="POSTGRESQL", help="The address of an empty database.")],
) -> None:
    """Move everything from one database to another, empty one; stop the bot before."""
    from bot.app import database_address
    from briefs.store.database import Database
    from briefs.store.moving import move

    with Database.open(database_address(source)) as old, Database.open(target) as new:
        moved = move(old, new)
    if options.json:
        output.document(moved)
    else:
        output.table(("table", "rows"), [(name, str(count)) for name, count in moved.items()])
