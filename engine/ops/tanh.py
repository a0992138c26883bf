"""Hyperbolic tangent, (e^x - e^-x) / (e^x + e^-x): squashes any number between -1 and 1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.ops import curves
from engine.ops.arithmetic import Arithmetic, Floats
from engine.ops.windows import same_cell
from engine.record import LayerRecord

name = "tanh"
parameters = {"input": None}
hyperparameters = curves.hyperparameters
window = same_cell


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    return curves.through(np.tanh, record, index)


def by_hand(record: LayerRecord) -> Floats:
    values: Floats = np.tanh(record.float64("input"))
    return values
