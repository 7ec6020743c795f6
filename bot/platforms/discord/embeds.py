"""Reply → Discord's messages: pure functions from a Reply to JSON that Discord takes as it is.

    text    → the content while no story stands above it, else an embed's description
    story   → an embed: linked title, quotes as block quotes, small print in its footer
    buttons → rows under the message they belong to

Every text is Markdown here, so strangers' text is escaped: it shows to the letter, and nothing in it is live. Links are
built by us alone; none stands bare, and masked ones have angle brackets, so that Discord draws no previews. Where a
masked link leads is shown by Discord itself before it opens it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.base.reply import (
    Bars,
    Button,
    Buttons,
    Footer,
    Heading,
    Listing,
    Paragraph,
    Part,
    QuoteLine,
    Reply,
    Row,
    Span,
    StoryItem,
)
from bot.base.safe_text import cut, one_line, quoted, spoken, visible
from bot.delivery.transport import Message
from bot.platforms.discord.markdown import (
    ITEM,
    UNSEEN,
    columns,
    escaped,
    folded,
    inert,
    inert_link,
    literal,
    marked,
    marked_line,
    masked,
    utf16_size,
    within,
)

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

_FOOTER = 300

_STORY_COLOUR = 0x2A9D8F
_UPDATE_COLOUR = 0xE9A23B
_BAR = "█"
_BAR_WIDTH = 16
_ARROW = "\\↗"  # escaped, or Discord makes a coloured picture of it


def messages(reply: Reply) -> list[Message]:
    """Give the messages that show a reply: one where it fits, then what goes into its thread, in order.

    Each holds `content`, `embeds`, `components`, and `thread_name`: what a thread under it, or a forum post made of it,
    is called.
    """
    shown, threaded = _packed((*reply.parts, *reply.foot)) or [_Draft()], _packed(reply.overflow)
    said = spoken(reply.summary, reply.headlines, reply.language, _CONTENT)
    summary = within(said, _CONTENT, literal) or "…"
    heading = next((one_line(part.text) for part in reply.parts if isinstance(part, Heading)), "")
    name = within(heading or one_line(reply.summary), _THREAD_NAME, inert) or "…"
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
        return not self.embeds and not self.rows and utf16_size("\n".join([*self.lines, *lines])) <= _CONTENT

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
        if utf16_size(joined) > _DESCRIPTION:
            yield text
            joined = line
        text = joined
    if text:
        yield text


def _weight(embed: Embed) -> int:
    """Count what goes into the sum over all embeds of a message."""
    return sum(
        map(utf16_size, (embed.get("title", ""), embed.get("description", ""), embed.get("footer", {}).get("text", "")))
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
            case Row(title=title, line=line, buttons=buttons):
                named = (marked(Span(title, strong=True)), marked(Span(line)))
                yield _Unit(lines=tuple(one for text in named for one in folded(text)))
                yield from (_Unit(buttons=row) for row in _in_rows(map(_button, buttons)))
            case _:
                if lines := tuple(_lines(part)):
                    yield _Unit(lines=lines)


def _lines(part: Heading | Paragraph | Listing | Bars | Footer) -> Iterator[str]:
    match part:
        case Heading(text=text, line=small):
            yield from folded(marked(Span(text)), "### ")
            yield from folded(marked(Span(small)), "-# ")
        case Paragraph(lines=lines):
            for line in lines:
                yield from folded(marked_line(line)) or [""]
        case Listing(items=items):
            for item in items:
                yield from folded(marked_line(item), ITEM)
        case Bars(rows=rows):
            yield from _bars(rows)
        case Footer(line=line):
            yield from folded(marked_line(line), "-# ")


def _story(story: StoryItem, linked: set[str]) -> Iterator[_Unit]:
    link = inert_link(story.url)
    host, lines = link.host if link else "", []
    head: Embed = {"title": _title(story, host), "color": _UPDATE_COLOUR if story.mark else _STORY_COLOUR}
    if link and link.url not in linked:
        linked.add(link.url)
        head["url"] = link.url
    elif link:
        lines.append(masked(f"{_ARROW} {escaped(host)}", link))
    if story.since:
        lines += folded(marked(story.since), "-# ")
    for quote in story.quotes:
        lines += _quote(quote, host)
    texts = list(_descriptions(lines)) or [""]
    embeds = [{"description": text, "color": head["color"]} for text in texts]
    embeds[0] = head | ({"description": texts[0]} if texts[0] else {})
    if small := within(one_line("".join(span.text for span in story.small)), _FOOTER, inert):
        embeds[-1]["footer"] = {"text": small}
    rows = list(_in_rows(_button(button, story.number) for button in story.menu if button.action != "story")) or [()]
    yield _Unit(embeds=tuple(embeds), buttons=rows[0], of_story=True)
    yield from (_Unit(buttons=row, of_story=True) for row in rows[1:])


def _title(story: StoryItem, host: str) -> str:
    mark = one_line(story.mark)
    return within(
        f"{story.number} · " + (f"{mark} · " if mark else "") + (one_line(story.title) or host or "…"), _TITLE, literal
    )


def _quote(quote: QuoteLine, host: str) -> Iterator[str]:
    """Give the lines of a block quote; an arrow that leaves for another site than the title's says where to."""
    *lines, last = [line for line in quoted(visible(quote.text), quote.language).split("\n") if line.strip()]
    for line in lines:
        yield from folded(marked(Span(line)), "> ")
    link = inert_link(quote.url)
    label = _ARROW if link and link.host == host else f"{_ARROW} {escaped(link.host)}" if link else ""
    yield from folded([*marked(Span(last)), *([" " + masked(label, link)] if link else [])], "> ")


def _bars(rows: Sequence[tuple[str, int]]) -> Iterator[str]:
    """Draw bars in fixed width: the longest is as wide as all that is free, any count above zero can be seen."""
    # A backtick alone ends nothing; three together would end the block.
    labels = [inert(cut(one_line(label), 40)).replace("`", f"`{UNSEEN}") for label, _ in rows]
    room = max(map(columns, labels), default=0)
    most = max((value for _, value in rows), default=0)
    drawn = []
    for label, (_, value) in zip(labels, rows, strict=True):
        bar = _BAR * max(1, round(value / most * _BAR_WIDTH)) + " " if value > 0 else ""
        drawn.append(f"{label}{' ' * (room - columns(label))}  {bar}{value}")
    # Ten lines of at most 160 characters: each block is one that nothing tears.
    for start in range(0, len(drawn), 10):
        yield "```\n" + "\n".join(drawn[start : start + 10]) + "\n```"


def _button(button: Button, number: int | None = None) -> Component:
    """Give a button; `number` tells those of one story from those of another, since all stand below all embeds."""
    custom_id = f"{button.action}:{button.value}"
    if utf16_size(custom_id) > _CUSTOM_ID:
        raise ValueError(f"too long for a Discord button: {custom_id!r}")
    label = one_line(button.label) if number is None else f"{number} · {one_line(button.label)}"
    return {"type": 2, "style": 2, "label": within(label, _LABEL, inert) or "…", "custom_id": custom_id}


def _in_rows(buttons: Iterable[Component]) -> Iterator[tuple[Component, ...]]:
    """Give rows of at most five buttons, none twice."""
    apart = tuple({button["custom_id"]: button for button in buttons}.values())
    return (apart[start : start + _ROW] for start in range(0, len(apart), _ROW))
