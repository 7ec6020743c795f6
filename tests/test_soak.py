"""The oracle of `make soak` can fail: what is missing, there twice, or grows is seen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from briefs.store import schema
from tests.faults.world import world
from tests.soak.__main__ import LONG, SHORT, _grown
from tests.soak.load import ARTICLES_A_MINUTE, begin, subscribe
from tests.soak.measure import Series
from tests.soak.outcome import Outcome, delivered

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


def test_growth_is_told_by_the_hour_with_its_noise():
    assert series(*range(100, 365)).growth(300, 1200) == (pytest.approx(264 / 1320 * 3600), pytest.approx(0, abs=1e-6))
    assert series(*[5] * 265).growth(300, 1200) == (0, 0)
    assert series(5, 6).growth(300, 1200) == (0, 0)  # of two nothing can be told


def test_what_comes_and_goes_within_a_minute_is_no_growth_and_what_comes_and_goes_in_minutes_is_noise():
    quick = series(*(200 + 20 * (n % 12 == 11) for n in range(265)))
    slow = series(*(200 + 5 * (n // 20 % 2) for n in range(265)))
    assert quick.growth(300, 1200) == (0, 0)
    growth, noise = slow.growth(300, 1200)
    assert abs(growth) < noise < 60


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
        delivered(outcome, scene, {room})
    told = {what: value for what, value, _ in outcome.lines}
    assert (told["missing"], told["double"]) == (str(int(copies == 0)), str(max(0, copies - 1)))


async def test_the_last_digest_has_as_much_to_tell_as_the_first(tmp_path):
    async with world(f"sqlite:///{tmp_path}/briefs.db", tmp_path) as scene:
        subscribe(scene, 4, 240.0)  # one a minute
        with scene.database() as database, database.read() as connection:
            query = select(schema.subscription.c.position).order_by(schema.subscription.c.next_due)
            assert connection.execute(query).scalars().all() == [n * ARTICLES_A_MINUTE for n in range(4)]
