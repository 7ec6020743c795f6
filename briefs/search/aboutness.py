"""Whether an article is about a topic, or only mentions it.

    of each part of the topic    its frequency, TITLE more where the title has it, saturated and normed as in BM25
    of the topic                 the smallest of these

An article matches by having the topic's words; it is worth telling only where it has them often enough for its length.
"""

from collections.abc import Collection, Sequence

from briefs.search.bm25 import WEIGHTS
from briefs.text.packed import TITLE, Candidate, pack
from briefs.text.query import Terms

USUAL_LENGTH = 240  # terms; not the archive's mean, or among short articles none would be a mention
CHINESE = 3  # times as many terms: a word makes its characters and their pair
SPOKEN_OF = 0.65  # of 1; below, it is only mentioned: see docs/quality-notebook.md


def only_mentions(parts: Sequence[Collection[Terms]], candidate: Candidate) -> bool:
    """Whether an article that matches a topic is about something else.

    parts: the alternatives of each part of the topic. Parts that are not found as terms (those told by their capitals)
    are left out; where all are, the article is about the topic.
    """
    usual = USUAL_LENGTH * (CHINESE if candidate.language == "zh" else 1)
    norm = WEIGHTS.k1 * (1 - WEIGHTS.b + WEIGHTS.b * candidate.length / usual)
    times = min(filter(None, (_times(part, candidate) for part in parts)), default=None)
    return times is not None and times / (times + norm) < SPOKEN_OF


def _times(part: Collection[Terms], candidate: Candidate) -> int:
    forms = {pack(one) for one in part}
    in_title = any(form in candidate.title_terms for form in forms)
    return sum(map(candidate.body_terms.count, forms)) + TITLE * in_title
