"""Softmax in its stable form: p_i = exp(z_i - m) / sum_j exp(z_j - m) with m = max z, so nothing overflows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats
from engine.ops.windows import block, places
from engine.record import LayerRecord

name = "softmax"
parameters = {"input": None, "dim": -1}


def axis(record: LayerRecord) -> int:
    """The axis of the classes, counted from the end so that it holds with and without the batch."""
    dimensions = record.output.dim()
    full, batch = record.argument("dim") % dimensions, record.batch_axis
    behind = full - dimensions
    return behind + 1 if batch is not None and full < batch else behind


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {"dim": axis(record)}


def line(record: LayerRecord, index: Sequence[int]) -> list[range]:
    """The logits that compete: all along the class axis, one cell along the others."""
    shape, classes = record.shape, axis(record) % len(record.shape)
    return [range(size) if d == classes else range(i, i + 1) for d, (i, size) in enumerate(zip(index, shape, strict=True))]


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """One term per logit: value z_j, product exp(z_j - m). The result is the own product over the sum of all."""
    sources = places(line(record, index))
    logits = record.array("input")[tuple(sources.T)].astype(np.float64)
    maximum = float(logits.max())
    exponentials = np.exp(logits - maximum)
    own, total = index[axis(record)], float(exponentials.sum())
    return Arithmetic(
        values=logits,
        products=exponentials,
        result=float(exponentials[own] / total),
        sources=sources,
        extra={"maximum": maximum, "numerator": float(exponentials[own]), "denominator": total, "term": own},
    )


def by_hand(record: LayerRecord) -> Floats:
    logits, classes = record.float64("input"), axis(record)
    exponentials = np.exp(logits - logits.max(axis=classes, keepdims=True))
    return exponentials / exponentials.sum(axis=classes, keepdims=True)


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return [block(record.source("input"), line(record, index))]
