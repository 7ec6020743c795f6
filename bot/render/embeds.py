"""Reply → Discord's messages: pure functions from a Reply to JSON that Discord takes as it is.

    text    → the content while no story stands above it, else an embed's description
    story   → an embed: linked title, quotes as block quotes, small print in its footer
    buttons → rows under the message they belong to

Every text is Markdown here, so strangers' text is escaped: it shows to the letter, and nothing in it is live. Links are
built by us alone; none stands bare, and masked ones have angle brackets, so that Discord draws no previews. Where a
masked link leads is shown by Discord itself before it opens it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.render.safe import WebLink, also_joints, cut, one_line, quoted, visible, web_link
from bot.reply import (
    Bars,
    Button,
    Buttons,
    Footer,
    Heading,
    Line,
    Listing,
    Paragraph,
    Part,
    QuoteLine,
    Reply,
    Span,
    StoryItem,
)
from bot.transport import Message

Embed = dict[str, Any]
Component = dict[str, Any]

# Documented limits. They are counted in UTF-16 units, which is never less than what Discord may count.
_CONTENT = 2000
_EMBEDS = 10
_EMBED_SUM = 6000 - 16  # the rest is for the reference of a delivery, which its transport adds
_TITLE = 256
_DESCRIPTION = 4096
_ROWS = 5
_ROW = 5
_LABEL = 80
_CUSTOM_ID = 100
_THREAD_NAME = 100

# Ours: a line fits into any text; a piece of text fits into a line, doubled by escapes and with a link around it.
_LINE = 1900
_PIECE = 400
_LINK = 1000
_FOOTER = 300

_STORY_COLOUR = 0x2A9D8F
_UPDATE_COLOUR = 0xE9A23B
_UNSEEN = "\u200b"  # keeps two signs apart that would mean something together
_ITEM, _INDENT = "- ", "  "
_BAR = "█"
_BAR_WIDTH = 16
_ARROW = "\\↗"  # escaped, or Discord makes a coloured picture of it

_MARKUP = re.compile(r"[\\*_~`|<>\[\]]|:(?=//|[\w+~-]+:)")
_LINE_START = re.compile(r"^(?:(?=(?:#{1,3}|[+-]|-#)(?:\s|$))|(\d+)(?=[.)](?:\s|$)))")
_MENTION = re.compile(r"@(?=everyone|here)|<(?=[@#:/]|a:|t:|id:)", re.IGNORECASE)


def messages(reply: Reply) -> list[Message]:
    """Give the messages that show a reply: one where it fits, then what goes into its thread, in order.

    Each holds `content`, `embeds`, `components`, and `thread_name`: what a thread under it, or a forum post made of it,
    is called.
    """
    shown, threaded = _packed(reply.parts) or [_Draft()], _packed(reply.overflow)
    summary = _within(one_line(reply.summary), _CONTENT, _literal) or "…"
    heading = next((one_line(part.text) for part in reply.parts if isinstance(part, Heading)), "")
    name = _within(heading or one_line(reply.summary), _THREAD_NAME, _inert) or "…"
    if not shown[0].content:
        shown[0].lines = [summary]  # a notification shows the content and nothing else
    first, *rest = [draft.payload(summary) | {"thread_name": name} for draft in shown + threaded]
    return [Message(first), *(Message(payload, in_thread=True) for payload in rest)]


# ---------------------------------------------------------------- packing


@dataclass(frozen=True, slots=True)
class _Unit:
    """What stays together: lines, or embeds with at most one row of buttons."""

    lines: tuple[str, ...] = ()
    embeds: tuple[Embed, ...] = ()
    buttons: tuple[Component, ...] = ()
    of_story: bool = False


@dataclass(slots=True)
class _Draft:
    """A message in the making."""

    lines: list[str] = field(default_factory=list)
    embeds: list[Embed] = field(default_factory=list)
    rows: list[list[Component]] = field(default_factory=list)
    story_row: bool = False  # whether stories may go on filling the last row

    @property
    def content(self) -> str:
        """What stands above the embeds."""
        return "\n".join(self.lines).strip()

    def takes(self, unit: _Unit) -> bool:
        """Whether a unit without lines fits."""
        total = sum(map(_weight, (*self.embeds, *unit.embeds)))
        rows = len(self.rows) + bool(unit.buttons)
        return len(self.embeds) + len(unit.embeds) <= _EMBEDS and total <= _EMBED_SUM and rows <= _ROWS

    def takes_lines(self, lines: Sequence[str]) -> bool:
        """Whether lines fit into the content, which stands above all embeds."""
        return not self.embeds and not self.rows and _size("\n".join([*self.lines, *lines])) <= _CONTENT

    def add(self, unit: _Unit) -> None:
        """Add a unit that fits."""
        self.embeds.extend(unit.embeds)
        taken = {button["custom_id"] for row in self.rows for button in row}
        # The same action on the same thing twice: Discord would refuse the message, and one button does it.
        buttons = [button for button in unit.buttons if button["custom_id"] not in taken]
        for index, button in enumerate(buttons):
            shares = self.story_row if unit.of_story else index > 0
            if not self.rows or not shares or len(self.rows[-1]) == _ROW:
                self.rows.append([])
            self.rows[-1].append(button)
            self.story_row = unit.of_story

    def payload(self, summary: str) -> dict[str, Any]:
        """Give it as JSON; `summary` stands where there would be nothing to read."""
        return {
            "content": self.content or ("" if self.embeds else summary),
            "embeds": self.embeds,
            "components": [{"type": 1, "components": row} for row in self.rows],
        }


def _packed(parts: Iterable[Part]) -> list[_Draft]:
    """Lay parts into as few messages as their order allows; nothing is left out."""
    drafts: list[_Draft] = []
    for unit in _units(parts):
        if not drafts:
            drafts.append(_Draft())
        if unit.lines and drafts[-1].takes_lines(unit.lines):
            drafts[-1].lines.extend(unit.lines)
            continue
        whole = _in_embeds(unit) if unit.lines else unit
        for piece in [whole] if drafts[-1].takes(whole) or _Draft().takes(whole) else _torn(whole):
            if not drafts[-1].takes(piece):
                drafts.append(_Draft())
            drafts[-1].add(piece)
    return drafts


def _in_embeds(unit: _Unit) -> _Unit:
    return _Unit(embeds=tuple({"description": text} for text in _descriptions(unit.lines)))


def _torn(unit: _Unit) -> Iterator[_Unit]:
    """Take a unit apart that fits into no message; the buttons stay with the last embed."""
    *embeds, last = unit.embeds
    for embed in embeds:
        yield _Unit(embeds=(embed,))
    yield _Unit(embeds=(last,), buttons=unit.buttons, of_story=unit.of_story)


def _descriptions(lines: Iterable[str]) -> Iterator[str]:
    """Join lines to texts of a description's size."""
    text = ""
    for line in lines:
        joined = f"{text}\n{line}" if text else line
        if _size(joined) > _DESCRIPTION:
            yield text
            joined = line
        text = joined
    if text:
        yield text


def _weight(embed: Embed) -> int:
    """Count what goes into the sum over all embeds of a message."""
    return sum(
        map(_size, (embed.get("title", ""), embed.get("description", ""), embed.get("footer", {}).get("text", "")))
    )


# ---------------------------------------------------------------- parts


def _units(parts: Iterable[Part]) -> Iterator[_Unit]:
    # Discord draws the embeds of a message that share a URL as one, and drops the text of all but the first.
    linked: set[str] = set()
    for part in parts:
        match part:
            case StoryItem():
                yield from _story(part, linked)
            case Buttons(buttons=buttons):
                yield from (_Unit(buttons=row) for row in _in_rows(map(_button, buttons)))
            case _:
                if lines := tuple(_lines(part)):
                    yield _Unit(lines=lines)


def _lines(part: Heading | Paragraph | Listing | Bars | Footer) -> Iterator[str]:
    match part:
        case Heading(text=text, line=small):
            yield from _folded(_span(Span(text)), "### ")
            yield from _folded(_span(Span(small)), "-# ")
        case Paragraph(lines=lines):
            for line in lines:
                yield from _folded(_line(line)) or [""]
        case Listing(items=items):
            for item in items:
                yield from _folded(_line(item), _ITEM)
        case Bars(rows=rows):
            yield from _bars(rows)
        case Footer(line=line):
            yield from _folded(_line(line), "-# ")


def _story(story: StoryItem, linked: set[str]) -> Iterator[_Unit]:
    link = _link(story.url)
    host, lines = link.host if link else "", []
    head: Embed = {"title": _title(story, host), "color": _UPDATE_COLOUR if story.mark else _STORY_COLOUR}
    if link and link.url not in linked:
        linked.add(link.url)
        head["url"] = link.url
    elif link:
        lines.append(_masked(f"{_ARROW} {_escaped(host)}", link))
    if story.since:
        lines += _folded(_span(story.since), "-# ")
    for quote in story.quotes:
        lines += _quote(quote, host)
    lines += _folded(_also(story), "-# ")
    texts = list(_descriptions(lines)) or [""]
    embeds = [{"description": text, "color": head["color"]} for text in texts]
    embeds[0] = head | ({"description": texts[0]} if texts[0] else {})
    if meta := _within(" · ".join(filter(None, [host, *map(one_line, story.meta)])), _FOOTER, _inert):
        embeds[-1]["footer"] = {"text": meta}
    rows = list(_in_rows(_button(button, story.number) for button in story.buttons)) or [()]
    yield _Unit(embeds=tuple(embeds), buttons=rows[0], of_story=True)
    yield from (_Unit(buttons=row, of_story=True) for row in rows[1:])


def _title(story: StoryItem, host: str) -> str:
    mark = one_line(story.mark)
    return _within(
        f"{story.number} · " + (f"{mark} · " if mark else "") + (one_line(story.title) or host or "…"), _TITLE, _literal
    )


def _quote(quote: QuoteLine, host: str) -> Iterator[str]:
    """Give the lines of a block quote; an arrow that leaves for another site than the title's says where to."""
    *lines, last = [line for line in quoted(visible(quote.text), quote.language).split("\n") if line.strip()]
    for line in lines:
        yield from _folded(_span(Span(line)), "> ")
    link = _link(quote.url)
    label = _ARROW if link and link.host == host else f"{_ARROW} {_escaped(link.host)}" if link else ""
    yield from _folded([*_span(Span(last)), *([" " + _masked(label, link)] if link else [])], "> ")


def _also(story: StoryItem) -> Iterator[str]:
    lead, joint = also_joints(one_line(story.also_label))
    for index, span in enumerate(story.also):
        yield from _span(Span(joint if index else lead.lstrip()))
        yield from _span(span)


def _bars(rows: Sequence[tuple[str, int]]) -> Iterator[str]:
    """Draw bars in fixed width: the longest is as wide as all that is free, any count above zero can be seen."""
    # A backtick alone ends nothing; three together would end the block.
    labels = [_inert(cut(one_line(label), 40)).replace("`", f"`{_UNSEEN}") for label, _ in rows]
    room = max(map(_columns, labels), default=0)
    most = max((value for _, value in rows), default=0)
    drawn = []
    for label, (_, value) in zip(labels, rows, strict=True):
        bar = _BAR * max(1, round(value / most * _BAR_WIDTH)) + " " if value > 0 else ""
        drawn.append(f"{label}{' ' * (room - _columns(label))}  {bar}{value}")
    # Ten lines of at most 160 characters: each block is one that nothing tears.
    for start in range(0, len(drawn), 10):
        yield "```\n" + "\n".join(drawn[start : start + 10]) + "\n```"


def _button(button: Button, number: int | None = None) -> Component:
    """Give a button; `number` tells those of one story from those of another, since all stand below all embeds."""
    custom_id = f"{button.action}:{button.value}"
    if _size(custom_id) > _CUSTOM_ID:
        raise ValueError(f"too long for a Discord button: {custom_id!r}")
    label = one_line(button.label) if number is None else f"{number} · {one_line(button.label)}"
    return {"type": 2, "style": 2, "label": _within(label, _LABEL, _inert) or "…", "custom_id": custom_id}


def _in_rows(buttons: Iterable[Component]) -> Iterator[tuple[Component, ...]]:
    """Give rows of at most five buttons, none twice."""
    apart = tuple({button["custom_id"]: button for button in buttons}.values())
    return (apart[start : start + _ROW] for start in range(0, len(apart), _ROW))


# ---------------------------------------------------------------- text


def _folded(pieces: Iterable[str], prefix: str = "") -> list[str]:
    """Join pieces of Markdown to lines of at most `_LINE`, torn only between pieces; [] for none."""
    lines: list[str] = []
    text = ""
    for piece in pieces:
        if text and _size(prefix + text + piece) > _LINE:
            lines.append(text)
            text = ""
        text += piece
    # At the start of a line, signs make headings and lists: our own prefix is meant to, their text is not.
    lines = [_inert(_LINE_START.sub(r"\g<1>\\", line.strip())) for line in (*lines, text) if line.strip()]
    return [(_INDENT if index and prefix == _ITEM else prefix) + line for index, line in enumerate(lines)]


def _line(line: Line) -> Iterator[str]:
    for span in line:
        yield from _span(span)


def _span(span: Span) -> Iterator[str]:
    """Give a span in pieces of Markdown, each whole in itself."""
    link = _link(span.url)
    text = " ".join(visible(span.text).split("\n"))
    if not text.strip() and link:
        text = link.host
    for index, piece in enumerate(_pieces(text)):
        words = piece.strip()
        if not words:
            yield piece
            continue
        before, after = piece.split(words, 1)  # white space inside of marks may keep them from working
        # A link's words are not code: what ends a link would stand in them unescaped.
        marked = _code(words) if span.code and not link else _escaped(words)
        if span.strong:
            marked = f"**{marked}**"
        if link:
            marked = _masked(marked, link)
        if index:
            before += _UNSEEN  # where two marks meet, they would be read as one
        yield f"{before}{marked}{after}"


def _pieces(text: str) -> Iterator[str]:
    """Take a text apart, between words where it can be; nothing is lost."""
    while len(text) > _PIECE:
        end = text.rfind(" ", _PIECE // 2, _PIECE) + 1 or _PIECE
        end = len(text[:end].rstrip(":/")) or end  # the start of an address is escaped as a whole or not at all
        yield text[:end]
        text = text[end:]
    if text:
        yield text


def _masked(label: str, link: WebLink) -> str:
    return f"[{label}](<{link.url}>)"


def _link(url: str | None) -> WebLink | None:
    """Give a link that reads as no mention either."""
    link = web_link(url, _LINK)
    return link and WebLink(link.url.replace("@", "%40"), link.host)


def _code(text: str) -> str:
    """Give inline code. Two backticks fence one; three would begin a block, so none stand together in it."""
    if "`" not in text:
        return f"`{text}`"
    apart = re.sub("`(?=`)", f"`{_UNSEEN}", text)
    return f"`` {apart} ``"


def _escaped(text: str) -> str:
    """Give Markdown that shows a text to the letter, but for mentions and for signs that start a line."""
    return _MARKUP.sub(r"\\\g<0>", text)


def _literal(text: str) -> str:
    """Give Markdown that shows a text to the letter, where only one line can stand."""
    return _inert(_LINE_START.sub(r"\g<1>\\", _escaped(text)))


def _inert(text: str) -> str:
    """Give a text in which nothing reads as a mention, escaped or not: an unseen character stands after its sign.

    Discord looks for mass mentions before it looks at escapes.
    """
    return _MENTION.sub(rf"\g<0>{_UNSEEN}", text)


def _within(text: str, limit: int, written: Callable[[str], str]) -> str:
    """Cut a text so that it fits as it is `written`."""
    room = limit
    while _size(fitting := written(cut(text, room))) > limit:
        room -= max(1, (_size(fitting) - limit) // 2)
    return fitting


def _size(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _columns(text: str) -> int:
    """Count the columns a text takes in fixed width: Chinese characters take two, the unseen none."""
    return sum(0 if c == _UNSEEN else 2 if unicodedata.east_asian_width(c) in "FW" else 1 for c in text)
