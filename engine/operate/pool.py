"""Pooling on one's own grids: maximum and average, with windows of fixed size or chosen for a wanted output size.

Sizes: floor or ceil of (input + 2 padding - dilation (kernel - 1) - 1) / stride, + 1; in ceil mode no window may begin past
the padded input (torch's pooling shape). No parameters; every channel by itself.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

from torch import Tensor

from engine.operate.conv import AXES, axis_names, channels_first, cut_notes
from engine.operate.fields import (
    CHANNELS,
    SIDE,
    Array,
    Field,
    OperationError,
    flag,
    grid,
    pair,
    whole,
)
from engine.operate.operation import Operation, tensor_of
from engine.operate.program import Name, Program

ZH_AXES = {"rows": "行", "columns": "列", "steps": "步"}
LABS = {1: ("signal",), 2: ("pool",)}
GEOMETRY = ("kernel_size", "stride", "padding", "dilation")


def planes(values: dict[str, Any], name: str = "input", dimensions: int = 2) -> Array:
    """(C, H, W) of the request, of series (C, L); raises OperationError for too many channels."""
    x = channels_first(values[name], dimensions)
    if x.shape[0] > CHANNELS:
        legal = f"at most {CHANNELS} channels"
        zh = f"{name} 有 {x.shape[0]} 个通道：最多 {CHANNELS} 个。"
        raise OperationError(name, legal, f"{name} has {x.shape[0]} channels: {legal}.", zh)
    return x


def sizes_of(values: dict[str, Any], shape: tuple[int, ...]) -> dict[str, Any]:
    """The size relation of every axis, as conv.sizes_of tells it, with torch's ceil mode."""
    kernel, stride, padding, dilation = geometry(values)
    found = {}
    for name, n, k, s, p, d in zip(axis_names(len(shape)), shape, kernel, stride, padding, dilation, strict=True):
        exact = (n + 2 * p - d * (k - 1) - 1) / s + 1
        output = math.floor(exact)
        if values["ceil_mode"] and math.ceil(exact) > output and output * s < n + p:
            output += 1
        cut = max(0, round((exact - output) * s))
        found[name] = {"input": n, "kernel": k, "stride": s, "padding": [p, p], "dilation": d}
        found[name] |= {"exact": exact, "output": output, "cut": cut}
    return found


def geometry(values: dict[str, Any]) -> tuple[tuple[int, ...], ...]:
    """Kernel, stride, padding and dilation, each per axis; a missing stride is the kernel's size."""
    found = values | {"stride": values["stride"] or values["kernel_size"], "dilation": values.get("dilation") or 1}
    dimensions = len(values["kernel_size"]) if isinstance(values["kernel_size"], tuple) else 1
    each = (found[name] for name in GEOMETRY)
    return tuple(value if isinstance(value, tuple) else (value,) * dimensions for value in each)


def check(values: dict[str, Any], sizes: dict[str, Any]) -> None:
    """Refuse padding of more than half a window, in which a window could lie altogether, and windows that do not fit."""
    for axis, k, p in zip(sizes, *geometry(values)[:3:2], strict=True):
        if p > k // 2:
            legal = f"at most half the kernel, {k // 2} {axis} for a kernel of {k}"
            zh = f"padding 最多是窗口的一半：窗口 {k} {ZH_AXES[axis]}时最多 {k // 2}，现在是 {p}。"
            raise OperationError("padding", legal, f"padding must be {legal}; got {p}.", zh)
    for name, axis in sizes.items():
        if axis["exact"] < 1:
            reach, room = axis["dilation"] * (axis["kernel"] - 1) + 1, axis["input"] + sum(axis["padding"])
            legal = f"at most {room} {name} with this dilation, or more padding"
            zh = f"kernel_size 跨 {reach} {ZH_AXES[name]}，但填充后的输入只有 {room} {ZH_AXES[name]}。"
            sentence = f"kernel_size reaches over {reach} {name} but the padded input has only {room}: {legal}."
            raise OperationError("kernel_size", legal, sentence, zh)


def fixed(op: str, values: dict[str, Any], dimensions: int) -> Program:
    """The line of max_pool2d or its like; raises OperationError where the fields do not go together."""
    x = planes(values, dimensions=dimensions)
    sizes = sizes_of(values, x.shape[1:])
    check(values, sizes)
    kernel, stride, padding, dilation = geometry(values)
    program = Program({"x": tensor_of(x[None], values)})
    how: dict[str, Any] = {"stride": stride, "padding": padding, "ceil_mode": values["ceil_mode"]}
    if op.startswith("max"):
        how |= {"dilation": dilation, "return_indices": True}
        program.add("output, indices", f"F.{op}", _0=Name("x"), kernel_size=kernel, **how)
    else:
        how["count_include_pad"] = values["count_include_pad"]
        program.add("output", f"F.{op}", _0=Name("x"), kernel_size=kernel, **how)
    program.pick = (0, 0) if values["input"].ndim == dimensions else (0,)
    program.notes = once(cut_notes(sizes))
    program.facts = {"sizes": sizes}
    return program


def adaptive(op: str, values: dict[str, Any]) -> Program:
    """The line of adaptive pooling: the windows follow from the wanted size."""
    x, wanted = planes(values), values["output_size"]
    program = Program({"x": tensor_of(x[None], values)})
    if op == "adaptive_max_pool2d":
        program.add("output, indices", "F.adaptive_max_pool2d", _0=Name("x"), output_size=wanted, return_indices=True)
    else:
        program.add("output", "F.adaptive_avg_pool2d", _0=Name("x"), output_size=wanted)
    program.pick = (0, 0) if values["input"].ndim == 2 else (0,)
    windows = {axis: windows_of(n, m) for axis, n, m in zip(AXES, x.shape[1:], wanted, strict=True)}
    program.facts = {"windows": windows}
    program.notes = once([note for axis, spans in windows.items() for note in uneven(axis, spans)])
    return program


def once(notes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is the same of rows and columns is said once, of both."""
    if len(notes) != 2 or any(notes[0][key] != notes[1][key] for key in notes[0] if key not in ("axis", "text")):
        return notes
    text = notes[0]["text"]
    both = {"en": text["en"].replace("rows", "rows and columns"), "zh": text["zh"].replace("行", "行、列")}
    return [notes[0] | {"axis": "both", "text": both}]


def windows_of(size: int, output: int) -> list[list[int]]:
    """First cell and one past the last of every window along an axis: floor(i n / m) to ceil((i + 1) n / m)."""
    return [[i * size // output, -(-(i + 1) * size // output)] for i in range(output)]


def uneven(axis: str, spans: list[list[int]]) -> list[dict[str, Any]]:
    """A note where windows differ in size or share cells."""
    lengths = sorted({stop - start for start, stop in spans})
    shared = sum(max(0, before[1] - after[0]) for before, after in itertools.pairwise(spans))
    if len(lengths) == 1 and not shared:
        return []
    sizes, word = " / ".join(map(str, lengths)), ZH_AXES[axis]
    return [
        {
            "code": "unequal-windows",
            "axis": axis,
            "lengths": lengths,
            "shared": shared,
            "text": {
                "en": f"The windows are {sizes} {axis} long and share {shared}: the size does not divide.",
                "zh": f"窗口长 {sizes} {word}，共用 {shared} {word}：尺寸除不尽。",
            },
        }
    ]


def describe(values: dict[str, Any], program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """Sizes or windows, and for maxima torch's indices and the winners as (row, column), of series as steps."""
    found = dict(program.facts)
    places: Tensor | None = variables.get("indices")
    if places is not None:
        kept = places[program.pick]
        width, flat = program.tensors["x"].shape[-1], program.tensors["x"].dim() == 3  # (1, C, L)
        found["indices"] = kept
        found["winners"] = kept if flat else [place_of(number, width) for number in kept.tolist()]
    return found


def place_of(number: Any, width: int) -> Any:
    """Torch's running numbers through a plane as [row, column], nested as they are."""
    if isinstance(number, list):
        return [place_of(part, width) for part in number]
    return [number // width, number % width]


def stride_of_series() -> Field:
    """A whole number; left out, it is the kernel's size, as in torch."""
    field = whole("stride", 1, SIDE, 1)
    return replace(field, default=None, read=lambda name, value: None if value is None else field.read(name, value))


def windowed(kind: str, dimensions: int) -> Operation:
    """max_pool1d, avg_pool2d and so on; kind: max or avg."""
    op, several = f"{kind}_pool{dimensions}d", pair if dimensions == 2 else whole
    fields = (
        grid("input", (dimensions, dimensions + 1)),
        several("kernel_size", 1, SIDE, 2),
        pair("stride", 1, SIDE, None) if dimensions == 2 else stride_of_series(),
        several("padding", 0, SIDE, 0),
        several("dilation", 1, SIDE, 1) if kind == "max" else flag("count_include_pad", True),
        flag("ceil_mode", False),
    )
    return Operation(op, fields, lambda values: fixed(op, values, dimensions), describe, (), LABS[dimensions])


def of_size(op: str) -> Operation:
    """adaptive_max_pool2d or adaptive_avg_pool2d; output_size 1 is global pooling."""
    fields = (grid("input", (2, 3)), pair("output_size", 1, SIDE, 1))
    return Operation(op, fields, lambda values: adaptive(op, values), describe, (), LABS[2])


OPERATIONS = (
    *(windowed(kind, dimensions) for dimensions in (2, 1) for kind in ("max", "avg")),
    of_size("adaptive_max_pool2d"),
    of_size("adaptive_avg_pool2d"),
)
