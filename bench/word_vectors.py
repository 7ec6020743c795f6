"""Pack word vectors: `python -m bench.word_vectors EN_WORDS EN_VECTORS COMMON FR_WORDS FR_VECTORS`.

    words by frequency, a vector each → one vector a stem → without what all share → few dimensions → half a byte each
    stems that both languages write alike → the map from French vectors to English ones

EN_WORDS, FR_WORDS: one word a line, the commonest first. EN_VECTORS, FR_VECTORS: NumPy arrays, a row for each line.
COMMON: English words that are no names, one a line; in French a name is what is commoner with a capital.
"""

from __future__ import annotations

import lzma
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from briefs.languages import LANGUAGES
from briefs.text import wordvectors
from briefs.text.embeddings import DIMENSIONS, LARGEST, MAP_FILE
from briefs.text.terms import fold, terms

HERE = Path(wordvectors.__file__).parent
MOST = {"en": 20_000, "fr": 20_000}  # stems
# Main directions of all vectors are how common a word is, not what it means (Mu and Viswanath 2018).
SHARED = 2
FREQUENT = 10_000  # stems that tell what is shared
SHORTEST = 3  # letters
SMOOTH = 10  # added to a word's place in the list, so that the first forms of a stem are not all that counts
CLIP = 2.5  # standard deviations: what lies beyond is cut
ALIKE = 6  # letters: a shorter stem may be another word in the other language
ALIKE_AMONG = 10_000  # stems of each language, the commonest
RIDGE = 1.0
Array = Any


def main(arguments: list[str]) -> None:
    """Write the files."""
    en_words, en_vectors, common, fr_words, fr_vectors = map(Path, arguments)
    known = set(_lines(common))
    en = _table("en", _lines(en_words), np.load(en_vectors), lambda word, place: word in known)
    words = _lines(fr_words)
    first: dict[str, int] = {}
    for place, word in enumerate(words):
        first.setdefault(word, place)

    def no_name(word: str, place: int) -> bool:
        return word.islower() and place < min(first.get(name, len(words)) for name in (word.capitalize(), word.upper()))

    fr = _table("fr", words, np.load(fr_vectors), no_name)
    _write("en", *en)
    _write("fr", *fr)
    (HERE / MAP_FILE).write_bytes(_map(*fr, *en).astype("<f2").tobytes())


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")


def _table(
    language: str, words: list[str], vectors: Array, wanted: Callable[[str, int], bool]
) -> tuple[list[str], Array]:
    """Return stems, the commonest first, and their vectors, of length 1."""
    idle = LANGUAGES[language].core_stop_words | LANGUAGES[language].other_stop_words
    idle |= LANGUAGES[language].question_words
    mean = vectors[: 2 * FREQUENT].mean(axis=0)
    sums: dict[str, Array] = {}
    for place, word in enumerate(words):
        if len(word) < SHORTEST or not word.replace("-", "").isalpha() or fold(word) in idle:
            continue
        made = terms(word, language) if wanted(word, place) else []
        vector = np.asarray(vectors[place], np.float32) - mean
        length = float(np.linalg.norm(vector))
        if len(made) == 1 and length and (made[0] in sums or len(sums) < MOST[language]):
            sums[made[0]] = sums.get(made[0], 0.0) + vector / length / (place + SMOOTH)
    matrix = _unit(np.array(list(sums.values())))
    matrix -= matrix[:FREQUENT].mean(axis=0)
    directions = np.linalg.svd(matrix[:FREQUENT], full_matrices=False)[2]
    return list(sums), _unit(matrix @ directions[SHARED : SHARED + DIMENSIONS[language]].T)


def _unit(matrix: Array) -> Array:
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def _map(stems: list[str], vectors: Array, other_stems: list[str], other_vectors: Array) -> Array:
    """Return the linear map that takes words of both languages onto each other (Mikolov, Le and Sutskever 2013)."""
    place = {stem: n for n, stem in enumerate(other_stems[:ALIKE_AMONG])}
    pairs = [(n, place[stem]) for n, stem in enumerate(stems[:ALIKE_AMONG]) if len(stem) >= ALIKE and stem in place]
    here, there = (
        matrix[list(rows)] for matrix, rows in zip((vectors, other_vectors), zip(*pairs, strict=True), strict=True)
    )
    return np.linalg.solve(here.T @ here + RIDGE * np.eye(here.shape[1]), here.T @ there)


def _write(language: str, stems: list[str], vectors: Array) -> None:
    spread = CLIP * np.sqrt((vectors**2).mean(axis=1, keepdims=True))
    numbers = np.clip(np.rint(vectors / spread * LARGEST), -LARGEST, LARGEST).astype(np.int8)
    halves = (numbers + LARGEST + 1).astype(np.uint8).T.reshape(-1)
    packed = (halves[0::2] << 4 | halves[1::2]).tobytes()
    text = "\n".join(stems).encode()
    (HERE / f"{language}.bin.xz").write_bytes(lzma.compress(text + b"\n\n" + packed, preset=9))


if __name__ == "__main__":
    main(sys.argv[1:])
