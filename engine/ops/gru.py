"""Gated recurrent unit, as torch computes it (Cho et al. 2014, in the form of its authors' later implementation).

r = sigmoid(W_ir x + b_ir + W_hr h + b_hr), z likewise, n = tanh(W_in x + b_in + r * (W_hn h + b_hn))
h = (1 - z) * n + z * h_previous
Torch applies r after the product with h, the paper's first form before it; some books swap z and 1 - z. We follow torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from engine.ops import recurrence

if TYPE_CHECKING:
    from engine.ablation import Force
    from engine.recurrent_call import Layer, Weights

name = "gru"
gate_names = ("r", "z", "n")
added = 2  # r and z are functions of W_ih x + W_hh h; n is not, r scales its recurrent side first
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

Tensors = dict[str, Tensor]


def more_hyperparameters(layer: Layer) -> dict[str, Any]:
    return {"gate_order": list(gate_names)}


def squash_name(layer: Layer, gate: str) -> str:
    return "tanh" if gate == "n" else "sigmoid"


def squash(layer: Layer, x_side: Tensor, h_side: Tensor, force: Force, step: int | None = None) -> tuple[Tensors, Tensors]:
    """Pre-activations and gates by name from both sides' sums, (..., gate, unit); "hn" is what r multiplies.

    Where the first side of r and z holds both already, the second is that of n alone.
    """
    before, hn = x_side[..., :2, :], h_side[..., -1, :]
    if h_side.shape[-2] == len(gate_names):
        before = before + h_side[..., :2, :]
    (r_before, z_before), (r, z) = before.unbind(-2), torch.sigmoid(before).unbind(-2)
    r, z = force("r", r, step), force("z", z, step)
    n_before = torch.addcmul(x_side[..., 2, :], r, hn)
    n = force("n", torch.tanh(n_before), step)
    return {"r": r_before, "z": z_before, "n": n_before, "hn": hn}, {"r": r, "z": z, "n": n}


def update(gates: Tensors, h_previous: Tensor, c_previous: None, force: Force, step: int) -> tuple[None, Tensor]:
    """One step: no cell state, and the new h."""
    return None, (1 - gates["z"]) * gates["n"] + gates["z"] * h_previous


def scan(gates: Tensors, h_previous: Tensor, c0: None, order: range, force: Force) -> tuple[None, Tensor]:
    """The same for all steps at once, (steps, units)."""
    return None, torch.lerp(gates["n"], h_previous, gates["z"])


def retention(layer: Layer, weights: Weights, gates: Tensors) -> Tensor:
    """What a step keeps of h directly: the update gate."""
    return gates["z"]


def preactivation(side: Mapping[str, Any], opened: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """r and z: the sum of both sides. n: the recurrent side, its bias included, is scaled by r first."""
    if side["name"] != "n":
        return recurrence.sum_of_both_sides(side, opened)
    reset, hn = opened["r"]["value"], side["recurrent_sum"] + side["bias_hh"]
    return {"reset": reset, "hn": hn, "preactivation": side["input_sum"] + side["bias_ih"] + reset * hn}


def last_lines(
    layer: Layer, gates: Mapping[str, float], h_previous: float, c_previous: None, pins: Mapping[str, float]
) -> tuple[list[dict[str, Any]], list[tuple[str, float | None, float, float]]]:
    """The update of one unit as a line whose numbers satisfy its expression, and its terms: (label, weight, value, product)."""
    z, n = gates["z"], gates["n"]
    new, old = (1 - z) * n, z * h_previous
    operands = {"z": z, "1 - z": 1 - z, "n": n, "h_previous": h_previous}
    lines = [recurrence.line("h", "(1 - z) * n + z * h_previous", operands, new + old, pins)]
    return lines, [("n", 1 - z, n, new), ("h_previous", z, h_previous, old)]
