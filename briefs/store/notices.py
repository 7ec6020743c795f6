"""What whoever subscribed a channel has to hear themselves: it is paused, or its topic is gone.

A notice is written where that happens, in the same transaction, and taken once: who takes it tells it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Row, Select, delete, insert, literal, select

from briefs.models import Channel
from briefs.store.database import Repository
from briefs.store.schema import channel, notice, subscribed, subscription, topic

_NOBODY = ("import",)  # made subscriptions that no person did


@dataclass(frozen=True, slots=True)
class PrivateNotice:
    """Something to tell one person.

    channel: which it is about. subscription: None where it has ended. because: what the platform answered.
    """

    channel: Channel
    person: str
    topic: str
    subscription: int | None
    because: str


def note_pauses(connection: Connection, subscriptions: ColumnElement[bool], because: str | None) -> None:
    """Note, for whoever made each, that active subscriptions are being paused."""
    running = _made(subscription.c.id, because or "").where(subscriptions, subscription.c.paused.is_(False))
    connection.execute(insert(notice).from_select(_COLUMNS, running))


def note_ends(connection: Connection, subscriptions: ColumnElement[bool], by: str) -> None:
    """Note, for whoever made each, that subscriptions are being ended by another person."""
    others = _made(literal(None, BigInteger), "").where(subscriptions, subscription.c.created_by != by)
    connection.execute(insert(notice).from_select(_COLUMNS, others))


def forget_ends(connection: Connection, workspace: Channel, topic: str) -> None:
    """Delete the notices that subscriptions to a topic have ended: it is back."""
    there = notice.c.platform == workspace.platform, notice.c.workspace == workspace.workspace
    ended = notice.c.topic == topic, notice.c.subscription_id.is_(None)
    connection.execute(delete(notice).where(*there, *ended))


_COLUMNS = ("platform", "workspace", "channel", "person", "topic", "subscription_id", "because")


def _made(subscription_id: ColumnElement[Any], because: str) -> Select[Any]:
    """Select what notices of subscriptions say."""
    place = channel.c.platform, channel.c.workspace, channel.c.channel
    said = subscription.c.created_by, topic.c.name, subscription_id, literal(because)
    person = subscription.c.created_by.is_not(None), subscription.c.created_by.not_in(_NOBODY)
    return select(*place, *said).select_from(subscribed).where(*person)


class Notices(Repository):
    """The notices that wait."""

    def take(self, platforms: Iterable[str], most: int = 20) -> list[PrivateNotice]:
        """Take the notices for these platforms, oldest first; no other process gets them."""
        waiting = select(notice.c.id).where(notice.c.platform.in_(list(platforms))).order_by(notice.c.id).limit(most)
        if not self._rows(waiting.limit(1)):
            return []  # most of the time; no need to keep writers waiting
        with self._database.write() as connection:
            ids = connection.execute(waiting).scalars().all()
            taken = connection.execute(delete(notice).where(notice.c.id.in_(ids)).returning(*notice.c)).all()
        return [_notice(row) for row in sorted(taken, key=lambda row: row.id)]

    def give_back(self, one: PrivateNotice) -> None:
        """Put a notice back that was certainly not sent, so that it is taken again."""
        place = {"platform": one.channel.platform, "workspace": one.channel.workspace, "channel": one.channel.id}
        said = {"person": one.person, "topic": one.topic, "subscription_id": one.subscription, "because": one.because}
        self._change(insert(notice).values(place | said))


def _notice(row: Row[Any]) -> PrivateNotice:
    place = Channel(row.platform, row.workspace, row.channel)
    return PrivateNotice(place, row.person, row.topic, row.subscription_id, row.because)
