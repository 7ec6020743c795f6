"""Of several processes one composes a digest: claims of runs, in any order of events, and with two real processes."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections import Counter
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, select

from bot.base.reply import Reply
from bot.delivery.editions import Edition
from bot.delivery.worker import DeliveryWorker
from briefs.models import Channel
from briefs.store import schema
from briefs.store.database import Database
from briefs.store.deliveries import Deliveries
from briefs.store.outbox import DueRun, Part
from briefs.store.runs import Runs
from tests.fakes.transport import RecordingTransport
from tests.posts import write_down
from tests.test_deliveries import NINE, plan, subscribe

LEASE = timedelta(minutes=1)
TOGETHER = 40  # digests


@pytest.fixture
def database(database_url):
    with Database.open(database_url) as database:
        yield database


def room(name: object) -> Channel:
    return Channel("console", "home", str(name))


def claim(runs: Runs, now=NINE, most=10) -> list[DueRun]:
    return runs.claim(["console"], now, now + LEASE, most=most)


def freeze(runs: Runs, due: DueRun) -> bool:
    parts = [Part({"text": due.topic})]
    return write_down(runs, due, parts, through=due.after + 1, until=NINE, told={}, content={}, now=NINE)


# ---------------------------------------------------------------- claims


def test_a_run_in_somebodys_hands_is_nobody_elses_until_its_lease_is_over(database):
    runs = Runs(database)
    subscribe(database)
    plan(runs, NINE)

    (first,) = claim(runs)

    assert claim(runs, NINE + LEASE - timedelta(milliseconds=1)) == []
    (second,) = claim(runs, NINE + LEASE)
    assert second.id == first.id


def test_who_was_slower_than_its_lease_still_freezes_what_nobody_else_has(database):
    runs = Runs(database)
    subscribe(database)
    plan(runs, NINE)
    (slow,), (quick,) = claim(runs), claim(runs, NINE + LEASE)

    assert [freeze(runs, slow), freeze(runs, quick)] == [True, False]


def test_what_is_given_back_is_anybodys_at_once_but_not_what_another_has_taken_over(database):
    runs = Runs(database)
    subscribe(database)
    plan(runs, NINE)
    stale = claim(runs)
    runs.release(stale)
    taken_over = claim(runs, NINE + timedelta(seconds=1))

    runs.release(stale)

    assert len(taken_over) == 1
    assert claim(runs, NINE + timedelta(seconds=2)) == []


def test_of_one_channel_one_run_at_a_time_is_in_somebodys_hands(database):
    runs = Runs(database)
    for topic in ("Tencent", "Alibaba"):
        subscribe(database, topic)
        subscribe(database, f"{topic} here", room("elsewhere"))
    plan(runs, NINE)

    first = claim(runs)
    assert sorted(due.channel.id for due in first) == ["elsewhere", "general"]
    assert claim(runs) == []
    assert all(freeze(runs, due) for due in first)
    second = claim(runs)
    assert sorted(due.channel.id for due in second) == ["elsewhere", "general"]


def test_those_that_ask_for_the_same_stand_together_whatever_they_call_it(database):
    runs = Runs(database)
    for number, expression in enumerate(("tencent", "alibaba", "tencent", "alibaba")):
        subscribe(database, f"topic {number}", room(number), expression=expression)
    plan(runs, NINE)

    assert [due.expression for due in claim(runs)] == ["alibaba", "alibaba", "tencent", "tencent"]


def test_a_clock_that_has_gone_back_leaves_nobody_waiting_for_a_claim_of_the_future(database):
    runs = Runs(database)
    subscribe(database)
    plan(runs, NINE)
    claim(runs, NINE + timedelta(hours=1))

    assert len(claim(runs)) == 1


# ---------------------------------------------------------------- any order of events


class Claims(RuleBasedStateMachine):
    """Workers that claim, write down, die, fall asleep and give back, while the clock goes on, or back.

    held: the claims that others have to respect. frozen: runs that are written down.
    """

    def __init__(self, database: Database) -> None:
        super().__init__()
        with database.write() as connection:
            connection.execute(delete(schema.channel))
            connection.execute(delete(schema.topic))
        for name in range(3):
            for topic in ("a", "b"):
                subscribe(database, f"{topic}{name}", room(name))
        self.database, self.runs, self.now = database, Runs(database), NINE
        plan(self.runs, NINE)
        self.hands: list[DueRun] = []  # also of those who sleep, and may wake up too late
        self.held: dict[int, DueRun] = {}
        self.frozen: Counter[int] = Counter()

    def stands(self, due: DueRun) -> bool:
        assert due.until is not None
        return due.id not in self.frozen and self.now < due.until <= self.now + timedelta(minutes=10)

    @rule(most=st.integers(1, 6))
    def somebody_claims(self, most: int) -> None:
        standing = [due for due in self.held.values() if self.stands(due)]
        claimed = claim(self.runs, self.now, most)
        for due in claimed:
            assert due.id not in self.frozen
            assert due.channel not in {other.channel for other in standing}
            self.held[due.id] = due
            self.hands.append(due)
        assert len({due.channel for due in claimed}) == len(claimed)
        assert claimed or {due.channel.id for due in standing} >= self.waiting()

    def waiting(self) -> set[str]:
        """Return the channels that a run waits for, whatever order the runs were written in."""
        query = select(schema.channel.c.channel).select_from(schema.subscribed.join(schema.run))
        with self.database.read() as connection:
            return set(connection.execute(query.where(schema.run.c.state == "DUE")).scalars())

    @precondition(lambda self: self.hands)
    @rule(which=st.integers(0, 20), does=st.sampled_from(["freezes", "freezes", "gives back", "dies"]))
    def somebody(self, which: int, does: str) -> None:
        due = self.hands.pop(which % len(self.hands))
        match does:
            case "freezes":
                is_ours = freeze(self.runs, due)
                assert is_ours == (due.id not in self.frozen), "whoever is first writes it down, and nobody else"
                self.frozen[due.id] += is_ours
            case "gives back":
                self.runs.release([due])
                if self.held.get(due.id) == due:
                    del self.held[due.id]

    @rule(seconds=st.sampled_from([1, 20, 60, 3600, -3600, -30]))
    def the_clock_goes(self, seconds: int) -> None:
        self.now = max(NINE, self.now + timedelta(seconds=seconds))

    def teardown(self) -> None:
        """Left in peace until every claim is over, whatever clock it was made by, every run is written down once."""
        self.now += timedelta(days=2)
        while claimed := claim(self.runs, self.now):
            for due in claimed:
                assert freeze(self.runs, due)
                self.frozen[due.id] += 1
        assert set(self.frozen.values()) == {1}
        assert len(self.frozen) == 6


def test_every_run_is_written_down_once_and_composed_by_one_at_a_time(database):
    run_state_machine_as_test(
        lambda: Claims(database), settings=settings(max_examples=15, stateful_step_count=25, deadline=None)
    )


# ---------------------------------------------------------------- two processes


def _deliver(address: str, file: str, together: Barrier) -> None:
    """Be a process that delivers: write down in a file what is composed, and what is posted."""

    def note(*words: str) -> None:
        with open(file, "a") as notes:
            notes.write(" ".join(words) + "\n")

    def compose(run: DueRun) -> Edition:
        note("composed", run.channel.id)
        return Edition(Reply("en", run.topic, ()), run.after + 1, NINE, {}, {})

    async def deliver(database: Database) -> None:
        worker = DeliveryWorker(Runs(database), Deliveries(database), compose, clock=lambda: NINE)
        transport = RecordingTransport()
        worker.serve(transport)
        for _ in range(3):
            await worker.tick()
            await worker.drain()
        for channel, _text in transport.texts:
            note("posted", channel)

    with Database.open(address) as database:
        together.wait(60)
        asyncio.run(deliver(database))


def test_two_processes_on_one_server_compose_each_digest_once(postgres_server, tmp_path):
    address, file = postgres_server.database(), tmp_path / "notes"
    with Database.open(address) as database:
        for number in range(TOGETHER):
            subscribe(database, f"{number}", room(number))
        plan(Runs(database), NINE)

    forked = multiprocessing.get_context("forkserver")
    forked.set_forkserver_preload([__name__])  # what both import is imported once
    together = forked.Barrier(2)
    processes = [forked.Process(target=_deliver, args=(address, str(file), together)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(100)

    assert [process.exitcode for process in processes] == [0, 0]
    done = Counter(Path(file).read_text().splitlines())
    assert done == {f"{what} {number}": 1 for what in ("composed", "posted") for number in range(TOGETHER)}
