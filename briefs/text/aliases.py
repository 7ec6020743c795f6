"""Names of the same thing: Tencent, 腾讯, 騰訊.

A group of names comes from the team's alias file. A text is searched for them in folded form (case, accents, full
width and kinds of hyphen do not count), the longest name first, as whole words; where a script writes no spaces, a name
may stand anywhere in a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from briefs.languages import pack_of
from briefs.text.terms import fold

# Characters of scripts without spaces between words.
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_GAP = re.compile(r"[\s\-\u2010-\u2015\u2212\u00b7\u30fb\u2027\u2019'`]")  # spaces, hyphens, dots in names, apostrophes


@dataclass(frozen=True, slots=True)
class AliasMatch:
    """A name found: `text[start:end]`; names: all names of its thing, as the file writes them, itself among them."""

    start: int
    end: int
    names: tuple[str, ...]


class Aliases:
    """Groups of names of the same thing; immutable.

    groups: each an iterable of names. A name may stand in several groups: it then means any of them.
    """

    __slots__ = ("_by_start", "_of", "groups")

    def __init__(self, groups: Iterable[Iterable[str]] = ()) -> None:
        self.groups = tuple(tuple(dict.fromkeys(name.strip() for name in group if name.strip())) for group in groups)
        of: dict[str, dict[str, None]] = {}
        for group in self.groups:
            for name in group:
                if key := _key(name):
                    of.setdefault(key, {}).update(dict.fromkeys(group))
        self._of = {key: tuple(names) for key, names in of.items()}
        # Names by their first two characters, longest first: few are compared at each place.
        self._by_start: dict[str, list[str]] = {}
        for key in sorted(self._of, key=len, reverse=True):
            self._by_start.setdefault(key[:2], []).append(key)

    def __bool__(self) -> bool:
        return bool(self._of)

    def __add__(self, other: Aliases) -> Aliases:
        """Both sets of groups: the team's file and what a workspace has added."""
        return Aliases((*self.groups, *other.groups))

    def names(self, name: str) -> tuple[str, ...]:
        """All names of the thing with this name, itself among them; the name alone when no group has it."""
        return self._of.get(_key(name), (name,))

    def spans(self, text: str, language: str | None = None) -> list[AliasMatch]:
        """Find names, left to right and apart; where two begin at one place, the longer wins.

        language: of the text, where known: a name that is a common word of it ("AI" in French, where "j'ai" is "I
        have") counts only in capitals.
        """
        if not self._of:
            return []
        common = pack_of(language).core_stop_words
        folded = _Folded(text)
        found: list[AliasMatch] = []
        at = 0
        while at < len(folded.text):
            key = next(self._keys_at(folded.text, at), None)
            if key is None:
                at += 1
                continue
            start, end = folded.starts[at], folded.ends[at + len(key) - 1]
            if key not in common or text[start:end].isupper():
                found.append(AliasMatch(start, end, self._of[key]))
            at += len(key)
        return found

    def _keys_at(self, folded: str, at: int) -> Iterator[str]:
        for start in (folded[at : at + 2], folded[at]):  # the second for names of one character
            keys = self._by_start.get(start)
            if keys is None or not _boundary(folded, at):
                continue
            for key in keys:
                if folded.startswith(key, at) and _boundary(folded, at + len(key)):
                    yield key


class _Folded:
    """A text as names are compared in it, and where each of its characters stands in the original."""

    __slots__ = ("ends", "starts", "text")

    def __init__(self, text: str) -> None:
        pieces: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for place, character in enumerate(text):
            piece = _plain(character)
            if piece == " " and pieces and pieces[-1] == " ":
                piece = ""  # a run of spaces is one space
            if not piece and self.ends:
                self.ends[-1] = place + 1  # an accent of its own belongs to its letter
            for letter in piece:
                pieces.append(letter)
                self.starts.append(place)
                self.ends.append(place + 1)
        self.text = "".join(pieces)


@lru_cache(maxsize=16_384)
def _plain(character: str) -> str:
    return " " if _GAP.match(character) else fold(character)


def _key(name: str) -> str:
    return _Folded(name).text.strip()


def _boundary(folded: str, at: int) -> bool:
    """Whether a word may begin or end here."""
    if at in (0, len(folded)):
        return True
    before, after = folded[at - 1], folded[at]
    if not (before.isalnum() and after.isalnum()):
        return True
    return bool(UNSPACED.match(before) or UNSPACED.match(after))
