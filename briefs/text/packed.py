"""The terms of a text in one string, in which counting a term, or a sequence of terms, is one substring search.

    pack(["open", "link"])  →  " open  link "

Each term has a space of its own on both sides, so neighbours never share one, and full-text indexes read the string as
it is.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from briefs.languages import LANGUAGES
from briefs.text.terms import terms

TITLE = 3  # times a title's terms count: +.4 nDCG@10, see docs/quality-notebook.md


@dataclass(frozen=True, slots=True)
class Candidate:
    """What ranking needs of an article: its terms, packed, and where and when it stands.

    published_at, seen_at: milliseconds since 1970. length: see `length_of`.
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


def length_of(title_terms: Sequence[str], body_terms: Sequence[str], language: str | None) -> int:
    """Return how long an article is for BM25: its terms, TITLE times those of the title, stop words left out.

    Stop words are not looked for, and an article with many of them does not say more: +.3 nDCG@10 (see
    docs/quality-notebook.md).
    """
    stop = _stop_terms(language) if language in LANGUAGES else frozenset()
    in_title, in_body = (len(some) - sum(map(stop.__contains__, some)) for some in (title_terms, body_terms))
    return TITLE * in_title + in_body


@functools.cache
def _stop_terms(language: str) -> frozenset[str]:
    made = (terms(word, language) for word in LANGUAGES[language].core_stop_words)
    return frozenset(of_word[0] for of_word in made if len(of_word) == 1)


def unpack(packed: str) -> list[str]:
    """Return the terms of a packed string, in order."""
    return packed.split()
