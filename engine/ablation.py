"""Interventions: a gate of a recurrent layer forced to a value, or a state pinned, in a real run of the same model.

engine.trace(model, x, interventions=[Intervention("lstm", gate="f", value=1.0)])     never forgets
engine.trace(model, x, interventions=[Intervention("lstm", state="c", units=(3,), value=0.0)])     unit 3 remembers nothing
Everything after the forced number sees it: later steps, later layers, the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.errors import InputError

if TYPE_CHECKING:
    from engine.recurrent_call import Layer


@dataclass(frozen=True)
class Intervention:
    """What is forced: a gate (after its squashing) or a state (after the update), for some units at some steps.

    steps: (start, stop) counts positions in the sequence, in both directions alike; None means all, as for units.
    """

    node: str
    layer: int = 0
    direction: int = 0
    gate: str | None = None
    value: float = 1.0
    units: tuple[int, ...] | None = None
    steps: tuple[int, int] | None = None
    state: str | None = None

    @property
    def name(self) -> str:
        """Of the gate or the state."""
        return self.gate or self.state or ""


class Force:
    """The interventions upon one layer and direction, ready to be applied to one step or to all steps at once."""

    def __init__(self, interventions: Iterable[Intervention], layer: Layer, place: tuple[int, int], first: int = 0) -> None:
        """first: the position of the layer's first step, for a decoder that is called once per step."""
        self._pins: dict[str, tuple[Tensor, Tensor]] = {}
        for each in interventions:
            if (each.layer, each.direction) == place:
                self._pin(each, layer, first)

    def _pin(self, each: Intervention, layer: Layer, first: int) -> None:
        width = layer.outputs if each.state == "h" else layer.hidden
        if each.name not in self._pins:
            shape = (layer.steps, width)
            self._pins[each.name] = torch.zeros(shape, dtype=torch.bool), torch.zeros(shape, dtype=torch.float64)
        chosen, values = self._pins[each.name]
        start, stop = (0, layer.steps) if each.steps is None else (max(0, bound - first) for bound in each.steps)
        units = list(range(width)) if each.units is None else list(each.units)
        chosen[start:stop, units] = True
        values[start:stop, units] = each.value

    def __call__(self, name: str, values: Tensor, step: int | None = None) -> Tensor:
        """The values, (units,) of one step or (steps, units), with the forced ones in their place."""
        if name not in self._pins:
            return values
        chosen, forced = self._pins[name] if step is None else (each[step] for each in self._pins[name])
        return torch.where(chosen, forced.to(values.dtype), values)

    def __bool__(self) -> bool:
        return bool(self._pins)

    def value(self, name: str, step: int, unit: int) -> float:
        """What is forced there."""
        return float(self._pins[name][1][step, unit])

    def holds(self, name: str, step: int, unit: int) -> bool:
        """Whether this gate or state of this unit is forced at this step."""
        return name in self._pins and bool(self._pins[name][0][step, unit])


def check(intervention: Intervention, layer: Layer) -> None:
    """InputError when the layer has no such gate, state, unit or step; a sentence that says what it has."""
    each, cell = intervention, layer.cell
    states = ("c", "h") if layer.c0 is not None else ("h",)
    if (each.gate is None) == (each.state is None):
        raise InputError("Force either a gate or a state: give one of `gate` and `state`.")
    if each.gate is not None and each.gate not in cell.gate_names:
        raise InputError(f"'{each.node}' has the gates {', '.join(cell.gate_names)}; '{each.gate}' is none of them.")
    if each.state is not None and each.state not in states:
        raise InputError(f"'{each.node}' has the states {', '.join(states)}; '{each.state}' is none of them.")
    if not (0 <= each.layer < layer.layers and 0 <= each.direction < layer.directions):
        raise InputError(f"'{each.node}' has layers 0..{layer.layers - 1} and directions 0..{layer.directions - 1}.")
    if not abs(each.value) <= 1e6:
        raise InputError("Force a number between -1000000 and 1000000.")
    width = layer.outputs if each.state == "h" else layer.hidden
    if any(not 0 <= unit < width for unit in each.units or ()):
        raise InputError(f"'{each.node}' has the units 0..{width - 1}.")
    if each.steps is not None and not 0 <= each.steps[0] < each.steps[1]:
        raise InputError("Steps are (start, stop) with 0 <= start < stop; stop is the first step that is free again.")
