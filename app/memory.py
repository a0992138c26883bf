"""How this process keeps memory: what one request lets go serves the next one, without asking the system again."""

from __future__ import annotations

import ctypes

KEPT = 256_000_000  # bytes at the end of the heap that are kept, free, before the system gets them back
LARGE = 32 * 2**20  # bytes; blocks beyond are the system's at once. No larger bound is possible in glibc.

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # of malloc.h


def keep_freed_memory() -> bool:
    """Tell glibc's malloc to keep what is freed, and to take it from one heap for all threads; whether it did.

    A trace keeps every tensor of a run. By default the memory of a trace that was let go returns to the system, and each
    page of the next one costs a fault: about a fifth of a ResNet-18's time. A heap per thread, glibc's other default, keeps
    that much again in each of them. Other systems' allocators are left as they are.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # macOS, Windows, musl
        return False
    return all([mallopt(M_ARENA_MAX, 1), mallopt(M_TRIM_THRESHOLD, KEPT), mallopt(M_MMAP_THRESHOLD, LARGE)])
