"""Text → terms: what an index holds and a query looks up.

A term has letters and digits only. Two spellings that differ in case, accents, width or apostrophes, in traditional and
simplified characters, or in how Unicode composes them, make the same terms, because a word is folded before it is
stemmed. What a sign or capitals make another word of has them in its term, in full width, which an index keeps:

    C++ → c＋＋     AT&T → at＆t     .NET → ．net     U.S., US → ＵＳ, for "us" is a stop word
"""

import functools
import itertools
import operator
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import Stemmer

from briefs.languages import LANGUAGES, pack_of
from briefs.text.simplified import simplified

LONGEST = 64  # characters of a word that count: no language has a longer one, but binary rubbish has


class Token(NamedTuple):
    """A term and the piece of text that made it: `text[start:end]`."""

    term: str
    start: int
    end: int


# ---------------------------------------------------------------- folding

# Accents over Latin, Greek and Cyrillic letters, Hebrew points, Arabic vowel signs: writers leave them out. Marks of
# other scripts (a Hindi vowel, a Japanese voicing mark) are letters in their own right and stay.
_LEFT_OUT = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d\u00ad]")
_SHORT_I = re.compile("\u0438\u0306")  # Cyrillic й is no и with an accent
# Letters that Unicode does not take apart, as people write them who lack the key.
SPELLED_OUT = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_WHOLE = re.compile("[œæøłđðþı]")
_OTHER_SPELLING = re.compile("[œæøłđðþı\u3400-\u9fff\uf900-\ufaff]")


def fold(text: str) -> str:
    """Return the text as it is compared: compatibility forms plain, lower case, accents off, Chinese simplified."""
    if text.isascii():
        return text.lower()
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = unicodedata.normalize("NFC", _LEFT_OUT.sub("", _SHORT_I.sub("\u0439", bare)))
    if not _OTHER_SPELLING.search(bare):
        return bare
    return simplified(bare.translate(SPELLED_OUT) if _WHOLE.search(bare) else bare)


# ---------------------------------------------------------------- words

# Scripts without spaces between words, and Korean, whose particles cling to words: characters and pairs of them.
_UNSPACED = (
    "\u3005\u3007\u3041-\u3096\u3099\u309a\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7ff\U00020000-\U0003ffff"
)
# Marks belong to the letter before them, and `\w` has no vowel signs of the Indic scripts.
_MARKS = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963"
    "\u0966-\u0dff\u200c\u200d"
)
_APOSTROPHE = "'\u2019\u02bc\uff07\u2018\u02b9"
# A number with its groups of three: 1,000 and 1.000 and 1 000 are one term.
_NUMBER = r"\d{1,3}(?:[.,'\u2019\u00a0\u202f\u2009]\d{3})+(?!\w)|[1-9]\d{0,2}(?: \d{3})+(?!\w)"
# Where a sign makes another word: C++, C#; AT&T, R & D; .NET; U.S.
_END = rf"(?![\w{_MARKS}])"
_SIGNED = (
    rf"(?:[A-Za-z](?:\+\+|#)(?![\w+#{_MARKS}])"
    rf"|[A-Za-z]{{1,3}}&[A-Za-z]{{1,3}}(?![\w&;={_MARKS}])|[A-Za-z] & [A-Za-z]{_END}"
    rf"|(?<![\w.])\.(?i:net){_END}|[A-Za-z]\.(?:[A-Za-z]\.)*(?:[A-Za-z]{_END}|(?<=[A-Za-z]\.[A-Za-z]\.)))"
)
# The possessive belongs to its word and says nothing.
_POSSESSIVE = rf"[{_APOSTROPHE}][sS](?![^\W_])"
_LETTER = rf"[^\W_{_UNSPACED}{_APOSTROPHE}]"
_SPACED = rf"[^\W_{_APOSTROPHE}]"
_ANY_UNSPACED = re.compile(f"[{_UNSPACED}]")
_MAYBE_SIGNED = re.compile(r"[+#&]|\.[A-Za-z]")
# In plain English words are what blanks and marks part, where none of these is between letters or before a thousand.
_JOINS_ANYWHERE, _JOINS = "'+#&", re.compile(r"\.[A-Za-z]|[., ]\d{3}")
_PARTED = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)).ljust(256)


class _Cuts(NamedTuple):
    """What finds words: in any text; and in less time, in one without unspaced scripts."""

    any: re.Pattern[str]
    spaced: re.Pattern[str]


def _cuts(signed: str) -> _Cuts:
    return _Cuts(
        re.compile(
            rf"([{_UNSPACED}]+)|({_NUMBER}{signed})(?:{_POSSESSIVE})?"
            rf"|({_LETTER}++(?>(?:[{_MARKS}]++{_LETTER}*+)*))(?:{_POSSESSIVE})?"
        ),
        re.compile(rf"(?:{_NUMBER}{signed}|{_SPACED}++(?>(?:[{_MARKS}]++{_SPACED}*+)*))(?:{_POSSESSIVE})?"),
    )


_WITHOUT_SIGNS, _WITH_SIGNS = _cuts(""), _cuts(f"|{_SIGNED}")


def _cuts_for(text: str) -> _Cuts:
    return _WITH_SIGNS if _MAYBE_SIGNED.search(text) else _WITHOUT_SIGNS


_ENDS_POSSESSIVE = re.compile(f"[{_APOSTROPHE}][sS]$")
_MAYBE_CAPITAL = re.compile(
    rf"(?<!{_LETTER})(?<![{_MARKS}])(?![\da-z])({_LETTER}++(?>(?:[{_MARKS}]++{_LETTER}*+)*))(?:{_POSSESSIVE})?"
)
_HAN = re.compile("[\u4e00-\u9fff]+")  # most of Chinese: nothing in it to fold
_JOINED = re.compile(r"[\u1160-\u11ff\u3099\u309a\uff9e\uff9f]")  # what goes with the character before it
# A line all in capitals says nothing by them.
_CAPITAL_LINE = re.compile(r"^[^a-z\u00df-\u00ff\u3040-\u9fff\n]++$", re.MULTILINE)
_CAPITALS = re.compile("[A-Z]{2,}")
_MAYBE_CAPITALS = re.compile(r"\b[a-z]{2,}\b")
_SHOUTED = 3  # words
_JOINING = frozenset(("AND", "OR", "NOT", "ET", "OU", "SAUF", "SANS", "NON"))  # in capitals they are operators
_LOWER = str.maketrans({letter: letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"})
_SIGN = re.compile("[+#&.]")
_FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in (*range(65, 91), *map(ord, "+#&."))})


def tokens(text: str, language: str) -> list[Token]:
    """Return the terms of a text with their places, in the order of the text.

    A run of Chinese gives each character followed by the pair that starts there (腾讯 → 腾, 腾讯, 讯), so that the
    terms of any piece of the run stand side by side. All else gives one term a word: its Snowball stem, where
    `language` has one.
    """
    term_of, text = _term_maker(language), simplified(quietly(text))
    made: list[Token] = []
    for found in _cuts_for(text).any.finditer(text):
        run, number, word = found.groups()
        start, end = found.span()
        if run:
            ends = [start + place for place in _ends(run)]
            starts = [start, *ends]
            spans = [span for a, b, c in zip(starts, ends, [*ends[1:], 0], strict=False) for span in ((a, b), (a, c))]
            made.extend(Token(term, *span) for term, span in zip(_pairs(run), spans, strict=False))
        elif term := term_of(number or word):
            made.append(Token(term, start, end))
    return made


def terms(text: str, language: str) -> list[str]:
    """Return the terms of a text in its order: see `tokens`."""
    term_of, text = _term_maker(language), quietly(text)
    if text.isascii() and not any(map(text.__contains__, _JOINS_ANYWHERE)) and not _JOINS.search(text):
        return [*map(term_of, text.encode().translate(_PARTED).decode().split())]
    if not _ANY_UNSPACED.search(text):
        return [*filter(None, map(term_of, _cuts_for(text).spaced.findall(text)))]
    made: list[str] = []
    text = simplified(text)
    for run, number, word in _cuts_for(text).any.findall(text):
        if run:
            made.extend(_pairs(run))
        elif term := term_of(number or word):
            made.append(term)
    return made


def spellings(name: str, language: str) -> list[tuple[str, ...]]:
    """Return the terms that a name may have in a text: in small letters too "ai" is AI, and nothing but AI in French.

    Each at most once; none where the name has no terms.
    """
    raised = _MAYBE_CAPITALS.sub(lambda word: up if (up := word[0].upper()) in capital_words() else word[0], name)
    common = fold(name).strip() in pack_of(language).core_stop_words
    found = dict.fromkeys(tuple(terms(one, language)) for one in ([raised] if common else [name, raised]))
    return [one for one in found if one]


def capitalised(text: str, language: str) -> Iterator[Token]:
    """Yield those of the `tokens` that are words with a capital at their beginning."""
    term_of = _term_maker(language)
    for found in _MAYBE_CAPITAL.finditer(text):
        if text[found.start()].isupper() and (term := term_of(found[1])):
            yield Token(term, *found.span())


def _pairs(run: str) -> list[str]:
    """Return every character of a run, each followed by its pair with the next one."""
    if len(run) == 1:
        return [_fold_character(run)]
    characters: Sequence[str] = run
    if not _HAN.fullmatch(run):
        characters = fold(run)
        if len(characters) != len(run) or _JOINED.search(run):
            characters = [_fold_character(run[a:b]) for a, b in itertools.pairwise([0, *_ends(run)])]
    pairs = [""] * (2 * len(characters) - 1)
    pairs[::2] = characters
    pairs[1::2] = map(operator.add, characters, characters[1:])
    return pairs


def telling(terms: Sequence[str]) -> Sequence[str]:
    """Return those of a sequence of terms that tell it: of a run of characters its pairs, which say where each stands.

    Whatever has one pair has it beside its characters; else all terms are returned.
    """
    pairs = terms[1::2]
    if not pairs or not _ANY_UNSPACED.match(terms[0]) or [*map(operator.add, terms[::2], terms[2::2])] != [*pairs]:
        return terms
    return pairs


_fold_character = functools.lru_cache(10_000)(fold)  # a text has the same ones again and again


def _ends(run: str) -> list[int]:
    """Return where each written character ends: it is several code points, in decomposed text."""
    return [*(i for i in range(1, len(run)) if not _JOINED.match(run[i])), len(run)]


@functools.cache
def _term_maker(language: str) -> Callable[[str], str]:
    """Return the function that makes a term of a word; it remembers the words it has seen."""
    known = pack_of(language)
    # Its own memory off: so a call never leaves C, and threads may share a stemmer.
    stem = Stemmer.Stemmer(known.stemmer, 0).stemWord if known.stemmer else str
    endings = [(re.compile(pattern), instead) for pattern, instead in known.endings]
    capitals = capital_words()

    @functools.lru_cache(6_000)  # under 2 MB a language
    def make(word: str) -> str:
        if not word.isalnum() and _SIGN.search(word) and not word[0].isdigit():
            return _signed(word)
        if word in capitals:
            return word.translate(_FULL_WIDTH)
        folded = nearer = _bare(word)
        for pattern, instead in endings:
            nearer = pattern.sub(instead, nearer)
        return stem(nearer) or folded

    return make


def _bare(word: str) -> str:
    """Return a word folded, with nothing in it but letters, digits and the marks that belong to them."""
    if word.isascii() and word.isalnum():
        return word[:LONGEST].lower()  # in less time
    folded = fold(_ENDS_POSSESSIVE.sub("", word)[: 4 * LONGEST])
    if not (folded.isascii() and folded.isalnum()):
        folded = "".join(
            c for c in folded if c not in _APOSTROPHE and (c.isalnum() or unicodedata.category(c)[0] == "M")
        )
    return folded[:LONGEST]


def quietly(text: str) -> str:
    """Return a text with small letters in lines that are all in capitals, where these say nothing; places stay."""
    if "\n" not in text and not _CAPITAL_LINE.match(text):
        return text  # in less time
    return _CAPITAL_LINE.sub(_small_letters, text)


def _small_letters(line: re.Match[str]) -> str:
    words = [word for word in _CAPITALS.findall(line[0]) if word not in _JOINING]
    return line[0].translate(_LOWER) if len(words) >= _SHOUTED else line[0]


@functools.cache
def capital_words() -> frozenset[str]:
    """Return the stop words that are names when they stand in capitals: US, WHO, IT; AI in French."""
    words = (LANGUAGES[language].core_stop_words | LANGUAGES[language].question_words for language in ("en", "fr"))
    return frozenset(word.upper() for word in frozenset[str]().union(*words) if len(word) > 1) - _JOINING


def _signed(word: str) -> str:
    """Return the term of a word with a sign in it: see `_SIGNED`. U.S. is US."""
    word = _ENDS_POSSESSIVE.sub("", word).replace(" ", "")
    if word[0] != "." and "." in word:
        word = word.replace(".", "")
        return word.translate(_FULL_WIDTH) if word in capital_words() else word.lower()
    return word.lower().translate(_FULL_WIDTH)
