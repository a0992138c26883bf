"""Random calls of every activation and every loss, for the tests of `engine.ops`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from hypothesis import strategies as st
from torch import Tensor

Drawn = tuple[Callable[[Tensor], Tensor], tuple[int, ...]]

SETTINGS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "leaky_relu": {"negative_slope": st.floats(-1, 2)},
    "elu": {"alpha": st.floats(0.1, 3)},
    "celu": {"alpha": st.floats(0.1, 3)},
    "gelu": {"approximate": st.sampled_from(["none", "tanh"])},
    "softplus": {"beta": st.floats(0.2, 5), "threshold": st.floats(1, 30)},
    "hardtanh": {"min_val": st.floats(-3, -0.1), "max_val": st.floats(0, 3)},
    "softshrink": {"lambd": st.floats(0.01, 2)},
    "hardshrink": {"lambd": st.floats(0.01, 2)},
    "threshold": {"threshold": st.floats(-2, 2), "value": st.floats(-2, 2)},
    "rrelu": {"lower": st.floats(-1, 0.2), "upper": st.floats(0.2, 2)},
}
WITHOUT = ("selu", "silu", "mish", "softsign", "relu6", "hardsigmoid", "hardswish", "logsigmoid", "tanhshrink")


def shapes(low: int = 1) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(st.integers(1, 6), min_size=low, max_size=3).map(tuple)


@st.composite
def activation(draw: st.DrawFn, name: str) -> Drawn:
    settings = {key: draw(values) for key, values in SETTINGS.get(name, {}).items()}
    spread = draw(st.sampled_from([0.5, 3.0, 40.0]))
    return lambda x: getattr(F, name)(spread * x, **settings), draw(shapes())


@st.composite
def prelu(draw: st.DrawFn) -> Drawn:
    shape = draw(shapes())
    weight = torch.randn(shape[0] if draw(st.booleans()) else 1)
    return lambda x: F.prelu(x, weight), shape


@st.composite
def rrelu(draw: st.DrawFn) -> Drawn:
    low, high, training = draw(st.floats(-1, 0.2)), draw(st.floats(0.2, 2)), draw(st.booleans())
    return lambda x: F.rrelu(3 * x.round(decimals=1), low, high, training), draw(shapes())


@st.composite
def glu(draw: st.DrawFn) -> Drawn:
    shape = list(draw(shapes()))
    axis = draw(st.integers(0, len(shape) - 1))
    shape[axis] *= 2
    dim = draw(st.sampled_from([axis + 1, axis - len(shape)]))  # with the batch of one, from the front and from the end
    return lambda x: F.glu(9 * x, dim=dim), tuple(shape)


@st.composite
def heaviside(draw: st.DrawFn) -> Drawn:
    at_zero = torch.tensor(draw(st.floats(0, 1, width=32)))
    return lambda x: torch.heaviside(x.round(), at_zero), draw(shapes())


@st.composite
def along_an_axis(draw: st.DrawFn, name: str) -> Drawn:
    shape = draw(shapes())
    dim = draw(st.integers(1, len(shape)))
    return lambda x: getattr(F, name)(30 * x, dim=dim), shape


reductions = st.sampled_from(["mean", "sum", "none"])


@st.composite
def elementwise_loss(draw: st.DrawFn, name: str) -> Drawn:
    shape, reduction = draw(shapes()), draw(reductions)
    more = {"smooth_l1_loss": {"beta": draw(st.floats(0, 2))}, "huber_loss": {"delta": draw(st.floats(0.1, 2))}}.get(name, {})
    target = torch.randn(1, *shape)
    return lambda x: getattr(F, name)(x, target, reduction=reduction, **more), shape


@st.composite
def binary_loss(draw: st.DrawFn, name: str) -> Drawn:
    shape, reduction = draw(shapes()), draw(reductions)
    target, weight = torch.rand(1, *shape), torch.rand(1, *shape) if draw(st.booleans()) else None
    if name == "binary_cross_entropy":
        return lambda x: F.binary_cross_entropy(torch.sigmoid(x), target, weight, reduction=reduction), shape
    positive = torch.rand(shape[-1]) + 0.5 if draw(st.booleans()) else None
    return lambda x: F.binary_cross_entropy_with_logits(9 * x, target, weight, reduction=reduction, pos_weight=positive), shape


@st.composite
def class_loss(draw: st.DrawFn, name: str) -> Drawn:
    """One row of classes, or classes over steps; classes by number or as probabilities, some of them ignored."""
    classes, more = draw(st.integers(2, 6)), draw(st.lists(st.integers(1, 4), max_size=2))
    weight = torch.rand(classes) + 0.1 if draw(st.booleans()) else None
    target: Tensor = torch.randint(classes, (1, *more))
    options: dict[str, Any] = {"weight": weight, "reduction": draw(reductions)}
    if name == "nll_loss":
        return lambda x: F.nll_loss(torch.log_softmax(x, 1), target, **options), (classes, *more)
    options["label_smoothing"] = draw(st.sampled_from([0.0, 0.1]))
    if draw(st.booleans()):
        target = torch.softmax(torch.randn(1, classes, *more), 1)
    elif draw(st.booleans()):
        options["ignore_index"] = 0
        target.view(-1)[0] = 1  # one at least that counts
    return lambda x: F.cross_entropy(3 * x, target, **options), (classes, *more)


CASES: dict[str, st.SearchStrategy[Drawn]] = {
    **{name: activation(name) for name in (*SETTINGS, *WITHOUT)},
    "prelu": prelu(),
    "heaviside": heaviside(),
    "sinc": st.just((lambda x: torch.sinc(3 * x.round(decimals=1)), (5, 4))),
    "rrelu": rrelu(),
    "glu": glu(),
    **{name: along_an_axis(name) for name in ("log_softmax", "softmin")},
    **{name: elementwise_loss(name) for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")},
    **{name: binary_loss(name) for name in ("binary_cross_entropy", "binary_cross_entropy_with_logits")},
    **{name: class_loss(name) for name in ("cross_entropy", "nll_loss")},
}
