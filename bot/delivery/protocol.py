"""The state machine of delivery: event and time → next state. Pure: no database, no clock, no platform.

    composing a run failed             → when it is retried                              compose_again
    … because the index is away        → when one run tries again for all                index_again
    about to post                      → go on, or look in the channel first             before_post
    a rate limit does not allow it yet → RETRY, when its turn comes                      put_off
    a post was attempted               → SENT, RETRY, FAILED or UNCERTAIN                after_attempt
    UNCERTAIN, and time has passed     → RETRY if a repeat is harmless, else look        repeat
    the channel was looked through     → SENT, UNCERTAIN (look again), RETRY or PARKED   after_look

"Doubt" is the instant since which a message may stand in its channel without our knowing it. A message that is "begun"
is known to stand there, so far as its news alone: it is finished by editing, as often as it takes, never looked for.

The store keeps what is decided here; the delivery worker carries it out.
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
    """Time limits of delivery.

    post_deadline: of one attempt. lease: of a claim; much longer, so that the attempt is over when the lease is. apart:
    from one look to the next. patience: for how long to look again in a channel that cannot be read. reach: how long
    before the doubt a look begins, for clocks that differ.
    """

    post_deadline: timedelta = timedelta(seconds=15)
    lease: timedelta = timedelta(seconds=60)
    apart: timedelta = timedelta(seconds=30)
    patience: timedelta = timedelta(minutes=15)
    reach: timedelta = timedelta(minutes=5)


def after_attempt(claim: Claim, outcome: Outcome, now: datetime) -> Settlement:
    """Return the next state of a delivery after one attempt to post it."""
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
    """Return None if a claimed delivery may be posted now, else its next state.

    One that may stand in its channel already is repeated only while the platform still recognises the repeat.
    """
    if claim.begun or claim.doubt is None or _is_remembered(claim.doubt, remembers, now, pace):
        return None
    return Settlement("UNCERTAIN", settle_until=now, doubt=claim.doubt, error="may have been posted before")


def put_off(claim: Claim, wait: timedelta, now: datetime) -> Settlement:
    """Return the next state of a claimed delivery that the platform's rate limits do not allow yet."""
    return _retry(claim, now + wait, "waits for its turn")


def compose_again(tries: int, now: datetime) -> datetime:
    """Return when to retry composing a run that has failed so many times."""
    return now + _wait(tries)


def index_again(tries: int, now: datetime) -> datetime:
    """Return when to ask the index again after so many tries: soon, for every run waits for it."""
    return now + min(_wait(tries), INDEX_WAIT)


def repeat(uncertain: Uncertain, remembers: timedelta, now: datetime, pace: Pace) -> Settlement | None:
    """Return RETRY if an uncertain delivery can be posted again without a second copy; None: look for it first."""
    if uncertain.begun:
        return _finish(uncertain.begun, now)
    if not _is_remembered(uncertain.doubt, remembers, now, pace):
        return None
    return Settlement("RETRY", not_before=now, doubt=uncertain.doubt, error="repeated under the same nonce")


def after_look(uncertain: Uncertain, sight: Sight, policy: Policy, now: datetime, pace: Pace) -> Settlement:
    """Return the next state of an uncertain delivery after its channel was looked through.

    When two looks have not found it, or the channel cannot be read, the policy decides. prefer_delivery: it is posted
    again, and may stand there twice. prefer_silence: it is parked.
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
    """Whether the platform will, until the deadline, recognise the repeat of a post made at the time of the doubt."""
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
    """Return the wait after an attempt. What people see unfinished is retried soon, SOON times, before waits grow."""
    return _wait(max(claim.attempts - SOON, 1) if claim.begun else claim.attempts)


def _wait(attempts: int) -> timedelta:
    """Return the wait after so many attempts: exponential, up to LONGEST_WAIT."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)
