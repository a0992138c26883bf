"""What an explanation is: the arithmetic behind one output element of a record, and how far it is from torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Group
from engine.record import LayerRecord


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


def explanation_of(record: LayerRecord, index: tuple[int, ...]) -> Explanation:
    """The explanation of one element, whatever its error; the index must be legal."""
    arithmetic: Arithmetic = record.operation.explain(record, index)
    source = record.source("input") if "input" in record.arguments else ""
    traced = float(record.result[index])
    return Explanation(record.op, record.name, index, arithmetic, source, arithmetic.result, traced)


def sampled_error(record: LayerRecord) -> float:
    """The error at the node's strongest element, where most is at stake; one element, for every trace pays for it."""
    result = record.result
    if result.size == 0 or not np.issubdtype(result.dtype, np.floating):
        return 0.0
    strongest = int(np.abs(result).argmax())
    return explanation_of(record, tuple(map(int, np.unravel_index(strongest, record.shape)))).error
