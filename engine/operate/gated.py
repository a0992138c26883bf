"""The gated linear unit on one's own numbers: which half is the value, which the gate, and how far each gate stands open."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from engine.operate.curves import derivative
from engine.operate.fields import OperationError, grid, whole
from engine.operate.losses import axis_of
from engine.operate.operation import Operation, Values, tensor_of
from engine.operate.program import Name, Program


def build(values: Values) -> Program:
    """a sigmoid(b), a and b the halves of the input along an axis; raises OperationError where it cannot be halved."""
    axis = axis_of(values)
    length = values["input"].shape[axis]
    if length % 2:
        legal = f"an even number of cells long along dim {values['dim']}, so that it can be halved"
        zh = f"input 沿 dim {values['dim']} 的长度应是偶数才能分成两半，现在是 {length}。"
        raise OperationError("input", legal, f"input must be {legal}; got {length}.", zh)
    program = Program({"x": tensor_of(values["input"], values)}, facts={"axis": axis, "half": length // 2})
    return program.add("output", "F.glu", _0=Name("x"), dim=values["dim"])


def describe(values: Values, program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """Both halves, the open gates, d y / d input in the input's shape (every number belongs to one output only), and the
    operation as a line of elementary PyTorch."""
    x: Tensor = variables["x"]
    axis, half = program.facts["axis"], program.facts["half"]
    value, gate = torch.split(x, half, axis)
    plain = f"torch.narrow(x, {axis}, 0, {half}) / (1 + torch.exp(-torch.narrow(x, {axis}, {half}, {half})))"
    return {
        "value": value,
        "gate": gate,
        "open": torch.sigmoid(gate),
        "derivative": derivative(program),
        "plain": plain,
    }


OPERATIONS = (Operation("glu", (grid("input", (1, 2, 3, 4)), whole("dim", -4, 3, -1)), build, describe, labs=("activation",)),)
