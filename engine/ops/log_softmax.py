"""Logarithm of softmax: log p_k = z_k - (m + log sum_j exp(z_j - m)) with m = max z; no exponential can overflow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, weighted_sum
from engine.ops.softmax import axis, line
from engine.ops.windows import block, places
from engine.record import LayerRecord

name = "log_softmax"
parameters = {"input": None, "dim": -1}


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {"dim": axis(record)}


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """One term, the own logit; the bias takes off the logarithm of the sum of all exponentials."""
    rivals = record.array("input")[tuple(places(line(record, index)).T)].astype(np.float64)
    own, maximum = rivals[index[axis(record)]], float(rivals.max())
    denominator = float(np.exp(rivals - maximum).sum())
    taken = -(maximum + float(np.log(denominator)))
    sources = np.array([index], dtype=np.int64).reshape(1, -1)
    found = {"maximum": maximum, "denominator": denominator}
    return weighted_sum(np.array([own]), np.ones(1), sources, taken, extra=found)


def by_hand(record: LayerRecord) -> Floats:
    logits, classes = record.float64("input"), axis(record)
    shifted = logits - logits.max(axis=classes, keepdims=True)
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=classes, keepdims=True))
    return result


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return [block(record.source("input"), line(record, index))]
