"""Everything that people have set up, over all workspaces: for the operator, never for a chat."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from briefs.models import Channel
from briefs.store.channel_rows import StoredTopic, stored_topic
from briefs.store.database import Database, from_ms, to_ms
from briefs.store.deliveries import OPEN, DeliveryState, overtaken
from briefs.store.schema import channel, delivery, run, subscribed, subscription, topic

TROUBLED: tuple[DeliveryState, ...] = ("PENDING", "SENDING", "RETRY", "UNCERTAIN", "PARKED", "FAILED")


@dataclass(frozen=True, slots=True)
class WorkspaceTopic:
    """A topic and whose it is; platform and workspace are empty for one of the configuration."""

    platform: str
    workspace: str
    topic: StoredTopic


def all_topics(database: Database) -> list[WorkspaceTopic]:
    """Return every topic, those of the configuration first, then by workspace and name."""
    with database.read() as connection:
        rows = connection.execute(select(topic).order_by(topic.c.platform, topic.c.workspace, topic.c.key)).all()
    return [WorkspaceTopic(row.platform, row.workspace, stored_topic(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A message of a digest, and its state.

    part: its number in its digest. until: when it moves by itself. overtaken: it was refused, and its news came with a
    later digest. paused: nothing comes after it, until its subscription is resumed.
    """

    id: int
    state: DeliveryState
    channel: Channel
    topic: str
    scheduled_local: str
    part: int
    attempts: int
    error: str | None
    until: datetime | None
    overtaken: bool
    paused: bool


def outstanding(database: Database, states: Iterable[DeliveryState] = TROUBLED) -> list[Outstanding]:
    """Return the messages in these states, oldest first, but those that were overtaken: nobody waits for them."""
    return _messages(database, and_(delivery.c.state.in_(list(states)), ~overtaken()))


def messages(database: Database, numbers: Iterable[int]) -> dict[int, Outstanding]:
    """Return messages by their numbers, whatever their state; those that there are."""
    return {one.id: one for one in _messages(database, delivery.c.id.in_(list(numbers)))}


_UNTIL = {"RETRY": "not_before", "UNCERTAIN": "settle_until", "SENDING": "lease_until"}  # by state, the column


def _messages(database: Database, which: ColumnElement[bool]) -> list[Outstanding]:
    places = (delivery.c.platform, delivery.c.workspace, delivery.c.channel)
    times = (delivery.c.not_before, delivery.c.settle_until, delivery.c.lease_until)
    query = (
        select(delivery.c.id, delivery.c.state, delivery.c.part_no, delivery.c.attempts, delivery.c.error)
        .add_columns(*places, *times, overtaken().label("overtaken"))
        .add_columns(run.c.scheduled_local, topic.c.name, subscription.c.paused)
        .select_from(delivery.join(run).join(subscription).join(topic))
        .where(which)
        .order_by(delivery.c.id)
    )
    with database.read() as connection:
        return [
            Outstanding(
                id=row.id,
                state=row.state,
                channel=Channel(row.platform, row.workspace, row.channel),
                topic=row.name,
                scheduled_local=row.scheduled_local,
                part=row.part_no,
                attempts=row.attempts,
                error=row.error,
                until=from_ms(getattr(row, _UNTIL[row.state]) if row.state in _UNTIL else None),
                overtaken=row.overtaken,
                paused=row.paused,
            )
            for row in connection.execute(query)
        ]


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A digest that has no messages yet. due: when it is to be written."""

    channel: Channel
    topic: str
    scheduled_local: str
    due: datetime


def unwritten(database: Database) -> list[Unwritten]:
    """Return the digests whose time has come, or comes with the end of quiet hours, oldest first."""
    query = (
        select(run.c.scheduled_local, run.c.due_at, topic.c.name)
        .add_columns(channel.c.platform, channel.c.workspace, channel.c.channel)
        .select_from(subscribed.join(run))
        .where(_waits_to_be_written())
        .order_by(run.c.due_at, run.c.id)
    )
    with database.read() as connection:
        return [
            Unwritten(
                Channel(row.platform, row.workspace, row.channel), row.name, row.scheduled_local, from_ms(row.due_at)
            )
            for row in connection.execute(query)
        ]


def _waits_to_be_written() -> ColumnElement[bool]:
    """Whether a run is; one whose subscription is paused is not, and the next one takes its place."""
    return and_(run.c.state == "DUE", subscription.c.paused.is_(False))


@dataclass(frozen=True, slots=True)
class Backlog:
    """How delivery is doing.

    states: deliveries by state. late: how late the oldest run is that is not done, or not even planned (seconds). runs:
    that wait to be composed.
    """

    states: dict[str, int]
    late: float
    runs: int


def backlog(database: Database, now: datetime, without: Collection[str] = ()) -> Backlog:
    """Return how delivery is doing. without: platforms whose runs are nobody's concern."""
    concerns = channel.c.platform.not_in(list(without))
    counted = select(delivery.c.state, func.count().label("number")).group_by(delivery.c.state)
    coming = select(func.min(subscription.c.next_due)).select_from(subscription.join(channel))
    coming = coming.where(subscription.c.paused.is_(False), concerns)
    waiting = select(func.min(run.c.due_at), func.count()).select_from(run.join(subscription).join(channel))
    waiting = waiting.where(_waits_to_be_written(), concerns)
    going = select(func.min(run.c.due_at)).select_from(run.join(delivery))
    going = going.where(delivery.c.state.in_(OPEN), delivery.c.platform.not_in(list(without)))
    with database.read() as connection:
        states = {row.state: row.number for row in connection.execute(counted)}
        waits, runs = connection.execute(waiting).one()
        dues = (waits, connection.execute(going).scalar(), connection.execute(coming).scalar())
        oldest = [due for due in dues if due is not None]
    return Backlog(states, max(0.0, ((to_ms(now) or 0) - min(oldest)) / 1000) if oldest else 0.0, runs)
