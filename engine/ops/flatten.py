"""Flatten (also view and reshape): the same numbers in the same reading order under new indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, single
from engine.ops.windows import block
from engine.record import LayerRecord

name = "flatten"
parameters = {"input": None}


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {}


def origin(record: LayerRecord, index: Sequence[int]) -> tuple[int, ...]:
    """Where an element stood before: row-major order is kept, so its running number is the same."""
    place = np.ravel_multi_index(tuple(index), record.shape)
    return tuple(int(i) for i in np.unravel_index(place, record.array("input").shape))


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    source = origin(record, index)
    return single(float(record.array("input")[source]), 1.0, source)


def by_hand(record: LayerRecord) -> Floats:
    return record.float64("input").reshape(record.shape)


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return [block(record.source("input"), [range(i, i + 1) for i in origin(record, index)])]
