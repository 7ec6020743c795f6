"""What in a sentence points back at one that is not quoted: "He also …", "… he said", "The device …".

Rules over the words of a language (see `languages.pack.Pointing`). Nothing is parsed: some of what points back is
missed, and some of what is flagged is clear all the same. docs/quality-notebook.md says how often, by reading.
"""

import functools
import re
from collections.abc import Callable, Iterable, Sequence, Set

from briefs.languages import LANGUAGES, pack_of
from briefs.languages.pack import Pointing

_OPENING_MARKS = r"^[\s\"'«»“”„‘’「『《（(\[–—-]*"
_OPENING = 70  # characters
# A capital inside the sentence, or letters that stand for a name. The search leaps from one capital to the next.
_INSIDE = r"(?<=[\w,:;»”\"')] "
_NAME = re.compile(
    rf"[《A-ZÀ-ÖØ-Þ](?:(?<=《)|(?:{_INSIDE}.)|{_INSIDE}[\"“«(\s].)|{_INSIDE}[\"“«(]\s.))[\w'’.]|(?<=['’].)\w"
    r"|(?<=[A-Z])(?:[A-Z]|(?<!\w.)[\w-]{1,30}['’]s\b))"
)
_SPEECH = re.compile(r"\"[^\"]*\"|“[^“”]*”|«[^«»]*»|「[^「」]*」")
_SAID = re.compile(r"^\s*(?:\"[^\"]*\"|“[^“”]*”|«[^«»]*»|「[^「」]*」)[\s.。]*$")
_HAN = re.compile("[\u4e00-\u9fff]")
_WORD = re.compile(r"\w+")
_NEVER = "(?!)"


class Pointers:
    """The words of a language that point back, or of several whose sentences were judged together."""

    def __init__(self, packs: Sequence[Pointing]) -> None:
        def any_of(patterns: Callable[[Pointing], Iterable[str]]) -> str:
            return "(?:" + ("|".join(one for pack in packs for one in patterns(pack)) or _NEVER) + ")"

        def words(kind: Callable[[Pointing], frozenset[str]]) -> frozenset[str]:
            return frozenset[str]().union(*map(kind, packs))

        self.says, self.titles = any_of(lambda pack: pack.says), any_of(lambda pack: pack.titles)
        self._opens = re.compile(_OPENING_MARKS + any_of(lambda pack: pack.opens), re.IGNORECASE)
        # "Un appel salué par la maire, ce qui lui a valu …": as many verbs as clauses that hang on the noun.
        self._verbless = [
            (re.compile(one.noun), re.compile(one.relatives), re.compile(one.verbs))
            for one in (pack.verbless for pack in packs)
            if one
        ]
        self._echo = re.compile(any_of(lambda pack: pack.echoes), re.IGNORECASE)
        self._alike = re.compile(any_of(lambda pack: pack.likens))
        self._somebody = re.compile(rf"^\W*+\w[^A-ZÀ-ÖØ-Þ]{{0,60}}?\b{any_of(lambda pack: pack.somebody)}\b")
        self._nobody = re.compile(any_of(lambda pack: pack.nobody))
        self._theirs = re.compile(any_of(lambda pack: pack.theirs))
        self._epithet = re.compile(rf"{_OPENING_MARKS}{any_of(lambda pack: pack.epithets)}\b", re.IGNORECASE)
        self._introduced = re.compile(_OPENING_MARKS + any_of(lambda pack: pack.introduced))
        self._first_person = re.compile(any_of(lambda pack: pack.first_person))
        self._speaker = re.compile(any_of(lambda pack: pack.speakers), re.IGNORECASE)
        self._somebody_says = re.compile(any_of(lambda pack: pack.somebody_says))
        self._full_name = re.compile(
            rf"[A-ZÀ-ÖØ-Þ][\w'’-]{{1,30}} (?:[a-z]{{2,3}} )?[A-ZÀ-ÖØ-Þ][\w'’-]|\b{self.titles} [A-ZÀ-ÖØ-Þ]"
        )
        self._day = re.compile(rf"\b{any_of(lambda pack: pack.days)}\b")
        self._echoing, self._likening = words(lambda pack: pack.echoing), words(lambda pack: pack.likening)
        self._speaking = words(lambda pack: pack.speaking)

    def dangles(self, sentence: str) -> bool:
        """Whether its beginning points back; or it is a noun for what was just told, without a verb of its own."""
        if self._opens.match(sentence):
            return True
        outside = outside_speech(sentence)
        return any(
            noun.match(outside) and len(verbs.findall(outside)) <= len(relatives.findall(outside))
            for noun, relatives, verbs in self._verbless
        )

    def echoes(self, sentence: str, words: Set[str], outside: str) -> bool:
        """Whether another of its words seems to point back, outside of quotations, or where one opens the sentence.

        What is further inside of a quotation is somebody's to explain.
        """
        if not words.isdisjoint(self._echoing):
            said = _SPEECH.match(sentence.lstrip())
            if self._echo.search(outside) or (said and self._echo.search(said.group()[1:_OPENING])):
                return True
        if not words.isdisjoint(self._likening) and self._alike.search(outside):
            return True
        somebody = self._somebody.search(outside) and not self._nobody.search(outside)
        return bool(self._theirs.search(outside) or somebody)

    def speaks_unnamed(self, sentence: str, words: Set[str], outside: str) -> bool:
        """Whether somebody speaks, and the sentence does not say who; or nothing is said but a quotation."""
        return bool(
            self._first_person.match(outside)
            or (not words.isdisjoint(self._speaking) and self._speaker.search(sentence))
            or _SAID.match(sentence)
            or self._somebody_says.search(sentence)
        )

    def names(self, sentence: str) -> bool:
        """Whether a sentence names somebody or something; one in Chinese may always do."""
        if _HAN.search(sentence):
            return True
        return bool(_NAME.search(sentence) and _NAME.search(self._day.sub("", sentence)))

    def is_bare(self, sentence: str) -> bool:
        """Whether a sentence speaks of what was introduced before it ("The device …") and names nobody and nothing.

        Good of a text's first sentence; of the others, one that names somebody serves better.
        """
        if self._epithet.match(sentence):
            return not self._full_name.search(sentence)
        return bool(self._introduced.match(sentence)) if _HAN.search(sentence) else not self.names(sentence)


@functools.cache
def pointers(language: str) -> Pointers:
    """Return what points back in a language; in those whose sentences were judged, what points back in any of them."""
    pack = pack_of(language)
    return Pointers([one.pointing for one in LANGUAGES.values() if one.judged] if pack.judged else [pack.pointing])


def outside_speech(sentence: str) -> str:
    """Return a sentence without its quotations."""
    return _SPEECH.sub(" ", sentence)


def words_of(sentence: str) -> frozenset[str]:
    """Return its words in small letters, and its Chinese characters."""
    words = _WORD.findall(sentence.lower())
    return frozenset(words if sentence.isascii() else (*words, *_HAN.findall(sentence)))
