"""What platforms answer, answer late, or do not answer."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from tests.fakes import discord as fake_discord
from tests.fakes import ledger
from tests.faults.stage import DISCORD_EDIT, DISCORD_POST, POSTS, SLACK_POST, Stage, allowed, row, simple, together
from tests.faults.world import Result, World


def fake_of(scene: World, platform: str) -> Any:
    return scene.slack if platform == "slack" else scene.discord


async def answers_go_wrong(stage: Stage, *faults: ledger.Fault, platforms: tuple[str, ...] = tuple(POSTS)) -> Result:
    """Let the first posts on each platform meet these faults."""
    async with stage.new() as scene:
        for platform in platforms:
            scene.rooms(platform, len(faults) + 1)
            for fault in faults:
                fake_of(scene, platform).fail_next(POSTS[platform], fault)
        return await simple(scene)


@row(3, "stored, closed without an answer")
async def stored_then_closed(stage: Stage) -> Result:
    return await answers_go_wrong(stage, *[ledger.STORED_THEN_CLOSED] * 3)


@row(4, "stored, then a reset")
async def stored_then_reset(stage: Stage) -> Result:
    return await answers_go_wrong(stage, *[ledger.STORED_THEN_RESET] * 3)


@row(5, "the answer comes after the deadline")
async def answered_late(stage: Stage) -> Result:
    return await answers_go_wrong(stage, *[ledger.slow(2.5)] * 3)


@row(6, "it lands after the look")
async def lands_late(stage: Stage) -> Result:
    late = ledger.Fault(delay=12.0)  # behind deadline, lease and both looks, on a busy machine, too

    async def under(policy: str, permitted: int) -> Result:
        async with stage.new() as scene:
            scene.rooms("slack", 2)
            scene.slack.fail_next(SLACK_POST, late)
            await scene.worker(policy=policy)
            result = await scene.result()
            landed = len(scene.slack.ledger) + 1
            await scene.until(lambda: len(scene.slack.ledger) >= landed)
            result = replace(await scene.result(), seconds=result.seconds)
            if policy == "prefer_silence":  # parked with its thread; the late message came by itself
                result = replace(result, missing=result.missing - 1)
            if result.duplicate and "it may stand there twice" not in scene.log:
                result = replace(result, extra=(*result.extra, "a duplicate that nobody was told of"))
            return allowed(result, permitted)

    return await together(under("prefer_delivery", 1), under("prefer_silence", 0))


@row(8, "429 with Retry-After")
async def rate_limited(stage: Stage) -> Result:
    wait = 2.0

    async def limited(platform: str, fault: ledger.Fault) -> Result:
        async with stage.new() as scene:
            scene.rooms(platform, 1)
            limited_at: list[float] = []
            fake = fake_of(scene, platform)

            def noted(_: dict[str, Any]) -> bool:
                limited_at.append(time.monotonic())
                return True

            fake.fail_next(POSTS[platform], fault, when=noted)
            result = await simple(scene)
            first = min(entry.at for entry in fake.ledger).timestamp() - time.time() + time.monotonic()
            early = first < limited_at[0] + wait - 0.05
            return replace(result, extra=(*result.extra, "asked again before its time")) if early else result

    return await together(
        limited("slack", ledger.rate_limited(wait)),
        limited("discord", fake_discord.rate_limited(wait)),
        limited("discord", fake_discord.rate_limited(wait, via=False)),
        limited("discord", fake_discord.rate_limited(wait, everywhere=True)),
    )


@row(9, "5xx, fatal_error after storing")
async def server_errors(stage: Stage) -> Result:
    return await together(
        answers_go_wrong(stage, *(ledger.status(code) for code in (500, 502, 503, 504))),
        answers_go_wrong(stage, *(ledger.status(code, stored=True) for code in (500, 503))),
        answers_go_wrong(stage, ledger.error("fatal_error", stored=True), platforms=("slack",)),
    )


@row(10, "history denied, stale, 1 call/min")
async def history_trouble(stage: Stage) -> Result:
    json = {"Content-Type": "application/json"}
    stale = ledger.Fault(status=200, headers=json, body='{"ok": true, "messages": [], "has_more": false}')

    async def troubled(fault: ledger.Fault, times: int | None, permitted: int) -> Result:
        async with stage.new() as scene:
            scene.rooms("slack", 1)
            scene.slack.fail_next(SLACK_POST, ledger.STORED_THEN_CLOSED)
            scene.slack.fail_next("conversations.history", fault, times=times)
            result = await simple(scene)
            if result.duplicate and "ERROR delivery" not in scene.log:
                result = replace(result, extra=(*result.extra, "no alert was raised"))
            return allowed(result, permitted)

    return await together(
        troubled(ledger.error("missing_scope"), None, 1),
        troubled(stale, 1, 0),
        troubled(ledger.rate_limited(1.0), 1, 0),
    )


@row(11, "the nonce window is over")
async def nonce_forgotten(stage: Stage) -> Result:
    async with stage.new(nonce_window=timedelta(seconds=1)) as scene:
        scene.options["memory"] = 1
        scene.rooms("discord", 2)
        scene.discord.fail_next(DISCORD_POST, ledger.STORED_THEN_CLOSED, times=2)
        dying = await scene.worker(at="posted", nth=2)
        await dying.wait()
        await asyncio.sleep(1.5)
        scene.struck()
        return await simple(scene)


@row(18, "revoked, removed, archived")
async def rejected(stage: Stage) -> Result:
    async with stage.new() as scene:
        archived, removed, *_ = scene.rooms("slack", 4)
        (gone, *_) = scene.rooms("discord", 2)
        scene.slack.channels[archived].archived = True
        scene.slack.channels[removed].bot = False
        scene.discord.channels.pop(gone)
        refusing = (archived, removed, gone)
        scene.expected = {one for one in scene.expected if one[0].split("/")[1] not in refusing}
        result = await simple(scene)
        await asyncio.sleep(2.0)
        tried = sum(
            method == SLACK_POST and body["channel"] in {archived, removed} for method, body in scene.slack.calls
        )
        extra = [] if tried == 2 else [f"{tried} tries where nothing can be posted"]
        if scene.states()["FAILED"] != 6:
            extra.append("not all of them FAILED")
        return replace(result, extra=(*result.extra, *extra))


def _is_for(room: str, body: dict[str, Any]) -> bool:
    return room in str(body)


@row(21, "begun in Discord, and not finished at once")
async def begun(stage: Stage) -> Result:
    async def dies(step: str, nth: int, seconds: float, **discord: timedelta) -> Result:
        """Let a process die with the first request done: before it is written down, after, and while it finishes."""
        async with stage.new(**discord) as scene:
            scene.options["memory"] = 1 if discord else 120
            scene.rooms("discord", 1)
            dying = await scene.worker(at=step, nth=nth)
            await dying.wait()
            await asyncio.sleep(seconds)
            scene.struck()
            return await simple(scene)

    async def meets(*faults: ledger.Fault) -> Result:
        """Let the edit of each of so many messages meet a fault, once."""
        async with stage.new() as scene:
            for room, fault in zip(scene.rooms("discord", len(faults)), faults, strict=True):
                its_own = partial(_is_for, f"discord/{room}/")
                scene.discord.fail_next(DISCORD_EDIT, fault, when=its_own)
            return await simple(scene)

    async def is_taken_away() -> Result:
        async with stage.new() as scene:
            (room,) = scene.rooms("discord", 1)
            messages = scene.discord.channels[room].messages

            def taken_away(_: dict[str, Any]) -> bool:
                messages.clear()
                return True

            scene.discord.fail_next(DISCORD_EDIT, ledger.error("10008"), when=taken_away)
            return await simple(scene)

    return await together(
        dies("posted", 1, 0),
        dies("settled", 1, 0),
        dies("checked", 2, 0),
        dies("posted", 2, 0),
        dies("posted", 1, 1.5, nonce_window=timedelta(seconds=1)),
        meets(*(ledger.status(code) for code in (500, 502, 503))),
        meets(ledger.status(500, stored=True), ledger.STORED_THEN_CLOSED, ledger.slow(2.5)),
        meets(fake_discord.rate_limited(2.0), fake_discord.rate_limited(2.0, everywhere=True)),
        is_taken_away(),
    )
