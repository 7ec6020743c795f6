"""Whatever is repeated, the time that a text takes grows with its length and not with its square.

`make hostile` doubles longer ones, and measures how the time grows.
"""

from __future__ import annotations

import time
from functools import partial

import pytest

from briefs.quoting.asked import PreparedQuery, counted_near
from briefs.text.query import parse_query
from tests.growth import MOST, grows_as_squares, seconds
from tests.hostile.units import PATHS, UNITS, repeated

_LENGTH = 12_000  # characters: what takes the square of the time takes seconds with so many


@pytest.mark.parametrize("path", PATHS)
def test_nothing_that_is_repeated_takes_its_time(path) -> None:
    seconds(PATHS[path], "The first one loads what all of them need. ")
    grow = {unit for unit in UNITS if grows_as_squares(PATHS[path], partial(repeated, unit), _LENGTH)}
    assert grow == set()


def test_a_sentence_of_many_numbers_takes_no_longer_to_look_for_what_is_counted() -> None:
    asked = PreparedQuery.of(parse_query("How many whales came ashore?", languages=["en"]))
    sentence = f"{'18 ' * 5_000}, he said of them on the day after the one before that, {'whales ' * 5_000}"
    began = time.process_time()
    assert counted_near(sentence, "en", asked) == 0
    assert time.process_time() - began < MOST
