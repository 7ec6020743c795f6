"""The configuration folder: what it gives, and the one line that a mistake in it gets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.exchange.records import from_yaml
from briefs.config import Config, Settings
from briefs.errors import ConfigError
from briefs.models import Auth
from briefs.topics import parse_topic
from tests.conftest import ROOT


def load(folder: Path, **files: str) -> Config:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Config.load(folder)


def test_the_starter_configuration_loads():
    config = Config.load(ROOT / "config")
    assert len(config.topics) == 5
    assert [source.kind for source in config.sources] == ["folder"]
    assert Path(config.sources[0].address) == ROOT / "seeds" / "articles"
    assert {"Tencent", "腾讯", "騰訊"} <= set(config.aliases.names("tencent"))


def test_no_folder_gives_the_defaults():
    config = Config.load(None)
    assert (config.settings, config.topics, config.sources) == (Settings(), (), ())


def test_missing_files_leave_the_defaults(tmp_path):
    config = Config.load(tmp_path)
    assert (config.settings, config.topics, config.sources) == (Settings(), (), ())


def test_a_file_with_everything_commented_out_is_one_without_entries(tmp_path):
    assert load(tmp_path, topics="topics:\n  # - name: x\n", sources="# nothing yet\n").topics == ()


def test_a_topic_is_an_expression_or_lists(tmp_path):
    config = load(
        tmp_path,
        topics="""topics:
  - name: one
    expression: Tencent + (links | "open links") - stock
    languages: [fr, zh]
  - {name: two, all: [Tencent], any: [links, open links], none: [stock]}
""",
    )
    one, two = config.topics
    assert one.expression == two.expression == parse_topic('Tencent + (links | "open links") - stock')
    assert one.languages == ("fr", "zh")


def test_sources_stand_relative_to_their_file(tmp_path):
    config = load(
        tmp_path,
        sources="""sources:
  - folder: texts
    language: fr
  - feed: https://example.org/feed
    name: Example
""",
    )
    folder, feed = config.sources
    assert (folder.address, folder.kind, folder.language) == (str(tmp_path / "texts"), "folder", "fr")
    assert (feed.address, feed.kind, feed.name) == ("https://example.org/feed", "feed", "Example")


def test_a_source_says_where_it_may_lead_and_whether_strangers_may_read_it(tmp_path):
    entry = "{feed: 'http://wiki.corp/f', allow: [10.1.0.0/16, wiki.corp, 'fd00::/8'], public: true}"
    (source,) = load(tmp_path, sources=f"sources: [{entry}]").sources
    assert source.allow == ("10.1.0.0/16", "wiki.corp", "fd00::/8")
    assert source.public
    (source,) = load(tmp_path, sources="sources: [{feed: 'http://a.example/f'}]").sources
    assert (source.allow, source.public) == ((), False)


@pytest.mark.parametrize("wrong", ["10.1.0.0/99", "http://wiki.corp", "'*.corp'", "wiki corp", "''"])
def test_a_place_that_is_neither_a_network_nor_a_host_is_an_error(tmp_path, wrong):
    with pytest.raises(ConfigError, match="must be a network or the name of a host"):
        load(tmp_path, sources=f"sources: [{{feed: 'http://wiki.corp/f', allow: [{wrong}]}}]")


@pytest.mark.parametrize(
    ("written", "auth"),
    [
        ("{basic: env:LOGIN}", Auth("basic", "env:LOGIN")),
        ("{basic: {user: ann, password: env:WORD}}", Auth("basic", "env:WORD", "ann")),
        ("{bearer: file:secrets/wiki}", Auth("bearer", "file:{}/secrets/wiki")),
        ("{header: {X-Api-Key: env:KEY}}", Auth("header", "env:KEY", "X-Api-Key")),
        ("{cookie: {session: env:COOKIE}}", Auth("cookie", "env:COOKIE", "session")),
        ("{cookie: env:COOKIE}", Auth("cookie", "env:COOKIE")),
    ],
)
def test_a_private_feed_says_where_its_password_is(tmp_path, written, auth):
    (source,) = load(tmp_path, sources=f"sources: [{{feed: 'https://a.example/f', auth: {written}}}]").sources
    assert source.auth == replace(auth, secret=auth.secret.format(tmp_path))


@pytest.mark.parametrize("wrong", ["", "{}", "{bearer: }", "{basic: env:A, bearer: env:B}"])
def test_a_way_in_that_is_not_written_out_is_said(tmp_path, wrong):
    with pytest.raises(ConfigError, match="auth” must be one of basic, bearer, header and cookie"):
        load(tmp_path, sources=f"sources: [{{feed: 'https://a.example/f', auth: {wrong}}}]")


def test_quiet_hours_are_two_times_of_the_day(tmp_path):
    assert load(tmp_path, settings="quiet_hours: 22:00 - 7:00").settings.quiet_hours == ("22:00", "07:00")


def test_yaml_that_is_nested_too_deeply_is_one_line(tmp_path):
    with pytest.raises(ConfigError, match=r"topics\.yaml: this is not valid YAML: nested too deeply\.$"):
        load(tmp_path, topics="topics: " + "[" * 5000 + "]" * 5000)


@pytest.mark.parametrize(
    "value", ["!!bool x", "!!timestamp x", "!!int x", "!!float x", "!!python/name:os.system", "!x y"]
)
def test_a_value_that_is_not_what_its_tag_says_is_one_line(tmp_path, value):
    with pytest.raises(ConfigError, match=r"settings\.yaml, line \d: this is not valid YAML: .+\.$"):
        load(tmp_path, settings=f"zone: {value}")
    with pytest.raises(ConfigError, match=r"all\.yaml, line 1: "):
        from_yaml(f"topics: {value}", "all.yaml")


@pytest.mark.parametrize(
    "written", ["zone: {}", "gather: {{minutes: {}}}", "quiet_hours: [{}]", "retention: {}", "? {}\n: 1"]
)
@pytest.mark.parametrize("number", ["0x" + "f" * 6000, "-" + "1" * 4000, "1:" * 2000 + "1"])
def test_a_number_of_thousands_of_digits_is_one_line(tmp_path, written, number):
    with pytest.raises(ConfigError, match=r"settings\.yaml, line 1: “.*” is a number of too many digits\.$"):
        load(tmp_path, settings=written.format(number))


def test_a_question_at_the_end_of_a_mistake_has_no_full_stop_behind_it(tmp_path):
    with pytest.raises(ConfigError, match=r"did you mean “language”\?$"):
        load(tmp_path, settings="langauge: fr")


MISTAKES = [
    ("settings", "digset:\n  stories: 3\n", 1, "digset", "did you mean “digest”?"),
    ("settings", "zone: UTC\ndigest:\n  storeis: 3\n", 3, "digest.storeis", "did you mean “stories”?"),
    ("settings", "zone: UTC\nxyzzy: 3\n", 2, "xyzzy", "known are admin_channel, admins_only, bridge"),
    ("settings", "digest:\n  stories: many\n", 2, "digest.stories", "must be a whole number, not “many”"),
    ("settings", "digest:\n  stories: true\n", 2, "digest.stories", "must be a whole number, not “true”"),
    ("settings", "digest:\n  stories: 0\n", 2, "digest.stories", "must be at least 1, not “0”"),
    ("settings", "digest: 5\n", 1, "digest", "must be keys with values, not “5”"),
    ("settings", "zone: Europe/Pari\n", 1, "zone", "did you mean “Europe/Paris”?"),
    ("settings", "zone: 2\n", 1, "zone", "must be text (put it between quotation marks), not “2”"),
    ("settings", "language: de\n", 1, "language", "must be 'en', 'fr' or 'zh', not “de”"),
    ("settings", "command: /Brief\n", 1, "command", "lower-case letters"),
    ("settings", "quiet_hours: night\n", 1, "quiet_hours", "such as “22:00-07:00”, not “night”"),
    ("settings", "quiet_hours: 22:00-22:00\n", 1, "quiet_hours", "such as “22:00-07:00”"),
    ("settings", "policy: prefer_nothing\n", 1, "policy", "'prefer_delivery' or 'prefer_silence'"),
    ("settings", "zone: UTC\n\nzone: Europe/Paris\n", 3, "zone", "stands here twice"),
    ("settings", "- zone\n", 1, "settings", "must begin with a key, such as “zone: Europe/Paris”"),
    ("sources", "- feed\n", 1, "sources", "must begin with a key, such as “sources:”"),
    ("settings", "admins_only: maybe\n", 1, "admins_only", "must be true or false, not “maybe”"),
    ("sources", "allow: [10.1.0.0/16]\nsources: []\n", 1, "allow", "it stands with each entry of sources"),
    ("topics", "languages: [fr]\n", 1, "languages", "it stands with each entry of topics"),
    ("topics", "topics:\n  - name: a\n    expression: 'x + ('\n", 3, "topics[1].expression", "Character 5: a word is"),
    ("topics", "topics:\n  - expression: x\n", 2, "topics[1].name", "is missing"),
    ("topics", "topics:\n  - name: a\n", 2, "topics[1]", "needs a word to look for"),
    ("topics", "topics:\n  - {name: a, expression: x, any: [y]}\n", 2, "topics[1].expression", "not both"),
    ("topics", "topics:\n  - {name: a, expression: x}\n  - {name: Á, expression: y}\n", 3, "topics[2].name", "already"),
    ("topics", "topics:\n  - name: a\n    any:\n      - 360\n", 4, "topics[1].any[1]", "must be text"),
    (
        "topics",
        "topics:\n  - {name: a, expression: x, languages: [french]}\n",
        2,
        "topics[1].languages[1]",
        "one of en",
    ),
    ("topics", "topics:\n  name: a\n", 1, "topics", "must be a list"),
    ("sources", "sources:\n  - feed: example.org/feed\n", 2, "sources[1].feed", "begins with https://"),
    ("sources", "sources:\n  - name: Example\n", 2, "sources[1]", "one of feed, page, watch, list, file, folder"),
    (
        "sources",
        "sources:\n  - {feed: 'https://a.example', page: 'https://b.example'}\n",
        2,
        "sources[1]",
        "are several sources",
    ),
    *(
        ("sources", f"sources:\n  - feed: https://a.example\n    auth: {wrong}\n", 3, key, problem)
        for wrong, key, problem in [
            ("hunter2", "sources[1].auth", "must be one of basic, bearer, header and cookie"),
            ("{}", "sources[1].auth", "must be one of"),
            ("{bearer: hunter2}", "sources[1].auth.bearer", "as env:NAME or file:PATH, and not hold it"),
            ("{bearer: 12345}", "sources[1].auth.bearer", "and not hold it"),
            ("{basic: {user: ann, password: hunter2}}", "sources[1].auth.basic", "and not hold it"),
            ("{basic: {usr: ann, password: env:X}}", "sources[1].auth.basic", "must be a user and a password"),
            ("{header: {'a b': env:X}}", "sources[1].auth.header", "such as {X-Api-Key: env:NAME}"),
            ("{cookie: {a: env:X, b: env:Y}}", "sources[1].auth.cookie", "one name"),
            ("{passwrod: hunter2}", "sources[1].auth.passwrod", "known are basic, bearer, cookie, header"),
        ]
    ),
    ("sources", "sources:\n  - {file: a.txt, auth: {bearer: env:X}}\n", 2, "sources[1]", "these have: feed, page"),
    ("sources", "sources:\n  - feed: https://a.example/?token=…\n", 2, "sources[1].feed", "the secret"),
    ("aliases", "aliases:\n  names:\n    - [Tencent]\n", 3, "aliases.names[1]", "at least 2 entries"),
    ("aliases", "aliases:\n  names:\n    - [Tencent, '']\n", 3, "aliases.names[1][2]", "must not be empty"),
]


@pytest.mark.parametrize(("file", "text", "line", "key", "problem"), MISTAKES)
def test_a_mistake_names_file_line_and_key(tmp_path, file, text, line, key, problem):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, **{file: text})
    said = str(caught.value)
    assert said.startswith(f"{tmp_path / file}.yaml, line {line}: “{key}” ")
    assert problem in said
    assert "\n" not in said
    assert "hunter2" not in said
    assert "12345" not in said


def test_broken_yaml_names_file_and_line(tmp_path):
    with pytest.raises(ConfigError, match=r"settings\.yaml, line 2: this is not valid YAML: .+\.$"):
        load(tmp_path, settings="zone: [UTC\ndigest: 3\n")


def test_an_empty_file_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"topics\.yaml: the file is empty; fill it or delete it"):
        load(tmp_path, topics=" \n")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "settings.yaml").write_bytes(b"zone: \xff\xfe")
    with pytest.raises(ConfigError, match=r"settings\.yaml: this is not UTF-8 text"):
        Config.load(tmp_path)


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / "settings.yaml").mkdir()
    with pytest.raises(ConfigError, match=r"settings\.yaml: cannot be read"):
        Config.load(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"nowhere: there is no such folder"):
        Config.load(tmp_path / "nowhere")
