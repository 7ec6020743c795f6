"""Words that a page breaks at the end of a line, joined again."""

import re
from collections import Counter

_BROKEN = re.compile(r"(?<![\w-])([^\W\d_]{2,})-(\s+)([^\W\d_]{2,})(?![^\W\d_])")
# "micro- et macro-économie": the second half is still to come.
_SUSPENDED = frozenset(("et", "ou", "ni", "à", "and", "or", "nor", "to", "und", "oder", "bis", "bzw", "y", "o", "e"))
_PRINTED = 3  # broken words inside lines that make a text a printed page's


def join_broken_words(text: str) -> str:
    """Join words that a page breaks at the end of a line: "inter- net", also where the line end is lost.

    The vocabulary of the text decides: a break whose joined word stands elsewhere is joined; one that stands elsewhere
    with its hyphen is a compound; before a conjunction the second half is still to come. Else it is joined at a line
    end, and inside a line where the text has several such breaks or one that its vocabulary confirms.
    """
    known = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold()))
    inside = [found for found in _BROKEN.finditer(text) if _is_break(found)]
    printed = len(inside) >= _PRINTED or any(known[(m[1] + m[3]).casefold()] for m in inside)

    def joined(found: re.Match[str]) -> str:
        first, blank, second = found.groups()
        if not _is_break(found):
            return found.group()
        if known[(first + second).casefold()]:
            return first + second
        if known[f"{first}-{second}".casefold()]:
            return f"{first}-{second}" if "\n" in blank else found.group()
        return first + second if printed or "\n" in blank else found.group()

    return _BROKEN.sub(joined, text)


def _is_break(found: re.Match[str]) -> bool:
    """Tell whether a word is broken here: no paragraph ends, no name follows, no half waits for the other."""
    _, blank, second = found.groups()
    return blank.count("\n") < 2 and second.islower() and second not in _SUSPENDED
