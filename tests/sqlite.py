"""SQLite files with our tables, for tests: copies of one that was made once, in a hundredth of the time."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from briefs.store.database import Database


def database(file: Path) -> str:
    """Make an empty database with our tables there, where no file is yet, and give its address."""
    with file.open("xb") as made:
        made.write(_ready())
    return f"sqlite:///{file}"


@cache
def _ready() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "briefs.db"
        Database.open(f"sqlite:///{file}").close()
        return file.read_bytes()
