"""The decisions of delivery: what happened, and when → what becomes of it. Pure: no database, no clock, no platform.

    a run could not be composed       → when it is tried again                          compose_again
    … for want of the articles' index → when one run tries again for all                index_again
    about to post                    → go on, or look first                             before_post
    others went before               → RETRY, when its turn comes                       put_off
    a post was tried                 → SENT, RETRY, FAILED or UNCERTAIN                 after_attempt
    nobody knows, and time has passed → RETRY where a repeat does no harm, else look     repeat
    the channel was looked through   → SENT, UNCERTAIN for another look, RETRY or PARKED   after_look

"Doubt" is the instant since which a message may stand in its channel without our knowing it. One that is "begun" is
known to stand there, as its news alone: it is finished, which may be tried as often as it takes, and never looked for.

The store writes down what is decided here; the delivery worker carries it out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, assert_never

from bot.delivery.transport import Begun, Found, Missing, NotSent, Outcome, Rejected, Sent, Sight, Unknown, Unseen
from briefs.store.deliveries import Claim, Settlement, Uncertain

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=5)
INDEX_WAIT = timedelta(seconds=30)
SOON = 6  # attempts at what people see unfinished, before waits grow

Policy = Literal["prefer_delivery", "prefer_silence"]
LOOKS = 2  # a post may arrive behind the first look


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things take, and what is waited for.

    post_deadline: for one attempt. lease: much longer than that: when it is over, so is the post. apart: from one look
    to the next. patience: how long a channel that cannot be read now is asked again. reach: how far back before the
    doubt a look begins, for clocks that differ.
    """

    post_deadline: timedelta = timedelta(seconds=15)
    lease: timedelta = timedelta(seconds=60)
    apart: timedelta = timedelta(seconds=30)
    patience: timedelta = timedelta(minutes=15)
    reach: timedelta = timedelta(minutes=5)


def after_attempt(claim: Claim, outcome: Outcome, now: datetime) -> Settlement:
    """Decide what becomes of a delivery after one attempt to post it."""
    match outcome:
        case Sent(reference):
            return Settlement("SENT", reference=reference, sent_at=now)
        case Begun(reference, after_seconds):
            return Settlement("RETRY", not_before=now + timedelta(seconds=after_seconds), reference=reference)
        case NotSent(reason, after_seconds):
            wait = timedelta(seconds=after_seconds) if after_seconds is not None else _wait_of(claim)
            return _retry(claim, now + wait, reason)
        case Rejected(reason):
            return Settlement("FAILED", reference=claim.begun, error=reason, pause=True)
        case Unknown(reason) if claim.begun:
            return _retry(claim, now + _wait_of(claim), reason)
        case Unknown(reason):
            # Until the lease is over the message may still be on its way.
            doubt = claim.doubt or claim.started
            return Settlement("UNCERTAIN", settle_until=claim.lease_until, doubt=doubt, error=reason)
        case _:
            assert_never(outcome)


def before_post(claim: Claim, remembers: timedelta, now: datetime, pace: Pace) -> Settlement | None:
    """Decide whether a claimed delivery may be posted now: None, or what becomes of it instead.

    One that may stand there already is repeated only as long as the platform remembers it; then it is looked for.
    """
    if claim.begun or claim.doubt is None or _is_remembered(claim.doubt, remembers, now, pace):
        return None
    return Settlement("UNCERTAIN", settle_until=now, doubt=claim.doubt, error="may have been posted before")


def put_off(claim: Claim, wait: timedelta, now: datetime) -> Settlement:
    """Decide what becomes of a claimed delivery whose turn, by the platform's rate limits, has not come."""
    return _retry(claim, now + wait, "waits for its turn")


def compose_again(tries: int, now: datetime) -> datetime:
    """Decide when a run is composed again that could not be, so many times by now."""
    return now + _wait(tries)


def index_again(tries: int, now: datetime) -> datetime:
    """Decide when it is tried again if the articles' index is there, after so many times: soon, for all wait for it."""
    return now + min(_wait(tries), INDEX_WAIT)


def repeat(uncertain: Uncertain, remembers: timedelta, now: datetime, pace: Pace) -> Settlement | None:
    """Decide whether an uncertain delivery is simply posted again, because that gives the message that stands there.

    None: it has to be looked for.
    """
    if uncertain.begun:
        return _finish(uncertain.begun, now)
    if not _is_remembered(uncertain.doubt, remembers, now, pace):
        return None
    return Settlement("RETRY", not_before=now, doubt=uncertain.doubt, error="repeated under the same nonce")


def after_look(uncertain: Uncertain, sight: Sight, policy: Policy, now: datetime, pace: Pace) -> Settlement:
    """Decide what becomes of an uncertain delivery after its channel was looked through.

    Where it is not found twice, or the channel cannot be read, it stays unknown. prefer_delivery: it goes out again; it
    may stand there twice. prefer_silence: it is parked.
    """
    match sight:
        case Found(reference, whole):
            return Settlement("SENT", reference=reference, sent_at=now) if whole else _finish(reference, now)
        case Missing():
            misses = uncertain.misses + 1
            if misses < LOOKS:
                return _look_again(uncertain, now + pace.apart, misses, "not found in its channel so far")
            return _unknown(policy, now, f"not found in its channel, looked for {misses} times")
        case Unseen(reason, after_seconds):
            if after_seconds is not None and now - uncertain.doubt < pace.patience:
                at = now + timedelta(seconds=after_seconds)
                return _look_again(uncertain, at, uncertain.misses, f"its channel cannot be read now: {reason}")
            return _unknown(policy, now, f"its channel cannot be read: {reason}")
        case _:
            assert_never(sight)


def _is_remembered(doubt: datetime, remembers: timedelta, now: datetime, pace: Pace) -> bool:
    """Whether a post that begins now is over while the platform still remembers one of the time of the doubt."""
    return now + pace.post_deadline < doubt + remembers


def _look_again(uncertain: Uncertain, at: datetime, misses: int, error: str) -> Settlement:
    return Settlement("UNCERTAIN", settle_until=at, doubt=uncertain.doubt, misses=misses, error=error)


def _unknown(policy: Policy, now: datetime, why: str) -> Settlement:
    if policy == "prefer_silence":
        return Settlement("PARKED", error=f"{why}; it may or may not stand there, and repeats are not wanted")
    return Settlement("RETRY", not_before=now, error=f"{why}; posted again, it may stand there twice")


def _retry(claim: Claim, at: datetime, error: str) -> Settlement:
    return Settlement("RETRY", not_before=at, reference=claim.begun, doubt=claim.doubt, error=error)


def _finish(begun: str, now: datetime) -> Settlement:
    return Settlement("RETRY", not_before=now, reference=begun, error="stands there as its news alone")


def _wait_of(claim: Claim) -> timedelta:
    """Give the wait after an attempt. What people see unfinished is tried soon a few times before waits grow."""
    return _wait(max(claim.attempts - SOON, 1) if claim.begun else claim.attempts)


def _wait(attempts: int) -> timedelta:
    """Give the wait after so many attempts: it doubles, up to a limit."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)
