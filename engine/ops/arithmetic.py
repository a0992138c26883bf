"""The arithmetic behind one output element, kept as arrays: what every operation's `explain` returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """terms[start:stop] belong together, for instance to one input channel; `sum` adds up their products."""

    label: str
    start: int
    stop: int
    sum: float


@dataclass(frozen=True)
class Arithmetic:
    """n terms and what they make.

    values, products: (n,) float64. weights: (n,) or None where the term is not a product.
    sources: (n, d) indices into the output of the node that the values were read from, None where there is none.
    padding: (n,) True where the value is a padded zero. readers: for each term the node it was read from; None means
    that all were read from the node that made the call's `input`.
    """

    values: Floats
    products: Floats
    result: float
    sources: NDArray[np.int64] | None
    weights: Floats | None = None
    padding: NDArray[np.bool_] | None = None
    readers: Sequence[str] | None = None
    bias: float | None = None
    groups: tuple[Group, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def magnitude(self) -> float:
        """Sum of the absolute summands: rounding in a float32 sum is proportional to this, not to the result."""
        return float(np.abs(self.products).sum() + abs(self.bias or 0.0))


def weighted_sum(
    values: Floats,
    weights: Floats,
    sources: NDArray[np.int64] | None,
    bias: float | None = None,
    **more: Any,
) -> Arithmetic:
    """sum(values * weights) + bias, in float64."""
    products = values * weights
    result = float(products.sum() + (bias or 0.0))
    return Arithmetic(values, products, result, sources, weights=weights, bias=bias, **more)


def groups_of(products: Floats, size: int, labels: Sequence[str]) -> tuple[Group, ...]:
    """Consecutive groups of `size` terms, one per label."""
    sums = products.reshape(len(labels), size).sum(axis=1)
    return tuple(Group(label, i * size, (i + 1) * size, float(sums[i])) for i, label in enumerate(labels))


def single(value: float, weight: float, index: Sequence[int], bias: float | None = None, **extra: Any) -> Arithmetic:
    """One input cell times one number, plus a bias: relu, dropout, flatten, batch norm."""
    sources = np.array([index], dtype=np.int64)
    return weighted_sum(np.array([value]), np.array([weight]), sources, bias, extra=extra)
