"""How alike articles are: by their words, in another language by translations, by names and figures, and by their days.

    own words     TF-IDF cosine                                          articles of one language
    ways across   each word by the best translation that is there        articles of two, the mean of both directions
    days          a little more within a day, nothing beyond three; half as much where a story is followed for longer
    length        long texts share words by chance: more must be alike, and most where one house wrote both
    no day        of one house, or nobody knows whose, and come in together: alike in subject, no event; only copies
                  join (`average_link`). A feed without days tells later what happened since

Pairs with nothing in common are never looked at: articles meet in the words that they share.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

import numpy as np

from briefs.clustering.average_link import ALIKE, Pair
from briefs.clustering.fingerprints import FOLLOWED, Fingerprint
from briefs.clustering.shared_features import Array, Holders, beside, flat

# Chosen on restated news in three languages, and on one newspaper's reissues; see docs/quality-notebook.md.
_OTHER_LANGUAGE = 1.2  # translations are never complete
_SAME_DAY = 0.03  # for at most a day apart
_APART = timedelta(days=3)  # articles that are further apart tell another event, unless the story goes on
_LATER = 0.5  # of the likeness of articles more than three days apart
_ONE_DAY = timedelta(days=1)  # that articles of one day are within
_AT_ONCE = timedelta(hours=1)  # what comes in within is of one gathering, however long ago it was written
_LONG, _DAMPING = 25.0, 1.3  # words from which texts share some by chance, and how strongly that is discounted
# Two houses that report at length on the same are more alike than one house's reports on a subject: no more words than
# these discount them. Of 200 long articles, each cut into two reports of 90 to 240 words among 1,100 others, 165 are
# found so, with 17 false pairs; with 80 half as many, and with 50 twenty more for ten more false ones.
_LONG_ELSEWHERE = 60
_COMMON, _COMMON_LEAST = 0.05, 100  # words in more of the articles than this do not bring two together


def similarity(
    fingerprints: Sequence[Fingerprint], known: int = 0, followed: Collection[int] = frozenset()
) -> dict[Pair, float]:
    """Return the pairs that have something in common and are near in time, with how alike they are.

    known: so many of the first are not compared with each other. followed: places of those whose story goes on for as
    long as somebody is told of it.
    """
    order = sorted(range(len(fingerprints)), key=lambda n: (n >= known, _day(fingerprints[n])))
    ordered = [fingerprints[n] for n in order]
    near = _Window(ordered, known, [n in followed for n in order])
    by_language: dict[str, list[int]] = defaultdict(list)
    for n, fingerprint in enumerate(ordered):
        by_language[fingerprint.language].append(n)
    met = [_in_common(ordered, np.array(members), near) for members in by_language.values() if members[-1] >= known]
    if len(by_language) > 1:
        met.append(_across(ordered, near))
    one, two, cosine = (np.concatenate(parts) for parts in zip(*met, strict=True)) if met else (np.empty(0, int),) * 3
    value = (cosine + _SAME_DAY * near.same_day(one, two)) * _by_length(ordered, one, two)
    value = np.where(near.within(one, two, _APART), value, _LATER * value)
    pairs = zip(one.tolist(), two.tolist(), value.tolist(), strict=True)
    return {
        (min(order[a], order[b]), max(order[a], order[b])): alike
        for a, b, alike in pairs
        if alike < ALIKE or _share_several(ordered[a], ordered[b])
    }


def _by_length(fingerprints: Sequence[Fingerprint], one: Array, two: Array) -> Array:
    """Return what is left of the likeness of long texts: the geometric mean of their words counts."""
    words = np.array([max(1, len(fingerprint.keys)) for fingerprint in fingerprints])

    def half(length: Array) -> Array:
        return np.power(length / _LONG, -_DAMPING / 2)

    same_house = half(words[one]) * half(words[two])
    other = half(np.minimum(words[one], _LONG_ELSEWHERE)) * half(np.minimum(words[two], _LONG_ELSEWHERE))
    left: Array = np.minimum(1.0, np.where(_elsewhere(fingerprints, one, two), other, same_house))
    return left


def _elsewhere(fingerprints: Sequence[Fingerprint], one: Array, two: Array) -> Array:
    """Say whether articles are known to be of two houses."""
    house = np.array([fingerprint.house for fingerprint in fingerprints], dtype=np.int64)
    elsewhere: Array = (house[one] != house[two]) & (house[one] > 0) & (house[two] > 0)
    return elsewhere


def _share_several(one: Fingerprint, two: Fingerprint) -> bool:
    """Say whether two articles have more than one word in common: one name is no event."""
    if one.language == two.language:
        return len({*one.keys}.intersection(two.keys)) > 1
    words = np.repeat(np.arange(len(one.crossing)), one.ways.counts)
    reached = words[np.isin(one.ways.keys, two.reach[0])]
    return len({*reached.tolist()}) > 1


def _day(fingerprint: Fingerprint) -> tuple[bool, float]:
    published = fingerprint.published
    return published is None, published.timestamp() if published else 0.0


def _seconds(days: Iterable[datetime | None]) -> Array:
    return np.array([day.timestamp() if day else np.nan for day in days])


class _Window:
    """Which articles are near in time; those known before come first, then the new, each in the order of their days.

    Places of articles are arrays, or one number and an array.
    """

    def __init__(self, fingerprints: Sequence[Fingerprint], known: int, followed: Sequence[bool]) -> None:
        self.known = known
        self._apart = np.where(followed, FOLLOWED.total_seconds(), _APART.total_seconds())
        self._times = _seconds(one.published for one in fingerprints)
        self._came = _seconds(one.came for one in fingerprints)

    def near(self, one: Array | int, two: Array | int) -> Array:
        """Say whether articles are near in time, or one of an unknown day."""
        apart = np.maximum(self._apart[one], self._apart[two])
        near: Array = ~(np.abs(self._times[one] - self._times[two]) > apart)
        return near

    def within(self, one: Array, two: Array, apart: timedelta) -> Array:
        """Say whether articles are at most so far apart, or one of an unknown day."""
        within: Array = ~(np.abs(self._times[one] - self._times[two]) > apart.total_seconds())
        return within

    def same_day(self, one: Array, two: Array) -> Array:
        """Say whether articles with known days are at most a day apart."""
        same: Array = np.abs(self._times[one] - self._times[two]) <= _ONE_DAY.total_seconds()
        return same

    def undated(self, one: Array, two: Array) -> Array:
        """Say whether no day tells articles apart: they have none, and did not come in one after the other."""
        came_after = np.abs(self._came[one] - self._came[two]) > _AT_ONCE.total_seconds()
        undated: Array = np.isnan(self._times[one]) & np.isnan(self._times[two]) & ~came_after
        return undated

    def first(self, members: Array, place: int) -> int:
        """Return the place among these members before which none is near to one of them."""
        time = self._times[members[place]]
        if self.known or np.isnan(time):
            return 0
        return int(np.searchsorted(self._times[members[:place]], time - _APART.total_seconds()))


def _in_common(fingerprints: Sequence[Fingerprint], members: Array, near: _Window) -> tuple[Array, Array, Array]:
    """Return the cosines of all these members that share a word, by pairs of which one at least is new.

    Left out are pairs of one house that no day tells apart: these are on one subject, not known to be of one event.
    """
    count = len(members)
    new = int(np.searchsorted(members, near.known))
    key, of = flat([fingerprints[n].keys for n in members])
    weights = beside([fingerprints[n].weights for n in members])
    _, key, times = np.unique(key, return_inverse=True, return_counts=True)
    met = np.bincount(key, of >= new, len(times)) > 0
    fingerprint = (met & (times > 1) & (times <= max(_COMMON_LEAST, _COMMON * count)))[key]
    key, of, weights = key[fingerprint], of[fingerprint], weights[fingerprint]
    holders = Holders(key, of, count)
    found = []
    for n in range(new, count):
        mine = _part(of, n)
        word, held = holders.before(key[mine], n, near.first(members, n))
        cosines = np.bincount(of[held], weights[mine][word] * weights[held], n)
        others = np.flatnonzero(cosines)
        others = others[near.near(members[others], members[n])]
        found.append((members[others], np.full(len(others), members[n]), cosines[others]))
    one, two, cosine = (np.concatenate(parts) for parts in zip(*found, strict=True))
    told = _elsewhere(fingerprints, one, two) | ~near.undated(one, two)
    return one[told], two[told], cosine[told]


def _across(fingerprints: Sequence[Fingerprint], near: _Window) -> tuple[Array, Array, Array]:
    """Return how alike articles of different languages are: each word as like as the best translation that is there.

    A word of one is looked for in the other with all it may be there; the mean of both directions.
    """
    count = len(fingerprints)
    reach, reach_of = flat([one.reach[0] for one in fingerprints])
    worth = beside([one.reach[1] for one in fingerprints])
    ways, ways_of = flat([one.ways.keys for one in fingerprints])
    trust = beside([one.ways.trusts for one in fingerprints])
    sizes, words_of = flat([one.ways.counts for one in fingerprints])
    weights = beside([one.crossing for one in fingerprints])
    word = np.repeat(np.arange(len(sizes)), sizes)  # of each way
    known, times = np.unique(reach, return_counts=True)
    everywhere = known[times > max(_COMMON_LEAST, _COMMON * count)]
    reaching, going = Holders(reach, reach_of, count), Holders(ways, ways_of, count)
    language = np.unique([one.language for one in fingerprints], return_inverse=True)[1]
    found = []
    for n in range(near.known, count):
        # Its words in the others, then theirs in it.
        mine = _part(ways_of, n)
        mine = mine[~np.isin(ways[mine], everywhere)]
        way, held = reaching.before(ways[mine], n)
        pair, best = _best(word[mine][way] * count + reach_of[held], trust[mine][way] * worth[held])
        alike = np.bincount(pair % count, weights[pair // count] * best, n)
        mine = _part(reach_of, n)
        mine = mine[~np.isin(reach[mine], everywhere)]
        way, held = going.before(reach[mine], n)
        theirs, best = _best(word[held], worth[mine][way] * trust[held])
        alike = alike + np.bincount(words_of[theirs], weights[theirs] * best, n)
        others = np.flatnonzero(alike)
        others = others[(language[others] != language[n]) & near.near(others, n)]
        found.append((others, np.full(len(others), n), _OTHER_LANGUAGE / 2 * alike[others]))
    one, two, alike = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return one, two, alike


def _part(of: Array, holder: int) -> Array:
    """Return the places of what one has, of all that is side by side."""
    return np.arange(*np.searchsorted(of, (holder, holder + 1)))


def _best(places: Array, values: Array) -> tuple[Array, Array]:
    """Return each place once, with the largest of its values."""
    order = np.lexsort((values, places))
    places, values = places[order], values[order]
    last = np.append(places[1:] != places[:-1], True)[: len(places)]
    return places[last], values[last]
