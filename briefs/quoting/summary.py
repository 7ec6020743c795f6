"""Extractive summaries without a query: the sentences that together cover most of a text, within a budget.

Maximum coverage of weighted words and pairs of words (Gillick and Favre 2009), by a greedy choice of sentences. News
says the most important first, so a word weighs more the earlier it stands.
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from briefs.models import Analysed, Quote, Reasons
from briefs.quoting.passages import DEEP, STANDS_AFTER, Passage, Readable, passages, readable
from briefs.text.features import stop_terms
from briefs.text.terms import terms

if TYPE_CHECKING:
    import numpy as np

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
_START = operator.attrgetter("start")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A passage that may be chosen. said: its concepts; size: in words; read: how it reads alone."""

    passage: Passage
    said: _Said
    size: int
    read: Readable


@dataclass(frozen=True, slots=True)
class _Said:
    """The concepts (words and pairs) of a passage.

    alone: the weight of those that no other passage has. shared: the numbers of the others.
    """

    alone: float
    shared: frozenset[int]

    def __or__(self, other: _Said) -> _Said:
        return _Said(self.alone + other.alone, self.shared | other.shared)


@dataclass(frozen=True, slots=True)
class _Scale:
    """The value of concepts. weights: of the shared ones, by number. brevity: see BREVITY."""

    weights: Sequence[float]
    brevity: float

    def says(self, one: _Said, covered: frozenset[int] = frozenset()) -> float:
        """Return the weight of concepts that are not covered yet."""
        return one.alone + sum(map(self.weights.__getitem__, one.shared - covered))

    def worth(self, covered: float, size: int) -> float:
        """Return the value of a summary: the weight that it covers, for its size in words."""
        return covered / math.pow(SMOOTH + size, self.brevity)

    def alone(self, one: _Candidate) -> float:
        """Return the value of a summary of one passage."""
        return self.worth(self.says(one.said), one.size)


def gist(articles: Sequence[Analysed], sentences: int | None, words: int | None, least: float | None) -> list[Quote]:
    """Return the passages that together cover most for their length, in the order of the texts.

    sentences, words: the limits; see `selection.quotes`. least: the least probability that each reads well alone; None:
    that of any quote, and only from the first DEEP sentences.
    """
    everything = list(passages(articles))
    if not everything:
        return []
    contents = _contents(everything, articles)
    limit = math.inf if words is None else words
    scale = _Scale(contents.weights, BREVITY if words is None else min(BREVITY, BREVITY * words / AMPLE))
    sizes = [one.size for one in everything]
    worths = [scale.worth(says, size) for says, size in zip(contents.says, sizes, strict=True)]
    fitting = sorted((n for n, size in enumerate(sizes) if 0 < size <= limit), key=worths.__getitem__, reverse=True)
    # With a limit of words each sentence has to say much, and there is no room for what it leans on.
    room, certain = (TOGETHER, False) if words is None else (0, True)
    looked_at = ((n, everything[n]) for n in fitting[:LOOKED_AT])
    heaviest = list(itertools.islice(_readable(articles, looked_at, contents, least, room), HEAVIEST))
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
    """Return the value of the summary with the best further candidate, and that one; None if none fits.

    certain: do not weigh candidates by the probability that they read well.
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
    numbered: Iterable[tuple[int, Passage]],
    contents: _Contents,
    least: float | None,
    room: int,
) -> Iterator[_Candidate]:
    """Yield the passages that can stand alone, some with the sentences before them, of at most `room` letters."""
    for number, one in numbered:
        if least is None and one.position >= DEEP:
            continue
        analysed = articles[one.source]
        shown = readable(analysed, one, room)
        if shown.is_at_least(least):
            first = bisect_left(analysed.sentences, shown.passage.start, hi=one.position, key=_START)
            said = contents.said(number - (one.position - first), number)
            yield _Candidate(shown.passage, said, shown.passage.size, shown)


def _overlap(one: Passage, other: Passage) -> bool:
    return one.source == other.source and one.start < other.end and other.start < one.end


@dataclass(frozen=True, slots=True)
class _Contents:
    """The concepts of all sentences.

    alone, says: for each sentence the weight of those that only it has, and of all that it has. shared: the numbers of
    the concepts that each shares with others or a title, sentence after sentence; starts: where each sentence begins in
    `shared`. weights: of each number.
    """

    alone: Sequence[float]
    says: Sequence[float]
    shared: np.ndarray[Any, np.dtype[np.int64]]
    starts: Sequence[int]
    weights: Sequence[float]

    def said(self, first: int, last: int) -> _Said:
        """Return the concepts of the sentences from `first` to `last`."""
        shared = self.shared[self.starts[first] : self.starts[last + 1]]
        return _Said(sum(self.alone[first : last + 1]), frozenset(shared.tolist()))


def _contents(everything: Sequence[Passage], articles: Sequence[Analysed]) -> _Contents:
    """Weigh each word and each pair of neighbours by its places; those in a title weigh more.

    A word or a pair counts once in a sentence. Sentences are numbered from 0; titles follow them.
    """
    import numpy as np  # slow to import

    said = [terms(one.text, one.language) for one in everything]
    titles = [terms(one.article.title, one.article.language or "und") for one in articles]
    numbers: defaultdict[str, int] = defaultdict(itertools.count().__next__)
    words = np.fromiter(map(numbers.__getitem__, chain.from_iterable((*said, *titles))), np.int64)
    of = np.repeat(np.arange(len(said) + len(titles)), [*map(len, said), *map(len, titles)])
    sentences, vocabulary = len(said), len(numbers)
    idle = (map(stop_terms(one.language).__contains__, stems) for one, stems in zip(everything, said, strict=True))
    counts = np.ones(len(words), bool)
    counts[of < sentences] = ~np.fromiter(chain.from_iterable(idle), bool)
    beside = (of[1:] == of[:-1]) & (of[1:] < sentences)
    known, pairs = np.unique((words[:-1] * vocabulary + words[1:])[beside], return_inverse=True)
    everything_said = np.concatenate((words[counts], vocabulary + pairs))
    size = vocabulary + len(known)
    each = np.sort(np.concatenate((of[counts], of[1:][beside])) * size + everything_said)
    of, found = np.divmod(each[np.flatnonzero(np.diff(each, prepend=-1))], size)  # each once
    worth = np.where(found < vocabulary, 1.0, PAIR)
    titled, shared = of >= sentences, (np.bincount(found) > 1)[found]
    # Powers of Python, which are the same on every machine.
    early = np.array([*((1 + one.position) ** -EARLY for one in everything), *(0.0 for _ in titles)])
    entitled = np.unique(found[titled])
    weights = np.bincount(
        np.concatenate((entitled, found)), np.concatenate((np.full(len(entitled), ENTITLED), early[of] * worth))
    )
    alone = ONCE * early * np.bincount(of, np.where(shared, 0.0, worth), len(early))
    says = alone + np.bincount(of, np.where(shared, weights[found], 0.0), len(early))
    shared &= ~titled
    starts = np.searchsorted(of[shared], np.arange(sentences + 1))
    return _Contents(alone.tolist(), says[:sentences].tolist(), found[shared], starts.tolist(), weights.tolist())
