"""Whether a sentence can be quoted by itself: what is wrong with it when it stands alone."""

from __future__ import annotations

import re
from typing import Literal

Flaw = Literal["fragment", "question", "dangling"]

_END = re.compile(r"[.!?…。！？｡]\W*$")
_QUESTION = re.compile(r"[?？]\W*$")
_OPENING_MARKS = r"^[\s\"'«»“”„‘’「『《（(\[–—-]*"

# A first word that points back at a sentence the reader does not see.
_DANGLING = re.compile(
    _OPENING_MARKS + r"(?:"
    r"(?:he|she|it|they|this|these|those|that|his|her|their|its|him|them|but|and|or|so|yet|however|moreover|therefore"
    r"|thus|furthermore|meanwhile|nevertheless|also|then|there|such|both|another|others|instead|besides|additionally"
    r"|consequently|hence|otherwise|similarly|the (?:latter|former|other|same))\b"
    r"|(?:il|elle|ils|elles|ce|cet|cette|ces|cela|ça|celui|celle|ceux|celles|son|sa|ses|leur|leurs|mais|et|or|donc"
    r"|car|puis|ensuite|ainsi|toutefois|cependant|pourtant|néanmoins|par ailleurs|en outre|de plus|en effet"
    r"|enfin|par conséquent|en revanche|au contraire|lui|eux|ce dernier|cette dernière|ces derniers)\b"
    r"|(?:c['’]|d['’]ailleurs\b)"
    r"|(?:他|她|它|他们|她们|它们|这|那|该|其|此|而|但|但是|然而|不过|因此|所以|于是|同时|此外|另外|并且|而且|对此|随后|之后)"
    r")",
    re.IGNORECASE,
)


def flaws(sentence: str) -> tuple[Flaw, ...]:
    """Return what is wrong with a sentence by itself; nothing for one that stands alone.

    fragment: no full stop, as in headings, bylines and captions. question: it asks. dangling: its first word points
    back at a sentence that is not there.
    """
    found: list[Flaw] = []
    if not _END.search(sentence):
        found.append("fragment")
    elif _QUESTION.search(sentence):
        found.append("question")
    if _DANGLING.match(sentence):
        found.append("dangling")
    return tuple(found)
