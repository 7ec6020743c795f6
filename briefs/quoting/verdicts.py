"""How likely a reader calls a quote good under its title: it stands alone, and is on what was asked or answers it.

Learned from quotes that a strict reader judged, by logistic regression; see `answer_weights`. For words and topics: how
much of what is asked the sentence says, and the title; how far it is behind its article's best sentence; its place; how
it reads. For questions: how likely it answers (`answering`), its place, how it reads.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, TypeAlias

from briefs.quoting.passages import DEEP

FILE = "verdicts.json"
_SURE = 0.98  # how it reads, at most: what is surer tells no more
_LONGEST_ODDS = 7.0  # the same of whether it answers
Kind: TypeAlias = Literal["words", "topic", "question"]
# How likely a quote has to be good before it is shown under a title that hardly says what was asked, and under others:
# these tell something by themselves. One sentence may be the only answer to a question; a topic is named in passing.
_LEAST: Mapping[Kind, tuple[float, float]] = {"words": (0.4, 0.75), "topic": (0.8, 0.8), "question": (0.12, 0.5)}
_HARDLY = 0.25  # of what was asked


@dataclass(frozen=True, slots=True)
class Saying:
    """What a sentence says of what was asked, as shares of its rarity.

    title: what the title says. short: how much less it says than the article's best sentence, at most 0. place: its
    number in the text. answers: the logarithm of the odds that it answers, where that was a question.
    """

    share: float
    title: float
    short: float
    place: int
    answers: float = 0.0

    def signs(self, kind: Kind, reads: float) -> Mapping[str, float]:
        """Return the signs by their names. reads: how likely it reads well alone."""
        reads = min(_SURE, max(1 - _SURE, reads))
        signs = {"always": 1.0, "place": math.log(1 + min(DEEP, self.place)), "reads": math.log(reads / (1 - reads))}
        if kind == "question":
            return signs | {"answers": max(-_LONGEST_ODDS, min(_LONGEST_ODDS, self.answers))}
        said = {"share": self.share, "share squared": self.share**2, "title": self.title, "short": self.short}
        return signs | said


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely a reader calls a quote good, and whether that is enough beside what the title says."""

    good: float
    serves: bool


def verdict(kind: Kind, saying: Saying, reads: float) -> Verdict:
    """Return what a reader is likely to say of a quote. reads: how likely it reads well alone."""
    weights = _weights()["question" if kind == "question" else "words"]
    score = sum(weights[name] * value for name, value in saying.signs(kind, reads).items())
    good = 1 / (1 + math.exp(-score))
    return Verdict(good, good >= _LEAST[kind][saying.title >= _HARDLY])


@functools.cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    kept = files("briefs.quoting.answer_weights").joinpath(FILE).read_text(encoding="utf-8")
    return {kind: {name: float(one) for name, one in weights.items()} for kind, weights in json.loads(kept).items()}
