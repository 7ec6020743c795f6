"""How near an article comes to a look-up that it does not answer word for word.

    evidence   of a word of the asker, in a passage: how near the nearest word there is in meaning, times
                 how seldom an article has one that is as near (−ln of the share of articles that do)
               + SHARE · the word's share of all that is asked, rare words of the language counting for more
    nearness = Σ evidence of the best passage + OVERALL · BM25 of the article
               − ln articles of the archive − LONG · ln terms of the article

What is meant is said in one place: words that only happen to stand in the same article make no passage. In a large
archive, and in a long article, something comes near by chance, so more is asked of it there, as the E-value of a
sequence search does (Karlin and Altschul 1990). The share says what a handful of articles cannot: how rare a word is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

from briefs.languages import LANGUAGES
from briefs.models import Analysed, Notice
from briefs.search.bm25 import Statistics
from briefs.search.confidence import passage_of
from briefs.search.feedback import places, read
from briefs.search.rank import Ranked
from briefs.text.embeddings import rarity
from briefs.text.packed import Candidate
from briefs.text.query import Query, QueryTerm, Terms, unseen
from briefs.text.terms import terms, tokens

LEAST_NEAR = 1.2  # see docs/quality.md: lower finds more, and more that nobody asked about
SHARE, OVERALL, LONG = 6.0, 0.2, 0.4
_SCORE = 5.0  # what nearness counts for beside the score of a sentence, so that it decides the order
_NAMED = 3  # words of an article that are named to the asker
_IN_PART = 0.35  # of a query: one of two words, where few articles have it
_DOUBT = 1.0  # what is missing of every look-up, as the worth of a rare word: of few words, all have to be there
_CHARACTER = 0.35  # the worth of a Chinese character: most words have two, and are not so rare
_HALF = 0.5  # and it is half of the evidence, for the same reason
_SEVERAL = 2  # things that a passage says, where several are wanted: one may be near by chance
_MOST = 400  # places of an article that are looked at, so that none that repeats itself takes long

_Evidence: TypeAlias = tuple[tuple[int, float], ...]  # of a form: what it says, by number, and how much that is


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Something that an article should say. words: numbers of the words of the query that say it, any one will do."""

    words: frozenset[int]
    worth: float


def nearest_articles(query: Query, ranked: Sequence[Ranked], statistics: Statistics) -> list[Ranked]:
    """Keep the articles that come near enough to a widened query, nearest first, with their nearness as their score.

    ranked: by BM25 of the widened query.
    """
    nearness = Nearness(query, statistics)
    near = [(nearness.of(one.candidate, one.score), one) for one in ranked]
    near.sort(key=lambda one: -one[0])
    return [replace(one, score=_SCORE * (by - LEAST_NEAR)) for by, one in near if by >= LEAST_NEAR]


class Nearness:
    """Tells of each article how near it comes to one widened query."""

    def __init__(self, query: Query, statistics: Statistics) -> None:
        self._chance = math.log(statistics.articles or 1)
        evidence: dict[Terms, list[tuple[int, float]]] = {}
        everything = _wanted(query, query.content)
        self._least = min(_SEVERAL, len(everything))
        whole = _DOUBT + sum(wanted.worth for wanted in everything)
        for number, wanted in enumerate(everything):
            for form, says in _telling(query, wanted, SHARE * wanted.worth / whole, statistics):
                evidence.setdefault(form, []).append((number, says))
        self._forms: dict[str, list[tuple[Terms, _Evidence]]] = {}
        for form, says_of in evidence.items():
            self._forms.setdefault(form[0], []).append((form, tuple(says_of)))

    def of(self, article: Candidate, score: float) -> float:
        """Return how near an article comes. score: its BM25."""
        reading = read(article)
        there = self._forms.keys() & reading.counts.keys()
        title = [says for _, says in places(reading.title, self._forms, there)]
        standing = list(islice(places(reading.body, self._forms, there), _MOST))
        window = passage_of(reading.language)
        best = self._together(title)
        for first, (start, _) in enumerate(standing):
            ahead = (says for place, says in standing[first : first + window] if place <= start + window)
            best = max(best, self._together([*title, *ahead]))
        return best + OVERALL * score - self._chance - LONG * math.log(max(1, len(reading.body)))

    def _together(self, passage: Iterable[_Evidence]) -> float:
        """Return what a passage says of all that is wanted: nothing, where it says one thing of several."""
        best: dict[int, float] = {}
        for number, says in (one for evidence in passage for one in evidence):
            if says > best.get(number, 0.0):
                best[number] = says
        return sum(best.values()) if len(best) >= self._least else 0.0


def _telling(query: Query, wanted: _Wanted, share: float, statistics: Statistics) -> Iterator[tuple[Terms, float]]:
    """Yield the forms that say what is wanted, nearest first, and how much each of them says."""
    part = _HALF if query.language == "zh" else 1.0
    words = [query.content[n] for n in wanted.words]
    nearest = sorted(((near, form) for word in words for form, near in word.alternatives.items()), reverse=True)
    known = statistics.frequencies([form for _, form in nearest])
    as_near = 0
    for near, form in nearest:
        as_near += known[form]
        as_many = min(1.0, (as_near + 0.5) / (statistics.articles + 1))
        yield form, near * (share - part * math.log(as_many))


def in_part(query: Query, ranked: Sequence[Ranked], statistics: Statistics) -> list[Ranked]:
    """Keep the articles whose title says a good part of a query to the letter, in their order: they are on that part.

    A word that many articles have says little: its rarity counts, beside that of one that a single article has.
    """
    words = query.content
    wanted, forms, most = _wanted(query, words), _forms(words), statistics.idf(1)
    tells = [min(1.0, statistics.idf_of(word) / most) for word in words] if most else []

    def share(one: Ranked) -> float:
        said = _said(one.candidate.title_terms.split(), forms)
        told = sum(max((said.get(n, 0.0) * tells[n] for n in want.words), default=0.0) for want in wanted)
        return told / len(wanted)

    return [one for one in ranked if share(one) >= _IN_PART] if wanted and tells else []


def near_notice(asked: Query, widened: Query, articles: Sequence[Analysed]) -> Notice:
    """Return the honest word on near answers: what no article shown has, and what the nearest one has in its place.

    asked: the query as it was typed.
    """
    known = [_known_words(asked, article) for article in articles]
    missing = frozenset(range(len(asked.content))).difference(*known)
    places = {(word.start, word.end) for n, word in enumerate(asked.content) if n in missing}
    stand_ins = _stand_ins(widened, places, articles[0])
    return Notice("related", unseen(asked, frozenset(range(len(asked.content))) - missing), stand_ins[:_NAMED])


def _known_words(query: Query, article: Analysed) -> frozenset[int]:
    return frozenset(_said([*article.title_terms, *article.body_terms], _forms(query.content)))


def _stand_ins(query: Query, places: Set[tuple[int, int]], article: Analysed) -> tuple[str, ...]:
    """Return the words of an article, as they are written there, that are nearest to the words at some places."""
    text, language = article.article.text, article.article.language or "und"
    forms = _forms([word for word in query.content if (word.start, word.end) in places])
    best: dict[int, tuple[float, str]] = {}
    for term, start, end in tokens(text, language):
        for n, form, weight in forms.get(term, ()):
            if len(form) == 1 and weight > best.get(n, (0.0, ""))[0]:
                best[n] = weight, text[start:end]
    return tuple(dict.fromkeys(word for _, word in sorted(best.values(), key=lambda item: -item[0])))


def _wanted(query: Query, words: Sequence[QueryTerm]) -> list[_Wanted]:
    names = [_Wanted(frozenset((n,)), word.weight) for n, word in enumerate(words) if word.kind == "name"]
    plain = [(n, word) for n, word in enumerate(words) if word.kind == "word"]
    if query.language != "zh":
        return names + [_Wanted(frozenset((n,)), word.weight * _rarity(word, query)) for n, word in plain]
    # Pairs of Chinese characters overlap: what counts is each character, as a part of any word.
    pairs = [(n, word) for n, word in plain if word.end - word.start > 1]
    places = sorted({place for _, word in pairs for place in range(word.start, word.end)})
    return names + [
        _Wanted(frozenset(n for n, word in pairs if word.start <= place < word.end), _CHARACTER) for place in places
    ]


def _rarity(word: QueryTerm, query: Query) -> float:
    languages = [query.language] if query.language in LANGUAGES else query.languages
    return min(rarity(term, language) for language in languages for term in terms(word.word, language)[:1] or [""])


def _forms(words: Sequence[QueryTerm]) -> Mapping[str, list[tuple[int, Terms, float]]]:
    forms: dict[str, list[tuple[int, Terms, float]]] = {}
    for n, word in enumerate(words):
        for form, weight in word.alternatives.items():
            forms.setdefault(form[0], []).append((n, form, weight))
    return forms


def _said(found: Sequence[str], forms: Mapping[str, list[tuple[int, Terms, float]]]) -> dict[int, float]:
    """Return how well each word is said by some terms, by its number: as well as its best form there."""
    said: dict[int, float] = {}
    for place, term in enumerate(found):
        for n, form, weight in forms.get(term, ()):
            if weight > said.get(n, 0.0) and (len(form) == 1 or tuple(found[place : place + len(form)]) == form):
                said[n] = weight
    return said
