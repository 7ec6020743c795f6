"""Templates: sentences that a source repeats from article to article ("About the company …").

    sentences of an article that other articles of its source have, too ─┐
    only if the rest of those articles tells something else ─────────────┴─ counted

A sentence of SHARED articles counts no more for similarity, one of TEMPLATE articles is not quoted either. An article
that is published again, cut or with a new beginning, shares nearly all of its words, and makes no template. Little is
kept of each source: its latest sentences, and those that were repeated.
"""

import re
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain, islice
from typing import TypeAlias

from briefs.models import Analysed, Article
from briefs.text.addresses import host_of
from briefs.text.analyse import cut
from briefs.text.features import key_of, stop_terms
from briefs.text.terms import terms

SHARED, TEMPLATE = 2, 3  # articles that tell different things and have the sentence
_REMEMBERED = 1_200  # latest sentences of a source: some forty articles
_FOUND_AGAIN = 400  # repeated sentences, the latest
_COMPARED = 3  # latest articles that had a sentence before
# The overlap of the words, of the shorter text, outside of shared sentences, from which two articles tell the same. On
# 160 reissues of one newspaper it is at least .44; on its other articles with a shared sentence mostly below .21.
_ALIKE = 0.35
_SAME_TITLE = 0.7  # the overlap of the words of two titles from which two articles tell the same
_WHOLE = 80  # words: a text that has nothing but shared sentences, and so many words, is that text again

Earlier: TypeAlias = Callable[[Collection[int]], Mapping[int, Analysed]]  # articles by number; gone ones are left out


def source_of(article: Article) -> str | None:
    """Return the source of an article: its publisher, else its site; None if neither is known."""
    return article.source or host_of(article.url or "") or None


class Templates:
    """The templates of one source. Its articles are known by numbers that rise as they come in."""

    def __init__(self, packed: bytes = b"") -> None:
        numbers = array("I", packed)
        again = numbers[0] if numbers else 0
        # Sentence → in how many articles that tell different things, two or more.
        self._times = dict(zip(numbers[1 : 1 + again], numbers[1 + again : 1 + 2 * again], strict=True))
        self._packed_latest = numbers[1 + 2 * again :]

    @cached_property
    def _latest(self) -> dict[int, frozenset[int]]:
        """Article → hashes of its sentences; unpacked only when an article is learned, not for quoting."""
        latest, numbers = {}, iter(self._packed_latest)
        for article in numbers:
            latest[article] = frozenset(islice(numbers, next(numbers)))
        return latest

    def pack(self) -> bytes:
        """Return the state as bytes."""
        latest = ((article, len(keys), *sorted(keys)) for article, keys in self._latest.items())
        again = (len(self._times), *self._times.keys(), *self._times.values())
        return array("I", [*again, *chain.from_iterable(latest)]).tobytes()

    def learn(self, number: int, analysed: Analysed, earlier: Earlier) -> None:
        """Learn the sentences of the next article; one that was learned already is skipped."""
        keys = frozenset(_keys(analysed))
        if number in self._latest or not keys:
            return
        holders = {key: found for key in keys if (found := self._holders(key))}
        read = earlier(set().union(*holders.values())) if holders else {}
        unlike = {other: not _alike(analysed, one) for other, one in read.items()}
        for key, others in holders.items():
            if all(unlike.get(other, False) for other in others):
                self._times[key] = min(TEMPLATE, self._times.pop(key, 1) + 1)
        for key in self._times.keys() & keys:
            self._times[key] = self._times.pop(key)  # met last
        self._latest[number] = keys
        self._forget()

    def _holders(self, key: int) -> list[int]:
        """Return the latest articles that have a sentence; none if it is known to be a template."""
        if self._times.get(key) == TEMPLATE:
            return []
        return [number for number, keys in self._latest.items() if key in keys][-_COMPARED:]

    def _forget(self) -> None:
        while len(self._latest) > 1 and sum(map(len, self._latest.values())) > _REMEMBERED:
            del self._latest[next(iter(self._latest))]
        for key in [*self._times][:-_FOUND_AGAIN]:
            del self._times[key]

    def without(self, analysed: Analysed, times: int) -> Analysed:
        """Return an article without the sentences that at least `times` different articles of its source have."""
        if not self._times or (times == TEMPLATE and TEMPLATE not in self._times.values()):
            return analysed
        pairs = zip(analysed.sentences, _keys(analysed), strict=True)
        kept = tuple(one for one, key in pairs if self._times.get(key, 1) < times)
        return analysed if len(kept) == len(analysed.sentences) else replace(analysed, sentences=kept)


def untold(analysed: Analysed, templates: Templates) -> Article:
    """Return an article without shared sentences and without its source's name."""
    kept, article = templates.without(analysed, SHARED), analysed.article
    if kept is analysed:
        return article
    name = re.compile(re.escape(article.source or "\0"), re.IGNORECASE)
    text = "\n".join(_said(kept))
    return replace(article, title=name.sub(" ", article.title), text=name.sub(" ", text))


def apart(articles: Sequence[Article]) -> list[Article]:
    """Return articles, given oldest first, as `untold` does, with the templates found among them."""
    several = {source for source, n in Counter(map(source_of, articles)).items() if source and n > 1}
    read = {n: cut(one) for n, one in enumerate(articles) if source_of(one) in several}
    templates = {source: Templates() for source in several}
    for n, one in read.items():
        templates[source_of(one.article) or ""].learn(n, one, lambda numbers: {n: read[n] for n in numbers})
    return [untold(read[n], templates[source_of(one) or ""]) if n in read else one for n, one in enumerate(articles)]


def _keys(analysed: Analysed) -> Iterator[int]:
    """Return the hash of each sentence, whatever its capitals and spaces."""
    return (key_of(" ".join(sentence.split()).casefold()) for sentence in _said(analysed))


def _said(analysed: Analysed) -> list[str]:
    return [analysed.article.text[one.start : one.end] for one in analysed.sentences]


def _alike(one: Analysed, two: Analysed) -> bool:
    """Return whether two articles tell the same, apart from shared sentences."""
    both = set(_keys(one)) & set(_keys(two))
    titles = [_words([analysed.article.title], analysed) for analysed in (one, two)]
    if _overlap(*titles) >= _SAME_TITLE:
        return True
    rests = [_rest(analysed, both) for analysed in (one, two)]
    if not all(rests) and len(_words(_said(one), one) & _words(_said(two), two)) >= _WHOLE:
        return True
    return _overlap(titles[0] | rests[0], titles[1] | rests[1]) >= _ALIKE


def _rest(analysed: Analysed, without: set[int]) -> frozenset[str]:
    pairs = zip(_said(analysed), _keys(analysed), strict=True)
    return _words((sentence for sentence, key in pairs if key not in without), analysed)


def _words(texts: Iterable[str], analysed: Analysed) -> frozenset[str]:
    language = analysed.article.language or "und"
    return frozenset(terms("\n".join(texts), language)) - stop_terms(language)


def _overlap(one: frozenset[str], two: frozenset[str]) -> float:
    return len(one & two) / max(1, min(len(one), len(two)))
