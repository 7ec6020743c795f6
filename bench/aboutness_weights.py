"""Learn whether an article is about a topic: `python -m bench.aboutness_weights tests/data/judged_topics.jsonl.xz`.

    judged pairs {topic, document, language, title, about, told_before, stands_for, signs: [{…} a part of the topic]}

It prints how often what it would tell is about the topic, on topics and documents it has not seen, beside the rule of
before, and the weights, which stand in `briefs.search.aboutness`. It needs scipy, which the program itself does not.
"""

from __future__ import annotations

import json
import lzma
import sys
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bench.answer_weights import auc, learned

FOLDS = 8
L2 = 2.0
BARS = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)
Array = Any
Judged = Mapping[str, Any]


def main() -> None:
    """Learn the weights, say how good they are, and print them."""
    with lzma.open(sys.argv[1], "rt", encoding="utf-8") as lines:
        judged = [json.loads(line) for line in lines]
    names = sorted(judged[0]["signs"][0])
    fold = np.array([zlib.crc32(one["topic"].encode()) % FOLDS for one in judged])
    odds = np.zeros(len(judged))
    for number in range(FOLDS):
        unseen = np.flatnonzero(fold == number)
        known = {judged[n]["document"] for n in unseen}
        seen = [one for one, of in zip(judged, fold, strict=True) if of != number and one["document"] not in known]
        odds[unseen] = _odds([judged[n] for n in unseen], names, _weights(seen, names))
    chances = 1 / (1 + np.exp(-odds))
    for language in ("all", *sorted({one["language"] for one in judged})):
        among = np.array([language in ("all", one["language"]) for one in judged])
        sys.stdout.write(
            f"{language}: {_figures([one for one, n in zip(judged, among, strict=True) if n], chances[among])}\n"
        )
    sys.stdout.write(f"{dict(zip(names, _weights(judged, names).round(2).tolist(), strict=True))}\n")


def _weights(judged: Sequence[Judged], names: Sequence[str]) -> Array:
    """Learn from the part of each topic that an article has least of."""
    rarest = [min(one["signs"], key=lambda signs: signs["often"]) for one in judged]
    features = np.array([[signs[name] for name in names] for signs in rarest])
    return learned(features, np.array([one["about"] for one in judged]), L2)


def _odds(judged: Sequence[Judged], names: Sequence[str], weights: Array) -> Array:
    return [np.mean([[part[name] for name in names] @ weights for part in one["signs"]]) for one in judged]


def _figures(judged: Sequence[Judged], chances: Array) -> str:
    """Say AUC and what each bar tells: of those that were told before, and of all, as often as each stands for."""
    about, told = (np.array([one[name] for one in judged]) for name in ("about", "told_before"))
    many = np.array([one["stands_for"] for one in judged])
    parts = [f"{len(about)}, AUC {auc(chances, about):.3f}, of those told before {auc(chances[told], about[told]):.3f}"]
    for name, kept in (("before", told), *((f"≥{bar}", chances >= bar) for bar in BARS)):
        again = about[kept & told]
        right = many[kept & about].sum()
        parts.append(
            f"{name}: {again.sum()} of {len(again)} right, of all {right / many[kept].sum():.2f} right and"
            f" {right / many[about].sum():.2f} found"
        )
    return "; ".join(parts)


if __name__ == "__main__":
    main()
