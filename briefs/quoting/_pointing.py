"""What in a sentence points back at one that is not quoted: "He also …", "… he said", "The device …".

Rules over the words of every language (see `languages.pack.Pointing`). Nothing is parsed: some of what points back is
missed, and some of what is flagged is clear all the same. docs/quality.md says how often, by reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Set

from briefs.languages import LANGUAGES
from briefs.languages.pack import Pointing

_PACKS = [pack.pointing for pack in LANGUAGES.values()]


def any_of(patterns: Callable[[Pointing], Iterable[str]]) -> str:
    """Return a pattern for any of what the languages have of one kind."""
    return "(?:" + "|".join(one for pack in _PACKS for one in patterns(pack)) + ")"


def _word(kind: Callable[[Pointing], frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*map(kind, _PACKS))


_OPENING_MARKS = r"^[\s\"'«»“”„‘’「『《（(\[–—-]*"
_OPENING = 70  # characters
_DANGLING = re.compile(_OPENING_MARKS + any_of(lambda pack: pack.opens), re.IGNORECASE)
# "Un appel salué par la maire, ce qui lui a valu …": as many verbs as clauses that hang on the noun.
_VERBLESS = [
    (re.compile(one.noun), re.compile(one.relatives), re.compile(one.verbs))
    for one in (pack.verbless for pack in _PACKS)
    if one
]
_ECHO, _ECHOING = re.compile(any_of(lambda pack: pack.echoes), re.IGNORECASE), _word(lambda pack: pack.echoing)
_ALIKE, _LIKENING = re.compile(any_of(lambda pack: pack.likens)), _word(lambda pack: pack.likening)
_SOMEBODY = re.compile(rf"^\W*+\w[^A-ZÀ-ÖØ-Þ]{{0,60}}?\b{any_of(lambda pack: pack.somebody)}\b")
_NOBODY = re.compile(any_of(lambda pack: pack.nobody))
_THEIRS = re.compile(any_of(lambda pack: pack.theirs))
_EPITHET = re.compile(rf"{_OPENING_MARKS}{any_of(lambda pack: pack.epithets)}\b", re.IGNORECASE)
_INTRODUCED = re.compile(_OPENING_MARKS + any_of(lambda pack: pack.introduced))
_FIRST_PERSON = re.compile(any_of(lambda pack: pack.first_person))
_SPEAKER, _SPEAKING = re.compile(any_of(lambda pack: pack.speakers), re.IGNORECASE), _word(lambda pack: pack.speaking)
_SOMEBODY_SAYS = re.compile(any_of(lambda pack: pack.somebody_says))
_FULL_NAME = re.compile(
    r"[A-ZÀ-ÖØ-Þ][\w'’-]{1,30} (?:[a-z]{2,3} )?[A-ZÀ-ÖØ-Þ][\w'’-]"
    rf"|\b{any_of(lambda pack: pack.titles)} [A-ZÀ-ÖØ-Þ]"
)
# A capital inside the sentence, or letters that stand for a name.
_NAME = re.compile(
    r"(?<=[\w,:;»”\"')] )[\"“«(]?\s?[A-ZÀ-ÖØ-Þ][\w'’.]|[A-Z]{2}|\b[A-Z][\w-]{1,30}['’]s\b|(?<=['’])[A-ZÀ-ÖØ-Þ]\w|《"
)
_DAY = re.compile(rf"\b{any_of(lambda pack: pack.days)}\b")
_SPEECH = re.compile(r"\"[^\"]*\"|“[^“”]*”|«[^«»]*»|「[^「」]*」")
_SAID = re.compile(r"^\s*(?:\"[^\"]*\"|“[^“”]*”|«[^«»]*»|「[^「」]*」)[\s.。]*$")
_HAN = re.compile("[\u4e00-\u9fff]")
_WORD = re.compile(r"\w+")


def dangles(sentence: str) -> bool:
    """Whether its beginning points back; or it is a noun for what was just told, without a verb of its own."""
    if _DANGLING.match(sentence):
        return True
    outside = _SPEECH.sub(" ", sentence)
    return any(
        noun.match(outside) and len(verbs.findall(outside)) <= len(relatives.findall(outside))
        for noun, relatives, verbs in _VERBLESS
    )


def words_of(sentence: str) -> frozenset[str]:
    """Return its words in small letters, and its Chinese characters."""
    return frozenset((*_WORD.findall(sentence.lower()), *_HAN.findall(sentence)))


def echoes(sentence: str, words: Set[str]) -> bool:
    """Whether another of its words seems to point back, outside of quotations, or where one opens the sentence.

    What is further inside of a quotation is somebody's to explain.
    """
    outside = _SPEECH.sub(" ", sentence)
    if not words.isdisjoint(_ECHOING):
        said = _SPEECH.match(sentence.lstrip())
        if _ECHO.search(outside) or (said and _ECHO.search(said.group()[1:_OPENING])):
            return True
    if not words.isdisjoint(_LIKENING) and _ALIKE.search(outside):
        return True
    somebody = _SOMEBODY.search(outside) and not _NOBODY.search(outside)
    return bool(_THEIRS.search(outside) or somebody)


def speaks_unnamed(sentence: str, words: Set[str]) -> bool:
    """Whether somebody speaks, and the sentence does not say who; or nothing is said but a quotation."""
    return bool(
        _FIRST_PERSON.match(_SPEECH.sub(" ", sentence))
        or (not words.isdisjoint(_SPEAKING) and _SPEAKER.search(sentence))
        or _SAID.match(sentence)
        or _SOMEBODY_SAYS.search(sentence)
    )


def names(sentence: str) -> bool:
    """Whether a sentence names somebody or something; one in Chinese may always do."""
    return bool(_HAN.search(sentence) or _NAME.search(_DAY.sub("", sentence)))


def is_bare(sentence: str) -> bool:
    """Whether a sentence speaks of what was introduced before it ("The device …") and names nobody and nothing.

    Good of a text's first sentence; of the others, one that names somebody serves better.
    """
    if _EPITHET.match(sentence):
        return not _FULL_NAME.search(sentence)
    return bool(_INTRODUCED.match(sentence)) if _HAN.search(sentence) else not names(sentence)
