"""What the table of operations holds for each: its fields, how a request becomes a program, what is told beside the output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from engine.operate.fields import Array, Field
from engine.operate.program import Program

Values = dict[str, Any]
Describe = Callable[[Values, Program, dict[str, Any], frozenset[str]], dict[str, Any]]


def nothing_more(values: Values, program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """For operations of which nothing more is told."""
    return {}


@dataclass(frozen=True)
class Operation:
    """name: torch's; build: fields' values -> program, raising OperationError; describe: what is answered beside the output
    (tensors, arrays, numbers); includes: what may be asked for in `include`; labs: the pages that show it."""

    name: str
    fields: tuple[Field, ...]
    build: Callable[[Values], Program]
    describe: Describe = nothing_more
    includes: tuple[str, ...] = ()
    labs: tuple[str, ...] = ()


def tensor_of(values: Array, request: Values) -> Tensor:
    """As a tensor of the precision asked for."""
    return torch.from_numpy(values.copy()).to(torch.float32 if request.get("dtype") == "float32" else torch.float64)
