"""What an explanation is: the arithmetic behind one output element of a record, and how far it is from torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Group
from engine.record import LayerRecord, Origin


@dataclass(frozen=True)
class Source:
    """Where a value was read: an element of a node's output."""

    node: str
    index: tuple[int, ...]
    part: str = ""  # "c" where the cell state of a recurrent node was read, not its values


@dataclass(frozen=True)
class Term:
    """One summand: weight * value = product. `weight` is None where the term is not a product, as in softmax."""

    label: str
    weight: float | None
    value: float
    product: float
    source: Source | None
    weight_source: Source | None = None  # where the weight was read, when that is a node's result and no parameter


@dataclass(frozen=True)
class Explanation:
    """The arithmetic behind one output element, and how far it is from what torch computed."""

    op: str
    node: str
    index: tuple[int, ...]
    arithmetic: Arithmetic = field(repr=False)
    origin: Origin | None = field(repr=False)
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
    origins = arithmetic.readers or [explanation.origin] * count
    labels = arithmetic.labels or [""] * count
    sources = [()] * count if arithmetic.sources is None else map(tuple, arithmetic.sources)
    weight_origins = arithmetic.weight_readers or [None] * count
    weight_sources = arithmetic.weight_sources or [()] * count
    rows = zip(
        weights,
        arithmetic.values.tolist(),
        arithmetic.products.tolist(),
        (None if padded else source_of(origin, index) for padded, origin, index in zip(padding, origins, sources, strict=True)),
        map(source_of, weight_origins, weight_sources),
        labels,
        padding,
        strict=True,
    )
    for weight, value, product, source, weight_source, label, padded in rows:
        yield Term(label or ("padding" if padded else label_of(source)), weight, value, product, source, weight_source)


def source_of(origin: Origin | None, index: Sequence[int]) -> Source | None:
    """The element as the node shows it; None for parameters, constants and results that no node shows."""
    if origin is None or not origin.shown:
        return None
    return Source(origin.name, origin.place(tuple(int(i) for i in index)), origin.part)


def label_of(source: Source | None) -> str:
    return "constant" if source is None else f"{source.node}[{','.join(map(str, source.index))}]"


def explanation_of(record: LayerRecord, index: tuple[int, ...]) -> Explanation:
    """The explanation of one element, whatever its error; the index must be legal."""
    arithmetic: Arithmetic = record.operation.explain(record, index)
    origin = record.origin(record.arguments["input"]) if "input" in record.arguments else None
    value = getattr(record.operation, "value", None)  # recurrent nodes hold more numbers than their output
    traced = float(value(record, index) if value else record.result[index])
    return Explanation(record.op, record.name, index, arithmetic, origin, arithmetic.result, traced)


def sampled_error(record: LayerRecord) -> float:
    """The error at the node's strongest element, where most is at stake; one element, for every trace pays for it.
    A recurrent layer is replayed as a whole, so all its states count.
    """
    if hasattr(record.operation, "replay_error"):
        error: float = record.operation.replay_error(record)
        return error
    result = record.result
    if result.size == 0 or result.dtype.kind != "f":
        return 0.0
    largest, smallest = int(result.argmax()), int(result.argmin())  # two passes, and no array in between as for |result|
    strongest = max(largest, smallest, key=lambda place: abs(result.flat[place]))
    return explanation_of(record, tuple(map(int, np.unravel_index(strongest, record.shape)))).error
