"""Wishes: what a channel's readers want more and less of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, insert, select

from briefs.models import Channel, Wish
from briefs.store.channel_keys import is_place, row_made, row_of
from briefs.store.database import Repository, from_ms, to_ms
from briefs.store.schema import channel as _channel
from briefs.store.schema import feedback


@dataclass(frozen=True, slots=True)
class StoredWish:
    """A wish as it is kept. title: of the story it was made under."""

    id: int
    wish: Wish
    title: str
    user: str
    given_at: datetime


class Wishes(Repository):
    """The wishes of all channels' readers."""

    def keep(self, channel: Channel, user: str, wish: Wish, story: str, title: str, now: datetime) -> StoredWish:
        """Keep a wish that somebody made under a story; more of it takes the place of less, and the other way round.

        story: what tells it from others. The same wish made twice is one.
        """
        with self._database.write() as connection:
            place = row_made(connection, channel)
            kinds = ("source",) if wish.kind == "source" else ("more", "less")
            mine = and_(feedback.c.channel_id == place, feedback.c.user == user, feedback.c.story == story)
            connection.execute(delete(feedback).where(mine, feedback.c.kind.in_(kinds)))
            made: dict[str, Any] = {"channel_id": place, "user": user, "kind": wish.kind, "story": story}
            made |= {"title": title, "source": wish.source, "terms": sorted(wish.terms), "given_at": to_ms(now)}
            key = connection.execute(insert(feedback).values(made)).inserted_primary_key
        return StoredWish(key[0] if key else 0, wish, title, user, now)

    def of(self, channel: Channel) -> list[StoredWish]:
        """Return the wishes of a channel's readers, oldest first."""
        joined = select(feedback).select_from(feedback.join(_channel)).where(is_place(channel)).order_by(feedback.c.id)
        rows = self._rows(joined)
        return [
            StoredWish(
                row.id, Wish(row.kind, frozenset(row.terms), row.source), row.title, row.user, from_ms(row.given_at)
            )
            for row in rows
        ]

    def take_back(self, channel: Channel, wishes: Iterable[StoredWish]) -> None:
        """Take wishes of a channel's readers back: from then on it is as if they had never been made."""
        own = and_(feedback.c.id.in_([one.id for one in wishes]), feedback.c.channel_id == row_of(channel))
        self._change(delete(feedback).where(own))
