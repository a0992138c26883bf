"""What tanh and sigmoid share: one input cell through a curve. Their one term is no product, so it has no weight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats
from engine.record import LayerRecord

Curve = Callable[[Floats], Floats]


def sigmoid(x: Floats) -> Floats:
    """1 / (1 + exp(-x)), written so that exp never overflows."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {}


def through(curve: Curve, record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """value x, product y = curve(x); nothing else is added."""
    value = record.array("input")[tuple(index)].astype(np.float64).reshape(1)
    result = curve(value)
    return Arithmetic(value, result, float(result[0]), np.array([index], dtype=np.int64).reshape(1, -1), scale=1.0)
