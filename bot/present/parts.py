"""What replies are put together from: lines, and the whole of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from bot.base.i18n import Messages
from bot.base.reply import Button, Buttons, Heading, Line, Paragraph, Part, Reply, Span
from briefs.errors import BriefsError

T = TypeVar("T")
PAGE = 10  # items of a long answer that are shown at once
AROUND = 40  # characters before and behind one that is pointed at
MARK = "▸"


def note(text: str, messages: Messages, *, public: bool = False) -> Reply:
    """Say one line."""
    return Reply(messages.language, text, (Paragraph(((Span(text),),)),), public=public)


def error(error: BriefsError, messages: Messages) -> Reply:
    """Say what is wrong and what to do, to the asker alone; and point at the character, where one is at fault."""
    said = note(messages.error(error), messages)
    match error.values:
        case {"position": int(position), "typed": str(typed)}:
            return replace(said, parts=(*said.parts, Paragraph((code(_pointed(typed, position - 1)),))))
    return said


def _pointed(typed: str, at: int) -> str:
    """Cut out what stands around a character, with a mark before it."""
    before, after = typed[max(0, at - AROUND) : at], typed[at : at + AROUND]
    return f"{'…' if at > AROUND else ''}{before}{MARK}{after}{'…' if at + AROUND < len(typed) else ''}"


def reply(messages: Messages, heading: Heading, *parts: Part | None) -> Reply:
    """Put a private reply together; parts that are None are left out."""
    return Reply(messages.language, heading.text, (heading, *(part for part in parts if part is not None)))


def page(items: Sequence[T], start: int, name: str, messages: Messages) -> tuple[Sequence[T], Buttons | None]:
    """Give ten of the items, and buttons that put those before or behind them in their place. name: of the answer."""
    start = min(max(start, 0), max(len(items) - 1, 0)) // PAGE * PAGE
    turns = []
    if start:
        turns.append(Button("page", messages.say("Earlier"), f"{name}:{start - PAGE}"))
    if start + PAGE < len(items):
        turns.append(Button("page", messages.say("Later"), f"{name}:{start + PAGE}"))
    return items[start : start + PAGE], Buttons(tuple(turns)) if turns else None


def lines(*texts: str) -> tuple[Line, ...]:
    """Make a line of each text that is not empty."""
    return tuple((Span(text),) for text in texts if text)


def labelled(label: str, text: str) -> Line:
    """Put a strong label before a text."""
    return (Span(label, strong=True), Span(text))


def code(text: str) -> Line:
    """Show a text as it is typed."""
    return (Span(text, code=True),)


def sample(title: str, url: str | None, source: str | None) -> Line:
    """Name one article, linked, and who published it."""
    return (Span(title, url), Span(f" · {source}" if source else ""))
