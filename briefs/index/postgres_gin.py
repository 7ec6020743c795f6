"""The full-text index of PostgreSQL: a GIN index over the terms of each article, and a table that counts them.

It holds the very terms that the analyser made, so the same words are found as on SQLite. Triggers keep both in the
transaction that stores or deletes an article. Which candidates to hand on is told by how rare the words are that a row
has, and how long it is: that reads no text, however many rows there are.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from sqlalchemy import Connection, text

from briefs.index.lexicon import FrequencyCache, SqlLexicon
from briefs.index.port import EVERYTHING, Frequency, SearchIndex, most_candidates
from briefs.index.seen import Seen, condition
from briefs.index.within import RANKED, Terms, Within, Words, prepared
from briefs.text.packed import Candidate, pack
from briefs.text.terms import telling

_READ = 1_000  # articles, the newest, in which terms are looked for side by side: 20 µs each
_COUNTED = 50  # articles that have them so tell how many of the others do
_TELL = 4  # … if need be
_ENOUGH = 20  # … are enough to answer: older ones are not read for more
_WEIGHED = 5_000  # articles, those with the rarest words
_NEWEST = 10_000  # about so many are weighed of a word that more have, as the rarest
_BESIDE = 8  # commoner words are looked for in them
_CANDIDATES = 150  # how often a row has a word is told by reading it: half as many more as where the index knows
_K1, _B = 1.2, 0.65  # BM25, as `search.bm25` has them
_TERMS_OF_ROW = "article_terms(title_terms, body_terms)"
_TERMS = text("SELECT term, doc, cnt FROM article_words WHERE term = ANY(CAST(:terms AS text[])) AND doc > 0")
_VOCABULARIES = text("""
    SELECT place, term, doc, cnt
    FROM unnest(CAST(:prefixes AS text[])) WITH ORDINALITY AS given (prefix, place) CROSS JOIN LATERAL (
        SELECT * FROM article_words
        WHERE term >= prefix COLLATE "C" AND term < (prefix || :end) COLLATE "C" AND doc > 0
        ORDER BY doc DESC, term LIMIT :limit) AS begun
    ORDER BY place, doc DESC, term
""")
# Statements of look-ups hold how rare their words are now: each comes once, and 500 of them would be kept.
_ONCE: Mapping[str, Any] = {"compiled_cache": None}


class GinIndex(SearchIndex):
    """`SearchIndex` over PostgreSQL."""

    def __init__(self) -> None:
        self._memory = FrequencyCache()

    def on(self, connection: Connection) -> tuple[GinFinder, GinLexicon]:
        """Return what is seen on the snapshot of a connection."""
        lexicon = GinLexicon(connection, self._memory)
        return GinFinder(connection, lexicon), lexicon


class GinLexicon(SqlLexicon):
    """`Lexicon` over the table of words."""

    def _count_terms(self, terms: Sequence[str]) -> Iterable[Sequence[Any]]:
        return self.connection.execute(_TERMS, {"terms": list(terms)})

    def _count_sequences(self, many: Sequence[Terms]) -> Iterable[tuple[Terms, int]]:
        self.known(term for terms in many for term in telling(terms))
        have_each = {terms: self.with_each([terms]) for terms in many}
        yield from ((terms, having) for terms, having in have_each.items() if not having or _is_told(terms))
        if read := [terms for terms, having in have_each.items() if having and not _is_told(terms)]:
            conditions = _Conditions()
            each = [_counting(terms, conditions, have_each[terms], self.newest_row(have_each[terms])) for terms in read]
            sql = text(f"SELECT {', '.join(each)}")
            counts = self.connection.execute(sql, conditions.values, execution_options=_ONCE).one()
            yield from zip(read, counts, strict=True)

    def with_each(self, word: Collection[Terms]) -> int:
        """Return how many articles have all that tells the commonest form of a word, at most."""
        counts = self.known(term for terms in word for term in telling(terms))
        return max((min(counts.get(term, 0) for term in telling(terms)) for terms in word), default=0)

    def newest_row(self, having: int) -> int:
        """Return where those begin that are weighed, of so many articles that have something; 0: all are."""
        return self.row_behind(_NEWEST, having) if having > _NEWEST else 0

    def likely_with_all(self, words: Words, among: int) -> float:
        """Return how many of some articles have every word, if one is as likely in those that have another."""
        return among * math.prod(self.articles_with(word) / max(self.totals.articles, 1) for word in words)

    def may_be_apart(self, word: Collection[Terms]) -> bool:
        """Whether more articles have all terms of a word than are read for whether they stand side by side."""
        return not all(map(_is_told, word)) and self.with_each(word) > _READ

    def vocabularies(self, prefixes: Sequence[str], limit: int) -> list[list[str]]:
        """Return for each prefix the terms that begin so, those that most articles have."""
        wanted = {"prefixes": list(prefixes), "end": chr(0x10FFFF), "limit": limit}
        found: list[list[str]] = [[] for _ in prefixes]
        for place, term, *counts in self.connection.execute(_VOCABULARIES, wanted):
            found[place - 1].append(term)
            self._seen.setdefault((term,), Frequency(*counts))
        return found


def _counting(terms: Terms, conditions: _Conditions, having: int, first: int) -> str:
    """Write what counts the articles that have terms side by side; about, where many do.

    Of many that have the terms, the newest, from a row on, tell how many of all have them so; where hardly one of these
    does, the others are read, until some do. having: how many have the terms, at most.
    """
    newest = _counted(_Stretch(conditions, f'"row" >= {first}'), terms, _COUNTED)
    if not first:
        return f"({newest})"
    every = _counted(_Stretch(conditions, "true"), terms, _TELL)
    # OFFSET 0: what is told of the newest is told once.
    return (
        f"(SELECT CASE WHEN beside >= {_TELL} THEN CAST(beside * {having / _NEWEST} AS bigint) ELSE ({every}) END "  # noqa: S608  # bound values
        f"FROM (SELECT ({newest}) AS beside OFFSET 0) AS counted)"
    )


def _counted(stretch: _Stretch, terms: Terms, most: int) -> str:
    """Write what counts them in a stretch; the newest are read, until so many are found: their share is that of all."""
    places = 'row_number() OVER (ORDER BY "row" DESC) AS place, count(*) OVER () AS having_each'
    newest = f'SELECT "row", {places} FROM ({stretch.with_each([[terms]])}) AS one'  # noqa: S608  # bound values
    share = f"max(having_each) * {most} / max(place)"
    found = f"{stretch.standing(newest, [[terms]])} LIMIT {most}"
    return f"SELECT CASE WHEN count(*) < {most} THEN count(*) ELSE {share} END FROM ({found}) AS found"  # noqa: S608


def _have(found: Iterable[Candidate], word: Collection[Terms]) -> int:
    return sum(any(one.count(pack(terms)) for terms in word) for one in found)


def _is_told(terms: Terms) -> bool:
    """Whether the index tells where a sequence of terms stands."""
    return len(telling(terms)) == 1


class GinFinder:
    """`Finder` over the GIN index."""

    through, after = EVERYTHING, 0

    def __init__(self, connection: Connection, lexicon: GinLexicon) -> None:
        self._connection = connection
        self._lexicon = lexicon

    def candidates(self, words: Words, within: Within) -> list[Candidate]:
        """Return the likeliest articles that have some of the words; the newest where no word is given."""
        rare, others = self._lexicon.rarest(words, _WEIGHED)
        if (words and not rare) or not all((*within.every, *within.in_title)):
            return []
        found = self._likeliest(rare, others, within)
        return found if found or not others else self.candidates(others, within)

    def _likeliest(self, rare: Words, others: Words, within: Within) -> list[Candidate]:
        first, apart = within.first_row, [*filter(self._lexicon.may_be_apart, rare)]
        if len(rare) == 1:  # of several, few articles have each: only what is alone may be bounded
            first = max(first, self._lexicon.newest_row(self._lexicon.with_each(rare[0])))
        found = self._found(rare, others, replace(within, first_row=first))
        # What has become rare, or stands side by side in few, is looked for among more of the newest, then among all.
        for row in [*([first] if apart else []), *([within.first_row] if first > within.first_row else [])]:
            scarce = [word for word in apart if _have(found, word) < _ENOUGH]
            if not scarce and (apart or len(found) == most_candidates([*rare, *others], _CANDIDATES)):
                break
            older = self._found(rare, others, replace(within, first_row=row), scarce)
            found = sorted({one.row: one for one in (*found, *older)}.values(), key=lambda one: -one.row)
        return found

    def _found(self, rare: Words, others: Words, within: Within, scarce: Words = ()) -> list[Candidate]:
        """Return the best. scarce: of the rare words, those for which it is read on until _ENOUGH have them."""
        having = _Conditions()
        conditions = ['"row" >= :first', *(f"({having.any_of(word)})" for word in within.every)]
        conditions += [f"NOT ({having.any_of(word)})" for word in within.none]
        conditions += [f"({having.in_title(word)})" for word in within.in_title]
        values: dict[str, Any] = {"first": within.first_row, "limit": most_candidates([*rare, *others], _CANDIDATES)}
        for limit, needed in within.of_its_row():
            conditions.append(limit)
            values |= needed
        inside = " AND ".join(conditions)
        if rare:
            newest = _Stretch(having, inside, within.seen, _READ)
            older = replace(newest, read=None, most=_ENOUGH)
            each = [self._telling((older if word in scarce else newest).having([word]), word, True) for word in rare]
            each += [self._telling(newest.beside(rare, word), word, False) for word in others[:_BESIDE]]
            found = (
                f'SELECT "row" FROM ({" UNION ALL ".join(each)}) AS found GROUP BY "row", length HAVING bool_or(rare) '  # noqa: S608
                'ORDER BY sum(tells) / (:shortest + :each_term * length) DESC, "row" DESC'
            )
            totals = self._lexicon.totals
            average = max(totals.terms / max(totals.articles, 1), 1.0)
            values |= {"shortest": 1 + _K1 * (1 - _B), "each_term": _K1 * _B / average}
        else:
            found = f'SELECT "row" FROM article WHERE {inside} ORDER BY "row" DESC'  # noqa: S608  # bound values
        rows, needed = _first_seen(found, within.seen, ":limit")
        values |= having.values | needed
        # As an array: joined with them in their order, the whole table would be walked through.
        sql = f'SELECT {RANKED} FROM article WHERE "row" = ANY(ARRAY({rows})) ORDER BY "row" DESC'  # noqa: S608
        likeliest = self._connection.execute(prepared(sql, values), values, execution_options=_ONCE)
        return [Candidate(*columns) for columns in likeliest]

    def _telling(self, having: str, word: Collection[Terms], rare: bool) -> str:
        """Write what gives rows that have a word, with how much that tells; one without a rare word is left out."""
        tells = f"CAST({self._lexicon.tells(word)} AS float8) AS tells"
        return f"SELECT *, {tells}, {rare} AS rare FROM ({having}) AS one"  # noqa: S608

    def rows_with_all(
        self, words: Words, *, after: int = 0, through: int | None = None, newest: int | None = None, seen: Seen = None
    ) -> list[int]:
        """Return the rows with after < row <= through that have every word, rising."""
        if not words or not all(words):
            return []
        # The index would go through all that have words so common; to read a few articles is quicker.
        common = newest and through is None and self._lexicon.likely_with_all(words, _READ) > 2 * newest
        if newest and common and len(found := self._read(words, after, newest, seen)) == newest:
            return found
        having, inside = _Conditions(), '"row" > :after AND "row" <= :through'
        sql, needed = _newest(_Stretch(having, inside, seen, None, newest), words)
        values = {"after": after, "through": EVERYTHING if through is None else through} | needed
        found_rows = self._connection.execute(text(sql), having.values | values, execution_options=_ONCE)
        return sorted(found_rows.scalars())

    def _read(self, words: Words, after: int, most: int, seen: Seen) -> list[int]:
        """Return the newest rows that have every word, so many at most, rising: _READ articles are read for it."""
        having, articles = _Conditions(), self._lexicon.totals.articles
        every = " AND ".join(map(having.beside, words))
        newest = f'"row" > {max(after, self._lexicon.row_behind(_READ, articles))}'
        rows = f'SELECT "row" FROM article WHERE {newest} AND {every} ORDER BY "row" DESC'  # noqa: S608  # bound values
        sql, needed = _first_seen(rows, seen, most)
        found_rows = self._connection.execute(text(sql), having.values | needed, execution_options=_ONCE)
        return sorted(found_rows.scalars())

    def newest_of_each(self, words: Words, most: int, seen: Seen = None) -> list[list[int]]:
        """Return for each word the rows with the largest numbers that have it, so many at most."""
        first = [self._lexicon.first_row([word], Within()) for word in words]
        found = self._newest_of_each(words, first, most, seen)
        # Of a word that many have, the newest may be others' only.
        again = [n for n, rows in enumerate(found) if first[n] and len(rows) < most]
        for n, rows in zip(
            again, self._newest_of_each([words[n] for n in again], [0] * len(again), most, seen), strict=True
        ):
            found[n] = rows
        return found

    def _newest_of_each(self, words: Words, first: Sequence[int], most: int, seen: Seen) -> list[list[int]]:
        having, each = _Conditions(), []
        for word, row in zip(words, first, strict=True):
            rows, needed = _newest(_Stretch(having, f'"row" >= {row}', seen, None, most), [word])
            having.values |= needed
            each.append(f"ARRAY({rows})")
        sql = f"SELECT {', '.join(each)}"
        return [*self._connection.execute(text(sql), having.values, execution_options=_ONCE).one()] if words else []


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Articles within some conditions, where those that have words are looked for.

    Whether terms stand side by side is told by reading, the newest first. read: only in so many that are seen; None: on
    until so many as `most` are found; None as well: in all.
    """

    conditions: _Conditions
    inside: str
    seen: Seen = None
    read: int | None = None
    most: int | None = None

    def with_each(self, words: Words) -> str:
        """Write what gives the rows that have all terms of every word, with their lengths."""
        every = " AND ".join(f"({self.conditions.together(word)})" for word in words)
        # OFFSET 0 keeps the planner from reading the terms of the newest articles, one after the other, to find a few.
        return f'SELECT "row", length FROM article WHERE {every} AND {self.inside} OFFSET 0'  # noqa: S608  # bound values

    def having(self, words: Words) -> str:
        """Write what gives the rows that have every word, with their lengths."""
        return self._read_for(words, self.with_each(words))

    def beside(self, rare: Words, word: Collection[Terms]) -> str:
        """Write what gives the rows that have a word, and all terms of a rare one: these may be apart, none is read."""
        return self._read_for([word], self.with_each([[*chain.from_iterable(rare)], word]))

    def _read_for(self, words: Words, found: str) -> str:
        """Write what gives those rows of a statement that have words, all terms of which they have."""
        if all(_is_told(terms) for word in words for terms in word):
            return found
        newest, needed = _first_seen(f'SELECT * FROM ({found}) AS found ORDER BY "row" DESC', self.seen, self.read)  # noqa: S608
        self.conditions.values |= needed
        limit = "" if self.most is None or self.read is not None else f" LIMIT {self.most}"
        return f"{self.standing(newest, words)}{limit}"

    def standing(self, newest: str, words: Words) -> str:
        """Write what gives those rows of a statement that have every word, read one after the other."""
        beside = [self.conditions.beside(word) for word in words if not all(map(_is_told, word))]
        stands = f'SELECT FROM article WHERE "row" = newest."row" AND {" AND ".join(beside)} OFFSET 0'
        return f"SELECT newest.* FROM ({newest}) AS newest CROSS JOIN LATERAL ({stands}) AS stands"  # noqa: S608


def _newest(stretch: _Stretch, words: Words) -> tuple[str, dict[str, str]]:
    """Write what gives the newest rows of a stretch that have every word and are seen, the newest first."""
    found = f'SELECT "row" FROM ({stretch.having(words)}) AS found ORDER BY "row" DESC'  # noqa: S608
    return _first_seen(found, stretch.seen, stretch.most)


def _first_seen(found: str, seen: Seen, most: int | str | None) -> tuple[str, dict[str, str]]:
    """Write what gives the first rows that are seen, of those that a statement finds in their order."""
    limit = "" if most is None else f" LIMIT {most}"
    if seen is None:
        return f"{found}{limit}", {}
    # OFFSET 0: no row is looked at for that before it is its turn.
    sees, needed = condition("postgresql", seen, 'ordered."row"')
    return f"SELECT * FROM ({found} OFFSET 0) AS ordered WHERE {sees}{limit}", needed  # noqa: S608  # bound values


class _Conditions:
    """SQL about terms; every term is a bound value. values: of the parameters so far."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def any_of(self, word: Collection[Terms]) -> str:
        """Give the condition that an article has one of the sequences."""
        return " OR ".join(map(self._has, word))

    def together(self, word: Collection[Terms]) -> str:
        """Give the condition that an article has all terms of one of the sequences, wherever: the index tells."""
        alone = [telling(terms)[0] for terms in word if _is_told(terms)]
        each = [self._has_each(terms) for terms in word if not _is_told(terms)]
        # As one: the index goes through the list of new articles, which it has not sorted in, for each condition.
        return " OR ".join([f"{_TERMS_OF_ROW} && {self._bound(alone)}", *each] if alone else each)

    def beside(self, word: Collection[Terms]) -> str:
        """Give the condition that one of the sequences stands in an article, as reading tells."""
        return f"({' OR '.join(map(self._stands, word))})"

    def in_title(self, word: Collection[Terms]) -> str:
        """Give the condition that an article has one of the sequences in its title."""
        return " OR ".join(f"strpos(title_terms, {self._bound(pack(terms))}) > 0" for terms in word)

    def _has(self, terms: Terms) -> str:
        each = self._has_each(terms)
        return each if _is_told(terms) else f"({each} AND {self._stands(terms)})"

    def _has_each(self, terms: Terms) -> str:
        return f"{_TERMS_OF_ROW} @> {self._bound(list(telling(terms)))}"

    def _stands(self, terms: Terms) -> str:
        packed = self._bound(pack(terms))
        return f"(strpos(title_terms, {packed}) > 0 OR strpos(body_terms, {packed}) > 0)"

    def _bound(self, value: object) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"CAST(:{name} AS {'text' if isinstance(value, str) else 'text[]'})"
