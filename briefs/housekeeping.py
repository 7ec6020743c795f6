"""What goes once it is old: what is remembered for a while; and articles, in steps that keep nobody waiting.

articles that are old enough ─ some at a time ─ gone ─ what only they needed ─ the room that they took
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from briefs.clustering.fingerprints import EVERYTHING, FOLLOWED
from briefs.store.answers import Answers
from briefs.store.audit import KEPT, Audit
from briefs.store.daily_reports import DailyReports
from briefs.store.database import Connection, Database
from briefs.store.host_turns import HostTurns
from briefs.store.idempotency import Handled, IdempotencyKeys
from briefs.store.memory import MEMORY
from briefs.store.retention import Retention
from briefs.store.runs import Runs

LISTED = timedelta(days=365)  # how long a document without an article is known after a source listed it last
ANSWERS_KEPT = timedelta(days=30)  # so long a button under one still does something
_PRESENT = timedelta(days=30)  # what "the present rate" is told by
_SHARE = 8  # the index is put together anew when an eighth of the archive has gone


@dataclass(frozen=True, slots=True)
class Weight:
    """What a database takes on the disk, and will at the present rate, in bytes; None where it is too early to tell."""

    size: int
    in_a_year: int | None


def weight(database: Database, now: datetime, keep: timedelta | None) -> Weight:
    """Return what the database weighs, and will in a year. keep: how long articles are kept; None: for ever."""
    retention = Retention()
    with database.read() as connection:
        size, articles = retention.size(connection), retention.articles(connection)
        first, _ = retention.come(connection, now)
        # What the first day brings was there before: it tells nothing of those to come.
        since = max(now - _PRESENT, first + timedelta(days=1)) if first else now
        _, count = retention.come(connection, since)
    if now - since < timedelta(days=1) or not articles:
        return Weight(size, None)
    stand = articles + count * (timedelta(days=365) / (now - since))
    if keep:
        stand = min(stand, count * (keep / (now - since)))
    return Weight(size, round(stand * size / articles))


def forget(database: Database, now: datetime) -> None:
    """Drop what is remembered for a while: what was posted, answered and changed, and what counts once."""
    Runs(database).forget(now - MEMORY)
    Answers(database).forget(now - ANSWERS_KEPT)
    Handled(database).forget(now - ANSWERS_KEPT)
    IdempotencyKeys(database).forget(now)
    DailyReports(database).forget(now - MEMORY)
    Audit(database).forget(now - KEPT)
    if database.shared:
        HostTurns(database).forget()


def expire(database: Database, now: datetime, keep: timedelta) -> Iterator[None]:
    """Let go of the articles that came in longer ago than they are kept, and give back the room, a step at a time.

    What is still needed stays: see `Retention.expired`. Raises StoreError; what was done stays done.
    """
    retention, gone = Retention(), list[int]()
    while True:
        with database.read() as connection:
            rows = retention.expired(connection, now - keep, now - FOLLOWED)
        if not rows:
            break
        # What a power cut undoes is done again; but a replica gets what the disk has.
        with database.write(lasting=database.shared) as connection:
            retention.drop(connection, rows, now)
        gone += rows
        yield
    with database.write(lasting=False) as connection:
        retention.forget_documents(connection, now - LISTED)
        retention.age(connection, EVERYTHING)
        merges = bool(gone) and _is_much(gone, retention.articles(connection))
        if merges:
            retention.begin_merge(connection)
    yield
    if merges:
        yield from _until_done(database, retention.merge)
    yield from _until_done(database, retention.give_back)


def _is_much(gone: Sequence[int], articles: int) -> bool:
    """Whether as much has gone as makes a share of the archive, since that was last so: rows tell, which rise."""
    share = max(1, articles // _SHARE)
    return min(gone) // share != max(gone) // share or len(gone) >= share


def _until_done(database: Database, work: Callable[[Connection], bool]) -> Iterator[None]:
    more = True
    while more:
        with database.write(lasting=False) as connection:
            more = work(connection)
        yield
