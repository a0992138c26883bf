"""Exchanging axes: transpose, permute, T. The same numbers under new indices, in another reading order."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from engine.ops import moving
from engine.record import LayerRecord

name = "transpose"
parameters = {"input": None}
explain = moving.explain
by_hand = moving.by_hand
window = moving.window


def order(record: LayerRecord) -> tuple[int, ...]:
    """For each axis of the output, the batch included, the axis of the input that it was."""
    values: Tensor = record.args[0]
    marked = torch.empty_strided(tuple(values.shape), tuple(range(1, values.dim() + 1)), device="meta")
    moved: Tensor = record.function(marked, *record.args[1:], **record.kwargs)
    return tuple(stride - 1 for stride in moved.stride())


def batch_axis(record: LayerRecord) -> int | None:
    """Where the input's batch of one has gone."""
    origin = record.origin(record.args[0])
    before = origin.batch_axis if origin else None
    return None if before is None else order(record).index(before)


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {"order": list(order(record))}
