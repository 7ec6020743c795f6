"""Memory that is free and that the C library keeps: given back to the system."""

from __future__ import annotations

import ctypes
from datetime import timedelta

EVERY = timedelta(minutes=1)


def give_back() -> None:
    """Give it back, where the C library can (glibc); takes some milliseconds.

    What threads have freed stays in their own heaps, between what is used: of that nothing came back when load ended.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
