"""Addition and subtraction, cell by cell, broadcast: y = a + alpha * b; a difference is a sum with alpha = -1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.ops.arithmetic import Arithmetic, Floats, weighted_sum
from engine.ops.operands import Operand, blocks, operand
from engine.record import LayerRecord, without

name = "add"
parameters = {"input": None, "other": None, "alpha": 1}

MINUS: set[Callable[..., Any]] = {
    torch.sub,
    torch.subtract,
    Tensor.sub,
    Tensor.sub_,
    Tensor.subtract,
    Tensor.__sub__,
    Tensor.__isub__,
}
REVERSED: set[Callable[..., Any]] = {Tensor.__rsub__, torch.rsub}
"""Differences with the tensor behind the minus: other - alpha * input."""


def summands(record: LayerRecord) -> list[tuple[Operand, float]]:
    """Both operands, each with the factor before it."""
    first, second = operand(record, record.argument("input")), operand(record, record.argument("other"))
    alpha = float(record.argument("alpha"))
    if record.function in REVERSED:
        return [(second, 1.0), (first, -alpha)]
    return [(first, 1.0), (second, -alpha if record.function in MINUS else alpha)]


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {"alpha": summands(record)[1][1]}


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """Two terms; their weights are 1 and alpha."""
    full, pairs = record.full(index), summands(record)
    return weighted_sum(
        np.array([each.value(each.place(full)) for each, _ in pairs]),
        np.array([factor for _, factor in pairs]),
        [each.source(each.place(full)) for each, _ in pairs],
        readers=[each.origin for each, _ in pairs],
        labels=[each.label for each, _ in pairs],
    )


def by_hand(record: LayerRecord) -> Floats:
    (a, one), (b, other) = summands(record)
    return without(one * a.values.astype(np.float64) + other * b.values.astype(np.float64), record.batch_axis)


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    full = record.full(index)
    return blocks([(each, [each.place(full)]) for each, _ in summands(record)])
