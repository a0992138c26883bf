"""Partial derivatives of a polynomial of several variables: each a difference quotient with the others held still, beside
the formula's value and autograd's."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.operate.difference import ENDS, LOST, SCHEMES, add_quotient, numbers_field, step_field
from engine.operate.fields import Array, Field, OperationError, choice, grid
from engine.operate.operation import Operation, Values, tensor_of
from engine.operate.program import Name, Program

MOST_POWER, MOST_TERMS, MOST_VARIABLES = 9, 12, 4
COURSE = [[1, 2, 0, 0], [3, 1, 1, 0], [1, 0, 2, 0], [1, 0, 0, 3]]  # x^2 + 3xy + y^2 + z^3


def terms_field() -> Field:
    """Rows of a coefficient and the power of every variable."""
    legal = f"a list of at most {MOST_TERMS} terms, each a finite coefficient and a power from 0 to {MOST_POWER} per variable"
    legal_zh = f"最多 {MOST_TERMS} 项的列表，每项是一个有限的系数和每个变量的次数（0 到 {MOST_POWER} 的整数）"

    def fits(terms: Array) -> bool:
        powers = terms[:, 1:]
        sizes = len(terms) <= MOST_TERMS and 1 <= powers.shape[1] <= MOST_VARIABLES
        return sizes and bool(np.isfinite(terms).all() and np.isin(powers, range(MOST_POWER + 1)).all())

    return numbers_field("terms", (2,), COURSE, legal, legal_zh, fits)


def build(values: Values) -> Program:
    """Row i of `ahead` is the point with its i-th number moved by h; f of all rows at once."""
    point, terms = values["input"], values["terms"]
    count = terms.shape[1] - 1
    if len(point) != count:
        zh = f"input 应有 {count} 个数，每个变量一个，现在有 {len(point)} 个。"
        legal = f"a list of {count} numbers, one for each variable of the terms"
        raise OperationError("input", legal, f"input must be {legal}; got {len(point)}.", zh)
    program = Program({"x": tensor_of(point, values), "h": tensor_of(values["h"], values)}, facts={"fixed": ("one",)})
    program.tensors["one"] = tensor_of(np.eye(count), values)
    program.tensors["coefficients"] = tensor_of(terms[:, 0], values)
    program.tensors["powers"] = torch.from_numpy(terms[:, 1:].astype(np.int64))
    program.add("moved", "torch.mul", _0=Name("one"), _1=Name("h"))
    return add_quotient(program, values["scheme"], "moved", lambda place, target: add_terms(program, place, target))


def add_terms(program: Program, place: str, target: str) -> str:
    """Lines for the sum of coefficient times the product of powers, for one point or for rows of them."""
    program.add("raised", "torch.unsqueeze", _0=Name(place), dim=-2)
    program.add("raised", "torch.pow", _0=Name("raised"), _1=Name("powers"))
    program.add("products", "torch.prod", _0=Name("raised"), dim=-1)
    return program.add(target, "torch.matmul", _0=Name("products"), _1=Name("coefficients")).last


def autograd(program: Program) -> tuple[Tensor, Tensor]:
    """f at the point, and its gradient."""
    with torch.inference_mode(False), torch.enable_grad():
        leaf = program.tensors["x"].detach().clone().requires_grad_()
        plain = Program({**program.tensors, "x": leaf})
        add_terms(plain, "x", "f")
        value: Tensor = plain.run(x=leaf)["f"]
        (found,) = torch.autograd.grad(value, leaf)
    return value.detach(), found


def derived(terms: Array, variable: int) -> Array:
    """The terms of the partial derivative: c x^k becomes k c x^(k-1), and what does not hold the variable is gone."""
    power = terms[:, 1 + variable]
    kept = terms[(power > 0) & (terms[:, 0] != 0)].copy()
    kept[:, 0] *= kept[:, 1 + variable]
    kept[:, 1 + variable] -= 1
    return kept


def valued(terms: Array, point: Array) -> float:
    """The terms' sum at the point, in float64."""
    return float((terms[:, 0] * np.prod(point ** terms[:, 1:], axis=1)).sum())


def describe(values: Values, program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """Where f was taken and what it is there, the terms of every partial derivative with their value, and autograd's."""
    ends, facts, point = ENDS[values["scheme"]], program.facts, values["input"]
    if bool((variables[ends[0]] == variables[ends[1]]).all(-1).any()):
        program.notes.append(LOST)
    formulas = [derived(values["terms"], i) for i in range(len(point))]
    value, gradient = autograd(program)
    return {
        "places": {name: variables[name] for name in ends},
        "values": {end: variables[facts[side]] for end, side in zip(ends, ("upper", "lower"), strict=True)},
        "value": value,
        "rise": variables["rise"],
        "run": variables.get("run", variables["h"]),
        "formulas": [{"terms": terms, "value": valued(terms, point)} for terms in formulas],
        "autograd": gradient,
    }


OPERATIONS = (
    Operation(
        "partial_derivatives",
        (grid("input", (1,)), terms_field(), step_field((0,)), choice("scheme", SCHEMES, "forward")),
        build,
        describe,
        labs=("activation",),
    ),
)
