"""`explain`: every term behind one number, recomputed and checked against torch; `steps`: an operation's scan in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.errors import ExplanationMismatch, IndexOutOfRange
from engine.explanation import Explanation, explanation_of
from engine.record import LayerRecord
from engine.trace import Trace

TOLERANCE = 1e-4
"""Largest relative error that may be shown; float32 sums of a few thousand terms stay well below it."""

MAX_STEPS = 1000


def explain(trace: Trace, node: str, index: Sequence[int]) -> Explanation:
    """Every term behind one output element of a node, its sums, and the error against the traced value.

    index: one whole number per dimension of the node's shape (no batch), for instance (channel, row, column); for
    recurrent nodes also (layer, direction, step, unit).
    Raises UnknownNode, IndexOutOfRange, and ExplanationMismatch when the error is above TOLERANCE.
    """
    record = trace[node]
    explanation = explanation_of(record, checked_index(record, index))
    if explanation.error > TOLERANCE:
        raise ExplanationMismatch(
            f"{node}{list(index)}: by hand {explanation.result!r}, torch {explanation.traced!r}, "
            f"relative error {explanation.error:.2g}; please report this with the model and the input."
        )
    return explanation


def checked_index(record: LayerRecord, index: Sequence[int]) -> tuple[int, ...]:
    """The index as a tuple when it points at an element; IndexOutOfRange otherwise."""
    legal_shapes = getattr(record.operation, "legal_shapes", None)
    shapes = legal_shapes(record) if legal_shapes else [record.shape]
    if not any(_inside(index, shape) for shape in shapes):
        near = next((shape for shape in shapes if len(shape) == len(index)), shapes[0])
        raise IndexOutOfRange(record.name, index, near)
    return tuple(int(i) for i in index)


def _inside(index: Sequence[int], shape: Sequence[int]) -> bool:
    return len(index) == len(shape) and all(0 <= i < n for i, n in zip(index, shape, strict=True))


@dataclass(frozen=True)
class Step:
    """One step of an operation's scan: the output element it makes and the input cells that it looks at."""

    position: int
    index: tuple[int, ...]
    window: list[dict[str, Any]]
    result: float
    extra: dict[str, Any]


@dataclass(frozen=True)
class StepPage:
    """Steps start .. start + len(steps) of `total`."""

    op: str
    node: str
    total: int
    start: int
    steps: tuple[Step, ...]


def steps(trace: Trace, node: str, start: int = 0, count: int = 50) -> StepPage:
    """The operation's scan in reading order, one step per output element: channel, then row, then column. Recurrent
    layers: one step per time step in the order of the run, index (layer, direction, step), result the norm of its h.

    Raises UnknownNode, and IndexOutOfRange when start or count make no sense; a page may be shorter than `count`.
    """
    record = trace[node]
    scan_total = getattr(record.operation, "scan_total", None)
    total: int = scan_total(record) if scan_total else int(np.prod(record.shape, dtype=np.int64))
    if not 0 <= start < max(total, 1):
        raise IndexOutOfRange(node, (start,), (total,))
    page = range(start, min(start + max(0, min(count, MAX_STEPS)), total))
    return StepPage(record.op, node, total, start, tuple(_step(record, position) for position in page))


def _step(record: LayerRecord, position: int) -> Step:
    if hasattr(record.operation, "scan_step"):
        return Step(position, *record.operation.scan_step(record, position))
    index = tuple(int(i) for i in np.unravel_index(position, record.shape))
    detail = getattr(record.operation, "detail", None)
    extra = detail(record, index) if detail else {}
    return Step(position, index, record.operation.window(record, index), float(record.result[index]), extra)
