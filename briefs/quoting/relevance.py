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
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

from briefs.models import Analysed, Quote, Reasons
from briefs.quoting._questions import expected
from briefs.quoting.passages import STANDS_AFTER, Passage, Readable, passage, readable
from briefs.text.query import Query, QueryTerm
from briefs.text.terms import fold, terms

Idf: TypeAlias = Callable[[str], float]

K1 = 0.6  # BM25 (Robertson and Zaragoza 2009) of a sentence: short as it is, a second mention says little
B = 0.75
_ROUNDING = 1e-9  # sums in another order
STOP_WORD = 0.75  # of a stop word's rarity: some questions have little else
_BEGINNING = 6  # letters that words of one family share: invented, invention


@dataclass(frozen=True, slots=True)
class Weights:
    """Every number that a sentence is scored with besides. Measured in docs/quality.md."""

    article: float  # of the article's own score: a good article's sentence is more likely to be on the question
    coverage: float  # of the share of the query that the sentence has, times what it has: many words beat one rare word
    before: float  # of the rarity of query words that only the sentence before has: it names what "it" stands for here
    family: float  # of the rarity of query words that it lacks, where it has a word of the same family
    answer: float  # for a date, or a number, where the question wants one
    length: float  # for each factor of e in characters: short quotes are read
    early: (
        float  # against a sentence, for each factor of e in its number: what opens an article needs nothing before it
    )
    reads: float  # of the logarithm of the chance that it reads well alone
    together: int  # letters, at most, with the sentences before that it leans on
    least: float | None  # the chance of reading well below which a sentence is withheld; None: by its place
    complete: float  # the same where it has all that was asked
    further: float  # the same for a second sentence of an article


# One sentence may be the only answer to a question; of those with the words that are looked up, one stands alone.
QUESTION = Weights(
    article=0.5,
    coverage=0.5,
    before=0.8,
    family=0.4,
    answer=5.0,
    length=2.0,
    early=0.0,
    reads=0.4,
    together=200,
    least=0.05,
    complete=0.05,
    further=0.6,
)
LOOK_UP = Weights(
    article=0.8,
    coverage=0.3,
    before=0.3,
    family=0.4,
    answer=0.0,
    length=0.7,
    early=0.5,
    reads=3.0,
    together=400,
    least=None,
    complete=0.6,
    further=STANDS_AFTER,
)


def best_first(
    articles: Sequence[Analysed],
    query: Query,
    article_scores: Sequence[float] | None,
    idf: Idf | None,
    words: int | None = None,
    each: int | None = None,
    least: float | None = None,
) -> Iterator[tuple[Passage, Quote]]:
    """Give what to quote of some articles, best first.

    Those with a word of the query; all, where none has one. words: two sentences are together only within so many.
    each: of so many sentences of one article the form is looked at; None: of all. least: how likely a quote has to read
    well, instead of what suits the query.
    Arguments as of `selection.best_quotes`. How a sentence reads is looked at only when its turn may have come.
    """
    asked = _Asked.of(query)
    said = [_said(analysed, asked, everything=idf is None) for analysed in articles]
    everywhere = [match for matches in said for match in matches]
    rarity = _rarity(asked.groups, everywhere, idf)
    mean = _mean_length(articles, everywhere, counted=idf is None)
    on_it = {(n, place) for n, matches in enumerate(said) for place, one in enumerate(matches) if asked.counts(one)}
    candidates = []
    for n, (analysed, matches) in enumerate(zip(articles, said, strict=True)):
        worth = asked.weights.article * article_scores[n] if article_scores else 0.0
        for place, match in enumerate(matches):
            if on_it and (n, place) not in on_it:
                continue
            before = matches[place - 1].found if place else {}
            parts = {
                "article": worth,
                "coverage": asked.weights.coverage * _coverage(match, rarity),
                "before": asked.weights.before * sum(rarity[g] for g in before if g not in match.found),
                "early": -asked.weights.early * math.log(1 + place),
                "family": asked.weights.family * sum(rarity[g] for g in match.family),
            }
            candidates.append(_Candidate(passage(analysed, n, place), _bm25(match, rarity, mean), parts))
    weights = asked.weights if least is None else replace(asked.weights, least=least, complete=least, further=least)
    return _told_once(_ranked(articles, candidates, asked, words, each), asked, weights)


# ---------------------------------------------------------------- what is asked


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query as sentences are searched for it.

    groups: its words, without those that only ask. forms: every way to write a word, under its first term, as (number
    of the word, its terms, weight). families: the same for the beginning of words that count. hint: found in every
    sentence that has a word that counts, and in few others; None when it cannot be told so.
    """

    groups: tuple[QueryTerm, ...]
    forms: Mapping[str, list[tuple[int, tuple[str, ...], float]]]
    families: Mapping[str, list[tuple[int, str]]]
    hint: re.Pattern[str] | None
    wanted: Callable[[str], bool] | None
    weights: Weights

    @staticmethod
    def of(query: Query) -> _Asked:
        groups = tuple(group for group in query.groups if group.kind != "question")
        forms: dict[str, list[tuple[int, tuple[str, ...], float]]] = {}
        families: dict[str, list[tuple[int, str]]] = {}
        firsts = set()
        for number, group in enumerate(groups):
            for form, weight in group.alternatives.items():
                forms.setdefault(form[0], []).append((number, form, weight))
                if group.weight > 0:
                    firsts.add(form[0])
                    if len(form) == 1 and (shared := _beginning_of_a_family(form[0])):
                        families.setdefault(shared[:4], []).append((number, shared))
        is_question = asks(query)
        return _Asked(
            groups,
            forms,
            families,
            _hint(firsts),
            expected(query.text) if is_question else None,
            QUESTION if is_question else LOOK_UP,
        )

    def counts(self, match: _Match) -> bool:
        """Whether a sentence has a word that counts."""
        return any(self.groups[group].weight > 0 for group in match.found)


def asks(query: Query) -> bool:
    """Whether a query is a question, which one sentence may answer, and not only words to look up."""
    return query.text.rstrip().endswith(("?", "？")) or any(group.kind == "question" for group in query.groups)


def _beginning_of_a_family(stem: str) -> str:
    """Return what words of one family begin with; nothing for a short word, a number, or Chinese."""
    return stem[: min(_BEGINNING, len(stem) - 1)] if len(stem) > 4 and _SPELLED.fullmatch(stem) else ""


# Scripts whose words begin as their stems do: an Arabic stem may lack the first letters.
_SPELLED = re.compile("[a-z\u0370-\u052f]+")
_OTHER = re.compile("[^\u4e00-\u9fff0-9a-z\u0370-\u052f]")


def _hint(firsts: Iterable[str]) -> re.Pattern[str] | None:
    """Look for how words begin, folded: three letters tell most sentences apart, for a tenth of the time."""
    beginnings = set()
    for term in firsts:
        if _OTHER.search(term):
            return None
        # "dying" has the stem "die", and "1 000" is the term 1000: of what is short, only the first letter is sure.
        beginnings.add(term[0] if len(term) < 4 or term[0].isdigit() else term[:2] if len(term) == 4 else term[:3])
    spelled = "|".join(sorted(one for one in beginnings if _SPELLED.match(one)))
    others = "".join(sorted(one[0] for one in beginnings if not _SPELLED.match(one)))
    return re.compile(
        "|".join(filter(None, (rf"(?<![a-z])(?:{spelled})" * bool(spelled), f"[{others}]" * bool(others))))
    )


# ---------------------------------------------------------------- what a sentence has of it


@dataclass(frozen=True, slots=True)
class _Match:
    """What a sentence has of a query.

    found: number of the word in the query → how often, in all its forms. family: words that count and that it has only
    kin of. length: its terms.
    """

    found: Mapping[int, float]
    family: frozenset[int] = frozenset()
    length: int = 0


def _said(analysed: Analysed, asked: _Asked, *, everything: bool) -> list[_Match]:
    """Match every sentence of an article. everything: also those that have only words that do not count."""
    text, language = analysed.article.text, analysed.article.language or "und"
    said: list[Sequence[str]] = []
    for span in analysed.sentences:
        sentence = text[span.start : span.end]
        looked_at = everything or asked.hint is None or asked.hint.search(fold(sentence))
        said.append(terms(sentence, language) if looked_at else ())
    # Few of a text's words tell something: they are found once, not in each sentence.
    words = set[str]().union(*said)
    telling = {term for term in words if term in asked.forms or term[:4] in asked.families}
    return [_match(sentence, asked, telling) for sentence in said]


def _match(sentence: Sequence[str], asked: _Asked, telling: Set[str]) -> _Match:
    if telling.isdisjoint(sentence):
        return _Match({}, length=len(sentence))
    found: dict[int, float] = {}
    family = set()
    for place, term in enumerate(sentence):
        if term in telling:
            for group, form, weight in asked.forms.get(term, ()):
                if len(form) == 1 or tuple(sentence[place : place + len(form)]) == form:
                    found[group] = found.get(group, 0.0) + weight
            for group, shared in asked.families.get(term[:4], ()):
                if term.startswith(shared):
                    family.add(group)
    return _Match(found, frozenset(family.difference(found)), len(sentence))


def _rarity(groups: Sequence[QueryTerm], matches: Sequence[_Match], idf: Idf | None) -> list[float]:
    """Weigh each word of the query by its rarity; all its forms are one word (Pirkola 1998)."""
    size = len(matches)
    held = Counter(group for match in matches for group in match.found)
    rarity = []
    for number, group in enumerate(groups):
        if idf is None:
            rare = math.log(1 + (size - held[number] + 0.5) / (held[number] + 0.5))
        else:
            best = max(group.alternatives.values())
            rare = min(max(map(idf, form)) for form, weight in group.alternatives.items() if weight == best)
        rarity.append(rare * (group.weight or STOP_WORD))
    return rarity


def _mean_length(articles: Sequence[Analysed], matches: Sequence[_Match], *, counted: bool) -> float:
    """Return the terms of a sentence. counted: whether every match knows its own."""
    words = sum(one.length for one in matches) if counted else sum(len(analysed.body_terms) for analysed in articles)
    return max(1.0, words / max(1, len(matches)))


def _bm25(match: _Match, rarity: Sequence[float], mean: float) -> dict[int, float]:
    norm = K1 * (1 - B + B * match.length / mean)
    return {group: rarity[group] * tf * (K1 + 1) / (tf + norm) for group, tf in match.found.items()}


def _coverage(match: _Match, rarity: Sequence[float]) -> float:
    total = sum(rarity)
    return sum(rarity[group] for group in match.found) ** 2 / total if total else 0.0


# ---------------------------------------------------------------- how it reads


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that may be quoted, scored by what it says and not yet by its form."""

    passage: Passage
    by_term: Mapping[int, float]
    parts: Mapping[str, float]

    def most(self, asked: _Asked) -> float:
        """Return what it cannot score more than: without a flaw, alone, and with the answer where one is wanted."""
        said = sum(self.by_term.values()) + sum(self.parts.values())
        answer = asked.weights.answer if asked.wanted else 0.0
        return said + answer - asked.weights.length * math.log(self.passage.reading_length / 100) + _ROUNDING


def _in_form(analysed: Analysed, one: Passage, asked: _Asked, words: int | None) -> tuple[Readable, dict[str, float]]:
    """Return a sentence as it is to be quoted, and what its form is worth."""
    weights = asked.weights
    shown = readable(analysed, one, weights.together)
    if words is not None and shown.passage.size > words:
        shown = readable(analysed, one, 0)
    # What comes along counts half: it is there to be understood, and may well say the answer.
    length = (shown.passage.reading_length + one.reading_length) / 2
    form = {
        "reads": weights.reads * math.log(max(shown.good, 0.01)),
        "length": -weights.length * math.log(length / 100),
        "answer": weights.answer if asked.wanted and asked.wanted(shown.passage.text) else 0.0,
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
    asked: _Asked,
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
        quote = shown.passage.quote(_total(reasons), reasons, shown)
        heapq.heapreplace(waiting, (-quote.score, number, (shown.passage, quote)))


def _told_once(
    ranked: Iterable[tuple[Passage, Quote]], asked: _Asked, weights: Weights
) -> Iterator[tuple[Passage, Quote]]:
    """Give what reads well, and nothing twice; after an article's best sentence another has to read better."""
    words = {group.word for group in asked.groups if group.weight > 0}
    shown: dict[int, list[Quote]] = {}
    for one, quote in ranked:
        above = shown.setdefault(one.source, [])
        first = weights.complete if words <= quote.reasons.terms.keys() else weights.least
        least = weights.further if above else first
        reads_well = quote.stands if least is None else quote.good >= least
        if not reads_well or any(_overlap(quote, other) for other in above):
            continue
        above.append(quote)
        yield one, quote


def _overlap(one: Quote, other: Quote) -> bool:
    return one.start < other.end and other.start < one.end
