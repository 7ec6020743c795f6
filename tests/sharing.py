"""What one process of a run makes for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path


@contextmanager
def alone(note: Path) -> Iterator[None]:
    """Let one process at a time read and write what is noted."""
    with note.with_suffix(".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield
