"""Tickers: woken at once and in their rhythm, never twice at the same time, and not stopped by a failure."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest

from bot.operations.scheduler import Scheduler, Ticker
from briefs.errors import DatabaseBusy

SOON = timedelta(milliseconds=20)
NEVER = timedelta(days=1)


async def test_a_ticker_is_woken_at_once_and_then_in_its_rhythm():
    rounds = Rounds(enough=3)
    schedule = Scheduler([Ticker("tick", SOON, rounds)])

    schedule.start()
    await rounds.done()
    await schedule.stop()

    assert rounds.count >= 3


async def test_a_round_that_fails_is_logged_and_the_next_one_comes(caplog):
    rounds = Rounds(enough=2, trouble=ValueError("no luck"))
    schedule = Scheduler([Ticker("unlucky", SOON, rounds)])

    schedule.start()
    await rounds.done()
    await schedule.stop()

    assert "unlucky failed" in caplog.text
    assert "no luck" in caplog.text


async def test_a_round_that_waits_for_something_says_for_what_in_one_line(caplog):
    rounds = Rounds(enough=1, trouble=DatabaseBusy("{url} is locked by another process", url="briefs.db"))
    schedule = Scheduler([Ticker("delivery", NEVER, rounds)])

    schedule.start()
    await rounds.done()
    await schedule.stop()

    assert [record.getMessage() for record in caplog.records] == [
        "delivery waits: briefs.db is locked by another process"
    ]
    assert "Traceback" not in caplog.text


async def test_a_long_round_keeps_neither_itself_company_nor_others_waiting(caplog):
    blocked, others = Rounds(enough=1, gate=asyncio.Event()), Rounds(enough=5)
    schedule = Scheduler([Ticker("long", SOON, blocked), Ticker("short", SOON, others)])

    schedule.start()
    await others.done()

    assert blocked.at_once == 1
    assert caplog.text == ""
    await schedule.stop()


@pytest.mark.parametrize("step", [-3600.0, 3600.0, 365 * 86400.0])
async def test_a_clock_that_is_set_wakes_every_ticker(step, monkeypatch, caplog):
    monkeypatch.setattr("bot.operations.scheduler.WATCH_SECONDS", 0.01)
    set_by, first, second = [0.0], Rounds(enough=1), Rounds(enough=2)
    schedule = Scheduler([Ticker("a", NEVER, first), Ticker("b", NEVER, second)], wall=lambda: time.time() + set_by[0])
    schedule.start()
    await first.done()

    set_by[0] = step
    await second.done()
    await schedule.stop()

    assert caplog.text.count(f"the clock was set by {step:+.0f} seconds") == 1


async def test_a_ticker_is_woken_from_any_thread_before_its_time():
    first, second = Rounds(enough=1), Rounds(enough=2)
    schedule = Scheduler([Ticker("a", NEVER, first), Ticker("b", NEVER, second)])
    schedule.start()
    await first.done()

    await asyncio.to_thread(schedule.wake, "b")
    await second.done()
    await schedule.stop()
    schedule.wake("b")  # nothing more comes of it

    assert (first.count, second.count) == (1, 2)


async def test_stop_cancels_what_is_under_way_and_wakes_nothing_more(caplog):
    blocked = Rounds(enough=1, gate=asyncio.Event())
    schedule = Scheduler([Ticker("long", NEVER, blocked)])
    schedule.start()
    await blocked.done()

    await schedule.stop()

    assert blocked.cancelled
    assert caplog.text == ""


class Rounds:
    """A ticker's work that counts its rounds, and hangs or fails when told to."""

    def __init__(self, enough: int, trouble: Exception | None = None, gate: asyncio.Event | None = None) -> None:
        self.count = self.at_once = 0
        self.cancelled = False
        self._enough, self._trouble, self._gate = enough, trouble, gate
        self._reached = asyncio.Event()

    async def __call__(self) -> None:
        self.count += 1
        self.at_once += 1
        if self.count >= self._enough:
            self._reached.set()
        try:
            if self._gate:
                await self._gate.wait()
            if self._trouble:
                raise self._trouble
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        finally:
            self.at_once -= 1

    async def done(self) -> None:
        async with asyncio.timeout(60):
            await self._reached.wait()
