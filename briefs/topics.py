"""The topic language, and which articles a topic takes.

    Tencent + Alibaba + (interoperability | "open links" | 互联互通) - stock

    words and phrases   every one must stand in the article; the `+` between them may be left out
    ( a | b )           at least one of them
    - a                 not in the article
    "open links"        these words, side by side
    source:caixin       only of this source, by its name or its site; of one of several; -source:36kr: not of it
    language:zh         only in this language; of several: in one of them
    age:7d              not what was older already when it came in (h, d, w, m, y)

A word means any name of its alias group. It is found as whole terms of the article's language, in the title or in the
text: "ai" is not in "rain", "link" is in "links". There are no regular expressions. Signs may be typed full width, and
quotation marks may be « French », “curly” or 「Chinese」.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property
from typing import TypeAlias

from briefs.errors import UsageError
from briefs.models import Analysed, Article
from briefs.text.addresses import host_of
from briefs.text.aliases import Aliases
from briefs.text.languages import LANGUAGES
from briefs.text.terms import fold, terms

LONGEST = 2_000  # characters of an expression
DEEPEST = 20  # brackets within brackets

# ---------------------------------------------------------------- the language


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or several side by side."""

    text: str

    def __str__(self) -> str:
        bare = _BARE.fullmatch(self.text) and self.text not in _GLUE
        return self.text if bare else f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of `parts` (at least one), and none of `without`."""

    parts: tuple[Expression, ...]
    without: tuple[Expression, ...] = ()

    def __str__(self) -> str:
        return " + ".join(map(_bracketed, self.parts)) + "".join(f" - {_bracketed(part)}" for part in self.without)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of `parts` (at least two)."""

    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        return " | ".join(map(_bracketed, self.parts))


@dataclass(frozen=True, slots=True)
class Filtered:
    """An expression of which only some articles count.

    sources: names or sites, one of which it must be from; not_sources: none of which. languages: one of which it
    must be in. hours: how old it may have been when it came in.
    """

    words: Expression
    sources: tuple[str, ...] = ()
    not_sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hours: int | None = None

    def __str__(self) -> str:
        return " ".join((str(self.words), *self.filters))

    @property
    def filters(self) -> tuple[str, ...]:
        """Each filter as it is written."""
        return (
            *(f"source:{_named(name)}" for name in self.sources),
            *(f"-source:{_named(name)}" for name in self.not_sources),
            *(f"language:{code}" for code in self.languages),
            *([f"age:{_length(self.hours)}"] if self.hours else []),
        )


Expression: TypeAlias = Word | AllOf | AnyOf | Filtered


def all_of(parts: Sequence[Expression], without: Sequence[Expression] = ()) -> Expression:
    """Join by "and", in its plainest form: a single part stays itself, "a and (b and c)" is "a and b and c"."""
    flat: list[Expression] = []
    left_out: list[Expression] = []
    for part in parts:
        flat += part.parts if isinstance(part, AllOf) else (part,)
        left_out += part.without if isinstance(part, AllOf) else ()
    left_out += without
    return flat[0] if len(flat) == 1 and not left_out else AllOf(tuple(flat), tuple(left_out))


def any_of(parts: Sequence[Expression]) -> Expression:
    """Join by "or", in its plainest form."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, AnyOf) else (part,))]
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


def words(expression: Expression) -> tuple[str, ...]:
    """Say what the expression looks for, each word once, in its order; not what it leaves out."""
    if isinstance(expression, Word):
        return (expression.text,)
    if isinstance(expression, Filtered):
        return words(expression.words)
    return tuple(dict.fromkeys(word for part in expression.parts for word in words(part)))


def _plainly(part: Expression) -> str:
    return part.text if isinstance(part, Word) else str(part)


def _bracketed(part: Expression) -> str:
    return str(part) if isinstance(part, Word) else f"({part})"


# ---------------------------------------------------------------- reading it

_SIGNS = {"(": "(", "（": "(", ")": ")", "）": ")", "|": "|", "｜": "|", "+": "+", "＋": "+"}
_MINUS = "-－−–—"
_QUOTES = {mark: family for family in ('"“”„＂', "«»", "「」『』") for mark in family}
_SEPARATORS = "、，；"  # as Chinese lists are typed
_SPECIAL = re.escape("".join([*_SIGNS, *_QUOTES, _SEPARATORS, "－"]))  # a full-width minus stands in no word
_BARE = re.compile(rf"[^\s{_SPECIAL}{re.escape(_MINUS)}][^\s{_SPECIAL}]*")
_LETTER = re.compile(r"[^\W_]")
# Words that only hold others together: in "internet of things" without quotation marks, "of" is not asked for.
_GLUE = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "the", "to", "with"}) | frozenset(
    {"au", "aux", "avec", "dans", "de", "des", "du", "et", "la", "le", "les", "par", "pour", "sur", "un", "une"}
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """kind: a sign of the language, "word", "phrase" or "end"; at: where it begins, from 0."""

    kind: str
    text: str
    at: int


def parse_topic(expression: str) -> Expression:
    """Read the topic language.

    Raises UsageError, naming the character at fault; characters are counted from 1.
    """
    if len(expression) > LONGEST:
        raise UsageError(
            "A topic may have {limit} characters; this one has {count}.", limit=LONGEST, count=len(expression)
        )
    pieces, filters = _without_filters(_pieces(_printable(expression)))
    whole = _Parser(pieces).whole()
    return replace(filters, words=whole) if filters.filters else whole


def combine(*, every: Sequence[str] = (), some: Sequence[str] = (), none: Sequence[str] = ()) -> Expression:
    """Read a topic given as lists, as configuration files have them: each of `every`, one of `some`, none of `none`.

    An item of plain words is a phrase; with signs in it, it is read as the topic language.
    """
    parts = [_item(text) for text in every]
    if some:
        parts.append(any_of([_item(text) for text in some]))
    if not parts:
        raise UsageError("A topic needs a word to look for, not only words to leave out.")
    return all_of(parts, [_item(text) for text in none])


def _item(text: str) -> Expression:
    pieces = _pieces(_printable(text))
    if len(pieces) > 2 and all(piece.kind in ("word", "end") and not _FILTER.fullmatch(piece.text) for piece in pieces):
        return Word(" ".join(text.split()))
    read = parse_topic(text)
    if isinstance(read, Filtered):
        raise UsageError("“{filter}” stands in an expression, not in a list.", filter=read.filters[0])
    return read


def _printable(text: str) -> str:
    """Blank out what cannot be seen (controls, text direction marks), so that positions stay."""
    return "".join(" " if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character for character in text)


def _pieces(expression: str) -> list[_Piece]:
    found: list[_Piece] = []
    at = 0
    while at < len(expression):
        character, start = expression[at], at
        at += 1
        if character.isspace() or character in _SEPARATORS:
            continue
        if character in _SIGNS:
            found.append(_Piece(_SIGNS[character], character, start))
        elif character in _MINUS:  # one inside a word never gets here: words are read to their end
            found.append(_Piece("-", character, start))
        elif family := _QUOTES.get(character):
            end = next((n for n in range(at, len(expression)) if expression[n] in family), None)
            if end is None:
                raise UsageError(
                    "Character {position}: the quotation mark opened here is never closed.", position=start + 1
                )
            found.append(_Piece("phrase", _without_quotes(expression[at:end]), start))
            at = end + 1
        else:
            word = _BARE.match(expression, start)
            at = word.end() if word else at
            found.append(_Piece("word", expression[start:at], start))
    found.append(_Piece("end", "", len(expression)))
    return found


def _without_quotes(phrase: str) -> str:
    return " ".join("".join(" " if character in _QUOTES else character for character in phrase).split())


# ---------------------------------------------------------------- filters

_KEYS = {"source": "source", "来源": "source", "age": "age", "âge": "age", "时限": "age"} | dict.fromkeys(
    ("language", "lang", "langue", "语言"), "language"
)
_FILTER = re.compile(rf"({'|'.join(_KEYS)})[:：](.*)", re.IGNORECASE)
_LENGTHS = {"y": 365 * 24, "m": 30 * 24, "w": 7 * 24, "d": 24, "h": 1}
_UNITS = {
    "j": "d",
    "天": "d",
    "日": "d",
    "sem": "w",
    "周": "w",
    "mois": "m",
    "个月": "m",
    "an": "y",
    "ans": "y",
    "年": "y",
}
_AGE = re.compile(rf"(\d{{1,4}})({'|'.join(sorted({*_LENGTHS, *_UNITS, '小时'}, key=len, reverse=True))})")


def _without_filters(pieces: list[_Piece]) -> tuple[list[_Piece], Filtered]:
    """Take the filters out of the pieces, with the signs before them."""
    kept: list[_Piece] = []
    found: dict[str, list[str]] = {"source": [], "-source": [], "language": [], "age": []}
    depth, at = 0, 0
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        depth += {"(": 1, ")": -1}.get(piece.kind, 0)
        match = _FILTER.fullmatch(piece.text) if piece.kind == "word" else None
        if match is None:
            kept.append(piece)
            continue
        key, value = _KEYS[match[1].lower()], match[2]
        if not value and pieces[at].kind == "phrase":
            value, at = pieces[at].text, at + 1
        sign = kept.pop() if kept and kept[-1].kind in ("+", "-") else None
        if depth or (kept and kept[-1].kind == "|") or pieces[at].kind == "|":
            raise UsageError(
                "Character {position}: “{word}” holds for the whole topic; put it at the end, outside of ( | ).",
                position=piece.at + 1,
                word=piece.text,
            )
        out = sign is not None and sign.kind == "-"
        found[f"{'-' if out else ''}{key}" if key == "source" else key].append(_filter_value(piece, key, value, out))
    hours = min((int(value) for value in found["age"]), default=None)
    sources, not_sources, languages = (tuple(dict.fromkeys(found[key])) for key in ("source", "-source", "language"))
    return kept, Filtered(Word(""), sources, not_sources, languages, hours)


def _filter_value(piece: _Piece, key: str, value: str, out: bool) -> str:
    """Read what stands behind the colon; an age in hours."""
    if out and key != "source":
        raise UsageError("Character {position}: only a source can be left out.", position=piece.at + 1)
    if key == "source" and _LETTER.search(value):
        return value
    if key == "language" and value.lower() in LANGUAGES:
        return value.lower()
    if key == "age" and (match := _AGE.fullmatch(value.lower())) and int(match[1]):
        unit = "h" if match[2] == "小时" else _UNITS.get(match[2], match[2])
        return str(int(match[1]) * _LENGTHS[unit])
    shown = {"source": "source:reuters", "language": "language:fr", "age": "age:7d"}[key]
    raise UsageError(
        "Character {position}: “{word}” is not clear; write it like {example}.",
        position=piece.at + 1,
        word=piece.text,
        example=shown,
    )


def _named(name: str) -> str:
    return name if _BARE.fullmatch(name) else f'"{name}"'


def _length(hours: int) -> str:
    unit = next(unit for unit, length in _LENGTHS.items() if hours % length == 0)
    return f"{hours // _LENGTHS[unit]}{unit}"


def is_from(article: Article, source: str) -> bool:
    """Whether an article is of a source: by whole words of its name, or by its site."""
    asked, name = fold(source).strip(), fold(article.source or "")
    host = host_of(article.url or "")
    if asked and (asked == host or host.endswith(f".{asked}") or asked in host.split(".")):
        return True
    return asked in name if _UNSPACED.search(asked) else _whole(asked).search(name) is not None


_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


class _Parser:
    """Recursive descent: any = all { "|" all };  all = part { ["+"] part | "-" part };  part = word | "(" any ")"."""

    def __init__(self, pieces: list[_Piece]) -> None:
        self._pieces = pieces
        self._next = 0
        self._depth = 0

    def whole(self) -> Expression:
        if self._peek.kind == "end":
            raise UsageError("A topic needs a word to look for, for example: Tencent + interoperability.")
        expression = self._any()
        if self._peek.kind != "end":  # only a bracket can stop it
            raise UsageError("Character {position}: this bracket closes nothing.", position=self._peek.at + 1)
        return expression

    @property
    def _peek(self) -> _Piece:
        return self._pieces[self._next]

    def _take(self) -> _Piece:
        self._next += 1
        return self._pieces[self._next - 1]

    def _any(self) -> Expression:
        parts = [self._all()]
        while self._peek.kind == "|":
            self._take()
            parts.append(self._all())
        return any_of(parts)

    def _all(self) -> Expression:
        start = self._peek
        parts: list[Expression] = []
        glue: list[Expression] = []
        without: list[Expression] = []
        while True:
            piece = self._peek
            if piece.kind == "-":
                self._take()
                without.append(self._operand(piece))
            elif piece.kind == "+":
                self._take()
                if not parts and not without and not glue:
                    raise UsageError(
                        "Character {position}: a word is missing before “{sign}”.",
                        position=piece.at + 1,
                        sign=piece.text,
                    )
                if self._peek.kind != "-":
                    parts.append(self._operand(piece))
            elif piece.kind == "word" and piece.text in _GLUE:
                glue.append(self._operand(piece))
            elif piece.kind in ("word", "phrase", "("):
                parts.append(self._operand(piece))
            else:
                break
        parts = parts or glue
        if not parts:
            raise self._nothing(start, without)
        return all_of(parts, without)

    def _nothing(self, start: _Piece, without: list[Expression]) -> UsageError:
        """Say why there is no word to look for between `start` and here."""
        if without:
            return UsageError(
                "Character {position}: there must be a word to look for beside those to leave out.",
                position=start.at + 1,
            )
        stop = self._peek
        if stop.kind == ")" and self._depth and self._pieces[self._next - 1].kind == "(":
            return UsageError("Character {position}: nothing stands between these brackets.", position=stop.at + 1)
        if stop.kind == ")" and not self._depth:
            return UsageError("Character {position}: this bracket closes nothing.", position=stop.at + 1)
        if stop.kind == "|":
            return UsageError(
                "Character {position}: a word is missing before “{sign}”.", position=stop.at + 1, sign=stop.text
            )
        sign = self._pieces[self._next - 1]
        return UsageError(
            "Character {position}: a word is missing after “{sign}”.", position=sign.at + 1, sign=sign.text
        )

    def _operand(self, sign: _Piece) -> Expression:
        """Read a word, a phrase or a bracket; sign: what stands before it, named when nothing follows."""
        piece = self._peek
        if piece.kind in ("word", "phrase"):
            self._take()
            if not _LETTER.search(piece.text):
                raise UsageError(
                    "Character {position}: “{word}” has no letter or digit to look for.",
                    position=piece.at + 1,
                    word=piece.text,
                )
            return Word(piece.text)
        if piece.kind == "(":
            return self._bracket(self._take())
        raise UsageError(
            "Character {position}: a word is missing after “{sign}”.", position=sign.at + 1, sign=sign.text
        )

    def _bracket(self, opened: _Piece) -> Expression:
        if self._depth == DEEPEST:
            raise UsageError(
                "Character {position}: brackets may stand in brackets {limit} deep.",
                position=opened.at + 1,
                limit=DEEPEST,
            )
        self._depth += 1
        inner = self._any()
        if self._peek.kind != ")":
            raise UsageError("Character {position}: the bracket opened here is never closed.", position=opened.at + 1)
        self._take()
        self._depth -= 1
        return inner


# ---------------------------------------------------------------- matching

Terms: TypeAlias = tuple[str, ...]


def required(expression: Expression, languages: Sequence[str], aliases: Aliases) -> list[frozenset[Terms]]:
    """Say what an index can look up: of each set, one sequence of terms must stand in every article that matches.

    Not every article that has them matches: `Matcher` decides.
    """
    if isinstance(expression, Word):
        names = aliases.names(expression.text)
        return [frozenset(_terms(name, language) for name in names for language in languages) - {()}]
    if isinstance(expression, Filtered):
        return required(expression.words, languages, aliases)
    if isinstance(expression, AllOf):
        return [clause for part in expression.parts for clause in required(part, languages, aliases)]
    # One clause of each part, the narrowest: an article that has the part has that.
    narrowest = [min(required(part, languages, aliases), key=len) for part in expression.parts]
    return [frozenset[Terms]().union(*narrowest)]


class Verdict(Enum):
    """What a topic says of an article."""

    TAKEN = "taken"
    EXCLUDED = "excluded"  # all it looks for is there, and something it leaves out
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with the topic's words that it hangs on.

    words: of an excluded article those it has and should not have; of another those it lacks, "a | b" for a choice.
    """

    verdict: Verdict
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """What a team wants to hear of.

    name: as people write it. languages: of the articles, () for any. kept: it stays, so that what it takes is noted as
    articles come in.
    """

    name: str
    expression: Expression
    languages: tuple[str, ...] = ()
    kept: bool = False

    def matcher(self, aliases: Aliases | None = None) -> Matcher:
        """Make it ready for many articles."""
        return Matcher(self, aliases or Aliases())

    def matches(self, article: Analysed, aliases: Aliases | None = None) -> bool:
        """Whether the topic takes the article."""
        return self.matcher(aliases).verdict(article) is Verdict.TAKEN

    def __str__(self) -> str:
        return str(self.expression)


class Matcher:
    """A topic with the aliases, its words turned into the terms of each language once.

    names: where these terms are kept; matchers with the same aliases may share it.
    """

    __slots__ = ("_aliases", "_names", "_topic")

    def __init__(self, topic: Topic, aliases: Aliases, names: Names | None = None) -> None:
        self._topic = topic
        self._aliases = aliases
        self._names: Names = {} if names is None else names

    def verdict(self, article: Analysed, seen_at: datetime | None = None) -> Verdict:
        """Judge one article; seen_at: when it came in, where its age counts."""
        return self.verdict_on(Seen(article, seen_at))

    def verdict_on(self, seen: Seen) -> Verdict:
        """Judge an article that other topics look at too."""
        language = seen.article.language or "und"
        if self._topic.languages and language not in self._topic.languages:
            return Verdict.OTHER
        return self._judge(self._topic.expression, seen, language)

    def judgement(self, article: Analysed, seen_at: datetime | None = None) -> Judgement:
        """Judge one article, and say what the verdict hangs on."""
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
            yield _plainly(expression)

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
                yield _plainly(part)

    def _judge(self, expression: Expression, seen: Seen, language: str) -> Verdict:
        if isinstance(expression, Word):
            found = any(name.stands_in(seen) for name in self._named(expression.text, language))
            return Verdict.TAKEN if found else Verdict.OTHER
        if isinstance(expression, Filtered):
            stopped = {kind for kind, _ in _stopped(expression, seen, language)}
            verdict = self._judge(expression.words, seen, language)
            if Verdict.OTHER in stopped or verdict is Verdict.OTHER:
                return Verdict.OTHER
            return Verdict.EXCLUDED if stopped else verdict
        if isinstance(expression, AnyOf):
            verdicts = [self._judge(part, seen, language) for part in expression.parts]
            return next((v for v in (Verdict.TAKEN, Verdict.EXCLUDED) if v in verdicts), Verdict.OTHER)
        left_out = False
        for part in expression.parts:
            verdict = self._judge(part, seen, language)
            if verdict is Verdict.OTHER:
                return verdict
            left_out |= verdict is Verdict.EXCLUDED
        left_out = left_out or any(self._judge(part, seen, language) is Verdict.TAKEN for part in expression.without)
        return Verdict.EXCLUDED if left_out else Verdict.TAKEN

    def _named(self, word: str, language: str) -> tuple[_Name, ...]:
        names = self._names.get((word, language))
        if names is None:
            names = tuple(_name(name, language) for name in self._aliases.names(word))
            self._names[word, language] = names
        return names


def _stopped(expression: Filtered, seen: Seen, language: str) -> Iterator[tuple[Verdict, str]]:
    """Give the filters that an article does not pass, as they are written, and what follows from each."""
    if expression.sources and not any(is_from(seen.article, name) for name in expression.sources):
        yield Verdict.OTHER, " | ".join(f"source:{_named(name)}" for name in expression.sources)
    if expression.languages and language not in expression.languages:
        yield Verdict.OTHER, " | ".join(f"language:{code}" for code in expression.languages)
    for name in expression.not_sources:
        if is_from(seen.article, name):
            yield Verdict.EXCLUDED, f"source:{_named(name)}"
    if expression.hours and seen.hours > expression.hours:
        yield Verdict.EXCLUDED, f"age:>{_length(expression.hours)}"


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
    """One name in the terms of one language: between spaces; `single` where it is but one.

    capitals: how it must be written, where its small letters are a common word of the language: "AI" in French, where
    "ai" is a verb; "WHO" in English.
    signs: how it must be written, where the terms lose a sign that makes it another name: "C++", "互联网+".
    """

    terms: str
    single: str | None
    capitals: re.Pattern[str] | None
    signs: re.Pattern[str] | None

    def stands_in(self, seen: Seen) -> bool:
        return (
            (self.terms in seen.terms if self.single is None else self.single in seen.each)
            and (self.capitals is None or self.capitals.search(seen.written) is not None)
            and (self.signs is None or self.signs.search(seen.folded) is not None)
        )


Names: TypeAlias = dict[tuple[str, str], tuple[_Name, ...]]  # word, language → what it may be


def _name(name: str, language: str) -> _Name:
    folded = fold(name).strip()
    common = language in LANGUAGES and folded in LANGUAGES[language].core_stop_words
    said = _terms(name, language)
    return _Name(
        terms=f" {' '.join(said)} ",
        single=said[0] if len(said) == 1 else None,
        capitals=_whole(name.upper()) if common else None,
        signs=_whole(folded) if re.search(r"[+#]", folded) else None,
    )


_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu)['\u2019](?=\w)", re.IGNORECASE)


def _terms(name: str, language: str) -> Terms:
    """Return a name's terms; l'internet is asked for as internet."""
    return tuple(terms(_ELIDED.sub("", name) if language == "fr" else name, language))


def _whole(text: str) -> re.Pattern[str]:
    spaced = r"\s+".join(map(re.escape, text.split()))
    return re.compile(rf"(?<![^\W_]){spaced}(?![^\W_])")
