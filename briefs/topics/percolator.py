"""Many topics against each article as it comes in: topics wait under their rarest terms, and are looked up by its own.

    topic    all that it requires → the rarest requirement → filed under the rarest term of each way to meet it
    article  its terms → the topics filed under one of them → judged to the letter, a few of many

An article that a topic takes has, for each requirement, one of the ways to meet it, and so the term it is filed under.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeAlias

from briefs.models import Analysed
from briefs.text.aliases import Aliases
from briefs.topics import AllOf, Expression, Filtered, Matcher, Names, Seen, Topic, Verdict, Word, required

_NAMES_KEPT = 50_000  # words whose terms are remembered, for each set of names


def names_of(topic: Topic, aliases: Aliases) -> list[tuple[str, ...]]:
    """Return the names that each word of a topic means, where there are several: all it needs of the aliases."""
    means = (aliases.names(word) for word in sorted(set(_every_word(topic.expression))))
    return [names for names in means if len(names) > 1]


def key_of(topic: Topic, aliases: Aliases) -> str:
    """Return what tells whether two topics take the same articles: their words, languages and names."""
    meant = [str(topic.expression), sorted(topic.languages), names_of(topic, aliases)]
    return hashlib.blake2b(json.dumps(meant, ensure_ascii=False).encode(), digest_size=16).hexdigest()


def _every_word(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Word):
        yield expression.text
    elif isinstance(expression, Filtered):
        yield from _every_word(expression.words)
    else:
        for part in (*expression.parts, *(expression.without if isinstance(expression, AllOf) else ())):
            yield from _every_word(part)


Clauses: TypeAlias = tuple[tuple[str, ...], ...]


class TopicIndex:
    """Topics by number, for many articles in these languages: `add` them, and make the index `ready`."""

    def __init__(self, languages: Iterable[str]) -> None:
        self.languages = frozenset(languages)
        self._matchers: dict[int, Matcher] = {}
        self._unfiled: list[tuple[int, list[frozenset[tuple[str, ...]]]]] = []
        self._waiting: dict[str, list[tuple[int, Clauses]]] = {}
        self._known: dict[tuple[tuple[str, ...], ...], tuple[Aliases, Names]] = {}

    def add(self, number: int, topic: Topic, names: Iterable[tuple[str, ...]] = ()) -> None:
        """Add a topic under its number; names: groups of names of the same thing."""
        groups = tuple(names)
        aliases, kept = self._known.setdefault(groups, (Aliases(groups), {}))
        self._matchers[number] = Matcher(topic, aliases, kept)
        languages = sorted(self.languages.intersection(topic.languages) if topic.languages else self.languages)
        self._unfiled.append((number, required(topic.expression, languages, aliases)))

    def ready(self, frequencies: Callable[[Collection[str]], Mapping[str, int]]) -> None:
        """Let added topics wait under the rarest of the terms of which every article has one that they take.

        frequencies: in how many articles each of some terms stands, where it does; asked for all topics together.
        """
        unfiled, self._unfiled = self._unfiled, []
        known = frequencies({term for _, clauses in unfiled for ways in clauses for way in ways for term in way})

        def frequency(term: str) -> int:
            return known.get(term, 0)

        for number, clauses in unfiled:
            terms = {tuple(sorted({min(way, key=frequency) for way in ways})) for ways in clauses}
            rarest, *others = sorted(terms, key=lambda one: (sum(map(frequency, one)), one))
            for term in rarest:
                self._waiting.setdefault(term, []).append((number, tuple(others)))

    def verdicts(self, article: Analysed, seen_at: datetime | None = None) -> dict[int, Verdict]:
        """Return the topics that take an article, and those that only what they leave out keeps from it."""
        seen, waiting = Seen(article, seen_at), self._waiting
        terms = {*article.title_terms, *article.body_terms}
        found: dict[int, Verdict] = {}
        for term in terms & waiting.keys():
            for number, others in waiting[term]:
                if number in found:
                    continue
                for clause in others:
                    if terms.isdisjoint(clause):
                        break
                else:
                    found[number] = self._matchers[number].verdict_on(seen)
        for _, kept in self._known.values():
            if len(kept) > _NAMES_KEPT:
                kept.clear()
        return {number: verdict for number, verdict in found.items() if verdict is not Verdict.OTHER}
