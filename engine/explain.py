"""`explain`: every term behind one number, recomputed and checked against torch; `steps`: an operation's scan in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from engine.errors import ExplanationMismatch, IndexOutOfRange
from engine.ops.arithmetic import Arithmetic, Group
from engine.record import LayerRecord
from engine.trace import Trace

TOLERANCE = 1e-4
"""Largest relative error that may be shown; float32 sums of a few thousand terms stay well below it."""

MAX_STEPS = 1000


@dataclass(frozen=True)
class Source:
    """Where a value was read: an element of a node's output."""

    node: str
    index: tuple[int, ...]


@dataclass(frozen=True)
class Term:
    """One summand: weight * value = product. `weight` is None where the term is not a product, as in softmax."""

    label: str
    weight: float | None
    value: float
    product: float
    source: Source | None


@dataclass(frozen=True)
class Explanation:
    """The arithmetic behind one output element, and how far it is from what torch computed."""

    op: str
    node: str
    index: tuple[int, ...]
    arithmetic: Arithmetic = field(repr=False)
    source_node: str
    result: float
    traced: float

    @property
    def formula(self) -> str:
        """Key of the formula: the operation's name."""
        return self.op

    @property
    def bias(self) -> float | None:
        return self.arithmetic.bias

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.arithmetic.groups

    @property
    def extra(self) -> dict[str, Any]:
        return self.arithmetic.extra

    @cached_property
    def error(self) -> float:
        """|result - traced| relative to the arithmetic's magnitude, max(|traced|, sum of |products|).

        Rounding of a float32 sum is bounded by its magnitude (Higham, "Accuracy and Stability of Numerical
        Algorithms", 4.2), not by a result in which large summands may have cancelled.
        """
        if self.result == self.traced or (np.isnan(self.result) and np.isnan(self.traced)):
            return 0.0
        scale = max(abs(self.traced), self.arithmetic.magnitude)
        return float(abs(self.result - self.traced) / scale) if np.isfinite(scale) and scale else float("inf")

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        return tuple(_terms(self))


def _terms(explanation: Explanation) -> Iterator[Term]:
    arithmetic = explanation.arithmetic
    count = len(arithmetic.values)
    weights: Sequence[float | None] = [None] * count if arithmetic.weights is None else arithmetic.weights.tolist()
    padding = np.zeros(count, bool) if arithmetic.padding is None else arithmetic.padding
    nodes = arithmetic.readers or [explanation.source_node] * count
    sources = [()] * count if arithmetic.sources is None else arithmetic.sources.tolist()
    rows = zip(weights, arithmetic.values.tolist(), arithmetic.products.tolist(), nodes, sources, padding, strict=True)
    for weight, value, product, node, index, padded in rows:
        source = None if padded or not node else Source(node, tuple(index))
        label = "padding" if padded else f"{node}[{','.join(map(str, index))}]"
        yield Term(label, weight, value, product, source)


def explain(trace: Trace, node: str, index: Sequence[int]) -> Explanation:
    """Every term behind one output element of a node, its sums, and the error against the traced value.

    index: one whole number per dimension of the node's shape (no batch), for instance (channel, row, column).
    Raises UnknownNode, IndexOutOfRange, and ExplanationMismatch when the error is above TOLERANCE.
    """
    record = trace[node]
    explanation = _explain(record, checked_index(record, index))
    if explanation.error > TOLERANCE:
        raise ExplanationMismatch(
            f"{node}{list(index)}: by hand {explanation.result!r}, torch {explanation.traced!r}, "
            f"relative error {explanation.error:.2g}; please report this with the model and the input."
        )
    return explanation


def _explain(record: LayerRecord, index: tuple[int, ...]) -> Explanation:
    arithmetic: Arithmetic = record.operation.explain(record, index)
    source = record.source("input") if "input" in record.arguments else ""
    traced = float(record.result[index])
    return Explanation(record.op, record.name, index, arithmetic, source, arithmetic.result, traced)


def checked_index(record: LayerRecord, index: Sequence[int]) -> tuple[int, ...]:
    """The index as a tuple when it points at an element; IndexOutOfRange otherwise."""
    legal = len(index) == len(record.shape) and all(0 <= i < n for i, n in zip(index, record.shape, strict=True))
    if not legal:
        raise IndexOutOfRange(record.name, index, record.shape)
    return tuple(int(i) for i in index)


def sampled_error(record: LayerRecord) -> float:
    """The error at the node's strongest element, where most is at stake; one element, for every trace pays for it."""
    result = record.result
    if result.size == 0 or not np.issubdtype(result.dtype, np.floating):
        return 0.0
    strongest = int(np.abs(result).argmax())
    return _explain(record, tuple(map(int, np.unravel_index(strongest, record.shape)))).error


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
    """The operation's scan in reading order, one step per output element: channel, then row, then column.

    Raises UnknownNode, and IndexOutOfRange when start or count make no sense; a page may be shorter than `count`.
    """
    record = trace[node]
    total = int(np.prod(record.shape, dtype=np.int64))
    if not 0 <= start < max(total, 1):
        raise IndexOutOfRange(node, (start,), (total,))
    page = range(start, min(start + max(0, min(count, MAX_STEPS)), total))
    return StepPage(record.op, node, total, start, tuple(_step(record, position) for position in page))


def _step(record: LayerRecord, position: int) -> Step:
    index = tuple(int(i) for i in np.unravel_index(position, record.shape))
    detail = getattr(record.operation, "detail", None)
    extra = detail(record, index) if detail else {}
    return Step(position, index, record.operation.window(record, index), float(record.result[index]), extra)
