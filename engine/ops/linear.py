"""Fully connected layer: every output unit is a weighted sum of all inputs plus its bias, y = x W^T + b."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, Group, groups_of, weighted_sum
from engine.ops.windows import block, places
from engine.record import LayerRecord

name = "linear"
parameters = {"input": None, "weight": None, "bias": None}


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    out_features, in_features = record.argument("weight").shape
    has_bias = record.argument("bias") is not None
    return {"in_features": in_features, "out_features": out_features, "bias": has_bias}


def channel_groups(record: LayerRecord, products: Floats) -> tuple[Group, ...]:
    """When the input was flattened from feature maps, the terms of each map belong together."""
    producer = record.producer("input")
    if producer is None or producer.op != "flatten" or products.ndim != 1:
        return groups_of(products, len(products), ["input"])
    channels = producer.array("input").shape[0]
    if len(products) % channels:
        return groups_of(products, len(products), ["input"])
    return groups_of(products, len(products) // channels, [f"channel {c}" for c in range(channels)])


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    *rows, unit = index
    values = record.array("input")[tuple(rows)].astype(np.float64)
    weights = record.array("weight")[unit].astype(np.float64)
    sources = places([*(range(r, r + 1) for r in rows), range(len(values))])
    bias = record.argument("bias")
    return weighted_sum(
        values,
        weights,
        sources,
        bias=None if bias is None else float(record.array("bias")[unit]),
        grouped=partial(channel_groups, record),
    )


def by_hand(record: LayerRecord) -> Floats:
    output = record.float64("input") @ record.float64("weight").T
    return output if record.argument("bias") is None else output + record.float64("bias")


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    *rows, _ = index
    features = range(record.array("input").shape[-1])
    return [block(record.source("input"), [*(range(r, r + 1) for r in rows), features])]
