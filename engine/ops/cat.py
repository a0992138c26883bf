"""Concatenation along an axis (also stack, which makes the axis first): every number is one of an operand, unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from engine.ops.arithmetic import Arithmetic, Floats, weighted_sum
from engine.ops.operands import Operand, Place, blocks, operand
from engine.record import LayerRecord, without

name = "cat"
parameters = {"tensors": None, "dim": 0}


def operands(record: LayerRecord) -> list[Operand]:
    return [operand(record, tensor) for tensor in record.argument("tensors")]


def axis(record: LayerRecord) -> int:
    """The joined axis of the output, counted as torch does, with the batch."""
    return int(record.argument("dim")) % record.output.dim()


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {"dim": axis(record) - record.output.dim(), "sizes": sizes(record)}


def sizes(record: LayerRecord) -> list[int]:
    """How many places along the axis each operand fills."""
    if record.function is torch.stack:
        return [1 for _ in operands(record)]
    return [each.values.shape[axis(record)] for each in operands(record)]


def origin(record: LayerRecord, index: Sequence[int]) -> tuple[Operand, Place]:
    """The operand that an element comes from, and where it stands there."""
    full, along = list(record.full(index)), axis(record)
    place = full.pop(along)
    for each, size in zip(operands(record), sizes(record), strict=True):
        if place < size:
            inner = [] if record.function is torch.stack else [place]
            return each, (*full[:along], *inner, *full[along:])
        place -= size
    raise AssertionError("the index was checked")


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    each, place = origin(record, index)
    return weighted_sum(
        np.array([each.value(place)]),
        np.ones(1),
        [each.source(place)],
        readers=[each.origin],
        labels=[each.label],
    )


def by_hand(record: LayerRecord) -> Floats:
    arrays = [each.values.astype(np.float64) for each in operands(record)]
    join = np.stack if record.function is torch.stack else np.concatenate
    return without(join(arrays, axis=axis(record)), record.batch_axis)


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    each, place = origin(record, index)
    return blocks([(each, [place])])
