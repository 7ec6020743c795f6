"""When a source is asked next: pure.

From what is remembered of it and what it said of itself:

    it answered   a quarter of its own rhythm, and not before it says that it has something new; up to 6 hours
    it failed     15 minutes, doubled with each failure in a row, up to a day; a little more or less, so that many
                  sources that failed together do not come back together
    come back     when it says (Retry-After: a quarter of an hour and more), at most a day
    gone (410)    a week
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from briefs.errors import BriefsError, Busy, Gone, Unasked

if TYPE_CHECKING:  # an answer in chat asks how sources are doing, and needs no reader of feeds for that
    from briefs.ingest.feeds import Rhythm

SOONEST, USUAL, LATEST = timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=6)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
REMEMBERED = 10  # arrivals that a rhythm is told by
MOVED = 3  # times that a permanent redirect is seen in a row before it is followed without asking at the old address
_SHARE = 4  # asked so often between two arrivals
_EARLY = timedelta(seconds=30)  # rounds do not begin to the second
_SPREAD = 0.2  # the share by which a wait is longer or shorter


def after_answer(
    now: datetime,
    usual: timedelta,
    *,
    arrivals: Sequence[datetime] = (),
    fresh: timedelta | None = None,
    said: Rhythm | None = None,
) -> datetime:
    """Return when to ask a source again that answered.

    usual: how often one is asked that posts all the time and says nothing of itself. arrivals: of its newest entries;
    since the time after the last one counts, one that falls silent is asked less and less often. fresh: how long its
    server holds the answer for current. said: how often the feed itself wants to be read, and when not.
    """
    newest = sorted(arrivals, reverse=True)[:REMEMBERED]
    own = (now - newest[-1]) / len(newest) / _SHARE if newest else usual
    wished = max((span for span in (fresh, said.every if said else None) if span is not None), default=None)
    least = usual if wished is None else max(wished, SOONEST)
    latest = max(LATEST, usual)
    wait = min(max(own, least), latest)
    due = _awake(now + wait, now + latest, said)
    # Only a time of our own choice may come a little early.
    is_ours = wished is None or own > least
    return due - _EARLY if is_ours and due == now + wait else due


def _awake(at: datetime, latest: datetime, said: Rhythm | None) -> datetime:
    """Return the first instant from one on at which a feed wants to be read; after the latest, it is read even so."""
    while said and at < latest and (at.hour in said.skip_hours or at.weekday() in said.skip_days):
        at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return min(at, latest)


def after_failure(now: datetime, error: BriefsError, failures: int, chance: float) -> datetime:
    """Return when to ask a source again that failed; failures: in a row, with this one. chance: drawn from 0 … 1."""
    match error:
        case Gone():
            return now + WEEK
        case Unasked():  # nobody was asked, and whoever puts it right should not have to wait
            return now + USUAL
        case Busy() if isinstance(seconds := error.values.get("wait"), float) and seconds >= USUAL.total_seconds():
            return now + min(timedelta(seconds=seconds), DAY)
    # A server that says "in a second", again and again, is treated like one that says nothing.
    wait = USUAL * 2.0 ** min(failures - 1, 12) * (1 + _SPREAD * (2 * chance - 1))
    return now + min(wait, DAY)
