"""A story day by day: what each article of it says that no earlier one said. No I/O.

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
_LEAST = 0.3  # how likely one has to read well alone where none reads better: a day is told by a quote
_LOOKED_AT = 30  # sentences of an article that may say something new


def moments(read: Iterable[tuple[datetime, Analysed]], told: Told, reader: str | None = None) -> list[Moment]:
    """Return the lines of a story, oldest first; at most twelve, and then every day has one before any has two.

    read: its articles, oldest first, and when each was told. told: what the channel was told. reader: their language;
    of what several languages tell on a day, theirs is heard first.
    """
    ordered = sorted(read, key=lambda one: (one[0].date(), one[1].article.language != reader))
    heard: dict[str, list[str]] = defaultdict(list)
    days: dict[date, list[Moment]] = defaultdict(list)
    for at, analysed in ordered:
        language = analysed.article.language or UNSURE
        if any(one.article.language != language for one in days[at.date()]):
            continue  # told in another language on that day: nobody can say what is new in it
        quote = next(_new(analysed, told, heard[language]), None)
        if quote is not None:
            heard[language].append(quote.text)
            known = analysed.article.id in told.posts and quote.text in told.sentences
            days[at.date()].append(Moment(analysed.article, quote, at, known))
    first_ones = [one for row in zip_longest(*days.values()) for one in row if one is not None]
    return sorted(_last(first_ones), key=lambda one: one.at)


def _last(lines: Sequence[Moment]) -> Sequence[Moment]:
    """Keep as many as may be shown; of a story of very many days, its first and the latest."""
    days = len({one.at.date() for one in lines})
    return lines[:LINES] if days <= LINES else [lines[0], *lines[days - LINES + 1 : days]]


def _new(analysed: Analysed, told: Told, heard: Sequence[str]) -> Iterator[Quote]:
    """Yield the quotes of an article that say something new, what the channel was told first."""
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
