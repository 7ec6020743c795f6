"""Reply → text for a terminal: laid out to a width, in which a Chinese character takes two columns.

    1  Title of the story           36kr · 13 Sep · also Reuters, Caixin (Chinese), +1
       “A quote, to the letter.” ↗

Plain text. Bold and dim, and links that a terminal can open (OSC 8), only where they are asked for; without such links
each story's address stands under it.
"""

import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from rich.cells import cell_len

from bot.base.reply import (
    LINE_END,
    Bars,
    Buttons,
    Footer,
    Heading,
    Line,
    Listing,
    Paragraph,
    Part,
    Reply,
    Row,
    Span,
    StoryItem,
)
from bot.base.safe_text import bar_chart, columns, one_line, quoted, visible, web_link

_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_ARROW = "\u00a0↗"
_INDENT = 3
_LONGEST_BAR = 40
_WIDE = r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]"
_OPENING, _CLOSING = "“‘「『（《〈【«", "”’」』）》〉】»，。、；：！？…％"  # what may not end a line, or begin one
_SPACE = r"[^\S\u00a0\u202f]"  # no line breaks at the spaces inside « »
_PIECE = re.compile(
    rf"{_SPACE}+|\(*[{_OPENING}]*(?:{_WIDE}|(?:(?!{_WIDE}|{_SPACE})[^{_OPENING}])+)[{_CLOSING}]*(?:\u00a0↗)?|\S"
)


def render(reply: Reply, *, width: int = 80, links: bool = False, style: bool = False) -> str:
    """Lay a reply out; what would go into a thread stands under it, after a line.

    width: columns. links: make links that a terminal can open. style: bold and dim.
    """
    page = _Page(max(width, 30), links, style)
    lines = page.parts((*reply.parts, *reply.foot), reply.language)
    if reply.overflow:
        lines += ["", "─" * min(page.width, 24), *page.parts(reply.overflow, reply.language)]
    return "\n".join(line.rstrip() for line in lines)


class _Page:
    """The measures of one rendering."""

    def __init__(self, width: int, links: bool, style: bool) -> None:
        self.width = width
        self._links = links
        self._style = style

    def parts(self, parts: Sequence[Part], language: str) -> list[str]:
        lines: list[str] = []
        for part in parts:
            lines += ([""] if lines else []) + list(self._part(part, language))
        return lines

    def _part(self, part: Part, language: str) -> Iterator[str]:
        match part:
            case Heading():
                yield from self._flow((Span(part.text, strong=True),))
                if part.line:
                    yield from self._flow((Span(part.line),), dim=True)
            case Paragraph():
                for line in part.lines:
                    yield from self._flow(line)
            case Listing():
                for item in part.items:
                    told = tuple(Span(" · ") if span is LINE_END else span for span in item)
                    yield from self._flow(told, first="• ", rest="  ")
                    for address in dict.fromkeys(filter(None, (span.url for span in item if span.text != span.url))):
                        yield from self._address(address, "  ")
            case StoryItem():
                yield from self._story(part, language)
            case Bars():
                labels = max((columns(label) for label, _ in part.rows), default=0)
                yield from bar_chart(part.rows, min(_LONGEST_BAR, self.width - labels - 8))
            case Buttons():
                yield from self._flow(tuple(Span(f"[{one_line(button.label)}]  ") for button in part.buttons))
            case Row():
                yield from self._flow((Span(part.title, strong=True),))
                yield from self._flow((Span(part.line),), first="  ", rest="  ")
                if part.buttons:
                    pressed = tuple(Span(f"[{one_line(button.label)}]  ") for button in part.buttons)
                    yield from self._flow(pressed, first="  ", rest="  ")
            case Footer():
                yield from self._flow(part.line, dim=True)

    def _story(self, story: StoryItem, language: str) -> Iterator[str]:
        indent = " " * _INDENT
        number = f"{story.number}".ljust(_INDENT)
        mark = (Span(f"{story.mark} · "),) if story.mark else ()
        page = (story.url or "").partition("#")[0]
        small = "".join(span.text for span in story.small)
        yield from self._titled((*mark, Span(story.title, story.url, strong=True)), small, number)
        for quote in story.quotes:
            words = Span(quoted(one_line(quote.text), quote.language))
            said_by = (Span(f" · {one_line(quote.said_by)}"),) if quote.said_by else ()
            arrow = (Span(_ARROW, quote.url),) if quote.url else ()
            yield from self._flow((words, *said_by, *arrow), first=indent, rest=indent)
            if quote.url and quote.url.partition("#")[0] != page:
                yield from self._address(quote.url, indent)
        if story.since:
            yield from self._flow((story.since, Span(_ARROW)), first=indent, rest=indent, dim=True)
        if story.url:
            yield from self._address(story.url, indent)
        if story.menu:  # with the number, for they are pressed by typing them
            pressed = (Span(f"[{one_line(button.label)} {story.number}]  ") for button in story.menu)
            yield from self._flow(tuple(pressed), first=indent, rest=indent, dim=True)

    def _address(self, url: str, indent: str) -> Iterator[str]:
        """Write where something stands, unless it can be opened; not by which words it begins there."""
        if not self._links:
            yield indent + self._dimmed(visible(url.partition(":~:")[0].rstrip("#")).replace("\n", ""))

    def _titled(self, title: Line, meta: str, number: str) -> Iterator[str]:
        """Set the title, and what is told of it at the right end of its last line, or under it."""
        meta = one_line(meta)
        indent = " " * _INDENT
        lines = list(self._flow(title, first=number.ljust(_INDENT), rest=indent))
        room = self.width - self._columns(title, len(number)) - cell_len(meta)
        if len(lines) == 1 and room >= 2:
            yield lines[0] + " " * room + self._dimmed(meta)
        else:
            yield from lines
            yield from self._flow((Span(meta),), first=indent, rest=indent, dim=True)

    def _columns(self, line: Line, start: int) -> int:
        return start + sum(cell_len(_flat(span.text)) for span in line)

    def _flow(self, line: Line, *, first: str = "", rest: str = "", dim: bool = False) -> Iterator[str]:
        """Break a line of spans into lines of the page."""
        spans = [(_flat(span.text), span) for span in line]
        whole = "".join(shown for shown, _ in spans)
        for number, (start, end) in enumerate(_broken(whole, self.width - cell_len(first))):
            yield (rest if number else first) + self._cut(spans, start, end, dim)

    def _cut(self, spans: Sequence[tuple[str, Span]], start: int, end: int, dim: bool) -> str:
        """Return the characters from start to end, each in the form of its span."""
        pieces, at = [], 0
        for shown, span in spans:
            piece = shown[max(start - at, 0) : max(end - at, 0)]
            at += len(shown)
            if piece:
                pieces.append(self._formed(piece, span, dim))
        return "".join(pieces)

    def _formed(self, piece: str, span: Span, dim: bool) -> str:
        if self._style and span.strong:
            piece = f"{_BOLD}{piece}{_RESET}"
        elif dim:
            piece = self._dimmed(piece)
        link = web_link(span.url) if self._links else None
        return f"\x1b]8;;{link.url}\x1b\\{piece}\x1b]8;;\x1b\\" if link else piece

    def _dimmed(self, piece: str) -> str:
        return f"{_DIM}{piece}{_RESET}" if self._style and piece else piece


def _flat(text: str) -> str:
    return visible(text).replace("\n", " ")


def _broken(text: str, width: int) -> list[tuple[int, int]]:
    """Return the lines that a text breaks into, as (start, end), each at most so many columns wide."""
    if cell_len(text) <= width:  # as most are: in less time
        return [(0, len(text))]
    lines: list[tuple[int, int]] = []
    start, end, columns = 0, 0, 0
    for piece in _PIECE.finditer(text):
        for begin, stop in _pieces_that_fit(text, piece.start(), piece.end(), width):
            wide = cell_len(text[begin:stop])
            if columns + wide > width and end > start:
                lines.append((start, end))
                start, columns = begin, 0
                if text[begin:stop].isspace():
                    start, end = stop, stop
                    continue
            columns += wide
            end = stop
    return [*lines, (start, end)] if end > start or not lines else lines


def _pieces_that_fit(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    """Cut what is wider than a line (an address) into pieces that are not."""
    while cell_len(text[start:end]) > width:
        stop = start + 1
        while cell_len(text[start : stop + 1]) <= width:
            stop += 1
        yield start, stop
        start = stop
    yield start, end


WIDEST = 100  # columns: longer lines are hard to read


def layout() -> dict[str, Any]:
    """Return how a reply is laid out on standard output: in bold and with links where that is a terminal."""
    looks = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return {"width": min(shutil.get_terminal_size().columns, WIDEST), "links": looks, "style": looks}


def shown(reply: Reply) -> str:
    """Lay a reply out for standard output."""
    return render(reply, **layout())
