"""Starter packs: sources and topics on one subject, taken with one command."""

from __future__ import annotations

import json

import pytest
import yaml

from bot.base.resources import starter
from bot.cli import main
from briefs.config import Config

PACKS = sorted(starter("seeds").glob("packs/*.yaml"))


@pytest.fixture
def briefbot(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("BRIEFBOT_CONFIG", str(tmp_path))
    monkeypatch.setenv("BRIEFBOT_DATABASE", str(tmp_path / "briefs.db"))

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as exit:
            main(arguments)
        said = capsys.readouterr()
        return exit.value.code, said.out, said.err

    return run


@pytest.mark.parametrize("pack", PACKS, ids=lambda path: path.stem)
def test_a_pack_has_feeds_of_its_own_and_topics_that_are_understood(pack, briefbot, tmp_path):
    code, out, _ = briefbot("packs", pack.stem)

    config, written = Config.load(tmp_path), yaml.safe_load(pack.read_text(encoding="utf-8"))
    assert code == 0
    assert (
        out
        == f"taken in: {len(config.topics)} topics, {len(config.sources)} sources; read them with: briefbot gather\n"
    )
    assert len({source.address for source in config.sources}) >= 10
    assert [topic.name for topic in config.topics] == [topic["name"]["en"] for topic in written["topics"]]
    assert all(set(topic["name"]) == {"en", "fr", "zh"} for topic in written["topics"])
    assert set(written["about"]) == {"en", "fr", "zh"}


def test_a_pack_that_was_taken_is_not_taken_again(briefbot):
    briefbot("packs", "climate")
    assert briefbot("packs", "climate")[1].startswith("taken in: 0 topics, 0 sources")


def test_packs_are_listed_with_when_their_addresses_were_last_checked(briefbot):
    listed = json.loads(briefbot("packs", "--json")[1])
    assert [one["name"] for one in listed] == [path.stem for path in PACKS]
    assert all(one["sources"] >= 10 and one["topics"] and one["checked"] for one in listed)
    assert "Climate and energy" in briefbot("packs")[1]


def test_a_pack_that_there_is_none_of_is_a_line(briefbot):
    code, _, said = briefbot("packs", "herons")
    assert (code, said) == (
        1,
        "briefbot: there is no pack herons: there are china-tech, climate, open-source, security\n",
    )
