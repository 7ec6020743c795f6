"""What commands print: replies and tables for people, or one JSON document for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.options import Options
from briefs.masking import masked

if TYPE_CHECKING:
    from bot.app import App
    from bot.base.i18n import Messages
    from bot.base.reply import Reply
    from bot.commands.session import Session

UNFOLDED = 400  # columns


class CommandError(Exception):
    """A command cannot do what was asked; the message is one line: what is wrong and what to do."""


@contextmanager
def opened(options: Options, *, begun: bool = False) -> Iterator[App]:
    """Lend the program with the configuration and database of these options.

    begun: the database has to be there; what is mistyped would be a new one. Raises CommandError.
    """
    from bot.app import App, database_address

    if begun:
        must_be_there(database_address(options.database))
    with App.open(options.config, options.database, environment=options.environment) as app:
        yield app


def must_be_there(address: str) -> None:
    """Raise CommandError where there is no database at an address."""
    from briefs.store.database import Database

    if not Database.is_there(address):
        raise CommandError(f"there is no database at {masked(address)}: check --database and BRIEFBOT_DATABASE")


def messages(app: App) -> Messages:
    """Give the words of the configured language, else of the terminal's locale."""
    from bot.base.i18n import Messages, choose, locale_of

    return Messages(choose(app.config.settings.language, locale_of(app.environment)))


def session(app: App) -> Session:
    """Give what commands of the chat work with, for one who asks in the terminal."""
    from bot.commands.model import Asked
    from bot.commands.session import Services, Session
    from bot.platforms.console.adapter import HERE

    services = Services(app.archive, app.channels, app.sources, app.config, app.clock)
    return Session.open(services, Asked(HERE, user="", locale=messages(app).language))


def counted(n: int, name: str) -> str:
    """Give a number with a noun: "1 source", "2 sources"."""
    return f"{n} {name}{'s' * (n != 1)}"


def refusal(code: str, words: Messages) -> str:
    """Give what a platform answered, with what that means where it is known."""
    from bot.present.subscriptions import refusal as meaning

    meant = meaning(code, words)
    return code if meant == code else f"{code}: {meant}"


def document(content: Any) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))


def reply(answer: Reply) -> None:
    """Print a reply."""
    from bot.platforms.console.terminal import shown

    typer.echo(shown(answer))


def listed(
    things: Sequence[dict[str, Any]],
    columns: Sequence[str],
    row: Callable[[dict[str, Any]], Sequence[str]],
    *,
    json: bool,
    otherwise: str = "",
) -> None:
    """Print things as one JSON document, or as a table with a row of each."""
    if json:
        document(things)
    else:
        table(columns, [row(one) for one in things], otherwise=otherwise)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, otherwise: str = "", header: bool = True) -> None:
    """Print a table, or one line where there are no rows."""
    if not rows:
        typer.echo(otherwise)
        return
    from rich.console import Console
    from rich.table import Table

    from bot.base.safe_text import one_line

    printed = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=header)
    for column in columns:
        printed.add_column(column, overflow="fold")
    for row in rows:
        printed.add_row(*map(one_line, row))  # strangers may have written it
    # What goes into a file or another program is not folded to a screen's width.
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else UNFOLDED).print(printed)
