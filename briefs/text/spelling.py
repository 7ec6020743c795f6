"""Words that no article has: what they were probably meant to be, and what comes near them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from briefs.text.query import QueryTerm
from briefs.text.terms import fold, terms

LEAST = 4  # letters: shorter words have too many neighbours
_LEAST_CHANGED = 5  # letters of a word that may have a letter too many, or a wrong one
# Of what two words have, the share they must have in common (Ratcliff and Obershelp 1988). Terms are stems: with less,
# somebody who asks for "quarterly" is offered "quatr", which is no word.
_LIKE = 0.8
_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "αβγδεζηθικλμνξοπρστυφχψω",
)

Known = Callable[[Sequence[str]], Mapping[str, int]]  # terms → in how many articles each is, where it is in any


def corrected(word: QueryTerm, languages: Sequence[str], known: Known) -> QueryTerm | None:
    """Return the word one edit away that most articles have; None where none has any."""
    edits = list(_one_edit(fold(word.word)))
    terms_of = {edit: {one for language in languages for one in terms(edit, language)} for edit in edits}
    counts = known(sorted(set().union(*terms_of.values())))
    if not counts:
        return None
    # Equal ones: the kinds of mistake come in the order of how often they happen.
    meant = max(edits, key=lambda edit: max(counts.get(term, 0) for term in terms_of[edit]))
    return replace(word, word=meant, alternatives=MappingProxyType({(term,): 1.0 for term in terms_of[meant]}))


def nearest(word: str, vocabulary: Sequence[str], limit: int = 3) -> list[str]:
    """Return the terms of the vocabulary that look most like a word, the likest first; none for a number."""
    if word.isdigit():
        return []
    return difflib.get_close_matches(fold(word), vocabulary, n=limit, cutoff=_LIKE)


def _one_edit(word: str) -> Iterator[str]:
    """Yield the words one edit from a folded word (Damerau 1964): letters swapped, one left out, too many, wrong.

    The first letter is believed: people hardly ever mistype it.
    """
    alphabet = next((letters for letters in _ALPHABETS if word[-1:] and word[-1] in letters), None)
    if alphabet is None or len(word) < LEAST or not word.isalpha():
        return
    cuts = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    yield from (head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if tail[1:])
    yield from (head + letter + tail for head, tail in cuts for letter in alphabet)
    if len(word) >= _LEAST_CHANGED:
        yield from (head + tail[1:] for head, tail in cuts if tail)
        yield from (head + letter + tail[1:] for head, tail in cuts if tail for letter in alphabet)
