"""Work that is asked for at about the same time is done together, and everybody gets the answer to what he asked."""

from __future__ import annotations

import asyncio
import threading

from bot.delivery.group_commit import GroupCommit


async def test_what_is_asked_for_meanwhile_is_done_all_at_once():
    begun, go_on, trips = threading.Event(), threading.Event(), []

    def double(numbers):
        trips.append(list(numbers))
        begun.set()
        go_on.wait(60)
        return [2 * number for number in numbers]

    doubled = GroupCommit(double)
    first = asyncio.create_task(doubled(1))
    await asyncio.to_thread(begun.wait, 60)
    others = [asyncio.create_task(doubled(number)) for number in (2, 3, 4)]
    await asyncio.sleep(0)
    go_on.set()

    assert await asyncio.gather(first, *others) == [2, 4, 6, 8]
    assert trips == [[1], [2, 3, 4]]


async def test_an_error_reaches_all_whom_it_concerns_and_the_next_are_served():
    def divide(numbers):
        return [12 // number for number in numbers]

    divided = GroupCommit(divide)

    answers = await asyncio.gather(divided(3), divided(0), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ZeroDivisionError, ZeroDivisionError]
    assert await divided(4) == 3


async def test_who_no_longer_waits_keeps_no_other_from_his_answer():
    go_on = threading.Event()

    def slowly(numbers):
        go_on.wait(60)
        return list(numbers)

    done = GroupCommit(slowly)
    gone, waiting = asyncio.create_task(done(1)), asyncio.create_task(done(2))
    await asyncio.sleep(0)
    gone.cancel()
    go_on.set()

    assert await waiting == 2
