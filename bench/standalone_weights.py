"""Learn how sentences read: `python -m bench.standalone_weights SENTENCES.jsonl.xz` writes the weights.

    judged sentences → signs of each → multinomial logistic regression → small whole numbers

First it tells how well that does on documents it has not seen. It needs scipy, which the program itself does not.
"""

from __future__ import annotations

import gzip
import json
import lzma
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.optimize
import scipy.sparse

from briefs.quoting import standalone_weights
from briefs.quoting.standalone import FILE, LARGEST, ROWS, UNIT, UNJUDGED, VERDICTS, row, rows, signs

L2 = 15.0  # of the weights' squares, over all sentences
UNTITLED = 0.4  # the weight of each sentence once more without its title: texts without one are quoted too
FOLDS = 10
STEPS = 60
LIKELY = 0.86
Array = Any
Judged = Mapping[str, Any]


def main() -> None:
    """Learn the weights, say how good they are, and write them beside this file."""
    judged = read(Path(sys.argv[1]))
    fold = np.array([zlib.crc32(one["document"].encode()) % FOLDS for one in judged])
    chances = np.zeros(len(judged))
    for number in range(FOLDS):
        weights = learned([one for one, its in zip(judged, fold, strict=True) if its != number])
        unseen = fold == number
        chances[unseen] = _chances(_features(_titled(np.array(judged)[unseen])), UNIT * rounded(weights))[:, 0]
    for language in ("", *sorted({one["language"] for one in judged})):
        of = [n for n, one in enumerate(judged) if language in ("", one["language"])]
        good = np.array([judged[n]["verdict"] == "good" for n in of])
        figure = auc(chances[of], good)
        sys.stdout.write(f"{language or 'all'}: {len(of)} sentences, {good.mean():.0%} good, AUC {figure:.3f}\n")
    for language in ("en", "fr"):
        _tell_of_a_stranger(judged, language)
    numbers = rounded(learned(judged)).astype(np.int8)
    (Path(standalone_weights.__file__).parent / FILE).write_bytes(gzip.compress(numbers.tobytes(), 9, mtime=0))


def _tell_of_a_stranger(judged: Sequence[Judged], language: str) -> None:
    """Say how good the weights are for a language that nothing was learned of: only signs of no language speak."""
    weights = UNIT * UNJUDGED * rounded(learned([one for one in judged if one["language"] != language]))
    theirs = [one for one in judged if one["language"] == language]
    seen = [set(map(row, signs(one["text"], language, one["title"], one["place"]))) for one in theirs]
    chances, good = _chances(_features(seen), weights)[:, 0], np.array([one["verdict"] == "good" for one in theirs])
    likely = chances >= LIKELY
    sys.stdout.write(
        f"{language}, learned without it: AUC {auc(chances, good):.3f}; "
        f"{likely.mean():.0%} likely to be good (from {LIKELY} on), of which {good[likely].mean():.1%} are\n"
    )


def read(path: Path) -> list[Judged]:
    """Return the judged sentences of a file."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def learned(judged: Sequence[Judged]) -> Array:
    """Return the weights: a row a sign, a column a verdict."""
    features = scipy.sparse.vstack([_features(_titled(judged)), _features(_untitled(judged))]).tocsr()
    counts = np.concatenate([np.ones(len(judged)), np.full(len(judged), UNTITLED)])
    verdicts = [VERDICTS.index(one["verdict"]) if one["verdict"] in VERDICTS else 2 for one in judged]
    wanted = np.eye(len(VERDICTS))[verdicts * 2]
    transposed = features.T.tocsr()

    def loss(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(ROWS, len(VERDICTS))
        chances = _chances(features, weights)
        value = -(counts[:, None] * wanted * np.log(chances + 1e-12)).sum() + L2 / 2 * (weights * weights).sum()
        slope = transposed @ (counts[:, None] * (chances - wanted)) + L2 * weights
        return float(value), slope.ravel()

    start = np.zeros(ROWS * len(VERDICTS))
    found = scipy.optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return found.x.reshape(ROWS, len(VERDICTS))


def rounded(weights: Array) -> Array:
    """Return weights as the whole numbers that are kept."""
    return np.clip(np.round(weights / UNIT), -LARGEST, LARGEST)


def auc(scores: Array, good: Array) -> float:
    """Return how often a good sentence has a higher score than one that is not."""
    order = scores.argsort(kind="stable").argsort() + 1
    n = int(good.sum())
    return float((order[good].sum() - n * (n + 1) / 2) / (n * (len(good) - n)))


def _titled(judged: Iterable[Judged]) -> list[set[int]]:
    return [rows(one["text"], one["language"], one["title"], one["place"]) for one in judged]


def _untitled(judged: Iterable[Judged]) -> list[set[int]]:
    return [rows(one["text"], one["language"], "", one["place"]) for one in judged]


def _features(signs: Sequence[set[int]]) -> Array:
    columns = [row for one in signs for row in sorted(one)]
    ends = np.concatenate([[0], np.cumsum([len(one) for one in signs])])
    return scipy.sparse.csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(signs), ROWS))


def _chances(features: Array, weights: Array) -> Array:
    scores = features @ weights
    scores -= scores.max(axis=1, keepdims=True)
    powers = np.exp(scores)
    return powers / powers.sum(axis=1, keepdims=True)


if __name__ == "__main__":
    main()
