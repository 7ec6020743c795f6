"""Starter packs: sources and topics to begin with, by subject."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot.base.resources import starter
from bot.exchange.records import SourceRecord, TopicRecord, as_yaml
from briefs.models import Source
from briefs.store.channel_rows import topic_key


class PackTopic(BaseModel):
    """A topic of a pack. name: by language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: dict[str, str]
    expression: str


class Pack(BaseModel):
    """Sources and topics on one subject. about: what it is, by language. checked: when its addresses were."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: dict[str, str]
    checked: date
    sources: list[SourceRecord]
    topics: list[PackTopic]

    def said(self, language: str) -> str:
        """Say what it is, in a language that there is."""
        return self.about.get(language, self.about["en"])

    @property
    def feeds(self) -> list[Source]:
        """Its sources, as a workspace follows them."""
        return [Source(one.address, "feed", name=(one.model_extra or {}).get("name")) for one in self.sources]

    def topics_in(self, language: str, known: Iterable[str] = ()) -> list[TopicRecord]:
        """Give its topics, called as they are in a language; those that are known, in whichever, as they are known."""
        there = {topic_key(name): name for name in known}
        return [
            TopicRecord(
                name=next((there[key] for key in map(topic_key, topic.name.values()) if key in there), None)
                or topic.name.get(language, topic.name["en"]),
                expression=topic.expression,
            )
            for topic in self.topics
        ]


@cache
def packs() -> dict[str, Pack]:
    """Return the packs that there are, by their names."""
    files = sorted(Path(starter("seeds"), "packs").glob("*.yaml"))
    return {file.stem: as_yaml(file.read_text(encoding="utf-8"), str(file), Pack) for file in files}
