"""Where the parts of an ill-formed feed end: fields, CDATA sections and comments.

What holds a feed together are its entries: an entry begins at `<item` or `<entry` and ends, at the latest, where the
next one begins. A field ends at its own end tag within its entry or, where that is missing, at the next field or the
end of the entry. All places are found once, in time linear in the text, and looked up by halving.
"""

import re
from bisect import bisect_left
from collections import defaultdict

NAME = r"[A-Za-z_][\w.\-]*+(?>(?::[A-Za-z_][\w.\-]*+)?)"  # what does not fit is not tried twice
END = re.compile(rf"</\s*+({NAME})(?:[^<>]*+>|\s*+(?=<))")
_FRAME = r"(?!(?:content|media|itunes|podcast):)(?:[A-Za-z][\w.\-]*:)?(?:rss|rdf|feed|channel|entry|item)(?=[^\w.:\-])"
_BOUNDARY = re.compile(rf"</?{_FRAME}", re.IGNORECASE)
ROOT = re.compile(rf"<{_FRAME}", re.IGNORECASE)
_FIELD = re.compile(
    r"<(?:(?:dc|dcterms|content|media|itunes|atom|slash|wfw|thr|feedburner):\w+|title|link|guid|description|pubdate|id"
    r"|summary|content|updated|published|issued|modified|created|author|category|comments|enclosure|source)(?=[\s>/])",
    re.IGNORECASE,
)
SECTION, COMMENT = "<![CDATA[", "<!--"


class _Places:
    """Where something stands in a text, in order; asked for the first place from a position on."""

    def __init__(self, places: list[int]) -> None:
        self._places = places

    def first(self, start: int) -> int | None:
        at = bisect_left(self._places, start)
        return self._places[at] if at < len(self._places) else None

    def any_between(self, start: int, end: int) -> bool:
        first = self.first(start)
        return first is not None and first < end


def _places(text: str, what: str) -> _Places:
    return _Places([found.start() for found in re.finditer(re.escape(what), text)])


class Extents:
    """Where the parts of one text end."""

    def __init__(self, text: str) -> None:
        self._text = text
        ends: dict[str, list[int]] = defaultdict(list)
        for end in END.finditer(text):
            ends[end[1].lower()].append(end.start())
        self._ends = {name: _Places(places) for name, places in ends.items()}
        self._boundaries = _Places([found.start() for found in _BOUNDARY.finditer(text)])
        self._sections = {SECTION: _places(text, SECTION), COMMENT: _places(text, COMMENT)}
        self._closings = {SECTION: _places(text, "]]>"), COMMENT: _places(text, "-->")}
        self._unended: dict[str, int] = {}  # name → up to where it is known to have no end tag

    def has_end(self, name: str, start: int) -> bool:
        """Whether an element of this name that begins here ends within its entry."""
        end = self._ends[name].first(start) if name in self._ends else None
        boundary = self._boundaries.first(start)
        return end is not None and (boundary is None or end < boundary)

    def field(self, name: str, start: int) -> tuple[int, int]:
        """Return where a field's content ends, and where what follows begins; the same where it has no end tag."""
        ends = self._ends.get(name)
        if ends and self._unended.get(name, 0) <= start:
            end, boundary = self._own_end(name, ends, start)
            if end is not None:
                found = END.match(self._text, end)
                return end, found.end() if found else end
            self._unended[name] = boundary
        return (self._next_field(name, start),) * 2

    def _own_end(self, name: str, ends: _Places, start: int) -> tuple[int | None, int]:
        """Return where the end tag of a field stands, and the boundary that it was looked for up to."""
        at = start
        while True:
            end, boundary = ends.first(at), self._boundaries.first(at)
            limit = min(len(self._text) if one is None else one for one in (end, boundary))
            section = self.first_section(at, limit)
            if section is None:
                return (end if end == limit else None), limit
            opening, place = section
            at = self.section_end(opening, place, name) or place + len(opening)

    def first_section(self, start: int, limit: int) -> tuple[str, int] | None:
        """Return the first CDATA section or comment that begins in this stretch."""
        places = (
            (place, opening) for opening, all_ in self._sections.items() if (place := all_.first(start)) is not None
        )
        place, opening = min(places, default=(limit, ""))
        return (opening, place) if place < limit else None

    def section_end(self, opening: str, at: int, field: str = "") -> int | None:
        """Return where a section ends; None where its end is missing: the one found is another section's.

        field: the name of the one that it stands in.
        """
        inside = at + len(opening)
        closing = self._closings[opening].first(inside)
        if closing is None:
            return None
        other = self._sections[opening].first(inside)
        if other is not None and other < closing:
            ends = self._ends.get(field)
            if self._boundaries.any_between(inside, other) or (ends and ends.any_between(inside, other)):
                return None
        if opening == COMMENT and field and self._boundaries.any_between(inside, closing):
            return None
        return closing + 3

    def _next_field(self, name: str, start: int) -> int:
        """Return where the next field begins, or the entry ends."""
        at, place = start, -1
        while True:
            if place < at:
                boundary = self._boundaries.first(at)
                limit = len(self._text) if boundary is None else boundary
                found = _FIELD.search(self._text, at, limit)
                place = found.start() if found else limit
            section = self.first_section(at, place)
            if section is None:
                return place
            at = self.section_end(*section, name) or section[1] + len(section[0])
