"""What lstm, gru and rnn share: hyperparameters, the arithmetic of one unit at one step, the scan over time, the judge.

A unit is opened by (layer, direction, step, unit); an element of the layer's output, (step, channel), means that of the last
layer. Under projection a unit is one of the `hidden` cells and a channel one of the projected outputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine.ablation import Force
from engine.ops.arithmetic import Arithmetic, Floats, weighted_sum
from engine.ops.windows import block
from engine.record import Origin
from engine.recurrent import Gates, gates_of, layer_of, unroll
from engine.recurrent_call import Layer, Weights

if TYPE_CHECKING:
    from engine.record import LayerRecord

parameters: dict[str, Any] = {"input": None, "hx": None}

NOTHING = np.zeros(0)


def batch_axis(record: LayerRecord) -> int | None:
    """Of the outputs, (batch, steps, channels) or (steps, batch, channels); packed sequences have none."""
    layer = layer_of(record)
    return 0 if layer.single else layer.batch_axis


def batch_axis_of(record: LayerRecord, output: int) -> int:
    """Of the last h and the last c, (layers * directions, batch, units); of a cell's (batch, units)."""
    return 0 if layer_of(record).single else 1


def locate(record: LayerRecord, output: int, index: tuple[int, ...]) -> tuple[int, ...]:
    """Where an element of the last h or the last c stands among all states: (layer, direction, step, unit)."""
    layer = layer_of(record)
    if layer.single:
        return (0, 0, 0, *index)
    depth, direction = divmod(index[0], layer.directions)
    return (depth, direction, layer.order(direction)[-1], *index[1:])


def tensors(record: LayerRecord) -> dict[str, Tensor]:
    """The weights under torch's names: weight_ih_l0, weight_hh_l0, ..., with _reverse for the second direction."""
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
    layer = layer_of(record)
    named = {}
    for depth, direction in layer.places:
        ending = "" if layer.single else f"_l{depth}{'_reverse' if direction else ''}"
        each = zip(names, layer.weights[depth][direction], strict=True)
        named.update({name + ending: tensor for name, tensor in each if tensor is not None})
    return named


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    layer = layer_of(record)
    return {
        "input_size": layer.x.shape[1],
        "hidden_size": layer.hidden,
        "num_layers": layer.layers,
        "bias": layer.weights[0][0].b_ih is not None,
        "batch_first": layer.batch_axis == 0,
        "dropout": layer.dropout,
        "bidirectional": layer.directions == 2,
        "proj_size": 0 if layer.weights[0][0].w_hr is None else layer.outputs,
        **layer.cell.more_hyperparameters(layer),
    }


def legal_shapes(record: LayerRecord) -> list[tuple[int, ...]]:
    """What an index may point at: an element of the output, or a unit of a layer and direction at a step."""
    layer = layer_of(record)
    return [record.shape, (layer.layers, layer.directions, layer.steps, layer.hidden)]


def replay_error(record: LayerRecord) -> float:
    return gates_of(record).error


def by_hand(record: LayerRecord) -> Floats:
    """The whole output in float64, one step after the other."""
    layer = layer_of(record)
    x = layer.x.double()
    with torch.inference_mode():
        for depth in range(layer.layers):
            sides = [
                unroll(layer, depth, direction, x, Force(record.forced, layer, (depth, direction)), torch.float64)[0]
                for direction in range(layer.directions)
            ]
            x = torch.cat([torch.stack(h) for h in sides], dim=1)
    return x.numpy().reshape(record.shape)


class Spot(NamedTuple):
    """One unit at one step, with all that its arithmetic needs."""

    record: LayerRecord
    layer: Layer
    gates: Gates
    weights: Weights
    depth: int
    direction: int
    step: int
    unit: int

    @property
    def at(self) -> tuple[int, int, int]:
        return self.depth, self.direction, self.step

    @property
    def force(self) -> Force:
        return Force(self.record.forced, self.layer, (self.depth, self.direction))


def spot(record: LayerRecord, index: Sequence[int]) -> Spot:
    layer = layer_of(record)
    if len(index) == 4:
        depth, direction, step, unit = index
    else:
        *steps, channel = index
        step = steps[0] if steps else 0
        depth, (direction, unit) = layer.layers - 1, divmod(channel, layer.outputs)
    return Spot(record, layer, gates_of(record), layer.weights[depth][direction], depth, direction, step, unit)


def is_projected(record: LayerRecord, index: Sequence[int]) -> bool:
    """Whether the element is a channel that a projection made of all units."""
    return len(index) != 4 and layer_of(record).weights[0][0].w_hr is not None


def value(record: LayerRecord, index: Sequence[int]) -> float:
    """What torch has there; o * tanh(c) of one unit under a projection torch keeps to itself, so it is the replay's."""
    if len(index) != 4:
        return float(record.result[tuple(index)])
    at = spot(record, index)
    if at.weights.w_hr is None:
        return float(at.gates.h[(*at.at, at.unit)])
    return float(_inner(at)[at.unit])


def _inner(at: Spot) -> Floats:
    """o * tanh(c) of every unit of a projected LSTM at this step, (hidden,)."""
    assert at.gates.c is not None
    inner: Floats = at.gates.gates["o"][at.at].astype(np.float64) * np.tanh(at.gates.c[at.at].astype(np.float64))
    return inner


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """The last line of the update as terms; `extra` has the way to it: both sums of every gate, then the update's lines."""
    at = spot(record, index)
    if is_projected(record, index):
        return _projection(at)
    opened = _open_gates(at)
    h_previous = float(at.gates.h_previous[(*at.at, at.unit)]) if at.weights.w_hr is None else None
    c_previous = None if at.gates.c_previous is None else float(at.gates.c_previous[(*at.at, at.unit)])
    values = {gate["name"]: gate["value"] for gate in opened} | {"a": opened[-1]["preactivation"]}
    pins = _pins(at)
    lines, terms = at.layer.cell.last_lines(at.layer, values, h_previous, c_previous, pins)
    extra = {"gates": opened, "update": lines, "h_previous": h_previous, "c_previous": c_previous}
    scale = max([1.0, abs(c_previous or 0.0), *(gate["magnitude"] for gate in opened)])
    if "h" in pins:
        return Arithmetic(NOTHING, NOTHING, pins["h"], None, bias=pins["h"], extra=extra, scale=scale)
    return _terms(at, terms, lines[-1]["value"], extra, scale)


def _pins(at: Spot) -> dict[str, float]:
    """The states of this unit that are pinned at this step; under projection h has no units of its own."""
    states = ("c", "h") if at.weights.w_hr is None else ("c",)
    return {state: at.force.value(state, at.step, at.unit) for state in states if at.force.holds(state, at.step, at.unit)}


def _terms(at: Spot, terms: Sequence[Any], result: float, extra: dict[str, Any], scale: float) -> Arithmetic:
    """The last line's summands; of all of them only "h_previous" was read elsewhere in this node."""
    labels, weights, values, products = zip(*terms, strict=True)
    before = at.layer.previous(at.direction, at.step)
    readable = [label == "h_previous" and before is not None for label in labels]
    return Arithmetic(
        values=np.array(values, dtype=np.float64),
        products=np.array(products, dtype=np.float64),
        result=result,
        sources=[(at.depth, at.direction, before or 0, at.unit) if there else () for there in readable],
        weights=None if weights[0] is None else np.array(weights, dtype=np.float64),
        readers=[Origin(at.record) if there else None for there in readable],
        labels=labels,
        extra=extra,
        scale=scale,
    )


def _open_gates(at: Spot) -> list[dict[str, Any]]:
    """Each gate of the unit: both sides' products and sums, the biases, the pre-activation, the value."""
    x, x_sources = _inputs(at)
    h, h_sources = at.gates.h_previous[at.at].astype(np.float64), _before(at)
    opened: dict[str, dict[str, Any]] = {}
    for place, name in enumerate(at.layer.cell.gate_names):
        side = _side(at, place, x, x_sources, h, h_sources)
        opened[name] = _with_value(at, {**side, **at.layer.cell.preactivation(side, opened)})
    return list(opened.values())


def _side(
    at: Spot, place: int, x: Floats, x_sources: list[dict[str, Any] | None], h: Floats, h_sources: list[dict[str, Any] | None]
) -> dict[str, Any]:
    """One gate up to its two sums and two biases."""
    cell, weights, row = at.layer.cell, at.weights, place * at.layer.hidden + at.unit
    name = cell.gate_names[place]
    w_x, w_h = _float64(weights.w_ih[row]), _float64(weights.w_hh[row])
    bias_ih = 0.0 if weights.b_ih is None else float(weights.b_ih[row].detach())
    bias_hh = 0.0 if weights.b_hh is None else float(weights.b_hh[row].detach())
    return {
        "name": name,
        "squash": cell.squash_name(at.layer, name),
        "input": _products(w_x, x, x_sources, "x"),
        "input_sum": float((w_x * x).sum()),
        "recurrent": _products(w_h, h, h_sources, "h0"),
        "recurrent_sum": float((w_h * h).sum()),
        "bias_ih": bias_ih,
        "bias_hh": bias_hh,
        "magnitude": float(np.abs(w_x * x).sum() + np.abs(w_h * h).sum() + abs(bias_ih) + abs(bias_hh)),
    }


def _float64(tensor: Tensor) -> Floats:
    return tensor.detach().double().numpy()


def _products(weights: Floats, values: Floats, sources: list[dict[str, Any] | None], name: str) -> list[dict[str, Any]]:
    rows = zip(weights.tolist(), values.tolist(), (weights * values).tolist(), sources, strict=True)
    return [
        {"label": _label(source, f"{name}[{place}]"), "weight": w, "value": v, "product": p, "source": source}
        for place, (w, v, p, source) in enumerate(rows)
    ]


def _label(source: dict[str, Any] | None, otherwise: str) -> str:
    return otherwise if source is None else f"{source['node']}[{','.join(map(str, source['index']))}]"


def _with_value(at: Spot, gate: dict[str, Any]) -> dict[str, Any]:
    """The gate squashed, or forced, and then it says so."""
    if at.force.holds(gate["name"], at.step, at.unit):
        return {**gate, "value": at.force.value(gate["name"], at.step, at.unit), "forced": True}
    return {**gate, "value": SQUASH[gate["squash"]](gate["preactivation"])}


def sum_of_both_sides(side: Mapping[str, Any], opened: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The pre-activation of most gates: W_ih x + b_ih + W_hh h + b_hh."""
    return {"preactivation": side["input_sum"] + side["bias_ih"] + side["recurrent_sum"] + side["bias_hh"]}


def line(name: str, expression: str, operands: dict[str, float], value: float, pins: Mapping[str, float]) -> dict[str, Any]:
    """One line of an update; where the state is pinned its value is the pin, and the line says so."""
    made = {"name": name, "expression": expression, "operands": operands, "value": pins.get(name, value)}
    return {**made, "forced": True} if name in pins else made


def _sigmoid(a: float) -> float:
    """1 / (1 + exp(-a)), written so that exp never overflows."""
    small = np.exp(-abs(a))
    return float(1.0 / (1.0 + small) if a >= 0 else small / (1.0 + small))


SQUASH = {"sigmoid": _sigmoid, "tanh": lambda a: float(np.tanh(a)), "relu": lambda a: max(0.0, a)}


def _inputs(at: Spot) -> tuple[Floats, list[dict[str, Any] | None]]:
    """What the layer reads at this step, (inputs,), and where that stands: the call's input, or the layer below."""
    layer, node = at.layer, at.record.name
    if at.depth == 0:
        origin = at.record.origin(at.record.arguments["input"])
        return _float64(layer.x[at.step]), [_source(origin, _at(layer, at.step, i)) for i in range(layer.x.shape[1])]
    below = at.gates.h[at.depth - 1, :, at.step].astype(np.float64)  # (directions, outputs), side by side
    places = ([at.depth - 1, direction, at.step, unit] for direction, unit in np.ndindex(*below.shape))
    return below.reshape(-1), [{"node": node, "index": place} for place in places]


def _before(at: Spot) -> list[dict[str, Any] | None]:
    """Where the h of the step before stands; at the first step, where the initial state came from."""
    before = at.layer.previous(at.direction, at.step)
    if before is not None:
        return [{"node": at.record.name, "index": [at.depth, at.direction, before, unit]} for unit in range(at.layer.outputs)]
    given = at.record.arguments["hx"]
    origin = at.record.origin(given if isinstance(given, Tensor) else given[0])
    row = () if at.layer.single else (at.depth * at.layer.directions + at.direction,)
    return [_source(origin, (*row, 0, unit)) for unit in range(at.layer.outputs)]


def _at(layer: Layer, step: int, feature: int) -> tuple[int, ...]:
    """Where the layer read an input, counted as torch does, with the batch."""
    if layer.single:
        return (0, feature)
    full = [step, feature]
    if layer.batch_axis is not None:
        full.insert(layer.batch_axis, 0)
    return tuple(full)


def _source(origin: Origin | None, full: tuple[int, ...]) -> dict[str, Any] | None:
    if origin is None or not origin.shown:
        return None
    source = {"node": origin.name, "index": list(origin.place(origin.strip(full)))}
    return {**source, "part": origin.part} if origin.part else source


def _projection(at: Spot) -> Arithmetic:
    """An output channel of a projected LSTM: h = W_hr (o * tanh(c)), one term per unit."""
    assert at.weights.w_hr is not None
    force = at.force
    if force.holds("h", at.step, at.unit):
        pinned = force.value("h", at.step, at.unit)
        return Arithmetic(NOTHING, NOTHING, pinned, None, bias=pinned, extra={"forced": True})
    sources = [(*at.at, unit) for unit in range(at.layer.hidden)]
    readers = [Origin(at.record)] * at.layer.hidden
    extra = {"projection": True}
    return weighted_sum(_inner(at), _float64(at.weights.w_hr[at.unit]), sources, readers=readers, extra=extra, scale=1.0)


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    """The step's input, and the states that it starts from."""
    at = spot(record, index)
    blocks = []
    if at.depth:
        axes = [range(at.depth - 1, at.depth), range(at.layer.directions), range(at.step, at.step + 1), range(at.layer.outputs)]
        blocks.append(block(record.name, axes))
    else:
        origin, inputs = record.origin(record.arguments["input"]), range(at.layer.x.shape[1])
        blocks.append(
            block(origin.name if origin else "", [inputs] if at.layer.single else [range(at.step, at.step + 1), inputs])
        )
    before = at.layer.previous(at.direction, at.step)
    if before is not None:
        place = [range(at.depth, at.depth + 1), range(at.direction, at.direction + 1), range(before, before + 1)]
        blocks.append(block(record.name, [*place, range(at.layer.outputs)]))
    return blocks


def scan_total(record: LayerRecord) -> int:
    """Time steps of all layers and directions."""
    layer = layer_of(record)
    return layer.layers * layer.directions * layer.steps


def scan_step(record: LayerRecord, position: int) -> tuple[tuple[int, ...], list[dict[str, Any]], float, dict[str, Any]]:
    """The position-th time step in the order of the run: (layer, direction, step), what it reads, the length of its h."""
    layer, gates = layer_of(record), gates_of(record)
    place, turn = divmod(position, layer.steps)
    depth, direction = divmod(place, layer.directions)
    step = layer.order(direction)[turn]
    norm = float(np.linalg.norm(gates.h[depth, direction, step].astype(np.float64)))
    extra = {"result": "norm of h", "turn": turn, "from": layer.previous(direction, step)}
    return (depth, direction, step), window(record, (depth, direction, step, 0)), norm, extra
