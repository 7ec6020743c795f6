"""Terms of a text as one string, in which a term or a sequence of terms is counted by one search.

    pack(["open", "link"])  →  " open  link "

Each term has a space of its own on both sides, so neighbours never share one, and full-text indexes read the string as
it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

TITLE = 3  # times a title's terms count: +.4 nDCG@10, see docs/quality.md


@dataclass(frozen=True, slots=True)
class Candidate:
    """What ranking needs of an article: its terms, packed, and where and when it stands.

    published_at, seen_at: milliseconds since 1970. length: terms of the body and TITLE times those of the title.
    """

    row: int
    language: str
    published_at: int | None
    seen_at: int
    title_terms: str
    body_terms: str
    length: int

    def count(self, packed: str) -> int:
        """Count a packed sequence of terms, TITLE times where it stands in the title."""
        return TITLE * self.title_terms.count(packed) + self.body_terms.count(packed)


def pack(terms: Iterable[str]) -> str:
    """Return the terms as one string; "" for none."""
    joined = "  ".join(terms)
    return f" {joined} " if joined else ""


def unpack(packed: str) -> list[str]:
    """Return the terms of a packed string, in order."""
    return packed.split()
