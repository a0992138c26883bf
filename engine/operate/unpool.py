"""Max-unpooling: values go back to remembered places, or to the nearest corner of their windows where none were kept.

With `pool_first` the input is a picture that is pooled and unpooled in one go: what comes back, and what is lost.
Zeiler & Fergus, "Visualizing and understanding convolutional networks" (2014).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.operate.conv import AXES
from engine.operate.fields import OUTPUTS, SIDE, Array, OperationError, check_cells, choice, flag, grid, pair
from engine.operate.operation import Operation, tensor_of
from engine.operate.pool import ZH_AXES, check, place_of, planes, sizes_of
from engine.operate.program import Name, Program

Size = tuple[int, int]


def build(values: dict[str, Any]) -> Program:
    """The lines, pooling first where asked; raises OperationError where the fields do not go together."""
    x, kernel = planes(values), values["kernel_size"]
    stride = values["stride"] or kernel
    how = {"kernel_size": kernel, "stride": stride}
    program = Program({"x": tensor_of(x[None], values)})
    program.pick = (0, 0) if values["input"].ndim == 2 else (0,)
    shape, size = (pooled_sizes if values["pool_first"] else given_sizes)(values, x.shape[1:], program)
    check_cells("stride", x.shape[0] * math.prod(size), OUTPUTS, "the output", "输出")
    places = chosen_places(values, (x.shape[0], *shape), size, stride)
    if places is not None:
        program.tensors["indices"] = tensor_of(places[None], {}).long()
    name = "x"
    if values["pool_first"]:
        name, more = "pooled", {} if places is not None else {"return_indices": True}
        program.add("pooled" if places is not None else "pooled, indices", "F.max_pool2d", _0=Name("x"), **how, **more)
    program.add("output", "F.max_unpool2d", _0=Name(name), _1=Name("indices"), **how, output_size=size)
    return program


def pooled_sizes(values: dict[str, Any], size: Sequence[int], program: Program) -> tuple[Size, Size]:
    """(the pooled size, the picture's), where the picture itself is given."""
    wanted = values["output_size"]
    if wanted not in (None, tuple(size)):
        legal = f"left out, or the picture's own size {list(size)}, with pool_first"
        zh = f"pool_first 时 output_size 应省略，或等于图像的尺寸 {list(size)}，现在是 {list(wanted)}。"
        raise OperationError("output_size", legal, f"output_size must be {legal}; got {list(wanted)}.", zh)
    how = values | {"padding": (0, 0), "ceil_mode": False}
    sizes = sizes_of(how, tuple(size))
    check(how, sizes)
    program.facts = {"sizes": sizes}
    return (sizes["rows"]["output"], sizes["columns"]["output"]), (size[0], size[1])


def given_sizes(values: dict[str, Any], shape: Sequence[int], program: Program) -> tuple[Size, Size]:
    """(the pooled size, the output's): (n - 1) stride + kernel, or the one asked for, by less than a stride away."""
    kernel, stride = values["kernel_size"], values["stride"] or values["kernel_size"]
    whole = [(n - 1) * s + k for n, s, k in zip(shape, stride, kernel, strict=True)]
    size = values["output_size"] or tuple(whole)
    for axis, n, s, full, wanted in zip(AXES, shape, stride, whole, size, strict=True):
        low, high = max(full - s + 1, (n - 1) * s + 1), full + s - 1
        if not low <= wanted <= high:
            legal = f"from {low} to {high} {axis} for {n} values with this kernel_size and stride"
            zh = f"output_size 应是 {low} 到 {high} {ZH_AXES[axis]}，现在是 {wanted}。"
            raise OperationError("output_size", legal, f"output_size must be {legal}; got {wanted}.", zh)
    return (shape[0], shape[1]), (size[0], size[1])


def chosen_places(values: dict[str, Any], shape: Sequence[int], size: Size, stride: Size) -> Array | None:
    """Running numbers through the output plane, as the input's shape; None where the pooling of the program remembers them."""
    given = values["indices"]
    if values["places"] == "corner":
        rows, columns = (np.arange(n) * s for n, s in zip(shape[1:], stride, strict=True))
        corners: Array = (rows[:, None] * size[1] + columns[None]).astype(np.float64)
        return np.broadcast_to(corners, shape)
    if given is None:
        if values["pool_first"]:
            return None
        legal = 'one whole number per value, or places "corner", or pool_first'
        zh = 'indices 缺少：每个值给一个整数，或用 places "corner"，或 pool_first。'
        raise OperationError("indices", legal, f"indices is missing: give {legal}.", zh)
    given = given[None] if given.ndim == 2 else given
    cells = size[0] * size[1]
    legal = f"whole numbers from 0 to {cells - 1} in the shape {' x '.join(map(str, shape))}"
    zh = f"indices 应是 0 到 {cells - 1} 的整数，形状 {' × '.join(map(str, shape))}。"
    fits = given.shape == tuple(shape) and np.isfinite(given).all() and (given == np.floor(given)).all()
    if not fits or given.min() < 0 or given.max() >= cells:
        raise OperationError("indices", legal, f"indices must be {legal}.", zh)
    kept: Array = given
    return kept


def describe(values: dict[str, Any], program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """The places, as torch's numbers and as [row, column]; the pooled values; how many values share a place with another."""
    places, output = variables["indices"], variables["output"]
    kept = places[program.pick].tolist()
    found: dict[str, Any] = {"indices": kept, "places": place_of(kept, output.shape[-1]), **program.facts}
    if "pooled" in variables:
        found["pooled"] = variables["pooled"][program.pick]
    lost = sum(plane.numel() - len(plane.unique()) for plane in places[0])
    if lost:
        program.notes.append(
            {
                "code": "shared-places",
                "count": lost,
                "text": {
                    "en": f"The windows overlap: {lost} values fall on a place that another one takes; the last one stays.",
                    "zh": f"窗口有重叠：{lost} 个值落在别的值的位置上，只留下最后一个。",
                },
            }
        )
    return found


OPERATIONS = (
    Operation(
        "max_unpool2d",
        (
            grid("input", (2, 3)),
            grid("indices", (2, 3), required=False),
            pair("kernel_size", 1, SIDE, 2),
            pair("stride", 1, SIDE, None),
            pair("output_size", 1, 4 * SIDE, None),
            choice("places", ("remembered", "corner"), "remembered"),
            flag("pool_first", False),
        ),
        build,
        describe,
        (),
        ("upsample",),
    ),
)
