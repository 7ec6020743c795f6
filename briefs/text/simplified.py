"""Traditional Chinese characters → simplified ones, by phrases where one character has several."""

import functools
import re
from collections.abc import Callable

_BLOCKS = ((0x3400, 0x9FFF), (0xF900, 0xFAFF))
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


def simplified(text: str) -> str:
    """Return a text in simplified characters, each in the place of its traditional one; other signs as they are."""
    if not _HAN.search(text) or not _traditional().search(text):
        return text
    whole = _converter()(text)
    return whole if len(whole) == len(text) else "".join(map(_one, text))


@functools.lru_cache(10_000)
def _one(character: str) -> str:
    converted = _converter()(character)
    return converted if len(converted) == 1 else character


@functools.cache
def _traditional() -> re.Pattern[str]:
    """Return what finds characters that have a simplified form: most texts have none, and need no conversion."""
    every = [chr(code) for first, last in _BLOCKS for code in range(first, last + 1)]
    plain = _converter()("\n".join(every)).split("\n")
    return re.compile(f"[{''.join(one for one, other in zip(every, plain, strict=True) if one != other)}]")


@functools.cache
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC  # loads its tables, in milliseconds

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert
