"""What replies are put together from: lines, and the whole of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from bot.base.i18n import SERVED, Messages, t
from bot.base.reply import Action, Button, Buttons, Heading, Line, Paragraph, Part, Reply, Span
from briefs.errors import BriefsError

T = TypeVar("T")
PAGE = 10  # items of a long answer that are shown at once
AROUND = 40  # characters before and behind one that is pointed at
MARK = "▸"

# What an answer leads on to, by the name that an error or a reply has for it: action, label, value.
Hint = Literal[
    "look up", "topics", "new topic", "list", "sources", "follow", "packs", "wishes", "names", "help", "home"
]
_HINTS: Mapping[Hint, tuple[Action, str, str]] = {
    "look up": ("form", t("Look up"), "search "),
    "topics": ("open", t("Topics"), "topics"),
    "new topic": ("form", t("New topic"), "topic"),
    "list": ("open", t("What comes here"), "list"),
    "sources": ("open", t("Sources"), "sources"),
    "follow": ("form", t("Follow a site"), "follow "),
    "packs": ("open", t("All packs"), "packs"),
    "wishes": ("open", t("All wishes"), "feedback list"),
    "names": ("open", t("All names"), "alias list"),
    "help": ("open", t("What I can do"), "help"),
    "home": ("open", t("Home"), "home"),
}


def note(text: str, messages: Messages, *, public: bool = False) -> Reply:
    """Say one line."""
    return Reply(messages.language, text, (Paragraph(((Span(text),),)),), public=public)


def error(error: BriefsError, messages: Messages, *, leads: bool = True) -> Reply:
    """Say what is wrong and what to do, to the asker alone; and point at the character, where one is at fault.

    The value `hints` of an error names what it leads on to, as `leading` does. leads: whether it can be pressed there.
    """
    said, hints = note(messages.error(error), messages), error.values.get("hints")
    if leads and isinstance(hints, tuple):
        return with_buttons(said, *leading(hints, messages).buttons)
    match error.values:
        case {"position": int(position), "typed": str(typed)}:
            return replace(said, parts=(*said.parts, Paragraph((code(_pointed(typed, position - 1)),))))
    return said


def nearest(error: BriefsError, near: str, messages: Messages, *, key: str) -> Reply:
    """Say that there is no such thing, and offer the nearest. key: what was typed is kept under."""
    take = Button("instead", messages.say("Take “{name}”", name=near), f"{key}:0")
    hints = error.values.get("hints")
    others = leading(hints, messages).buttons if isinstance(hints, tuple) else ()
    return with_buttons(note(messages.error(error), messages), take, *others)


def with_buttons(reply: Reply, *buttons: Button) -> Reply:
    """Put further buttons under a reply, in its last row where it ends in one."""
    *parts, last = reply.parts
    row = last.buttons if isinstance(last, Buttons) else ()
    return replace(reply, parts=(*(parts if row else reply.parts), Buttons((*row, *buttons)))) if buttons else reply


def other_languages(spoken: str, value: str) -> tuple[Button, ...]:
    """Return a button for each other language that a channel can be spoken to in, named as its readers name it.

    value: the ids of a subscription of the channel: the button may stand elsewhere.
    """
    channel, _, _ = value.rpartition(":")
    others = (Messages(code) for code in SERVED if code != spoken)
    return tuple(
        Button("speak", one.language_name(one.language).capitalize(), f"{channel}:{one.language}") for one in others
    )


def leading(hints: Sequence[Hint], messages: Messages) -> Buttons:
    """Return the buttons to what an answer leads on to."""
    return Buttons(tuple(Button(_HINTS[to][0], messages.say(_HINTS[to][1]), _HINTS[to][2]) for to in hints))


def _pointed(typed: str, at: int) -> str:
    """Cut out what stands around a character, with a mark before it."""
    before, after = typed[max(0, at - AROUND) : at], typed[at : at + AROUND]
    return f"{'…' if at > AROUND else ''}{before}{MARK}{after}{'…' if at + AROUND < len(typed) else ''}"


def reply(messages: Messages, heading: Heading, *parts: Part | None) -> Reply:
    """Put a private reply together; parts that are None are left out."""
    return Reply(messages.language, heading.text, (heading, *(part for part in parts if part is not None)))


def page(items: Sequence[T], start: int, name: str, messages: Messages) -> tuple[Sequence[T], Buttons | None]:
    """Return ten of the items, and buttons that put those before or behind them in their place. name: of the answer."""
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
