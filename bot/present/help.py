"""The commands → Reply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.base.i18n import Messages
from bot.base.reply import Heading, Listing, Paragraph, Reply, Span
from bot.present.parts import lines, reply


@dataclass(frozen=True, slots=True)
class Usage:
    """A command as help shows it, already in the reader's language.

    line: how it is typed. help: what it does. params: (name, help) of each parameter. example: as a person types it.
    """

    line: str
    help: str
    params: tuple[tuple[str, str], ...] = ()
    example: str = ""


def help_all(usages: Iterable[Usage], about: str, messages: Messages) -> Reply:
    """Show every command."""
    items = tuple((Span(usage.line, code=True), Span(f"  {usage.help}")) for usage in usages)
    return reply(messages, Heading(messages.say("What I can do"), about), Listing(items))


def help_one(usage: Usage, messages: Messages, note: str = "") -> Reply:
    """Show one command. note: why it is shown."""
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
    )
