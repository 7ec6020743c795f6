"""The oracle of `make faults` can fail: what is missing, there twice, elsewhere or out of order is seen."""

from __future__ import annotations

import pytest

from tests import sqlite
from tests.faults.__main__ import Line
from tests.faults.stage import ROWS, allowed
from tests.faults.world import Result, World, world


@pytest.fixture
async def scene(tmp_path):
    async with world(sqlite.database(tmp_path / "briefs.db"), tmp_path) as scene:
        yield scene


def well(result: Result) -> bool:
    return Line(ROWS[0], "sqlite", result).well


def post(scene: World, room: str, part: int, *, into: str = "") -> None:
    scene.slack.call(
        "chat.postMessage", {"channel": into or room, "text": f"slack/{room}/{scene.due:%Y-%m-%dT%H:%M}#{part}"}
    )


async def judged(scene: World, *posts: tuple[int, ...], into: str = "") -> Result:
    (room,) = scene.rooms("slack", 1)
    for (part,) in posts:
        post(scene, room, part, into=into)
    return await scene.result(patience=0)


async def test_what_arrived_once_in_order_iswell(scene):
    result = await judged(scene, (1,), (2,))

    assert (result.deliveries, result.missing, result.duplicate, result.wrong) == (2, 0, 0, 0)


async def test_what_did_not_arrive_is_missing(scene):
    assert (await judged(scene, (1,))).missing == 1


async def test_what_stands_there_twice_is_a_duplicate(scene):
    assert (await judged(scene, (1,), (1,), (2,))).duplicate == 1


async def test_what_stands_elsewhere_is_in_the_wrong_channel(scene):
    assert (await judged(scene, (1,), (2,), into="C1")).wrong == 2


async def test_a_thread_before_its_first_message_is_out_of_order(scene):
    assert any(line.startswith("out of order") for line in (await judged(scene, (2,), (1,))).extra)


async def test_what_never_settles_is_no_success(scene):
    result = await judged(scene, (1,), (2,))

    assert any(line.startswith("not settled") for line in result.extra)
    assert not well(result)


def test_only_the_duplicates_that_the_guarantee_allows_are_excused():
    assert well(allowed(Result(duplicate=1), 1))
    assert not well(allowed(Result(duplicate=2), 1))
    assert not well(allowed(Result(duplicate=1), 1) + Result(duplicate=1))
    assert not well(Result(missing=1))


def test_what_could_not_run_is_no_success():
    line = Line(ROWS[0], "postgresql", None, "install postgresql-15")

    assert not line.well
    assert "cannot run: install postgresql-15" in line.cells


def test_every_fault_of_the_list_has_a_row():
    assert {row.number for row in ROWS} == set(range(1, 22))
