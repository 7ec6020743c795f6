"""Which sentences answer a query: each is scored by what it says of it.

    score =  Σ over the query's words    rarity · saturated frequency (BM25)   reasons.terms[word]
           + article, coverage, …        see `Weights`                         reasons.parts[name]

A sentence that leans on the one before it ("He also …") is quoted together with it where both are short. What is not
likely to read well alone is marked down, and is withheld where it is likelier not to: a title without a quote is better
than one with a bad one.
"""

from __future__ import annotations

import heapq
import itertools
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from briefs.models import Analysed, Article, Quote, Reasons
from briefs.quoting import answering
from briefs.quoting.answering import QuestionShares, Standpoint
from briefs.quoting.asked import (
    Idf,
    PreparedQuery,
    SentenceMatch,
    counted_near,
    match_of,
    rarity_of,
    said_of,
    tells_of,
    tells_what,
)
from briefs.quoting.passages import STANDS_AFTER, Passage, Readable, passage, readable, reading_length
from briefs.quoting.verdicts import ANSWERED, READS, ReplySigns, Saying, verdict
from briefs.text.query import Query, QueryTerm
from briefs.text.terms import terms

K1 = 0.6  # BM25 (Robertson and Zaragoza 2009) of a sentence: short as it is, a second mention says little
B = 0.75  # and how far a long sentence is marked down
_ROUNDING = 1e-9  # sums in another order


# Of words that are looked up; what answers a question is learned, see `answering`. See docs/quality-notebook.md.
ARTICLE = 0.8  # of the article's own score: a good article's sentence is more likely to be on what is asked
COVERAGE = 0.3  # of the share of the query that it has, times what it has: many words beat one rare word
BEFORE = 0.3  # of the rarity of query words that only the sentence before has: it names what "it" stands for here
FAMILY = 0.4  # of the rarity of query words that it lacks, where it has a word of the same family
EARLY = 0.5  # against it, for each factor of e in its number: what opens an article needs nothing before it


@dataclass(frozen=True, slots=True)
class FormWeights:
    """What the form of a sentence counts for."""

    reads: float  # of the logarithm of the chance that it reads well alone
    length: float  # for each factor of e in characters: short quotes are read
    together: int  # letters, at most, with the sentences before that it leans on
    least: float | None  # the chance of reading well below which a sentence is withheld; None: it stands, or serves
    further: float  # the same for a second sentence of an article


# One sentence may be the only answer to a question; of those with the words that are looked up, one stands alone.
QUESTION = FormWeights(reads=0.1, length=0.1, together=200, least=0.05, further=0.7)
LOOK_UP = FormWeights(reads=3.0, length=0.7, together=400, least=None, further=STANDS_AFTER)
# Where the likeliest sentence does not answer, the one after it does in four of ten: they are quoted together, with so
# many letters at most, where that adds so much to the chance that they answer.
WITH_THE_NEXT, ADDS = 500, 0.05
TELLS = 2.0  # log odds: what says what a thing is comes before what only names it, to who asks that


def best_first(
    articles: Sequence[Analysed],
    query: Query,
    article_scores: Sequence[float] | None,
    idf: Idf | None,
    words: int | None = None,
    each: int | None = None,
    least: float | None = None,
    story_scores: Sequence[float] | None = None,
) -> Iterator[tuple[Passage, Quote]]:
    """Give what to quote of some articles, best first.

    Those with a word of the query; all, where none has one. words: two sentences are together only within so many.
    each: of so many sentences of one article the form is looked at; None: of all. least: how likely a quote has to read
    well, instead of what suits the query.
    Arguments as of `selection.best_quotes`. How a sentence reads is looked at only when its turn may have come.
    """
    asked = PreparedQuery.of(query)
    candidates = _candidates(articles, asked, article_scores, idf, story_scores or article_scores)
    form = _form(asked)
    form = form if least is None else replace(form, least=least, further=least)
    return _told_once(_ranked(articles, candidates, asked, words, each), form)


def answer_signs(
    articles: Sequence[Analysed], query: Query, article_scores: Sequence[float] | None, idf: Idf | None
) -> list[tuple[Passage, Mapping[str, float]]]:
    """Return the sentences that have a word of a question, with the signs of how each answers it."""
    return [
        (one.passage, one.signs)
        for one in _candidates(articles, PreparedQuery.of(query), article_scores, idf, article_scores)
    ]


def fitting(quotes: Iterable[Quote], analysed: Analysed, query: Query, idf: Idf, near: float = 1.0) -> Iterator[Quote]:
    """Say of quotes of one article, whatever chose them, how likely a reader calls each good to looked-up words.

    near: the best score of its story's articles, of the best one's that was found.
    """
    asked = PreparedQuery.of(query)
    matches = said_of(analysed, asked, everything=False)
    shares = Shares.of(analysed, asked, matches, rarity_of(asked.groups, matches, idf), idf, near=near)
    ends = [sentence.end for sentence in analysed.sentences]
    for one in quotes:
        said = verdict("words", shares.saying(bisect_left(ends, one.end)), one.good)
        yield replace(one, fits=said.good, serves=said.serves)


def with_the_next(quote: Quote, others: Iterable[Quote], article: Article) -> Quote:
    """Return a quote to a question with the sentence after it, where that reads well and makes it likelier to answer.

    others: the article's sentences that have a word of the question.
    """
    text, language = article.text, article.language or "und"
    after = (one for one in others if one.end > quote.end and not text[quote.end : one.start].strip())
    following = min((one for one in after if one.good >= READS), key=lambda one: one.end, default=quote)
    both, fits = text[quote.start : following.end], 1 - (1 - quote.fits) * (1 - following.fits)
    if following is quote or fits - quote.fits < ADDS or reading_length(both, language) > WITH_THE_NEXT:
        return quote
    serves = quote.serves or (fits >= ANSWERED and quote.good >= READS)
    return replace(quote, text=both, end=following.end, fits=fits, serves=serves)


def _candidates(
    articles: Sequence[Analysed],
    asked: PreparedQuery,
    article_scores: Sequence[float] | None,
    idf: Idf | None,
    story_scores: Sequence[float] | None,
) -> list[_Candidate]:
    said = [said_of(analysed, asked, everything=idf is None) for analysed in articles]
    everywhere = [match for matches in said for match in matches]
    rarity = rarity_of(asked.groups, everywhere, idf)
    mean = _mean_length(articles, everywhere, counted=idf is None)
    on_it = {(n, place) for n, matches in enumerate(said) for place, one in enumerate(matches) if asked.counts(one)}
    candidates: list[_Candidate] = []
    for n, (analysed, matches) in enumerate(zip(articles, said, strict=True)):
        worth = article_scores[n] if article_scores else 0.0
        places = [place for place in range(len(matches)) if not on_it or (n, place) in on_it]
        shares = Shares.of(
            analysed, asked, matches, rarity, idf, _of_the_best(article_scores, n), _of_the_best(story_scores, n)
        )
        if asked.question:
            candidates += _answers(analysed, n, matches, places, asked, shares, len(articles))
            continue
        for place in places:
            match, before = matches[place], matches[place - 1].found if place else {}
            parts = {
                "article": ARTICLE * worth,
                "coverage": COVERAGE * _coverage(match, rarity),
                "before": BEFORE * sum(rarity[g] for g in before if g not in match.found),
                "early": -EARLY * math.log(1 + place),
                "family": FAMILY * sum(rarity[g] for g in match.family),
            }
            said_of_it = _bm25(match, rarity, mean)
            candidates.append(_Candidate(passage(analysed, n, place), said_of_it, parts, shares.saying(place)))
    return candidates


def _of_the_best(scores: Sequence[float] | None, number: int) -> float:
    return scores[number] / (max(scores) or 1.0) if scores else 1.0


def _form(asked: PreparedQuery) -> FormWeights:
    return QUESTION if asked.question else LOOK_UP


# ---------------------------------------------------------------- what it says


def _mean_length(articles: Sequence[Analysed], matches: Sequence[SentenceMatch], *, counted: bool) -> float:
    """Return the terms of a sentence. counted: whether every match knows its own."""
    words = sum(one.length for one in matches) if counted else sum(len(analysed.body_terms) for analysed in articles)
    return max(1.0, words / max(1, len(matches)))


def _bm25(match: SentenceMatch, rarity: Sequence[float], mean: float) -> dict[int, float]:
    norm = K1 * (1 - B + B * match.length / mean)
    return {group: rarity[group] * tf * (K1 + 1) / (tf + norm) for group, tf in match.found.items()}


@dataclass(frozen=True, slots=True)
class Shares:
    """What an article says of a query, as shares of all that its words tell.

    tells: of each word, nothing where it does not count. found: the words that each sentence has. title: those that the
    title has. each: the share of each sentence. score: the article's, of the best one's that was found. near: the same
    of the best article of its story.
    """

    tells: Sequence[float]
    whole: float
    found: Sequence[Set[int]]
    title: Set[int]
    each: Sequence[float]
    of_title: float
    score: float
    near: float

    @staticmethod
    def of(
        analysed: Analysed,
        asked: PreparedQuery,
        matches: Sequence[SentenceMatch],
        rarity: Sequence[float],
        idf: Idf | None,
        score: float = 1.0,
        near: float = 1.0,
    ) -> Shares:
        """Look at an article's title, and at what its sentences have."""
        language = analysed.article.language or "und"
        tells = tells_of(asked, rarity, language, idf)
        whole = sum(tells) or 1.0
        title = terms(analysed.article.title, language)
        found = [match.found.keys() for match in matches]
        entitled = match_of(title, asked, set(title)).found

        def told(words: Mapping[int, float]) -> float:
            return sum(min(1.0, times) * tells[word] for word, times in words.items()) / whole

        each = [told(match.found) for match in matches]
        return Shares(tells, whole, found, entitled.keys(), each, told(entitled), score, near)

    def share(self, words: Iterable[int]) -> float:
        """Return the share that some words tell."""
        return sum(self.tells[word] for word in set(words)) / self.whole

    def saying(self, place: int) -> Saying:
        """Return what a sentence says, as a reader sees it under its title."""
        both = self.share({*self.found[place], *self.title})
        return Saying(self.each[place], self.of_title, self.each[place] - max(self.each), place, self.near, both=both)


def _answers(
    analysed: Analysed,
    source: int,
    matches: Sequence[SentenceMatch],
    places: Iterable[int],
    asked: PreparedQuery,
    shares: Shares,
    articles: int,
) -> Iterator[_Candidate]:
    """Give sentences of an article, by their places, scored by how likely each answers a question. articles: found."""
    assert asked.question is not None  # noqa: S101 - by whom it is called
    language = analysed.article.language or "und"
    found, share, entitled = shares.found, shares.share, shares.title
    best, article = max(shares.each, default=0.0), share(set(entitled).union(*found))
    idle = [number for number, group in enumerate(asked.groups) if group.weight == 0]
    others = {number for number in range(len(asked.groups)) if shares.tells[number] and number not in asked.names}
    for place in places:
        said = found[place]
        before = found[place - 1] if place else set()
        around = set(found[0] | entitled).union(*found[max(0, place - 2) : place])
        after = found[place + 1] if place + 1 < len(found) else set()
        told = QuestionShares(
            share=shares.each[place],
            before=share(before - said),
            around=share(around - before - said),
            after=share(after - around - said),
            short=shares.each[place] - best,
            article=article,
            idle=sum(word in said for word in idle) / max(1, len(idle)),
            further=max(0.0, matches[place].length - sum(matches[place].found.values())),
        )
        one = passage(analysed, source, place)
        signs = asked.question.signs(one.text, language, told, Standpoint(place, shares.score, articles))
        parts = answering.parts(signs)
        worth = (parts.pop("share") + parts.pop("share squared")) / (shares.each[place] or 1.0) / shares.whole
        by_term = {word: worth * shares.tells[word] for word in said}
        about = share(others & said) / share(others) if others else None
        near, tells = counted_near(one.text, language, asked), tells_what(one.text, language, asked)
        if tells:
            parts["tells"] = TELLS
        reply = ReplySigns(0.0, about, matches[place].retold, near, tells)
        yield _Candidate(one, by_term, parts, replace(shares.saying(place), reply=reply), signs)


def _coverage(match: SentenceMatch, rarity: Sequence[float]) -> float:
    total = sum(rarity)
    return sum(rarity[group] for group in match.found) ** 2 / total if total else 0.0


# ---------------------------------------------------------------- how it reads


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that may be quoted, scored by what it says and not yet by its form. signs: of how it answers."""

    passage: Passage
    by_term: Mapping[int, float]
    parts: Mapping[str, float]
    saying: Saying
    signs: Mapping[str, float] = field(default_factory=dict)

    def most(self, asked: PreparedQuery) -> float:
        """Return what it cannot score more than: without a flaw, and alone."""
        said = sum(self.by_term.values()) + sum(self.parts.values())
        return said - _form(asked).length * math.log(self.passage.reading_length / 100) + _ROUNDING


def _in_form(
    analysed: Analysed, one: Passage, asked: PreparedQuery, words: int | None
) -> tuple[Readable, dict[str, float]]:
    """Return a sentence as it is to be quoted, and what its form is worth."""
    weights = _form(asked)
    shown = readable(analysed, one, weights.together)
    if words is not None and shown.passage.size > words:
        shown = readable(analysed, one, 0)
    # What comes along counts half: it is there to be understood, and may well say the answer.
    length = (shown.passage.reading_length + one.reading_length) / 2
    form = {
        "reads": weights.reads * math.log(max(shown.good, 0.01)),
        "length": -weights.length * math.log(length / 100),
    }
    return shown, form


def _reasons(groups: Sequence[QueryTerm], by_term: Mapping[int, float], parts: Mapping[str, float]) -> Reasons:
    named: dict[str, float] = {}
    for group, value in by_term.items():
        named[groups[group].word] = named.get(groups[group].word, 0.0) + value
    return Reasons(MappingProxyType(named), MappingProxyType({name: value for name, value in parts.items() if value}))


def _total(reasons: Reasons) -> float:
    return sum(itertools.chain(reasons.terms.values(), reasons.parts.values()))


def _ranked(
    articles: Sequence[Analysed],
    candidates: Iterable[_Candidate],
    asked: PreparedQuery,
    words: int | None,
    each: int | None,
) -> Iterator[tuple[Passage, Quote]]:
    """Give candidates, best first: of each only the most it can score is known, until no other can score more."""
    seen = Counter[int]()
    waiting: list[tuple[float, int, _Candidate | tuple[Passage, Quote]]] = [
        (-one.most(asked), number, one) for number, one in enumerate(candidates)
    ]
    heapq.heapify(waiting)
    while waiting:
        _, number, one = waiting[0]
        if not isinstance(one, _Candidate):
            heapq.heappop(waiting)
            yield one
            continue
        if each is not None and seen[one.passage.source] >= each:
            heapq.heappop(waiting)
            continue
        seen[one.passage.source] += 1
        shown, form = _in_form(articles[one.passage.source], one.passage, asked, words)
        reasons = _reasons(asked.groups, one.by_term, {**one.parts, **form})
        total = _total(reasons)
        saying = one.saying
        if saying.reply:  # a short quote is read sooner, and answers no likelier for that
            saying = replace(saying, reply=replace(saying.reply, answers=total - form["length"]))
        said = verdict("question" if asked.question else "words", saying, shown.good)
        quote = replace(shown.passage.quote(total, reasons, shown), fits=said.good, serves=said.serves)
        heapq.heapreplace(waiting, (-quote.score, number, (shown.passage, quote)))


def _told_once(ranked: Iterable[tuple[Passage, Quote]], form: FormWeights) -> Iterator[tuple[Passage, Quote]]:
    """Give what reads well, and nothing twice; after an article's best sentence another has to read better."""
    shown: dict[int, list[Quote]] = {}
    for one, quote in ranked:
        above = shown.setdefault(one.source, [])
        least = form.further if above else form.least
        reads_well = quote.stands or quote.serves if least is None else quote.good >= least
        if not reads_well or any(_overlap(quote, other) for other in above):
            continue
        above.append(quote)
        yield one, quote


def _overlap(one: Quote, other: Quote) -> bool:
    return one.start < other.end and other.start < one.end
