"""Markdown → plain text, and the front matter at its head → fields. Runs in workers: strangers may write both."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import yaml

from briefs.errors import Unreadable
from briefs.ingest.raw import Extract
from briefs.text.dates import find_date

_LONGEST = 16_384  # characters of a front matter
_LINES = 200  # among which it ends
_DEEPEST = 8  # lists and mappings in one another


def front_matter(text: str, address: str) -> Extract:
    """Return what the YAML block between two `---` lines at the head of a text says, and the text below.

    Keys: title, date or published, author, source, language or lang; others are passed over. Values are taken as they
    are written, whatever they stand for in YAML; aliases are no part of it. A head that is no YAML mapping is text like
    the rest. Raises Unreadable where the block breaks the rules of YAML, or nothing follows it.
    """
    lines = text.split("\n")
    ends = [n for n, line in enumerate(lines[1:_LINES], start=1) if line.rstrip() in ("---", "...")]
    if lines[0].rstrip() != "---" or not ends:
        return Extract("", text)
    fields = _fields("\n".join(lines[1 : ends[0]])[:_LONGEST], address)
    if fields is None:
        return Extract("", text)
    rest = "\n".join(lines[ends[0] + 1 :]).strip()
    if not rest:
        raise Unreadable("{address}: there is no text after the front matter; add it below", address=address)
    return Extract(
        _line(fields.get("title")) or "",
        rest,
        published=_moment(fields.get("published") or fields.get("date")),
        author=_line(fields.get("author")),
        source=_line(fields.get("source")),
        language=_line(fields.get("language") or fields.get("lang")),
    )


class _Plain(yaml.BaseLoader):
    """Gives every value as the text that is written; what costs more than its length is an error."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent) or self._depth > _DEEPEST:
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="an alias, or too deep", problem_mark=event.start_mark)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def _fields(block: str, address: str) -> Mapping[str, object] | None:
    try:
        fields = yaml.load(block, Loader=_Plain)  # noqa: S506 - it makes nothing but texts, lists and mappings
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise Unreadable(
            "{address}: the front matter is not valid YAML near line {line}; quote values that hold a colon",
            address=address,
            line=mark.line + 2 if mark else 2,
        ) from error
    return fields if isinstance(fields, dict) else None


def _line(value: object) -> str | None:
    """Return a text as one line; a list of them joined by commas."""
    if isinstance(value, list):
        value = ", ".join(part for part in value if isinstance(part, str))
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _moment(value: object) -> datetime | None:
    """Return an ISO date, or a day in words; without a zone it is taken as UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return find_date(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# ---------------------------------------------------------------- text


# Each takes time in proportion to the text, whatever stands in it: what is repeated is never given back.
_LABEL, _ADDRESS = r"\[([^\[\]\n]*+)\]", r"\((?>(?:[^()\n]++|\([^()\n]*+\))*)\)"
_MARKUP = (
    (re.compile("!" + _LABEL + _ADDRESS), ""),  # pictures
    (re.compile(_LABEL + _ADDRESS), r"\1"),  # links
    (re.compile(r"^>\s?", re.MULTILINE), ""),
    (re.compile(r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]{1,1000})(?<=\S)\1(?![\w*])"), r"\2"),
    (re.compile(r"(?<![\w_])(_{1,2})(?=\S)([^_\n]{1,1000})(?<=\S)\1(?![\w_])"), r"\2"),
    (re.compile(r"^(?>(?:[-*_][^\S\n]?){3,})$|^```.*$", re.MULTILINE), ""),
)
_HEADING = re.compile(r"^#{1,6}[^\S\n]++(.*)$", re.MULTILINE)


def plain_markdown(text: str) -> str:
    """Markdown as a reader sees it: headings as lines, links and emphasis as their words, no pictures."""
    text = _HEADING.sub(_heading, _without_comments(text))
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return text


def _heading(found: re.Match[str]) -> str:
    """Let a heading stand alone."""
    return f"\n{found[1].rstrip().rstrip('#').rstrip()}\n"


def _without_comments(text: str) -> str:
    kept, place = [], 0
    while (start := text.find("<!--", place)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[place:start])
        place = end + 3
    return "".join((*kept, text[place:]))
