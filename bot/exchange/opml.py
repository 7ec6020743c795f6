"""Feeds as OPML, as other readers of feeds write it, and back.

    text | tags of outlines, one by one | address, name, folders → section | entries, and what is wrong with the others

Such files are seldom well-formed: addresses have bare ampersands, names have signs that XML forbids, tags are cut off.
So the tags are read one by one, and one that cannot be read costs itself.
"""

import html
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.exchange.records import SourceRecord
from briefs.errors import ConfigError
from briefs.ingest.addresses import canonical
from briefs.ingest.charset import decode
from briefs.ingest.readers.fields import web_address
from briefs.languages import SERVED
from briefs.masking import masked
from briefs.models import Source

APART = " / "  # between the names of folders that lie in each other
_SECTION = 100  # characters
_BEGIN = re.compile(r"<(?P<end>/?)outline\b", re.IGNORECASE)
# A value may hold a bare < or >, but no other outline: there, its closing quotation mark is missing.
_QUOTED = r"\"(?>(?:[^\"<]|<(?!/?outline\b))*)\"|'(?>(?:[^'<]|<(?!/?outline\b))*)'"
_REST = re.compile(rf"(?>(?:[^<>\"']|{_QUOTED})*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rf"([\w:.-]+)\s*=\s*({_QUOTED})", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\w{1,8}|\w{1,32});")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)
_FIRST = re.compile(r"<\s*([a-z][\w:.-]*)", re.IGNORECASE)
_FEED_SCHEME = re.compile(r"^feed:(?://)?(?=https?:)|^feed:(?=//)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an outline; line: of the file, from 1."""

    line: int
    says: str


@dataclass(frozen=True, slots=True)
class Outlines:
    """What an OPML file holds: feeds, each address once, and what had to be left. again: outlines of feeds before."""

    entries: tuple[SourceRecord, ...]
    problems: tuple[Problem, ...]
    again: int = 0


def read(body: bytes, name: str) -> Outlines:
    """Read the feeds of a file of this name; folders become sections. Raises ConfigError where it is no OPML at all."""
    declared = _DECLARED.match(body.lstrip())
    text = decode(body, declared[1].decode("ascii").lower() if declared else None)
    text = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text.replace("\r\n", "\n").replace("\r", "\n"))
    if "<!ENTITY" in text:
        raise ConfigError("{file}: it defines entities, which no list of feeds needs: leave them out", file=name)
    first = _FIRST.search(text)
    if first is None:
        raise ConfigError("{file}: this is not XML, and so no list of feeds", file=name)
    if first[1].lower() != "opml":
        raise ConfigError("{file}: this is not OPML: it begins with <{tag}>", file=name, tag=first[1])
    entries: dict[str, SourceRecord] = {}
    problems: list[Problem] = []
    again = 0
    for found in _outlines(text):
        if isinstance(found, Problem):
            problems.append(found)
        elif canonical(found.address) in entries:
            again += 1
        else:
            entries[canonical(found.address)] = found
    return Outlines(tuple(entries.values()), tuple(problems), again)


def _outlines(text: str) -> Iterator[SourceRecord | Problem]:
    folders: list[str] = []
    line, counted = 1, 0
    for begin in _BEGIN.finditer(text):
        line += text.count("\n", counted, begin.start())
        counted = begin.start()
        if begin["end"]:
            del folders[-1:]
            continue
        rest = _REST.match(text, begin.end())
        if rest is None:
            yield Problem(line, "this outline is cut off, or a quotation mark is missing in it")
            continue
        told = {name.lower(): _unescaped(value[1:-1]) for name, value in _ATTRIBUTE.findall(rest[0])}
        if told.get("xmlurl") is not None or told.get("type", "").lower() in ("rss", "atom"):
            yield _entry(told, folders, line)
        if not rest[0].endswith("/>"):
            folders.append(_name(told) or "")


def _entry(told: dict[str, str], folders: Iterable[str], line: int) -> SourceRecord | Problem:
    name, address = _name(told), _address(told.get("xmlurl", ""))
    called = f"“{masked(name)}”: " if name else ""
    if not address:
        return Problem(line, f"{called}it has no address (xmlUrl)")
    try:
        web_address(address)
    except ValueError as error:
        return Problem(line, f"{called}its address (xmlUrl) {error}")
    code = told.get("language", "").replace("_", "-").partition("-")[0].lower()
    return SourceRecord.model_validate(
        {
            "feed": address,
            "name": name if name != address else None,
            "language": code if code in SERVED else None,
            "section": APART.join(filter(None, folders))[:_SECTION] or None,
        }
    )


def _name(told: dict[str, str]) -> str | None:
    found = (" ".join(told.get(key, "").split()) for key in ("title", "text"))
    return next(filter(None, found), None)


def _address(written: str) -> str:
    """Return an address as it was meant: without line breaks, with %20 for a blank, http for "feed"."""
    whole = re.sub(r"[\t\n\r]+\s*", "", _unescaped(written)).strip().replace(" ", "%20")
    return _FEED_SCHEME.sub(lambda found: "" if whole[found.end() :][:4].lower() == "http" else "http:", whole)


def _unescaped(value: str) -> str:
    """Resolve references; one without its semicolon is none, but the next part of a query: &copy=1."""
    return _REFERENCE.sub(lambda found: html.unescape(found[0]), value)


def write(sources: Iterable[Source]) -> str:
    """Write the feeds among these sources as OPML 2.0, in folders by their sections."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "Briefbot"
    folders = {"": ElementTree.SubElement(root, "body")}
    for source in sources:
        if source.kind == "feed":
            address = masked(source.address)
            told = {"text": masked(source.name or address), "type": "rss", "xmlUrl": address}
            told |= {"language": source.language} if source.language else {}
            ElementTree.SubElement(_folder(folders, source.section or ""), "outline", told)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _folder(folders: dict[str, ElementTree.Element], section: str) -> ElementTree.Element:
    """Return the folder of a section, which is made where there is none."""
    if section not in folders:
        above, _, name = section.rpartition(APART)
        folders[section] = ElementTree.SubElement(_folder(folders, above), "outline", {"text": name})
    return folders[section]
