"""What raises an article when its terms are read in order, which only those of the best candidates are.

pieces    of the query's words, inside other words       biomaterial · material, 5 g · 5g
near      neighbours in the query that are near each other in the article
related   terms that the best articles share: pseudo-relevance feedback

Each returns `Counts`, of which `bm25` makes a score. The index is asked only how common the related terms are.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, pairwise
from operator import itemgetter
from typing import TypeVar

from briefs.languages import LANGUAGES
from briefs.search.bm25 import Counts, Statistics, Weights
from briefs.text.packed import TITLE, Candidate, unpack
from briefs.text.query import QueryTerm, Terms

_Word = TypeVar("_Word")

_PIECE = 4  # letters: shorter ones are in too many words, longer ones are nearly words


@dataclass(frozen=True, slots=True)
class Unpacked:
    """One article with its terms in order. counts: their frequencies, those of the title counted TITLE times."""

    language: str
    length: int
    title: Sequence[str]
    body: Sequence[str]
    counts: Mapping[str, int]


def read(document: Candidate) -> Unpacked:
    """Return a document with its terms unpacked and counted."""
    title, body = unpack(document.title_terms), unpack(document.body_terms)
    counts = Counter(body)
    for term in title:
        counts[term] += TITLE
    return Unpacked(document.language, document.length, title, body, counts)


def likeness_to(document: Candidate) -> Callable[[Candidate], float]:
    """Return a function: a document → the cosine of its words with those of this one, 0 to 1."""
    mine = _term_weights(document)
    length = math.hypot(*mine.values())

    def likeness(other: Candidate) -> float:
        theirs = _term_weights(other)
        shared = sum(weight * mine.get(term, 0.0) for term, weight in theirs.items())
        return shared / (length * math.hypot(*theirs.values()) or 1.0)

    return likeness


def _term_weights(document: Candidate) -> dict[str, float]:
    """Return the terms of a document with their weights, without stop words and single characters."""
    language = LANGUAGES.get(document.language)
    stop_words = language.core_stop_words if language else frozenset[str]()
    counts = read(document).counts
    return {term: math.log1p(times) for term, times in counts.items() if len(term) > 1 and term not in stop_words}


# ---------------------------------------------------------------- pieces of words


def pieces(words: Sequence[QueryTerm], idf: Sequence[float], readings: Sequence[Unpacked]) -> Counts:
    """Count the pieces of the query's words inside the words of each article. idf: of the query's words.

    The idf of a piece is that of its word, lowered by the share of the articles read that have it: what nearly all of
    them have is an ending, or the word itself.
    """
    asked: dict[str, float] = defaultdict(float)
    for word, word_idf in zip(words, idf, strict=True):
        for piece, trust in _pieces_of(word).items():
            asked[piece] += trust * word.weight * word_idf
    vocabulary = f" {' '.join(set[str]().union(*(reading.counts for reading in readings)))} "
    having: dict[str, list[str]] = defaultdict(list)
    for piece in asked:
        for term in _terms_with(piece, vocabulary):
            having[term].append(piece)
    times: list[dict[str, float]] = []
    for reading in readings:
        found: dict[str, float] = defaultdict(float)
        for term in reading.counts.keys() & having.keys():
            for piece in having[term]:
                found[piece] += reading.counts[term]
        times.append(found)
    common = Counter(piece for found in times for piece in found)
    return Counts({piece: most * (1 - common[piece] / len(readings)) ** 2 for piece, most in asked.items()}, times)


def _pieces_of(word: QueryTerm) -> dict[str, float]:
    found: dict[str, float] = {}
    for terms, trust in word.alternatives.items():
        for term in terms:
            for start in range(len(term) - _PIECE + 1):
                piece = term[start : start + _PIECE]
                found[piece] = max(trust, found.get(piece, 0.0))
    return found


def _terms_with(piece: str, vocabulary: str) -> Iterator[str]:
    """Yield the terms that have a piece. vocabulary: with a space before and after each."""
    at = vocabulary.find(piece)
    while at >= 0:
        end = vocabulary.index(" ", at)
        yield vocabulary[vocabulary.rindex(" ", 0, at) + 1 : end]
        at = vocabulary.find(piece, end)


# ---------------------------------------------------------------- words near each other


def near(words: Sequence[QueryTerm], idf: Sequence[float], readings: Sequence[Unpacked], window: int) -> Counts:
    """Count the neighbours of the query that stand within `window` terms of each other, in either order.

    The idf of a pair is the mean of its two words' (weight · idf). Pieces of one Chinese run are no neighbours: its
    pairs of characters say already that they stand together.
    """
    partners: dict[int, set[int]] = defaultdict(set)
    of_pairs = {}
    for one, other in _neighbours(words):
        partners[one].add(other)
        partners[other].add(one)
        of_pairs[one, other] = (words[one].weight * idf[one] + words[other].weight * idf[other]) / 2
    forms: dict[str, list[tuple[Terms, int]]] = defaultdict(list)
    for number in partners:
        for terms in words[number].alternatives:
            forms[terms[0]].append((terms, number))
    times = []
    for reading in readings:
        found: dict[tuple[int, int], float] = defaultdict(float)
        there = forms.keys() & reading.counts.keys()
        if len(there) > 1:
            for text in (reading.title, reading.body):
                for pair in _pairs(list(places(text, forms, there)), partners, window):
                    found[pair] += 1
        times.append(found)
    return Counts(of_pairs, times)


def _neighbours(words: Sequence[QueryTerm]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of words that follow one another in the query; none inside another, none that touch."""
    whole: list[int] = []
    for number in sorted(range(len(words)), key=lambda n: (words[n].start, -words[n].end)):
        if not whole or words[number].end > words[whole[-1]].end:
            whole.append(number)
    for one, other in pairwise(whole):
        if words[other].start > words[one].end:
            yield min(one, other), max(one, other)


def places(
    text: Sequence[str], forms: Mapping[str, Iterable[tuple[Terms, _Word]]], there: Iterable[str]
) -> Iterator[tuple[int, _Word]]:
    """Yield the place and the word of each occurrence, in the order of the text.

    forms: first term → the sequences of terms that begin with it, each with its word. there: first terms to look for.
    """
    for place in sorted(place for term in there for place in _standing(text, term)):
        for terms, word in forms[text[place]]:
            if len(terms) == 1 or tuple(text[place : place + len(terms)]) == terms:
                yield place, word


def _standing(text: Sequence[str], term: str) -> Iterator[int]:
    place = -1
    with suppress(ValueError):  # there is no other
        while True:
            place = text.index(term, place + 1)
            yield place


def _pairs(
    places: Sequence[tuple[int, int]], partners: Mapping[int, Collection[int]], window: int
) -> Iterator[tuple[int, int]]:
    for at, (place, number) in enumerate(places):
        waiting = set(partners[number])
        for later, other in (places[n] for n in range(at + 1, len(places))):
            if later > place + window or not waiting:
                break
            if other in waiting:
                waiting.remove(other)
                yield min(number, other), max(number, other)


# ---------------------------------------------------------------- words that the best share


def related(
    readings: Sequence[Unpacked], believed: Sequence[float], statistics: Statistics, weights: Weights
) -> Counts:
    """Count the terms of a relevance model over the best articles (RM3): those likeliest there, in each article.

    The idf of a term is weighed by its share of the model, so together they count as one word of their mean idf.
    readings: best first. believed: the score of each so far.
    """
    trust = [score**weights.trust for score in believed[: weights.feedback]]
    model: dict[str, float] = defaultdict(float)
    for reading, worth in zip(readings, trust, strict=False):
        of_each = worth / max(1, reading.length)
        for term, times in reading.counts.items():
            model[term] += of_each * times
    spoken = {reading.language for reading in readings} & LANGUAGES.keys()
    stop_words = frozenset().union(*(LANGUAGES[language].core_stop_words for language in spoken))
    for term in model.keys() & stop_words:
        del model[term]
    # Twice as many, because a term that only one article has says nothing of others.
    likely = [(term,) for term, _ in heapq.nlargest(2 * weights.expansion, model.items(), key=itemgetter(1))]
    known = ((term, frequency) for (term,), frequency in statistics.frequencies(likely).items())
    chosen = dict(islice((item for item in known if item[1] > 1), weights.expansion))
    mass = sum(model[term] for term in chosen) or 1.0
    return Counts(
        {term: model[term] / mass * statistics.idf(frequency) for term, frequency in chosen.items()},
        [reading.counts for reading in readings],
    )
