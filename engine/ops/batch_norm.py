"""Batch normalisation: y = gamma (x - mean) / sqrt(variance + eps) + beta, per channel.

Ioffe & Szegedy (2015). At inference mean and variance are the running ones; in training those of the batch.
Shown as one multiplication and one addition: weight = gamma / sqrt(variance + eps), bias = beta - mean * weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, single
from engine.ops.windows import same_cell
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
window = same_cell


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {
        "num_features": record.shape[0],
        "eps": record.argument("eps"),
        "momentum": record.argument("momentum"),
        "affine": record.argument("weight") is not None,
        "training": bool(record.argument("training")),
    }


def statistics(record: LayerRecord) -> tuple[Floats, Floats]:
    """Mean and (biased) variance per channel that torch normalised with."""
    if record.argument("training") or record.argument("running_mean") is None:
        values = record.float64("input").reshape(record.shape[0], -1)
        return values.mean(axis=1), values.var(axis=1)
    return record.float64("running_mean"), record.float64("running_var")


def affine(record: LayerRecord) -> dict[str, Floats]:
    """Everything per channel, (C,): mean, variance, gamma, beta and the slope and intercept that they make."""
    mean, variance = statistics(record)
    gamma = np.ones_like(mean) if record.argument("weight") is None else record.float64("weight")
    beta = np.zeros_like(mean) if record.argument("bias") is None else record.float64("bias")
    slope = gamma / np.sqrt(variance + record.argument("eps"))
    return {"mean": mean, "variance": variance, "gamma": gamma, "beta": beta, "slope": slope, "intercept": beta - mean * slope}


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    channel = {key: float(values[index[0]]) for key, values in affine(record).items()}
    value = float(record.array("input")[tuple(index)])
    slope, intercept = channel.pop("slope"), channel.pop("intercept")
    return single(value, slope, index, bias=intercept, eps=record.argument("eps"), **channel)


def by_hand(record: LayerRecord) -> Floats:
    channels = affine(record)
    spread = (-1, *[1] * (len(record.shape) - 1))
    return record.float64("input") * channels["slope"].reshape(spread) + channels["intercept"].reshape(spread)
