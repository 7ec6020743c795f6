"""Names of people that a query has in one script, and the archive in another: Wang Chuanfu, 王传福.

wang · chuan · fu  →  pairs of characters that the archive has side by side  →  王传福, where it has all of it
王传福              →  Wang Chuanfu, Chuanfu Wang, Wang Chuan Fu, where the archive has one of them
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Heard:
    """The names of people that a query may have.

    spelled: start, end and possible syllables of each name in Latin letters. said: start, end, spelling and terms of
    each name as Latin letters may write it.
    """

    spelled: Sequence[tuple[int, int, Sequence[tuple[str, ...]]]]
    said: Collection[tuple[int, int, str, Terms]]

    @property
    def terms(self) -> Iterator[str]:
        """The terms that the archive is asked about first."""
        for _, _, readings in self.spelled:
            for reading in readings:
                for beginnings, following in _ways(reading):
                    yield from _pairs(beginnings, following[0]) if following else ()
        for *_, sequence in self.said:
            yield from sequence


def heard(query: Query) -> Heard:
    """Find the names of people that a query may have, for the other script."""
    spelled = list(_spelled_out(query))
    latin = [code for code in query.languages if code in _LATIN]
    as_heard = ((start, end, *_parted(one)) for start, end, readings in spelled for one in readings)
    said = _said([*pinyin.written_in_latin(query.text), *as_heard], latin) if latin else ()
    return Heard(spelled if "zh" in query.languages else (), said)


def in_other_scripts(query: Query, names: Heard, known: Known, count: Count) -> tuple[Query, Names]:
    """Return the query with names in the other script as alternatives, where the archive has them; and those names."""
    found: dict[tuple[int, int], list[tuple[str, Terms]]] = defaultdict(list)
    for start, end, readings in names.spelled:
        for name in _best(readings, known, count):
            found[start, end].append((name, tuple(terms(name, "zh"))))
    for start, end, name, said in _latin(names.said, known, count):
        found[start, end].append((name, said))
    groups = tuple(_named(word, found) for word in query.groups)
    others = [(query.text[start:end], _others(query.text[start:end], some)) for (start, end), some in found.items()]
    return replace(query, groups=groups), [(typed, some) for typed, some in others if some]


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
    """Yield start, end and possible syllables of neighbouring words that may spell one Chinese name."""
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
    """Split syllables into surname and given name; the surname is "" where no surname sounds so."""
    if len(syllables) > pinyin.SYLLABLES[0] and pinyin.compound_surnames(*syllables[:2]):
        return "".join(syllables[:2]), syllables[2:]
    known = len(syllables) < pinyin.SYLLABLES[1] and pinyin.surnames(syllables[0])
    return syllables[0] if known else "", syllables[1:]


def _best(readings: Iterable[tuple[str, ...]], known: Known, count: Count) -> list[str]:
    """Return the commonest names in the archive with these syllables."""
    made = {name for reading in readings for name in _spelled(reading, known)}
    said = {name: tuple(terms(name, "zh")) for name in made}
    counts = count(said.values())
    return sorted((name for name in made if counts[said[name]]), key=lambda name: -counts[said[name]])[:_MOST]


def _spelled(syllables: tuple[str, ...], known: Known) -> Iterator[str]:
    """Yield the names whose every pair of characters stands side by side somewhere in the archive."""
    for beginnings, following in _ways(syllables):
        names = [*beginnings]
        for syllable in following:
            pairs = _pairs(names, syllable)
            there = known(list({*pairs})) if pairs else {}
            names = [name + pair[-1] for name in names for pair in _pairs([name], syllable) if pair in there]
        yield from names


def _ways(syllables: tuple[str, ...]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield the surnames that a name may begin with, and the syllables behind them."""
    if len(syllables) < pinyin.SYLLABLES[1]:
        yield pinyin.surnames(syllables[0]), syllables[1:]
    if len(syllables) > pinyin.SYLLABLES[0]:
        yield pinyin.compound_surnames(*syllables[:2]), syllables[2:]


def _pairs(names: Iterable[str], syllable: str) -> list[str]:
    """Return the last character of each name with each that sounds so."""
    return [name[-1] + one for name in names for one in pinyin.characters(syllable)]


# ---------------------------------------------------------------- → Latin letters


def _said(
    heard: Iterable[tuple[int, int, str, tuple[str, ...]]], languages: Sequence[str]
) -> Collection[tuple[int, int, str, Terms]]:
    """Return the spellings of names: where the name was typed, as it is written, and its terms."""
    written: dict[tuple[int, int, str], None] = {}
    for start, end, surname, given in heard:
        whole = "".join(given)
        forms = [f"{surname} {whole}", f"{whole} {surname}", *([f"{surname} {' '.join(given)}"] if given[1:] else [])]
        for form in forms if len(whole) >= _SPELLED or given[1:] else forms[:1]:
            written[start, end, form] = None
    return dict.fromkeys(
        (start, end, form, tuple(terms(form, language))) for start, end, form in written for language in languages
    )


def _latin(
    said: Collection[tuple[int, int, str, Terms]], known: Known, count: Count
) -> Iterator[tuple[int, int, str, Terms]]:
    """Yield the spellings that the archive has."""
    there = known(sorted({term for *_, sequence in said for term in sequence}))
    likely = [one for one in said if all(term in there for term in one[-1])]
    counts = count(sequence for *_, sequence in likely)
    for start, end, form, sequence in likely:
        if counts[sequence]:
            yield start, end, form.title(), sequence
