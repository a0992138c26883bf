"""Local response normalisation: y = x / (k + alpha / size * sum of squares of the neighbouring channels) ^ beta.

Krizhevsky, Sutskever & Hinton (2012), section 3.3; torch divides alpha by size, which the paper does not. The
neighbours of channel c are c - size // 2 up to c + (size - 1) // 2 at the same place, as far as they exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, single
from engine.ops.windows import block
from engine.record import LayerRecord

name = "local_response_norm"
parameters = {"input": None, "size": None, "alpha": 1e-4, "beta": 0.75, "k": 1.0}
SETTINGS = ("size", "alpha", "beta", "k")


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {key: record.argument(key) for key in SETTINGS}


def channel_axis(record: LayerRecord) -> int:
    """Where the channels are in the record's shape."""
    return 0 if record.batch_axis == 0 else 1


def neighbours(record: LayerRecord, channel: int) -> range:
    """The channels whose squares are added."""
    size, channels = record.argument("size"), record.argument("input").shape[1]
    return range(max(0, channel - size // 2), min(channels, channel + (size - 1) // 2 + 1))


def axes(record: LayerRecord, index: Sequence[int]) -> list[range]:
    """The neighbours' cells as a block of the record's shape."""
    at = channel_axis(record)
    return [neighbours(record, i) if axis == at else range(i, i + 1) for axis, i in enumerate(index)]


def denominator(record: LayerRecord, squares: Floats) -> Floats:
    """(k + alpha / size * squares) ^ beta."""
    size, alpha, beta, k = (record.argument(key) for key in SETTINGS)
    powers: Floats = (k + alpha / size * squares) ** beta
    return powers


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    values, cells = record.array("input"), np.ix_(*axes(record, index))
    squares = float((values[cells].astype(np.float64) ** 2).sum())
    divisor = float(denominator(record, np.array(squares)))
    slope = 1.0 / divisor if divisor else np.inf  # k = 0 and nothing but zeros around
    return single(float(values[tuple(index)]), slope, index, squares=squares, divisor=divisor, **hyperparameters(record))


def by_hand(record: LayerRecord) -> Floats:
    values, at = record.float64("input"), channel_axis(record)
    squares = np.stack(
        [(values.take(neighbours(record, channel), axis=at) ** 2).sum(axis=at) for channel in range(values.shape[at])],
        axis=at,
    )
    return values / denominator(record, squares)


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    """The neighbours at the same place."""
    return [block(record.source("input"), axes(record, index))]
