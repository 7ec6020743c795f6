"""An inverted index in NumPy arrays: which articles share which keys.

keys of articles, one after the other ─ sorted by key, then by holder ─ for one article: all before it that hold a key
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray[Any, Any]


class Flat(NamedTuple):
    """The numbers of several holders, concatenated. of: the holder of each."""

    numbers: Array
    of: Array


def flat(numbers: Sequence[Sequence[int] | Array]) -> Flat:
    """Concatenate the integers of several holders."""
    some = np.concatenate([np.asarray(one, dtype=np.int64) for one in numbers])
    return Flat(some, np.repeat(np.arange(len(numbers)), [len(one) for one in numbers]))


def beside(weights: Sequence[Sequence[float] | Array]) -> Array:
    """Concatenate the weights of what `flat` concatenates."""
    return np.concatenate([np.asarray(one, dtype=np.float64) for one in weights])


class Holders:
    """Which holders have which keys. keys, holders: parallel arrays, as of `flat`. count: of holders."""

    def __init__(self, keys: Array, holders: Array, count: int) -> None:
        self._count = count
        places = keys * count + holders
        self._at = np.argsort(places, kind="stable")
        self._places = places[self._at]

    def before(self, keys: Array, last: int, first: int = 0) -> tuple[Array, Array]:
        """Return the places of all pairs of one of these keys and a holder, first <= holder < last, that has it."""
        starts = np.searchsorted(self._places, keys * self._count + first)
        sizes = np.searchsorted(self._places, keys * self._count + last) - starts
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return np.repeat(np.arange(len(keys)), sizes), self._at[np.repeat(starts, sizes) + within]
