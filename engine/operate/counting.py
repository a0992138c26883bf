"""Sizes and weights of layers and whole networks too large to run here: what comes out, and how many numbers it takes.

Sizes: Dumoulin & Visin (2016). Weights of full, local and shared connections: LeCun et al., "Gradient-based learning
applied to document recognition" (1998), section II.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import torch

from engine.models import MODELS, ImageInput
from engine.models.published import PUBLISHED, layers_of
from engine.operate.conv import check_fit, cut_notes, padding_field, sides_of, sizes_of
from engine.operate.fields import Field, choice, pair, refused, whole
from engine.operate.operation import Operation
from engine.operate.program import Name, Program

LARGEST = 1_000_000  # cells along a side, channels, units


def build_conv(values: dict[str, Any]) -> Program:
    """floor((input + padding - dilation (kernel - 1) - 1) / stride) + 1, for rows and columns at once."""
    size, kernel, stride, dilation = (tuple(values[name]) for name in ("input", "kernel", "stride", "dilation"))
    sides = sides_of(values["padding"], kernel, dilation, stride)
    sizes = sizes_of(size, kernel, stride, sides, dilation)
    check_fit(sizes)
    numbers = {"size": size, "kernel": kernel, "stride": stride, "dilation": dilation}
    numbers["padding"] = tuple(before + after for before, after in sides)
    program = Program({name: torch.tensor(number) for name, number in numbers.items()})
    program.add("room", "torch.add", _0=Name("size"), _1=Name("padding"))
    program.add("reach", "torch.sub", _0=Name("kernel"), _1=1)
    program.add("reach", "torch.mul", _0=Name("dilation"), _1=Name("reach"))
    program.add("room", "torch.sub", _0=Name("room"), _1=Name("reach"))
    program.add("room", "torch.sub", _0=Name("room"), _1=1)
    program.add("steps", "torch.div", _0=Name("room"), _1=Name("stride"), rounding_mode="floor")
    program.add("output", "torch.add", _0=Name("steps"), _1=1)
    program.notes = cut_notes(sizes)
    program.facts = {"sizes": sizes}
    return program


def count_conv(values: dict[str, Any], program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """weights: when every output sees all inputs, when it sees its window with weights of its own, when all share one
    kernel per pair of channels; biases left out. multiplications: of the convolution."""
    (rows, columns), (tall, wide) = values["input"], values["kernel"]
    high, across = (axis["output"] for axis in program.facts["sizes"].values())
    inputs, outputs = rows * columns * values["in_channels"], high * across * values["out_channels"]
    window = tall * wide * values["in_channels"]
    weights = {"full": inputs * outputs, "local": outputs * window, "shared": window * values["out_channels"]}
    return {"sizes": program.facts["sizes"], "weights": weights, "multiplications": outputs * window}


def layers_field() -> Field:
    """Units of two to eight layers, one after the other."""
    legal, zh = f"a list of 2 to 8 whole numbers from 1 to {LARGEST}", f"2 到 8 个 1 到 {LARGEST} 的整数"

    def read(name: str, value: Any) -> list[int]:
        numbers = value if isinstance(value, list) and 2 <= len(value) <= 8 else [None]
        if any(isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= LARGEST for n in numbers):
            raise refused(name, legal, value, zh)
        return list(numbers)

    return Field("input", legal, read, required=True, legal_zh=zh)


def build_dense(values: dict[str, Any]) -> Program:
    """Weights between neighbouring layers, multiplied out and added; biases left out."""
    count = len(values["input"]) - 1
    program = Program({"layers": torch.tensor(values["input"])})
    program.add("before", "torch.narrow", _0=Name("layers"), dim=0, start=0, length=count)
    program.add("after", "torch.narrow", _0=Name("layers"), dim=0, start=1, length=count)
    program.add("output", "torch.matmul", _0=Name("before"), _1=Name("after"))
    return program


def count_dense(values: dict[str, Any], program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """The weights of each pair of layers."""
    return {"weights": variables["before"] * variables["after"]}


OURS = {spec.id: (spec.build, spec.input.shape) for spec in MODELS.values() if isinstance(spec.input, ImageInput)}
NETWORKS = {**PUBLISHED, **{name: each for name, each in OURS.items() if MODELS[name].family == "cnn"}}


def build_network(values: dict[str, Any]) -> Program:
    """Of every trained layer: numbers of a kernel x kernels + biases."""
    layers = layers_of(*NETWORKS[values["input"]])
    sides = torch.tensor([layer.kernel or (1, 1) for layer in layers])
    program = Program({"rows": sides[:, 0], "columns": sides[:, 1]})
    program.tensors["kernels"] = torch.tensor([layer.kernels for layer in layers])
    program.tensors["biases"] = torch.tensor([layer.biases for layer in layers])
    program.add("numbers", "torch.mul", _0=Name("rows"), _1=Name("columns"))
    program.add("weights", "torch.mul", _0=Name("numbers"), _1=Name("kernels"))
    return program.add("output", "torch.add", _0=Name("weights"), _1=Name("biases"))


def count_network(
    values: dict[str, Any], program: Program, variables: dict[str, Any], include: frozenset[str]
) -> dict[str, Any]:
    """The layers with their shapes, and all parameters together."""
    build, shape = NETWORKS[values["input"]]
    layers = [asdict(layer) for layer in layers_of(build, shape)]
    return {"layers": layers, "total": int(variables["output"].sum()), "input_shape": list(shape)}


OPERATIONS = (
    Operation(
        "conv2d_size",
        (
            replace(pair("input", 1, LARGEST, 1), required=True, default=None),
            replace(pair("kernel", 1, LARGEST, 1), required=True, default=None),
            pair("stride", 1, LARGEST, 1),
            padding_field(2),
            pair("dilation", 1, LARGEST, 1),
            whole("in_channels", 1, LARGEST, 1),
            whole("out_channels", 1, LARGEST, 1),
        ),
        build_conv,
        count_conv,
        labs=("conv2d",),
    ),
    Operation("linear_size", (layers_field(),), build_dense, count_dense, labs=("conv2d",)),
    Operation(
        "network_size",
        (replace(choice("input", tuple(NETWORKS), ""), required=True, default=None),),
        build_network,
        count_network,
        labs=("conv2d",),
    ),
)
"""They count in whole numbers of 64 bits; they have no derivatives."""
