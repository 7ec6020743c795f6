"""Lazy sequences in pieces, and worked on ahead."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def batches(items: Iterable[Item], size: int, seconds: float = math.inf) -> Iterator[list[Item]]:
    """Return lists of at most `size`; a shorter one when `seconds` have passed since its first."""
    batch: list[Item] = []
    started = 0.0
    for item in items:
        started = started if batch else time.monotonic()
        batch.append(item)
        if len(batch) >= size or time.monotonic() - started >= seconds:
            yield batch
            batch = []
    if batch:
        yield batch


def ahead(
    threads: ThreadPoolExecutor, function: Callable[[Item], Result], items: Iterable[Item], most: int
) -> Iterator[Result]:
    """`map` in threads: as results come, with at most so many items in hand."""
    waiting: set[Future[Result]] = set()
    for item in items:
        waiting.add(threads.submit(function, item))
        if len(waiting) > most:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    yield from (future.result() for future in as_completed(waiting))
