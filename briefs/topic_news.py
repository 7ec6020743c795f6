"""What a topic brought, as it is for all who read it: ranked, as stories, with the sentences that may be quoted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from briefs.models import Analysed, Quote, Story
from briefs.quoting.headline import leading
from briefs.quoting.relevance import fitting
from briefs.quoting.selection import best_quotes
from briefs.search.bm25 import Terms
from briefs.search.rank import Ranked
from briefs.text.query import Query, QueryTerm

QUOTES = 2  # a story, where nobody says how many
_CONSIDERED = 12  # sentences of a story whose novelty is looked at


@dataclass(frozen=True, slots=True)
class News:
    """What a topic brought, whoever reads it.

    parts: of each thing that the topic asks for, the terms of which one will do. read: the new articles that match,
    best first. stories: what these are of. beside: the ids of all that are of these. quotable: what is worked out of
    their sentences, once somebody wants it.
    """

    query: Query
    parts: Sequence[Collection[Terms]]
    read: Sequence[tuple[Ranked, Analysed]]
    stories: Sequence[Story]
    beside: Sequence[str]
    quotable: dict[Hashable, Sequence[Quote]] = field(default_factory=dict)


class Quotable:
    """The sentences of stories that may be quoted, the same for all who read a topic; worked out when first wanted.

    idf: how rare a term is among the sentences of the archive. known: what was worked out with the same query. most: of
    one story, those that are shown. parts: see `News`.
    """

    def __init__(
        self,
        query: Query,
        idf: Callable[[str], float],
        known: dict[Hashable, Sequence[Quote]] | None = None,
        most: int = QUOTES,
        parts: Sequence[Collection[Terms]] = (),
    ) -> None:
        self.most = most
        self._query = query
        asked = [QueryTerm(" ".join(min(part)), dict.fromkeys(sorted(part), 1.0), 1.0) for part in parts if part]
        self._asked = replace(query, groups=tuple(asked)) if asked else None
        self._idf = idf
        self._known = {} if known is None else known

    def of(self, found: Sequence[tuple[Ranked, Analysed]], language: str | None) -> Sequence[Quote]:
        """Return the sentences that say most of the best article, then those with words of the topic, best first.

        What happened comes first: that the topic is named somewhere is no news. Those of the articles in the reader's
        language come before all others.
        """
        key = (language, *((analysed.article.id, len(analysed.sentences)) for _, analysed in found))
        if key not in self._known:
            self._known[key] = tuple(self._worked_out(found, language))
        return self._known[key]

    def _worked_out(self, found: Sequence[tuple[Ranked, Analysed]], language: str | None) -> Iterator[Quote]:
        spoken = [analysed.article.language for _, analysed in found]
        theirs = leading(spoken, [ranked.score for ranked, _ in found], (language,))
        everything = list(range(len(found)))
        for numbers in (theirs, everything) if theirs and theirs != everything else (everything,):
            articles = [found[n][1] for n in numbers]
            scores = [found[n][0].score for n in numbers]
            on_topic = best_quotes(
                articles, self._query, article_scores=scores, sentences=_CONSIDERED, idf=self._idf, least=0.0
            )
            for quote in (*best_quotes(articles[:1], None, sentences=QUOTES), *on_topic):
                yield replace(self._fitting(quote, articles[quote.source]), source=numbers[quote.source])

    def _fitting(self, quote: Quote, analysed: Analysed) -> Quote:
        """Say how likely a reader calls a quote good to the topic; where that has no words, whether it stands alone."""
        if self._asked is None:
            return replace(quote, serves=quote.stands)
        return next(fitting((quote,), analysed, self._asked, self._idf, "topic"))
