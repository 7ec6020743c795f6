"""The command line, as somebody types it."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

import pytest
import yaml

from bot.cli import app, main
from briefs.archive import Archive
from briefs.ingest.polling import MOVED
from briefs.models import Channel, Source
from briefs.store.channels import Channels
from briefs.store.database import Database
from briefs.store.sources import Learnt, Sources
from tests.conftest import ROOT
from tests.dispatcher import MONDAY

ARTICLE = """---
title: Tencent opens its links
language: en
published: 2021-09-14
source: The Daily Example
---

The Chinese company Tencent said on Tuesday that links to the 9 million shops of Taobao will open in WeChat from May.
Alibaba welcomed the step.
"""


@dataclass
class Said:
    """What a command left: its exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def briefbot(tmp_path, monkeypatch, capsys):
    """Type a command in an empty home, in English."""
    for name in (
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "DISCORD_TOKEN",
        "BRIEFBOT_CONFIG",
        "BRIEFBOT_DATABASE",
        "LC_ALL",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    before = root.handlers[:], root.level

    def type_(*arguments: str) -> Said:
        with pytest.raises(SystemExit) as exit_:
            main(arguments)
        said = capsys.readouterr()
        return Said(int(exit_.value.code or 0), said.out, said.err)

    yield type_
    root.handlers[:], root.level = before


@pytest.fixture
def articles(tmp_path):
    """A folder with one article."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "links.md").write_text(ARTICLE, encoding="utf-8")
    return folder


@pytest.fixture
def config(tmp_path, articles):
    """A small configuration."""
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "settings.yaml").write_text("zone: Europe/Paris\n")
    (folder / "topics.yaml").write_text("# ours\ntopics:\n  - name: Open links\n    expression: Tencent + link\n")
    (folder / "sources.yaml").write_text(f"sources:\n  - folder: {articles}\n")
    return folder


def test_it_says_which_version_it_is(briefbot):
    said = briefbot("--version")
    assert (said.code, said.out, said.err) == (0, f"briefbot {version('briefbot')}\n", "")


# ---------------------------------------------------------------- gather, brief


def test_gather_then_brief(briefbot, articles):
    gathered = briefbot("gather", str(articles), "--database", "team.db")
    assert (gathered.code, gathered.err) == (0, "")
    assert ["new", "1"] in [line.split() for line in gathered.out.splitlines()]

    found = briefbot("brief", "tencent", "links", "--database", "team.db", "--json")

    assert (found.code, found.err) == (0, "")
    (story,) = found.json["stories"]
    assert story["title"] == "Tencent opens its links"
    assert story["quotes"][0]["text"] in ARTICLE


def test_gathering_again_says_unchanged(briefbot, articles):
    briefbot("gather", str(articles))

    again = briefbot("gather", str(articles), "--json").json

    assert (again["new"], again["unchanged"], again["refused"]) == (0, 1, [])


def test_gather_says_what_it_refused_and_why(briefbot, articles):
    (articles / "empty.txt").write_text("")

    said = briefbot("gather", str(articles))

    assert said.code == 0
    assert "empty.txt" in said.out


def test_gather_of_something_that_is_not_there_fails(briefbot):
    said = briefbot("gather", "nowhere.md")

    assert said.code == 1
    assert "nowhere.md" in said.out


def test_without_places_all_sources_of_the_configuration_are_read(briefbot, config):
    assert briefbot("gather", "--config", str(config), "--json").json["new"] == 1


def test_the_database_may_be_a_path_an_address_or_left_to_the_user_data_folder(briefbot, articles, tmp_path):
    assert briefbot("gather", str(articles), "--database", "sub/one.db").code == 0
    assert (tmp_path / "sub/one.db").exists()
    briefbot("gather", str(articles), "--database", f"sqlite:///{tmp_path}/two.db")
    assert (tmp_path / "two.db").exists()
    briefbot("gather", str(articles))
    assert (tmp_path / "data/briefbot/briefs.db").exists()


@pytest.mark.parametrize("before", [True, False])
def test_common_options_may_stand_before_the_command_or_after_it(briefbot, articles, before):
    common = ("--database", "team.db", "--json")
    briefbot("gather", str(articles), "--database", "team.db")

    said = briefbot(*common, "brief", "tencent") if before else briefbot("brief", "tencent", *common)

    assert len(said.json["stories"]) == 1


def test_since_lang_and_limit_narrow_a_look_up(briefbot, articles):
    briefbot("gather", str(articles))

    found = briefbot("brief", "tencent", "--since", "2021-09-14", "--lang", "en", "--limit", "1", "--json").json
    assert found["stories"]
    assert "only in English · from 14 September 2021 on" in found["read_as"]
    assert not briefbot("brief", "tencent", "--since", "7d", "--json").json["stories"]
    assert not briefbot("brief", "tencent", "--before", "2021-09-14", "--json").json["stories"]
    assert not briefbot("brief", "tencent", "--lang", "fr", "--json").json["stories"]


def test_a_word_behind_a_minus_is_left_out_and_a_mistyped_option_is_said(briefbot, articles):
    briefbot("gather", str(articles))

    assert not briefbot("brief", "tencent", "-links", "--json").json["stories"]
    assert briefbot("brief", "tencent", "-heron", "--json").json["stories"]
    assert "No such option: --limt" in briefbot("brief", "tencent", "--limt", "3").err


def test_a_reply_is_readable_without_json(briefbot, articles):
    briefbot("gather", str(articles))

    said = briefbot("brief", "tencent")

    assert "Tencent opens its links" in said.out
    assert "company Tencent said on Tuesday" in said.out
    assert "\x1b" not in said.out  # not a terminal: nothing but text
    assert "why 1" not in said.out  # the command line has no such command


def test_a_digest_is_shown_without_being_posted(briefbot, config):
    options = ("--config", str(config))
    briefbot("gather", *options)

    said = briefbot("digest", "open", "links", "--since", "24h", "--json", *options)

    assert said.json["topic"] == "Open links"
    assert said.json["channel"] is None
    assert len(said.json["stories"]) == 1
    shown = briefbot("digest", "Open links", *options).out
    assert "company Tencent said on Tuesday" in shown
    assert "subscribe to change" not in shown


def test_a_topic_that_was_added_in_the_console_is_known_to_the_command_line(briefbot, config, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("topic add Shops: Alibaba + Taobao\n"))
    briefbot("console", "--config", str(config))

    assert briefbot("digest", "shops", "--json", "--config", str(config)).json["topic"] == "Shops"


def test_a_place_that_is_no_address_is_one_line(briefbot):
    said = briefbot("gather", "http://[::1")

    assert (said.code, said.err.count("\n")) == (1, 1)
    assert said.err.startswith("briefbot: http://[::1: this is not a web address")


def test_what_is_read_by_hand_is_listed_apart_from_the_sources(briefbot, config, tmp_path):
    (tmp_path / "once.txt").write_text("Tencent opened its links to Taobao, said the company on Tuesday.")
    briefbot("gather", str(tmp_path / "once.txt"))

    listed = briefbot("sources", "--config", str(config)).out

    assert listed.index("articles") < listed.index("read by hand") < listed.index("once.txt")


def test_a_source_that_has_moved_is_read_at_its_new_address(briefbot, tmp_path):
    seals = Source("https://seals.example/feed", "feed", "Seal News")
    with Archive.open(f"sqlite:///{tmp_path}/seals.db") as archive:
        Sources(archive.database).learn([Learnt(seals, MONDAY, moved_to="https://seals.example/new", moves=MOVED)])
    options = ("--database", "seals.db")

    def listed() -> tuple[str, str]:
        known = briefbot("sources", "--json", *options).json
        return next((one["uses"], one["offered"]) for one in known if one["address"] == seals.address)

    assert listed() == (None, "https://seals.example/new")
    assert "Seal News" in briefbot("sources", "--use-new-address", "Seal News", *options).out

    assert listed() == ("https://seals.example/new", None)
    again = briefbot("sources", "--use-new-address", seals.address, *options)
    assert (again.code, again.err.count("\n")) == (1, 1)
    assert "has another by now" in again.err


# ---------------------------------------------------------------- wrong usage, failures: one line each


@pytest.mark.parametrize(
    ("arguments", "about"),
    [
        (("brief",), "QUERY"),
        (("brief", ""), "look for"),
        (("brief", "x" * 5000), "5"),
        (("nonsense",), "nonsense"),
        (("brief", "tencent", "--limt", "3"), "--limt"),
        (("brief", "tencent", "--limit", "many"), "--limit"),
        (("brief", "tencent", "--since", "yesteryear"), ": “yesteryear” is not a day"),
        (("brief", "tencent", "--lang", "klingon"), ": “klingon” is not one of the languages"),
        (("digest", "No such topic"), "No such topic"),
        (("--log-level", "loud", "topics"), "loud"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(briefbot, arguments, about):
    said = briefbot(*arguments)

    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("briefbot: ")
    assert said.err.count("\n") == 1
    assert about in said.err


def test_the_nearest_topic_is_named(briefbot, config):
    assert "Open links" in briefbot("digest", "Open link", "--config", str(config)).err


def test_hostile_look_ups_are_words_like_others(briefbot, articles):
    briefbot("gather", str(articles))

    for query in ('"', "NEAR(a b", "a AND OR", "title:x", "-x", "x\0y", "*", "'; DROP TABLE article; --"):
        said = briefbot("brief", "--json", "--", query)

        assert said.code in (0, 2), query
        assert "Traceback" not in said.err


def test_a_configuration_that_is_wrong_is_named_with_file_line_and_key(briefbot, config):
    (config / "settings.yaml").write_text("zone: Europe/Paris\ncolour: blue\n")

    said = briefbot("topics", "--config", str(config))

    assert said.code == 1
    assert said.err.count("\n") == 1
    assert "settings.yaml" in said.err
    assert "2" in said.err
    assert "colour" in said.err


def test_a_configuration_folder_that_is_not_there(briefbot):
    said = briefbot("topics", "--config", "nowhere")

    assert (said.code, said.err.count("\n")) == (1, 1)


def test_a_database_that_is_no_database(briefbot, tmp_path):
    (tmp_path / "notes.db").write_text("these are notes, not tables, and more than a few of them" * 50)

    said = briefbot("brief", "tencent", "--database", "notes.db")

    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "notes.db" in said.err


def test_a_mistake_of_ours_is_one_line_and_its_traceback_is_for_debug(briefbot, monkeypatch):
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("bot.cli.output.opened", broken)

    assert briefbot("topics").err.count("\n") == 1
    assert "Traceback" in briefbot("topics", "--debug").err


def test_secrets_do_not_reach_an_error_line(briefbot, monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "swordfish")

    assert "swordfish" not in briefbot("swordfish").err


def test_no_escape_sequence_reaches_the_terminal(briefbot, articles):
    (articles / "\x1b[2Jcleared.xyz").write_text("x")

    assert "\x1b" not in briefbot("gather", str(articles / "\x1b[2Jcleared.xyz")).out
    assert "\x1b" not in briefbot("digest", "\x1b[2Jcleared").err


def test_on_a_terminal_what_looks_like_markup_in_an_address_is_shown_as_it_is(briefbot, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    said = briefbot("gather", "http://127.0.0.1:1/[/red]a")
    assert "http://127.0.0.1:1/[/red]a" in said.err  # how far it is
    assert "http://127.0.0.1:1/[/red]a" in said.out


# ---------------------------------------------------------------- what is set up


def test_topics_sources_and_subscriptions_are_listed(briefbot, config):
    options = ("--config", str(config))
    assert [topic["name"] for topic in briefbot("topics", "--json", *options).json] == ["Open links"]
    assert "Open links" in briefbot("topics", *options).out
    assert briefbot("sources", "--json", *options).json[0]["answered"] is None

    briefbot("gather", *options)

    assert briefbot("sources", "--json", *options).json[0]["answered"] is not None
    assert briefbot("subscriptions", "--json", *options).json == []
    assert "No subscriptions yet" in briefbot("subscriptions", *options).out


def test_run_without_any_token_says_which_to_set(briefbot):
    said = briefbot("run")

    assert said.code == 1
    assert "SLACK_BOT_TOKEN" in said.err
    assert "DISCORD_TOKEN" in said.err


def test_run_with_half_of_slack_names_the_other_half(briefbot, monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-" + "1")

    said = briefbot("run")

    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "SLACK_APP_TOKEN" in said.err


def test_check_says_what_is_well_and_what_to_do(briefbot, config):
    said = briefbot("check", "--json", "--config", str(config))

    assert said.code == 1  # no token is set
    findings = {finding["of"]: finding for finding in said.json}
    assert findings["configuration"]["well"]
    assert findings["database"]["well"]
    assert findings["folder"]["well"]
    assert "SLACK_BOT_TOKEN" in findings["chat"]["says"]


def test_check_tells_of_subscriptions_whose_topic_is_gone(briefbot, config):
    room, now = Channel("chat", "team", "news"), datetime(2026, 11, 16, 7, tzinfo=UTC)
    briefbot("check", "--config", str(config), "--database", "team.db")
    with Database.open("sqlite:///team.db") as database:
        channels = Channels(database)
        (topic,) = channels.topics(room)
        when = {"schedule": "09:00 daily", "zone": "UTC", "next_due": now, "next_local": "2026-11-16T09:00"}
        channels.subscribe(room, topic, **when, position=0, by="ann", now=now)
    (config / "topics.yaml").write_text("topics:\n  - name: Something else\n    expression: tobacco\n")

    findings = briefbot("check", "--json", "--config", str(config), "--database", "team.db").json

    (lost,) = [finding for finding in findings if finding["of"] == "topics"]
    assert not lost["well"]
    assert "“Open links” is no longer in topics.yaml, and its subscriptions (1) go on" in lost["says"]


def test_check_of_a_wrong_configuration_says_so_first(briefbot, config):
    (config / "topics.yaml").write_text("topics: 3\n")

    (finding,) = briefbot("check", "--json", "--config", str(config)).json

    assert (finding["of"], finding["well"]) == ("configuration", False)
    assert "topics.yaml" in finding["says"]


# ---------------------------------------------------------------- export, import

SETUP = """
topics:
- name: Ours
  expression: Alibaba + Taobao
  platform: slack
  workspace: T1
- name: Everyone's
  expression: Tencent | WeChat
subscriptions:
- {platform: slack, workspace: T1, channel: C1, topic: Ours, schedule: '09:00 mon,tue,wed,thu,fri', zone: Europe/Paris}
- {platform: slack, workspace: T1, channel: C2, topic: Open links, schedule: '18:30 daily', zone: UTC, language: fr}
- {platform: slack, workspace: T1, channel: C3, topic: Open links, schedule: '18:30 daily', zone: UTC, paused: true}
sources:
- feed: https://example.org/feed
  name: The Daily Example
"""


def test_what_is_imported_is_exported_again(briefbot, config, tmp_path):
    options = ("--config", str(config))
    (tmp_path / "setup.yaml").write_text(SETUP)

    took = briefbot("import", "setup.yaml", "--json", *options)
    assert (took.code, took.err) == (0, "")
    assert took.json == {"topics": 2, "subscriptions": 3, "sources": 1}

    exported = yaml.safe_load(briefbot("export", *options).out)
    wanted = yaml.safe_load(SETUP)
    assert all(topic in exported["topics"] for topic in wanted["topics"])
    assert exported["subscriptions"] == wanted["subscriptions"]
    assert wanted["sources"][0] in exported["sources"]
    assert (config / "topics.yaml").read_text().startswith("# ours\n")


def test_an_import_leaves_the_language_that_a_channel_has(briefbot, config, tmp_path):
    options = ("--config", str(config))
    for text in (SETUP, SETUP.replace("language: fr", "language: zh")):
        (tmp_path / "setup.yaml").write_text(text)
        briefbot("import", "setup.yaml", *options)
    assert yaml.safe_load(briefbot("export", *options).out)["subscriptions"][1]["language"] == "fr"


def test_importing_twice_adds_nothing(briefbot, config, tmp_path):
    options = ("--config", str(config))
    (tmp_path / "setup.yaml").write_text(SETUP)
    briefbot("import", "setup.yaml", *options)

    assert briefbot("import", "setup.yaml", "--json", *options).json == {"topics": 0, "subscriptions": 0, "sources": 0}


def test_feeds_go_out_and_in_as_opml(briefbot, config, tmp_path):
    options = ("--config", str(config))
    (tmp_path / "setup.yaml").write_text(SETUP)
    briefbot("import", "setup.yaml", *options)
    briefbot("export", "feeds.opml", *options)

    took = briefbot(
        "import", "feeds.opml", "--json"
    )  # into the user's own configuration, which begins as the starter's

    assert took.json["sources"] == 1
    assert any(source["address"] == "https://example.org/feed" for source in briefbot("sources", "--json").json)
    assert briefbot("gather", "--json", str(ROOT / "seeds/articles")).json["refused"] == []


@pytest.mark.parametrize(
    ("name", "text", "about"),
    [
        ("a.yaml", "topics: [", "line"),
        ("b.yaml", "colour: blue", "colour"),
        ("c.yaml", "subscriptions: [{platform: slack}]", "workspace"),
        ("d.opml", "<html></html>", "OPML"),
        ("e.opml", "not xml", "XML"),
        ("f.opml", '<!DOCTYPE a [<!ENTITY b "c">]><opml/>', "entities"),
        ("g.yaml", "topics: [{name: x, expression: '('}]", "Character"),
    ],
)
def test_what_cannot_be_imported_is_one_line_and_changes_nothing(briefbot, config, tmp_path, name, text, about):
    (tmp_path / name).write_text(text)
    before = {path.name: path.read_text() for path in config.iterdir()}

    said = briefbot("import", name, "--config", str(config))

    assert (said.code, said.err.count("\n")) == (1, 1)
    assert about in said.err
    assert {path.name: path.read_text() for path in config.iterdir()} == before


@pytest.mark.parametrize(
    ("wrong", "about"),
    [
        ("subscriptions: [{topic: New, zone: Europe/Pari, %s}]", "time zone “Europe/Pari”"),
        ("subscriptions: [{topic: Newer, zone: UTC, %s}]", "“Newer”, which is not there"),
        ("subscriptions: []\n%.0s", "Character"),
    ],
    ids=["zone", "topic", "expression"],
)
def test_an_import_that_is_wrong_at_its_end_has_changed_neither_files_nor_database(
    briefbot, config, tmp_path, wrong, about
):
    options = ("--config", str(config))
    right = "{name: New, expression: a}, {name: Own, expression: '%s', platform: slack, workspace: T1}"
    last = "('" if about == "Character" else "b"
    text = f"topics: [{right % last.strip(chr(39))}]\nsources: [{{feed: https://example.org/feed}}]\n"
    where = "platform: slack, workspace: T1, channel: C1, schedule: '09:00 mon'"
    (tmp_path / "setup.yaml").write_text(text + wrong % where)
    before = {path.name: path.read_text() for path in config.iterdir()}, briefbot("export", *options).out

    said = briefbot("import", "setup.yaml", *options)

    assert (said.code, said.err.count("\n")) == (1, 1)
    assert about in said.err
    assert ({path.name: path.read_text() for path in config.iterdir()}, briefbot("export", *options).out) == before


def test_a_file_to_import_that_is_not_there(briefbot):
    said = briefbot("import", "nowhere.yaml")

    assert (said.code, said.err.count("\n")) == (1, 1)


# ---------------------------------------------------------------- the house rules


def test_every_command_has_help(briefbot):
    for command in app.registered_commands:
        said = briefbot(str(command.name), "--help")
        assert said.code == 0
        assert "Common options" in said.out


def test_the_commands_are_those_of_the_documentation():
    assert [command.name for command in app.registered_commands] == [
        "demo",
        "run",
        "console",
        "gather",
        "follow",
        "packs",
        "brief",
        "digest",
        "topics",
        "sources",
        "subscriptions",
        "check",
        "deliveries",
        "backup",
        "restored",
        "migrate",
        "reindex",
        "export",
        "import",
    ]


def test_chat_and_page_libraries_are_not_loaded_for_an_answer(articles, tmp_path):
    script = (
        "import sys\n"
        "from bot.cli import main\n"
        "try: main(['brief', 'tencent', '--database', 'team.db'])\n"
        "except SystemExit: pass\n"
        "heavy = {'discord', 'slack_sdk', 'slack_bolt', 'trafilatura', 'apscheduler', 'aiohttp', 'httpx', 'alembic'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    program = [sys.executable, "-m", "bot.cli", "gather", str(articles), "--database", "team.db"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(program, cwd=tmp_path, env=environment, check=True, capture_output=True)

    said = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True)

    assert said.stderr.strip() == "[]"
    assert "Tencent opens its links" in said.stdout
