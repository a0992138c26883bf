"""What pictures are made of: three planes made one, and fewer levels of brightness.

Weighed planes are a 1x1 convolution over three channels. The weights of luma are those of ITU-R BT.601 and BT.709; lightness
is that of HSL (Joblove & Greenberg 1978), half-way between the strongest and the weakest of the three.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from engine.operate.fields import SIDE, Array, Field, OperationError, choice, grid, number, refused, whole
from engine.operate.operation import Operation, Values, tensor_of
from engine.operate.program import Name, Program

WEIGHTS = {"luma": [0.299, 0.587, 0.114], "luma709": [0.2126, 0.7152, 0.0722], "average": [1 / 3, 1 / 3, 1 / 3]}
METHODS = (*WEIGHTS, "lightness")
LARGEST = 1e6


def planes_field() -> Field:
    """(3, rows, columns): red, green and blue."""
    inner = grid("input", (3,))
    legal = f"three planes of numbers, red, green and blue, each at most {SIDE} by {SIDE}"
    legal_zh = f"红、绿、蓝三个平面的数，每个最大 {SIDE} × {SIDE}"

    def read(name: str, value: Any) -> Array:
        planes: Array = inner.read(name, value)
        if len(planes) != 3:
            zh = f"input 有 {len(planes)} 个平面：应是{legal_zh}。"
            raise OperationError(name, legal, f"input has {len(planes)} plane(s): it must be {legal}.", zh)
        return planes

    return Field("input", legal, read, None, True, legal_zh)


def weights_field() -> Field:
    """Three finite numbers, which need not add up to 1; left out, those of the method."""
    inner, legal = grid("weights", (1,)), "a list of three finite numbers, for red, green and blue"
    legal_zh = "红、绿、蓝三个有限的数"

    def read(name: str, value: Any) -> Array | None:
        if value is None:
            return None
        weights: Array = inner.read(name, value)
        if len(weights) != 3 or not np.isfinite(weights).all():
            raise refused(name, legal, value, legal_zh)
        return weights

    return Field("weights", legal, read, legal_zh=legal_zh)


def build_grey(values: Values) -> Program:
    """(rows, columns): the three planes, each times its weight, added up; or half-way between the largest and smallest."""
    given, method = values["weights"], values["method"]
    program = Program({"x": tensor_of(values["input"][None], values)}, pick=(0, 0))
    if method == "lightness":
        if given is not None:
            legal, zh = "left out, for lightness weighs nothing", "method 为 lightness 时不用 weights，应省略。"
            raise OperationError("weights", legal, f"weights must be {legal}.", zh)
        program.tensors["weight"] = tensor_of(np.full((1, 2, 1, 1), 0.5), values)
        program.add("high", "torch.amax", _0=Name("x"), dim=1, keepdim=True)
        program.add("low", "torch.amin", _0=Name("x"), dim=1, keepdim=True)
        program.add("both", "torch.cat", _0=[Name("high"), Name("low")], dim=1)
    else:
        weights = np.array(WEIGHTS[method]) if given is None else given
        program.tensors["weight"] = tensor_of(weights.reshape(1, 3, 1, 1), values)
    return program.add("output", "F.conv2d", _0=Name("both" if method == "lightness" else "x"), _1=Name("weight"))


def build_quantise(values: Values) -> Program:
    """low + step * (number of the nearest level); half-way cases go to the even number, as torch.round has it."""
    low, high, levels = values["low"], values["high"], values["levels"]
    if not low < high:
        legal = f"a number above low, {low:g}"
        raise refused("high", legal, high, f"大于 low（{low:g}）的数")
    if np.isnan(values["input"]).any():
        legal, zh = "numbers, for NaN has no nearest level", "input 里有 NaN，它没有最近的级。"
        raise OperationError("input", legal, "input holds NaN, which has no nearest level.", zh)
    step = (high - low) / (levels - 1)
    program = Program({"x": tensor_of(values["input"][None], values)}, pick=(0,), elementwise=True)
    program.facts = {"step": step, "levels": [low + step * i for i in range(levels)], "formula": "quantise"}
    program.add("shifted", "torch.sub", _0=Name("x"), _1=low)
    program.add("position", "torch.div", _0=Name("shifted"), _1=step)
    program.add("nearest", "torch.round", _0=Name("position"))
    program.add("level", "torch.clamp", _0=Name("nearest"), min=0.0, max=float(levels - 1))
    program.tensors["low"] = torch.full_like(program.tensors["x"], low)
    return program.add("output", "torch.add", _0=Name("low"), _1=Name("level"), alpha=step)


def describe_quantise(values: Values, program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """The levels, which of them every cell got (what is stored), and the bits that such a number takes."""
    bits = math.ceil(math.log2(values["levels"]))
    told = {key: program.facts[key] for key in ("step", "levels")}
    return {**told, "codes": variables["level"][0].to(torch.int64), "bits": bits}


QUANTISE = (
    grid("input", (2, 3)),
    whole("levels", 2, 256),
    number("low", -LARGEST, LARGEST, 0.0),
    number("high", -LARGEST, LARGEST, 255.0),
)

OPERATIONS = (
    Operation("grey", (planes_field(), choice("method", METHODS, "luma"), weights_field()), build_grey, labs=("pixels",)),
    Operation("quantise", QUANTISE, build_quantise, describe_quantise, labs=("pixels",)),
)
