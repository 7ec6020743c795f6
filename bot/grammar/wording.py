"""What words are compared by, which name is nearest to one, and whether a text is meant as a language. Pure."""

import difflib
import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from babel import Locale

from bot.base.i18n import SERVED
from briefs.text.languagenames import language_names


def plain(text: str) -> str:
    """Fold width, case and accents and the kinds of space, so that spellings of one word compare equal."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def nearest_name(text: str, names: Sequence[str]) -> str | None:
    """Return the name that a text is nearest to, as a whole or by the words that it shares; None when none is near."""
    folded = {plain(name): name for name in names}
    typed = plain(text)
    # One slip in a name of two Chinese characters leaves half of it.
    near = difflib.get_close_matches(typed, folded, n=1, cutoff=0.6 if typed < "\u2e80" else 0.5)
    if near:
        return folded[near[0]]
    shared = {name: _shared(typed.split(), name.split()) for name in folded}
    best = max(shared, key=lambda name: shared[name], default="")
    return folded[best] if shared.get(best) else None


def _shared(words: Sequence[str], others: Sequence[str]) -> int:
    """Count words that others are, or nearly are; a short one, such as "in", stands in too many names to tell."""
    return sum(len(word) > 2 and bool(difflib.get_close_matches(word, others, n=1, cutoff=0.8)) for word in words)


def is_name(text: str) -> bool:
    """Whether a word is written as a name is: with a capital."""
    return text[:1].isupper()


@cache
def _spoken() -> frozenset[str]:
    """Name all languages that there are, known to us or not."""
    return frozenset(plain(name) for code in SERVED for name in Locale.parse(code).languages.values())


def is_language(text: str) -> bool:
    """Whether a text is meant as a language, rightly spelt or not, known to us or not."""
    typed = plain(text)
    if typed in _spoken():
        return True
    near = difflib.get_close_matches(typed, language_names(), n=1, cutoff=0.75)
    return bool(near) or re.fullmatch(r"[a-z]{2}(?:[-_][a-z]{2,4})?", typed) is not None
