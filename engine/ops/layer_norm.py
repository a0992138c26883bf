"""Layer normalisation: y = gamma (x - mean) / sqrt(variance + eps) + beta over the last axes (Ba, Kiros & Hinton 2016).

Shown as one multiplication and one addition: weight = gamma / sqrt(variance + eps), bias = beta - mean * weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, single
from engine.ops.windows import block
from engine.record import LayerRecord

name = "layer_norm"
parameters = {"input": None, "normalized_shape": None, "weight": None, "bias": None, "eps": 1e-5}


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {
        "normalized_shape": list(record.argument("normalized_shape")),
        "eps": record.argument("eps"),
        "elementwise_affine": record.argument("weight") is not None,
    }


def axes(record: LayerRecord) -> tuple[int, ...]:
    """The normalised axes, counted from the end."""
    return tuple(range(-len(record.argument("normalized_shape")), 0))


def affine(record: LayerRecord) -> dict[str, Floats]:
    """Everything in the output's shape: mean, variance, gamma, beta and the slope and intercept that they make."""
    values = record.float64("input")
    mean = values.mean(axis=axes(record), keepdims=True)
    variance = values.var(axis=axes(record), keepdims=True)
    gamma = np.ones(1) if record.argument("weight") is None else record.float64("weight")
    beta = np.zeros(1) if record.argument("bias") is None else record.float64("bias")
    slope = gamma / np.sqrt(variance + record.argument("eps"))
    parts = {"mean": mean, "variance": variance, "gamma": gamma, "beta": beta, "slope": slope, "intercept": beta - mean * slope}
    return {key: np.broadcast_to(part, values.shape) for key, part in parts.items()}


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    cell = {key: float(values[tuple(index)]) for key, values in affine(record).items()}
    value = float(record.array("input")[tuple(index)])
    slope, intercept = cell.pop("slope"), cell.pop("intercept")
    return single(value, slope, index, bias=intercept, eps=record.argument("eps"), **cell)


def by_hand(record: LayerRecord) -> Floats:
    parts = affine(record)
    return record.float64("input") * parts["slope"] + parts["intercept"]


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    """All cells that the mean is taken over."""
    normalised = len(axes(record))
    kept = [range(i, i + 1) for i in index[: len(index) - normalised]]
    return [block(record.source("input"), [*kept, *map(range, record.shape[len(record.shape) - normalised :])])]
