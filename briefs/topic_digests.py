"""Digests on topics, on one snapshot of the archive: what matches, ranked and in stories, and what of it is told."""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from briefs import digests
from briefs.clustering.incremental import Joining
from briefs.digests import QUOTES, Quotable
from briefs.index.seen import hidden
from briefs.models import Analysed, Digest, Omitted, Outlook, Quote, Reasons, Story, Told, TopStory, Wish
from briefs.quoting.corrections import corrected
from briefs.search.lookup import LookUp
from briefs.search.rank import Ranked, candidate_of, rank
from briefs.shared_work import SharedWork
from briefs.store.articles import Articles, Stored
from briefs.store.brought import only_followed
from briefs.store.database import Connection, to_ms
from briefs.text.aliases import Aliases
from briefs.text.analyse import analyse
from briefs.text.detection import UNSURE
from briefs.text.query import Query, Terms, parse_query
from briefs.topics import Topic, Verdict, required
from briefs.topics import words as topic_words
from briefs.topics.percolator import key_of
from briefs.topics.saved_searches import SavedSearches

_GROUPED = 300  # articles of a digest that are read; further ones are only counted
OLD = timedelta(days=7)  # published so long before the last digest, it is no news: a source that is new held it before
_NAMED_OMITTED = 20  # articles left out of a digest that are named, for each reason


@dataclass(frozen=True, slots=True)
class RowSpan:
    """The rows with after < row <= through; since: the instant that after stands for, where one was asked for."""

    after: int
    through: int
    since: datetime | None = None


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


class TopicDigests:
    """Makes digests of what one snapshot has for the reader of a look-up."""

    def __init__(
        self,
        look_up: LookUp,
        articles: Articles,
        joining: Joining,
        saved_searches: SavedSearches,
        aliases: Aliases,
        clock: Callable[[], datetime],
    ) -> None:
        self._look_up = look_up
        self._connection, self._seen = look_up.connection, look_up.seen
        self._articles = articles
        self._joining = joining
        self._saved_searches = saved_searches
        self._aliases = aliases
        self._clock = clock

    def digest(
        self,
        topic: Topic,
        span: RowSpan,
        told: Told,
        limit: int,
        wishes: Sequence[Wish],
        reader: str | None,
        shared: SharedWork,
        quotes: int = QUOTES,
    ) -> Digest:
        """Tell what is new on a topic; see `Archive.digest`."""
        taken, excluded = self._matching(topic, span, shared)
        untold = [one for one in taken if one.analysed.article.id not in told.articles]
        new, old = self._but_for_old(untold, span)
        again = [one for one in taken if one.analysed.article.id in told.articles]
        chosen = digests.Edition((), (), {})
        if new:
            chosen = self._edition(topic, new, told, limit, wishes, reader, shared, quotes)
        corrections = self._corrections(topic, told)
        told_of = [*(one.analysed.article for one in new), *(story.lead for story in corrections)]
        left_out = {"excluded": len(excluded), "old": len(old), "repeat": len(again) + chosen.left_out.get("repeat", 0)}
        left_out |= {reason: chosen.left_out.get(reason, 0) for reason in ("passing", "cut")}
        return Digest(
            topic=topic.name,
            since=span.since,
            until=self._clock(),
            through=span.through,
            articles=len(told_of),
            publishers=len({one.source or one.id for one in told_of}),
            stories=(*corrections, *chosen.stories),
            more=chosen.more,
            left_out={reason: count for reason, count in left_out.items() if count},
            omitted=(
                *_omitted(excluded, "excluded"),
                *_omitted(old, "old"),
                *_omitted(again, "repeat"),
                *chosen.omitted[:_NAMED_OMITTED],
            ),
        )

    def outlook(self, topic: Topic, since: datetime, samples: int, reader: str | None) -> Outlook:
        """Say how many stories a topic would have brought since an instant, and show the best of them."""
        matching = self._saved_searches.matching
        last = self._saved_searches.last(self._connection)
        after = self._articles.first_row(self._connection, since) - 1
        taken, excluded = matching(self._connection, topic, after, last, self._seen)
        if not taken:
            older, excluded_too = matching(self._connection, topic, 0, after, self._seen)
            shown = self._edition(topic, older[-_GROUPED:], Told(), samples, reader=reader).stories if older else ()
            return Outlook((), shown, 0 if older else len(excluded) + len(excluded_too))
        made = self._edition(topic, taken, Told(), samples, reader=reader)
        passing = {one.article.id for one in made.omitted if one.because == "passing"}
        seen_at = {one.analysed.article.id: one.seen_at for one in taken if one.analysed.article.id not in passing}
        first_seen = [min(seen_at.pop(article.id) for article in story.articles) for story in made.everything]
        return Outlook((*first_seen, *seen_at.values()), made.stories)  # what is not grouped counts one by one

    def _but_for_old(self, untold: Sequence[Stored], span: RowSpan) -> tuple[list[Stored], list[Stored]]:
        """Part what was published long before the last digest, and only sources have that workspaces follow.

        Such a source has brought it because it is followed anew; what the operator gives is meant to be told.
        """
        last = None if span.since else self._articles.came_in(self._connection, span.after)
        late = [one.row for one in untold if last and (one.analysed.article.published or last) < last - OLD]
        rows = only_followed(self._connection, late)
        return [one for one in untold if one.row not in rows], [one for one in untold if one.row in rows]

    def _matching(self, topic: Topic, span: RowSpan, shared: SharedWork) -> tuple[list[Stored], list[Stored]]:
        searches, connection = self._saved_searches, self._connection
        noted, reached = searches.noted(connection, topic, span.after, span.through, self._seen)
        if reached < span.through:
            return searches.matching(connection, topic, span.after, span.through, self._seen)
        key = ("taken", key_of(topic, self._aliases), tuple(noted.items()))
        return shared.get(key, lambda: searches.read(connection, noted))

    def hidden(self, topic: Topic, span: RowSpan, told: Told) -> Hashable:
        """Return what readers of a topic with the same digest have in common: what of its stories is kept from them."""
        connection = self._connection
        if self._seen is None:
            return frozenset()
        noted, reached = self._saved_searches.noted(connection, topic, span.after, span.through)
        if reached < span.through:
            return self._seen
        corrected = [one.row for one in self._articles.named(connection, sorted(told.corrected))]
        return self._joining.hidden(connection, noted, self._seen) | hidden(connection, self._seen, corrected)

    def _corrections(self, topic: Topic, told: Told) -> list[TopStory]:
        """Return the articles that were told and no longer say so, where the topic takes what they said or say."""
        changed = self._articles.named(self._connection, sorted(told.corrected), self._seen)
        found = ((one, corrected(one.analysed, told)) for one in changed)
        matcher = topic.matcher(self._aliases)
        return [
            story
            for one, story in found
            if story is not None and matcher.verdict(_with(one.analysed, told), one.seen_at) is Verdict.TAKEN
        ]

    def _edition(
        self,
        topic: Topic,
        new: Sequence[Stored],
        told: Told,
        limit: int,
        wishes: Sequence[Wish] = (),
        reader: str | None = None,
        shared: SharedWork | None = None,
        quotes: int = QUOTES,
    ) -> digests.Edition:
        rows = tuple(one.row for one in new)
        key = ("news", key_of(topic, self._aliases), rows, self._joining.hidden(self._connection, rows, self._seen))
        news = (shared or SharedWork(1)).get(key, lambda: self._news(topic, new))
        earlier = self._articles.named(self._connection, [one for one in news.beside if one in told.posts])
        stories = news.stories
        if earlier:
            together = {one.candidate.row: analysed.article for one, analysed in news.read}
            together |= {one.row: one.analysed.article for one in earlier}
            stories = self._joining.stories(self._connection, together, self._seen)
        idf = self._look_up.sentence_idf(self._look_up.statistics(), [analysed for _, analysed in news.read])
        edition = digests.edition(
            news.read,
            stories,
            parts=news.parts,
            told=told,
            quotable=Quotable(news.query, idf, news.quotable, quotes),
            limit=limit,
            earlier=[one.analysed for one in earlier],
            wishes=wishes,
            reader=reader,
        )
        unread = len(new) - len(news.read)
        return replace(edition, left_out={**edition.left_out, "cut": edition.left_out.get("cut", 0) + unread})

    def _news(self, topic: Topic, new: Sequence[Stored]) -> News:
        """Rank the new articles on a topic, and say what stories they are of."""
        connection = self._connection
        spoken = self._articles.languages(connection)
        asked = parse_query(" ".join(topic_words(topic.expression)), languages=spoken, aliases=self._aliases)
        query = replace(self._look_up.attested(asked), language=UNSURE)  # of no language: none is marked down
        candidates = [candidate_of(one) for one in new]
        ranked = rank(query, candidates, self._look_up.statistics(), now_ms=to_ms(self._clock()))
        # What has only words too common to be looked up ("WHO") has no score, and matches all the same.
        scored = {one.candidate.row for one in ranked}
        ranked += [Ranked(one, 0.0, Reasons(), frozenset(), 0.0) for one in candidates if one.row not in scored]
        by_row = {one.row: one.analysed for one in new}
        read = [(one, by_row[one.candidate.row]) for one in ranked[:_GROUPED]]
        articles = {one.candidate.row: analysed.article for one, analysed in read}
        return News(
            query,
            required(topic.expression, spoken, self._aliases),
            without_templates(self._joining, connection, read),
            self._joining.stories(connection, articles, self._seen),
            self._joining.beside(connection, articles, self._seen),
        )


def without_templates(
    joining: Joining, connection: Connection, read: Sequence[tuple[Ranked, Analysed]]
) -> list[tuple[Ranked, Analysed]]:
    """Leave out the sentences that sources repeat from article to article: they are no news, and never quoted."""
    news = joining.news(connection, [analysed for _, analysed in read])
    return [(ranked, analysed) for (ranked, _), analysed in zip(read, news, strict=True)]


def _omitted(some: Sequence[Stored], because: Literal["excluded", "old", "repeat"]) -> list[Omitted]:
    return [Omitted(one.analysed.article, because) for one in some[-_NAMED_OMITTED:]]


def _with(analysed: Analysed, told: Told) -> Analysed:
    """Return an article together with what was told of it."""
    article = analysed.article
    return analyse(replace(article, text="\n".join((article.text, *told.corrected[article.id]))))
