"""Whether a sentence can stand alone under its article's title: a classifier, learned from judged sentences.

    good    it stands alone and says something
    leans   it does not say who or what it is about: the sentence before it may help
    else    a fragment, a heading, a caption, the page about itself, or words that tell nobody anything

Three scores over some fifty signs (its shape, its words at both ends, what points back, the title's words, its place),
each sign a row of weights by its hash (logistic regression); see `standalone_weights`.
"""

import functools
import gzip
import math
import re
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from importlib.resources import files

from briefs.languages import pack_of
from briefs.quoting._pointing import outside_speech, pointers, words_of

VERDICTS = ("good", "leans", "else")  # the columns of the weights
ROWS = 1 << 14
LARGEST = 127  # a weight is a whole number of UNITs, from -LARGEST to LARGEST
UNIT = 1.5 / 127
FILE = "weights.bin.gz"
# For other languages than those that were learned from only the signs of no language speak, which are surer than they
# say where the words that point back are known: their scores count that often. Learned without English, and without
# French, of the sentences of each that are then likely to be good (.86) .87 and .89 are.
UNJUDGED = 1.7

_BUCKETS = {
    "letters": (25, 45, 70, 100, 150, 220, 300, 400, 550),  # as a reader counts: a Chinese character is three
    "words": (3, 5, 8, 12, 18, 25, 35, 50),
    "place": (1, 2, 3, 5, 9, 15, 30),
    "capitals": (0.06, 0.12, 0.25, 0.5),  # of its letters
    "share of names": (0.01, 0.1, 0.2, 0.35, 0.6),  # of its words, those that begin with a capital
    "digits": (0.001, 0.03, 0.08, 0.2),
    "entitled": (0.01, 0.15, 0.3, 0.5, 0.8),  # of its words, those that the title has
    "of the title": (0.01, 0.2, 0.4, 0.7),  # of the title's words, those that it has
}
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[^\w\s]")
_HAN = re.compile("[\u3400-\u9fff]")
_END = re.compile(r"[.!?…。！？｡]['\"”’»」』）)\]]*$")
_INNER_END = re.compile(r"[.!?。！？]\s*\S.*\S$")
_CAPITAL_INSIDE = re.compile(r"(?<!\w)[a-zà-ÿ]{3,}[A-ZÀ-Þ]")  # blessésCinq; WeChat and iPhone are names
# These begin with what they leap to, and what stands before that is looked at afterwards: it takes half of the time.
_GLUED = re.compile(r"[.!?…](?<=[a-zà-ÿ\d»”\"].)(?=[-\"“«A-ZÀ-Þ])|[A-ZÀ-Þ]{4,}[a-zà-ÿ]")  # premiers.Ces, CAISSIERSLa
_ADDRESS = re.compile(r"https?:|www\.|\.com\b")
_YEAR = re.compile(r"(?:1[89]|20)(?<!\w..)\d\d(?!\d)")
_CLOCK = re.compile(r"[:h](?<=\d.)\d\d")
_CAPITALISED = r"[A-ZÀ-Þ][\w’'-]*[a-zà-ÿ]"
_FULL_NAME = re.compile(rf"{_CAPITALISED} {_CAPITALISED}")
_LONE_NAME = re.compile(r"([A-ZÀ-Þ](?<=[a-zà-ÿ,;] .)[\w’'-]*[a-zà-ÿ])(?![\w’'-])(?! [A-ZÀ-Þ])")
_MARKS = frozenset("|>©@#/*•·_…{}[]<=►▶→:;?!–—")
_PAIRED = (("“", "”"), ("«", "»"), ("「", "」"))
_QUOTATION = frozenset('"').union(*_PAIRED)
# The same marks in two widths are one sign.
_NARROW = str.maketrans("，！？：；（）", ",!?:;()")
_REMEMBERED = 6_000  # signs of a language
_STEM = 6  # letters in which words of one family agree
_BITS, _SUM = (0, 20, 40), (1 << 20) - 1  # where each verdict's weights stand in a number, and their largest sum


@dataclass(frozen=True, slots=True)
class Standing:
    """How likely a reader calls a sentence good, and how likely they say that it leans; the rest is no quote at all."""

    good: float
    leans: float


@functools.lru_cache(3_000)  # the sentences of a large digest
def standing(sentence: str, language: str, title: str, place: int) -> Standing:
    """Return how a sentence reads under a title. place: its number in the text, from 0. Takes some 50 µs."""
    told = sum(map(_weights().__getitem__, rows(sentence, language, title, place)))
    scores = [told >> bits & _SUM for bits in _BITS]
    known = pack_of(language)
    trust = 1.0 if known.judged or not known.pointing.opens else UNJUDGED
    shares = [math.exp(UNIT * trust * (score - max(scores))) for score in scores]
    return Standing(shares[0] / sum(shares), shares[1] / sum(shares))


def rows(sentence: str, language: str, title: str, place: int) -> set[int]:
    """Return the rows of the weights that speak for or against a sentence: each sign, and the sign in its language.

    In a language that nothing was learned of, the latter would speak by chance.
    """
    return set().union(*map(_rows(language).__getitem__, signs(sentence, language, title, place)))


class _Rows(dict[str, tuple[int, ...]]):
    """The rows of the signs that were seen of late in a language."""

    def __init__(self, language: str) -> None:
        self._language = f"{language} " if pack_of(language).judged else ""

    def __missing__(self, sign: str) -> tuple[int, ...]:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[sign] = found = (row(sign), row(self._language + sign))
        return found


_rows = functools.cache(_Rows)


def row(sign: str) -> int:
    """Return the row of the weights that a sign has, or a sign in a language."""
    return zlib.crc32(sign.encode("utf-8", "replace")) % ROWS


def signs(sentence: str, language: str, title: str, place: int) -> Iterator[str]:
    """Yield what there is to be seen of a sentence, in words."""
    wide = pack_of(language).wide
    text = sentence.translate(_NARROW)
    yield "always"
    yield _bucket("letters", len(text) * (3 if wide else 1))
    yield _bucket("place", place)
    yield from _shape(text)
    pieces = _WORD.findall(text)
    words = [piece for piece in pieces if piece[0].isalnum()]
    yield _bucket("words", len(words))
    names = [word for word in words[1:] if word[0].isupper()]
    yield _bucket("share of names", len(names) / max(1, len(words) - 1))
    yield f"names {min(4, sum(not name.isupper() for name in names))}"
    yield from _wide_ends(text) if wide else _ends([word.lower() for word in words], pieces)
    # What opens a text may lean on its title only, and is read otherwise than what stands far down.
    where = ("opening", "second", "later")[min(place, 2)]
    for sign in (*_title_words(text, title, wide=wide), *_lone_names(text, title, language)):
        yield sign
        yield f"{where}: {sign}"
    yield from _pointing(sentence, language, first=place == 0)


def _bucket(name: str, value: float) -> str:
    return f"{name} {bisect_right(_BUCKETS[name], value)}"


def _shape(text: str) -> Iterator[str]:
    first, last = text[0], text[-1]
    yield "ends" if _END.search(text) else "does not end"
    yield f"last {last}"
    kinds = ((str.isupper, "capital"), (str.islower, "small"), (str.isdigit, "digit"), (_HAN.match, "Han"))
    yield f"first {next((kind for test, kind in kinds if test(first)), first)}"
    letters, written = sum(map(str.isalpha, text)), set(text)
    capitals = filter(str.isalpha, filter(str.isupper, written))
    yield _bucket("capitals", sum(map(text.count, capitals)) / max(1, letters))
    digits = sum(map(text.count, filter(str.isdigit, written)))
    yield _bucket("digits", digits / len(text))
    marks = {mark: text.count(mark) for mark in _QUOTATION & written}
    yield f"quotation marks {min(3, sum(marks.values()))}"
    if marks.get('"', 0) % 2 or any(marks.get(one) != marks.get(other) for one, other in _PAIRED if marks):
        yield "open quotation"
    yield f"commas {min(4, text.count(',') + text.count('、'))}"
    yield from (f"has {mark}" for mark in _MARKS & written)
    if _ADDRESS.search(text):
        yield "address"
    if digits and _YEAR.search(text):
        yield "year"
    if digits and _CLOCK.search(text):
        yield "clock"
    if _CAPITAL_INSIDE.search(text):
        yield "capital inside"
    if _GLUED.search(text):
        yield "glued"
    if _INNER_END.search(text[:-2]):
        yield "two sentences"


def _ends(words: Sequence[str], pieces: Sequence[str]) -> Iterator[str]:
    if words:
        yield f"begins {words[0]}"
        yield f"begins {' '.join(words[:2])}"
        yield f"ends {words[-1]}"
    yield from (f"then {word}" for word in words[1:2])
    yield from (f"third {word}" for word in words[2:3])
    yield from (f"opens {piece}" for piece in pieces[:1] if not piece[0].isalnum())


def _wide_ends(text: str) -> Iterator[str]:
    beginning, end = text.lstrip('“"「《 \u3000'), text.rstrip('"”」。!?. ')
    yield from (f"begins {beginning[:n]}" for n in (1, 2, 3))
    yield from (f"ends {end[-n:]}" for n in (1, 2))


def _title_words(text: str, title: str, *, wide: bool) -> Iterator[str]:
    entitled = _stems(title, wide)
    if not entitled:
        yield "no title"
        return
    said = _stems(text, wide)
    both = len(said & entitled)
    yield f"shares {min(4, both)}"
    yield _bucket("entitled", both / max(1, len(said)))
    yield _bucket("of the title", both / len(entitled))


def _lone_names(text: str, title: str, language: str) -> Iterator[str]:
    """Tell of names of one word that the title lacks: somebody's, mostly, who was introduced in full before."""
    lone = [name for name in _LONE_NAME.findall(text) if name not in title]
    yield f"lone names {min(3, len(lone))}"
    named, naming, titled = _speakers(language)
    begun = f", {text}"  # what opens a sentence stands as behind a comma
    if any(name not in title for speaker in (named, naming) for name in speaker.findall(begun)):
        yield "lone speaker"
    if any(name not in title for name in titled.findall(text)):
        yield "lone title"
    if not _FULL_NAME.search(text):
        yield "no full name"


@functools.cache
def _speakers(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what finds a name of one word behind "says", one before it, and one behind a title."""
    says, titles = pointers(language).says, pointers(language).titles
    return (
        re.compile(rf"[,”\"»] {says} ({_CAPITALISED})\b(?! [A-ZÀ-Þ])"),
        re.compile(rf"([A-ZÀ-Þ](?<=[a-zà-ÿ,;.”\"] .)[\w’'-]*[a-zà-ÿ]) {says}\b"),
        re.compile(rf"\b{titles} ({_CAPITALISED})(?! {_CAPITALISED})"),
    )


@functools.lru_cache(500)
def _stems(text: str, wide: bool) -> Set[str]:
    """Return how its longer words begin; in Chinese, its pairs of characters."""
    if wide:
        return {text[n : n + 2] for n in range(len(text) - 1) if text[n : n + 2].isalnum()}
    return {word[:_STEM] for word in _WORD.findall(text.lower()) if len(word) > 3}


def _pointing(sentence: str, language: str, *, first: bool) -> Iterator[str]:
    of_language, words, outside = pointers(language), words_of(sentence), outside_speech(sentence)
    if of_language.dangles(sentence):
        yield "points back"
    if of_language.echoes(sentence, words, outside):
        yield "echoes"
    if of_language.speaks_unnamed(sentence, words, outside):
        yield "unnamed speaker"
    if not first and of_language.is_bare(sentence):
        yield "names nobody"


@functools.cache
def _weights() -> Sequence[int]:
    """Return the weights of each row: those of all verdicts in one number, made positive, so that one sum is all."""
    packed = files("briefs.quoting.standalone_weights").joinpath(FILE).read_bytes()
    weights = memoryview(gzip.decompress(packed)).cast("b").tolist()
    of_verdicts = zip(*(weights[column :: len(VERDICTS)] for column in range(len(VERDICTS))), strict=True)
    return [sum((weight + LARGEST) << bits for weight, bits in zip(row, _BITS, strict=True)) for row in of_verdicts]
