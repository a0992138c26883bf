"""Gated linear unit: the input's first half along an axis, each number times the sigmoid of its partner in the second half.

y = a * sigmoid(b); Dauphin et al., "Language Modeling with Gated Convolutional Networks" (2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, weighted_sum
from engine.ops.curves import sigmoid
from engine.ops.windows import block
from engine.record import LayerRecord

name = "glu"
parameters = {"input": None, "dim": -1}


def batch_axis(record: LayerRecord) -> int | None:
    """The input's: an axis of one in the output may as well be a half of two."""
    given = record.arguments["input"]
    origin = record.origin(given)
    return origin.batch_axis if origin else 0 if given.shape[:1] == (1,) else None


def axis(record: LayerRecord) -> int:
    """The axis that is halved, counted from the end so that it holds without the batch."""
    dimensions, batch = record.output.dim(), batch_axis(record)
    full = record.argument("dim") % dimensions
    return full - dimensions + (1 if batch is not None and full < batch else 0)


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {"dim": axis(record)}


def partner(record: LayerRecord, index: Sequence[int]) -> tuple[int, ...]:
    """Where the gate's input stands: as far into the second half as the value into the first."""
    place = list(index)
    place[axis(record)] += record.shape[axis(record)]
    return tuple(place)


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """One term: the value a, weighted by sigmoid(b), which is no node's number; `extra` says where b stands."""
    values, at, gate = record.array("input"), tuple(index), partner(record, index)
    opened = sigmoid(np.array([float(values[gate])]))
    return weighted_sum(
        np.array([float(values[at])]),
        opened,
        [at],
        extra={"gate": float(values[gate]), "gate_index": list(gate), "open": float(opened[0])},
    )


def by_hand(record: LayerRecord) -> Floats:
    first, second = np.split(record.float64("input"), 2, axis=axis(record))
    return first * sigmoid(second)


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    """The value and its gate."""
    pair = [tuple(index), partner(record, index)]
    return [block(record.source("input"), [range(i, i + 1) for i in place]) for place in pair]
