"""Ranked articles → a brief within its limits. No I/O.

articles that answer → the best sentence of each puts them in order → stories → quotes
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from briefs.models import Analysed, Notice, Quote, TopStory
from briefs.rank import Ranked
from briefs.summarise import best_quotes
from briefs.text.query import Query

# An article answers when its words tell at least this share of what the query tells (see `Ranked.share`): a verb or a
# number that happens to stand in it too is no answer.
LEAST_SHARE = 0.3
QUOTES = 3  # a story
_NEAR_BEST = 0.5  # further quotes score at least this share of a story's first


def answering(ranked: Sequence[Ranked]) -> list[Ranked]:
    """Leave out the articles that share only an incidental word with the query."""
    return [one for one in ranked if one.share >= LEAST_SHARE]


def top_stories(
    query: Query,
    found: Sequence[tuple[Ranked, Analysed]],
    *,
    idf: Callable[[str], float],
    limit: int,
) -> tuple[TopStory, ...]:
    """Return the stories that answer a query, with their quotes, best first.

    found: articles that answer, best first. idf: how rare a term is among the sentences of the archive.
    The best sentence of each article decides the order: what is read is sentences.
    """
    articles = [analysed for _, analysed in found]
    scores = [ranked.score for ranked, _ in found]
    everything = sum(len(analysed.sentences) for analysed in articles)
    quotes: dict[int, list[Quote]] = defaultdict(list)
    for quote in best_quotes(articles, query, article_scores=scores, sentences=everything, idf=idf):
        if quote.reasons.terms:
            quotes[quote.source].append(quote)
    order = sorted(range(len(found)), key=lambda n: (-(quotes[n][0].score if quotes[n] else 0.0), -scores[n]))
    return tuple(_top_story(found[n], quotes[n]) for n in order[:limit])


def _top_story(found: tuple[Ranked, Analysed], quotes: Sequence[Quote]) -> TopStory:
    ranked, analysed = found
    # Only the title has the words: the sentences that say most of the article stand for it.
    chosen = quotes or best_quotes([analysed], None, sentences=1)
    least = _NEAR_BEST * chosen[0].score if chosen else 0.0
    kept = [quote for quote in chosen[:QUOTES] if quote.score >= least]
    shown = tuple(Quote(one.text, 0, one.start, one.end, one.score, one.reasons) for one in kept)
    return TopStory((analysed.article,), shown, ranked.score, ranked.reasons)


def notice(
    query: Query,
    shown: Sequence[Ranked],
    *,
    corrections: Sequence[tuple[str, str]],
    nearest: Callable[[Sequence[str]], Sequence[str]],
) -> Notice | None:
    """Return the honest word on what was not found, where something was not.

    corrections: what the asker wrote, and what it was read as. nearest: finds words of the archive that look so.
    """
    words = query.content
    if not words:
        return Notice("only_stop_words")
    seen = frozenset[int]().union(*(one.found for one in shown))
    missing = _unseen(query, seen)
    if not shown:
        return Notice("nothing", missing, tuple(nearest(missing)))
    if missing:
        return Notice("near", missing)
    if corrections:
        return Notice("corrected", tuple(word for word, _ in corrections), tuple(meant for _, meant in corrections))
    return None


def _unseen(query: Query, seen: frozenset[int]) -> tuple[str, ...]:
    """Return the asker's words that are not among those seen; pieces of one Chinese run that touch are one word."""
    covered: set[int] = set()
    for n, word in enumerate(query.content):
        if n in seen:
            covered.update(range(word.start, word.end))
    missing: list[tuple[int, int]] = []
    for word in query.content:
        gap = [place for place in range(word.start, word.end) if place not in covered]
        if not gap:
            continue
        start, end = gap[0], gap[-1] + 1
        if missing and start <= missing[-1][1] and missing[-1][1] < end:
            missing[-1] = (missing[-1][0], end)
        elif not missing or end > missing[-1][1]:
            missing.append((start, end))
    return tuple(dict.fromkeys(query.text[start:end] for start, end in missing))
