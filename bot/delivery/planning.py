"""The runs of a subscription that is due, and when it is due next. Pure: no database, no clock."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.base.calendar import Due, QuietHours, Schedule
from briefs.store.runs import PlannedRun, Planning, Waiting

ON_TIME = timedelta(minutes=15)  # a run is missed when nobody took it up for so long
NEAR = timedelta(days=7)  # how long the news of a missed run may wait for the next run

CatchUp = Literal["newest", "none"]


def plan(waiting: Waiting, now: datetime, catch_up: CatchUp, quiet: QuietHours | None = None) -> Planning:
    """Return the runs of a subscription that is due, oldest first, and its next due time.

    The newest run covers the whole time since the last digest; the older ones are skipped. After downtime, catch_up
    "newest" makes up for a missed run at once, unless today is none of its days and the next run is NEAR; "none" leaves
    its news to the next regular run. A run in quiet hours is put off to their end.
    """
    schedule = Schedule.read(waiting.schedule, waiting.zone)
    if waiting.due > now:  # planned by a clock that has gone back since
        return _planning((), schedule.next(now))
    *missed, newest = _dues_until(waiting, schedule, now)
    following = schedule.next(max(now, newest.at))
    is_near = following is not None and following.at - now <= NEAR
    not_today = is_near and not schedule.is_chosen(now.astimezone(ZoneInfo(waiting.zone)).date())
    late = now - newest.at > ON_TIME and (catch_up == "none" or not_today)
    at = quiet.over_at(max(now, newest.at), waiting.zone) if quiet else newest.at
    due_at = at if at > now else newest.at
    last = PlannedRun(newest.local, newest.at, "SKIPPED") if late else PlannedRun(newest.local, due_at, "DUE")
    return _planning((*(PlannedRun(due.local, due.at, "SKIPPED") for due in missed), last), following)


def _planning(runs: tuple[PlannedRun, ...], following: Due | None) -> Planning:
    return Planning(runs, following.local, following.at) if following else Planning(runs, None, None)


def plan_again(waiting: Waiting, now: datetime, catch_up: CatchUp) -> Planning:
    """Plan as `plan` does, for a database that was restored from a copy: any of these runs may have been posted.

    The first run is DUE in place of the newest: it told what the copy holds, and is the one to look for.
    """
    planning = plan(waiting, now, catch_up)
    if not planning.runs or planning.runs[-1].state == "SKIPPED":
        return planning
    first, *later = planning.runs
    return replace(planning, runs=(replace(first, state="DUE"), *(replace(one, state="SKIPPED") for one in later)))


def _dues_until(waiting: Waiting, schedule: Schedule, now: datetime) -> Iterator[Due]:
    due: Due | None = Due(waiting.local, waiting.due)
    while due is not None and due.at <= now:
        yield due
        due = schedule.next(due.at)
