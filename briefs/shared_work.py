"""What is worked out for one and serves others: digests on one topic that are composed one after the other."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Made = TypeVar("Made")
_NOTHING: Any = object()


class SharedWork:
    """Keeps what was made, by what it was made of, until it is cleared. One thread at a time may use it.

    most: pieces that are kept at a time; what was asked for longest ago goes first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: dict[Hashable, Any] = {}

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what was made under this key; make it where there is none."""
        made: Made = self._made.pop(key, _NOTHING)
        if made is _NOTHING:
            made = make()
            while len(self._made) >= self._most:
                self._made.pop(next(iter(self._made)))
        self._made[key] = made
        return made

    def clear(self) -> None:
        """Forget everything."""
        self._made.clear()
