"""Rectified linear unit: max(0, x), one cell at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, single
from engine.ops.windows import same_cell
from engine.record import LayerRecord

name = "relu"
parameters = {"input": None, "inplace": False}
window = same_cell


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {}


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """One term; its weight is the slope of the curve at x: 1 above zero, 0 otherwise."""
    value = float(record.array("input")[tuple(index)])
    return single(value, float(value > 0), index)


def by_hand(record: LayerRecord) -> Floats:
    return np.maximum(record.float64("input"), 0.0)
