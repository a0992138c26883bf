"""Activation functions: every one that is no module of its own, as a curve y = f(x) through which each cell goes.

An `Activation` offers what a module of this package offers. Formulas: torch.nn's documentation; selu's constants are those
of Klambauer et al., "Self-Normalizing Neural Networks" (2017).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.ops.arithmetic import Arithmetic, Floats
from engine.ops.curves import sigmoid
from engine.ops.windows import same_cell
from engine.record import LayerRecord

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


@dataclass(frozen=True)
class Activation:
    """name, parameters: as in a module of this package; curve: (x, **settings) -> y, element by element, in float64."""

    name: str
    parameters: dict[str, Any]
    curve: Callable[..., Floats]

    def hyperparameters(self, record: LayerRecord) -> dict[str, Any]:
        """What was set by a plain number or word."""
        arguments = {key: record.argument(key) for key in self.parameters if key not in ("input", "inplace")}
        return {key: value for key, value in arguments.items() if not isinstance(value, Tensor)}

    def settings(self, record: LayerRecord, shape: tuple[int, ...]) -> dict[str, Any]:
        """The curve's arguments; those that are tensors in the input's shape, one number per channel or one for all."""
        found = {}
        for key in self.parameters:
            value = record.argument(key)
            if isinstance(value, Tensor) and key not in ("input", "inplace"):
                numbers = value.detach().numpy().astype(np.float64)
                per_channel = numbers.reshape(-1, *[1] * (len(shape) - 1)) if numbers.size > 1 else numbers.reshape(())
                value = np.broadcast_to(per_channel, shape)
            found[key] = value
        return {key: value for key, value in found.items() if key not in ("input", "inplace")}

    def explain(self, record: LayerRecord, index: Sequence[int]) -> Arithmetic:
        """One term: value x, product y = curve(x); nothing else is added."""
        values = record.array("input")
        settings = {
            key: value[tuple(index)] if isinstance(value, np.ndarray) else value
            for key, value in self.settings(record, values.shape).items()
        }
        value = values[tuple(index)].astype(np.float64).reshape(1)
        with np.errstate(all="ignore"):
            result = np.asarray(self.curve(value, **settings), dtype=np.float64)
        return Arithmetic(value, result, float(result[0]), np.array([index], dtype=np.int64).reshape(1, -1), scale=1.0)

    def by_hand(self, record: LayerRecord) -> Floats:
        values = record.float64("input")
        with np.errstate(all="ignore"):
            return np.asarray(self.curve(values, **self.settings(record, values.shape)), dtype=np.float64)

    def window(self, record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
        return same_cell(record, index)


def softplus(x: Floats, beta: float = 1.0, threshold: float = 20.0) -> Floats:
    """log(1 + exp(beta x)) / beta, and x itself where beta x is above the threshold."""
    return np.where(beta * x > threshold, x, np.logaddexp(0.0, beta * x) / beta)


def gelu(x: Floats, approximate: str = "none") -> Floats:
    """x times the standard normal distribution's share below x, or its approximation by tanh (Hendrycks & Gimpel 2016)."""
    if approximate == "tanh":
        return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    erf = np.vectorize(math.erf, otypes=[np.float64])
    return 0.5 * x * (1 + erf(x / math.sqrt(2)))


def exponential(x: Floats, alpha: float, scale: float = 1.0, steepness: float = 1.0) -> Floats:
    """Above zero the line scale x, below alpha (exp(steepness x) - 1), also times scale."""
    return scale * np.where(x > 0, x, alpha * np.expm1(np.where(x > 0, 0.0, x * steepness)))


def heaviside(x: Floats, values: Any) -> Floats:
    """0 below zero, 1 above, `values` at zero; of what is no number torch makes 0."""
    return np.where(x == 0, values, (x > 0).astype(np.float64))


def softshrink(x: Floats, lambd: float) -> Floats:
    """Nearer to zero by lambda; 0 where that would go past it; what is no number stays so."""
    return np.sign(x) * np.maximum(np.abs(x) - lambd, 0.0)


def kept_above(x: Floats, threshold: float, value: float) -> Floats:
    """x above the threshold, else the value."""
    return np.where(x <= threshold, value, x)


def clipped(x: Floats, min_val: float, max_val: float) -> Floats:
    """No smaller than the one and no larger than the other."""
    return np.minimum(np.maximum(x, min_val), max_val)


def hardshrink(x: Floats, lambd: float) -> Floats:
    """0 from -lambda to lambda, else x; what is no number stays so."""
    return np.where(np.abs(x) <= lambd, 0.0, x)


INPUT: dict[str, Any] = {"input": None}
PLAIN = {**INPUT, "inplace": False}

ACTIVATIONS = {
    each.name: each
    for each in (
        Activation(
            "leaky_relu",
            {**INPUT, "negative_slope": 0.01, "inplace": False},
            lambda x, negative_slope: np.where(x > 0, x, negative_slope * x),
        ),
        Activation("prelu", {**INPUT, "weight": None}, lambda x, weight: np.where(x > 0, x, weight * x)),
        Activation("elu", {**INPUT, "alpha": 1.0, "inplace": False}, exponential),
        Activation("selu", PLAIN, lambda x: exponential(x, SELU_ALPHA, SELU_SCALE)),
        Activation(
            "celu", {**INPUT, "alpha": 1.0, "inplace": False}, lambda x, alpha: exponential(x, alpha, steepness=1 / alpha)
        ),
        Activation("gelu", {**INPUT, "approximate": "none"}, gelu),
        Activation("silu", PLAIN, lambda x: x * sigmoid(x)),
        Activation("mish", PLAIN, lambda x: x * np.tanh(np.logaddexp(0.0, x))),
        Activation("softplus", {**INPUT, "beta": 1.0, "threshold": 20.0}, softplus),
        Activation("softsign", INPUT, lambda x: x / (1 + np.abs(x))),
        Activation(
            "hardtanh",
            {**INPUT, "min_val": -1.0, "max_val": 1.0, "inplace": False},
            clipped,
        ),
        Activation("relu6", PLAIN, lambda x: np.clip(x, 0, 6)),
        Activation("hardsigmoid", PLAIN, lambda x: np.clip(x + 3, 0, 6) / 6),
        Activation("hardswish", PLAIN, lambda x: x * np.clip(x + 3, 0, 6) / 6),
        Activation("logsigmoid", INPUT, lambda x: np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))),
        Activation("tanhshrink", INPUT, lambda x: x - np.tanh(x)),
        Activation("softshrink", {**INPUT, "lambd": 0.5}, softshrink),
        Activation("hardshrink", {**INPUT, "lambd": 0.5}, hardshrink),
        Activation(
            "threshold",
            {**INPUT, "threshold": None, "value": None, "inplace": False},
            kept_above,
        ),
        Activation("heaviside", {**INPUT, "values": None}, heaviside),
        Activation("sinc", INPUT, np.sinc),
    )
}

NAMED: dict[str, tuple[Any, ...]] = {
    "leaky_relu": (F.leaky_relu, F.leaky_relu_),
    "prelu": (torch.prelu, Tensor.prelu),
    "elu": (F.elu, F.elu_),
    "selu": (F.selu, F.selu_, torch.selu),
    "celu": (F.celu, F.celu_, torch.celu),
    "gelu": (F.gelu,),
    "silu": (F.silu,),
    "mish": (F.mish,),
    "softplus": (F.softplus,),
    "softsign": (F.softsign,),
    "hardtanh": (F.hardtanh, F.hardtanh_),
    "relu6": (F.relu6,),
    "hardsigmoid": (F.hardsigmoid,),
    "hardswish": (F.hardswish,),
    "logsigmoid": (F.logsigmoid,),
    "tanhshrink": (F.tanhshrink,),
    "softshrink": (F.softshrink,),
    "hardshrink": (torch.hardshrink, Tensor.hardshrink),
    "threshold": (F.threshold,),
    "heaviside": (torch.heaviside, Tensor.heaviside),
    "sinc": (torch.sinc, Tensor.sinc),
}
FUNCTIONS: dict[Callable[..., Any], Activation] = {f: ACTIVATIONS[name] for name, functions in NAMED.items() for f in functions}
