"""Full text on a cluster of OpenSearch, for archives that are too large for one database's own index.

The database is told what the index has (`relay`), in the table index_build: every row up to `through`, but for those
that changed since. So nothing is missed: what is newer is read in the database, and so is what changed. Where the
cluster is away, the database's own index answers, among the newest articles.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from briefs.errors import IndexAway
from briefs.index.cluster import Cluster
from briefs.index.lexicon import SqlLexicon
from briefs.index.port import EVERYTHING, Finder, SearchIndex, most_candidates
from briefs.index.postgres_gin import GinIndex
from briefs.index.seen import Seen, hidden
from briefs.index.sqlite_fts import Fts5Index
from briefs.index.within import RANKED, Terms, Within, Words, prepared
from briefs.text.packed import Candidate

WINDOW = 50_000  # articles, the newest, are looked through where the cluster is away
_TAIL = 500  # articles that are not in the index yet may be read; more are looked for in the database's own
_MOST_CLAUSES = 900  # of a query: OpenSearch takes 1,024
_STANDING = text(
    'SELECT id, name, "key", "through", (SELECT coalesce(max("row"), 0) FROM article WHERE "row" <= "through"), '
    '(SELECT coalesce(max("row"), 0) FROM article) FROM index_build WHERE serves'
)
_OWED = text(
    "SELECT article_row FROM index_owed WHERE build_id = :build AND article_row <= :through "
    "ORDER BY id DESC LIMIT :most"
)


class _Standing(NamedTuple):
    """What the index has, on a snapshot. newest: the newest row in it. last: that of all."""

    build: int
    name: str
    key: str
    through: int
    newest: int
    last: int


class OpenSearchIndex(SearchIndex):
    """`SearchIndex` over a cluster. own: the database's own index, whose lexicon it uses. window: see `WINDOW`."""

    def __init__(self, cluster: Cluster, own: GinIndex | Fts5Index, window: int = WINDOW) -> None:
        self.cluster = cluster
        self._own = own
        self._window = window

    def on(self, connection: Connection) -> tuple[ClusterFinder, SqlLexicon]:
        """Return what is seen on the snapshot of a connection."""
        own, lexicon = self._own.on(connection)
        return ClusterFinder(connection, self.cluster, own, lexicon, self._window), lexicon


class ClusterFinder:
    """`Finder` over a cluster, and over the database's own index where it has no answer."""

    def __init__(self, connection: Connection, cluster: Cluster, own: Finder, lexicon: SqlLexicon, window: int) -> None:
        self._connection = connection
        self._cluster = cluster
        self._own = own
        self._lexicon = lexicon
        self._window = window
        self._problem: IndexAway | None = None
        self._until = 0.0  # the cluster has time for what is looked up now

    # ------------------------------------------------------------ what the index has

    @cached_property
    def _standing(self) -> _Standing:
        found = self._connection.execute(_STANDING).one_or_none()
        return _Standing(*found) if found else _Standing(0, "", "", 0, 0, self._position())

    def _position(self) -> int:
        return int(self._connection.exec_driver_sql('SELECT coalesce(max("row"), 0) FROM article').scalar_one())

    @property
    def _last(self) -> int:
        """The last row that the index is asked for; it may have some that came in after this snapshot."""
        return self._standing.newest - 1

    @cached_property
    def _owed(self) -> list[int]:
        """The rows that are read in the database: those that changed since the index took them in, the last of them.

        And the newest that it has: by that one it is told whether it has all, so it is no answer of its own.
        """
        asked = {"build": self._standing.build, "through": self._standing.through, "most": _TAIL}
        return [self._standing.newest, *self._connection.execute(_OWED, asked).scalars()]

    @property
    def _is_far_behind(self) -> bool:
        return self._standing.last - self._standing.through > _TAIL

    @property
    def through(self) -> int:
        """Return the row up to which every article is found; where many are missing, the database's index has them."""
        return EVERYTHING if self._problem or self._is_far_behind else self._standing.through

    @property
    def after(self) -> int:
        """Return the row behind which articles were looked for, once they were; 0 where all were."""
        return max(self._standing.last - self._window, 0) if self._problem else 0

    def _asks(self) -> bool:
        """Whether the cluster is to be asked: it is there, and has what the database says. Its time begins now."""
        if self._problem is None:
            self._until = self._cluster.until()
            try:
                self._cluster.verify(self._standing.name, self._standing.key, self._until)
            except IndexAway as problem:
                self._problem = problem
        return self._problem is None

    # ------------------------------------------------------------ what is found

    def candidates(self, words: Words, within: Within) -> list[Candidate]:
        """Return the likeliest articles that have some of the words; the newest where no word is given."""
        there = [word for word in words if self._lexicon.articles_with(word)]
        if (words and not there) or not all((*within.every, *within.in_title)):
            return []
        if self._asks():
            try:
                rows = self._found(there, within)
                return self._ranked('"row" IN :rows', {"rows": rows}) if rows else []
            except IndexAway as problem:
                self._problem = problem
        return self._own.candidates(words, replace(within, first_row=max(within.first_row, self.after + 1)))

    def _found(self, there: Words, within: Within) -> list[int]:
        order = ["_score", {"row": "desc"}] if there else [{"row": "desc"}]
        first, most = self._lexicon.first_row(there, within), most_candidates(there)
        rows = self._search(written(there, replace(within, first_row=first), self._last), order, most)
        if first > within.first_row and len(rows) < most:  # the newest are others' only
            rows = self._search(written(there, within, self._last), order, most)
        if self._is_far_behind:
            late = replace(within, first_row=max(within.first_row, self._standing.through + 1))
            rows += [one.row for one in self._own.candidates(there, late)]
        return self._but_for_changed(rows, there, within)

    def rows_with_all(
        self, words: Words, *, after: int = 0, through: int | None = None, newest: int | None = None, seen: Seen = None
    ) -> list[int]:
        """Return the rows with after < row <= through that have every word, rising.

        Raises IndexAway where the cluster is, and the stretch reaches far back: who wants them all has to wait.
        """
        if not words or not all(words):
            return []
        through = EVERYTHING if through is None else through
        if self._asks():
            try:
                return self._having(words, Within(first_row=after + 1, every=words, seen=seen), through, newest)
            except IndexAway as problem:
                self._problem = problem
        if self._problem and after < self.after:
            if newest is None:
                raise self._problem
            return []
        return self._own.rows_with_all(words, after=after, through=through, newest=newest, seen=seen)

    def newest_of_each(self, words: Words, most: int, seen: Seen = None) -> list[list[int]]:
        """Return for each word the rows with the largest numbers that have it, so many at most."""
        return [self.rows_with_all([word], newest=most, seen=seen) for word in words]

    def _having(self, words: Words, within: Within, through: int, newest: int | None) -> list[int]:
        query = written((), within, min(through, self._last))
        rows = (
            self._cluster.every(query, self._until, having=self._standing.newest)
            if newest is None
            else self._newest(query, newest, within.seen)
        )
        if self._is_far_behind:
            after = max(within.first_row - 1, self._standing.through)
            rows += self._own.rows_with_all(words, after=after, through=through, newest=newest, seen=within.seen)
        rows = self._but_for_changed(rows, (), within)
        rows = sorted({row for row in rows if row <= through})
        return rows if newest is None else rows[-newest:]

    def _newest(self, query: Mapping[str, Any], most: int, seen: Seen) -> list[int]:
        """Return the newest rows that fit a query, so many at least where they are: seen, and not changed since."""
        rows, page, size = list[int](), list[int](), most
        while True:
            page = self._search(query, [{"row": "desc"}], size, page[-1] if page else None)
            passed_over = hidden(self._connection, seen, page).union(self._owed)
            rows += [row for row in page if row not in passed_over]
            if len(page) < size or len(rows) >= most:
                return rows
            size = _TAIL

    def _search(
        self, query: Mapping[str, Any], order: Sequence[Any], limit: int, behind: int | None = None
    ) -> list[int]:
        return self._cluster.search(query, order, limit, self._until, behind=behind, having=self._standing.newest)

    def _but_for_changed(self, rows: Sequence[int], words: Words, within: Within) -> list[int]:
        """Return rows without those whose articles have changed since, and with those that fit as they are now."""
        unseen = hidden(self._connection, within.seen, rows)  # whatever the index has of it: nobody sees by mistake
        rows = [row for row in rows if row not in unseen]
        conditions = within.conditions(self._connection.dialect.name)
        values: dict[str, Any] = {"owed": self._owed, "first": within.first_row}
        for needed in conditions.values():
            values |= needed
        inside = " AND ".join(('"row" IN :owed', '"row" >= :first', *conditions))
        some = replace(within, every=(*within.every, *([[form for word in words for form in word]] if words else [])))
        changed = [one.row for one in self._ranked(inside, values) if some.has_words_of(one)]
        return [*set(rows).difference(self._owed), *changed]

    def _ranked(self, which: str, values: dict[str, Any]) -> list[Candidate]:
        """Read what ranking needs of some articles, the newest first. which: the condition, with its values."""
        sql = f'SELECT {RANKED} FROM article WHERE {which} ORDER BY "row" DESC'  # noqa: S608  # bound values
        return [Candidate(*columns) for columns in self._connection.execute(prepared(sql, values), values)]


# ---------------------------------------------------------------- as OpenSearch is asked


def written(words: Words, within: Within, last_row: int = EVERYTHING) -> dict[str, Any]:
    """Return a query as OpenSearch reads it: some of the words, within limits."""
    must: list[dict[str, Any]] = [{"range": {"row": {"gte": within.first_row, "lte": last_row}}}]
    must += [_any_of("text", word) for word in within.every]
    must += [_any_of("title", word) for word in within.in_title]
    none = [_any_of("text", word) for word in within.none]
    if within.languages:
        must.append({"terms": {"language": [*within.languages]}})
    if within.sources is not None:
        must.append(_some({"terms": {"source": [*within.sources]}}, _without("source")))
    if within.not_sources:
        none.append({"terms": {"source": [*within.not_sources]}})
    if within.seen is not None:
        must.append(_some({"terms": {"brought_by": sorted(within.seen)}}, _without("brought_by")))
    if within.since is not None:
        since = {"gte": within.since}
        must += [_some({"range": {"published_at": since}}, _without("published_at")), {"range": {"seen_at": since}}]
    if within.before is not None:
        before = {"lt": within.before}
        must.append(_some({"range": {"published_at": before}}, {"range": {"seen_at": before}}))
    asked: dict[str, Any] = {"filter": must, "must_not": none}
    if words:
        asked |= {"should": [_has("text", terms) for word in words for terms in word][:_MOST_CLAUSES]}
        asked |= {"minimum_should_match": 1}
    return {"bool": asked}


def _any_of(field: str, word: Collection[Terms]) -> dict[str, Any]:
    return _some(*(_has(field, terms) for terms in word))


def _has(field: str, terms: Terms) -> dict[str, Any]:
    if len(terms) == 1:
        return {"term": {field: {"value": terms[0]}}}
    return {"match_phrase": {field: {"query": " ".join(terms)}}}


def _some(*of: dict[str, Any]) -> dict[str, Any]:
    return {"bool": {"should": [*of], "minimum_should_match": 1}}


def _without(field: str) -> dict[str, Any]:
    return {"bool": {"must_not": [{"exists": {"field": field}}]}}
