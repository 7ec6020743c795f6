"""Everything that people have set up, over all workspaces: for the operator, never for a chat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from briefs.models import Channel
from briefs.store.channels import StoredTopic
from briefs.store.database import Database, from_ms, to_ms
from briefs.store.deliveries import OPEN, DeliveryState
from briefs.store.schema import delivery, run, subscription, topic

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
    return [
        WorkspaceTopic(
            row.platform,
            row.workspace,
            StoredTopic(
                id=row.id,
                name=row.name,
                expression=row.expression,
                languages=tuple(row.languages or ()),
                configured=not row.platform,
                created_by=row.created_by,
            ),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A message that is not in its channel, as far as is known. part: of how many. due: when its run was."""

    id: int
    state: DeliveryState
    channel: Channel
    topic: str
    scheduled_local: str
    due: datetime | None
    part: int
    attempts: int
    error: str | None


def outstanding(
    database: Database, states: Iterable[DeliveryState] = TROUBLED, *, limit: int = 500
) -> list[Outstanding]:
    """Return the deliveries in these states, oldest first."""
    query = (
        select(delivery, run.c.scheduled_local, run.c.due_at, topic.c.name)
        .join(run, run.c.id == delivery.c.run_id)
        .join(subscription, subscription.c.id == run.c.subscription_id)
        .join(topic, topic.c.id == subscription.c.topic_id)
        .where(delivery.c.state.in_(list(states)))
        .order_by(delivery.c.id)
        .limit(limit)
    )
    with database.read() as connection:
        return [
            Outstanding(
                id=row.id,
                state=row.state,
                channel=Channel(row.platform, row.workspace, row.channel),
                topic=row.name,
                scheduled_local=row.scheduled_local,
                due=from_ms(row.due_at),
                part=row.part_no,
                attempts=row.attempts,
                error=row.error,
            )
            for row in connection.execute(query)
        ]


@dataclass(frozen=True, slots=True)
class Backlog:
    """How delivery is doing.

    states: deliveries by state. late: how late the oldest run is that is not done (seconds). runs: that wait to be
    composed.
    """

    states: dict[str, int]
    late: float
    runs: int


def backlog(database: Database, now: datetime) -> Backlog:
    """Return how delivery is doing."""
    counted = select(delivery.c.state, func.count().label("number")).group_by(delivery.c.state)
    waiting = select(func.min(run.c.due_at), func.count()).where(run.c.state == "DUE")
    going = (
        select(func.min(run.c.due_at)).join(delivery, delivery.c.run_id == run.c.id).where(delivery.c.state.in_(OPEN))
    )
    with database.read() as connection:
        states = {row.state: row.number for row in connection.execute(counted)}
        waits, runs = connection.execute(waiting).one()
        oldest = [due for due in (waits, connection.execute(going).scalar()) if due is not None]
    return Backlog(states, max(0.0, ((to_ms(now) or 0) - min(oldest)) / 1000) if oldest else 0.0, runs)
