"""What a text says, without a query: the sentences that together say most of it, within a budget.

Maximum coverage of weighted words and pairs of words (Gillick and Favre 2009), one sentence after another. News says
the most first, so that a word weighs more the earlier it stands.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from briefs.models import Analysed, Quote, Reasons
from briefs.passages import Passage, passages, with_those_before
from briefs.text._alone import LEANS, flaws
from briefs.text.languages import LANGUAGES
from briefs.text.terms import terms

EARLY = 0.6  # a word counts (1 + number of the sentence) ** -EARLY for each that has it
ONCE = 0.6  # for a word that stands in one sentence only
PAIR = 1.5  # for two words side by side: they say more than each of them
SMOOTH = 20  # words added to a summary's length, so that one short sentence is not the best of all
BREVITY = 0.9  # the power of the length by which what is said is divided, where the budget is
AMPLE = 70  # words, or more; less brevity below
TOGETHER = 400  # letters, at most, of a sentence with those before that it leans on
HEAVIEST = 40  # sentences that are looked at
MOST = 6  # quotes of a summary


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A passage that a summary may take. said: the words of its text that it says, and pairs of them."""

    passage: Passage
    said: frozenset[Hashable]
    size: int


def gist(articles: Sequence[Analysed], sentences: int | None, words: int | None) -> list[Quote]:
    """Choose the passages that together say most for their length, and give them in the order of the texts.

    sentences, words: at most so many quotes and words; see `summarise.quotes`.
    """
    everything = list(passages(articles))
    said = [frozenset(_said(one)) for one in everything]
    weights = _weights(everything, said)
    limit = math.inf if words is None else words
    brevity = BREVITY if words is None else min(BREVITY, BREVITY * words / AMPLE)

    def worth(covered: float, size: int) -> float:
        return covered / math.pow(SMOOTH + size, brevity)

    def alone(one: _Candidate) -> float:
        return worth(sum(map(weights.__getitem__, one.said)), one.size)

    fitting = [_Candidate(one, words_of, one.size) for one, words_of in zip(everything, said, strict=True)]
    fitting = [one for one in fitting if 0 < one.size <= limit]
    fitting.sort(key=alone, reverse=True)
    readable = (one for one in _readable(articles, fitting, said) if one.size <= limit)
    heaviest = list(itertools.islice(readable, HEAVIEST)) or fitting[:HEAVIEST]
    chosen: list[_Candidate] = []
    best = 0.0
    while len(chosen) < min(sentences or MOST, MOST):
        covered = frozenset[Hashable]().union(*(one.said for one in chosen))
        already, size = sum(map(weights.__getitem__, covered)), sum(one.size for one in chosen)
        more: list[tuple[float, _Candidate]] = []
        for one in heaviest:
            if size + one.size <= limit and not any(_overlap(one.passage, other.passage) for other in chosen):
                more.append((worth(already + sum(map(weights.__getitem__, one.said - covered)), size + one.size), one))
        value, taken = max(more, key=lambda item: item[0], default=(0.0, None))
        if taken is None or value <= best:
            break
        best = value
        chosen.append(taken)
    chosen.sort(key=lambda one: (one.passage.source, one.passage.start))
    return [one.passage.quote(alone(one), Reasons(parts={"says": alone(one)})) for one in chosen]


def _readable(
    articles: Sequence[Analysed], candidates: Iterable[_Candidate], said: Sequence[frozenset[Hashable]]
) -> Iterator[_Candidate]:
    """Give those that stand alone, and with those before them those that lean."""
    firsts = list(itertools.accumulate((len(one.sentences) for one in articles), initial=0))
    for one in candidates:
        wrong = flaws(one.passage.text)
        if not wrong:
            yield one
        elif LEANS.issuperset(wrong):
            source, position = one.passage.source, one.passage.position
            both = with_those_before(articles[source], one.passage, TOGETHER)
            if both:
                before = sum(span.start >= both.start for span in articles[source].sentences[:position])
                last = firsts[source] + position
                yield _Candidate(both, frozenset().union(*said[last - before : last + 1]), both.size)


def _overlap(one: Passage, other: Passage) -> bool:
    return one.source == other.source and one.start < other.end and other.start < one.end


def _said(one: Passage) -> Iterator[Hashable]:
    """Give the stems of a passage that are no stop words, and all pairs of neighbours."""
    stems = terms(one.text, one.language)
    idle = _idle(one.language)
    yield from (stem for stem in stems if stem not in idle)
    yield from itertools.pairwise(stems)


@functools.cache
def _idle(language: str) -> frozenset[str]:
    known = LANGUAGES.get(language)
    return frozenset(stem for word in (known.core_stop_words if known else ()) for stem in terms(word, language))


def _weights(everything: Sequence[Passage], said: Sequence[frozenset[Hashable]]) -> Mapping[Hashable, float]:
    """Weigh what a text says by where, and whether once or more often."""
    held = Counter(itertools.chain.from_iterable(said))
    weights: dict[Hashable, float] = dict.fromkeys(held, 0.0)
    for one, words in zip(everything, said, strict=True):
        early = (1 + one.position) ** -EARLY
        for word in words:
            weights[word] += early
    for word, times in held.items():
        weights[word] *= (ONCE if times == 1 else 1.0) * (PAIR if isinstance(word, tuple) else 1.0)
    return weights
