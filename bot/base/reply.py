"""What the bot says, before any platform's form: a Reply is parts in order, in one language, already worded.

    present   a meaning → Reply        (words, dates, order)
    render    Reply → Block Kit, embeds, terminal text, HTML   (form, limits, escaping)

Text here is plain: nothing in it is markup, whoever wrote it. Renderers escape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from briefs.models import Channel

if TYPE_CHECKING:
    from bot.base.form import Form

# The actions a button can name. The value is never trusted: it is looked up again under the presser's own keys.
# "form" opens a form: its value is the form's name, a blank, and its subject. "home": its value is the page.
Action = Literal[
    "share",
    "subscribe",
    "why",
    "more",
    "retry",
    "use",
    "up",
    "down",
    "less",
    "undo",
    "story",
    "form",
    "home",
    "preview",
    "pause",
    "resume",
    "revert",
]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text, perhaps a link (http, https; anything else is shown without its link)."""

    text: str
    url: str | None = None
    strong: bool = False
    code: bool = False


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a reply; `line` is the smaller line under it."""

    text: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of running text."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines that are items of one list, in order."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A verbatim quote, without quotation marks (the renderer sets those of its language), and where it stands."""

    text: str
    url: str | None
    language: str


@dataclass(frozen=True, slots=True)
class StoryItem:
    """One story of a brief or a digest.

    number: counts from 1. mark: a word before the title ("Update"), or "". meta: language, date, "first of 4
    publishers". also: other publishers, linked. since: a link to the earlier post that this updates.
    """

    number: int
    title: str
    url: str | None
    meta: tuple[str, ...]
    quotes: tuple[QuoteLine, ...]
    also_label: str = ""
    also: tuple[Span, ...] = ()
    mark: str = ""
    since: Span | None = None
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Bars:
    """A small bar chart: (label, value) from top to bottom; the values are counts."""

    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press; `value` comes back with the press, at most 100 characters."""

    action: Action
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One of several things, with what can be done to it: its name, a line on it, and buttons."""

    title: str
    line: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Footer:
    """The small print at the end."""

    line: Line


Part = Heading | Paragraph | Listing | StoryItem | Bars | Buttons | Row | Footer


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the bot.

    summary: the whole in one plain line, for notifications and screen readers.
    public: whether the channel sees it, or only the one who asked.
    overflow: what goes into the thread under it.
    channel: the one that it is for, where it is another than was asked in. under: the message that it belongs under,
    by its platform's id. form: opened in place of this reply, where the platform can.
    """

    language: str
    summary: str
    parts: tuple[Part, ...]
    public: bool = False
    overflow: tuple[Part, ...] = ()
    channel: Channel | None = None
    under: str | None = None
    form: Form | None = None
