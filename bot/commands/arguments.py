"""One argument of a command: what was typed of it → its value, and what it may become."""

from collections.abc import Callable, Iterable, Mapping

from bot import present
from bot.base.i18n import SERVED, t
from bot.base.reply import Reply
from bot.commands import following
from bot.commands.model import Command
from bot.commands.places import changeable, named
from bot.commands.session import Session
from bot.commands.subscriptions import subscribed_names
from bot.exchange.packs import packs
from bot.grammar import (
    Grammar,
    Kind,
    Param,
    WhichZoneError,
    complete_zone,
    local_date,
    named_days,
    named_language,
    parse_age,
    parse_date,
    parse_days,
    parse_form,
    parse_length,
    parse_times,
    parse_zone,
)
from briefs.errors import UsageError
from briefs.languages import SERVED as ARTICLE_LANGUAGES
from briefs.text.moments import parse_moment

OFFERED = 25  # completions: what the narrowest platform shows


async def read(session: Session, grammar: Grammar, param: Param, text: str) -> object:
    """Read an argument as its kind. Raises UsageError where it is none of that."""
    match param.kind:
        case "channel":
            return await named(session, text)
        case "everywhere":
            return await changeable(session)
        case "date":
            return parse_date(text, local_date(session.now, session.zone))
        case "day":
            parse_moment(text, session.now)  # what is wrong is said of what was typed, not of the query it makes
            return text
        case "spoken":
            return _spoken_language(session, text)
        case "command":
            return _command_named(session, grammar, text)
        case "count":
            return _count(text, param)
        case "story":
            return _count(text, param) if text.lstrip("#").isdecimal() else text
    return _PARSERS.get(param.kind, str)(text)


_PARSERS: Mapping[str, Callable[[str], object]] = {
    "time": parse_times,
    "days": parse_days,
    "zone": parse_zone,
    "length": parse_length,
    "form": parse_form,
    "age": parse_age,
    "language": named_language,
}


def _spoken_language(session: Session, text: str) -> str:
    try:
        return named_language(text, SERVED)
    except UsageError as error:  # it may be one that articles are in
        spoken = session.messages.listing(map(session.messages.language_name, SERVED))
        raise UsageError("I do not speak “{word}”. I speak {languages}.", word=text, languages=spoken) from error


def _command_named(session: Session, grammar: Grammar, text: str) -> str:
    name = grammar.named(text) or grammar.nearest(text)
    if name is None:
        raise no_command(session, text)
    return name


def no_command(session: Session, word: str) -> UsageError:
    """Say that there is no such command."""
    return UsageError("There is no command “{word}”.", word=word, hints=("help",))


def _count(text: str, param: Param) -> int:
    digits = text.lstrip("#")
    significant = digits.lstrip("0") or "0"
    if not digits.isdecimal() or len(significant) > 6 or not param.low <= int(significant) <= param.high:
        template = t("“{word}” is not a number from {low} to {high}.")
        raise UsageError(template, word=text, low=param.low, high=param.high)
    return int(significant)


def offered(session: Session, commands: Iterable[str], command: Command, param: Param, prefix: str) -> list[str]:
    """Return what an argument that has begun like this may become, best first. commands: the names of all."""
    match param.kind:
        case "topic":
            return matching(prefix, _topics(session, command))
        case "source":
            return matching(prefix, [following.called(one) for one in session.follows.of(session.channel)])
        case "command":
            return matching(prefix, tuple(commands))
        case "pack":
            return matching(prefix, tuple(packs()))
    return completed(param.kind, prefix, OFFERED)


def _topics(session: Session, command: Command) -> list[str]:
    """Name the topics that a command can be about."""
    if command.name in ("unsubscribe", "move", "pause", "snooze", "resume"):
        return sorted(subscribed_names(session))
    topics = session.channels.topics(session.channel)
    if command.name in ("topic edit", "topic rename", "topic remove"):
        topics = [one for one in topics if not one.configured and session.may_change(one.created_by)]
    return [topic.name for topic in topics]


_HOURS = tuple(f"{hour:02}:{minute}" for hour in range(24) for minute in ("00", "30"))
_DAYS = ("daily", "weekdays", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "weekend")
_RHYTHMS = ("every 2 weeks", "first monday", "last friday", "weekdays except friday")
_AGES = ("24h", "7d", "2w", "1m", "3m", "1y")
_WORDS: Mapping[Kind, tuple[str, ...]] = {
    "language": ARTICLE_LANGUAGES,
    "spoken": SERVED,
    "form": ("compact", "full", "headlines"),
    "length": ("1 week", "2 weeks", "1 month"),
    "age": _AGES,
    "day": ("yesterday", *_AGES),
}


def completed(kind: Kind, prefix: str, most: int) -> list[str]:
    """Return what an argument of a kind may become, best first."""
    match kind:
        case "zone":
            return complete_zone(prefix, most)
        case "time":
            return matching(prefix, _HOURS if prefix else _HOURS[12:])
        case "days":
            return matching(prefix, (*_DAYS, *_RHYTHMS)) or matching(prefix, named_days())
    return matching(prefix, _WORDS.get(kind, ()))


def matching(prefix: str, names: Mapping[str, object] | tuple[str, ...] | list[str]) -> list[str]:
    """Return the names that hold a typed beginning, those that begin with it first."""
    typed = prefix.casefold()
    held = [name for name in names if typed in name.casefold()]
    return sorted(held, key=lambda name: not name.casefold().startswith(typed))


def ask_zone(session: Session, command: str, arguments: Mapping[str, str], error: WhichZoneError) -> Reply:
    """Ask which city's clock is meant, one button each, where several places go by what was typed.

    That is kept under an unguessable id, and carried out with the chosen city under the presser's own rights.
    """
    key = _keep(session, command, arguments, "zone", error.zones)
    return present.which_zone(error, error.zones, session.messages, key=key)


def offer_nearest(session: Session, command: str, arguments: Mapping[str, str], error: UsageError) -> Reply:
    """Say that there is no such topic or source, and offer to do the same with the nearest, by a button.

    Not where more words were typed than its name has: they may say when, and a button would drop them.
    """
    param, near = "topic" if "topic" in error.values else "source", str(error.values["nearest"])
    if len(arguments.get(param, "").split()) > len(near.split()):
        raise error
    key = _keep(session, command, arguments, param, [near])
    return present.nearest(error, near, session.messages, key=key)


def _keep(session: Session, command: str, arguments: Mapping[str, str], param: str, choices: Iterable[str]) -> str:
    kept = {"command": command, "arguments": dict(arguments), "param": param, "choices": list(choices)}
    return session.keep(kept)


def chosen_instead(session: Session, value: str) -> tuple[str, dict[str, str]]:
    """Return the command that was typed, with what a button names in the place of what was unclear."""
    key, _, number = value.partition(":")
    kept = session.kept(key)
    choices = kept.get("choices", [])
    if not number.isdecimal() or int(number) >= len(choices):
        raise UsageError("This button no longer works.", hints=("help",))
    return kept["command"], {**kept["arguments"], kept["param"]: choices[int(number)]}
