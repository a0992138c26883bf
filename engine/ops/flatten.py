"""Flatten (also view, reshape, squeeze, unsqueeze): the same numbers in the same reading order under new indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.ops.arithmetic import Arithmetic, Floats, single
from engine.ops.operands import Place, operand
from engine.ops.windows import block
from engine.record import LayerRecord

name = "flatten"
parameters = {"input": None}


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {}


def batch_axis(record: LayerRecord) -> int | None:
    """The likely one, but for unsqueeze of a tensor without a batch: then it is the new axis."""
    origin = record.origin(record.argument("input"))
    if record.function in (Tensor.unsqueeze, torch.unsqueeze) and origin and origin.batch_axis is None:
        dim: int = record.args[1] if len(record.args) > 1 else record.kwargs["dim"]
        return dim % record.output.dim()
    return record.likely_batch_axis(record.output)


def origin(record: LayerRecord, index: Sequence[int]) -> Place:
    """Where an element stood before: row-major order is kept, so its running number is the same."""
    place = np.ravel_multi_index(record.full(index), record.output.shape)
    before = np.unravel_index(place, record.argument("input").shape)
    return operand(record, record.argument("input")).source(tuple(int(i) for i in before))


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    value = record.argument("input").reshape(-1)[np.ravel_multi_index(record.full(index), record.output.shape)]
    return single(float(value.detach()), 1.0, origin(record, index))


def by_hand(record: LayerRecord) -> Floats:
    return record.float64("input").reshape(record.shape)


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return [block(record.source("input"), [range(i, i + 1) for i in origin(record, index)])]
