"""Which articles tell the same event: one story, one item.

    articles ─ features ─┬─ copies: most of the shorter text stands in the longer one
                         └─ likeness of words, names, figures and days ─ average link ─ stories

Copies are found by containment of word triples (Broder 1997), since they are cut and framed; triples that many articles
have belong to a site, not to a text. Other articles on one event are joined by average link (Sokal and Michener 1958):
single link chains events together, complete link tears them apart.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations

from briefs.models import Article, Story
from briefs.text.aliases import Aliases
from briefs.text.features import Features, Weighted, features

# Chosen on restated news in three languages, and on one newspaper's reissues; see docs/quality.md.
_COPIED = 0.45  # of the shorter text's pieces, in a copy
_SITE, _SITE_LEAST = 0.02, 20  # pieces in more than this share, or number, of the articles are a site's
_ALIKE = 0.07  # the average likeness from which two groups are one story
_OTHER_LANGUAGE = 0.8  # the likeness of names and figures counts for this much of that of whole texts
_SAME_DAY = 0.03  # for at most a day apart
_APART = timedelta(days=3)
_LONG, _DAMPING = 25.0, 1.2  # words from which texts share some by chance, and how strongly that is discounted
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
    clusters = _joined(copies, dict(_likeness(read, [article.published for article in ordered])))
    return [Story(tuple(ordered[n] for n in cluster)) for cluster in clusters]


def _place(article: Article) -> tuple[bool, float, str]:
    published = article.published
    return published is None, published.timestamp() if published else 0.0, article.id


# ---------------------------------------------------------------- copies


def _copies(read: Sequence[Features]) -> Iterator[Pair]:
    """Give pairs where one text holds most of the other."""
    limit = max(_SITE_LEAST, _SITE * len(read))
    holders: dict[int, list[int]] = defaultdict(list)
    for n, one in enumerate(read):
        for piece in one.pieces:
            holders[piece].append(n)
    sizes: Counter[int] = Counter()
    common: Counter[Pair] = Counter()
    for piece_holders in holders.values():
        if len(piece_holders) <= limit:
            sizes.update(piece_holders)
            common.update(combinations(piece_holders, 2))
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


def _likeness(read: Sequence[Features], days: Sequence[datetime | None]) -> Iterator[tuple[Pair, float]]:
    """Give the pairs that have something in common and are near in time, with how alike they are."""
    languages = defaultdict(list)
    for n, one in enumerate(read):
        languages[one.language].append(n)
    within = [_cosines({n: read[n].own for n in members}) for members in languages.values()]
    across = {
        pair: _OTHER_LANGUAGE * cosine
        for pair, cosine in _cosines({n: one.shared for n, one in enumerate(read)}, 1.0).items()
        if read[pair[0]].language != read[pair[1]].language
    }
    for cosines in (*within, across):
        for (first, second), cosine in cosines.items():
            gap = _gap(days[first], days[second])
            if gap is None or gap <= _APART:
                bonus = _SAME_DAY if gap is not None and gap <= timedelta(days=1) else 0.0
                words = math.sqrt(len(read[first].own) * len(read[second].own))
                yield (first, second), (cosine + bonus) * max(1.0, words / _LONG) ** -_DAMPING


def _gap(one: datetime | None, two: datetime | None) -> timedelta | None:
    return abs(one - two) if one and two else None


def _cosines(counts: Mapping[int, Weighted], least: float = 0.0) -> dict[Pair, float]:
    """Return the TF-IDF cosines of all that share a feature, by pairs.

    least: 0 makes what all have worth next to nothing; 1 lets it count, as names must when all are on one subject.
    """
    limit = max(_COMMON_LEAST, _COMMON * len(counts))
    found_in = Counter(feature for weights in counts.values() for feature in weights)
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for n in sorted(counts):
        vector = {
            feature: (1 + math.log(times)) * math.log(least + (len(counts) + 1) / (found_in[feature] + 0.5))
            for feature, times in counts[n].items()
        }
        length = math.sqrt(sum(weight * weight for weight in vector.values()))
        for feature, weight in vector.items():
            if found_in[feature] <= limit and length:
                postings[feature].append((n, weight / length))
    cosines: dict[Pair, float] = defaultdict(float)
    for holders in postings.values():
        for (one, first), (two, second) in combinations(holders, 2):
            cosines[one, two] += first * second
    return cosines


# ---------------------------------------------------------------- average link


def _joined(groups: Sequence[Sequence[int]], likeness: Mapping[Pair, float]) -> list[list[int]]:
    """Join the two groups that are most alike on average, again and again, while they are alike enough."""
    members: dict[int, list[int]] = {n: list(group) for n, group in enumerate(groups)}
    near = _between(members, likeness)
    heap = [(-mean, one, two) for one, others in near.items() for two, mean in others.items() if one < two]
    heap = [entry for entry in heap if -entry[0] >= _ALIKE]
    heapq.heapify(heap)
    while heap:
        _, one, two = heapq.heappop(heap)
        if one not in members or two not in members:
            continue  # joined to another meanwhile
        sizes = len(members[one]), len(members[two])
        new = len(groups) + len(groups) - len(members)  # each join takes one away: a number never used
        members[new] = members.pop(one) + members.pop(two)
        near[new] = {}
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
