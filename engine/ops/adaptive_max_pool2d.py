"""2-D adaptive maximum pooling: the windows follow from the wanted output size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch.nn.functional as F
from numpy.typing import NDArray

from engine.ops.arithmetic import Arithmetic, Floats
from engine.ops.max_pool2d import explain_maximum, rows_and_columns, winner_of
from engine.ops.pooling import adaptive_axes, adaptive_hyperparameters, adaptive_parameters, pool_window, pooled
from engine.record import LayerRecord

name = "adaptive_max_pool2d"
parameters = adaptive_parameters
hyperparameters = adaptive_hyperparameters


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    return explain_maximum(record, index, adaptive_axes)


def by_hand(record: LayerRecord) -> Floats:
    return pooled(record, adaptive_axes, lambda values, rows, columns: values.max(initial=-np.inf))


def winners(record: LayerRecord) -> NDArray[np.int64]:
    """For every output cell the row and column of its winner in the input plane, (C, H, W, 2)."""
    _, places = F.adaptive_max_pool2d_with_indices(record.argument("input"), record.argument("output_size"))
    return rows_and_columns(places, record)


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return pool_window(record, index, adaptive_axes)


def detail(record: LayerRecord, index: Sequence[int]) -> dict[str, Any]:
    return winner_of(record, index, winners, explain)
