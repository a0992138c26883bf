"""Plain recurrent layer (Elman 1990): a = W_ih x + b_ih + W_hh h_previous + b_hh, h = tanh(a) or max(0, a)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from engine.ops import recurrence

if TYPE_CHECKING:
    from engine.ablation import Force
    from engine.recurrent_call import Layer, Weights

name = "rnn"
gate_names = ("h",)  # no gate: the one squashed sum is the state itself
added = 1  # every gate is a function of W_ih x + W_hh h
parts = ("", "")

parameters = recurrence.parameters
batch_axis = recurrence.batch_axis
batch_axis_of = recurrence.batch_axis_of
locate = recurrence.locate
tensors = recurrence.tensors
hyperparameters = recurrence.hyperparameters
legal_shapes = recurrence.legal_shapes
replay_error = recurrence.replay_error
by_hand = recurrence.by_hand
value = recurrence.value
explain = recurrence.explain
window = recurrence.window
scan_total = recurrence.scan_total
scan_step = recurrence.scan_step
preactivation = recurrence.sum_of_both_sides

Tensors = dict[str, Tensor]


def more_hyperparameters(layer: Layer) -> dict[str, Any]:
    return {"nonlinearity": squash_name(layer, "h")}


def squash_name(layer: Layer, gate: str) -> str:
    return "relu" if layer.function in (torch.rnn_relu, torch.rnn_relu_cell) else "tanh"


def squash(
    layer: Layer, x_side: Tensor, h_side: Tensor | None, force: Force, step: int | None = None
) -> tuple[Tensors, Tensors]:
    """The pre-activation and the new state from both sides' sums, (..., 1, unit); without a second the first holds both."""
    sums = x_side if h_side is None else x_side + h_side
    before = sums.squeeze(-2)
    if squash_name(layer, "h") == "relu":
        after = torch.relu(before)
    elif step is None:  # all steps at once, to be compared with torch's own h and for nothing else
        after = _tanh(before)
    else:
        after = torch.tanh(before)
    return {"h": before}, {"h": force("h", after, step)}


def _tanh(a: Tensor) -> Tensor:
    """tanh a = 2 sigmoid(2a) - 1, in half the time of torch.tanh; off by at most 1.2e-7, near zero too."""
    return torch.rsub((a + a).sigmoid_(), -1.0, alpha=-2.0)


def update(gates: Tensors, h_previous: Tensor, c_previous: None, force: Force, step: int) -> tuple[None, Tensor]:
    """One step: no cell state, and the new h."""
    return None, gates["h"]


def scan(gates: Tensors, h_previous: Tensor, c0: None, order: range, force: Force) -> tuple[None, Tensor]:
    """The same for all steps at once, (steps, units)."""
    return None, gates["h"]


def retention(layer: Layer, weights: Weights, gates: Tensors) -> Tensor:
    """dh/dh_previous of the unit itself: the slope of the squashing times the unit's own recurrent weight."""
    h = gates["h"]
    slope = (h > 0).to(h.dtype) if squash_name(layer, "h") == "relu" else 1 - h * h
    return slope * weights.w_hh.diagonal()


def last_lines(
    layer: Layer, gates: Mapping[str, float], h_previous: float, c_previous: None, pins: Mapping[str, float]
) -> tuple[list[dict[str, Any]], list[tuple[str, float | None, float, float]]]:
    """The squashing as the one line of the update, and as its one term, which is no product."""
    kind = squash_name(layer, "h")
    a, h = gates["a"], gates["h"]
    return [recurrence.line("h", f"{kind}(a)", {"a": a}, h, pins)], [("a", None, a, h)]
