"""Which sentences to quote.

    with a query      every sentence is scored by what it says of the query; the best come first      `relevance`
    without a query   the sentences that say most of what their text says, in the order of the text   `summary`

A quote is a whole sentence, or two that stand together, to the letter, with its place. Its reasons add up to its score.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from briefs.models import Analysed, Article, Quote, Sentence
from briefs.quoting.asked import Idf
from briefs.quoting.passages import IN_A_SUMMARY, Passage
from briefs.quoting.relevance import best_first
from briefs.quoting.summary import gist
from briefs.text.analyse import MOST_SENTENCES, cut
from briefs.text.query import Query, parse_query

# Characters of a sentence: what is longer is a table, or a text without marks, and no message holds it.
LONGEST = 20_000


def quotes(
    texts: str | Article | Sequence[str | Article],
    query: str | None = None,
    *,
    sentences: int | None = None,
    words: int | None = None,
    language: str | None = None,
) -> list[Quote]:
    """Choose the sentences of some texts to quote.

    texts: one or several; `Quote.source` is the index of the text. language: of texts that do not state theirs; None:
    it is detected. sentences: at most so many quotes. words: at most so many words in all (between white space;
    characters in Chinese). Without either, three quotes.
    With a query the best comes first, and quotes have a word of the query where any sentence has. Without one they
    come in the order of the texts.
    """
    given = [texts] if isinstance(texts, str | Article) else texts
    read = [cut(_article(number, text, language)) for number, text in enumerate(given)]
    if query is None:
        return best_quotes(read, None, sentences=sentences, words=words)
    languages = dict.fromkeys(one.article.language or "und" for one in read)
    return best_quotes(read, parse_query(query, languages=languages), sentences=sentences, words=words)


def _article(number: int, text: str | Article, language: str | None) -> Article:
    return text if isinstance(text, Article) else Article(id=str(number), title="", text=text, language=language)


def best_quotes(
    articles: Sequence[Analysed],
    query: Query | None,
    *,
    article_scores: Sequence[float] | None = None,
    sentences: int | None = None,
    words: int | None = None,
    idf: Idf | None = None,
    each: int | None = None,
    least: float | None = None,
    story_scores: Sequence[float] | None = None,
) -> list[Quote]:
    """Choose the sentences of analysed articles to quote, as `quotes` does.

    Of each article the first `MOST_SENTENCES` sentences are read, without those longer than `LONGEST`.
    article_scores: how well each article answers the query; a part of its sentences' scores.
    idf: how rare a term is in the whole archive; None: among the sentences of `articles`, which then need no terms.
    each: how many sentences of an article, the best by their words, are judged by how they read; None: all.
    least: the least probability that a reader calls a quote good; None: what suits the query.
    story_scores: the best article score in each article's story, which that probability depends on.
    """
    if sentences is None and words is None:
        sentences = 3
    read = [replace(one, sentences=_readable(one.sentences)) for one in articles]
    if query is None:
        in_a_summary = None if words is None else IN_A_SUMMARY
        return gist(read, sentences, words, in_a_summary if least is None else least)
    return _filled(best_first(read, query, article_scores, idf, words, each, least, story_scores), sentences, words)


def _readable(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    return tuple(one for one in sentences[:MOST_SENTENCES] if one.end - one.start <= LONGEST)


def _filled(best: Iterable[tuple[Passage, Quote]], sentences: int | None, words: int | None) -> list[Quote]:
    """Return the best quotes within the limits; one that does not fit is skipped, and the next is tried."""
    kept: list[Quote] = []
    left = math.inf if words is None else words
    for passage, quote in best:
        if sentences is not None and len(kept) >= sentences:
            break
        if passage.size <= left:
            kept.append(quote)
            left -= passage.size
    return kept
