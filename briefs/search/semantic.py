"""How near an article comes to a look-up that it does not answer word for word.

    for each word of the asker: 1 where the article has it, less where it has a word near it in meaning, else 0
    nearness = their mean, rare words counting for more; half over the whole article, half over its best two sentences

What is meant is said in one place: words that only happen to stand in the same article make half of it at most. Where
few words are asked for, few have to agree, and sooner do so by chance: the mean is taken as if one more were missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import chain
from statistics import NormalDist
from typing import TYPE_CHECKING

from briefs.languages import LANGUAGES
from briefs.models import Analysed, Notice, Reasons
from briefs.search.bm25 import Statistics
from briefs.search.rank import Ranked
from briefs.text.embeddings import rarity
from briefs.text.query import Query, QueryTerm, Terms, asks, unseen
from briefs.text.terms import terms, tokens

if TYPE_CHECKING:
    from briefs.search.dense import Near

LEAST_NEAR = 0.38  # see docs/quality-notebook.md: lower finds more, and more that nobody asked about
_BY_CHANCE, _FEW = 0.08, 24  # more for each standard deviation that the nearest of more than so many has by chance
LEAST_NEAR_BY_MODEL = 2.1  # the same where an embedding model tells, in standard deviations
_BESIDE_MODEL = 2.0  # what nearness by words counts for beside that
_LEAST_OUTSTANDING, _OUTSTANDING = 0.2, 1.8  # less is near enough for one that comes so many times nearer than the next
_SCORE = 20.0  # what nearness counts for beside the score of a sentence: as much as a good BM25
_NAMED = 3  # words of an article that are named to the asker
_TOGETHER = 2  # sentences that say one thing
_TO_THE_LETTER, _LIKELY = 0.75, 0.25  # where more of nearness is to the letter, it has to be so likely to answer
_ONE_PLACE = 0.5  # the share of nearness that is asked of one place
_DOUBT = 1.0  # what is missing of every look-up, as the worth of a rare word: without it, AUC .82 instead of .88
_IN_PART = 0.35  # of a query: one of two words, where few articles have it
_CHARACTER = 0.35  # the worth of a Chinese character: most words have two, and are not so rare


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Something that an article should say. words: numbers of the words of the query that say it, any one will do."""

    words: frozenset[int]
    worth: float


def nearness(query: Query, article: Analysed) -> float:
    """Return how near an article comes to a widened query: 0 nothing in common, 1 all its words in two sentences."""
    return _Nearness(query).of(article)


class _Nearness:
    """Says how near articles come to a widened query."""

    def __init__(self, query: Query) -> None:
        words = query.content
        self._wanted, self._forms = _wanted(query, words), _forms(words)
        self._whole = _DOUBT + sum(one.worth for one in self._wanted)

    def of(self, article: Analysed) -> float:
        """Return what `nearness` does."""
        if not self._wanted:
            return 0.0
        text, language = article.article.text, article.article.language or "und"
        said = [_said(terms(text[span.start : span.end], language), self._forms) for span in article.sentences]
        title = _said(article.title_terms, self._forms)
        places = [_merged(said[n : n + _TOGETHER]) for n in range(len(said))] or [title]
        best = max(_share(self._wanted, place) for place in places)
        all_of_it = _share(self._wanted, _merged([title, *said]))
        return (_ONE_PLACE * best + (1 - _ONE_PLACE) * all_of_it) / self._whole

    def at_most(self, article: Analysed) -> float:
        """Return what nearness is if all that an article says stood in one place: that reads no sentence."""
        said = (_said(terms_of, self._forms) for terms_of in (article.title_terms, article.body_terms))
        return _share(self._wanted, _merged(said)) / self._whole


def nearest_articles(
    asked: Query, query: Query, read: Iterable[tuple[Ranked, Analysed]], likely: Mapping[int, float], articles: int
) -> list[tuple[Ranked, Analysed]]:
    """Keep the articles that come near enough to a widened query, nearest first, with their nearness as their score.

    Where none does, one does that is far nearer than all others, and has words near several of the asker's together.
    To words that are looked up none is shown where the nearest is not at all likely to answer as it stands, and either
    some of so many articles come as near by chance, or it hardly says anything in other words; who asks a question does
    not list what its answer says. asked: the query as it was typed. likely: how likely articles answer that, by their
    rows. articles: how many the archive has.
    """
    near = _near(query, read)
    enough = [one for one in near if one[0] >= LEAST_NEAR]
    least = _least_of(articles) if enough else 0.0
    if not enough and _stands_out([by for by, *_ in near]) and _says_several(query, near[0][2]):
        enough = near[:1]
    for by, ranked, analysed in enough[:1]:
        likely_enough = asks(asked) or likely.get(ranked.candidate.row, 0.0) >= _LIKELY
        if not likely_enough and (by < least or nearness(asked, analysed) > _TO_THE_LETTER * by):
            return []
    return [(replace(ranked, score=_SCORE * by), analysed) for by, ranked, analysed in enough]


def _near(query: Query, read: Iterable[tuple[Ranked, Analysed]]) -> list[tuple[float, Ranked, Analysed]]:
    """Return articles with their nearness, nearest first; left out are some that are neither near enough nor next.

    Most articles have one or two of many words, and need not be read sentence by sentence to see that.
    """
    by = _Nearness(query)
    likely = sorted(((by.at_most(one[1]), n, one) for n, one in enumerate(read)), key=lambda one: (-one[0], one[1]))
    near: list[tuple[float, int, tuple[Ranked, Analysed]]] = []
    for most, n, one in likely:
        first, second = [*sorted((found[0] for found in near), reverse=True), 0.0, 0.0][:2]
        some_stands_out = max(first, most) >= max(_LEAST_OUTSTANDING, _OUTSTANDING * second)
        if most < LEAST_NEAR and (first >= LEAST_NEAR or most <= second or not some_stands_out):
            break
        near.append((by.of(one[1]), n, one))
    return [(found, *one) for found, _, one in sorted(near, key=lambda found: (-found[0], found[1]))]


def nearest_passages(
    query: Query, read: Iterable[tuple[Ranked, Analysed]], near: Mapping[int, Near]
) -> list[tuple[Ranked, Analysed]]:
    """Keep the articles of which a passage comes near enough, as the model and the words have it, nearest first.

    Of each, the sentences of that passage: what is quoted is one of them. near: by row.
    """
    kept = []
    for ranked, analysed in read:
        passage = near[ranked.candidate.row]
        by = passage.nearness + _BESIDE_MODEL * nearness(query, analysed)
        if by >= LEAST_NEAR_BY_MODEL:
            score = _SCORE * by
            found = replace(ranked, score=score, reasons=Reasons(parts={"meaning": score}))
            kept.append((found, replace(analysed, sentences=passage.sentences(analysed))))
    return sorted(kept, key=lambda one: -one[0].score)


def _least_of(articles: int) -> float:
    """Return how near the nearest of so many articles has to come: as much more as it has by chance."""
    chance, of_few = (NormalDist().inv_cdf(1 - 1 / (1 + max(_FEW, many))) for many in (articles, _FEW))
    return LEAST_NEAR + _BY_CHANCE * (chance - of_few)


def _stands_out(falling: Sequence[float]) -> bool:
    first, second = [*falling[:2], 0.0, 0.0][:2]
    return first >= max(_LEAST_OUTSTANDING, _OUTSTANDING * second)


def _says_several(query: Query, article: Analysed) -> bool:
    """Whether two words of one place are near two of the asker's: one word may be near all that is asked by chance."""
    forms, language = _forms(query.content), article.article.language or "und"
    said = [terms(article.article.text[span.start : span.end], language) for span in article.sentences]
    for n in range(len(said)):
        best: dict[int, tuple[float, str]] = {}
        for term in chain.from_iterable(said[n : n + _TOGETHER]):
            for word, form, weight in forms.get(term, ()):
                if len(form) == 1:
                    best[word] = max(best.get(word, (0.0, "")), (weight, term))
        if len({term for _, term in best.values()}) > 1:
            return True
    return False


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


def _merged(places: Iterable[Mapping[int, float]]) -> dict[int, float]:
    merged: dict[int, float] = {}
    for said in places:
        for n, weight in said.items():
            merged[n] = max(weight, merged.get(n, 0.0))
    return merged


def _share(wanted: Iterable[_Wanted], said: Mapping[int, float]) -> float:
    return sum(one.worth * max((said.get(n, 0.0) for n in one.words), default=0.0) for one in wanted)
