"""The lead of a story, and the sentences of an article that say more than its title. No I/O."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from briefs.models import Analysed, Sentence
from briefs.text.features import figures
from briefs.text.terms import terms

# To a look-up an article in the reader's language leads unless its score is below this share of the best one's. It is
# low, since all articles of a story are on one event, and readers have nothing of what they cannot read.
FAR_LOWER = 0.3
_OPENING = 3  # sentences among which a text repeats its title
_SAID = 0.8  # the share of a sentence's words from which the title, or the next line, says the same
_LONGEST = 1.5  # times the length of the title; a longer sentence says more
_OF_WHAT_FOLLOWS = 0.7  # times the length of the next line; a longer line is not its heading


def leading(languages: Sequence[str | None], scores: Sequence[float], wanted: Sequence[str | None]) -> list[int]:
    """Return the articles that may lead a story, best first: those in the first wanted language that has any.

    languages, scores: of its articles, best first. wanted: the preferred language first. Empty if no article is in one
    of them, or only articles with scores that are FAR_LOWER.
    """
    least = FAR_LOWER * max(scores, default=0.0)
    for language in filter(None, wanted):
        theirs = [n for n, spoken in enumerate(languages) if spoken == language and scores[n] >= least]
        if theirs:
            return theirs
    return []


def beyond_title(analysed: Analysed) -> Analysed:
    """Return an article without opening sentences that repeat its title, and headings that the next line repeats.

    If nothing else is left, all stay.
    """
    title, sentences = analysed.article.title, analysed.sentences
    text = tuple(one for one, after in pairwise(sentences) if not _is_heading(analysed, one, after)) + sentences[-1:]
    kept = tuple(one for n, one in enumerate(text) if n >= _OPENING or not _repeats(analysed, one, title))
    return replace(analysed, sentences=kept) if kept and len(kept) < len(sentences) else analysed


def _repeats(analysed: Analysed, sentence: Sentence, title: str) -> bool:
    """Whether a sentence repeats the title, with small differences and no further figure."""
    if sentence.end - sentence.start > _LONGEST * len(title):
        return False
    text = analysed.article.text[sentence.start : sentence.end]
    return set(figures(text)) <= set(figures(title)) and _is_said_by(text, title, analysed.article.language)


def _is_heading(analysed: Analysed, sentence: Sentence, after: Sentence) -> bool:
    """Whether a line is repeated by the longer one after it, with no further figure."""
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
