"""What may be quoted of an article: each of its sentences, or one with those before that it leans on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefs.models import Analysed, Quote, Reasons
from briefs.text._alone import LEANS, Flaw, flaws
from briefs.text._pointing import is_bare, names

_THREEFOLD = ("zh", "ja")  # a character of theirs holds about what three Latin letters do


def reading_length(text: str, language: str) -> int:
    """Count letters as a reader does: a Chinese character is worth three."""
    return len(text) * (3 if language in _THREEFOLD else 1)


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
        """Letters as a reader counts them: a Chinese character is worth three."""
        return max(1, reading_length(self.text, self.language))

    def quote(self, score: float, reasons: Reasons) -> Quote:
        """Return it as a quote."""
        return Quote(self.text, self.source, self.start, self.end, score, reasons)


def passages(articles: Sequence[Analysed]) -> Iterator[Passage]:
    """Give every sentence of some articles, in order."""
    for source, analysed in enumerate(articles):
        for position in range(len(analysed.sentences)):
            yield passage(analysed, source, position)


def passage(analysed: Analysed, source: int, position: int) -> Passage:
    """Return one sentence of an article."""
    span = analysed.sentences[position]
    return Passage(
        source, position, analysed.article.text[span.start : span.end], analysed.article.language or "und", span.start
    )


def wrong_with(one: Passage) -> tuple[Flaw, ...]:
    """Return what is wrong with one sentence when it stands alone; the first of a text introduces what it speaks of."""
    wrong = flaws(one.text)
    return (*wrong, "bare") if one.position and is_bare(one.text) else wrong


def with_those_before(analysed: Analysed, one: Passage, longest: int, *, named: bool = False) -> Passage | None:
    """Return a sentence together with those before it, back to one that stands alone.

    named: that one also names somebody or something, or is the first of the text: else nothing tells who "he" is.
    None where that one is in another paragraph, or it all has more than `longest` letters.
    """
    text = analysed.article.text
    for position in range(one.position - 1, -1, -1):
        before = analysed.sentences[position]
        whole = Passage(one.source, one.position, text[before.start : one.end], one.language, before.start)
        if "\n" in whole.text or whole.reading_length > longest:
            return None
        sentence = text[before.start : before.end]
        wrong = flaws(sentence)
        if not wrong and (not named or position == 0 or names(sentence)):
            return whole
        if not LEANS.issuperset(wrong):
            return None
    return None
