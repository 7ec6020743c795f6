"""Deliveries: the messages of frozen runs, from PENDING to SENT, each posted once as far as can be known.

    claim     PENDING | RETRY → SENDING   epoch + 1, a lease, and the commit before anything is posted
    settle    SENDING → SENT | RETRY | FAILED | UNCERTAIN
    expire    SENDING, its lease over → UNCERTAIN
    resolve   UNCERTAIN → SENT | RETRY | PARKED, or UNCERTAIN for a while longer
    retry     PARKED | FAILED | UNCERTAIN → RETRY     an operator's word
    drop      all but SENDING and SENT → DROPPED      an operator's word

Every write after a claim names the claim's epoch: a worker that was frozen too long changes nothing. What the next
state is, the caller decides; here it is only written down, together with what follows from it for the run.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from briefs.models import Channel
from briefs.store.channel_rows import paused
from briefs.store.database import Repository, from_ms, to_ms
from briefs.store.notices import note_pauses
from briefs.store.outbox import AHEAD, READY, TAKE, claimed, first_reference, is_over
from briefs.store.outbox import Claim as Claim  # what most callers import from here
from briefs.store.schema import delivery, is_out, is_posted, run, subscription, told

DeliveryState = Literal["PENDING", "SENDING", "RETRY", "SENT", "FAILED", "UNCERTAIN", "PARKED", "DROPPED"]
REFUSALS = 2  # attempts; then no message is tried again by itself
OPEN: tuple[DeliveryState, ...] = ("PENDING", "SENDING", "RETRY", "UNCERTAIN")  # these move by themselves


@dataclass(frozen=True, slots=True)
class Settlement:
    """The next state of a delivery.

    not_before: when a RETRY may go out. settle_until: when an UNCERTAIN one may be resolved. doubt: since when it may
    stand in its channel. misses: how often it was looked for since then, in vain. reference, sent_at: the platform's id
    of a SENT message, and when; of any other, the id of the one that stands there unfinished. error: one line.
    pause: its subscription stops, `error` is the reason.
    """

    state: DeliveryState
    not_before: datetime | None = None
    settle_until: datetime | None = None
    reference: str | None = None
    sent_at: datetime | None = None
    error: str | None = None
    doubt: datetime | None = None
    misses: int = 0
    pause: bool = False


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A delivery of which nobody knows whether it was posted, at the end of its settling time.

    doubt: since when it may stand in its channel. misses: how often it was looked for in vain. thread: the reference of
    the message that it would stand under. begun: the reference of the message that stands there unfinished.
    """

    id: int
    epoch: int
    channel: Channel
    uuid: str
    nonce: str
    attempts: int
    doubt: datetime
    misses: int
    thread: str | None
    run: int = 0
    begun: str | None = None


_STILL_OPEN = (
    select(delivery.c.id).where(delivery.c.run_id == bindparam("finished"), delivery.c.state.in_(OPEN)).exists()
)
_FINISH = update(run).where(run.c.id == bindparam("finished"), ~_STILL_OPEN).values(state="DONE")


class Deliveries(Repository):
    """The deliveries of a database."""

    def claim(
        self,
        platform: str,
        now: datetime,
        lease_until: datetime,
        resting: Collection[tuple[str, ...]] = (),
        most: int = 1,
    ) -> list[Claim]:
        """Take the deliveries that have waited longest, mark them SENDING and commit; empty when nothing can go out.

        most: so many, at most one for each channel. Passed over: parts whose run has an earlier part that is not SENT,
        channels where a post is under way, and who rests: a whole (workspace,), or one (workspace, channel).
        """
        asked = {
            "on": platform,
            "by": to_ms(now),
            "ahead": to_ms(now + AHEAD),
            "until": to_ms(lease_until),
            "most": most,
            "workspaces": [place[0] for place in resting if len(place) == 1],
            "channels": [place for place in resting if len(place) == 2],
        }
        if not self._database.shared:
            with self._database.read() as connection:
                if connection.execute(READY.limit(1), asked).first() is None:
                    return []  # most of the time; no need to keep the other writers waiting
        while True:
            with suppress(IntegrityError), self._database.write() as connection:
                # Broken where another worker has just begun to post in one of the channels: it is seen now.
                rows = connection.execute(TAKE, asked).all()
                return [claimed(connection, row, now, lease_until) for row in sorted(rows, key=lambda row: row.id)]

    def holds(self, claim: Claim, now: datetime) -> bool:
        """Return whether the claim is still ours and its lease has not ended: asked right before the post."""
        lease_runs = delivery.c.lease_until > to_ms(now)
        query = select(delivery.c.id).where(_held(claim.id, claim.epoch, "SENDING"), lease_runs)
        return bool(self._rows(query))

    def settle(self, claim: Claim, settlement: Settlement) -> bool:
        """Store the next state of a claimed delivery; False, and nothing stored, if the claim is no longer ours."""
        return self.settle_all([(claim, settlement)])[0]

    def settle_all(self, settled: Sequence[tuple[Claim, Settlement]]) -> list[bool]:
        """Settle several in one commit; return for each whether its claim was still ours."""
        with self._database.write() as connection:
            return [_move(connection, claim, "SENDING", settlement) for claim, settlement in settled]

    def resolve(self, uncertain: Uncertain, settlement: Settlement) -> bool:
        """Store the next state of an uncertain delivery; False if another process has."""
        with self._database.write() as connection:
            return _move(connection, uncertain, "UNCERTAIN", settlement)

    def expire(self, now: datetime, error: str) -> int:
        """Make every SENDING delivery whose lease is over UNCERTAIN, to be resolved at once; return how many."""
        over = and_(is_out(delivery), delivery.c.state == "SENDING", _is_past(delivery.c.lease_until, now))
        if not self._rows(select(delivery.c.id).where(over).limit(1)):
            return 0  # nearly always; no need to keep writers waiting
        expired = (
            update(delivery)
            .where(over)
            .values(
                state="UNCERTAIN",
                settle_until=to_ms(now),
                doubt_at=func.coalesce(delivery.c.doubt_at, delivery.c.attempt_started),
                misses=0,
                error=error,
            )
        )
        return self._change(expired)

    def unsettled(self, platforms: Iterable[str], now: datetime) -> list[Uncertain]:
        """Return the uncertain deliveries of these platforms whose settling time is over, oldest first."""
        query = (
            select(delivery)
            .where(
                is_out(delivery),
                delivery.c.state == "UNCERTAIN",
                delivery.c.platform.in_(list(platforms)),
                _is_past(delivery.c.settle_until, now),
            )
            .order_by(delivery.c.id)
        )
        with self._database.read() as connection:
            return [
                Uncertain(
                    id=row.id,
                    epoch=row.epoch,
                    channel=Channel(row.platform, row.workspace, row.channel),
                    uuid=row.uuid,
                    nonce=row.nonce,
                    attempts=row.attempts,
                    doubt=from_ms(row.doubt_at) or now,
                    misses=row.misses,
                    thread=first_reference(connection, row.run_id) if row.in_thread else None,
                    run=row.run_id,
                    begun=row.reference,
                )
                for row in connection.execute(query).all()
            ]

    def states(self, numbers: Iterable[int]) -> dict[int, DeliveryState]:
        """Return the states of some deliveries; those that went with their subscriptions are not in it."""
        query = select(delivery.c.id, delivery.c.state).where(delivery.c.id.in_(list(numbers)))
        return {row.id: row.state for row in self._rows(query)}

    def retry(self, number: int, now: datetime) -> bool:
        """Let a delivery that was given up go out again, and the parts behind it; False where it is none such.

        It is posted without another look: whoever asks for it knows whether it stands in its channel. One that was
        overtaken stays: its news would come twice.
        """
        again = {"not_before": to_ms(now), "settle_until": None, "doubt_at": None, "misses": 0, "error": None}
        given_up = delivery.c.state.in_(("PARKED", "FAILED", "UNCERTAIN"))
        wanted = and_(delivery.c.id == number, given_up, ~overtaken())
        moved = update(delivery).where(wanted).values(state="RETRY", **again).returning(delivery.c.run_id)
        with self._database.write() as connection:
            run_id = connection.execute(moved).scalar_one_or_none()
            if run_id is None:
                return False
            untried = and_(delivery.c.state.in_(("PARKED", "FAILED")), delivery.c.attempts == 0)
            behind = update(delivery).where(delivery.c.run_id == run_id, delivery.c.id > number, untried)
            connection.execute(behind.values(state="PENDING", error=None))
            connection.execute(update(run).where(run.c.id == run_id).values(state="FROZEN"))
            _serve(connection, run_id, run.c.after_row, run.c.through_row)
        return True

    def drop(self, number: int) -> bool:
        """Give a delivery up for good, and the parts behind it; False where it is being posted, or was."""
        waits = delivery.c.state.not_in(("SENDING", "SENT", "DROPPED"))
        dropped = {"state": "DROPPED", "error": "dropped by the operator"}
        moved = update(delivery).where(delivery.c.id == number, waits).values(dropped).returning(delivery.c.run_id)
        with self._database.write() as connection:
            run_id = connection.execute(moved).scalar_one_or_none()
            if run_id is None:
                return False
            behind = update(delivery).where(delivery.c.run_id == run_id, delivery.c.id > number, waits)
            connection.execute(behind.values(dropped))
            _finish(connection, run_id)
        return True


def _move(connection: Connection, held: Claim | Uncertain, state: DeliveryState, settlement: Settlement) -> bool:
    """Change a delivery's state, with all that follows for its run; False if another process holds it."""
    moved = (
        update(delivery)
        .where(_held(held.id, held.epoch, state))
        .values(
            state=settlement.state,
            not_before=to_ms(settlement.not_before),
            settle_until=to_ms(settlement.settle_until),
            reference=settlement.reference,
            sent_at=to_ms(settlement.sent_at),
            doubt_at=to_ms(settlement.doubt),
            misses=settlement.misses,
            error=settlement.error,
            lease_until=None,
        )
        .returning(delivery.c.run_id)
    )
    run_id = connection.execute(moved).scalar_one_or_none()
    if run_id is None:
        return False
    if settlement.state in ("FAILED", "PARKED"):
        _end_the_rest(connection, run_id, settlement)
    if settlement.state == "FAILED":
        _take_back(connection, run_id)
    if settlement.pause:
        _pause(connection, run_id, settlement.error)
    _finish(connection, run_id)
    return True


def go_on(connection: Connection, subscriptions: ColumnElement[bool]) -> None:
    """Release the rest of digests that were refused after their first message had been posted.

    What was posted counts as told, so the rest would never come again. Once: what is refused a second time stays; but
    what stands there as its news alone is finished, however often that was refused.
    """
    posted = delivery.alias("posted")
    begun = select(posted.c.id).where(posted.c.run_id == delivery.c.run_id, is_posted(posted)).exists()
    again = or_(delivery.c.attempts < REFUSALS, delivery.c.reference.is_not(None))
    theirs = select(run.c.id).join(subscription, subscription.c.id == run.c.subscription_id).where(subscriptions)
    refused = and_(delivery.c.run_id.in_(theirs), delivery.c.state == "FAILED", again, begun)
    rest = update(delivery).where(refused).values(state="PENDING", error=None).returning(delivery.c.run_id)
    runs = set(connection.execute(rest).scalars())
    connection.execute(update(run).where(run.c.id.in_(runs)).values(state="FROZEN"))


def overtaken() -> ColumnElement[bool]:
    """Whether a delivery was refused, so that its news counted as never told, and a later digest was made of it."""
    part, own, later = delivery.alias(), run.alias(), run.alias()
    posted = select(part.c.id).where(part.c.run_id == delivery.c.run_id, is_posted(part)).exists()
    written_anew = (
        select(later.c.id)
        .join(own, and_(own.c.subscription_id == later.c.subscription_id, own.c.after_row == later.c.after_row))
        .where(own.c.id == delivery.c.run_id, later.c.id > own.c.id, later.c.state.in_(("FROZEN", "DONE", "EMPTY")))
        .exists()
    )
    return and_(delivery.c.state == "FAILED", ~posted, written_anew)


def _is_past(until: Column[Any], now: datetime) -> ColumnElement[bool]:
    return is_over(until, literal(to_ms(now), BigInteger), literal(to_ms(now + AHEAD), BigInteger))


def _held(number: int, epoch: int, state: DeliveryState) -> ColumnElement[bool]:
    return and_(delivery.c.id == number, delivery.c.epoch == epoch, delivery.c.state == state)


def _end_the_rest(connection: Connection, run_id: int, settlement: Settlement) -> None:
    """Give later parts the state of one that will not be posted: none goes out after it."""
    connection.execute(
        update(delivery)
        .where(delivery.c.run_id == run_id, delivery.c.state == "PENDING")
        .values(state=settlement.state, error=settlement.error)
    )


def _take_back(connection: Connection, run_id: int) -> None:
    """Undo a run of which no part was posted: its news counts as not told, and comes with the next run."""
    posted = select(delivery.c.id).where(delivery.c.run_id == run_id, is_posted(delivery)).exists()
    connection.execute(delete(told).where(told.c.run_id == run_id, ~posted))
    _serve(connection, run_id, run.c.through_row, run.c.after_row, ~posted)


def _serve(
    connection: Connection, run_id: int, here: Column[Any], there: Column[Any], *conditions: ColumnElement[bool]
) -> None:
    """Move the subscription's position from one end of what the run covers to the other, if it is at the first."""
    own, start, end = (
        select(column).where(run.c.id == run_id).scalar_subquery() for column in (run.c.subscription_id, here, there)
    )
    connection.execute(
        update(subscription)
        .where(subscription.c.id == own, subscription.c.position == start, *conditions)
        .values(position=end)
    )


def _pause(connection: Connection, run_id: int, reason: str | None) -> None:
    own = select(run.c.subscription_id).where(run.c.id == run_id).scalar_subquery()
    note_pauses(connection, subscription.c.id == own, reason)
    connection.execute(update(subscription).where(subscription.c.id == own).values(paused(reason)))


def _finish(connection: Connection, run_id: int) -> None:
    """Mark the run DONE when none of its deliveries can change by itself any more."""
    connection.execute(_FINISH, {"finished": run_id})
