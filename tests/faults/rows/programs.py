"""The whole program: commands that come twice, a gateway in trouble, hostile feeds."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta

from briefs.archive import Archive
from briefs.models import Article, Channel
from briefs.store.channels import Channels
from tests.fakes import web as fake_web
from tests.fakes.slack_workspace import FakeChannel
from tests.faults.hostile import Costs, pack
from tests.faults.stage import Stage, row
from tests.faults.world import ROOT, Result, World


async def briefbot(scene: World, topics: str = "", sources: str = "", **secrets: str) -> asyncio.subprocess.Process:
    """Start `briefbot run`."""
    config = scene.folder / "config"
    config.mkdir(exist_ok=True)
    for name, text in (("topics", topics), ("sources", sources)):
        if text:
            (config / f"{name}.yaml").write_text(text)
    command = (sys.executable, "-P", "-m", "bot.cli", "run", "--config", str(config), "--database", scene.url)
    return await scene.start(*command, env={**os.environ, **secrets, "PYTHONPATH": str(ROOT)})


def slack_secrets(scene: World) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": scene.slack.bot_token,
        "SLACK_APP_TOKEN": scene.slack.app_token,
        "BRIEFBOT_SLACK_API": scene.slack.api_url,
    }


def discord_secrets(scene: World) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": scene.discord.token,
        "BRIEFBOT_DISCORD_API": scene.discord.api_url,
        "BRIEFBOT_DISCORD_GATEWAY": scene.discord.gateway_url,
    }


@row(16, "repeated envelopes, two bots")
async def repeated_envelopes(stage: Stage) -> Result:
    async with stage.new() as scene:
        for _ in range(2):
            await briefbot(scene, "topics: [{name: Links, expression: tencent}]\n", **slack_secrets(scene))
        if not await scene.until(lambda: scene.slack.connections >= 2):
            return Result(extra=("the bots do not connect",))
        commands, extra = 6, []
        for number in range(commands):
            if number == commands // 2:
                opened = scene.slack.opened + 2
                await scene.slack.disconnect("warning")
                await scene.until(lambda: scene.slack.opened >= opened and scene.slack.connections == 2)  # noqa: B023
            words = f"topic add topic{number} apples" if number % 2 else f"subscribe Links at {9 + number}:00"
            await scene.slack.slash("/brief", words, user="U1", channel="C1", times=3)
            await asyncio.sleep(0.3)
        with scene.database() as database:
            channels = Channels(database)
            here = Channel("slack", "T1", "C1")
            topics = sum(topic.name.startswith("topic") for topic in channels.topics(here))
            if (topics, len(channels.subscriptions(here))) != (commands // 2, 1):
                extra.append(f"{topics} topics, {len(channels.subscriptions(here))} subscriptions")

        def answered() -> int:  # the bot that comes second says so to the asker alone; that is no effect
            return sum(one.only_to is not None and "done already" not in one.text for one in scene.slack.shown)

        def told() -> int:  # each change is said once to the channel, too
            return sum(one.only_to is None for one in scene.slack.shown)

        await scene.until(lambda: min(answered(), told()) >= commands)
        missing = max(0, commands - answered()) + max(0, commands - told())
        double = max(0, answered() - commands) + max(0, told() - commands)
        return Result(commands, missing, double, 0, 0.0, extra=tuple(extra))


@row(17, "gateway closed, session invalid")
async def gateway_trouble(stage: Stage) -> Result:
    async with stage.new() as scene:
        scene.discord.heartbeat_seconds = 2.0
        await briefbot(scene, **discord_secrets(scene))
        fake, extra, slowest = scene.discord, [], 0.0

        async def back(what: str, identifies: int) -> None:
            nonlocal slowest
            began = time.monotonic()
            try:
                await fake.connected(seconds=60)
                await fake.slash("brief help")
            except TimeoutError:
                extra.append(f"not back after {what}")
            slowest = max(slowest, time.monotonic() - began)
            if len(fake.identifies) > identifies:
                extra.append(f"{len(fake.identifies)} IDENTIFYs after {what}, instead of {identifies}")

        await back("the start", 1)
        slowest = 0.0
        await fake.disconnect(4000)
        await back("a close with 4000", 1)
        await fake.invalidate()
        await back("an invalid session", 2)
        fake.acknowledges_heartbeats = False
        await asyncio.sleep(5.0)
        fake.acknowledges_heartbeats = True
        await back("missed heartbeats", 3)
        return Result(4, missing=len([one for one in extra if "not back" in one]), seconds=slowest, extra=tuple(extra))


EVERY, LATE = 5.0, 20.0  # seconds from one digest to the next; how late one may be, of which 5 are the schedule's
MOST_MB = {"bot": 200.0, "gatherer": 400.0, "reader": 1024.0 + 200.0}
MOST_OF_A_CORE = 0.5


@row(19, "hostile feeds during digests")
async def hostile_feeds(stage: Stage) -> Result:
    digests = 6 if stage.short else 24
    with fake_web.serve() as web:
        async with stage.new() as scene:
            words = {f"C{200 + number}": f"zebra{number}x" for number in range(digests)}
            _fill(scene, words)
            bot = await briefbot(scene, sources=pack(web), **slack_secrets(scene))
            costs, began = Costs(), time.monotonic()
            watching = asyncio.create_task(costs.watch(bot.pid))
            extra = [] if await scene.until(lambda: bool(web.asked)) else ["nobody asked for the feeds"]
            dues = _due(scene, words)
            await scene.until(lambda: len(scene.slack.ledger.of("chat.postMessage")) >= digests, digests * EVERY + 60)
            round_ends = await scene.until(lambda: "gathered:" in scene.log, 300)
            took = time.monotonic() - began
            watching.cancel()
            posts = [(one.channel, json.dumps(one.body), one.at) for one in scene.slack.ledger.of("chat.postMessage")]
            told = {channel for channel, body, _ in posts if words[channel] in body}
            late = max(((at - dues[channel]).total_seconds() for channel, _, at in posts), default=0.0)
            extra += [] if round_ends else ["the round of gathering did not end"]
            extra += [f"a digest was {late:.0f} s late"] if late > LATE else []
            extra += [
                f"{role} took {getattr(costs, role):.0f} MB"
                for role, most in MOST_MB.items()
                if getattr(costs, role) > most
            ]
            extra += ["the bot took too much of the processor"] if costs.seconds > MOST_OF_A_CORE * took + 5 else []
            note = (
                f"at most {late:.0f} s late; MB: bot {costs.bot:.0f}, gatherer {costs.gatherer:.0f}, "
                f"reader {costs.reader:.0f}; bot {costs.seconds:.0f} of {took:.0f} s"
            )
            wrong = sum(words[channel] not in body for channel, body, _ in posts)
            twice = len(posts) - len({channel for channel, _, _ in posts})
            return Result(digests, digests - len(told), twice, wrong, late, extra=tuple(extra), note=note)


def _fill(scene: World, words: dict[str, str]) -> None:
    """File an article for each channel."""
    with scene.database() as database:
        Archive(database).add(
            Article(id=word, title=f"The {word} is back", text=f"The {word} was seen on Monday near the river.")
            for word in words.values()
        )


def _due(scene: World, words: dict[str, str]) -> dict[str, datetime]:
    """Subscribe each channel to its word, one digest after the other; give when they are due."""
    now = datetime.now(UTC)
    dues = {name: now + timedelta(seconds=EVERY * (number + 1)) for number, name in enumerate(words)}
    with scene.database() as database:
        for name, due in dues.items():
            scene.slack.channels[name] = FakeChannel(name)
            scene.subscribe(database, "slack", name, due, expression=words[name])
    return dues
