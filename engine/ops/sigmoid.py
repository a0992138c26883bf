"""Logistic sigmoid, 1 / (1 + e^-x): squashes any number between 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence

from engine.ops import curves
from engine.ops.arithmetic import Arithmetic, Floats
from engine.ops.windows import same_cell
from engine.record import LayerRecord

name = "sigmoid"
parameters = {"input": None}
hyperparameters = curves.hyperparameters
window = same_cell


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    return curves.through(curves.sigmoid, record, index)


def by_hand(record: LayerRecord) -> Floats:
    values: Floats = curves.sigmoid(record.float64("input"))
    return values
