"""Text → sentences, as places in it."""

from __future__ import annotations

import re

import sentencex

from briefs.models import Sentence

# At most so many characters at once: the library's time grows with the square of a line's length.
_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]{1,4000}")


def split_sentences(text: str, language: str | None = None) -> list[str]:
    """Return the sentences of a text, in order: verbatim pieces of it that hold all but white space between them."""
    return [text[span.start : span.end] for span in sentence_spans(text, language)]


def sentence_spans(text: str, language: str | None = None) -> list[Sentence]:
    """Return where the sentences of a text stand, in order. A line's end ends a sentence."""
    found: list[Sentence] = []
    for line in _LINE.finditer(text):
        position = line.start()
        for piece in sentencex.segment(language or "en", line.group()):
            bare = piece.strip()
            if bare:
                start = text.index(bare, position)
                position = start + len(bare)
                found.append(Sentence(start, position))
    return found
