"""The fakes, a database and workers, and what the ledgers say in the end."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import multiprocessing.process
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, make_url, select

from briefs.models import Channel
from briefs.store import schema
from briefs.store.channels import Channels
from briefs.store.database import Database, _engine, to_ms
from briefs.store.deliveries import OPEN
from tests.fakes.discord import GUILD, FakeDiscord, readable
from tests.fakes.discord_components import IS_COMPONENTS_V2
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_workspace import FakeChannel
from tests.faults import worker

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 90.0

# A fork of a process that has imported everything starts at once; a new Python takes seconds on a busy machine.
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.faults.rows", "tests.faults.worker"])


async def warm_up() -> None:
    """Let everything be imported by the process that workers are forked from."""
    process = _forks.Process(target=os.getpid)
    await asyncio.to_thread(process.start)
    await asyncio.to_thread(process.join)


@dataclass(frozen=True)
class Result:
    """What a row of the table shows.

    seconds: from the last fault until everything has settled. excused: the duplicates among them that the guarantee
    allows. extra: whatever else went against the rules. note: what a reader of the table should know.
    """

    deliveries: int = 0
    missing: int = 0
    duplicate: int = 0
    wrong: int = 0
    seconds: float = 0.0
    excused: int = 0
    extra: tuple[str, ...] = ()
    note: str = ""

    def __add__(self, other: Result) -> Result:
        return Result(
            self.deliveries + other.deliveries,
            self.missing + other.missing,
            self.duplicate + other.duplicate,
            self.wrong + other.wrong,
            max(self.seconds, other.seconds),
            self.excused + other.excused,
            self.extra + other.extra,
            self.note or other.note,
        )


class Forked:
    """A forked worker, with what we ask of an `asyncio.subprocess.Process`."""

    def __init__(self, process: multiprocessing.process.BaseProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        """How it ended; None while it has not."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    async def wait(self) -> int | None:
        """Wait for its end."""
        await asyncio.to_thread(self._process.join)
        return self.returncode


@dataclass
class World:
    """One scene: a Slack, a Discord, a database, and the workers that were started in it.

    as_it_is: nobody here brings the tables up to date.
    """

    slack: FakeSlack
    discord: FakeDiscord
    url: str
    folder: Path
    due: datetime
    expected: set[tuple[str, int]] = field(default_factory=set)
    options: dict[str, Any] = field(default_factory=dict)
    as_it_is: bool = False
    began: float = field(default_factory=time.monotonic)
    _workers: list[asyncio.subprocess.Process | Forked] = field(default_factory=list)
    _numbers: int = 0

    # ------------------------------------------------------------ the set-up

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Open the database."""
        if self.as_it_is:
            address = make_url(self.url)
            with Database(_engine(address), self.url) as database:
                yield database
        else:
            with Database.open(self.url) as database:
                yield database

    def set_clock(self, now: datetime) -> None:
        """Let it be that time, and go on."""
        path = self.folder / "clock.new"
        path.write_text(json.dumps({"now": now.isoformat(), "since": time.time()}))
        path.replace(self.folder / "clock")

    def rooms(self, platform: str, number: int) -> list[str]:
        """Open so many channels, and subscribe each to a digest that is due."""
        names = []
        with self.database() as database:
            for _ in range(number):
                self._numbers += 1
                if platform == "slack":
                    name = f"C{1000 + self._numbers}"
                    self.slack.channels[name] = FakeChannel(name)
                else:
                    name = self.discord.add_channel(f"room-{self._numbers}")
                self.subscribe(database, platform, name, self.due)
                self.expect(platform, name, self.due)
                names.append(name)
        return names

    def subscribe(
        self,
        database: Database,
        platform: str,
        name: str,
        due: datetime,
        zone: str = "UTC",
        at: str = "",
        local: str = "",
        expression: str = "news",
        schedule: str = "",
        position: int = 0,
    ) -> None:
        """Subscribe a channel, daily at the time of `due` where no schedule is given."""
        channels = Channels(database)
        channel = Channel(platform, GUILD if platform == "discord" else "T1", name)
        topic = channels.add_topic(channel, f"topic {name}", expression, (), "ann", due)
        channels.subscribe(
            channel,
            topic,
            schedule=schedule or f"{at or f'{due:%H:%M}'} daily",
            zone=zone,
            next_due=due,
            next_local=local or f"{due:%Y-%m-%dT%H:%M}",
            position=position,
            by="ann",
            now=due,
        )

    def expect(self, platform: str, name: str, due: datetime | str) -> None:
        """Expect both messages of a digest."""
        local = due if isinstance(due, str) else f"{due:%Y-%m-%dT%H:%M}"
        self.expected |= {(f"{platform}/{name}/{local}", part) for part in (1, 2)}

    # ------------------------------------------------------------ workers

    async def worker(self, at: str = "", nth: int = 1, send: str = "SIGKILL", **options: Any) -> Forked:
        """Start a worker, and give it once it works; it sends itself a signal at the nth time of a step."""
        ready, tell = _forks.Pipe(duplex=False)
        wanted = self.wanted(at, nth, send, **options)
        process = _forks.Process(target=worker.forked, args=(wanted, str(self.folder / "log"), tell))
        await asyncio.to_thread(process.start)
        tell.close()
        forked = Forked(process)
        self._workers.append(forked)
        await asyncio.to_thread(ready.recv_bytes)
        ready.close()
        return forked

    def wanted(self, at: str = "", nth: int = 1, send: str = "SIGKILL", **options: Any) -> dict[str, Any]:
        """Give what a worker is told."""
        return {
            "database": self.url,
            "clock": str(self.folder / "clock"),
            "slack": {"api": self.slack.api_url, "token": self.slack.bot_token},
            "discord": {"api": self.discord.api_url, "token": self.discord.token},
            "step": {"at": at, "nth": nth, "signal": send} if at else {},
            **self.options,
            **options,
        }

    async def program(self, *before: str, root: Path = ROOT, **wanted: Any) -> asyncio.subprocess.Process:
        """Start a worker as a program of its own. before: what starts it. root: the folder of its code."""
        process = await self.start(*before, *self.command(**wanted), **self.at(root))
        assert process.stdout is not None
        await process.stdout.readline()
        return process

    def command(self, **wanted: Any) -> tuple[str, ...]:
        """Give the command that starts a worker."""
        return (sys.executable, "-m", "tests.faults.worker", json.dumps(self.wanted(**wanted)))

    def at(self, root: Path) -> dict[str, Any]:
        """Give what makes a program use the code of a folder."""
        return {"cwd": root, "env": {**os.environ, "PYTHONPATH": str(root)}}

    async def start(self, *command: str, **options: Any) -> asyncio.subprocess.Process:
        """Start any program, which ends with this world."""
        with (self.folder / "log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=log, **options
            )
        self._workers.append(process)
        return process

    async def end(self) -> None:
        """End every worker that is still there."""
        for process in self._workers:
            if process.returncode is None:
                for number in (signal.SIGCONT, signal.SIGKILL):
                    process.send_signal(number)
                await process.wait()

    def struck(self) -> None:
        """Note that a fault happens now: recovery is counted from the last one."""
        self.began = time.monotonic()

    @property
    def log(self) -> str:
        """What the workers logged."""
        return (self.folder / "log").read_text(errors="replace")

    # ------------------------------------------------------------ the end

    async def until(self, condition: Callable[[], bool], patience: float = PATIENCE) -> bool:
        """Wait until something holds; False when it does not in time."""
        end = time.monotonic() + patience
        while not condition():
            if time.monotonic() > end:
                return False
            await asyncio.sleep(0.05)
        return True

    def posted(self) -> Iterator[tuple[str, tuple[str, int]]]:
        """Give the channel and the name of each message that people see, in order."""
        for entry in self.slack.ledger.of("chat.postMessage"):
            yield f"slack/{entry.channel}", _named(entry.body["text"])
        for entry in self.discord.ledger.of("POST /channels/{channel}/messages"):
            place = self.discord.channels[entry.channel]
            yield f"discord/{place.parent or place.id}", _named(readable(entry.message).partition("\n")[0])

    def states(self) -> Counter[str]:
        """Count deliveries by state."""
        table = schema.delivery
        with self.database() as database, database.read() as connection:
            rows = connection.execute(select(table.c.state, func.count().label("number")).group_by(table.c.state))
            return Counter({row.state: row.number for row in rows})

    def settled(self) -> bool:
        """Whether all that is due has its run, every run has messages, and none of them moves any more."""
        now = to_ms(worker.Clock(str(self.folder / "clock"))())
        subscription = schema.subscription
        coming = select(subscription.c.id).where(subscription.c.next_due <= now, subscription.c.paused.is_(False))
        with self.database() as database, database.read() as connection:
            if connection.execute(coming.limit(1)).first() is not None:
                return False
            due = connection.execute(select(func.count()).where(schema.run.c.state == "DUE")).scalar_one()
            some = connection.execute(select(func.count()).select_from(schema.run)).scalar_one()
        return some > 0 and due == 0 and not set(self.states()) & set(OPEN)

    def begun(self) -> int:
        """Count the messages in Discord that are only begun."""
        standing = (message for channel in self.discord.channels.values() for message in channel.messages)
        return sum(not message["flags"] & IS_COMPONENTS_V2 for message in standing)

    async def result(self, *, patience: float = PATIENCE) -> Result:
        """Wait until all has settled, and say what the ledgers say."""
        extra = []
        began = time.monotonic()
        while not await asyncio.to_thread(self.settled):
            if time.monotonic() - began > patience:
                extra.append(f"not settled: {dict(self.states())}")
                break
            await asyncio.sleep(0.2)
        seconds = time.monotonic() - self.began
        if begun := self.begun():
            extra.append(f"{begun} only begun")
        posted = list(self.posted())
        counted = Counter(name for _, name in posted)
        firsts = {name: number for number, (_, name) in reversed(list(enumerate(posted)))}
        disorder = [name for name, part in firsts if part == 2 and firsts.get((name, 1), 0) > firsts[name, 2]]
        return Result(
            deliveries=len(self.expected),
            missing=len(self.expected - set(counted)),
            duplicate=sum(counted.values()) - len(counted),
            wrong=sum(not name.startswith(f"{place}/") for place, (name, _) in posted)
            + len(set(counted) - self.expected),
            seconds=seconds,
            extra=(*extra, *(f"out of order: {name}" for name in disorder)),
        )


def _named(text: str) -> tuple[str, int]:
    name, _, part = text.partition("#")
    return name, int(part)


@asynccontextmanager
async def world(url: str, folder: Path, **discord: Any) -> AsyncIterator[World]:
    """Make a world on an empty database; `folder` is for its log and clock."""
    async with FakeSlack() as slack, FakeDiscord(**discord) as fake:
        now = datetime.now(UTC).replace(microsecond=0)
        scene = World(slack, fake, url, folder, due=(now - timedelta(seconds=1)).replace(second=0))
        scene.set_clock(now)
        try:
            yield scene
        finally:
            await scene.end()
