"""Memory that is free goes back to the system, also where something in use lies between."""

from __future__ import annotations

import os
from pathlib import Path

from bot.base.memory import give_back


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_free_memory_goes_back_to_the_system_from_between_what_is_used():
    pieces = [bytes(2_000) for _ in range(20_000)]  # too large for Python's own heap: the C library's
    used = resident()
    pieces = pieces[::50]
    give_back()
    assert used - resident() > 20_000_000
    assert len(pieces) == 400
