"""How fast digests go out when many are due at once, beside what the platforms let through.

The fakes are real servers that refuse what is above the documented limits, by their own clock; what came through stands
in their ledgers. What the limits need for so many messages is counted, the time it took is measured.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.base.reply import Reply
from bot.delivery import planning
from bot.delivery.editions import Edition
from bot.delivery.worker import DeliveryWorker
from bot.platforms.discord import components
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.transport import DiscordTransport
from bot.platforms.slack.api import web_client
from bot.platforms.slack.transport import SlackTransport
from briefs.models import Channel
from briefs.store.channels import Channels
from briefs.store.database import Database
from briefs.store.deliveries import Deliveries
from briefs.store.outbox import DueRun, Part, Written
from briefs.store.runs import Runs
from tests.fakes import discord as fake_discord
from tests.fakes import ledger
from tests.fakes.discord import GUILD, FakeDiscord
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_workspace import FakeChannel

SLACK_POST = "chat.postMessage"
DISCORD_POSTS = ("POST /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}")
SLACK, DISCORD = (300, 60.0), (50, 1.0)  # requests in any so many seconds: a workspace's, and a bot's in all
SLACK_NEEDS, DISCORD_NEEDS = 1, 2  # requests for a digest: in Discord it is begun, and finished


@dataclass(frozen=True)
class Pace:
    """Messages that stand in their channels, the seconds they took and had to take, and how many were refused."""

    platform: str
    messages: int
    seconds: float
    least: float
    refused: int

    @property
    def share(self) -> float:
        """How much of what the limits allow was used."""
        return self.least / self.seconds


class Gate:
    """Says which requests are above a limit, by the clock of the server."""

    def __init__(self, messages: int, seconds: float) -> None:
        self._seconds = seconds
        self._let_through: deque[float] = deque(maxlen=messages)
        self.refused = 0

    def __call__(self, body: dict[str, Any]) -> bool:
        """Say whether it is to be refused, and count it."""
        now, full = time.monotonic(), len(self._let_through) == self._let_through.maxlen
        if full and now - self._let_through[0] < self._seconds:
            self.refused += 1
            return True
        self._let_through.append(now)
        return False


def least(messages: int, limit: tuple[int, float]) -> float:
    """Return the seconds that so many messages take where so many go out at once, and the next when these are past."""
    return (messages - 1) // limit[0] * limit[1]


async def measure(folder: Path, slack_messages: int, discord_messages: int) -> list[Pace]:
    """Let one delivery worker, a process of its own, bring so many digests, all due now, to as many channels."""
    async with FakeSlack() as slack, FakeDiscord() as discord:
        gates = {"slack": Gate(*SLACK), "discord": Gate(*DISCORD)}
        slack.fail_next(SLACK_POST, ledger.rate_limited(1.0), times=None, when=gates["slack"])
        for post in DISCORD_POSTS:
            discord.fail_next(post, fake_discord.rate_limited(1.0, everywhere=True), times=None, when=gates["discord"])
        rooms = [Channel("slack", "T1", f"C{1000 + number}") for number in range(slack_messages)]
        slack.channels |= {room.id: FakeChannel(room.id) for room in rooms}
        rooms += [Channel("discord", GUILD, discord.add_channel(f"r{number}")) for number in range(discord_messages)]
        url = f"sqlite:///{folder}/pace.db"
        with Database.open(url) as database:
            _subscribe(database, rooms)
            _freeze(Runs(database))
        told = (url, (slack.bot_token, slack.api_url), (discord.token, discord.api_url))
        delivery_worker = multiprocessing.get_context("spawn").Process(target=deliver, args=told)
        delivery_worker.start()
        needed = slack_messages * SLACK_NEEDS + discord_messages * DISCORD_NEEDS
        while delivery_worker.is_alive() and len(slack.ledger) + len(discord.ledger) < needed:
            await asyncio.to_thread(delivery_worker.join, 0.2)
        delivery_worker.terminate()
        delivery_worker.join()
        return [
            _pace("slack", slack.ledger, SLACK, gates["slack"], SLACK_NEEDS),
            _pace("discord", discord.ledger, DISCORD, gates["discord"], DISCORD_NEEDS),
        ]


def deliver(url: str, slack: tuple[str, str], discord: tuple[str, str]) -> None:
    """Post what is due until somebody ends this process. slack, discord: a token, and an address."""
    asyncio.run(_deliver(url, slack, discord))


async def _deliver(url: str, slack: tuple[str, str], discord: tuple[str, str]) -> None:
    with Database.open(url) as database:
        delivery_worker = DeliveryWorker(
            Runs(database), Deliveries(database), _compose, clock=lambda: datetime.now(UTC)
        )
        delivery_worker.serve(SlackTransport(web_client(*slack)))
        delivery_worker.serve(DiscordTransport(Rest(*discord, "bench", deadline=15)))
        while True:  # as the program does
            await delivery_worker.tick()
            await asyncio.sleep(1.0)


def _pace(platform: str, kept: ledger.Ledger, limit: tuple[int, float], gate: Gate, needs: int) -> Pace:
    posts = [entry.at for entry in kept]
    seconds = (max(posts) - min(posts)).total_seconds()
    return Pace(platform, len(posts) // needs, seconds, least(len(posts), limit), gate.refused)


def _subscribe(database: Database, rooms: Sequence[Channel]) -> None:
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    channels = Channels(database)
    when = {"schedule": f"{now:%H:%M} daily", "zone": "UTC", "next_due": now, "next_local": f"{now:%Y-%m-%dT%H:%M}"}
    topics: dict[str, Any] = {}
    for room in rooms:
        if room.workspace not in topics:
            topics[room.workspace] = channels.add_topic(room, "news", "news", (), "ann", now)
        channels.subscribe(room, topics[room.workspace], **when, position=0, by="ann", now=now)


def _freeze(runs: Runs) -> None:
    """Write the one message of every digest: composing has a pace of its own."""
    now = datetime.now(UTC)
    runs.plan(now, lambda waiting: planning.plan(waiting, now, "newest"))
    while due := runs.claim(["slack", "discord"], now, now):
        for run in due:
            reply = Reply("en", "news", ())
            payload = {"text": "news"} if run.channel.platform == "slack" else components.messages(reply)[0].payload
            runs.freeze_all([Written(run, [Part(payload, False)], run.after + 1, run.due, {}, {})], now)


def _compose(run: DueRun) -> Edition:
    raise AssertionError(f"{run.id} has been composed")
