"""The commands → Reply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.base.i18n import Messages, t
from bot.base.reply import Button, Buttons, Heading, Listing, Paragraph, Part, Reply, Row, Span
from bot.present.parts import lines, page, reply

Group = Literal["look", "topics", "digests", "sources", "channel", "bot"]
GROUPS: Mapping[Group, str] = {
    "look": t("Looking things up"),
    "topics": t("Topics"),
    "digests": t("Digests"),
    "sources": t("Sources"),
    "channel": t("This channel"),
    "bot": t("The bot"),
}


@dataclass(frozen=True, slots=True)
class Usage:
    """A command as help shows it, already in the reader's language.

    line: how it is typed. help: what it does. params: (name, help) of each parameter. example: as a person types it.
    """

    line: str
    help: str
    params: tuple[tuple[str, str], ...] = ()
    example: str = ""


def help_all(about: str, messages: Messages) -> Reply:
    """Show the four things that people come for, and where all commands are."""
    say = messages.say
    words = say("A name, some words, a question; only you see the answer.")
    subscribe = say("Have what is new on a topic posted here, on the days and at the times you like.")
    return reply(
        messages,
        Heading(say("What I can do"), about),
        Row(say("Look something up"), words, (Button("form", say("Look up"), "search "),)),
        Row(say("Follow a topic"), subscribe, (Button("open", say("Topics"), "topics"),)),
        Row(say("See what comes here"), say("And pause or change it."), (Button("open", say("Show"), "list"),)),
        Row(
            say("See what is read"),
            say("And which sources are in trouble."),
            (Button("open", say("Sources"), "sources"),),
        ),
        Buttons((Button("page", say("All commands"), "help:0"),)),
    )


def help_commands(usages: Sequence[tuple[Group, Usage]], messages: Messages, start: int) -> Reply:
    """Show ten commands in their groups, each with an example."""
    shown, turn = page(usages, start, "help", messages)
    parts: list[Part | None] = []
    for group in dict.fromkeys(group for group, _ in shown):
        parts.append(Paragraph(((Span(messages.say(GROUPS[group]), strong=True),),)))
        parts.append(Listing(tuple(_line(usage) for own, usage in shown if own == group)))
    return reply(messages, Heading(messages.say("All commands")), *parts, turn)


def help_one(usage: Usage, messages: Messages, note: str = "", others: Sequence[Usage] = ()) -> Reply:
    """Show one command. note: why it is shown. others: those that go with it, a line each."""
    params = tuple((Span(name, strong=True), Span(f"  {text}")) for name, text in usage.params)
    example = (
        Paragraph(((Span(messages.say("For example: ")), Span(usage.example, code=True)),)) if usage.example else None
    )
    return reply(
        messages,
        Heading(usage.line, usage.help),
        Paragraph(lines(note)) if note else None,
        Listing(params) if params else None,
        example,
        Listing(tuple(map(_line, others))) if others else None,
    )


def _line(usage: Usage) -> tuple[Span, ...]:
    example = (Span(" · "), Span(usage.example, code=True)) if usage.example else ()
    return (Span(usage.line, code=True), Span(f"  {usage.help}"), *example)
