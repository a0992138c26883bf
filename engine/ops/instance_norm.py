"""Instance normalisation: y = gamma (x - mean) / sqrt(variance + eps) + beta, per sample and channel.

Ulyanov, Vedaldi & Lempitsky (2016). Mean and variance are those of one channel of one sample; with use_input_stats
off, the running ones of the channel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.ops.arithmetic import Arithmetic, Floats
from engine.ops.standardise import affine, explained, given, of_sample, per_channel, scaled
from engine.ops.windows import block, same_cell
from engine.record import LayerRecord

name = "instance_norm"
parameters = {
    "input": None,
    "running_mean": None,
    "running_var": None,
    "weight": None,
    "bias": None,
    "use_input_stats": True,
    "momentum": 0.1,
    "eps": 1e-5,
}


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {
        "num_features": record.argument("input").shape[1],
        "eps": record.argument("eps"),
        "momentum": record.argument("momentum"),
        "affine": record.argument("weight") is not None,
        "use_input_stats": bool(record.argument("use_input_stats")),
    }


def parts(record: LayerRecord) -> dict[str, Floats]:
    """Mean, (biased) variance and what they make, in the record's shape."""
    if not record.argument("use_input_stats"):
        return affine(record, per_channel(record, "running_mean", 0.0), per_channel(record, "running_var", 1.0))
    values = given(record)
    axes = tuple(range(2, values.ndim))
    return affine(record, values.mean(axis=axes, keepdims=True), values.var(axis=axes, keepdims=True))


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    return explained(record, parts(record), index)


def by_hand(record: LayerRecord) -> Floats:
    return scaled(record, parts(record))


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    """All cells that the mean is taken over."""
    if not record.argument("use_input_stats"):
        return same_cell(record, index)
    channel = record.full(index)[1]
    return [block(record.source("input"), of_sample(record, index, range(channel, channel + 1)))]
