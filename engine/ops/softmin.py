"""Softmin: softmax of the numbers with their signs turned, p_i = exp(m - z_i) / sum_j exp(m - z_j) with m = min z."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats
from engine.ops.softmax import axis, hyperparameters, line, window
from engine.ops.windows import places
from engine.record import LayerRecord

name = "softmin"
parameters = {"input": None, "dim": -1}

__all__ = ["by_hand", "explain", "hyperparameters", "name", "parameters", "window"]


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """One term per number: value z_j, product exp(m - z_j). The result is the own product over the sum of all."""
    sources = places(line(record, index))
    numbers = record.array("input")[tuple(sources.T)].astype(np.float64)
    minimum = float(numbers.min())
    exponentials = np.exp(minimum - numbers)
    own, total = index[axis(record)], float(exponentials.sum())
    return Arithmetic(
        values=numbers,
        products=exponentials,
        result=float(exponentials[own] / total),
        sources=sources,
        extra={"minimum": minimum, "numerator": float(exponentials[own]), "denominator": total, "term": own},
    )


def by_hand(record: LayerRecord) -> Floats:
    numbers, classes = record.float64("input"), axis(record)
    exponentials = np.exp(numbers.min(axis=classes, keepdims=True) - numbers)
    result: Floats = exponentials / exponentials.sum(axis=classes, keepdims=True)
    return result
