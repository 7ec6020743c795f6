"""From pairs of articles to groups of them: copies of one text, and average link. No article is looked at.

    pieces of texts ─ copies ─ connected ─┐
    how alike two articles are ───────────┴─ the two groups most alike on average join, again and again ─ groups

Copies are found by containment of word triples (Broder 1997), since they are cut and framed; triples that many articles
have belong to a site, not to a text. Other articles on one event are joined by average link (Sokal and Michener 1958):
single link chains events together, complete link tears them apart. Two groups that are each held together much more
closely than they are to one another stay two: that is what a company's other news looks like.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from briefs.clustering.shared_features import Holders, flat

# Chosen on restated news in three languages, and on one newspaper's reissues; see docs/quality-notebook.md.
_COPIED = 0.45  # of the shorter text's pieces, in a copy
_SITE, _SITE_LEAST = 0.02, 20  # pieces in more than this share, or number, of the articles are a site's
ALIKE = 0.06  # the average likeness from which two groups are one story
_LOOSER = 0.6  # of the likeness that holds both of them together: what is looser joins two events

Pair = tuple[int, int]  # positions of two articles, the lower first


class Cluster(NamedTuple):
    """Articles on one event. held: the similarity at which its last two parts joined; 0 for one article or copies."""

    members: list[int]
    held: float


def copies(pieces: Sequence[Sequence[int]], known: int = 0) -> Iterator[Pair]:
    """Yield the pairs of texts of which one contains most of the other.

    pieces: hashes of each text's word triples. known: the first so many are not compared with each other.
    """
    count = len(pieces)
    if not count:
        return
    piece, of = flat(pieces)
    _, piece, times = np.unique(piece, return_inverse=True, return_counts=True)
    own = times <= max(_SITE_LEAST, _SITE * count)
    sizes = np.bincount(of, own[piece], count)
    met = np.bincount(piece, of >= known, len(times)) > 0
    shared = (own & met & (times > 1))[piece]
    piece, of = piece[shared], of[shared]
    holders = Holders(piece, of, count)
    for n in range(known, count):
        _, held = holders.before(piece[slice(*np.searchsorted(of, (n, n + 1)))], n)
        common = np.bincount(of[held], minlength=n)
        enough = (common > 0) & (common >= _COPIED * np.minimum(sizes[:n], sizes[n]))
        yield from ((other, n) for other in np.flatnonzero(enough).tolist())


def connected(count: int, pairs: Iterable[Pair]) -> list[list[int]]:
    """Put what is connected together, each group and the groups in order."""
    root = list(range(count))

    def find(n: int) -> int:
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    for one, two in pairs:
        first, second = sorted((find(one), find(two)))
        root[second] = first
    groups: dict[int, list[int]] = defaultdict(list)
    for n in range(count):
        groups[find(n)].append(n)
    return list(groups.values())


def joined(
    groups: Sequence[Sequence[int]], likeness: Mapping[Pair, float], held: Mapping[int, float] | None = None
) -> list[Cluster]:
    """Join the two groups that are most alike on average, again and again, while they are alike enough.

    held: of groups, by their place, that were joined before. Members and clusters are in order.
    """
    members: dict[int, list[int]] = {n: list(group) for n, group in enumerate(groups)}
    near = _between(members, likeness)
    heap = [(-mean, one, two) for one, others in near.items() for two, mean in others.items() if one < two]
    heap = [entry for entry in heap if -entry[0] >= ALIKE]
    heapq.heapify(heap)
    joined_at: dict[int, float] = defaultdict(float, held or {})
    while heap:
        likest, one, two = heapq.heappop(heap)
        if one not in members or two not in members:
            continue  # joined to another meanwhile
        if -likest < _LOOSER * min(joined_at[one], joined_at[two]):
            continue
        sizes = len(members[one]), len(members[two])
        new = len(groups) + len(groups) - len(members)  # each join takes one away: a number never used
        members[new] = members.pop(one) + members.pop(two)
        near[new], joined_at[new] = {}, -likest
        for other in sorted((near[one].keys() | near[two].keys()) & members.keys()):
            total = sizes[0] * near[one].get(other, 0.0) + sizes[1] * near[two].get(other, 0.0)
            mean = total / sum(sizes)
            near[new][other] = near[other][new] = mean
            if mean >= ALIKE:
                heapq.heappush(heap, (-mean, other, new))
    return sorted(Cluster(sorted(group), joined_at[n]) for n, group in members.items())


def _between(groups: Mapping[int, Sequence[int]], likeness: Mapping[Pair, float]) -> dict[int, dict[int, float]]:
    """Return the average likeness of groups, both ways; pairs that are not in `likeness` count as 0."""
    home = {n: group for group, members in groups.items() for n in members}
    near: dict[int, dict[int, float]] = {group: defaultdict(float) for group in groups}
    for (one, two), value in likeness.items():
        a, b = home[one], home[two]
        if a != b:
            share = value / (len(groups[a]) * len(groups[b]))
            near[a][b] += share
            near[b][a] += share
    return near
