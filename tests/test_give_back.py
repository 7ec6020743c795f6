"""Memory that is free is there for all threads, and goes back to the system where something in use lies between."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bot.base.heap import give_back


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_free_memory_goes_back_to_the_system_from_between_what_is_used():
    pieces = [bytes(2_000) for _ in range(20_000)]  # too large for Python's own heap: the C library's
    used = resident()
    pieces = pieces[::50]
    give_back()
    assert used - resident() > 20_000_000
    assert len(pieces) == 400


THREADS = """
import resource
import threading
from bot.base.heap import one_heap

def reserved():  # megabytes of addresses
    return int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize() >> 20

{first}
before, all_there, measured = reserved(), threading.Barrier(5), threading.Barrier(5)
def use():
    used = bytes(2_000)
    all_there.wait()
    measured.wait()

threading.stack_size(1 << 20)
for _ in range(4):
    threading.Thread(target=use).start()
all_there.wait()
print(reserved() - before)
measured.wait()
"""


def test_threads_have_no_heaps_of_their_own():
    def reserved(first: str) -> int:
        command = [sys.executable, "-c", THREADS.format(first=first)]
        return int(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)

    assert reserved("") > 200  # 64 MB for each
    assert reserved("one_heap()") < 20
