"""What a text says, without a query: the sentences that together say most of it, within a budget."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from briefs.models import Analysed, Quote, Reasons
from briefs.passages import Passage, passages
from briefs.text._alone import flaws
from briefs.text.languages import LANGUAGES
from briefs.text.terms import fold, tokens

EARLY = 0.6  # a word counts (1 + number of the sentence) ** -EARLY for each that has it: news says the most first
ONCE = 0.7  # for a word that stands in one sentence only
NAME = 1.5  # for a word written with a capital in mid-sentence
SMOOTH = 30  # words added to a summary's length, so that one short sentence is not the best of all
BREVITY = 0.7  # the power of the length by which what is said is divided, where the budget is
AMPLE = 70  # words, or more; less brevity below
HEAVIEST = 14  # sentences that are tried in every combination
MOST = 6  # sentences of a summary


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that a summary may take. said: the words of its text that it says."""

    passage: Passage
    said: frozenset[str]
    size: int


def gist(articles: Sequence[Analysed], sentences: int | None, words: int | None) -> list[Quote]:
    """Take the sentences that together say most for their length, and give them in the order of the texts.

    Maximum coverage of weighted stems (Gillick and Favre 2009), over the heaviest sentences that fit.
    """
    places = list(passages(articles))
    weights, said = _word_weights(places)
    limit = math.inf if words is None else words
    fitting = [
        _Candidate(one, frozenset(stems), size)
        for one, stems in zip(places, said, strict=True)
        if 0 < (size := one.size) <= limit
    ]
    alone = [one for one in fitting if not flaws(one.passage.text)]
    brevity = _brevity(words)

    def worth(chosen: Sequence[_Candidate]) -> float:
        covered = frozenset().union(*(one.said for one in chosen))
        said: float = sum(weights[stem] for stem in covered)
        length: int = SMOOTH + sum(one.size for one in chosen)
        return said / math.pow(length, brevity)

    heaviest = sorted(alone or fitting, key=lambda one: -worth([one]))[:HEAVIEST]
    chosen = _best_subset(heaviest, worth, limit, min(sentences or MOST, MOST))
    chosen.sort(key=lambda one: (one.passage.source, one.passage.position))
    return [one.passage.quote(worth([one]), Reasons(parts={"says": worth([one])})) for one in chosen]


def _best_subset(
    candidates: Sequence[_Candidate], worth: Callable[[Sequence[_Candidate]], float], limit: float, most: int
) -> list[_Candidate]:
    best: list[_Candidate] = []
    best_worth = 0.0

    def grow(chosen: list[_Candidate], start: int, left: float) -> None:
        nonlocal best, best_worth
        if chosen and (here := worth(chosen)) > best_worth:
            best, best_worth = chosen, here
        if len(chosen) < most:
            for number in range(start, len(candidates)):
                if candidates[number].size <= left:
                    grow([*chosen, candidates[number]], number + 1, left - candidates[number].size)

    grow([], 0, limit)
    return best


def _word_weights(places: Sequence[Passage]) -> tuple[dict[str, float], list[set[str]]]:
    """Weigh the stems of a text; and tell which stems each sentence has."""
    weights: dict[str, float] = {}
    held: Counter[str] = Counter()
    names: set[str] = set()
    said = []
    for place in places:
        stems = _content(place, names)
        said.append(stems)
        held.update(stems)
        for stem in stems:
            weights[stem] = weights.get(stem, 0.0) + (1 + place.position) ** -EARLY
    for stem in weights:
        weights[stem] *= (ONCE if held[stem] == 1 else 1.0) * (NAME if stem in names else 1.0)
    return weights, said


def _content(passage: Passage, names: set[str]) -> set[str]:
    """Return the stems of a sentence that are no stop words; add those written like names to `names`."""
    known = LANGUAGES.get(passage.language)
    idle = known.core_stop_words if known else frozenset()
    stems = set()
    for term, start, end in tokens(passage.text, passage.language):
        word = passage.text[start:end]
        if fold(word) not in idle:
            stems.add(term)
            if start and word[0].isupper():
                names.add(term)
    return stems


def _brevity(words: int | None) -> float:
    """How much shortness counts: little where the budget is short itself."""
    if words is None:
        return BREVITY
    return min(BREVITY, BREVITY * words / AMPLE)
