"""The operands of an operation on several tensors: numbers of other nodes, parameters, constants, broadcast as torch does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from engine.ops.windows import block

if TYPE_CHECKING:
    from engine.record import LayerRecord, Origin

Place = tuple[int, ...]


@dataclass(frozen=True)
class Operand:
    """One argument. values: as torch has them, the batch included; label: "" where the values are a node's."""

    values: NDArray[Any]
    origin: Origin | None
    label: str

    def place(self, full: Sequence[int]) -> Place:
        """Which of its elements meets an element of the broadcast result, counted as torch does."""
        shape = self.values.shape
        return tuple(0 if size == 1 else i for i, size in zip(full[len(full) - len(shape) :], shape, strict=True))

    def source(self, place: Place) -> Place:
        """The same as the node that it comes from counts; () for parameters and constants."""
        return self.origin.strip(place) if self.origin else ()

    def value(self, place: Place) -> float:
        return float(self.values[place])

    def block(self, places: Sequence[Place]) -> dict[str, Any]:
        """The smallest block of the node that holds these elements."""
        assert self.origin is not None
        sources = np.array([self.origin.place(self.source(place)) for place in places])
        ends = zip(sources.min(axis=0).tolist(), sources.max(axis=0).tolist(), strict=True)
        return block(self.origin.name, [range(low, high + 1) for low, high in ends])


def operand(record: LayerRecord, argument: Any) -> Operand:
    """A tensor of the run, a parameter under its name, or a plain number."""
    if not isinstance(argument, Tensor):
        return Operand(np.asarray(argument, dtype=np.float64), None, "constant")
    origin = record.origin(argument)
    label = "" if origin else record.parameter_name(argument) or "constant"
    return Operand(argument.detach().numpy(), origin, label)


def blocks(places: Sequence[tuple[Operand, Sequence[Place]]]) -> list[dict[str, Any]]:
    """The window of an operation on several nodes: one block per operand that is a node's."""
    return [each.block(where) for each, where in places if each.origin is not None and where]
