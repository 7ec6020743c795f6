"""Whether an article is on a topic, or only mentions it: by how much it speaks of what the topic asks for.

    of each part    its times in the text, and some more for the title, saturated and normed by length as in BM25
    of the topic    the least of these

That a topic's words stand in an article is what makes it match; that it speaks of them is what makes it worth telling.
"""

from collections.abc import Collection, Sequence

from briefs.search.bm25 import WEIGHTS, Terms
from briefs.text.packed import TITLE, Candidate, pack

USUAL_LENGTH = 240  # terms; not the archive's mean: among short articles none is a mention for its length
CHINESE = 3  # times as many terms: a word's characters, and their pair
SPOKEN_OF = 0.65  # the least, of 0 to 1: see docs/quality-notebook.md


def only_mentions(parts: Sequence[Collection[Terms]], candidate: Candidate) -> bool:
    """Whether an article that matches a topic is on something else.

    parts: of each, one sequence of terms at least is asked for. A mention in a short text is much, and three in a long
    one are little. A part that cannot be counted, as what is told by its capitals, says nothing.
    """
    usual = USUAL_LENGTH * (CHINESE if candidate.language == "zh" else 1)
    norm = WEIGHTS.k1 * (1 - WEIGHTS.b + WEIGHTS.b * candidate.length / usual)
    times = min(filter(None, (_times(part, candidate) for part in parts)), default=None)
    return times is not None and times / (times + norm) < SPOKEN_OF


def _times(part: Collection[Terms], candidate: Candidate) -> int:
    forms = {pack(one) for one in part}
    in_title = any(form in candidate.title_terms for form in forms)
    return sum(map(candidate.body_terms.count, forms)) + TITLE * in_title
