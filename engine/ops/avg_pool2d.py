"""2-D average pooling: the sum of a window divided by its size; whether padding counts is a hyperparameter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, weighted_sum
from engine.ops.pooling import cells, fixed_axes, fixed_hyperparameters, pool_window, pooled
from engine.ops.windows import inside, pair
from engine.record import LayerRecord

name = "avg_pool2d"
parameters = {
    "input": None,
    "kernel_size": None,
    "stride": None,
    "padding": 0,
    "ceil_mode": False,
    "count_include_pad": True,
    "divisor_override": None,
}


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return fixed_hyperparameters(record) | {
        "count_include_pad": bool(record.argument("count_include_pad")),
        "divisor_override": record.argument("divisor_override"),
    }


def divisor(record: LayerRecord, *axes: range) -> int:
    """How many cells the sum is divided by; a window past the padding (ceil mode) is cut off there, as in torch."""
    override = record.arguments.get("divisor_override")  # series have none
    if override:
        return int(override)
    sizes = record.array("input").shape[1:]
    if not record.argument("count_include_pad"):
        return int(np.prod([len(inside(axis, size)) for axis, size in zip(axes, sizes, strict=True)]))
    margins = pair(record.argument("padding"))[: len(axes)]
    ends = (min(axis.stop, size + margin) - axis.start for axis, size, margin in zip(axes, sizes, margins, strict=True))
    return int(np.prod(list(ends)))


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    axes = fixed_axes(record, index)
    values, sources = cells(record.array("input"), index[0], *axes)
    count = divisor(record, *axes)
    return weighted_sum(values, np.full(len(values), 1.0 / count), sources, extra={"divisor": count})


def by_hand(record: LayerRecord) -> Floats:
    return pooled(record, fixed_axes, lambda values, *axes: values.sum() / divisor(record, *axes))


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return pool_window(record, index, fixed_axes)
