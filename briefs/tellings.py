"""What an article is compared by, to tell whether another is on the same event.

    article ─ words, figures, names, ways into other languages ─ a Reading ─┐
    in how many articles each of these stands ──────────────────────────────┴─ a Telling, which packs into bytes

A telling that is kept is weighed once, when its article comes in: how alike two articles are does not change with
those that follow. Keys are numbers, the same in every process, so that an index of them finds what shares a rare word.
"""

from __future__ import annotations

import math
import struct
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from heapq import nlargest
from typing import TypeAlias

from briefs.models import Article
from briefs.text.aliases import Aliases
from briefs.text.crossing import crossings
from briefs.text.features import features, key_of

TRACES = 12  # keys of its own language, and as many of the others', that an article is looked up by: 24 find no more
CANDIDATES = 10  # articles that a new one is compared with, of those that came before and of its batch: 20 find no more

_SHARED = "#="  # how figures and aliases begin, which are the same in every language: see `crossing`
_EVERYTHING = key_of("")  # stands in every article

Key: TypeAlias = int
Weights: TypeAlias = Mapping[Key, float]
Ways: TypeAlias = Sequence[tuple[Key, float]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What an article says, before it is weighed.

    own: key of a word → how often it stands. crossing: key of a word → the same, with its ways into other languages.
    shared: keys that are the same in every language. pieces: of its text, which copies share.
    """

    language: str
    published: datetime | None
    own: Weights
    crossing: Mapping[Key, tuple[float, Ways]]
    shared: frozenset[Key]
    pieces: frozenset[int]

    @property
    def keys(self) -> set[Key]:
        """All whose commonness tells what the article's words are worth."""
        return {_EVERYTHING, key_of(self.language), *self.own, *self.crossing}


@dataclass(frozen=True)
class Telling:
    """What is kept of an article to tell whether another is on the same event.

    own: weights of its words, of length one together. crossing: weights of its words with their ways into other
    languages and how far each is trusted. pieces: of its text, which copies share.
    """

    language: str
    published: datetime | None
    own: Weights
    crossing: Sequence[tuple[float, Ways]]
    pieces: frozenset[int]

    @cached_property
    def reach(self) -> Weights:
        """The best weight of each way into other languages."""
        best: dict[Key, float] = {}
        for weight, ways in self.crossing:
            for way, trust in ways:
                if trust * weight > best.get(way, 0.0):
                    best[way] = trust * weight
        return best

    @cached_property
    def traces(self) -> Weights:
        """The heaviest keys, by which others on the same event are found."""
        return dict(
            chosen for weights in (self.own, self.reach) for chosen in nlargest(TRACES, weights.items(), _heavy)
        )


def _heavy(weighted: tuple[Key, float]) -> tuple[float, Key]:
    return weighted[1], weighted[0]


def place(article: Article) -> tuple[bool, float, str]:
    """Return what puts articles in order, oldest first, whatever the order they came in."""
    published = article.published
    return published is None, published.timestamp() if published else 0.0, article.id


def read(article: Article, aliases: Aliases, *, across: bool = True) -> Reading:
    """Read what an article says.

    aliases: names that are the same in any language. across: whether it will be compared with another language's.
    """
    found = features(article, aliases)
    crossing = crossings(article, found) if across else {}
    keys = {
        word: key_of(word if word[0] in _SHARED else f"{found.language} {word}")
        for word in found.own.keys() | crossing.keys()
    }
    return Reading(
        found.language,
        article.published,
        {keys[word]: times for word, times in found.own.items()},
        {keys[word]: (one.weight, [(key_of(way), trust) for way, trust in one.ways]) for word, one in crossing.items()},
        frozenset(key for word, key in keys.items() if word[0] in _SHARED),
        found.pieces,
    )


def weigh(reading: Reading, articles_with: Mapping[Key, int]) -> Telling:
    """Weigh words by how rare they are among articles of their language; what is of no language, among all.

    articles_with: in how many articles each key of the reading stands, its own article included.
    """
    size, all_of_them = articles_with[key_of(reading.language)], articles_with[_EVERYTHING]

    def rarity(key: Key) -> float:
        among = all_of_them if key in reading.shared else size
        return math.log((among + 1) / (articles_with[key] + 0.5))

    def vector(counts: Weights) -> dict[Key, float]:
        made = {key: (1 + math.log(times)) * rarity(key) for key, times in counts.items()}
        length = math.sqrt(sum(weight * weight for weight in made.values())) or 1.0
        return {key: weight / length for key, weight in made.items()}

    weights = vector({key: times for key, (times, _) in reading.crossing.items()})
    crossing = [(weights[key], ways) for key, (_, ways) in reading.crossing.items()]
    return Telling(reading.language, reading.published, vector(reading.own), crossing, reading.pieces)


def nearest(traces: Weights, holders: Mapping[Key, Iterable[int]]) -> list[int]:
    """Return those that share the most of these keys' weight; of equals, the later."""
    shared: dict[int, float] = defaultdict(float)
    for key, weight in sorted(traces.items()):
        for other in holders.get(key, ()):
            shared[other] += weight * weight
    return nlargest(CANDIDATES, shared, key=lambda other: (shared[other], other))


# ---------------------------------------------------------------- as bytes

_HEAD = struct.Struct("4I")  # words of its own, words with ways, ways in all, pieces
_NUMBER = 4  # bytes


def pack(telling: Telling) -> bytes:
    """Return a telling's numbers as bytes; its language and day are kept elsewhere."""
    ways = [way for _, ways in telling.crossing for way in ways]
    parts = (
        array("I", telling.own),
        array("f", telling.own.values()),
        array("f", [weight for weight, _ in telling.crossing]),
        array("I", [len(ways) for _, ways in telling.crossing]),
        array("I", [key for key, _ in ways]),
        array("f", [trust for _, trust in ways]),
        array("I", sorted(telling.pieces)),
    )
    head = _HEAD.pack(len(telling.own), len(telling.crossing), len(ways), len(telling.pieces))
    return head + b"".join(part.tobytes() for part in parts)


def unpack(packed: bytes, language: str, published: datetime | None) -> Telling:
    """Return the telling that was packed."""
    words, crossed, ways, pieces = _HEAD.unpack_from(packed)
    place = _HEAD.size

    def taken(count: int) -> memoryview:
        nonlocal place
        place += _NUMBER * count
        return memoryview(packed)[place - _NUMBER * count : place]

    own = dict(zip(taken(words).cast("I"), taken(words).cast("f"), strict=True))
    weights, counts = taken(crossed).cast("f"), taken(crossed).cast("I")
    each = zip(taken(ways).cast("I"), taken(ways).cast("f"), strict=True)
    crossing = [(weight, [next(each) for _ in range(count)]) for weight, count in zip(weights, counts, strict=True)]
    return Telling(language, published, own, crossing, frozenset(taken(pieces).cast("I")))
