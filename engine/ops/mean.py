"""Mean over some axes, for instance over time: the sum of the cells divided by their number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, weighted_sum
from engine.ops.operands import Place, blocks, operand
from engine.ops.windows import places as grid
from engine.record import LayerRecord, without

name = "mean"
parameters = {"input": None, "dim": None, "keepdim": False}


def axes(record: LayerRecord) -> tuple[int, ...]:
    """The averaged axes of the input, counted as torch does, with the batch."""
    dim, dimensions = record.argument("dim"), record.argument("input").dim()
    chosen = [] if dim is None else [dim] if isinstance(dim, int) else list(dim)
    return tuple(sorted(each % dimensions for each in chosen)) or tuple(range(dimensions))


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    dimensions = record.argument("input").dim()
    return {"dim": [each - dimensions for each in axes(record)], "keepdim": bool(record.argument("keepdim"))}


def cells(record: LayerRecord, index: Sequence[int]) -> list[Place]:
    """The averaged cells of the input, in reading order."""
    shape, averaged, rest = record.argument("input").shape, axes(record), list(record.full(index))
    if record.argument("keepdim"):
        rest = [i for axis, i in enumerate(rest) if axis not in averaged]
    kept = iter(rest)
    ranges = [range(size) if axis in averaged else range(i := next(kept), i + 1) for axis, size in enumerate(shape)]
    return [tuple(map(int, place)) for place in grid(ranges)]


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """One term per cell, each with the weight 1 / n."""
    each, places = operand(record, record.argument("input")), cells(record, index)
    return weighted_sum(
        np.array([each.value(place) for place in places]),
        np.full(len(places), 1.0 / len(places)),
        [each.source(place) for place in places],
        readers=[each.origin] * len(places),
        labels=[each.label] * len(places),
        extra={"divisor": len(places)},
    )


def by_hand(record: LayerRecord) -> Floats:
    values = record.argument("input").detach().double().numpy()
    mean = values.mean(axis=axes(record), keepdims=bool(record.argument("keepdim")))
    return without(np.asarray(mean), record.batch_axis)


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return blocks([(operand(record, record.argument("input")), cells(record, index))])
