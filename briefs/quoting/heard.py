"""What a channel knows already, so that only sentences that are news to it are quoted."""

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


class ToldSentences:
    """The sentences that a channel has been told, by language: novelty compares words, so within one language."""

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
    """What a channel knows of one story: all it was told, and all that the articles said which told it that story."""

    def __init__(self, memory: ToldSentences, known: Sequence[Analysed], language: str | None) -> None:
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
        # Told in other languages only: then a sentence is news if it has a name or a figure that they did not have.
        return not self._said or any(fact not in self._facts for fact in _facts(sentence))


class Here:
    """What a channel knows of one story, with the stories that stand above it in the same digest."""

    def __init__(self, reader: Reader, above: Sequence[str]) -> None:
        self.language = reader.language
        self._reader = reader
        self._above = ToldSentences(above)

    def has_not_heard(self, sentence: str, language: str) -> bool:
        """Whether a sentence is news to them."""
        return self._above.has_not_heard(sentence, language) and self._reader.has_not_heard(sentence, language)


Listener: TypeAlias = Reader | Here

_MONTH = re.compile(r"\d+\s*月")  # a figure in Chinese, a word elsewhere
_PERCENT = re.compile(r"(\d)\s*(?:per\s?cent|pour\s?cent)\b")
_BEGINNING = 6  # letters: Singapore is Singapour elsewhere
_NAME = re.compile(r"(?<=\w[\s'’-])[A-Z]\w+|(?<=[\u4e00-\u9fff])[A-Za-z]\w+")


def _facts(sentence: str) -> Iterator[str]:
    """Yield what is written alike in many languages: figures, and the first letters of names."""
    yield from figures(_PERCENT.sub(r"\g<1>%", _MONTH.sub("", sentence)))
    yield from (fold(name)[:_BEGINNING] for name in _NAME.findall(sentence))


def _translated(sentence: str, language: str) -> Iterator[str]:
    """Yield the first letters of the English translations of a Chinese sentence, as months are names in English."""
    if language == "zh":
        for one in translations(sentence, language, ("en",)):
            yield from (term[:_BEGINNING] for terms in one.alternatives for term in terms)
