"""Which articles a look-up may find at all: as SQL over the table of articles."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, String, TextClause, bindparam, text

from briefs.index.seen import Seen, condition
from briefs.text.packed import Candidate, pack

Terms: TypeAlias = tuple[str, ...]
RANKED = ", ".join(f'"{field.name}"' for field in fields(Candidate))  # columns of the table of articles
Words: TypeAlias = Sequence[Collection[Terms]]  # of each word: sequences of terms, any of which will do


@dataclass(frozen=True, slots=True)
class Within:
    """Limits; the default has none.

    every, none, in_title: words that an article has, has not, and has in its title. sources: as articles have them, of
    which one whose article has none may be another; not_sources: the same. since, before: milliseconds since 1970; an
    article is of the day that it states, or of the day it came in where that was earlier. seen: numbers of sources, one
    of which an article has that any is known of; None: every article is seen.
    """

    first_row: int = 0
    languages: Sequence[str] | None = None
    every: Words = ()
    none: Words = ()
    in_title: Words = ()
    sources: Sequence[str] | None = None
    not_sources: Sequence[str] = ()
    since: int | None = None
    before: int | None = None
    seen: Seen = None

    @property
    def has_limits(self) -> bool:
        """Whether there are any but of the row, the language and what is seen."""
        return self != Within(self.first_row, self.languages, seen=self.seen)

    def has_words_of(self, article: Candidate) -> bool:
        """Whether an article is within the limits of words."""
        text = article.title_terms + article.body_terms
        return (
            all(_any(word, text) for word in self.every)
            and not any(_any(word, text) for word in self.none)
            and all(_any(word, article.title_terms) for word in self.in_title)
        )

    def conditions(self, dialect: str) -> dict[str, dict[str, Any]]:
        """Return conditions on a row of the table of articles, each with its values."""
        return self.sees(dialect, 'article."row"') | dict(self.of_its_row())

    def sees(self, dialect: str, row: str) -> dict[str, dict[str, Any]]:
        """Return the condition that an article is seen, where there is one; row: how the statement says which it is."""
        return {} if self.seen is None else dict([condition(dialect, self.seen, row)])

    def of_its_row(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the conditions that the row of an article tells."""
        if self.languages:
            yield "language IN :languages", {"languages": list(self.languages)}
        if self.sources is not None:
            yield "(source IN :sources OR source IS NULL)", {"sources": list(self.sources)}
        if self.not_sources:
            yield "(source NOT IN :not_sources OR source IS NULL)", {"not_sources": list(self.not_sources)}
        if self.since is not None:
            since = "(published_at IS NULL OR published_at >= :since) AND seen_at >= :since"
            yield since, {"since": self.since}
        if self.before is not None:
            yield "(published_at < :before OR seen_at < :before)", {"before": self.before}


def _any(word: Collection[Terms], packed: str) -> bool:
    return any(pack(terms) in packed for terms in word)


def prepared(sql: str, values: dict[str, Any]) -> TextClause:
    """Return a statement in which each value that is a list may have any length; an empty one is of strings."""
    lists = {name: value for name, value in values.items() if isinstance(value, list) and f"IN :{name}" in sql}
    numbers = {name for name, value in lists.items() if value and isinstance(value[0], int)}
    types = {name: BigInteger() if name in numbers else String() for name in lists}
    return text(sql).bindparams(*(bindparam(name, expanding=True, type_=kind) for name, kind in types.items()))
