"""A percolator: matches each new article with many stored topics, by an index of the topics.

    topic    its required clauses → the rarest clause → indexed under the rarest term of each alternative
    article  its terms → the topics indexed under one of them → matched to the letter: a few of many

An article that matches a topic meets every clause, so it has one of the terms under which the topic is indexed.
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
    """Return the alias groups of a topic's words: all that it needs of the aliases."""
    means = (aliases.names(word) for word in sorted(set(_every_word(topic.expression))))
    return [names for names in means if len(names) > 1]


def key_of(topic: Topic, aliases: Aliases) -> str:
    """Return a key that is equal for topics that match the same articles: of their words, languages and aliases."""
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
    """An index of topics by number, for articles in these languages: `add` topics, then make it `ready`."""

    def __init__(self, languages: Iterable[str]) -> None:
        self.languages = frozenset(languages)
        self._matchers: dict[int, Matcher] = {}
        self._unfiled: list[tuple[int, list[frozenset[tuple[str, ...]]]]] = []
        self._waiting: dict[str, list[tuple[int, Clauses]]] = {}
        self._known: dict[tuple[tuple[str, ...], ...], tuple[Aliases, Names]] = {}

    def add(self, number: int, topic: Topic, names: Iterable[tuple[str, ...]] = ()) -> None:
        """Add a topic under its number. names: its alias groups."""
        groups = tuple(names)
        aliases, kept = self._known.setdefault(groups, (Aliases(groups), {}))
        self._matchers[number] = Matcher(topic, aliases, kept)
        languages = sorted(self.languages.intersection(topic.languages) if topic.languages else self.languages)
        self._unfiled.append((number, required(topic.expression, languages, aliases)))

    def ready(self, frequencies: Callable[[Collection[str]], Mapping[str, int]]) -> None:
        """Index the added topics, each under the rarest terms that every matching article has one of.

        frequencies: terms → document frequencies, of those in any article; called once for all topics.
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
        """Return the topics that match an article, and those that would without their exclusions."""
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
