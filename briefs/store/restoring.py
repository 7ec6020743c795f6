"""A copy of the database that was put back: what may have been posted since it was made is in doubt, all at once.

    messages that wait          they may stand in their channels: looked for, before they are posted
    digests due since           the first of each subscription told what the copy holds: written anew from just that,
                                under the same name, and looked for; those after it told what the copy does not hold
    what came in since          is gathered anew, and comes with the next digest of each channel
    whatever is written anew    says that some of it may have been posted before, until each channel has heard it

A delivery's name follows from its run (`outbox.name_of`), so that a run that is planned again is found again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from briefs.store.database import Database, to_ms
from briefs.store.runs import Planning, Runs, Waiting
from briefs.store.schema import article, delivery, index_build, run, subscription

COPY = 0  # `subscription.restored_at` in a copy that nobody has begun with yet


@dataclass(frozen=True, slots=True)
class Doubts:
    """What may have been posted since a copy was made. messages: that waited. digests: that were due since."""

    messages: int
    digests: int

    def __str__(self) -> str:
        return (
            f"messages that waited: {self.messages}, digests that were due since: {self.digests}; each may have been "
            "posted since the copy was made, and is looked for in its channel first"
        )


def is_copy(database: Database) -> bool:
    """Return whether the database is a copy that says so itself, and that nobody has begun with yet."""
    with database.read() as connection:
        marked = select(subscription.c.id).where(subscription.c.restored_at == COPY).limit(1)
        return connection.execute(marked).first() is not None


def begin_again(database: Database, now: datetime, decide: Callable[[Waiting], Planning]) -> Doubts:
    """Note that the database is a copy that was put back just now, and give what may have been posted since.

    decide: plans, as for `Runs.plan`; the one run that it makes DUE is the one to look for. No bot may be running.
    """
    Runs(database).plan(now, decide)
    with database.write() as connection:
        doubts = Doubts(_doubt_messages(connection), _doubt_runs(connection, now))
        connection.execute(update(subscription).values(restored_at=to_ms(now)))
        connection.execute(delete(index_build))  # it has what came in since the copy was made
    return doubts


def _doubt_messages(connection: Connection) -> int:
    due = select(run.c.due_at).where(run.c.id == delivery.c.run_id).scalar_subquery()
    doubtful = {
        # What is in doubt already may have been posted by a later try, too: it is looked for as often as any other.
        "misses": 0,
        "doubt_at": func.coalesce(delivery.c.doubt_at, delivery.c.attempt_started, due),
        "error": "it may have been posted since this copy was made",
    }
    # One that was being posted needs no word: its lease is over, and it is looked for anyway.
    waits = delivery.c.state.in_(("PENDING", "RETRY", "UNCERTAIN"))
    return connection.execute(update(delivery).where(waits).values(doubtful)).rowcount


def _doubt_runs(connection: Connection, now: datetime) -> int:
    held = select(func.coalesce(func.max(article.c.row), 0)).scalar_subquery()
    doubtful = {"doubt_at": run.c.due_at, "through_row": held}
    due = update(run).where(run.c.state == "DUE", run.c.due_at <= to_ms(now)).values(doubtful)
    return connection.execute(due).rowcount
