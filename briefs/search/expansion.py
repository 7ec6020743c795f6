"""Query expansion: beside each word of a query, words that are near it in meaning.

    handset makers  →  handset: smartphone .9 · cellphone .7 · phone .5 …      makers: manufacturer .9 · brand .6 …

They are alternatives of the one word, each trusted less than the word itself (Pirkola 1998), in each language of the
archive: French and English words share one vector space, and Chinese ones are reached by the dictionary.
"""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from briefs.languages import LANGUAGES
from briefs.search.bm25 import Statistics
from briefs.text.dictionary import Translation, headwords, translations
from briefs.text.embeddings import DIMENSIONS, relatives
from briefs.text.query import Query, QueryTerm, Terms
from briefs.text.terms import terms

_INTO_CHINESE = 12  # English relatives of a word that are looked up: each has many Chinese words
_OF_CHINESE = 3  # English words of a Chinese one, the likeliest


def widened(query: Query) -> Query:
    """Return the query with related words as further alternatives of its plain words, in all its languages."""
    meanings = _meanings(query)
    return replace(query, groups=tuple(_widened(word, query, meanings) for word in query.groups))


def weighed(query: Query, statistics: Statistics) -> Query:
    """Return the query with each name weighed by its idf: one that half of the archive has says little."""
    most = statistics.idf(1)
    groups = (
        replace(word, weight=word.weight * min(most, statistics.idf_of(word)) / most) if word.kind == "name" else word
        for word in query.groups
    )
    return replace(query, groups=tuple(groups)) if most else query


def _widened(word: QueryTerm, query: Query, meanings: list[Translation]) -> QueryTerm:
    if word.kind != "word":
        return word
    near: dict[Terms, float] = {}
    for language, term, trust in _known(word, query, meanings):
        for into in query.languages:
            for terms_of, worth in _relatives(term, language, into):
                near[terms_of] = max(trust * worth, near.get(terms_of, 0.0))
    return replace(word, alternatives=MappingProxyType({**near, **word.alternatives})) if near else word


def _known(word: QueryTerm, query: Query, meanings: list[Translation]) -> Iterator[tuple[str, str, float]]:
    """Yield language, term and trust of each entry under which a word's relatives are looked up."""
    if query.language == "zh":
        for meaning in meanings:
            if meaning.start <= word.start and word.end <= meaning.end and word.end - word.start > 1:
                single = [
                    (terms_of[0], weight) for terms_of, weight in meaning.alternatives.items() if len(terms_of) == 1
                ]
                for term, weight in sorted(single, key=lambda item: -item[1])[:_OF_CHINESE]:
                    yield "en", term, weight
        return
    for language in [query.language] if query.language in LANGUAGES else query.languages:
        made = terms(word.word, language)
        if language in DIMENSIONS and len(made) == 1:
            yield language, made[0], 1.0


def _meanings(query: Query) -> list[Translation]:
    return translations(query.text, "zh", ("en",)) if query.language == "zh" else []


def _relatives(term: str, language: str, into: str) -> Iterator[tuple[Terms, float]]:
    if into != "zh":
        yield from (((near,), worth) for near, worth in relatives(term, language, into).items())
        return
    english = list(relatives(term, language, "en").items())[:_INTO_CHINESE]
    for near, worth in english:
        for headword, weight in headwords(near).items():
            if len(headword) > 1 or len(headword[0]) > 1:  # a single character stands in too many words
                yield headword, worth * weight
