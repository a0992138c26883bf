"""2-D adaptive average pooling; with output size 1 it is global average pooling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, weighted_sum
from engine.ops.pooling import adaptive_axes, adaptive_hyperparameters, adaptive_parameters, cells, pool_window, pooled
from engine.record import LayerRecord

name = "adaptive_avg_pool2d"
parameters = {key: adaptive_parameters[key] for key in ("input", "output_size")}
hyperparameters = adaptive_hyperparameters


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    values, sources = cells(record.array("input"), index[0], *adaptive_axes(record, index))
    return weighted_sum(values, np.full(len(values), 1.0 / len(values)), sources, extra={"divisor": len(values)})


def by_hand(record: LayerRecord) -> Floats:
    return pooled(record, adaptive_axes, lambda values, rows, columns: values.mean())


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return pool_window(record, index, adaptive_axes)
