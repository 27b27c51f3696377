"""The memory allocator of a process."""

from __future__ import annotations

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""As in glibc's malloc.h."""
_LARGE_BYTES = 4 << 20
_IN_HAND_BYTES = 4 << 20


def return_large_blocks() -> None:
    """Have large blocks of memory go back to the system as soon as they are freed.

    glibc takes the largest block that was ever freed for the size from which that pays (mallopt(3),
    M_MMAP_THRESHOLD), and keeps twice as much in hand. After a few reels of samples that is a
    fourth of what a process has. Where that size is set, though, it keeps next to nothing in hand,
    and asks the system for the same pages over and over: a fiftieth of the time of a process that
    speaks. Elsewhere nothing is done.
    """
    if sys.platform != "linux":
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return
    mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
    mallopt(_M_TRIM_THRESHOLD, _IN_HAND_BYTES)
