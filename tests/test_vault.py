"""Secrets at rest: what is written is sealed, keys can be changed, and what is wrong is one line without the key."""

from __future__ import annotations

import base64
import os
from datetime import UTC, datetime, timedelta

import pytest

from briefs.errors import ConfigError
from briefs.store.database import Database
from briefs.store.idempotency import IdempotencyKeys
from briefs.store.installations import Installation, Installations
from briefs.store.secret_box import SecretBox
from tests import sqlite

NOW = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
TOKEN = "xoxb-" + "canary-1234567890"


def key() -> str:
    return base64.b64encode(os.urandom(32)).decode()  # what `openssl rand -base64 32` prints


@pytest.fixture
def database(database_url):
    with Database.open(database_url) as database:
        yield database


def installation(workspace="T1", token=TOKEN):
    return Installation("slack", workspace, token, bot_id="B1", bot_user="UBOT", name="Fake", site="https://f.example/")


def found(kept: Installations, workspace: str = "T1", platform: str = "slack") -> Installation | ConfigError | None:
    (one,) = kept.find_all(platform, [workspace])
    return one


def dump(database: Database) -> str:
    """All that stands in the database, as text."""
    with database.read() as connection:
        tables = ["installation", "once"]
        return "\n".join(str(row) for name in tables for row in connection.exec_driver_sql(f"SELECT * FROM {name}"))


def test_a_token_comes_back_as_it_was_and_stands_nowhere_in_plain_text(database):
    kept = Installations(database, SecretBox(key()))
    kept.keep(installation(), NOW)

    assert found(kept) == installation()
    assert "T1" in dump(database)
    assert TOKEN not in dump(database)
    assert "canary" not in dump(database)


def test_of_a_file_no_byte_tells_the_token(tmp_path):
    with Database.open(sqlite.database(tmp_path / "briefs.db")) as database:
        Installations(database, SecretBox(key())).keep(installation(), NOW)

    assert b"canary" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_what_is_installed_again_has_only_its_new_token(database):
    kept = Installations(database, SecretBox(key()))
    kept.keep(installation(), NOW)
    kept.keep(installation(token="xoxb-" + "new"), NOW)

    assert found(kept).token == "xoxb-" + "new"
    assert kept.workspaces("slack") == ["T1"]


def test_each_workspace_has_its_own(database):
    kept = Installations(database, SecretBox(key()))
    kept.keep(installation("T1"), NOW)
    kept.keep(installation("T2", "xoxb-" + "2"), NOW)
    kept.end("slack", "T1", "app_uninstalled", NOW)

    assert found(kept) is None
    assert found(kept, "T2").token == "xoxb-" + "2"
    assert found(kept, "T2", "discord") is None
    assert kept.workspaces("slack") == ["T2"]


def test_an_end_that_is_told_late_does_not_end_what_was_installed_since(database):
    kept = Installations(database, SecretBox(key()))
    kept.keep(installation(), NOW)

    assert not kept.end("slack", "T1", "app_uninstalled", NOW - timedelta(seconds=5))
    assert found(kept) == installation()


def test_a_key_is_changed_by_putting_the_new_one_first(database):
    old, new = key(), key()
    Installations(database, SecretBox(old)).keep(installation(), NOW)

    both = Installations(database, SecretBox(f"{new},{old}"))
    assert found(both) == installation()
    both.reseal("slack")
    assert found(Installations(database, SecretBox(new))) == installation()
    assert "does not open the tokens of T1" in str(found(Installations(database, SecretBox(old))))


def test_with_a_wrong_key_the_workspaces_are_named_and_the_way_out_and_the_others_are_served(database):
    lost, good = key(), key()
    Installations(database, SecretBox(lost)).keep(installation("T1"), NOW)
    kept = Installations(database, SecretBox(good))
    kept.keep(installation("T2"), NOW)

    with pytest.raises(ConfigError) as caught:
        kept.reseal("slack")
    assert str(caught.value) == (
        "BRIEFBOT_KEY does not open the tokens of T1: put the key that sealed them behind it, as NEW,OLD; if it is "
        "lost, install the bot there again."
    )
    [shut, none, served] = kept.find_all("slack", ["T1", "T0", "T2"])
    assert (str(shut), none, served) == (str(caught.value), None, installation("T2"))


@pytest.mark.parametrize("keys", ["", " , "])
def test_without_a_key_it_is_said_how_one_is_made(keys):
    with pytest.raises(ConfigError, match=r"BRIEFBOT_KEY is not set: .* openssl rand -base64 32"):
        SecretBox(keys)


@pytest.mark.parametrize("bad", ["swordfish", "c3dvcmRmaXNo", "é" * 44, "=" * 44])
def test_what_is_no_key_is_named_by_its_place_and_not_shown(bad):
    with pytest.raises(ConfigError) as caught:
        SecretBox(f"{key()},{bad}")
    assert str(caught.value).startswith("BRIEFBOT_KEY: key 2 is not 32 bytes in base 64")
    assert bad not in str(caught.value)


# ---------------------------------------------------------------- what counts once


def test_a_noted_value_counts_once(database):
    once, until = IdempotencyKeys(database), NOW + timedelta(minutes=10)

    assert once.note("request", "v0=abc", until)
    assert not once.note("request", "v0=abc", until)
    assert once.note("state", "v0=abc", until)


def test_of_many_noted_together_each_counts_once(database):
    once, until = IdempotencyKeys(database), NOW + timedelta(minutes=10)
    once.note("request", "early", until)

    together = [("request", value, until) for value in ("a", "early", "b", "a")]
    assert once.note_all(together) == [True, False, True, False]
    assert once.note_all(together) == [False] * 4


def test_of_none_noted_together_none_counts(database):
    assert IdempotencyKeys(database).note_all([]) == []


def test_a_noted_value_is_kept_as_a_digest(database):
    IdempotencyKeys(database).note("state", "s2-canary", NOW + timedelta(minutes=10))
    assert "s2-canary" not in dump(database)


def test_what_is_over_is_forgotten(database):
    once = IdempotencyKeys(database)
    once.note("request", "early", NOW)
    once.note("request", "late", NOW + timedelta(minutes=1))
    once.forget(NOW)

    assert once.note("request", "early", NOW)
    assert not once.note("request", "late", NOW)
