"""Strangers' text as Discord's Markdown: it shows to the letter, and nothing in it is live."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from bot.base.reply import Line, Span
from bot.base.safe_text import WebLink, cut, visible, web_link

# A line fits into any text; a piece of text fits into a line, doubled by escapes and with a link around it.
_LINE = 1900
_PIECE = 400
_LINK = 1000
UNSEEN = "\u200b"  # keeps two signs apart that would mean something together
ITEM, _INDENT = "- ", "  "
_OPEN = "\0"  # begins a command of ours until a line is whole; no stranger can write it, since it is not `visible`
_MARKUP = re.compile(r"[\\*_~`|<>\[\]]|:(?=//|[\w+~-]+:)")
_LINE_START = re.compile(r"^(?:(?=(?:#{1,3}|[+-]|-#)(?:\s|$))|(\d+)(?=[.)](?:\s|$)))")
_MENTION = re.compile(
    r"@(?=everyone|here)|<(?=[@#:/]|a:|t:|id:)"
    r"|discord(?=\.gg/|(?:app)?\.com/invite/)",  # Discord makes a card with a button of an invitation
    re.IGNORECASE,
)


def folded(pieces: Iterable[str], prefix: str = "") -> list[str]:
    """Join pieces of Markdown to lines of at most `_LINE`, torn only between pieces; [] for none."""
    lines: list[str] = []
    text = ""
    for piece in pieces:
        if text and utf16_size(prefix + text + piece) > _LINE:
            lines.append(text)
            text = ""
        text += piece
    # At the start of a line, signs make headings and lists: our own prefix is meant to, their text is not.
    lines = [inert(_LINE_START.sub(r"\g<1>\\", line.strip())) for line in (*lines, text) if line.strip()]
    lines = [line.replace(_OPEN, "<") for line in lines]
    return [(_INDENT if index and prefix == ITEM else prefix) + line for index, line in enumerate(lines)]


def marked_line(line: Line, commands: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """Yield a line in pieces of Markdown, each whole in itself.

    commands: how what reads as a command is written, so that a press begins it.
    """
    for span in line:
        at, text = 0, span.text
        for found in _named(tuple(commands)).finditer(text) if commands and not span.url else ():
            yield from marked(replace(span, text=text[at : found.start()]))
            yield commands[found[0]].replace("<", _OPEN, 1)
            at = found.end()
        yield from marked(replace(span, text=text[at:]) if at else span)


@cache
def _named(commands: tuple[str, ...]) -> re.Pattern[str]:
    """Find commands, the longest that is one: "/brief topic add" before "/brief topic"."""
    longest_first = sorted(commands, key=len, reverse=True)
    return re.compile(rf"(?<![\w/])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")


def marked(span: Span) -> Iterator[str]:
    """Yield a span in pieces of Markdown, each whole in itself."""
    link = inert_link(span.url)
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
        shown = _code(words) if span.code and not link else escaped(words)
        if span.strong:
            shown = f"**{shown}**"
        if link:
            shown = masked(shown, link)
        if index:
            before += UNSEEN  # where two marks meet, they would be read as one
        yield f"{before}{shown}{after}"


def _pieces(text: str) -> Iterator[str]:
    """Take a text apart, between words where it can be; nothing is lost."""
    while len(text) > _PIECE:
        end = text.rfind(" ", _PIECE // 2, _PIECE) + 1 or _PIECE
        end = len(text[:end].rstrip(":/")) or end  # the start of an address is escaped as a whole or not at all
        yield text[:end]
        text = text[end:]
    if text:
        yield text


def masked(label: str, link: WebLink) -> str:
    """Return a link of which only the label shows, and no preview; the label is Markdown."""
    return f"[{label}](<{link.url}>)"


def inert_link(url: str | None) -> WebLink | None:
    """Return a link that reads as no mention either."""
    link = web_link(url, _LINK)
    return link and WebLink(link.url.replace("@", "%40"), link.host)


def _code(text: str) -> str:
    """Give inline code; what has a backtick is shown to the letter without it, for fences beside others are misread."""
    return escaped(text) if "`" in text else f"`{text}`"


def escaped(text: str) -> str:
    """Return Markdown that shows a text to the letter, but for mentions and for signs that start a line."""
    return _MARKUP.sub(r"\\\g<0>", text)


def literal(text: str) -> str:
    """Return Markdown that shows a text to the letter, where only one line can stand."""
    return inert(_LINE_START.sub(r"\g<1>\\", escaped(text)))


def inert(text: str) -> str:
    """Return a text in which nothing reads as a mention or an invitation: an unseen character stands after its sign.

    Discord looks for mass mentions before it looks at escapes.
    """
    return _MENTION.sub(rf"\g<0>{UNSEEN}", text)


def within(text: str, limit: int, written: Callable[[str], str]) -> str:
    """Cut a text so that it fits as it is `written`."""
    room = limit
    while utf16_size(fitting := written(cut(text, room))) > limit:
        room -= max(1, (utf16_size(fitting) - limit) // 2)
    return fitting


def utf16_size(text: str) -> int:
    """Count UTF-16 units: never less than what Discord may count."""
    return len(text.encode("utf-16-le")) // 2
