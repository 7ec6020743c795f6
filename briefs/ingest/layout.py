"""How a page is laid out: extractors judge by looks, so what only looks is taken out of the tree first.

    styles | white space | tables and lists that frame the page

And captions, which are told by where they stand. Every rule is about what any page may do, never about one site.
"""

import re

from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from briefs.text.lines import weight

BLOCKS = frozenset(
    (
        *("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div", "section", "article", "aside", "td", "th"),
        *("blockquote", "ul", "ol", "table", "main", "header", "footer", "figure", "figcaption", "body", "dd", "dt"),
        *("form", "pre"),
    )
)
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n]*\n[ \t\r\n]*")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LAID_OUT = frozenset(("li", "ul", "ol", "td", "tr", "tbody", "table"))
_CAPTION = 70  # weight up to which a line right after an image is its caption
_CAPTIONED = frozenset(("p", "div", "figcaption", "td", "section"))
_GOES_ON = ("?", "？", ":", "：", ",", "，", "…")


def settle(tree: HtmlElement) -> None:
    """Leave of a page's layout, in place, what says something: paragraphs stay paragraphs."""
    _drop_styles(tree)
    _fold_blanks(tree)
    _open_frames(tree)


def _drop_styles(tree: HtmlElement) -> None:
    """Drop the styles that hide nothing: trafilatura takes a box with a border, or with cut overflow, for furniture."""
    for element in tree.xpath(".//*[@style]"):
        if not _HIDES.search(element.get("style")):
            del element.attrib["style"]


def _fold_blanks(tree: HtmlElement) -> None:
    """Make each line break of the source one blank, as browsers do: it ends no line of the text.

    Signs that a page can only name (`&#14;`) go: no tree takes them where its text is set.
    """
    as_typed = {element for block in tree.iter("pre") for element in block.iter()}
    for element in tree.iter():
        for place, holder in (("text", element), ("tail", element.getparent())):
            typed = getattr(element, place) or ""
            text = _UNWRITABLE.sub("", typed)
            if "\n" in text and holder not in as_typed:
                text = " " if text.isspace() else _BLANKS.sub(" ", text)
            if text != typed:
                setattr(element, place, text)


def _open_frames(tree: HtmlElement) -> None:
    """Turn the table or list that a page is set in into boxes: extractors run the paragraphs of an item together.

    The item that holds most of a page's paragraphs is none.
    """
    lengths = {paragraph: len(paragraph.text_content()) for paragraph in tree.iter("p")}
    whole = sum(lengths.values())
    for item in tree.xpath(".//*[self::li or self::td][.//p]"):
        inside = [lengths[paragraph] for paragraph in item.iter("p")]
        if len(inside) > 1 and sum(inside) > whole / 2:
            while item.tag in _LAID_OUT:
                item.tag, item = "div", item.getparent()


def said(element: HtmlElement) -> str:
    """Return the text of an element as one line."""
    return " ".join(element.text_content().split())


# ---------------------------------------------------------------- captions


def captions(tree: HtmlElement) -> frozenset[str]:
    """Return the short lines that stand right after images, white space folded.

    A heading, a question and what announces a list are none. They stay in the tree: an extractor goes by its shape.
    """
    judged: dict[HtmlElement, str] = {}
    after_image, last = False, None
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        text = element.text if event == "start" else element.tail
        after_image = after_image or element.tag == "img"
        if not text or text.isspace():
            continue
        box = _box(element if event == "start" else element.getparent())
        if after_image and box is not None and box is not last and box not in judged:
            judged[box] = _short_line(box)
        after_image, last = False, box
    return frozenset(judged.values()) - {""}


def _box(element: HtmlElement | None) -> HtmlElement | None:
    while element is not None and element.tag not in BLOCKS:
        element = element.getparent()
    return element


def _short_line(box: HtmlElement) -> str:
    """Return the text of a box where it may be a caption, else ""."""
    if box.tag not in _CAPTIONED:
        return ""
    line = ""
    for piece in box.itertext():
        if not (piece.isspace() and line.endswith(" ")):
            line += " " if piece.isspace() else piece
        if weight(line) > 2 * _CAPTION:
            return ""
    line = " ".join(line.split())
    return "" if line.endswith(_GOES_ON) or weight(line) > _CAPTION else line
