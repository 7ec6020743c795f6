"""Learn what readers say of quotes: `python -m bench.verdict_weights QUOTES.jsonl.xz [CANDIDATES.jsonl.xz]`.

    judged quotes {kind, query, document, title, place, text, verdict, reads, share, …} → a regression a kind

It writes the weights, and prints, on documents it has not seen, what each bar keeps and how much of that is bad. With
CANDIDATES, sentences of one article to one look-up of words that nothing is learned from, each with its rank: also what
the weights choose among them. It needs scipy, which the program itself does not.
"""

from __future__ import annotations

import json
import lzma
import math
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.answer_weights import learned
from briefs.quoting import answer_weights
from briefs.quoting.asked import PreparedQuery, tells_what
from briefs.quoting.verdicts import FILE, HARDLY, Kind, ReplySigns, Saying, signs_of_news, verdict
from briefs.text.query import parse_query

KINDS = ("words", "question", "news")
FOLDS = 10
L2 = 2.0
BARS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)
WEIGHTS = Path(answer_weights.__file__).parent / FILE
Array = Any
Judged = Mapping[str, Any]


def main() -> None:
    """Learn the weights, say how good they are, and write them into the package."""
    judged = _read(sys.argv[1])
    weights = {kind: _learned(kind, [one for one in judged if one["kind"] == kind]) for kind in KINDS}
    WEIGHTS.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    for path in sys.argv[2:]:
        _tell_of_choices(_read(path))


def _read(path: str) -> list[Judged]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _tell_of_choices(candidates: Sequence[Judged]) -> None:
    """Say how many look-ups are shown a quote, and how many of these are bad: the best by its words, or the likeliest.

    The candidates of a look-up are in the order of their ranks.
    """
    passing = defaultdict[tuple[str, str], list[tuple[float, Judged]]](list)
    for one in candidates:
        said = verdict("words", _saying(one), one["reads"])
        passing[one["query"], one["document"]] += [(said.good, one)] * said.serves
    shown = [ranked for ranked in passing.values() if ranked]
    by_words = [ranked[0][1] for ranked in shown]
    likeliest = [max(ranked, key=lambda one: one[0])[1] for ranked in shown]
    for name, chosen in (("the best by its words", by_words), ("the likeliest", likeliest)):
        said_of = Counter(one["verdict"] for one in chosen)
        bad = len(chosen) - said_of["good"]
        low, high = (100 * end for end in _interval(bad, len(chosen)))
        sys.stdout.write(
            f"{name}: {len(chosen)} of {len(passing)} look-ups, {said_of['good']} good, "
            f"bad {bad / len(chosen):.0%} [{low:.0f}–{high:.0f}]: {dict(said_of.most_common())}\n"
        )


def _learned(kind: str, judged: Sequence[Judged]) -> dict[str, float]:
    signs = [_signs(one) for one in judged]
    names = sorted(signs[0])
    features = np.array([[one[name] for name in names] for one in signs])
    good = np.array([one["verdict"] == "good" for one in judged])
    fold = np.array([zlib.crc32(one["document"].encode()) % FOLDS for one in judged])
    chances = np.zeros(len(judged))
    for number in range(FOLDS):
        unseen = fold == number
        weights = learned(features[~unseen], good[~unseen], L2)
        chances[unseen] = 1 / (1 + np.exp(-features[unseen] @ weights))
    sys.stdout.write(f"{kind}: {_figures(chances, good)}\n")
    if kind != "news":
        titled = np.array([one["of_title"] >= HARDLY for one in judged])
        sys.stdout.write(f"  the title tells it: {_figures(chances[titled], good[titled])}\n")
    for language in sorted({one["language"] for one in judged}):
        among = np.array([one["language"] == language for one in judged])
        sys.stdout.write(f"  {language}: {_figures(chances[among], good[among])}\n")
    return {name: round(float(one), 3) for name, one in zip(names, learned(features, good, L2), strict=True)}


def _signs(one: Judged) -> Mapping[str, float]:
    """Return the signs of a judged quote. of_title: the title's share of what was asked; of news, its of the title."""
    if one["kind"] == "news":
        return signs_of_news(one["place"], one["of_title"], one["reads"])
    kind: Kind = one["kind"]
    return _saying(one).signs(kind, one["reads"])


def _saying(one: Judged) -> Saying:
    reply = None
    if one.get("kind") == "question":
        tells = tells_what(one["text"], one["language"], PreparedQuery.of(parse_query(one["query"])))
        reply = ReplySigns(one["answers"], one["about"], one["retold"], one["near"], tells)
    score, both = one.get("score", 1.0), one.get("both", 1.0)
    return Saying(one["share"], one["of_title"], one["short"], one["place"], score, reply, both)


def _figures(chances: Array, good: Array) -> str:
    parts = [f"{len(good)}, {good.mean():.0%} good"]
    for bar in BARS:
        shown = good[chances >= bar]
        if len(shown):
            low, high = (100 * end for end in _interval(len(shown) - int(shown.sum()), len(shown)))
            bad, said = 1 - shown.mean(), 1 - chances[chances >= bar].mean()
            parts.append(
                f"≥{bar}: {len(shown)}, {shown.sum()} good, bad {bad:.0%} [{low:.0f}–{high:.0f}], said {said:.0%}"
            )
    return "; ".join(parts)


def _interval(count: int, of: int) -> tuple[float, float]:
    """Return where a share of so many lies in 95 of a hundred draws (Wilson 1927)."""
    share, z = count / of, 1.96
    middle, half = share + z * z / 2 / of, z * math.sqrt(share * (1 - share) / of + (z / 2 / of) ** 2)
    return (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)


if __name__ == "__main__":
    main()
