"""The protocol over a whole digest: three messages, any order of events, clocks that go on by any time.

`test_protocol` looks at every order of events of one message. Here hypothesis plays a digest at random, with refusals,
rate limits and outages beside lost answers, and shrinks what goes wrong to the shortest story. The decisions are those
of `bot.protocol`; the world around them (rows, a channel, posts on their way) is this machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot import protocol
from bot.transport import Found, Missing, NotSent, Outcome, Rejected, Sent, Unknown, Unseen
from briefs.models import Channel
from briefs.store.deliveries import Claim, Settlement, Uncertain

PACE = protocol.Pace()
ROOM = Channel("chat", "team", "general")
PARTS = 3
OVER = {"SENT", "PARKED", "FAILED"}


@dataclass
class Row:
    """A message as the database has it."""

    state: str = "PENDING"
    epoch: int = 0
    attempts: int = 0
    started: datetime | None = None
    lease_until: datetime | None = None
    settlement: Settlement = field(default_factory=lambda: Settlement("PENDING"))

    def settle(self, settlement: Settlement) -> None:
        self.state, self.settlement = settlement.state, settlement


class Digest(RuleBasedStateMachine):
    """rows: the digest. channel: what people see, in order. on_their_way: messages and when they arrive."""

    @initialize(
        policy=st.sampled_from(["prefer_delivery", "prefer_silence"]),
        readable=st.booleans(),
        memory=st.sampled_from([timedelta(0), timedelta(minutes=2)]),
    )
    def begin(self, policy: protocol.Policy, readable: bool, memory: timedelta) -> None:
        self.policy, self.readable, self.memory = policy, readable, memory
        self.now = datetime(2026, 9, 14, 7, tzinfo=UTC)
        self.rows = [Row() for _ in range(PARTS)]
        self.channel: list[int] = []
        self.on_their_way: list[tuple[datetime, int]] = []
        self.remembered: dict[int, datetime] = {}
        self.hands: list[tuple[int, Claim]] = []
        self.lost = 0

    # ------------------------------------------------------------ what can be done

    def ready(self) -> list[int]:
        """Give the message that may be claimed, if any: in order, one at a time, not before its time."""
        for number, row in enumerate(self.rows):
            if row.state != "SENT":
                waited = row.settlement.not_before is None or row.settlement.not_before <= self.now
                return [number] if row.state in {"PENDING", "RETRY"} and waited else []
        return []

    @precondition(lambda self: self.ready())
    @rule()
    def claim(self) -> None:
        (number,) = self.ready()
        row = self.rows[number]
        row.state, row.epoch, row.attempts = "SENDING", row.epoch + 1, row.attempts + 1
        row.started, row.lease_until = self.now, self.now + PACE.lease
        doubt, name = row.settlement.doubt, str(number)
        claim = Claim(number, row.epoch, ROOM, {}, name, name, None, row.attempts, self.now, row.lease_until, doubt)
        self.hands.append((number, claim))

    @precondition(lambda self: self.hands)
    @rule(
        hand=st.integers(0, 3),
        fate=st.sampled_from(["well", "answer lost", "late", "never arrives", "429", "no connection", "refused"]),
    )
    def post(self, hand: int, fate: str) -> None:
        number, claim = self.hands.pop(hand % len(self.hands))
        row = self.rows[number]
        instead = protocol.before_post(claim, self.memory, self.now, PACE)
        if instead is None:
            if not self.holds(claim) or claim.lease_until <= self.now:
                return  # it was taken over
            instead = protocol.after_attempt(claim, self.posted(number, fate), self.now)
        if self.holds(claim):
            row.settle(instead)
            if instead.state == "FAILED":
                self.end_the_rest("FAILED")

    def posted(self, number: int, fate: str) -> Outcome:
        """Let a post meet its fate; give what the sender learns of it."""
        match fate:
            case "429":
                return NotSent("429", 30.0)
            case "no connection":
                return NotSent("connection refused")
            case "refused":
                return Rejected("is_archived")
            case "late":
                self.on_their_way.append((self.now + PACE.post_deadline, number))
            case "well" | "answer lost":
                self.arrive(number)
        self.lost += fate in {"answer lost", "late"}
        return Sent(str(number)) if fate == "well" else Unknown("no answer")

    def arrive(self, number: int) -> None:
        if self.remembered.get(number, self.now) <= self.now:  # else the same nonce: it stands there already
            self.channel.append(number)
            self.remembered[number] = self.now + self.memory

    @precondition(lambda self: self.hands)
    @rule(hand=st.integers(0, 3))
    def die(self, hand: int) -> None:
        self.hands.pop(hand % len(self.hands))

    @rule(seconds=st.sampled_from([1, 14, 16, 31, 61, 125, 400, 1000]))
    def time_passes(self, seconds: int) -> None:
        until = self.now + timedelta(seconds=seconds)
        for moment, number in sorted(one for one in self.on_their_way if one[0] <= until):
            self.now = moment
            self.arrive(number)
        self.on_their_way = [one for one in self.on_their_way if one[0] > until]
        self.now = until
        for row in self.rows:
            if row.state == "SENDING" and row.lease_until is not None and row.lease_until < self.now:
                doubt = row.settlement.doubt or row.started
                row.settle(Settlement("UNCERTAIN", settle_until=self.now, doubt=doubt, error="interrupted"))

    def unsettled(self) -> list[int]:
        return [
            number
            for number, row in enumerate(self.rows)
            if row.state == "UNCERTAIN" and row.settlement.settle_until and row.settlement.settle_until <= self.now
        ]

    @precondition(lambda self: self.unsettled())
    @rule(limited=st.booleans())
    def look(self, limited: bool) -> None:
        number = self.unsettled()[0]
        row = self.rows[number]
        doubt, misses = row.settlement.doubt or self.now, row.settlement.misses
        uncertain = Uncertain(number, row.epoch, ROOM, "", "", row.attempts, doubt, misses, None)
        settlement = protocol.repeat(uncertain, self.memory, self.now, PACE)
        if settlement is None:
            there = Found(str(number)) if number in self.channel else Missing()
            sight = Unseen("ratelimited", 60.0) if limited and self.readable else there
            sight = sight if self.readable else Unseen("missing_scope")
            settlement = protocol.after_look(uncertain, sight, self.policy, self.now, PACE)
            # Asked too long: then the policy decides, as where it cannot be read at all.
            self.readable &= not (isinstance(sight, Unseen) and settlement.state != "UNCERTAIN")
        row.settle(settlement)
        if settlement.state == "PARKED":
            self.end_the_rest("PARKED")

    def end_the_rest(self, state: str) -> None:
        for row in self.rows:
            if row.state == "PENDING":
                row.settle(replace(Settlement("FAILED"), state=state))

    def holds(self, claim: Claim) -> bool:
        row = self.rows[claim.id]
        return row.state == "SENDING" and row.epoch == claim.epoch

    # ------------------------------------------------------------ what always holds

    @invariant()
    def messages_stand_in_order(self) -> None:
        firsts = list(dict.fromkeys(self.channel))
        assert firsts == list(range(len(firsts)))

    @invariant()
    def what_is_marked_sent_stands_in_the_channel(self) -> None:
        assert all(row.state != "SENT" or number in self.channel for number, row in enumerate(self.rows))

    @invariant()
    def nothing_stands_there_twice_where_it_can_be_looked_for_or_silence_is_preferred(self) -> None:
        if self.readable or self.policy == "prefer_silence":
            assert len(self.channel) == len(set(self.channel))

    @invariant()
    def there_are_never_more_repeats_than_answers_were_lost(self) -> None:
        assert len(self.channel) - len(set(self.channel)) <= self.lost

    @invariant()
    def what_may_stand_there_is_never_taken_for_unposted(self) -> None:
        for number, row in enumerate(self.rows):
            if row.state in {"PENDING", "RETRY"} and row.settlement.doubt is None and self.readable:
                assert number not in self.channel

    @invariant()
    def only_one_message_is_being_posted_or_in_doubt(self) -> None:
        assert sum(row.state in {"SENDING", "UNCERTAIN"} for row in self.rows) <= 1

    def teardown(self) -> None:
        """Left in peace, every digest comes to its end; where delivery is preferred and nobody refuses, it is there."""
        if not hasattr(self, "rows"):
            return
        for _ in range(40 * PARTS):
            while self.hands:
                self.post(0, "well")
            if self.unsettled():
                self.look(False)
            if self.ready():
                self.claim()
            else:
                self.time_passes(61)
        states = {row.state for row in self.rows}
        assert states <= OVER
        assert states == {"SENT"} or "FAILED" in states or self.policy == "prefer_silence"
        self.messages_stand_in_order()
        self.nothing_stands_there_twice_where_it_can_be_looked_for_or_silence_is_preferred()


TestDigest = Digest.TestCase
TestDigest.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
