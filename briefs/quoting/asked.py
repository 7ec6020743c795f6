"""A query prepared for sentences, and the words of it that each sentence of an article has."""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import TypeAlias

from briefs.languages import pack_of
from briefs.models import Analysed
from briefs.quoting._questions import thing
from briefs.quoting.answering import Question
from briefs.text.query import Query, QueryTerm, asks
from briefs.text.terms import Token, fold, terms, tokens

Idf: TypeAlias = Callable[[str], float]

STOP_WORD = 0.75  # of a stop word's rarity: some questions have little else
_FAR = 8  # words: a number so far from what is counted tells nothing of it
_UNTRANSLATED = 0.3  # of what a word tells, where no article in another language has it
_BEGINNING = 6  # letters that words of one family share: invented, invention

# ---------------------------------------------------------------- what is asked


@dataclass(frozen=True, slots=True)
class PreparedQuery:
    """A query prepared for sentences.

    groups: its words, without question words. forms: first term → (number of the word, terms, weight) of each way to
    write a word. families: the same by the beginning of content words. hint: a cheap pattern that finds all sentences
    with a content word, and few others; None if there is none. names: numbers of the words that are names, by their
    capitals. counted: the number of the word that "how many" is about. thing: the words that "what is" or "who is" is
    about. language: of the query.
    """

    groups: tuple[QueryTerm, ...]
    forms: Mapping[str, list[tuple[int, tuple[str, ...], float]]]
    families: Mapping[str, list[tuple[int, str]]]
    hint: re.Pattern[str] | None
    question: Question | None
    names: frozenset[int]
    counted: int | None
    thing: tuple[QueryTerm, ...]
    language: str | None

    @staticmethod
    def of(query: Query) -> PreparedQuery:
        """Prepare a query."""
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
        question = Question(query.text) if asks(query) else None
        names = frozenset(n for n, group in enumerate(groups) if group.start and group.word[:1].isupper())
        counted = _counted(groups, question)
        start, end = (question and thing(query.text)) or (0, 0)
        of_it = tuple(
            sorted((one for one in groups if start <= one.start and one.end <= end), key=lambda one: one.start)
        )
        return PreparedQuery(groups, forms, families, _hint(firsts), question, names, counted, of_it, query.language)

    def counts(self, match: SentenceMatch) -> bool:
        """Whether a sentence has a content word of the query."""
        return any(self.groups[group].weight > 0 for group in match.found)


def _counted(groups: Sequence[QueryTerm], question: Question | None) -> int | None:
    """Return the number of the word behind "how many"."""
    if question is None or question.expected.kind != "how many":
        return None
    behind = [n for n, group in enumerate(groups) if group.weight > 0 and group.start >= question.expected.until]
    return min(behind, key=lambda n: groups[n].start, default=None)


def _beginning_of_a_family(stem: str) -> str:
    """Return the beginning that related words share; "" for a short word, a number, or Chinese."""
    return stem[: min(_BEGINNING, len(stem) - 1)] if len(stem) > 4 and _SPELLED.fullmatch(stem) else ""


# Scripts whose words begin as their stems do: an Arabic stem may lack the first letters.
_SPELLED = re.compile("[a-z\u0370-\u052f]+")
_OTHER = re.compile("[^\u4e00-\u9fff0-9a-z\u0370-\u052f]")


def _hint(firsts: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern for the first letters of words, folded: it rules out most sentences in a tenth of the time."""
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
class SentenceMatch:
    """The words of a query that a sentence has.

    found: number of the word → its frequency, in all forms. family: content words of which it has only a related word.
    length: of the sentence, in terms. retold: the share it has of the title's words that are not in the question.
    """

    found: Mapping[int, float]
    family: frozenset[int] = frozenset()
    length: int = 0
    retold: float = 0.0


def said_of(analysed: Analysed, asked: PreparedQuery, *, everything: bool) -> list[SentenceMatch]:
    """Match every sentence of an article. everything: also sentences that have only stop words of the query."""
    text, language = analysed.article.text, analysed.article.language or "und"
    said: list[Sequence[str]] = []
    for span in analysed.sentences:
        sentence = text[span.start : span.end]
        looked_at = everything or asked.hint is None or asked.hint.search(fold(sentence))
        said.append(terms(sentence, language) if looked_at else ())
    # Few of a text's words tell something: they are found once, not in each sentence.
    words = set[str]().union(*said)
    telling = {term for term in words if term in asked.forms or term[:4] in asked.families}
    matches = [match_of(sentence, asked, telling) for sentence in said]
    if asked.question is None:
        return matches
    title = set(terms(analysed.article.title, language)).difference(asked.forms)
    return [
        replace(match, retold=len(title.intersection(sentence)) / len(title)) if title and match.found else match
        for match, sentence in zip(matches, said, strict=True)
    ]


def match_of(sentence: Sequence[str], asked: PreparedQuery, telling: Set[str]) -> SentenceMatch:
    """Match the terms of a sentence. telling: the terms that can match."""
    if telling.isdisjoint(sentence):
        return SentenceMatch({}, length=len(sentence))
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
    return SentenceMatch(found, frozenset(family.difference(found)), len(sentence))


def counted_near(sentence: str, language: str, asked: PreparedQuery) -> float:
    """Return how near a number is to what "how many" is about: 1 for the next word, 1/2 for the one after; 0 from 8."""
    if asked.question is None or asked.counted is None:
        return 0.0
    words = tokens(sentence, language)
    forms = asked.groups[asked.counted].alternatives
    number, counted, apart = -math.inf, math.inf, math.inf  # places of the last ones, and the fewest words between two
    for n, one in enumerate(words):
        if asked.question.expected.is_number(fold(sentence[one.start : one.end])):
            number = n
        if any(form[0] == one.term and tuple(word.term for word in words[n : n + len(form)]) == form for form in forms):
            counted = n
        apart = min(apart, abs(number - counted))
    return 1 / max(1, apart) if apart < _FAR else 0.0


def tells_what(sentence: str, language: str, asked: PreparedQuery) -> bool | None:
    """Whether a sentence says what or who the thing asked for is: "X is a …", "X, the …", "X (…".

    A person may be named by the last name. None if the query does not ask that, the sentence does not name the thing,
    or the language has no patterns for it.
    """
    behind = _behind(language)
    if not asked.thing or behind is None:
        return None
    words = tokens(sentence, language)
    named = [asked.thing]
    if len(asked.thing) > 1 and all(one.word[:1].isupper() for one in asked.thing):
        named.append(asked.thing[-1:])
    ends = [end for one in named for n in range(len(words)) if (end := _end_of(one, words, n))]
    return any(behind.match(sentence, words[end - 1].end) for end in ends) if ends else None


@functools.cache
def _behind(language: str) -> re.Pattern[str] | None:
    told = pack_of(language).tells_what
    return re.compile(rf"[\s+”»\"’'）》」]*(?:[(（][^)）]{{1,60}}[)）])?{told}") if told else None


def _end_of(named: Sequence[QueryTerm], words: Sequence[Token], start: int) -> int:
    """Return the end of a name that begins at a word, as a number of words; 0 if none does."""
    at = start
    for one in named:
        forms = (form for form in one.alternatives if tuple(word.term for word in words[at : at + len(form)]) == form)
        longest = max(map(len, forms), default=0)
        if not longest:
            return 0
        at += longest
    return at


def rarity_of(groups: Sequence[QueryTerm], matches: Sequence[SentenceMatch], idf: Idf | None) -> list[float]:
    """Return the idf of each word of the query times its weight; its forms count as one word (Pirkola 1998)."""
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


def tells_of(asked: PreparedQuery, rarity: Sequence[float], language: str, idf: Idf | None) -> list[float]:
    """Return the weight of each query word in an article in some language: its idf, 0 for stop words.

    In another language than the query's, a word that no article has weighs little, for the dictionary may lack it; and
    one with only Chinese forms weighs nothing, as it is part of a word that is translated as a whole.
    """
    tells = [rare if group.weight > 0 else 0.0 for group, rare in zip(asked.groups, rarity, strict=True)]
    if language == asked.language or idf is None:
        return tells
    unseen = idf("")
    for number, group in enumerate(asked.groups):
        if tells[number] >= unseen * group.weight:
            tells[number] *= 0.0 if all(_CHINESE.match(form[0]) for form in group.alternatives) else _UNTRANSLATED
    return tells


_CHINESE = re.compile("[\u4e00-\u9fff]")
