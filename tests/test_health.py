"""What a monitor is told: whether the bot works, and in figures how."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from bot.app import App
from bot.base.metrics import Figures, routes
from bot.base.reply import Reply
from bot.base.web import Web
from bot.commands import Asked
from bot.delivery.editions import Edition
from bot.delivery.transport import NotSent, Unknown
from bot.delivery.worker import DeliveryWorker
from bot.platforms.console.adapter import HERE
from briefs.config import Config
from briefs.errors import ConfigError
from briefs.masking import masked
from briefs.store.database import Database
from briefs.store.deliveries import Deliveries
from briefs.store.runs import Runs
from tests import sqlite
from tests.fakes.transport import RecordingTransport
from tests.test_deliveries import NINE, plan, subscribe


@pytest.fixture
def database(tmp_path):
    with Database.open(sqlite.database(tmp_path / "briefs.db")) as database:
        yield database


def monitored(database, figures=None, clock=lambda: NINE, place="127.0.0.1:0"):
    return Web(place, routes(database, figures or Figures(), clock))


async def asked(monitor, path):
    host, port = monitor.address
    async with aiohttp.ClientSession() as session, session.get(f"http://{host}:{port}{path}") as answer:
        return answer.status, await answer.text()


async def test_posts_looks_and_what_is_late_stand_in_the_figures(database):
    figures, transport, now = Figures(), RecordingTransport(), [NINE]
    transport.script.extend([NotSent("429", 30.0), Unknown("reset")])

    def compose(run):
        return Edition(Reply("en", "news", ()), 1, NINE, {}, {})

    delivery_worker = DeliveryWorker(
        Runs(database), Deliveries(database), compose, clock=lambda: now[0], counts=figures
    )
    delivery_worker.serve(transport)
    subscribe(database)
    async with monitored(database, figures, lambda: now[0]) as monitor:
        for _ in range(3):
            await delivery_worker.tick()
            await delivery_worker.drain()
            now[0] += timedelta(seconds=60)
        _, text = await asked(monitor, "/metrics")

    assert 'briefbot_posts_total{platform="console",state="retry"} 1.0' in text
    assert 'briefbot_posts_total{platform="console",state="uncertain"} 1.0' in text
    assert 'briefbot_rate_limits_total{platform="console"} 1.0' in text
    assert 'briefbot_looks_total{platform="console",sight="missing"} 1.0' in text
    assert 'briefbot_deliveries{state="UNCERTAIN"} 1.0' in text
    assert "briefbot_oldest_run_seconds 180.0" in text
    assert "briefbot_queue 1.0" in text


async def test_how_long_look_ups_take_is_counted_and_other_commands_are_not(tmp_path):
    with App(Config.load(None), sqlite.database(tmp_path / "b.db"), environment={}) as app:
        for text in ("tencent", "search tencent", "help", "topics"):
            await app.dispatcher.text(Asked(HERE, "ann"), text)
        async with monitored(app.database, app.figures) as monitor:
            _, text = await asked(monitor, "/metrics")

    assert "briefbot_lookup_seconds_count 2.0" in text


async def test_a_bot_that_works_says_so(database):
    async with monitored(database) as monitor:
        assert await asked(monitor, "/healthz") == (200, '{"well": true, "oldest_run_seconds": 0.0}')


async def test_what_only_the_terminal_gets_is_late_only_where_the_terminal_is(database):
    subscribe(database)
    for without, late in ((), 120.0), ({"console"}, 0.0):
        there = Web("127.0.0.1:0", routes(database, Figures(), lambda: NINE + timedelta(minutes=2), without))
        async with there as monitor:
            assert f'"oldest_run_seconds": {late}' in (await asked(monitor, "/healthz"))[1]
            assert f"briefbot_oldest_run_seconds {late}" in (await asked(monitor, "/metrics"))[1]


async def test_a_digest_that_waits_to_be_written_is_in_the_queue(database):
    subscribe(database)
    plan(Runs(database), NINE)
    async with monitored(database) as monitor:
        assert "briefbot_queue 1.0" in (await asked(monitor, "/metrics"))[1]


async def test_a_bot_whose_database_is_gone_says_what_is_wrong(postgres_server):
    from tests import postgres

    with postgres.server() as server, Database.open(server.database()) as database:
        async with monitored(database) as monitor:
            server.stop("immediate")
            status, text = await asked(monitor, "/healthz")
        server.start()
    assert status == 503
    assert "cannot be reached" in text


async def test_a_bot_whose_database_does_not_answer_says_so_and_keeps_no_monitor_waiting(monkeypatch, postgres_server):
    from tests import postgres

    with postgres.server() as server, Database.open(server.database()) as database:
        async with monitored(database) as monitor:
            assert (await asked(monitor, "/healthz"))[0] == 200
            monkeypatch.setattr("bot.base.metrics.PATIENCE", 0.2)
            with server.frozen():
                answers = [await asked(monitor, path) for path in ("/healthz", "/metrics")]
            await asyncio.get_running_loop().shutdown_default_executor()  # who asked has an answer now
    assert [status for status, _ in answers] == [503, 503]
    for _, text in answers:
        assert f"{masked(database.url).rpartition('@')[2]} does not answer" in text


async def test_nothing_is_served_unless_a_place_is_given(database):
    async with monitored(database, place=None) as monitor:
        assert monitor._runner is None


@pytest.mark.parametrize("place", ["nonsense", "127.0.0.1:99999", "300.1.1.1:80"])
async def test_a_place_that_cannot_be_had_is_one_line(database, place):
    with pytest.raises(ConfigError, match=f"BRIEFBOT_HTTP={place}"):
        async with monitored(database, place=place):
            pass
