"""Fallback for an operation without a file of its own: its local derivative by autograd, times its input.

Exact for linear operations; elsewhere a first-order picture, and labelled as an approximation wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from engine.ops.arithmetic import Arithmetic
from engine.record import LayerRecord, Origin, tensors_in, without

hyperparameters_of = (int, float, bool, str)


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    """The call's plain keyword arguments: names of positional ones are not known for an arbitrary function."""
    return {key: value for key, value in record.kwargs.items() if isinstance(value, hyperparameters_of)}


def local_gradients(record: LayerRecord, index: Sequence[int]) -> list[tuple[Origin, torch.Tensor, torch.Tensor]]:
    """(where it comes from, its value, derivative of the one output element by it) for every recorded input."""
    leaves: dict[int, torch.Tensor] = {}

    def leaf(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            if value.is_floating_point() and id(value) in record.producers:
                return leaves.setdefault(id(value), value.detach().clone().requires_grad_())
            return value.detach().clone()  # an inference tensor may not be saved for backward
        if isinstance(value, (list, tuple)):
            return type(value)(map(leaf, value))
        return value

    with torch.inference_mode(False), torch.enable_grad():
        args, kwargs = leaf(record.args), {key: leaf(value) for key, value in record.kwargs.items()}
        # Write into a copy, for in-place calls may not touch leaves.
        output = record.function(*copies(args), **{key: value for key, value in kwargs.items() if key != "out"})
        first = next(tensors_in(output if output is not None else args[0]))
        element = first[record.full(index)]
        inputs = list(leaves.values())
        if not inputs or not element.requires_grad:
            return []
        gradients = torch.autograd.grad(element, inputs, allow_unused=True, materialize_grads=True)
    owners = [record.producers[key] for key in leaves]
    return [(owner, value.detach(), gradient) for owner, value, gradient in zip(owners, inputs, gradients, strict=True)]


def copies(args: Sequence[Any]) -> list[Any]:
    return [a.clone() if isinstance(a, torch.Tensor) and a.requires_grad else a for a in args]


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """Terms with a non-zero derivative; `bias` is whatever is left to the traced value."""
    values, weights, readers = [], [], []
    sources: list[tuple[int, ...]] = []
    for owner, value, gradient in local_gradients(record, index):
        slopes = without(gradient.double().numpy(), owner.batch_axis)
        places = np.argwhere(slopes)
        values.append(without(value.double().numpy(), owner.batch_axis)[tuple(places.T)])
        weights.append(slopes[tuple(places.T)])
        sources += map(tuple, places.tolist())
        readers += [owner] * len(places)
    value_array = np.concatenate(values) if values else np.zeros(0)
    weight_array = np.concatenate(weights) if weights else np.zeros(0)
    traced = float(record.result[tuple(index)])
    products = value_array * weight_array
    return Arithmetic(
        values=value_array,
        products=products,
        result=traced,
        sources=ragged(sources),
        weights=weight_array,
        readers=readers,
        bias=traced - float(products.sum()),
        extra={"approximation": "gradient x input"},
    )


def ragged(sources: list[tuple[int, ...]]) -> Any:
    """Indices of one length as an array; of several lengths (inputs of different rank) as objects."""
    if len({len(source) for source in sources}) <= 1:
        return np.array(sources, dtype=np.int64)
    array = np.empty(len(sources), dtype=object)
    array[:] = sources
    return array


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return []
