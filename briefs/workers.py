"""Worker processes that can be killed: work on strangers' bytes has limits, and a bad document costs only itself.

    items ─┬─> worker process ─┐
           └─> worker process ─┴─> results, in the order of the items

A worker is a new Python process with a socket to us, so that it shares nothing with the threads and event loops of
the program, nor its terminal, nor its secrets. (multiprocessing's "spawn" would import the program's main module into
each, and with it the chat platforms.) It limits its own memory, the program kills one that takes too long, and a dead
worker is replaced. It gives up what it does not need, and of what it says only data is believed.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import math
import os
import pickle
import resource
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol, TypeVar

from briefs.errors import BriefsError, Refused

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 4  # items begun for each worker before the oldest result is asked for
_START_SECONDS = 60.0  # a new process has to start Python first, maybe on a busy machine
_PROGRAM = (
    "import sys; from multiprocessing.connection import Connection; from briefs.workers import serve; "
    "serve(Connection(int(sys.argv[1])), *map(int, sys.argv[2:]))"
)
_GRACE = 5  # seconds: then a worker ends itself, where nobody has done it
_FILES = 64  # that a worker may have open
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38  # prctl(2)
_LONGEST = 256 * 2**20  # bytes of an answer


class Spent(Refused):
    """A payer has had its time."""


class Map(Protocol):
    """What `Workers.map` and `in_process` do: results in order, a BriefsError in the place of one that failed."""

    def __call__(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        *,
        payer: Callable[[Item], str | None] | None = None,
    ) -> Iterator[Result | BriefsError]:
        """Return an iterator over the results."""
        ...


def in_process(
    function: Callable[[Item], Result], items: Iterable[Item], *, payer: Callable[[Item], str | None] | None = None
) -> Iterator[Result | BriefsError]:
    """Return what `Workers.map` gives, without workers and so without limits: for trusted items, and for tests."""
    for item in items:
        try:
            yield function(item)
        except BriefsError as error:
            yield error


class Workers:
    """A pool of worker processes, started when first needed; use it from one thread at a time.

    count: how many; None for one a core, at most four.
    seconds: wall time that one item may take. budget: that all of one payer's may take, as long as the pool lives.
    megabytes: address space of a worker beyond what it has when it is idle.
    """

    def __init__(
        self, count: int | None = None, *, seconds: float = 20.0, budget: float = 60.0, megabytes: int = 1024
    ) -> None:
        self._count = count or min(4, os.cpu_count() or 1)
        self._seconds = seconds
        self._budget = budget
        self._spent: dict[str, float] = {}
        self._megabytes = megabytes
        self._workers: list[_Worker] = []

    def map(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        *,
        payer: Callable[[Item], str | None] | None = None,
    ) -> Iterator[Result | BriefsError]:
        """Return what `function` gives for each item, in order, lazily; a few items are worked on ahead.

        A BriefsError that it raises stands in its result's place, and so does Refused where it takes too long, needs
        too much memory, crashes or raises anything else. payer: names who pays for an item's time; None: nobody. In
        the place of items whose payer has spent its budget stands Spent. Function and items must be picklable; the
        function a module's own. `items` may itself call `map` of the same pool.
        """
        waiting: deque[_Job] = deque()
        source = iter(items)
        exhausted = False
        try:
            while waiting or not exhausted:
                while not exhausted and len(waiting) < self._count * _AHEAD:
                    try:
                        item = next(source)
                        waiting.append(_Job(function, item, payer(item) if payer else None))
                    except StopIteration:
                        exhausted = True
                self._work(waiting)
                while waiting and waiting[0].done:
                    yield waiting.popleft().result
        finally:
            # The caller went away half-way: what is begun for it is of no use.
            for worker in [worker for worker in self._workers if worker.job in waiting]:
                self._drop(worker)

    def close(self) -> None:
        """End every worker process."""
        for worker in list(self._workers):
            self._drop(worker)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _work(self, jobs: deque[_Job]) -> None:
        """Hand jobs to idle workers, then wait until something happens to the oldest job or to any worker."""
        for job in jobs:
            if job.done or job.begun:
                continue
            if job.payer is not None and self._spent.get(job.payer, 0.0) > self._budget:
                job.done = True
                job.result = Spent(
                    "its source took more than {seconds:g} s to read this time; the rest is read the next time",
                    seconds=self._budget,
                )
                continue
            worker = next((w for w in self._workers if not w.job), None)
            if worker is None and len(self._workers) < self._count:
                worker = _Worker(self._megabytes, self._seconds)
                self._workers.append(worker)
            if worker is None:
                break
            worker.begin(job, self._seconds)
        busy = [worker for worker in self._workers if worker.job]
        if not busy:
            return
        patience = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
        ready = wait([worker.pipe for worker in busy], patience)
        for worker in busy:
            served = worker.job
            if worker.pipe in ready:
                if not worker.collect(self._seconds):
                    self._drop(worker)
                self._charge(served, worker)
            elif time.monotonic() >= worker.deadline:
                worker.settle(Refused("reading it took longer than {seconds:g} s; leave it out", seconds=self._seconds))
                self._drop(worker)
                self._charge(served, worker)

    def _charge(self, job: _Job | None, worker: _Worker) -> None:
        if job is not None and job.done and job.payer is not None:
            self._spent[job.payer] = self._spent.get(job.payer, 0.0) + time.monotonic() - worker.began

    def _drop(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.kill()


@dataclass(slots=True, eq=False)
class _Job:
    """One item on its way."""

    function: Callable[[Any], Any]
    item: Any
    payer: str | None
    begun: bool = False
    done: bool = False
    result: Any = None


class _Worker:
    """One worker process, as the program sees it."""

    def __init__(self, megabytes: int, seconds: float) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                # -B: it may write no file.
                [
                    *(sys.executable, "-B", "-P", "-c", _PROGRAM),
                    *map(str, (theirs.fileno(), megabytes, math.ceil(seconds) + _GRACE)),
                ],
                pass_fds=[theirs.fileno()],
                # Of the environment only what Python needs: a hostile document has no business with our secrets.
                env={"PYTHONPATH": os.pathsep.join(sys.path), "LC_ALL": "C.UTF-8", "PATH": os.defpath},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # what goes wrong comes back as an error; a crash closes the pipe
                start_new_session=True,  # ^C is for the program, which then ends its workers
            )
        self.pipe = Connection(ours.detach())
        self.job: _Job | None = None
        self.began = self.deadline = 0.0
        self._ready = False

    def begin(self, job: _Job, seconds: float) -> None:
        """Hand it a job; how it ends comes by `collect`."""
        job.begun = True
        self.job = job
        self.began = time.monotonic()
        self.deadline = self.began + (seconds if self._ready else _START_SECONDS)
        with contextlib.suppress(OSError):  # it has died: `collect` finds the pipe closed and says so
            self.pipe.send((job.function, job.item))

    def collect(self, seconds: float) -> bool:
        """Take what the worker says; False when it has died."""
        try:
            said = Data(io.BytesIO(self.pipe.recv_bytes(_LONGEST))).load()
        except Exception:  # it has died, or says what no worker of ours says
            self.settle(Refused("reading it crashed the reader, or needed too much memory; leave it out"))
            return False
        if said is None:  # it has started: from here on the item's own time counts
            self._ready = True
            self.began = time.monotonic()
            self.deadline = self.began + seconds
        else:
            self.settle(said[0])
        return True

    def settle(self, result: Any) -> None:
        """End the job in hand with this result, good or bad."""
        if self.job:
            self.job.result, self.job.done, self.job = result, True, None

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        self.pipe.close()


class Data(pickle.Unpickler):
    """Reads what a worker says: our own frozen data, errors and times, and nothing that does something.

    A document that took a worker over must not take us over by its answer.
    """

    def find_class(self, module: str, name: str) -> Any:
        """Return a class that an answer names."""
        if module in _DATA and name.isidentifier():
            found = getattr(sys.modules[module], name, None) if module in sys.modules else None
            is_data = isinstance(found, type) and found.__module__ == module
            if found is not None and (is_data or (module, name) == ("briefs.errors", "_rebuild")):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no data")


_DATA = ("briefs.models", "briefs.errors", "briefs.ingest.feeds.model", "datetime", __name__)


# ---------------------------------------------------------------- inside a worker process


def serve(pipe: Connection, megabytes: int, seconds: int) -> None:
    """Do one item after another, until the pipe is closed. Runs in a worker process.

    seconds: the most that one may take, should nobody be there any more who ends it.
    """
    _limit_memory(megabytes)
    _give_up_rights()
    pipe.send(None)
    while True:
        try:
            function, item = pipe.recv()
        except (EOFError, OSError):
            return
        signal.alarm(seconds)  # nothing catches it: it ends the process wherever it is
        said = _outcome(function, item, megabytes)
        signal.alarm(0)
        pipe.send((said,))


def _outcome(function: Callable[[Any], Any], item: Any, megabytes: int) -> Any:
    try:
        return function(item)
    except BriefsError as error:
        return error
    except MemoryError:
        return Refused("reading it needs more than {megabytes} MB of memory; leave it out", megabytes=megabytes)
    except Exception as error:  # whatever a hostile document provokes costs that document alone
        return Refused("reading it failed ({reason}); leave it out", reason=f"{type(error).__name__}: {error}"[:200])


def _give_up_rights() -> None:
    """Write no file, leave no core, gain no rights; let no other process of our user look into this one."""
    for limit in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(limit, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))
    undumpable()
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def undumpable() -> None:
    """Let no other process of our user read this one's memory and environment, where its secrets are; on Linux."""
    _prctl(_PR_SET_DUMPABLE, 0)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _limit_memory(megabytes: int) -> None:
    """Limit the address space, beyond what the interpreter takes up already."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            used = int(statm.read().split()[0]) * resource.getpagesize()
    except FileNotFoundError:
        return  # not Linux: there the limit is not kept either
    limit = used + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
