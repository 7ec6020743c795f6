"""Learn what readers say of quotes: `python -m bench.verdict_weights tests/data/judged_quotes.jsonl.xz`.

    judged quotes {kind, query, document, title, place, text, verdict, reads, share, title's share, …} → two regressions

It writes the weights, and prints, on documents it has not seen, how many of the quotes that are likely to be good are.
It needs scipy, which the program itself does not.
"""

from __future__ import annotations

import json
import lzma
import sys
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.answer_weights import auc, learned
from briefs.quoting import answer_weights
from briefs.quoting.verdicts import FILE, Kind, Reply, Saying

FOLDS = 10
L2 = 2.0
BARS = (0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
WEIGHTS = Path(answer_weights.__file__).parent / FILE
Array = Any
Judged = Mapping[str, Any]


def main() -> None:
    """Learn the weights, say how good they are, and write them into the package."""
    with lzma.open(sys.argv[1], "rt", encoding="utf-8") as lines:
        judged = [json.loads(line) for line in lines]
    weights = {
        "words": _learned("words", [one for one in judged if one["kind"] != "question"]),
        "question": _learned("question", [one for one in judged if one["kind"] == "question"]),
    }
    WEIGHTS.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


def _learned(kind: Kind, judged: Sequence[Judged]) -> dict[str, float]:
    signs = [_saying(one).signs(kind, one["reads"]) for one in judged]
    names = sorted(signs[0])
    features = np.array([[one[name] for name in names] for one in signs])
    good = np.array([one["verdict"] == "good" for one in judged])
    fold = np.array([zlib.crc32(one["document"].encode()) % FOLDS for one in judged])
    chances = np.zeros(len(judged))
    for number in range(FOLDS):
        unseen = fold == number
        weights = learned(features[~unseen], good[~unseen], L2)
        chances[unseen] = 1 / (1 + np.exp(-features[unseen] @ weights))
    for of in sorted({one["kind"] for one in judged}) + sorted({one["language"] for one in judged}):
        among = np.array([of in (one["kind"], one["language"]) for one in judged])
        sys.stdout.write(f"{kind}, {of}: {_figures(chances[among], good[among])}\n")
    return {name: round(float(one), 3) for name, one in zip(names, learned(features, good, L2), strict=True)}


def _saying(one: Judged) -> Saying:
    reply = Reply(one["answers"], one["about"], one["retold"], one["near"]) if one["kind"] == "question" else None
    return Saying(one["share"], one["of_title"], one["short"], one["place"], one.get("score", 1.0), reply)


def _figures(chances: Array, good: Array) -> str:
    parts = [f"{len(good)}, {good.mean():.0%} good, AUC {auc(chances, good):.3f}"]
    for bar in BARS:
        likely = chances >= bar
        if likely.any():
            parts.append(f"≥{bar}: {good[likely].mean():.0%} good of {likely.mean():.0%}")
    return ", ".join(parts)


if __name__ == "__main__":
    main()
