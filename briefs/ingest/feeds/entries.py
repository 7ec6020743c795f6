"""The tree of a feed → what it says of itself, and of each entry."""

import base64
import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree  # type: ignore[import-untyped]

from briefs.ingest.feeds.lifting import Lifted
from briefs.ingest.feeds.markup import letters, plain
from briefs.ingest.feeds.model import Body, Kind, Rhythm
from briefs.ingest.feeds.vocabulary import RDF, XML, Role, Vocabulary
from briefs.ingest.feeds.xml import Tree

_BASE, _LANG, _ABOUT = f"{{{XML}}}base", f"{{{XML}}}lang", f"{{{RDF}}}about"
_MAILBOX = re.compile(r"[^\s@<>]+@[^\s@<>]+\s*\((.+)\)|(.+?)\s*<[^\s@<>]+@[^\s@<>]+>")
_BAD_IN_ADDRESS = re.compile(r"[\x00-\x1f\x7f]")
_ABSOLUTE = re.compile(r"https?://[\w.\-]+(?::\d{1,4})?/(?:[\w./?=%~#+,:@!\-]|&(?!amp;))*", re.ASCII)
_BROKEN_LINE = re.compile(r"\s*[\r\n]\s*")
_LONGEST_ADDRESS = 4_000  # characters
_DATES: tuple[Role, ...] = ("published", "updated")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 24 * 7, "monthly": 24 * 30, "yearly": 24 * 365}

Found = dict[Role, list[tuple[int, etree._Element]]]


class Draft(NamedTuple):
    """An entry as its format states it. body: its text as written. guid, dates: as written; dates best first."""

    title: str
    body: Body
    url: str | None = None
    guid: str | None = None
    dates: tuple[str, ...] = ()
    author: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """A feed as its format states it."""

    title: str
    page: str | None
    language: str | None
    drafts: tuple[Draft, ...]
    rhythm: Rhythm


def stated(tree: Tree, address: str) -> Stated:
    """Return what this tree says; address: where relative addresses start."""
    root = tree.root
    about = _channel(root)
    spaces = {etree.QName(one).namespace or "" for one in (root, about, *tree.entries[:1])}
    reader = _Reader(
        Vocabulary(frozenset(spaces)),
        address,
        tree.texts,
        atom=_local(about) in ("feed", "entry"),
    )
    found = reader.found(about) if about not in tree.entries else {}
    return Stated(
        title=reader.title(found),
        page=reader.link(about, found),
        language=reader.language(about, found) or reader.language(root, {}),
        drafts=tuple(reader.draft(entry) for entry in tree.entries),
        rhythm=_rhythm(found),
    )


def _channel(root: etree._Element) -> etree._Element:
    if _local(root) in ("rss", "rdf"):
        return next((child for child in root if _local(child) == "channel"), root)
    return root


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


class _Reader:
    """Reads the elements of one feed."""

    def __init__(self, vocabulary: Vocabulary, address: str, texts: Lifted, *, atom: bool) -> None:
        self._vocabulary = vocabulary
        self._address = address
        self._texts = texts
        self._atom = atom

    def found(self, parent: etree._Element) -> Found:
        """Return the children of an entry, or of a feed, by what they say, most believed first."""
        found: Found = {}
        several = False
        for child in parent:
            if word := self._vocabulary.word(child):
                role, rank = word
                if role == "media":
                    several = self._in_media(child, found) or several
                elif role in found:
                    found[role].append((rank, child))
                    several = True
                else:
                    found[role] = [(rank, child)]
        if several:
            for ones in found.values():
                ones.sort(key=lambda one: one[0])
        return found

    def _in_media(self, parent: etree._Element, found: Found) -> bool:
        """Add what stands deeper inside; tell whether something did."""
        inside = [(word, child) for child in parent.iterdescendants() if (word := self._vocabulary.word(child))]
        told = [(word, child) for word, child in inside if word.role in ("title", "summary")]
        for word, child in told:
            found.setdefault(word.role, []).append((word.rank + 1, child))
        return bool(told)

    def draft(self, entry: etree._Element) -> Draft:
        """Return an entry as it is stated."""
        found = self.found(entry)
        guid = _first(found, "id", _text) or entry.get(_ABOUT)
        return Draft(
            title=self.title(found),
            body=self._body(found),
            url=self.link(entry, found) or web_address(guid, ""),
            guid=guid,
            dates=self._dates(entry, found),
            author=_first(found, "author", _person) or None,
            language=self.language(entry, found),
        )

    def title(self, found: Found) -> str:
        """Return one line."""
        for _, one in found.get("title", ()):
            inside = self._inside(one)
            if title := plain(letters(inside.text), inside.kind):
                return title
        return ""

    def _body(self, found: Found) -> Body:
        """Return the content, else the summary; what is much longer is the content, whatever it is called."""
        content, summary = self._longest(found.get("content", ())), self._longest(found.get("summary", ()))
        if content.text.isspace():
            return summary
        return content if 2 * len(content.text) > len(summary.text) else summary

    def _longest(self, ones: Sequence[tuple[int, etree._Element]]) -> Body:
        """Return the longest text of those that are believed most."""
        if len(ones) == 1:
            return self._inside(ones[0][1])
        best, believed = Body(""), None
        for rank, one in ones:
            if best.text and rank != believed:
                break
            inside = self._inside(one)
            if len(inside.text) > len(best.text) and not inside.text.isspace():
                best, believed = inside, rank
        return best

    def _inside(self, element: etree._Element) -> Body:
        """Return the text of an element, with its tags where it has some."""
        text, kind, escaped = element.text or "", self._kind(element), False
        if len(element):
            if any(isinstance(child.tag, str) for child in element):
                # In RSS escaped and naked tags come together; where XHTML was meant text is text.
                text, kind = _with_tags(element, escaped=kind == "html" and element.get("type") is None), "html"
            else:
                text += "".join(child.tail or "" for child in element)
        if "\ue000" in text:
            text, escaped = self._texts.back(text)
        if self._atom and element.get("mode") == "base64":
            text = _unpacked(text)
        return Body(text, kind, escaped)

    def _kind(self, element: etree._Element) -> Kind:
        stated = element.get("type")
        if stated is None:
            return "unsaid" if self._atom else "html"
        said = stated.partition(";")[0].strip().lower()
        if said in ("text", "text/plain", "plain"):
            return "text"
        if said == "xhtml" or (said.endswith("xml") and element.get("mode") != "escaped"):
            return "text"  # where it has no elements
        return "html"

    def link(self, parent: etree._Element, found: Found) -> str | None:
        """Return the address of the page of an entry or a feed."""
        best: tuple[int, str] | None = None
        for rank, one in found.get("link", ()):
            href = _attribute(one, "href")
            if href is not None:
                rel = (_attribute(one, "rel") or "alternate").lower().rpartition("/")[2]
                if rel not in ("alternate", "", "bookmark", "permalink"):
                    continue
                kind = (_attribute(one, "type") or "html").lower()
                rank += 0 if "html" in kind else 1
            if best is None or rank < best[0]:
                address = self._address_of(href if href is not None else _text(one), one)
                best = (rank, address) if address else best
        if best:
            return best[1]
        href = _attribute(parent, "href")
        return self._address_of(href, parent) if href else web_address(parent.get(_ABOUT), "")

    def _address_of(self, named: str, element: etree._Element) -> str | None:
        return named if _ABSOLUTE.fullmatch(named) else web_address(named, self._base(element))

    def _base(self, element: etree._Element) -> str:
        named = [one.get(_BASE) for one in (element, *element.iterancestors()) if one.get(_BASE)]
        base = self._address
        for one in reversed(named[:10]):
            base = web_address(one, base) or base
        return base

    def _dates(self, entry: etree._Element, found: Found) -> tuple[str, ...]:
        dates = [_text(one) for role in _DATES for _, one in found.get(role, ())]
        return tuple(dates or (_attribute(entry, "lastmod") or "",))

    def language(self, element: etree._Element, found: Found) -> str | None:
        """Return the language that an element names."""
        named = element.get(_LANG) or _first(found, "language", _text)
        return language(named) if named else None


def _first(found: Found, role: Role, read: Callable[[etree._Element], str]) -> str:
    for _, one in found.get(role, ()):
        if text := read(one):
            return text
    return ""


def language(named: object) -> str | None:
    """Return the ISO 639-1 code of a language tag."""
    code = named.strip().lower().replace("_", "-").partition("-")[0] if isinstance(named, str) else ""
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def _attribute(element: etree._Element, name: str) -> str | None:
    value: str | None = element.get(name) or element.get(name.upper())
    return value


def _text(element: etree._Element) -> str:
    text = element.text or ""
    if len(element):
        text = "".join(element.itertext(tag=("*",)))
    return text.strip()


def _person(element: etree._Element) -> str:
    name = next((child for child in element if _local(child) == "name"), None) if len(element) else None
    said = plain(letters(_text(element if name is None else name)))
    found = _MAILBOX.fullmatch(said) if "@" in said else None
    return (found[1] or found[2]).strip(" \"'") if found else said


def _with_tags(element: etree._Element, *, escaped: bool) -> str:
    """Return what stands in an element as HTML, tags without attributes. escaped: its texts are HTML too."""

    def text(given: str | None) -> str:
        return (given or "") if escaped else html.escape(given or "", quote=False)

    parts = [text(element.text)]
    for event, one in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if one is element:
            continue
        name = one.tag.rpartition("}")[2] if isinstance(one.tag, str) else None
        if event == "start" and name:
            parts += (f"<{name}>", text(one.text))
        elif name:
            parts += (f"</{name}>", text(one.tail))
        else:
            parts.append(text(one.tail))
    return "".join(parts)


def _unpacked(text: str) -> str:
    try:
        return base64.b64decode(text).decode("utf-8", "replace")
    except ValueError:
        return ""


def web_address(named: object, base: str) -> str | None:
    """Return an http(s) address, made absolute and without blanks; None where this is none."""
    if not isinstance(named, str) or not (named := named.strip()[:_LONGEST_ADDRESS]):
        return None
    named = _BAD_IN_ADDRESS.sub("", _BROKEN_LINE.sub("", named)).replace("&amp;", "&").replace(" ", "%20")
    if named.startswith("www.") and base:
        named = "//" + named
    try:
        address = urljoin(base, named)
        parts = urlsplit(address)
        _ = parts.port  # read now: where it is no number, that is told only here
        return address if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None  # not an address, whatever it is


def _rhythm(found: Found) -> Rhythm:
    hours = _number(found, "ttl") / 60
    period = _first(found, "period", _text).lower()
    if period in _PERIODS:
        hours = max(hours, _PERIODS[period] / (_number(found, "frequency") or 1))
    skipped = [_text(hour) for _, one in found.get("skiphours", ()) for hour in one]
    days = [_text(day).lower() for _, one in found.get("skipdays", ()) for day in one]
    return Rhythm(
        every=timedelta(hours=hours) if hours else None,
        skip_hours=frozenset(int(hour) % 24 for hour in skipped if hour.isdecimal() and int(hour[:3]) <= 24),
        skip_days=frozenset(_DAYS.index(day) for day in days if day in _DAYS),
    )


def _number(found: Found, role: Role) -> int:
    text = _first(found, role, _text)
    return int(text) if text.isdecimal() and len(text) < 7 else 0
