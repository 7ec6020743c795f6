"""Manners towards a host: at most two requests to it at once, and a pause between their beginnings."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Host:
    places: threading.BoundedSemaphore
    free_at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Turns:
    """Lets threads wait for their turn at a host. at_once: requests; pause: seconds between two beginnings."""

    def __init__(
        self,
        at_once: int = 2,
        pause: float = 0.5,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._at_once, self._pause, self._clock, self._sleep = at_once, pause, clock, sleep
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def at(self, host: str) -> Iterator[float]:
        """Wait for a turn, and keep it for the block; gives the seconds that were waited."""
        asked = self._clock()
        with self._lock:
            place = self._hosts.setdefault(host, _Host(threading.BoundedSemaphore(self._at_once)))
        with place.places:
            with place.lock:
                now = self._clock()
                begin = max(now, place.free_at)
                place.free_at = begin + self._pause
            if begin > now:
                self._sleep(begin - now)
            yield self._clock() - asked
