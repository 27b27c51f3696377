"""The memory allocator of a process."""

from __future__ import annotations

import ctypes
import sys

_M_MMAP_THRESHOLD = -3
"""As in glibc's malloc.h."""
_LARGE_BYTES = 4 << 20


def return_large_blocks() -> None:
    """Have large blocks of memory go back to the system as soon as they are freed.

    glibc takes the largest block that was ever freed for the size from which that pays (mallopt(3),
    M_MMAP_THRESHOLD), and keeps twice as much in hand. After a few reels of samples that is a
    fourth of what a process has. Elsewhere nothing is done.
    """
    if sys.platform != "linux":
        return
    try:
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
    except (OSError, AttributeError):  # another C library
        return
