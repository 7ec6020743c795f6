"""The words of a text as terms that texts in other languages share: cognates, translations, figures and names.

    en  companies   →  compani, ~compan
    fr  compagnie   →  ~compag                      the beginning, as cognates have it
    zh  公司        →  compani, ~compan, firm …     by the dictionary
    any 743亿       →  #7.43e+10                    figures; names as they are written; alias groups

Each word has several such terms ("ways"), each with a trust; two words are as alike as the best one they share.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from briefs.models import Article
from briefs.text.dictionary import translations
from briefs.text.features import TITLE, Features

_BEGINNING = 6  # letters that cognates share
_COGNATE = 0.84  # on either side: .7 together

Ways = Sequence[tuple[str, float]]  # shared terms and how far each is trusted


@dataclass(frozen=True, slots=True)
class Crossing:
    """A word of a text: its frequency, weighted by place, and its ways into other languages."""

    weight: float
    ways: Ways


def crossings(article: Article, read: Features) -> Mapping[str, Crossing]:
    """Return the words of an article that may be found in another language, by the term of its own."""
    found: dict[str, Crossing] = {}
    if read.language == "zh":
        found |= {word: one for word, one in _chinese(article).items() if word not in read.naming}
    for term, weight in read.own.items():
        if term in read.naming:
            continue  # it crosses as the thing that it names
        if term[0] == "#":
            found[term] = Crossing(weight, ((term, 1.0),))
        elif read.language != "zh":
            found[term] = Crossing(weight, tuple(_ways(term, read)))
        elif term in read.names:
            found[term] = Crossing(weight, ((f"@{read.names[term]}", 1.0),))
    for thing, weight in read.aliases.items():
        found[thing] = Crossing(weight, ((thing, 1.0),))
    return found


def _ways(term: str, read: Features) -> Iterator[tuple[str, float]]:
    if term in read.names:
        yield f"@{read.names[term]}", 1.0
    if read.language == "en":
        yield term, 1.0
    if len(term) >= _BEGINNING:
        yield f"~{term[:_BEGINNING]}", _COGNATE


def _chinese(article: Article) -> dict[str, Crossing]:
    weights: dict[str, float] = defaultdict(float)
    ways: dict[str, Ways] = {}
    for text, weight in ((article.title, TITLE), (article.text, 1.0)):
        for one in translations(text, "zh", ("en",)):
            word = text[one.start : one.end]
            if len(word) > 1:
                weights[word] += weight
                ways[word] = tuple(_english(one.alternatives))
    return {word: Crossing(weights[word], ways[word]) for word in weights}


def _english(alternatives: Mapping[tuple[str, ...], float]) -> Iterator[tuple[str, float]]:
    for terms, worth in alternatives.items():
        if len(terms) == 1:
            (term,) = terms
            yield term, worth
            yield f"@{term}", worth
            if len(term) >= _BEGINNING:
                yield f"~{term[:_BEGINNING]}", _COGNATE * worth
