"""Which input cells one output cell looks at: the index arithmetic shared by convolution and pooling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from engine.record import LayerRecord


def pair(value: int | Sequence[int] | None, default: Sequence[int] | None = None) -> tuple[int, int]:
    """Torch's int-or-pair hyperparameters as (rows, columns); an empty or missing stride means `default`."""
    if value is None or (not isinstance(value, int) and len(value) == 0):
        assert default is not None
        return default[0], default[1]
    if isinstance(value, int):
        return value, value
    return (value[0], value[0]) if len(value) == 1 else (value[0], value[1])


def reach(position: int, kernel: int, stride: int, padding: int, dilation: int) -> range:
    """Input coordinates under the kernel for one output coordinate; they may lie in the padding (below 0 or past the end).

    Dumoulin & Visin, "A guide to convolution arithmetic for deep learning" (2016), relationship 6.
    """
    start = position * stride - padding
    return range(start, start + kernel * dilation, dilation)


def adaptive_reach(position: int, size: int, output_size: int) -> range:
    """Input coordinates of one output coordinate of adaptive pooling: floor(i n / m) up to ceil((i + 1) n / m)."""
    return range(position * size // output_size, -(-(position + 1) * size // output_size))


def places(axes: Sequence[range]) -> NDArray[np.int64]:
    """Every cell of a strided block in reading order, (n, dimensions)."""
    grid = np.empty((*map(len, axes), len(axes)), dtype=np.int64)
    for dimension, axis in enumerate(axes):
        spread = [1] * len(axes)
        spread[dimension] = len(axis)
        grid[..., dimension] = np.reshape(np.arange(axis.start, axis.stop, axis.step), spread)
    return grid.reshape(-1, len(axes))


def inside(coordinates: range, size: int) -> range:
    """The coordinates that are real cells, not padding."""
    skipped = -(-max(0, -coordinates.start) // coordinates.step)  # steps that lie before the first cell
    first = coordinates.start + skipped * coordinates.step
    return range(first, max(first, min(coordinates.stop, size)), coordinates.step)


def output_size(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """floor((n + 2p - d(k - 1) - 1) / s) + 1: the size formula printed on the hyperparameter panel."""
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def block(node: str, axes: Sequence[range]) -> dict[str, Any]:
    """A window as one strided block of a node's output, as JSON-ready numbers; it may reach into the padding."""
    return {
        "node": node,
        "start": [axis.start for axis in axes],
        "stop": [axis[-1] + 1 if len(axis) else axis.start for axis in axes],
        "step": [axis.step for axis in axes],
    }


def same_cell(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    """The window of an element-wise operation: the one cell at the same place."""
    return [block(record.source("input"), [range(i, i + 1) for i in index])]
