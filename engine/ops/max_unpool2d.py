"""2-D max-unpooling: every value goes back to the remembered place of its maximum; all other cells are zero.

Zeiler & Fergus, "Visualizing and understanding convolutional networks" (2014). Where windows overlapped, several values
may share a place; the last one in reading order stays, as in torch on the CPU.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.ops.arithmetic import Arithmetic, Floats, weighted_sum
from engine.ops.windows import block, pair
from engine.record import LayerRecord, without

name = "max_unpool2d"
parameters = {"input": None, "indices": None, "kernel_size": None, "stride": None, "padding": 0, "output_size": None}


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    kernel = pair(record.argument("kernel_size"))
    return {
        "kernel_size": list(kernel),
        "stride": list(pair(record.argument("stride"), kernel)),
        "padding": list(pair(record.argument("padding"))),
        "output_size": list(record.shape[1:]),
    }


def remembered(record: LayerRecord) -> NDArray[np.int64]:
    """The places as torch counts them, row by row through the output plane; the shape of the input."""
    indices: NDArray[np.int64] = record.argument("indices").numpy()
    return without(indices, 0) if indices.ndim > record.array("input").ndim else indices


def origins(record: LayerRecord) -> dict[tuple[int, int], tuple[int, ...]]:
    """(channel, place) -> the input cell whose value lies there, the last one that was put there."""
    if "origins" not in record.memory:
        places = remembered(record)
        record.memory["origins"] = {(cell[0], int(places[cell])): cell for cell in np.ndindex(*places.shape)}
    found: dict[tuple[int, int], tuple[int, ...]] = record.memory["origins"]
    return found


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """The one value that went to this cell, times 1; no term where none did."""
    channel, row, column = index
    origin = origins(record).get((channel, row * record.shape[2] + column))
    sources = np.array([origin] if origin else [], dtype=np.int64).reshape(-1, 3)
    values = record.array("input")[tuple(sources.T)].astype(np.float64)
    return weighted_sum(values, np.ones(len(values)), sources)


def by_hand(record: LayerRecord) -> Floats:
    """The whole output, value by value in reading order."""
    values, output = record.float64("input"), np.zeros(record.shape)
    places = remembered(record)
    for place in np.ndindex(*values.shape):
        output[place[0]].reshape(-1)[places[place]] = values[place]
    return output


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    """The cell that the value came from."""
    channel, row, column = index
    origin = origins(record).get((channel, row * record.shape[2] + column))
    return [block(record.source("input"), [range(i, i + 1) for i in origin])] if origin else []
