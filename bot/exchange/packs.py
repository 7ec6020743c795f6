"""Starter packs: sources and topics to begin with, by subject."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from bot.base.resources import starter
from bot.exchange.records import Setup, as_yaml
from briefs.models import Source


class Pack(Setup):
    """Sources and topics on one subject. about: what it is, by language. checked: when its addresses were."""

    about: dict[str, str]
    checked: date

    def said(self, language: str) -> str:
        """Say what it is, in a language that there is."""
        return self.about.get(language, self.about["en"])

    @property
    def feeds(self) -> list[Source]:
        """Its sources, as a workspace follows them."""
        return [Source(one.address, "feed", name=(one.model_extra or {}).get("name")) for one in self.sources]


@cache
def packs() -> dict[str, Pack]:
    """Give the packs that there are, by their names."""
    files = sorted(Path(starter("seeds"), "packs").glob("*.yaml"))
    return {file.stem: as_yaml(file.read_text(encoding="utf-8"), str(file), Pack) for file in files}
