"""Batch normalisation: y = gamma (x - mean) / sqrt(variance + eps) + beta, per channel.

Ioffe & Szegedy (2015). At inference mean and variance are the running ones; in training those of the batch.
Shown as one multiplication and one addition: weight = gamma / sqrt(variance + eps), bias = beta - mean * weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, single
from engine.ops.windows import block, same_cell
from engine.record import LayerRecord

name = "batch_norm"
parameters = {
    "input": None,
    "running_mean": None,
    "running_var": None,
    "weight": None,
    "bias": None,
    "training": False,
    "momentum": 0.1,
    "eps": 1e-5,
}


def channel_axis(record: LayerRecord) -> int:
    """Where the channels are in the record's shape: a batch of one is left out, a real batch is not."""
    return 0 if record.batch_axis == 0 else 1


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {
        "num_features": record.shape[channel_axis(record)],
        "eps": record.argument("eps"),
        "momentum": record.argument("momentum"),
        "affine": record.argument("weight") is not None,
        "training": bool(record.argument("training")),
    }


def of_batch(record: LayerRecord) -> bool:
    """Whether mean and variance are those of the batch itself."""
    return bool(record.argument("training")) or record.argument("running_mean") is None


def statistics(record: LayerRecord) -> tuple[Floats, Floats]:
    """Mean and (biased) variance per channel that torch normalised with."""
    if of_batch(record):
        values, channel = record.float64("input"), channel_axis(record)
        others = tuple(axis for axis in range(values.ndim) if axis != channel)
        return values.mean(axis=others), values.var(axis=others)
    return record.float64("running_mean"), record.float64("running_var")


def affine(record: LayerRecord) -> dict[str, Floats]:
    """Everything per channel, (C,): mean, variance, gamma, beta and the slope and intercept that they make."""
    mean, variance = statistics(record)
    gamma = np.ones_like(mean) if record.argument("weight") is None else record.float64("weight")
    beta = np.zeros_like(mean) if record.argument("bias") is None else record.float64("bias")
    slope = gamma / np.sqrt(variance + record.argument("eps"))
    return {"mean": mean, "variance": variance, "gamma": gamma, "beta": beta, "slope": slope, "intercept": beta - mean * slope}


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    place = index[channel_axis(record)]
    channel = {key: float(values[place]) for key, values in affine(record).items()}
    value = float(record.array("input")[tuple(index)])
    slope, intercept = channel.pop("slope"), channel.pop("intercept")
    return single(value, slope, index, bias=intercept, eps=record.argument("eps"), **channel)


def by_hand(record: LayerRecord) -> Floats:
    channels = affine(record)
    spread = [-1 if axis == channel_axis(record) else 1 for axis in range(len(record.shape))]
    return record.float64("input") * channels["slope"].reshape(spread) + channels["intercept"].reshape(spread)


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    """The cell itself, and in training every cell of its channel in the batch: all that the mean is taken over."""
    if not of_batch(record):
        return same_cell(record, index)
    channel = channel_axis(record)
    axes = [range(index[axis], index[axis] + 1) if axis == channel else range(n) for axis, n in enumerate(record.shape)]
    return [block(record.source("input"), axes)]
