"""What comes nearest to a look-up in meaning, by an embedding model of the operator's.

    articles as they are filed ─ passages ─ vectors, kept (`catch_up`, beside all else)
    a look-up ─ vector ─ the articles most like it ─ their passages ─ nearness of the best one

    likeness of look-up and passage, less half of what each has with its nearest sentences of a cohort     (CSLS)
    nearness = that, in standard deviations above what strangers have, less what the nearest of so many has by chance

How like two texts come out that have nothing to do with each other depends on the model, and on the texts: some are
like everything. The cohort, sentences on other things in three languages, tells how much of a likeness that is (Conneau
et al. 2018), and how it spreads; so one bar serves every model. Among a thousand passages something always comes near:
hence the last part.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from statistics import NormalDist
from threading import Lock
from typing import NamedTuple, TypeAlias

import numpy as np

from briefs.errors import ConfigError
from briefs.masking import masked
from briefs.models import Analysed, Sentence
from briefs.store.articles import Articles, digest_of
from briefs.store.database import Connection, Database
from briefs.store.vectors import Array, Made, Stand, Vectors, unpacked
from briefs.text.embedding_model import EmbeddingModel

log = logging.getLogger(__name__)

PASSAGE = 300  # letters, at least; a Chinese character counts as two
_PASSAGES, _LONGEST = 40, 2000  # of an article, and letters of one that are read
_NEIGHBOURS = 8  # sentences of the cohort
_OF_CHANCE = 0.6  # passages of one archive speak of the same things: fewer are strangers than there are
_LIKELIEST = 100  # articles whose passages are looked at
_ALLOWED = 500  # articles of which it is asked at once whether they may be shown
_ASKED_OF = 8 * _ALLOWED  # of so many in parts; where few may be, it is asked once which of all
_CHUNK = 8192  # vectors that are numbers at once
_GONE = 1 / 8  # of those that are known: then they are read anew
_AT_ONCE = 4  # articles that are read in a step: some seconds at most
_STEPS = 16  # between two looks for what waits
_NOTHING = 1e-9  # so that a vector without a length divides


Allowed: TypeAlias = Callable[[Sequence[int] | None], Collection[int]]


class Near(NamedTuple):
    """An article that comes near: its row, how near, and where in its text."""

    row: int
    nearness: float
    start: int
    end: int

    def sentences(self, analysed: Analysed) -> tuple[Sentence, ...]:
        """Return the sentences of that place."""
        return tuple(one for one in analysed.sentences if self.start <= one.start < self.end)


@dataclass(frozen=True, slots=True)
class _Cohort:
    """Sentences that no look-up is about: their vectors as such and as passages, and what strangers among them have."""

    queries: Array
    passages: Array
    mean: float
    spread: float


class _Wholes(NamedTuple):
    """Articles by their rows, the vector of each as bytes, the length that it has so, and how many passages it has."""

    rows: Array
    vectors: Array
    lengths: Array
    passages: Array


class Dense:
    """The vectors of all articles of a database. Usable from several threads."""

    def __init__(self, database: Database, articles: Articles, model: EmbeddingModel) -> None:
        self.model = model
        self._database, self._articles = database, articles
        self._lock = Lock()
        self._last, self._passages = 0, 0  # the last that is known, and how many passages are
        self._known: _Wholes | None = None

    # ------------------------------------------------------------ in

    def get_ready(self) -> None:
        """Read the model now, so that no look-up waits for it. Raises ConfigError where it is none."""
        self._cohort  # noqa: B018

    def stand(self) -> Stand:
        """Return how many articles there are, and how many of them the model has read."""
        with self._database.read() as connection:
            return self._vectors.stand(connection)

    def has_read_all(self, connection: Connection) -> bool:
        """Whether the model has read every article."""
        stand = self._vectors.stand(connection)
        return stand.articles == stand.read

    def unread(self, connection: Connection, rows: Sequence[int]) -> frozenset[int]:
        """Return those of some articles that it has not."""
        return frozenset(rows).difference(row for row, _, _ in self._vectors.passages(connection, rows))

    def catch_up(self) -> Iterator[int]:
        """Let the model read the articles that it has not, some a step, the newest first; give how many it was.

        One that the model does not take is said in the log, and comes near nothing. Raises ConfigError where it takes
        nothing at all.
        """
        while True:
            with self._database.read() as connection:
                waiting = self._vectors.waiting(connection, _AT_ONCE * _STEPS)
            if not waiting:
                return
            for n in range(0, len(waiting), _AT_ONCE):
                with self._database.read() as connection:
                    stored = self._articles.by_rows(connection, waiting[n : n + _AT_ONCE])
                made = [self._made(one.row, one.analysed) for one in stored]
                # What is not kept is made again; but a replica gets what the disk has.
                with self._database.write(lasting=self._database.shared) as connection:
                    self._vectors.keep(connection, made)
                yield len(made)

    def _made(self, row: int, analysed: Analysed) -> Made:
        article = analysed.article
        places = passages_of(analysed)
        try:
            vectors = self.model.of_passages([article.text[s:e][:_LONGEST] or article.title for s, e in places])
        except ConfigError as error:
            size = len(self.model.of_query(""))  # raises where it is not for the article
            vectors = np.zeros((len(places), size), np.float32)  # near nothing, and not tried again
            problem = error.values["problem"]
            log.warning("semantic: %s is found by its words only: the model says %s", masked(article.id), problem)
        return Made(row, digest_of(article.title, article.text), np.array(places), vectors, vectors.mean(axis=0))

    @cached_property
    def _vectors(self) -> Vectors:
        return Vectors(self.model.name)

    @cached_property
    def _cohort(self) -> _Cohort:
        lines = (files("briefs.search") / "cohort.tsv").read_text("utf-8").splitlines()
        sentences = [line.partition("\t")[2] for line in lines]
        queries = np.stack([self.model.of_query(one) for one in sentences])
        passages = self.model.of_passages(sentences)
        # A sentence stands beside itself in other languages: these are no strangers to each other.
        subject = np.arange(len(sentences)) // len({line.partition("\t")[0] for line in lines})
        strangers = subject[:, None] != subject[None, :]
        likeness = np.where(strangers, queries @ passages.T, -1.0)
        scaled = (likeness - _neighbours(likeness)[:, None] / 2 - _neighbours(likeness.T)[None, :] / 2)[strangers]
        return _Cohort(queries, passages, float(scaled.mean()), float(scaled.std()) or 1.0)

    # ------------------------------------------------------------ out

    def nearest(
        self, connection: Connection, text: str, allowed: Allowed, limit: int, first_row: int = 0
    ) -> list[Near] | None:
        """Return what comes nearest to a text, in that order; None where the model does not take the text.

        Raises ConfigError where it takes nothing at all.

        allowed: keeps the rows that may be shown; None: gives all that may. None is before first_row.
        """
        try:
            query, cohort = self.model.of_query(text), self._cohort
        except ConfigError as error:
            self.model.of_query("")  # raises where it is not for the text
            log.warning("semantic: a look-up is answered by its words only: the model says %s", error.values["problem"])
            return None
        rows = self._likeliest(connection, query, allowed, first_row)
        of_query = _neighbours((cohort.passages @ query)[None])[0]
        by_chance = _OF_CHANCE * NormalDist().inv_cdf(1 - 1 / (1 + self._passages)) if rows else 0.0
        found = []
        for row, places, packed in self._vectors.passages(connection, rows):
            vectors = unpacked(packed)
            scaled = vectors @ query - of_query / 2 - _neighbours(vectors @ cohort.queries.T) / 2
            best = int(np.argmax(scaled))
            nearness = float(scaled[best] - cohort.mean) / cohort.spread - by_chance
            found.append(Near(row, nearness, int(places[best, 0]), int(places[best, 1])))
        return sorted(found, key=lambda one: -one.nearness)[:limit]

    def _likeliest(self, connection: Connection, query: Array, allowed: Allowed, first_row: int) -> list[int]:
        """Return the rows of the articles that are most like a look-up as a whole, of those that may be shown."""
        rows, packed, lengths, _ = self._refreshed(connection)
        # Not "@", which begins a thread for each processor and waits for them.
        likeness = _by_parts(packed, lambda vectors: np.einsum("ij,j->i", vectors, query)) / (lengths + _NOTHING)
        may_be = (rows >= first_row) & (lengths > 0)
        order = rows[may_be][np.argsort(-likeness[may_be], kind="stable")]
        kept: list[int] = []
        for n in range(0, min(len(order), _ASKED_OF), _ALLOWED):
            some = order[n : n + _ALLOWED].tolist()
            may = set(allowed(some))
            kept += [row for row in some if row in may]
            if len(kept) >= _LIKELIEST:
                return kept[:_LIKELIEST]
        if len(rest := order[_ASKED_OF:]):
            kept += rest[np.isin(rest, [*allowed(None)])].tolist()
        return kept[:_LIKELIEST]

    def _refreshed(self, connection: Connection) -> _Wholes:
        """Return the vectors of all articles; what is new is read from the database."""
        with self._lock:
            known = self._known
            if known and len(known.rows) - self._vectors.articles(connection) > len(known.rows) * _GONE:
                self._last, known = 0, None
            self._last, rows, packed, passages = self._vectors.wholes(connection, self._last)
            new = _Wholes(rows, packed, _by_parts(packed, lambda some: np.linalg.norm(some, axis=1)), passages)
            if known is None or not len(known.rows):
                known = new
            elif len(rows):
                other = ~np.isin(known.rows, rows)  # than those that were read again
                older = known if other.all() else _Wholes(*(part[other] for part in known))
                known = _Wholes(*(np.concatenate(both) for both in zip(older, new, strict=True)))
            self._known, self._passages = known, int(known.passages.sum())
            return known


def _by_parts(packed: Array, made: Callable[[Array], Array]) -> Array:
    """Return what is made of vectors as numbers, of which there are never many at once."""
    parts = [made(packed[n : n + _CHUNK].astype(np.float32)) for n in range(0, len(packed), _CHUNK)]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def passages_of(analysed: Analysed) -> list[tuple[int, int]]:
    """Return where the passages of an article begin and end: whole sentences, that are long enough together.

    One that has nothing but a title has one passage, which is empty and stands for it.
    """
    places: list[tuple[int, int]] = []
    begin, size = None, 0
    for sentence in analysed.sentences:
        begin = sentence.start if begin is None else begin
        size += sum(2 if letter >= "\u2e80" else 1 for letter in analysed.article.text[sentence.start : sentence.end])
        if size >= PASSAGE or sentence is analysed.sentences[-1]:
            places.append((begin, sentence.end))
            begin, size = None, 0
    return places[:_PASSAGES] or [(0, 0)]


def _neighbours(likeness: Array) -> Array:
    """Return how like each row is to its nearest neighbours, on the mean."""
    nearest: Array = np.partition(likeness, -_NEIGHBOURS, axis=1)[:, -_NEIGHBOURS:].mean(axis=1)
    return nearest
