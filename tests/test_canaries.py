"""Both SDKs tell all they do, at DEBUG, over a day in the life of the bot; no secret is in what is written.

What they tell is collected twice: as the program writes it, and raw, to see that there was something to strike out.
"""

from __future__ import annotations

import io
import logging
from contextlib import contextmanager

import pytest

from bot.app import App
from bot.base.logs import STRUCK_OUT, secrets_in, set_up
from bot.base.web import Web
from bot.operations.registry import adapters
from bot.platforms.discord.adapter import DiscordAdapter
from bot.platforms.slack.api import sdk_log
from briefs.config import Config
from tests import sqlite
from tests.dispatcher import ARTICLES
from tests.fakes import ledger
from tests.fakes.discord import MANAGER, FakeDiscord
from tests.fakes.slack import RESPONSE_URL, Browser, FakeSlack
from tests.test_vault import key

DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4" + ".GaBcDe." + "aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789-_"


@contextmanager
def all_told(capsys, environment):
    """Let everything be logged; give a function that gives what was written, and what was struck out of it."""
    root, levels = logging.getLogger(), {}
    handlers, level = root.handlers[:], root.level
    raw = io.StringIO()
    set_up("debug", environment, tracebacks=True)
    root.addHandler(logging.StreamHandler(raw))
    root.handlers.reverse()  # raw first: the redactor changes the record
    for logger in (sdk_log, logging.getLogger("discord"), logging.getLogger("slack_bolt")):
        levels[logger] = logger.level
        logger.setLevel(logging.DEBUG)
    try:
        yield lambda: (capsys.readouterr().err, raw.getvalue())
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for logger, before in levels.items():
            logger.setLevel(before)


def environment_of(fake, way):
    secrets = {
        "socket": {"SLACK_BOT_TOKEN": fake.bot_token, "SLACK_APP_TOKEN": fake.app_token},
        "http": {
            "SLACK_CLIENT_ID": fake.client_id,
            "SLACK_CLIENT_SECRET": fake.client_secret,
            "SLACK_SIGNING_SECRET": fake.signing_secret,
            "BRIEFBOT_HTTP": "127.0.0.1:0",
            "BRIEFBOT_KEY": f"{key()},{key()}",
        },
    }
    return {**secrets[way], "BRIEFBOT_SLACK_API": fake.api_url}


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_slack_at_its_most_talkative(tmp_path, capsys, way):
    async with FakeSlack() as fake:
        fake.bot_token = "xoxb-" + "canary-1234567890"
        environment = environment_of(fake, way)
        with (
            all_told(capsys, environment) as told,
            App(Config.load(None), sqlite.database(tmp_path / "b.db"), environment=environment) as app,
        ):
            app.archive.add(ARTICLES)
            bot = adapters(app)["slack"]
            await bot.start()
            async with Web("127.0.0.1:0", bot.routes() if way == "http" else []) as server:
                if way == "http":
                    fake.calls_at = f"http://127.0.0.1:{server.address[1]}/slack/events"
                    assert await Browser(fake).install("T1") == 200
                (found,) = await fake.slash("/brief", "tencent")
                await fake.press(found, "why")
                for fault in (ledger.status(500), ledger.STORED_THEN_RESET):
                    fake.fail_next("users.info", fault)
                    fake.fail_next(RESPONSE_URL, fault)
                    await fake.slash("/brief", "tencent", user="U2", answers=0)
                await fake.drop()
                await fake.mention("tencent")
            await bot.stop()
        written, raw = told()

    for secret in (*secrets_in(environment), fake.bot_token, *fake.handed_out):
        assert secret not in written
    assert any(one in raw for one in fake.handed_out)
    assert STRUCK_OUT in written


async def test_discord_at_its_most_talkative(tmp_path, capsys):
    async with FakeDiscord() as fake:
        fake.token = DISCORD
        environment = {"DISCORD_TOKEN": DISCORD}
        with (
            all_told(capsys, environment) as told,
            App(Config.load(None), sqlite.database(tmp_path / "b.db"), environment=environment) as app,
        ):
            app.archive.add(ARTICLES)
            bot = DiscordAdapter(app.dispatcher, token=DISCORD, api_url=fake.api_url, gateway_url=fake.gateway_url)
            await bot.start()
            seen = [await fake.slash("brief search", {"query": "tencent"}, permissions=MANAGER)]
            fake.fail_next("POST /interactions/*", ledger.status(500))
            seen.append(await fake.slash_unanswered("brief topics"))
            await fake.disconnect()
            seen.append(await fake.slash("brief topics"))
            await bot.stop()
        written, raw = told()

    assert len({one.token for one in seen}) == 3
    assert DISCORD not in written
    for one in seen:
        assert one.token in raw
        assert one.token not in written
    assert STRUCK_OUT in written
