"""Matrix product of two results, as in attention: y[i, j] = sum over k of a[i, k] * b[k, j], batches broadcast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, weighted_sum
from engine.ops.operands import Operand, Place, blocks, operand
from engine.record import LayerRecord, without

name = "matmul"
parameters = {"input": None, "mat2": None}


def sides(record: LayerRecord) -> tuple[Operand, Operand]:
    """Both matrices, whatever torch calls the second (other, mat2, vec)."""
    second = record.argument("mat2")
    if second is None:
        second = next(value for key, value in record.kwargs.items() if key != "out")
    return operand(record, record.argument("input")), operand(record, second)


def places(record: LayerRecord, index: Sequence[int]) -> tuple[list[Place], list[Place]]:
    """Which elements of both sides meet in one element of the result, in the order of k."""
    (a, b), full = sides(record), list(record.full(index))
    column = [full.pop()] if b.values.ndim > 1 else []
    row = [full.pop()] if a.values.ndim > 1 else []
    left, right = _batch(full, a), _batch(full, b)
    inner = range(a.values.shape[-1])
    return [(*left, *row, k) for k in inner], [(*right, k, *column) for k in inner]


def _batch(full: list[int], side: Operand) -> Place:
    sizes = side.values.shape[:-2]
    return tuple(0 if size == 1 else i for i, size in zip(full[len(full) - len(sizes) :], sizes, strict=True))


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {"inner": sides(record)[0].values.shape[-1]}


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """One term per k: value a[i, k], weight b[k, j], each with its own source."""
    (a, b), (left, right) = sides(record), places(record, index)
    return weighted_sum(
        np.array([a.value(place) for place in left]),
        np.array([b.value(place) for place in right]),
        [a.source(place) for place in left],
        readers=[a.origin] * len(left),
        labels=[a.label] * len(left),
        weight_readers=[b.origin] * len(right),
        weight_sources=[b.source(place) for place in right],
    )


def by_hand(record: LayerRecord) -> Floats:
    a, b = (side.values.astype(np.float64) for side in sides(record))
    return without(np.matmul(a, b), record.batch_axis)


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return blocks(list(zip(sides(record), places(record, index), strict=True)))
