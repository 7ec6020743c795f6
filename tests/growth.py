"""How the time that something takes grows with what it is given: the processor's, for a machine may be busy."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from briefs.errors import BriefsError

MOST = 0.5  # second; a slow machine may take longer, as long as it does not grow as squares do


def seconds(do: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    with suppress(BriefsError):
        do(text)
    return time.process_time() - began


def grows_as_squares(do: Callable[[str], object], made: Callable[[int], str], length: int) -> bool:
    """Whether a text of so many characters takes longer than one of a quarter by far. made: gives one of a length."""

    def once() -> bool:
        took = seconds(do, made(length))
        return took > MOST and took > 8 * seconds(do, made(length // 4))

    return once() and once()
