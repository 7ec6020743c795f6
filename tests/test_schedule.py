"""Tickers: woken at once and in their rhythm, never twice at the same time, and not stopped by a failure."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.schedule import Schedule, Ticker

SOON = timedelta(milliseconds=20)
NEVER = timedelta(days=1)


async def test_a_ticker_is_woken_at_once_and_then_in_its_rhythm():
    rounds = Rounds(enough=3)
    schedule = Schedule([Ticker("tick", SOON, rounds)])

    schedule.start()
    await rounds.done()
    await schedule.stop()

    assert rounds.count >= 3


async def test_a_round_that_fails_is_logged_and_the_next_one_comes(caplog):
    rounds = Rounds(enough=2, trouble=ValueError("no luck"))
    schedule = Schedule([Ticker("unlucky", SOON, rounds)])

    schedule.start()
    await rounds.done()
    await schedule.stop()

    assert "unlucky failed" in caplog.text
    assert "no luck" in caplog.text


async def test_a_long_round_keeps_neither_itself_company_nor_others_waiting(caplog):
    blocked, others = Rounds(enough=1, gate=asyncio.Event()), Rounds(enough=5)
    schedule = Schedule([Ticker("long", SOON, blocked), Ticker("short", SOON, others)])

    schedule.start()
    await others.done()

    assert blocked.at_once == 1
    assert caplog.text == ""
    await schedule.stop()


async def test_stop_cancels_what_is_under_way_and_wakes_nothing_more(caplog):
    blocked = Rounds(enough=1, gate=asyncio.Event())
    schedule = Schedule([Ticker("long", NEVER, blocked)])
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
        async with asyncio.timeout(5):
            await self._reached.wait()
