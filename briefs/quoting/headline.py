"""Which article of a story a reader sees first, and which of its sentences say more than its title. No I/O."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from briefs.models import Analysed, Sentence
from briefs.text.features import figures
from briefs.text.terms import terms

# An article in the reader's language leads unless its score is below this share of the best one's. Low: all that is
# grouped is on one event, and what people cannot read tells them nothing, however well it answers.
FAR_LOWER = 0.3
_OPENING = 3  # sentences among which a text repeats its title
_SAID = 0.8  # of a sentence's words, from here on it says no more than the title, or than what follows
_LONGEST = 1.5  # times the title's length: a longer sentence says more
_OF_WHAT_FOLLOWS = 0.7  # of its length: a longer line is no heading of it


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
    """Leave out the opening sentences that say no more than the title, and headings that the text after them repeats.

    All stay when nothing else is there.
    """
    title, sentences = analysed.article.title, analysed.sentences
    text = tuple(one for one, after in pairwise(sentences) if not _is_heading(analysed, one, after)) + sentences[-1:]
    kept = tuple(one for n, one in enumerate(text) if n >= _OPENING or not _repeats(analysed, one, title))
    return replace(analysed, sentences=kept) if kept and len(kept) < len(sentences) else analysed


def _repeats(analysed: Analysed, sentence: Sentence, title: str) -> bool:
    """Whether a sentence is the title, or the title with small differences; a figure of its own is news."""
    if sentence.end - sentence.start > _LONGEST * len(title):
        return False
    text = analysed.article.text[sentence.start : sentence.end]
    return set(figures(text)) <= set(figures(title)) and _is_said_by(text, title, analysed.article.language)


def _is_heading(analysed: Analysed, sentence: Sentence, after: Sentence) -> bool:
    """Whether a line says no more than the longer text on the next one; a figure of its own is news."""
    text = analysed.article.text
    if sentence.end - sentence.start > _OF_WHAT_FOLLOWS * (after.end - after.start):
        return False
    is_line = "\n" in text[sentence.end : after.start] and "\n" in text[max(0, sentence.start - 1) : sentence.start]
    written, follows = text[sentence.start : sentence.end], text[after.start : after.end]
    has_news = not set(figures(written)) <= set(figures(follows))
    return is_line and not has_news and _is_said_by(written, follows, analysed.article.language)


def _is_said_by(text: str, other: str, language: str | None) -> bool:
    said, there = (Counter(terms(one, language or "und")) for one in (text, other))
    return bool(said) and (said & there).total() >= _SAID * said.total()
