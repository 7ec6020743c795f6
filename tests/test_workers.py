"""A worker that dies, hangs or swells costs one item; everything else goes on, in order."""

from __future__ import annotations

import asyncio
import dataclasses
import io
import os
import pickle
import signal
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from briefs.errors import Refused, Unreadable
from briefs.masking import masked
from briefs.workers import _PROGRAM, Data, Spent, Workers, in_process
from tests.errands import double, evil, of_payer, work

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def workers():
    with Workers(2, seconds=60.0, megabytes=512) as workers:
        yield workers


@pytest.fixture(scope="module")
def impatient():
    with Workers(2, seconds=1.0, megabytes=512) as workers:
        yield workers


def test_results_come_in_the_order_of_the_items(workers) -> None:
    assert list(workers.map(double, range(40))) == [2 * n for n in range(40)]


def test_nothing_in_nothing_out(workers) -> None:
    assert list(workers.map(double, [])) == []


@pytest.mark.parametrize(
    ("task", "word"),
    [
        ("crash", "crashed the reader"),
        ("swell", "memory"),
        ("raise", "ZeroDivisionError: by zero"),
        ("input", "EOFError"),
    ],
)
def test_a_bad_item_is_refused_and_the_others_are_served(workers, task, word) -> None:
    results = list(workers.map(work, ["a", "b", task, "c", "d", "e"]))
    bad = results.pop(2)
    assert isinstance(bad, Refused)
    assert word in str(bad)
    assert results == ["a", "b", "c", "d", "e"]


def test_an_item_that_takes_too_long_is_refused_and_the_others_are_served(impatient) -> None:
    results = list(impatient.map(work, ["a", "b", "hang", "c"]))
    bad = results.pop(2)
    assert isinstance(bad, Refused)
    assert "took longer than 1 s" in str(bad)
    assert results == ["a", "b", "c"]


def test_an_error_for_people_comes_back_with_its_words(workers) -> None:
    (error,) = workers.map(work, ["say"])
    assert isinstance(error, Unreadable)
    assert (error.template, error.values) == ("{address}: no text", {"address": "a.pdf"})


def test_workers_know_nothing_of_our_secrets(monkeypatch) -> None:
    monkeypatch.setenv("BRIEFBOT_CANARY", "xoxb-canary")
    with Workers(1) as workers:
        assert list(workers.map(work, ["secret"])) == ["nothing"]


def test_results_come_before_all_items_are_known(workers) -> None:
    taken = []

    def endless():
        number = 0
        while True:
            taken.append(number)
            yield number
            number += 1

    results = workers.map(double, endless())
    assert [next(results) for _ in range(5)] == [0, 2, 4, 6, 8]
    results.close()
    assert len(taken) < 30


def test_the_pool_serves_again_after_a_caller_went_away(workers) -> None:
    half = workers.map(work, ["a", "hang", "b"])
    assert next(half) == "a"
    half.close()
    assert list(workers.map(work, ["c"])) == ["c"]


def test_items_may_use_the_pool_themselves(workers) -> None:
    def items():
        for number in range(20):
            yield from workers.map(double, [number])

    assert list(workers.map(double, items())) == [4 * n for n in range(20)]


def test_closing_ends_the_processes() -> None:
    workers = Workers(2)
    list(workers.map(double, range(4)))
    processes = [worker._process for worker in workers._workers]
    workers.close()
    assert processes
    assert all(process.poll() is not None for process in processes)


async def test_a_thread_of_an_asyncio_program_can_use_it(workers) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    ticking = asyncio.create_task(tick())
    results = await asyncio.to_thread(lambda: list(workers.map(work, ["a", "crash", "b"])))
    ticking.cancel()
    assert [results[0], results[2]] == ["a", "b"]
    assert ticks > 0


def test_a_hanging_item_does_not_hold_up_the_time_limit_of_another(impatient) -> None:
    results = list(impatient.map(work, ["hang", "hang", "a", "a"]))
    assert [isinstance(result, Refused) for result in results[:2]] == [True, True]
    assert results[2:] == ["a", "a"]


def test_a_payer_that_has_spent_its_time_is_put_off_and_others_are_served() -> None:
    tasks = [("slow", "hang"), ("slow", "hang"), ("slow", "hang"), ("fast", "a"), ("nobody", "hang"), ("slow", "a")]
    with Workers(1, seconds=1.0, budget=1.5) as workers:
        results = list(workers.map(of_payer, tasks, payer=lambda task: task[0] if task[0] != "nobody" else None))
    assert [type(result) for result in results] == [Refused, Refused, Spent, str, Refused, Spent]


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_a_worker_gives_up_its_rights(workers) -> None:
    dumpable, no_new_privileges, core = 0, 1, 0
    assert list(workers.map(work, ["rights"])) == [f"{dumpable} {no_new_privileges} {core}"]


def test_a_worker_writes_no_file(workers) -> None:
    (refused,) = workers.map(work, ["write"])
    assert "File too large" in str(refused)
    Path("/tmp/briefbot-was-here").unlink(missing_ok=True)  # it is empty


def test_what_a_worker_answers_does_nothing_where_it_is_read(workers) -> None:
    results = list(workers.map(evil, ["a", "evil", "b"]))
    assert [results[0], results[2]] == ["a", "b"]
    assert isinstance(results[1], Refused)
    assert not Path("/tmp/briefbot-was-here").exists()


@pytest.mark.parametrize("kind", [os.system, eval, subprocess.Popen, Path, dataclasses.replace, masked])
def test_only_data_is_read_of_an_answer(kind) -> None:
    with pytest.raises(pickle.UnpicklingError, match="is no data"):
        Data(io.BytesIO(pickle.dumps(kind))).load()


def test_a_worker_whose_program_is_gone_ends_itself() -> None:
    ours, theirs = socket.socketpair()
    program = _PROGRAM.replace("serve(", "from tests.errands import work; serve(")
    command = [sys.executable, "-c", program, str(theirs.fileno()), "512", "1"]
    with subprocess.Popen(command, pass_fds=[theirs.fileno()], cwd=ROOT) as process:
        theirs.close()
        pipe = Connection(ours.detach())
        assert pipe.recv() is None
        pipe.send((work, "hang"))
        assert process.wait(60) == -signal.SIGALRM
        pipe.close()


def test_in_process_gives_the_same_without_workers() -> None:
    results = list(in_process(work, ["a", "say", "b"]))
    assert [results[0], results[2]] == ["a", "b"]
    assert isinstance(results[1], Unreadable)
