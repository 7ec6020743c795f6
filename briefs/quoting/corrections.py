"""Corrections: what an article says now in place of what readers were told. No I/O.

told, and no longer there ─ the sentence most like it now ─┬─ a figure, a name, a word is another: corrected
└─ a slip of spelling, another order: no news
a sentence that calls itself a correction: corrected
"""

import difflib
import re
from collections.abc import Iterable
from itertools import islice

from briefs.languages import LANGUAGES
from briefs.models import Analysed, Article, Reasons, Story, Told, TopStory
from briefs.quoting.passages import passages
from briefs.quoting.standalone import standing
from briefs.text.embeddings import is_word
from briefs.text.features import figures, stop_terms
from briefs.text.sentences import sentence_spans
from briefs.text.terms import terms

QUOTES = 2  # of what an article says now
_LOOKED_AT = 10  # sentences: what opens a page may be its menu
_A_SENTENCE = 0.5  # the least probability that it is a sentence, whether or not it can stand alone
_SAME = 0.5  # the likeness from which one sentence replaces the other
_SLIP = 0.8  # the similarity of two words from which one is a misspelling of the other
_CORRECTION = "|".join(pack.correction for pack in LANGUAGES.values() if pack.correction)
_CALLED_SO = re.compile(rf"\W*(?:{_CORRECTION})", re.IGNORECASE)
_NOT = re.compile("|".join(pack.negation for pack in LANGUAGES.values() if pack.negation), re.IGNORECASE)
_NAME = re.compile(r"(?<=\w[\s'’-])[A-Z]\w+")  # inside a sentence


def corrected(analysed: Analysed, told: Told) -> TopStory | None:
    """Return the story of a correction, of an article that was told and has changed; None if it says the same."""
    article = analysed.article
    said = told.corrected[article.id]
    text = _plain(article.text)
    gone = [one for one in said if _plain(one) not in text and _plain(one) != _plain(article.title)]
    told_already = {_plain(one) for one in said}
    sentences = [one for one in passages([analysed]) if _plain(one.text) not in told_already]
    there = [*(one.text for one in sentences), article.title]  # of equals a sentence, which can be quoted
    before, now = [], []
    for one in gone:
        instead = max(there, key=lambda other: likeness(one, other, article.language))
        if likeness(one, instead, article.language) >= _SAME and says_otherwise(one, instead, article.language):
            before.append(one)
            now.append(instead)
    called_so = [one.text for one in sentences if _CALLED_SO.match(one.text)]
    if not called_so and not before:
        return None
    shown = [one for one in sentences if one.text in {*now, *called_so}][:QUOTES]
    quotes = tuple(one.quote(0.0, Reasons()) for one in shown)
    post = told.posts[article.id]
    was = max(before or gone or said, key=lambda one: likeness(one, " ".join(called_so), article.language), default="")
    return TopStory((article,), quotes, 0.0, Reasons(), post.reference, post.at, Story((article,)), was)


def opening(article: Article) -> str:
    """Return the first real sentence of an article; "" if none of the first few is one.

    It is kept for articles that were told by their title alone, to notice a correction of it.
    """
    language = article.language or "und"
    for place, span in enumerate(islice(sentence_spans(article.text, language), _LOOKED_AT)):
        sentence = article.text[span.start : span.end]
        how = standing(sentence, language, article.title, place)
        if how.good + how.leans >= _A_SENTENCE:
            return sentence
    return ""


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def words(text: str, language: str | None) -> frozenset[str]:
    """Return the stems of a text without stop words."""
    return frozenset(terms(text, language or "und")) - stop_terms(language or "und")


def likeness(one: str, two: str, language: str | None) -> float:
    """Return the Dice coefficient of the words of two sentences; misspellings count as the same word."""
    said, other = words(one, language), words(two, language)
    slips = sum(_nearly(word, other - said) for word in said - other)
    return 2 * (len(said & other) + slips) / max(1, len(said) + len(other))


def says_otherwise(before: str, now: str, language: str | None) -> bool:
    """Return whether a sentence says something else now; words that are only added or mended do not count."""
    if set(figures(before)) - set(figures(now)) or len(_NOT.findall(before)) != len(_NOT.findall(now)):
        return True
    said, other = words(before, language), words(now, language)
    gone = [word for word in said - other if not word[0].isdigit()]
    return any(not _is_slip(word, before, other - said, language) for word in gone)


def _is_slip(word: str, before: str, others: Iterable[str], language: str | None) -> bool:
    """Return whether a word was only misspelled. A name that became another name was not, unless that is a word."""
    named = any(word in terms(name, language or "und") for name in _NAME.findall(before))
    return any(not named or is_word(other, language or "und") for other in others if _nearly(word, [other]))


def _nearly(word: str, others: Iterable[str]) -> bool:
    """Return whether one of these words has the same first letter, and nearly the same letters."""
    return any(word[0] == other[0] and difflib.SequenceMatcher(None, word, other).ratio() >= _SLIP for other in others)
