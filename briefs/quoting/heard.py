"""What a channel has heard already, so that only what is news to it is quoted."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from briefs.models import Analysed
from briefs.quoting.novelty import NEW, REMEMBERED, History
from briefs.text.detection import UNSURE, detect_language
from briefs.text.dictionary import translations
from briefs.text.features import figures
from briefs.text.terms import fold

_spoken = lru_cache(REMEMBERED)(detect_language)


class Memory:
    """What a channel has been told, by language: sentences of two languages cannot be compared word for word."""

    def __init__(self, sentences: Sequence[str]) -> None:
        by_language: dict[str, list[str]] = defaultdict(list)
        for sentence in sentences:
            by_language[_spoken(sentence)].append(sentence)
        self._told = {language: History(said, language) for language, said in by_language.items()}

    def has_not_heard(self, sentence: str, language: str) -> bool:
        """Whether a sentence is news to them."""
        history = self._told.get(language)
        return history is None or history.novelty(sentence) >= NEW


class Reader:
    """What the channel knows of one story: all it was told, and all that the articles said by which it was told."""

    def __init__(self, memory: Memory, known: Sequence[Analysed], language: str | None) -> None:
        self.language = language
        self._memory = memory
        said: dict[str, list[str]] = defaultdict(list)
        for analysed in known:
            article = analysed.article
            said[article.language or UNSURE] += [
                article.title,
                *(article.text[s.start : s.end] for s in analysed.sentences),
            ]
        self._said = {language: History(sentences, language) for language, sentences in said.items()}
        self._facts = {
            fact
            for language, sentences in said.items()
            for sentence in sentences
            for fact in (*_facts(sentence), *_translated(sentence, language))
        }

    def has_not_heard(self, sentence: str, language: str) -> bool:
        """Whether a sentence is news to them."""
        if not self._memory.has_not_heard(sentence, language):
            return False
        if language in self._said:
            return self._said[language].novelty(sentence) >= NEW
        # Told in other languages only: a name or a figure that they did not have is all that can be seen to be new.
        return not self._said or any(fact not in self._facts for fact in _facts(sentence))


class Here:
    """A reader of one story who has just read the stories above it."""

    def __init__(self, reader: Reader, above: Sequence[str]) -> None:
        self.language = reader.language
        self._reader = reader
        self._above = Memory(above)

    def has_not_heard(self, sentence: str, language: str) -> bool:
        """Whether a sentence is news to them."""
        return self._above.has_not_heard(sentence, language) and self._reader.has_not_heard(sentence, language)


Listener: TypeAlias = Reader | Here

_MONTH = re.compile(r"\d+\s*月")  # a figure in Chinese, a word elsewhere
_PERCENT = re.compile(r"(\d)\s*(?:per\s?cent|pour\s?cent)\b")
_BEGINNING = 6  # letters: Singapore is Singapour elsewhere
_NAME = re.compile(r"(?<=\w[\s'’-])[A-Z]\w+|(?<=[\u4e00-\u9fff])[A-Za-z]\w+")


def _facts(sentence: str) -> Iterator[str]:
    """Yield what is written alike in many languages: figures, and how names inside a sentence begin."""
    yield from figures(_PERCENT.sub(r"\g<1>%", _MONTH.sub("", sentence)))
    yield from (fold(name)[:_BEGINNING] for name in _NAME.findall(sentence))


def _translated(sentence: str, language: str) -> Iterator[str]:
    """Yield how the words of a Chinese sentence begin elsewhere: a month is no name in it, and is written as one."""
    if language == "zh":
        for one in translations(sentence, language, ("en",)):
            yield from (term[:_BEGINNING] for terms in one.alternatives for term in terms)
