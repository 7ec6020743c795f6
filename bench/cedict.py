"""Pack CC-CEDICT for look-ups: `python -m bench.cedict cedict_ts.u8[.gz]` writes its two files.

    cedict line → headword (simplified) and glosses → English phrases with weights → both directions

zh-en.tsv.xz  headword TAB phrase|phrase…            simplified headwords, English words in lower case
en-zh.tsv.xz  terms TAB headword|headword=weight…    English stems, simplified headwords

A weight is in hundredths, 100 where none is given: a gloss that is just this phrase; 100 / n for one of its n words.
"""

from __future__ import annotations

import gzip
import lzma
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from briefs.languages import LANGUAGES
from briefs.text import cedict
from briefs.text.terms import fold, terms

HERE = Path(cedict.__file__).parent
MOST_HEADWORDS = 32  # of one English phrase, the commonest: an archive has few of the others
MOST_PHRASES = 8  # of one headword
LONGEST_PHRASE = 3  # words: a longer gloss explains, it does not translate
LONGEST_GLOSS = 5  # words of one whose words are worth something each
WHOLE = 100
LONGEST_HEADWORD = 6  # characters: longer ones are proverbs and titles
LEAST_WEIGHT = 20

_LINE = re.compile(r"^(\S+) (\S+) \[([^\]]*)\] /(.*)/$")
_REFERENCE = re.compile(r"[^\s,;()]*[\u3400-\u9fff·|][^\s,;()]*")  # 騰訊|腾讯[Teng2 xun4]
_PINYIN = re.compile(r"\[[^\]]*\]")
_BRACKETS = re.compile(r"\([^()]*\)")
_NO_TRANSLATION = re.compile(
    r"^(?:CL:|also written|also pr|variant of|old variant|erhua variant|archaic variant|Japanese variant|surname |"
    r"used in|radical|classifier|particle|suffix|prefix|Taiwan pr|\(?bound form\)?$)"
)
_SEE = re.compile(r"^(?:see|see also|abbr\. for|also called|same as|equivalent to) ([^\s\[,;/]+)")
_LEADING = re.compile(r"^(?:to be|to|a|an|the|be|one's|sb|sth|lit\.|fig\.)\s+", re.IGNORECASE)
_LEGAL = re.compile(
    r"\s+(?:Holdings?|Limited|Ltd\.?|Co\.?|Corp\.?|Corporation|Inc\.?|Group|Company|PLC)(?=\s|$)", re.IGNORECASE
)
_NAME = re.compile(r"(?:[A-Z][\w.'’-]*)(?:\s+(?:[A-Z][\w.'’-]*|of|de|van|von))*")
_OTHER_NAME = re.compile(r"^(?:aka|or|alias|aka:)\s")
_STOP = LANGUAGES["en"].core_stop_words


def _entries(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    for line in lines:
        if found := _LINE.match(line.rstrip()):
            _, simplified, _, glosses = found.groups()
            yield simplified, glosses.split("/")


def _phrases(gloss: str) -> Iterator[tuple[str, int]]:
    """Give the English phrases of one gloss, with weights."""
    bare = " ".join(_REFERENCE.sub(" ", _PINYIN.sub(" ", _BRACKETS.sub(" ", gloss))).split())
    named = False
    for n, piece in enumerate(re.split(r"[;,]", bare)):
        other_name = _OTHER_NAME.match(piece.strip())
        piece = _LEADING.sub("", _LEADING.sub("", piece.strip(" .!?\"'")))
        if not piece or (named and not other_name):
            continue  # what follows a name says who that is
        if n == 0 or other_name:
            names = [_LEGAL.sub("", name) for name in re.split(r"\s(?:or|aka)\s", piece) if _NAME.fullmatch(name)]
            names += [name for name in _NAME.findall(piece) if other_name and len(name) > 2]
            named = named or bool(names)
            yield from ((name, WHOLE) for name in names)
        words = [word for word in re.findall(r"[\w.'’+-]+", piece) if fold(word) not in _STOP]
        if not 0 < len(words) <= LONGEST_GLOSS:
            continue
        if len(words) <= LONGEST_PHRASE:
            yield " ".join(words), WHOLE
        if len(words) > 1:
            for word in words:
                yield word, WHOLE // len(words)


def _translations(lines: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return simplified headword → phrase → weight."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    see: dict[str, set[str]] = defaultdict(set)
    for simplified, glosses in _entries(lines):
        for gloss in glosses:
            if to := _SEE.match(gloss):
                see[simplified].add(to[1].split("|")[-1])
                continue
            if _NO_TRANSLATION.match(gloss):
                continue
            for phrase, weight in _phrases(gloss):
                if weight >= LEAST_WEIGHT:
                    key = fold(phrase)
                    found[simplified][key] = max(weight, found[simplified].get(key, 0))
    for headword, others in see.items():
        for other in others:
            for phrase, weight in found.get(other, {}).items():
                found[headword].setdefault(phrase, weight)
    return {word: phrases for word, phrases in found.items() if len(word) <= LONGEST_HEADWORD}


def _rarities(words: Iterable[str]) -> Callable[[str], float]:
    """Return what tells how rare a headword looks: by how many headwords have its rarest character."""
    found_in = Counter(character for word in words for character in set(word))
    return lambda word: -min(found_in[character] for character in word)


def _best(weighted: Mapping[str, int], most: int, rarity: Callable[[str], float] = len) -> str:
    best = sorted(weighted.items(), key=lambda item: (-item[1], rarity(item[0]), item[0]))[:most]
    return "|".join(word if weight == WHOLE else f"{word}={weight}" for word, weight in best)


def _write(name: str, rows: Mapping[str, str]) -> None:
    text = "".join(f"{key}\t{value}\n" for key, value in sorted(rows.items()))
    (HERE / name).write_bytes(lzma.compress(text.encode(), preset=9))


def build(lines: Iterable[str]) -> tuple[int, int]:
    """Write both files; return how many keys each has."""
    chinese = _translations(lines)
    english: dict[str, dict[str, int]] = defaultdict(dict)
    for headword, phrases in chinese.items():
        for phrase, weight in phrases.items():
            if key := " ".join(terms(phrase, "en")):
                english[key][headword] = max(weight, english[key].get(headword, 0))
    # Its words are not written beside a phrase: who reads the file can split it.
    whole = {word: {phrase: w for phrase, w in phrases.items() if w == WHOLE} for word, phrases in chinese.items()}
    zh_en = {headword: _best(phrases, MOST_PHRASES) for headword, phrases in whole.items() if phrases}
    rarity = _rarities(chinese)
    en_zh = {key: _best(headwords, MOST_HEADWORDS, rarity) for key, headwords in english.items()}
    _write("zh-en.tsv.xz", zh_en)
    _write("en-zh.tsv.xz", en_zh)
    return len(zh_en), len(en_zh)


if __name__ == "__main__":
    source = Path(sys.argv[1])
    with (
        gzip.open(source, "rt", encoding="utf-8") if source.suffix == ".gz" else source.open(encoding="utf-8") as lines
    ):
        print("zh-en.tsv.xz: {} keys, en-zh.tsv.xz: {} keys".format(*build(lines)))
