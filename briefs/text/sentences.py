"""Text → sentences, as places in it.

    text | lines | items of a list on one line | marks that may end a sentence | those that do

Headings, bylines, captions and list items that have a line of their own are not glued to sentences, because the end of
a line ends a sentence. A mark inside a quotation or a bracket ends none, unless the quotation is long.
"""

import itertools
import re
from collections.abc import Iterator

from briefs.languages import LANGUAGES, pack_of
from briefs.models import Sentence
from briefs.text.terms import fold

# One table for all languages: a stop after an abbreviation of another one is rare, and texts name people and firms of
# other languages than their own.
_BEFORE_NAMES, _BEFORE_NUMBERS, _MAY_END, _ALSO_WORDS = (
    frozenset[str]().union(*listed)
    for listed in zip(
        *((one.before_names, one.before_numbers, one.may_end, one.also_words) for one in LANGUAGES.values()),
        strict=True,
    )
)

_LINE_ENDS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"  # as `str.splitlines` has them
_INDENT = re.compile(r"(?<=\S)(?=\u3000\u3000)")  # how a Chinese paragraph begins, also where its line was lost
_MARKER = re.compile(r"\s*[•⁃◦▪‣*-]?\s?(?:(\d{1,3})|([a-z]))([.)]{1,2})\s")
_LATER_MARKER = re.compile(r"(?<=\s)[•⁃◦▪‣*-]?\s?(?:(\d{1,3})|([a-z]))([.)]{1,2})(?=\s)")
_BULLET = re.compile(r"[•⁃◦▪‣](?<=\s.)")
_ONLY_MARKER = re.compile(r"\s*[•⁃◦▪‣*-]?\s?(?:\d{1,3}|[a-z])[.)]{1,2}\s?")

# What may end a sentence, with the quotation marks and brackets that it closes. A blank may stand before the ones that
# only ever close.
_CLOSERS = r"(?:[\"'’)\]]|\s?[”»」』》）】〕])*"
_SMALL = "a-zà-öø-ÿ"
_TITLES = "|".join(title.title() for title in _BEFORE_NAMES if len(title) == 2)
_MARKS = "。！？｡.!?…؟।"
# All begin with a mark, so that the search leaps from one to the next. A text may have millions that end nothing, after
# a short word or a "!" and before a small letter, or after an initial or a title of two letters and before a name:
# these are passed by at once.
_MARK = re.compile(
    rf"[{_MARKS}](?!(?<=[.!?])(?<![^\W\d_]{{5}}\.)\s[{_SMALL}])(?!(?<=\s[A-HJ-Z]\.)\s[^\W_])"
    rf"(?!(?<=\s(?:{_TITLES})\.) [A-ZÀ-ÖØ-Þ])(?:"
    rf"(?<=[。！？｡])(?P<wide>[。！？｡…]*(?:\s?[”’」』》）】〕])*)"
    rf"|(?<=\.)(?P<spaced>(?:\s\.){{2,}}){_CLOSERS}(?!\S)"
    rf"|(?<![。！？｡])(?P<mark>[.!?…؟।]*(?:\s(?:[!?…]+|\.{{3,}}))*){_CLOSERS}(?=\s|$|[\u3400-\u9fff])"
    # No blank after the mark, as pages often have it: "9 février.Le bilan".
    rf"|(?:(?<=[!?])|(?<=[{_SMALL}]{{2}}\.)|(?<=[{_SMALL}][\"»”)]\.))(?P<glued>)[»”)]?"
    rf"(?=[\"«“]?\s?[A-ZÀ-ÖØ-Þ](?:[{_SMALL}]*|[A-ZÀ-ÖØ-Þ]{{3,}})(?:[\s,'’-]|$))"
    rf")"
)
_MARK_ALONE = re.compile(f"[{_MARKS}]")
_MAY_CUT = re.compile(rf"[{_MARKS})•⁃◦▪‣]")  # a line without one is one sentence
# Quotations and brackets of a readable length.
_WHOLE = re.compile(
    r"[“«„(\[\"「『《（](?:"
    r"(?<=“)[^“”]{1,300}”|(?<=«)[^«»]{1,300}»|(?<=„)[^„“”]{1,300}[“”]|(?<=\()[^()]{1,200}\)|(?<=\[)[^\[\]]{1,200}\]"
    r"|(?<=\")(?<![^\s(\[.!?]\")(?=[^\s,;:.!?)])[^\"]{1,300}(?<=\S)\"(?!\w)"
    r"|(?<=「)[^「」]{1,150}」|(?<=『)[^『』]{1,150}』|(?<=《)[^《》]{1,150}》|(?<=（)[^（）]{1,150}）"
    r")"
)
_INK = re.compile(r"\S")
_NEXT = re.compile(r"\s*[\"'«“”„‘’(\[¿¡—–-]*\s?([^\W_]+)?")
_BACKWARDS = re.compile(r"[^\s\"«“„‘(\[]*")
_WORD_REACH = 40  # characters: no abbreviation is longer
_SMALL_WORD = re.compile(r"\b[^\W\d_A-Z][^\W_]*\s+$")
_PLAIN_WORD = re.compile(r"(?:[^\W_]+['’])?[^\W\d_]{5,}")
_INITIALS = re.compile(r"(?:[^\W\d_][.-])*[^\W\d_]")


def split_sentences(text: str, language: str | None = None) -> list[str]:
    """Return the sentences of a text, in order: verbatim pieces of it that hold all but white space between them."""
    cuts = itertools.pairwise(_cuts(text, language or "en"))
    return [sentence for start, end in cuts if (sentence := text[start:end].strip())]


def sentence_spans(text: str, language: str | None = None) -> Iterator[Sentence]:
    """Yield where the sentences of a text stand, in order. A line's end ends a sentence.

    language: ISO 639-1; tells which words start a sentence after an abbreviation. None or unknown: those of English.
    """
    for start, end in itertools.pairwise(_cuts(text, language or "en")):
        sentence = text[start:end].lstrip()
        if sentence:
            yield Sentence(end - len(sentence), end - len(sentence) + len(sentence.rstrip()))


def _cuts(text: str, language: str) -> Iterator[int]:
    """Yield where a text is cut, from 0 to its length: between two cuts stands a sentence, or blanks alone."""
    yield 0
    start = 0
    lines = (_INDENT.split(line) for line in text.splitlines(keepends=True))
    for line in itertools.chain.from_iterable(lines):
        if _MAY_CUT.search(line):
            stop = start + len(line.rstrip(_LINE_ENDS))
            items = _list_items(text, start, stop)
            for a, b in itertools.pairwise((start, *items, stop)):
                yield a
                yield from _ends(text, a, b, language)
        start += len(line)
        yield start


def _list_items(text: str, start: int, end: int) -> list[int]:
    """Find where "2. …" follows "1. …", or "b) …" follows "a) …", in a line that starts so; and where bullets stand."""
    bullets = [found.start() for found in _BULLET.finditer(text, start, end)]
    return sorted({*bullets, *_markers(text, start, end)})


def _markers(text: str, start: int, end: int) -> Iterator[int]:
    first = _MARKER.match(text, start, end)
    if first is None:
        return
    awaited = _following(first)
    for found in _LATER_MARKER.finditer(text, first.end(), end):
        if found.groups() == awaited:
            yield found.start()
            awaited = _following(found)


def _following(marker: re.Match[str]) -> tuple[str | None, str | None, str]:
    """Return what the next item of the list is marked with: its number, its letter, its dots."""
    number, letter, dots = marker.groups()
    return (str(int(number) + 1), None, dots) if number else (None, chr(ord(letter) + 1), dots)


def _ends(text: str, start: int, end: int, language: str) -> Iterator[int]:
    """Find where the sentences of a line, or of an item of a list, end; not the last one."""
    if not _MARK_ALONE.search(text, start, end):
        return
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
    if found.lastgroup == "wide":
        return found.end()
    word = _plain_word_before(text, start, found)
    short = _abbreviation(word)
    if short in _BEFORE_NAMES:
        return None
    if word and short not in _MAY_END and short not in _BEFORE_NUMBERS:
        return found.end()
    after = _NEXT.match(text, found.end(), end)
    following = (after and after[1]) or ""
    if not _INK.search(text, start, found.start()):  # a stray mark belongs to what comes after it
        return None
    if following[:1].islower():
        return found.end() if _careless(text, found) else None
    if found.lastgroup == "spaced":
        return _after_spaced_dots(text, found)
    mark = text[found.start()] + (found["mark"] or "")
    if mark != ".":
        return None if _trails_off(text, found, mark, following) else found.end()
    word = _word_before(text, start, found.start())
    if word and _goes_on(text, start, found.start(), word, following, language):
        return None
    return found.end()


def _plain_word_before(text: str, start: int, found: re.Match[str]) -> str:
    """Return the word, no number, before a full stop that a blank and a capital follow; else "".

    Most sentences end so, and they are told by this word alone.
    """
    stop, after = found.span()
    if (
        after - stop != 1
        or text[stop] != "."
        or text[after : after + 1] != " "
        or not text[after + 1 : after + 2].isupper()
    ):
        return ""
    word = text[max(start, stop - _WORD_REACH) : stop].rpartition(" ")[2]
    return word if len(word) > 1 and word.isalnum() and not word.isdigit() else ""


def _abbreviation(word: str) -> str:
    """Return a word as the tables of abbreviations have it; "" where it is an everyday word ("on", but not "On")."""
    return "" if word in _ALSO_WORDS else word.lower()


def _word_before(text: str, start: int, end: int) -> str:
    """Return what stands right before a mark, back to a blank or an opening bracket; "" for nothing."""
    found = _BACKWARDS.match(text[max(start, end - _WORD_REACH) : end][::-1])
    return found[0][::-1] if found else ""


def _careless(text: str, found: re.Match[str]) -> bool:
    """Whether a sentence ends before a small letter: after a full stop and a word too long for an abbreviation."""
    word = _word_before(text, 0, found.start())
    return found[0] == "." and bool(_PLAIN_WORD.fullmatch(word)) and word not in _BEFORE_NAMES


def _trails_off(text: str, found: re.Match[str], mark: str, following: str) -> bool:
    """Whether an ellipsis ends no sentence: one in brackets, before a number, or inside a line of Chinese."""
    if mark.strip("….") or mark.startswith("...."):
        return False
    return (
        text[found.start() - 1] in "[(" or following[:1].isdigit() or not text[found.end() : found.end() + 1].isspace()
    )


def _after_spaced_dots(text: str, found: re.Match[str]) -> int | None:
    """Tell an ellipsis (three dots) from one with a full stop before it, or after it where a blank comes first."""
    if found["spaced"].count(".") == 2:
        return None
    if not _INK.search(text, found.end()):
        return found.end()
    attached = found.start() > 0 and not text[found.start() - 1].isspace()
    return found.start() + 1 if attached else found.end()


def _goes_on(text: str, start: int, stop: int, word: str, following: str, language: str) -> bool:
    """Whether a sentence goes on after the full stop at `stop`, by the word before it and the one after."""
    short = _abbreviation(word)
    if short in _BEFORE_NAMES or _ONLY_MARKER.fullmatch(text, start, stop + 1):
        return True
    if short in _BEFORE_NUMBERS:
        return following[:1].isdigit()
    starts = _starts_sentence(following, language)
    if pack_of(language).ordinal_dot and word.isdigit() and len(word) <= 2:  # ordinals: "am 3. Oktober"
        return not starts
    if word == "I" and _SMALL_WORD.search(text, max(start, stop - _WORD_REACH), stop - 1):
        return False  # "you and I", not "Albert I. Jones"
    if _INITIALS.fullmatch(word):
        return word.isupper() if len(word) == 1 else not starts
    return short in _MAY_END and not starts


def _starts_sentence(word: str, language: str) -> bool:
    """Whether a word with a capital is one that sentences start with, and names do not."""
    known = LANGUAGES.get(language) or LANGUAGES["en"]
    return not word or fold(word) in known.core_stop_words
