"""`operate(op, request)`: one operation on the caller's own small arrays, run by torch under the recorder, told in full.

found = engine.operate("conv2d", {"input": [[1, 2], [3, 4]], "kernel": [[1, 0], [0, 1]]})
found.output            # the result: a tensor of the input's rank
found.explanation((0, 0)).terms
exec(found.code)        # PyTorch alone, prints the same numbers
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.errors import EngineError
from engine.explain import Step, explain, steps
from engine.explanation import Explanation
from engine.operate import conv, counting, curves, difference, gated, losses, norms, partials, pixels, pool, resample, unpool
from engine.operate.fields import Array, Field, OperationError, choice, grid, read_fields
from engine.operate.operation import Operation
from engine.operate.program import Program
from engine.record import LayerRecord
from engine.trace import Trace

MODULES = (conv, counting, pixels, pool, resample, unpool, curves, gated, difference, partials, losses, norms)
OPERATIONS: dict[str, Operation] = {operation.name: operation for module in MODULES for operation in module.OPERATIONS}

COMMON = (choice("dtype", ("float64", "float32"), "float64"), grid("grad_output", (0, 1, 2, 3, 4), required=False))
MAX_STEPS = 4096


class UnknownOperation(EngineError):
    """There is no such operation."""

    code = "unknown-operation"

    def __init__(self, op: str) -> None:
        near = get_close_matches(op, OPERATIONS, n=3, cutoff=0.5) or sorted(OPERATIONS)
        super().__init__(f"There is no operation '{op[:60]}'; try {', '.join(near)}.")


@dataclass
class Operated:
    """What came of one operation. Indices and shapes have the rank of `output`."""

    op: str
    program: Program
    trace: Trace
    output: Tensor
    more: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def code(self) -> str:
        return self.program.code

    @property
    def notes(self) -> list[dict[str, Any]]:
        return self.program.notes

    @cached_property
    def record(self) -> LayerRecord:
        """The recorded call that made the output."""
        return self.trace.records[-1]

    @property
    def formula(self) -> str:
        """What its formula is called: the operation's name, but where it has several."""
        return str(self.program.facts.get("formula", self.record.op))

    def place(self, index: Sequence[int]) -> tuple[int, ...]:
        """An index into `output` as the record counts it: with the channel that a plain grid leaves out, and without
        the batch of one that a record leaves out."""
        more = len(self.record.shape) - len(index)
        return (0,) * more + tuple(index) if more >= 0 else tuple(index[-more:])

    def index(self, place: Sequence[int]) -> tuple[int, ...]:
        """The same the other way: an index of the record as one into `output`."""
        more = self.output.dim() - len(place)
        return (0,) * more + tuple(place) if more >= 0 else tuple(place[-more:])

    def explanation(self, index: Sequence[int]) -> Explanation:
        """The terms behind one number; raises IndexOutOfRange."""
        return explain(self.trace, self.record.name, self.place(index))

    def chain(self, index: Sequence[int]) -> list[dict[str, Any]]:
        """Every line of the program at one number, where all of them work number by number; else nothing."""
        return self.program.chain(self.variables, (*self.program.pick, *index)) if self.program.elementwise else []

    def steps(self, start: int = 0, count: int = MAX_STEPS) -> list[Step]:
        """The scan in order, one step per output element."""
        found: list[Step] = []
        while len(found) < count and start + len(found) < self.output.numel():
            found += steps(self.trace, self.record.name, start + len(found), count - len(found)).steps
        return found


def operation(op: str) -> Operation:
    """The operation of that name; raises UnknownOperation."""
    if op not in OPERATIONS:
        raise UnknownOperation(op)
    return OPERATIONS[op]


def fields_of(op: str) -> tuple[Field, ...]:
    """Every field that a request may have."""
    return (*operation(op).fields, *COMMON)


def operate(op: str, request: Mapping[str, Any], include: Sequence[str] = ()) -> Operated:
    """Run one operation on nested lists of numbers, in float64 unless asked otherwise.

    include: what more to tell, of the operation's `includes` and "gradients". Raises UnknownOperation, OperationError.
    """
    chosen = operation(op)
    values = read_fields(op, fields_of(op), request)
    known = ("gradients", *chosen.includes)
    for part in include:
        if part not in known:
            raise OperationError(
                "include",
                f"of {', '.join(known)}",
                f"include={str(part)[:40]!r} is unknown to {op}; it knows {', '.join(known)}.",
                f"{op} 的 include 没有 {str(part)[:40]!r}；它有 {', '.join(known)}。",
            )
    program = chosen.build(values)
    trace, variables = program.trace()
    if program.facts.get("padded"):
        call_by_its_answer(trace)
    more = chosen.describe(values, program, variables, frozenset(include))
    if "gradients" in include:
        found = gradients(program, values["grad_output"])
        own = {} if values["grad_output"] is not None else more.get("gradients", {})  # where autograd has no number
        more["gradients"] = dict(as_given(name, gradient, values) for name, gradient in found.items()) | own
    return Operated(op, program, trace, program.output(variables), more, variables)


def call_by_its_answer(trace: Trace) -> None:
    """The border's node bears the name that the answer has for its values, so that the sources of terms lead there."""
    read = trace.records[-1].inputs[0]
    next(record for record in trace.records if record.name == read).name = "padded"


def gradients(program: Program, grad_output: Array | None = None) -> dict[str, Tensor]:
    """d sum(output * grad_output) / d every floating tensor of the program, by autograd; without it, of the plain sum."""
    if program.facts.get("flat"):  # a step: 0 on both sides, and autograd has no derivative
        return {name: torch.zeros_like(tensor) for name, tensor in program.tensors.items()}
    with torch.inference_mode(False), torch.enable_grad():
        leaves = {
            name: tensor.detach().clone().requires_grad_()
            for name, tensor in program.tensors.items()
            if tensor.is_floating_point() and name not in program.facts.get("fixed", ())
        }
        output = program.output(program.run(**leaves))
        total = output.sum() if grad_output is None else (output * weights_of(grad_output, output)).sum()
        if not total.requires_grad:
            return {}
        found = torch.autograd.grad(total, list(leaves.values()), allow_unused=True, materialize_grads=True)
    return dict(zip(leaves, found, strict=True))


def as_given(name: str, gradient: Tensor, values: Mapping[str, Any]) -> tuple[str, Tensor]:
    """Under the request's name and in its shape: without the batch and the channels that a plain grid leaves out."""
    field = name if name in values else {"x": "input", "weight": "kernel", "W": "weight"}.get(name, name)
    given = values.get(field)
    if isinstance(given, np.ndarray) and given.size == gradient.numel():
        return field, gradient.reshape(given.shape)
    return field, gradient


def weights_of(grad_output: Array, output: Tensor) -> Tensor:
    """The gradient that arrives from above, in the output's shape."""
    if grad_output.shape != tuple(output.shape):
        legal = f"in the output's shape, {' x '.join(map(str, output.shape)) or 'one number'}"
        zh = f"grad_output 的大小应与输出相同：{' x '.join(map(str, output.shape)) or '一个数'}。"
        raise OperationError("grad_output", legal, f"grad_output must be {legal}; got {grad_output.shape}.", zh)
    return torch.from_numpy(grad_output).to(output.dtype)


__all__ = ["COMMON", "OPERATIONS", "Operated", "OperationError", "UnknownOperation", "fields_of", "operate", "operation"]
