"""One process that delivers: our worker, store and transports, in quick time, with digests whose words name them.

It is forked from a process that has imported everything (see `world`), since hundreds of them are started and killed.
Where a program of its own is wanted: python -m tests.faults.worker '{"database": …, "slack": …, "discord": …}'

At a named step of the protocol it sends itself a signal, or lets its disk fail: planned, taken (to be composed),
frozen, claimed, checked (about to post), posted (about to write down what came of it), settled.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import logging
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bot.base.reply import Reply
from bot.delivery import protocol
from bot.delivery.editions import Edition
from bot.delivery.transport import Message
from bot.delivery.worker import DeliveryWorker
from bot.platforms.discord.components import V2
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.transport import DiscordTransport
from bot.platforms.slack.api import web_client
from bot.platforms.slack.transport import SlackTransport
from briefs.errors import BriefsError
from briefs.store.database import Database
from briefs.store.deliveries import Deliveries
from briefs.store.outbox import DueRun
from briefs.store.runs import Runs

PACE = protocol.Pace(
    post_deadline=timedelta(seconds=2),
    lease=timedelta(seconds=4),
    apart=timedelta(seconds=0.5),
    patience=timedelta(seconds=60),  # leases enough, as in the product: a slow machine must not use it up
)
TICK = 0.1


NO_FSYNC, FSYNC_SECONDS = "fsync fails", 2.0


class Steps:
    """Lets something happen when this process comes to a step for the nth time.

    wanted: {"at", "nth", "signal"}, or {}. signal: its name, or NO_FSYNC.
    """

    def __init__(self, wanted: Mapping[str, Any]) -> None:
        self._wanted = wanted
        self._seen: Counter[str] = Counter()

    def __call__(self, name: str) -> None:
        self._seen[name] += 1
        if name == self._wanted.get("at") and self._seen[name] == self._wanted.get("nth", 1):
            if self._wanted["signal"] == NO_FSYNC:
                fail_to_sync(FSYNC_SECONDS)
                return
            os.kill(os.getpid(), signal.Signals[self._wanted["signal"]])
            time.sleep(0.2)  # a stop takes a moment to arrive


def fail_to_sync(seconds: float) -> None:
    """Let every fsync and fdatasync of this process fail for so long. It must have been started by fiu-run."""
    libfiu = ctypes.CDLL("libfiu.so.0")
    names = (b"posix/io/sync/fsync", b"posix/io/sync/fdatasync")
    for name in names:
        # EIO is what a broken disk gives.
        libfiu.fiu_enable(name, 1, ctypes.c_void_p(5), 0)
    logging.error("the disk does not sync")

    def heal() -> None:
        logging.error("the disk syncs again")  # first: what is posted from now on is no mistake
        for name in names:
            libfiu.fiu_disable(name)

    threading.Timer(seconds, heal).start()


class WatchedRuns(Runs):
    def __init__(self, database: Database, step: Steps) -> None:
        super().__init__(database)
        self._step = step

    def plan(self, *args: Any) -> int:
        planned = super().plan(*args)
        if planned:
            self._step("planned")
        return planned

    def claim(self, *args: Any) -> list[DueRun]:
        taken = super().claim(*args)
        if taken:
            self._step("taken")
        return taken

    def freeze_all(self, written: Sequence[Any], now: datetime) -> list[bool]:
        frozen = super().freeze_all(written, now)
        for _ in frozen:
            self._step("frozen")
        return frozen


class WatchedDeliveries(Deliveries):
    def __init__(self, database: Database, step: Steps) -> None:
        super().__init__(database)
        self._step = step

    def claim(self, *args: Any) -> Any:
        claims = super().claim(*args)
        for _ in claims:
            self._step("claimed")
        return claims

    def holds(self, *args: Any) -> bool:
        held = super().holds(*args)
        self._step("checked")
        return held

    def settle_all(self, settled: Sequence[Any]) -> list[bool]:
        for _ in settled:
            self._step("posted")
        stood = super().settle_all(settled)
        for _ in settled:
            self._step("settled")
        return stood


class PlainSlack(SlackTransport):
    """Messages are rendered elsewhere; here they are two lines, the second in the thread."""

    def render(self, reply: Reply) -> Sequence[Message]:
        return [Message({"text": f"{reply.summary}#{part}"}, in_thread=part > 1) for part in (1, 2)]


class PlainDiscord(DiscordTransport):
    """The same on Discord. has_news: whether the first is begun as its news."""

    has_news = True

    def render(self, reply: Reply) -> Sequence[Message]:
        return [
            Message(
                {
                    "flags": V2,
                    "components": [{"type": 10, "content": f"{reply.summary}#{part}"}],
                    "thread_name": "more",
                    **({"news": f"{reply.summary}#{part}"} if self.has_news else {}),
                },
                in_thread=part > 1,
            )
            for part in (1, 2)
        ]


class Clock:
    """The time that a file says, going on from there: {"now": iso, "since": seconds}."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def __call__(self) -> datetime:
        said = json.loads(self._path.read_text())
        return datetime.fromisoformat(said["now"]).astimezone(UTC) + timedelta(seconds=time.time() - said["since"])


def compose(run: DueRun) -> Edition:
    name = f"{run.channel.platform}/{run.channel.id}/{run.scheduled_local}"
    return Edition(Reply("en", name, ()), run.after + 1, run.due, {}, {})


async def work(wanted: Mapping[str, Any], ready: Callable[[], object]) -> None:
    """Deliver until SIGTERM. ready: called once it is about to begin."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    step, clock = Steps(wanted.get("step", {})), Clock(wanted["clock"])
    with Database.open(wanted["database"]) as database:
        delivery_worker = DeliveryWorker(
            WatchedRuns(database, step),
            WatchedDeliveries(database, step),
            compose,
            clock=clock,
            policy=wanted.get("policy", "prefer_delivery"),
            pace=PACE,
        )
        rest = Rest(wanted["discord"]["token"], wanted["discord"]["api"], "faults", deadline=5)
        slack = wanted["slack"]
        delivery_worker.serve(PlainSlack(web_client(slack["token"], slack["api"]), deadline=5))
        discord = PlainDiscord(rest, memory=timedelta(seconds=wanted.get("memory", 120)))
        discord.has_news = wanted.get("news", True)
        delivery_worker.serve(discord)
        ready()
        while not stop.is_set():
            try:
                await delivery_worker.tick()
            except BriefsError as error:
                logging.error("%s", error)
            await asyncio.sleep(TICK)
        await delivery_worker.stop(1)
        await rest.close()


def forked(wanted: Mapping[str, Any], log: str, ready: Connection) -> None:
    """Be a worker, from a fork on; what it says goes into a file."""
    with open(log, "ab") as file:
        os.dup2(file.fileno(), 2)
    begin(wanted, lambda: ready.send_bytes(b"ready"))


def begin(wanted: Mapping[str, Any], ready: Callable[[], object]) -> None:
    """Be a worker."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s", stream=sys.stderr)
    asyncio.run(work(wanted, ready))


if __name__ == "__main__":
    begin(json.loads(sys.argv[1]), lambda: print("ready", flush=True))
