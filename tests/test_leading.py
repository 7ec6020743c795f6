"""Of several bots one does what only one may do, and another takes over when it is gone."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from bot.base.leader_election import PATIENCE, Lead, Leads
from briefs.errors import DatabaseBusy
from briefs.store.database import Database
from briefs.store.leases import Beat, Leases
from tests.conftest import ROOT
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack

# ---------------------------------------------------------------- the table


@pytest.fixture
def leases(database_url):
    with Database.open(database_url) as database:
        yield Leases(database)


def test_of_several_who_begin_one_succeeds(leases):
    assert leases.beat("gateway", "a", None) == Beat("a", 1)
    assert leases.beat("gateway", "b", None) is None
    assert leases.last("gateway") == Beat("a", 1)
    assert leases.last("gathering") is None


def test_a_beat_follows_the_last_one_only(leases):
    first = leases.beat("gateway", "a", None)
    second = leases.beat("gateway", "a", first)

    assert second == Beat("a", 2)
    assert leases.beat("gateway", "b", first) is None
    assert leases.beat("gateway", "b", second) == Beat("b", 3)
    assert leases.beat("gateway", "a", second) is None


def test_who_leaves_makes_room_unless_another_has_it(leases):
    first = leases.beat("gateway", "a", None)
    over = leases.beat("gateway", "b", first)
    leases.leave("gateway", first)
    assert leases.last("gateway") == over
    leases.leave("gateway", over)
    assert leases.last("gateway") is None


# ---------------------------------------------------------------- who leads


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Seconds()


def two(leases, clock):
    return [Lead(leases, "gateway", name, clock) for name in "ab"]


async def test_the_first_leads_and_goes_on_leading(leases, clock):
    a, b = two(leases, clock)
    for clock.now in range(0, 60, 5):
        await a.beat()
        await b.beat()
        assert (a.leads, b.leads) == (True, False)


async def test_who_is_killed_is_replaced_within_patience_and_one_round(leases, clock):
    a, b = two(leases, clock)
    await a.beat()
    await b.beat()
    for clock.now in (5, 10, 14.9):
        await b.beat()
        assert not b.leads
    clock.now = PATIENCE
    await b.beat()
    assert b.leads


async def test_who_was_frozen_stands_back_as_soon_as_it_moves_again(leases, clock):
    a, b = two(leases, clock)
    await a.beat()
    await b.beat()
    clock.now = 60
    await b.beat()
    await a.beat()

    assert (a.leads, b.leads) == (False, True)


async def test_who_leaves_is_replaced_at_the_next_round(leases, clock):
    a, b = two(leases, clock)
    await a.beat()
    await b.beat()
    await a.leave()
    await b.beat()
    assert (a.leads, b.leads) == (False, True)
    await asyncio.wait_for(b.won(), 60)


async def test_a_clock_that_is_wrong_by_hours_makes_nobody_lead(leases):
    early, late = Seconds(), Seconds()
    late.now = 1e6
    a, b = Lead(leases, "gateway", "a", early), Lead(leases, "gateway", "b", late)
    for _ in range(10):
        early.now, late.now = early.now + 5, late.now + 5
        await a.beat()
        await b.beat()
        assert (a.leads, b.leads) == (True, False)


class Unsteady:
    """Leases that can be out of reach."""

    def __init__(self, leases: Leases) -> None:
        self._leases, self.reached = leases, True

    def _asked(self) -> Leases:
        if not self.reached:
            raise DatabaseBusy("the database is locked")
        return self._leases

    def beat(self, *arguments):
        return self._asked().beat(*arguments)

    def last(self, work):
        return self._asked().last(work)

    def leave(self, *arguments):
        return self._asked().leave(*arguments)


async def test_who_cannot_beat_stops_before_another_begins(leases, clock, caplog):
    unsteady = Unsteady(leases)
    a, b = Lead(unsteady, "gateway", "a", clock), Lead(leases, "gateway", "b", clock)
    led = []
    for clock.now in range(0, 40, 5):
        unsteady.reached = clock.now < 10
        await a.beat()
        await b.beat()
        led.append((a.leads, b.leads))
    assert led == [(True, False)] * 3 + [(False, False)] + [(False, True)] * 4
    said = "gateway: whether another process does it cannot be told: the database is locked"
    assert [record.getMessage() for record in caplog.records if record.levelname != "DEBUG"] == [
        *[said] * 2,  # while it leads; that the database is locked still, others say
        "gateway is left to another process",
        "gateway: taken over from a, which is gone",
    ]


async def test_who_had_to_stand_back_and_is_alone_takes_it_up_again(leases, clock, caplog):
    unsteady = Unsteady(leases)
    lead = Lead(unsteady, "gateway", "a", clock)
    led = []
    for clock.now in range(0, 50, 5):
        unsteady.reached = not 10 <= clock.now < 20
        await lead.beat()
        led.append(lead.leads)

    assert led == [True, True, True, False, False, False, False, True, True, True]
    assert caplog.messages[-1] == "gateway: taken up again"


class Frozen(Leases):
    """Leases of a database that does not answer as long as `gate` is closed."""

    def __init__(self, leases: Leases) -> None:
        super().__init__(leases._database)
        self.gate = threading.Event()
        self.gate.set()

    def beat(self, *arguments):
        self.gate.wait()
        return super().beat(*arguments)


async def test_who_gets_no_answer_stands_back_as_well(leases, clock, monkeypatch, caplog):
    monkeypatch.setattr("bot.base.leader_election._SHORTEST", 0.05)
    frozen = Frozen(leases)
    lead = Lead(frozen, "gateway", "a", clock)
    await lead.beat()
    assert lead.leads

    clock.now = 10
    frozen.gate.clear()
    await lead.beat()
    frozen.gate.set()

    assert not lead.leads
    assert "the database does not answer" in caplog.text


async def test_who_leads_goes_on_though_every_thread_waits_for_something_else(leases, clock):
    slow, threads = threading.Event(), ThreadPoolExecutor(2)
    loop = asyncio.get_running_loop()
    loop.set_default_executor(threads)
    looking_up = [loop.run_in_executor(None, slow.wait) for _ in range(24)]  # names, say: that is where they are
    lead = Lead(leases, "gateway", "a", clock)
    try:
        for clock.now in (0, 5, 10):
            await lead.beat()
        assert lead.leads
        assert leases.last("gateway") == Beat("a", 3)
        await lead.leave()
        assert leases.last("gateway") is None
    finally:
        slow.set()
        await asyncio.gather(*looking_up)


async def test_who_cannot_say_that_it_leaves_leaves_all_the_same(leases, clock, caplog):
    unsteady = Unsteady(leases)
    lead = Lead(unsteady, "gateway", "a", clock)
    await lead.beat()

    unsteady.reached = False
    await lead.leave()

    assert not lead.leads
    assert "another process takes over in 15 seconds only: the database is locked" in caplog.text


async def test_different_work_may_be_done_by_different_processes(leases):
    a, b = Leads(leases), Leads(leases)
    gathering = a.of("gathering")
    await a.beat()
    gateway = b.of("gateway")
    b.of("gathering")
    await b.beat()
    assert (gathering.leads, gateway.leads, b.of("gathering").leads) == (True, True, False)


# ---------------------------------------------------------------- real processes


@asynccontextmanager
async def running(folder, address, slack, discord):
    secrets = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token, "DISCORD_TOKEN": discord.token}
    where = {
        "BRIEFBOT_SLACK_API": slack.api_url,
        "BRIEFBOT_DISCORD_API": discord.api_url,
        "BRIEFBOT_DISCORD_GATEWAY": discord.gateway_url,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "run", "--config", str(folder), "--database", address),
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), **secrets, **where},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


@pytest.mark.timeout(150)
async def test_when_the_leader_is_killed_the_other_answers_in_discord_at_once(tmp_path, postgres_server):
    address = postgres_server.database()
    async with FakeSlack() as slack, FakeDiscord() as discord, AsyncExitStack() as stack:
        bots = {}
        for number in (1, 2):
            bot = await stack.enter_async_context(running(tmp_path, address, slack, discord))
            bots[bot.pid] = bot
            await slack.until(lambda number=number: slack.connections == number, "a connection to Slack")
        await discord.until(lambda: discord.listening == 2)
        assert len((await discord.slash("brief topics")).messages) == 1

        with Database.open(address) as database:
            beat = Leases(database).last("discord gateway")
        bots[int(beat.holder.split()[1])].kill()
        seen = await discord.slash("brief topics")
        assert (len(seen.messages), seen.deferred) == (1, True)
        assert (await slack.slash("/brief", "help"))[0].only_to == "U1"
