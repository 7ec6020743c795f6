"""The decisions of delivery: what happened, and when → what becomes of it. Pure: no database, no clock, no platform.

    a subscription's time has come   → which runs, and when next                        plan
    a post was tried                 → SENT, RETRY, FAILED or UNCERTAIN                 after_attempt
    nobody knows, and time has passed → RETRY or PARKED, as the policy says             after_silence

The store writes down what is decided here; the courier carries it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal, assert_never

from bot.calendar import Due, next_due
from bot.transport import NotSent, Outcome, Rejected, Sent, Unknown
from briefs.store.deliveries import Claim, Settlement, Uncertain
from briefs.store.runs import PlannedRun, Planning, Waiting

POST_DEADLINE = timedelta(seconds=15)
LEASE = timedelta(seconds=60)  # much longer than a post may take: when it is over, so is the post
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=5)
ON_TIME = timedelta(minutes=15)  # a run is missed when nobody took it up for so long

CatchUp = Literal["newest", "none"]
Policy = Literal["prefer_delivery", "prefer_silence"]


def plan(waiting: Waiting, now: datetime, catch_up: CatchUp) -> Planning:
    """Decide the runs of a subscription whose time has come, oldest first, and its next due time.

    The newest run covers the whole time since the last digest; the older ones are skipped. After downtime, "newest"
    makes up for a missed run at once, and "none" leaves its news to the next regular one.
    """
    *missed, newest = _dues_until(waiting, now)
    late = catch_up == "none" and now - newest.at > ON_TIME
    following = next_due(waiting.at, waiting.days, waiting.zone, max(now, newest.at))
    return Planning(
        runs=(
            *(PlannedRun(due.local, due.at, "SKIPPED") for due in missed),
            PlannedRun(newest.local, newest.at, "SKIPPED" if late else "DUE"),
        ),
        next_local=following.local,
        next_due=following.at,
    )


def _dues_until(waiting: Waiting, now: datetime) -> Iterator[Due]:
    due = Due(waiting.local, waiting.due)
    yield due
    while (due := next_due(waiting.at, waiting.days, waiting.zone, due.at)).at <= now:
        yield due


def after_attempt(claim: Claim, outcome: Outcome, now: datetime) -> Settlement:
    """Decide what becomes of a delivery after one attempt to post it."""
    match outcome:
        case Sent(reference):
            return Settlement("SENT", reference=reference, sent_at=now)
        case NotSent(reason, after_seconds):
            wait = timedelta(seconds=after_seconds) if after_seconds is not None else _wait(claim.attempts)
            return Settlement("RETRY", not_before=now + wait, error=reason)
        case Rejected(reason):
            return Settlement("FAILED", error=reason, pause=True)
        case Unknown(reason):
            # Until the lease is over the message may still be on its way.
            return Settlement("UNCERTAIN", settle_until=claim.lease_until, error=reason)
        case _:
            assert_never(outcome)


def after_silence(uncertain: Uncertain, policy: Policy, now: datetime) -> Settlement:
    """Decide what becomes of a delivery that may or may not stand in its channel, once its settling time is over.

    prefer_delivery: it goes out again, under the same nonce; it may stand there twice. prefer_silence: it is parked.
    """
    if policy == "prefer_silence":
        return Settlement("PARKED", error="nobody knows whether it was posted, and repeats are not wanted")
    return Settlement("RETRY", not_before=now, error=f"may have been posted {uncertain.attempts} times")


def _wait(attempts: int) -> timedelta:
    """Give the wait after so many attempts: it doubles, up to a limit."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)
