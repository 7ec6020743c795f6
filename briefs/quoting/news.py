"""How likely a sentence tells what happened: the news of its own article, by itself, under the article's title.

By how it reads, its place, and the share of the title's words that it has: a title names the news, and a text begins
with it. What stands around these, such as what led to it, reads as well, and has the words of a topic as often. The
weights are learned from quotes that a strict reader judged; see `verdict_weights`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from briefs.models import Analysed, Quote, Reasons
from briefs.quoting.passages import passage, readable
from briefs.quoting.summary import TOGETHER
from briefs.quoting.verdicts import verdict_on_news
from briefs.text.features import stop_terms
from briefs.text.terms import terms

OPENING = 5  # sentences of a text; most tell their news in these


def openings(articles: Sequence[Analysed]) -> Iterator[Quote]:
    """Give the sentences that open some articles, each with those before it that it leans on."""
    for source, analysed in enumerate(articles):
        for place in range(min(OPENING, len(analysed.sentences))):
            shown = readable(analysed, passage(analysed, source, place), TOGETHER)
            yield shown.passage.quote(0.0, Reasons(), shown)


def told_as_news(quote: Quote, analysed: Analysed, asked: Set[str]) -> Quote:
    """Say how likely a quote tells its article's news. asked: the terms of the topic."""
    article = analysed.article
    place = bisect_left([sentence.end for sentence in analysed.sentences], quote.end)
    of_title = share_of_title(quote.text, article.title, article.language or "und", asked)
    said = verdict_on_news(place, of_title, quote.good)
    return replace(quote, fits=said.good, serves=said.serves)


def share_of_title(text: str, title: str, language: str, asked: Set[str]) -> float:
    """Return the share that a text has of what a title says beside the topic; all, where it says nothing beside."""
    beside = set(terms(title, language)) - stop_terms(language) - asked
    return len(beside.intersection(terms(text, language))) / len(beside) if beside else 1.0
