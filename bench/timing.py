"""Honest ratios: contenders take turns within one run, so that a drifting machine slows all of them alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def seconds(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def medians(contenders: dict[str, Callable[[], object]], budget: float, warm_up: int = 3) -> dict[str, float]:
    """Median seconds of each contender over as many rounds as fit into `budget` seconds (at least five)."""
    for _ in range(warm_up):
        for task in contenders.values():
            task()
    times: dict[str, list[float]] = {name: [] for name in contenders}
    end = time.perf_counter() + budget
    while time.perf_counter() < end or len(next(iter(times.values()))) < 5:
        for name, task in contenders.items():
            times[name].append(seconds(task))
    return {name: statistics.median(each) for name, each in times.items()}
