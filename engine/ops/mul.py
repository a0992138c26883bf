"""Multiplication and division, cell by cell, broadcast: y = a * b; a quotient is a product with the weight 1 / b."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.ops.arithmetic import Arithmetic, Floats, weighted_sum
from engine.ops.operands import Operand, blocks, operand
from engine.record import LayerRecord, without

name = "mul"
parameters = {"input": None, "other": None}

DIVIDES: set[Callable[..., Any]] = {
    torch.div,
    torch.true_divide,
    Tensor.div,
    Tensor.div_,
    Tensor.true_divide,
    Tensor.__truediv__,
    Tensor.__itruediv__,
}


def divides(record: LayerRecord) -> bool:
    return record.function in DIVIDES


def factors(record: LayerRecord) -> tuple[Operand, Operand]:
    """The value and its weight: where only one of a product is a node's, that is the value."""
    first, second = operand(record, record.argument("input")), operand(record, record.argument("other"))
    turned = first.origin is None and second.origin is not None and not divides(record)
    return (second, first) if turned else (first, second)


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {"divides": divides(record)}


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """One term. Of two nodes' product both sources are told; a divisor is shown as the weight 1 / divisor."""
    full, (value, weight) = record.full(index), factors(record)
    place, other = value.place(full), weight.place(full)
    number = weight.value(other)
    return weighted_sum(
        np.array([value.value(place)]),
        np.array([_inverse(number) if divides(record) else number]),
        [value.source(place)],
        readers=[value.origin],
        labels=[value.label],
        weight_readers=[None if divides(record) else weight.origin],
        weight_sources=[weight.source(other)],
        extra={"divisor": number} if divides(record) else {},
    )


def _inverse(number: float) -> float:
    with np.errstate(divide="ignore"):
        return float(np.float64(1.0) / number)


def by_hand(record: LayerRecord) -> Floats:
    value, weight = (each.values.astype(np.float64) for each in factors(record))
    with np.errstate(divide="ignore", invalid="ignore"):
        return without(value / weight if divides(record) else value * weight, record.batch_axis)


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    full = record.full(index)
    return blocks([(each, [each.place(full)]) for each in factors(record)])
