"""Text → sentences, as places in it.

    text | lines | items of a list on one line | marks that may end a sentence | those that do

Headings, bylines, captions and list items that have a line of their own are not glued to sentences, because the end of
a line ends a sentence. A mark inside a quotation or a bracket ends none, unless the quotation is long.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from briefs.models import Sentence
from briefs.text._abbreviations import BEFORE_NAMES, BEFORE_NUMBERS, MAY_END
from briefs.text.languages import LANGUAGES
from briefs.text.terms import fold

_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_MARKER = re.compile(r"\s*[•⁃◦▪‣*-]?\s?(?:(\d{1,3})|([a-z]))([.)]{1,2})\s")
_BULLET = re.compile(r"(?<=\S)\s+(?=[•⁃◦▪‣])")
_ONLY_MARKER = re.compile(r"\s*[•⁃◦▪‣*-]?\s?(?:\d{1,3}|[a-z])[.)]{1,2}\s?")

# What may end a sentence, with the quotation marks and brackets that it closes. A blank may stand before the ones that
# only ever close.
_CLOSERS = r"(?:[\"'’)\]]|\s?[”»」』》）])*"
_SMALL = "a-zà-öø-ÿ"
_MARK = re.compile(
    rf"(?P<wide>[。！？｡][。！？｡…]*(?:\s?[”’」』》）])*)"
    rf"|(?P<spaced>\.(?:\s\.){{2,}}{_CLOSERS})(?!\S)"
    rf"|(?P<mark>[.!?…؟।]+(?:\s(?:[!?…]+|\.{{3,}}))*){_CLOSERS}(?=\s|$|[\u3400-\u9fff])"
    # No blank after the mark, as pages often have it: "9 février.Le bilan".
    rf"|(?P<glued>(?:(?:(?<=[{_SMALL}]{{2}})|(?<=[{_SMALL}][\"»”)]))\.|[!?]))[»”)]?"
    rf"(?=[\"«“]?\s?[A-ZÀ-ÖØ-Þ](?:[{_SMALL}]*|[A-ZÀ-ÖØ-Þ]{{3,}})(?:[\s,'’-]|$))"
)
# Quotations and brackets of a readable length.
_WHOLE = re.compile(
    r"“[^“”]{1,300}”|«[^«»]{1,300}»|„[^„“”]{1,300}[“”]|\([^()]{1,200}\)|\[[^\[\]]{1,200}\]"
    r"|(?<![^\s(\[.!?])\"(?=[^\s,;:.!?)])[^\"]{1,300}(?<=\S)\"(?!\w)"
    r"|「[^「」]{1,150}」|『[^『』]{1,150}』|《[^《》]{1,150}》|（[^（）]{1,150}）"
)
_INK = re.compile(r"\S")
_NEXT = re.compile(r"\s*[\"'«“”„‘’(\[¿¡—–-]*\s?([^\W_]+)?")
_BEFORE = re.compile(r"[^\s\"«“„‘(\[]+$")
_SMALL_WORD = re.compile(r"\b[^\W\d_A-Z][^\W_]*\s+$")
_PLAIN_WORD = re.compile(r"(?:[^\W_]+['’])?[^\W\d_]{5,}")
_INITIALS = re.compile(r"(?:[^\W\d_][.-])*[^\W\d_]")


def split_sentences(text: str, language: str | None = None) -> list[str]:
    """Return the sentences of a text, in order: verbatim pieces of it that hold all but white space between them."""
    return [text[span.start : span.end] for span in sentence_spans(text, language)]


def sentence_spans(text: str, language: str | None = None) -> list[Sentence]:
    """Return where the sentences of a text stand, in order. A line's end ends a sentence.

    language: ISO 639-1; tells which words start a sentence after an abbreviation. None or unknown: those of English.
    """
    found: list[Sentence] = []
    for line in _LINE.finditer(text):
        cuts = [line.start(), *_list_items(text, *line.span()), line.end()]
        for start, end in itertools.pairwise(cuts):
            found.extend(_sentences(text, start, end, language or "en"))
    return found


def _list_items(text: str, start: int, end: int) -> list[int]:
    """Find where "2. …" follows "1. …", or "b) …" follows "a) …", in a line that starts so; and where bullets stand."""
    bullets = [found.end() for found in _BULLET.finditer(text, start, end)]
    return sorted({*bullets, *_markers(text, start, end)})


def _markers(text: str, start: int, end: int) -> Iterator[int]:
    marker = _MARKER.match(text, start, end)
    while marker:
        number, letter, dots = marker.groups()
        following = str(int(number) + 1) if number else chr(ord(letter) + 1)
        after = re.compile(rf"\s[•⁃◦▪‣*-]?\s?{re.escape(following + dots)}\s").search(text, marker.end() - 1, end)
        if after is None:
            return
        yield after.start() + 1
        marker = _MARKER.match(text, after.start() + 1, end)


def _sentences(text: str, start: int, end: int, language: str) -> Iterator[Sentence]:
    """Cut a line, or an item of a list, into sentences without the blanks between them."""
    for a, b in itertools.pairwise([start, *_ends(text, start, end, language), end]):
        while a < b and text[a].isspace():
            a += 1
        while a < b and text[b - 1].isspace():
            b -= 1
        if a < b:
            yield Sentence(a, b)


def _ends(text: str, start: int, end: int, language: str) -> Iterator[int]:
    """Find where sentences end, the line's end apart."""
    wholes = ((found.start(), found.end()) for found in _WHOLE.finditer(text, start, end))
    whole_start, whole_end = next(wholes, (end, end))
    position = start
    for found in _MARK.finditer(text, start, end):
        while whole_end <= found.start():
            whole_start, whole_end = next(wholes, (end, end + 1))
        if whole_start < found.start() and found.end() < whole_end:
            continue
        cut = _cut(text, position, end, found, language)
        if cut is not None and cut < end:
            yield cut
            position = cut


def _cut(text: str, start: int, end: int, found: re.Match[str], language: str) -> int | None:
    """Return where the sentence ends that this mark may end; None when it goes on. start: where it starts."""
    if found["wide"]:
        return found.end()
    after = _NEXT.match(text, found.end(), end)
    following = (after and after[1]) or ""
    if not _INK.search(text, start, found.start()):  # a stray mark belongs to what comes after it
        return None
    if following[:1].islower():
        return found.end() if _careless(text, found) else None
    if found["spaced"]:
        return _after_spaced_dots(text, found)
    mark = found["mark"] or found["glued"]
    if mark != ".":
        return None if _trails_off(text, found, mark, following) else found.end()
    before = _BEFORE.search(text, max(start, found.start() - 40), found.start())
    if before and _goes_on(text, start, before, following, language):
        return None
    return found.end()


def _careless(text: str, found: re.Match[str]) -> bool:
    """Whether a sentence ends before a small letter: after a full stop and a word too long for an abbreviation."""
    before = _BEFORE.search(text, max(0, found.start() - 40), found.start())
    if before is None or found[0] != ".":
        return False
    return bool(_PLAIN_WORD.fullmatch(before[0])) and before[0] not in BEFORE_NAMES


def _trails_off(text: str, found: re.Match[str], mark: str, following: str) -> bool:
    """Whether an ellipsis ends no sentence: one in brackets, before a number, or inside a line of Chinese."""
    if mark.strip("….") or mark.startswith("...."):
        return False
    return (
        text[found.start() - 1] in "[(" or following[:1].isdigit() or not text[found.end() : found.end() + 1].isspace()
    )


def _after_spaced_dots(text: str, found: re.Match[str]) -> int | None:
    """Tell an ellipsis (three dots) from one with a full stop before it, or after it where a blank comes first."""
    if found["spaced"].count(".") == 3:
        return None
    if not _INK.search(text, found.end()):
        return found.end()
    attached = found.start() > 0 and not text[found.start() - 1].isspace()
    return found.start() + 1 if attached else found.end()


def _goes_on(text: str, start: int, before: re.Match[str], following: str, language: str) -> bool:
    """Whether a sentence goes on after a full stop, by the word before it and the one after."""
    word = before[0]
    lower = word.lower()
    if _ONLY_MARKER.fullmatch(text, start, before.end() + 1) or lower in BEFORE_NAMES:
        return True
    if lower in BEFORE_NUMBERS:
        return following[:1].isdigit()
    starts = _starts_sentence(following, language)
    if language == "de" and word.isdigit() and len(word) <= 2:  # ordinals: "am 3. Oktober"
        return not starts
    if word == "I" and _SMALL_WORD.search(text, max(start, before.start() - 40), before.start()):
        return False  # "you and I", not "Albert I. Jones"
    if _INITIALS.fullmatch(word):
        return word.isupper() if len(word) == 1 else not starts
    return lower in MAY_END and not starts


def _starts_sentence(word: str, language: str) -> bool:
    """Whether a word with a capital is one that sentences start with, and names do not."""
    known = LANGUAGES.get(language) or LANGUAGES["en"]
    return not word or fold(word) in known.core_stop_words
