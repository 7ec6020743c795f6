"""How long queries take: a few to warm up, then each once, by the clock and of the processor."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Milliseconds of each query, by the clock and of the processor, and what the engine answered."""

    ms: list[float]
    cpu_ms: list[float]
    answers: list[list[int]]

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.ms)

    @property
    def cpu(self) -> float:
        """The median of the processor's time: what else the machine does hardly shows in it."""
        return statistics.median(self.cpu_ms)

    @property
    def p99(self) -> float:
        """What one query in a hundred exceeds."""
        return sorted(self.ms)[math.ceil(0.99 * len(self.ms)) - 1]


def nothing() -> None:
    """Commit nothing."""


def timed(
    search: Callable[[list[str]], list[int]],
    queries: Sequence[list[str]],
    commit: Callable[[], object] = nothing,
    busy: Callable[[], float] = time.process_time,
) -> Timing:
    """Ask every query once, after a few to warm up. commit: done before each tenth, whose time is not taken.

    busy: tells the seconds that a processor has worked on it.
    """
    for query in queries[:3]:
        search(query)
    ms, cpu_ms, answers = [], [], []
    for number, query in enumerate(queries):
        if number % 10 == 0:
            commit()
        started, cpu_started = time.perf_counter(), busy()
        answers.append(search(query))
        ms.append((time.perf_counter() - started) * 1000)
        cpu_ms.append((busy() - cpu_started) * 1000)
    return Timing(ms, cpu_ms, answers)


def after_commit(
    search: Callable[[list[str]], list[int]], queries: Sequence[list[str]], commit: Callable[[], object]
) -> tuple[float, float]:
    """Return the median milliseconds of look-ups right after a commit, and of the same ones once more."""
    first, warm = list[float](), list[float]()
    for query in queries:
        commit()
        for times in (first, warm):
            started = time.perf_counter()
            search(query)
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(first), statistics.median(warm)


def p50_p99(ms: Sequence[float]) -> str:
    """Return the median, and what one in a hundred exceeds, as they are printed."""
    return f"{statistics.median(ms):.1f} / {sorted(ms)[math.ceil(0.99 * len(ms)) - 1]:.1f} ms"


def growth(before: Sequence[float], after: Sequence[float], times: float) -> str:
    """Return the power that the median grows with, where the archive has become so many times as large."""
    return f"{math.log(statistics.median(after) / statistics.median(before)) / math.log(times):.2f}"
