"""What the C library keeps of memory that is free: little, and given back to the system."""

import ctypes
from datetime import timedelta

EVERY = timedelta(minutes=1)
_ARENA_MAX = -8  # M_ARENA_MAX of mallopt


def one_heap() -> None:
    """Let all threads have one heap, where the C library can (glibc); before there are any.

    With heaps of their own, what one thread has freed is of no use to the next: of 70 MB, 21 lay free.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, 1)


def give_back() -> None:
    """Give back what is free, where the C library can (glibc); takes some milliseconds.

    It stays in the heap, between what is used: of that nothing came back when load ended.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
