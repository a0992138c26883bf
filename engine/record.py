"""One recorded call: which function, on which tensors, with which result, and what it is called in the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def tensors_in(value: Any) -> Iterator[Tensor]:
    """The tensors of a nested argument or result, in order."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from tensors_in(item)
    elif isinstance(value, dict):
        yield from tensors_in(tuple(value.values()))


class LayerRecord:
    """A node of a trace. Arrays and indices leave out the batch of one.

    name: module path ("features.0") or operation ("add_1"); op: the operation's name; module: path of the module that
    made the call; inputs: names of the nodes it read; producers: id of an argument tensor -> the record that made it.
    """

    def __init__(
        self,
        name: str,
        op: str,
        module: str,
        function: Callable[..., Any],
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        output: Any,
        producers: Mapping[int, LayerRecord],
        parameter_names: Mapping[int, str],
        operation: ModuleType,
    ) -> None:
        self.name, self.op, self.module = name, op, module
        self.function, self.args, self.kwargs = function, args, kwargs
        self.outputs = tuple(tensors_in(output))
        self.output = self.outputs[0]
        self.producers, self.operation = producers, operation
        self._parameter_names = parameter_names

    def __repr__(self) -> str:
        return f"LayerRecord({self.name!r}, {self.op}, shape={self.shape})"

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(producer.name for producer in self.producers.values()))

    @property
    def batched(self) -> bool:
        return self.output.dim() > 0 and self.output.shape[0] == 1

    @property
    def shape(self) -> tuple[int, ...]:
        shape = tuple(self.output.shape)
        return shape[1:] if self.batched else shape

    @property
    def result(self) -> NDArray[Any]:
        """The traced output as numpy, without the batch; shares memory with torch."""
        values = self.output.detach().numpy()
        return values[0] if self.batched else values

    @cached_property
    def arguments(self) -> dict[str, Any]:
        """The call's arguments by torch's names, defaults included, for operations with a file of their own."""
        names: dict[str, Any] = getattr(self.operation, "parameters", {})
        positional = dict(zip(names, self.args, strict=False))
        named = {key: value for key, value in self.kwargs.items() if key in names}
        return {**names, **positional, **named}

    def argument(self, name: str) -> Any:
        return self.arguments[name]

    def array(self, name: str) -> NDArray[Any]:
        """A tensor argument as numpy in its own precision; the layer's input without its batch of one."""
        tensor: Tensor = self.arguments[name]
        values = tensor.detach().numpy()
        return values[0] if name == "input" and self.batched and values.shape[0] == 1 else values

    def float64(self, name: str) -> NDArray[np.float64]:
        """The same in double precision, for arithmetic by hand."""
        return self.array(name).astype(np.float64)

    def producer(self, name: str) -> LayerRecord | None:
        """The record whose output this argument is; None for parameters and constants."""
        return self.producers.get(id(self.arguments[name]))

    def source(self, name: str) -> str:
        producer = self.producer(name)
        return producer.name if producer else ""

    @cached_property
    def hyperparameters(self) -> dict[str, Any]:
        """What the layer was set to, under torch's names, ready for JSON."""
        values: dict[str, Any] = self.operation.hyperparameters(self)
        return values

    @cached_property
    def parameters(self) -> dict[str, str]:
        """Argument name -> the model's parameter or buffer, for instance {"weight": "features.0.weight"}."""
        named = {key: self._parameter_names.get(id(value)) for key, value in self.arguments.items()}
        return {key: name for key, name in named.items() if name}

    @cached_property
    def stats(self) -> dict[str, float]:
        """Range, mean, standard deviation and the share of exact zeros of the output."""
        values = self.output.detach()
        if not values.is_floating_point():
            values = values.double()
        if values.numel() == 0:
            return {"min": 0.0, "max": 0.0, "mean": 0.0, "std": 0.0, "zeros": 0.0}
        low, high = torch.aminmax(values)
        mean = values.mean()
        centred = (values - mean).flatten()
        std = (centred.dot(centred) / values.numel()).sqrt()  # a quarter of the time of torch.std_mean
        zeros = 1.0 - float(torch.count_nonzero(values)) / values.numel()
        return {"min": float(low), "max": float(high), "mean": float(mean), "std": float(std), "zeros": zeros}
