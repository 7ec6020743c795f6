"""New articles on a topic → a digest within its limits. No I/O.

new articles that match ─ not told yet ─ ranked ─ stories ─ only what is new in them ─ chosen ─ quotes
                              │                     │            │                       │
                              └ left out: "excluded" │            └ "repeat"              └ more, then "cut"
                                                    └ with the articles told before: an update of that post

A story that goes on is told again for what is new in it, and only that is quoted: neither what the channel was told
in these words or others, nor what the articles said by which it was told.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from briefs.models import Analysed, Article, Omitted, OmittedBecause, Quote, Reasons, Story, Told, TopStory, Wish
from briefs.quoting.headline import beyond_title
from briefs.quoting.heard import Here, Listener, Reader, ToldSentences
from briefs.quoting.news import openings, told_as_news
from briefs.quoting.novelty import NEW, History
from briefs.quoting.passages import STANDS_AFTER
from briefs.quoting.selection import best_quotes
from briefs.search.aboutness import only_mentions
from briefs.search.rank import Ranked
from briefs.text.detection import UNSURE
from briefs.text.query import Query, Terms
from briefs.wishes import as_wished, overlap, subject

STANDS_AS_NEWS = 0.6  # how likely what is new under a title that was told has to read well alone, to be quoted
QUOTES = 2  # a story, where nobody says how many
_CONSIDERED = 12  # sentences of a story whose novelty is looked at
MORE = 20  # stories named below the digest; further ones are only counted
OF_ONE_SOURCE = 2  # stories, while other sources have something to say
_PUBLISHERS = 0.15  # of the best article's score, each time the number of independent publishers doubles
_VARIETY = 0.5  # of a story's score goes when all that it says stands in one that is chosen already


@dataclass(frozen=True, slots=True)
class Edition:
    """The stories of a digest, those beyond its limit, and how many were left out why.

    cut: the stories beyond those that are named. omitted: articles left out, by name.
    """

    stories: tuple[TopStory, ...]
    more: tuple[TopStory, ...]
    left_out: Mapping[str, int]
    omitted: tuple[Omitted, ...] = ()
    cut: tuple[TopStory, ...] = ()

    @property
    def everything(self) -> tuple[TopStory, ...]:
        """All stories with something new."""
        return (*self.stories, *self.more, *self.cut)


def edition(
    ranked: Sequence[tuple[Ranked, Analysed]],
    grouped: Sequence[Story],
    *,
    parts: Sequence[Collection[Terms]],
    told: Told,
    quotable: Quotable,
    limit: int,
    earlier: Sequence[Analysed] = (),
    wishes: Sequence[Wish] = (),
    reader: str | None = None,
) -> Edition:
    """Choose the stories to tell and their quotes.

    ranked: the new articles that match and have not been told, best first; those that only mention the topic are left
    out. parts: of each thing that the topic asks for, the terms of which one will do. quotable: their sentences.
    earlier: articles that have been told. grouped: the stories that all of these are of. told: what the channel has
    been told; a story that says nothing new is a repeat. limit: stories with quotes. wishes: what readers want more and
    less of. reader: the language to tell a story in, where it has an article in it.
    """
    told_of = {analysed.article.id for one, analysed in ranked if not only_mentions(parts, one.candidate)}
    if reader:
        told_of |= _in_other_words(grouped, told_of, reader)
    passing = [analysed.article for _, analysed in ranked if analysed.article.id not in told_of]
    by_id = {a.article.id: (one, a) for one, a in ranked if a.article.id in told_of}
    told_anew, repeats = list[TopStory](), list[Article]()
    sources: dict[str, _Sources] = {}
    for of_story in _of_stories(grouped, by_id, earlier, ToldSentences(told.sentences), reader):
        if (made := _top_story(of_story, of_story.reader, quotable)) is None:
            repeats.append(of_story.found[0][1].article)
        else:
            sources[made.lead.id] = of_story
            told_anew.append(_continued(made, of_story.known, told) if of_story.known else made)
    # Stable: of equals the oldest first.
    fresh = sorted((as_wished(story, wishes) for story in told_anew), key=lambda story: -story.score)
    chosen, others = _balanced(fresh, limit)
    cut = tuple(others[MORE:])
    left_out: dict[OmittedBecause, list[Article]] = {"passing": passing, "repeat": repeats}
    left_out["cut"] = [story.lead for story in cut]
    counted: dict[str, int] = {reason: len(articles) for reason, articles in left_out.items() if articles}
    omitted = tuple(Omitted(one, reason) for reason, articles in left_out.items() for one in articles)
    return Edition(tuple(_without_echoes(chosen, sources, quotable)), tuple(others[:MORE]), counted, omitted, cut)


def _in_other_words(grouped: Sequence[Story], told_of: Collection[str], reader: str) -> set[str]:
    """Name the articles in the reader's language of stories on a topic that no article on it tells in that language.

    They tell the same event, if with fewer of the topic's words. told_of: the articles on it.
    """
    named = set[str]()
    for story in grouped:
        theirs = {one.id for one in story.articles if one.language == reader}
        if theirs.isdisjoint(told_of) and any(one.id in told_of for one in story.articles):
            named |= theirs
    return named


def _of_stories(
    stories: Sequence[Story],
    new: Mapping[str, tuple[Ranked, Analysed]],
    earlier: Sequence[Analysed],
    memory: ToldSentences,
    reader: str | None,
) -> Iterator[_Sources]:
    """Give what each story is made of that has something new. new: articles by name."""
    told = {analysed.article.id: analysed for analysed in earlier}
    for story in stories:
        known = [told[one.id] for one in story.articles if one.id in told]
        if found := sorted((new[one.id] for one in story.articles if one.id in new), key=partial(_best_first, story)):
            yield _Sources(story, found, known, Reader(memory, known, reader))


def _best_first(story: Story, found: tuple[Ranked, Analysed]) -> tuple[bool, float]:
    """Put what repeats another's text behind all else: it is shown where there is nothing better to show."""
    ranked, analysed = found
    return analysed.article.id in story.copies, -ranked.score


@dataclass(frozen=True, slots=True)
class _Sources:
    """What a story is made of. found: its articles that match, best first. known: those that the channel was told."""

    story: Story
    found: Sequence[tuple[Ranked, Analysed]]
    known: Sequence[Analysed]
    reader: Reader


# ---------------------------------------------------------------- what may be quoted


class Quotable:
    """The sentences of stories that may be quoted, the same for all who read a topic; worked out when first wanted.

    idf: how rare a term is among the sentences of the archive. known: what was worked out with the same query. most: of
    one story, those that are shown.
    """

    def __init__(
        self,
        query: Query,
        idf: Callable[[str], float],
        known: dict[Hashable, Sequence[Quote]] | None = None,
        most: int = QUOTES,
    ) -> None:
        self.most = most
        self._query = query
        self._asked = {term for group in query.groups for form in group.alternatives for term in form}
        self._idf = idf
        self._known = {} if known is None else known

    def of(self, found: Sequence[tuple[Ranked, Analysed]], language: str | None) -> Sequence[Quote]:
        """Return sentences that open the articles, and others with words of the topic, likeliest news first.

        That the topic is named somewhere is no news. Those of the articles in the reader's language come before all
        others.
        """
        key = (language, *((analysed.article.id, len(analysed.sentences)) for _, analysed in found))
        if key not in self._known:
            self._known[key] = tuple(self._worked_out(found, language))
        return self._known[key]

    def _worked_out(self, found: Sequence[tuple[Ranked, Analysed]], language: str | None) -> Iterator[Quote]:
        theirs = _spoken(found, language)
        everything = list(range(len(found)))
        for numbers in (theirs, everything) if theirs and theirs != everything else (everything,):
            articles = [found[n][1] for n in numbers]
            scores = [found[n][0].score for n in numbers]
            on_topic = best_quotes(
                articles, self._query, article_scores=scores, sentences=_CONSIDERED, idf=self._idf, least=0.0
            )
            likely = [
                replace(told_as_news(quote, articles[quote.source], self._asked), source=numbers[quote.source])
                for quote in (*openings(articles), *on_topic)
            ]
            yield from sorted(likely, key=lambda quote: -quote.fits)


# ---------------------------------------------------------------- one story


def _top_story(sources: _Sources, reader: Listener, quotable: Quotable) -> TopStory | None:
    """Make what is told of a story; None when nothing in it is new."""
    found, copies = sources.found, sources.story.copies
    beyond = [(ranked, beyond_title(analysed)) for ranked, analysed in found]
    quotes, is_news = _quotes(beyond, reader, quotable)
    if not quotes:
        quotes, title_is_news = _quotes(found, reader, quotable)
        is_news = is_news or title_is_news
    if not is_news and not _news_without_sentences(found[0][1], reader):
        return None
    # The article that is quoted first leads: its title and its sentence stand together. The title is the reader's,
    # though, where there is one: a sentence in another language stands under it, and says whose it is.
    theirs = _spoken(found, reader.language)
    lead = quotes[0].source if quotes and (not theirs or quotes[0].source in theirs) else next(iter(theirs), 0)
    order = [lead, *(n for n in range(len(found)) if n != lead)]
    quotes = [replace(quote, source=order.index(quote.source)) for quote in quotes]
    articles = [found[n][1] for n in order]
    best = found[0][0]
    witnesses = [analysed.article for analysed in articles if analysed.article.id not in copies]
    publishers = {article.source or article.id for article in witnesses}
    bonus = _PUBLISHERS * best.score * math.log2(len(publishers) or 1)
    parts = {**best.reasons.parts, "publishers": bonus} if bonus else best.reasons.parts
    reasons = Reasons(best.reasons.terms, parts)
    told = tuple(one.article for one in articles)
    return TopStory(told, tuple(quotes), best.score + bonus, reasons, of=sources.story)


def _spoken(found: Sequence[tuple[Ranked, Analysed]], language: str | None) -> list[int]:
    """Return the articles in a language, best first.

    All of a story's articles tell one event, so the reader's comes first even if it has far fewer of the topic's words.
    """
    return [n for n, (_, analysed) in enumerate(found) if language and analysed.article.language == language]


def _continued(story: TopStory, known: Sequence[Analysed], told: Told) -> TopStory:
    """Name the last post that told of the story."""
    posts = [told.posts[one.article.id] for one in known if one.article.id in told.posts]
    last = max(posts, key=lambda post: post.at, default=None)
    return replace(story, update_of=last.reference, told_at=last.at) if last else story


def _news_without_sentences(analysed: Analysed, reader: Listener) -> bool:
    """Whether an article that is a headline only has a new one."""
    article = analysed.article
    return not analysed.sentences and reader.has_not_heard(article.title, article.language or UNSURE)


def _quotes(found: Sequence[tuple[Ranked, Analysed]], reader: Listener, quotable: Quotable) -> tuple[list[Quote], bool]:
    """Choose sentences that answer the topic, that the channel was not told, and that do not repeat each other.

    They come in the order of their texts, that of the best one first. Also say whether there is anything new: it may be
    in sentences that do not read well alone, and then the title has to tell it.
    """
    chosen: list[Quote] = []
    is_news = False
    said: History | None = None
    spoken = UNSURE
    theirs = Reader(
        ToldSentences(()), [one for _, one in found if one.article.language == reader.language], reader.language
    )
    # Of an article whose title was told, only what it says beside that can be the news.
    entitled = {
        n
        for n, (_, one) in enumerate(found)
        if not reader.has_not_heard(one.article.title, one.article.language or UNSURE)
    }
    for quote in quotable.of(found, reader.language):
        language = found[quote.source][1].article.language or UNSURE
        # What a page is called tells nothing of what was added to it.
        is_all_there_is = found[quote.source][1].article.role == "change" and not chosen
        may_open = quote.serves or (quote.good >= STANDS_AS_NEWS and quote.source in entitled)
        reads_well = is_all_there_is or (may_open if not chosen else quote.serves and quote.good >= STANDS_AFTER)
        if is_news and not reads_well:
            continue
        if any(_overlaps(quote, one) for one in chosen) or not reader.has_not_heard(quote.text, language):
            continue
        if not is_news:
            is_news, spoken = True, language
        if not reads_well:
            continue
        if language != reader.language and not theirs.has_not_heard(quote.text, language):
            continue  # an article in the reader's language tells it, if only by its title
        if said is None:
            spoken, said = language, History([quote.text], language)
            chosen.append(quote)
        elif language == spoken and said.novelty(quote.text) >= NEW:  # nothing is said again in another language
            chosen.append(quote)
        if len(chosen) == quotable.most:
            break
    return sorted(chosen, key=lambda quote: (quote.source != chosen[0].source, quote.source, quote.start)), is_news


def _overlaps(one: Quote, two: Quote) -> bool:
    """Whether two quotes share a place: a sentence alone, and with the one before it."""
    return one.source == two.source and one.start < two.end and two.start < one.end


def _without_echoes(chosen: Sequence[TopStory], sources: Mapping[str, _Sources], quotable: Quotable) -> list[TopStory]:
    """Quote nothing that a story above has told, where another sentence on the topic says something else."""
    made: list[TopStory] = []
    above: list[str] = []
    for story in chosen:
        one = _without_echo(story, sources[story.lead.id], above, quotable) if above else story
        above += [quote.text for quote in one.quotes]
        made.append(one)
    return made


def _without_echo(story: TopStory, sources: _Sources, above: Sequence[str], quotable: Quotable) -> TopStory:
    here = Here(sources.reader, above)
    fresh = tuple(q for q in story.quotes if here.has_not_heard(q.text, story.articles[q.source].language or UNSURE))
    if len(fresh) == len(story.quotes):
        return story
    made = _top_story(sources, here, quotable)
    if made is not None and made.lead == story.lead and made.quotes:
        return replace(story, articles=made.articles, quotes=made.quotes)
    return replace(story, quotes=fresh) if fresh else story


# ---------------------------------------------------------------- all stories


def _balanced(stories: Sequence[TopStory], limit: int) -> tuple[list[TopStory], list[TopStory]]:
    """Choose the stories to tell, and give the rest; both best first.

    Few of one source while others have something to say; each language that has something has a place, where there are
    enough; of two that are much alike, the second waits.
    """
    waiting = list(stories)
    chosen: list[TopStory] = []
    while waiting and len(chosen) < limit:
        told = Counter(story.lead.source for story in chosen)
        other = [story for story in waiting if not story.lead.source or told[story.lead.source] < OF_ONE_SOURCE]
        best = _most_worth(other or waiting, chosen)
        chosen.append(best)
        waiting.remove(best)
    chosen = _with_each_language(chosen, waiting)
    kept = {id(story) for story in chosen}
    return [story for story in stories if id(story) in kept], [story for story in stories if id(story) not in kept]


def _with_each_language(chosen: Sequence[TopStory], waiting: Sequence[TopStory]) -> list[TopStory]:
    """Give the languages that wait, best first, the places of what is said last in a language that has several.

    Where its source has all its places, a story takes one of these.
    """
    made = list(chosen)
    for language in dict.fromkeys(story.lead.language for story in waiting):
        spoken = Counter(one.lead.language for one in made)
        spare = [one for one in reversed(made) if spoken[one.lead.language] > 1]
        if language in spoken or not spare:
            continue
        full = {name for name, n in Counter(one.lead.source for one in made).items() if name and n >= OF_ONE_SOURCE}
        theirs = [story for story in waiting if story.lead.language == language]
        story = next((one for one in theirs if one.lead.source not in full), theirs[0])
        of_source = [one for one in spare if one.lead.source == story.lead.source and story.lead.source in full]
        made[made.index((of_source or spare)[0])] = story
    return made


def _most_worth(stories: Sequence[TopStory], chosen: Sequence[TopStory]) -> TopStory:
    """Return the best story, marked down by how much it is like one that is chosen (Carbonell and Goldstein 1998)."""
    said = [subject(story) for story in chosen]

    def worth(story: TopStory) -> float:
        own = subject(story)
        return story.score * (1 - _VARIETY * max((overlap(own, other) for other in said), default=0.0))

    return max(stories, key=worth)
