"""Subtract a mean, divide by a deviation, scale and shift: what the normalisations share.

Arrays here keep torch's axes, (N, C, ...); what leaves is in the record's shape, without the batch of one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, single
from engine.record import LayerRecord, without


def given(record: LayerRecord) -> Floats:
    """The input in double precision, (N, C, ...)."""
    values: Floats = record.argument("input").detach().numpy().astype(np.float64)
    return values


def per_channel(record: LayerRecord, name: str, neutral: float) -> Floats:
    """A tensor of one number per channel, (1, C, 1, ...); `neutral` where the call had none."""
    spread = (1, -1, *[1] * (record.argument("input").dim() - 2))
    return np.full(1, neutral) if record.argument(name) is None else record.float64(name).reshape(spread)


def affine(record: LayerRecord, mean: Floats, variance: Floats) -> dict[str, Floats]:
    """Everything in the record's shape: mean, variance, gamma, beta and the slope and intercept that they make.

    mean, variance: broadcastable to (N, C, ...). gamma and beta are one number per channel.
    """
    gamma, beta = per_channel(record, "weight", 1.0), per_channel(record, "bias", 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):  # eps = 0 and a constant input: torch has infinities too
        slope = gamma / np.sqrt(variance + record.argument("eps"))
    parts = {"mean": mean, "variance": variance, "gamma": gamma, "beta": beta, "slope": slope, "intercept": beta - mean * slope}
    shape = tuple(record.argument("input").shape)
    return {key: without(np.broadcast_to(part, shape), record.batch_axis) for key, part in parts.items()}


def explained(record: LayerRecord, parts: dict[str, Floats], index: Sequence[int]) -> Arithmetic:
    """One element as slope x value + intercept, with the statistics behind both."""
    cell = {key: float(values[tuple(index)]) for key, values in parts.items()}
    slope, intercept = cell.pop("slope"), cell.pop("intercept")
    value = float(record.array("input")[tuple(index)])
    return single(value, slope, index, bias=intercept, eps=record.argument("eps"), **cell)


def scaled(record: LayerRecord, parts: dict[str, Floats]) -> Floats:
    """Every element by hand."""
    return record.float64("input") * parts["slope"] + parts["intercept"]


def of_sample(record: LayerRecord, index: Sequence[int], channels: range) -> list[range]:
    """The axes of a block: one sample, these channels, every place in them."""
    full = record.full(index)
    axes = [range(full[0], full[0] + 1), channels, *map(range, record.argument("input").shape[2:])]
    axis = record.batch_axis
    return axes if axis is None else axes[:axis] + axes[axis + 1 :]
