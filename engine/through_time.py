"""Gradients: how one output number answers to every number before it, and through time to every state.

The model is run once more with torch's autograd on. Its recurrent layers are unrolled step by step meanwhile, because only
then has each step's h and c a place of its own in the graph: d target / d h_t is the total derivative, over all ways from
h_t to the target - directly, and through all later steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.autograd.graph import GradientEdge, get_gradient_edge

from engine.errors import IndexOutOfRange, InputError
from engine.forcing import packaged, states_of
from engine.nodes import is_node, records_of
from engine.ops import RECURRENT
from engine.ops.input import given
from engine.record import LayerRecord, tensors_in, without
from engine.recorder import Call, Recorder
from engine.recurrent_call import Layer, read
from engine.trace import Trace

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Gradients:
    """d target / d everything.

    target: index of the class, token or feature; step: at which the model said it, None where it answers once;
    value: that number, before any softmax. nodes: name -> array of the node's shape, for all nodes of real numbers.
    recurrent: name -> {"x": [step, feature], "h": [layer, direction, step, unit], "c": the same or None, "norms": {"x": [step],
    "h" and "c": [layer, direction, step]}}; x is what reaches the target through this layer alone.
    """

    target: int
    step: int | None
    value: float
    nodes: dict[str, Array] = field(repr=False)
    recurrent: dict[str, dict[str, Any]] = field(repr=False)


def gradients(trace: Trace, target: int, step: int | None = None) -> Gradients:
    """The derivatives of one number of the model's answer. step: None means the last, where there is one per step.

    Raises IndexOutOfRange when the answer has no such step or target.
    """
    with torch.inference_mode(False), torch.enable_grad():
        recorder = _DifferentiableRecorder(trace)
        with recorder:
            answer = next(tensors_in(trace.module(*recorder.inputs)))
        chosen, step = _chosen(answer, target, step)
        return _gradients(trace, recorder, chosen, target, step)


def _chosen(answer: Tensor, target: int, step: int | None) -> tuple[Tensor, int | None]:
    """The one number of the answer, (1, classes) or (1, steps, classes), and its step."""
    values = answer[0] if answer.dim() > 1 and answer.shape[0] == 1 else answer.reshape(-1, answer.shape[-1])
    if values.dim() == 1:
        if not 0 <= target < len(values) or step not in (None, 0):
            raise IndexOutOfRange("answer", (target,) if step is None else (step, target), values.shape)
        return values[target], None
    if values.dim() != 2:
        raise InputError(f"The answer has the shape {tuple(values.shape)}; gradients need (classes,) or (steps, classes).")
    at = values.shape[0] - 1 if step is None else step
    if not (0 <= at < values.shape[0] and 0 <= target < values.shape[1]):
        raise IndexOutOfRange("answer", (at, target), values.shape)
    return values[at, target], at


class _Unrolled(NamedTuple):
    """Where the numbers of an unrolled layer stand in autograd's graph, (layer, direction) in order, then positions."""

    layer: Layer
    x: GradientEdge
    h: list[list[GradientEdge]]
    c: list[list[GradientEdge]]


class _DifferentiableRecorder(Recorder):
    """Notes where each result stands in autograd's graph, at once, so that a later in-place call cannot blur it."""

    def __init__(self, trace: Trace) -> None:
        givens = [record for record in trace if record.function is given]
        self.inputs = [_fresh(record.output.detach().clone()) for record in givens]
        super().__init__({record.name: x for record, x in zip(givens, self.inputs, strict=True)}, givens[0].args[0])
        self.edges = {id(call): edge for call in self.calls if (edge := _edge(call.result))}
        self.unrolled: dict[int, _Unrolled] = {}
        self._forced = [record.forced for record in trace if record.function in RECURRENT]

    def run(self, call: Call) -> Any:
        result = self._unroll(call) if call.function in RECURRENT else _fresh(super().run(call))
        if edge := _edge(call.args[0] if result is None else result):
            self.edges[id(call)] = edge
        return result

    def _unroll(self, call: Call) -> Any:
        layer = read(RECURRENT[call.function], call.function, call.args)
        layer = replace(layer, x=_fresh(layer.x).clone())
        call.forced = self._forced[len(self.unrolled)]
        h, c = states_of(layer, call.forced)
        edges = [[[get_gradient_edge(state) for state in states] for states in each] for each in (h, c)]
        self.unrolled[id(call)] = _Unrolled(layer, get_gradient_edge(layer.x), *edges)
        return packaged(layer, h, c)


def _fresh(result: Any) -> Any:
    """A result with which the graph begins, such as an embedding's: a leaf, handed on as a copy that may be written to."""
    if isinstance(result, Tensor) and result.is_floating_point() and not result.requires_grad:
        return result.requires_grad_().clone()
    return result


def _edge(result: Any) -> GradientEdge | None:
    first = next(tensors_in(result), None)
    return get_gradient_edge(first) if first is not None and first.requires_grad else None


def _gradients(trace: Trace, recorder: _DifferentiableRecorder, chosen: Tensor, target: int, step: int | None) -> Gradients:
    nodes = [call for call in recorder.calls if is_node(call)]
    records = list(records_of(trace.module, recorder.calls))
    shapes = {record.name: (record, recorder.edges.get(id(call))) for record, call in zip(records, nodes, strict=True)}
    unrolled = {
        record.name: recorder.unrolled[id(call)]
        for record, call in zip(records, nodes, strict=True)
        if id(call) in recorder.unrolled
    }
    edges = [edge for _, edge in shapes.values() if edge] + [edge for each in unrolled.values() for edge in _edges(each)]
    found = dict(zip(edges, torch.autograd.grad(chosen, edges, allow_unused=True), strict=True))
    values = {name: _array(found.get(edge) if edge else None, record) for name, (record, edge) in shapes.items()}
    values |= {record.name: np.zeros(record.shape, np.float32) for record in trace if record.name not in values}
    real = {record.name for record in trace if record.output.is_floating_point()}
    return Gradients(
        target=target,
        step=step,
        value=float(chosen.detach()),
        nodes={name: array for name, array in values.items() if name in real},
        recurrent={name: _states(each, found) for name, each in unrolled.items()},
    )


def _edges(unrolled: _Unrolled) -> list[GradientEdge]:
    return [unrolled.x, *(edge for states in (*unrolled.h, *unrolled.c) for edge in states)]


def _array(gradient: Tensor | None, record: LayerRecord) -> Array:
    """The gradient in the node's shape; zeros where the target does not hang on it."""
    return np.zeros(record.shape, np.float32) if gradient is None else without(gradient.numpy(), record.batch_axis)


def _states(unrolled: _Unrolled, found: Mapping[GradientEdge, Tensor | None]) -> dict[str, Any]:
    layer, x = unrolled.layer, found[unrolled.x]
    arrays = {
        "x": np.zeros(tuple(layer.x.shape), np.float32) if x is None else x.numpy(),
        "h": _stack(layer, unrolled.h, found, layer.outputs),
        "c": None if layer.c0 is None else _stack(layer, unrolled.c, found, layer.hidden),
    }
    norms = {name: np.linalg.norm(array, axis=-1) for name, array in arrays.items() if array is not None}
    return {**arrays, "norms": norms}


def _stack(
    layer: Layer, edges: Sequence[Sequence[GradientEdge]], found: Mapping[GradientEdge, Tensor | None], units: int
) -> Array:
    """[layer, direction, step, unit]."""
    nothing = torch.zeros(units)
    rows = [nothing if (gradient := found[edge]) is None else gradient for states in edges for edge in states]
    return torch.stack(rows).numpy().reshape(layer.layers, layer.directions, layer.steps, units)
