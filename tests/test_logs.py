"""No secret in any log, whoever writes it."""

from __future__ import annotations

import json
import logging
from datetime import datetime

import pytest

from bot.base.logs import STRUCK_OUT, about, set_up, strike_out
from briefs.errors import ConfigError

BOT = "xoxb-" + "1234567890-0987654321-" + "AbCdEfGhIjKlMnOpQrStUvWx"
APP = "xapp-" + "1-A012345-678901234567-" + "0123456789abcdef" * 4
DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4" + ".GaBcDe." + "aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789-_"

CANARIES = {
    "a bot token": BOT,
    "a rotated token": "xoxe." + BOT,
    "an app token": APP,
    "a Discord token": DISCORD,
    "a Slack webhook": "T000/B000/canarycanarycanary",
    "a Discord webhook": "112233445566778899/canary-canary_canary",
    "a Discord interaction": "998877/aW50ZXJhY3Rpb246Y2FuYXJ5",
    "a Socket Mode ticket": "ticket-canary-123",
    "a database password": "ann:canary",
}
LINES = {
    "a bot token": "sent with {}",
    "a rotated token": "token={}",
    "an app token": "'Authorization': 'Bearer {}'",
    "a Discord token": "Bot {} is not valid",
    "a Slack webhook": "POST https://hooks.slack.com/services/{}",
    "a Discord webhook": "We are being rate limited. POST https://discord.com/api/v10/webhooks/{} responded with 429",
    "a Discord interaction": "POST http://127.0.0.1:8080/api/v10/interactions/{}/callback",
    "a Socket Mode ticket": "wss://wss-primary.slack.com/link/?ticket={}&app_id=A1",
    "a database password": "postgresql+psycopg://{}@db.example/briefs",
}


@pytest.fixture
def log(capsys):
    """Set logging up as the program does, and give what it wrote."""
    root = logging.getLogger()
    before = root.handlers[:], root.level

    def set_up_and(write, *, tracebacks=True, **environment):
        set_up("info", environment, tracebacks=tracebacks)
        write(logging.getLogger("bot.anything"))
        return capsys.readouterr().err

    yield set_up_and
    root.handlers[:], root.level = before


@pytest.mark.parametrize("kind", CANARIES)
def test_a_secret_in_a_message_is_struck_out(log, kind):
    said = log(lambda logger: logger.warning(LINES[kind].format("%s"), CANARIES[kind]))

    assert CANARIES[kind] not in said
    assert STRUCK_OUT in said


@pytest.mark.parametrize("kind", CANARIES)
@pytest.mark.parametrize("tracebacks", [True, False])
def test_a_secret_in_a_traceback_is_struck_out(log, kind, tracebacks):
    def fail(logger):
        try:
            raise RuntimeError(LINES[kind].format(CANARIES[kind]))
        except RuntimeError:
            logger.exception("it failed")

    said = log(fail, tracebacks=tracebacks)

    assert CANARIES[kind] not in said
    assert "RuntimeError" in said
    assert ("Traceback" in said) is tracebacks


def test_a_secret_that_looks_like_nothing_is_known_from_the_environment(log):
    said = log(lambda logger: logger.info("hello swordfish"), DISCORD_TOKEN="swordfish")

    assert said.strip().endswith(f"hello {STRUCK_OUT}")


def test_what_is_too_short_for_a_secret_leaves_no_holes_in_words(log):
    assert log(lambda logger: logger.info("the keys of yesterday"), BRIEFBOT_KEY="y").strip().endswith("of yesterday")


def test_without_tracebacks_a_record_is_one_line(log):
    def fail(logger):
        try:
            raise ValueError("the reason")
        except ValueError:
            logger.exception("gather failed")

    said = log(fail, tracebacks=False)

    assert said.strip().endswith("ERROR   gather failed: ValueError: the reason")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "text", ["a perfectly ordinary line", "https://example.org/webhooks and more", "sqlite:////home/ann/briefs.db", ""]
)
def test_ordinary_text_stays_as_it_is(text):
    assert strike_out(text) == text


def test_of_what_libraries_say_only_warnings_are_written(log):
    def write(_logger):
        logging.getLogger("discord.gateway").info("keeping a socket alive")
        logging.getLogger("discord.gateway").warning("the socket is gone")
        logging.getLogger("briefs.gather").info("a round is over")

    said = log(write)
    assert "alive" not in said
    assert "the socket is gone" in said
    assert "a round is over" in said


# ---------------------------------------------------------------- for programs


def test_a_record_may_be_json_with_the_run_and_the_delivery_that_it_is_about(log):
    def write(logger):
        with about(run=12), about(delivery=34):
            logger.warning("%s is late", BOT)
        logger.info("done")

    late, done = map(json.loads, log(write, BRIEFBOT_LOG_FORMAT="json").splitlines())

    assert {**late, "time": ""} == {
        "time": "",
        "level": "warning",
        "logger": "bot.anything",
        "message": f"{STRUCK_OUT} is late",
        "run": 12,
        "delivery": 34,
    }
    assert datetime.fromisoformat(late["time"]).tzinfo is not None
    assert "run" not in done


def test_a_traceback_is_one_line_of_json_too_and_without_secrets(log):
    def fail(logger):
        try:
            raise ValueError(f"not {BOT}")
        except ValueError:
            logger.exception("it failed")

    (line,) = log(fail, BRIEFBOT_LOG_FORMAT="json").splitlines()
    assert json.loads(line)["exception"].endswith(f"ValueError: not {STRUCK_OUT}")


def test_in_text_the_ids_stand_at_the_end(log):
    def write(logger):
        with about(run=12, delivery=34):
            logger.warning("it is late")

    assert log(write).strip().endswith("WARNING it is late [run 12, delivery 34]")


def test_another_format_is_not_known():
    with pytest.raises(ConfigError, match="BRIEFBOT_LOG_FORMAT=xml is not known: write json"):
        set_up("info", {"BRIEFBOT_LOG_FORMAT": "xml"})


def test_what_would_end_a_line_or_move_the_cursor_is_written_out(log):
    said = log(lambda logger: logger.warning("installed in %s", "T1\n2026-01-01 ERROR forged\x1b[2J\u202e\ud800"))
    assert said.count("\n") == 1
    assert r"T1\n2026-01-01 ERROR forged\x1b[2J\u202e\ud800" in said
