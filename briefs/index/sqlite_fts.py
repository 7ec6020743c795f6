"""The full-text index of SQLite: FTS5, over the terms that the analyser made.

Triggers file an article's words in the transaction that stores it, and take them out in the one that deletes it. FTS5's
own bm25() only chooses which candidates to hand on, and asks the rarest words alone: it reads all that is written of a
word, for each. Which of these articles have the commoner words is found by going through both at once, which costs a
tenth of that.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from itertools import chain
from typing import Any

from sqlalchemy import Connection

from briefs.index.lexicon import FrequencyCache, SqlLexicon
from briefs.index.port import EVERYTHING, SearchIndex, most_candidates
from briefs.index.seen import Seen, condition
from briefs.index.within import RANKED, Terms, Within, Words, prepared
from briefs.text.packed import TITLE, Candidate, unpack

# Articles, those with the rarest words. Twice as many take 2.8 ms more of look-ups among a million articles, and agree
# with exact BM25 on .993 where these do on .982.
WEIGHED = 5_000
NEWEST = 10_000  # of a word that more have, as the rarest: these are weighed
_BESIDE = 8  # commoner words are looked for in them
# Of an archive of so many articles, terms of which a large share of the newest LATEST has each are counted in so many
# stretches of so many rows: some twentieth more or less, which moves an idf by .05.
SAMPLED_FROM, LATEST, STRETCHES, STRETCH = 100_000, 100, 8, 2_500
_SHARE, _LEAST_SHARE = 0.05, 0.02  # of these; and of the rows in the stretches: what fewer have is quickly counted
# Through JSON: a long query has more terms than a statement may have parameters.
_TERMS = "SELECT term, doc, cnt FROM article_words WHERE term IN (SELECT value FROM json_each(?))"
_SEQUENCES = """
    SELECT (SELECT count(*) FROM article_index WHERE article_index MATCH phrase.value)
    FROM json_each(?) AS phrase ORDER BY phrase.key
"""


_ROWS = "SELECT (SELECT min(row) FROM article), (SELECT max(row) FROM article)"  # both at once would read all
_NEWEST = f"SELECT title_terms || body_terms FROM article ORDER BY row DESC LIMIT {LATEST}"  # noqa: S608  # a number
# Where terms are listed: of each article as much as a long report has, lest many are books.
_BEGINNINGS = "SELECT substr(title_terms || body_terms, 1, 20000) FROM article ORDER BY row DESC LIMIT 2000"
_MANY = 16  # terms of these that begin so: no others are listed
# How many rows of each stretch have each term, together.
_IN_STRETCHES = """
    SELECT term.value, sum((SELECT count(*) FROM article_index
        WHERE article_index MATCH '"' || term.value || '"' AND rowid > begin.value AND rowid <= begin.value + :rows))
    FROM json_each(:terms) AS term, json_each(:begins) AS begin GROUP BY term.key
"""


class Fts5Index(SearchIndex):
    """`SearchIndex` over SQLite's FTS5."""

    def __init__(self) -> None:
        self._memory = FrequencyCache()

    def on(self, connection: Connection) -> tuple[Fts5Finder, Fts5Lexicon]:
        """Return what is seen on the snapshot of a connection."""
        lexicon = Fts5Lexicon(connection, self._memory)
        return Fts5Finder(connection, lexicon), lexicon


class Fts5Lexicon(SqlLexicon):
    """`Lexicon` over FTS5's own vocabulary."""

    def _count_terms(self, terms: Sequence[str]) -> Iterable[Sequence[Any]]:
        told = {} if self.totals.articles < SAMPLED_FROM else self._sampled(terms)
        yield from ((term, doc, _occurrences(doc, self.totals.articles)) for term, doc in told.items())
        counted = [term for term in terms if term not in told]
        yield from self.connection.exec_driver_sql(_TERMS, (json.dumps(counted),))

    def _sampled(self, terms: Sequence[str]) -> Mapping[str, int]:
        """Return about how many articles have each term that a good part of them has.

        To count one is to read all that the index has of it. So it is counted in some stretches of rows, from the
        oldest to the newest, since what is in the news today was not a year ago.
        """
        first, last = self.connection.exec_driver_sql(_ROWS).one()
        step = (last - first) / STRETCHES
        begins = [round(first - 1 + n * step) for n in range(STRETCHES)]
        usual = [term for term in terms if term in self._usual()]
        asked = {"terms": json.dumps(usual), "begins": json.dumps(begins), "rows": STRETCH}
        return {
            term: min(round(rows * step / STRETCH), self.totals.articles)
            for term, rows in self.connection.exec_driver_sql(_IN_STRETCHES, asked)
            if rows >= _LEAST_SHARE * STRETCHES * STRETCH
        }

    def _usual(self) -> Set[str]:
        """Return the terms that a large share of the newest articles has, or had a while ago."""
        return self._memory.for_a_while("usual", self.totals, lambda: _usual(self.connection.exec_driver_sql(_NEWEST)))

    def _count_sequences(self, many: Sequence[Terms]) -> Iterable[tuple[Terms, int]]:
        counts = self.connection.exec_driver_sql(_SEQUENCES, (json.dumps([*map(_phrase, many)]),)).scalars()
        return zip(many, counts, strict=True)

    def vocabularies(self, prefixes: Sequence[str], limit: int) -> list[list[str]]:
        """Return for each prefix terms of the archive that begin so; of a large one, those of its newest articles.

        To list a term is to read all that the index has of it, so the newest articles are read in place of it; where
        hardly any of their terms begin so, all that do are rare, and quickly listed.
        """
        latest = self._latest(prefixes) if prefixes and self.totals.articles >= SAMPLED_FROM else {}
        listed = ((prefix, latest.get(prefix, [])) for prefix in prefixes)
        return [terms[:limit] if len(terms) >= _MANY else self._all(prefix, limit) for prefix, terms in listed]

    def _all(self, prefix: str, limit: int) -> list[str]:
        begun = "SELECT * FROM article_words WHERE term >= ? AND term < ? ORDER BY term LIMIT ?"
        asked = f"SELECT term FROM ({begun}) ORDER BY doc DESC, term"  # noqa: S608  # bound values
        return [*self.connection.exec_driver_sql(asked, (prefix, prefix + chr(0x10FFFF), limit)).scalars()]

    def _latest(self, prefixes: Sequence[str]) -> Mapping[str, list[str]]:
        """Return for each prefix the terms of the newest articles that begin so, the commonest first."""
        begun = re.compile(f" ((?:{'|'.join(map(re.escape, prefixes))})[^ ]*)")
        articles = self.connection.exec_driver_sql(_BEGINNINGS).scalars()
        terms = [term for term, _ in Counter(chain.from_iterable(map(begun.findall, articles))).most_common()]
        return {prefix: [term for term in terms if term.startswith(prefix)] for prefix in prefixes}


class Fts5Finder:
    """`Finder` over FTS5."""

    through, after = EVERYTHING, 0

    def __init__(self, connection: Connection, lexicon: Fts5Lexicon) -> None:
        self._connection = connection
        self._lexicon = lexicon

    def candidates(self, words: Words, within: Within) -> list[Candidate]:
        """Return the likeliest articles that have some of the words; the newest where no word is given."""
        rare, others = self._lexicon.rarest(words, WEIGHED)
        if (words and not rare) or not all((*within.every, *within.in_title)):
            return []
        found = self._likeliest(rare, others, within)
        return found if found or not others else self.candidates(others, within)

    def _likeliest(self, rare: Words, others: Words, within: Within) -> list[Candidate]:
        conditions = dict(within.of_its_row())
        sees = within.sees("sqlite", "article_index.rowid")
        values: dict[str, Any] = {"first": within.first_row, "limit": most_candidates([*rare, *others])}
        for needed in (conditions | sees).values():
            values |= needed
        if match := _match(rare, within):
            found = " AND ".join(("FROM article_index WHERE article_index MATCH :match AND rowid >= :first", *sees))
            if conditions:
                found += f" AND rowid IN (SELECT row FROM article WHERE {' AND '.join(conditions)})"  # noqa: S608  # bound
            values |= {"match": match, "title": TITLE}
            if rare and self._lexicon.articles_with(rare[0]) > NEWEST:
                least = f"SELECT rowid {found} ORDER BY rowid DESC LIMIT 1 OFFSET {NEWEST}"
                values["first"] = self._connection.execute(prepared(least, values), values).scalar() or within.first_row
            rows = _best(found, len(others[:_BESIDE]))
            for n, word in enumerate(others[:_BESIDE]):
                values |= {f"tells{n}": self._lexicon.tells(word), f"with{n}": _every(([*chain(*rare)], word))}
        else:
            everything = " AND ".join(("row >= :first", *within.conditions("sqlite")))
            rows = f"SELECT row FROM article WHERE {everything} ORDER BY row DESC LIMIT :limit"  # noqa: S608  # bound
        sql = f"SELECT {RANKED} FROM article WHERE row IN ({rows}) ORDER BY row DESC"  # noqa: S608  # bound values
        return [Candidate(*columns) for columns in self._connection.execute(prepared(sql, values), values)]

    def rows_with_all(
        self, words: Words, *, after: int = 0, through: int | None = None, newest: int | None = None, seen: Seen = None
    ) -> list[int]:
        """Return the rows with after < row <= through that have every word, rising."""
        if not words or not all(words):
            return []
        sees, needed = ("true", {}) if seen is None else condition("sqlite", seen, "article_index.rowid")
        found = (
            "SELECT rowid FROM article_index WHERE article_index MATCH :match AND rowid > :after AND rowid <= :through"
        )
        sql = f"{found} AND {sees} ORDER BY rowid DESC LIMIT :newest"
        values = {"match": _every(words), "after": after, "through": EVERYTHING if through is None else through}
        rows = self._connection.exec_driver_sql(sql, values | needed | {"newest": -1 if newest is None else newest})
        return [*rows.scalars()][::-1]

    def newest_of_each(self, words: Words, most: int, seen: Seen = None) -> list[list[int]]:
        """Return for each word the rows with the largest numbers that have it, so many at most."""
        return [self.rows_with_all([word], newest=most, seen=seen) for word in words]


def _best(found: str, others: int) -> str:
    """Write what gives the best of the articles that a statement finds, some words that others have told in."""
    if not others:
        return f"SELECT rowid {found} ORDER BY bm25(article_index, :title, 1), rowid DESC LIMIT :limit"
    each = f"SELECT rowid, -bm25(article_index, :title, 1) AS tells, true AS own {found}"
    for n in range(others):
        having = f"FROM article_index WHERE article_index MATCH :with{n} AND rowid >= :first"
        each += f" UNION ALL SELECT rowid, :tells{n}, false {having}"
    best = "GROUP BY rowid HAVING max(own) ORDER BY sum(tells) DESC, rowid DESC LIMIT :limit"
    return f"SELECT rowid FROM ({each}) {best}"  # noqa: S608  # bound values


def _usual(articles: Iterable[Sequence[str]]) -> Set[str]:
    having = Counter(chain.from_iterable({*unpack(terms)} for (terms,) in articles))
    return {term for term, times in having.items() if times >= _SHARE * LATEST}


def _occurrences(having: int, articles: int) -> int:
    """Return about how often a term stands, if it falls on articles by chance."""
    return round(-articles * math.log(max(1 - having / articles, 1 / articles)))


def _match(words: Words, within: Within) -> str:
    """Write what the full-text index is asked for; "" for nothing."""
    parts = [f"({' OR '.join(map(_any_of, words))})"] if words else []
    parts += [_every(within.every)] if within.every else []
    parts += [f"title_terms : ({_any_of(word)})" for word in within.in_title]
    without = f" NOT ({' OR '.join(map(_any_of, within.none))})" if within.none and parts else ""
    return " AND ".join(parts) if not without else f"({' AND '.join(parts)}){without}"


def _every(words: Words) -> str:
    return " AND ".join(f"({_any_of(word)})" for word in words)


def _any_of(word: Collection[Terms]) -> str:
    return " OR ".join(map(_phrase, word))


def _phrase(terms: Terms) -> str:
    """Quote the terms; they have letters and digits only, so nothing in them can end the quotation."""
    return f'"{" ".join(terms)}"'
