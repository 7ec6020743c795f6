"""The timeline of a story: what each article says that no earlier one said. No I/O.

articles, oldest first ─ what the channel was told of it, else the sentence that says most ─ not heard before ─ lines
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import zip_longest

from briefs.models import Analysed, Moment, Quote, Told
from briefs.quoting.headline import beyond_title
from briefs.quoting.novelty import NEW, novelty
from briefs.quoting.selection import best_quotes
from briefs.text.detection import UNSURE

LINES = 12  # days that one message shows: the first, and the last ones
_LEAST = 0.3  # the least probability of reading well alone, if no sentence reads better: each day has a quote
_LOOKED_AT = 30  # sentences of an article that may say something new


def moments(read: Iterable[tuple[datetime, Analysed]], told: Told, reader: str | None = None) -> list[Moment]:
    """Return the lines of a timeline, oldest first: at most LINES, and a second one for a day only after each has one.

    read: the story's articles, oldest first, and when each was told. told: what the channel was told. reader: their
    language, which comes first on a day that has several.
    """
    ordered = sorted(read, key=lambda one: (one[0].date(), one[1].article.language != reader))
    heard: dict[str, list[str]] = defaultdict(list)
    days: dict[date, list[Moment]] = defaultdict(list)
    for at, analysed in ordered:
        language = analysed.article.language or UNSURE
        if any(one.article.language != language for one in days[at.date()]):
            continue  # the day has a line in another language: what is new in this one cannot be told
        quote = next(_new(analysed, told, heard[language]), None)
        if quote is not None:
            heard[language].append(quote.text)
            known = analysed.article.id in told.posts and quote.text in told.sentences
            days[at.date()].append(Moment(analysed.article, quote, at, known))
    first_ones = [one for row in zip_longest(*days.values()) for one in row if one is not None]
    return sorted(_last(first_ones), key=lambda one: one.at)


def _last(lines: Sequence[Moment]) -> Sequence[Moment]:
    """Return at most LINES lines; of more days, the first one and the latest."""
    days = len({one.at.date() for one in lines})
    return lines[:LINES] if days <= LINES else [lines[0], *lines[days - LINES + 1 : days]]


def _new(analysed: Analysed, told: Told, heard: Sequence[str]) -> Iterator[Quote]:
    """Yield the quotes of an article that say something new; first those that the channel was told."""
    article = analysed.article
    posted = [_quoted(article.text, one) for one in told.sentences if article.id in told.posts and one in article.text]
    for quote in posted:
        if not heard or novelty([quote.text], heard, article.language)[0] >= NEW:
            yield quote
    lead = beyond_title(analysed)
    said = [article.text[one.start : one.end] for one in lead.sentences[:_LOOKED_AT]]
    new = novelty(said, heard, article.language) if heard and said else [1.0] * len(said)
    fresh = replace(lead, sentences=tuple(one for one, how in zip(lead.sentences, new, strict=False) if how >= NEW))
    yield from best_quotes([fresh], None, sentences=1) or best_quotes([fresh], None, sentences=1, least=_LEAST)


def _quoted(text: str, sentence: str) -> Quote:
    start = text.index(sentence)
    return Quote(sentence, 0, start, start + len(sentence), 0.0)
