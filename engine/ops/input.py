"""The input of the network: a node like any other, whose numbers were given and not computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats
from engine.record import LayerRecord

name = "input"
parameters: dict[str, Any] = {}


def given() -> None:
    """Stands in a recorder's list of calls for the tensors that the model was called with."""


def batch_axis(record: LayerRecord) -> int | None:
    """Where the caller put the batch of one: first, or second where a model takes time first."""
    axis: int = record.args[0]
    return axis


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {}


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """No terms: nothing was computed."""
    nothing = np.zeros(0)
    return Arithmetic(nothing, nothing, float(record.result[tuple(index)]), None)


def by_hand(record: LayerRecord) -> Floats:
    return record.result.astype(np.float64)


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return []
