"""Texts of entries: what of them is HTML, and what plain text that only looks like it.

Formats say it badly. In RSS everything may be HTML, titles are mostly text, and what was escaped twice is common; Atom
says it, and is believed.
"""

from __future__ import annotations

import html
import re
import unicodedata
from html.entities import html5
from typing import TYPE_CHECKING

from lxml.html import defs  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from briefs.ingest.feeds.model import Body, Kind

# What lxml knows of HTML, and what it does not yet.
_KNOWN = frozenset(
    (
        *(*defs.tags, *defs.empty_tags, "frame", "noframes", "template", "main", "bdi", "dialog", "nobr", "slot"),
        *("data", "picture", "search", "blink"),
    )
)
_BLOCKS = defs.block_tags | {"br"}
_NAMES = re.compile(r"<(/?[A-Za-z][^\s<>/]*)")
_TAG = re.compile(r"<(/?)([A-Za-z][^\s<>/]*)([^<>]{0,20000})>")
_SURROGATES = re.compile(r"&#(?:x(d[89ab][0-9a-f]{2})|(5[56]\d{3}));&#(?:x(d[c-f][0-9a-f]{2})|(5[67]\d{3}));", re.I)
_HTML_REFERENCE = re.compile(r"&(?!amp;|lt;|gt;)(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_REFERENCE = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,30});")
_C1 = re.compile("[\x80-\x9f]")
_JOINERS = "\u200c\u200d"  # without them words in Persian and families of emoji fall apart


def character_data(text: str) -> str:
    """Return text with the references that XML and HTML know; a stray "&" is one. `&copy=` in an address is none."""
    if "&" not in text:
        return text
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    return _REFERENCE.sub(_referenced, text).replace("&amp;", "&")


def _referenced(found: re.Match[str]) -> str:
    if found[1][0] == "#":
        return html.unescape(found[0])
    return found[0] if found[1] == "amp" else html5.get(f"{found[1]};", found[0])


def references(text: str) -> str:
    """Return the text with its character references read, also those of half a character each."""
    if "&" not in text:
        return text
    return html.unescape(whole_characters(text))


def whole_characters(text: str) -> str:
    """Return the text with references to the two halves of a character as that character."""
    return _SURROGATES.sub(_whole, text) if "&#" in text else text


def _whole(found: re.Match[str]) -> str:
    high, low = (int(found[n], 16) if found[n] else int(found[n + 1]) for n in (1, 3))
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return ""
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def letters(text: str) -> str:
    """Return the text with the control characters that windows-1252 has letters for as those letters."""
    if text.isascii():
        return text
    return _C1.sub(lambda m: m[0].encode("latin-1").decode("cp1252", "replace").replace("\ufffd", " "), text)


def line(text: str) -> str:
    """One line of text without control and formatting characters."""
    if not text.isascii() or not text.isprintable():
        text = "".join(c if _is_seen(c) else ("" if c == "\u00ad" else " ") for c in text)
    return " ".join(text.split())


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs") or character in _JOINERS


def plain(text: str, kind: Kind = "html") -> str:
    """One line of plain text, of a title or a name: without tags where it has some, and without references."""
    text = text[:20_000]
    if kind == "unsaid":
        text = _HTML_REFERENCE.sub(lambda m: html.unescape(m[0]), text)
    elif kind != "text":
        for _ in range(3):  # some are escaped twice
            if "<" in text:
                text = _without_tags(without_comments(text))
            if "&" not in text:
                break
            text = references(text)
    return line(text)


def _without_tags(text: str) -> str:
    closed = {name[1:].lower() for name in _NAMES.findall(text) if name[0] == "/"}

    def shown(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        if name not in closed and name not in ("br", "hr", "img", "wbr"):
            return tag[0]
        return " " if name in _BLOCKS else ""

    return _TAG.sub(shown, text)


def without_comments(text: str) -> str:
    """Return HTML without its comments and without the marks of CDATA that was escaped."""
    if "<!" not in text:
        return text
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    text = " ".join((*parts, text[at:]))
    return text.replace("<![CDATA[", " ").replace("]]>", " ") if "<![CDATA[" in text else text


def fragment(body: Body) -> str:
    """Return an entry's text as HTML that shows what its publisher meant to be read."""
    text, kind = character_data(body.text) if body.escaped else body.text, body.kind
    if kind == "text" or (kind == "unsaid" and not _looks_like_html(text)):
        return html.escape(letters(text), quote=False).replace("\n", "<br>")
    if "<" not in text and "&lt;" in text and _looks_like_html(twice := references(text)):
        text = twice
    text = letters(whole_characters(text))
    names = {name.removeprefix("/").lower() for name in _NAMES.findall(text)}
    if not names <= _KNOWN:
        text = _without_odd_tags(text)
    return without_comments(text)


def _looks_like_html(text: str) -> bool:
    """Whether a text has an element that HTML knows with its end, or a line break."""
    if "<" not in text:
        return False
    names = {name.lower() for name in _NAMES.findall(text)}
    return any(f"/{name}" in names and name in _KNOWN for name in names) or not names.isdisjoint(("br", "img"))


def _without_odd_tags(text: str) -> str:
    """Return HTML in which what HTML does not know is text: "List<String>", "<jo@example.org>".

    Elements of other languages go as tags: they have an end, attributes, or a name with a hyphen or colon.
    """
    closed = {name[1:].lower() for name in _NAMES.findall(text) if name[0] == "/"}

    def shown(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        if name in _KNOWN:
            return tag[0]
        odd = name in closed or bool(re.search(r"[:-]", name)) or "=" in tag[3] or tag[3].endswith("/")
        return " " if odd and "@" not in name else "&lt;" + tag[0][1:]

    return _TAG.sub(shown, text)
