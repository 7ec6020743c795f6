"""The features by which articles are compared: words, names and figures, with frequencies, and hashes of word triples.

Words belong to a language, names and figures to none. How words are matched across languages: `cross_lingual`.
"""

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from briefs.languages import LANGUAGES, pack_of
from briefs.models import Article
from briefs.text.aliases import UNSPACED, Aliases
from briefs.text.detection import detect_language
from briefs.text.terms import Token, capitalised, fold, terms

TITLE = 1.5  # a word of the title counts that often
NAME = 1.6  # and a name, in addition

Words = tuple[Sequence[str], Sequence[str]]
Weighted = Mapping[str, float]  # feature → its frequency, weighted by place


@dataclass(frozen=True, slots=True)
class Features:
    """The features of an article.

    language: of the text. own: words of its language, and figures. names: words of `own` that are names → as written,
    folded. aliases: alias groups it names, by their first name. naming: these names as written, and their terms.
    pieces: hashes of its word triples, which copies share.
    """

    language: str
    own: Weighted
    names: Mapping[str, str]
    aliases: Weighted
    naming: frozenset[str]
    pieces: frozenset[int]


def features(article: Article, aliases: Aliases, found: Words | None = None) -> Features:
    """Extract an article's features.

    aliases: names that are the same in any language. found: the terms of title and text, if known already.
    """
    language = language_of(article)
    in_title, in_text = found or (terms(article.title, language), terms(article.text, language))
    stop = stop_terms(language)
    own: dict[str, float] = defaultdict(float)
    names: dict[str, str] = {}
    things: dict[str, float] = defaultdict(float)
    naming: set[str] = set()
    for text, words, weight in ((article.title, in_title, TITLE), (article.text, in_text, 1.0)):
        for term, times in Counter(words).items():
            if not (term in stop or term[0].isdigit() or (len(term) == 1 and UNSPACED.match(term))):
                own[term] += weight * times  # of Chinese only pairs of characters; figures follow below
        for token in capitalised(text, language):
            if token.term in own and token.term not in names and _is_name(text, token, language):
                names[token.term] = fold(text[token.start : token.end])
        for figure in figures(text):
            own[figure] += weight
        for match in aliases.spans(text, language):
            things[f"={match.names[0]}"] += weight * NAME
            written = text[match.start : match.end]
            naming.update((written, *terms(written, language)))
    for term in names:
        own[term] *= NAME
    return Features(language, dict(own), names, dict(things), frozenset(naming), _pieces(in_text, language))


def language_of(article: Article) -> str:
    """Return the language that an article states, else the one detected."""
    return article.language or detect_language(f"{article.title}\n{article.text}")


_SENTENCE_START = re.compile(r"(?:^|[.!?…:\n])[\s\"'“”«»‘’(]*$")


def _is_name(text: str, token: Token, language: str) -> bool:
    """Guess whether a word is a name: by a capital inside a sentence; in Chinese text any Latin word is one."""
    start, word = token.start, text[token.start : token.end]
    if pack_of(language).wide:
        return True
    if word.isupper():
        return len(word) > 1
    return not _SENTENCE_START.search(text[max(0, start - 8) : start])


@cache
def stop_terms(language: str) -> frozenset[str]:
    """Return the terms of a language's stop words."""
    return frozenset(term for word in pack_of(language).core_stop_words for term in terms(word, language))


# ---------------------------------------------------------------- figures

_UNITS = {unit: worth for pack in LANGUAGES.values() for unit, worth in pack.figure_units.items()}
_UNIT = "|".join(
    re.escape(unit) + (r"\b" if unit[-1].isascii() else "") for unit in sorted(_UNITS, key=len, reverse=True)
)
_FIGURE = re.compile(
    r"(?<![A-Za-z\d.,])(?P<grouped>\d{1,3}(?:[ ,.\u00a0\u202f]\d{3})+(?!\d))?(?P<plain>(?(grouped)|\d+(?:[.,]\d+)?))"
    rf"\s*(?P<unit>%|％|{_UNIT})?",
    re.IGNORECASE,
)
_EXACT_BELOW = 10_000  # years and small counts; larger figures are rounded by one publisher and not by another


def figures(text: str) -> Iterator[str]:
    """Yield the amounts in a text, alike in every language; from 10,000 on with three significant digits.

    "74.3 billion", "74,3 milliards" and "743亿" are all "#7.43e+10".
    """
    for found in _FIGURE.finditer(text):
        grouped, plain, unit = found["grouped"], found["plain"], (found["unit"] or "").lower()
        value = float(re.sub(r"\D", "", grouped)) if grouped else float(plain.replace(",", "."))
        if unit in ("%", "％"):
            yield f"#{value:g}%"
        else:
            value *= _UNITS.get(unit, 1)
            yield f"#{value:g}" if value < _EXACT_BELOW else f"#{value:.2e}"


# ---------------------------------------------------------------- pieces

_WORDS_A_PIECE = 3  # side by side: pieces that two texts share are copied
_CHARACTERS_A_PIECE = 5  # of Chinese: about three words


def _pieces(words: Sequence[str], language: str) -> frozenset[int]:
    units = words
    if UNSPACED.search(" ".join(words)):
        units = [term for term in words if len(term) == 1 or not UNSPACED.match(term)]
    size = _CHARACTERS_A_PIECE if pack_of(language).wide else _WORDS_A_PIECE
    if len(units) <= size:
        return frozenset({key_of(" ".join(units))}) if units else frozenset()
    following = zip(*(units[n:] for n in range(size)), strict=False)
    return frozenset(keys_of(map(" ".join, following)))


def key_of(text: str) -> int:
    """Return the CRC-32 of a text: the same in every process."""
    return zlib.crc32(text.encode())


def keys_of(texts: Iterable[str]) -> Iterator[int]:
    """Return the `key_of` each text."""
    return map(zlib.crc32, map(str.encode, texts))
