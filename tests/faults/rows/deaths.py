"""Processes that are killed, stopped for too long, or replaced by those of a newer version."""

from __future__ import annotations

import asyncio
import signal
import subprocess
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from briefs.errors import DatabaseBusy
from briefs.store import schema
from briefs.store.database import from_ms
from tests.fakes import ledger
from tests.faults.stage import DISCORD_POST, POSTS, SLACK_POST, CannotRunError, Stage, allowed, row, simple, together
from tests.faults.world import ROOT, Result, World

STEPS = ("planned", "frozen", "claimed", "checked", "posted", "settled")
FORMER = "d81d226"  # the last whose tables are at the oldest revision that is still brought up to date


@row(1, "kill -9 at each step")
async def killed_at_each_step(stage: Stage) -> Result:
    async def killed_at(step: str, nth: int) -> Result:
        async with stage.new() as scene:
            for platform in POSTS:
                scene.rooms(platform, 2)
            dying = await scene.worker(at=step, nth=nth)
            await dying.wait()
            scene.struck()
            return await simple(scene)

    return await together(*(killed_at(step, 1 if step == "planned" else stage.random.randint(1, 3)) for step in STEPS))


@row(1, "kill -9 before composing")
async def killed_before_composing(stage: Stage) -> Result:
    async with stage.new() as scene:
        for platform in POSTS:
            scene.rooms(platform, 2)
        dying = await scene.worker(at="taken")
        await dying.wait()
        scene.struck()
        free_at = _claims_end(scene)
        result = await simple(scene)
        first = min((entry.at for entry in (*scene.slack.ledger, *scene.discord.ledger)), default=free_at)
        extra = () if first >= free_at else ("composed while it was in the hands of another",)
        return replace(result, extra=result.extra + extra)


def _claims_end(scene: World) -> datetime:
    """Give when the first of the claims to compose ends."""
    with scene.database() as database, database.read() as connection:
        ends: int = connection.execute(select(func.min(schema.run.c.claimed_until))).scalar_one()
        return from_ms(ends)


@row(2, "random kill -9, two workers")
async def killed_at_random(stage: Stage) -> Result:
    digests, kills = (60, 30) if stage.short else (1000, 500)
    async with stage.new() as scene:
        # Answers take a moment, so that many a kill meets a post that has been stored and not been answered.
        for platform, method in POSTS.items():
            (scene.slack if platform == "slack" else scene.discord).fail_next(method, ledger.slow(0.1), times=None)
        pair = [await scene.worker() for _ in range(2)]
        hits = 0
        for number in range(kills):
            new = digests * (number + 1) // kills - digests * number // kills
            for platform in stage.random.choices(tuple(POSTS), k=new):
                while True:
                    with suppress(DatabaseBusy):  # killed and new writers come before us: as people do, we try again
                        await asyncio.to_thread(scene.rooms, platform, 1)
                        break
            await asyncio.sleep(stage.random.uniform(0, 0.6))
            unlucky = stage.random.randrange(2)
            pair[unlucky].kill()
            await pair[unlucky].wait()
            hits += (await asyncio.to_thread(scene.states))["SENDING"] > 0
            pair[unlucky] = await scene.worker()
        scene.struck()
        result = await scene.result(patience=300)
        return replace(result, note=f"{kills} kills, {hits} with a post under way")


@row(7, "SIGSTOP between check and post")
async def stopped_too_long(stage: Stage) -> Result:
    async with stage.new() as scene:
        # One channel alone: a process that is stopped while another of its threads writes keeps SQLite locked for all.
        scene.rooms("slack", 1)
        frozen = await scene.worker(at="checked", send="SIGSTOP")
        await scene.until(lambda: scene.states()["SENDING"] == 1)
        await scene.worker()
        await scene.result()
        frozen.send_signal(signal.SIGCONT)
        scene.struck()
        told = await scene.until(lambda: "after it was taken over" in scene.log)
        result = await scene.result()
        extra = () if told else ("the stale write was not reported",)
        return allowed(replace(result, extra=result.extra + extra), 1)


@row(20, "rolling restart, mixed versions")
async def rolling_restart(stage: Stage) -> Result:
    async with stage.new(tables=False) as scene:
        former = _former(scene.folder)
        scene.options["news"] = False
        for platform, method in (("slack", SLACK_POST), ("discord", DISCORD_POST)):
            (scene.slack if platform == "slack" else scene.discord).fail_next(method, ledger.slow(0.2), times=None)
        old = [await scene.program(root=former) for _ in range(2)]  # the first of them makes the tables
        _more(scene)
        new = [await scene.worker()]  # takes the tables over beneath the old ones, which go on
        scene.as_it_is = False
        for one in old:
            _more(scene)
            await asyncio.sleep(0.5)
            one.terminate()
            await one.wait()
            new.append(await scene.worker())
        _more(scene)
        scene.struck()
        return replace(await scene.result(), note="older: checked out from the history")


def _more(scene: World) -> None:
    for platform in POSTS:
        scene.rooms(platform, 4)


def _former(folder: Path) -> Path:
    """Check out the older version beside the scene."""
    archive = subprocess.run(["git", "archive", FORMER, "bot", "briefs", "tests"], cwd=ROOT, capture_output=True)
    if archive.returncode:
        raise CannotRunError("the repository's history is not here")
    place = folder / "former"
    place.mkdir()
    subprocess.run(["tar", "-x", "-C", place], input=archive.stdout, check=True)
    return place
