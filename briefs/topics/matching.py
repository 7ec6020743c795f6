"""Whether a topic matches an article, to the letter, and by which of its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property
from typing import TypeAlias

from briefs.languages import pack_of
from briefs.models import Analysed, Article
from briefs.text.addresses import host_of
from briefs.text.aliases import Aliases
from briefs.text.terms import fold, spellings
from briefs.topics.language import AllOf, AnyOf, Expression, Filtered, Word, length, named, plainly

Terms: TypeAlias = tuple[str, ...]


def required(expression: Expression, languages: Sequence[str], aliases: Aliases) -> list[frozenset[Terms]]:
    """Return clauses for the index: every matching article has one sequence of terms of each set.

    That is necessary, not sufficient: `Matcher` decides.
    """
    if isinstance(expression, Word):
        names = aliases.names(expression.text)
        return [frozenset(said for name in names for language in languages for said in _terms(name, language))]
    if isinstance(expression, Filtered):
        return required(expression.words, languages, aliases)
    if isinstance(expression, AllOf):
        return [clause for part in expression.parts for clause in required(part, languages, aliases)]
    # One clause of each part, the narrowest: an article that has the part has that.
    narrowest = [min(required(part, languages, aliases), key=len) for part in expression.parts]
    return [frozenset[Terms]().union(*narrowest)]


class Verdict(Enum):
    """Whether a topic matches an article."""

    TAKEN = "taken"
    EXCLUDED = "excluded"  # it would match, but has an excluded word
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with the words that decided it.

    words: of an excluded article the excluded words it has; of another the words it lacks, "a | b" for a choice.
    """

    verdict: Verdict
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A saved query.

    name: as people write it. languages: of the articles, () for any. kept: whether its matches are to be stored as
    articles come in.
    """

    name: str
    expression: Expression
    languages: tuple[str, ...] = ()
    kept: bool = False

    def matcher(self, aliases: Aliases | None = None) -> Matcher:
        """Return a matcher, to be used for many articles."""
        return Matcher(self, aliases or Aliases())

    def __str__(self) -> str:
        return str(self.expression)


class Matcher:
    """Matches a topic with articles; its words are turned into the terms of each language once.

    names: a cache of these terms; matchers with the same aliases may share it.
    """

    __slots__ = ("_aliases", "_names", "_topic")

    def __init__(self, topic: Topic, aliases: Aliases, names: Names | None = None) -> None:
        self._topic = topic
        self._aliases = aliases
        self._names: Names = {} if names is None else names

    def verdict(self, article: Analysed, seen_at: datetime | None = None) -> Verdict:
        """Match one article. seen_at: when it came in, for topics that limit its age."""
        return self.verdict_on(Seen(article, seen_at))

    def verdict_on(self, seen: Seen) -> Verdict:
        """Match an article that is matched with other topics, too."""
        language = seen.article.language or "und"
        if self._topic.languages and language not in self._topic.languages:
            return Verdict.OTHER
        return self._judge(self._topic.expression, seen, language)

    def judgement(self, article: Analysed, seen_at: datetime | None = None) -> Judgement:
        """Match one article, and return the words that decided, too."""
        verdict, language = self.verdict(article, seen_at), article.article.language or "und"
        if verdict is Verdict.TAKEN or (self._topic.languages and language not in self._topic.languages):
            return Judgement(verdict)
        seen = Seen(article, seen_at)
        blame = self._unwanted if verdict is Verdict.EXCLUDED else self._lacking
        return Judgement(verdict, tuple(dict.fromkeys(blame(self._topic.expression, seen, language))))

    def _lacking(self, expression: Expression, seen: Seen, language: str) -> Iterator[str]:
        if self._judge(expression, seen, language) is not Verdict.OTHER:
            return
        if isinstance(expression, Filtered):
            yield from self._lacking(expression.words, seen, language)
            yield from (lacking for kind, lacking in _stopped(expression, seen, language) if kind is Verdict.OTHER)
        elif isinstance(expression, AllOf):
            for part in expression.parts:
                yield from self._lacking(part, seen, language)
        else:
            yield plainly(expression)

    def _unwanted(self, expression: Expression, seen: Seen, language: str) -> Iterator[str]:
        if isinstance(expression, Word):
            return
        if isinstance(expression, Filtered):
            yield from self._unwanted(expression.words, seen, language)
            yield from (had for kind, had in _stopped(expression, seen, language) if kind is Verdict.EXCLUDED)
            return
        for part in expression.parts:
            yield from self._unwanted(part, seen, language)
        for part in expression.without if isinstance(expression, AllOf) else ():
            if self._judge(part, seen, language) is Verdict.TAKEN:
                yield plainly(part)

    def _judge(self, expression: Expression, seen: Seen, language: str) -> Verdict:
        if isinstance(expression, Word):
            for name in self._named(expression.text, language):
                if name.stands_in(seen):
                    return Verdict.TAKEN
            return Verdict.OTHER
        if isinstance(expression, Filtered):
            stopped = {kind for kind, _ in _stopped(expression, seen, language)}
            verdict = self._judge(expression.words, seen, language)
            if Verdict.OTHER in stopped or verdict is Verdict.OTHER:
                return Verdict.OTHER
            return Verdict.EXCLUDED if stopped else verdict
        if isinstance(expression, AnyOf):
            best = Verdict.OTHER
            for part in expression.parts:
                verdict = self._judge(part, seen, language)
                if verdict is Verdict.TAKEN:
                    return verdict
                best = best if verdict is Verdict.OTHER else verdict
            return best
        left_out = False
        for part in expression.parts:
            verdict = self._judge(part, seen, language)
            if verdict is Verdict.OTHER:
                return verdict
            left_out |= verdict is Verdict.EXCLUDED
        for part in expression.without:
            left_out = left_out or self._judge(part, seen, language) is Verdict.TAKEN
        return Verdict.EXCLUDED if left_out else Verdict.TAKEN

    def _named(self, word: str, language: str) -> tuple[_Name, ...]:
        names = self._names.get((word, language))
        if names is None:
            names = tuple(one for name in self._aliases.names(word) for one in _spelled(name, language))
            self._names[word, language] = names
        return names


def _stopped(expression: Filtered, seen: Seen, language: str) -> Iterator[tuple[Verdict, str]]:
    """Yield the filters that an article does not pass, as they are written, and what follows from each."""
    if expression.sources and not any(is_from(seen.article, name) for name in expression.sources):
        yield Verdict.OTHER, " | ".join(f"source:{named(name)}" for name in expression.sources)
    if expression.languages and language not in expression.languages:
        yield Verdict.OTHER, " | ".join(f"language:{code}" for code in expression.languages)
    for name in expression.not_sources:
        if is_from(seen.article, name):
            yield Verdict.EXCLUDED, f"source:{named(name)}"
    if expression.hours and seen.hours > expression.hours:
        yield Verdict.EXCLUDED, f"age:>{length(expression.hours)}"


class Seen:
    """An article as topics look at it; what is costly is made when first asked for."""

    def __init__(self, analysed: Analysed, seen_at: datetime | None = None) -> None:
        self._analysed = analysed
        self._seen_at = seen_at

    @property
    def article(self) -> Article:
        """The article itself."""
        return self._analysed.article

    @property
    def hours(self) -> float:
        """How old it was when it came in; 0 where nobody knows."""
        if self._seen_at is None or self.article.published is None:
            return 0.0
        return (self._seen_at - self.article.published) / timedelta(hours=1)

    @cached_property
    def each(self) -> frozenset[str]:
        """Every term, once."""
        return frozenset(self._analysed.title_terms).union(self._analysed.body_terms)

    @cached_property
    def terms(self) -> str:
        """All terms, each between spaces; no phrase reaches from the title into the text."""
        return f" {' '.join(self._analysed.title_terms)} \n {' '.join(self._analysed.body_terms)} "

    @cached_property
    def written(self) -> str:
        """Title and text as they stand."""
        return f"{self._analysed.article.title}\n{self._analysed.article.text}"

    @cached_property
    def folded(self) -> str:
        """The same without case, accents and width."""
        return fold(self.written)


@dataclass(frozen=True, slots=True)
class _Name:
    """One spelling of a name in the terms of one language: between spaces; `single` where it is but one.

    signs: how it must be written, where the terms lose a sign that makes it another name: "互联网+".
    """

    terms: str
    single: str | None
    signs: re.Pattern[str] | None

    def stands_in(self, seen: Seen) -> bool:
        return (self.terms in seen.terms if self.single is None else self.single in seen.each) and (
            self.signs is None or self.signs.search(seen.folded) is not None
        )


Names: TypeAlias = dict[tuple[str, str], tuple[_Name, ...]]  # word, language → what it may be


def _spelled(name: str, language: str) -> Iterator[_Name]:
    folded = fold(name).strip()
    signs = _whole(folded) if re.search(r"[+#]", folded) else None
    for said in _terms(name, language):
        yield _Name(f" {' '.join(said)} ", said[0] if len(said) == 1 else None, signs)


def _terms(name: str, language: str) -> list[Terms]:
    """Return a name's terms; l'internet is asked for as internet."""
    elision = pack_of(language).elision
    return spellings(re.sub(rf"^(?:{elision})(?=\w)", "", name, flags=re.IGNORECASE) if elision else name, language)


def _whole(text: str) -> re.Pattern[str]:
    spaced = r"\s+".join(map(re.escape, text.split()))
    return re.compile(rf"(?<![^\W_]){spaced}(?![^\W_])")


def is_from(article: Article, source: str) -> bool:
    """Whether an article is of a source: by whole words of its name, or by its site."""
    asked, name = fold(source).strip(), fold(article.source or "")
    host = host_of(article.url or "")
    if asked and (asked == host or host.endswith(f".{asked}") or asked in host.split(".")):
        return True
    return asked in name if _UNSPACED.search(asked) else _whole(asked).search(name) is not None


_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
