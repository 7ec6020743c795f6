"""The table `article_vectors`: what an embedding model made of articles. Every method works in a transaction.

Vectors are of length 1, and a number of one takes a byte: the largest is 127 or -127. What another model made counts
for nothing, and is replaced.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from sqlalchemy import BindParameter, Connection, bindparam, delete, exists, func, insert, select

from briefs.store.database import turn
from briefs.store.schema import article, article_vectors, totals

Array: TypeAlias = np.ndarray[Any, Any]
LARGEST = 127
_PLACE = 8  # bytes
_MADE = article_vectors.c.model == bindparam("model")
_ROWS: BindParameter[Any] = bindparam("rows", expanding=True)
_THESE = article_vectors.c.article_row.in_(_ROWS)
_COUNTED = select(func.count()).where(_MADE).scalar_subquery()
_ARTICLES = select(totals.c.articles)
_STAND = select(_ARTICLES.scalar_subquery(), _COUNTED)
_WAITING = (
    select(article.c.row)
    # Not "NOT IN": a list that is too long for its memory PostgreSQL goes through anew for each article.
    .where(~exists().where(article_vectors.c.article_row == article.c.row, _MADE))
    .order_by(article.c.row.desc())
    .limit(bindparam("limit"))
)
_WHOLES = (
    select(
        article_vectors.c.id,
        article_vectors.c.article_row,
        article_vectors.c.whole,
        (func.length(article_vectors.c.places) / _PLACE).label("passages"),
    )
    .where(_MADE, article_vectors.c.id > bindparam("after"))
    .order_by(article_vectors.c.id)
)
_PASSAGES = select(article_vectors).where(_THESE)  # an index on models would be taken for the better one
_CONTENTS = select(article.c.row, article.c.content).where(article.c.row.in_(_ROWS))
_DROP = delete(article_vectors).where(_THESE)


class Made(NamedTuple):
    """What a model made of one article.

    content: the digest of what it read. places: where its passages begin and end in the text, a row each. vectors:
    theirs, a row each. whole: that of the article.
    """

    row: int
    content: str
    places: Array
    vectors: Array
    whole: Array


class Stand(NamedTuple):
    """How far a model has come: articles that there are, and that it has read."""

    articles: int
    read: int


class Vectors:
    """The vectors of one model, by its name."""

    def __init__(self, model: str) -> None:
        self._model = model

    def stand(self, connection: Connection) -> Stand:
        """Return how far it has come."""
        return Stand(*connection.execute(_STAND, {"model": self._model}).one())

    def articles(self, connection: Connection) -> int:
        """Return how many articles there are, read or not."""
        return int(connection.execute(_ARTICLES).scalar_one())

    def waiting(self, connection: Connection, limit: int) -> list[int]:
        """Return rows of some articles that it has not read, the newest first."""
        stand = self.stand(connection)
        if stand.articles == stand.read:
            return []
        return list(connection.execute(_WAITING, {"model": self._model, "limit": limit}).scalars())

    def keep(self, connection: Connection, made: Sequence[Made]) -> None:
        """Keep what was made of articles, in place of what was; but of those that have changed since, or are gone."""
        turn(connection, "articles")  # none gets another text meanwhile; and numbers become visible in their order
        rows = [one.row for one in made]
        contents = {one.row: one.content for one in connection.execute(_CONTENTS, {"rows": rows})}
        connection.execute(_DROP, {"rows": rows})
        if kept := [_columns(one, self._model) for one in made if contents.get(one.row) == one.content]:
            connection.execute(insert(article_vectors), kept)

    def wholes(self, connection: Connection, after: int) -> tuple[int, Array, Array, Array]:
        """Return what was kept since a number.

        The last number; the rows of the articles; their vectors, as bytes; how many passages each has.
        """
        found = connection.execute(_WHOLES, {"model": self._model, "after": after}).all()
        rows = np.array([one.article_row for one in found], np.int64)
        vectors = np.frombuffer(b"".join(one.whole for one in found), np.int8).reshape(len(found) or 1, -1)
        last = max((one.id for one in found), default=after)
        return last, rows, vectors[: len(found)], np.array([one.passages for one in found], np.int64)

    def passages(self, connection: Connection, rows: Sequence[int]) -> list[tuple[int, Array, Array]]:
        """Return the rows of these articles, the places of their passages and the vectors of these, as bytes."""
        made = []
        for one in connection.execute(_PASSAGES, {"rows": rows}):
            if one.model == self._model:
                places = np.frombuffer(one.places, "<i4").reshape(-1, 2)
                made.append((one.article_row, places, np.frombuffer(one.vectors, np.int8).reshape(len(places), -1)))
        return made


def unpacked(packed: Array) -> Array:
    """Return vectors of length 1, a row each, of bytes."""
    vectors = packed.astype(np.float32)
    unit: Array = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit


def _columns(made: Made, model: str) -> dict[str, Any]:

    places = made.places.astype("<i4").tobytes()
    packed = [_packed(made.whole[None]).tobytes(), _packed(made.vectors).tobytes()]
    return {"article_row": made.row, "model": model, "whole": packed[0], "places": places, "vectors": packed[1]}


def _packed(vectors: Array) -> Array:
    """Make the largest number of each vector LARGEST; its length is known."""
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9)
    packed: Array = np.rint(vectors * (LARGEST / largest)).astype(np.int8)
    return packed
