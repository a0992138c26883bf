"""2-D transposed convolution: every input value spreads a copy of the kernel over the output; where copies meet, they add up.

out[o, y, x] = bias[o] + sum over c, i, j with y + p - i d = u s and x + p - j d = v s of weight[c, o, i, j] * input[c, u, v]
size = (input - 1) s - 2 p + d (k - 1) + output_padding + 1: Dumoulin & Visin (2016), chapter 4. The functions count the
axes by themselves, so that 1-D is the same file.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, by_channel, weighted_sum
from engine.ops.windows import block
from engine.record import LayerRecord

name = "conv_transpose2d"
parameters = {
    "input": None,
    "weight": None,
    "bias": None,
    "stride": 1,
    "padding": 0,
    "output_padding": 0,
    "groups": 1,
    "dilation": 1,
}


def per_axis(record: LayerRecord, argument: str) -> tuple[int, ...]:
    """Torch's number or list, as one number per spatial axis."""
    axes, value = record.argument("weight").dim() - 2, record.argument(argument)
    if isinstance(value, int):
        return (value,) * axes
    return tuple(value) if len(value) == axes else (value[0],) * axes


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    weight, groups = record.argument("weight"), record.argument("groups")
    listed = {key: list(per_axis(record, key)) for key in ("stride", "padding", "output_padding", "dilation")}
    return {
        "in_channels": weight.shape[0],
        "out_channels": weight.shape[1] * groups,
        "kernel_size": list(weight.shape[2:]),
        **listed,
        "groups": groups,
        "bias": record.argument("bias") is not None,
    }


def reaching(position: int, size: int, kernel: int, stride: int, padding: int, dilation: int) -> list[tuple[int, int]]:
    """(input cell, kernel cell) whose product lands on one output coordinate, in the order of the input."""
    found = []
    for cell in range(size):
        offset = position + padding - cell * stride
        if offset % dilation == 0 and 0 <= offset // dilation < kernel:
            found.append((cell, offset // dilation))
    return found


def channels_read(record: LayerRecord, out: int) -> range:
    """The input channels of that output channel's group."""
    channels, per_group = record.argument("weight").shape[:2]
    shared = channels // record.argument("groups")
    first = out // per_group * shared
    return range(first, first + shared)


def axes(record: LayerRecord, index: Sequence[int]) -> list[list[tuple[int, int]]]:
    """For every spatial axis the pairs of input and kernel cells that meet at this output element."""
    if "meeting" not in record.memory:  # worked out once for every coordinate, for a scan asks for all of them
        sides = zip(
            record.shape[1:],
            record.array("input").shape[1:],
            record.argument("weight").shape[2:],
            per_axis(record, "stride"),
            per_axis(record, "padding"),
            per_axis(record, "dilation"),
            strict=True,
        )
        record.memory["meeting"] = [[reaching(at, *how) for at in range(output)] for output, *how in sides]
    return [table[at] for table, at in zip(record.memory["meeting"], index[1:], strict=True)]


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """One term per input value whose kernel copy lies here, channel by channel; none where no copy reaches."""
    values, weight, bias = record.array("input"), record.array("weight"), record.argument("bias")
    channels, meeting = channels_read(record, index[0]), list(itertools.product(*axes(record, index)))
    sources = [(c, *(cell for cell, _ in pairs)) for c in channels for pairs in meeting]
    local = index[0] % weight.shape[1]
    kernel = [(c, local, *(tap for _, tap in pairs)) for c in channels for pairs in meeting]
    read = np.array([values[place] for place in sources], dtype=np.float64)
    weights = np.array([weight[place] for place in kernel], dtype=np.float64)
    return weighted_sum(
        read,
        weights,
        np.array(sources, dtype=np.int64).reshape(-1, values.ndim),
        bias=None if bias is None else float(record.array("bias")[index[0]]),
        grouped=by_channel(len(meeting), channels) if meeting else None,
        extra={"copies": len(meeting)},
    )


def by_hand(record: LayerRecord) -> Floats:
    """The whole output, (out_channels, ...): for every kernel cell its weight times the whole input, added at its place."""
    values, weight = record.float64("input"), record.float64("weight")
    stride, padding, dilation = (per_axis(record, key) for key in ("stride", "padding", "dilation"))
    size = [n + p for n, p in zip(record.shape[1:], padding, strict=True)]  # with the border before it that is cut away
    reach = [
        (n - 1) * s + (k - 1) * d + 1 for n, s, k, d in zip(values.shape[1:], stride, weight.shape[2:], dilation, strict=True)
    ]
    full = np.zeros((record.shape[0], *map(max, size, reach)))
    for taps in np.ndindex(*weight.shape[2:]):
        spots = zip(taps, dilation, values.shape[1:], stride, strict=True)
        where = tuple(slice(tap * d, tap * d + (n - 1) * s + 1, s) for tap, d, n, s in spots)
        for out in range(record.shape[0]):
            read, column = channels_read(record, out), weight[(slice(None), out % weight.shape[1], *taps)]
            full[out][where] += np.tensordot(column[read.start : read.stop], values[read.start : read.stop], axes=1)
    kept: tuple[Any, ...] = (..., *(slice(p, n) for p, n in zip(padding, size, strict=True)))
    output: Floats = full[kept]
    bias = record.argument("bias")
    return output if bias is None else output + record.float64("bias").reshape(-1, *[1] * len(padding))


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    """The block of input cells whose kernel copies lie here."""
    sides = [channels_read(record, index[0]), *(spread([cell for cell, _ in pairs]) for pairs in axes(record, index))]
    return [block(record.source("input"), sides)] if all(map(len, sides)) else []


def spread(cells: Sequence[int]) -> range:
    """Evenly spaced cells as a range."""
    step = cells[1] - cells[0] if len(cells) > 1 else 1
    return range(cells[0], cells[-1] + 1, step) if cells else range(0)
