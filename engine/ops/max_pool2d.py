"""2-D maximum pooling: the largest cell of each window wins; padding never wins, ties go to the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, weighted_sum
from engine.ops.pooling import cells, fixed_axes, fixed_hyperparameters, pool_window, pooled
from engine.record import LayerRecord
from engine.ops.windows import pair

name = "max_pool2d"
parameters = {
    "input": None,
    "kernel_size": None,
    "stride": None,
    "padding": 0,
    "dilation": 1,
    "ceil_mode": False,
    "return_indices": False,
}


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return fixed_hyperparameters(record) | {"dilation": list(pair(record.argument("dilation")))}


def explain_maximum(record: LayerRecord, index: Sequence[int], axes: Any) -> Arithmetic:
    """Terms are the window's cells; the winner has weight 1 and the others 0, so that they sum to the result."""
    values, sources = cells(record.array("input"), index[0], *axes(record, index))
    if len(values) == 0:  # a dilated window can step over a small input altogether; torch then answers -inf
        return Arithmetic(values, values, -np.inf, sources, extra={"winner": None, "winner_index": None})
    winner = int(np.argmax(values))
    weights = np.zeros(len(values))
    weights[winner] = 1.0
    return weighted_sum(values, weights, sources, extra={"winner": winner, "winner_index": sources[winner].tolist()})


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    return explain_maximum(record, index, fixed_axes)


def by_hand(record: LayerRecord) -> Floats:
    return pooled(record, fixed_axes, lambda values, rows, columns: values.max(initial=-np.inf))


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return pool_window(record, index, fixed_axes)


def detail(record: LayerRecord, index: Sequence[int]) -> dict[str, Any]:
    return {"winner_index": explain(record, index).extra["winner_index"]}
