"""The team's configuration: a folder of four YAML files, read strictly.

    settings.yaml   how the program behaves        aliases.yaml   names of the same thing
    topics.yaml     what the team wants to hear    sources.yaml   where articles come from

A file may be missing: its defaults hold. A wrong word in a file that is there is an error that names file, line and
key; nothing is guessed. Secrets never stand here, they come from the environment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from functools import cache
from pathlib import Path
from types import GenericAlias
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, create_model

from briefs.errors import ConfigError, UsageError
from briefs.index.cluster_address import read_address
from briefs.ingest.readers import is_local, readers
from briefs.ingest.readers.fields import Text, WebAddress
from briefs.languages import SERVED
from briefs.masking import is_secret
from briefs.models import Channel, Form, Source
from briefs.text.aliases import Aliases
from briefs.text.terms import fold
from briefs.topics import Topic, combine, parse_topic
from briefs.yaml_file import YamlFile, nearest

# ---------------------------------------------------------------- what the files may hold


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


# Every problem below is worded to follow the key: “zone” …
def _one_of(found: str, known: Iterable[str], expected: str) -> str:
    known = list(known)
    if found not in known:
        raise ValueError(f"must be {expected}, not “{found}”{nearest(found, known)}")
    return found


@cache
def time_zones() -> frozenset[str]:
    """Return the names of all time zones that there are: a folder of hundreds of files is read, once."""
    return frozenset(available_timezones())


def _zone(name: str) -> str:
    return _one_of(name, time_zones(), "a time zone such as Europe/Paris (an IANA name)")


def _article_language(code: str) -> str:
    return _one_of(code, SERVED, f"one of {', '.join(SERVED)}")


def _ids(written: str, form: str, example: str) -> str:
    parts = written.split("/")
    if len(parts) != len(form.split("/")) or not all(parts):
        raise ValueError(f"must be {form} by their ids, such as {example}, not “{written}”")
    return written


def _channel(written: str) -> str:
    return _ids(written, "PLATFORM/WORKSPACE/CHANNEL", "slack/T0123/C0456")


def _workspace(written: str) -> str:
    return _ids(written, "PLATFORM/WORKSPACE", "slack/T0123")


def _hours(text: object) -> tuple[str, str]:
    parts = text.split("-") if isinstance(text, str) else []
    try:
        start, end = (time.fromisoformat(part.strip().zfill(5)).strftime("%H:%M") for part in parts)
    except ValueError:
        start = end = ""
    if start == end:
        raise ValueError(f"must be two times of the day such as “22:00-07:00”, not “{text}”")
    return start, end


def _index(address: str) -> str:
    try:
        read_address(address)
    except ConfigError as error:
        raise ValueError(f"is wrong: {error}") from None
    return address


def _model(folder: str) -> str:
    if not Path(folder).expanduser().is_absolute():
        raise ValueError(f"must be the whole path of a folder, such as /srv/models/e5-small, not “{folder}”")
    return folder


def _kept(text: object) -> timedelta:
    found = re.fullmatch(r"(\d{2,5}) days", text) if isinstance(text, str) else None
    days = int(found[1]) if found else 0
    if days < _KEPT_LEAST:
        raise ValueError(f"must be a number of days such as “90 days”, {_KEPT_LEAST} at least, not “{text}”")
    return timedelta(days=days)


_KEPT_LEAST = 30  # days: so long is a story followed that a channel was told of
_Zone = Annotated[str, AfterValidator(_zone)]
_Language = Annotated[str, AfterValidator(_article_language)]
_Channel = Annotated[str, AfterValidator(_channel)]
_Workspace = Annotated[str, AfterValidator(_workspace)]
_Hours = Annotated[tuple[str, str], BeforeValidator(_hours)]
_Kept = Annotated[timedelta, BeforeValidator(_kept)]
_Index = Annotated[str, AfterValidator(_index)]
_Model = Annotated[str, AfterValidator(_model)]
_Command = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]


class Digests(_Strict):
    """What channels get that have not chosen otherwise.

    stories: how many a digest shows; what does not fit goes into its thread. form: of a story. quotes: of a story.
    """

    stories: int = Field(default=5, ge=1, le=20)
    form: Form = "compact"
    quotes: int = Field(default=1, ge=1, le=3)


class Gathering(_Strict):
    """minutes: between two rounds through files and folders, and feeds that post all the time."""

    minutes: int = Field(default=15, ge=1, le=24 * 60)


class Settings(_Strict):
    """How the program behaves.

    language: of the bot's own words; None follows each platform. zone: of subscriptions that name none.
    command: the root command in chat, without its slash.
    catch_up: which digests are sent of those that fell due while the program was down.
    quiet_hours: in them no digest is begun; one that is due then comes at their end, in its subscription's zone.
    policy: what to do when nobody can tell whether a message has arrived.
    admins_only: whether members of a channel may not change its subscriptions where the platform has no right for that.
    open_topics: whether who may change a channel's subscriptions may also change topics and names that others added.
    admin_channel: where operators are told once a day what waits for them; None: nowhere.
    retention: how long after it came in an article is kept, at least; None: for ever.
    follow: who may let the workspace follow a source: "members", as who may subscribe a channel, or "admins".
    sources: how many sources a workspace may follow.
    replica: the address of a read replica of the database, for look-ups; BRIEFBOT_REPLICA goes before it.
    index: the address of the articles' index, where that is not in the database; BRIEFBOT_INDEX goes before it.
    semantic: the folder of an embedding model, for look-ups in other words; BRIEFBOT_SEMANTIC goes before it.
    bridge: the address of an RSSHub instance, for sites that have no feeds of their own; None: there is none.
    """

    language: Literal["en", "fr", "zh"] | None = None
    zone: _Zone = "UTC"
    command: _Command = "brief"
    digest: Digests = Digests()
    gather: Gathering = Gathering()
    catch_up: Literal["newest", "none"] = "newest"
    quiet_hours: _Hours | None = None
    policy: Literal["prefer_delivery", "prefer_silence"] = "prefer_delivery"
    admins_only: bool = False
    open_topics: bool = False
    admin_channel: _Channel | None = None
    retention: _Kept | None = None
    follow: Literal["members", "admins"] = "members"
    sources: int = Field(default=200, ge=1, le=5000)
    bridge: WebAddress | None = None
    replica: Text | None = None
    index: _Index | None = None
    semantic: _Model | None = None

    @property
    def operators(self) -> Channel | None:
        """The operators' channel."""
        return Channel(*self.admin_channel.split("/")) if self.admin_channel else None


class _TopicEntry(_Strict):
    name: Text | Annotated[dict[_Language, Text], Field(min_length=1)]
    expression: Text | None = None
    all: list[Text] = []
    any: list[Text] = []
    none: list[Text] = []
    languages: list[_Language] = []

    @property
    def names(self) -> dict[str, str]:
        """Its names by language; one that is the same in all has none."""
        return {} if isinstance(self.name, str) else self.name

    def topic(self) -> Topic:
        """Make it a Topic, which goes by its first name."""
        name = self.name if isinstance(self.name, str) else next(iter(self.name.values()))
        lists = self.all or self.any or self.none
        if self.expression is None:
            expression = combine(every=self.all, some=self.any, none=self.none)
        elif lists:
            raise UsageError("A topic has either an expression or the lists all, any and none, not both.")
        else:
            expression = parse_topic(self.expression)
        return Topic(name, expression, tuple(self.languages))


class _TopicFile(_Strict):
    topics: list[_TopicEntry] = []


class _SourceEntry(_Strict):
    name: Text | None = None
    language: _Language | None = None
    public: bool = False
    workspace: _Workspace | None = None
    section: Text | None = None

    def source(self) -> Source:
        """Make it a Source."""
        kinds = [kind for kind in readers() if getattr(self, kind)]
        if not kinds:
            raise UsageError("A source needs one of {kinds}.", kinds=", ".join(readers()))
        if len(kinds) > 1:
            raise UsageError("{kinds} are several sources: make an entry of each.", kinds=" and ".join(kinds))
        kind, keys = kinds[0], readers()[kinds[0]].fields.model_fields
        written = [name for name in type(self).model_fields if name in self.model_fields_set - {*readers()}]
        if strange := next((name for name in written if name not in {*keys, *_SourceEntry.model_fields}), None):
            others = ", ".join(one.kind for one in readers().values() if strange in one.fields.model_fields)
            raise UsageError(
                "A source of the kind {kind} has no {key}; these have: {others}.", kind=kind, key=strange, others=others
            )
        more = {name: getattr(self, name) for name in keys}
        address, auth, allow = more.pop(kind), more.pop("auth", None), tuple(more.pop("allow", ()))
        about = (self.name, self.language, auth, allow, self.public, self.section, self.workspace)
        return Source(address, kind, *about, more)


@cache
def _source_file() -> Any:
    """Return the model of sources.yaml: its entries may have the keys of every kind."""
    fields: Any = (reader.fields for reader in readers().values())
    entry = create_model("SourceEntry", __base__=(*fields, _SourceEntry))
    listed: Any = GenericAlias(list, entry)
    return create_model("SourceFile", __base__=_Strict, sources=(listed, []))


class _AliasFile(_Strict):
    """Groups under headings of the team's choice."""

    aliases: dict[str, list[Annotated[list[Text], Field(min_length=2)]]] = {}


# ---------------------------------------------------------------- reading them


@dataclass(frozen=True, slots=True)
class Config:
    """All that the team has configured."""

    settings: Settings
    topics: tuple[Topic, ...]
    sources: tuple[Source, ...]
    aliases: Aliases
    topic_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # the name it goes by → language → name

    def called(self, topic: str, language: str) -> str:
        """Return what a topic is called in a language: the name it goes by, where it gives none."""
        return self.topic_names.get(topic, {}).get(language, topic)

    def goes_by(self, topic: str) -> str:
        """Return the name that a topic goes by, of one that it has in any language; else the same."""
        wanted = fold(topic)
        named = ((name, own) for name, others in self.topic_names.items() for own in others.values())
        return next((name for name, own in named if fold(own) == wanted), topic)

    @property
    def for_few(self) -> tuple[Source, ...]:
        """The sources that not everybody can read, but for those that are said to be public, or one workspace's."""
        few = filter(_is_for_few, self.sources)
        return tuple(source for source in few if not source.public and not source.workspace)

    def sources_of(self, here: Channel) -> tuple[Source, ...]:
        """Return the sources that the workspace of a channel reads: its own, and everybody's."""
        whose = (None, f"{here.platform}/{here.workspace}")
        return tuple(source for source in self.sources if source.workspace in whose)

    @classmethod
    def load(cls, folder: Path | None) -> Config:
        """Read the folder; None gives the defaults, without topics, sources and aliases.

        Raises ConfigError, one line that names file, line and key, for the first thing wrong.
        """
        if folder is None:
            return cls(Settings(), (), (), Aliases())
        if not folder.is_dir():
            raise ConfigError("{folder}: there is no such folder of configuration files.", folder=str(folder))
        groups = YamlFile(folder / "aliases.yaml").read(_AliasFile).aliases.values()
        return cls(
            settings=YamlFile(folder / "settings.yaml").read(Settings),
            topics=_topics(YamlFile(folder / "topics.yaml")),
            topic_names=_topic_names(YamlFile(folder / "topics.yaml")),
            sources=_sources(YamlFile(folder / "sources.yaml")),
            aliases=Aliases(group for section in groups for group in section),
        )


def _is_for_few(source: Source) -> bool:
    """Whether a source is on this machine or in its network, or wants a password."""
    return is_local(source) or bool(source.auth or source.allow) or is_secret(source.address)


def _topics(file: YamlFile) -> tuple[Topic, ...]:
    topics: dict[str, Topic] = {}
    for n, entry in enumerate(file.read(_TopicFile).topics):
        topic = file.made(entry.topic, "topics", n, *(["expression"] if entry.expression else []))
        if fold(topic.name) in topics:
            raise file.wrong(("topics", n, "name"), f"“{topic.name}” is there already: each topic needs its own name")
        topics[fold(topic.name)] = topic
    return tuple(topics.values())


def _topic_names(file: YamlFile) -> dict[str, dict[str, str]]:
    return {entry.topic().name: entry.names for entry in file.read(_TopicFile).topics if entry.names}


def _sources(file: YamlFile) -> tuple[Source, ...]:
    entries: list[_SourceEntry] = file.read(_source_file()).sources
    sources = [file.made(entry.source, "sources", n) for n, entry in enumerate(entries)]
    owners = {source.address: source.workspace for source in sources}
    for n, source in enumerate(sources):
        if source.workspace != owners[source.address]:
            raise file.wrong(("sources", n), "this address stands here for another workspace, or for all: it is one's")
    return tuple(sources)
