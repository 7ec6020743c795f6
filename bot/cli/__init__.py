"""The command line: `briefbot COMMAND`.

Exit 0: done. 1: failed. 2: wrong usage. What is asked for goes to standard output; logs and errors to standard error,
an error as one line. Commands import what they need when they run, so that an answer is there soon.
"""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from bot.base.logs import secrets_in, strike_out
from bot.cli import asking, exchange, following, inspection, operating, working
from bot.cli.options import (
    ConfigOption,
    DatabaseOption,
    DebugOption,
    JsonOption,
    Level,
    LevelOption,
    Options,
    VersionOption,
    common,
)
from bot.cli.output import CommandError
from briefs.errors import BriefsError, UsageError
from briefs.workers import undumpable

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    help="A briefing bot for teams: look-ups and scheduled digests in chat, in verbatim quotes with links.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    working.demo,
    working.run,
    working.console,
    working.gather,
    following.follow,
    exchange.packs,
    asking.brief,
    asking.digest,
    inspection.topics,
    inspection.sources,
    inspection.subscriptions,
    inspection.check,
    operating.deliveries,
    operating.backup,
    operating.restored,
    operating.migrate,
    operating.reindex,
    exchange.export,
    exchange.import_,
):
    usual = Level.INFO if command is working.run else Level.WARNING
    app.command(command.__name__.rstrip("_"))(common(command, usual))


@app.callback()
def _before(
    context: typer.Context,
    config: ConfigOption = None,
    database: DatabaseOption = None,
    json: JsonOption = None,
    log_level: LevelOption = None,
    debug: DebugOption = None,
    version: VersionOption = False,
) -> None:
    """Take the common options that stand before the command's name, or in the environment."""
    folder = os.environ.get("BRIEFBOT_CONFIG")
    context.obj = Options(
        config=config or (Path(folder) if folder else None),
        database=database or os.environ.get("BRIEFBOT_DATABASE"),
        json=bool(json),
        log_level=log_level,
        debug=bool(debug),
        environment=os.environ,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code."""
    undumpable()
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    sys.exit(_code(arguments))


_LEFT_OUT = re.compile(r"-(?=[^\W\d_]{2})")


def _no_options(arguments: Sequence[str]) -> Iterator[str]:
    """Write a word of a look-up behind a minus with one that begins no option."""
    for argument in arguments:
        yield _LEFT_OUT.sub("−", argument, count=1) if "brief" in arguments and _LEFT_OUT.match(argument) else argument


def _code(arguments: Sequence[str]) -> int:
    debug = "--debug" in arguments
    try:
        code = app(args=[*_no_options(arguments)], prog_name="briefbot", standalone_mode=False)
    except UsageError as error:
        return _say(error, WRONG_USAGE, debug)
    except (BriefsError, CommandError) as error:
        return _say(error, FAILED, debug)
    except typer.TyperException as error:
        hint = "" if error.exit_code != WRONG_USAGE else "; see `briefbot --help`"
        return _say(error.format_message().rstrip(".") + hint, error.exit_code, debug=False)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:  # whoever reads has seen enough
        sys.stdout = None  # nothing is left to flush at exit
        return DONE
    except Exception as error:  # a mistake of ours is one line too, unless its traceback is asked for
        line = f"{type(error).__name__}: {error} (a mistake in Briefbot; --debug shows where)"
        return _say(line, FAILED, debug)
    return code if isinstance(code, int) else DONE


def _say(problem: object, code: int, debug: bool) -> int:
    if debug and sys.exc_info()[1] is not None:
        import traceback

        lines = traceback.format_exc()
    else:
        from bot.base.safe_text import one_line

        lines = f"briefbot: {one_line(str(problem))}"
    typer.echo(strike_out(lines, secrets_in(os.environ)), err=True)
    return code
