"""Learn which sentence answers a question: `python -m bench.answer_weights FOLDER` writes the weights.

    sentence_qa-*.jsonl.gz   paragraphs with questions {id, language, text, questions: [{question, answers: [[at, …]]}]}

Every paragraph alone, and five together under a title of their commonest name, are the articles of an archive; what
it finds to a question are the sentences to choose from. It first prints how well that does on documents it has not
seen. It needs scipy, which the program itself does not.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.optimize

from briefs import Archive, Article, answer
from briefs.models import Analysed, Quote
from briefs.quoting import answer_weights
from briefs.quoting.answering import FILE
from briefs.quoting.relevance import answer_signs
from briefs.quoting.selection import best_quotes
from briefs.text.query import Query

TOGETHER = (1, 5)  # paragraphs of an article
MOST = 200  # questions of a set, for each of these
FOLDS = 5
WEIGHTS = Path(answer_weights.__file__).parent / FILE
L2 = 1.0
THRESHOLDS = (0.3, 0.35, 0.5, 0.7)
_NAME = re.compile(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)*")
Array = Any
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """One sentence that a question found. question: its number; own: whether its article has the answer."""

    question: int
    fold: int
    group: str
    signs: dict[str, float]
    own: bool
    right: bool


def main() -> None:
    """Learn the weights, say how good they are, and write them into the package."""
    choices: list[Choice] = []
    asked: Counter[str] = Counter()
    for path in sorted(Path(sys.argv[1]).glob("sentence_qa-*.jsonl.gz")):
        rows = _rows(path)
        for together in TOGETHER:
            group = f"{rows[0]['language']}, {together} paragraphs"
            for found in _found(rows, together, group, asked.total()):
                asked[group] += 1
                choices += found
    names = sorted({name for one in choices for name in one.signs})
    features = np.array([[one.signs.get(name, 0.0) for name in names] for one in choices])
    right = np.array([one.right for one in choices])
    fold = np.array([one.fold for one in choices])
    chances = np.zeros(len(choices))
    for number in range(FOLDS):
        unseen = fold == number
        chances[unseen] = _chances(features[unseen], learned(features[~unseen], right[~unseen]))
    for group, count in asked.items():
        sys.stdout.write(f"{group}: {_figures(choices, chances, group, count)}\n")
    weights = {name: round(float(one), 3) for name, one in zip(names, learned(features, right), strict=True)}
    WEIGHTS.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


def _rows(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _found(rows: Sequence[Row], together: int, group: str, first: int) -> Iterator[list[Choice]]:
    """Ask questions of an archive of paragraphs; give the sentences that each finds."""
    blocks = [rows[n : n + together] for n in range(0, len(rows), together)]
    texts = ["\n".join(row["text"] for row in block) for block in blocks]
    articles = [
        Article(str(n), _title(text) if together > 1 else "", text, language=rows[0]["language"])
        for n, text in enumerate(texts)
    ]
    asked = []
    for n, block in enumerate(blocks):
        at = 0
        for row in block:
            asked += [
                (n, one["question"], [(at + a, at + a + len(b)) for a, b in one["answers"]]) for one in row["questions"]
            ]
            at += len(row["text"]) + 1
    recorder = _Recorder()
    vars(answer)["best_quotes"] = recorder
    with tempfile.TemporaryDirectory() as folder, Archive.open(f"sqlite:///{folder}/questions.db") as archive:
        archive.add(articles)
        for number, (block_of, question, answers) in enumerate(asked[:: max(1, len(asked) // MOST)]):
            recorder.found = []
            archive.brief(question)
            yield [
                Choice(
                    first + number,
                    block_of * together // max(TOGETHER) % FOLDS,
                    group,
                    signs,
                    name == str(block_of),
                    name == str(block_of) and any(start <= a and b <= end for a, b in answers),
                )
                for name, start, end, signs in recorder.found
            ]
    vars(answer)["best_quotes"] = best_quotes


def _title(text: str) -> str:
    """Return the commonest name of a text."""
    return next((name for name, _ in Counter(_NAME.findall(text)).most_common(1)), "")


class _Recorder:
    """Keeps what is chosen from, in the place of `best_quotes`. found: article, start, end and signs of sentences."""

    def __init__(self) -> None:
        self.found: list[tuple[str, int, int, dict[str, float]]] = []

    def __call__(self, articles: Sequence[Analysed], query: Query | None, **more: Any) -> list[Quote]:
        if query is not None:
            for one, signs in answer_signs(articles, query, more["article_scores"], more["idf"]):
                if signs:
                    self.found.append((articles[one.source].article.id, one.start, one.end, dict(signs)))
        return []


def learned(features: Array, right: Array, l2: float = L2) -> Array:
    """Return the weights of logistic regression, for signs as they are."""
    scale = np.maximum(features.std(axis=0), 1e-6)
    scale[features.std(axis=0) == 0] = 1.0
    scaled = features / scale
    wanted = right.astype(float)

    def loss(weights: Array) -> tuple[float, Array]:
        margins = scaled @ weights
        slope = scaled.T @ (1 / (1 + np.exp(-margins)) - wanted) + l2 * weights
        return float((np.logaddexp(0, margins) - wanted * margins).sum() + l2 / 2 * weights @ weights), slope

    start = np.zeros(features.shape[1])
    return scipy.optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x / scale


def _chances(features: Array, weights: Array) -> Array:
    return 1 / (1 + np.exp(-features @ weights))


def _figures(choices: Sequence[Choice], chances: Array, group: str, asked: int) -> str:
    """Say, of one group: AUC; the answer first, in its own article and in all; how right the likely first ones are."""
    of = [n for n, one in enumerate(choices) if one.group == group]
    by_question: dict[int, list[int]] = {}
    for n in of:
        by_question.setdefault(choices[n].question, []).append(n)
    firsts = [max(them, key=lambda n: chances[n]) for them in by_question.values()]
    at_home = [[n for n in them if choices[n].own] for them in by_question.values()]
    at_home = [them for them in at_home if any(choices[n].right for n in them)]
    own = [choices[max(them, key=lambda n: chances[n])].right for them in at_home]
    right = np.array([choices[n].right for n in of])
    parts = [f"AUC {auc(chances[of], right):.3f}", f"sentence@1 {np.mean(own):.3f} of {len(own)}"]
    parts.append(f"pool@1 {sum(choices[n].right for n in firsts) / asked:.3f} of {asked}")
    for least in THRESHOLDS:
        sure = [choices[n].right for n in firsts if chances[n] >= least]
        parts.append(f"≥{least}: {np.mean(sure) if sure else math.nan:.2f} right of {len(sure) / asked:.2f}")
    return ", ".join(parts)


def auc(scores: Array, right: Array) -> float:
    """Return how often what is right has a higher score than what is not."""
    order = scores.argsort(kind="stable").argsort() + 1
    n = int(right.sum())
    return float((order[right].sum() - n * (n + 1) / 2) / (n * (len(right) - n)))


if __name__ == "__main__":
    main()
