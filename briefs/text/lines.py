"""The lines of a plain text: their characters, their length, and whether they say the same."""

import re
import string
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from briefs.languages import LANGUAGES

HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_HAN_WEIGHT = 2.5  # one Chinese character says as much as about so many letters
BODY = 80  # characters from which on a line that ends like a sentence is body text

SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]」』]*$")
_LEADERS = ".·…_" + string.whitespace + "\x85\xa0\u2003\u202f\u3000"
BULLET = re.compile(r"^(?:[•●▪◦‣∙·*–—-]|\d{1,2}[.)、]|[一二三四五六七八九十]{1,2}、)\s*")


# ---------------------------------------------------------------- characters


WIDE = "\u2003"  # stands for blanks that part two columns, until lines have been judged
_JOINERS = "\u200c\u200d"  # between letters of some scripts and inside emoji they carry meaning


# Unicode's categories Cc, Cf and Cs without line ends, tabs and joiners: as a pattern, ten times faster than by name.
_UNPRINTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]+"
)


def tidy(text: str) -> str:
    """Text in NFC without control, formatting and bidi characters; no line starts or ends with a blank.

    A single no-break space stays (French sets them before some signs); a run of blanks becomes one, and a wide run,
    which parts two columns, becomes one em space.
    """
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    text = re.sub(r"[\r\v\f\x85\u2028\u2029]", "\n", text)
    text = _UNPRINTED.sub("", text)
    text = re.sub(rf"(?<![^\W\d_\U0001f000-\U0001ffff]{{1}})[{_JOINERS}]+(?![\U0001f000-\U0001ffff♀♂⚕❤])", "", text)
    text = re.sub(r"[^\S\n]*\xa0[^\S\n]*\xa0[^\S\n]*|[^\S\n]*\u3000[^\S\n]*|[^\S\n]{3,}", WIDE, text)
    text = re.sub(rf"[^\S\n{WIDE}]{{2,}}|[^\S\n {WIDE}\xa0\u202f]", " ", text)
    text = re.sub(rf"[^\S\n]*{WIDE}[^\S\n]*", WIDE, text)
    return "\n".join(line.strip() for line in text.split("\n")).strip()


# ---------------------------------------------------------------- lines


def weight(line: str) -> float:
    """Return the length of a line in letters of an alphabet."""
    return len(line) + (_HAN_WEIGHT - 1) * len(re.findall(f"[{HAN}]", line))


def is_sentence(line: str) -> bool:
    """Whether a line ends like a sentence and is long enough for one."""
    return bool(SENTENCE_END.search(line)) and weight(line) >= 20


def same(line: str) -> str:
    """Return what two lines share that say the same: neither case nor blanks nor bullets nor a closing mark."""
    line = _without_page(BULLET.sub("", line))
    return " ".join(line.casefold().split()).strip(" .:;,。：；，")


def _without_page(line: str) -> str:
    """Drop the page number of an entry of a table of contents, with the dots that lead to it."""
    if not (number := re.search(r"\d{1,4}$", line)):
        return line
    bare = line[: number.start()].rstrip(_LEADERS)
    return bare if number.start() - len(bare) >= 3 else line


def unwrap(lines: list[str]) -> list[str]:
    """Join the lines of paragraphs that were wrapped at a fixed width."""
    joined: list[str] = []
    block: list[str] = []
    for line in [*lines, ""]:
        if line:
            block.append(line)
            continue
        joined += [*_unwrapped(block), ""]
        block = []
    return joined[:-1]


def _unwrapped(block: list[str]) -> list[str]:
    """One paragraph: wrapped where most lines but the last are of like length and end in the middle of a sentence."""
    inner = block[:-1]
    broken = [line for line in inner if not SENTENCE_END.search(line) and not BULLET.match(line)]
    widest = max(map(weight, inner), default=0)
    full = [line for line in broken if weight(line) >= 0.7 * widest]
    if not 40 <= widest <= 130 or len(full) < max(1, 0.6 * len(inner)):
        return block
    if len(inner) < 3 and not all(_goes_on(before, after) for before, after in pairwise(block)):
        return block
    joined = block[0]
    for line in block[1:]:
        blank = "" if re.search(f"[{HAN}，。；：]$", joined) and re.match(f"[{HAN}，。“「《]", line) else " "
        joined += ("\n" if BULLET.match(line) else blank) + line
    return joined.split("\n")


def _goes_on(before: str, after: str) -> bool:
    """Whether a line break falls inside a sentence, as far as two lines can tell."""
    if "|" in before + after or SENTENCE_END.search(before):
        return False
    return after[0].islower() or before[-1] in ",;，、；"


# ---------------------------------------------------------------- a page


@dataclass(slots=True)
class Page:
    """A text on its way: lines ("" parts paragraphs), and the fields found so far."""

    lines: list[str]
    language: str
    fields: dict[str, str] = field(default_factory=dict)
    published: datetime | None = None

    def note(self, name: str, value: str) -> None:
        """Keep what the page says of itself; what was said first counts."""
        self.fields.setdefault(name, value)

    def keep(self, wanted: Callable[[str], bool]) -> None:
        """Drop the lines that are not wanted; blank lines stay."""
        self.lines = [line for line in self.lines if not line or wanted(line)]

    def body(self) -> tuple[int, int]:
        """Where body text starts and ends: before and after stand the page's head and foot."""
        body = [n for n, line in enumerate(self.lines) if is_sentence(line) and weight(line) >= BODY]
        return (body[0], body[-1] + 1) if body else (0, len(self.lines))


def small_words(language: str) -> frozenset[str]:
    """Words that start a sentence and say nothing of its subject, in this language, or in every one when unsure."""
    known = [LANGUAGES[language]] if language in LANGUAGES else list(LANGUAGES.values())
    return frozenset().union(*(entry.core_stop_words for entry in known))
