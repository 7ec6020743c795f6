"""How likely two articles tell the same event, as a similarity of 0 to about 1.

    one language    TF-IDF cosine of their words
    two languages   each word by its best translation in the other; the mean of both directions
    days            a little more within one day; 0 beyond three days, or half where a story is followed for longer
    length          long texts share words by chance, so their similarity is lowered, most if one publisher wrote both
    no dates        of one or an unknown publisher, and gathered together: 0, for they may only share a subject; copies
                    still join (`average_link`)

Only pairs that share a word are computed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

import numpy as np

from briefs.clustering.average_link import ALIKE, Pair
from briefs.clustering.fingerprints import FOLLOWED, Fingerprint
from briefs.clustering.shared_features import Array, Holders, beside, flat

# Chosen on restated news in three languages, and on one newspaper's reissues; see docs/quality-notebook.md.
_OTHER_LANGUAGE = 1.2  # a factor: translations are never complete
_SAME_DAY = 0.03  # added for at most a day apart
_APART = timedelta(days=3)  # articles that are further apart tell another event, unless the story is followed
_LATER = 0.5  # a factor beyond that
_ONE_DAY = timedelta(days=1)
_AT_ONCE = timedelta(hours=1)  # articles that came in within it are of one gathering, whenever they were written
_LONG, _DAMPING = 25.0, 1.3  # words beyond which texts share some by chance, and how strongly that is discounted
# Two publishers' long reports on one event are more alike than one publisher's on one subject, so only so many words
# count for the discount. Of 200 long articles, each cut into two reports of 90 to 240 words among 1,100 others, 165
# pairs are found so, with 17 false ones; with 80 words half as many, with 50 twenty more for ten more false ones.
_LONG_ELSEWHERE = 60
_COMMON, _COMMON_LEAST = 0.05, 100  # words in more than this share, and number, of articles bring no two together


def similarity(
    fingerprints: Sequence[Fingerprint], known: int = 0, followed: Collection[int] = frozenset()
) -> dict[Pair, float]:
    """Return the similarity of each pair that shares a word and is near in time.

    known: the first so many are not compared with each other. followed: places of those whose story channels were told
    of, which may go on for longer.
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
    """Return the factor for the length of each pair, by the geometric mean of their numbers of words."""
    words = np.array([max(1, len(fingerprint.keys)) for fingerprint in fingerprints])

    def half(length: Array) -> Array:
        return np.power(length / _LONG, -_DAMPING / 2)

    same_publisher = half(words[one]) * half(words[two])
    other = half(np.minimum(words[one], _LONG_ELSEWHERE)) * half(np.minimum(words[two], _LONG_ELSEWHERE))
    left: Array = np.minimum(1.0, np.where(_elsewhere(fingerprints, one, two), other, same_publisher))
    return left


def _elsewhere(fingerprints: Sequence[Fingerprint], one: Array, two: Array) -> Array:
    """Return whether the publishers of each pair are known, and not the same."""
    publisher = np.array([fingerprint.publisher for fingerprint in fingerprints], dtype=np.int64)
    elsewhere: Array = (publisher[one] != publisher[two]) & (publisher[one] > 0) & (publisher[two] > 0)
    return elsewhere


def _share_several(one: Fingerprint, two: Fingerprint) -> bool:
    """Return whether two articles have more than one word in common: one name is no event."""
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
    """The dates of articles, to compare. Known articles come first, then the new, each in the order of their dates.

    Articles are given by their places: two arrays, or one number and an array.
    """

    def __init__(self, fingerprints: Sequence[Fingerprint], known: int, followed: Sequence[bool]) -> None:
        self.known = known
        self._apart = np.where(followed, FOLLOWED.total_seconds(), _APART.total_seconds())
        self._times = _seconds(one.published for one in fingerprints)
        self._came = _seconds(one.came for one in fingerprints)

    def near(self, one: Array | int, two: Array | int) -> Array:
        """Return whether articles are near in time, or one has no date."""
        apart = np.maximum(self._apart[one], self._apart[two])
        near: Array = ~(np.abs(self._times[one] - self._times[two]) > apart)
        return near

    def within(self, one: Array, two: Array, apart: timedelta) -> Array:
        """Return whether articles are at most so far apart, or one has no date."""
        within: Array = ~(np.abs(self._times[one] - self._times[two]) > apart.total_seconds())
        return within

    def same_day(self, one: Array, two: Array) -> Array:
        """Return whether articles have dates at most a day apart."""
        same: Array = np.abs(self._times[one] - self._times[two]) <= _ONE_DAY.total_seconds()
        return same

    def undated(self, one: Array, two: Array) -> Array:
        """Return whether articles have no dates and came in together, so that nothing tells their events apart."""
        came_after = np.abs(self._came[one] - self._came[two]) > _AT_ONCE.total_seconds()
        undated: Array = np.isnan(self._times[one]) & np.isnan(self._times[two]) & ~came_after
        return undated

    def first(self, members: Array, place: int) -> int:
        """Return the first place among these members that may be near in time to the one at `place`."""
        time = self._times[members[place]]
        if self.known or np.isnan(time):
            return 0
        return int(np.searchsorted(self._times[members[:place]], time - _APART.total_seconds()))


def _in_common(fingerprints: Sequence[Fingerprint], members: Array, near: _Window) -> tuple[Array, Array, Array]:
    """Return the members of each pair that shares a word, at least one of them new, and their cosine.

    Pairs of one publisher whose events no date tells apart are left out: they may only share a subject.
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
    """Return the pairs in two languages that share a translation, and their similarity.

    Each word of one counts by the best of its translations in the other; the result is the mean of both directions.
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
    """Return the places of one holder's numbers in an array of `flat`."""
    return np.arange(*np.searchsorted(of, (holder, holder + 1)))


def _best(places: Array, values: Array) -> tuple[Array, Array]:
    """Return each place once, with its largest value."""
    order = np.lexsort((values, places))
    places, values = places[order], values[order]
    last = np.append(places[1:] != places[:-1], True)[: len(places)]
    return places[last], values[last]
