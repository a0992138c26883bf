"""Modules of torch that make one known call: they hand it to the recorder themselves.

Torch brings a call like F.relu before a function mode by way of Python, which takes longer than the call itself on a small
network. These modules' forward is one line, so that line stands here, and the recorder is asked directly: the same function
with the same arguments, on record and in fact. Everything else takes the way through the mode.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch.nn.functional as F
from torch import Tensor, nn

Made = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
"""A call about to happen: function, args, kwargs, as a function mode would be given them."""


def _relu(module: nn.ReLU, x: Tensor) -> Made:
    return F.relu, (x,), {"inplace": module.inplace}


def _conv2d(module: nn.Conv2d, x: Tensor) -> Made | None:
    if module.padding_mode != "zeros":  # a call of F.pad comes first
        return None
    m = module
    return F.conv2d, (x, m.weight, m.bias, m.stride, m.padding, m.dilation, m.groups), {}


def _linear(module: nn.Linear, x: Tensor) -> Made:
    return F.linear, (x, module.weight, module.bias), {}


def _max_pool2d(module: nn.MaxPool2d, x: Tensor) -> Made | None:
    if module.return_indices:  # another function
        return None
    options = {"stride": module.stride, "padding": module.padding, "dilation": module.dilation}
    options |= {"ceil_mode": module.ceil_mode, "return_indices": False}
    return F.max_pool2d, (x, module.kernel_size), options


def _batch_norm2d(module: nn.BatchNorm2d, x: Tensor) -> Made | None:
    if module.training or module.running_mean is None or module.running_var is None or module.momentum is None or x.dim() != 4:
        return None
    options = {"weight": module.weight, "bias": module.bias, "training": False, "momentum": module.momentum, "eps": module.eps}
    return F.batch_norm, (x, module.running_mean, module.running_var), options


def _flatten(module: nn.Flatten, x: Tensor) -> Made:
    return Tensor.flatten, (x, module.start_dim, module.end_dim), {}


def _adaptive_avg_pool2d(module: nn.AdaptiveAvgPool2d, x: Tensor) -> Made:
    return F.adaptive_avg_pool2d, (x, module.output_size), {}


LEAVES: dict[type[nn.Module], Callable[[Any, Tensor], Made | None]] = {
    nn.ReLU: _relu,
    nn.Conv2d: _conv2d,
    nn.Linear: _linear,
    nn.MaxPool2d: _max_pool2d,
    nn.BatchNorm2d: _batch_norm2d,
    nn.Flatten: _flatten,
    nn.AdaptiveAvgPool2d: _adaptive_avg_pool2d,
}
"""Exact class -> the call that its forward makes of a tensor; None where it makes others or more."""
