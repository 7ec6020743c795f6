"""Who reads what: topics, subscriptions, and a channel's settings.

Every question names its channel, and every answer belongs to that channel's workspace: there is no way to ask for
another's rows. Topics of the configuration are everyone's; a workspace's own topic of the same name comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from briefs.errors import UsageError
from briefs.models import Channel, Form
from briefs.store import schema
from briefs.store.audit import Actor, AuditedRepository, note_change
from briefs.store.channel_keys import is_place, row_made, row_of, same_workspace
from briefs.store.channel_rows import (
    StoredTopic,
    Subscription,
    every_subscription,
    paused,
    seen_by,
    stored_subscription,
    stored_topic,
    topic_key,
)
from briefs.store.database import to_ms, turn
from briefs.store.deliveries import go_on
from briefs.store.memory import take_back
from briefs.store.notices import forget_ends, note_ends

_topic, _channel, _subscription = schema.topic, schema.channel, schema.subscription


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What a channel has chosen; None: nothing. language_given: by who first subscribed it, and nobody chose it."""

    language: str | None = None
    language_given: bool = False
    zone: str | None = None
    form: Form | None = None
    quotes: int | None = None


class Channels(AuditedRepository):
    """Topics, subscriptions and settings of all workspaces."""

    def by(self, actor: Actor) -> Channels:
        """Let somebody change what is changed."""
        return Channels(self._database, actor)

    # ------------------------------------------------------------ topics

    def sync_topics(self, topics: Iterable[tuple[str, str, tuple[str, ...]]], now: datetime) -> None:
        """Make the configured topics what the configuration says: (name, expression, languages) of each.

        One that looks for the same under a new name is renamed. One that is gone goes too, unless a channel subscribes
        to it: no subscription is lost by an edit; see `lost`.
        """
        with self._database.write() as connection:
            turn(connection, "topics")  # several processes may start at once
            wanted = {topic_key(name): (name, expression, languages) for name, expression, languages in topics}
            _rename(connection, wanted)
            subscribed = select(_subscription.c.topic_id)
            gone = and_(_topic.c.platform == "", _topic.c.key.not_in(wanted), _topic.c.id.not_in(subscribed))
            connection.execute(delete(_topic).where(gone))
            for key, (name, expression, languages) in wanted.items():
                content: dict[str, Any] = {"name": name, "expression": expression, "languages": list(languages)}
                mine = and_(_topic.c.platform == "", _topic.c.workspace == "", _topic.c.key == key)
                if connection.execute(update(_topic).where(mine).values(content)).rowcount == 0:
                    row = {"platform": "", "workspace": "", "key": key, "created_at": to_ms(now)}
                    connection.execute(insert(_topic).values(content | row))

    def lost(self, configured: Iterable[str]) -> list[tuple[str, int]]:
        """Return the topics that the configuration had and has no more, and how many subscriptions each still has."""
        keys = [topic_key(name) for name in configured]
        gone = select(_topic.c.name, func.count(_subscription.c.id).label("held")).join(_subscription)
        gone = gone.where(_topic.c.platform == "", _topic.c.key.not_in(keys)).group_by(_topic.c.id, _topic.c.name)
        return [(row.name, row.held) for row in self._rows(gone.order_by(_topic.c.name))]

    def topics(self, channel: Channel) -> list[StoredTopic]:
        """Return the topics that a channel can subscribe to, by name."""
        with self._database.read() as connection:
            question = select(_topic).where(seen_by(channel)).order_by(_topic.c.platform)  # "" first: own ones replace
            by_key = {row.key: stored_topic(row) for row in connection.execute(question)}
        return [by_key[key] for key in sorted(by_key)]

    def topic(self, channel: Channel, name: str) -> StoredTopic | None:
        """Find a topic by its name, whatever its capitals, accents and spaces."""
        key = topic_key(name)
        return next((topic for topic in self.topics(channel) if topic_key(topic.name) == key), None)

    def add_topic(
        self, channel: Channel, name: str, expression: str, languages: tuple[str, ...], by: str, now: datetime
    ) -> StoredTopic:
        """Add a topic of the channel's workspace. Raises UsageError where it has one of that name."""
        with self._unless_taken(name) as connection:
            return self._made(connection, channel, StoredTopic(0, name, expression, languages, created_by=by), now)

    def edit_topic(self, channel: Channel, topic: StoredTopic, expression: str) -> None:
        """Give a topic of the channel's workspace another expression."""
        with self._database.write() as connection:
            connection.execute(update(_topic).where(_owned(channel, topic)).values(expression=expression))
            self._note(connection, "topic.edit", topic=topic.name, words=expression, was=topic.expression)

    def rename_topic(self, channel: Channel, topic: StoredTopic, name: str) -> None:
        """Give a topic of the channel's workspace another name. Raises UsageError where it has one of that name."""
        values = {"name": name, "key": topic_key(name)}
        with self._unless_taken(name) as connection:
            connection.execute(update(_topic).where(_owned(channel, topic)).values(values))
            self._note(connection, "topic.rename", topic=name, was=topic.name)

    def remove_topic(self, channel: Channel, topic: StoredTopic, by: str) -> None:
        """Remove a topic of the channel's workspace, with the subscriptions to it; who made these will hear of it."""
        with self._database.write() as connection:
            owned = select(_topic.c.id).where(_owned(channel, topic))
            note_ends(connection, _subscription.c.topic_id.in_(owned), by)
            take_back(connection, _runs_of(_subscription.c.topic_id == topic.id))
            connection.execute(delete(_topic).where(_owned(channel, topic)))
            self._note(connection, "topic.remove", topic=topic.name, words=topic.expression)

    def bring_back(
        self,
        channel: Channel,
        topic: StoredTopic,
        subscribed: Iterable[Mapping[str, Any]],
        names: Mapping[str, str],
        now: datetime,
    ) -> StoredTopic:
        """Put a removed topic back, with the subscriptions to it; each goes on where it was.

        subscribed: of each, `channel` (its platform's id) and its columns. names: what people call these channels.
        Raises UsageError where there is a topic of that name by now.
        """
        with self._unless_taken(topic.name) as connection:
            stored = self._made(connection, channel, topic, now)
            for one in subscribed:
                there = replace(channel, id=one["channel"])
                place = {"channel_id": row_made(connection, there)}
                plan = {name: value for name, value in one.items() if name != "channel"}
                connection.execute(insert(_subscription).values(plan | place | {"topic_id": stored.id}))
                actor = self._actor and replace(self._actor, channel=there, place=names.get(there.id, ""))
                told = {"schedule": one["schedule"], "zone": one["zone"]}
                note_change(connection, actor, "subscription.add", topic=topic.name, **told)
            forget_ends(connection, channel, topic.name)
        return stored

    def _made(self, connection: Connection, channel: Channel, topic: StoredTopic, now: datetime) -> StoredTopic:
        row: dict[str, Any] = {"name": topic.name, "key": topic_key(topic.name), "expression": topic.expression}
        row |= {"languages": list(topic.languages), "platform": channel.platform, "workspace": channel.workspace}
        row |= {"created_by": topic.created_by, "created_at": to_ms(now)}
        made = connection.execute(insert(_topic).values(row).returning(*_topic.c)).one()
        self._note(connection, "topic.add", topic=topic.name, words=topic.expression)
        return stored_topic(made)

    @contextmanager
    def _unless_taken(self, name: str) -> Iterator[Connection]:
        """Lend a connection to write on; raise UsageError where the workspace has a topic of that name."""
        try:
            with self._database.write() as connection:
                yield connection
        except IntegrityError as error:
            raise UsageError(
                "There is a topic “{topic}” already; edit that one, or choose another name.", topic=name
            ) from error

    def subscribers(self, channel: Channel, topic: StoredTopic) -> int:
        """Count the channels of this workspace that subscribe to a topic."""
        joined = select(func.count()).select_from(_subscription.join(_channel))
        question = joined.where(_subscription.c.topic_id == topic.id, *same_workspace(channel))
        with self._database.read() as connection:
            return connection.execute(question).scalar_one()

    # ------------------------------------------------------------ subscriptions

    def subscriptions(self, channel: Channel) -> list[Subscription]:
        """Return what a channel subscribes to, oldest first."""
        return self._subscriptions(every_subscription().where(is_place(channel)))

    def subscription(self, channel: Channel, topic: StoredTopic) -> Subscription | None:
        """Return a channel's subscription to a topic."""
        found = self._subscriptions(every_subscription().where(is_place(channel), _subscription.c.topic_id == topic.id))
        return found[0] if found else None

    def workspace_subscriptions(self, channel: Channel) -> list[Subscription]:
        """Return what the channels of this one's workspace subscribe to; who asks may not see all of them."""
        return self._subscriptions(every_subscription().where(*same_workspace(channel)))

    def all_subscriptions(self) -> list[Subscription]:
        """Return every subscription there is, for the operator; never for a chat."""
        return self._subscriptions(every_subscription())

    def subscribe(
        self,
        channel: Channel,
        topic: StoredTopic,
        *,
        schedule: str,
        zone: str,
        next_due: datetime | None,
        next_local: str | None,
        position: int,
        by: str,
        now: datetime,
        stories: int | None = None,
        form: str | None = None,
    ) -> Subscription:
        """Subscribe a channel to a topic, or change when and how it is told; a paused subscription runs again.

        topic: the configuration's, or of the channel's workspace; UsageError where it is another's, or is gone.
        position: where a new subscription starts; one that stands keeps its own.
        """
        plan: dict[str, Any] = {"schedule": schedule, "zone": zone, "paused": False, "paused_because": None}
        plan |= {"next_due": to_ms(next_due), "next_local": next_local, "planned_at": to_ms(now)}
        plan |= {"stories": stories, "form": form}
        with self._database.write() as connection:
            if connection.execute(select(_topic.c.id).where(_topic.c.id == topic.id, seen_by(channel))).first() is None:
                raise UsageError("There is no topic “{topic}” any more.", topic=topic.name)
            channel_id = row_made(connection, channel)
            mine = and_(_subscription.c.channel_id == channel_id, _subscription.c.topic_id == topic.id)
            is_new = connection.execute(update(_subscription).where(mine).values(plan)).rowcount == 0
            if is_new:
                row: dict[str, Any] = {"channel_id": channel_id, "topic_id": topic.id, "position": position}
                row |= {"created_by": by, "created_at": to_ms(now)}
                connection.execute(insert(_subscription).values(plan | row))
            go_on(connection, mine)
            what = "subscription.add" if is_new else "subscription.change"
            self._note(connection, what, topic=topic.name, schedule=schedule, zone=zone)
            question = every_subscription().where(is_place(channel), _subscription.c.topic_id == topic.id)
            return stored_subscription(connection.execute(question).one())

    def unsubscribe(self, subscription: Subscription) -> None:
        """End a subscription; what the channel was told by it stays told."""
        with self._database.write() as connection:
            take_back(connection, _runs_of(_this(subscription)))
            connection.execute(delete(_subscription).where(_this(subscription)))
            self._note(connection, "subscription.end", topic=subscription.topic.name)

    def pause(self, subscription: Subscription, because: str | None = None) -> None:
        """Stop a subscription until it is resumed; nothing of it is lost."""
        with self._database.write() as connection:
            connection.execute(update(_subscription).where(_this(subscription)).values(paused(because)))
            self._note(connection, "subscription.pause", topic=subscription.topic.name)

    def pause_workspace(self, platform: str, workspace: str, because: str) -> int:
        """Stop all that runs in a workspace until it is resumed; return how many."""
        own = select(_channel.c.id).where(_channel.c.platform == platform, _channel.c.workspace == workspace)
        running = update(_subscription).where(_subscription.c.channel_id.in_(own), _subscription.c.paused.is_(False))
        return self._change(running.values(paused(because)))

    def paused_because(self, platform: str, workspace: str, because: str) -> list[Subscription]:
        """Return what is paused in a workspace for this reason, oldest first."""
        own = _channel.c.platform == platform, _channel.c.workspace == workspace
        stopped = _subscription.c.paused.is_(True), _subscription.c.paused_because == because
        return self._subscriptions(every_subscription().where(*own, *stopped))

    def resume(self, subscription: Subscription, next_due: datetime | None, next_local: str | None) -> None:
        """Let a subscription run again, and the rest of a digest go out that was refused half-way."""
        plan = {"paused": False, "paused_because": None, "next_due": to_ms(next_due), "next_local": next_local}
        with self._database.write() as connection:
            connection.execute(update(_subscription).where(_this(subscription)).values(plan))
            go_on(connection, _this(subscription))
            self._note(connection, "subscription.resume", topic=subscription.topic.name)

    def put_off(
        self, subscription: Subscription, next_due: datetime | None, next_local: str | None, now: datetime
    ) -> None:
        """Let a subscription that runs be due at another time next."""
        plan = {"next_due": to_ms(next_due), "next_local": next_local, "planned_at": to_ms(now)}
        running = and_(_this(subscription), _subscription.c.paused.is_(False))
        with self._database.write() as connection:
            connection.execute(update(_subscription).where(running).values(plan))
            self._note(connection, "subscription.snooze", topic=subscription.topic.name, until=to_ms(next_due))

    def move(
        self,
        subscription: Subscription,
        channel: Channel,
        next_due: datetime | None,
        next_local: str | None,
        now: datetime,
        name: str = "",
    ) -> None:
        """Let another channel of its workspace have a subscription, with what was not told yet; it runs again there.

        What is written already is posted where it was meant for. name: of the other channel.
        """
        plan: dict[str, Any] = {"paused": False, "paused_because": None, "planned_at": to_ms(now)}
        plan |= {"next_due": to_ms(next_due), "next_local": next_local}
        with self._database.write() as connection:
            there = {"channel_id": row_made(connection, channel)}
            connection.execute(update(_subscription).where(_this(subscription)).values(plan | there))
            self._note(connection, "subscription.move", topic=subscription.topic.name, to=name or channel.id)

    def position_at(self, moment: datetime) -> int:
        """Return the archive row up to which articles were there at an instant."""
        question = select(func.max(schema.article.c.row)).where(schema.article.c.seen_at < to_ms(moment))
        with self._database.read() as connection:
            return connection.execute(question).scalar_one() or 0

    def _subscriptions(self, question: Select[Any]) -> list[Subscription]:
        return [stored_subscription(row) for row in self._rows(question.order_by(_subscription.c.id))]

    # ------------------------------------------------------------ settings of a channel

    def settings(self, channel: Channel) -> ChannelSettings:
        """Return what a channel has chosen."""
        row = self._row(select(*(_channel.c[one.name] for one in fields(ChannelSettings))).where(is_place(channel)))
        return ChannelSettings(*row) if row else ChannelSettings()

    def choose(self, channel: Channel, **chosen: str | int | None) -> None:
        """Give a channel the settings that are named, as `ChannelSettings` has them; None: none of its own.

        Subscriptions that stand keep the zone of their clock.
        """
        if "language" in chosen:
            chosen = {"language_given": False} | chosen
        with self._database.write() as connection:
            key = row_made(connection, channel)
            connection.execute(update(_channel).where(_channel.c.id == key).values(chosen))
            self._note(connection, "channel.settings", **chosen)

    def offer_language(self, channel: Channel, language: str) -> bool:
        """Give a language to a channel that has none; whether it had none."""
        given = {"language": language, "language_given": True}
        with self._database.write() as connection:
            free = _channel.c.id == row_made(connection, channel), _channel.c.language.is_(None)
            if offered := connection.execute(update(_channel).where(*free).values(given)).rowcount > 0:
                self._note(connection, "channel.settings", language=language)
            return offered


def _rename(connection: Connection, wanted: Mapping[str, tuple[str, str, tuple[str, ...]]]) -> None:
    """Give configured topics the new names under which the configuration looks for the same."""
    mine = _topic.c.platform == "", _topic.c.workspace == ""
    stored = connection.execute(select(_topic).where(*mine)).all()
    known = {row.key for row in stored}
    gone = {(row.expression, tuple(row.languages or ())): row.id for row in stored if row.key not in wanted}
    for key, (_, expression, languages) in wanted.items():
        if key not in known and (same := gone.pop((expression, languages), None)):
            connection.execute(update(_topic).where(_topic.c.id == same).values(key=key))


def _runs_of(subscriptions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Name the runs of some subscriptions."""
    return schema.run.c.subscription_id.in_(select(_subscription.c.id).where(subscriptions))


def _this(subscription: Subscription) -> ColumnElement[bool]:
    """Name the subscription, as long as it is its channel's."""
    return and_(_subscription.c.id == subscription.id, _subscription.c.channel_id == row_of(subscription.channel))


def _owned(channel: Channel, topic: StoredTopic) -> ColumnElement[bool]:
    mine = _topic.c.platform == channel.platform, _topic.c.workspace == channel.workspace
    return and_(_topic.c.id == topic.id, *mine)
