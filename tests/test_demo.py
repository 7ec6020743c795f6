"""`briefbot demo`: what a newcomer sees."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Play it once, in an empty home, with no token; give what it printed and what it left behind."""
    home = tmp_path_factory.mktemp("home")
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    program = [sys.executable, "-m", "bot.cli", "demo"]
    played = subprocess.run(program, env=environment, cwd=home, capture_output=True, text=True, timeout=110)
    return played, sorted(home.rglob("*"))


def test_it_succeeds_without_a_word_on_standard_error(demo):
    played, _ = demo

    assert (played.returncode, played.stderr) == (0, "")


def test_it_leaves_nothing_behind(demo):
    assert demo[1] == []


def test_it_plays_every_scene_in_order(demo):
    titles = re.findall(r"^\d  ([A-Z][^─\n]+?) ─", demo[0].stdout, re.MULTILINE)

    assert titles == ["Gather", "Look things up", "Subscribe a channel", "Let its hour come", "Now with your team"]


def test_it_answers_in_french_english_and_chinese(demo):
    shown = demo[0].stdout

    assert "Pourquoi" in shown
    assert "[Why this? 1]" in shown
    assert "[为什么？ 1]" in shown


def test_what_can_be_done_next_is_there_to_press(demo):
    for word in ("/brief", "S’y abonner", "分享到频道", "2 stories"):
        assert word in demo[0].stdout


def test_the_digest_is_what_the_channel_would_see(demo):
    digest = demo[0].stdout.split("Let its hour come")[1].split("Now with your team")[0]

    assert "Tencent–Alibaba interoperability" in digest
    assert "09:00 Paris" in digest
    assert "↗" in digest


def test_every_quote_stands_in_an_article(demo):
    corpus = re.sub(r"\s", "", "".join(path.read_text() for path in (ROOT / "seeds/articles").glob("*.md")))
    quotes = re.findall(
        r"^   [“«](?:\u202f|\xa0)?(.+?)(?:\u202f|\xa0)?[”»]\s↗", demo[0].stdout, re.MULTILINE | re.DOTALL
    )

    assert len(quotes) >= 3
    for quote in quotes:
        assert re.sub(r"\s", "", quote) in corpus


def test_it_says_what_to_do_next(demo):
    end = demo[0].stdout.split("Now with your team")[1]

    for word in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DISCORD_TOKEN", "README", "briefbot run", "briefbot console"):
        assert word in end
