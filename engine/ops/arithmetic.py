"""The arithmetic behind one output element, kept as arrays: what every operation's `explain` returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from engine.record import Origin

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
    padding: (n,) True where the value is a padded zero. readers: for each term where it was read; None means that all
    were read from the node that made the call's `input`. labels: for each term a name of its own, "" for its source's.
    weight_readers, weight_sources: the same for the weights, where these are results of a node too (products of two).
    grouped: makes the groups of the products, when somebody looks at them.
    """

    values: Floats
    products: Floats
    result: float
    sources: NDArray[np.int64] | Sequence[tuple[int, ...]] | None
    weights: Floats | None = None
    padding: NDArray[np.bool_] | None = None
    readers: Sequence[Origin | None] | None = None
    labels: Sequence[str] | None = None
    weight_readers: Sequence[Origin | None] | None = None
    weight_sources: Sequence[tuple[int, ...]] | None = None
    bias: float | None = None
    grouped: Callable[[Floats], tuple[Group, ...]] | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    scale: float = 0.0

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Terms that belong together; none where there is nothing to tell apart."""
        return self.grouped(self.products) if self.grouped else ()

    @property
    def magnitude(self) -> float:
        """Sum of the absolute summands: rounding in a float32 sum is proportional to this, not to the result.
        `scale` is the same of earlier sums that the summands were made from.
        """
        return max(self.scale, float(np.abs(self.products).sum() + abs(self.bias or 0.0)))


def weighted_sum(
    values: Floats,
    weights: Floats,
    sources: NDArray[np.int64] | Sequence[tuple[int, ...]] | None,
    bias: float | None = None,
    **more: Any,
) -> Arithmetic:
    """sum(values * weights) + bias, in float64."""
    products = values * weights
    result = float(products.sum() + (bias or 0.0))
    return Arithmetic(values, products, result, sources, weights=weights, bias=bias, **more)


def by_channel(size: int, channels: Sequence[int]) -> Callable[[Floats], tuple[Group, ...]]:
    """Groups of `size` terms, one per input channel."""
    return lambda products: groups_of(products, size, [f"channel {c}" for c in channels])


def groups_of(products: Floats, size: int, labels: Sequence[str]) -> tuple[Group, ...]:
    """Consecutive groups of `size` terms, one per label."""
    sums = products.reshape(len(labels), size).sum(axis=1)
    return tuple(Group(label, i * size, (i + 1) * size, float(sums[i])) for i, label in enumerate(labels))


def single(value: float, weight: float, index: Sequence[int], bias: float | None = None, **extra: Any) -> Arithmetic:
    """One input cell times one number, plus a bias: relu, dropout, flatten, batch norm."""
    sources = np.array([index], dtype=np.int64)
    return weighted_sum(np.array([value]), np.array([weight]), sources, bias, extra=extra)
