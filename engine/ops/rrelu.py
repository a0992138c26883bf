"""Randomised leaky ReLU: y = x above zero, a x below, a drawn evenly from lower .. upper for every number in training;
at inference a is the mean of the two (Xu et al., "Empirical Evaluation of Rectified Activations", 2015).

Which slopes were drawn is read off torch's output; they are held to lower .. upper, so that another one would be an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, single
from engine.ops.windows import same_cell
from engine.record import LayerRecord

name = "rrelu"
parameters = {"input": None, "lower": 1 / 8, "upper": 1 / 3, "training": False, "inplace": False}
window = same_cell


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {key: record.argument(key) for key in ("lower", "upper", "training")}


def slopes(record: LayerRecord) -> Floats:
    """What every number is multiplied by, in the output's shape."""
    values, (lower, upper) = record.float64("input"), (float(record.argument(key)) for key in ("lower", "upper"))
    mean = np.full(values.shape, (lower + upper) / 2)
    if not record.argument("training"):
        return np.where(values > 0, 1.0, mean)
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = np.clip(record.result.astype(np.float64) / values, lower, upper)
    return np.where(values > 0, 1.0, np.where(np.isfinite(drawn), drawn, mean))  # of 0 and of infinity none can be read


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """One term: the number times its slope."""
    at = tuple(index)
    return single(float(record.array("input")[at]), float(slopes(record)[at]), index)


def by_hand(record: LayerRecord) -> Floats:
    return record.float64("input") * slopes(record)
