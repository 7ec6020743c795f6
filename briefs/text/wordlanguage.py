"""The language of a few words in Latin letters, by the letters they are made of.

Sequences of one to five letters, a word's ends among them, vote by weights that were learned from word lists (logistic
regression over hashed n-grams; Joulin et al. 2017, Bojanowski et al. 2017); see `wordmodel`.
"""

import functools
import gzip
import math
import re
import unicodedata
import zlib
from collections.abc import Mapping
from importlib.resources import files

CODES = ("en", "fr", "de", "es", "it", "pt", "nl")  # the columns of the weights
ROWS = 1 << 16
LONGEST = 5  # letters of a sequence
LARGEST = 31  # a weight is a whole number of UNITs, from -LARGEST to LARGEST
UNIT = 2 / 31
FILE = "weights.bin.gz"

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_WORD = 40  # letters that count


def word_language_chances(text: str) -> Mapping[str, float]:
    """Return the chance of each language that the text is in it; they add up to 1.

    All of `CODES` are taken to be as likely before the first word is read; there is no chance for others. Meant for a
    few words: time is about 30 µs for a word not seen before.
    """
    words = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    scores = [UNIT * sum(column) for column in zip(*map(_votes, words), strict=True)] or [0.0] * len(CODES)
    best = max(scores)
    shares = [math.exp(score - best) for score in scores]
    return {code: share / sum(shares) for code, share in zip(CODES, shares, strict=True)}


def rows(word: str) -> set[int]:
    """Return the rows of the weights that a word in lower case has votes in."""
    marked = f"<{word}>"
    pieces = {marked[i : i + n] for n in range(1, LONGEST + 1) for i in range(len(marked) - n + 1)}
    return {zlib.crc32(piece.encode("utf-8", "replace")) % ROWS for piece in pieces | {marked}}


@functools.lru_cache(4_000)  # under 2 MB
def _votes(word: str) -> tuple[int, ...]:
    weights, width = _weights(), len(CODES)
    taken = [weights[row * width : (row + 1) * width] for row in rows(word[:_LONGEST_WORD])]
    return tuple(map(sum, zip(*taken, strict=True)))


@functools.cache
def _weights() -> memoryview:
    packed = files("briefs.text.wordmodel").joinpath(FILE).read_bytes()
    return memoryview(gzip.decompress(packed)).cast("b")
