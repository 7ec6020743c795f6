"""The fakes, a database and workers, and what the ledgers say in the end."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from briefs.models import Channel
from briefs.store import schema
from briefs.store.channels import Channels
from briefs.store.database import Database
from briefs.store.deliveries import OPEN
from tests.fakes.discord import GUILD, FakeDiscord
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_workspace import FakeChannel

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0


@dataclass(frozen=True)
class Result:
    """What a row of the table shows.

    excused: the duplicates among them that the guarantee allows. extra: whatever else went against the rules.
    """

    deliveries: int = 0
    missing: int = 0
    duplicate: int = 0
    wrong: int = 0
    seconds: float = 0.0
    excused: int = 0
    extra: tuple[str, ...] = ()

    def __add__(self, other: Result) -> Result:
        return Result(
            self.deliveries + other.deliveries,
            self.missing + other.missing,
            self.duplicate + other.duplicate,
            self.wrong + other.wrong,
            max(self.seconds, other.seconds),
            self.excused + other.excused,
            self.extra + other.extra,
        )


@dataclass
class World:
    """One scene: a Slack, a Discord, a database, and the workers that were started in it."""

    slack: FakeSlack
    discord: FakeDiscord
    url: str
    folder: Path
    due: datetime
    expected: set[tuple[str, int]] = field(default_factory=set)
    options: dict[str, Any] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)
    _workers: list[asyncio.subprocess.Process] = field(default_factory=list)
    _numbers: int = 0

    # ------------------------------------------------------------ the set-up

    def set_clock(self, now: datetime) -> None:
        """Let it be that time, and go on."""
        path = self.folder / "clock.new"
        path.write_text(json.dumps({"now": now.isoformat(), "since": time.time()}))
        path.replace(self.folder / "clock")

    def rooms(self, platform: str, number: int) -> list[str]:
        """Open so many channels, and subscribe each to a digest that is due."""
        names = []
        with Database.open(self.url) as database:
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
    ) -> None:
        """Subscribe a channel, daily at the time of `due`."""
        channels = Channels(database)
        channel = Channel(platform, GUILD if platform == "discord" else "T1", name)
        topic = channels.add_topic(channel, f"topic {name}", "news", (), "ann", due)
        channels.subscribe(
            channel,
            topic,
            at=at or f"{due:%H:%M}",
            days=127,
            zone=zone,
            next_due=due,
            next_local=local or f"{due:%Y-%m-%dT%H:%M}",
            position=0,
            by="ann",
            now=due,
        )

    def expect(self, platform: str, name: str, due: datetime | str) -> None:
        """Expect both messages of a digest."""
        local = due if isinstance(due, str) else f"{due:%Y-%m-%dT%H:%M}"
        self.expected |= {(f"{platform}/{name}/{local}", part) for part in (1, 2)}

    # ------------------------------------------------------------ workers

    async def worker(
        self, at: str = "", nth: int = 1, send: str = "SIGKILL", **options: Any
    ) -> asyncio.subprocess.Process:
        """Start a worker, and give it once it works; it sends itself a signal at the nth time of a step."""
        wanted = {
            "database": self.url,
            "clock": str(self.folder / "clock"),
            "slack": {"api": self.slack.api_url, "token": self.slack.bot_token},
            "discord": {"api": self.discord.api_url, "token": self.discord.token},
            "step": {"at": at, "nth": nth, "signal": send} if at else {},
            **self.options,
            **options,
        }
        process = await self.start(sys.executable, "-m", "tests.faults.worker", json.dumps(wanted), cwd=ROOT)
        assert process.stdout is not None
        await process.stdout.readline()
        return process

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
            yield f"discord/{place.parent or place.id}", _named(entry.body["content"])

    def states(self) -> Counter[str]:
        """Count deliveries by state."""
        table = schema.delivery
        with Database.open(self.url) as database, database.read() as connection:
            rows = connection.execute(select(table.c.state, func.count().label("number")).group_by(table.c.state))
            return Counter({row.state: row.number for row in rows})

    def settled(self) -> bool:
        """Whether every run has messages, and none of them moves any more."""
        with Database.open(self.url) as database, database.read() as connection:
            due = connection.execute(select(func.count()).where(schema.run.c.state == "DUE")).scalar_one()
            some = connection.execute(select(func.count()).select_from(schema.run)).scalar_one()
        return some > 0 and due == 0 and not set(self.states()) & set(OPEN)

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
