"""The program as a whole: it serves what it can, says what it cannot, and stops when it is told to."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import EntryPoint
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import func, select

from bot.app import App, config_folder, database_address
from bot.base.leader_election import Lead
from bot.base.resources import starter
from bot.delivery.transport import Unknown
from bot.operations import registry
from bot.operations.gather_process import Gatherer, deadline
from bot.operations.registry import adapters
from bot.operations.service import END_SECONDS, serve
from bot.platforms.port import Platform
from briefs.archive import Archive
from briefs.config import Config
from briefs.errors import ConfigError
from briefs.models import Article, Channel, Source
from briefs.store import schema
from briefs.store.channels import Channels
from briefs.store.daily_reports import DailyReports
from briefs.store.database import Database
from briefs.store.leases import Leases
from briefs.store.schema import delivery, lease
from tests import postgres, sqlite
from tests.conftest import ROOT
from tests.fakes import ledger
from tests.fakes.slack import FakeSlack
from tests.fakes.transport import RecordingTransport

NINE = datetime(2026, 9, 14, 9, tzinfo=UTC)

# ---------------------------------------------------------------- where things are


def test_the_database_is_an_address_a_path_or_a_file_in_the_users_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    assert database_address("postgresql+psycopg://db/briefs") == "postgresql+psycopg://db/briefs"
    assert database_address("team.db") == f"sqlite:///{tmp_path}/team.db"
    assert database_address(None) == f"sqlite:///{tmp_path}/briefbot/briefs.db"


def test_the_configuration_is_the_chosen_folder_the_users_own_or_the_starters(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    assert config_folder(tmp_path) == tmp_path
    assert config_folder(None) == starter("config")
    (tmp_path / "briefbot").mkdir()
    assert config_folder(None) == tmp_path / "briefbot"


def test_the_starter_content_is_there():
    assert list((starter("seeds") / "articles").glob("*.md"))
    assert Config.load(starter("config")).topics


# ---------------------------------------------------------------- adapters


@pytest.fixture
def app(tmp_path):
    with App(Config.load(None), sqlite.database(tmp_path / "briefs.db"), environment={}) as app:
        yield app


def with_environment(app: App, **environment: str) -> App:
    return App(app.config, app.address, environment=environment)


def test_a_platform_is_served_when_its_secrets_are_set(app):
    both = {"SLACK_BOT_TOKEN": "xoxb-" + "1", "SLACK_APP_TOKEN": "xapp-" + "1"}

    assert set(adapters(app)) == set()
    assert set(adapters(with_environment(app, **both))) == {"slack"}
    with pytest.raises(ConfigError, match="not set: SLACK_APP_TOKEN"):
        adapters(with_environment(app, SLACK_BOT_TOKEN="xoxb-" + "1"))
    with pytest.raises(ConfigError, match="not set: SLACK_BOT_TOKEN"):
        adapters(with_environment(app, SLACK_APP_TOKEN="xapp-" + "1"))


def test_a_platform_of_another_package_is_found_by_its_entry_point(app, monkeypatch):
    def connect(bot, environment):
        return FakeAdapter() if "PIGEON_TOKEN" in environment else None

    pigeons = Platform("pigeon", "PIGEON_TOKEN", ("PIGEON_TOKEN",), connect)
    entry = EntryPoint("pigeon", "elsewhere:PIGEONS", "briefbot.platforms")
    monkeypatch.setattr(EntryPoint, "load", lambda _: pigeons)
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry] if group == entry.group else [])
    registry.platforms.cache_clear()
    try:
        assert set(adapters(with_environment(app, PIGEON_TOKEN="coo" * 4))) == {"pigeon"}
        assert "or PIGEON_TOKEN" in registry.none_set()
        assert "PIGEON_TOKEN" in registry.secrets()
    finally:
        registry.platforms.cache_clear()


def test_an_operators_channel_where_there_is_no_platform_is_a_mistake(tmp_path):
    (tmp_path / "settings.yaml").write_text("admin_channel: slak/T1/C1\n", encoding="utf-8")
    with (
        App(Config.load(tmp_path), f"sqlite:///{tmp_path}/briefs.db", environment={}) as app,
        pytest.raises(ConfigError, match="there is no platform slak; there are slack, discord"),
    ):
        adapters(app)


class FakeAdapter:
    """An adapter that starts, or does not."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.transport = RecordingTransport()
        self.trouble = trouble
        self.life: list[str] = []

    async def start(self) -> None:
        if self.trouble:
            raise self.trouble
        self.life.append("started")

    async def stop(self) -> None:
        self.life.append("stopped")


class Rounds:
    """A gatherer that counts."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def __call__(self) -> None:
        self.begun.set()


@asynccontextmanager
async def served(app, **chosen):
    stop, rounds = asyncio.Event(), Rounds()
    service = asyncio.create_task(serve(app, chosen, stop, rounds))
    async with asyncio.timeout(60):
        await rounds.begun.wait()
        yield
        stop.set()
        assert await service


async def test_adapters_are_started_gathering_begins_and_all_is_stopped(app):
    adapter = FakeAdapter()

    async with served(app, console=adapter):
        assert adapter.life == ["started"]

    assert adapter.life == ["started", "stopped"]


async def test_a_copy_that_was_put_back_is_noticed_before_anything_is_posted(app, tmp_path, caplog):
    digest_that_is_due(tmp_path / "briefs.db")
    app.database.backup(tmp_path / "copy.db")
    with App(app.config, f"sqlite:///{tmp_path}/copy.db", environment={}) as again:
        async with served(again, console=FakeAdapter()):
            pass

    (said,) = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert said.startswith(
        f"{again.address} is a copy that was put back: messages that waited: 0, digests that were due"
    )


async def test_an_adapter_that_fails_is_one_line_and_the_others_go_on(app, caplog):
    good, bad = FakeAdapter(), FakeAdapter(ConfigError("SLACK_BOT_TOKEN is refused: copy it again"))

    with caplog.at_level(logging.ERROR):
        async with served(app, console=good, slack=bad):
            pass

    assert [record.getMessage() for record in caplog.records] == ["slack: SLACK_BOT_TOKEN is refused: copy it again"]
    assert good.life == ["started", "stopped"]
    assert bad.life == []


async def eventually(holds):
    async with asyncio.timeout(60):
        while not await asyncio.to_thread(holds):  # noqa: ASYNC110  # it is in a database
            await asyncio.sleep(0.02)


async def hello(_request: web.Request) -> web.Response:
    return web.Response()


async def test_while_it_serves_operators_are_told_monitors_answered_and_what_is_over_is_dropped(
    tmp_path, unused_tcp_port
):
    (tmp_path / "settings.yaml").write_text("zone: UTC\nadmin_channel: slack/T1/C9\n")
    digest_that_is_due(tmp_path / "briefs.db", NINE)
    place = f"127.0.0.1:{unused_tcp_port}"
    app = App(
        Config.load(tmp_path),
        f"sqlite:///{tmp_path}/briefs.db",
        environment={"BRIEFBOT_HTTP": place},
        clock=lambda: NINE,
    )
    with app:
        (subscription,) = app.channels.all_subscriptions()
        app.channels.pause(subscription, "is_archived")
        app.once.note("state", "over", NINE)
        adapter = FakeAdapter()
        adapter.transport = RecordingTransport("slack")
        adapter.routes = lambda: [web.get("/slack/hello", hello)]
        async with served(app, slack=adapter), aiohttp.ClientSession() as session:
            await eventually(lambda: adapter.transport.tried)
            assert adapter.transport.tried[0].channel.id == "C9"
            await eventually(lambda: app.once.note("state", "over", NINE))
            for path in ("healthz", "metrics", "slack/hello"):
                async with session.get(f"http://{place}/{path}") as answer:
                    assert answer.status == 200


async def test_when_no_adapter_is_left_the_service_ends(app):
    assert not await serve(app, {"slack": FakeAdapter(ConfigError("no"))}, asyncio.Event(), Rounds())


async def test_an_adapter_that_hangs_at_the_end_is_left_behind(app, monkeypatch):
    monkeypatch.setattr("bot.operations.service.STOP_SECONDS", 0.05)
    adapter = FakeAdapter()
    adapter.stop = asyncio.Event().wait

    async with served(app, console=adapter):
        pass


# ---------------------------------------------------------------- what the settings say of digests


@pytest.fixture
def digests(tmp_path):
    """Start the program with these settings, one digest due at an instant; give how it works at another, and what with.

    Its transport's first answer is lost, and its channel cannot be read.
    """
    with ExitStack() as ends:

        def start(settings: str, due: datetime):
            (tmp_path / "settings.yaml").write_text(settings)
            digest_that_is_due(tmp_path / "briefs.db", due)
            clock, transport = [due], RecordingTransport("slack", readable=False)
            app = ends.enter_context(
                App(Config.load(tmp_path), f"sqlite:///{tmp_path}/briefs.db", environment={}, clock=lambda: clock[0])
            )
            app.delivery_worker.serve(transport)

            async def works(now: datetime) -> None:
                clock[0] = now
                await app.delivery_worker.tick()
                await app.delivery_worker.drain()

            return works, transport, app

        yield start


@pytest.mark.parametrize(("quiet", "posts"), [("08:00-10:00", 0), ("20:00-22:00", 1)])
async def test_the_quiet_hours_of_the_settings_are_kept(digests, quiet, posts):
    works, transport, _ = digests(f"quiet_hours: {quiet}\n", NINE)

    await works(NINE)
    assert len(transport.posted) == posts
    await works(NINE + timedelta(hours=1))
    assert len(transport.posted) == 1


@pytest.mark.parametrize(("catch_up", "posts"), [("newest", 1), ("none", 0)])
async def test_after_downtime_the_settings_say_what_is_made_up_for(digests, catch_up, posts):
    works, transport, _ = digests(f"catch_up: {catch_up}\n", NINE)

    await works(NINE + timedelta(hours=3))

    assert len(transport.posted) == posts


@pytest.mark.parametrize(("policy", "state"), [("prefer_delivery", "SENT"), ("prefer_silence", "PARKED")])
async def test_what_stays_unknown_is_decided_by_the_settings_and_counted(digests, policy, state):
    works, transport, app = digests(f"policy: {policy}\n", NINE)
    transport.script.append(Unknown("reset"))

    for minutes in (0, 2, 4):
        await works(NINE + timedelta(minutes=minutes))

    page = app.figures.page(app.database, NINE).decode()
    assert f'briefbot_deliveries{{state="{state}"}} 1.0' in page
    assert 'briefbot_posts_total{platform="slack",state="uncertain"} 1.0' in page


# ---------------------------------------------------------------- gathering beside the bot


@pytest.fixture
def shared(tmp_path):
    """The address of a database, and the right to gather into it."""
    address = f"sqlite:///{tmp_path}/shared.db"
    with Database.open(address) as database:
        yield address, Lead(Leases(database), "gathering", "us")


async def gathered(shared, arguments, environment=None, **changes):
    address, lead = shared
    await lead.beat()
    environment = os.environ | {"PYTHONPATH": str(ROOT)} if environment is None else environment
    await Gatherer(arguments, environment, address, lead, **changes).round()


async def test_of_several_bots_the_one_that_leads_gathers_and_the_next_begins_when_it_is_gone(shared, tmp_path, caplog):
    address, lead = shared
    with Database.open(address) as database:
        other = Lead(Leases(database), "gathering", "them")
        await other.beat()
        await lead.beat()
        waiting = asyncio.create_task(gathered(shared, ["--config", str(tmp_path / "nowhere")]))
        await asyncio.sleep(0)
        assert not waiting.done()
        await other.leave()
    await lead.beat()
    await waiting
    assert "nowhere" in caplog.text


async def test_without_a_lead_each_of_several_bots_gathers_and_waits_for_none(shared, tmp_path, caplog):
    address, _ = shared
    arguments, environment = ["--config", str(tmp_path / "nowhere")], os.environ | {"PYTHONPATH": str(ROOT)}
    await asyncio.gather(*(Gatherer(arguments, environment, address, None).round() for _ in range(2)))
    assert caplog.text.count("gathering failed") == 2


async def test_a_round_of_gathering_is_a_process_whose_report_is_logged(tmp_path, caplog, shared):
    (tmp_path / "config").mkdir()
    (tmp_path / "a.md").write_text("Tencent opens its links to Taobao, said the company on Tuesday.")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "config/sources.yaml").write_text(f"sources: [{{folder: {tmp_path}}}]")
    arguments = ["--config", str(tmp_path / "config")]

    with caplog.at_level(logging.INFO):
        await gathered(shared, arguments)

    assert "gathered: 1 new" in caplog.text
    assert "empty.txt" in caplog.text


async def test_a_source_in_trouble_is_logged_once_a_day_and_once_when_it_answers_again(shared, caplog):
    address, lead = shared
    now = [NINE]
    gatherer = Gatherer([], {}, address, lead, clock=lambda: now[0])

    def round_(*refused: str, recovered: tuple[str, ...] = (), why: str = "not found") -> list[str]:
        caplog.clear()
        told = [{"address": one, "error": f"{one}: {why}"} for one in refused]
        gatherer.tell({"new": 0, "changed": 0, "unchanged": 0, "refused": told, "recovered": list(recovered)})
        return [record.getMessage() for record in caplog.records]

    assert round_("a", "b") == ["a: not found", "b: not found"]
    now[0] += timedelta(hours=23)
    assert round_("a", "b") == []
    assert round_("b", recovered=("a",)) == ["a: answers again"]
    assert round_("a", "b") == ["a: not found"]
    now[0] += timedelta(hours=2)
    assert round_("a", "b") == ["b: not found"]
    assert round_("a", why="no answer in 12 s") == ["a: no answer in 12 s"]
    assert round_("a", why="no answer in 13 s") == []
    assert round_("b", recovered=("a",)) == ["a: answers again"]
    assert round_("a", why="no answer in 14 s") == ["a: no answer in 14 s"]


async def test_a_round_that_fails_is_logged_in_one_line(tmp_path, caplog, shared):
    await gathered(shared, ["--config", str(tmp_path / "nowhere")])

    assert "gathering failed: briefbot: " in caplog.text
    assert "nowhere" in caplog.text


@pytest.fixture
def silent(tmp_path):
    """A configuration whose one source takes our connection and never answers; and where it listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        folder = tmp_path / "silent"
        folder.mkdir()
        feed = f"http://127.0.0.1:{server.getsockname()[1]}/feed"
        (folder / "sources.yaml").write_text(f"sources: [{{feed: '{feed}', allow: [127.0.0.1]}}]")
        yield folder, server


def patient() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


async def test_a_round_that_is_cancelled_ends_its_process(silent, shared):
    folder, server = silent
    round_ = asyncio.create_task(gathered(shared, ["--config", str(folder)], patient()))
    connection, _ = await asyncio.get_running_loop().sock_accept(server)
    with connection:
        round_.cancel()
        with pytest.raises(asyncio.CancelledError):
            await round_


async def test_a_round_that_takes_too_long_is_ended_and_logged(silent, shared, caplog):
    folder, _ = silent
    soon = timedelta(milliseconds=500)

    await gathered(shared, ["--config", str(folder)], patient(), deadline=soon)

    assert "gathering took more than 0:00:00.500000" in caplog.text


_BOT = """
import asyncio, os, sys
from bot.base.leader_election import Lead
from briefs.store.database import Database
from briefs.store.leases import Leases
from tests.test_app import gathered

address, folder = sys.argv[1:]
with Database.open(address) as database:
    lead = Lead(Leases(database), "gathering", "us")
    asyncio.run(gathered((address, lead), ["--config", folder], os.environ))
"""


def test_a_round_ends_with_the_bot_that_is_killed(silent, shared):
    folder, server = silent
    server.setblocking(True)
    server.settimeout(60)
    command = [sys.executable, "-c", _BOT, shared[0], str(folder)]
    with subprocess.Popen(command, env=patient(), cwd=ROOT) as process:
        connection, _ = server.accept()  # the round is under way
        with connection:
            process.kill()
            connection.settimeout(60)
            while connection.recv(65536):
                """What it asks; then it hangs up, because it is gone."""


def test_a_round_may_take_four_intervals_and_an_hour_at_least():
    assert deadline(timedelta(minutes=5)) == timedelta(hours=1)
    assert deadline(timedelta(minutes=30)) == timedelta(hours=2)


async def test_neither_the_address_of_the_database_nor_a_token_stands_where_others_can_read_it(
    tmp_path, shared, monkeypatch
):
    started = {}

    async def starts(*arguments, env, **streams):
        started.update(arguments=arguments, env=env)
        raise ConnectionAbortedError

    monkeypatch.setattr(asyncio, "create_subprocess_exec", starts)
    environment = {"SLACK_BOT_TOKEN": "xoxb-1", "DISCORD_TOKEN": "t", "PATH": "/bin"}
    with pytest.raises(ConnectionAbortedError):
        await gathered(("postgresql://ann:pw@db/briefs", shared[1]), ["--config", str(tmp_path)], environment)

    assert "pw" not in " ".join(started["arguments"])
    expected = {"PATH": "/bin", "BRIEFBOT_DATABASE": "postgresql://ann:pw@db/briefs", "BRIEFBOT_BESIDE": "1"}
    assert started["env"] == expected


def test_gathering_in_this_process_needs_no_workers_for_our_own_files(app):
    report = app.gather([Source(str(starter("seeds") / "articles"), "folder")], trusted=True)

    assert (report.new, report.refused) == (len(list((starter("seeds") / "articles").glob("*.md"))), ())


def test_forgetting_leaves_an_empty_program_as_it_is(app):
    def rows() -> dict[str, int]:
        with app.database.read() as connection:
            tables = schema.metadata.sorted_tables
            return {one.name: connection.execute(select(func.count()).select_from(one)).scalar_one() for one in tables}

    before = rows()
    app.forget()
    assert rows() == before


def test_days_on_which_operators_were_told_are_forgotten(tmp_path):
    clock = [NINE]
    with App(Config.load(None), sqlite.database(tmp_path / "b.db"), environment={}, clock=lambda: clock[0]) as app:
        days = DailyReports(app.database)
        assert days.begin("2026-09-14", NINE) is not None
        assert days.begin("2026-09-14", NINE) is None
        clock[0] += timedelta(days=100)
        app.forget()
        assert days.begin("2026-09-14", NINE) is not None


# ---------------------------------------------------------------- `briefbot run`, a real process


@asynccontextmanager
async def running(tmp_path: Path, folder: Path | None = None, **environment: str):
    """Run `briefbot run` with the configuration of a folder, or an empty one."""
    (tmp_path / "config").mkdir()
    arguments = ["--config", str(folder or tmp_path / "config")]
    environment.setdefault("BRIEFBOT_DATABASE", str(tmp_path / "briefs.db"))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "run", *arguments),
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), **environment},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until_connected(fake: FakeSlack) -> None:
    async with asyncio.timeout(60):
        while not fake.connections:  # noqa: ASYNC110  # made by another process
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_run_stops_cleanly_within_ten_seconds(tmp_path, number):
    async with FakeSlack() as fake:
        secrets = {"SLACK_BOT_TOKEN": fake.bot_token, "SLACK_APP_TOKEN": fake.app_token}
        async with running(tmp_path, BRIEFBOT_SLACK_API=fake.api_url, **secrets) as process:
            await until_connected(fake)
            shown = await fake.slash("/brief", "help")
            assert shown

            process.send_signal(number)
            _, log = await process.communicate()

            assert process.returncode == 0  # in time: later, it ends itself with 1
            assert END_SECONDS < 10
            assert b"Traceback" not in log
            assert fake.bot_token.encode() not in log


def digest_that_is_due(path: Path, now: datetime | None = None) -> None:
    """Subscribe the fake's channel to a digest whose time has come."""
    now = now or datetime.now(UTC)
    with Archive.open(f"sqlite:///{path}") as archive:
        archive.add([Article("1", "Links", "Tencent opens its links to Alibaba, said the company.", "en")])
        channels = Channels(archive.database)
        here = Channel("slack", "T1", "C1")
        topic = channels.add_topic(here, "Links", "tencent", (), "ann", now)
        plan = {"schedule": f"{now:%H:%M} daily", "zone": "UTC", "next_local": f"{now:%Y-%m-%dT%H:%M}"}
        channels.subscribe(here, topic, **plan, next_due=now, position=0, by="ann", now=now)


@pytest.mark.parametrize(("answers_after", "state"), [(2, "SENT"), (60, "SENDING")])
async def test_what_is_in_hand_when_run_is_told_to_stop_is_finished_or_left_to_its_lease_within_ten_seconds(
    tmp_path, silent, answers_after, state
):
    sources, _ = silent  # a round of gathering is under way, too, and never ends by itself
    digest_that_is_due(tmp_path / "briefs.db")
    async with FakeSlack() as fake:
        fake.fail_next("chat.postMessage", ledger.slow(answers_after))
        secrets = {"SLACK_BOT_TOKEN": fake.bot_token, "SLACK_APP_TOKEN": fake.app_token}
        async with running(tmp_path, folder=sources, **secrets, BRIEFBOT_SLACK_API=fake.api_url) as process:
            await fake.until(lambda: bool(fake.ledger), "a digest")
            process.send_signal(signal.SIGTERM)
            _, log = await process.communicate()
            assert process.returncode == 0
        assert len(fake.ledger) == 1

    assert b"Traceback" not in log
    with Database.open(f"sqlite:///{tmp_path}/briefs.db") as database, database.read() as connection:
        row = connection.execute(select(delivery)).one()
        assert connection.execute(select(lease)).all() == []
    assert row.state == state
    assert (row.lease_until is None) is (state == "SENT")


@pytest.mark.parametrize("trouble", ["gone", "frozen"])
async def test_run_stops_within_ten_seconds_when_its_database_does_not_answer(tmp_path, trouble):
    with postgres.server() as server:
        async with FakeSlack() as fake:
            secrets = {"SLACK_BOT_TOKEN": fake.bot_token, "SLACK_APP_TOKEN": fake.app_token}
            more = {"BRIEFBOT_SLACK_API": fake.api_url, "BRIEFBOT_DATABASE": server.database()}
            async with running(tmp_path, **secrets, **more) as process:
                await until_connected(fake)
                assert await fake.slash("/brief", "help")
                with server.frozen() if trouble == "frozen" else server.gone():
                    process.send_signal(signal.SIGTERM)
                    _, log = await process.communicate()

    assert b"Traceback" not in log
    if trouble == "gone":
        assert (process.returncode, b"another process takes over" in log) == (0, True)
    else:
        assert (process.returncode, b"does the database answer?" in log) == (1, True)


async def test_run_with_a_token_that_is_refused_says_so_in_one_line_and_fails(tmp_path):
    async with FakeSlack() as fake:
        wrong = {"SLACK_BOT_TOKEN": "xoxb-" + "wrong", "SLACK_APP_TOKEN": fake.app_token}
        async with running(tmp_path, BRIEFBOT_SLACK_API=fake.api_url, **wrong) as process:
            _, log = await process.communicate()

    lines = log.decode().splitlines()
    assert process.returncode == 1
    assert len(lines) == 2
    assert "SLACK_BOT_TOKEN" in lines[0]
    assert lines[1].startswith("briefbot: ")
    assert "xoxb-" not in log.decode()
