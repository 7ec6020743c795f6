"""Spelling correction for words that no article has, and words of the archive that look like them."""

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

from briefs.text.terms import fold, terms

LEAST = 4  # letters: shorter words have too many neighbours
_TRIED = 6  # terms that are looked at as they are written
_ENDING = 3  # letters: -tion, -ons
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


def corrections(words: Sequence[str], languages: Sequence[str], known: Known) -> list[list[str]]:
    """Return for each word the terms of the archive that are one edit away, those in most articles first."""
    # Ties: the commoner kind of mistake first, then the query's own language.
    made = [
        dict.fromkeys(term for edit in edits for language in languages for term in terms(edit, language))
        for edits in (_one_edit(fold(word)) for word in words)
    ]
    counts = known([*chain.from_iterable(made)])
    there = ([term for term in some if term in counts] for some in made)
    return [sorted(some, key=lambda term: -counts[term])[:_TRIED] for some in there]


def is_near(word: str, written: str) -> bool:
    """Whether a word of the archive may be what was meant: one edit away, or the same but for its ending."""
    one, other = fold(word), fold(written)
    if other in _one_edit(one) or one in _one_edit(other):
        return True
    shared = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))
    return shared >= max(LEAST, len(one) - _ENDING)


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
