"""What the process frees it keeps for the next request, up to blocks that are too large to keep."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.memory import LARGE

CHILD = """
import mmap, resource, sys
from app.memory import keep_freed_memory
kept = sys.argv[1] == "kept" and keep_freed_memory()
size, rounds = int(sys.argv[2]), 10
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
blocks = [bytearray(size) for _ in range(4)]  # bytearray writes every page
del blocks
before = faults()
for _ in range(rounds):
    blocks = [bytearray(size) for _ in range(4)]
    for block in blocks:
        block[:: mmap.PAGESIZE] = b"x" * len(block[:: mmap.PAGESIZE])
    del blocks, block
print(int(kept), (faults() - before) / rounds, 4 * size / mmap.PAGESIZE)
"""


def faults_per_round(how: str, size: int) -> tuple[float, float]:
    """Page faults of a round of allocating, writing and freeing four blocks, and the pages that these have."""
    answer = subprocess.run([sys.executable, "-c", CHILD, how, str(size)], capture_output=True, text=True, check=True)
    kept, faults, pages = answer.stdout.split()
    if how == "kept" and kept == "0":
        pytest.skip("another system's allocator is left as it is")
    return float(faults), float(pages)


def test_memory_that_was_freed_is_used_again_without_asking_the_system():
    faults, pages = faults_per_round("kept", 3_000_000)
    assert faults < pages / 20


def test_blocks_too_large_to_keep_go_back_to_the_system():
    faults, pages = faults_per_round("kept", LARGE + 1_000_000)
    assert faults > pages / 20
