"""Passages: what may be quoted of an article, a sentence, or one with the sentences before that it leans on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefs.languages import pack_of
from briefs.models import Analysed, Quote, Reasons
from briefs.quoting.standalone import Standing, standing

# The least probability that a reader calls a passage good, to be quoted, and to be quoted after another: a title alone
# is better than a title with a bad quote, and one good quote better than two of which one is bad.
STANDS, STANDS_AFTER = 0.9, 0.93
# Sentences: later places count as this one. Nothing was learned of them, and what stands alone there says little.
DEEP = 20
IN_A_SUMMARY = 0.05  # the same where a summary of so many words was asked for: it has to say much


def reading_length(text: str, language: str) -> int:
    """Return the length of a text in letters; a Chinese character counts as three."""
    return len(text) * (3 if pack_of(language).wide else 1)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of one text that may be quoted. source: index of the text. position: number of its (last) sentence."""

    source: int
    position: int
    text: str
    language: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends in its text."""
        return self.start + len(self.text)

    @property
    def size(self) -> int:
        """Words between white space; characters in Chinese."""
        pieces = self.text.split()
        return sum(map(len, pieces)) if self.language == "zh" else len(pieces)

    @property
    def reading_length(self) -> int:
        """Its length in letters; a Chinese character counts as three."""
        return max(1, reading_length(self.text, self.language))

    def quote(self, score: float, reasons: Reasons, read: Readable | None = None) -> Quote:
        """Return it as a quote. read: how it reads, if that was judged."""
        good, enough = (read.good, read.stands) if read else (1.0, True)
        return Quote(self.text, self.source, self.start, self.end, score, reasons, good, enough)


def passages(articles: Sequence[Analysed]) -> Iterator[Passage]:
    """Yield every sentence of some articles, in order."""
    for source, analysed in enumerate(articles):
        for position in range(len(analysed.sentences)):
            yield passage(analysed, source, position)


def passage(analysed: Analysed, source: int, position: int) -> Passage:
    """Return one sentence of an article."""
    span = analysed.sentences[position]
    return Passage(
        source, position, analysed.article.text[span.start : span.end], analysed.article.language or "und", span.start
    )


def reads(analysed: Analysed, one: Passage) -> Standing:
    """Judge how a sentence of an article reads alone, under the article's title."""
    return standing(one.text, one.language, analysed.article.title, one.position)


@dataclass(frozen=True, slots=True)
class Readable:
    """A passage as it may be quoted, and the probability that a reader calls it good."""

    passage: Passage
    good: float

    @property
    def stands(self) -> bool:
        """Whether that is enough for a quote."""
        return self.good >= STANDS

    def is_at_least(self, good: float | None) -> bool:
        """Whether the probability is at least `good`; None: enough for a quote."""
        return self.stands if good is None else self.good >= good


def readable(analysed: Analysed, one: Passage, longest: int) -> Readable:
    """Return a sentence as it reads best: alone, or with the sentences before it that it leans on.

    That is back to one that stands alone, in the same paragraph, with at most `longest` letters in all. The passage is
    as good as that one, if all its parts are sentences.
    """
    alone = reads(analysed, one)
    if alone.good >= STANDS or alone.leans < STANDS / 2:
        return Readable(one, alone.good)
    text = analysed.article.text
    sound = alone.good + alone.leans
    for position in range(one.position - 1, -1, -1):
        before = analysed.sentences[position]
        whole = Passage(one.source, one.position, text[before.start : one.end], one.language, before.start)
        if "\n" in whole.text or whole.reading_length > longest:
            break
        opening = reads(analysed, passage(analysed, one.source, position))
        if opening.good >= STANDS:
            return Readable(whole, max(alone.good, opening.good * sound))
        sound *= opening.good + opening.leans
    return Readable(one, alone.good)
