"""How likely a reader calls a quote good under its title: it stands alone, and is on what was asked or answers it.

Learned from quotes that a strict reader judged, by logistic regression; see `answer_weights`. By its place, how it
reads, and its article's score beside the best one's. For words, how much of what is asked the sentence says, and the
title, and how far it is behind its article's best sentence. For questions, how likely it answers (`answering`), how
much it says of what is asked besides names, and of the rest of the title, and how near a number is to what is counted.
For digests, how much of the title it says (`news`).
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, TypeAlias

from briefs.quoting.answering import chance
from briefs.quoting.passages import DEEP

FILE = "verdicts.json"
_SURE = 0.98  # how it reads, at most: what is surer tells no more
_LONGEST_ODDS = 7.0  # the same of whether it answers
Kind: TypeAlias = Literal["words", "question"]
ANSWERED = 0.6  # how likely one or two sentences have to answer a question under a title that tells something
# How likely a quote has to be good before it is shown: where nothing else says what was asked, and where its title,
# or a better article, tells something without it.
_LEAST: Mapping[Kind, tuple[float, float]] = {"words": (0.5, 0.8), "question": (0.31, ANSWERED)}
NEWS = 0.7  # how likely a quote of a digest has to tell what happened
HARDLY = 0.25  # of what was asked
READS = 0.3  # how likely it has to read well alone, whatever it says: of those below, one in six was good
# Of looked-up words, the share that a sentence and its title have to say between them: in the best story, in another.
# Of what says less, half and a quarter was bad, however likely it was said to be good.
_SAID, _SAID_BEHIND = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Saying:
    """What a sentence says of what was asked, as shares of its rarity.

    title: what the title says. short: how much less it says than the article's best sentence, at most 0. place: its
    number in the text. score: of its story's best article, of the best one's that was found. reply: what it says to a
    question. both: what it and the title say between them, in whatever form.
    """

    share: float
    title: float
    short: float
    place: int
    score: float = 1.0
    reply: ReplySigns | None = None
    both: float = 1.0

    def signs(self, kind: Kind, reads: float) -> Mapping[str, float]:
        """Return the signs by their names. reads: how likely it reads well alone."""
        signs = signs_alone(self.place, reads) | {"score": self.score}
        if kind == "question":
            return signs | (self.reply or ReplySigns()).signs()
        said = {"share": self.share, "share squared": self.share**2, "title": self.title, "short": self.short}
        return signs | said


def signs_alone(place: int, reads: float) -> dict[str, float]:
    """Return the signs of a sentence whatever it says. reads: how likely it reads well alone."""
    reads = min(_SURE, max(1 - _SURE, reads))
    return {"always": 1.0, "place": math.log(1 + min(DEEP, place)), "reads": math.log(reads / (1 - reads))}


def signs_of_news(place: int, of_title: float, reads: float) -> Mapping[str, float]:
    """Return the signs of a sentence that tells its article's news. of_title: its share of what the title says."""
    return {**signs_alone(place, reads), "of title": of_title}


@dataclass(frozen=True, slots=True)
class ReplySigns:
    """What a sentence says to a question. answers: the logarithm of the odds that it does.

    about: the share of what the question's other words than names tell; None where it has no others. retold: the share
    of the title's words that the question lacks. near: how near a number stands to what is counted, 0 to 1.
    tells: whether it tells what, or who, something is; None where that is not asked, or the thing not named.
    """

    answers: float = 0.0
    about: float | None = None
    retold: float = 0.0
    near: float = 0.0
    tells: bool | None = None

    def signs(self) -> dict[str, float]:
        """Return the signs by their names."""
        return {
            "answers": max(-_LONGEST_ODDS, min(_LONGEST_ODDS, self.answers)),
            "about": self.about or 0.0,
            "names alone": float(self.about is None),
            "retold": self.retold,
            "near": self.near,
            "tells": float(self.tells or False),
        }


@dataclass(frozen=True, slots=True)
class QuoteVerdict:
    """How likely a reader calls a quote good, and whether that is enough beside what the title says."""

    good: float
    serves: bool


def verdict(kind: Kind, saying: Saying, reads: float) -> QuoteVerdict:
    """Return what a reader is likely to say of a quote. reads: how likely it reads well alone."""
    good = _good(kind, saying.signs(kind, reads))
    told = saying.title >= HARDLY or saying.score < 1
    # Who asks what something is wants no more of it than that: whatever else names it says as little as a title.
    told = told or (saying.reply is not None and saying.reply.tells is False)
    if kind == "question" and saying.reply and not told:  # the asker has not read it in the title
        good = max(good, chance(min(_LONGEST_ODDS, saying.reply.answers)))
    lacks = kind == "words" and saying.both < (_SAID if saying.score >= 1 else _SAID_BEHIND)
    return QuoteVerdict(good, good >= _LEAST[kind][told] and reads >= READS and not lacks)


def verdict_on_news(place: int, of_title: float, reads: float) -> QuoteVerdict:
    """Return how likely a sentence tells its article's news by itself; see `signs_of_news`."""
    good = _good("news", signs_of_news(place, of_title, reads))
    return QuoteVerdict(good, good >= NEWS and reads >= READS)


def _good(kind: str, signs: Mapping[str, float]) -> float:
    weights = _weights()[kind]
    return chance(sum(weights[name] * value for name, value in signs.items()))


@functools.cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    kept = files("briefs.quoting.answer_weights").joinpath(FILE).read_text(encoding="utf-8")
    return {kind: {name: float(one) for name, one in weights.items()} for kind, weights in json.loads(kept).items()}
