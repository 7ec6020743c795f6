"""How likely a sentence answers a question: learned from questions whose answers are known; see `answer_weights`.

    chance = 1 / (1 + exp(−(Σ weight · sign + weight of "always")))

The signs are of three kinds: how much of what is asked the sentence says and how much stands around it; whether it has
what is asked for, where that is a date or a number; its place and its article.
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
class Told:
    """What a sentence says of a question, as shares of all that it tells.

    around: what else the title, the first sentence and the two before it have. after: what only the one after it has.
    short: how much less it says than the article's best sentence. article: what the whole article says. idle: of the
    question's stop words. further: its words that are not of the question.
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
    """Where a sentence stands: its number; its article's score, of the best one's; how many articles were found."""

    place: int
    score: float
    articles: int


class Question:
    """A question, ready to tell of many sentences how likely each answers it."""

    def __init__(self, text: str) -> None:
        self.expected = expected(text)

    def has_what_is_asked(self, sentence: str) -> bool:
        """Whether a sentence has a date, or a number, where one is asked for."""
        return self.expected.is_in(sentence)

    def signs(self, sentence: str, language: str, told: Told, at: Standpoint) -> Mapping[str, float]:
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
    """Return what each sign says for or against a sentence: their sum is the logarithm of its odds."""
    weights = _weights()
    return {name: weights[name] * value for name, value in signs.items()}


def chance(score: float) -> float:
    """Return how likely a sentence answers whose parts add up to a score."""
    return 1 / (1 + math.exp(-max(-30.0, score)))


@functools.cache
def _weights() -> Mapping[str, float]:
    kept = files("briefs.quoting.answer_weights").joinpath(FILE).read_text(encoding="utf-8")
    return {name: float(weight) for name, weight in json.loads(kept).items()}
