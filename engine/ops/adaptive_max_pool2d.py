"""2-D adaptive maximum pooling: the windows follow from the wanted output size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.ops.arithmetic import Arithmetic, Floats
from engine.ops.max_pool2d import explain_maximum
from engine.ops.pooling import adaptive_axes, adaptive_hyperparameters, adaptive_parameters, pool_window, pooled
from engine.record import LayerRecord

name = "adaptive_max_pool2d"
parameters = adaptive_parameters
hyperparameters = adaptive_hyperparameters


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    return explain_maximum(record, index, adaptive_axes)


def by_hand(record: LayerRecord) -> Floats:
    return pooled(record, adaptive_axes, lambda values, rows, columns: values.max())


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return pool_window(record, index, adaptive_axes)


def detail(record: LayerRecord, index: Sequence[int]) -> dict[str, Any]:
    return {"winner_index": explain(record, index).extra["winner_index"]}
