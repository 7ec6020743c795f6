"""Learn which letters speak for which language: `python -m bench.word_model` writes weights.bin.gz.

    word lists → features of each word → multinomial logistic regression → small whole numbers

It needs wordfreq and scipy, which the program itself does not.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.optimize
import scipy.sparse
import wordfreq

from briefs.text import wordmodel
from briefs.text.wordlanguage import CODES, FILE, LARGEST, ROWS, UNIT, rows

LEAST = 1e-7  # share of a list's words that a word must be
POWER = 0.5  # of a word's frequency, as its weight in learning: rare words have most of the forms
L2 = 3e-8
STEPS = 100

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LONGEST = 25  # letters
Array = Any


def main() -> None:
    """Learn the weights and write them beside this file."""
    words, frequencies = _words()
    weights = _learned(_features(words), *_targets(frequencies))
    weights -= weights.mean(axis=1, keepdims=True)  # changes no chance, and keeps the numbers small
    numbers = np.clip(np.round(weights / UNIT), -LARGEST, LARGEST).astype(np.int8)
    (Path(wordmodel.__file__).parent / FILE).write_bytes(gzip.compress(numbers.tobytes(), 9, mtime=0))


def _words() -> tuple[list[str], Array]:
    """Return the words of all lists, and how frequent each is in each language."""
    frequencies: dict[str, list[float]] = {}
    for column, code in enumerate(CODES):
        for word, frequency in wordfreq.get_frequency_dict(code, wordlist="large").items():
            if frequency >= LEAST and len(word) <= _LONGEST and _WORD.fullmatch(word):
                frequencies.setdefault(word, [0.0] * len(CODES))[column] = frequency
    return list(frequencies), np.array(list(frequencies.values()))


def _targets(frequencies: Array) -> tuple[Array, Array]:
    """Return how much each word counts, and each language's chance given the word: no language is likelier at first."""
    counts = frequencies.sum(axis=1) ** POWER
    chances = frequencies / frequencies.sum(axis=1, keepdims=True)
    for _ in range(20):
        chances = chances / (counts[:, None] * chances).sum(axis=0)
        chances /= chances.sum(axis=1, keepdims=True)
    return (counts / counts.sum()).astype(np.float32), chances.astype(np.float32)


def _features(words: Sequence[str]) -> Array:
    columns: list[int] = []
    ends = [0]
    for word in words:
        columns.extend(sorted(rows(word)))
        ends.append(len(columns))
    ones = np.ones(len(columns), np.float32)
    return scipy.sparse.csr_matrix((ones, columns, ends), shape=(len(words), ROWS))


def _learned(features: Array, counts: Array, chances: Array) -> Array:
    transposed = features.T.tocsr()

    def loss(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(ROWS, len(CODES)).astype(np.float32)
        scores = features @ weights
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        value = -(counts[:, None] * chances * logs).sum() + L2 * (weights * weights).sum()
        slope = transposed @ (counts[:, None] * (np.exp(logs) - chances)) + 2 * L2 * weights
        return float(value), slope.ravel().astype(np.float64)

    start = np.zeros(ROWS * len(CODES))
    found = scipy.optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "maxcor": 6})
    return found.x.reshape(ROWS, len(CODES))


if __name__ == "__main__":
    main()
