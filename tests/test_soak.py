"""The oracle of `make soak` can fail: what is missing, there twice, or grows is seen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.faults.world import world
from tests.soak.__main__ import LONG, SHORT, Outcome, _delivered, _grown
from tests.soak.load import begin, subscribe
from tests.soak.measure import Series

MARKS = (0.0, 300.0, 1200.0, 1320.0)


def series(*values: float) -> Series:
    """A figure that is told so often in even steps over the marks."""
    made = Series()
    for number, value in enumerate(values):
        made.note(number * MARKS[-1] / (len(values) - 1), value)
    return made


def broken(name: str, figure: Series, form=LONG) -> bool:
    outcome = Outcome("sqlite")
    _grown(outcome, name, figure, MARKS, form)
    return bool(outcome.broken)


def test_growth_is_told_by_the_hour():
    assert series(100, 110, 120).an_hour(0, 1320) == pytest.approx(20 / 1320 * 3600)
    assert series(5, 5, 5).an_hour(0, 1320) == 0


def test_memory_that_grows_or_stays_is_seen():
    steady = [200 + n % 2 for n in range(265)]
    assert not broken("MB of bot 1", series(*steady))
    assert broken("MB of bot 1", series(*(200 + n / 40 for n in range(265))))  # 18 MB an hour
    assert broken("MB of bot 1", series(*steady[:-10], *[260] * 10))
    assert broken("MB of bot 1", series(*[150] * 100, 700, *[150] * 100), SHORT)


def test_files_and_descriptors_that_do_not_go_back_are_seen():
    assert not broken("WAL MB", series(1, 40, 16))
    assert broken("WAL MB", series(1, 65, 10))
    assert broken("WAL MB", series(1, 40, 40))
    assert broken("descriptors of bot 1", series(*(20 + n for n in range(60))))
    assert not broken("threads of bot 1", series(*[9] * 200, *[11] * 65))


@pytest.mark.parametrize("copies", [0, 1, 2])
async def test_what_is_missing_or_there_twice_is_seen(tmp_path, copies):
    async with world(f"sqlite:///{tmp_path}/briefs.db", tmp_path) as scene:
        (room,) = subscribe(scene, 1, 60)
        begin(scene, datetime.now(UTC))
        for _ in range(copies):
            metadata = {"event_type": "briefbot_delivery", "event_payload": {"delivery": "d1"}}
            scene.slack.call("chat.postMessage", {"channel": room, "text": "News", "metadata": metadata})
        outcome = Outcome("sqlite")
        _delivered(outcome, scene, {room})
    told = {what: value for what, value, _ in outcome.lines}
    assert (told["missing"], told["double"]) == (str(int(copies == 0)), str(max(0, copies - 1)))
