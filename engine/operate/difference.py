"""The derivative as a difference quotient: forward, backward and central, of polynomials and of every activation.

Orders of the truncation, and the step that balances it against rounding: Press et al., "Numerical Recipes", 3rd edition, 5.7.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.operate.curves import CURVES, Curve, anything, check_order
from engine.operate.fields import Array, Field, OperationError, array_of, choice, grid
from engine.operate.operation import Operation, Values, tensor_of
from engine.operate.program import Name, Program

LEAST_STEP, LARGEST_STEP, MOST_TERMS = 1e-30, 100, 10
SCHEMES = ("forward", "backward", "central")
ERROR_STEPS = 10 ** (-np.arange(0, 65) / 4)  # 1 .. 1e-16, four to a power of ten
NOT_HERE = ("training", "seed", "weight")  # prelu's weight is one number here

GATE = Curve("glu", "", "x / (1 + torch.exp(-{b}))", (anything("b", 0.0),))
OF = {curve.name: curve for curve in (*CURVES, GATE)}
SETTINGS: dict[str, dict[str, Field]] = {
    "polynomial": {},
    **{name: {field.name: field for field in curve.fields if field.name not in NOT_HERE} for name, curve in OF.items()},
}
SETTINGS["prelu"] = {"weight": anything("weight", 0.25)}
FUNCTIONS = tuple(SETTINGS)


def setting(name: str) -> Field:
    """One setting of some of the functions; left out, it is torch's default. Its range is the function's own."""
    those = [function for function, fields in SETTINGS.items() if name in fields]
    kind = SETTINGS[those[0]][name].kind
    legal, legal_zh = f"left out, or as {', '.join(those)} takes it", f"省略，或 {'、'.join(those)} 所允许的值"
    return Field(name, legal, lambda key, value: value, None, legal_zh=legal_zh, kind=kind)


def settings_of(values: Values) -> Values:
    """The chosen function's settings; raises OperationError for others and for values outside their range."""
    own, function = SETTINGS[values["function"]], values["function"]
    for field in SETTING_FIELDS:
        if field.name not in own and values[field.name] is not None:
            legal = f"left out: {function} has no {field.name}"
            raise OperationError(field.name, legal, f"{field.name} must be {legal}.", f"{function} 没有 {field.name} 这一项。")
    given = {name: field.default if values[name] is None else values[name] for name, field in own.items()}
    found = {name: own[name].read(name, value) for name, value in given.items()}
    check_order(found)
    return found


def numbers_field(
    name: str, ranks: tuple[int, ...], default: Any, legal: str, legal_zh: str, fits: Callable[[Array], bool]
) -> Field:
    """Nested lists of numbers of which more is asked than their depth."""

    def read(key: str, value: Any) -> Array:
        found = array_of(key, value, legal, legal_zh)
        if found.ndim not in ranks or not fits(found):
            raise OperationError(key, legal, f"{key} must be {legal}.", f"{key} 应是{legal_zh}。")
        return found

    return Field(name, legal, read, default, legal_zh=legal_zh)


def step_field(ranks: tuple[int, ...]) -> Field:
    """One step or a list of them."""
    lists = (", or a list of such", "，或这样的数的列表") if 1 in ranks else ("", "")
    legal = f"a number from {LEAST_STEP:g} to {LARGEST_STEP}{lists[0]}"
    legal_zh = f" {LEAST_STEP:g} 到 {LARGEST_STEP} 的数{lists[1]}"
    return numbers_field("h", ranks, 1e-4, legal, legal_zh, lambda h: bool(((h >= LEAST_STEP) & (h <= LARGEST_STEP)).all()))


def coefficients_field() -> Field:
    """The polynomial's coefficients, the highest power first, as it is written and as numpy.polyval takes them."""
    legal = f"a list of 1 to {MOST_TERMS} finite numbers, the highest power first"
    legal_zh = f" 1 到 {MOST_TERMS} 个有限数的列表，最高次在前"

    def fits(given: Array) -> bool:
        return len(given) <= MOST_TERMS and bool(np.isfinite(given).all())

    return numbers_field("coefficients", (1,), [1, 0, 1], legal, legal_zh, fits)


def add_polynomial(program: Program, coefficients: Array, variable: str, target: str) -> str:
    """Lines for the sum of c x^k, term by term as it is written; the name of the result."""
    degree = len(coefficients) - 1
    terms = [(float(c), degree - i) for i, c in enumerate(coefficients[:-1]) if c] or [(0.0, 1)]
    for i, (factor, power) in enumerate(terms):
        term, name = variable, f"{target}_term" if i else target
        if power > 1:
            term = program.add(name, "torch.pow", _0=Name(term), _1=power).last
        if factor != 1 or term == variable:
            term = program.add(name, "torch.mul", _0=Name(term), _1=factor).last
        if i:
            program.add(target, "torch.add", _0=Name(target), _1=Name(term))
    if coefficients[-1]:
        program.add(target, "torch.add", _0=Name(target), _1=float(coefficients[-1]))
    return target


def add_step(program: Program, at_zero: float, variable: str, target: str) -> str:
    """Lines for torch.heaviside, which autograd cannot follow, of what it can."""
    side, zero = f"{target}_side", f"{target}_zero"
    program.add(side, "torch.sign", _0=Name(variable)).add(target, "F.relu", _0=Name(side))
    if at_zero:  # at_zero (1 - |sign x|)
        program.add(zero, "torch.abs", _0=Name(side)).add(zero, "torch.mul", _0=Name(zero), _1=-at_zero)
        program.add(zero, "torch.add", _0=Name(zero), _1=at_zero).add(target, "torch.add", _0=Name(target), _1=Name(zero))
    return target


def add_function(program: Program, values: Values, variable: str, target: str) -> str:
    """Lines for f of the variable; the name of the result."""
    function, settings = values["function"], values["settings"]
    if function == "polynomial":
        return add_polynomial(program, values["coefficients"], variable, target)
    if function == "identity":
        return variable
    if function == "step":
        return add_step(program, settings["at_zero"], variable, target)
    if function == "sinc":
        variable = program.add(target, "torch.div", _0=Name(variable), _1=math.pi).last
    if function == "glu":
        if "b" not in program.tensors:  # one gate for both places
            program.tensors["b"] = tensor_of(np.array(settings["b"]), values)
            program.add("gate", "torch.sigmoid", _0=Name("b"))
        return program.add(target, "torch.mul", _0=Name(variable), _1=Name("gate")).last
    if function == "prelu":
        program.tensors["weight"] = tensor_of(np.array([settings["weight"]]), values)
        return program.add(target, "F.prelu", _0=Name(variable), _1=Name("weight")).last
    return program.add(target, OF[function].function, _0=Name(variable), **settings).last


ENDS = {"forward": ("ahead", "x"), "backward": ("x", "behind"), "central": ("ahead", "behind")}


def add_quotient(program: Program, scheme: str, by: str, function: Callable[[str, str], str]) -> Program:
    """The lines from x to the quotient, for any f. by: the variable that moves x; function(place, target) adds the lines
    for f at a place and names their result."""
    for name, move in (("ahead", "torch.add"), ("behind", "torch.sub")):
        if name in ENDS[scheme]:
            program.add(name, move, _0=Name("x"), _1=Name(by))
    upper, lower = (function(place, "f_here" if place == "x" else f"f_{place}") for place in ENDS[scheme])
    program.facts |= {"upper": upper, "lower": lower}
    program.add("rise", "torch.sub", _0=Name(upper), _1=Name(lower))
    if scheme == "central":
        program.add("run", "torch.mul", _0=Name("h"), _1=2.0)
    return program.add("output", "torch.div", _0=Name("rise"), _1=Name("run" if scheme == "central" else "h"))


def build(values: Values) -> Program:
    """(f(x + h) - f(x)) / h and its like, for every pair of a point and a step."""
    x, h = values["input"], values["h"]
    if x.ndim and h.ndim and len(x) != len(h):
        legal, zh = (
            f"one step, or {len(x)}, one for each point",
            f"h 应是一个数，或 {len(x)} 个（每个点一个），现在有 {len(h)} 个。",
        )
        raise OperationError("h", legal, f"h must be {legal}; got {len(h)}.", zh)
    values["settings"] = settings_of(values)
    return quotient(values, x, h)


def quotient(values: Values, x: Array, h: Array) -> Program:
    """The program for points and steps that broadcast."""
    program = Program({"x": tensor_of(x, values), "h": tensor_of(h, values)})
    return add_quotient(program, values["scheme"], "h", lambda place, target: add_function(program, values, place, target))


def exact(values: Values, x: Tensor) -> Tensor:
    """f'(x) by autograd, in x's shape and precision."""
    with torch.inference_mode(False), torch.enable_grad():
        leaf = x.detach().clone().requires_grad_()
        program = Program({"x": leaf})
        name = add_function(program, values, "x", "y")
        (found,) = torch.autograd.grad(program.run(x=leaf)[name].sum(), leaf)
    return found


LOST = {
    "code": "step-lost",
    "text": {
        "en": "The smallest h is lost in rounding: x and x ± h are the same number, and the difference is 0.",
        "zh": "最小的 h 在舍入中丢失了：x 与 x ± h 成了同一个数，差是 0。",
    },
}


def describe(values: Values, program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """Where f was taken, what it is there, their difference, the derivative by autograd, and the distance from it; on
    request the same distance for many steps."""
    ends, facts = ENDS[values["scheme"]], program.facts
    if bool((variables[ends[0]] == variables[ends[1]]).any()):
        program.notes.append(LOST)
    derivative, found = exact(values, program.tensors["x"]), variables["output"]
    told = {
        "places": {name: variables[name] for name in ends},
        "values": {end: variables[facts[side]] for end, side in zip(ends, ("upper", "lower"), strict=True)},
        "rise": variables["rise"],
        "run": variables.get("run", variables["h"]),
        "derivative": derivative.expand_as(found),
        "error": (found - derivative).abs(),
    }
    return told | ({"errors": errors(values)} if "errors" in include else {})


def errors(values: Values) -> dict[str, Any]:
    """|quotient - f'(x)| for steps from 1 down to 1e-16 along the last axis, by precision and scheme, against autograd in
    float64. best: the step at which rounding, eps / h, and truncation, h or h^2 for central quotients, are about equal."""
    points = values["input"][..., None]
    right = exact({**values, "dtype": "float64"}, torch.from_numpy(points.copy()))
    found: dict[str, Any] = {"h": ERROR_STEPS}
    for dtype in ("float64", "float32"):
        programs = {scheme: quotient({**values, "dtype": dtype, "scheme": scheme}, points, ERROR_STEPS) for scheme in SCHEMES}
        epsilon = torch.finfo(getattr(torch, dtype)).eps
        best = {scheme: epsilon ** (1 / 3 if scheme == "central" else 1 / 2) for scheme in SCHEMES}
        found[dtype] = {scheme: (each.run()["output"].double() - right).abs() for scheme, each in programs.items()}
        found[dtype]["best"] = best
    return found


SETTING_FIELDS = tuple(setting(name) for name in dict.fromkeys(name for fields in SETTINGS.values() for name in fields))

OPERATIONS = (
    Operation(
        "difference_quotient",
        (
            grid("input", (0, 1)),
            step_field((0, 1)),
            choice("scheme", SCHEMES, "forward"),
            choice("function", FUNCTIONS, "polynomial"),
            coefficients_field(),
            *SETTING_FIELDS,
        ),
        build,
        describe,
        ("errors",),
        ("activation",),
    ),
)
