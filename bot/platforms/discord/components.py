"""Reply → Discord's messages: pure functions from a Reply to JSON that Discord takes as it is (Components V2).

    text    → a text display; what stands together is one
    story   → a text display: its linked headline, its quotes as block quotes, one small line
    menu    → one select under all stories of a message, with a line for each
    row     → a text; what can be done with it stands in one select under all rows
    buttons → rows; the foot last

All of it stands in one container, but for a few lines alone. Every text is Markdown, so strangers' text is escaped: it
shows to the letter, and nothing in it is live. Links are built by us alone; none stands bare, and masked ones have
angle brackets, so that Discord draws no previews. Where one leads is shown by Discord itself before it opens it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.base.i18n import Messages, t
from bot.base.reply import (
    LINE_END,
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
from bot.base.safe_text import WebLink, bar_chart, cut, isolated, one_line, quoted, spoken, visible
from bot.delivery.transport import Message, Payload
from bot.platforms.discord.markdown import (
    ITEM,
    UNSEEN,
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

Component = dict[str, Any]
Commands = Mapping[str, str]  # "/brief topics" → how it is written so that it can be pressed

V2 = 1 << 15  # the flag of a message that is all components
MENU = "menu"  # the id of the select under stories; what is chosen in it says what to do
_BEGUN = "begun"

# Documented limits. Characters are counted in UTF-16 units, which is never less than what Discord may count.
_COMPONENTS = 40  # one is left for that reference too
_TEXT = 4000 - 16  # the rest is for the reference of a delivery, which its transport adds
# Discord fails above 10,170 bytes of text and what it keeps beside it; JSON is never less than that.
_BYTES = 10_000
_OPTIONS = 25
_ROW = 5
_LABEL = 80
_OPTION = 100
_CUSTOM_ID = 100
_THREAD_NAME = 100
_CONTENT = 2000
_NEWS = 700  # as in Slack; nobody's phone shows more

_ACTION_ROW, _BUTTON, _SELECT, _DISPLAY, _CONTAINER = 1, 2, 3, 10, 17
_SIGNED = {_SELECT, _DISPLAY, _BUTTON}
_COLOUR = 0x2A9D8F
_MORE = t("More on story …")
_CHOOSE = t("Choose what to do …")
_BAR_WIDTH = 16
_ARROW = "\\↗"  # escaped, or Discord makes a coloured picture of it


def messages(reply: Reply, commands: Commands | None = None) -> list[Message]:
    """Return the messages that show a reply: one where it fits, then what goes into its thread, in order.

    Each holds `flags`, `components`, and `thread_name`: what a thread under it, or a forum post made of it, is called.
    The first holds `news`, too: what a notification is to say, as Markdown.
    commands: how commands are written so that a press runs them.
    """
    pressable = commands or {}
    parts, foot = reply.parts, list(_pieces(reply.foot, pressable))
    if not _fits(foot, _TEXT // 4):
        parts, foot = (*parts, *reply.foot), []
    shown = _packed(_pieces(parts, pressable), foot)
    if len(shown) > 1:  # the article leads to its quotes too; a story more counts for more than those links
        leaner = _packed(_pieces(parts, pressable, deep=False), foot)
        shown = leaner if len(leaner) < len(shown) else shown
    first = [*shown[0], *foot] if shown else foot
    if not first:
        first = [_Piece(within(one_line(reply.summary), _TEXT // 2, literal) or "…")]
    heading = next((one_line(part.text) for part in reply.parts if isinstance(part, Heading)), "")
    name = within(one_line(reply.name) or heading or one_line(reply.summary), _THREAD_NAME, inert) or "…"
    drafts = [first, *shown[1:], *_packed(_pieces(reply.overflow, pressable))]
    say = Messages(reply.language).say
    payloads: list[Payload] = [{"flags": V2, "components": _laid(draft, say), "thread_name": name} for draft in drafts]
    told = spoken(reply.summary, reply.headlines, reply.language, _NEWS)
    payloads[0]["news"] = within(told, _CONTENT, literal) or "…"
    return [Message(payload, in_thread=place > 0) for place, payload in enumerate(payloads)]


# ---------------------------------------------------------------- packing


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands together: a text, with what can be chosen about it; or a row of buttons.

    prompt: what a menu of its options is called. framed: it belongs in a container. apart: its text does not join the
    one above.
    """

    text: str = ""
    row: tuple[Component, ...] = ()
    options: tuple[Component, ...] = ()
    prompt: str = ""
    framed: bool = False
    apart: bool = False


def _packed(pieces: Iterable[_Piece], foot: Sequence[_Piece] = ()) -> list[list[_Piece]]:
    """Lay pieces into as few messages as their order allows, the first with room for the foot; nothing is left out."""
    drafts: list[list[_Piece]] = []
    for whole in pieces:
        for piece in [whole] if _fits([whole, *(() if drafts else foot)]) else _torn(whole):
            if drafts and _fits([*drafts[-1], piece, *(foot if len(drafts) == 1 else ())]):
                drafts[-1].append(piece)
            else:
                drafts.append([piece])
    return drafts


def _torn(piece: _Piece) -> Iterator[_Piece]:
    """Take a text apart between its lines; what can be chosen stays with the first."""
    text, options = "", piece.options
    for line in piece.text.split("\n"):
        joined = f"{text}\n{line}" if text else line
        if not _fits([_Piece(joined)], _TEXT // 2):
            yield replace(piece, text=text, options=options)
            joined, options = line, ()
        text = joined
    yield replace(piece, text=text, options=options)


def _fits(pieces: Sequence[_Piece], limit: int = _TEXT) -> bool:
    components = _laid(pieces)
    texts = [one["content"] for one in every(components) if one["type"] == _DISPLAY]
    return (
        sum(1 for _ in every(components)) < _COMPONENTS
        and sum(map(utf16_size, texts)) <= limit
        and len(json.dumps(components, ensure_ascii=False).encode()) <= _BYTES
    )


def every(components: Iterable[Component]) -> Iterator[Component]:
    """Yield components and what stands in them, from top to bottom."""
    for component in components:
        yield component
        yield from every(component.get("components") or ())


def signed(components: Sequence[Component], reference: str) -> list[Component]:
    """Return the components of a message with a reference: in the id of its menu, else in small print at its end."""
    if any(one.get("custom_id") == MENU for one in every(components)):
        return [_called(one, f"{MENU}:{reference}") for one in components]
    *before, last = components
    if last["type"] == _CONTAINER:
        return [*before, last | {"components": signed(last["components"], reference)}]
    if last["type"] == _DISPLAY:
        joint = " · " if last["content"].rpartition("\n")[2].startswith("-# ") else "\n-# "
        return [*before, _display(last["content"] + joint + reference)]
    return [*components, _display(f"-# {reference}")]


def waiting(reference: str) -> list[Component]:
    """Return what stands below a message that is only begun: a button that does nothing, with a reference in its id."""
    button = {"type": _BUTTON, "style": 2, "label": "…", "custom_id": f"{_BEGUN}:{reference}", "disabled": True}
    return [{"type": _ACTION_ROW, "components": [button]}]


def begun(components: Iterable[Component]) -> bool:
    """Whether a message is only begun."""
    return any(str(one.get("custom_id")).startswith(f"{_BEGUN}:") for one in every(components))


def bears(components: Iterable[Component], reference: str) -> bool:
    """Whether a message was signed so."""
    signs = (one.get("content") or one.get("custom_id") for one in every(components) if one["type"] in _SIGNED)
    return any(sign and sign.endswith(reference) for sign in signs)


def _called(component: Component, custom_id: str) -> Component:
    if component.get("custom_id") == MENU:
        return component | {"custom_id": custom_id}
    inside = component.get("components")
    return component | {"components": [_called(one, custom_id) for one in inside]} if inside else component


def _laid(pieces: Sequence[_Piece], say: Callable[[str], str] = str) -> list[Component]:
    """Return the components of a message. say: gives what a menu is called in the reader's language."""
    laid: list[Component] = []
    taken: set[str] = set()
    open_menu: dict[str, Component] = {}
    for piece, following in zip(pieces, [*pieces[1:], _Piece()], strict=False):
        if piece.text and laid and laid[-1]["type"] == _DISPLAY and not piece.apart:
            laid[-1] = _display(f"{laid[-1]['content']}\n{piece.text}")
        elif piece.text:
            laid.append(_display(piece.text))
        # The same action on the same thing twice: Discord would refuse the message, and one button does it.
        if row := [button for button in piece.row if button["custom_id"] not in taken]:
            taken.update(button["custom_id"] for button in row)
            laid.append({"type": _ACTION_ROW, "components": row})
        open_menu |= {option["value"]: option for option in piece.options}
        if open_menu and not following.options:
            before = sum(component["type"] == _SELECT for component in every(laid))
            laid += _menus(list(open_menu.values()), say(piece.prompt), before)
            open_menu = {}
    framed = any(piece.framed for piece in pieces)
    return [{"type": _CONTAINER, "accent_color": _COLOUR, "components": laid}] if framed else laid


def _display(text: str) -> Component:
    return {"type": _DISPLAY, "content": text}


def _menus(options: Sequence[Component], prompt: str, before: int) -> Iterator[Component]:
    """Yield menus of so many options as one can have; before: how many stand above."""
    for number, start in enumerate(range(0, len(options), _OPTIONS), before):
        custom_id = f"{MENU}.{number}" if number else MENU
        select = {"type": _SELECT, "custom_id": custom_id, "placeholder": prompt}
        yield {"type": _ACTION_ROW, "components": [select | {"options": list(options[start : start + _OPTIONS])}]}


# ---------------------------------------------------------------- parts


def _pieces(parts: Iterable[Part], commands: Commands, deep: bool = True) -> Iterator[_Piece]:
    for part in parts:
        match part:
            case StoryItem():
                lines = list(_story(part, deep))
                yield _Piece("\n".join(lines), (), _option(part), _MORE, framed=True, apart=not part.flat)
            case Row():
                lines = [*folded(marked(Span(part.title, strong=True))), *folded(marked(Span(part.line)), "-# ")]
                yield _Piece("\n".join(lines), (), tuple(_choices(part)), _CHOOSE, framed=True, apart=True)
            case Buttons(buttons=buttons):
                yield from (_Piece(row=row) for row in _in_rows(map(_button, buttons)))
            case _:
                if any(lines := list(_lines(part, commands))):
                    yield _Piece("\n".join(lines), framed=isinstance(part, Heading))


def _lines(part: Heading | Paragraph | Listing | Bars | Footer, commands: Commands) -> Iterator[str]:
    match part:
        case Heading(text=text, line=small):
            yield from folded(marked(Span(text)), "### ")
            yield from folded(marked(Span(small)), "-# ")
        case Paragraph(lines=lines):
            for line in lines:
                yield from folded(marked_line(line, commands)) or [""]
        case Listing(items=items):
            for item in items:
                ends = item.index(LINE_END) if LINE_END in item else len(item)
                yield from folded(marked_line(item[:ends], commands), ITEM)
                yield from folded(marked_line(item[ends + 1 :], commands), "-# ")
        case Bars(rows=rows):
            yield from _bars(rows)
        case Footer(line=line):
            yield from folded(marked_line(line, commands), "-# ")


def _story(story: StoryItem, deep: bool) -> Iterator[str]:
    """Yield the lines of a story. The headline leads to the first quote, others have an arrow.

    Where not `deep` the headline leads to its page, and only quotes of another page have an arrow.
    """
    link = inert_link(story.url)
    host = link.host if link else ""
    bare = (story.url or "").partition("#")[0]
    quotes = [(quote, quote.url) for quote in story.quotes]
    url = story.url
    if quotes and quotes[0][1] and quotes[0][1].partition("#")[0] == bare:
        url = quotes[0][1] if deep else url
        quotes[0] = (quotes[0][0], None)
    mark = f"{one_line(story.mark)} · " if one_line(story.mark) else ""
    title = Span(isolated(one_line(story.title)) or host or "…", url, strong=True)
    head = (Span(f"{story.number} · {mark}", strong=True), title)
    if story.flat:
        yield from folded(marked_line((*head, *((Span(" · "), *story.small) if story.small else ()))))
        return
    yield from folded(marked_line(head))
    for quote, leads in quotes:
        spared = not deep and leads and leads.partition("#")[0] == bare
        yield from _quote(quote, None if spared else inert_link(leads), host)
    since = (story.since, Span(" · "))[: 1 + bool(story.small)] if story.since else ()
    yield from folded(marked_line((*since, *story.small)), "-# ")


def _quote(quote: QuoteLine, link: WebLink | None, host: str) -> Iterator[str]:
    """Yield the lines of a block quote; an arrow that leaves for another site than the headline's says where to."""
    text = isolated(quoted(visible(quote.text), quote.language))
    *lines, last = [line for line in text.split("\n") if line.strip()]
    for line in lines:
        yield from folded(marked(Span(line)), "> ")
    label = _ARROW if link and link.host == host else f"{_ARROW} {escaped(link.host)}" if link else ""
    said_by = marked(Span(f" · {isolated(one_line(quote.said_by))}")) if quote.said_by else []
    yield from folded([*marked(Span(last)), *said_by, *(["\u00a0" + masked(label, link)] if link else [])], "> ")


def _option(story: StoryItem) -> tuple[Component, ...]:
    """Return the line of a story in the menu: what it does, or what can be done with the story."""
    if not story.menu:
        return ()
    actions = ",".join(button.action for button in story.menu)
    option = _choice(f"{story.number} · {one_line(story.title)}", f"{actions}:{story.menu[0].value}")
    # The source: the first of the small line.
    source = within(one_line(story.small[0].text), _OPTION, inert) if story.small else ""
    return (option | ({"description": source} if source else {}),)


def _choices(row: Row) -> Iterator[Component]:
    """Yield what can be done with one of several things."""
    for button in row.buttons:
        yield _choice(f"{one_line(button.label)} · {one_line(row.title)}", f"{button.action}:{button.value}")


def _choice(label: str, value: str) -> Component:
    if utf16_size(value) > _OPTION:
        raise ValueError(f"too long for a Discord menu: {value!r}")
    return {"label": within(label, _OPTION, inert), "value": value}


def _bars(rows: Sequence[tuple[str, int]]) -> Iterator[str]:
    # A backtick alone ends nothing; three together would end the block.
    shown = [(inert(cut(one_line(label), 40)).replace("`", f"`{UNSEEN}"), value) for label, value in rows]
    drawn = bar_chart(shown, _BAR_WIDTH)
    # Ten lines of at most 160 characters: each block is one that nothing tears.
    for start in range(0, len(drawn), 10):
        yield "```\n" + "\n".join(drawn[start : start + 10]) + "\n```"


def _button(button: Button) -> Component:
    custom_id = f"{button.action}:{button.value}"
    if utf16_size(custom_id) > _CUSTOM_ID:
        raise ValueError(f"too long for a Discord button: {custom_id!r}")
    label = within(one_line(button.label), _LABEL, inert) or "…"
    return {"type": _BUTTON, "style": 2, "label": label, "custom_id": custom_id}


def _in_rows(buttons: Iterable[Component]) -> Iterator[tuple[Component, ...]]:
    """Return rows of at most five buttons, none twice."""
    apart = tuple({button["custom_id"]: button for button in buttons}.values())
    return (apart[start : start + _ROW] for start in range(0, len(apart), _ROW))
