"""Fingerprints: the weighted words of articles, by which it is told whether two are on the same event.

    article ─ words, figures, names, translations ─ a Unweighted ─┐
    document frequencies of these ─────────────────────────────┴─ a Fingerprint, which packs into bytes

A fingerprint is weighed once, when its article comes in, so the similarity of two articles never changes later. Keys
are hashes, the same in every process, so that an index of them finds the articles that share a rare word.
"""

from __future__ import annotations

import math
import struct
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from heapq import nlargest
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from briefs.clustering.cross_lingual import crossings
from briefs.models import Article
from briefs.text.addresses import host_of
from briefs.text.aliases import Aliases
from briefs.text.features import Words, features, key_of, keys_of

if TYPE_CHECKING:
    from briefs.clustering.shared_features import Array

TRACES = 12  # keys of its own language, and as many of the others', that an article is looked up by: 24 find no more
CANDIDATES = 10  # articles that a new one is compared with, of those that came before and of its batch: 20 find no more
FOLLOWED = timedelta(days=30)  # so far apart may articles of a story be that somebody follows
_SHARED = "#="  # how figures and aliases begin, which are the same in every language: see `cross_lingual`
EVERYTHING = key_of("")  # stands in every article

Key: TypeAlias = int
Weights: TypeAlias = Mapping[Key, float]


class Ways(NamedTuple):
    """The translations ("ways" into other languages) of some words, one word's after the other.

    counts: how many each word has. keys, trusts: of each translation.
    """

    counts: Sequence[int]
    keys: Sequence[Key]
    trusts: Sequence[float]


@dataclass(frozen=True, slots=True)
class Unweighted:
    """The words of an article before they are weighed.

    own: key of each word → its frequency. crossing: the same of the words that have translations. ways: these. shared:
    keys that are the same in every language. pieces: hashes of word triples, which copies share. came: when it was
    first seen, if known.
    """

    language: str
    published: datetime | None
    publisher: int
    own: Weights
    crossing: Weights
    ways: Ways
    shared: frozenset[Key]
    pieces: frozenset[int]
    came: datetime | None = None

    @property
    def keys(self) -> set[Key]:
        """The keys whose document frequencies its weights depend on."""
        return {EVERYTHING, key_of(self.language), *self.own, *self.crossing}


@dataclass(frozen=True)
class Fingerprint:
    """What is kept of an article, to be compared with others.

    publisher: its number, 0 where unknown. keys, weights: of its words, a vector of length 1.
    crossing: the same of the words that have translations; ways: these. pieces: hashes of word triples. came: when it
    was first seen, if known.
    """

    language: str
    published: datetime | None
    publisher: int
    keys: Sequence[Key]
    weights: Sequence[float]
    crossing: Sequence[float]
    ways: Ways
    pieces: Sequence[int]
    came: datetime | None = None

    @cached_property
    def reach(self) -> tuple[Array, Array]:
        """The keys of its translations, each once and sorted, and the largest weight of each."""
        import numpy as np  # slow to import

        ways = np.asarray(self.ways.keys, dtype=np.int64)
        worth = np.repeat(self.crossing, self.ways.counts) * np.asarray(self.ways.trusts)
        order = np.lexsort((worth, ways))
        ways, worth = ways[order], worth[order]
        best = np.append(ways[1:] != ways[:-1], True)[: len(ways)]
        return ways[best], worth[best]

    @cached_property
    def traces(self) -> Weights:
        """The keys with the largest weights, by which candidates are looked up."""
        ways, worth = self.reach
        own = nlargest(TRACES, zip(self.weights, self.keys, strict=True))
        across = nlargest(TRACES, zip(worth.tolist(), ways.tolist(), strict=True))
        return {key: weight for weight, key in (*own, *across)}


def place(article: Article) -> tuple[bool, float, str]:
    """Return a sort key: oldest first, undated last, whatever the order they came in."""
    published = article.published
    return published is None, published.timestamp() if published else 0.0, article.id


def publisher_of(source: str | None, url: str | None) -> int:
    """Return a publisher's number; 0 where neither its name nor its site is known."""
    known = source or host_of(url or "")
    return key_of(known) if known else 0


def read(
    article: Article,
    aliases: Aliases,
    found: Words | None = None,
    *,
    across: bool = True,
    came: datetime | None = None,
) -> Unweighted:
    """Extract the words of an article and their translations.

    aliases: names that are the same in any language. found: the terms of title and text, if known already. across:
    whether it will be compared with articles in other languages. came: when it was first seen.
    """
    known = features(article, aliases, found)
    crossing = crossings(article, known) if across else {}
    words = [*known.own.keys() | crossing.keys()]
    named = (word if word[0] in _SHARED else f"{known.language} {word}" for word in words)
    keys = dict(zip(words, keys_of(named), strict=True))
    crossed = {keys[word]: one for word, one in crossing.items()}
    ways = [way for one in crossed.values() for way in one.ways]
    return Unweighted(
        known.language,
        article.published,
        publisher_of(article.source, article.url),
        {keys[word]: times for word, times in known.own.items()},
        {key: one.weight for key, one in crossed.items()},
        Ways(
            array("I", [len(one.ways) for one in crossed.values()]),
            array("I", keys_of(way for way, _ in ways)),
            array("d", [trust for _, trust in ways]),
        ),
        frozenset(key for word, key in keys.items() if word[0] in _SHARED),
        known.pieces,
        came,
    )


def weigh(reading: Unweighted, articles_with: Mapping[Key, int]) -> Fingerprint:
    """Weigh words by TF-IDF among the articles of their language; what is of no language, among all.

    articles_with: the document frequency of each key of the reading, its own article included.
    """
    size, all_of_them = articles_with[key_of(reading.language)], articles_with[EVERYTHING]

    among = {key: all_of_them if key in reading.shared else size for key in {*reading.own, *reading.crossing}}
    rarity = {key: math.log((total + 1) / (articles_with[key] + 0.5)) for key, total in among.items()}

    def vector(counts: Weights) -> dict[Key, float]:
        made = {key: rarity[key] * (1 + math.log(times) if times != 1 else 1) for key, times in counts.items()}
        length = math.sqrt(sum(weight * weight for weight in made.values())) or 1.0
        return {key: weight / length for key, weight in made.items()}

    own = vector(reading.own)
    return Fingerprint(
        reading.language,
        reading.published,
        reading.publisher,
        array("I", own.keys()),
        array("d", own.values()),
        array("d", vector(reading.crossing).values()),
        reading.ways,
        array("I", sorted(reading.pieces)),
        reading.came,
    )


def nearest(traces: Weights, holders: Mapping[Key, Iterable[int]]) -> list[int]:
    """Return the CANDIDATES articles that share the most weight of these keys; of equals, the later ones."""
    shared: dict[int, float] = defaultdict(float)
    for key, weight in sorted(traces.items()):
        for other in holders.get(key, ()):
            shared[other] += weight * weight
    return nlargest(CANDIDATES, shared, key=lambda other: (shared[other], other))


# ---------------------------------------------------------------- as bytes

_HEAD = struct.Struct("4I")  # words of its own, words with ways, ways in all, pieces


def pack(fingerprint: Fingerprint) -> bytes:
    """Return a fingerprint's numbers as bytes; its language, publisher and days are kept elsewhere."""
    ways = fingerprint.ways
    parts = (
        array("I", fingerprint.keys),
        array("f", fingerprint.weights),
        array("f", fingerprint.crossing),
        array("I", ways.counts),
        array("I", ways.keys),
        array("f", ways.trusts),
        array("I", fingerprint.pieces),
    )
    head = _HEAD.pack(len(fingerprint.keys), len(fingerprint.crossing), len(ways.keys), len(fingerprint.pieces))
    return head + b"".join(part.tobytes() for part in parts)


def unpack(
    packed: bytes, language: str, published: datetime | None, publisher: int, came: datetime | None = None
) -> Fingerprint:
    """Return the fingerprint that was packed."""
    words, crossed, ways, pieces = _HEAD.unpack_from(packed)
    numbers = memoryview(packed)[_HEAD.size :]
    whole, real = numbers.cast("I"), numbers.cast("f")
    a, b, c, d, e, f = accumulate((words, words, crossed, crossed, ways, ways))
    kept = Ways(whole[c:d], whole[d:e], real[e:f])
    own, weights, crossing, triples = whole[:a], real[a:b], real[b:c], whole[f : f + pieces]
    return Fingerprint(language, published, publisher, own, weights, crossing, kept, triples, came)
