"""Recurrent layers opened: every gate of every step of one call replayed from its weights.

Torch runs a recurrent layer as one opaque call. Its hidden states h are known, so the gates need no loop: one batched
product for the input side, one for the recurrent side over torch's own h of the step before, and only the LSTM's cell
state is scanned. The replay's h is compared with torch's; the difference is `Gates.error`.
What differs between the cells (gates, squashing, update) is in engine/ops/{rnn,lstm,gru}.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from math import inf, isfinite, isnan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from engine.ablation import Force, Intervention
from engine.errors import InputError, NotRecurrent
from engine.recurrent_call import Layer, Weights, read

if TYPE_CHECKING:
    from engine.record import LayerRecord
    from engine.trace import Trace

Array = NDArray[np.float32]

ROUNDING = 1e-6
"""Differences up to this are float32's rounding, whatever the size of the states: they are told as they are."""


@dataclass(frozen=True)
class Gates:
    """Every number inside a recurrent layer's run; arrays are float32, [layer, direction, step, unit].

    `step` is the position in the sequence in both directions. gates: after squashing, by name (lstm i f g o, gru r z n,
    rnn h); preactivations: before it (gru also "hn" = W_hn h + b_hn, what r multiplies); h: torch's own hidden states;
    c: LSTM only. error: the largest |h replayed - h of torch| over all layers, and of the final c; where that is more than
    rounding and torch's values exceed 1, relative to the largest of them.
    """

    layer: Layer = field(repr=False)
    gates: dict[str, Array]
    preactivations: dict[str, Array]
    c: Array | None
    h: Array
    error: float
    kept: Callable[[], Array] = field(repr=False)  # works out what each step keeps of a unit's own state

    @property
    def cell(self) -> str:
        name: str = self.layer.cell.name
        return name

    @property
    def layers(self) -> int:
        return self.layer.layers

    @property
    def directions(self) -> int:
        return self.layer.directions

    @property
    def steps(self) -> int:
        return self.layer.steps

    @property
    def hidden(self) -> int:
        return self.layer.hidden

    @property
    def h_previous(self) -> Array:
        """The h that each step started from, the initial state included. Made when asked for: it is h again."""
        return _shifted(self.h, self.layer.h0)

    @property
    def c_previous(self) -> Array | None:
        """The same of c."""
        return None if self.c is None or self.layer.c0 is None else _shifted(self.c, self.layer.c0)

    @cached_property
    def half_life(self) -> NDArray[np.float64]:
        """Steps until half of a unit's own state is left, [layer, direction, unit]: ln 0.5 / mean over steps of ln |kept|.

        kept: what one step leaves of the state itself, other units aside: the forget gate f, the GRU's update gate z, for
        a plain RNN |W_hh[u, u]| (1 - h^2), with ReLU |W_hh[u, u]| where h > 0. Infinite where nothing is lost (kept >= 1).
        """
        with np.errstate(divide="ignore"):
            logarithm = np.log(np.abs(self.kept(), dtype=np.float64)).mean(axis=2)
            return np.where(logarithm < 0, np.log(0.5) / np.minimum(logarithm, -np.finfo(float).tiny), np.inf)

    @property
    def nbytes(self) -> int:
        arrays = (*self.gates.values(), *self.preactivations.values(), self.c, self.h)
        return sum(array.nbytes for array in arrays if array is not None)


def gates(trace: Trace, node: str) -> Gates:
    """Every gate and state of a recurrent node. Raises UnknownNode, and NotRecurrent for nodes of other operations."""
    record = trace[node]
    if not hasattr(record.operation, "gate_names"):
        raise NotRecurrent(node, [each.name for each in trace if hasattr(each.operation, "gate_names")])
    return gates_of(record)


def layer_of(record: LayerRecord) -> Layer:
    """The record's call, read once."""
    if "layer" not in record.memory:
        record.memory["layer"] = read(record.operation, record.function, record.args)
    layer: Layer = record.memory["layer"]
    return layer


def gates_of(record: LayerRecord) -> Gates:
    """The record's gates, replayed once and kept with it."""
    if "gates" not in record.memory:
        with torch.inference_mode():
            record.memory["gates"] = _replay(layer_of(record), record.outputs, record.forced)
    gates: Gates = record.memory["gates"]
    return gates


class _Part(NamedTuple):
    """The replay of one layer and direction; (steps, units) each."""

    preactivations: dict[str, Tensor]
    gates: dict[str, Tensor]
    c: Tensor | None
    replayed: Tensor


def _replay(layer: Layer, outputs: Sequence[Tensor], forced: Sequence[Intervention]) -> Gates:
    if layer.dropout:
        raise InputError("The layer drops units at random between its layers; call model.eval() before tracing.")
    hidden_states = _hidden_states(layer, outputs[0], forced)
    parts = []
    for (depth, direction), h in zip(layer.places, hidden_states, strict=True):
        below = layer.directions * (depth - 1)
        x = layer.x if depth == 0 else torch.cat(hidden_states[below : below + layer.directions], dim=1)
        force = Force(forced, layer, (depth, direction))
        parts.append(_replay_one(layer, depth, direction, x, h, force))
    return Gates(
        layer=layer,
        gates=_named(layer, [part.gates for part in parts]),
        preactivations=_named(layer, [part.preactivations for part in parts]),
        c=None if layer.c0 is None else _stacked(layer, [part.c for part in parts if part.c is not None]),
        h=_stacked(layer, hidden_states),
        kept=partial(_kept, layer, [part.gates for part in parts]),
        error=_error(layer, hidden_states, parts, outputs),
    )


def _replay_one(layer: Layer, depth: int, direction: int, x: Tensor, h: Tensor, force: Force) -> _Part:
    weights, start = layer.weights[depth][direction], layer.h0[depth, direction : direction + 1]
    h_previous = torch.cat((start, h[:-1]) if direction == 0 else (h[1:], start))
    preactivations, gates = layer.cell.squash(layer, *_sums(layer, weights, x, h_previous), force)
    c0 = None if layer.c0 is None else layer.c0[depth, direction]
    c, replayed = layer.cell.scan(gates, h_previous, c0, layer.order(direction), force)
    if weights.w_hr is not None:
        replayed = F.linear(replayed, weights.w_hr)
    if "h" in gates:  # a plain RNN's one gate is its state, which torch gives back
        gates = {"h": h}
    return _Part(preactivations, gates, c, force("h", replayed))


def _sums(layer: Layer, weights: Weights, x: Tensor, h_previous: Tensor) -> tuple[Tensor, Tensor | None]:
    """What every gate squashes at every step, (steps, gate, unit). Both sides are added by the second product itself, where
    they only need adding (the first `added` gates); the recurrent side of the others comes second, None where there are none.
    """
    w_ih, w_hh, b_ih, b_hh, _ = weights
    units = layer.cell.added * layer.hidden
    every = units == len(w_hh)
    if b_ih is None or b_hh is None:
        bias = None
    elif every:
        bias = b_ih + b_hh
    else:
        bias = torch.cat((b_ih[:units] + b_hh[:units], b_ih[units:]))
    both = F.linear(x, w_ih, bias)
    (both if every else both[:, :units]).addmm_(h_previous, w_hh[:units].t())
    rest = None if every else F.linear(h_previous, w_hh[units:], b_hh if b_hh is None else b_hh[units:])
    return both.view(layer.steps, -1, layer.hidden), None if rest is None else rest.view(layer.steps, -1, layer.hidden)


def _hidden_states(layer: Layer, output: Tensor, forced: Sequence[Intervention]) -> list[Tensor]:
    """Torch's h of every layer and direction, (steps, outputs) each. Torch gives back those of the last layer; the lower
    layers are run once more by torch (where something was forced: by the loop that forced it)."""
    last = output if layer.single or layer.batch_axis is None else output.select(layer.batch_axis, 0)
    found, x = [], layer.x
    for depth in range(layer.layers - 1):
        x = _run_again(layer, depth, x) if not forced else _force_again(layer, depth, x, forced)
        found += x.split(layer.outputs, dim=1)
    return [*found, *last.split(layer.outputs, dim=1)] if layer.directions == 2 else [*found, last]


def _run_again(layer: Layer, depth: int, x: Tensor) -> Tensor:
    """One lower layer alone by torch's own fused call, (steps, directions * outputs)."""
    h0 = layer.h0[depth][:, None]
    state = h0 if layer.c0 is None else (h0, layer.c0[depth][:, None])
    tensors = [tensor for weights in layer.weights[depth] for tensor in weights if tensor is not None]
    has_bias = layer.weights[depth][0].b_ih is not None
    bidirectional = layer.directions == 2
    output: Tensor = layer.function(x[None], state, tensors, has_bias, 1, 0.0, False, bidirectional, True)[0]
    return output[0]


def _force_again(layer: Layer, depth: int, x: Tensor, forced: Sequence[Intervention]) -> Tensor:
    sides = ((direction, Force(forced, layer, (depth, direction))) for direction in range(layer.directions))
    parts = [unroll(layer, depth, direction, x, force) for direction, force in sides]
    return torch.cat([torch.stack(h) for h, _ in parts], dim=1)


def _kept(layer: Layer, gates: Sequence[dict[str, Tensor]]) -> Array:
    """What each step keeps of a unit's own state, other units aside: see `Gates.half_life`."""
    with torch.inference_mode():
        weights = (layer.weights[depth][direction] for depth, direction in layer.places)
        parts = [layer.cell.retention(layer, own, each) for own, each in zip(weights, gates, strict=True)]
    return _stacked(layer, parts)


def _stacked(layer: Layer, parts: Sequence[Tensor]) -> Array:
    """One tensor per layer and direction as one array, [layer, direction, step, unit]; a single one is not copied."""
    if len(parts) == 1:
        single: Array = parts[0].numpy()[None, None]
        return single
    array: Array = torch.stack(list(parts)).numpy().reshape(layer.layers, layer.directions, layer.steps, -1)
    return array


def _named(layer: Layer, parts: Sequence[dict[str, Tensor]]) -> dict[str, Array]:
    return {name: _stacked(layer, [part[name] for part in parts]) for name in parts[0]}


def _shifted(states: Array, start: Tensor) -> Array:
    """What each step started from: the state of the step processed before, the initial state at the first."""
    before, initial = np.empty_like(states), start.detach().numpy()
    before[:, 0, 1:], before[:, 0, 0] = states[:, 0, :-1], initial[:, 0]
    if states.shape[1] == 2:
        before[:, 1, :-1], before[:, 1, -1] = states[:, 1, 1:], initial[:, 1]
    return before


def _error(layer: Layer, hidden_states: list[Tensor], parts: list[_Part], outputs: Sequence[Tensor]) -> float:
    """The largest difference of the replay; its h has no other use, so the differences are put in its place."""
    errors = [_relative(part.replayed.sub_(h), h) for part, h in zip(parts, hidden_states, strict=True)]
    if layer.c0 is not None and len(outputs) > 1:  # c_n: the states after the last step, of all layers and directions
        finals = outputs[-1].reshape(len(parts), -1)
        for (_, direction), part, final in zip(layer.places, parts, finals, strict=True):
            assert part.c is not None
            errors.append(_relative(part.c[-1 if direction == 0 else 0] - final, final))
    return max(errors)


def _relative(gap: Tensor, torchs: Tensor) -> float:
    """The largest |gap|; beyond rounding, and where torch's values exceed 1, relative to the largest of them. What overflowed
    to infinity in torch (a ReLU network can) leaves nothing to compare with."""
    largest = _extreme(gap)
    if largest <= ROUNDING:
        return largest
    scale = _extreme(torchs)
    if not isfinite(largest):
        comparable = torchs.isfinite()
        largest, scale = (_extreme(torch.where(comparable, values, 0.0)) for values in (gap, torchs))
        largest = inf if isnan(largest) else largest
    return largest / max(1.0, scale)


def _extreme(values: Tensor) -> float:
    """The largest absolute value, in one pass."""
    low, high = values.aminmax()
    return max(-low.item(), high.item())


def unroll(
    layer: Layer, depth: int, direction: int, x: Tensor, force: Force, dtype: torch.dtype | None = None
) -> tuple[list[Tensor], list[Tensor]]:
    """One layer and direction, step by step as the textbook says: h and c of every position, (units,) each.

    x: (steps, inputs) of this layer. dtype: for arithmetic in double precision. Differentiable. Without a cell state, c is [].
    """
    weights = layer.weights[depth][direction] if dtype is None else layer.weights[depth][direction].to(dtype)
    shape = (len(layer.cell.gate_names), layer.hidden)
    x_sides = F.linear(x, weights.w_ih, weights.b_ih).unflatten(1, shape).unbind(0)
    h, c = layer.h0[depth, direction].to(x.dtype), None if layer.c0 is None else layer.c0[depth, direction].to(x.dtype)
    all_h, all_c = [h] * layer.steps, [] if c is None else [c] * layer.steps
    for step in layer.order(direction):
        h_side = F.linear(h, weights.w_hh, weights.b_hh).unflatten(0, shape)
        _, gates = layer.cell.squash(layer, x_sides[step], h_side, force, step)
        c, h = layer.cell.update(gates, h, c, force, step)
        if weights.w_hr is not None:
            h = F.linear(h, weights.w_hr)
        all_h[step] = h = force("h", h, step)
        if c is not None:
            all_c[step] = c
    return all_h, all_c
