"""Initials that somebody types, and the name in some texts that has them: SGC, Société Générale des Canaux."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from briefs.text.terms import fold

# Words with capitals, side by side but for small ones between them: Ministry of Industry.
_WORD = r"[A-ZÀ-Þ][\w’'-]+"
_CAPITALISED = re.compile(_WORD)
_RUN = re.compile(rf"{_WORD}(?:\s(?:[a-zà-ÿ]{{1,3}}\s|[dl][’'])*{_WORD})+")
_INITIALS = re.compile("[A-Za-z]{3,6}")


def are_initials(word: str) -> bool:
    """Whether a word may be the initials of a name."""
    return bool(_INITIALS.fullmatch(word))


def spelled_out(initials: str, texts: Iterable[str]) -> str:
    """Return the name in some texts that has these initials; "" for none."""
    return next((name for text in texts for run in _RUN.finditer(text) for name in _names(initials, run[0])), "")


def _names(initials: str, run: str) -> Iterator[str]:
    words = [*_CAPITALISED.finditer(run)]
    at = "".join(fold(word[0][0]) for word in words).find(fold(initials))
    if at >= 0:
        yield run[words[at].start() : words[at + len(initials) - 1].end()]
