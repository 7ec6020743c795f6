"""Reply → Slack's Block Kit: pure functions from a Reply to JSON that Slack takes as it is.

    part → unit (blocks that stay together) → packed into messages: the first for the channel, the rest for its thread

Nobody's text is parsed as markup: running text goes into `rich_text` elements, which carry plain text with its style
beside it, titles and small print into `plain_text`. Two are mrkdwn by nature, and escaped: the fallback of
notifications, and the headline of a story that has a menu, since only a section has one beside it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.base.reply import (
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
    Row,
    Span,
    StoryItem,
)
from bot.base.safe_text import WebLink, bar_chart, cut, isolated, one_line, quoted, spoken, visible, web_link
from bot.delivery.transport import Message
from bot.platforms.slack.elements import (
    TEXT,
    Block,
    Element,
    Unit,
    grouped,
    joined,
    line_of,
    pieces_of,
    plain,
    rich,
    rich_blocks,
    rich_text,
    size,
    span_of,
    text_of,
)

# Documented limits, but for the size: Slack refuses messages somewhere above 13,000 characters of blocks.
_BLOCKS = 50
_MESSAGE_SIZE = 12_000
_HEADER = 150
_SMALL = 2_000
_ROW = 5  # Slack allows 25, which wrap without order
_LABEL = 75
_MENU = 5  # options of an overflow menu; one alone is a button
_SECTION = 3_000
_FALLBACK = 700  # at most 3,500 escaped; 4,000 are advised

_ARROW = "↗"
_BAR_WIDTH = 24
_LIKES = str.maketrans("*_~`|", "∗ˍ∼ˋ∣")
_EMOJI = re.compile(r":(?=\S*:)")
_MASS_MENTION = re.compile(r"@(?=(?:everyone|channel|here)\b)", re.IGNORECASE)


def messages(reply: Reply) -> list[Message]:
    """Return the messages that show a reply: one where it fits, then what goes into its thread, in order.

    Each is a body for `chat.postMessage` without its channel.
    """
    foot = [block for unit in _units(reply.foot) for block in unit]
    shown = _packed(_units(reply.parts), foot)
    threaded = shown[1:] + _packed(_units(reply.overflow))
    text = _fallback(spoken(reply.summary, reply.headlines, reply.language, _FALLBACK))
    more = _fallback(one_line(reply.overflow_summary or reply.summary))
    first = Message(_body(text, [*shown[0], *foot] if shown else foot))
    return [first, *(Message(_body(more, blocks), in_thread=True) for blocks in threaded)]


def blocks_of(parts: Iterable[Part]) -> list[Block]:
    """Return the blocks of parts, however many they are: what is no message is measured otherwise."""
    return [block for unit in _units(parts) for block in unit]


def _body(text: str, blocks: Sequence[Block]) -> dict[str, Any]:
    body = {"text": text, "unfurl_links": False, "unfurl_media": False}
    return {**body, "blocks": list(blocks)} if blocks else body


def _fallback(text: str) -> str:
    return _escaped(cut(text, _FALLBACK) or "…")


def _escaped(text: str) -> str:
    """Return a text as mrkdwn that shows it to the letter."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Slack links bare mass mentions only where `link_names` is set; it costs nothing not to rely on it.
    return _MASS_MENTION.sub("＠", text)


# ---------------------------------------------------------------- packing


def _packed(units: Iterable[Unit], foot: Sequence[Block] = ()) -> list[list[Block]]:
    """Lay units into as few messages as their order allows; a unit is only torn where it fits into none.

    foot: what must have room in the first.
    """
    packed: list[list[Block]] = [[]] if foot else []
    for unit in units:
        for piece in [unit] if _fits([*unit, *foot]) else [[block] for block in unit]:
            if packed and _fits([*packed[-1], *piece, *(foot if len(packed) == 1 else ())]):
                packed[-1].extend(piece)
            else:
                packed.append(_without_divider(piece))
    return packed


def _without_divider(unit: Unit) -> Unit:
    return unit[1:] if len(unit) > 1 and unit[0]["type"] == "divider" else list(unit)


def _fits(blocks: Sequence[Block]) -> bool:
    return len(blocks) <= _BLOCKS and size(blocks) <= _MESSAGE_SIZE


# ---------------------------------------------------------------- parts


def _units(parts: Iterable[Part]) -> Iterator[Unit]:
    """Yield the units of parts, with a rule above the small print under stories."""
    after_story = False
    for part in parts:
        unit = _unit(part)
        if unit and after_story and isinstance(part, Footer):
            unit = [{"type": "divider"}, *unit]
        if unit:
            yield unit
            after_story = isinstance(part, StoryItem)


def _unit(part: Part) -> Unit:
    match part:
        case Heading():
            return _heading(part)
        case Paragraph(lines=lines):
            return rich_blocks(joined(lines))
        case Listing(items=items):
            return _listing(items)
        case StoryItem():
            return _story(part)
        case Bars(rows=rows):
            return _bars(rows)
        case Buttons(buttons=buttons):
            return _rows(buttons)
        case Row():
            return _row(part)
        case Footer(line=line):
            return _small_print(line)


def _heading(heading: Heading) -> Unit:
    text = one_line(heading.text)
    unit: Unit = []
    if len(text) > _HEADER:  # too long for a header: nothing of it is lost in a bold line
        unit += rich_blocks(span_of(Span(text, strong=True)))
    elif text:
        unit.append({"type": "header", "text": plain(text)})
    return unit + _context(one_line(heading.line))


def _listing(items: Iterable[Line]) -> Unit:
    sections = [section for item in items for section in rich(line_of(item))]
    return [
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": group}]}
        for group in grouped(sections)
    ]


def _story(story: StoryItem) -> Unit:
    link = web_link(story.url)
    quotes = [quote for line in story.quotes for quote in _quote(line, link.host if link else "")]
    small = () if story.flat else story.small
    return [*_title(story, link), *rich_text(quotes), *_small_print(small)]


def _title(story: StoryItem, link: WebLink | None) -> Unit:
    """Return the headline, linked, with the menu beside it; below it, where it is too long for a section."""
    text = _title_mrkdwn(story, link)
    if story.menu and len(text) <= _SECTION:
        words = {"type": "mrkdwn", "text": text, "verbatim": True}
        return [{"type": "section", "text": words, "accessory": _menu(story)}]
    title = rich_blocks(_title_elements(story, link))
    return [*title, {"type": "actions", "elements": [_menu(story)]}] if story.menu else title


def _title_elements(story: StoryItem, link: WebLink | None) -> Iterator[Element]:
    yield text_of(_number(story), bold=True)
    label = isolated(cut(one_line(story.title), TEXT)) or (link.host if link else "…")
    yield (
        {"type": "link", "url": link.url, "text": label, "style": {"bold": True}} if link else text_of(label, bold=True)
    )
    if story.since is not None:
        yield text_of("  ")
        yield from span_of(story.since)
    if story.flat and story.small:
        yield text_of("  ")
        yield from line_of(story.small)


def _number(story: StoryItem) -> str:
    mark = cut(one_line(story.mark), _LABEL)
    return f"{story.number}  " + (f"{mark} · " if mark else "")


def _title_mrkdwn(story: StoryItem, link: WebLink | None) -> str:
    title = isolated(cut(one_line(story.title), TEXT)) or (link.host if link else "…")
    pieces = [f"*{_inert(_number(story))}{_linked(title, link)}*"]
    if story.since is not None:
        pieces.append(_linked(one_line(story.since.text), web_link(story.since.url)))
    if story.flat and story.small:
        pieces.append(_inert(_plain_line(story.small)))
    return "  ".join(pieces)


def _linked(label: str, link: WebLink | None) -> str:
    if link is None:
        return _inert(label)
    address = link.url.replace("&", "&amp;")  # it may hold what reads as an escape: "&gt;"
    return f"<{address}|{_inert(label or link.host)}>"


def _inert(text: str) -> str:
    """Return a text as mrkdwn in which nothing is live: signs that Slack would read are written by their likes.

    Slack has an escape for three signs only; emphasis and emoji are read in labels, too.
    """
    return _escaped(_EMOJI.sub("∶", text.translate(_LIKES)))


def _menu(story: StoryItem) -> Element:
    """Return the actions on a story: behind three dots, or as a button where there is but one."""
    if len(story.menu) == 1:
        (button,) = story.menu
        return _button(replace(button, spoken=f"{button.label}: {story.title}"), story.number)
    # What all have in common, the story, stands in the menu's own id once.
    shared = story.menu[0].value if len({button.value for button in story.menu}) == 1 else ""
    options = [
        {
            "text": plain(cut(one_line(button.label), _LABEL) or "…"),
            "value": button.action if shared else f"{button.action}:{button.value}",
        }
        for button in story.menu[:_MENU]
    ]
    return {"type": "overflow", "action_id": f"menu.{shared or story.number}", "options": options}


def _quote(quote: QuoteLine, host: str) -> list[Element]:
    link = web_link(quote.url)
    words = isolated(quoted(cut(one_line(quote.text), TEXT), quote.language))
    words += f" · {isolated(cut(one_line(quote.said_by), _LABEL))}" if quote.said_by else ""
    elements = [text_of(words)]
    if link:
        # An arrow that leaves for another site than the title's says where to.
        label = _ARROW if link.host == host else f"{_ARROW} {link.host}"
        elements = [text_of(f"{words}\u00a0"), {"type": "link", "url": link.url, "text": label}]
    return [{"type": "rich_text_quote", "elements": elements}]


def _bars(rows: Sequence[tuple[str, int]]) -> Unit:
    lines = bar_chart([(cut(one_line(label), 40), value) for label, value in rows], _BAR_WIDTH)
    return [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_preformatted", "elements": [text_of("\n".join(group))]}],
        }
        for group in grouped(lines, TEXT)
    ]


def _rows(buttons: Sequence[Button]) -> Unit:
    return [
        {"type": "actions", "elements": [_button(button, index) for index, button in enumerate(row)]}
        for row in (buttons[start : start + _ROW] for start in range(0, len(buttons), _ROW))
    ]


def _row(row: Row) -> Unit:
    lines = ((Span(one_line(row.title), strong=True),), (Span(row.line),))
    buttons = [replace(button, spoken=f"{button.label}: {row.title}") for button in row.buttons]
    return [*rich_blocks(joined(lines if row.line else lines[:1])), *_rows(buttons)]


def _button(button: Button, index: int) -> Element:
    # Slack wants action ids unique in their block: what comes back is "<action>.<place in the row>".
    return {
        "type": "button",
        "action_id": f"{button.action}.{index}",
        "text": plain(cut(one_line(button.label), _LABEL) or "…"),
        "value": button.value,
        "accessibility_label": cut(one_line(button.spoken or button.label), _LABEL) or "…",
    }


def _small_print(line: Line) -> Unit:
    """Small and grey where it can be; with a link in it, as running text, since only markup could link there."""
    if any(web_link(span.url) for span in line):
        return rich_blocks(line_of(line))
    return _context(_plain_line(line))


def _plain_line(line: Line) -> str:
    return "".join(isolated(visible(span.text).replace("\n", " ")) for span in line)


def _context(text: str) -> Unit:
    return [{"type": "context", "elements": [plain(piece)]} for piece in pieces_of(text.strip(), _SMALL)]
