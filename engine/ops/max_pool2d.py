"""2-D maximum pooling: the largest cell of each window wins; padding never wins, ties go to the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from engine.ops.arithmetic import Arithmetic, Floats, weighted_sum
from engine.ops.pooling import cells, fixed_axes, fixed_hyperparameters, pool_window, pooled
from engine.ops.windows import pair
from engine.record import LayerRecord

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
    return pooled(record, fixed_axes, lambda values, *axes: values.max(initial=-np.inf))


def winners(record: LayerRecord) -> NDArray[np.int64]:
    """For every output cell the row and column of its winner in the input plane, (C, H, W, 2)."""
    arguments = {key: value for key, value in record.arguments.items() if key != "return_indices"}
    _, places = F.max_pool2d_with_indices(**arguments)  # torch counts row by row through the input plane
    return rows_and_columns(places, record)


def rows_and_columns(places: Tensor, record: LayerRecord) -> NDArray[np.int64]:
    """Torch's running numbers through the input plane as (row, column)."""
    width = record.argument("input").shape[-1]
    numbers = places.reshape(record.shape)
    return torch.stack([numbers // width, numbers % width], dim=-1).numpy()


def winner_of(record: LayerRecord, index: Sequence[int], winners: Any, explain: Any) -> dict[str, Any]:
    """What a step shows beside its window: where the winner is. All winners are found at once, for scans are long; windows
    without a number, and those that hold NaN, are looked at one by one."""
    if not np.isfinite(record.result[tuple(index)]):
        return {"winner_index": explain(record, index).extra["winner_index"]}
    if "winners" not in record.memory:
        record.memory["winners"] = winners(record)
    return {"winner_index": [index[0], *record.memory["winners"][tuple(index)].tolist()]}


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return pool_window(record, index, fixed_axes)


def detail(record: LayerRecord, index: Sequence[int]) -> dict[str, Any]:
    return winner_of(record, index, winners, explain)
