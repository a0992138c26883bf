"""What maximum and average pooling share: one channel, a window along each axis, fixed or adaptive.

An axis is a range of input coordinates; pictures have two, (rows, columns), series have one, (steps,).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.ops.arithmetic import Floats
from engine.ops.windows import adaptive_reach, block, inside, pair, places, reach
from engine.record import LayerRecord

adaptive_parameters = {"input": None, "output_size": None, "return_indices": False}


def fixed_axes(record: LayerRecord, index: Sequence[int]) -> tuple[range, ...]:
    """What a window of fixed size covers along each axis, for output element (channel, ...); it may reach into the padding."""
    dimensions = len(index) - 1
    kernel = pair(record.argument("kernel_size"))
    stride = pair(record.argument("stride"), kernel)
    dilation = pair(record.argument("dilation")) if "dilation" in record.arguments else (1, 1)
    each = (kernel, stride, pair(record.argument("padding")), dilation)
    return tuple(reach(*side) for side in zip(index[1:], *(values[:dimensions] for values in each), strict=True))


def adaptive_axes(record: LayerRecord, index: Sequence[int]) -> tuple[range, range]:
    """Rows and columns that torch's adaptive pooling gives this output cell."""
    sizes = record.array("input").shape[1:]
    sides = zip(index[1:], sizes, record.shape[1:], strict=True)
    rows, columns = (adaptive_reach(*side) for side in sides)
    return rows, columns


def fixed_hyperparameters(record: LayerRecord) -> dict[str, Any]:
    kernel = pair(record.argument("kernel_size"))
    return {
        "kernel_size": list(kernel),
        "stride": list(pair(record.argument("stride"), kernel)),
        "padding": list(pair(record.argument("padding"))),
        "ceil_mode": bool(record.argument("ceil_mode")),
    }


def series_hyperparameters(record: LayerRecord) -> dict[str, Any]:
    """The same along one axis: numbers and no lists."""
    return {key: value[0] if isinstance(value, list) else value for key, value in fixed_hyperparameters(record).items()}


def adaptive_hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {"output_size": list(record.shape[1:])}


def cells(values: Floats, channel: int, *axes: range) -> tuple[Floats, NDArray[np.int64]]:
    """The real cells of a window in reading order, (n,), and where they are, (n, dimensions); padding takes no part."""
    real = (inside(axis, size) for axis, size in zip(axes, values.shape[1:], strict=True))
    sources = places((range(channel, channel + 1), *real))
    return values[tuple(sources.T)].astype(np.float64), sources


def pooled(record: LayerRecord, axes: Any, reduce: Any) -> Floats:
    """The whole output, cell by cell: `reduce(cells, *axes)` of every window."""
    values = record.array("input")
    output = np.empty(record.shape)
    for index in np.ndindex(*record.shape):
        window = axes(record, index)
        output[index] = reduce(cells(values, index[0], *window)[0], *window)
    return output


def pool_window(record: LayerRecord, index: Sequence[int], axes: Any) -> list[dict[str, Any]]:
    channel = range(index[0], index[0] + 1)
    return [block(record.source("input"), (channel, *axes(record, index)))]
