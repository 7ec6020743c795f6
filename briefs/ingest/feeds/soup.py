"""A feed that is not well-formed XML → a tree like that of one that is. One pass, in time linear in its length.

    text | where its parts end (`extents`) | tags in order, each field with its content | tree

Entries begin at their start tags, whatever is open then. Inside a field (title, link, date, text …) tags are markup,
not structure.
"""

import contextlib
import re

from lxml import etree  # type: ignore[import-untyped]

from briefs.ingest.feeds.extents import COMMENT, END, NAME, ROOT, SECTION, Extents
from briefs.ingest.feeds.markup import character_data, whole_characters
from briefs.ingest.feeds.model import Repair
from briefs.ingest.feeds.vocabulary import TEXTUAL, USUAL, Role, Vocabulary, module_of

_TAG = re.compile(rf"<({NAME})((?:[\s/](?>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*))?|(?:[\s/][^<>]*)?)>")
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ATTRIBUTE = re.compile(r"([^\s=<>\"'/]{1,100}+)\s*+=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))")
BEFORE = re.compile(r"(?>(?:\s|<!--(?>.*?-->)|<\?[^<>]*+>)*)", re.DOTALL)  # what may stand before a root
_NAME_ALONE = re.compile(r"[A-Za-z_][\w.\-]*", re.ASCII)
_ODD_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CUT = re.compile(r"(?:<[^<>]*|&[#\w]{0,10})$")
_LONG = 5_000  # characters of a tag that are read
_DEEP = 30  # elements inside each other; deeper ones stand beside each other
_ENTRIES = ("item", "entry")
_FRAMES = ("rss", "rdf", "feed", "channel", *_ENTRIES)
_LEAVES: frozenset[Role] = TEXTUAL | {"link", "id", "published", "updated", "language", "ttl", "period", "frequency"}


def repaired(text: str) -> tuple[etree._Element, tuple[Repair, ...]] | None:
    """Return the tree of a feed and what was repaired in it; None where there is no feed in the text.

    In the tree a field has no elements inside: its text is HTML, and has the attribute type="html" where tags stood.
    """
    root = ROOT.search(text)
    return _Soup(text).tree(root.start()) if root else None


class _Open:
    """An element that is open: its name as written, in lower case, its default namespace, and its text so far."""

    __slots__ = ("default", "element", "name", "text")

    def __init__(self, element: etree._Element, name: str, default: str) -> None:
        self.element, self.name, self.default = element, name, default
        self.text: list[str] = []

    @property
    def is_frame(self) -> bool:
        return _local(self.name) in _FRAMES

    def close(self) -> None:
        self.element.text = "".join(self.text) or None


class _Soup:
    """One text, and the tree that is made of it."""

    def __init__(self, text: str) -> None:
        self._repairs: dict[Repair, None] = {}  # in the order in which they were needed
        self._text = whole_characters(_FORBIDDEN.sub(" ", text))
        if self._text != text:
            self._repairs["characters"] = None
        self._extents = Extents(self._text)
        self._prefixes: dict[str, str] = {}
        self._stack: list[_Open] = []
        self._ended = False  # the root, which stays open for entries that come after its end
        self._vocabulary = Vocabulary(frozenset())

    # ---- the walk

    def tree(self, at: int) -> tuple[etree._Element, tuple[Repair, ...]]:
        """Return the tree that begins at this place."""
        text = self._text
        before = BEFORE.match(text)
        if before and before.end() < at:
            self._repairs["junk"] = None
        while (tag := text.find("<", at)) >= 0:
            if tag > at:
                self._add(character_data(text[at:tag]))
            at = self._markup(tag)
        self._repairs = self._repairs or {"markup": None}
        root = self._stack[0]
        for one in self._stack:
            one.close()
        return root.element, tuple(self._repairs)

    def _markup(self, at: int) -> int:
        """Take what begins at this "<"; return where it ends."""
        text = self._text
        if found := _TAG.match(text, at):
            return self._start(found)
        if found := END.match(text, at):
            self._end(found[1].lower())
            return found.end()
        for opening in (SECTION, COMMENT):
            if text.startswith(opening, at):
                return self._section(opening, at)
        if text.startswith(("<?", "<!"), at):
            following = text.find("<", at + 1)
            end = text.find(">", at, following if following >= 0 else len(text))
            return end + 1 if end >= 0 else at + 2
        self._repairs["markup"] = None
        if broken := ROOT.match(text, at):  # "<item <title>"
            self._push(broken[0][1:], "")
            return broken.end()
        self._add("<")
        return at + 1

    def _section(self, opening: str, at: int) -> int:
        end = self._extents.section_end(opening, at)
        if end is None:
            self._repairs["markup"] = None
            return at + len(opening)
        if opening == SECTION:
            self._add(self._text[at + 9 : end - 3])
        return end

    def _add(self, text: str) -> None:
        if self._ended and not text.isspace():
            self._repairs["junk"] = None
        if self._stack and not self._stack[-1].is_frame:
            self._stack[-1].text.append(text)

    # ---- elements

    def _start(self, tag: re.Match[str]) -> int:
        """Open an element, and take its content where it is a field; return where to go on."""
        name, attributes = tag[1].lower(), tag[2]
        if self._ended:
            self._repairs["junk"] = None
        element = self._push(tag[1], attributes)
        if element is None or _local(name) in _FRAMES:
            return tag.end()
        word = self._vocabulary.word(element)
        if attributes.endswith("/"):
            self._pop()
        elif word and word.role in _LEAVES:
            return self._field(element, name, word.role, tag.end())
        elif not self._extents.has_end(name, tag.end()):
            self._repairs["markup"] = None
            self._pop()
        return tag.end()

    def _push(self, written: str, attributes: str) -> etree._Element | None:
        """Open an element; None where there is no place for it."""
        local = _local(written.lower())
        if local in _ENTRIES:
            inside = (
                depth for depth, one in enumerate(self._stack) if one.is_frame and _local(one.name) not in _ENTRIES
            )
            self._close_to(max(inside, default=0) + 1)
        elif local in _FRAMES and self._stack:
            self._close_to(1)
            if local != "channel":
                return None  # a feed begins in a feed: its entries are taken for this one's
        elif len(self._stack) > _DEEP:
            return None
        given = {name: character_data(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(attributes[:_LONG])}
        default = given.pop("xmlns", self._stack[-1].default if self._stack else "")
        self._prefixes |= {name[6:]: space for name, space in given.items() if name.startswith("xmlns:")}
        element = self._element(written, given, default)
        self._stack.append(_Open(element, written.lower(), default))
        return element

    def _element(self, written: str, given: dict[str, str], default: str) -> etree._Element:
        prefix, _, local = written.rpartition(":")
        space = self._space(prefix) if prefix else default
        tag = f"{{{space}}}{local}" if space else local
        parent = self._stack[-1].element if self._stack else None
        element = _made(parent, tag, local, "unknown")
        if parent is None:
            self._vocabulary = Vocabulary(frozenset((space, default)))
        for name, value in given.items():
            space, _, local = name.rpartition(":")
            if _NAME_ALONE.fullmatch(local) and space != "xmlns":
                with contextlib.suppress(ValueError):  # a namespace that is none
                    element.set(f"{{{self._space(space)}}}{local}" if space else local, _FORBIDDEN.sub("", value))
        return element

    def _space(self, prefix: str) -> str:
        declared = self._prefixes.get(prefix)
        usual = USUAL.get(prefix.lower())
        if declared is None and prefix != "xml":
            self._repairs["namespaces"] = None
        if usual is not None and (declared is None or module_of(declared) is None):
            return usual
        return declared or f"urn:prefix:{prefix}"

    def _pop(self) -> None:
        self._stack.pop().close()

    def _close_to(self, depth: int) -> None:
        """Close the innermost elements; the root stays open, for what comes after its end."""
        while len(self._stack) > max(depth, 1):
            if not self._stack[-1].is_frame:
                self._repairs["markup"] = None
            self._pop()

    def _end(self, name: str) -> None:
        """Close an element and what is open inside, but nothing beyond the frame that the end tag stands in."""
        local = _local(name)
        for depth in range(len(self._stack) - 1, 0, -1):
            one = self._stack[depth]
            if one.name == name or (local in _ENTRIES and _local(one.name) in _ENTRIES):
                self._close_to(depth + 1)
                self._pop()
                return
            if one.is_frame and local not in _FRAMES:
                break
        if local in _FRAMES and name == self._stack[0].name:
            self._close_to(1)
            self._ended = True
        else:
            self._repairs["markup"] = None

    # ---- fields

    def _field(self, element: etree._Element, name: str, role: Role, start: int) -> int:
        """Take the content of a field that begins here; return where it ends."""
        end, go_on = self._extents.field(name, start)
        value, naked = self._content(name, start, end)
        if end == go_on:
            self._repairs["markup"] = None
        if end == len(self._text):
            self._repairs["truncated"] = None
            value = _CUT.sub("", value) if role in TEXTUAL else ""  # half an address is another one's
        if naked:
            element.set("type", "html")
        self._stack[-1].text = [value]
        self._pop()
        return go_on

    def _content(self, name: str, start: int, end: int) -> tuple[str, bool]:
        """Return a field's content, and whether tags stood in it that were not escaped."""
        parts, at, naked = [], start, False
        while at < end:
            section = self._extents.first_section(at, end)
            place = section[1] if section else end
            part = self._text[at:place]
            naked = naked or ("<" in part and _ANY_TAG.search(part) is not None)
            if "&" in part and "entities" not in self._repairs and _ODD_REFERENCE.search(part):
                self._repairs["entities"] = None
            parts.append(character_data(part.removesuffix("]]>")))  # of a section whose beginning is missing
            if section is None:
                break
            opening = section[0]
            at = min(self._extents.section_end(opening, place, name) or place + len(opening), end)
            if opening == SECTION and at > place + 9:
                parts.append(self._text[place + 9 : at - 3])
        return "".join(parts), naked


def _made(parent: etree._Element | None, *tags: str) -> etree._Element:
    """Return a new element with the first of these tags that is one: namespaces and names may be damaged."""
    for tag in tags:
        with contextlib.suppress(ValueError):
            return etree.Element(tag) if parent is None else etree.SubElement(parent, tag)
    raise AssertionError(tags)


def _local(name: str) -> str:
    return name.rpartition(":")[2]
