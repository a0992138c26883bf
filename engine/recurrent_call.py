"""One call of torch.lstm, gru or rnn read: its arguments by their meaning, without the batch of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any, NamedTuple

import torch
from torch import Tensor

from engine.errors import InputError

SINGLE = {torch.lstm_cell, torch.gru_cell, torch.rnn_tanh_cell, torch.rnn_relu_cell}
"""Calls that make one step: nn.LSTMCell, nn.GRUCell, nn.RNNCell."""


class Weights(NamedTuple):
    """Of one layer and direction. G gates stand one below the other, in torch's order.

    w_ih: (G * hidden, inputs); w_hh: (G * hidden, outputs); b_ih, b_hh: (G * hidden,); w_hr: (outputs, hidden), an LSTM's
    projection of o * tanh(c) to h.
    """

    w_ih: Tensor
    w_hh: Tensor
    b_ih: Tensor | None
    b_hh: Tensor | None
    w_hr: Tensor | None

    def to(self, dtype: torch.dtype) -> Weights:
        return Weights(*(None if tensor is None else tensor.to(dtype) for tensor in self))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Layer:
    """One call of a recurrent layer, without its batch of one.

    x: (steps, inputs); h0: (layers, directions, outputs); c0: (layers, directions, hidden), LSTM only;
    weights: [layer][direction]. outputs: units of h in one direction, fewer than `hidden` under projection.
    batch_axis: where the batch of one was; None for packed sequences. single: made by an nn.*Cell.
    """

    cell: ModuleType
    function: Callable[..., Any]
    x: Tensor
    h0: Tensor
    c0: Tensor | None
    weights: tuple[tuple[Weights, ...], ...]
    dropout: float
    batch_axis: int | None
    single: bool

    @property
    def packed(self) -> bool:
        """Whether it was called with a packed sequence."""
        return self.batch_axis is None

    @cached_property
    def steps(self) -> int:
        return self.x.shape[0]

    @cached_property
    def layers(self) -> int:
        return len(self.weights)

    @cached_property
    def directions(self) -> int:
        return len(self.weights[0])

    @cached_property
    def hidden(self) -> int:
        return self.weights[0][0].w_hh.shape[0] // len(self.cell.gate_names)

    @cached_property
    def outputs(self) -> int:
        return self.weights[0][0].w_hh.shape[1]

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        """Every (layer, direction), in the order of the run."""
        return [(layer, direction) for layer in range(self.layers) for direction in range(self.directions)]

    def order(self, direction: int) -> range:
        """The positions in the order in which they are processed."""
        return range(self.steps) if direction == 0 else range(self.steps - 1, -1, -1)

    def previous(self, direction: int, step: int) -> int | None:
        """The position processed before; None at the first, which starts from the initial state."""
        before = step - 1 if direction == 0 else step + 1
        return before if 0 <= before < self.steps else None


def read(cell: ModuleType, function: Callable[..., Any], args: Sequence[Any]) -> Layer:
    """The call's arguments by their meaning. InputError when it ran on more than one sequence at once."""
    if function in SINGLE:
        x, state, *tensors = args
        return _layer(cell, function, x, state, tuple(tensors), layers=1, bidirectional=False, dropout=0.0, axis=0)
    if isinstance(args[3], (list, tuple)):  # a packed sequence: its data, then the batch's size at each step
        x, _, state, tensors, _, layers, dropout, training, bidirectional = args
        axis = None
    else:
        x, state, tensors, _, layers, dropout, training, bidirectional, batch_first = args
        axis = 0 if batch_first else 1
    return _layer(cell, function, x, state, tensors, layers, bidirectional, dropout if training else 0.0, axis)


def _layer(
    cell: ModuleType,
    function: Callable[..., Any],
    x: Tensor,
    state: Tensor | Sequence[Tensor],
    tensors: Sequence[Tensor],
    layers: int,
    bidirectional: bool,
    dropout: float,
    axis: int | None,
) -> Layer:
    h0, c0 = (state, None) if isinstance(state, Tensor) else state
    if h0.shape[-2] != 1:
        raise InputError(f"{cell.name} ran on a batch of {h0.shape[-2]} sequences; trace one sequence at a time.")
    single, directions = function in SINGLE, 2 if bidirectional else 1
    each = len(tensors) // (layers * directions)
    parts = [_weights(tensors[start : start + each]) for start in range(0, len(tensors), each)]
    return Layer(
        cell=cell,
        function=function,
        x=x if single or axis is None else x.select(axis, 0),
        h0=h0.reshape(layers, directions, -1),
        c0=None if c0 is None else c0.reshape(layers, directions, -1),
        weights=tuple(tuple(parts[layer * directions : (layer + 1) * directions]) for layer in range(layers)),
        dropout=dropout if layers > 1 else 0.0,
        batch_axis=axis,
        single=single,
    )


def _weights(tensors: Sequence[Tensor]) -> Weights:
    """Torch's order: w_ih, w_hh, then the biases if there are any, then the projection if there is one."""
    w_ih, w_hh, *rest = tensors
    projection = rest.pop() if len(rest) % 2 else None
    b_ih, b_hh = rest or (None, None)
    return Weights(w_ih, w_hh, b_ih, b_hh, projection)
