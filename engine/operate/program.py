"""A few lines of PyTorch as data: what is run and recorded is what is written down, so the exported code cannot differ."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.recorder import Recorder
from engine.trace import Trace

CHANCE = threading.Lock()  # torch's generator is one for the whole process


@dataclass(frozen=True)
class Name:
    """A variable of the program, where an argument is meant to be one."""

    name: str


@dataclass(frozen=True)
class Line:
    """`target = function(**arguments)`; arguments are names of variables, numbers, tuples, words or None.
    A target such as "output, indices" takes a pair apart."""

    target: str
    function: str
    arguments: dict[str, Any]

    @property
    def targets(self) -> list[str]:
        return self.target.split(", ")

    @property
    def text(self) -> str:
        positional = [_literal(value) for key, value in self.arguments.items() if not key.isidentifier()]
        named = [f"{key}={_literal(value)}" for key, value in self.arguments.items() if key.isidentifier()]
        return f"{self.target} = {self.function}({', '.join(positional + named)})"


@dataclass
class Program:
    """Tensors by name, the lines that work on them, and which part of the last result is the output.

    Argument keys that are no identifiers ("0", "1") are positional. pick: leading indices taken from the last result.
    """

    tensors: dict[str, Tensor]
    lines: list[Line] = field(default_factory=list)
    pick: tuple[int, ...] = ()
    notes: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)  # what building found out and describing tells
    elementwise: bool = False  # every line works number by number, each with a variable of its own

    def add(self, target: str, function: str, **arguments: Any) -> Program:
        """One more line; `_0=x` stands for a positional argument."""
        named = {key[1:] if key.startswith("_") and key[1:].isdigit() else key: value for key, value in arguments.items()}
        self.lines.append(Line(target, function, named))
        return self

    def run(self, **replaced: Tensor) -> dict[str, Any]:
        """All variables after the last line; `replaced` tensors stand in for the program's own, for derivatives."""
        variables: dict[str, Any] = {**self.tensors, **replaced}
        for line in self.lines:
            function = _function(line.function)
            values = {key: _value(value, variables) for key, value in line.arguments.items()}
            positional = [value for key, value in values.items() if not key.isidentifier()]
            result = function(*positional, **{k: v for k, v in values.items() if k.isidentifier()})
            parts = result if len(line.targets) > 1 else (result,)
            variables |= zip(line.targets, parts, strict=True)
        return variables

    def trace(self) -> tuple[Trace, dict[str, Any]]:
        """The run under the recorder, and all variables. The first tensor is the node "input"."""
        first = next(iter(self.tensors.values()))
        batch = 0 if first.shape[:1] == (1,) else None
        with torch.inference_mode(), Recorder({"input": first}, batch) as recorder:
            variables = self.run()
        return Trace(nn.Module(), recorder.calls), variables

    def output(self, variables: dict[str, Any]) -> Tensor:
        """The result without the batch, and without the channel where the request had none."""
        result: Tensor = variables[self.last]
        return result[self.pick] if self.pick else result

    def chain(self, variables: dict[str, Any], place: tuple[int, ...]) -> list[dict[str, Any]]:
        """Every line on the way to one number of an elementwise program: its operands there, and what came out."""

        def told(key: str, value: Any) -> dict[str, Any]:
            found = _value(value, variables)
            name = value.name if isinstance(value, Name) else key if key.isidentifier() else ""
            return {"name": name, "value": float(found[place]) if isinstance(found, Tensor) else found}

        return [
            {
                "name": line.target,
                "function": line.function,
                "operands": [told(key, value) for key, value in line.arguments.items()],
                "result": float(variables[line.target][place]),
            }
            for line in self.lines
        ]

    @property
    def last(self) -> str:
        """The variable that holds the result."""
        return self.lines[-1].targets[0] if self.lines else next(iter(self.tensors))

    @property
    def code(self) -> str:
        """Lines that stand by themselves; executed, they leave the answer in `output`."""
        tensors = [f"{name} = {_tensor(tensor)}" for name, tensor in self.tensors.items()]
        lines = [line.text for line in self.lines]
        pick = f"[{', '.join(map(str, self.pick))}]" if self.pick else ""
        end = [] if self.last == "output" and not pick else [f"output = {self.last}{pick}"]
        imports = ["import torch"] + (["import torch.nn.functional as F"] if any("F." in line for line in lines) else [])
        return "\n".join([*imports, "", *tensors, "", *lines, *end, "print(output)", ""])


@dataclass
class Chance(Program):
    """A program that sets torch's seed: alone while it runs, and the generator stands afterwards where it stood before."""

    def run(self, **replaced: Tensor) -> dict[str, Any]:
        with CHANCE, torch.random.fork_rng(devices=[]):
            return super().run(**replaced)


def _function(path: str) -> Any:
    found: Any = {"F": F, "torch": torch}[path.split(".", maxsplit=1)[0]]
    for part in path.split(".")[1:]:
        found = getattr(found, part)
    return found


def _value(value: Any, variables: dict[str, Any]) -> Any:
    if isinstance(value, Name):
        return variables[value.name]
    if isinstance(value, list):
        return [_value(part, variables) for part in value]
    return value


def _literal(value: Any) -> str:
    if isinstance(value, Name):
        return value.name
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return _word(value) if isinstance(value, float) else repr(value)


def _word(value: float) -> str:
    return repr(value) if math.isfinite(value) else f'float("{value}")'


def _tensor(tensor: Tensor) -> str:
    """torch.tensor([[...]], dtype=...), every number in full."""
    values = tensor.detach().numpy()
    dtype = "" if tensor.dtype == torch.int64 else f", dtype={tensor.dtype}"
    return f"torch.tensor({_nested(values)}{dtype})"


def _nested(values: np.ndarray[Any, Any]) -> str:
    if values.ndim == 0:
        number = values.item()
        if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
            return f"{int(number)}." if math.copysign(1, number) > 0 or number else "-0."
        return _word(number) if isinstance(number, float) else repr(number)
    return f"[{', '.join(_nested(part) for part in values)}]"
