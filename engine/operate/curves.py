"""Activations on one's own numbers: y and dy/dx of every cell, and the curve as a line of elementary PyTorch.

Formulas: torch.nn's documentation.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.operate.fields import Field, OperationError, choice, flag, grid, number, seed_field
from engine.operate.operation import Operation, Values, tensor_of
from engine.operate.program import Chance, Name, Program
from engine.ops.activations import SELU_ALPHA, SELU_SCALE

RANKS = (0, 1, 2, 3, 4)
MOST = 1e6  # the largest size of a setting


@dataclass(frozen=True)
class Curve:
    """One activation. function: torch's; fields: its settings by torch's names; plain: the same curve in elementary
    PyTorch, an expression of x in which settings stand in braces."""

    name: str
    function: str
    plain: str
    fields: tuple[Field, ...] = ()


def above_zero(name: str, default: float) -> Field:
    return number(name, 0, MOST, default, above=True)


def anything(name: str, default: float) -> Field:
    return number(name, -MOST, MOST, default)


def slopes() -> Field:
    """One slope for all, or one per channel (the first axis)."""
    inner = grid("weight", (0, 1), required=False)
    legal = "one finite number, or one for each channel, the input's first axis"

    def read(name: str, value: Any) -> Any:
        found = inner.read(name, value)
        if found is not None and not np.isfinite(found).all():
            raise OperationError(
                name, legal, f"weight must be {legal}.", "weight 应是一个有限的数，或每个通道（第一个轴）一个。"
            )
        return np.full(1, 0.25) if found is None else np.atleast_1d(found)

    return Field("weight", legal, read, 0.25, legal_zh="一个有限的数，或每个通道（第一个轴）一个")


EXPM1 = "torch.where(x > 0, x, {alpha} * (torch.exp(x) - 1))"
CURVES = (
    Curve("identity", "", "x"),
    Curve("step", "torch.heaviside", "torch.where(x == 0, {at_zero}, (x > 0) * 1.0)", (number("at_zero", 0, 1, 0.0),)),
    Curve("sigmoid", "torch.sigmoid", "1 / (1 + torch.exp(-x))"),
    Curve("tanh", "torch.tanh", "(torch.exp(x) - torch.exp(-x)) / (torch.exp(x) + torch.exp(-x))"),
    Curve("relu", "F.relu", "torch.clamp(x, min=0)"),
    Curve("leaky_relu", "F.leaky_relu", "torch.where(x > 0, x, {negative_slope} * x)", (anything("negative_slope", 0.01),)),
    Curve("prelu", "F.prelu", "torch.where(x > 0, x, {weight} * x)", (slopes(),)),
    Curve("relu6", "F.relu6", "torch.clamp(x, 0, 6)"),
    Curve(
        "rrelu",
        "F.rrelu",
        "torch.where(x > 0, x, ({lower} + {upper}) / 2 * x)",
        (anything("lower", 1 / 8), anything("upper", 1 / 3), flag("training", False), seed_field()),
    ),
    Curve("elu", "F.elu", EXPM1, (above_zero("alpha", 1.0),)),
    Curve("selu", "F.selu", f"{SELU_SCALE} * torch.where(x > 0, x, {SELU_ALPHA} * (torch.exp(x) - 1))"),
    Curve("celu", "F.celu", "torch.where(x > 0, x, {alpha} * (torch.exp(x / {alpha}) - 1))", (above_zero("alpha", 1.0),)),
    Curve("gelu", "F.gelu", "", (choice("approximate", ("none", "tanh"), "none"),)),
    Curve("silu", "F.silu", "x / (1 + torch.exp(-x))"),
    Curve("mish", "F.mish", "x * torch.tanh(torch.log(1 + torch.exp(x)))"),
    Curve(
        "softplus",
        "F.softplus",
        "torch.where({beta} * x > {threshold}, x, torch.log(1 + torch.exp({beta} * x)) / {beta})",
        (number("beta", 1e-3, 1e3, 1.0), number("threshold", 0, 1e3, 20.0)),
    ),
    Curve("softsign", "F.softsign", "x / (1 + torch.abs(x))"),
    Curve("sinc", "torch.sinc", "torch.where(x == 0, 1.0, torch.sin(x) / x)"),
    Curve(
        "hardtanh",
        "F.hardtanh",
        "torch.clamp(x, {min_val}, {max_val})",
        (anything("min_val", -1.0), anything("max_val", 1.0)),
    ),
    Curve("hardsigmoid", "F.hardsigmoid", "torch.clamp(x + 3, 0, 6) / 6"),
    Curve("hardswish", "F.hardswish", "x * torch.clamp(x + 3, 0, 6) / 6"),
    Curve("logsigmoid", "F.logsigmoid", "-torch.log(1 + torch.exp(-x))"),
    Curve("tanhshrink", "F.tanhshrink", "x - torch.tanh(x)"),
    Curve(
        "softshrink",
        "F.softshrink",
        "torch.sign(x) * torch.clamp(torch.abs(x) - {lambd}, min=0)",
        (number("lambd", 0, MOST, 0.5),),
    ),
    Curve("hardshrink", "F.hardshrink", "torch.where(torch.abs(x) > {lambd}, x, 0.0)", (number("lambd", 0, MOST, 0.5),)),
    Curve(
        "threshold",
        "F.threshold",
        "torch.where(x > {threshold}, x, {value})",
        (anything("threshold", 0.0), anything("value", 0.0)),
    ),
)
GELU = {
    "none": "x * (1 + torch.erf(x / 2**0.5)) / 2",
    "tanh": "x * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (x + 0.044715 * x**3))) / 2",
}


NO_NUMBER = {
    "code": "nan-lost",
    "text": {"en": "torch.heaviside makes 0 of NaN.", "zh": "torch.heaviside 把 NaN 变成 0。"},
}


def build(values: Values, curve: Curve) -> Program:
    """The one call; a batch of one where torch would take the first axis for it, or where nothing is computed."""
    settings = {field.name: values[field.name] for field in curve.fields}
    check_order(settings)
    if not curve.function:
        return Program({"x": tensor_of(values["input"][None], values)}, pick=(0,))
    if curve.name == "prelu":
        return build_prelu(values)
    if curve.name == "rrelu":
        return build_rrelu(values, settings)
    program = Program({"x": tensor_of(values["input"], values)})
    if curve.name == "sinc":  # torch's has its zeros at the whole numbers, the activation's at multiples of pi
        program.add("turns", "torch.div", _0=Name("x"), _1=math.pi)
        return program.add("output", curve.function, _0=Name("turns"))
    if curve.name == "step":
        program.facts["flat"] = True
        if np.isnan(values["input"]).any():
            program.notes.append(NO_NUMBER)
        program.tensors["at_zero"] = torch.tensor(settings["at_zero"], dtype=program.tensors["x"].dtype)
        return program.add("output", curve.function, _0=Name("x"), _1=Name("at_zero"))
    return program.add("output", curve.function, _0=Name("x"), **settings)


def check_order(settings: Values) -> None:
    """The ends of a range in their order; raises OperationError."""
    for low, high in (("min_val", "max_val"), ("lower", "upper")):
        if low in settings and settings[low] > settings[high]:
            legal, lowest = f"a number from {low}, {settings[low]:g}, up", f"{settings[low]:g}"
            en = f"{high} must be {legal}; got {settings[high]:g}."
            raise OperationError(high, legal, en, f"{high} 应不小于 {low}（{lowest}），现在是 {settings[high]:g}。")


def build_rrelu(values: Values, settings: Values) -> Program:
    """In training the slopes are drawn after the seed is set; at inference chance plays no part."""
    if not settings["training"]:
        program = Program({"x": tensor_of(values["input"], values)})
    else:
        program = Chance({"x": tensor_of(values["input"], values)}).add("generator", "torch.manual_seed", _0=settings["seed"])
    slopes = {key: settings[key] for key in ("lower", "upper", "training")}
    return program.add("output", "F.rrelu", _0=Name("x"), **slopes)


def build_prelu(values: Values) -> Program:
    """torch takes the second axis for the channels, so the request's first one comes after a batch of one."""
    x, weight = values["input"], values["weight"]
    if weight.size > 1 and (x.ndim == 0 or weight.size != len(x)):
        legal = f"one number, or {len(x) if x.ndim else 1}, one for each channel"
        zh = f"weight 应有 1 个或 {len(x) if x.ndim else 1} 个数（每个通道一个），现在有 {weight.size} 个。"
        raise OperationError("weight", legal, f"weight must be {legal}; got {weight.size}.", zh)
    program = Program({"x": tensor_of(x[None], values), "weight": tensor_of(weight, values)}, pick=(0,))
    return program.add("output", "F.prelu", _0=Name("x"), _1=Name("weight"))


def derivative(program: Program) -> Tensor:
    """dy/dx of every cell by autograd, in the input's shape with its batch; a jump has the slope 0 of its two sides.

    Every output depends on its own input alone, so the gradient of the sum is the derivative, and NaN stays in its cell.
    """
    x = program.tensors["x"]
    if program.facts.get("flat"):
        return torch.zeros_like(x)
    with torch.inference_mode(False), torch.enable_grad():
        leaf = x.detach().clone().requires_grad_()
        result: Tensor = program.run(x=leaf)[program.last]
        (found,) = torch.autograd.grad(result.sum(), leaf)
    return found


def describe(curve: Curve) -> Callable[..., dict[str, Any]]:
    """dy/dx, and the curve written out with its settings."""

    def told(values: Values, program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
        slope = derivative(program)
        plain = GELU[values["approximate"]] if curve.name == "gelu" else curve.plain
        weights = {field.name: values[field.name] for field in curve.fields}
        if curve.name == "prelu":
            weights["weight"] = float(values["weight"][0]) if values["weight"].size == 1 else "weight"
        if values.get("training"):  # the slopes that were drawn are the derivatives
            plain = "torch.where(x > 0, x, slope * x)"
        return {"derivative": slope[program.pick] if program.pick else slope, "plain": plain.format(**weights)}

    return told


def operation(curve: Curve) -> Operation:
    """One activation as an operation."""
    fields = (grid("input", RANKS), *curve.fields)
    return Operation(curve.name, fields, lambda values: build(values, curve), describe(curve), labs=("activation",))


OPERATIONS = tuple(operation(curve) for curve in CURVES)
