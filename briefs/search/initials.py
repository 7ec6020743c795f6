"""Names by their initials: SGC finds Société Générale des Canaux where a text spells it out."""

import re
from collections.abc import Iterable, Iterator

from briefs.text.terms import fold

# Words with capitals, side by side but for small ones between them: Ministry of Industry. What begins amid a word or is
# longer than any, is none: from each letter of it a run would be looked for to its end. Chinese may touch a word.
_LATIN = r"\dA-Za-zÀ-\u024f\u1e00-\u1eff"
_WORD = rf"(?<![{_LATIN}])[A-ZÀ-Þ][{_LATIN}’'-]{{1,39}}+"
_CAPITALISED = re.compile(_WORD)
_RUN = re.compile(rf"{_WORD}(?:\s(?:[a-zà-ÿ]{{1,3}}\s|[dl][’']){{0,4}}{_WORD})+")
# Characters of a text that are looked through: of 20 articles in 0.1 s, and in 0.4 s of the worst that is known.
_LOOKED_THROUGH = 100_000
_INITIALS = re.compile("[A-Za-z]{3,6}")


def are_initials(word: str) -> bool:
    """Whether a word may be the initials of a name."""
    return bool(_INITIALS.fullmatch(word))


def spelled_out(initials: str, texts: Iterable[str]) -> str:
    """Return the name in some texts that has these initials; "" for none."""
    runs = (run[0] for text in texts for run in _RUN.finditer(text, 0, _LOOKED_THROUGH))
    return next((name for run in runs for name in _names(initials, run)), "")


def _names(initials: str, run: str) -> Iterator[str]:
    words = [*_CAPITALISED.finditer(run)]
    # One letter for each word: Æ is folded to two.
    at = "".join(fold(word[0][0])[:1] for word in words).find(fold(initials))
    if at >= 0:
        yield run[words[at].start() : words[at + len(initials) - 1].end()]
