"""How alike articles are: by their words, in another language by translations, by names and figures, and by their days.

    own words     TF-IDF cosine                                          articles of one language
    ways across   each word by the best translation that is there        articles of two, the mean of both directions
    days          a little more within a day, nothing beyond three

Pairs with nothing in common are never looked at: articles meet in the words that they share.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain

from briefs.linking import ALIKE, Pair
from briefs.tellings import Key, Telling

# Chosen on restated news in three languages, and on one newspaper's reissues; see docs/quality.md.
_OTHER_LANGUAGE = 1.2  # translations are never complete
_SAME_DAY = 0.03  # for at most a day apart
_APART = timedelta(days=3)
_ONE_DAY = timedelta(days=1)
_LONG, _DAMPING = 25.0, 1.3  # words from which texts share some by chance, and how strongly that is discounted
_COMMON, _COMMON_LEAST = 0.05, 100  # words in more of the articles than this do not bring two together


def likeness(tellings: Sequence[Telling], known: int = 0) -> dict[Pair, float]:
    """Return the pairs that have something in common and are near in time, with how alike they are.

    known: so many of the first are not compared with each other.
    """
    order = sorted(range(len(tellings)), key=lambda n: _day(tellings[n]))
    ordered = [tellings[n] for n in order]
    new = [n >= known for n in order]
    near = _Window([one.published for one in ordered])
    by_language: dict[str, list[int]] = defaultdict(list)
    for n, telling in enumerate(ordered):
        by_language[telling.language].append(n)
    cosines: dict[Pair, float] = {}
    for members in by_language.values():
        cosines |= _cosines(ordered, members, new, near)
    if len(by_language) > 1:
        cosines |= _across(ordered, new, near)
    # Of two texts, the geometric mean of their words counts: each has its half of the power.
    damping = [(max(1, len(one.own)) / _LONG) ** (-_DAMPING / 2) for one in ordered]
    alike: dict[Pair, float] = {}
    for (first, second), cosine in cosines.items():
        bonus = _SAME_DAY if near.same_day(first, second) else 0.0
        one, two = order[first], order[second]
        value = (cosine + bonus) * min(1.0, damping[first] * damping[second])
        if value < ALIKE or _share_several(ordered[first], ordered[second]):
            alike[(one, two) if one < two else (two, one)] = value
    return alike


def _share_several(one: Telling, two: Telling) -> bool:
    """Say whether two articles have more than one word in common: one name is no event."""
    if one.language == two.language:
        return len(one.own.keys() & two.own.keys()) > 1
    reached = (any(way in two.reach for way, _ in ways) for _, ways in one.crossing)
    return sum(reached) > 1


def _day(telling: Telling) -> tuple[bool, float]:
    published = telling.published
    return published is None, published.timestamp() if published else 0.0


class _Window:
    """Which articles are near in time: those with a day stand in its order, and those without come last."""

    def __init__(self, days: Sequence[datetime | None]) -> None:
        self._times = [day.timestamp() for day in days if day]
        undated = len(days) - len(self._times)
        # Of each article, the first of those before it that are near; one without a day is near to all.
        self.first = [bisect_left(self._times, time - _APART.total_seconds()) for time in self._times] + [0] * undated

    def near(self, one: int, two: int) -> bool:
        """Say whether two articles are near in time, or one of an unknown day."""
        return min(one, two) >= self.first[max(one, two)]

    def same_day(self, one: int, two: int) -> bool:
        """Say whether two articles with known days are at most a day apart."""
        times = self._times
        return max(one, two) < len(times) and abs(times[one] - times[two]) <= _ONE_DAY.total_seconds()


class _Holders:
    """By whom a word is held so far, and its weight there."""

    def __init__(self) -> None:
        self._held: dict[Key, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))

    def add(self, key: Key, holder: int, weight: float) -> None:
        holders, weights = self._held[key]
        holders.append(holder)
        weights.append(weight)

    def since(self, key: Key, first: int) -> tuple[list[int], list[float]]:
        """Return the holders from one on; they were added in their order."""
        if key not in self._held:
            return [], []
        holders, weights = self._held[key]
        start = bisect_left(holders, first)
        return holders[start:], weights[start:]


def _cosines(
    tellings: Sequence[Telling], members: Sequence[int], new: Sequence[bool], near: _Window
) -> dict[Pair, float]:
    """Return the cosines of all that share a word, by pairs of which one at least is new."""
    limit = max(_COMMON_LEAST, _COMMON * len(members))
    met = set().union(*(tellings[n].own for n in members if new[n]))
    words = {n: tellings[n].own if new[n] else tellings[n].own.keys() & met for n in members}
    found_in = Counter(chain.from_iterable(words.values()))
    telling = {key for key, times in found_in.items() if 1 < times <= limit}
    of_all, of_new = _Holders(), _Holders()
    cosines: dict[Pair, float] = {}
    for n in members:
        alike: dict[int, float] = defaultdict(float)
        own = tellings[n].own
        for key in [key for key in own if key in telling]:
            weight = own[key]
            others, weights = (of_all if new[n] else of_new).since(key, near.first[n])
            for other, worth in zip(others, weights, strict=True):
                alike[other] += weight * worth
            of_all.add(key, n, weight)
            if new[n]:
                of_new.add(key, n, weight)
        cosines |= {(other, n): cosine for other, cosine in alike.items()}
    return cosines


def _across(tellings: Sequence[Telling], new: Sequence[bool], near: _Window) -> dict[Pair, float]:
    """Return how alike articles of different languages are: each word as like as the best translation that is there.

    A word of one is looked for in the other with all it may be there; the mean of both directions.
    """
    limit = max(_COMMON_LEAST, _COMMON * len(tellings))
    of_all: dict[Key, dict[int, float]] = defaultdict(dict)
    of_new: dict[Key, dict[int, float]] = defaultdict(dict)
    for n, one in enumerate(tellings):
        for way, weight in one.reach.items():
            of_all[way][n] = weight
            if new[n]:
                of_new[way][n] = weight
    alike: dict[Pair, float] = defaultdict(float)
    for n, one in enumerate(tellings):
        held = of_all if new[n] else of_new
        for weight, ways in one.crossing:
            for other, worth in _reached(ways, held, of_all, limit).items():
                if tellings[other].language != one.language and near.near(n, other):
                    pair = (n, other) if n < other else (other, n)
                    alike[pair] += _OTHER_LANGUAGE / 2 * weight * worth
    return alike


def _reached(
    ways: Sequence[tuple[Key, float]],
    held: Mapping[Key, Mapping[int, float]],
    of_all: Mapping[Key, Mapping[int, float]],
    limit: float,
) -> dict[int, float]:
    """Return whom a word reaches by its ways, each by the best of them."""
    reached: dict[int, float] = {}
    for way, trust in ways:
        if way in held and len(of_all[way]) <= limit:
            for other, worth in held[way].items():
                if trust * worth > reached.get(other, 0.0):
                    reached[other] = trust * worth
    return reached
