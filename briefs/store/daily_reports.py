"""What an operator should hear of once a day: messages that are parked, and channels that were paused since.

The first process that asks on a day gets it; the day is over for the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection, delete, func, select, update

from briefs.models import Channel
from briefs.store.database import Repository, insert_or, to_ms
from briefs.store.inventory import Outstanding, outstanding
from briefs.store.schema import channel, delivery, rollup, run, subscribed, subscription, topic
from briefs.store.sources import Health


@dataclass(frozen=True, slots=True)
class Paused:
    """A subscription that stopped, and not because a person wished it. because: what the platform said."""

    channel: Channel
    topic: str
    because: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What waits for an operator.

    parked: oldest first. paused: since the last time that this was asked. sources: that are in trouble, since then.
    """

    parked: tuple[Outstanding, ...]
    paused: tuple[Paused, ...]
    sources: tuple[Health, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parked or self.paused or self.sources)


class DailyReports(Repository):
    """The days that were told of."""

    def begin(self, day: str, now: datetime, sources: Mapping[str, Health] = MappingProxyType({})) -> Trouble | None:
        """Take a day, and give its trouble; None where it is taken.

        day: "2026-11-16". sources: those in trouble, by what tells one trouble from the next.
        """
        with self._database.write() as connection:
            new = insert_or(connection, rollup).values(day=day, told=[], at=to_ms(now)).on_conflict_do_nothing()
            if not connection.execute(new.execution_options(preserve_rowcount=True)).rowcount:
                return None
            before = _told_before(connection, day)
            stopped = _stopped(connection)
            connection.execute(update(rollup).where(rollup.c.day == day).values(told=[*stopped, *sources]))
        parked = outstanding(self._database, ("PARKED",))
        return Trouble(
            tuple(parked),
            tuple(one for key, one in stopped.items() if key not in before),
            tuple(one for key, one in sources.items() if key not in before),
        )

    def give_back(self, day: str) -> None:
        """Let a day be taken again: nothing was told."""
        self._change(delete(rollup).where(rollup.c.day == day))

    def forget(self, before: datetime) -> None:
        """Drop the days before an instant."""
        self._change(delete(rollup).where(rollup.c.at < to_ms(before)))


def _told_before(connection: Connection, day: str) -> frozenset[str]:
    last = select(rollup.c.told).where(rollup.c.day < day).order_by(rollup.c.day.desc()).limit(1)
    return frozenset(connection.execute(last).scalar_one_or_none() or ())


def _stopped(connection: Connection) -> dict[str, Paused]:
    """Return what is paused by itself, oldest first, by what tells one pause from the next: tries that failed."""
    failed = (
        select(func.coalesce(func.sum(delivery.c.attempts), 0))
        .join(run, run.c.id == delivery.c.run_id)
        .where(run.c.subscription_id == subscription.c.id, delivery.c.state == "FAILED")
        .scalar_subquery()
    )
    query = (
        select(subscription.c.id, subscription.c.paused_because, topic.c.name, failed.label("failed"))
        .add_columns(channel.c.platform, channel.c.workspace, channel.c.channel)
        .select_from(subscribed)
        .where(subscription.c.paused, subscription.c.paused_because.is_not(None))
        .order_by(subscription.c.id)
    )
    return {
        f"{row.id}/{row.failed}": Paused(
            Channel(row.platform, row.workspace, row.channel), row.name, row.paused_because
        )
        for row in connection.execute(query)
    }
