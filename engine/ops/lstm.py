"""Long short-term memory, as torch computes it (Hochreiter & Schmidhuber 1997, forget gate of Gers et al. 2000).

i = sigmoid(W_ii x + b_ii + W_hi h + b_hi), f and o likewise, g = tanh(W_ig x + b_ig + W_hg h + b_hg)
c = f * c_previous + i * g,  h = o * tanh(c), under projection (proj_size) h = W_hr (o * tanh(c))
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from engine.ops import recurrence

if TYPE_CHECKING:
    from engine.ablation import Force
    from engine.recurrent_call import Layer, Weights

name = "lstm"
gate_names = ("i", "f", "g", "o")  # torch's order; other libraries have others
added = 4  # every gate is a function of W_ih x + W_hh h
parts = ("", "", "c")  # what the call gives back: all outputs, the last h, the last c

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
    return {"gate_order": list(gate_names)}


def squash_name(layer: Layer, gate: str) -> str:
    return "tanh" if gate == "g" else "sigmoid"


def squash(
    layer: Layer, x_side: Tensor, h_side: Tensor | None, force: Force, step: int | None = None
) -> tuple[Tensors, Tensors]:
    """Pre-activations and gates by name from both sides' sums, (..., gate, unit); without a second the first holds both."""
    sums = x_side if h_side is None else x_side + h_side
    before = dict(zip(gate_names, sums.unbind(-2), strict=True))
    after = {key: torch.tanh(a) if key == "g" else torch.sigmoid(a) for key, a in before.items()}
    return before, {key: force(key, values, step) for key, values in after.items()}


def update(gates: Tensors, h_previous: Tensor, c_previous: Tensor, force: Force, step: int) -> tuple[Tensor, Tensor]:
    """One step: the new c, and o * tanh(c)."""
    c = force("c", gates["f"] * c_previous + gates["i"] * gates["g"], step)
    return c, gates["o"] * torch.tanh(c)


def scan(gates: Tensors, h_previous: Tensor, c0: Tensor, order: range, force: Force) -> tuple[Tensor, Tensor]:
    """The same for all steps at once, (steps, units): only c needs a loop, in numpy, whose small calls are the cheapest."""
    kept, c = gates["f"].numpy(), (gates["i"] * gates["g"]).numpy()  # c starts as what is written, and becomes the state
    before, product = c0.detach().numpy(), np.empty_like(c[0])
    pinned, multiply, add = bool(force), np.multiply, np.add
    for step in order:
        row = c[step]
        multiply(kept[step], before, product)
        before = add(product, row, row)
        if pinned:
            row[:] = force("c", torch.from_numpy(row), step).numpy()
    states = torch.from_numpy(c)
    return states, gates["o"] * torch.tanh(states)


def retention(layer: Layer, weights: Weights, gates: Tensors) -> Tensor:
    """What a step keeps of c: the forget gate."""
    return gates["f"]


def last_lines(
    layer: Layer, gates: Mapping[str, float], h_previous: float | None, c_previous: float, pins: Mapping[str, float]
) -> tuple[list[dict[str, Any]], list[tuple[str, float | None, float, float]]]:
    """The update of one unit as lines whose numbers satisfy their expressions, and the last line's terms:
    (label, weight, value, product). A pinned state's line says that it is forced."""
    operands = {"f": gates["f"], "c_previous": c_previous, "i": gates["i"], "g": gates["g"]}
    c = gates["f"] * c_previous + gates["i"] * gates["g"]
    lines = [recurrence.line("c", "f * c_previous + i * g", operands, c, pins)]
    c = lines[0]["value"]
    squashed = float(np.tanh(c))
    h = gates["o"] * squashed
    lines.append(recurrence.line("h", "o * tanh(c)", {"o": gates["o"], "c": c, "tanh(c)": squashed}, h, pins))
    return lines, [("tanh(c)", gates["o"], squashed, h)]
