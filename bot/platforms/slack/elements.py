"""Text → the elements and blocks in which Slack takes it to the letter, in pieces that are not too long."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from bot.base.reply import Line, Span
from bot.base.safe_text import cut, isolated, visible, web_link

Block = dict[str, Any]
Element = dict[str, Any]
Unit = list[Block]
T = TypeVar("T")

# Slack says nothing of how long a rich text may be; a section's 3,000 is taken for a text of it.
TEXT = 2_500
_RICH_SIZE = 5_000


def size(value: object) -> int:
    """Count the characters of something as JSON, as Slack measures it."""
    return len(json.dumps(value, ensure_ascii=False))


def plain(text: str) -> Element:
    """Return an element of plain text."""
    # A name of an emoji stays a name; where there is no colon, there is none, and the message is the shorter for it.
    return {"type": "plain_text", "text": text, **({"emoji": False} if ":" in text else {})}


def text_of(text: str, *, bold: bool = False, code: bool = False) -> Element:
    """Return a text of a rich text."""
    style = {name: True for name, wanted in (("bold", bold), ("code", code)) if wanted}
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def joined(lines: Iterable[Line]) -> Iterator[Element]:
    """Yield the elements of lines, one below the other."""
    for index, line in enumerate(lines):
        if index:
            yield text_of("\n")
        yield from line_of(line)


def line_of(line: Line) -> Iterator[Element]:
    """Yield the elements of a line; where nothing but a link stands on it, its host follows."""
    alone = sum(any(map(str.isalpha, span.text)) for span in line) < 2
    for span in line:
        yield from span_of(span, alone)


def span_of(span: Span, alone: bool = False) -> Iterator[Element]:
    """Yield the elements of a span. alone: a link shows its host unless its own words do."""
    text = isolated(visible(span.text))
    link = web_link(span.url)
    if link is None:
        for piece in pieces_of(text, TEXT):
            yield text_of(piece, bold=span.strong, code=span.code)
        return
    label = cut(text.strip(), TEXT) or link.host
    yield {**text_of(label, bold=span.strong, code=span.code), "type": "link", "url": link.url}
    if alone and link.host not in label:
        yield text_of(f" ({link.host})")


def pieces_of(text: str, limit: int) -> Iterator[str]:
    """Take a text apart into pieces that fit, between words where it can be; nothing is lost."""
    while len(text) > limit:
        end = text.rfind(" ", limit // 2, limit) + 1 or limit
        yield text[:end]
        text = text[end:]
    if text:
        yield text


def rich_blocks(elements: Iterable[Element]) -> Unit:
    """Return the blocks of running text."""
    return rich_text(rich(elements))


def rich(elements: Iterable[Element]) -> list[Element]:
    """Put elements into as few sections as hold them."""
    return [{"type": "rich_text_section", "elements": group} for group in grouped(list(elements))]


def rich_text(containers: list[Element]) -> Unit:
    """Put containers into as few blocks as hold them."""
    return [{"type": "rich_text", "elements": group} for group in grouped(containers)]


def grouped(items: Sequence[T], limit: int = _RICH_SIZE) -> Iterator[list[T]]:
    """Put neighbours together as long as their JSON stays within the limit."""
    group: list[T] = []
    used = 0
    for item in items:
        weight = size(item) + 2
        if group and used + weight > limit:
            yield group
            group, used = [], 0
        group.append(item)
        used += weight
    if group:
        yield group
