"""A query as terms: each word with all the forms that an article may have it in.

    "les liens de WeChat"  →  liens: lien · link…      WeChat: wechat · 微信 · weixin      (les, de: stop words)

A word is looked for by its stem in each of the archive's languages, by every name of its alias group, and by its
translations. These alternatives count as one term (Pirkola 1998: structured queries), so a word with many names weighs
no more than another. Chinese is looked for by characters and pairs of them, as it is indexed. Operators, quotation
marks and wildcards are punctuation here: `topics.query_syntax` has read them before.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, TypeAlias

from briefs.errors import UsageError
from briefs.languages import LANGUAGES
from briefs.text.aliases import Aliases
from briefs.text.detection import UNSURE, detect_language
from briefs.text.dictionary import Translation, translations
from briefs.text.terms import Token, capital_words, fold, quietly, spellings, tokens

LONGEST = 2_500  # characters: longer than any question a person types
BACK_OFF = 0.5  # the weight of a pair of characters out of a Chinese word that no article has
MOST_FORMS = 16  # of one word: more cost time and find nothing
COMMON = 0.5  # the weight of a common word that is no core stop word; see docs/quality-notebook.md

Kind = Literal["word", "name", "common", "stop", "question"]
Terms: TypeAlias = tuple[str, ...]

_CHINESE = re.compile("[\u3400-\u9fff]")
_SIGN = re.compile("[+#&.]")  # in a word: it makes another one
_CHINESE_STOP_WORDS = re.compile(
    "|".join(
        sorted(
            (word for word in LANGUAGES["zh"].core_stop_words | LANGUAGES["zh"].question_words if len(word) > 1),
            key=len,
            reverse=True,
        )
    )
)
_WEIGHTS: Mapping[Kind, float] = {"word": 1.0, "name": 1.0, "common": COMMON, "stop": 0.0, "question": 0.0}


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One word of a query with its alternatives.

    word: as typed. alternatives: sequences of terms that stand for it (one term, or the terms of a longer name side by
    side) → how far each is trusted to, at most 1. weight: how much the word counts; a word typed twice counts twice,
    stop words and question words not at all. kind: "name" is what an alias group has. start, end: its first place in
    the text.
    """

    word: str
    alternatives: Mapping[Terms, float]
    weight: float
    kind: Kind = "word"
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query.

    text: as typed, without control characters. language: of the text, "und" when unsure. languages: those its words are
    looked for in. groups: its words in order, stop words included.
    """

    text: str
    languages: tuple[str, ...]
    groups: tuple[QueryTerm, ...]
    language: str = UNSURE

    @property
    def content(self) -> tuple[QueryTerm, ...]:
        """The words that count: no stop words."""
        return tuple(group for group in self.groups if group.weight > 0)


def parse_query(text: str, *, languages: Iterable[str] | None = None, aliases: Aliases | None = None) -> Query:
    """Parse a query.

    languages: those of the archive; None: the language of the query alone, or all where that is unsure.
    Raises UsageError for an empty text, or one of more than LONGEST characters.
    """
    text = _plain(text)
    if not text:
        raise UsageError("there is nothing to look for: say a word or two")
    if len(text) > LONGEST:
        raise UsageError(
            "a look-up has at most {limit} characters, this one has {length}: say it shorter",
            limit=LONGEST,
            length=len(text),
        )
    written_in = detect_language(text)
    asked = tuple(dict.fromkeys(languages)) if languages is not None else ()
    asked = asked or ((written_in,) if written_in in LANGUAGES else tuple(LANGUAGES))
    groups = _names(text, asked, aliases or Aliases())
    taken = [(group.start, group.end) for group in groups]
    groups += [word for word in _words(text, written_in, asked) if not any(_overlap(word, span) for span in taken)]
    groups = [_translated(group, found) for found in [translations(text, written_in, asked)] for group in groups]
    return Query(text, asked, _counted(sorted(groups, key=lambda group: (group.start, group.end))), written_in)


def _plain(text: str) -> str:
    """Replace control characters by blanks; remove invisible ones: bidi marks, joiners, lone surrogates."""
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category == "Cc":
            kept.append(" ")
        elif category not in ("Cf", "Cs"):
            kept.append(character)
    return " ".join("".join(kept).split())


def _names(text: str, languages: tuple[str, ...], aliases: Aliases) -> list[QueryTerm]:
    found = []
    for match in aliases.spans(text):
        alternatives = {
            terms: 1.0 for name in match.names for language in languages for terms in spellings(name, language)
        }
        if alternatives:
            word = text[match.start : match.end]
            kind: Kind = "name" if any(map(_is_name, match.names)) else "word"
            found.append(QueryTerm(word, MappingProxyType(alternatives), 1.0, kind, match.start, match.end))
    return found


def _is_name(name: str) -> bool:
    """Whether an alias is written as a name (Tesla, Internet Plus); AI and 5G may be short for common words."""
    return name[0].isupper() and not name.isupper()


def _words(text: str, written_in: str, languages: tuple[str, ...]) -> list[QueryTerm]:
    first = written_in if written_in in LANGUAGES else languages[0]
    by_language = {language: tokens(text, language) for language in dict.fromkeys((first, *languages))}
    terms: dict[tuple[int, int], dict[Terms, float]] = {(token.start, token.end): {} for token in by_language[first]}
    for language in languages:
        for token in by_language[language]:
            if (span := _home(token, terms)) is not None:
                terms[span][(token.term,)] = 1.0
    chinese, quiet = _chinese_stop_words(text), quietly(text)
    found = []
    for (start, end), alternatives in terms.items():
        if alternatives:
            kind = _kind(quiet[start:end], written_in, languages)
            if kind != "stop":
                alternatives |= _in_capitals(quiet[start:end])
            if within := [word for a, b, word in chinese if a < end and start < b]:
                kind = "question" if not LANGUAGES["zh"].question_words.isdisjoint(within) else "stop"
            found.append(QueryTerm(text[start:end], MappingProxyType(alternatives), _WEIGHTS[kind], kind, start, end))
    return found


def _in_capitals(word: str) -> dict[Terms, float]:
    """Return the term of a word in capitals, where it is a name then: who types "ai" may mean AI."""
    up = word.upper()
    return {(term,): 1.0 for term in [tokens(up, UNSURE)[0].term]} if up in capital_words() else {}


def _chinese_stop_words(text: str) -> list[tuple[int, int, str]]:
    """Find the Chinese stop words of two characters and more; a pair that overlaps one is no content word."""
    return [(*found.span(), found[0]) for found in _CHINESE_STOP_WORDS.finditer(text)]


def _home(token: Token, spans: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
    """Find the word that a token of another language is in: languages cut at apostrophes and hyphens differently."""
    span = (token.start, token.end)
    if span in spans:
        return span
    return next(((start, end) for start, end in spans if start <= token.start and token.end <= end), None)


def _kind(word: str, written_in: str, languages: tuple[str, ...]) -> Kind:
    """Return what kind of word it is; where the language is unsure, a stop word of any language is one."""
    if word in capital_words() or _SIGN.search(word):
        return "word"  # US, WHO; C++, U.S.
    folded = fold(word)
    if written_in in LANGUAGES:
        table = LANGUAGES[written_in]
        if folded in table.question_words:
            return "question"
        if folded in table.core_stop_words:
            return "stop"
        return "common" if folded in table.other_stop_words else "word"
    tables = [LANGUAGES[language] for language in languages if language in LANGUAGES]
    if any(folded in table.core_stop_words | table.question_words for table in tables):
        return "stop"
    return "common" if any(folded in table.other_stop_words for table in tables) else "word"


def _translated(word: QueryTerm, found: Iterable[Translation]) -> QueryTerm:
    """Add a word's translations; those of a Chinese word are added to each of its pairs, or to its one character."""
    alternatives = dict(word.alternatives)
    size = word.end - word.start
    for translation in found:
        inside = translation.start <= word.start and word.end <= translation.end
        if inside and size >= min(2, translation.end - translation.start):
            for terms, weight in translation.alternatives.items():
                alternatives[terms] = max(weight, alternatives.get(terms, 0.0))
    return replace(word, alternatives=MappingProxyType(alternatives))


def asks(query: Query) -> bool:
    """Whether a query is a question, which one sentence may answer, rather than words to look up."""
    return query.text.rstrip().endswith(("?", "？")) or any(group.kind == "question" for group in query.groups)


def forms(query: Query) -> list[str]:
    """Return all terms of all alternatives of a query's words."""
    return sorted({term for word in query.groups for terms in word.alternatives for term in terms})


def attested(query: Query, known: Callable[[Sequence[str]], Mapping[str, int]]) -> Query:
    """Return the query with only those alternatives that the archive may have, the likeliest first.

    A word without any keeps all. known: terms → document frequencies, of those in any article. A typed Chinese word
    that no article has is looked for by its pairs of characters, which other words may share. A translation is not: it
    is a guess, and its pairs mean something else ("company", out of "airline").
    """
    counts = known(forms(query))

    def there(word: QueryTerm) -> QueryTerm:
        found: dict[Terms, float] = {}
        typed = _CHINESE.search(word.word)
        for terms, weight in word.alternatives.items():
            if not typed and len(terms) == 1 and len(terms[0]) == 1 and _CHINESE.match(terms[0]):
                continue
            whole = all(term in counts for term in terms)
            pairs = [(t,) for t in terms if typed and len(t) == 2 and t in counts and _CHINESE.match(t)]
            for piece in [terms] if whole else pairs:
                found[piece] = max(weight if whole else BACK_OFF * weight, found.get(piece, 0.0))
        likely = sorted(found.items(), key=lambda item: -item[1])[:MOST_FORMS]
        return replace(word, alternatives=MappingProxyType(dict(likely))) if likely else word

    return replace(query, groups=tuple(there(word) for word in query.groups))


def in_capitals(query: Query, known: Callable[[Sequence[str]], Mapping[str, int]]) -> Query:
    """Read a query of stop words alone as names in capitals, where the archive has those: who as WHO, ai as AI."""
    raised = [replace(word, alternatives=MappingProxyType(_in_capitals(word.word))) for word in query.groups]
    there = known([term for word in raised for (term,) in word.alternatives])
    groups = [
        replace(name, weight=1.0, kind="word") if any(term in there for (term,) in name.alternatives) else word
        for word, name in zip(query.groups, raised, strict=True)
    ]
    return replace(query, groups=tuple(groups))


def _overlap(word: QueryTerm, span: tuple[int, int]) -> bool:
    return word.start < span[1] and span[0] < word.end


def _counted(groups: list[QueryTerm]) -> tuple[QueryTerm, ...]:
    """Merge a word that is typed several times into one with the sum of the weights."""
    counted: dict[frozenset[Terms], QueryTerm] = {}
    for group in groups:
        key = frozenset(group.alternatives)
        first = counted.get(key)
        counted[key] = replace(first, weight=first.weight + group.weight) if first else group
    return tuple(counted.values())


def unseen(query: Query, seen: frozenset[int]) -> tuple[str, ...]:
    """Return the query's words whose numbers are not in `seen`; touching pieces of Chinese make one word."""
    covered: set[int] = set()
    idle = {place for word in query.groups if word.weight == 0 for place in range(word.start, word.end)}
    for n, word in enumerate(query.content):
        if n in seen:
            covered.update(range(word.start, word.end))
    missing: list[tuple[int, int]] = []
    for word in query.content:
        gap = [place for place in range(word.start, word.end) if place not in covered]
        if idle.issuperset(gap):
            continue
        start, end = gap[0], gap[-1] + 1
        if missing and start <= missing[-1][1] and missing[-1][1] < end:
            missing[-1] = (missing[-1][0], end)
        elif not missing or end > missing[-1][1]:
            missing.append((start, end))
    return tuple(dict.fromkeys(query.text[start:end] for start, end in missing))
