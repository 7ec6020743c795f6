"""What the rows of topics and subscriptions say, and the statements that read them."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select

from briefs.models import Channel, Form
from briefs.store.database import from_ms
from briefs.store.schema import channel as _channel
from briefs.store.schema import subscribed
from briefs.store.schema import subscription as _subscription
from briefs.store.schema import topic as _topic
from briefs.text.terms import fold


@dataclass(frozen=True, slots=True)
class StoredTopic:
    """A topic as it is kept.

    expression: in the topic language. languages: the only ones wanted; empty: all.
    configured: it comes from the configuration and cannot be changed from chat.
    """

    id: int
    name: str
    expression: str
    languages: tuple[str, ...] = ()
    configured: bool = False
    created_by: str | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel's wish to be told of a topic.

    schedule, zone: when, as `calendar.Schedule` writes it, and on which clock (an IANA name).
    stories, form: of its digests; None: the channel's.
    position: the archive row up to which the channel has been served; served_at: when that was (None: never yet).
    next_due, next_local: the next run, as `calendar.Due` has it; None while paused, and once it is over.
    """

    id: int
    channel: Channel
    topic: StoredTopic
    schedule: str
    zone: str
    stories: int | None
    form: Form | None
    paused: bool
    paused_because: str | None
    created_by: str | None
    created_at: datetime
    position: int
    served_at: datetime | None
    next_due: datetime | None
    next_local: str | None


def topic_key(name: str) -> str:
    """Return the form that names of topics are compared by: capitals, accents and spaces do not matter."""
    return " ".join(fold(name).split())


def seen_by(channel: Channel) -> ColumnElement[bool]:
    """Name the topics of a channel's workspace, and everyone's."""
    own = and_(_topic.c.platform == channel.platform, _topic.c.workspace == channel.workspace)
    return or_(own, and_(_topic.c.platform == "", _topic.c.workspace == ""))


def every_subscription() -> Select[Any]:
    """Ask for all subscriptions there are, each with its channel and its topic."""
    place = [_channel.c.platform, _channel.c.workspace, _channel.c.channel]
    subject = [_topic.c.name, _topic.c.expression, _topic.c.languages, _topic.c.created_by.label("topic_by")]
    names = ("id", "topic_id", "schedule", "zone", "stories", "form", "paused", "paused_because", "created_by")
    own = [_subscription.c[name] for name in (*names, "created_at", "position", "served_at", "next_due", "next_local")]
    return select(*own, *place, *subject, _topic.c.platform.label("topic_platform")).select_from(subscribed)


def paused(because: str | None) -> dict[str, Any]:
    """Return what becomes of a subscription that stops; None: a person wished it."""
    return {"paused": True, "paused_because": because, "next_due": None, "next_local": None}


def stored_topic(row: Row[Any]) -> StoredTopic:
    """Read a row of the table `topic`."""
    languages = tuple(row.languages or ())
    return StoredTopic(row.id, row.name, row.expression, languages, row.platform == "", row.created_by)


def stored_subscription(row: Row[Any]) -> Subscription:
    """Read a row of `every_subscription`."""
    languages = tuple(row.languages or ())
    topic = StoredTopic(row.topic_id, row.name, row.expression, languages, row.topic_platform == "", row.topic_by)
    own: dict[str, Any] = {one.name: getattr(row, one.name) for one in fields(Subscription) if one.name != "topic"}
    own |= {name: from_ms(own[name]) for name in ("created_at", "served_at", "next_due")}
    return Subscription(**{**own, "channel": Channel(row.platform, row.workspace, row.channel)}, topic=topic)
