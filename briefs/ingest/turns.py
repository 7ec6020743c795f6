"""Manners towards a host: at most two requests to it at once, and a pause between their beginnings.

They hold for all processes that share a PostgreSQL, each of which keeps them by itself first.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from briefs.store.host_turns import HostTurns


@dataclass(slots=True)
class _Host:
    places: threading.BoundedSemaphore
    free_at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Turns:
    """Lets threads wait for their turn at a host.

    at_once: requests; pause: seconds between two beginnings. shared: with whom others wait for the same turns.
    """

    def __init__(
        self,
        at_once: int = 2,
        pause: float = 0.5,
        *,
        shared: HostTurns | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._at_once, self._pause, self._shared, self._clock, self._sleep = at_once, pause, shared, clock, sleep
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
            with self._among_others(host):
                yield self._clock() - asked

    @contextmanager
    def _among_others(self, host: str) -> Iterator[None]:
        """Wait for one of the places that all processes have together, and give it back when a pause is over."""
        if self._shared is None:
            yield
            return
        while (place := self._shared.take(host, self._at_once)) is None:
            self._sleep(self._pause)
        began = self._clock()
        try:
            yield
        finally:  # one place after the other begins: so many pauses apart as there are places
            self._shared.leave(place, max(0.0, began + self._at_once * self._pause - self._clock()))
