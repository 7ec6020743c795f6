"""The bot in many Slack workspaces, by HTTP: how it is installed, what it takes for Slack's word, how it is removed."""

from __future__ import annotations

import asyncio
import dataclasses
import gzip
import html
import json
import logging
from contextlib import asynccontextmanager

import pytest
import yaml
from sqlalchemy import func, select

from bot.app import App
from bot.base.web import Web
from bot.delivery.transport import Envelope, NotSent, Rejected, Sent, Unseen
from bot.operations.registry import adapters
from bot.platforms.slack.api import SCOPES
from bot.platforms.slack.http import SlackHttpAdapter
from briefs.config import Config
from briefs.errors import ConfigError, DatabaseBusy
from briefs.models import Auth, Channel, Source
from briefs.store.schema import installation as installation_table
from briefs.store.schema import once as once_table
from tests import sqlite
from tests.clock import Clock
from tests.conftest import ROOT
from tests.dispatcher import MONDAY
from tests.fakes import ledger
from tests.fakes.slack import Browser, FakeSlack
from tests.fakes.slack_hands import Hand
from tests.fakes.slack_workspace import FakeChannel
from tests.test_vault import key
from tests.test_web import HALF_A_BODY, HALF_A_HEAD, half_sent

KEY = key()


@pytest.fixture
async def fake():
    async with FakeSlack() as running:
        running.add_workspace("T2")
        yield running


@pytest.fixture
def clock():
    return Clock(MONDAY)


@pytest.fixture
def app(tmp_path, fake, clock):
    fake.clock = lambda: clock.now.timestamp()
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "topics.yaml").write_text('topics:\n  - name: Links\n    expression: "Tencent + Alibaba"\n')
    environment = {
        "SLACK_CLIENT_ID": fake.client_id,
        "SLACK_CLIENT_SECRET": fake.client_secret,
        "SLACK_SIGNING_SECRET": fake.signing_secret,
        "BRIEFBOT_HTTP": "127.0.0.1:0",
        "BRIEFBOT_KEY": KEY,
        "BRIEFBOT_SLACK_API": fake.api_url,
    }
    with App(Config.load(folder), sqlite.database(tmp_path / "briefs.db"), environment=environment, clock=clock) as app:
        yield app


@asynccontextmanager
async def serving(app, fake):
    bot = adapters(app)["slack"]
    assert isinstance(bot, SlackHttpAdapter)
    await bot.start()
    async with Web("127.0.0.1:0", bot.routes()) as server:
        fake.calls_at = f"http://127.0.0.1:{server.address[1]}/slack/events"
        yield bot
        await bot.stop()


@pytest.fixture
async def bot(app, fake):
    async with serving(app, fake) as bot:
        yield bot


# ---------------------------------------------------------------- installing


async def test_who_installs_it_is_sent_to_slack_and_asked_for_the_scopes_of_the_manifest(fake, bot):
    asked = await Browser(fake).begin()
    assert (asked["client_id"], asked["scope"]) == (fake.client_id, ",".join(SCOPES))


async def test_two_workspaces_install_the_bot_and_each_is_answered_in_its_own_name(fake, bot):
    assert [await Browser(fake).install(team) for team in ("T1", "T2")] == [200, 200]

    (one,) = await fake.slash("/brief", "topics", team="T1")
    (two,) = await fake.slash("/brief", "topics", team="T2")
    assert (one.only_to, two.only_to) == ("U1", "U1")
    await fake.mention("topics", team="T2")
    spoken = [token for method, token in fake.spoken if method == "chat.postEphemeral"]
    assert spoken == [fake.workspaces["T2"].bot_token]


@pytest.mark.parametrize("garbled", [[], 1, None, "x"])
async def test_what_is_signed_and_of_no_shape_of_slacks_is_left_out_with_one_line(fake, bot, caplog, garbled):
    await Browser(fake).install("T1")

    assert await fake.post(*fake.signed("events_api", garbled)) == 400
    (line,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert "is left out" in line.message
    assert line.exc_info is not None  # for --debug; the log has one line


async def test_where_it_is_not_installed_nobody_is_served_and_what_to_do_is_said(fake, bot, app):
    body, headers = fake.signed("slash_commands", slash(fake, "topics", "T2"))

    assert await fake.post(body, headers) == 200
    await fake.until(lambda: bool(fake.workspaces["T2"].shown), "an answer")
    assert "install me" in fake.workspaces["T2"].shown[0].text


async def test_a_state_is_good_once_in_one_browser_and_for_ten_minutes(fake, bot, clock, app):
    browser = Browser(fake)
    state = (await browser.begin())["state"]
    cookie = browser.cookie

    async def back(state: str, cookie: str) -> int:
        browser.cookie = cookie
        return (await browser.get(f"/slack/oauth_redirect?code={fake.agree('T1')}&state={state}"))[0]

    assert await back(state, "") == 400
    assert await back("forged", "slack-app-oauth-state=forged") == 401
    assert app.installations.workspaces("slack") == []
    assert await back(state, cookie) == 200
    assert await back(state, cookie) == 401
    late = (await browser.begin())["state"]
    clock.now += clock.now.resolution * 600_000_001
    assert await back(late, browser.cookie) == 401


@pytest.mark.parametrize(
    ("extras", "problem"),
    [
        ({"is_enterprise_install": True, "team": None, "enterprise": {"id": "E1"}}, "organisation-wide"),
        ({"refresh_token": "xoxe-" + "1", "expires_in": 43200}, "turn token rotation off"),
    ],
)
async def test_an_installation_that_cannot_be_served_is_refused_with_the_reason_in_the_log(
    fake, bot, app, caplog, extras, problem
):
    fake.installation_extras = extras

    assert await Browser(fake).install("T1") == 500
    assert app.installations.workspaces("slack") == []
    assert problem in caplog.text


async def test_a_code_that_slack_does_not_know_installs_nothing(fake, bot, app):
    browser = Browser(fake)
    state = (await browser.begin())["state"]
    status, _, page = await browser.get(f"/slack/oauth_redirect?code=forged&state={state}")

    assert status == 401
    assert "invalid_code" in html.unescape(page)
    assert app.installations.workspaces("slack") == []


async def test_where_slack_cannot_be_reached_the_page_says_so(fake, bot, app):
    fake.fail_next("oauth.v2.access", ledger.CLOSED_BEFORE_STORING)

    assert await Browser(fake).install("T1") == 502
    assert await Browser(fake).install("T1") == 200


async def test_no_token_stands_in_the_database_nor_in_the_log(fake, bot, app, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    await Browser(fake).install("T1")
    await fake.slash("/brief", "topics")
    app.close()

    files = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    for secret in (fake.bot_token, fake.client_secret, fake.signing_secret, KEY):
        assert secret.encode() not in files
        assert secret not in caplog.text


# ---------------------------------------------------------------- what is Slack's word


def slash(fake, text, team="T1"):
    there = fake.workspaces[team]
    asked = {"command": "/brief", "text": text, "user_id": "U1", "channel_id": "C1", "channel_name": "general"}
    return asked | fake._handed_out(there, "C1", "U1")


@pytest.mark.parametrize("seconds", [-300, -1, 0, 1, 300])
async def test_what_is_signed_within_five_minutes_is_taken(fake, bot, clock, seconds):
    body, headers = fake.signed("slash_commands", slash(fake, "topics"), clock.now.timestamp() + seconds)
    assert await fake.post(body, headers) == 200


async def test_hundreds_of_half_sent_requests_hold_up_no_acknowledgement(fake, bot):
    address = fake.calls_at.removeprefix("http://").partition("/")[0].split(":")
    async with half_sent(address, *[HALF_A_HEAD, HALF_A_BODY] * 200):
        for number in range(20):
            assert await fake.post(*fake.signed("slash_commands", slash(fake, f"topic show {number}"))) == 200
    assert max(ack.seconds for ack in fake.acks) < 3  # what Slack gives


@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 86_400])
async def test_what_is_older_or_newer_is_not(fake, bot, clock, seconds):
    body, headers = fake.signed("slash_commands", slash(fake, "topics"), clock.now.timestamp() + seconds)
    assert await fake.post(body, headers) == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Slack-Request-Timestamp": "junk"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "1e9"},
        {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Request-Timestamp": "nan"},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "é"},
        {"X-Slack-Signature": ""},
    ],
)
async def test_a_header_that_is_not_slacks_is_refused(fake, bot, changes):
    body, headers = fake.signed("slash_commands", slash(fake, "topics"))
    assert await fake.post(body, headers | changes) == 401


async def test_a_header_that_is_missing_is_refused(fake, bot):
    body, headers = fake.signed("slash_commands", slash(fake, "topics"))
    for name in ("X-Slack-Request-Timestamp", "X-Slack-Signature"):
        assert await fake.post(body, {n: v for n, v in headers.items() if n != name}) == 401


async def test_the_signature_is_over_the_very_bytes(fake, bot, app):
    await Browser(fake).install("T1")
    body, headers = fake.signed("slash_commands", slash(fake, "subscribe Links"))

    for edited in (body.replace(b"U1", b"U2"), body + b"&", body.replace(b"+", b"%20"), b"", b"\xff\xfe" + body):
        assert await fake.post(edited, headers) == 401
    assert app.channels.all_subscriptions() == []
    assert await fake.post(body, headers) == 200


async def test_a_request_that_is_replayed_is_not_carried_out_again(fake, bot, app):
    await Browser(fake).install("T1")
    body, headers = fake.signed("slash_commands", slash(fake, "help"))

    assert [await fake.post(body, headers) for _ in range(3)] == [200, 200, 200]
    await fake.until(lambda: bool(fake.shown), "an answer")
    await fake.slash("/brief", "topics")
    assert len(fake.shown) == 2


async def test_a_request_that_is_replayed_under_another_signature_header_is_not_signed(fake, bot, app):
    await Browser(fake).install("T1")
    body, headers = fake.signed("slash_commands", slash(fake, "help"))
    assert await fake.post(body, headers) == 200
    await fake.until(lambda: bool(fake.shown), "an answer")

    for name in ("X-Slack-Signature", "X-Slack-Request-Timestamp"):
        for order in (1, -1):
            doubled = [*headers.items(), *[(name, headers[name]), (name, "v0=0")][::order]]
            assert await fake.post(body, [one for one in doubled if one != (name, headers[name])]) == 401
            assert await fake.post(body, doubled) == 401
    assert await fake.post(body, {**headers, "X-Slack-Signature": headers["X-Slack-Signature"] + " "}) in (200, 401)
    await fake.slash("/brief", "topics")
    assert len(fake.shown) == 2


async def test_whoever_only_asks_for_the_page_leaves_nothing_in_the_database(fake, bot, app):
    for _ in range(50):
        assert (await Browser(fake).begin())["state"]
    with app.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(once_table)).scalar() == 0


async def test_a_compressed_body_is_not_inflated_before_it_is_signed(fake, bot, app):
    body, headers = fake.signed("slash_commands", slash(fake, "help"))
    bomb = gzip.compress(body + b" " * 2**24)
    assert await fake.post(bomb, {**headers, "Content-Encoding": "gzip"}) == 401


async def test_a_request_that_is_replayed_to_another_bot_is_not_answered_by_it_either(fake, bot, app):
    await Browser(fake).install("T1")
    body, headers = fake.signed("slash_commands", slash(fake, "help"))
    assert await fake.post(body, headers) == 200
    await fake.until(lambda: bool(fake.shown), "an answer")

    with App(app.config, app.address, environment=app.environment, clock=app.clock) as another:
        async with serving(another, fake):
            assert await fake.post(body, headers) == 200
            await fake.slash("/brief", "topics")
    assert len(fake.shown) == 2


class Gone:
    """A database that is away."""

    def note_all(self, *_: object) -> bool:
        raise DatabaseBusy("the database is locked by another process")


async def test_without_the_database_slack_is_told_to_come_again(fake, app, caplog):
    app.__dict__["once"] = Gone()
    async with serving(app, fake):
        body, headers = fake.signed("slash_commands", slash(fake, "help"))
        assert await fake.post(body, headers) == 503
    assert [r.getMessage() for r in caplog.records if r.levelname == "ERROR"] == [
        "a request from Slack could not be taken: the database is locked by another process"
    ]


async def test_with_a_wrong_key_the_asker_is_not_told_to_install_anything(fake, app, caplog):
    async with serving(app, fake):
        await Browser(fake).install("T1")
    del app.__dict__["installations"]
    app.environment = {**app.environment, "BRIEFBOT_KEY": key()}
    async with serving(app, fake):
        (shown,) = await fake.slash("/brief", "help")
    assert shown.text.startswith("I cannot answer in this workspace just now")
    assert "Traceback" not in caplog.text


async def test_what_slack_asks_of_a_new_address_is_answered(fake, bot):
    body, headers = fake.signed("events_api", {"type": "url_verification", "challenge": "c-1"})
    assert await fake.post(body, headers) == 200
    assert "c-1" in fake.acks[-1].payload


async def test_a_command_is_acknowledged_at_once_and_a_button_works(fake, bot, app):
    await Browser(fake).install("T1")
    (shown,) = await fake.slash("/brief", "subscribe Links at 9:00")
    assert "09:00" in shown.text
    assert fake.acks[-1].seconds < 3
    (asked,) = app.channels.all_subscriptions()
    assert asked.channel == Channel("slack", "T1", "C1")


async def test_a_form_of_one_workspace_is_searched_filled_in_and_saved_there(fake, bot, app):
    for team in ("T1", "T2"):
        await Browser(fake).install(team)
        fake.workspaces[team].channels["C0000NEWS"] = FakeChannel("news", {"U1"})
    hand = Hand(fake, team="T2")
    form = await hand.press(await hand.home(), "Subscribe a channel")
    await hand.choose(form, "Topic", "Links")
    await hand.fill(form, "Channel", "C0000NEWS")
    assert await hand.submit(form, times=2) == {}
    await fake.until(lambda: bool(fake.workspaces["T2"].shown), "what all are told")
    (kept,) = app.channels.all_subscriptions()
    assert kept.channel == Channel("slack", "T2", "C0000NEWS")
    assert len(fake.workspaces["T2"].shown) == 1
    assert "#news" not in json.dumps((await Hand(fake, team="T1").home()).view)


# ---------------------------------------------------------------- taken out again


async def event(fake, kind, team, at=None, **more):
    body, headers = fake.signed("events_api", fake.event({"type": kind, **more}, team, at))
    assert await fake.post(body, headers) == 200


async def subscribed(fake, *teams):
    for team in teams:
        await Browser(fake).install(team)
        await fake.slash("/brief", "subscribe Links at 9:00", team=team)


async def until(condition):
    async with asyncio.timeout(60):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110  # Bolt works on it in the background
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("kind", "more", "reason"),
    [
        ("app_uninstalled", {}, "app_uninstalled"),
        ("tokens_revoked", {"tokens": {"bot": ["UBOT"], "oauth": []}}, "token_revoked"),
    ],
)
async def test_where_it_is_removed_all_is_paused_with_the_reason_and_nothing_is_lost(
    fake, bot, app, kind, more, reason
):
    await subscribed(fake, "T1", "T2")

    await event(fake, kind, "T1", **more)
    await until(lambda: app.installations.workspaces("slack") == ["T2"])
    await until(lambda: any(one.paused for one in app.channels.all_subscriptions()))

    one, two = sorted(app.channels.all_subscriptions(), key=lambda kept: kept.channel.workspace)
    assert (one.paused, one.paused_because, two.paused) == (True, reason, False)
    with app.database.read() as connection:
        tokens = dict(connection.execute(select(installation_table.c.workspace, installation_table.c.token)).all())
    assert tokens["T1"] is None

    await Browser(fake).install("T1")
    (shown,) = await fake.slash("/brief", "list")
    assert "paused" in shown.text
    await fake.slash("/brief", "resume")
    assert not any(kept.paused for kept in app.channels.all_subscriptions())


async def test_a_persons_own_token_is_none_of_ours(fake, bot, app):
    await subscribed(fake, "T1")
    await event(fake, "tokens_revoked", "T1", tokens={"oauth": ["U1"], "bot": []})
    await fake.slash("/brief", "help")
    assert not app.channels.all_subscriptions()[0].paused


async def test_a_removal_that_is_told_late_leaves_the_new_installation(fake, bot, app, clock):
    before = clock.now.timestamp() - 60
    await subscribed(fake, "T1")
    await event(fake, "app_uninstalled", "T1", at=before)
    await fake.slash("/brief", "help")
    assert app.installations.workspaces("slack") == ["T1"]
    assert not app.channels.all_subscriptions()[0].paused


# ---------------------------------------------------------------- digests out


def envelope(team):
    return Envelope(Channel("slack", team, "C1"), {"text": "the digest"}, "d-1", "n-1")


async def test_a_digest_goes_out_in_the_name_of_its_workspace(fake, bot):
    for team in ("T1", "T2"):
        await Browser(fake).install(team)
        assert isinstance(await bot.transport.send(envelope(team)), Sent)
        assert [entry.channel for entry in fake.workspaces[team].ledger] == ["C1"]
    assert bot.transport.permalink(Channel("slack", "T1", "C1"), "1.2") == "https://fake.slack.com/archives/C1/p12"


async def test_where_it_is_not_installed_a_digest_is_rejected_for_good(fake, bot):
    assert await bot.transport.send(envelope("T1")) == Rejected("app_uninstalled")


async def test_with_a_wrong_key_a_digest_waits_for_the_operator_and_no_channel_is_paused(fake, app, caplog):
    async with serving(app, fake):
        await Browser(fake).install("T1")
    del app.__dict__["installations"]
    app.environment = {**app.environment, "BRIEFBOT_KEY": key()}
    async with serving(app, fake) as bot:
        outcome = await bot.transport.send(envelope("T1"))
        sight = await bot.transport.look(envelope("T1"))
        assert isinstance(outcome, NotSent)
        assert isinstance(sight, Unseen)
        assert outcome.after_seconds
        assert "does not open the tokens of T1" in (await bot.problem() or "")
    assert any(r.levelname == "ERROR" and "does not open the tokens of T1" in r.getMessage() for r in caplog.records)


async def test_another_process_sees_an_installation_at_once(fake, app, bot):
    other = adapters(app)["slack"]
    assert await other.transport.send(envelope("T1")) == Rejected("app_uninstalled")
    await Browser(fake).install("T1")
    assert isinstance(await other.transport.send(envelope("T1")), Sent)


async def test_a_token_that_slack_refuses_is_found_by_the_check(fake, bot):
    await Browser(fake).install("T1")
    assert await bot.problem() is None
    fake.fail_next("auth.test", ledger.error("token_revoked"))
    assert "the installation of T1 (token_revoked)" in (await bot.problem() or "")


# ---------------------------------------------------------------- the set-up


@pytest.mark.parametrize("missing", ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET", "BRIEFBOT_HTTP"])
def test_a_setting_that_is_missing_is_named(app, missing):
    app.environment = {name: value for name, value in app.environment.items() if name != missing}
    with pytest.raises(ConfigError, match=f"; not set: {missing}. See “Slack for many workspaces”"):
        adapters(app)


def test_without_a_key_nothing_is_installed(app):
    app.environment = {**app.environment, "BRIEFBOT_KEY": ""}
    with pytest.raises(ConfigError, match="BRIEFBOT_KEY is not set"):
        adapters(app)


FOR_FEW = [
    Source("/srv/notes", "folder"),
    Source("/srv/notes/a.md", "file"),
    Source("https://a.example/feed", "feed", auth=Auth("bearer", "env:TOKEN")),
    Source("https://a.example/feed?token=0123456789abcdef0123", "feed"),
    Source("http://wiki.corp/feed", "feed", allow=("wiki.corp",)),
]


@pytest.mark.parametrize("source", FOR_FEW, ids=lambda source: source.address)
def test_what_not_everybody_can_read_is_not_served_to_strangers_unless_it_is_one_workspaces_or_public(app, source):
    app.config = dataclasses.replace(app.config, sources=(source,))
    with pytest.raises(ConfigError, match=r"could read .*: say .*workspace: slack.* or public: true") as refused:
        adapters(app)
    assert "0123456789abcdef" not in str(refused.value)
    for said in ({"public": True}, {"workspace": "slack/T1"}):
        app.config = dataclasses.replace(app.config, sources=(dataclasses.replace(source, **said),))
        assert adapters(app)


def test_what_everybody_can_read_is_served(app):
    app.config = dataclasses.replace(app.config, sources=(Source("https://a.example/feed", "feed"),))
    assert adapters(app)


def test_one_workspace_or_many_but_not_both(app):
    app.environment = {**app.environment, "SLACK_BOT_TOKEN": "xoxb-" + "1"}
    with pytest.raises(ConfigError, match="Slack is set up twice"):
        adapters(app)


def test_the_two_manifests_differ_only_in_how_slack_reaches_the_bot():
    one, many = (
        yaml.safe_load((ROOT / "config" / name).read_text(encoding="utf-8"))
        for name in ("slack-manifest.yaml", "slack-manifest-http.yaml")
    )
    site = "https://briefbot.example.org"
    assert many["oauth_config"].pop("redirect_urls") == [f"{site}/slack/oauth_redirect"]
    assert many["settings"]["event_subscriptions"].pop("request_url") == f"{site}/slack/events"
    for way in ("request_url", "message_menu_options_url"):
        assert many["settings"]["interactivity"].pop(way) == f"{site}/slack/events"
    assert [command.pop("url") for command in many["features"]["slash_commands"]] == [f"{site}/slack/events"]
    assert (one["settings"].pop("socket_mode_enabled"), many["settings"].pop("socket_mode_enabled")) == (True, False)
    assert one == many


def test_the_clock_of_these_tests_is_not_the_machines(clock):
    assert clock.now == MONDAY
