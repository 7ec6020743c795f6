"""What the bot says, before any platform's form: a Reply is parts in order, in one language, already worded.

    present   a meaning → Reply        (words, dates, order)
    render    Reply → Block Kit, components, terminal text, HTML   (form, limits, escaping)

Text here is plain: nothing in it is markup, whoever wrote it. Renderers escape.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from briefs.models import Channel

if TYPE_CHECKING:
    from bot.base.form import Form

# The actions a button can name, by what they are done with. The value is never trusted: it is looked up again under the
# presser's own keys.
_OfAnswers = Literal["share", "subscribe", "more", "sample"]
_OfStories = Literal["why", "details", "story", "up", "down", "less", "undo"]  # details: the figures behind "why"
# speak: the language of the channel, by its code.
_OfChannels = Literal["pause", "resume", "stop", "preview", "instead", "speak", "revert"]
# What was found at an address, or in a message: "KEY:2", the third of it; what is followed here: by its number.
_OfSources = Literal["link", "follow", "another", "cancel", "unfollow", "source", "mute", "unmute", "retry", "use"]
# A pack by its name; the feeds of a file as they were shown: "KEY", those that answer: "KEY:answering".
_OfSets = Literal["pack", "take", "import", "giveback"]
# open: a command that changes nothing, by its English name. page: of a long answer, "topics:10". form: its name, a
# blank, and its subject. home: a page of it.
_Leading = Literal["open", "page", "form", "home"]
Action = Literal[_OfAnswers, _OfStories, _OfChannels, _OfSources, _OfSets, _Leading]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text, perhaps a link (http, https; anything else is shown without its link)."""

    text: str
    url: str | None = None
    strong: bool = False
    code: bool = False


Line = tuple[Span, ...]
LINE_END = Span("\n")  # between the two lines that an item of a list may have


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
    """Lines that are items of one list, in order; an item may have a second, smaller line behind a `LINE_END`."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A verbatim quote, without quotation marks (the renderer sets those of its language), and where it stands.

    said_by: whose words these are, where they are not those of whoever tells the story: "Other (French)"; else "".
    """

    text: str
    url: str | None
    language: str
    said_by: str = ""


@dataclass(frozen=True, slots=True)
class StoryItem:
    """One story of a brief or a digest.

    number: counts from 1. mark: a word before the title ("Update"), or "". since: a link to the earlier post that this
    updates. small: the small line under it: "Source · 8:30 · also Other (French), +3", each name a span of its own.
    flat: its small line stands beside the title, so that the story takes one line.
    menu: what can be done with it; a platform shows it as one control.
    """

    number: int
    title: str
    url: str | None
    quotes: tuple[QuoteLine, ...] = ()
    small: Line = ()
    mark: str = ""
    since: Span | None = None
    flat: bool = False
    menu: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Bars:
    """A small bar chart: (label, value) from top to bottom; the values are counts."""

    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press; `value` comes back with the press, at most 60 characters.

    spoken: what a screen reader says, where the label does not say it all.
    """

    action: Action
    label: str
    value: str
    spoken: str = ""


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
class Attached:
    """A file that the bot gives. elsewhere: what is said where a file cannot be given to one person alone."""

    name: str
    content: bytes
    elsewhere: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the bot.

    summary: the whole in one plain line, for notifications and screen readers; headlines: what follows it there.
    public: whether the channel sees it, or only the one who asked.
    foot: stands in the first message whatever does not fit into that; the thread takes the rest.
    overflow: what goes into the thread under it; overflow_summary: that in one plain line. name: what that thread is
    called where it has a name; "": as the heading.
    in_place: it stands where the message stood whose button was pressed. after: a private reply that follows it, such
    as the pressed message as it is now.
    told: what all are told beside a private reply, in the channel that it names; without the asker's press or text.
    channel: the one that it is for, where it is another than was asked in. under: the message that it belongs under,
    by its platform's id. form: opened in place of this reply, where the platform can.
    then: finds out what takes the place of this reply, which is shown meanwhile; it never fails.
    file: comes with it, to the one who asked.
    """

    language: str
    summary: str
    parts: tuple[Part, ...]
    public: bool = False
    overflow: tuple[Part, ...] = ()
    headlines: tuple[str, ...] = ()
    foot: tuple[Footer | Buttons, ...] = ()
    overflow_summary: str = ""
    name: str = ""
    in_place: bool = False
    after: Reply | None = None
    told: Reply | None = None
    channel: Channel | None = None
    under: str | None = None
    form: Form | None = None
    then: Callable[[], Awaitable[Reply]] | None = None
    file: Attached | None = None
