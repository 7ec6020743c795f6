"""Who holds what in common with whom: the numbers of many articles side by side, in arrays.

keys of articles, one after the other ─ sorted by key, then by holder ─ for one article: all before it that hold a key
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray[Any, Any]


class Flat(NamedTuple):
    """Numbers of several holders, one after the other. of: whose each is."""

    numbers: Array
    of: Array


def flat(numbers: Sequence[Sequence[int] | Array]) -> Flat:
    """Put whole numbers of holders side by side."""
    some = np.concatenate([np.asarray(one, dtype=np.int64) for one in numbers])
    return Flat(some, np.repeat(np.arange(len(numbers)), [len(one) for one in numbers]))


def beside(weights: Sequence[Sequence[float] | Array]) -> Array:
    """Put the weights of `flat` numbers side by side."""
    return np.concatenate([np.asarray(one, dtype=np.float64) for one in weights])


class Holders:
    """Who holds which keys, to be asked for those that come before one of them. keys, holders: side by side."""

    def __init__(self, keys: Array, holders: Array, count: int) -> None:
        self._count = count
        places = keys * count + holders
        self._at = np.argsort(places, kind="stable")
        self._places = places[self._at]

    def before(self, keys: Array, last: int, first: int = 0) -> tuple[Array, Array]:
        """Give every meeting of one of these keys with a holder from `first` on and before `last`: places of both."""
        starts = np.searchsorted(self._places, keys * self._count + first)
        sizes = np.searchsorted(self._places, keys * self._count + last) - starts
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return np.repeat(np.arange(len(keys)), sizes), self._at[np.repeat(starts, sizes) + within]
