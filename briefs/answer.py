"""Ranked articles → a brief within its limits. No I/O.

articles that answer → the best sentence of each puts them in order → stories → quotes
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from briefs.models import Analysed, Notice, Quote, Story, TopStory
from briefs.quoting.answering import Question, chance
from briefs.quoting.asked import Idf
from briefs.quoting.headline import beyond_title, leading
from briefs.quoting.relevance import fitting, with_the_next
from briefs.quoting.selection import best_quotes
from briefs.search.bm25 import WEIGHTS, Statistics
from briefs.search.confidence import LONGEST_CHINESE_WORD, Confidence
from briefs.search.rank import Ranked
from briefs.search.reranking import likeness_to
from briefs.text.query import Query, QueryTerm, Terms, asks, unseen
from briefs.text.terms import terms

# An article answers when that is as likely as not, and it is not far below the best one: see docs/quality-notebook.md.
LEAST_SURE = 0.5
LEAST_SURE_OF_ONE = 0.2  # where one word was asked for: the archive's only mention of it is an answer
# Another article than the best answers, too, with this share of its score, if it covers nearly all of the query in one
# passage or is in another language than the query; else if share + ALIKE · cosine with the best one is large enough.
NEAR_THE_BEST, NEARLY_ALL = 0.6, 0.9
ALIKE, NEAR_AND_ALIKE = 2.5, 1.3
_COMPARED = 10  # articles, the best: more stories than anybody is shown
NEAR = 2  # stories that are only near: more of them help nobody
LACKING = 0.4  # the share of a query without which an article is only near; see docs/quality-notebook.md
QUOTES = 3  # a story, at most
_LOOKED_AT = 12  # sentences of an article, the best by their words, among which the quotes are
ANSWERS = 0.15  # the least probability that a quote answers a question, where no title can stand without it
_NEAR_BEST = 0.5  # further quotes score at least this share of a story's first
_FURTHER = 0.85  # the least probability that a reader calls them good: below, half were beside what was asked


def answering(
    query: Query,
    ranked: Sequence[Ranked],
    beside: Callable[[Iterable[int]], Collection[int]] = frozenset,
    *,
    to_the_letter: bool = False,
) -> list[Ranked]:
    """Return the articles that answer, in the order given; none where none is likely to.

    beside: rows of articles → the rows of all articles of their stories. An article of a story that answers, too, is
    kept whatever its score if it covers nearly all of the query: scores in two languages do not compare.
    to_the_letter: all of them fit an expression of AND, OR and NOT; then, and without content words, all are kept.
    """
    if to_the_letter or not query.content:
        return list(ranked)
    if _is_one_word(query):  # each that has it has all that was asked
        return [one for one in ranked if one.confidence >= LEAST_SURE_OF_ONE]
    sure = [one for one in ranked if one.confidence >= LEAST_SURE][:_COMPARED]
    if len(sure) < 2:
        return sure
    best = max(sure, key=_timeless)
    likeness = likeness_to(best.candidate)

    def answers_too(one: Ranked) -> bool:
        near = _timeless(one) / (_timeless(best) or 1.0)
        if one.coverage >= NEARLY_ALL or one.candidate.language != query.language:
            return near >= NEAR_THE_BEST
        return near + ALIKE * likeness(one.candidate) >= NEAR_AND_ALIKE

    answers = [one for one in sure if one is best or answers_too(one)]
    further = [one for one in sure if one not in answers and one.coverage >= NEARLY_ALL]
    told = {*beside(one.candidate.row for one in answers)} if further else set()
    return [one for one in sure if one in answers or (one in further and one.candidate.row in told)]


def first_of(
    answering: Sequence[Ranked], most: int, beside: Callable[[Iterable[int]], Collection[int]], reader: str | None
) -> list[Ranked]:
    """Return the first so many articles; later ones, too, that alone tell a story of these in the reader's language.

    beside: rows of articles → the rows of all articles of their stories.
    """
    first, later = list(answering[:most]), [one for one in answering[most:] if one.candidate.language == reader]
    others = [one.candidate.row for one in first if one.candidate.language != reader]
    if not later or not others:
        return first
    theirs = {*beside(one.candidate.row for one in first if one.candidate.language == reader)}
    told = {*beside(others)} - theirs
    return first + [one for one in later if one.candidate.row in told][:most]


def only_near(query: Query, answering: Sequence[Ranked], statistics: Statistics) -> bool:
    """Whether the articles that answer lack, all together, a large share of the query."""
    words, seen = query.content, frozenset[int]().union(*(one.found for one in answering))
    if len(seen) == len(words):
        return False
    idf = [statistics.idf_of(word) for word in words]
    return Confidence(query, idf, statistics, WEIGHTS).lacking(seen) > LACKING


def as_pages_stand(read: Sequence[tuple[Ranked, Analysed]]) -> list[tuple[Ranked, Analysed]]:
    """Leave out a watched page's changes, and its text before it was watched, where it is found as it stands."""
    pages = {analysed.article.url for _, analysed in read if analysed.article.role == "page"}
    return [one for one in read if one[1].article.role == "page" or one[1].article.url not in pages]


def _is_one_word(query: Query) -> bool:
    """Whether one word is asked for; one in Chinese is several pieces that touch, but no more than a few characters."""
    words = sorted(query.content, key=lambda word: word.start)
    touching = all(later.start <= max(one.end for one in words[:n]) for n, later in enumerate(words) if n)
    return len(words) == 1 or (touching and max(one.end for one in words) - words[0].start <= LONGEST_CHINESE_WORD)


def _timeless(ranked: Ranked) -> float:
    """Return an article's score without its part for recency: being new is no answer."""
    return ranked.score - ranked.reasons.parts.get("recency", 0.0)


def top_stories(
    query: Query,
    found: Sequence[tuple[Ranked, Analysed]],
    grouped: Sequence[Story],
    *,
    idf: Callable[[str], float],
    limit: int,
    reader: str | None = None,
) -> tuple[TopStory, ...]:
    """Return the stories that answer a query, each with its quotes, best first.

    found: the articles that answer, best first. grouped: their stories. idf: how rare a term is among the sentences of
    the archive. reader: the language of the reader.

    The order is by each article's own score and its best sentence. Where there are more stories than `limit`, the first
    is kept, and of the others those with the best article scores. A story is told in the query's language, else in the
    reader's, else by its best article.
    """
    found = [(ranked, beyond_title(analysed)) for ranked, analysed in found]
    articles = [analysed for _, analysed in found]
    scores = [ranked.score for ranked, _ in found]
    of_stories = _best_of_stories(grouped, found)
    quotes = _quotes(query, articles, scores, of_stories, idf)
    worth = [_worth(query, quotes[n], ranked) for n, (ranked, _) in enumerate(found)]
    order = sorted(range(len(found)), key=lambda n: -worth[n])
    told = _by_story(grouped, [(articles[n].article.id, n) for n in order])
    made = []
    for story, members in _shown(told, scores, limit):
        best, near = members[0], of_stories[members[0]] / (max(scores) or 1.0)
        members.sort(key=lambda n: articles[n].article.id in story.copies)  # another's text is no lead
        languages = [articles[n].article.language for n in members]
        wanted = _wanted(query, [articles[n] for n in members], reader)
        # To looked-up words an article leads by its score, also where none of its sentences can be quoted.
        weighed = worth if asks(query) else scores
        leads = [members[n] for n in leading(languages, [weighed[n] for n in members], wanted)] or members[:1]
        fit = partial(_fit_to_read, query, found, quotes, idf, near=near, lead=leads[0])
        spoken = [n for n, language in zip(members, languages, strict=True) if language in wanted]
        told_by, said = _told_by(list(dict.fromkeys((*leads, *spoken, *members))), len(leads), fit)
        made.append(_top_story(story, found[best][0], [articles[n] for n in told_by], said))
    return tuple(made)


def _best_of_stories(grouped: Sequence[Story], found: Iterable[tuple[Ranked, Analysed]]) -> list[float]:
    """Return for each article the best score in its story."""
    story_of = {one.id: number for number, story in enumerate(grouped) for one in story.articles}
    scored = [(story_of[analysed.article.id], ranked.score) for ranked, analysed in found]
    best: dict[int, float] = {}
    for story, score in scored:
        best[story] = max(score, best.get(story, score))
    return [best[story] for story, _ in scored]


def _quotes(
    query: Query, articles: Sequence[Analysed], scores: Sequence[float], of_stories: Sequence[float], idf: Idf
) -> dict[int, list[Quote]]:
    """Return the sentences of each article that have a word of the query, best first."""
    quotes: dict[int, list[Quote]] = defaultdict(list)
    for quote in best_quotes(
        articles,
        query,
        article_scores=scores,
        story_scores=of_stories,
        sentences=_LOOKED_AT * len(articles),
        idf=idf,
        each=_LOOKED_AT,
        least=0.0,  # what may be shown is decided later; the order of stories does not depend on it
    ):
        if quote.reasons.terms:
            quotes[quote.source].append(quote)
    return quotes


def _by_story(grouped: Sequence[Story], ordered: Iterable[tuple[str, int]]) -> list[tuple[Story, list[int]]]:
    """Group articles by story, in the order in which stories first occur. ordered: id and number of each article."""
    of_article = {one.id: story for story in grouped for one in story.articles}
    told: dict[int, tuple[Story, list[int]]] = {}
    for name, number in ordered:
        story = of_article[name]
        told.setdefault(id(story), (story, []))[1].append(number)
    return list(told.values())


def _shown(
    told: Sequence[tuple[Story, list[int]]], scores: Sequence[float], limit: int
) -> list[tuple[Story, list[int]]]:
    """Return the first story and, up to the limit, the others with the best article scores, in the order given."""
    others = sorted(range(1, len(told)), key=lambda place: -max(scores[n] for n in told[place][1]))
    kept = set([0, *others][:limit])
    return [one for place, one in enumerate(told) if place in kept]


def _wanted(query: Query, articles: Sequence[Analysed], reader: str | None) -> tuple[str | None, ...]:
    """Return the languages to tell a story in, the preferred one first: the query's, then the reader's.

    The reader's comes first where an article in it has every word as typed, for then the query may be names alone,
    which are of no language. A known name may be spelled otherwise there, unless it was typed in Chinese: whoever types
    Chinese reads it.
    """
    for analysed in articles:
        if reader is not None and analysed.article.language == reader:
            there = {*analysed.title_terms, *analysed.body_terms}
            if all(any(map(there.issuperset, _written(word, reader))) for word in query.content):
                return reader, query.language
    return query.language, reader


def _written(word: QueryTerm, language: str) -> Iterable[Terms]:
    known = word.kind == "name" and word.word < "\u2e80"
    return word.alternatives if known else [tuple(terms(word.word, language))]


def _worth(query: Query, quotes: Sequence[Quote], ranked: Ranked) -> float:
    """Return what orders articles: to a question the probability that the best sentence answers, else a score."""
    if _is_by_meaning(ranked):
        return ranked.score
    if asks(query):
        return chance(quotes[0].score) if quotes else 0.0
    return (quotes[0].score if quotes else 0.0) + ranked.score


def _is_by_meaning(ranked: Ranked) -> bool:
    """Whether an embedding model found an article: it is ranked by its place in the model's order, not by words."""
    return "meaning" in ranked.reasons.parts


def _told_by(
    members: Sequence[int], leads: int, fit: Callable[[int], Sequence[Quote]]
) -> tuple[list[int], list[Quote]]:
    """Return a story's articles, the lead first, and its quotes.

    members: the articles, by number; the first `leads` of them may lead. fit: an article → what can be quoted of it.
    The first article with something to quote is quoted. It leads, if it may; else it is quoted under the title of the
    first, for a sentence in another language than the reader's says more than none.
    """
    speaker, quotes = next(((n, fitting) for n in members if (fitting := fit(n))), (members[0], ()))
    lead = speaker if speaker in members[:leads] else members[0]
    told_by = [lead, *(n for n in members if n != lead)]
    return told_by, [replace(one, source=told_by.index(speaker)) for one in quotes]


def _is_bare(lead: Analysed) -> bool:
    """Whether the lead's title cannot stand without a quote: it has none, or is a watched page, whose title is old."""
    return not lead.article.title or lead.article.role is not None


def _fit_to_read(
    query: Query,
    found: Sequence[tuple[Ranked, Analysed]],
    quotes: Mapping[int, Sequence[Quote]],
    idf: Idf,
    number: int,
    *,
    near: float,
    lead: int,
) -> Sequence[Quote]:
    """Return the quotes to show of one article, best first; none where its title alone is better.

    near: the best score in its story, as a share of the best score of all. lead: the article that leads its story
    unless another is quoted.

    To a question: the likeliest answer that has the date or the number asked for, with the next sentence. To looked-up
    words: the sentences with them that a reader is likely to call good, else the sentence that says most of the article
    if it is. Where no title can stand alone, the best sentence is shown even if it is not likely to be good.
    """
    (ranked, analysed), said, bare = found[number], quotes[number], _is_bare(found[lead][1])
    if _is_by_meaning(ranked):
        if number != lead:  # its words tell nothing of whether it says what was asked
            return []
        fit = [one for one in said[:1] if one.stands or (asks(query) and one.serves)]
        return fit or best_quotes([analysed], None, sentences=1)
    if asks(query):
        question = Question(query.text)
        likeliest = [one for one in said if question.has_what_is_asked(one.text)][:1]
        if bare:
            return [one for one in likeliest if one.serves or chance(one.score) >= ANSWERS]
        return [one for one in (with_the_next(one, said, analysed.article) for one in likeliest) if one.serves]
    if not query.content:
        return best_quotes([analysed], None, sentences=1)
    if serving := [one for one in said if one.serves] or (list(said[:1]) if bare else []):
        return serving
    gist = fitting(best_quotes([analysed], None, sentences=1), analysed, query, idf, near=near)
    return [one for one in gist if one.serves]


def _top_story(story: Story, ranked: Ranked, articles: Sequence[Analysed], quotes: Sequence[Quote]) -> TopStory:
    """Return a story with its first quote and those worth adding. articles: the lead first. ranked: its best article.

    A further quote scores near the first, is likely to be good, and has a word of the query that none above it has.
    """
    # The first is shown whatever its score, which is below zero where every article has what was asked.
    kept = list(quotes[:1])
    said = set(quotes[0].reasons.terms) if quotes else set[str]()
    for one in quotes[1:QUOTES]:
        near = one.score >= _NEAR_BEST * quotes[0].score
        if near and one.fits >= _FURTHER and not said.issuperset(one.reasons.terms):
            kept.append(one)
            said |= set(one.reasons.terms)
    return TopStory(tuple(one.article for one in articles), tuple(kept), ranked.score, ranked.reasons, of=story)


def notice(
    query: Query,
    shown: Sequence[Ranked],
    *,
    near: bool = False,
    nearest: Callable[[Sequence[str]], Sequence[str]],
) -> Notice | None:
    """Return what to say of words that were not found; None where all were.

    shown: the articles shown. near: they are only near to what is asked. nearest: words → words of the archive that are
    spelled alike.
    """
    words = query.content
    if not words:
        return Notice("only_stop_words")
    seen = frozenset[int]().union(*(one.found for one in shown))
    missing = unseen(query, seen)
    if not shown:
        return Notice("nothing", missing, tuple(nearest(missing)))
    if missing:
        return Notice("near" if near else "lacking", missing)
    return None
