"""What a team has set up, as one YAML document, and back.

Topics of the configuration and sources go into the files of the configuration folder, behind what stands there; topics
of workspaces and subscriptions go into the database. What is there already stays as it is.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import yaml

from bot.app import App, config_folder
from bot.base.calendar import Schedule
from bot.base.resources import own_config
from bot.exchange.records import Setup, SourceRecord, SubscriptionRecord, TopicRecord, plain
from briefs.config import Config, time_zones
from briefs.errors import ConfigError, UsageError
from briefs.languages import SERVED
from briefs.masking import masked
from briefs.models import Channel
from briefs.store.channel_rows import topic_key
from briefs.store.inventory import all_topics
from briefs.topics import parse_topic


@dataclass(frozen=True, slots=True)
class Imported:
    """How many of each were new."""

    topics: int
    subscriptions: int
    sources: int


def everything(app: App) -> Setup:
    """Give what is set up."""
    subscriptions = app.channels.all_subscriptions()  # this also brings the configured topics up to date
    return Setup(
        topics=[
            TopicRecord(
                name=one.topic.name,
                expression=one.topic.expression,
                languages=list(one.topic.languages),
                platform=one.platform or None,
                workspace=one.workspace or None,
            )
            for one in all_topics(app.database)
        ],
        subscriptions=[
            SubscriptionRecord(
                platform=one.channel.platform,
                workspace=one.channel.workspace,
                channel=one.channel.id,
                topic=one.topic.name,
                schedule=one.schedule,
                zone=one.zone,
                stories=one.stories,
                form=cast(Any, one.form),
                paused=one.paused,
                language=cast(Any, app.channels.settings(one.channel).language),
            )
            for one in subscriptions
        ],
        sources=[SourceRecord.of(source) for source in app.config.sources],
    )


def take_in(setup: Setup, app: App, chosen: Path | None) -> Imported:
    """Add what is not there yet: to the database, and last to the files of the configuration.

    chosen: the folder of the configuration, where one was chosen. The starter's own files stay as they are: the user's
    own folder is made when there is something to write. Raises ConfigError, with everything as it was, where an entry
    is wrong.
    """
    folder = config_folder(chosen)
    topics, sources = _new_topics(setup, app), _new_sources(setup, app)
    config = _tried(folder, topics, sources)
    _check(setup, app, config)
    with App(config, app.address, environment=app.environment, clock=app.clock) as renewed:
        own = sum(_add_topic(topic, renewed) for topic in setup.topics if topic.platform)
        subscribed = sum(_subscribe(entry, renewed) for entry in setup.subscriptions)
    if topics or sources:
        _write(chosen or own_config(folder), topics, sources)
    return Imported(len(topics) + own, subscribed, len(sources))


def _new_topics(setup: Setup, app: App) -> list[TopicRecord]:
    """Give the topics for the configuration that it does not have."""
    known = {topic_key(topic.name) for topic in app.config.topics}
    return [topic for topic in setup.topics if not topic.platform and topic_key(topic.name) not in known]


def _new_sources(setup: Setup, app: App) -> list[SourceRecord]:
    """Give the sources that the configuration does not have; one that was exported is known without its secret."""
    known = {form for source in app.config.sources for form in (source.address, masked(source.address))}
    return [source for source in setup.sources if source.address not in known]


def _write(folder: Path, topics: Iterable[TopicRecord], sources: Iterable[SourceRecord]) -> None:
    _append(folder / "topics.yaml", "topics", [plain(topic) for topic in topics])
    _append(folder / "sources.yaml", "sources", [plain(source) for source in sources])


def _tried(folder: Path, topics: Iterable[TopicRecord], sources: Iterable[SourceRecord]) -> Config:
    """Return what the configuration would be, tried on a copy of its files."""
    with TemporaryDirectory(prefix="briefbot-import-") as copy:
        for path in folder.glob("*.yaml"):
            shutil.copyfile(path, Path(copy, path.name))
        _write(Path(copy), topics, sources)
        try:
            return Config.load(Path(copy))
        except ConfigError as error:
            # The copy is gone when this is read.
            file = folder / Path(str(error.values.get("file", ""))).name
            raise ConfigError(error.template, **error.values | {"file": str(file)}) from error


def _check(setup: Setup, app: App, config: Config) -> None:
    """Raise ConfigError for the first topic of a workspace, or subscription, that could not be added."""
    workspaces = {(topic.platform, topic.workspace, topic_key(topic.name)) for topic in setup.topics if topic.platform}
    configured = {topic_key(topic.name) for topic in config.topics}
    for topic in setup.topics:
        try:
            parse_topic(topic.expression)
        except UsageError as error:
            raise ConfigError("the topic “{topic}” is wrong: {problem}", topic=topic.name, problem=error) from error
        unknown = next((code for code in topic.languages if code not in SERVED), None)
        if unknown is not None:
            raise ConfigError(
                "the topic “{topic}” names the language “{language}”; known are {known}",
                topic=topic.name,
                language=unknown,
                known=", ".join(SERVED),
            )
    for entry in setup.subscriptions:
        if entry.zone not in time_zones():
            raise ConfigError(
                "the subscription to “{topic}” names the time zone “{zone}”, which there is none of: write it like "
                "Europe/Paris",
                topic=entry.topic,
                zone=entry.zone,
            )
        channel, key = Channel(entry.platform, entry.workspace, entry.channel), topic_key(entry.topic)
        told = key in configured or (entry.platform, entry.workspace, key) in workspaces
        if not told and app.channels.topic(channel, entry.topic) is None:
            raise ConfigError(
                "a subscription names the topic “{topic}”, which is not there: add it first", topic=entry.topic
            )


def _add_topic(topic: TopicRecord, app: App) -> bool:
    workspace = Channel(topic.platform or "", topic.workspace or "", "")
    known = app.channels.topic(workspace, topic.name)
    if known is not None and not known.configured:
        return False
    app.channels.add_topic(workspace, topic.name, topic.expression, tuple(topic.languages), "import", app.clock())
    return True


def _subscribe(entry: SubscriptionRecord, app: App) -> bool:
    channel = Channel(entry.platform, entry.workspace, entry.channel)
    topic = app.channels.topic(channel, entry.topic)
    assert topic is not None  # noqa: S101  # checked before anything was changed
    if entry.language:
        app.channels.offer_language(channel, entry.language)
    if app.channels.subscription(channel, topic):
        return False
    now = app.clock()
    due = Schedule.read(entry.schedule, entry.zone).next(now)
    subscription = app.channels.subscribe(
        channel,
        topic,
        schedule=entry.schedule,
        zone=entry.zone,
        next_due=due.at if due else None,
        next_local=due.local if due else None,
        stories=entry.stories,
        form=entry.form,
        position=app.archive.position(),
        by="import",
        now=now,
    )
    if entry.paused:
        app.channels.pause(subscription)
    return True


def _append(path: Path, key: str, entries: list[dict[str, Any]]) -> None:
    """Write entries behind the list in a file of the configuration; comments and order stay."""
    if not entries:
        return
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    listed = (yaml.safe_load(before) or {}).get(key)
    lines = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=120)
    if listed:
        indent = next(line for line in before.splitlines() if line.lstrip().startswith("- "))
        lines = "".join(f"{indent[: -len(indent.lstrip())]}{line}\n" for line in lines.splitlines())
        after = f"{before.rstrip()}\n{lines}"
    else:
        kept = [line for line in before.splitlines() if not line.startswith(f"{key}:")]
        after = "\n".join([*kept, f"{key}:", lines])
    path.write_text(after, encoding="utf-8")
