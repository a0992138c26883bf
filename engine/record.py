"""One recorded call: which function, on which tensors, with which result, and what it is called in the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
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


@dataclass(frozen=True)
class Origin:
    """Which result of which record a tensor is: an LSTM returns its outputs, its last h and its last c."""

    record: LayerRecord
    output: int = 0

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def batch_axis(self) -> int | None:
        """Where the batch of one stands in that result; None where there is none."""
        return self.record.batch_axis if self.output == 0 else self.record.batch_axis_of(self.output)

    @property
    def tensor(self) -> Tensor:
        return self.record.outputs[self.output]

    def strip(self, full: tuple[int, ...]) -> tuple[int, ...]:
        """An index as torch counts it, without the batch."""
        axis = self.batch_axis
        return full if axis is None else full[:axis] + full[axis + 1 :]

    @property
    def shown(self) -> bool:
        """Whether the node shows this result: its first one, and a recurrent layer's last states among its states."""
        return self.output == 0 or hasattr(self.record.operation, "locate")

    def place(self, index: tuple[int, ...]) -> tuple[int, ...]:
        """The index, without the batch, under which the node itself shows this element."""
        if self.output == 0 or not self.shown:
            return index
        located: tuple[int, ...] = self.record.operation.locate(self.record, self.output, index)
        return located

    @property
    def part(self) -> str:
        """What of the node is read where it is not its values: "c", the cell state of an LSTM."""
        parts: tuple[str, ...] = getattr(self.record.operation, "parts", ())
        return parts[self.output] if self.output < len(parts) else ""


class LayerRecord:
    """A node of a trace. Arrays and indices leave out the batch of one, wherever it stands.

    name: module path ("features.0") or operation ("add_1"); op: the operation's name; module: path of the module that
    made the call; inputs: names of the nodes it read; producers: id of an argument tensor -> where it comes from;
    forced: what was forced upon this call (`engine.ablation`), usually nothing.
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
        producers: Mapping[int, Origin],
        parameter_names: Mapping[int, str],
        operation: ModuleType,
        forced: tuple[Any, ...] = (),
    ) -> None:
        self.name, self.op, self.module = name, op, module
        self.function, self.args, self.kwargs = function, args, kwargs
        self.outputs = tuple(tensors_in(output))
        self.output = self.outputs[0]
        self.producers, self.operation, self.forced = producers, operation, forced
        self._parameter_names = parameter_names
        self.memory: dict[str, Any] = {}  # what an operation works out once and keeps, such as gates

    def __repr__(self) -> str:
        return f"LayerRecord({self.name!r}, {self.op}, shape={self.shape})"

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(producer.name for producer in self.producers.values()))

    @cached_property
    def batch_axis(self) -> int | None:
        """The axis of the batch of one: what the operation says, else the first, else the input's (time first)."""
        if hasattr(self.operation, "batch_axis"):
            axis: int | None = self.operation.batch_axis(self)
            return axis
        return self.likely_batch_axis(self.output)

    def batch_axis_of(self, output: int) -> int | None:
        """The same for another result of the call."""
        axes = getattr(self.operation, "batch_axis_of", None)
        return axes(self, output) if axes else self.likely_batch_axis(self.outputs[output])

    def likely_batch_axis(self, output: Tensor) -> int | None:
        """The first axis where it has one element, else the axis that the batch has in an input of the same rank."""
        shape = output.shape
        if len(shape) and shape[0] == 1:
            return 0
        axes = (origin.batch_axis for origin in self.producers.values() if origin.tensor.dim() == len(shape))
        return next((axis for axis in axes if axis is not None and shape[axis : axis + 1] == (1,)), None)

    @property
    def batched(self) -> bool:
        return self.batch_axis is not None

    @cached_property
    def shape(self) -> tuple[int, ...]:
        shape = tuple(self.output.shape)
        return shape if self.batch_axis is None else shape[: self.batch_axis] + shape[self.batch_axis + 1 :]

    @cached_property
    def result(self) -> NDArray[Any]:
        """The traced output as numpy, without the batch; shares memory with torch."""
        return without(self.output.detach().numpy(), self.batch_axis)

    def full(self, index: Sequence[int]) -> tuple[int, ...]:
        """The index of an element with the batch put back, as torch counts it."""
        axis = self.batch_axis
        return tuple(index) if axis is None else (*index[:axis], 0, *index[axis:])

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
        if name != "input" or not self.batched:
            return values
        origin = self.origin(tensor)
        return without(values, origin.batch_axis if origin else 0 if values.shape[0] == 1 else None)

    def float64(self, name: str) -> NDArray[np.float64]:
        """The same in double precision, for arithmetic by hand."""
        return self.array(name).astype(np.float64)

    def origin(self, tensor: Any) -> Origin | None:
        """Where an argument tensor comes from; None for parameters and constants."""
        return self.producers.get(id(tensor))

    def producer(self, name: str) -> LayerRecord | None:
        """The record whose output this argument is; None for parameters and constants."""
        origin = self.origin(self.arguments[name])
        return origin.record if origin else None

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
        tensors = getattr(self.operation, "tensors", None)
        arguments = tensors(self) if tensors else self.arguments
        named = {key: self._parameter_names.get(id(value)) for key, value in arguments.items()}
        return {key: name for key, name in named.items() if name}

    def parameter_name(self, tensor: Tensor) -> str:
        """The model's name of a parameter or buffer; "" for other tensors."""
        return self._parameter_names.get(id(tensor), "")

    @cached_property
    def stats(self) -> dict[str, float]:
        """Range, mean, standard deviation and the share of exact zeros of the output."""
        values = self.output.detach()
        if not values.is_floating_point():
            values = values.double()
        if values.numel() == 0:
            return {"min": 0.0, "max": 0.0, "mean": 0.0, "std": 0.0, "zeros": 0.0}
        low, high = torch.aminmax(values)
        mean = float(values.sum()) / values.numel()  # half the time of torch.mean
        zeros = np.count_nonzero(values.numpy() == 0) / values.numel()  # torch counts branch by branch, ten times as long
        return {"min": float(low), "max": float(high), "mean": mean, "std": _deviation(values, mean), "zeros": zeros}


def _deviation(values: Tensor, mean: float) -> float:
    """The standard deviation around the mean, over all values; a quarter of the time of torch.std_mean.

    E x^2 - mean^2 needs one pass, but loses what cancels: where that is more than half, the values are centred first.
    """
    flat = values.flatten()
    power = float(flat.dot(flat)) / len(flat)
    variance = power - mean * mean
    if not variance > power / 2:
        centred = flat - mean
        variance = float(centred.dot(centred)) / len(flat)
    return sqrt(variance)


def without(values: NDArray[Any], axis: int | None) -> NDArray[Any]:
    """The values without the batch of one."""
    return values if axis is None else np.squeeze(values, axis)
