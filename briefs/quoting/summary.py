"""What a text says, without a query: the sentences that together say most of it, within a budget.

Maximum coverage of weighted words and pairs of words (Gillick and Favre 2009), one sentence after another. News says
the most first, so that a word weighs more the earlier it stands.
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TypeAlias

from briefs.models import Analysed, Quote, Reasons
from briefs.quoting.passages import DEEP, STANDS_AFTER, Passage, Readable, passages, readable
from briefs.text.features import stop_terms
from briefs.text.terms import terms

EARLY = 0.6  # a word counts (1 + number of the sentence) ** -EARLY for each that has it
ONCE = 0.6  # for a word that stands in one sentence only
ENTITLED = 2.0  # for a word that the title has
PAIR = 1.5  # for two words side by side: they say more than each of them
SMOOTH = 20  # words added to a summary's length, so that one short sentence is not the best of all
BREVITY = 0.9  # the power of the length by which what is said is divided, where the budget is
AMPLE = 70  # words, or more; less brevity below
TOGETHER = 400  # letters, at most, of a sentence with those before that it leans on
LOOKED_AT = 60  # sentences that say most, of which it is looked at how they read
HEAVIEST = 12  # readable sentences that are weighed against each other
MOST = 6  # quotes of a summary
_Word: TypeAlias = str | int  # a word's stem, or a pair of them
_START = operator.attrgetter("start")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A passage that a summary may take. said: what it says; size: its words; read: how it reads alone."""

    passage: Passage
    said: _Said
    size: int
    read: Readable


@dataclass(frozen=True, slots=True)
class _Said:
    """What a passage says. alone: the weight of what no other says. shared: words and pairs that others say too."""

    alone: float
    shared: frozenset[_Word]

    def __or__(self, other: _Said) -> _Said:
        return _Said(self.alone + other.alone, self.shared | other.shared)


@dataclass(frozen=True, slots=True)
class _Scale:
    """What it is worth to say something. weights: of words and pairs that several passages say; brevity: see above."""

    weights: Mapping[_Word, float]
    brevity: float

    def says(self, one: _Said, covered: frozenset[_Word] = frozenset()) -> float:
        """Weigh what is said and not covered."""
        return one.alone + sum(map(self.weights.__getitem__, one.shared - covered))

    def worth(self, covered: float, size: int) -> float:
        """Weigh what is covered by the words that it takes."""
        return covered / math.pow(SMOOTH + size, self.brevity)

    def alone(self, one: _Candidate) -> float:
        """Weigh a passage by itself."""
        return self.worth(self.says(one.said), one.size)


def gist(articles: Sequence[Analysed], sentences: int | None, words: int | None, least: float | None) -> list[Quote]:
    """Choose the passages that together say most for their length, and give them in the order of the texts.

    sentences, words: at most so many quotes and words; see `selection.quotes`. least: how likely each has to read well
    alone; None: as any quote, and it opens the text.
    """
    everything = list(passages(articles))
    said, weights = _weighed(everything, articles)
    limit = math.inf if words is None else words
    scale = _Scale(weights, BREVITY if words is None else min(BREVITY, BREVITY * words / AMPLE))
    sizes = [one.size for one in everything]
    worths = [scale.worth(scale.says(one), size) for one, size in zip(said, sizes, strict=True)]
    fitting = sorted((n for n, size in enumerate(sizes) if 0 < size <= limit), key=worths.__getitem__, reverse=True)
    looked_at = [
        _Candidate(everything[n], said[n], sizes[n], Readable(everything[n], 1.0)) for n in fitting[:LOOKED_AT]
    ]
    # In a text of so many words each has to say much, and what it leans on has no room: how it reads decides no more.
    room, certain = (TOGETHER, False) if words is None else (0, True)
    heaviest = list(itertools.islice(_readable(articles, looked_at, said, least, room), HEAVIEST))
    further = STANDS_AFTER if least is None else min(STANDS_AFTER, 2 * least)
    chosen: list[_Candidate] = []
    best = 0.0
    while len(chosen) < min(sentences or MOST, MOST):
        may_follow = [one for one in heaviest if not chosen or one.read.good >= further]
        value, taken = _most_worth(may_follow, chosen, scale, limit, certain=certain)
        if taken is None or value <= best:
            break
        best = value
        chosen.append(taken)
    chosen.sort(key=lambda one: (one.passage.source, one.passage.start))
    return [one.passage.quote(worth := scale.alone(one), Reasons(parts={"says": worth}), one.read) for one in chosen]


def _most_worth(
    candidates: Iterable[_Candidate], chosen: Sequence[_Candidate], scale: _Scale, limit: float, *, certain: bool
) -> tuple[float, _Candidate | None]:
    """Return what a summary is worth with the one that adds most to it, and that one; None where none has room.

    certain: how likely it reads well does not count.
    """
    told = functools.reduce(operator.or_, (one.said for one in chosen), _Said(0.0, frozenset()))
    already, size = scale.says(told), sum(one.size for one in chosen)
    more: list[tuple[float, _Candidate]] = []
    for one in candidates:
        if size + one.size <= limit and not any(_overlap(one.passage, other.passage) for other in chosen):
            chance = 1.0 if certain else one.read.good
            more.append((scale.worth(already + chance * scale.says(one.said, told.shared), size + one.size), one))
    return max(more, key=lambda item: item[0], default=(0.0, None))


def _readable(
    articles: Sequence[Analysed],
    candidates: Iterable[_Candidate],
    said: Sequence[_Said],
    least: float | None,
    room: int,
) -> Iterator[_Candidate]:
    """Give those that stand alone, and with those before them those that lean, in `room` letters at most."""
    firsts = list(itertools.accumulate((len(one.sentences) for one in articles), initial=0))
    for one in candidates:
        source, position = one.passage.source, one.passage.position
        if least is None and position >= DEEP:
            continue
        shown = readable(articles[source], one.passage, room)
        if not shown.is_at_least(least):
            continue
        first = bisect_left(articles[source].sentences, shown.passage.start, hi=position, key=_START)
        they = slice(firsts[source] + first, firsts[source] + position + 1)
        yield _Candidate(shown.passage, functools.reduce(operator.or_, said[they]), shown.passage.size, shown)


def _overlap(one: Passage, other: Passage) -> bool:
    return one.source == other.source and one.start < other.end and other.start < one.end


def _weighed(everything: Sequence[Passage], articles: Sequence[Analysed]) -> tuple[list[_Said], Mapping[_Word, float]]:
    """Return what each passage says, and what each word and pair weighs that several say: by where they say it.

    What a title says too is the news.
    """
    words, pairs = zip(*(_words_and_pairs(one) for one in everything), strict=True) if everything else ((), ())
    entitled = [frozenset(terms(one.article.title, one.article.language or "und")) for one in articles]
    shared_words, shared_pairs = _shared((*words, *entitled)), _shared(pairs)
    said: list[_Said] = []
    weights = dict.fromkeys(shared_words | shared_pairs, 0.0)
    for word in shared_words & frozenset[_Word]().union(*entitled):
        weights[word] += ENTITLED
    for one, its_words, its_pairs in zip(everything, words, pairs, strict=True):
        early = (1 + one.position) ** -EARLY
        words_of_others, pairs_of_others = its_words & shared_words, its_pairs & shared_pairs
        for word in words_of_others:
            weights[word] += early
        for pair in pairs_of_others:
            weights[pair] += early * PAIR
        only_words, only_pairs = len(its_words) - len(words_of_others), len(its_pairs) - len(pairs_of_others)
        said.append(_Said(ONCE * early * (only_words + PAIR * only_pairs), words_of_others | pairs_of_others))
    return said, weights


def _words_and_pairs(one: Passage) -> tuple[frozenset[_Word], frozenset[_Word]]:
    """Return the stems of a passage that are no stop words, and all pairs of neighbours."""
    stems = terms(one.text, one.language)
    # Of a pair only the hash is kept: thousands of pairs do not meet in 64 bits, and cost half as much.
    pairs = map(hash, itertools.pairwise(stems))
    return frozenset(stems) - stop_terms(one.language), frozenset(pairs)


def _shared(sets: Iterable[Set[_Word]]) -> Set[_Word]:
    """Return what several of them have."""
    seen, again = set[_Word](), set[_Word]()
    for one in sets:
        again |= seen & one
        seen |= one
    return again
