"""Going up: transposed convolutions, and interpolation with both corner conventions.

Sizes after Dumoulin & Visin (2016), chapter 4: (input - 1) stride - 2 padding + dilation (kernel - 1) + output_padding + 1.
How many kernel cells reach each output, which makes the checkerboard: Odena, Dumoulin & Olah (2016).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from engine.operate.conv import axis_names, channels_first
from engine.operate.fields import (
    CHANNELS,
    KERNELS,
    OUTPUTS,
    SIDE,
    Array,
    OperationError,
    check_cells,
    choice,
    flag,
    grid,
    number,
    pair,
    whole,
)
from engine.operate.matrices import sparse_matrix
from engine.operate.operation import Operation, tensor_of
from engine.operate.pool import once, planes
from engine.operate.program import Name, Program
from engine.ops.interpolate import position, weights

ZH_AXES = {"rows": "行", "columns": "列", "steps": "步"}
HOW = ("stride", "padding", "dilation")
LABS = {1: ("signal",), 2: ("upsample",)}


def build(values: dict[str, Any], dimensions: int) -> Program:
    """The lines of a transposed convolution, after the convolution itself with `convolve_first`."""
    x, weight = channels_first(values["input"], dimensions), kernel_of(values["kernel"], dimensions)
    back = values["convolve_first"]
    bias = None if values["bias"] is None else np.atleast_1d(values["bias"])
    how = {name: both(values[name], dimensions) for name in HOW}
    more = both(values["output_padding"], dimensions)
    check_channels(x, weight, bias, values["groups"], back)
    program = Program({"x": tensor_of(x[None], values), "weight": tensor_of(weight, values)})
    shape = tuple(x.shape[1:])
    if back:
        shape, more = convolved(program, values, shape, how)
    sizes = sizes_of(shape, weight.shape[2:], how, more)
    check(sizes)
    outputs = weight.shape[1] * values["groups"]
    check_cells("stride", outputs * math.prod(axis["output"] for axis in sizes.values()), OUTPUTS, "the output", "输出")
    if bias is not None:
        program.tensors["bias"] = tensor_of(bias, values)
    program.add(
        "output",
        f"F.conv_transpose{dimensions}d",
        _0=Name("y" if back else "x"),
        _1=Name("weight"),
        bias=None if bias is None else Name("bias"),
        stride=how["stride"],
        padding=how["padding"],
        output_padding=more,
        groups=values["groups"],
        dilation=how["dilation"],
    )
    program.pick = (0, 0) if values["input"].ndim == dimensions and outputs == 1 else (0,)
    program.notes = overlap_notes(sizes)
    program.facts = {"sizes": sizes}
    return program


def kernel_of(kernel: Array, dimensions: int) -> Array:
    """(in, out / groups, ...): a plain kernel is one in and one out; one rank more is one output from all channels."""
    if kernel.ndim == dimensions:
        return kernel[None, None]
    return kernel[:, None] if kernel.ndim == dimensions + 1 else kernel


def both(value: Any, dimensions: int) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * dimensions


def check_channels(x: Array, weight: Array, bias: Array | None, groups: int, back: bool) -> None:
    """Channels, kernels and groups have to agree. With `back` the input has the channels of the transpose's output."""
    channels, outputs = weight.shape[0], weight.shape[1] * groups
    if outputs > KERNELS or channels > KERNELS:
        legal, zh = f"at most {KERNELS} channels in and out", f"kernel 的输入、输出通道各最多 {KERNELS} 个。"
        raise OperationError("kernel", legal, f"kernel must have {legal}; got {channels} and {outputs}.", zh)
    if x.shape[0] > CHANNELS:
        legal, zh = f"at most {CHANNELS} channels", f"input 有 {x.shape[0]} 个通道：最多 {CHANNELS} 个。"
        raise OperationError("input", legal, f"input has {x.shape[0]} channels: {legal}.", zh)
    if channels % groups:
        legal, zh = f"a number that divides {channels} channels", f"groups 应整除 {channels} 个通道，现在是 {groups}。"
        raise OperationError("groups", legal, f"groups must be {legal}; got {groups}.", zh)
    wanted = outputs if back else channels
    if x.shape[0] != wanted:
        legal = f"one kernel for each of the {x.shape[0]} input channels"
        zh = f"kernel 对应 {wanted} 个通道，但输入有 {x.shape[0]} 个。"
        raise OperationError("kernel", legal, f"kernel is for {wanted} channel(s), the input has {x.shape[0]}: {legal}.", zh)
    if bias is not None and bias.shape != (outputs,):
        legal, zh = f"one number per output channel, {outputs}", f"bias 应有 {outputs} 个数，现在是 {bias.size} 个。"
        raise OperationError("bias", legal, f"bias must be {legal}; got {bias.size}.", zh)


def convolved(program: Program, values: dict[str, Any], shape: Any, how: dict[str, Any]) -> tuple[Any, tuple[int, ...]]:
    """The convolution of which the transpose is taken: its size, and the output padding that restores the picture's."""
    kernel = program.tensors["weight"].shape[2:]
    found, left = [], []
    for name, n, k, s, p, d in zip(axis_names(len(shape)), shape, kernel, *(how[key] for key in HOW), strict=True):
        room = n + 2 * p - d * (k - 1) - 1
        if room < 0:
            legal = f"at most {n + 2 * p} {name} with this dilation, or more padding"
            zh = f"kernel 跨 {d * (k - 1) + 1} {ZH_AXES[name]}，但填充后的输入只有 {n + 2 * p} {ZH_AXES[name]}。"
            raise OperationError("kernel", legal, f"kernel reaches over {d * (k - 1) + 1} {name}: {legal}.", zh)
        found.append(room // s + 1)
        left.append(room % s)
    program.add("y", f"F.conv{len(shape)}d", _0=Name("x"), _1=Name("weight"), **how, groups=values["groups"])
    return tuple(found), tuple(left)


def sizes_of(shape: Any, kernel: Any, how: dict[str, Any], more: tuple[int, ...]) -> dict[str, Any]:
    """The size relation per axis, and from how many input cells an output inside takes its terms, least and most."""
    found = {}
    each = zip(axis_names(len(shape)), shape, kernel, *(how[key] for key in HOW), more, strict=True)
    for name, n, k, s, p, d, o in each:
        reached = [sum(1 for tap in range(k) if tap * d % s == rest) for rest in range(s)]
        output = (n - 1) * s - 2 * p + d * (k - 1) + o + 1
        found[name] = {"input": n, "kernel": k, "stride": s, "padding": [p, p], "dilation": d, "output_padding": o}
        found[name] |= {"output": output, "reached": [min(reached), max(reached)]}
    return found


def check(sizes: dict[str, Any]) -> None:
    """Refuse outputs that vanish, and output padding that would be a further step of the stride."""
    for name, axis in sizes.items():
        most = max(axis["stride"], axis["dilation"]) - 1
        if axis["output_padding"] > most:
            legal = f"below the stride or the dilation, at most {most} {name}"
            zh = f"output_padding 应小于步幅或膨胀，最多 {most}，现在是 {axis['output_padding']}。"
            raise OperationError("output_padding", legal, f"output_padding must be {legal}; got {axis['output_padding']}.", zh)
        if axis["output"] < 1:
            most = (axis["output"] + 2 * axis["padding"][0] - 1) // 2
            legal = f"at most {most} {name} for this input and kernel"
            zh = f"padding 最多 {most} {ZH_AXES[name]}，现在是 {axis['padding'][0]}：输出没有剩下。"
            raise OperationError("padding", legal, f"padding must be {legal}; got {axis['padding'][0]}.", zh)


def overlap_notes(sizes: dict[str, Any]) -> list[dict[str, Any]]:
    """Where the stride does not divide the kernel, outputs are reached by different numbers of kernel cells: a checkerboard."""
    return once(
        [
            {
                "code": "unequal-overlap",
                "axis": name,
                "least": axis["reached"][0],
                "most": axis["reached"][1],
                "text": {
                    "en": f"Stride {axis['stride']} does not divide kernel {axis['kernel']}: {name} get "
                    f"{axis['reached'][0]} or {axis['reached'][1]} kernel cells in turn, a checkerboard.",
                    "zh": f"步幅 {axis['stride']} 除不尽卷积核 {axis['kernel']}：{ZH_AXES[name]}轮流得到 "
                    f"{axis['reached'][0]} 或 {axis['reached'][1]} 个核元素，出现棋盘格。",
                },
            }
            for name, axis in sizes.items()
            if axis["reached"][0] != axis["reached"][1]
        ]
    )


def describe(values: dict[str, Any], program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """Sizes, how many kernel cells reach each output, the convolution's result, and on request the sparse matrices."""
    line, found = program.lines[-1], dict(program.facts)
    read, weight = variables[line.arguments["0"].name], variables["weight"]
    how = {name: line.arguments[name] for name in ("stride", "padding", "output_padding", "dilation")}
    transpose = F.conv_transpose2d if weight.dim() == 4 else F.conv_transpose1d
    ones = torch.ones(1, 1, *read.shape[2:]), torch.ones(1, 1, *weight.shape[2:])
    found["coverage"] = transpose(*ones, **how)[0, 0].long()
    found["macs"] = math.prod(read.shape[1:]) * math.prod(weight.shape[1:])
    if values["convolve_first"]:
        found["convolved"] = read[0, 0] if read.shape[1] == 1 and len(program.pick) == 2 else read[0]
    if "matrix" in include:
        if values["convolve_first"]:
            legal, zh = "without matrix", "matrix 与 convolve_first 不能同时用。"
            raise OperationError("convolve_first", legal, "convolve_first must be false with matrix.", f"convolve_first：{zh}")
        spread = sparse_matrix(values, program, variables)
        found |= {"matrix": spread, "convolution": None if spread is None else spread.T}
    return found


def transposed(dimensions: int) -> Operation:
    """conv_transpose1d or conv_transpose2d."""
    several = pair if dimensions == 2 else whole
    fields = (
        grid("input", (dimensions, dimensions + 1)),
        grid("kernel", (dimensions, dimensions + 1, dimensions + 2)),
        grid("bias", (0, 1), required=False),
        several("stride", 1, SIDE, 1),
        several("padding", 0, SIDE, 0),
        several("output_padding", 0, SIDE - 1, 0),
        several("dilation", 1, SIDE, 1),
        whole("groups", 1, CHANNELS, 1),
        flag("convolve_first", False),
    )
    op = f"conv_transpose{dimensions}d"
    return Operation(op, fields, lambda values: build(values, dimensions), describe, ("matrix",), LABS[dimensions])


def interpolated(values: dict[str, Any]) -> Program:
    """The line of F.interpolate; raises OperationError where size and factor are both given or neither."""
    x, size, factor, mode = planes(values), values["size"], values["scale_factor"], values["mode"]
    if (size is None) == (factor is None):
        legal = "given, or scale_factor, and not both"
        raise OperationError("size", legal, f"size must be {legal}.", "size 和 scale_factor 要给其中一个，也只给一个。")
    if values["align_corners"] and mode == "nearest":
        legal, zh = 'false with mode "nearest"', "最近邻插值时 align_corners 应是 false，现在是 true。"
        raise OperationError("align_corners", legal, f"align_corners must be {legal}; got true.", zh)
    wanted = size or tuple(math.floor(n * factor) for n in x.shape[1:])
    if min(wanted) < 1:
        legal, zh = "large enough to leave a cell", f"scale_factor 太小，什么也不剩：{factor:g}。"
        raise OperationError("scale_factor", legal, f"scale_factor must be {legal}; got {factor:g}.", zh)
    check_cells("size" if size else "scale_factor", x.shape[0] * math.prod(wanted), OUTPUTS, "the output", "输出")
    program = Program({"x": tensor_of(x[None], values)})
    how: dict[str, Any] = {"size": size} if size else {"scale_factor": factor}
    if mode != "nearest":
        how["align_corners"] = values["align_corners"]
    program.add("output", "F.interpolate", _0=Name("x"), **how, mode=mode)
    program.pick = (0, 0) if values["input"].ndim == 2 else (0,)
    return program


def told(values: dict[str, Any], program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """Per axis: where every output cell lies, in input cells from the middle of the first, and the weights that it gives."""
    x, output, found = variables["x"], variables["output"], {}
    kind = np.float32 if output.dtype == torch.float32 else np.float64
    for name, n, m in zip(axis_names(2), x.shape[2:], output.shape[2:], strict=True):
        how = (
            n,
            m,
            1 / values["scale_factor"] if values["scale_factor"] else n / m,
            values["mode"],
            values["align_corners"],
            kind,
        )
        each = [weights(at, *how) for at in range(m)]
        found[name] = {
            "input": n,
            "output": m,
            "positions": [position(at, *how) for at in range(m)],
            "weights": [{"cells": list(one), "weights": list(one.values())} for one in each],
        }
    return {"axes": found}


FACTOR = number("scale_factor", 0, SIDE, 1, above=True)

INTERPOLATE = Operation(
    "interpolate",
    (
        grid("input", (2, 3)),
        pair("size", 1, 4 * SIDE, None),
        replace(FACTOR, read=lambda key, value: None if value is None else FACTOR.read(key, value), default=None),
        choice("mode", ("nearest", "bilinear", "bicubic"), "nearest"),
        flag("align_corners", False),
    ),
    interpolated,
    told,
    (),
    ("upsample",),
)

OPERATIONS = (transposed(1), transposed(2), INTERPOLATE)
