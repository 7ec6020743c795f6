"""The protocol over two digests of one channel: any order of events, any fault, clocks that go on by any time.

`test_protocol` looks at every order of events of one message. Here hypothesis plays two digests of two messages each at
random, with workers that die or fall asleep, refusals, rate limits and outages beside lost answers, and shrinks what
goes wrong to the shortest story, which is told as it happened. The decisions are those of `protocol`. Very many
stories are kept on paper, and fewer by `Deliveries`: its rows have to obey the same rules.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from bot.delivery import protocol
from bot.delivery.transport import Begun, Found, Missing, NotSent, Outcome, Rejected, Sent, Sight, Unknown, Unseen
from briefs.models import Channel
from briefs.store import schema
from briefs.store.database import Database, from_ms
from briefs.store.deliveries import Claim, Deliveries, Settlement, Uncertain
from briefs.store.outbox import Part
from briefs.store.runs import Runs
from tests.posts import write_down
from tests.test_deliveries import NINE, plan, subscribe

PACE = protocol.Pace()
ROOM = Channel("chat", "team", "general")
DIGESTS = ("A", "B")  # of two messages each, A1 and A2: the second is a reply to the first
OVER = {"SENT", "PARKED", "FAILED"}
RETRY_AFTER = timedelta(seconds=40)

WELL, LOST, NEVER = "is posted", "is posted, but the answer is lost", "never arrives, and there is no answer"
LATE, VERY_LATE = "is on its way, without an answer", "is kept somewhere, without an answer"
LIMITED, OFFLINE, REFUSED = "is refused: too many", "finds no connection", "is refused for good"
NOT_ITS_TURN = "has to wait for its turn"
FATES = (WELL, LATE, LOST, VERY_LATE, LATE, NEVER, LOST, LATE, LIMITED, VERY_LATE, NOT_ITS_TURN, OFFLINE, REFUSED)


@dataclass(frozen=True)
class Row:
    """A message, as it is kept."""

    name: str
    uuid: str
    state: str
    epoch: int
    doubt: datetime | None
    reference: str | None


@dataclass
class Entry:
    """A message on paper."""

    name: str
    state: str = "PENDING"
    epoch: int = 0
    attempts: int = 0
    started: datetime = NINE
    lease_until: datetime = NINE
    settlement: Settlement = field(default_factory=lambda: Settlement("PENDING"))


class Paper:
    """Does what the delivery worker needs of `Deliveries`, as simply as can be."""

    def __init__(self) -> None:
        self.entries = [Entry(f"{digest}{number}") for digest in DIGESTS for number in (1, 2)]

    @property
    def rows(self) -> list[Row]:
        return [
            Row(one.name, one.name, one.state, one.epoch, one.settlement.doubt, one.settlement.reference)
            for one in self.entries
        ]

    def claim(self, platform: str, now: datetime, lease_until: datetime) -> list[Claim]:
        ready = [number for number in range(len(self.entries)) if self._is_ready(number, now)]
        if not ready or any(one.state == "SENDING" for one in self.entries):
            return []
        one = self.entries[ready[0]]
        one.state, one.epoch, one.attempts = "SENDING", one.epoch + 1, one.attempts + 1
        one.started, one.lease_until = now, lease_until
        times = (now, lease_until, one.settlement.doubt)
        thread = self._thread(ready[0])
        begun = one.settlement.reference
        return [Claim(ready[0], one.epoch, ROOM, {}, one.name, one.name, thread, one.attempts, *times, begun=begun)]

    def _is_ready(self, number: int, now: datetime) -> bool:
        one = self.entries[number]
        has_waited = one.settlement.not_before is None or one.settlement.not_before <= now
        is_next = number % 2 == 0 or self.entries[number - 1].state == "SENT"
        return one.state in {"PENDING", "RETRY"} and has_waited and is_next

    def _thread(self, number: int) -> str | None:
        return self.entries[number - 1].settlement.reference if number % 2 else None

    def holds(self, claim: Claim, now: datetime) -> bool:
        return self._stands(claim, "SENDING") and claim.lease_until > now

    def settle(self, claim: Claim, settlement: Settlement) -> bool:
        return self._move(claim, "SENDING", settlement)

    def resolve(self, uncertain: Uncertain, settlement: Settlement) -> bool:
        return self._move(uncertain, "UNCERTAIN", settlement)

    def _stands(self, known: Claim | Uncertain, state: str) -> bool:
        one = self.entries[known.id]
        return (one.state, one.epoch) == (state, known.epoch)

    def _move(self, known: Claim | Uncertain, state: str, settlement: Settlement) -> bool:
        if not self._stands(known, state):
            return False
        one = self.entries[known.id]
        one.state, one.settlement = settlement.state, settlement
        if settlement.state in {"FAILED", "PARKED"}:
            for other in self.entries:
                if other.name[0] == one.name[0] and other.state == "PENDING":
                    other.state = settlement.state
        return True

    def expire(self, now: datetime, error: str) -> int:
        over = [one for one in self.entries if one.state == "SENDING" and one.lease_until <= now]
        for one in over:
            doubt, begun = one.settlement.doubt or one.started, one.settlement.reference
            one.state = "UNCERTAIN"
            one.settlement = Settlement("UNCERTAIN", settle_until=now, doubt=doubt, reference=begun, error=error)
        return len(over)

    def unsettled(self, platforms: list[str], now: datetime) -> list[Uncertain]:
        known = [(number, one, one.settlement) for number, one in enumerate(self.entries) if one.state == "UNCERTAIN"]
        return [
            Uncertain(
                number,
                one.epoch,
                ROOM,
                one.name,
                "",
                1,
                last.doubt or now,
                last.misses,
                self._thread(number),
                begun=last.reference,
            )
            for number, one, last in known
            if last.settle_until is None or last.settle_until <= now
        ]


class Tables(Deliveries):
    """Keeps the messages in a database, and forgets those of the last story."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        with database.write() as connection:
            for table in (schema.channel, schema.topic):
                connection.execute(delete(table))
        for digest in DIGESTS:
            subscribe(database, digest, ROOM)
        runs = Runs(database)
        plan(runs, NINE)
        for run in runs.claim([ROOM.platform], NINE, NINE):
            parts = [Part({"text": f"{run.topic}{number}"}, in_thread=number > 1) for number in (1, 2)]
            write_down(runs, run, parts, through=run.after, until=NINE, told={}, content={}, now=NINE)

    @property
    def rows(self) -> list[Row]:
        kept = schema.delivery.c
        columns = (kept.payload, kept.uuid, kept.state, kept.epoch, kept.doubt_at, kept.reference)
        with self._database.read() as connection:
            found = connection.execute(select(*columns).order_by(kept.id)).all()
        return [
            Row(payload["text"], *values, from_ms(doubt), reference) for payload, *values, doubt, reference in found
        ]


@dataclass(frozen=True)
class Chance:
    """What happens next, and how, as far as it is possible. What came of it is told; these numbers say little.

    is_disturbed: anything that may happen does, and not what is next.
    """

    is_disturbed: bool
    event: int
    which: int
    fate: str
    falls_asleep: bool
    seconds: int
    seconds_early: int
    is_busy: bool

    def _repr_pretty_(self, printer: object, cycle: bool) -> None:
        """Let hypothesis print nothing of it."""


# Made once: ten thousand are drawn.
CHANCES = st.builds(
    Chance,
    is_disturbed=st.sampled_from([False, False, True]),
    event=st.integers(0, 7),
    which=st.sampled_from([0, 0, 1, 2]),
    fate=st.sampled_from(FATES),
    falls_asleep=st.sampled_from([False, False, False, False, False, False, True]),
    seconds=st.sampled_from([10, 1, 20, 50, 110, 1000]),
    seconds_early=st.sampled_from([0, 1, 10]),
    is_busy=st.sampled_from([False, False, False, False, False, True]),
)


AT_PEACE = Chance(False, 0, 0, WELL, falls_asleep=False, seconds=0, seconds_early=0, is_busy=False)


@dataclass(eq=False)
class Worker:
    """Has claimed a message; posts it; then knows what is to be written down."""

    name: str
    claim: Claim
    fate: str | None = None
    posted_at: datetime = NINE
    settlement: Settlement | None = None


class Digests(RuleBasedStateMachine):
    """The world around the store.

    in_two: whether the first message of a digest is begun, and then finished. channel: what people see, in order;
    whole: what of it is not only begun. on_their_way: messages, and when they arrive. nonces: those remembered, and how
    long. standing: the claims that may be posted and settled. doubts: since when a message may stand there unknown.
    """

    def __init__(self, store: Callable[[], Paper | Tables]) -> None:
        super().__init__()
        self.store = store()
        self.rows = self.store.rows
        self.names = {row.uuid: row.name for row in self.rows}
        self.now = NINE
        self.channel: list[str] = []
        self.whole: set[str] = set()
        self.on_their_way: list[tuple[datetime, str]] = []
        self.nonces: dict[str, datetime] = {}
        self.workers: list[Worker] = []
        self.standing: dict[str, Worker] = {}
        self.doubts: dict[str, datetime] = {}
        self.waits: dict[str, datetime] = {}
        self.misses = dict.fromkeys(self.names.values(), 0)
        self.unheard = dict.fromkeys(self.names.values(), 0)  # posts that may arrive, and were not written down as SENT
        self.unseen: set[str] = set()  # could not be looked for
        self.refused: set[str] = set()  # digests

    @initialize(
        policy=st.sampled_from(["prefer_delivery", "prefer_silence"]),
        history=st.sampled_from(["open", "open", "open", "open", "closed", "limited"]),
        memory=st.sampled_from([timedelta(0), timedelta(minutes=2)]),
        in_two=st.booleans(),
    )
    def the_place_is(self, policy: protocol.Policy, history: str, memory: timedelta, in_two: bool) -> None:
        self.policy, self.history, self.memory, self.in_two = policy, history, memory, in_two

    # One rule, and not one for each event: of those hypothesis leaves out some in each story, and most of what is
    # interesting here takes all of them.
    @rule(chance=CHANCES)
    def then(self, chance: Chance) -> None:
        if chance.is_disturbed:
            events = self.possible_events()
            events[chance.event % len(events)](chance)
        else:
            self.go_on(chance)

    def go_on(self, chance: Chance) -> None:
        """Do what is to be done, or claim what can be; where there is neither, wait for what comes next."""
        for event in self.duties():
            event(chance)
            return
        self.somebody_claims(chance)
        if all(worker.settlement for worker in self.workers):  # who sleeps, sleeps on
            self.time_comes(replace(chance, which=0))

    def possible_events(self) -> list[Callable[[Chance], None]]:
        claiming = [] if self.standing else [self.somebody_claims]
        dying = [self.somebody_dies] if self.workers else []
        waking = [self.a_sleeper_wakes_up] if any(worker.settlement for worker in self.workers) else []
        return [
            self.time_comes,
            self.time_passes,
            self.time_comes,
            *dying,
            *claiming,
            *waking,
            self.leases_are_over,
            *self.duties(),
        ]

    def duties(self) -> list[Callable[[Chance], None]]:
        """Give what is to be done at this instant, if it is not put off."""
        duties: list[tuple[object, Callable[[Chance], None]]] = [
            (any(not worker.settlement for worker in self.workers), self.somebody_posts),
            (any(one.claim.lease_until <= self.now for one in self.standing.values()), self.leases_are_over),
            (self.store.unsettled([ROOM.platform], self.now), self.somebody_looks),
        ]
        return [event for is_possible, event in duties if is_possible]

    def tell(self, what: str) -> None:
        """Tell what happened, and see that all that was promised still holds."""
        self.rows = self.store.rows
        note(f"    # {self.now:%H:%M:%S}  {what}; people see: {' '.join(self.channel) or 'nothing'}")
        self.messages_stand_in_order()
        self.what_is_sent_stands_in_the_channel_under_its_reference()
        self.nothing_stands_there_twice_that_could_be_looked_for_or_where_silence_is_preferred()
        self.there_are_no_more_repeats_than_lost_answers()
        self.what_may_stand_there_is_never_taken_for_unposted()
        self.a_doubt_is_as_old_as_the_first_post_that_may_have_arrived()
        self.only_what_is_claimed_is_being_posted_under_the_epoch_of_its_claim()

    # ------------------------------------------------------------ workers

    def somebody_claims(self, _: Chance) -> None:
        for claim in self.store.claim(ROOM.platform, self.now, self.now + PACE.lease):
            worker = Worker(self.names[claim.uuid], claim)
            assert not self.standing, "one post at a time in a channel"
            assert worker.name[0] not in self.refused
            assert self.waits.get(worker.name, self.now) <= self.now
            assert claim.thread == (self.row(f"{worker.name[0]}1").reference if worker.name[1] == "2" else None)
            self.workers.append(worker)
            self.standing[worker.name] = worker
            self.tell(f"{worker.name} is claimed")

    def row(self, name: str) -> Row:
        (row,) = (row for row in self.rows if row.name == name)
        return row

    def somebody_posts(self, chance: Chance) -> None:
        claimed = [worker for worker in self.workers if not worker.settlement]
        worker, fate = claimed[chance.which % len(claimed)], chance.fate
        worker.settlement = protocol.before_post(worker.claim, self.memory, self.now, PACE)
        if not worker.settlement and fate == NOT_ITS_TURN:
            worker.settlement = protocol.put_off(worker.claim, timedelta(seconds=20), self.now)
        if not worker.settlement:
            is_its_own = self.standing.get(worker.name) is worker and worker.claim.lease_until > self.now
            assert self.store.holds(worker.claim, self.now) == is_its_own
            if not is_its_own:
                self.workers.remove(worker)
                self.tell(f"{worker.name} was taken over before it was posted")
                return
            worker.fate, worker.posted_at = fate, self.now
            worker.settlement = protocol.after_attempt(worker.claim, self.posted(worker, fate), self.now)
            self.tell(f"{worker.name} {fate}")
        if not chance.falls_asleep:
            self.write_down(worker)

    def posted(self, worker: Worker, fate: str) -> Outcome:
        """Let a post meet its fate; give what the worker learns of it."""
        if fate == LIMITED:
            return NotSent("429", RETRY_AFTER.total_seconds())
        if fate == OFFLINE:
            return NotSent("connection refused")
        if fate == REFUSED:
            return Rejected("is_archived")
        if worker.claim.begun:
            if fate in {WELL, LOST}:
                self.whole.add(worker.name)
            return Sent(worker.claim.begun) if fate == WELL else Unknown("no answer")
        if fate in {LATE, VERY_LATE}:
            # A post is over with its lease; where nonces guard from repeats, with its deadline.
            over = self.now + PACE.post_deadline
            later = max(over, worker.claim.lease_until) if fate == VERY_LATE and not self.memory else over
            self.on_their_way.append((later, worker.name))
        elif fate != NEVER:
            self.arrive(worker.name)
        self.unheard[worker.name] += fate != NEVER
        if fate != WELL:
            return Unknown("no answer")
        reference = f"message {worker.name}"
        return Begun(reference, 1.0) if self.is_begun_first(worker.name) else Sent(reference)

    def is_begun_first(self, name: str) -> bool:
        return self.in_two and name[1] == "1"

    def arrive(self, name: str) -> None:
        if self.nonces.get(name, self.now) <= self.now:  # else the same nonce: it stands there already
            self.channel.append(name)
            self.nonces[name] = self.now + self.memory

    def a_sleeper_wakes_up(self, chance: Chance) -> None:
        asleep = [worker for worker in self.workers if worker.settlement]
        self.write_down(asleep[chance.which % len(asleep)])

    def write_down(self, worker: Worker) -> None:
        name, settlement = worker.name, worker.settlement
        assert settlement is not None
        self.workers.remove(worker)
        is_its_own, before = self.standing.get(name) is worker, self.store.rows
        assert self.store.settle(worker.claim, settlement) == is_its_own
        if not is_its_own:
            assert self.store.rows == before, "a stale hand moves nothing"
            self.tell(f"{name} was taken over before that could be written down")
            return
        del self.standing[name]
        assert (worker.fate == REFUSED) == (settlement.state == "FAILED") == settlement.pause
        if worker.fate == REFUSED:
            self.refused.add(name[0])
        if settlement.state == "UNCERTAIN":
            self.doubts.setdefault(name, worker.claim.started)
        elif settlement.state == "SENT" or (settlement.reference and not worker.claim.begun):
            self.doubts.pop(name, None)
            self.unheard[name] -= not worker.claim.begun
        self.note_down(name, settlement)
        if worker.fate == LIMITED:
            self.waits[name] = max(self.waits[name], worker.posted_at + RETRY_AFTER)

    def note_down(self, name: str, settlement: Settlement) -> None:
        waits = settlement.not_before or settlement.settle_until
        self.waits.pop(name, None)
        if waits:
            self.waits[name] = waits
        self.tell(f"{name} is {settlement.state}" + (f", {settlement.error}" if settlement.error else ""))

    def somebody_dies(self, chance: Chance) -> None:
        worker = self.workers.pop(chance.which % len(self.workers))
        self.tell(f"the worker that had claimed {worker.name} dies")

    # ------------------------------------------------------------ time

    def time_passes(self, chance: Chance) -> None:
        self.pass_until(self.now + timedelta(seconds=chance.seconds))

    def time_comes(self, chance: Chance) -> None:
        """Wait for what is known to come, or until right before it."""
        coming = self.coming() or [self.now + PACE.lease]
        self.pass_until(coming[chance.which % len(coming)] - timedelta(seconds=chance.seconds_early))

    def coming(self) -> list[datetime]:
        """Give the instants at which something happens, or may happen."""
        leases = (worker.claim.lease_until for worker in self.standing.values())
        arrivals = (moment for moment, _ in self.on_their_way)
        moments = {*leases, *arrivals, *self.waits.values(), *self.nonces.values()}
        return sorted(moment for moment in moments if moment > self.now)

    def pass_until(self, until: datetime) -> None:
        for moment, name in sorted(one for one in self.on_their_way if one[0] <= until):
            self.now = moment
            self.arrive(name)
            self.tell(f"{name} arrives")
        self.on_their_way = [one for one in self.on_their_way if one[0] > until]
        self.now = max(until, self.now)

    # ------------------------------------------------------------ what nobody knows

    def leases_are_over(self, _: Chance) -> None:
        over = [name for name, worker in self.standing.items() if worker.claim.lease_until <= self.now]
        assert self.store.expire(self.now, "interrupted") == len(over)
        for name in over:
            self.doubts.setdefault(name, self.standing.pop(name).claim.started)
            self.tell(f"{name} is taken over, as its lease is over")

    def somebody_looks(self, chance: Chance) -> None:
        uncertain = self.store.unsettled([ROOM.platform], self.now)[0]
        name = self.names[uncertain.uuid]
        assert self.waits.get(name, self.now) <= self.now
        settlement = protocol.repeat(uncertain, self.memory, self.now, PACE)
        if settlement is None:
            sight = self.sight(name, chance.is_busy)
            settlement = protocol.after_look(uncertain, sight, self.policy, self.now, PACE)
            if settlement.state != "UNCERTAIN":
                self.given_up_or_found(name, sight, settlement)
        elif uncertain.begun:
            self.doubts.pop(name)
        assert self.store.resolve(uncertain, settlement)
        self.note_down(name, settlement)

    def sight(self, name: str, busy: bool) -> Sight:
        if self.history == "closed":
            return Unseen("missing_scope")
        if busy or self.history == "limited":
            return Unseen("ratelimited", 60.0)
        if name in self.channel:
            return Found(f"message {name}", whole=not self.is_begun_first(name) or name in self.whole)
        self.misses[name] += 1
        assert self.misses[name] <= 2, "two looks in vain are enough"
        return Missing()

    def given_up_or_found(self, name: str, sight: Sight, settlement: Settlement) -> None:
        """See that nothing is given up too soon; what cannot be looked for may be."""
        doubt = self.doubts.pop(name)
        self.misses[name] = 0
        if isinstance(sight, Unseen):
            assert sight.after_seconds is None or self.now - doubt >= PACE.patience
            self.unseen.add(name)
        assert settlement.state != "PARKED" or self.policy == "prefer_silence"

    # ------------------------------------------------------------ what always holds

    def messages_stand_in_order(self) -> None:
        for digest in DIGESTS:
            seen = list(dict.fromkeys(name for name in self.channel if name[0] == digest))
            assert seen == [f"{digest}{number}" for number in range(1, len(seen) + 1)]

    def what_is_sent_stands_in_the_channel_under_its_reference(self) -> None:
        for row in self.rows:
            if row.state == "SENT":
                assert row.name in self.channel
                assert row.reference == f"message {row.name}"
                assert row.name in self.whole or not self.is_begun_first(row.name)

    def nothing_stands_there_twice_that_could_be_looked_for_or_where_silence_is_preferred(self) -> None:
        for row in self.rows:
            if row.name not in self.unseen or self.policy == "prefer_silence":
                assert self.channel.count(row.name) <= 1, row.name

    def there_are_no_more_repeats_than_lost_answers(self) -> None:
        for row in self.rows:
            assert self.channel.count(row.name) <= max(1, self.unheard[row.name] + (row.reference is not None))

    def what_may_stand_there_is_never_taken_for_unposted(self) -> None:
        on_their_way = {name for _, name in self.on_their_way}
        for row in self.rows:
            is_known = row.doubt is not None or row.reference is not None
            if row.state in {"PENDING", "RETRY"} and not is_known and row.name not in self.unseen:
                assert row.name not in {*self.channel, *on_their_way}

    def a_doubt_is_as_old_as_the_first_post_that_may_have_arrived(self) -> None:
        for row in self.rows:
            if row.state not in OVER:
                assert row.doubt == self.doubts.get(row.name), row.name

    def only_what_is_claimed_is_being_posted_under_the_epoch_of_its_claim(self) -> None:
        posting = {row.name: row.epoch for row in self.rows if row.state == "SENDING"}
        assert posting == {name: worker.claim.epoch for name, worker in self.standing.items()}

    def teardown(self) -> None:
        """Left in peace, every digest comes to its end; where delivery is preferred and nobody refuses, it is there."""
        if not hasattr(self, "policy") or sys.exc_info()[0]:  # it has ended badly before
            return
        for _ in range(200):
            if {row.state for row in self.rows} <= OVER:
                break
            for worker in [worker for worker in self.workers if worker.settlement]:
                self.write_down(worker)
            self.go_on(AT_PEACE)
        for row in self.rows:
            ends = {"SENT"} | ({"PARKED"} if self.policy == "prefer_silence" else set())
            assert row.state in ({"SENT", "FAILED"} if row.name[0] in self.refused else ends), row.name


def play(store: Callable[[], Paper | Tables], stories: int) -> None:
    run_state_machine_as_test(
        lambda: Digests(store), settings=settings(max_examples=stories, stateful_step_count=30, deadline=None)
    )


def test_the_protocol_keeps_its_promises():
    play(Paper, 500)


def test_the_store_keeps_the_promises_of_the_protocol(database_url):
    with Database.open(database_url) as database:
        play(lambda: Tables(database), 40)
