"""Whether an article is about a topic, or only mentions it.

An article matches by having the topic's words. How likely it is about them is told by four signs, weighed by logistic
regression that was learned from judged pairs of a topic and an article (`bench.aboutness_weights`):

    often   the logarithm of the word's frequency, TITLE more where the title has it, by the article's length
    title   whether the title has it, or a piece of it: a word that begins alike (Syria, Syrian), one of several words,
            a Chinese character
    near    where it does not: how near the title's nearest word is to it in meaning
    early   whether it stands among the first EARLY terms

Of a topic that asks for several things, the logarithms of the odds are averaged.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import ceil, exp, log

from briefs.search.bm25 import WEIGHTS
from briefs.text.embeddings import DIMENSIONS, relatives
from briefs.text.features import stop_terms
from briefs.text.packed import TITLE, Candidate, pack, unpack
from briefs.text.query import Terms
from briefs.text.terms import telling

USUAL_LENGTH = 240  # terms; not the archive's mean, or among short articles none would be a mention
EARLY = 60  # terms
CHINESE = 3  # times as many terms: a word makes its characters and their pair
SPOKEN_OF = 0.55  # how likely an article has to be about a topic to be told; see docs/quality-notebook.md
_ALIKE, _BEGINS_ALIKE = 4, 2 / 3  # letters that two words of one kind begin with, and the share of the topic's word
_WEIGHTS = {"always": -2.17, "often": 1.3, "title": 1.76, "near": 2.57, "early": 0.88}


def only_mentions(parts: Sequence[Collection[Terms]], candidate: Candidate) -> bool:
    """Whether an article that matches a topic is about something else.

    parts: the alternatives of each part of the topic. Parts that are not found as terms (those told by their capitals)
    are left out; where all are, the article is about the topic, as is one that is all beginning.
    """
    if candidate.length <= EARLY * _longer(candidate.language):
        return False
    odds = [sum(_WEIGHTS[sign] * value for sign, value in signs.items()) for signs in signs_of(parts, candidate)]
    return bool(odds) and 1 / (1 + exp(-sum(odds) / len(odds))) < SPOKEN_OF


def signs_of(parts: Sequence[Collection[Terms]], candidate: Candidate) -> Iterator[Mapping[str, float]]:
    """Give the signs by which an article is about each part of a topic that it has; see `only_mentions`."""
    longer = _longer(candidate.language)
    norm = WEIGHTS.k1 * (1 - WEIGHTS.b + WEIGHTS.b * candidate.length / (USUAL_LENGTH * longer))
    for part in parts:
        forms = [pack(form) for form in part]
        named = any(form in candidate.title_terms for form in forms)
        times = sum(map(candidate.body_terms.count, forms)) + TITLE * named
        if not times:
            continue
        in_title = named or any(_has_piece(candidate, form) for form in part)
        yield {
            "always": 1.0,
            "often": log(times / norm),
            "title": float(in_title),
            "near": 0.0 if in_title else max(_nearness(candidate, form) for form in part),
            "early": float(any(_is_early(form, candidate, EARLY * longer) for form in forms)),
        }


def _longer(language: str) -> int:
    return CHINESE if language == "zh" else 1


def _is_early(form: str, candidate: Candidate, most: int) -> bool:
    at = candidate.body_terms.find(form)
    return at >= 0 and candidate.body_terms.count("  ", 0, at + 1) < most


def _has_piece(candidate: Candidate, form: Terms) -> bool:
    """Whether a title has a piece of a name: a word that begins alike, one of its words, one of its characters."""
    if len(form) == 1:
        least = max(_ALIKE, ceil(len(form[0]) * _BEGINS_ALIKE))
        return len(form[0]) >= least and f" {form[0][:least]}" in candidate.title_terms
    pieces = form if telling(form) is form else form[::2]
    return any(pack([one]) in candidate.title_terms for one in {*pieces} - stop_terms(candidate.language))


def _nearness(candidate: Candidate, form: Terms) -> float:
    """Return how near the nearest word of a title is to a word in meaning, 0 to 1; 0 of a name, which has no vector."""
    if len(form) > 1:
        return 0.0
    title = unpack(candidate.title_terms)
    near = (relatives(form[0], spoken, candidate.language) for spoken in DIMENSIONS)
    return max((some.get(term, 0.0) for some in near for term in title), default=0.0)
