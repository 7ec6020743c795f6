"""The faults, in the order in which they are listed; each row runs in worlds of its own, and says what came of it."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from briefs.models import Channel
from briefs.store.channels import Channels
from briefs.store.database import Database
from tests.fakes import discord as fake_discord
from tests.fakes import ledger
from tests.faults.world import ROOT, Result, World
from tests.postgres import Server

SLACK_POST, DISCORD_POST = "chat.postMessage", "POST /channels/{channel}/messages"
POSTS = {"slack": SLACK_POST, "discord": DISCORD_POST}
STEPS = ("planned", "frozen", "claimed", "checked", "posted", "settled")


class CannotRunError(Exception):
    """This machine lacks what the row needs."""


@dataclass
class Stage:
    """Where rows play. kind: of database. new: opens a world; its arguments are the fake Discord's."""

    kind: str
    new: Callable[..., AbstractAsyncContextManager[World]]
    server: Server | None
    random: random.Random
    short: bool


Row = Callable[[Stage], Awaitable[Result]]
ROWS: dict[int, tuple[str, Row]] = {}


def row(number: int, name: str) -> Callable[[Row], Row]:
    def add(function: Row) -> Row:
        ROWS[number] = (name, function)
        return function

    return add


async def simple(scene: World, **options: Any) -> Result:
    """Let one worker bring it to an end."""
    await scene.worker(**options)
    return await scene.result()


def allowed(result: Result, duplicates: int) -> Result:
    """Excuse the duplicates that the guarantee allows."""
    return replace(result, excused=min(result.duplicate, duplicates))


@row(1, "kill -9 at each step")
async def killed_at_each_step(stage: Stage) -> Result:
    total = Result()
    for step in STEPS:
        async with stage.new() as scene:
            for platform in POSTS:
                scene.rooms(platform, 2)
            dying = await scene.worker(at=step, nth=stage.random.randint(1, 1 if step == "planned" else 3))
            await dying.wait()
            total += await simple(scene)
    return total


@row(2, "random kill -9, two workers")
async def killed_at_random(stage: Stage) -> Result:
    digests, kills = (60, 12) if stage.short else (1000, 500)
    async with stage.new() as scene:
        for platform in POSTS:
            scene.rooms(platform, digests // 2)
        for _ in range(kills):
            pair = [await scene.worker() for _ in range(2)]
            await asyncio.sleep(stage.random.uniform(0, 1.0))
            for process in pair:
                process.kill()
                await process.wait()
            if await asyncio.to_thread(scene.settled):
                break
        return await simple(scene)


async def answers_go_wrong(stage: Stage, *faults: ledger.Fault, **options: Any) -> Result:
    """Let the first posts on both platforms meet these faults."""
    async with stage.new() as scene:
        for platform, method in POSTS.items():
            scene.rooms(platform, len(faults) + 1)
            fake = scene.slack if platform == "slack" else scene.discord
            for fault in faults:
                fake.fail_next(method, fault)
        return await simple(scene, **options)


@row(3, "stored, closed without an answer")
async def stored_then_closed(stage: Stage) -> Result:
    return await answers_go_wrong(stage, *[ledger.STORED_THEN_CLOSED] * 3)


@row(4, "stored, then a reset")
async def stored_then_reset(stage: Stage) -> Result:
    return await answers_go_wrong(stage, *[ledger.STORED_THEN_RESET] * 3)


@row(5, "the answer comes after the deadline")
async def answered_late(stage: Stage) -> Result:
    return await answers_go_wrong(stage, *[ledger.slow(1.5)] * 3)


@row(6, "it lands after the look")
async def lands_late(stage: Stage) -> Result:
    late = ledger.Fault(delay=5.0)  # behind deadline, lease and both looks
    total = Result()
    for policy, permitted in (("prefer_delivery", 1), ("prefer_silence", 0)):
        async with stage.new() as scene:
            scene.rooms("slack", 2)
            scene.slack.fail_next(SLACK_POST, late)
            await scene.worker(policy=policy)
            result = await scene.result()
            await asyncio.sleep(5.0)
            result = replace(await scene.result(), seconds=result.seconds)
            if policy == "prefer_silence":  # parked with its thread; the late message came by itself
                result = replace(result, missing=result.missing - 1)
            if result.duplicate and "it may stand there twice" not in scene.log:
                result = replace(result, extra=(*result.extra, "a duplicate that nobody was told of"))
            total += allowed(result, permitted)
    return total


@row(7, "SIGSTOP between check and post")
async def stopped_too_long(stage: Stage) -> Result:
    async with stage.new() as scene:
        # One channel alone: a process that is stopped while another of its threads writes keeps SQLite locked for all.
        scene.rooms("slack", 1)
        frozen = await scene.worker(at="checked", send="SIGSTOP")
        await asyncio.sleep(1.0)
        await scene.worker()
        await scene.result()
        frozen.send_signal(signal.SIGCONT)
        told = await scene.until(lambda: "after it was taken over" in scene.log or "was taken over" in scene.log, 10)
        result = await scene.result()
        extra = () if told else ("the stale write was not reported",)
        return allowed(replace(result, extra=result.extra + extra), 1)


@row(8, "429 with Retry-After")
async def rate_limited(stage: Stage) -> Result:
    total = Result()
    wait = 2.0
    for platform, fault in (
        ("slack", ledger.rate_limited(wait)),
        ("discord", fake_discord.rate_limited(wait)),
        ("discord", fake_discord.rate_limited(wait, via=False)),
        ("discord", fake_discord.rate_limited(wait, everywhere=True)),
    ):
        async with stage.new() as scene:
            scene.rooms(platform, 1)
            fake: Any = scene.slack if platform == "slack" else scene.discord
            limited_at: list[float] = []
            fake.fail_next(POSTS[platform], fault, when=lambda body, at=limited_at: at.append(time.monotonic()) or True)
            result = await simple(scene)
            first = min(entry.at for entry in fake.ledger).timestamp() - time.time() + time.monotonic()
            if first < limited_at[0] + wait - 0.05:
                result = replace(result, extra=("asked again before its time",))
            total += result
    return total


@row(9, "5xx, fatal_error after storing")
async def server_errors(stage: Stage) -> Result:
    total = await answers_go_wrong(stage, *(ledger.status(code) for code in (500, 502, 503, 504)))
    total += await answers_go_wrong(stage, *(ledger.status(code, stored=True) for code in (500, 503)))
    async with stage.new() as scene:
        scene.rooms("slack", 2)
        scene.slack.fail_next(SLACK_POST, ledger.error("fatal_error", stored=True))
        total += await simple(scene)
    return total


@row(10, "history denied, stale, 1 call/min")
async def history_trouble(stage: Stage) -> Result:
    total = Result()
    json = {"Content-Type": "application/json"}
    stale = ledger.Fault(status=200, headers=json, body='{"ok": true, "messages": [], "has_more": false}')
    for fault, times, permitted in (
        (ledger.error("missing_scope"), None, 1),
        (stale, 1, 0),
        (ledger.rate_limited(1.0), 1, 0),
    ):
        async with stage.new() as scene:
            scene.rooms("slack", 1)
            scene.slack.fail_next(SLACK_POST, ledger.STORED_THEN_CLOSED)
            scene.slack.fail_next("conversations.history", fault, times=times)
            result = await simple(scene)
            if result.duplicate and "ERROR delivery" not in scene.log:
                result = replace(result, extra=("no alert was raised",))
            total += allowed(result, permitted)
    return total


@row(11, "the nonce window is over")
async def nonce_forgotten(stage: Stage) -> Result:
    async with stage.new(nonce_window=timedelta(seconds=1)) as scene:
        scene.options["memory"] = 1
        scene.rooms("discord", 2)
        scene.discord.fail_next(DISCORD_POST, ledger.STORED_THEN_CLOSED, times=2)
        dying = await scene.worker(at="posted", nth=2)
        await dying.wait()
        await asyncio.sleep(1.5)
        return await simple(scene)


@row(12, "PostgreSQL stopped at once")
async def database_stopped(stage: Stage) -> Result:
    if stage.server is None:
        raise CannotRunError("of PostgreSQL alone")
    total = Result()
    for step in ("claimed", "posted"):
        async with stage.new() as scene:
            for platform in POSTS:
                scene.rooms(platform, 2)
            frozen = await scene.worker(at=step, nth=2, send="SIGSTOP")
            await asyncio.sleep(1.0)
            stage.server.stop("immediate")
            frozen.send_signal(signal.SIGCONT)
            await asyncio.sleep(1.0)
            stage.server.start()
            total += await scene.result()
    return total


@row(14, "downtime across 3 schedules")
async def downtime(stage: Stage) -> Result:
    async with stage.new() as scene:
        first = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
        name = _subscribed(scene, first, "Europe/Paris", "09:00")
        scene.set_clock(first + timedelta(seconds=1))
        before = await scene.worker()
        scene.expect("slack", name, "2026-03-02T09:00")
        await scene.result()
        before.terminate()
        await before.wait()
        scene.set_clock(first + timedelta(days=3, hours=2))
        scene.expect("slack", name, "2026-03-05T09:00")  # the newest of those missed, once
        await scene.worker()
        await scene.until(lambda: len(scene.slack.ledger) >= 4)
        return await scene.result()


@row(15, "DST gap and fold, clock steps")
async def clocks_change(stage: Stage) -> Result:
    total = Result()
    for days, at in (((28, 29, 30), "02:30"), ((24, 25, 26), "02:30"), ((28, 29, 30), "00:00")):
        month = 10 if days[0] == 24 else 3
        async with stage.new() as scene:
            summer = month == 10
            hour, minute = map(int, at.split(":"))
            local = datetime(2026, month, days[0], hour, minute, tzinfo=UTC)
            first = local - timedelta(hours=2 if summer else 1)
            name = _subscribed(scene, first, "Europe/Paris", at, f"{local:%Y-%m-%dT%H:%M}")
            await scene.worker()
            for number in range(2 * 24 + 4):  # hour by hour, with a step back and forth in each
                now = first + timedelta(hours=number)
                for moment in (now, now - timedelta(hours=1), now):
                    scene.set_clock(moment)
                    await asyncio.sleep(0.12)
            for day in days:
                scene.expect("slack", name, f"2026-{month:02}-{day:02}T{at}")
            await scene.until(lambda: len(scene.slack.ledger) >= 6)
            total += await scene.result()
    return total


@row(18, "revoked, removed, archived")
async def rejected(stage: Stage) -> Result:
    async with stage.new() as scene:
        archived, removed, *_ = scene.rooms("slack", 4)
        (gone, *_) = scene.rooms("discord", 2)
        scene.slack.channels[archived].archived = True
        scene.slack.channels[removed].bot = False
        scene.discord.channels.pop(gone)
        scene.expected = {
            one for one in scene.expected if not any(name in one[0] for name in (archived, removed, gone))
        }
        result = await simple(scene)
        await asyncio.sleep(2.0)
        tried = sum(
            method == SLACK_POST and body["channel"] in {archived, removed} for method, body in scene.slack.calls
        )
        extra = () if tried == 2 else (f"{tried} tries where nothing can be posted",)
        if scene.states()["FAILED"] != 6:
            extra += ("not all of them FAILED",)
        return replace(result, extra=result.extra + extra)


def _subscribed(scene: World, first: datetime, zone: str, at: str, local: str = "") -> str:
    """Subscribe one channel of Slack, and give its name."""
    scene.set_clock(first - timedelta(minutes=1))
    with Database.open(scene.url) as database:
        local = local or f"{first:%Y-%m-%d}T{at}"
        scene.subscribe(database, "slack", "C1", first, zone, at, local)
    return "C1"


@row(13, "SQLite: the disk is full")
async def disk_full(stage: Stage) -> Result:
    if stage.server is not None:
        raise CannotRunError("of SQLite alone")
    total = Result()
    for step in ("planned", "frozen", "claimed", "posted"):
        with small_disk() as disk:
            async with stage.new(disk=disk) as scene:
                scene.rooms("slack", 2)
                scene.rooms("discord", 2)
                frozen = await scene.worker(at=step, nth=1 if step == "planned" else 2, send="SIGSTOP")
                await asyncio.sleep(1.0)
                filler = disk / "filler"
                with suppress(OSError), filler.open("wb", buffering=0) as file:
                    while True:
                        file.write(bytes(4096))
                frozen.send_signal(signal.SIGCONT)
                await asyncio.sleep(1.5)
                filler.unlink()
                total += await scene.result()
    return total


@contextmanager
def small_disk() -> Iterator[Path]:
    """Give a folder that holds 1 MB, which takes root's rights."""
    folder = Path(tempfile.mkdtemp(prefix="briefs-disk-"))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        folder.rmdir()
        raise CannotRunError("mounting a small disk is not permitted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


@row(16, "repeated envelopes, two bots")
async def repeated_envelopes(stage: Stage) -> Result:
    async with stage.new() as scene:
        config = scene.folder / "config"
        config.mkdir()
        (config / "topics.yaml").write_text("topics: [{name: Links, expression: tencent}]\n")
        secrets = {"SLACK_BOT_TOKEN": scene.slack.bot_token, "SLACK_APP_TOKEN": scene.slack.app_token}
        command = (sys.executable, "-P", "-m", "bot.cli", "run", "--config", str(config), "--database", scene.url)
        environment = {**os.environ, **secrets, "BRIEFBOT_SLACK_API": scene.slack.api_url, "PYTHONPATH": str(ROOT)}
        for _ in range(2):
            await scene.start(*command, env=environment)
        if not await scene.until(lambda: scene.slack.connections >= 2):
            return Result(extra=("the bots do not connect",))
        commands, extra = 6, []
        for number in range(commands):
            if number == commands // 2:
                await scene.slack.disconnect("warning")
                await asyncio.sleep(0.5)
                await scene.until(lambda: scene.slack.connections >= 2)
            words = f"topic add topic{number} apples" if number % 2 else "subscribe Links at 9:00"
            await scene.slack.slash("/brief", words, user="U1", channel="C1", times=3)
            await asyncio.sleep(0.3)
        with Database.open(scene.url) as database:
            channels = Channels(database)
            here = Channel("slack", "T1", "C1")
            topics = sum(topic.name.startswith("topic") for topic in channels.topics(here))
            if (topics, len(channels.subscriptions(here))) != (commands // 2, 1):
                extra.append(f"{topics} topics, {len(channels.subscriptions(here))} subscriptions")
        # The bot that comes second says so to the asker alone; that is no effect.
        shown = sum("That has been done already" not in one.text for one in scene.slack.shown)
        return Result(commands, max(0, commands - shown), max(0, shown - commands), 0, 0.0, extra=tuple(extra))


@row(17, "gateway closed, session invalid")
async def gateway_trouble(stage: Stage) -> Result:
    async with stage.new() as scene:
        config = scene.folder / "config"
        config.mkdir()
        command = (sys.executable, "-P", "-m", "bot.cli", "run", "--config", str(config), "--database", scene.url)
        environment = {
            **os.environ,
            "DISCORD_TOKEN": scene.discord.token,
            "BRIEFBOT_DISCORD_API": scene.discord.api_url,
            "BRIEFBOT_DISCORD_GATEWAY": scene.discord.gateway_url,
            "PYTHONPATH": str(ROOT),
        }
        scene.discord.heartbeat_seconds = 2.0
        await scene.start(*command, env=environment)
        fake, extra, slowest = scene.discord, [], 0.0

        async def back(what: str, identifies: int) -> None:
            nonlocal slowest
            began = time.monotonic()
            try:
                await fake.connected(seconds=40)
                await fake.slash("brief help")
            except TimeoutError:
                extra.append(f"not back after {what}")
            slowest = max(slowest, time.monotonic() - began)
            if len(fake.identifies) > identifies:
                extra.append(f"{len(fake.identifies)} IDENTIFYs after {what}, instead of {identifies}")

        await back("the start", 1)
        await fake.disconnect(4000)
        await back("a close with 4000", 1)
        await fake.invalidate()
        await back("an invalid session", 2)
        fake.acknowledges_heartbeats = False
        await asyncio.sleep(5.0)
        fake.acknowledges_heartbeats = True
        await back("missed heartbeats", 3)
        return Result(4, missing=len([one for one in extra if "not back" in one]), seconds=slowest, extra=tuple(extra))
