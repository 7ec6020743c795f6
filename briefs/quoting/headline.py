"""Which article of a story a reader sees first, and which of its sentences say more than its title. No I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from briefs.models import Analysed, Sentence
from briefs.text.features import figures
from briefs.text.terms import terms

# An article in the reader's language leads unless its score is below this share of the best one's. Low: all that is
# grouped is on one event, and what people cannot read tells them nothing, however well it answers.
FAR_LOWER = 0.3
_OPENING = 3  # sentences among which a text repeats its title
_OF_THE_TITLE = 0.8  # of a sentence's words, from here on it says no more than the title
_LONGEST = 1.5  # times the title's length: a longer sentence says more


def leading(languages: Sequence[str | None], scores: Sequence[float], wanted: Sequence[str | None]) -> list[int]:
    """Return which of a story's articles may lead, best first: those in the first language wanted that has any.

    languages, scores: of its articles, best first. wanted: the reader's languages, the dearest first. Empty when no
    article is in one of them, or all that are have scores that are far lower.
    """
    least = FAR_LOWER * max(scores, default=0.0)
    for language in filter(None, wanted):
        theirs = [n for n, spoken in enumerate(languages) if spoken == language and scores[n] >= least]
        if theirs:
            return theirs
    return []


def beyond_title(analysed: Analysed) -> Analysed:
    """Leave out the opening sentences that say no more than the title; all stay when nothing else is there."""
    title = analysed.article.title
    opening = analysed.sentences[:_OPENING]
    kept = tuple(one for one in opening if not _repeats(analysed, one, title)) + analysed.sentences[_OPENING:]
    return replace(analysed, sentences=kept) if kept and len(kept) < len(analysed.sentences) else analysed


def _repeats(analysed: Analysed, sentence: Sentence, title: str) -> bool:
    """Whether a sentence is the title, or the title with small differences; a figure of its own is news."""
    if sentence.end - sentence.start > _LONGEST * len(title):
        return False
    text, language = analysed.article.text[sentence.start : sentence.end], analysed.article.language or "und"
    said, entitled = Counter(terms(text, language)), Counter(terms(title, language))
    if not said or not set(figures(text)) <= set(figures(title)):
        return False
    return (said & entitled).total() >= _OF_THE_TITLE * said.total()
