"""Lazy sequences in pieces, and worked on ahead."""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import chain, takewhile
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

PAUSE = 0.25  # seconds in which nothing comes: what is there is not kept waiting for the rest


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


def bursts(items: Iterable[Item | None]) -> Iterator[Iterator[Item]]:
    """Return what comes without a pause (None) in between as one sequence after the other, each to be used up first."""
    items = iter(items)
    for first in items:
        if first is not None:
            yield chain((first,), takewhile(_is_there, items))  # type: ignore[arg-type]  # up to a pause


def _is_there(item: object) -> bool:
    return item is not None


def ahead(
    threads: ThreadPoolExecutor, function: Callable[[Item], Result], items: Iterable[Item | None], most: int
) -> Iterator[Result | None]:
    """`map` in threads: as results come, with at most so many items in hand; None where nothing came for PAUSE.

    A pause among the items (None) is one of the results, behind those that are there.
    """
    waiting: set[Future[Result]] = set()
    for item in items:
        if item is not None:
            waiting.add(threads.submit(function, item))
        done, waiting = wait(waiting, 0, FIRST_COMPLETED)
        yield from (future.result() for future in done)
        if item is None:
            yield None
        yield from _awaited(waiting, most)
    yield from _awaited(waiting, 0)


def _awaited(waiting: set[Future[Result]], most: int) -> Iterator[Result | None]:
    """Return results until at most so many are waited for, which are left."""
    while len(waiting) > most:
        done, _ = wait(waiting, PAUSE, FIRST_COMPLETED)
        waiting -= done
        yield from (future.result() for future in done)
        if not done:
            yield None
