"""Interpolation: every output cell is a weighted mean of the input cells nearest to where it lies; each axis by itself.

Where output cell i of m lies among n input cells (Mazza, "align_corners" note of torch's upsample, 2018): cells as areas,
(i + 1/2) n / m - 1/2; align_corners, cells as points with the corners kept, i (n - 1) / (m - 1). Weights: nearest 1; linear
by distance; bicubic Keys (1981) with a = -0.75; area the mean of the cells covered. All modes are separable.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops import gradient_times_input
from engine.ops.arithmetic import Arithmetic, Floats, weighted_sum
from engine.ops.windows import adaptive_reach, block
from engine.record import LayerRecord

name = "interpolate"
parameters = {
    "input": None,
    "size": None,
    "scale_factor": None,
    "mode": "nearest",
    "align_corners": None,
    "recompute_scale_factor": None,
    "antialias": False,
}
KEYS = -0.75


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {
        "mode": record.argument("mode"),
        "size": list(record.shape[1:]),
        "align_corners": bool(record.argument("align_corners")),
    }


def scales(record: LayerRecord) -> list[float]:
    """Input cells per output cell along every axis: 1 / scale_factor where torch was given one, else n / m."""
    sizes = zip(record.array("input").shape[1:], record.shape[1:], strict=True)
    factor = record.argument("scale_factor")
    if factor is None or record.argument("recompute_scale_factor"):
        return [n / m for n, m in sizes]
    factors = factor if isinstance(factor, (list, tuple)) else [factor] * (len(record.shape) - 1)
    return [1 / f for f in factors]


def position(at: int, size: int, output: int, scale: float, mode: str, aligned: bool, number: Any = np.float64) -> float:
    """Where an output cell lies, counted in input cells from the middle of the first; `number`: the precision of the input,
    in which torch counts."""
    if mode == "nearest":  # in single precision for every dtype; as large or twice as large without regard to the scale
        if output in (size, 2 * size):
            return float(at * size // output)
        return min(float(np.floor(np.float32(at) * np.float32(scale))), size - 1.0)
    if mode == "nearest-exact":
        return min(float(np.floor(np.float32(at + 0.5) * np.float32(scale))), size - 1.0)
    if aligned:
        return float(number(at) * (number(size - 1) / number(output - 1))) if output > 1 else 0.0
    where = float(number(scale) * number(at + 0.5) - number(0.5))
    return where if mode == "bicubic" else max(0.0, where)


def weights(
    at: int, size: int, output: int, scale: float, mode: str, aligned: bool, number: Any = np.float64
) -> dict[int, float]:
    """Input cell -> weight for one output cell along one axis; without weights of zero. They sum to 1."""
    if mode == "area":
        cells = adaptive_reach(at, size, output)
        return dict.fromkeys(cells, 1 / len(cells))
    where = position(at, size, output, scale, mode, aligned, number)
    first, part = int(np.floor(where)), where - np.floor(where)
    taps = (
        [(first - 1 + k, keys(1 + part - k)) for k in range(4)] if mode == "bicubic" else [(first, 1 - part), (first + 1, part)]
    )
    found: dict[int, float] = {}
    for cell, weight in taps:
        inside = min(max(cell, 0), size - 1)  # outside lies a copy of the edge
        found[inside] = found.get(inside, 0.0) + float(weight)
    return {cell: weight for cell, weight in sorted(found.items()) if weight}


def keys(distance: float) -> float:
    """Keys' cubic convolution kernel."""
    x = abs(distance)
    if x <= 1:
        return ((KEYS + 2) * x - (KEYS + 3)) * x * x + 1
    return ((x - 5) * x + 8) * x * KEYS - 4 * KEYS if x < 2 else 0.0


def axis_weights(record: LayerRecord, axis: int, at: int) -> dict[int, float]:
    """The weights along one spatial axis, worked out once for every coordinate."""
    tables: dict[int, list[dict[int, float]]] = record.memory.setdefault("weights", {})
    if axis not in tables:
        values, output = record.array("input"), record.shape[1 + axis]
        how = record.argument("mode"), bool(record.argument("align_corners")), values.dtype.type
        size, scale = values.shape[1 + axis], scales(record)[axis]
        tables[axis] = [weights(place, size, output, scale, *how) for place in range(output)]
    return tables[axis][at]


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """One term per input cell with a weight; antialiased calls are told by their derivative, which is exact: all is linear."""
    if record.argument("antialias"):
        return gradient_times_input.explain(record, index)
    values, along = record.array("input"), [axis_weights(record, axis, at) for axis, at in enumerate(index[1:])]
    sources: list[tuple[int, ...]] = [(index[0],)]
    factors = [1.0]
    for axis in along:
        sources = [(*place, cell) for place in sources for cell in axis]
        factors = [factor * weight for factor in factors for weight in axis.values()]
    read = np.array([values[place] for place in sources], dtype=np.float64)
    extra = {"weights": [{"cells": list(axis), "weights": list(axis.values())} for axis in along]}
    # bicubic weights are differences of larger numbers, so their rounding goes with the values and not with the products
    scale = float(np.abs(read).sum()) if record.argument("mode") == "bicubic" else 0.0
    return weighted_sum(read, np.array(factors), np.array(sources, dtype=np.int64), extra=extra, scale=scale)


def by_hand(record: LayerRecord) -> Floats:
    """The whole output: the axes one after the other, each as a matrix of weights. Without antialiasing."""
    output = record.float64("input")
    for axis in range(len(record.shape) - 1):
        output = np.moveaxis(np.tensordot(matrix(record, axis), output, axes=(1, 1 + axis)), 0, 1 + axis)
    return output


def matrix(record: LayerRecord, axis: int) -> Floats:
    """(output cells, input cells): the weights along one axis."""
    found = np.zeros((record.shape[1 + axis], record.array("input").shape[1 + axis]))
    for at in range(len(found)):
        for cell, weight in axis_weights(record, axis, at).items():
            found[at, cell] = weight
    return found


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    if record.argument("antialias"):
        return []
    cells = [sorted(axis_weights(record, axis, at)) for axis, at in enumerate(index[1:])]
    return [block(record.source("input"), [range(index[0], index[0] + 1), *(range(axis[0], axis[-1] + 1) for axis in cells)])]
