"""Losses: how far a prediction is from its target, element by element, then summed or averaged.

A `Loss` offers what a module of this package offers. Formulas: torch.nn's documentation; huber and smooth L1 after Huber,
"Robust Estimation of a Location Parameter" (1964) and Girshick, "Fast R-CNN" (2015).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch.nn.functional as F
from torch import Tensor

from engine.ops.arithmetic import Arithmetic, Floats
from engine.ops.windows import block
from engine.record import LayerRecord, without

LOWEST = -100.0  # torch's binary cross-entropy lets no logarithm fall below
Parts = Callable[[LayerRecord, Floats, Floats], Floats]


def array(record: LayerRecord, name: str) -> Floats:
    """An argument as torch has it, the batch included, in double precision."""
    tensor: Tensor = record.argument(name)
    return tensor.detach().numpy().astype(np.float64)


def log_softmax(logits: Floats, axis: int) -> Floats:
    shifted = logits - logits.max(axis=axis, keepdims=True)
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    return result


def class_axis(logits: Floats) -> int:
    """Where the classes are: second, or first where there is no batch."""
    return 1 if logits.ndim > 1 else 0


def hot(record: LayerRecord, logits: Floats) -> Floats:
    """The target as one weight per class; rows whose class is to be ignored have none."""
    target, axis = record.argument("target").detach().numpy(), class_axis(logits)
    if target.dtype.kind == "f":
        weights = target.astype(np.float64)
        kept = np.ones(np.delete(weights.shape, axis))
    else:
        classes = np.arange(logits.shape[axis]).reshape([-1 if d == axis else 1 for d in range(logits.ndim)])
        weights = (np.expand_dims(target, axis) == classes).astype(np.float64)
        kept = (target != record.argument("ignore_index")).astype(np.float64)
    smoothing = record.arguments.get("label_smoothing", 0.0)
    return ((1 - smoothing) * weights + smoothing / logits.shape[axis]) * np.expand_dims(kept, axis)


def by_class(logarithm: Callable[[Floats, int], Floats]) -> Parts:
    """-t log p for every class of every row; class weights multiply their terms."""

    def parts(record: LayerRecord, x: Floats, _: Floats) -> Floats:
        axis, weight = class_axis(x), record.argument("weight")
        target = hot(record, x)
        if weight is not None:
            target = target * array(record, "weight").reshape([-1 if d == axis else 1 for d in range(x.ndim)])
        logs = logarithm(x, axis)
        return np.where(target == 0, 0.0, -target * np.where(target == 0, 0.0, logs))

    return parts


def rows_counted(record: LayerRecord, x: Floats) -> float:
    """What a mean over rows divides by: the rows that are not ignored, each as heavy as its class."""
    target = record.argument("target").detach().numpy()
    if target.dtype.kind == "f":
        return float(target.size / x.shape[class_axis(x)])
    kept = target[target != record.argument("ignore_index")]
    weight = record.argument("weight")
    return float(kept.size if weight is None else array(record, "weight")[kept].sum())


def squared(record: LayerRecord, x: Floats, target: Floats) -> Floats:
    return np.square(x - target)


def absolute(record: LayerRecord, x: Floats, target: Floats) -> Floats:
    return np.abs(x - target)


def smooth(record: LayerRecord, x: Floats, target: Floats) -> Floats:
    beta, distance = record.argument("beta"), np.abs(x - target)
    return distance if beta == 0 else np.where(distance < beta, 0.5 * distance**2 / beta, distance - 0.5 * beta)


def huber(record: LayerRecord, x: Floats, target: Floats) -> Floats:
    delta, distance = record.argument("delta"), np.abs(x - target)
    return np.where(distance <= delta, 0.5 * distance**2, delta * (distance - 0.5 * delta))


def binary(record: LayerRecord, x: Floats, target: Floats) -> Floats:
    weight = 1.0 if record.argument("weight") is None else array(record, "weight")
    parts: Floats = -weight * (target * np.maximum(np.log(x), LOWEST) + (1 - target) * np.maximum(np.log(1 - x), LOWEST))
    return parts


def binary_of_logits(record: LayerRecord, x: Floats, target: Floats) -> Floats:
    """(1 - t) z + (1 + (w - 1) t) log(1 + exp(-z)), the logarithm in its stable form."""
    weight = 1.0 if record.argument("weight") is None else array(record, "weight")
    positive = 1.0 if record.argument("pos_weight") is None else array(record, "pos_weight")
    softplus = np.log1p(np.exp(-np.abs(x))) + np.maximum(-x, 0)
    parts: Floats = weight * ((1 - target) * x + (1 + (positive - 1) * target) * softplus)
    return parts


@dataclass(frozen=True)
class Loss:
    """name, parameters: as in a module of this package. parts: the summands before any reduction, in the input's shape.
    rows: whether the summands of one row of classes make one loss."""

    name: str
    parameters: dict[str, Any]
    parts: Parts
    rows: bool = False

    def hyperparameters(self, record: LayerRecord) -> dict[str, Any]:
        kept = {key: record.argument(key) for key in self.parameters if key not in ("size_average", "reduce")}
        return {key: value for key, value in kept.items() if isinstance(value, (int, float, str))}

    def summands(self, record: LayerRecord) -> Floats:
        """Every part, divided already where the reduction is the mean."""
        x, target = array(record, "input"), np.zeros(0) if self.rows else array(record, "target")
        with np.errstate(all="ignore"):
            parts = self.parts(record, x, target)
            if record.argument("reduction") == "mean":
                parts = parts / (rows_counted(record, x) if self.rows else parts.size)
        return parts

    def looked_at(self, record: LayerRecord, index: Sequence[int]) -> tuple[Any, ...]:
        """Which of the summands make this number: all, or without reduction those of its place."""
        if record.argument("reduction") != "none":
            return (...,)
        full = record.full(index)
        axis = class_axis(array(record, "input"))
        return (*full[:axis], slice(None), *full[axis:]) if self.rows else tuple(full)

    def explain(self, record: LayerRecord, index: Sequence[int]) -> Arithmetic:
        """One term per summand: value the prediction, product its part of the loss. Classes without a part are left out."""
        summands, chosen = self.summands(record), np.zeros(array(record, "input").shape, bool)
        chosen[self.looked_at(record, index)] = True
        if self.rows:
            chosen &= hot(record, array(record, "input")) != 0
        values, parts = array(record, "input")[chosen], np.broadcast_to(summands, chosen.shape)[chosen]
        origin = record.origin(record.argument("input"))
        found = [tuple(map(int, place)) for place in np.argwhere(chosen)]
        sources = [origin.strip(place) for place in found] if origin and len(record.argument("input")) == 1 else found
        return Arithmetic(values, parts, float(parts.sum()), sources, scale=float(np.abs(values).max(initial=1.0)))

    def by_hand(self, record: LayerRecord) -> Floats:
        parts = self.summands(record)
        if record.argument("reduction") != "none":
            return np.asarray(parts.sum())
        losses = parts.sum(axis=class_axis(parts)) if self.rows else parts
        return np.asarray(without(losses, record.batch_axis))

    def window(self, record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
        """All that was predicted, or the place that a loss without reduction is about."""
        shape = array(record, "input").shape
        full = np.zeros(shape, bool)
        full[self.looked_at(record, index)] = True
        places = np.argwhere(full)
        axes = [range(int(low), int(high) + 1) for low, high in zip(places.min(0), places.max(0), strict=True)]
        return [block(record.source("input"), axes[1:] if shape[:1] == (1,) else axes)]


OLD: dict[str, Any] = {"size_average": None, "reduce": None, "reduction": "mean"}
BOTH: dict[str, Any] = {"input": None, "target": None}
WEIGHED = {**BOTH, "weight": None, "size_average": None}
CLASSES = {**WEIGHED, "ignore_index": -100, "reduce": None, "reduction": "mean"}

LOSSES = {
    each.name: each
    for each in (
        Loss("cross_entropy", {**CLASSES, "label_smoothing": 0.0}, by_class(log_softmax), rows=True),
        Loss("nll_loss", CLASSES, by_class(lambda x, axis: x), rows=True),
        Loss("binary_cross_entropy", {**WEIGHED, "reduce": None, "reduction": "mean"}, binary),
        Loss(
            "binary_cross_entropy_with_logits",
            {**WEIGHED, "reduce": None, "reduction": "mean", "pos_weight": None},
            binary_of_logits,
        ),
        Loss("mse_loss", {**BOTH, **OLD}, squared),
        Loss("l1_loss", {**BOTH, **OLD}, absolute),
        Loss("smooth_l1_loss", {**BOTH, **OLD, "beta": 1.0}, smooth),
        Loss("huber_loss", {**BOTH, "reduction": "mean", "delta": 1.0}, huber),
    )
}

FUNCTIONS: dict[Callable[..., Any], Loss] = {getattr(F, name): loss for name, loss in LOSSES.items()}
