"""What channels have been told: by their digests, and by whatever else was shown there in public.

It belongs to the channel: no subscription that ends, and no topic that goes, takes any of it away.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select

from briefs.models import Channel, Post, Told
from briefs.store.channel_keys import is_place, row_made
from briefs.store.database import Repository, from_ms, insert_or, to_ms
from briefs.store.schema import article, channel, delivery, is_out, is_posted, run
from briefs.store.schema import told as told_table

MEMORY = timedelta(days=90)  # how long a channel remembers what it was told


class Memory(Repository):
    """What each channel has been told."""

    def told(self, reader: Channel, since: datetime) -> Told:
        """Return what a channel has been told since an instant; the sentences oldest first."""
        query = (
            select(
                article.c.id, article.c.changed_at, told_table.c.sentences, told_table.c.told_at, delivery.c.reference
            )
            .join(article, article.c.row == told_table.c.article_row)
            .outerjoin(delivery, and_(delivery.c.run_id == told_table.c.run_id, delivery.c.part_no == 1))
            .join(channel, channel.c.id == told_table.c.channel_id)
            .where(is_place(reader), told_table.c.told_at >= to_ms(since))
            .order_by(told_table.c.told_at, told_table.c.article_row)
        )
        rows = self._rows(query)
        told_at = {row.id: row.told_at for row in rows}
        changed: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            if row.changed_at and row.changed_at > told_at[row.id]:
                changed[row.id] += row.sentences
        return Told(
            articles=frozenset(told_at),
            sentences=tuple(sentence for row in rows for sentence in row.sentences),
            posts={row.id: Post(from_ms(row.told_at), row.reference) for row in rows},
            corrected={name: tuple(said) for name, said in changed.items()},
        )

    def tell(self, reader: Channel, told: Mapping[str, Sequence[str]], now: datetime) -> None:
        """Note what a channel was shown in public: id of each article → what was said of it."""
        with self._database.write() as connection:
            note(connection, row_made(connection, reader), None, told, now)


def note(
    connection: Connection, channel_row: int, run_id: int | None, told: Mapping[str, Sequence[str]], now: datetime
) -> None:
    """Note what a channel is told, by a run or by none."""
    if not told:
        return
    found = connection.execute(select(article.c.id, article.c.row).where(article.c.id.in_(list(told))))
    common = {"channel_id": channel_row, "run_id": run_id, "told_at": to_ms(now)}
    rows = [common | {"article_row": row, "sentences": list(told[name])} for name, row in found]
    if rows:
        connection.execute(insert_or(connection, told_table).on_conflict_do_nothing(), rows)


def take_back(connection: Connection, runs: ColumnElement[bool]) -> None:
    """Delete what was noted for runs of which no part was posted."""
    perhaps = or_(is_posted(delivery), is_out(delivery))
    posted = select(delivery.c.id).where(delivery.c.run_id == run.c.id, perhaps).exists()
    theirs = select(run.c.id).where(runs, ~posted)
    connection.execute(delete(told_table).where(told_table.c.run_id.in_(theirs)))
