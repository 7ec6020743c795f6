"""The scheduler: tickers, each a coroutine that is called again and again. The only home of APScheduler.

APScheduler's own calendar is not used: it fires twice in an autumn fold, loses days at midnight gaps, and does not
record what is done. When a digest is due stands in the database; a ticker that wakes too late or twice does no harm.
It goes by the clock on the wall, and would sleep for an hour when that goes back by one: a clock that is set wakes all.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from briefs.errors import BriefsError

log = logging.getLogger(__name__)

WATCH_SECONDS, STEP_SECONDS = 1.0, 2.0  # how often the clock is looked at; what is no slow correction


@dataclass(frozen=True, slots=True)
class Ticker:
    """Something to do again and again; first at once, never twice at the same time.

    every: from start to start; a round that takes longer makes the next one wait for its own turn.
    """

    name: str
    every: timedelta
    work: Callable[[], Awaitable[object]]


class Scheduler:
    """Runs tickers on the current event loop from `start` to `stop`.

    wall: the clock that people can set, in seconds.
    """

    def __init__(self, tickers: Iterable[Ticker], wall: Callable[[], float] = time.time) -> None:
        self._tickers = tuple(tickers)
        self._wall = wall
        self._watch: asyncio.Task[None] | None = None
        self._at_work: set[asyncio.Task[object]] = set()
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": 3600},
        )

    def start(self) -> None:
        """Wake every ticker now, and then in its rhythm."""
        # That a long round makes the next ones wait is meant, and no news.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        for ticker in self._tickers:
            self._scheduler.add_job(
                self._wake,
                "interval",
                args=[ticker],
                id=ticker.name,
                seconds=ticker.every.total_seconds(),
                next_run_time=datetime.now(UTC),
            )
        self._scheduler.start()
        self._watch = asyncio.create_task(self._watch_clock(), name="watch the clock")

    def wake(self, name: str) -> None:
        """Wake one of the tickers now, from any thread; not where it is at work."""
        with suppress(JobLookupError):  # it is being stopped
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    async def stop(self) -> None:
        """Wake nothing more, and cancel what is under way."""
        self._scheduler.shutdown(wait=False)
        if self._watch is not None:
            self._watch.cancel()
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)

    async def _watch_clock(self) -> None:
        """Wake every ticker when somebody has set the clock: it no longer goes as the one that nobody can set."""
        apart = self._wall() - time.monotonic()
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            moved = self._wall() - time.monotonic() - apart
            if abs(moved) > STEP_SECONDS:
                log.warning("the clock was set by %+.0f seconds", moved)
                apart += moved
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))

    async def _wake(self, ticker: Ticker) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)
        try:
            await ticker.work()
        except asyncio.CancelledError:
            return  # by `stop`; the scheduler would log it as a failure
        except BriefsError as error:
            log.error("%s waits: %s", ticker.name, error)
        except Exception:  # a round that fails must not be the last one
            log.exception("%s failed; it is tried again in %s", ticker.name, ticker.every)
