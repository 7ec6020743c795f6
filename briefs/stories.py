"""Which articles tell the same event: one story, one item.

    articles ─ features ─┬─ copies: most of the shorter text stands in the longer one
                         └─ likeness of words or their translations, names, figures, days ─ average link ─ stories

Copies are found by containment of word triples (Broder 1997), since they are cut and framed; triples that many articles
have belong to a site, not to a text. Other articles on one event are joined by average link (Sokal and Michener 1958):
single link chains events together, complete link tears them apart. Two groups that are each held together much more
closely than they are to one another stay two: that is what a company's other news looks like.
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, combinations

from briefs.models import Article, Story
from briefs.text.aliases import Aliases
from briefs.text.crossing import crossings
from briefs.text.features import Features, Weighted, features

# Chosen on restated news in three languages, and on one newspaper's reissues; see docs/quality.md.
_COPIED = 0.45  # of the shorter text's pieces, in a copy
_SITE, _SITE_LEAST = 0.02, 20  # pieces in more than this share, or number, of the articles are a site's
_ALIKE = 0.06  # the average likeness from which two groups are one story
_LOOSER = 0.6  # of the likeness that holds both of them together: what is looser joins two events
_OTHER_LANGUAGE = 1.2  # translations are never complete
_SAME_DAY = 0.03  # for at most a day apart
_APART = timedelta(days=3)
_ONE_DAY = timedelta(days=1)
_LONG, _DAMPING = 25.0, 1.3  # words from which texts share some by chance, and how strongly that is discounted
_COMMON, _COMMON_LEAST = 0.05, 100  # features in more of the articles than this do not bring two together

Pair = tuple[int, int]  # positions of two articles, the lower first


def stories(articles: Iterable[Article], *, aliases: Aliases | None = None) -> list[Story]:
    """Group articles by the event they tell, across sources and languages.

    Each article is in exactly one story. Neither the stories nor their order, nor that of their articles (oldest first,
    undated last), depends on the order given. aliases: names that are the same in any language.
    """
    ordered = sorted(articles, key=_place)
    read = [features(article, aliases or Aliases()) for article in ordered]
    copies = _groups(len(read), _copies(read))
    clusters = _joined(copies, dict(_likeness(ordered, read)))
    repeated = {ordered[n].id for group in copies for n in group[1:]}
    told = [tuple(ordered[n] for n in cluster) for cluster in clusters]
    return [Story(story, frozenset(one.id for one in story if one.id in repeated)) for story in told]


def _place(article: Article) -> tuple[bool, float, str]:
    published = article.published
    return published is None, published.timestamp() if published else 0.0, article.id


# ---------------------------------------------------------------- copies


def _copies(read: Sequence[Features]) -> Iterator[Pair]:
    """Give pairs where one text holds most of the other."""
    limit = max(_SITE_LEAST, _SITE * len(read))
    held = Counter(chain.from_iterable(one.pieces for one in read))
    sizes = [0] * len(read)
    holders: dict[int, list[int]] = defaultdict(list)
    for n, one in enumerate(read):
        for piece in one.pieces:
            if (times := held[piece]) <= limit:
                sizes[n] += 1
                if times > 1:
                    holders[piece].append(n)
    common = Counter(chain.from_iterable(combinations(having, 2) for having in holders.values()))
    for (first, second), shared in common.items():
        if shared >= _COPIED * min(sizes[first], sizes[second]):
            yield first, second


def _groups(count: int, pairs: Iterable[Pair]) -> list[list[int]]:
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


# ---------------------------------------------------------------- likeness


def _likeness(articles: Sequence[Article], read: Sequence[Features]) -> Iterator[tuple[Pair, float]]:
    """Give the pairs that have something in common and are near in time, with how alike they are."""
    near = _Window([article.published for article in articles])
    by_language = defaultdict(list)
    for n, one in enumerate(read):
        by_language[one.language].append(n)
    alike: dict[Pair, float] = {}
    for members in by_language.values():
        alike |= _cosines({n: read[n].own for n in members}, near)
    if len(by_language) > 1:
        alike |= _across(articles, read, by_language, near)
    for (first, second), cosine in alike.items():
        words = math.sqrt(len(read[first].own) * len(read[second].own))
        bonus = _SAME_DAY if near.same_day(first, second) else 0.0
        yield (first, second), (cosine + bonus) * max(1.0, words / _LONG) ** -_DAMPING


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


def _cosines(counts: Mapping[int, Weighted], near: _Window) -> dict[Pair, float]:
    """Return the TF-IDF cosines of all that share a feature, by pairs."""
    limit = max(_COMMON_LEAST, _COMMON * len(counts))
    found_in = Counter(feature for weights in counts.values() for feature in weights)
    held: dict[str, tuple[list[int], list[float]]] = defaultdict(
        lambda: ([], [])
    )  # by whom so far, and its weight there
    cosines: dict[Pair, float] = {}
    for n in sorted(counts):
        alike: dict[int, float] = defaultdict(float)
        for feature, weight in _vector(counts[n], found_in, len(counts)).items():
            if 1 < found_in[feature] <= limit:
                holders, weights = held[feature]
                start = bisect_left(holders, near.first[n])
                for other, worth in zip(holders[start:], weights[start:], strict=True):
                    alike[other] += weight * worth
                holders.append(n)
                weights.append(weight)
        cosines |= {(other, n): cosine for other, cosine in alike.items()}
    return cosines


def _vector(counts: Weighted, found_in: Mapping[str, int], size: int) -> Weighted:
    """Return TF-IDF weights of length one, among so many articles; what all have is worth next to nothing."""
    vector = {
        feature: (1 + math.log(times)) * math.log((size + 1) / (found_in[feature] + 0.5))
        for feature, times in counts.items()
    }
    length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {feature: weight / length for feature, weight in vector.items()}


# ---------------------------------------------------------------- likeness across languages


def _across(
    articles: Sequence[Article], read: Sequence[Features], by_language: Mapping[str, Sequence[int]], near: _Window
) -> dict[Pair, float]:
    """Return how alike articles of different languages are: each word as like as the best translation that is there.

    A word of one is looked for in the other with all it may be there; the mean of both directions.
    """
    crossing = [crossings(article, one) for article, one in zip(articles, read, strict=True)]
    vectors: dict[int, Weighted] = {}
    for members in by_language.values():
        found_in = Counter(word for n in members for word in crossing[n])
        for n in members:
            counts = {word: one.weight for word, one in crossing[n].items()}
            vectors[n] = _vector(counts, found_in, len(members))
    best: dict[str, dict[int, float]] = defaultdict(dict)
    for n in range(len(read)):
        for word, one in crossing[n].items():
            for way, trust in one.ways:
                worth = trust * vectors[n][word]
                if worth > best[way].get(n, 0.0):
                    best[way][n] = worth
    limit = max(_COMMON_LEAST, _COMMON * len(read))
    alike: dict[Pair, float] = defaultdict(float)
    for n in range(len(read)):
        for word, one in crossing[n].items():
            reached: dict[int, float] = {}
            for way, trust in one.ways:
                if len(best[way]) <= limit:
                    for other, worth in best[way].items():
                        if trust * worth > reached.get(other, 0.0):
                            reached[other] = trust * worth
            for other, worth in reached.items():
                if read[other].language != read[n].language and near.near(n, other):
                    pair = (n, other) if n < other else (other, n)
                    alike[pair] += _OTHER_LANGUAGE / 2 * vectors[n][word] * worth
    return alike


# ---------------------------------------------------------------- average link


def _joined(groups: Sequence[Sequence[int]], likeness: Mapping[Pair, float]) -> list[list[int]]:
    """Join the two groups that are most alike on average, again and again, while they are alike enough."""
    members: dict[int, list[int]] = {n: list(group) for n, group in enumerate(groups)}
    near = _between(members, likeness)
    heap = [(-mean, one, two) for one, others in near.items() for two, mean in others.items() if one < two]
    heap = [entry for entry in heap if -entry[0] >= _ALIKE]
    heapq.heapify(heap)
    joined_at: dict[int, float] = defaultdict(
        float
    )  # group → how alike its last two parts were; 0 for copies of one text
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
            if mean >= _ALIKE:
                heapq.heappush(heap, (-mean, other, new))
    return sorted(sorted(group) for group in members.values())


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
