"""Names of people that a query has in one script, and the archive in another: Wang Chuanfu, 王传福.

wang · chuan · fu  →  pairs of characters that the archive has side by side  →  王传福, where it has all of it
王传福              →  Wang Chuanfu, Chuanfu Wang, Wang Chuan Fu, where the archive has one of them
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from briefs.languages import LANGUAGES
from briefs.text import pinyin
from briefs.text.query import Query, QueryTerm, Terms
from briefs.text.terms import fold, terms

Known = Callable[[Sequence[str]], Mapping[str, int]]  # terms → in how many articles each is, where it is in any
Count = Callable[[Iterable[Terms]], Mapping[Terms, int]]  # sequences of terms → in how many articles each is
Names = list[tuple[str, tuple[str, ...]]]  # as typed → as the archive has it

TRUST = 0.9  # how far a name in the other script is trusted to be that person's
_WORDS = 3  # of a name in Latin letters
_MOST = 3  # names in the other script: more of one sound are other people
_SPELLED = 4  # letters of a given name of one word, at least: "li" may be anything
_LATIN = frozenset(code for code in LANGUAGES if code not in ("zh", "ja", "ko", "ru", "ar"))


def in_other_scripts(query: Query, known: Known, count: Count) -> tuple[Query, Names]:
    """Add to the words of a query the names that they may be in the other script, where the archive has them."""
    found: dict[tuple[int, int], list[tuple[str, Terms]]] = defaultdict(list)
    spelled = list(_spelled_out(query))
    if "zh" in query.languages:
        for start, end, readings in spelled:
            for name in _best(readings, known, count):
                found[start, end].append((name, tuple(terms(name, "zh"))))
    if latin := [code for code in query.languages if code in _LATIN]:
        heard = [(start, end, *_parted(one)) for start, end, readings in spelled for one in readings]
        for start, end, name, said in _latin([*pinyin.written_in_latin(query.text), *heard], latin, known, count):
            found[start, end].append((name, said))
    groups = tuple(_named(word, found) for word in query.groups)
    names = [(query.text[start:end], _others(query.text[start:end], some)) for (start, end), some in found.items()]
    return replace(query, groups=groups), [(typed, others) for typed, others in names if others]


def _others(typed: str, names: Iterable[tuple[str, Terms]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name, _ in names if fold(name) != fold(typed)))[:_MOST]


def _named(word: QueryTerm, found: Mapping[tuple[int, int], Iterable[tuple[str, Terms]]]) -> QueryTerm:
    """Add names to a word that is a part of them; a Chinese character alone is in too many."""
    added = {
        said: TRUST
        for (start, end), some in found.items()
        if start <= word.start and word.end <= end and word.end - word.start > 1
        for _, said in some
    }
    if not added:
        return word
    alternatives = MappingProxyType({**added, **word.alternatives})
    return replace(word, alternatives=alternatives, weight=max(1.0, word.weight), kind="name")


# ---------------------------------------------------------------- Latin letters → syllables → characters


def _spelled_out(query: Query) -> Iterator[tuple[int, int, list[tuple[str, ...]]]]:
    """Find words side by side that may be the syllables of one name: where they are, and the ways to read them."""
    words, taken = query.groups, 0
    for first in range(len(words)):
        for size in range(min(_WORDS, len(words) - first), 0, -1):
            some = words[first : first + size]
            if words[first].start < taken or all(word.weight == 0 for word in some):
                continue
            readings = [one for one in pinyin.syllables([word.word for word in some]) if _parted(one)[0]]
            if readings:
                taken = some[-1].end
                yield some[0].start, taken, readings


def _parted(syllables: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Part a surname from a given name; no surname where there is none that sounds so."""
    if len(syllables) > pinyin.SYLLABLES[0] and pinyin.compound_surnames(*syllables[:2]):
        return "".join(syllables[:2]), syllables[2:]
    known = len(syllables) < pinyin.SYLLABLES[1] and pinyin.surnames(syllables[0])
    return syllables[0] if known else "", syllables[1:]


def _best(readings: Iterable[tuple[str, ...]], known: Known, count: Count) -> list[str]:
    """Return the commonest names of these syllables that the archive has."""
    made = {name for reading in readings for name in _spelled(reading, known)}
    said = {name: tuple(terms(name, "zh")) for name in made}
    counts = count(said.values())
    return sorted((name for name in made if counts[said[name]]), key=lambda name: -counts[said[name]])[:_MOST]


def _spelled(syllables: tuple[str, ...], known: Known) -> Iterator[str]:
    """Give the names whose every pair of characters stands side by side somewhere in the archive."""
    beginnings = pinyin.surnames(syllables[0]) if len(syllables) < pinyin.SYLLABLES[1] else []
    names = _longer(beginnings, syllables[1:], known)
    if len(syllables) > pinyin.SYLLABLES[0]:
        names += _longer(pinyin.compound_surnames(*syllables[:2]), syllables[2:], known)
    yield from names


def _longer(beginnings: Sequence[str], syllables: Sequence[str], known: Known) -> list[str]:
    names = [*beginnings]
    for syllable in syllables:
        following = [name + one for name in names for one in pinyin.characters(syllable)]
        there = known(list({name[-2:] for name in following})) if following else {}
        names = [name for name in following if name[-2:] in there]
    return names


# ---------------------------------------------------------------- → Latin letters


def _latin(
    heard: Iterable[tuple[int, int, str, tuple[str, ...]]], languages: Sequence[str], known: Known, count: Count
) -> Iterator[tuple[int, int, str, Terms]]:
    """Give the spellings of names that the archive has: where the name was typed, as it is written, and its terms."""
    written: dict[tuple[int, int, str], None] = {}
    for start, end, surname, given in heard:
        whole = "".join(given)
        forms = [f"{surname} {whole}", f"{whole} {surname}", *([f"{surname} {' '.join(given)}"] if given[1:] else [])]
        for form in forms if len(whole) >= _SPELLED or given[1:] else forms[:1]:
            written[start, end, form] = None
    said = {
        (start, end, form, tuple(terms(form, language))): None for start, end, form in written for language in languages
    }
    there = known(sorted({term for *_, sequence in said for term in sequence}))
    likely = [one for one in said if all(term in there for term in one[-1])]
    counts = count(sequence for *_, sequence in likely)
    for start, end, form, sequence in likely:
        if counts[sequence]:
            yield start, end, form.title(), sequence
