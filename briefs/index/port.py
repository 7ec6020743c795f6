"""What the archive asks of a search engine. It finds articles and counts words; it does not rank for the reader.

A `SearchIndex` is two things, seen on one snapshot of the database (`on`): a `Finder`, which tells articles by their
row, those of a look-up with what ranking needs of them as the database has it, and a `Lexicon`, which tells how common
words are. Both know the terms that the analyser made (see `text.terms`), as they are.

An engine inside the database works in the transaction of the connection it is given. So an article is stored and
indexed in one commit, is found by the next look-up, and is not found once it is gone.

An engine outside of it cannot promise that. It promises instead:

- Triggers write down what it is owed, in the transaction that stores or changes it (`index_owed`); somebody brings
  that to the engine later, in the order of the rows, and as often as it takes.
- It keeps the numbers of the sources of these rows (`Articles.sources_of`), for what a reader sees: `Within.seen`. An
  engine inside the database asks its table `article_source`.
- `Finder.through` is its watermark: every row up to there is found. Callers read what is newer from the database.
- It may name rows that are gone, or whose words have changed since: callers leave these out, or find it by reading.
- Its lexicon may be that of the database.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

from briefs.index.seen import Seen
from briefs.index.within import Terms, Within, Words
from briefs.text.packed import Candidate

CANDIDATES = 100  # reranking more changes no figure: docs/quality-notebook.md
_SHORT = 16  # words. Many articles have a part of a longer text, and what an index knows orders these less well
EVERYTHING = 2**63 - 1  # as a watermark: no row is beyond it


def most_candidates(words: Words, least: int = CANDIDATES) -> int:
    """Return how many articles are handed on that have some of the words: more of a long text."""
    return round(least * max(1.0, len(words) / _SHORT))


class Frequency(NamedTuple):
    """How common a sequence of terms is: in how many articles, and how often in all."""

    articles: int
    occurrences: int


class Totals(NamedTuple):
    """How large the archive is: articles, the sum of their lengths, and a number that rises when they change."""

    articles: int
    terms: int
    changes: int


class Finder(Protocol):
    """Finds rows of one snapshot."""

    @property
    def through(self) -> int:
        """Return the row up to which every article is found; EVERYTHING where none is missing."""

    @property
    def after(self) -> int:
        """Return the row behind which articles were looked for, once they were; 0 where all were."""

    def candidates(self, words: Words, within: Within) -> list[Candidate]:
        """Return the likeliest articles that have some of the words, `most_candidates` or so; without any, the newest.

        Those with the largest rows come first.

        A word that many articles have may be passed over where a rarer one is given. Words that no article has count
        for nothing; nothing is found when there are no others.
        """

    def rows_with_all(
        self, words: Words, *, after: int = 0, through: int | None = None, newest: int | None = None, seen: Seen = None
    ) -> list[int]:
        """Return the rows with after < row <= through that have every word, rising; none without words.

        newest: only so many, those with the largest numbers. seen: as `Within` has it.
        """

    def newest_of_each(self, words: Words, most: int, seen: Seen = None) -> list[list[int]]:
        """Return for each word the rows with the largest numbers that have it, so many at most.

        Of a word that many articles have, it may be those of the newest part of the archive only.
        """


class Lexicon(Protocol):
    """Knows the words of one snapshot. Each method is one question to the engine, however much it is asked."""

    @property
    def totals(self) -> Totals:
        """Return how large the archive is."""

    def frequencies(self, many: Iterable[Terms]) -> Mapping[Terms, Frequency]:
        """Return how common each sequence of terms is.

        What some article has may be told as it was a while ago: see `lexicon.TOLERANCE`. What none has is so.
        """

    def known(self, terms: Iterable[str]) -> Mapping[str, int]:
        """Return which of the terms some article has, and how many have it."""

    def vocabularies(self, prefixes: Sequence[str], limit: int) -> list[list[str]]:
        """Return for each prefix terms of the archive that begin so, so many at most, the commonest first.

        Of a large archive it may be those of its newest articles, and how common they are there.
        """


class SearchIndex(Protocol):
    """A search engine. Usable from several threads."""

    def on(self, connection: Connection) -> tuple[Finder, Lexicon]:
        """Return what is seen on the snapshot of a connection, as long as that is open."""
