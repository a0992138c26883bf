"""Convolutions on one's own grids: every border, stride, dilation and group; as torch computes them and flipped.

Sizes after Dumoulin & Visin (2016): floor((input + padding - dilation (kernel - 1) - 1) / stride) + 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from engine.operate.fields import (
    CHANNELS,
    KERNELS,
    OUTPUTS,
    SIDE,
    WINDOWS,
    Array,
    Field,
    OperationError,
    check_cells,
    choice,
    flag,
    grid,
    pair,
    refused,
    whole,
)
from engine.operate.matrices import as_matrices
from engine.operate.operation import Operation, tensor_of
from engine.operate.program import Name, Program

MODES = ("zeros", "reflect", "replicate", "circular", "symmetric")
AXES = ("rows", "columns")
WORDS_ZH = {"rows": "行", "columns": "列", "steps": "步"}
TORCH_MODE = {"reflect": "reflect", "replicate": "replicate", "circular": "circular"}

Sides = tuple[tuple[int, int], ...]  # padding before and after, per axis


def axis_names(dimensions: int) -> tuple[str, ...]:
    """What the axes are called in sentences and answers."""
    return AXES if dimensions == 2 else ("steps",)


def channels_first(values: Array, dimensions: int) -> Array:
    """(C, ...): a plain grid is one channel."""
    return values[None] if values.ndim == dimensions else values


def kernels_first(values: Array, channels: int, dimensions: int) -> Array:
    """(out, in, ...): a plain kernel is one in and one out; one rank more is one kernel over all channels."""
    if values.ndim == dimensions:
        return values[None, None]
    return values[None] if values.ndim == dimensions + 1 else values


def padding_field(dimensions: int) -> Field:
    """Zero or more cells on every side, per axis, per side, or torch's "same" and "valid"."""
    per_side = "[[top, bottom], [left, right]]" if dimensions == 2 else "[left, right]"
    per_axis = ", [rows, columns]," if dimensions == 2 else ","
    legal = f'a whole number from 0 to {SIDE}{per_axis} {per_side}, "same" or "valid"'
    sides_zh = "[行, 列]、[[上, 下], [左, 右]]" if dimensions == 2 else "[左, 右]"
    legal_zh = f' 0 到 {SIDE} 的整数、{sides_zh}、"same" 或 "valid"'

    def count(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= SIDE:
            raise refused("padding", legal, value, legal_zh)
        return value

    def read(name: str, value: Any) -> Any:
        if value in ("same", "valid"):
            return value
        if not isinstance(value, (list, tuple)):
            return ((count(value),) * 2,) * dimensions
        if len(value) != 2:
            raise refused("padding", legal, value, legal_zh)
        if dimensions == 1:
            return ((count(value[0]), count(value[1])),)
        sides = [part if isinstance(part, (list, tuple)) else [part, part] for part in value]
        if any(len(side) != 2 for side in sides):
            raise refused("padding", legal, value, legal_zh)
        return tuple((count(side[0]), count(side[1])) for side in sides)

    return Field("padding", legal, read, 0, legal_zh=legal_zh, kind="pair")


def sides_of(padding: Any, kernel: Sequence[int], dilation: Sequence[int], stride: Sequence[int]) -> Sides:
    """Cells before and after. "same" puts the odd cell behind, as torch does, and takes stride 1 alone."""
    if padding == "valid":
        return tuple((0, 0) for _ in kernel)
    if padding != "same":
        return tuple(padding)
    if any(step != 1 for step in stride):
        legal = "numbers when stride is above 1"
        zh = 'padding 为 "same" 时步幅只能是 1；步幅更大时请写出数字。'
        raise OperationError("padding", legal, f'padding "same" needs stride 1: give {legal}.', zh)
    spans = [(k - 1) * d for k, d in zip(kernel, dilation, strict=True)]
    return tuple((span // 2, span - span // 2) for span in spans)


def sizes_of(size: Sequence[int], kernel: Sequence[int], stride: Sequence[int], sides: Sides, dilation: Sequence[int]) -> Any:
    """The size relation per axis, its fraction included: `cut` input cells at the end are read by no window."""
    found = {}
    for name, n, k, s, (before, after), d in zip(axis_names(len(size)), size, kernel, stride, sides, dilation, strict=True):
        exact = (n + before + after - d * (k - 1) - 1) / s + 1
        output = math.floor(exact)
        sizes = {"input": n, "kernel": k, "stride": s, "padding": [before, after], "dilation": d}
        found[name] = {**sizes, "exact": exact, "output": output, "cut": round((exact - output) * s)}
    return found


def check_fit(sizes: dict[str, Any]) -> None:
    """Refuse a kernel that is larger than what it slides over, or a dilation that makes it so."""
    for name, axis in sizes.items():
        if axis["output"] < 1:
            raise too_far(name, axis["kernel"], axis["dilation"], axis["input"] + sum(axis["padding"]))


def too_far(name: str, kernel: int, dilation: int, room: int, parameter: str = "kernel") -> OperationError:
    """The refusal of a window that reaches over more than the padded input: of the dilation where the kernel itself fits."""
    reach, word = dilation * (kernel - 1) + 1, WORDS_ZH[name]
    if kernel <= room:
        legal = f"at most {(room - 1) // (kernel - 1)} for a kernel of {kernel} {name} over {room}"
        return OperationError(
            "dilation",
            legal,
            f"dilation must be {legal}; got {dilation}, with which it reaches over {reach}.",
            f"dilation 最多是 {(room - 1) // (kernel - 1)}，现在是 {dilation}：{kernel} {word}的窗口膨胀后跨 {reach} {word}，"
            f"填充后的输入只有 {room} {word}。",
        )
    legal = f"at most {(room - 1) // dilation + 1} {name} with dilation {dilation}, or more padding"
    return OperationError(
        parameter,
        legal,
        f"{parameter} reaches over {reach} {name} but the padded input has only {room}: {legal}.",
        f"{parameter} 跨 {reach} {word}，填充后的输入只有 {room} {word}：dilation 为 {dilation} 时最多 "
        f"{(room - 1) // dilation + 1} {word}，或者增加填充。",
    )


def cut_notes(sizes: dict[str, Any]) -> list[dict[str, Any]]:
    """One note per axis where the stride does not come out even."""
    return [
        {
            "code": "cut-off",
            "axis": name,
            "exact": axis["exact"],
            "cut": axis["cut"],
            "text": {
                "en": f"{axis['exact']:g} {name} become {axis['output']}: {axis['cut']} at the end of the padded input "
                f"{'is' if axis['cut'] == 1 else 'are'} cut off.",
                "zh": f"{axis['exact']:g} {WORDS_ZH[name]}取整为 {axis['output']}：填充后的输入末尾有 {axis['cut']} "
                f"{WORDS_ZH[name]}被切掉。",
            },
        }
        for name, axis in sizes.items()
        if axis["cut"]
    ]


def check_border(mode: str, sides: Sides, size: Sequence[int]) -> None:
    """Borders made of copies have only so much to copy."""
    for name, (before, after), n in zip(axis_names(len(size)), sides, size, strict=True):
        most = {"reflect": n - 1, "circular": n}.get(mode)
        if most is not None and max(before, after) > most:
            legal = f"at most {most} for {n} {name} with padding_mode {mode!r}"
            given = max(before, after)
            zh = f"padding_mode 为 {mode!r} 时，{n} {WORDS_ZH[name]}最多填充 {most}；现在是 {given}。"
            raise OperationError("padding", legal, f"padding must be {legal}; got {given}.", zh)


def pad(program: Program, mode: str, sides: Sides, size: Sequence[int]) -> bool:
    """Lines that put the border around x; False where the convolution itself pads with zeros."""
    if not any(map(any, sides)):
        return False
    if mode == "zeros" and all(before == after for before, after in sides):
        return False
    if mode == "symmetric":
        first = len(size) + 2 - len(sides)
        for axis, ((before, after), n) in enumerate(zip(sides, size, strict=True), start=first):
            places = np.pad(np.arange(n), (before, after), mode="symmetric")
            name = f"{axis_names(len(size))[axis - first]}"
            program.tensors[name] = torch.from_numpy(places)
            program.add("x", "torch.index_select", _0=Name("x"), dim=axis, index=Name(name))
        return True
    amounts = tuple(amount for side in reversed(sides) for amount in side)
    program.add("x", "F.pad", _0=Name("x"), pad=amounts, mode=TORCH_MODE.get(mode, "constant"))
    return True


def check_channels(x: Array, weight: Array, bias: Array | None, groups: int) -> None:
    """Channels, kernels and groups have to agree."""
    channels, kernels = x.shape[0], weight.shape[0]
    if channels > CHANNELS:
        legal, zh = f"at most {CHANNELS} channels", f"input 有 {channels} 个通道，最多 {CHANNELS} 个。"
        raise OperationError("input", legal, f"input has {channels} channels: {legal}.", zh)
    if kernels > KERNELS:
        legal, zh = f"at most {KERNELS} kernels", f"kernel 有 {kernels} 个卷积核，最多 {KERNELS} 个。"
        raise OperationError("kernel", legal, f"kernel has {kernels} kernels: {legal}.", zh)
    if channels % groups or kernels % groups:
        common = math.gcd(channels, kernels)
        fit = ", ".join(str(n) for n in range(1, common + 1) if common % n == 0)
        legal = f"a number that divides the {channels} input channels and the {kernels} kernels: {fit}"
        zh = f"groups 应能同时整除 {channels} 个输入通道和 {kernels} 个卷积核：{fit}；现在是 {groups}。"
        raise OperationError("groups", legal, f"groups must be {legal}; got {groups}.", zh)
    if weight.shape[1] != channels // groups:
        each = channels // groups
        legal = f"{each} channel{'' if each == 1 else 's'} in each kernel"
        raise OperationError(
            "kernel",
            legal,
            f"kernel must have {legal}, the input's {channels} divided by groups={groups}; it has {weight.shape[1]}.",
            f"kernel 有 {weight.shape[1]} 个通道；输入有 {channels} 个通道、分 {groups} 组，应是 {each} 个。",
        )
    if bias is not None and bias.shape != (kernels,):
        legal = f"one number per kernel, {kernels}"
        zh = f"bias 应给每个卷积核一个数，共 {kernels} 个，现在有 {bias.size} 个。"
        raise OperationError("bias", legal, f"bias must be {legal}; got {bias.size}.", zh)


def convolution(dimensions: int) -> Operation:
    """conv1d or conv2d."""
    op = f"conv{dimensions}d"
    several = pair if dimensions == 2 else whole
    fields = [
        grid("input", (dimensions, dimensions + 1)),
        grid("kernel", (dimensions, dimensions + 1, dimensions + 2)),
        grid("bias", (0, 1), required=False),
        several("stride", 1, SIDE, 1),
        padding_field(dimensions),
        choice("padding_mode", MODES, "zeros"),
        several("dilation", 1, SIDE, 1),
        whole("groups", 1, CHANNELS, 1),
        flag("flip", False),
    ]
    if dimensions == 1:
        fields.append(flag("causal", False))
    includes, labs = (INCLUDES, ("conv2d", "kernels")) if dimensions == 2 else ((), ("signal",))
    return Operation(op, tuple(fields), lambda values: build(values, dimensions), describe, includes, labs)


INCLUDES = ("im2col", "matrix")


def build(values: dict[str, Any], dimensions: int) -> Program:
    """The lines of a convolution; raises OperationError where the fields do not go together."""
    x = channels_first(values["input"], dimensions)
    weight = kernels_first(values["kernel"], x.shape[0], dimensions)
    bias = None if values["bias"] is None else np.atleast_1d(values["bias"])
    stride, dilation = (_all(values[name], dimensions) for name in ("stride", "dilation"))
    check_channels(x, weight, bias, values["groups"])
    sides = sides_of(values["padding"], weight.shape[2:], dilation, stride)
    if values["flip"] and values["padding"] == "same":  # a turned kernel has its middle on the other side, as scipy has it
        sides = tuple((after, before) for before, after in sides)
    if values.get("causal"):
        if any(map(any, sides)):
            zh = "causal 时前面的填充由卷积核决定，padding 请留空。"
            raise OperationError("padding", "left out with causal", "padding must be left out with causal.", zh)
        sides = (((weight.shape[2] - 1) * dilation[0], 0),)
    sizes = sizes_of(x.shape[1:], weight.shape[2:], stride, sides, dilation)
    check_border(values["padding_mode"], sides, x.shape[1:])
    check_fit(sizes)
    outputs = math.prod(axis["output"] for axis in sizes.values())
    check_cells("padding", outputs * len(weight), OUTPUTS, "the output")
    check_cells("kernel", outputs * math.prod(weight.shape[1:]), WINDOWS, "all windows together", "所有窗口合起来")
    program = Program({"x": tensor_of(x[None], values), "weight": tensor_of(weight, values)})
    if bias is not None:
        program.tensors["bias"] = tensor_of(bias, values)
    padded = pad(program, values["padding_mode"], sides, x.shape[1:])
    if values["flip"]:
        program.add("weight", "torch.flip", _0=Name("weight"), dims=tuple(range(2, 2 + dimensions)))
    program.add(
        "output",
        f"F.conv{dimensions}d",
        _0=Name("x"),
        _1=Name("weight"),
        bias=None if bias is None else Name("bias"),
        stride=stride,
        padding=tuple(0 if padded else before for before, _ in sides),
        dilation=dilation,
        groups=values["groups"],
    )
    plain = values["input"].ndim == dimensions and weight.shape[0] == 1
    program.pick = (0, 0) if plain else (0,)
    program.notes = cut_notes(sizes)
    program.facts = {"sizes": sizes, "sides": sides, "padded": padded}
    return program


def _all(value: Any, dimensions: int) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * dimensions


def describe(values: dict[str, Any], program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """Sizes, the padded input, multiply-adds, and on request the two forms as products of matrices."""
    weight, output = variables["weight"], variables["output"]
    found: dict[str, Any] = {
        "sizes": program.facts["sizes"],
        "macs": math.prod(output.shape[1:]) * math.prod(weight.shape[1:]),
    }
    if program.facts["padded"]:
        found["padded"] = {"values": variables["x"][0], "before": [before for before, _ in program.facts["sides"]]}
    if include & set(INCLUDES):
        found |= as_matrices(values, program, variables, include)
    return found


OPERATIONS = (convolution(1), convolution(2))
