"""`briefbot run`: adapters, delivery worker and gatherer, from the first connection to a clean stop.

start adapters (one that fails is reported, the rest go on) → tickers until told to stop → stop within seconds
"""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from aiohttp import web

from bot.app import App
from bot.base import heap, leader_election, metrics
from bot.base.leader_election import Lead
from bot.base.web import HTTP_VARIABLE, Web
from bot.delivery import daily_report, notices
from bot.operations import background, gather_process
from bot.operations.scheduler import Scheduler, Ticker
from bot.platforms.port import Adapter, Reachable
from briefs.errors import BriefsError

log = logging.getLogger(__name__)

DELIVERY_SECONDS, HOUSEKEEPING_HOURS = 5, 6
GATHERING = "gathering"
# They take turns at one interpreter. As many as processors would have answer nobody sooner, and keep Slack waiting.
THREADS = 6
STOP_SECONDS = 4.0  # for posts and gathering under way, and again for saying goodbye
_BREATH = 0.05  # second between two steps of housekeeping, for those who want to write
_DONE = object()
END_SECONDS = 9.0  # for all of it: who waits for a database that is frozen would wait as long as it is


async def serve(
    app: App, adapters: Mapping[str, Adapter], stop: asyncio.Event, gather: Callable[[], Awaitable[object]]
) -> bool:
    """Serve every adapter until told to stop; False when none could be started."""
    heap.one_heap()
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="work"))
    await asyncio.to_thread(app.notice_copy)
    lead, others = app.leads.of(gather_process.WORK), await _beside(app)
    await app.leads.beat()
    started = await _started(adapters)
    if not started:
        await app.leads.leave()
        return False
    for adapter in started:
        app.delivery_worker.serve(adapter.transport)
    transports = {adapter.transport.platform: adapter.transport for adapter in started}
    schedule = Scheduler(
        [
            *others,
            Ticker("leading", leader_election.EVERY, app.leads.beat),
            Ticker("delivery", timedelta(seconds=DELIVERY_SECONDS), app.delivery_worker.tick),
            Ticker(GATHERING, gather_process.EVERY, gather),
            Ticker("notices", notices.EVERY, lambda: app.notice_sender.tick(transports)),
            Ticker("daily report", daily_report.EVERY, lambda: app.daily_report.tick(transports)),
            Ticker("heap", heap.EVERY, lambda: asyncio.to_thread(heap.give_back)),
            Ticker("housekeeping", timedelta(hours=HOUSEKEEPING_HOURS), lambda: keep_house(app, lead)),
        ]
    )
    try:
        async with Web(app.environment.get(HTTP_VARIABLE), _routes(app, started)):
            schedule.start()
            app.wake_gatherer = lambda: schedule.wake(GATHERING)
            try:
                await stop.wait()
            finally:
                log.info("stopping")
                await asyncio.gather(schedule.stop(), app.delivery_worker.stop(STOP_SECONDS))
    finally:
        await _stopped(started)
        await app.leads.leave()
    return True


def _routes(app: App, adapters: Sequence[Adapter]) -> list[web.RouteDef]:
    # What somebody subscribed to in the terminal comes when the terminal is open again: no monitor need hear of it.
    closed = {"console"} - {adapter.transport.platform for adapter in adapters}
    parts = {"replica": app.replica, "index": app.relay}
    outside = {name: part.state for name, part in parts.items() if part}
    routes = metrics.routes(app.database, app.figures, app.clock, closed, outside)
    for adapter in adapters:
        if isinstance(adapter, Reachable):
            routes += adapter.routes()
    return routes


async def _beside(app: App) -> list[Ticker]:
    """Return what goes on beside all else; a wrong embedding model is said now, not to who looks something up."""
    tickers = []
    if app.relay:
        indexer = background.Indexer(app.relay, app.leads.of("indexing"))
        tickers.append(Ticker("index", background.INDEXING_EVERY, indexer.round))
    if app.replica:
        tickers.append(Ticker("replica", background.WATCHING_EVERY, background.Watcher(app.replica).round))
    if dense := app.archive.dense:
        await asyncio.to_thread(dense.get_ready)
        reader = background.SemanticReader(dense, app.leads.of("semantic"))
        tickers.append(Ticker("semantic", background.READING_EVERY, reader.round))
    return tickers


async def keep_house(app: App, lead: Lead) -> None:
    """Drop what nobody will ask for again, as soon as it is ours to do; delivery goes on beside it."""
    await lead.won()
    steps = app.keep_house()
    while True:
        if await asyncio.to_thread(next, steps, _DONE) is _DONE:
            return
        await asyncio.sleep(_BREATH)


async def _started(adapters: Mapping[str, Adapter]) -> list[Adapter]:
    results = await asyncio.gather(*(adapter.start() for adapter in adapters.values()), return_exceptions=True)
    started = []
    for (name, adapter), problem in zip(adapters.items(), results, strict=True):
        if problem is None:
            log.info("%s: started", name)
            started.append(adapter)
        elif isinstance(problem, BriefsError):
            log.error("%s: %s", name, problem)
        elif isinstance(problem, Exception):
            log.error("%s could not be started", name, exc_info=problem)
        else:
            raise problem
    return started


async def _stopped(adapters: Sequence[Adapter]) -> None:
    goodbyes = [asyncio.create_task(adapter.stop()) for adapter in adapters]
    _, late = await asyncio.wait(goodbyes, timeout=STOP_SECONDS)
    for goodbye in late:
        goodbye.cancel()
    for problem in await asyncio.gather(*goodbyes, return_exceptions=True):
        if isinstance(problem, Exception):
            log.warning("goodbye failed", exc_info=problem)


def stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set, in the running loop; END_SECONDS later the program ends in any case.

    Threads that wait for an answer cannot be cancelled, and Python ends after they have.
    """
    stop = asyncio.Event()

    def told() -> None:
        stop.set()
        last = threading.Timer(END_SECONDS, _end)
        last.daemon = True
        last.start()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told)
    return stop


def _end() -> None:
    log.error(
        "not everything ended in %g seconds (does the database answer?): ended all the same; messages under way are "
        "found by their leases",
        END_SECONDS,
    )
    os._exit(1)
