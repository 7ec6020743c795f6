"""What readers wish more and less of, and how that moves a story. No I/O.

More and less like this: by the share of its subject that a story has in common with the one wished under, at most by
LIKING of its score. Less from this source: FROM_SOURCE of the score is left, each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from briefs.languages import pack_of
from briefs.models import Reasons, TopStory, Wish
from briefs.text.detection import UNSURE
from briefs.text.terms import terms

LIKING = 0.5  # of a story's score: the most that being like stories wished for, or not wished for, moves it
FROM_SOURCE = 0.7  # what each wish for less from its source leaves of a story's score
_STORIES = 256  # whose terms are remembered: some .8 MB
_SOURCE_WISHES = 3  # that count: no source is silenced by them


@lru_cache(_STORIES)
def about(*said: tuple[str, str]) -> frozenset[str]:
    """Return the terms that tell what a story is about. said: its title and its quotes, each with its language."""
    own = (set(terms(text, language)) - pack_of(language).core_stop_words for text, language in said)
    return frozenset[str]().union(*own)


def subject(story: TopStory) -> frozenset[str]:
    """Return what a story is about, as a reader sees it: its title and its quotes."""
    quotes = ((quote.text, story.articles[quote.source].language or UNSURE) for quote in story.quotes)
    return about((story.lead.title, story.lead.language or UNSURE), *quotes)


def overlap(one: frozenset[str], two: frozenset[str]) -> float:
    """Return the share of the smaller subject that two have in common."""
    return len(one & two) / max(1, min(len(one), len(two)))


def as_wished(story: TopStory, wishes: Sequence[Wish]) -> TopStory:
    """Move a story's score by the wishes, within bounds, and say by how much."""
    own = subject(story)
    liked = sum(
        overlap(own, wish.terms) * (1 if wish.kind == "more" else -1) for wish in wishes if wish.kind != "source"
    )
    less = sum(wish.kind == "source" and wish.source == story.lead.source for wish in wishes)
    factor = (1 + LIKING * max(-1.0, min(1.0, liked))) * FROM_SOURCE ** min(less, _SOURCE_WISHES)
    moved = (factor - 1) * story.score
    if not moved:
        return story
    reasons = Reasons(story.reasons.terms, {**story.reasons.parts, "feedback": moved})
    return replace(story, score=story.score + moved, reasons=reasons)
