"""Recorders that change a run: recurrent layers under interventions, run step by step so that what is forced takes part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from engine.ablation import Force, Intervention, check
from engine.errors import UnknownNode
from engine.nodes import Names, is_node
from engine.ops import RECURRENT
from engine.record import tensors_in
from engine.recorder import Call, Recorder
from engine.recurrent import unroll
from engine.recurrent_call import Layer, read


class ForcingRecorder(Recorder):
    """Recurrent calls of the named nodes run step by step under their interventions; the rest runs as ever."""

    def __init__(
        self, module: nn.Module, inputs: Mapping[str, Tensor], batch_axis: int, interventions: Sequence[Intervention]
    ) -> None:
        super().__init__(inputs, batch_axis)
        self._names = Names(module)
        for name in inputs:
            self._names.numbered(name)
        self._interventions = interventions
        self._recurrent: set[str] = set()

    def __exit__(self, *exception: Any) -> None:
        super().__exit__(*exception)
        for each in self._interventions:
            if exception[0] is None and each.node not in self._recurrent:
                raise UnknownNode(each.node, self._recurrent)

    def run(self, call: Call) -> Any:
        if call.function not in RECURRENT:
            call.result = super().run(call)
            if is_node(call):
                self._names(call.path, call.function)
            return call.result
        node = self._names(call.path, call.function)
        self._recurrent.add(node)
        call.forced = tuple(each for each in self._interventions if each.node == node)
        if not call.forced:
            return super().run(call)
        return forced_run(read(RECURRENT[call.function], call.function, call.args), call.forced)


class ForcingDecoder(Recorder):
    """The same while a model writes its own next input. A call that starts from the state in which an earlier one ended
    goes on counting its steps: that is how a decoder works, one token after the other."""

    def __init__(self, interventions: Sequence[Intervention]) -> None:
        super().__init__({})
        self._interventions = interventions
        self._reached: dict[int, int] = {}  # id of a last h -> steps up to there; the recorder keeps the tensors alive

    def run(self, call: Call) -> Any:
        forced = tuple(each for each in self._interventions if each.node == call.path)
        if call.function not in RECURRENT or not forced:
            return super().run(call)
        layer = read(RECURRENT[call.function], call.function, call.args)
        start = next(tensors_in(call.args[1 if not layer.packed else 2]))
        first = self._reached.get(id(start), 0)
        result = forced_run(layer, forced, first)
        self._reached[id(list(tensors_in(result))[0 if layer.single else 1])] = first + layer.steps
        return result


def recorder_for(
    module: nn.Module, inputs: Mapping[str, Tensor], batch_axis: int, interventions: Sequence[Intervention]
) -> Recorder:
    """The recorder of a run; one that forces only where something is to be forced."""
    return ForcingRecorder(module, inputs, batch_axis, interventions) if interventions else Recorder(inputs, batch_axis)


@contextmanager
def forcing_decoder(interventions: Sequence[Intervention]) -> Iterator[None]:
    """While a model writes its own next input, the same is forced as in the run that follows."""
    if not interventions:
        yield
        return
    with ForcingDecoder(interventions):
        yield


def forced_run(layer: Layer, forced: Sequence[Intervention], first: int = 0) -> Any:
    """What torch's call would return, with gates or states forced. first: position of its first step in the sequence."""
    for each in forced:
        check(each, layer)
    states = states_of(layer, forced, first)
    return packaged(layer, *states)


def states_of(
    layer: Layer, forced: Sequence[Intervention] = (), first: int = 0
) -> tuple[list[list[Tensor]], list[list[Tensor]]]:
    """h and c of every (layer, direction) in order, each a list over positions; c's lists are empty where there is no c."""
    all_h: list[list[Tensor]] = []
    all_c: list[list[Tensor]] = []
    x = layer.x
    for depth in range(layer.layers):
        for direction in range(layer.directions):
            h, c = unroll(layer, depth, direction, x, Force(forced, layer, (depth, direction), first))
            all_h.append(h)
            all_c.append(c)
        x = torch.cat([torch.stack(h) for h in all_h[-layer.directions :]], dim=1)
    return all_h, all_c


def packaged(layer: Layer, all_h: list[list[Tensor]], all_c: list[list[Tensor]]) -> Any:
    """The states in the form in which torch's own call returns its outputs and last states."""
    last_h = torch.stack([h[layer.order(d)[-1]] for (_, d), h in zip(layer.places, all_h, strict=True)])
    last_c = None
    if layer.c0 is not None:
        last_c = torch.stack([c[layer.order(d)[-1]] for (_, d), c in zip(layer.places, all_c, strict=True)])
    if layer.single:
        return last_h if last_c is None else (last_h, last_c)
    output = torch.cat([torch.stack(h) for h in all_h[-layer.directions :]], dim=1)
    if layer.batch_axis is not None:
        output = output.unsqueeze(layer.batch_axis)
    finals = (last_h[:, None],) if last_c is None else (last_h[:, None], last_c[:, None])
    return (output, *finals)
