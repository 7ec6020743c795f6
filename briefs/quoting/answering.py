"""The probability that a sentence answers a question: logistic regression on questions with known answers.

    chance = 1 / (1 + exp(−Σ weight · sign)), with the sign "always" = 1; see `answer_weights`

The signs are of three kinds: the share of the question that the sentence and its surroundings have; whether it has a
date or a number, if one is asked for; its place and its article.
"""

import functools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from briefs.languages import pack_of
from briefs.quoting._questions import expected
from briefs.quoting.passages import DEEP

FILE = "weights.json"


@dataclass(frozen=True, slots=True)
class QuestionShares:
    """The words of a question that a sentence has, as shares of the question (weighed by idf).

    before: what only the sentence before it has. around: what else the title, the first sentence and the two before it
    have. after: what only the one after it has. short: the difference to the article's best sentence. article: of the
    whole article. idle: the share of the question's stop words. further: the number of its words not in the question.
    """

    share: float
    before: float
    around: float
    after: float
    short: float
    article: float
    idle: float
    further: float


@dataclass(frozen=True, slots=True)
class Standpoint:
    """The place of a sentence in its text, its article's score as a share of the best, and the number of articles."""

    place: int
    score: float
    articles: int


class Question:
    """A question, to judge many sentences by."""

    def __init__(self, text: str) -> None:
        self.expected = expected(text)

    def has_what_is_asked(self, sentence: str) -> bool:
        """Whether a sentence has a date or a number, if one is asked for."""
        return self.expected.is_in(sentence)

    def signs(self, sentence: str, language: str, told: QuestionShares, at: Standpoint) -> Mapping[str, float]:
        """Return the signs by their names; `always` is 1."""
        return {
            "always": 1.0,
            "share": told.share,
            "share squared": told.share**2,
            "before": told.before,
            "around": told.around,
            "after": told.after,
            "short": told.short,
            "article": told.article,
            "idle": told.idle,
            "further": math.log(1 + told.further),
            "wide": float(pack_of(language).wide),
            "place": math.log(1 + min(DEEP, at.place)),
            "score": at.score,
            "articles": math.log(at.articles),
            f"asked {self.expected.kind}": 1.0,
            f"has {self.expected.kind}": float(self.has_what_is_asked(sentence)),
        }


def parts(signs: Mapping[str, float]) -> dict[str, float]:
    """Return the part of each sign in the log odds that a sentence answers; they add up to these."""
    weights = _weights()
    return {name: weights[name] * value for name, value in signs.items()}


def chance(score: float) -> float:
    """Return the probability for log odds."""
    return 1 / (1 + math.exp(-max(-30.0, score)))


@functools.cache
def _weights() -> Mapping[str, float]:
    kept = files("briefs.quoting.answer_weights").joinpath(FILE).read_text(encoding="utf-8")
    return {name: float(weight) for name, weight in json.loads(kept).items()}
