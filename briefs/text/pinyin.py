"""Chinese names in Latin letters: 王传福 is Wang Chuanfu, Chuanfu Wang, Wang Chuan-fu, wángchuánfú.

A surname comes first in Chinese, and first or last in Latin letters; a name has two to four syllables. What characters
a syllable may be are many: an archive tells which of them it has side by side.
"""

import functools
import importlib.util
import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from briefs.text.simplified import simplified
from briefs.text.terms import fold

SYLLABLES = (2, 4)  # of a name
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭"
    "陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文欧樊兰殷"
    "施洪翟安颜倪季牛温芦俞章鲁葛毕申聂焦柳邢路岳齐梅庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童甄项曲成游阳裴席卫屈"
    "鲍霍翁隋植甘景薄单包司柏宁柯阮桂闵雍习薄储冀宗占桑池滕晏楚车扬农尚项商连毋"
)
_COMPOUND = frozenset(("欧阳", "司马", "诸葛", "上官", "司徒", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "夏侯"))
_HAN = re.compile("[\u4e00-\u9fff]+")
_UMLAUT = re.compile("[üǖǘǚǜ]")
_VOWEL = re.compile("[aeiouv]")
_LIKE_SYLLABLES = re.compile(
    "(?:(?:[zcs]h?|[bpmfdtnlgkhjqxryw])?(?:i?ang?|[iu]?ai|i?ao|eng?|ei|er|ing?|i?ong|uang?|uo|ui|un|[iuv]e|i[au]|ua|ou|[aoeiuv])){1,4}"
)
_JOINTS = re.compile("['’ʼ-]")


def written_in_latin(text: str) -> Iterator[tuple[int, int, str, tuple[str, ...]]]:
    """Find what may be names in a Chinese text: start, end, and surname and given name in Latin letters.

    Given name: in one piece, and in syllables. A character has several readings: each is given.
    """
    for run in _HAN.finditer(simplified(text)):
        for start, end, surname in _names(run[0]):
            first, given = run[0][start:surname], run[0][surname:end]
            for one, *others in itertools.product(map("".join, itertools.product(*map(_of, first))), *map(_of, given)):
                yield run.start() + start, run.start() + end, one, tuple(others)


def _names(run: str) -> Iterator[tuple[int, int, int]]:
    """Yield where a surname starts, where a name ends, and where its surname does."""
    for start in range(len(run) - 1):
        sizes = [size for size in (2, 1) if run[start : start + size] in (_COMPOUND if size == 2 else _SURNAMES)]
        for size in sizes:
            for end in range(start + size + 1, min(start + size + 2, len(run)) + 1):
                yield start, end, start + size


def _of(character: str) -> tuple[str, ...]:
    return _tables()[0].get(character, ())


def syllables(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the ways to read some Latin words as the syllables of a name, the surname first; none for other words."""
    plain = [_JOINTS.sub("", fold(word)) for word in words]
    if not all(map(_LIKE_SYLLABLES.fullmatch, plain)):
        return []  # before any table is read
    found: dict[tuple[str, ...], None] = {}
    for order in (plain, [plain[-1], *plain[:-1]]):
        for pieces in itertools.product(*(list(_cuts(word)) for word in order)):
            whole = tuple(itertools.chain.from_iterable(pieces))
            if SYLLABLES[0] <= len(whole) <= SYLLABLES[1]:
                found[whole] = None
    return list(found)


def _cuts(word: str) -> Iterator[tuple[str, ...]]:
    if not word:
        yield ()
        return
    known = _tables()[1]
    for end in range(1, min(6, len(word)) + 1):
        if word[:end] in known:
            yield from ((word[:end], *rest) for rest in _cuts(word[end:]) if len(rest) < SYLLABLES[1])


def characters(syllable: str) -> str:
    """Return the characters that may be read so."""
    return _tables()[1].get(syllable, "")


def surnames(syllable: str) -> list[str]:
    """Return the surnames of one character that are read so."""
    return [one for one in characters(syllable) if one in _SURNAMES]


def compound_surnames(first: str, second: str) -> list[str]:
    """Return the surnames of two characters that are read so."""
    return [name for name in _COMPOUND if first in _of(name[0]) and second in _of(name[1])]


@functools.cache
def _tables() -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, str]]:
    """Return the readings of each common character, and the characters of each reading.

    Read from the package that carries them: its own front end takes five times as long to load, and the memory.
    """
    spec = importlib.util.find_spec("pypinyin")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pypinyin")
    table: dict[str, str] = json.loads((Path(spec.origin).parent / "pinyin_dict.json").read_text("utf-8"))
    of: dict[str, tuple[str, ...]] = {}
    reading: dict[str, list[str]] = defaultdict(list)
    for character in _in_use():
        listed = table.get(str(ord(character)), "").split(",")
        readings = dict.fromkeys(one for toned in listed for one in _plain(toned) if _VOWEL.search(one))
        of[character] = tuple(readings)
        for one in readings:
            reading[one].append(character)
    return of, {one: "".join(some) for one, some in reading.items()}


def _in_use() -> str:
    """Return the simplified characters that are in use: those of GB 2312."""
    rows = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return b"".join(rows).decode("gb2312", "ignore")


_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ", "aaaaeeeeiiiioooouuuuuuuuunnnm")


def _plain(toned: str) -> Iterator[str]:
    """Take the tone off; ü is u, v or yu where it is typed."""
    plain = toned.translate(_TONES)
    yield plain
    if _UMLAUT.search(toned):
        yield from (plain.replace("u", other, 1) for other in ("v", "yu"))
