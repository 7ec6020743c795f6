"""SQLite files for tests: copies of one that was made once, in a hundredth of the time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from briefs.store.database import Database


def _tables(url: str) -> None:
    Database.open(url).close()


def database(file: Path, fill: Callable[[str], None] = _tables) -> str:
    """Make a database there, where no file is yet, and give its address.

    fill: makes the one that is copied, at an address; once in a process. Without it: our tables, and nothing in them.
    """
    with file.open("xb") as made:
        made.write(_ready(fill))
    return f"sqlite:///{file}"


@cache
def _ready(fill: Callable[[str], None]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "briefs.db"
        fill(f"sqlite:///{file}")
        return file.read_bytes()
