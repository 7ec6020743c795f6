"""Whatever is repeated, the time that a text takes grows with its length and not with its square.

`make hostile` doubles longer ones, and measures how the time grows.
"""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from briefs.errors import BriefsError
from briefs.quoting.asked import Asked, counted_near
from briefs.text.query import parse_query
from tests.hostile.units import PATHS, UNITS, repeated

_LENGTH = 12_000  # characters: what takes the square of the time takes seconds with so many
_MOST = 0.5  # second; a slow machine may take longer, as long as it does not grow as squares do


def grows(path: str, unit: str) -> bool:
    took = seconds(path, repeated(unit, _LENGTH))
    return took > _MOST and took > 8 * seconds(path, repeated(unit, _LENGTH // 4))


def seconds(path: str, text: str) -> float:
    began = time.process_time()
    with suppress(BriefsError):
        PATHS[path](text)
    return time.process_time() - began


@pytest.mark.parametrize("path", PATHS)
def test_nothing_that_is_repeated_takes_its_time(path) -> None:
    seconds(path, "The first one loads what all of them need. ")
    assert {unit for unit in UNITS if grows(path, unit) and grows(path, unit)} == set()


def test_a_sentence_of_many_numbers_takes_no_longer_to_look_for_what_is_counted() -> None:
    asked = Asked.of(parse_query("How many whales came ashore?", languages=["en"]))
    sentence = f"{'18 ' * 5_000}, he said of them on the day after the one before that, {'whales ' * 5_000}"
    began = time.process_time()
    assert counted_near(sentence, "en", asked) == 0
    assert time.process_time() - began < _MOST
